//! Code 93 (AIM USS-93): capitals, digits and seven signs in nine modules each, all of ASCII by pairs.

use super::SymbolError;

/// The longest text in characters.
pub const MAX_LENGTH: usize = 80;

/// The characters that have a value of their own, in the order of their values from 0.
const ALPHABET: &[u8; 43] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// The values of the four shifts, by which any other character of ASCII is a pair: a shift and a letter.
const DOLLAR: u8 = 43;
const PERCENT: u8 = 44;
const SLASH: u8 = 45;
const PLUS: u8 = 46;

/// The value of the start and stop character.
const EDGE: u8 = 47;

/// Appends the symbol with both check characters: bar, space, …, bar, in modules.
///
/// # Errors
/// [`SymbolError::Empty`], [`SymbolError::TooLong`] above [`MAX_LENGTH`], [`SymbolError::Character`] outside ASCII.
pub fn encode(text: &str, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    if text.is_empty() {
        return Err(SymbolError::Empty);
    }
    if !text.is_ascii() {
        return Err(SymbolError::Character);
    }
    if text.len() > MAX_LENGTH {
        return Err(SymbolError::TooLong);
    }
    let mut values = Vec::with_capacity(text.len() + 2);
    text.bytes().for_each(|byte| character(byte, &mut values));
    values.push(check(&values, 20));
    values.push(check(&values, 15));
    for &value in [EDGE].iter().chain(&values).chain(&[EDGE]) {
        widths.extend_from_slice(&PATTERNS[usize::from(value)]);
    }
    // The bar that ends the last space.
    widths.push(1);
    Ok(())
}

/// Appends the value of a character, or the two that stand for it.
fn character(byte: u8, values: &mut Vec<u8>) {
    if let Some(value) = ALPHABET.iter().position(|&other| other == byte) {
        values.push(value as u8);
        return;
    }
    let (shift, letter) = match byte {
        0 => (PERCENT, b'U'),
        1..=26 => (DOLLAR, b'A' + byte - 1),
        27..=31 => (PERCENT, b'A' + byte - 27),
        b'!'..=b'/' => (SLASH, b'A' + byte - b'!'),
        b':' => (SLASH, b'Z'),
        b';'..=b'?' => (PERCENT, b'F' + byte - b';'),
        b'@' => (PERCENT, b'V'),
        b'['..=b'_' => (PERCENT, b'K' + byte - b'['),
        b'`' => (PERCENT, b'W'),
        b'a'..=b'z' => (PLUS, b'A' + byte - b'a'),
        // Braces and the delete character; there is nothing above in ASCII.
        _ => (PERCENT, b'P' + (byte - b'{').min(4)),
    };
    values.extend([shift, 10 + letter - b'A']);
}

/// A check character: the sum of values weighted from the right by 1, 2, …, `most`, 1, 2, … modulo 47.
fn check(values: &[u8], most: usize) -> u8 {
    let weighted = |(place, &value): (usize, &u8)| (place % most + 1) * usize::from(value);
    (values.iter().rev().enumerate().map(weighted).sum::<usize>() % 47) as u8
}

/// Bar, space, bar, space, bar, space of each value.
#[rustfmt::skip]
const PATTERNS: [[u8; 6]; 48] = [
    [1, 3, 1, 1, 1, 2], [1, 1, 1, 2, 1, 3], [1, 1, 1, 3, 1, 2], [1, 1, 1, 4, 1, 1], [1, 2, 1, 1, 1, 3],
    [1, 2, 1, 2, 1, 2], [1, 2, 1, 3, 1, 1], [1, 1, 1, 1, 1, 4], [1, 3, 1, 2, 1, 1], [1, 4, 1, 1, 1, 1],
    [2, 1, 1, 1, 1, 3], [2, 1, 1, 2, 1, 2], [2, 1, 1, 3, 1, 1], [2, 2, 1, 1, 1, 2], [2, 2, 1, 2, 1, 1],
    [2, 3, 1, 1, 1, 1], [1, 1, 2, 1, 1, 3], [1, 1, 2, 2, 1, 2], [1, 1, 2, 3, 1, 1], [1, 2, 2, 1, 1, 2],
    [1, 3, 2, 1, 1, 1], [1, 1, 1, 1, 2, 3], [1, 1, 1, 2, 2, 2], [1, 1, 1, 3, 2, 1], [1, 2, 1, 1, 2, 2],
    [1, 3, 1, 1, 2, 1], [2, 1, 2, 1, 1, 2], [2, 1, 2, 2, 1, 1], [2, 1, 1, 1, 2, 2], [2, 1, 1, 2, 2, 1],
    [2, 2, 1, 1, 2, 1], [2, 2, 2, 1, 1, 1], [1, 1, 2, 1, 2, 2], [1, 1, 2, 2, 2, 1], [1, 2, 2, 1, 2, 1],
    [1, 2, 3, 1, 1, 1], [1, 2, 1, 1, 3, 1], [3, 1, 1, 1, 1, 2], [3, 1, 1, 2, 1, 1], [3, 2, 1, 1, 1, 1],
    [1, 1, 2, 1, 3, 1], [1, 1, 3, 1, 2, 1], [2, 1, 1, 1, 3, 1], [1, 2, 1, 2, 2, 1], [3, 1, 2, 1, 1, 1],
    [3, 1, 1, 1, 2, 1], [1, 2, 2, 2, 1, 1], [1, 1, 1, 1, 4, 1],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_nine_modules_and_differs() {
        for (value, pattern) in PATTERNS.iter().enumerate() {
            assert_eq!(pattern.iter().sum::<u8>(), 9, "{value}");
            assert_eq!(PATTERNS.iter().filter(|other| *other == pattern).count(), 1, "{value}");
        }
    }

    #[test]
    fn check_characters_of_a_known_example() {
        // TEST93 has the check characters + and 6 (Wikipedia, "Code 93").
        let mut values = vec![];
        b"TEST93".iter().for_each(|&byte| character(byte, &mut values));
        values.push(check(&values, 20));
        values.push(check(&values, 15));
        assert_eq!(values, [29, 14, 28, 29, 9, 3, 41, 6]);
        let mut widths = vec![];
        encode("TEST93", &mut widths).unwrap();
        assert_eq!(widths.iter().map(|&width| u32::from(width)).sum::<u32>(), 9 * 10 + 1);
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        let mut widths = vec![7];
        assert_eq!(encode("", &mut widths), Err(SymbolError::Empty));
        assert_eq!(encode("é", &mut widths), Err(SymbolError::Character));
        assert_eq!(encode(&"1".repeat(MAX_LENGTH + 1), &mut widths), Err(SymbolError::TooLong));
        assert_eq!(widths, [7]);
    }
}
