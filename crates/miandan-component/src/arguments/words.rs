//! Words that are read one by one, strictly.

use std::ffi::OsString;
use std::path::PathBuf;

use miandan_core::sandbox::Layer;
use miandan_seal::lists::Enforcement;

use super::{Command, Passphrase};

/// A passphrase that is named at most once.
#[derive(Default)]
pub(super) struct OnePassphrase(pub(super) Passphrase);

impl OnePassphrase {
    pub(super) fn file(&mut self, path: PathBuf) -> Result<(), String> {
        self.set(Passphrase::File(path))
    }

    pub(super) fn typed(&mut self) -> Result<(), String> {
        self.set(Passphrase::Typed)
    }

    fn set(&mut self, passphrase: Passphrase) -> Result<(), String> {
        match std::mem::replace(&mut self.0, passphrase) {
            Passphrase::None => Ok(()),
            _ => Err("one of --passphrase-file and --ask-passphrase, once".to_owned()),
        }
    }
}

pub(super) fn enforced(word: &str) -> Result<Enforcement, String> {
    Enforcement::from_word(word).ok_or_else(|| "the policy is off, warn or required".to_owned())
}

/// The words not yet read.
pub(super) struct Words<I>(pub(super) I);

impl<I: Iterator<Item = OsString>> Words<I> {
    pub(super) fn next(&mut self) -> Option<OsString> {
        self.0.next()
    }

    pub(super) fn path(&mut self, option: &str) -> Result<PathBuf, String> {
        let word = self.next().filter(|word| !word.is_empty());
        word.map(PathBuf::from).ok_or_else(|| format!("{option} needs a value"))
    }

    pub(super) fn text(&mut self, option: &str) -> Result<String, String> {
        let word = self.next().filter(|word| !word.is_empty()).ok_or(format!("{option} needs a value"))?;
        word.into_string().map_err(|_| format!("the value of {option} is not UTF-8"))
    }

    pub(super) fn number(&mut self, option: &str) -> Result<u64, String> {
        self.text(option)?.parse().map_err(|_| format!("the value of {option} is not a number of seconds"))
    }

    pub(super) fn finish(mut self, command: Command) -> Result<Command, String> {
        self.next().map_or(Ok(command), |word| Err(unknown(&word)))
    }
}

pub(super) fn once<T>(place: &mut Option<T>, value: T, option: &str) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{option} is given twice")),
    }
}

pub(super) fn layer(name: &str) -> Result<Layer, String> {
    Layer::ALL.iter().copied().find(|layer| layer.as_str() == name).ok_or_else(|| {
        let names: Vec<_> = Layer::ALL.iter().map(|layer| layer.as_str()).collect();
        format!("no layer has that name; there are {}", names.join(", "))
    })
}

pub(super) fn unknown(word: &OsString) -> String {
    format!("unknown argument {}", word.display())
}
