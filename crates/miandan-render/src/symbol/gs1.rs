//! GS1 element strings (GS1 General Specifications, 7.8): `(01)…(10)…` as what GS1-128 and GS1 Data Matrix hold.
//!
//! A text with application identifiers in parentheses is taken apart by them. Any other text is taken to be element
//! strings already, with the control character 29 where one of variable length ends.

use super::{SymbolError, code128, ean};

/// Ends an element string of variable length in what readers answer (ASCII 29).
pub const SEPARATOR: u8 = 0x1D;

/// Appends GS1-128 (ISO/IEC 15417, annex; GS1 General Specifications, 5.4): Code 128 that begins with FNC1.
///
/// # Errors
/// As [`element_strings`], and [`SymbolError::TooLong`] above the length of Code 128.
pub fn gs1_128(text: &str, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    let mut bytes = element_strings(text)?;
    bytes.iter_mut().filter(|byte| **byte == SEPARATOR).for_each(|byte| *byte = code128::FNC1);
    bytes.insert(0, code128::FNC1);
    code128::encode_bytes(&bytes, widths)
}

/// The element strings of a text, one after the other, with a separator only where one is needed.
///
/// # Errors
/// [`SymbolError::Empty`]; [`SymbolError::Character`] for what is not printable ASCII or stands outside an element
/// string; [`SymbolError::Length`] and [`SymbolError::CheckDigit`] for an identifier of fixed length.
pub fn element_strings(text: &str) -> Result<Vec<u8>, SymbolError> {
    if text.is_empty() {
        return Err(SymbolError::Empty);
    }
    if !text.bytes().all(|byte| (0x20..0x7F).contains(&byte) || byte == SEPARATOR) {
        return Err(SymbolError::Character);
    }
    let Some((identifier, _)) = identifier(text) else {
        // A parenthesis that opens no identifier at the front is a mistake, not data.
        return if text.starts_with('(') {
            Err(SymbolError::Character)
        } else {
            Ok(text.as_bytes().to_vec())
        };
    };
    let (mut rest, mut identifier) = (&text[identifier.len() + 2..], identifier);
    let mut bytes = Vec::with_capacity(text.len());
    loop {
        let end =
            (0..rest.len()).find(|&at| rest.is_char_boundary(at) && self::identifier(&rest[at..]).is_some());
        let value = &rest[..end.unwrap_or(rest.len())];
        check(identifier, value)?;
        bytes.extend_from_slice(identifier.as_bytes());
        bytes.extend_from_slice(value.as_bytes());
        let Some(end) = end else { return Ok(bytes) };
        if fixed_length(identifier).is_none() {
            bytes.push(SEPARATOR);
        }
        let next = self::identifier(&rest[end..]).map_or("", |(next, _)| next);
        rest = &rest[end + next.len() + 2..];
        identifier = next;
    }
}

/// The application identifier in parentheses at the front of a text, and what follows.
fn identifier(text: &str) -> Option<(&str, &str)> {
    let (identifier, rest) = text.strip_prefix('(')?.split_once(')')?;
    let valid = (2..=4).contains(&identifier.len()) && identifier.bytes().all(|byte| byte.is_ascii_digit());
    valid.then_some((identifier, rest))
}

/// Characters of an element string with its identifier, for the identifiers after which no separator stands, by their
/// first two digits.
fn fixed_length(identifier: &str) -> Option<usize> {
    match identifier.get(..2)?.parse().ok()? {
        0u8 => Some(20),
        1..=3 => Some(16),
        4 => Some(18),
        11..=19 => Some(8),
        20 => Some(4),
        31..=36 => Some(10),
        41 => Some(16),
        _ => None,
    }
}

fn check(identifier: &str, value: &str) -> Result<(), SymbolError> {
    if value.is_empty()
        || fixed_length(identifier).is_some_and(|length| length != identifier.len() + value.len())
    {
        return Err(SymbolError::Length);
    }
    // Serial shipping container codes, article numbers and location numbers end with a check digit.
    match identifier {
        "00" | "01" | "02" | "410" | "411" | "412" | "413" | "414" | "415" | "416" | "417" => {
            ean::checked(value, value.len()).map(|_| ())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, SymbolError> {
        element_strings(text).map(|bytes| String::from_utf8(bytes).unwrap().replace('\u{1D}', "|"))
    }

    #[test]
    fn separators_stand_behind_what_has_no_fixed_length() {
        assert_eq!(
            read("(01)09501101530003(17)261231(10)AB-12").as_deref(),
            Ok("01095011015300031726123110AB-12")
        );
        assert_eq!(read("(10)AB-12(21)7(01)09501101530003").as_deref(), Ok("10AB-12|217|0109501101530003"));
        assert_eq!(read("(00)340123450000000001").as_deref(), Err(&SymbolError::CheckDigit));
        assert_eq!(read("(10)a(b)c").as_deref(), Ok("10a(b)c"));
        assert_eq!(read("0109501101530003").as_deref(), Ok("0109501101530003"));
    }

    #[test]
    fn mistakes_are_refused() {
        for (text, error) in [
            ("", SymbolError::Empty),
            ("(01)", SymbolError::Length),
            ("(01)123", SymbolError::Length),
            ("(01)09501101530004", SymbolError::CheckDigit),
            ("(1)2", SymbolError::Character),
            ("(12345)2", SymbolError::Character),
            ("(10)é", SymbolError::Character),
        ] {
            assert_eq!(element_strings(text), Err(error), "{text}");
        }
    }

    #[test]
    fn gs1_128_begins_with_function_character_1() {
        let mut widths = vec![];
        gs1_128("(01)09501101530003", &mut widths).unwrap();
        // Start C, FNC1, eight pairs, check character, stop.
        assert_eq!(code128::modules(&widths), 11 * 11 + 13);
        assert_eq!(widths[6..12], [4, 1, 1, 1, 3, 1]);
    }
}
