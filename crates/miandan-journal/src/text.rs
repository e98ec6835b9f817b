//! Texts that a person or a caller gives: bounded, on one line, and safe to show.

use crate::JournalError;

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextProblem {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It is too long.
    #[error("it has more than {most} characters")]
    TooLong {
        /// How many characters it may have.
        most: usize,
    },
    /// It has a character that moves a cursor, breaks a line or turns the direction of writing.
    #[error("it has a control character")]
    Control,
    /// A batch cannot have a name that reads as a number of a batch or of a label.
    #[error("it reads as a running number")]
    Number,
}

/// A kind of text, by the name that an error has for it, and its bound in characters.
#[derive(Clone, Copy)]
pub(crate) struct Field(pub(crate) &'static str, pub(crate) usize);

pub(crate) const NAME: Field = Field("name", 64);
pub(crate) const CARRIER: Field = Field("carrier", 64);
pub(crate) const WAYBILL: Field = Field("waybill", 64);
pub(crate) const ORDER: Field = Field("order id", 128);
pub(crate) const PRINTER: Field = Field("printer", 128);
pub(crate) const OPERATOR: Field = Field("operator", 64);
pub(crate) const REASON: Field = Field("reason", 200);

/// Refuses a text that is empty, too long, or would do something where it is shown.
pub(crate) fn check(field: Field, text: &str) -> Result<(), JournalError> {
    let Field(field, most) = field;
    let problem = if text.trim().is_empty() {
        TextProblem::Empty
    } else if text.chars().any(acts) {
        TextProblem::Control
    } else if text.chars().count() > most {
        TextProblem::TooLong { most }
    } else {
        return Ok(());
    };
    Err(JournalError::Text { field, problem })
}

/// Controls (Unicode Cc), separators of lines and paragraphs, and marks of direction, which can make a text look like
/// another one.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<TextProblem> {
        match check(REASON, text) {
            Ok(()) => None,
            Err(JournalError::Text { field: "reason", problem }) => Some(problem),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn texts_are_bounded_and_on_one_line() {
        assert_eq!(problem("卡纸 jam"), None);
        assert_eq!(problem(&"纸".repeat(200)), None);
        assert_eq!(problem(&"纸".repeat(201)), Some(TextProblem::TooLong { most: 200 }));
        assert_eq!(problem(""), Some(TextProblem::Empty));
        assert_eq!(problem(" \u{3000}"), Some(TextProblem::Empty));
        for text in ["a\nb", "a\u{1b}[2J", "a\u{202e}b", "\0", "a\u{85}b", "a\u{2028}b"] {
            assert_eq!(problem(text), Some(TextProblem::Control), "{text:?}");
        }
    }
}
