//! What was typed, or rather what a host passed. Reading it does nothing else.
//!
//! A parser of our own: the component's tree stays short, and nothing here is for people at a keyboard.
//! It is strict: an unknown word, a missing value, an option given twice where once makes sense, all end the start.
//! Keys and passphrases come as names of files, never as values: arguments can be seen by every user.

mod service;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;

use miandan_seal::keys::Validity;
use miandan_seal::lists::{Enforcement, StatusPolicy};

use crate::sandbox::Switches;

pub(crate) use service::Service;
use words::{OnePassphrase, Words, enforced, layer, once, unknown};

/// Keys at most: a key for each month of rotation, with room to spare.
pub(crate) const MAX_KEYS: usize = 8;

/// Files of issuers at most, and lists of a kind.
pub(crate) const MAX_TRUST: usize = 256;

/// How the component is used, for whoever asks.
pub(crate) const HELP: &str = "\
miandan-component is started by miandan and miandan-agent, with one end of a socket pair as standard input.

    miandan-component --key FILE... [--passphrase-file FILE | --ask-passphrase] [--trust FILE...]
                      [--status-list FILE]... [--status-policy off|warn|required]
                      [--status-max-age SECONDS] [--courier-token] [--carrier-list FILE]... [--state FILE]
    miandan-component --without-key
    miandan-component --service --key FILE... [--passphrase-file FILE] [--trust FILE...]
                      [--status-list FILE]... [--status-policy off|warn|required]
                      [--status-max-age SECONDS] [--courier-token] [--carrier-list FILE]...
                      [--listen SOCKET] [--state-dir DIR]
                      [--max-connections N] [--max-per-user N] [--idle SECONDS]
    miandan-component keygen station --out FILE --id ID --merchant M... [--group G]...
                      [--not-before SECONDS] [--expires SECONDS]
                      [--passphrase-file FILE | --ask-passphrase | --no-passphrase]
    miandan-component keygen carrier --out FILE --id CODE
    miandan-component retire --key FILE --expires SECONDS [--passphrase-file FILE | --ask-passphrase]
    miandan-component --version

    --key FILE               a station key; several during rotation
    --passphrase-file FILE   the passphrase of the keys
    --ask-passphrase         ask for the passphrase on the terminal
    --trust FILE             the public file of an issuer whose orders may be printed, or a trust list
    --status-list FILE       a signed list of withdrawn authorisations
    --status-policy POLICY   what a list that is missing or too old means; warn otherwise
    --status-max-age SECONDS how old a status list may be
    --courier-token          sign a courier's token for labels that show one
    --carrier-list FILE      a signed list of carriers' keys, to which tokens are sealed; means --courier-token
    --state FILE             what a component remembered before; need not be there
    --without-key            report the sandbox and open nothing

    --service                serve every host that may connect to a socket, each with a component of its own; files
                             may be folders then, which are read again for each host: of keys every *.key, the last
                             name first, of lists everything
    --listen SOCKET          make the socket (mode 0660); systemd hands one over otherwise
    --state-dir DIR          where counts and state are kept; the directory that systemd made otherwise
    --max-connections N      hosts at a time; 16 otherwise
    --max-per-user N         hosts of one user at a time; 8 otherwise
    --idle SECONDS           how long a host may say nothing; 600 otherwise

Times are in seconds since 1970 (UTC).

For tests and measurements only, reported to the host:
    --dangerous-without-sandbox
    --dangerous-without-layer NAME
    --dangerous-untested-sandbox   on Windows, where nobody has run the sandbox yet
";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Serve(Serve),
    Keygen(Keygen),
    Retire(Retire),
    Service(Service),
    Version,
    Help,
}

/// Serve a host.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Serve {
    /// Station keys, the current one first. None with `--without-key`.
    pub(crate) keys: Vec<PathBuf>,
    /// The passphrase of the keys.
    pub(crate) passphrase: Passphrase,
    /// Public files of issuers, and trust lists.
    pub(crate) trust: Vec<PathBuf>,
    /// Status lists.
    pub(crate) status_lists: Vec<PathBuf>,
    /// What a list that is missing or too old means.
    pub(crate) policy: StatusPolicy,
    /// Whether couriers' tokens are made.
    pub(crate) courier_token: bool,
    /// Lists of carriers' keys.
    pub(crate) carrier_lists: Vec<PathBuf>,
    /// What was remembered before.
    pub(crate) state: Option<PathBuf>,
    /// Layers switched off.
    pub(crate) switches: Switches,
}

/// Make a key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Keygen {
    pub(crate) kind: KeyKind,
    pub(crate) out: PathBuf,
    pub(crate) id: String,
    pub(crate) groups: Vec<String>,
    pub(crate) merchants: Vec<String>,
    pub(crate) validity: Validity,
    pub(crate) passphrase: Passphrase,
}

/// Give a key an end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Retire {
    pub(crate) key: PathBuf,
    /// Seconds since 1970 (UTC).
    pub(crate) expires: u64,
    pub(crate) passphrase: Passphrase,
}

/// Where a passphrase comes from. Never from an argument or the environment: others can see both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Passphrase {
    #[default]
    None,
    File(PathBuf),
    Typed,
}

/// Whose key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// Of a station: opens orders, signs couriers' tokens.
    Station,
    /// Of a carrier: opens the sealed part of a token.
    Carrier,
}

/// Reads the arguments, the name of the program left out.
///
/// # Errors
/// A sentence for standard error.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut words = Words(arguments.into_iter());
    match words.next() {
        None => Err("no arguments; a host passes --key FILE or --without-key".to_owned()),
        Some(word) if word == "--version" => words.finish(Command::Version),
        Some(word) if word == "--help" => words.finish(Command::Help),
        Some(word) if word == "keygen" => keygen(words).map(Command::Keygen),
        Some(word) if word == "retire" => retire(words).map(Command::Retire),
        Some(word) if word == "--service" => service::parse(words).map(Command::Service),
        Some(word) => serve(word, words).map(Command::Serve),
    }
}

fn serve(first: OsString, mut words: Words<impl Iterator<Item = OsString>>) -> Result<Serve, String> {
    let mut serve = ServeWords::default();
    let mut without_key = false;
    let mut next = Some(first);
    while let Some(word) = next {
        match word.to_str() {
            Some("--ask-passphrase") => serve.passphrase.typed()?,
            Some("--state") => once(&mut serve.serve.state, words.path("--state")?, "--state")?,
            Some("--without-key") => without_key = true,
            _ => serve.take(&word, &mut words)?,
        }
        next = words.next();
    }
    let serve = serve.finish();
    if without_key && (!serve.keys.is_empty() || serve.passphrase != Passphrase::None) {
        return Err("--without-key goes with neither --key nor --passphrase-file".to_owned());
    }
    if !without_key && serve.keys.is_empty() {
        return Err("a host passes --key FILE or --without-key".to_owned());
    }
    serve.check_numbers()?;
    Ok(serve)
}

impl Serve {
    /// Whether no more files are named than are taken.
    fn check_numbers(&self) -> Result<(), String> {
        let lists = [&self.trust, &self.status_lists, &self.carrier_lists];
        if self.keys.len() > MAX_KEYS || lists.iter().any(|files| files.len() > MAX_TRUST) {
            let lists = "--trust, --status-list and --carrier-list";
            return Err(format!("at most {MAX_KEYS} times --key, {MAX_TRUST} times {lists}"));
        }
        Ok(())
    }
}

/// The words that a component and the service that starts components have in common.
#[derive(Default)]
struct ServeWords {
    serve: Serve,
    passphrase: OnePassphrase,
    enforcement: Option<Enforcement>,
}

impl ServeWords {
    fn take(
        &mut self,
        word: &OsString,
        words: &mut Words<impl Iterator<Item = OsString>>,
    ) -> Result<(), String> {
        let serve = &mut self.serve;
        match word.to_str() {
            Some("--key") => serve.keys.push(words.path("--key")?),
            Some("--passphrase-file") => self.passphrase.file(words.path("--passphrase-file")?)?,
            Some("--trust") => serve.trust.push(words.path("--trust")?),
            Some("--status-list") => serve.status_lists.push(words.path("--status-list")?),
            Some("--status-policy") => {
                let policy = enforced(&words.text("--status-policy")?)?;
                once(&mut self.enforcement, policy, "--status-policy")?;
            }
            Some("--status-max-age") => {
                once(&mut serve.policy.max_age, words.number("--status-max-age")?, "--status-max-age")?;
            }
            Some("--courier-token") => serve.courier_token = true,
            Some("--carrier-list") => serve.carrier_lists.push(words.path("--carrier-list")?),
            Some("--dangerous-without-sandbox") => serve.switches.everything = true,
            #[cfg(windows)]
            Some("--dangerous-untested-sandbox") => serve.switches.untested = true,
            Some("--dangerous-without-layer") => {
                serve.switches.layers.push(layer(&words.text("--dangerous-without-layer")?)?);
            }
            _ => return Err(unknown(word)),
        }
        Ok(())
    }

    fn finish(self) -> Serve {
        let mut serve = self.serve;
        serve.passphrase = self.passphrase.0;
        serve.policy.enforcement = self.enforcement.unwrap_or_default();
        serve
    }
}

fn keygen(mut words: Words<impl Iterator<Item = OsString>>) -> Result<Keygen, String> {
    let kind = match words.text("keygen")?.as_str() {
        "station" => KeyKind::Station,
        "carrier" => KeyKind::Carrier,
        _ => return Err("keygen makes the key of a station or of a carrier".to_owned()),
    };
    let (mut out, mut id, mut passphrase) = (None, None, OnePassphrase::default());
    let mut validity = Validity::default();
    let (mut groups, mut merchants) = (Vec::new(), Vec::new());
    let mut no_passphrase = false;
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--out") => once(&mut out, words.path("--out")?, "--out")?,
            Some("--id") => once(&mut id, words.text("--id")?, "--id")?,
            Some("--group") => groups.push(words.text("--group")?),
            Some("--merchant") => merchants.push(words.text("--merchant")?),
            Some("--not-before") => once(&mut validity.nbf, words.number("--not-before")?, "--not-before")?,
            Some("--expires") => once(&mut validity.exp, words.number("--expires")?, "--expires")?,
            Some("--passphrase-file") => passphrase.file(words.path("--passphrase-file")?)?,
            Some("--ask-passphrase") => passphrase.typed()?,
            Some("--no-passphrase") => no_passphrase = true,
            _ => return Err(unknown(&word)),
        }
    }
    let passphrase = passphrase.0;
    if no_passphrase && passphrase != Passphrase::None {
        return Err("one of --passphrase-file, --ask-passphrase and --no-passphrase".to_owned());
    }
    let stationary = groups.is_empty() && merchants.is_empty() && validity == Validity::default();
    if kind == KeyKind::Carrier && !stationary {
        return Err("groups, merchants and dates belong to a station, not to a carrier".to_owned());
    }
    if kind == KeyKind::Carrier && passphrase != Passphrase::None {
        return Err("the key of a carrier goes to its couriers and has no passphrase".to_owned());
    }
    let out = out.ok_or("keygen needs --out FILE")?;
    let id = id.ok_or("keygen needs --id ID")?;
    Ok(Keygen { kind, out, id, groups, merchants, validity, passphrase })
}

fn retire(mut words: Words<impl Iterator<Item = OsString>>) -> Result<Retire, String> {
    let (mut key, mut expires, mut passphrase) = (None, None, OnePassphrase::default());
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--key") => once(&mut key, words.path("--key")?, "--key")?,
            Some("--expires") => once(&mut expires, words.number("--expires")?, "--expires")?,
            Some("--passphrase-file") => passphrase.file(words.path("--passphrase-file")?)?,
            Some("--ask-passphrase") => passphrase.typed()?,
            _ => return Err(unknown(&word)),
        }
    }
    let key = key.ok_or("retire needs --key FILE")?;
    let expires = expires.ok_or("retire needs --expires SECONDS")?;
    Ok(Retire { key, expires, passphrase: passphrase.0 })
}

#[cfg(test)]
mod tests {
    use miandan_core::sandbox::Layer;

    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn what_a_host_passes() {
        let expected = Serve {
            keys: vec!["a.key".into(), "b.key".into()],
            passphrase: Passphrase::File("word".into()),
            trust: vec!["i.pub".into(), "j.pub".into()],
            ..Serve::default()
        };
        let line = "--key a.key --trust i.pub --key b.key --passphrase-file word --trust j.pub";
        assert_eq!(read(line), Ok(Command::Serve(expected)));
        assert_eq!(read("--without-key"), Ok(Command::Serve(Serve::default())));
    }

    #[test]
    fn what_is_known_of_withdrawals_and_of_the_past() {
        let expected = Serve {
            keys: vec!["a".into()],
            passphrase: Passphrase::Typed,
            status_lists: vec!["s".into(), "t".into()],
            policy: StatusPolicy { enforcement: Enforcement::Required, max_age: Some(3600) },
            state: Some("past".into()),
            ..Serve::default()
        };
        let line = "--key a --ask-passphrase --status-list s --status-list t --status-policy required \
                    --status-max-age 3600 --state past";
        assert_eq!(read(line), Ok(Command::Serve(expected)));
        let retire = Retire { key: "a".into(), expires: 7, passphrase: Passphrase::File("p".into()) };
        let line = "retire --key a --expires 7 --passphrase-file p";
        assert_eq!(read(line), Ok(Command::Retire(retire)));
    }

    #[test]
    fn weakening_must_be_named() {
        let switches = |line: &str| match read(line) {
            Ok(Command::Serve(serve)) => serve.switches,
            other => panic!("{other:?}"),
        };
        assert!(switches("--without-key --dangerous-without-sandbox").everything);
        let one = switches("--without-key --dangerous-without-layer landlock");
        assert!(!one.wants(Layer::Landlock) && one.wants(Layer::Seccomp));
        assert!(read("--without-key --dangerous-without-layer walls").unwrap_err().contains("landlock"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in [
            "",
            "serve",
            "--key",
            "--trust i.pub",
            "--without-key --key a.key",
            "--without-key --passphrase-file word",
            "--key a --passphrase-file b --passphrase-file c",
            "--key=a",
            "--key a --passphrase-file b --ask-passphrase",
            "--key a --ask-passphrase --ask-passphrase",
            "--key a --status-policy maybe",
            "--key a --status-policy off --status-policy off",
            "--key a --status-max-age soon",
            "--key a --state s --state t",
            "retire --key a",
            "retire --expires 7",
            "retire --key a --expires tomorrow",
            "--version now",
            "--key a --dangerous",
            "keygen",
            "keygen issuer --out a --id b",
            "keygen station --out a",
            "keygen station --id b",
            "keygen station --out a --id b --out c",
            "keygen station --out a --id b --passphrase-file p --no-passphrase",
            "keygen carrier --out a --id b --merchant m",
            "keygen carrier --out a --id b --passphrase-file p",
            "keygen carrier --out a --id b --expires 7",
            "keygen station --out a --id b --ask-passphrase --no-passphrase",
        ] {
            assert!(read(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn a_key_belongs_to_a_station_or_a_carrier() {
        let line = "keygen station --out s.key --id wh-3 --group east --merchant m1 --merchant m2 \
                    --not-before 5 --expires 9";
        let expected = Keygen {
            kind: KeyKind::Station,
            out: "s.key".into(),
            id: "wh-3".to_owned(),
            groups: vec!["east".to_owned()],
            merchants: vec!["m1".to_owned(), "m2".to_owned()],
            validity: Validity { nbf: Some(5), exp: Some(9) },
            passphrase: Passphrase::None,
        };
        assert_eq!(read(line), Ok(Command::Keygen(expected)));
        assert!(matches!(
            read("keygen carrier --out c.key --id sf --no-passphrase"),
            Ok(Command::Keygen(Keygen { kind: KeyKind::Carrier, passphrase: Passphrase::None, .. }))
        ));
    }
}
