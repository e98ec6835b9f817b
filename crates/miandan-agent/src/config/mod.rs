//! How the agent works: a TOML file, checked as a whole when it is read, so that a [`Config`] makes sense.
//!
//! Keys that `miandan.toml` has too are called the same and mean the same. Paths are meant from the folder of the file.

mod error;
mod file;
mod fleet;
mod station;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use miandan_core::font::MissingGlyph;
use miandan_fleet::connect::Access;
use miandan_fleet::member::MemberOptions;
use miandan_print::ComponentOptions;
use miandan_print::delivery::Printer;

use crate::protocol::{Generation, Language, Platform};
use crate::templates::TemplateMap;

pub(crate) use error::ConfigError;

/// The port where previews are, as of Cainiao's component.
const PREVIEWS: u16 = 13525;

/// The port of the console and the admin API.
const ADMIN: u16 = 13530;

/// A station as its file describes it.
pub(crate) struct Config {
    /// The language of what people are told.
    pub(crate) language: Language,
    /// Where the agent keeps what it must know after a restart: pairings, the token of the admin API.
    pub(crate) folder: PathBuf,
    /// The journal.
    pub(crate) journal: PathBuf,
    /// How components are started.
    pub(crate) component: ComponentOptions,
    /// How many of them; one for each processor if nothing is said.
    pub(crate) components: Option<usize>,
    /// Fonts, as files.
    pub(crate) fonts: Vec<Vec<u8>>,
    /// What stands for a character that no font has.
    pub(crate) missing: MissingGlyph,
    /// The printers by name, in the order of the names.
    pub(crate) printers: Vec<(String, Printer)>,
    /// Where labels go of which a client does not say where.
    pub(crate) default_printer: Option<String>,
    /// Which template an address means.
    pub(crate) templates: TemplateMap,
    /// Whether labels are made of personal data in clear.
    pub(crate) plain_waybills: bool,
    /// How long a label waits for its printer.
    pub(crate) patience: Duration,
    /// What is spoken, and where.
    pub(crate) dialects: Vec<DialectConfig>,
    /// Who may connect.
    pub(crate) origins: OriginsConfig,
    /// The certificate and the key for `wss`.
    pub(crate) tls: Option<TlsConfig>,
    /// The port of previews.
    pub(crate) previews: u16,
    /// How long a preview can be looked at.
    pub(crate) keep_previews: Duration,
    /// The port of the console and the admin API.
    pub(crate) admin: u16,
    /// How much is taken in.
    pub(crate) limits: Limits,
    /// The fleet that the station is part of, or looks at.
    pub(crate) fleet: Option<FleetConfig>,
}

/// A fleet.
#[derive(Clone, Debug)]
pub(crate) struct FleetConfig {
    /// How the station joins it, if it does.
    pub(crate) member: Option<MemberOptions>,
    /// How the whole of it is looked at from the console, if it is.
    pub(crate) overview: Option<Access>,
}

/// One platform's clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DialectConfig {
    /// Whose.
    pub(crate) platform: Platform,
    /// Like which generation the agent speaks.
    pub(crate) generation: Generation,
    /// The ports for `ws`.
    pub(crate) ws: Vec<u16>,
    /// The ports for `wss`; none without a certificate.
    pub(crate) wss: Vec<u16>,
}

/// Who may connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OriginsConfig {
    /// Origins of web pages, beside those that were paired.
    pub(crate) allow: BTreeSet<String>,
    /// Names of this machine beside `localhost` and the loopback addresses.
    pub(crate) hosts: BTreeSet<String>,
    /// Whether programs that are no browsers may, which say no origin.
    pub(crate) native: bool,
}

/// Files for `wss`, PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsConfig {
    /// The certificate with those that vouch for it.
    pub(crate) certificate: PathBuf,
    /// Its key.
    pub(crate) key: PathBuf,
}

/// How much is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Connections at once, over all ports.
    pub(crate) connections: usize,
    /// Labels that wait for printers, of everybody.
    pub(crate) waiting: usize,
    /// Labels that wait for printers, of one connection.
    pub(crate) waiting_of_one: usize,
    /// Labels that stay in memory, to be looked at and printed again by a person.
    pub(crate) keep: usize,
    /// Messages that are read from one connection in a second. What comes faster waits.
    pub(crate) messages_per_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 2_000,
            waiting: 20_000,
            waiting_of_one: 5_000,
            keep: 2_000,
            messages_per_second: 1_000,
        }
    }
}

impl Config {
    /// Reads a file. `now` is the time in seconds since 1970, by which keys of a ring are chosen.
    ///
    /// # Errors
    /// [`ConfigError`], with the line or the setting.
    pub(crate) fn read(path: &Path, now: u64) -> Result<Self, ConfigError> {
        let unreadable = |error| ConfigError::File { path: path.to_path_buf(), error };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let path = std::path::absolute(path).map_err(unreadable)?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        Config::parse(&text, folder, now)
    }

    /// Reads the text of a file that stands in a folder.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub(crate) fn parse(text: &str, from: &Path, now: u64) -> Result<Self, ConfigError> {
        let file: file::File = toml::from_str(text).map_err(|error| ConfigError::Syntax {
            line: error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1),
            why: error.message().to_owned(),
        })?;
        station::build(file, from, now)
    }

    /// The place of the admin token.
    #[must_use]
    pub(crate) fn token_file(&self) -> PathBuf {
        self.folder.join("admin.token")
    }
}
