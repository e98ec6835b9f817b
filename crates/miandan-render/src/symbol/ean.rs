//! Article numbers: EAN-13, EAN-8, UPC-A and UPC-E (ISO/IEC 15420).
//!
//! A number may come with its check digit, which is verified then, or without, and gets it.

use super::SymbolError;

/// Space, bar, space, bar of each digit in number set A (table 1). Set C is the same beginning with a bar, set B is
/// set A backwards.
const SET_A: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];

/// Which of the six digits on the left of EAN-13 are in set B, by the digit that stands before them: the first of the
/// six in the highest bit (table 3).
const LEADING: [u8; 10] =
    [0b000000, 0b001011, 0b001101, 0b001110, 0b010011, 0b011001, 0b011100, 0b010101, 0b010110, 0b011010];

/// The digits of a number of `length` digits, the last of which is its check digit (GS1 General Specifications, 7.9.1).
///
/// # Errors
/// [`SymbolError::Empty`], [`SymbolError::Character`] for anything but digits, [`SymbolError::Length`] for another
/// number of them, [`SymbolError::CheckDigit`] where the last is not what it should be.
pub(super) fn checked(text: &str, length: usize) -> Result<Vec<u8>, SymbolError> {
    if text.is_empty() {
        return Err(SymbolError::Empty);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SymbolError::Character);
    }
    let mut digits: Vec<u8> = text.bytes().map(|byte| byte - b'0').collect();
    let given = match length.checked_sub(digits.len()) {
        Some(0) => digits.pop(),
        Some(1) => None,
        _ => return Err(SymbolError::Length),
    };
    let check = check_digit(&digits);
    digits.push(check);
    if given.is_some_and(|given| given != check) { Err(SymbolError::CheckDigit) } else { Ok(digits) }
}

/// The same as text.
pub(super) fn number(text: &str, length: usize) -> Result<String, SymbolError> {
    Ok(written(&checked(text, length)?))
}

/// All eight digits of UPC-E as text.
pub(super) fn upce_number(text: &str) -> Result<String, SymbolError> {
    Ok(written(&upce_digits(text)?))
}

fn written(digits: &[u8]) -> String {
    digits.iter().map(|&digit| char::from(b'0' + digit)).collect()
}

/// What makes the sum of the digits, weighted 3, 1, 3, … from the right, a multiple of ten.
fn check_digit(digits: &[u8]) -> u8 {
    let weighted =
        digits.iter().rev().zip([3, 1].into_iter().cycle()).map(|(&digit, weight)| digit as u32 * weight);
    ((10 - weighted.sum::<u32>() % 10) % 10) as u8
}

/// Appends EAN-13 of 12 digits, or of 13 with the check digit: bar, space, …, bar, in modules.
///
/// # Errors
/// As for all: empty, no digits, a wrong number of them, or a wrong check digit.
pub fn ean13(text: &str, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    halves(&checked(text, 13)?, widths);
    Ok(())
}

/// Appends UPC-A of 11 digits, or of 12 with the check digit.
///
/// # Errors
/// As for EAN-13.
pub fn upca(text: &str, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    let digits = checked(text, 12)?;
    halves(&[&[0], &digits[..]].concat(), widths);
    Ok(())
}

/// Appends EAN-8 of 7 digits, or of 8 with the check digit.
///
/// # Errors
/// As for EAN-13.
pub fn ean8(text: &str, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    let digits = checked(text, 8)?;
    widths.extend([1; 3]);
    digits[..4].iter().for_each(|&digit| set(digit, false, widths));
    widths.extend([1; 5]);
    digits[4..].iter().for_each(|&digit| set(digit, false, widths));
    widths.extend([1; 3]);
    Ok(())
}

/// Appends UPC-E of 6 digits, of 7 with the number system 0 or 1 in front, or of 8 with the check digit behind.
///
/// # Errors
/// As for EAN-13; [`SymbolError::Character`] for another number system.
pub fn upce(text: &str, widths: &mut Vec<u8>) -> Result<(), SymbolError> {
    let digits = upce_digits(text)?;
    let (system, check) = (digits[0], digits[7]);
    // The check digit chooses the sets as the leading digit does in EAN-13, but that 0 has sets of its own; in number
    // system 0 they change places.
    let sets = if check == 0 { 0b000111 } else { LEADING[usize::from(check)] };
    let parities = if system == 0 { 0b111111 ^ sets } else { sets };
    widths.extend([1; 3]);
    for (place, &digit) in digits[1..7].iter().enumerate() {
        set(digit, parities >> (5 - place) & 1 == 1, widths);
    }
    widths.extend([1; 6]);
    Ok(())
}

/// All eight digits of UPC-E: number system, six digits, check digit.
pub(super) fn upce_digits(text: &str) -> Result<[u8; 8], SymbolError> {
    if text.is_empty() {
        return Err(SymbolError::Empty);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SymbolError::Character);
    }
    let given: Vec<u8> = text.bytes().map(|byte| byte - b'0').collect();
    let (system, short) = match given.len() {
        6 => (0, &given[..]),
        7 | 8 => (given[0], &given[1..7]),
        _ => return Err(SymbolError::Length),
    };
    if system > 1 {
        return Err(SymbolError::Character);
    }
    // The number of which zeros were left out (GS1 General Specifications, 7.10).
    let (a, b, c, d, e, last) = (short[0], short[1], short[2], short[3], short[4], short[5]);
    let long = match last {
        0..=2 => [system, a, b, last, 0, 0, 0, 0, c, d, e],
        3 => [system, a, b, c, 0, 0, 0, 0, 0, d, e],
        4 => [system, a, b, c, d, 0, 0, 0, 0, 0, e],
        _ => [system, a, b, c, d, e, 0, 0, 0, 0, last],
    };
    let check = check_digit(&long);
    if given.get(7).is_some_and(|&given| given != check) {
        return Err(SymbolError::CheckDigit);
    }
    Ok([system, a, b, c, d, e, last, check])
}

/// The two halves of EAN-13 with guard patterns.
fn halves(digits: &[u8], widths: &mut Vec<u8>) {
    let parities = LEADING[usize::from(digits[0])];
    widths.extend([1; 3]);
    for (place, &digit) in digits[1..7].iter().enumerate() {
        set(digit, parities >> (5 - place) & 1 == 1, widths);
    }
    widths.extend([1; 5]);
    digits[7..13].iter().for_each(|&digit| set(digit, false, widths));
    widths.extend([1; 3]);
}

fn set(digit: u8, backwards: bool, widths: &mut Vec<u8>) {
    let mut pattern = SET_A[usize::from(digit)];
    if backwards {
        pattern.reverse();
    }
    widths.extend(pattern);
}

#[cfg(test)]
mod tests {
    use super::*;

    type Encode = fn(&str, &mut Vec<u8>) -> Result<(), SymbolError>;

    fn widths(encode: Encode, text: &str) -> Vec<u8> {
        let mut widths = vec![];
        encode(text, &mut widths).unwrap();
        widths
    }

    #[test]
    fn check_digits_of_known_numbers() {
        for (text, length, check) in
            [("978030640615", 13, 7), ("400638133393", 13, 1), ("7351353", 8, 7), ("03600029145", 12, 2)]
        {
            assert_eq!(checked(text, length).unwrap().last(), Some(&check), "{text}");
            assert_eq!(checked(&format!("{text}{check}"), length).unwrap().len(), length);
            let wrong = format!("{text}{}", (check + 1) % 10);
            assert_eq!(checked(&wrong, length), Err(SymbolError::CheckDigit));
        }
        assert_eq!(upce_digits("425261").unwrap(), [0, 4, 2, 5, 2, 6, 1, 4]);
    }

    #[test]
    fn symbols_have_the_modules_of_the_standard() {
        for (encode, text, modules) in [
            (ean13 as Encode, "9780306406157", 95),
            (upca, "036000291452", 95),
            (ean8, "73513537", 67),
            (upce, "04252614", 51),
            (upce, "1234567", 51),
        ] {
            let widths = widths(encode, text);
            assert_eq!(widths.iter().map(|&width| u32::from(width)).sum::<u32>(), modules, "{text}");
            assert_eq!(widths.len() % 2, 1);
        }
        // UPC-A is EAN-13 with a zero in front.
        assert_eq!(widths(upca, "036000291452"), widths(ean13, "0036000291452"));
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        let mut widths = vec![7];
        for encode in [ean13 as Encode, ean8, upca, upce] {
            assert_eq!(encode("", &mut widths), Err(SymbolError::Empty));
            assert_eq!(encode("12345A", &mut widths), Err(SymbolError::Character));
            assert_eq!(encode("12345", &mut widths), Err(SymbolError::Length));
            assert_eq!(encode("12345678901234", &mut widths), Err(SymbolError::Length));
        }
        assert_eq!(upce("2123456", &mut widths), Err(SymbolError::Character));
        assert_eq!(upce("04252610", &mut widths), Err(SymbolError::CheckDigit));
        assert_eq!(widths, [7]);
    }
}
