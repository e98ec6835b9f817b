//! What can be wrong with a file, for people.

use std::io;
use std::path::PathBuf;

use miandan_print::NotFound;
use miandan_print::delivery::PrinterError;
use miandan_print::printer::ProfileFileError;

/// Why the agent cannot work as its file says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ConfigError {
    /// The file, or one that it names, cannot be read.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No TOML, a key that does not exist, or a value of another kind.
    #[error("line {line}: {why}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        why: String,
    },
    /// A setting that knows no such value.
    #[error("{setting}: {allowed} is possible")]
    Value {
        /// The setting.
        setting: String,
        /// What it knows.
        allowed: &'static str,
    },
    /// A setting that is needed.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Two listeners want one port.
    #[error("port {0} is named twice")]
    PortTwice(u16),
    /// Settings of the component where a service has its own.
    #[error("{0} is the service's to say: the component is at a socket")]
    HasItsOwn(&'static str),
    /// The print component is not where it should be.
    #[error(transparent)]
    NoComponent(#[from] NotFound),
    /// A printer cannot be driven.
    #[error("printer {name}: {error}")]
    Printer {
        /// Its name.
        name: String,
        /// Why.
        error: PrinterError,
    },
    /// A printer's profile cannot be used.
    #[error("printer {name}: profile {profile}: {error}")]
    Profile {
        /// Its name.
        name: String,
        /// The profile.
        profile: String,
        /// Why.
        error: ProfileFileError,
    },
    /// Of a credential that systemd did not hand over.
    #[error("credential:{0} is not there: LoadCredential= of the unit has to name it")]
    Credential(String),
    /// A file that should say who the station is at the broker of its fleet.
    #[error("{}: no credential: a seed (SU…), a file of nsc, or USER:PASSWORD", path.display())]
    FleetCredential {
        /// The file.
        path: PathBuf,
    },
    /// A template is neither shipped nor a file that can be read.
    #[error("template {name}: {error}")]
    Template {
        /// The template.
        name: String,
        /// Why.
        error: io::Error,
    },
}
