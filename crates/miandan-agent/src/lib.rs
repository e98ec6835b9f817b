//! The station agent: order systems talk to it over a WebSocket, as they talk to the print components of the platforms, and
//! labels come out of printers.
//!
//! A request comes in at a socket ([`server`]), is read in the dialect of its platform ([`miandan_protocol`]), becomes labels
//! ([`agent`]) and goes to [`miandan_print::station`], which keeps components warm, writes the journal and drives printers.
//! What becomes of each label goes back the same way.
//!
//! # What it does not do
//!
//! It opens no order and cannot: it holds no key, no decryption code and no masking code, and renders nothing. It fetches
//! nothing from a network, whatever a caller names; labels of a fleet come from the broker that its owner names. It listens on
//! loopback addresses only.
//!
//! What clients send in clear (senders, custom areas) passes through it; nothing of it is logged or kept on disk.

mod agent;
mod args;
mod board;
mod certificate;
mod clock;
mod config;
mod descriptors;
mod desk;
mod fleet;
mod log;
mod origin;
mod pairing;
mod picture;
mod previews;
mod run;
mod server;
mod templates;

// What is spoken is a crate of its own: no socket is in it.
use miandan_protocol as protocol;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use config::Config;
use desk::Desk;
use run::RunError;

/// What stopped a program: what is said of it, and how it ends, as the command line has it.
type Failed = (String, u8);

/// Wrong arguments, or a wrong configuration.
const USAGE: u8 = 2;

/// Anything else.
const INTERNAL: u8 = 1;

/// A printer that is not there, an agent that does not run.
const UNAVAILABLE: u8 = 5;

/// A key, a signature or the sandbox.
const REFUSED: u8 = 6;

/// The program `miandan-agent`.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = std::io::stdout().lock();
    match work(&arguments, &mut out) {
        Ok(()) => ExitCode::SUCCESS,
        Err((what, status)) => {
            let _ = writeln!(std::io::stderr(), "error: {what}");
            ExitCode::from(status)
        }
    }
}

fn work(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Failed> {
    let path = arguments.config.display();
    let config =
        Config::read(&arguments.config, clock::now()).map_err(|error| (format!("{path}: {error}"), USAGE))?;
    if arguments.check_config {
        return writeln!(out, "{path}: ok").map_err(|error| (error.to_string(), INTERNAL));
    }
    let desk = |does: &dyn Fn(&Desk, &mut dyn Write) -> Result<(), desk::DeskError>, out: &mut dyn Write| {
        Desk::of(&config).and_then(|desk| does(&desk, out)).map_err(|error| (error.to_string(), UNAVAILABLE))
    };
    match &arguments.command {
        Some(Command::Cert { host }) => return cert(&config, host, out),
        Some(Command::Console) => return desk(&|desk, out| desk.console(out), out),
        Some(Command::Status) => return desk(&|desk, out| desk.status(out), out),
        Some(Command::Hold { printer }) => return desk(&|desk, _| desk.printer(printer, "hold"), out),
        Some(Command::Release { printer }) => return desk(&|desk, _| desk.printer(printer, "release"), out),
        Some(Command::Pair { allow: Some(origin), .. }) => {
            return desk(&|desk, _| desk.origin(origin, "allow"), out);
        }
        Some(Command::Pair { remove: Some(origin), .. }) => {
            return desk(&|desk, _| desk.origin(origin, "remove"), out);
        }
        Some(Command::Pair { list, .. }) => return desk(&|desk, out| desk.pair(!list, out), out),
        None => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| (error.to_string(), INTERNAL))?;
    runtime.block_on(run::run(config)).map_err(|error| {
        let status = match &error {
            RunError::Station(miandan_print::station::StationError::Component(_)) => REFUSED,
            RunError::Serve(_) => UNAVAILABLE,
            _ => INTERNAL,
        };
        (error.to_string(), status)
    })
}

fn cert(config: &Config, hosts: &[String], out: &mut dyn Write) -> Result<(), Failed> {
    let made = certificate::make(&config.folder, hosts, clock::now())
        .map_err(|error| (format!("{}: {error}", config.folder.display()), INTERNAL))?;
    let lines = [&made.tls.certificate, &made.tls.key, &made.authority];
    let mut say = |text: &dyn std::fmt::Display| writeln!(out, "{text}");
    lines.into_iter().try_for_each(|path| say(&path.display())).map_err(|error| (error.to_string(), INTERNAL))
}
