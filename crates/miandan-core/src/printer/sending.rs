//! What who sends labels to a printer has to know of it. No label depends on it.

use std::fmt;
use std::str::FromStr;

use super::Language;

/// How a printer that is reached over a network or a serial line wants to be sent to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pacing {
    /// The most bytes in a second; as many as the line carries if nothing is said.
    pub bytes_per_second: Option<u32>,
    /// How long the line stays open after the last byte, in milliseconds.
    pub linger_ms: u16,
}

/// How a printer is asked how it is, and what its answer means.
///
/// Printers of one language answer differently, and many do not answer at all: this is a fact about a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StatusDialect {
    /// It is not asked. What it was sent is never known to be printed.
    #[default]
    None,
    /// TSPL, one byte to `ESC ! ?`, with the bits of TSC and Gprinter.
    Tspl,
    /// TSPL, four bytes to `ESC ! S`: TSC with firmware of V6.29 EZ and later.
    TsplExtended,
    /// TSPL, one byte to `ESC ! ?`, with the bits of Sunmi.
    TsplSunmi,
    /// ZPL, three lines to `~HS`.
    Zpl,
}

impl StatusDialect {
    /// Every one.
    pub const ALL: [StatusDialect; 5] = [
        StatusDialect::None,
        StatusDialect::Tspl,
        StatusDialect::TsplExtended,
        StatusDialect::TsplSunmi,
        StatusDialect::Zpl,
    ];

    /// The name as it is typed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            StatusDialect::None => "none",
            StatusDialect::Tspl => "tspl",
            StatusDialect::TsplExtended => "tspl-extended",
            StatusDialect::TsplSunmi => "tspl-sunmi",
            StatusDialect::Zpl => "zpl",
        }
    }

    /// The language of the printers that can be asked so; none if nothing is asked.
    #[must_use]
    pub const fn language(self) -> Option<Language> {
        match self {
            StatusDialect::None => None,
            StatusDialect::Tspl | StatusDialect::TsplExtended | StatusDialect::TsplSunmi => {
                Some(Language::Tspl)
            }
            StatusDialect::Zpl => Some(Language::Zpl),
        }
    }

    /// Whether a printer of a language can be asked so. Where not, the question would be printed, or spoil a label.
    #[must_use]
    pub fn suits(self, language: Language) -> bool {
        self.language().is_none_or(|own| own == language)
    }
}

impl fmt::Display for StatusDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StatusDialect {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        StatusDialect::ALL.into_iter().find(|dialect| dialect.as_str() == name).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_is_known_by_its_name_and_suits_one_language() {
        for dialect in StatusDialect::ALL {
            assert_eq!(dialect.as_str().parse(), Ok(dialect));
            let suits = Language::ALL.into_iter().filter(|language| dialect.suits(*language)).count();
            assert_eq!(suits, if dialect == StatusDialect::None { Language::ALL.len() } else { 1 });
        }
        assert_eq!("TSPL".parse::<StatusDialect>(), Err(()));
    }
}
