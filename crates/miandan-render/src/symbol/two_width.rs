//! Symbols of two widths: Code 39 (ISO/IEC 16388), Interleaved 2 of 5 (ISO/IEC 16390) and Codabar (EN 798).
//!
//! Each element is narrow, one module, or wide, `wide` modules: 3 where there is room, never less than 2.

use super::SymbolError;

/// The longest text of a symbol in characters; Code 39 is two metres wide then at 3 dots a module.
pub const MAX_LENGTH: usize = 80;

/// Two wide elements among five, for the digits from 0: the bars of Code 39 and all of Interleaved 2 of 5.
const TWO_OF_FIVE: [[bool; 5]; 10] = {
    const N: bool = false;
    const W: bool = true;
    [
        [N, N, W, W, N],
        [W, N, N, N, W],
        [N, W, N, N, W],
        [W, W, N, N, N],
        [N, N, W, N, W],
        [W, N, W, N, N],
        [N, W, W, N, N],
        [N, N, N, W, W],
        [W, N, N, W, N],
        [N, W, N, W, N],
    ]
};

/// Characters of Code 39 whose bars are two of five, in the order of digits from 1 to 0, and the wide one of the four
/// spaces in each group (table 1).
const GROUPS: [(&[u8; 10], usize); 4] =
    [(b"1234567890", 1), (b"ABCDEFGHIJ", 2), (b"KLMNOPQRST", 3), (b"UVWXYZ-. *", 0)];

/// Characters of Code 39 with narrow bars, and the one of the four spaces that is narrow too.
const NARROW: [(u8, usize); 4] = [(b'$', 3), (b'/', 2), (b'+', 1), (b'%', 0)];

/// Appends Code 39 with its start and stop characters: bar, space, …, bar, in modules.
///
/// # Errors
/// [`SymbolError::Empty`], [`SymbolError::TooLong`] above [`MAX_LENGTH`], [`SymbolError::Character`] for anything but
/// capitals, digits, space and `-.$/+%`.
pub fn code39(text: &str, wide: u8, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    check_length(text)?;
    if text.contains('*') {
        return Err(SymbolError::Character);
    }
    let characters: Option<Vec<[bool; 9]>> =
        b"*".iter().chain(text.as_bytes()).chain(b"*").map(|&byte| code39_character(byte)).collect();
    let characters = characters.ok_or(SymbolError::Character)?;
    append(&characters, wide, widths);
    Ok(())
}

fn code39_character(byte: u8) -> Option<[bool; 9]> {
    let mut elements = [false; 9];
    for (group, space) in GROUPS {
        if let Some(index) = group.iter().position(|&other| other == byte) {
            for (bar, &wide) in TWO_OF_FIVE[(index + 1) % 10].iter().enumerate() {
                elements[2 * bar] = wide;
            }
            elements[2 * space + 1] = true;
            return Some(elements);
        }
    }
    let &(_, narrow) = NARROW.iter().find(|(other, _)| *other == byte)?;
    (0..4).filter(|&space| space != narrow).for_each(|space| elements[2 * space + 1] = true);
    Some(elements)
}

/// Appends Interleaved 2 of 5: the first of each two digits in the bars, the second in the spaces. An odd number of
/// digits gets a zero in front, as the standard has it (4.3.2).
///
/// # Errors
/// [`SymbolError::Empty`], [`SymbolError::TooLong`] above [`MAX_LENGTH`], [`SymbolError::Character`] for anything but
/// digits.
pub fn interleaved(text: &str, wide: u8, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    check_length(text)?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SymbolError::Character);
    }
    let zero = text.len() % 2;
    let digits: Vec<u8> = b"0"[..zero].iter().copied().chain(text.bytes()).map(|byte| byte - b'0').collect();
    widths.extend([1; 4]);
    for pair in digits.chunks_exact(2) {
        let [bars, spaces] = [pair[0], pair[1]].map(|digit| TWO_OF_FIVE[usize::from(digit)]);
        widths
            .extend(bars.iter().zip(spaces).flat_map(|(&bar, space)| [bar, space]).map(|is| width(is, wide)));
    }
    widths.extend([wide, 1, 1]);
    Ok(())
}

/// The characters of Codabar with their seven elements, the first in the highest bit; a set bit is wide.
const CODABAR: [(u8, u8); 20] = [
    (b'0', 0b000_0011),
    (b'1', 0b000_0110),
    (b'2', 0b000_1001),
    (b'3', 0b110_0000),
    (b'4', 0b001_0010),
    (b'5', 0b100_0010),
    (b'6', 0b010_0001),
    (b'7', 0b010_0100),
    (b'8', 0b011_0000),
    (b'9', 0b100_1000),
    (b'-', 0b000_1100),
    (b'$', 0b001_1000),
    (b':', 0b100_0101),
    (b'/', 0b101_0001),
    (b'.', 0b101_0100),
    (b'+', 0b001_0101),
    (b'A', 0b001_1010),
    (b'B', 0b010_1001),
    (b'C', 0b000_1011),
    (b'D', 0b000_1110),
];

/// Appends Codabar. A text that does not begin and end with one of the letters A to D, which start and stop the symbol,
/// gets an A at either end.
///
/// # Errors
/// [`SymbolError::Empty`], [`SymbolError::TooLong`] above [`MAX_LENGTH`], [`SymbolError::Character`] for anything but
/// digits and `-$:/.+` between them.
pub fn codabar(text: &str, wide: u8, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    check_length(text)?;
    let is_end = |byte: u8| (b'A'..=b'D').contains(&byte);
    let (start, inner, stop) = match text.as_bytes() {
        [start, inner @ .., stop] if is_end(*start) && is_end(*stop) => (*start, inner, *stop),
        all => (b'A', all, b'A'),
    };
    if inner.is_empty() {
        return Err(SymbolError::Empty);
    }
    if inner.iter().copied().any(is_end) {
        return Err(SymbolError::Character);
    }
    let character = |byte: &u8| {
        let &(_, bits) = CODABAR.iter().find(|(other, _)| other == byte)?;
        Some([6, 5, 4, 3, 2, 1, 0].map(|bit| bits >> bit & 1 == 1))
    };
    let characters: Option<Vec<[bool; 7]>> =
        [&[start], inner, &[stop]].concat().iter().map(character).collect();
    append(&characters.ok_or(SymbolError::Character)?, wide, widths);
    Ok(())
}

fn check_length(text: &str) -> Result<(), SymbolError> {
    match text.len() {
        0 => Err(SymbolError::Empty),
        1..=MAX_LENGTH => Ok(()),
        _ => Err(SymbolError::TooLong),
    }
}

fn width(is_wide: bool, wide: u8) -> u8 {
    if is_wide { wide } else { 1 }
}

/// Appends characters with a narrow space between them.
fn append<const ELEMENTS: usize>(characters: &[[bool; ELEMENTS]], wide: u8, widths: &mut Vec<u8>) {
    for (index, character) in characters.iter().enumerate() {
        if index > 0 {
            widths.push(1);
        }
        widths.extend(character.iter().map(|&is| width(is, wide)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Encode = fn(&str, u8, &mut Vec<u8>) -> Result<(), SymbolError>;

    fn drawn(encode: Encode, text: &str) -> String {
        let mut widths = vec![];
        encode(text, 3, &mut widths).unwrap();
        assert_eq!(widths.len() % 2, 1, "begins and ends with a bar");
        widths.iter().map(|width| if *width == 3 { 'w' } else { 'n' }).collect()
    }

    #[test]
    fn code_39_has_three_wide_elements_in_nine() {
        assert_eq!(drawn(code39, "A"), "nwnnwnwnnnwnnnnwnnwnnwnnwnwnn");
        let mut seen = std::collections::HashSet::new();
        for byte in *b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*" {
            let elements = code39_character(byte).unwrap();
            assert_eq!(elements.iter().filter(|wide| **wide).count(), 3, "{}", byte as char);
            assert!(seen.insert(elements));
        }
        assert_eq!(seen.len(), 44);
    }

    #[test]
    fn interleaved_digits_stand_in_bars_and_spaces() {
        // 1 in the bars is wnnnw, 2 in the spaces is nwnnw.
        assert_eq!(drawn(interleaved, "12"), "nnnnwnnwnnnnwwwnn");
        assert_eq!(drawn(interleaved, "112"), drawn(interleaved, "0112"));
    }

    #[test]
    fn codabar_is_started_and_stopped() {
        assert_eq!(drawn(codabar, "0"), "nnwwnwnnnnnnnwwnnnwwnwn");
        assert_eq!(drawn(codabar, "A0A"), drawn(codabar, "0"));
        assert_ne!(drawn(codabar, "B0C"), drawn(codabar, "0"));
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        let mut widths = vec![7];
        for (encode, text) in [
            (code39 as Encode, "a"),
            (code39, "A*"),
            (code39, "面"),
            (interleaved, "12A"),
            (codabar, "1A1"),
            (codabar, "E"),
        ] {
            assert_eq!(encode(text, 3, &mut widths), Err(SymbolError::Character), "{text}");
        }
        for encode in [code39 as Encode, interleaved, codabar] {
            assert_eq!(encode("", 3, &mut widths), Err(SymbolError::Empty));
            assert_eq!(encode(&"1".repeat(81), 3, &mut widths), Err(SymbolError::TooLong));
        }
        assert_eq!(codabar("AB", 3, &mut widths), Err(SymbolError::Empty));
        assert_eq!(widths, [7]);
    }
}
