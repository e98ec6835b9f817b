//! Printers by name: the profiles that are shipped, and those of the caller, as TOML.
//!
//! A file says what is true of a printer and nothing that follows from its language. What it says is checked as a whole
//! when it is read, so that a [`PrinterProfile`] makes sense.
//!
//! ```
//! use miandan_core::label::LabelSize;
//! use miandan_print::printer::{PrinterProfile, find_profile};
//!
//! let zebra = find_profile("zebra").expect("is shipped").read()?.profile;
//! assert!(zebra.fits(LabelSize::millimetres(100, 180)).is_ok());
//!
//! let own = PrinterProfile::parse("language = \"cpcl\"\ndpi = 203\nhead_dots = 576\n")?.profile;
//! assert!(own.fits(LabelSize::millimetres(76, 130)).is_err(), "608 dots");
//! // `PrinterOutput::create(path, zebra)` is where labels for it go.
//! # Ok::<(), miandan_print::printer::ProfileFileError>(())
//! ```

mod file;
mod shipped;

pub use file::{MAX_PROFILE, ProfileFileError, read_profile};
pub use shipped::{PROFILES, Shipped, find_profile, general_profile};

pub use miandan_core::printer::{Pacing, StatusDialect};

use miandan_core::printer::Profile;

/// A printer as a profile describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterProfile {
    /// For which printers it is, in English; empty if the file does not say.
    pub about: String,
    /// The same in Chinese.
    pub about_zh: String,
    /// What the labels depend on.
    pub profile: Profile,
    /// What who sends them has to mind.
    pub pacing: Pacing,
    /// How the printer is asked whether it is ready and whether it has printed.
    pub status: StatusDialect,
}
