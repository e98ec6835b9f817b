//! Data Matrix ECC 200 (ISO/IEC 16022) in its square sizes from 10 to 120 modules, as rows of machine words.
//!
//! Codewords and their placement come from the `datamatrix` crate, whose encoder finds the shortest sequence of modes.

use datamatrix::data::DataEncodingError;
use datamatrix::{DataMatrix, SymbolList};

use super::{SymbolError, gs1};

/// Modules that must stay blank on each side (ISO/IEC 16022, 5.1 d).
pub const QUIET_ZONE: u32 = 1;

/// The longest text in bytes. Twice as many digits would fit, but the crate counts bytes when it looks for a size.
const MAX_LENGTH: usize = 1_000;

/// The longest side that is drawn: a row fits into a `u128`.
const MAX_SIDE: usize = 120;

/// Appends the rows of the smallest symbol that holds a text, and answers how many modules each side has. Bit 0 of a row
/// is its leftmost module. Text outside Latin-1 is written as UTF-8 and says so (ECI 26).
///
/// # Errors
/// [`SymbolError::Empty`], or [`SymbolError::TooLong`] above 120 modules.
pub fn encode(text: &str, rows: &mut Vec<u128>) -> Result<u8, SymbolError> {
    check(text)?;
    append(DataMatrix::encode_str(text, sizes()), rows)
}

/// Appends the rows of a GS1 Data Matrix, which holds the element strings of a text behind FNC1.
///
/// # Errors
/// As [`encode`], and those of [`gs1::element_strings`].
pub fn encode_gs1(text: &str, rows: &mut Vec<u128>) -> Result<u8, SymbolError> {
    check(text)?;
    append(DataMatrix::encode_gs1(&gs1::element_strings(text)?, sizes()), rows)
}

fn check(text: &str) -> Result<(), SymbolError> {
    match text.len() {
        0 => Err(SymbolError::Empty),
        1..=MAX_LENGTH => Ok(()),
        _ => Err(SymbolError::TooLong),
    }
}

fn sizes() -> SymbolList {
    SymbolList::default().enforce_square().enforce_width_in(..=MAX_SIDE)
}

fn append(code: Result<DataMatrix, DataEncodingError>, rows: &mut Vec<u128>) -> Result<u8, SymbolError> {
    // Any byte can be encoded, so all that can go wrong is that no size is large enough.
    let code = code.map_err(|_| SymbolError::TooLong)?;
    let bitmap = code.bitmap();
    let (side, start) = (bitmap.width(), rows.len());
    rows.resize(start + side, 0);
    for (x, y) in bitmap.pixels() {
        rows[start + y] |= 1 << x;
    }
    Ok(side as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<u128> {
        let mut rows = vec![];
        let side = encode(text, &mut rows).unwrap();
        assert_eq!(rows.len(), usize::from(side));
        rows
    }

    #[test]
    fn the_finder_stands_on_the_left_and_below() {
        for text in ["123456", "MD7000000000012", &"a".repeat(300)] {
            let rows = rows(text);
            let side = rows.len();
            assert!(rows.iter().all(|row| row & 1 == 1), "{text}");
            assert_eq!(rows[side - 1], (1 << side) - 1, "{text}");
            assert_eq!(rows[0] & 3, 1, "{text}");
        }
    }

    #[test]
    fn six_digits_are_the_smallest_symbol() {
        // The example of the standard (annex O): 123456 fits into 10 by 10 modules.
        assert_eq!(rows("123456").len(), 10);
        assert_eq!(rows(&"1".repeat(MAX_LENGTH)).len(), 88);
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        let mut rows = vec![7];
        assert_eq!(encode("", &mut rows), Err(SymbolError::Empty));
        assert_eq!(encode(&"1".repeat(MAX_LENGTH + 1), &mut rows), Err(SymbolError::TooLong));
        assert_eq!(encode(&"面".repeat(350), &mut rows), Err(SymbolError::TooLong));
        assert_eq!(encode_gs1("(01)1", &mut rows), Err(SymbolError::Length));
        assert_eq!(rows, [7]);
    }
}
