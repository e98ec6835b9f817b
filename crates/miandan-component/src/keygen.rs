//! Making a key: the one thing that the component does without a host on the pipe.
//!
//! A station's key is born here, in the program that will use it, and only its public part is printed. It is not
//! fully locked, since it writes two files, but its memory is hidden and nobody traces it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use miandan_core::sandbox::Layer;
use miandan_seal::keys::{StationScope, public_path};
use miandan_unseal::keygen::{self, KeygenError, NewKey};
use ring::rand::SystemRandom;
use zeroize::Zeroizing;

use crate::arguments::{KeyKind, Keygen, Passphrase};
use crate::files::{self, Secret};
use crate::sandbox::{self, Switches};
use crate::{REFUSED, USAGE, complain, say, terminal};

/// Makes the key, writes `FILE` (mode 0600) and `FILE.pub`, and prints the public part.
pub(crate) fn run(arguments: &Keygen) -> ExitCode {
    conclude(make(arguments))
}

/// Prints the public part, or says why there is none.
pub(crate) fn conclude(made: Result<String, Failed>) -> ExitCode {
    match made {
        Ok(public) => say(&public),
        Err(Failed { status, words }) => {
            complain(&format!("error: {words}\n"));
            ExitCode::from(status)
        }
    }
}

/// The exit status and what to say: a word for programs, then a sentence for people.
pub(crate) struct Failed {
    status: u8,
    words: String,
}

fn make(arguments: &Keygen) -> Result<String, Failed> {
    hide_memory()?;
    let passphrase = passphrase(&arguments.passphrase, true)?;
    let passphrase = passphrase.as_deref().map(|bytes| files::passphrase(bytes));
    let key = born(arguments, passphrase).map_err(|error| match error {
        KeygenError::Randomness => failed(REFUSED, format!("RANDOMNESS: {error}")),
        _ => failed(USAGE, format!("USAGE: {error}")),
    })?;
    write_pair(&arguments.out, &key)?;
    Ok(key.public)
}

/// The layers that a program can put up that still has to write a file.
pub(crate) fn hide_memory() -> Result<(), Failed> {
    let hidden = [Layer::NotDumpable, Layer::NoNewPrivileges];
    let layers = Layer::ALL.iter().copied().filter(|layer| !hidden.contains(layer)).collect();
    sandbox::hide(Switches { layers, ..Switches::default() })
        .map(drop)
        .map_err(|refused| failed(REFUSED, format!("{}: {}", refused.code, refused.reason)))
}

/// The passphrase, from wherever it comes; typed twice if it is a new one.
pub(crate) fn passphrase(source: &Passphrase, new: bool) -> Result<Option<Zeroizing<Vec<u8>>>, Failed> {
    match source {
        Passphrase::None => Ok(None),
        Passphrase::File(path) => {
            let read = Secret::open(path).and_then(Secret::read);
            read.map(Some).map_err(|fault| {
                let path = path.display();
                failed(REFUSED, format!("PASSPHRASE: the passphrase file {path} cannot be used: {fault}"))
            })
        }
        Passphrase::Typed => {
            let typed = if new { terminal::ask_twice() } else { terminal::ask() };
            typed.map(Some).map_err(|why| failed(REFUSED, format!("PASSPHRASE: {why}")))
        }
    }
}

fn born(arguments: &Keygen, passphrase: Option<&[u8]>) -> Result<NewKey, KeygenError> {
    let random = SystemRandom::new();
    match arguments.kind {
        KeyKind::Station => {
            let scope = StationScope {
                id: arguments.id.clone(),
                groups: arguments.groups.clone(),
                merchants: arguments.merchants.clone(),
            };
            keygen::station(&scope, arguments.validity, passphrase, &random)
        }
        KeyKind::Carrier => keygen::carrier(&arguments.id, &random),
    }
}

/// Writes both files or none, and never over another file.
fn write_pair(out: &Path, key: &NewKey) -> Result<(), Failed> {
    let public = public_path(out);
    write_new(out, key.expose_secret().as_bytes(), true).map_err(|error| unwritable(out, &error))?;
    write_new(&public, key.public.as_bytes(), false).map_err(|error| {
        // A key whose public part is nowhere is of no use, and would be in the way of the next try.
        let _ = fs::remove_file(out);
        unwritable(&public, &error)
    })
}

pub(crate) fn write_new(path: &Path, bytes: &[u8], secret: bool) -> io::Result<()> {
    #[cfg(not(unix))]
    let _ = secret; // the permissions are those of the folder
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if secret { 0o600 } else { 0o644 });
    let mut file = options.open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Failed {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            failed(REFUSED, format!("EXISTS: {path} exists already; no key is ever overwritten"))
        }
        _ => failed(REFUSED, format!("UNWRITABLE: {path} cannot be written: {error}")),
    }
}

pub(crate) fn failed(status: u8, words: String) -> Failed {
    Failed { status, words }
}
