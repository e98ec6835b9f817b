//! The stable codes: every way in which an order or a component can be refused.
//!
//! A code is all that crosses the fence when something goes wrong.
//! It carries no content, so it can never carry personal data; its name never changes and is never translated.

mod meaning;

use std::fmt;
use std::str::FromStr;

pub use meaning::Meaning;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $name:literal,)+) => {
        /// Why an order was not printed, or why a component did not start (`docs/mso1.md`, *Opening*).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $variant = $number,)+ }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The stable name, as it stands in JSON output and in the documentation.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)+ }
            }

            /// The code of a number on the pipe, if there is one.
            #[must_use]
            pub const fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(Code::$variant),)+ _ => None }
            }
        }
    };
}

codes! {
    /// Not MSO1: broken JSON, unknown or duplicate members, bad base64url, trailing bytes.
    Malformed = 1 "MALFORMED",
    /// A limit of the format was passed (sizes, counts, lifetime).
    Limit = 2 "LIMIT",
    /// The order names a cipher suite that this version does not have.
    UnsupportedSuite = 3 "UNSUPPORTED_SUITE",
    /// The issuer, or the key it signed with, is not in the trust list.
    UnknownIssuer = 4 "UNKNOWN_ISSUER",
    /// The signature or the Merkle path does not hold.
    BadSignature = 5 "BAD_SIGNATURE",
    /// The order is not sealed to a key of this station.
    UnknownKey = 6 "UNKNOWN_KEY",
    /// Decryption failed. One code for every way in which it can fail.
    AuthFailed = 7 "AUTH_FAILED",
    /// The authorisation is not valid yet.
    NotYetValid = 8 "NOT_YET_VALID",
    /// The authorisation has run out.
    Expired = 9 "EXPIRED",
    /// The order belongs to a merchant for whom this station does not print.
    WrongAudience = 10 "WRONG_AUDIENCE",
    /// The order names another station or group.
    WrongStation = 11 "WRONG_STATION",
    /// The order was not sealed for printing.
    WrongPurpose = 12 "WRONG_PURPOSE",
    /// The person withdrew the authorisation.
    Withdrawn = 13 "WITHDRAWN",
    /// The status list is missing or too old for the policy in force.
    StaleStatus = 14 "STALE_STATUS",
    /// The order was printed as often as its issuer allows.
    PrintLimit = 15 "PRINT_LIMIT",
    /// The template cannot be compiled, or cannot be drawn for this order.
    TemplateRefused = 16 "TEMPLATE_REFUSED",
    /// The template needs a field that the order does not have.
    FieldMissing = 17 "FIELD_MISSING",
    /// The template names a field that is never printed (account, e-mail, identity card).
    FieldNotPrintable = 18 "FIELD_NOT_PRINTABLE",
    /// No font has a character of the label.
    GlyphMissing = 19 "GLYPH_MISSING",
    /// A mandatory layer of the sandbox could not be put up, so no key was read.
    SandboxUnavailable = 20 "SANDBOX_UNAVAILABLE",
    /// The component was being traced when it started, so no key was read.
    Traced = 21 "TRACED",
    /// A defect of Miandan, or a component that died.
    Internal = 22 "INTERNAL",
}

impl Code {
    /// The number on the pipe.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not the name of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a code")]
pub struct UnknownCode;

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Code::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(UnknownCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_go_both_ways() {
        for &code in Code::ALL {
            assert_eq!(Code::from_number(code.number()), Some(code));
            assert_eq!(code.as_str().parse(), Ok(code));
        }
        assert_eq!(Code::from_number(0), None);
        assert_eq!("NO_SUCH_CODE".parse::<Code>(), Err(UnknownCode));
    }
}
