//! The languages, and what each has and has not.

use std::fmt;
use std::str::FromStr;

/// A language of label printers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// TSPL and TSPL2 of TSC; most Chinese label printers speak it.
    Tspl,
    /// ZPL II of Zebra.
    Zpl,
    /// CPCL of Zebra's and others' mobile printers.
    Cpcl,
    /// EPL2 of Eltron and Zebra's older desktop printers.
    Epl2,
    /// ESC/POS of receipt printers.
    EscPos,
}

impl Language {
    /// Every language. The place in this list is the number on the pipe.
    pub const ALL: [Language; 5] =
        [Language::Tspl, Language::Zpl, Language::Cpcl, Language::Epl2, Language::EscPos];

    /// The name as it is typed, and the ending of files in this language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Language::Tspl => "tspl",
            Language::Zpl => "zpl",
            Language::Cpcl => "cpcl",
            Language::Epl2 => "epl2",
            Language::EscPos => "escpos",
        }
    }

    /// Which bit its manual makes black.
    #[must_use]
    pub const fn polarity(self) -> Polarity {
        match self {
            Language::Tspl | Language::Epl2 => Polarity::BlackIsZero,
            Language::Zpl | Language::Cpcl | Language::EscPos => Polarity::BlackIsOne,
        }
    }

    /// In which forms it takes a picture; the first is what every printer understands.
    #[must_use]
    pub const fn graphics(self) -> &'static [Graphics] {
        match self {
            Language::Tspl => &[Graphics::Binary, Graphics::Zlib],
            Language::Zpl => &[Graphics::RunLength, Graphics::Hex, Graphics::Z64],
            Language::Cpcl => &[Graphics::Binary, Graphics::Hex],
            Language::Epl2 | Language::EscPos => &[Graphics::Binary],
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Language {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Language::ALL.into_iter().find(|language| language.as_str() == name).ok_or(())
    }
}

/// Which bit is a black dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// A bit that is set is black.
    BlackIsOne,
    /// A bit that is not set is black.
    BlackIsZero,
}

/// How a picture is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Graphics {
    /// Its bytes.
    Binary,
    /// Two hexadecimal digits a byte.
    Hex,
    /// Hexadecimal digits with counts of those that repeat (ZPL).
    RunLength,
    /// Deflated, in base64, with a checksum (ZPL).
    Z64,
    /// Deflated (TSPL, mode 3 of Gprinter). Others mean something else by the same number.
    Zlib,
}

impl Graphics {
    /// Every form. The place in this list is the number on the pipe.
    pub const ALL: [Graphics; 5] =
        [Graphics::Binary, Graphics::Hex, Graphics::RunLength, Graphics::Z64, Graphics::Zlib];

    /// The name as it stands in a profile.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Graphics::Binary => "binary",
            Graphics::Hex => "hex",
            Graphics::RunLength => "run-length",
            Graphics::Z64 => "z64",
            Graphics::Zlib => "zlib",
        }
    }
}

impl fmt::Display for Graphics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Graphics {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Graphics::ALL.into_iter().find(|graphics| graphics.as_str() == name).ok_or(())
    }
}
