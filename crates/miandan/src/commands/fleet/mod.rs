//! `miandan dispatch` and `miandan fleet`: many stations behind one queue.

mod dispatch;
mod follow;
mod manage;
mod relocate;
mod status;
mod targets;

use std::future::Future;
use std::path::{Path, PathBuf};

use miandan_fleet::FleetError;
use miandan_fleet::connect::{Access, AccessError, Credential, Hub};

use crate::args::{Broker, FleetCommand};
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::fleet as texts;

pub use dispatch::run as dispatch;

pub fn run(console: Console, command: &FleetCommand) -> Outcome {
    match command {
        FleetCommand::Setup(setup) => manage::setup(console, setup),
        FleetCommand::Grant(grant) => manage::grant(console, grant),
        FleetCommand::Status(status) => status::run(console, status),
        FleetCommand::Drain(drain) => manage::drain(console, drain),
        FleetCommand::Move(relocation) => relocate::run(console, relocation),
        FleetCommand::Settle(settle) => manage::settle(console, settle),
    }
}

/// Runs what waits for the broker. One thread is enough: what takes time is the broker.
fn wait<T>(console: Console, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::new(Exit::Internal, "INTERNAL", console.fill(texts::NO_THREADS, &[("why", &error)]))
    })?;
    runtime.block_on(work)
}

/// Connects to the broker that is named.
async fn connect(console: Console, broker: &Broker) -> Result<Hub, Failure> {
    let access = access(console, broker)?;
    Hub::connect(&access).await.map_err(|error| failure(console, &error))
}

fn access(console: Console, broker: &Broker) -> Result<Access, Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let url = broker.fleet.clone().or_else(|| variable("MIANDAN_FLEET")).ok_or_else(|| {
        Failure::new(Exit::Usage, "USAGE", texts::NO_BROKER.get(console.language).to_owned())
            .hint(texts::NO_BROKER_HINT.get(console.language))
    })?;
    let file = broker.credential.clone().or_else(|| variable("MIANDAN_FLEET_CREDENTIAL").map(PathBuf::from));
    let credential = file.as_deref().map(Credential::read).transpose();
    let credential = credential.map_err(|error| bad_access(console, &error))?;
    let access = Access { credential, authority: broker.authority.clone(), ..Access::new(&url) };
    access.check().map_err(|error| bad_access(console, &error))?;
    Ok(access)
}

fn bad_access(console: Console, error: &AccessError) -> Failure {
    match error {
        AccessError::File { path, error } => files::unreadable(console, path, error),
        AccessError::Credential { path } => {
            let message = console.fill(texts::BAD_CREDENTIAL, &[("file", &path.display())]);
            Failure::new(Exit::Refused, "CREDENTIAL", message)
                .hint(texts::BAD_CREDENTIAL_HINT.get(console.language))
        }
        AccessError::UrlWithPassword => {
            Failure::new(Exit::Usage, "USAGE", texts::URL_WITH_PASSWORD.get(console.language).to_owned())
                .hint(texts::URL_WITH_PASSWORD_HINT.get(console.language))
        }
        _ => Failure::new(Exit::Usage, "USAGE", texts::BAD_URL.get(console.language).to_owned())
            .hint(texts::NO_BROKER_HINT.get(console.language)),
    }
}

/// What went wrong with the fleet, for people.
fn failure(console: Console, error: &FleetError) -> Failure {
    let (exit, code, text, hint) = match error {
        FleetError::Access(error) => return bad_access(console, error),
        FleetError::Unreachable(_) => (Exit::Printer, "BROKER", texts::UNREACHABLE, texts::UNREACHABLE_HINT),
        FleetError::Refused(_) => (Exit::Refused, "BROKER_REFUSED", texts::REFUSED, texts::REFUSED_HINT),
        FleetError::NoStream(_) => (Exit::Printer, "NOT_SET_UP", texts::NOT_SET_UP, texts::NOT_SET_UP_HINT),
        FleetError::Full(_) => (Exit::Printer, "QUEUE_FULL", texts::FULL, texts::FULL_HINT),
        FleetError::Unknown(_) => (Exit::Usage, "UNKNOWN", texts::UNKNOWN, texts::UNKNOWN_HINT),
        FleetError::Foreign(_) => (Exit::Internal, "VERSION", texts::FOREIGN, texts::FOREIGN_HINT),
        _ => (Exit::Internal, "BROKER", texts::BROKER, texts::UNREACHABLE_HINT),
    };
    let why: &dyn std::fmt::Display = match error {
        FleetError::Unreachable(why)
        | FleetError::Refused(why)
        | FleetError::NoStream(why)
        | FleetError::Full(why)
        | FleetError::Unknown(why)
        | FleetError::Foreign(why)
        | FleetError::Broker(why) => why,
        other => other,
    };
    Failure::new(exit, code, console.fill(text, &[("why", why)])).hint(hint.get(console.language))
}

/// A place that cannot be understood.
fn no_place(console: Console, text: &str) -> Failure {
    Failure::new(Exit::Usage, "USAGE", console.fill(texts::NO_PLACE, &[("place", &text)]))
        .hint(texts::NO_PLACE_HINT.get(console.language))
}

/// A file that nobody else may read, which is not there yet.
fn write_secret(console: Console, path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("file", &path.display()), ("why", &error)];
        Failure::new(Exit::SomeFailed, "OUTPUT", console.fill(crate::messages::NO_WRITE, &values))
            .hint(crate::messages::CHECK_SPACE.get(console.language))
    })
}
