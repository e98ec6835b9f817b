//! Where a label goes: a printer of a station at a site. As people write it, `hangzhou/st-01/desk`, and as the tokens of a
//! subject, `hangzhou.st-01.desk`.
//!
//! Subjects of NATS are tokens between points, in which `.`, `*`, `>` and white space mean something
//! (<https://docs.nats.io/nats-concepts/subjects>), and names of consumers may hold none of these, nor slashes. Sites and stations
//! have plain names. Printers are called what people call them, so a name is written with `=` and two hexadecimal digits for
//! each byte that is no letter, digit, `-` or `_`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::escape::{escape, unescape};

/// The longest name of a site or a station, in bytes.
const LONGEST: usize = 32;

/// A station of a site.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct StationPlace {
    /// The site: letters, digits, `-` and `_`, 32 at most.
    pub site: String,
    /// The station, likewise.
    pub station: String,
}

/// A printer of a station.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Place {
    /// Its station.
    pub at: StationPlace,
    /// What it is called there.
    pub printer: String,
}

/// A text that is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a place of the form SITE/STATION or SITE/STATION/PRINTER, with letters, digits, - and _ in the first two"
)]
pub struct NotAPlace;

/// Whether a site or a station may be called so.
#[must_use]
pub fn is_name(name: &str) -> bool {
    (1..=LONGEST).contains(&name.len()) && name.bytes().all(is_plain)
}

/// Whether a byte stands for itself in subjects and in names of consumers.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

impl StationPlace {
    /// A station.
    ///
    /// # Errors
    /// [`NotAPlace`] if a name is none.
    pub fn new(site: &str, station: &str) -> Result<Self, NotAPlace> {
        let is_good = is_name(site) && is_name(station);
        is_good.then(|| StationPlace { site: site.to_owned(), station: station.to_owned() }).ok_or(NotAPlace)
    }

    /// One of its printers.
    #[must_use]
    pub fn printer(&self, printer: &str) -> Place {
        Place { at: self.clone(), printer: printer.to_owned() }
    }

    /// `site.station`, for subjects.
    #[must_use]
    pub fn tokens(&self) -> String {
        format!("{}.{}", self.site, self.station)
    }
}

impl Place {
    /// The name of the printer as a token.
    #[must_use]
    pub fn printer_token(&self) -> String {
        escape(&self.printer, '=', is_plain)
    }

    /// `site.station.printer`, for subjects.
    #[must_use]
    pub fn tokens(&self) -> String {
        format!("{}.{}", self.at.tokens(), self.printer_token())
    }

    /// The subject of its queue.
    #[must_use]
    pub fn queue(&self) -> String {
        format!("print.{}", self.tokens())
    }

    /// The consumer that hands its labels out, one at a time.
    #[must_use]
    pub fn consumer(&self) -> String {
        // Stations may have a `_` in their names, and tokens of printers no second `=`: the two stay apart.
        format!("{}=={}", self.at.station, self.printer_token())
    }

    /// The place of three tokens of a subject.
    ///
    /// # Errors
    /// [`NotAPlace`].
    pub fn from_tokens(site: &str, station: &str, printer: &str) -> Result<Self, NotAPlace> {
        let name = unescape(printer, b'=').ok_or(NotAPlace)?;
        let place = StationPlace::new(site, station)?.printer(&name);
        // One name has one token.
        if place.printer_token() == printer && !name.is_empty() { Ok(place) } else { Err(NotAPlace) }
    }
}

impl fmt::Display for StationPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.site, self.station)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.at, self.printer)
    }
}

impl FromStr for StationPlace {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (site, station) = text.split_once('/').ok_or(NotAPlace)?;
        StationPlace::new(site, station)
    }
}

impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let mut parts = text.splitn(3, '/');
        let mut next = || parts.next().ok_or(NotAPlace);
        let at = StationPlace::new(next()?, next()?)?;
        let printer = next()?;
        if printer.is_empty() { Err(NotAPlace) } else { Ok(at.printer(printer)) }
    }
}

macro_rules! as_text {
    ($type:ty) => {
        impl From<$type> for String {
            fn from(place: $type) -> String {
                place.to_string()
            }
        }

        impl TryFrom<String> for $type {
            type Error = NotAPlace;

            fn try_from(text: String) -> Result<Self, NotAPlace> {
                text.parse()
            }
        }
    };
}

as_text!(StationPlace);
as_text!(Place);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let place: Place = "hangzhou/st-01/发货台 1".parse().unwrap();
        assert_eq!(place.to_string(), "hangzhou/st-01/发货台 1");
        assert_eq!(place.queue(), "print.hangzhou.st-01.=E5=8F=91=E8=B4=A7=E5=8F=B0=201");
        assert_eq!(place.consumer(), "st-01===E5=8F=91=E8=B4=A7=E5=8F=B0=201");
        assert_eq!(
            "a/b/c/d".parse::<Place>().unwrap().printer,
            "c/d",
            "printers may have slashes in their names"
        );
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in ["", "a", "a/b", "a/b/", "/b/c", "a b/c/d", "a/*/d", "a/b>/d", "é/b/c"] {
            assert_eq!(text.parse::<Place>(), Err(NotAPlace), "{text}");
        }
        for token in ["", "=", "=G0", "=2", "a=41", "*", "a.b"] {
            assert_eq!(Place::from_tokens("a", "b", token), Err(NotAPlace), "{token}");
        }
    }

    proptest! {
        #[test]
        fn any_name_of_a_printer_is_one_token(name in ".{1,40}") {
            let place = StationPlace::new("s", "t").unwrap().printer(&name);
            let token = place.printer_token();
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte);
            prop_assert!(token.bytes().all(plain));
            prop_assert_eq!(Place::from_tokens("s", "t", &token), Ok(place));
        }
    }
}
