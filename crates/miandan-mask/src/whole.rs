//! Fields that are printed whole, because their signed type says they name no person.
//!
//! Only the characters are cleaned: what prints nothing is dropped, width is folded.

use miandan_core::waybill::Masked;

use crate::character::Cells;
use crate::outcome::Outcome;

/// Prints the name of an organisation.
#[must_use]
pub fn organisation(text: &str) -> Outcome {
    whole(text)
}

/// Prints a province, city, district or town.
#[must_use]
pub fn region(text: &str) -> Outcome {
    whole(text)
}

/// Prints a virtual number, main number and extension: it is a privacy measure itself.
///
/// Only the signed type may say that a number is virtual; nothing here guesses it from a prefix.
#[must_use]
pub fn virtual_number(text: &str) -> Outcome {
    whole(text)
}

fn whole(text: &str) -> Outcome {
    // Most of these are a few Chinese characters, in which there is nothing to clean.
    if text.chars().all(|c| matches!(c, '\u{20}'..='\u{7E}' | '\u{4E00}'..='\u{9FFF}')) {
        return Outcome { text: Masked::new(text.to_owned()), ..Outcome::default() };
    }
    Cells::new(text).finish(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_but_for_what_prints_nothing() {
        for (source, expected) in [
            ("山海小店", "山海小店"),
            ("山海\u{202E}小店\u{0}", "山海小店"),
            ("12000001234-5678", "12000001234-5678"),
            ("12000001234转5678", "12000001234转5678"),
            ("北京市\n", "北京市 "),
            ("\u{FEFF}海棠区", "海棠区"),
            ("ＡＢＣ１２３", "ABC123"),
            ("", ""),
        ] {
            assert_eq!(organisation(source).text.as_str(), expected);
            assert_eq!(region(source).text.as_str(), expected);
            assert_eq!(virtual_number(source).text.as_str(), expected);
            assert!(organisation(source).hidden.is_empty());
        }
    }
}
