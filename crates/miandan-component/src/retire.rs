//! Retiring a key: giving it an end, or an earlier one. Done here because under a passphrase the dates are
//! authenticated with the secrets, and because nobody else may read the file.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use miandan_seal::keys::public_path;
use miandan_unseal::{StationKey, keygen};
use ring::rand::SystemRandom;

use crate::arguments::Retire;
use crate::files::{self, Secret};
use crate::keygen::{Failed, conclude, failed, hide_memory, passphrase, unwritable, write_new};
use crate::{REFUSED, USAGE};

/// Rewrites `FILE` and `FILE.pub` with the new end, and prints the public part.
pub(crate) fn run(arguments: &Retire) -> ExitCode {
    conclude(retire(arguments))
}

fn retire(arguments: &Retire) -> Result<String, Failed> {
    hide_memory()?;
    let path = &arguments.key;
    let refused = |why: &dyn std::fmt::Display| {
        failed(REFUSED, format!("KEY: the key {} cannot be used: {why}", path.display()))
    };
    let file = Secret::open(path).and_then(Secret::read).map_err(|fault| refused(&fault))?;
    let passphrase = passphrase(&arguments.passphrase, false)?;
    let passphrase = passphrase.as_deref().map(|bytes| files::passphrase(bytes));
    let key = StationKey::from_bytes(&file, passphrase).map_err(|error| refused(&error))?;
    // A passphrase that was given for a key in clear does not protect it by the way.
    let sealed = StationKey::from_bytes(&file, None).is_err();
    let retired =
        keygen::retire(&key, arguments.expires, passphrase.filter(|_| sealed), &SystemRandom::new())
            .map_err(|error| failed(USAGE, format!("USAGE: {error}")))?;
    // The public part first: from then on nobody seals to the key beyond its end, whatever happens next.
    replace(&public_path(path), retired.public.as_bytes(), false)?;
    replace(path, retired.expose_secret().as_bytes(), true)?;
    Ok(retired.public)
}

/// Writes beside the file and then over it, so that no moment has half a key.
fn replace(path: &Path, bytes: &[u8], secret: bool) -> Result<(), Failed> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    let written = write_new(beside, bytes, secret).and_then(|()| fs::rename(beside, path));
    written.map_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            let _ = fs::remove_file(beside);
        }
        unwritable(beside, &error)
    })
}
