//! What the service is told at its start.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use miandan_seal::lists::Enforcement;

use super::words::{Words, once};
use super::{Serve, ServeWords};

/// Hosts at a time, if nobody says.
const CONNECTIONS: u64 = 16;

/// Hosts of one user at a time, if nobody says: nobody can take every place.
const PER_USER: u64 = 8;

/// Hosts at a time at most. Each costs a process, and 80 MiB of the service at worst.
const MAX_CONNECTIONS: u64 = 256;

/// How long a host may say nothing, in seconds, if nobody says.
const IDLE: u64 = 600;

/// Serve every host that may connect, each with a component of its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// How components are started. Paths may be those of folders.
    pub(crate) serve: Serve,
    /// The socket to make; handed over by the system otherwise.
    pub(crate) listen: Option<PathBuf>,
    /// Where counts and state are kept; the system says otherwise.
    pub(crate) state_folder: Option<PathBuf>,
    /// Hosts at a time.
    pub(crate) most: usize,
    /// Hosts of one user at a time.
    pub(crate) most_for_user: usize,
    /// How long a host may say nothing.
    pub(crate) idle: Duration,
}

/// Reads what follows `--service`.
pub(super) fn parse(mut words: Words<impl Iterator<Item = OsString>>) -> Result<Service, String> {
    let mut serve = ServeWords::default();
    let (mut listen, mut state_folder) = (None, None);
    let (mut most, mut most_for_user, mut idle) = (None, None, None);
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--listen") => once(&mut listen, words.path("--listen")?, "--listen")?,
            Some("--state-dir") => once(&mut state_folder, words.path("--state-dir")?, "--state-dir")?,
            Some("--max-connections") => {
                once(&mut most, words.number("--max-connections")?, "--max-connections")?;
            }
            Some("--max-per-user") => {
                once(&mut most_for_user, words.number("--max-per-user")?, "--max-per-user")?;
            }
            Some("--idle") => once(&mut idle, words.number("--idle")?, "--idle")?,
            _ => serve.take(&word, &mut words)?,
        }
    }
    if serve.enforcement.is_none() && serve.serve.status_lists.is_empty() {
        // Where nobody speaks of withdrawals, nobody wants to hear that there is no list of them.
        serve.enforcement = Some(Enforcement::Off);
    }
    let serve = serve.finish();
    if serve.keys.is_empty() {
        return Err("a service needs --key FILE".to_owned());
    }
    serve.check_numbers()?;
    let most = most.unwrap_or(CONNECTIONS);
    let most_for_user = most_for_user.unwrap_or(PER_USER.min(most));
    if !(1..=MAX_CONNECTIONS).contains(&most) || !(1..=most).contains(&most_for_user) {
        let rule = "--max-connections is 1 to 256, --max-per-user 1 to that";
        return Err(rule.to_owned());
    }
    let idle = idle.unwrap_or(IDLE);
    if !(1..=86_400).contains(&idle) {
        return Err("--idle is 1 to 86400 seconds".to_owned());
    }
    Ok(Service {
        serve,
        listen,
        state_folder,
        most: most as usize,
        most_for_user: most_for_user as usize,
        idle: Duration::from_secs(idle),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Command, parse as parse_all};
    use super::*;

    fn read(line: &str) -> Result<Service, String> {
        match parse_all(line.split_whitespace().map(OsString::from))? {
            Command::Service(service) => Ok(service),
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn a_service_is_a_component_and_its_limits() {
        let service =
            read("--service --key /k --trust /t --status-list /s --listen /run/s --state-dir /v").unwrap();
        assert_eq!(service.serve.keys, [Path::new("/k")]);
        assert_eq!(service.listen.as_deref(), Some(Path::new("/run/s")));
        assert_eq!((service.most, service.most_for_user), (16, 8));
        assert_eq!(service.serve.policy.enforcement, Enforcement::Warn);
        let service = read("--service --key /k --max-connections 4 --idle 5").unwrap();
        assert_eq!((service.most, service.most_for_user, service.idle), (4, 4, Duration::from_secs(5)));
        assert_eq!(service.serve.policy.enforcement, Enforcement::Off, "no list was named");
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in [
            "--service",
            "--service --trust /t",
            "--service --key /k --ask-passphrase",
            "--service --key /k --state /s",
            "--service --key /k --without-key",
            "--service --key /k --max-connections 0",
            "--service --key /k --max-connections 257",
            "--service --key /k --max-per-user 17",
            "--service --key /k --idle 0",
            "--service --key /k --listen /a --listen /b",
            "--key /k --service",
            "--key /k --listen /a",
        ] {
            assert!(read(line).is_err(), "{line:?}");
        }
    }
}
