//! A waybill number in as few bytes as it takes.
//!
//! One byte with the number of characters, 1 to 63, and then the characters as one number to the base 40, in the fewest
//! bytes that hold every number of that many characters: 15 characters take 10 bytes. A number with other characters in it
//! (small letters, say) stands as it is, in ASCII, and its first byte has the highest bit set.

use alloc::string::String;
use alloc::vec::Vec;

/// What carriers' numbers are made of; the four signs stand in the numbers of parcels of parcels.
const ALPHABET: &[u8; 40] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./";

/// Characters of a number at most.
pub const MAX_NUMBER: usize = 63;

/// The first byte of a number that stands as it is.
const PLAIN: u8 = 0x80;

/// Appends a number; `false`, and nothing, if it is empty, longer than 63 characters or not ASCII that can be seen.
#[must_use]
pub(crate) fn encode(number: &str, bytes: &mut Vec<u8>) -> bool {
    let length = number.len();
    if length == 0 || length > MAX_NUMBER || !number.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    if !number.bytes().all(|byte| digit(byte).is_some()) {
        bytes.push(PLAIN | length as u8);
        bytes.extend(number.bytes());
        return true;
    }
    bytes.push(length as u8);
    let start = bytes.len();
    bytes.resize(start + packed(length), 0);
    for digit in number.bytes().filter_map(digit) {
        // Everything so far, times 40, plus the digit.
        let mut carry = u32::from(digit);
        for byte in bytes[start..].iter_mut().rev() {
            carry += u32::from(*byte) * 40;
            *byte = carry as u8;
            carry >>= 8;
        }
    }
    true
}

/// A number from the beginning of bytes, and how many it took; `None` if there is none. There is one encoding of a number.
pub(crate) fn decode(bytes: &[u8]) -> Option<(String, usize)> {
    let (&first, rest) = bytes.split_first()?;
    let length = usize::from(first & !PLAIN);
    if length == 0 || length > MAX_NUMBER {
        return None;
    }
    if first & PLAIN != 0 {
        let plain = rest.get(..length)?;
        let is_needed = plain.iter().any(|&byte| digit(byte).is_none());
        let is_sound = is_needed && plain.iter().all(u8::is_ascii_graphic);
        return is_sound.then(|| (plain.iter().map(|&byte| char::from(byte)).collect(), 1 + length));
    }
    let mut packed = rest.get(..packed(length))?.to_vec();
    let mut number = alloc::vec![0; length];
    for character in number.iter_mut().rev() {
        // Everything that is left, by 40.
        let mut remainder = 0;
        for byte in &mut packed {
            let value = remainder << 8 | u32::from(*byte);
            *byte = (value / 40) as u8;
            remainder = value % 40;
        }
        *character = ALPHABET[remainder as usize];
    }
    let taken = 1 + packed.len();
    // More than so many characters can say.
    packed.iter().all(|&byte| byte == 0).then(|| (number.into_iter().map(char::from).collect(), taken))
}

/// Bytes that hold every number of so many characters: the logarithm of 40 to the base 256 is 0.66524….
const fn packed(length: usize) -> usize {
    (length * 66_525).div_ceil(100_000)
}

fn digit(character: u8) -> Option<u8> {
    ALPHABET.iter().position(|&known| known == character).map(|place| place as u8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(number: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        assert!(encode(number, &mut bytes), "{number}");
        bytes
    }

    #[test]
    fn carriers_numbers_take_eleven_bytes() {
        for number in ["YT7412345678901", "SF1234567890123", "JD0123456789-1-"] {
            assert_eq!(encoded(number).len(), 11, "{number}");
        }
        assert_eq!(encoded("0"), [1, 0]);
        assert_eq!(encoded("/"), [1, 39]);
        assert_eq!(encoded("10"), [2, 0, 40]);
        assert_eq!(encoded("a1"), [0x82, b'a', b'1']);
        assert_eq!(encoded(&"/".repeat(63)).len(), 1 + 42);
    }

    #[test]
    fn every_length_has_room_for_its_largest_number() {
        for length in 1..=MAX_NUMBER {
            let number = "/".repeat(length);
            assert_eq!(decode(&encoded(&number)), Some((number, 1 + packed(length))));
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let mut bytes = Vec::new();
        for number in ["", "一", "A B", "A\u{7f}", &"1".repeat(64)] {
            assert!(!encode(number, &mut bytes) && bytes.is_empty(), "{number}");
        }
        // Nothing, too long, cut off, 40 in one character, plain without need, a blank.
        let refused: [&[u8]; 7] =
            [&[], &[0, 1], &[64], &[2, 0], &[1, 40], &[0x82, b'A', b'1'], &[0x81, b' ']];
        for bytes in refused {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn numbers_come_back(number in "[0-9A-Z_./-]{1,63}|[!-~]{1,63}") {
            let bytes = encoded(&number);
            let taken = bytes.len();
            prop_assert_eq!(decode(&[&bytes[..], b"more"].concat()), Some((number, taken)));
        }

        #[test]
        fn a_number_has_one_encoding(bytes in proptest::collection::vec(any::<u8>(), 0..24)) {
            if let Some((number, taken)) = decode(&bytes) {
                prop_assert_eq!(encoded(&number), &bytes[..taken]);
            }
        }
    }
}
