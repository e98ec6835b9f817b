//! Base45 (RFC 9285): bytes in the alphabet of QR's alphanumeric mode, which packs them into 5.5 bits a character.
//!
//! Bytes as they are would make no smaller symbol, and of seven readers that were tried four did not hand them back.

use alloc::string::String;
use alloc::vec::Vec;

/// RFC 9285, table 1; ISO/IEC 18004, table 5.
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// How many characters so many bytes become.
#[must_use]
pub(crate) const fn length(bytes: usize) -> usize {
    bytes / 2 * 3 + bytes % 2 * 2
}

/// Appends bytes as text.
pub(crate) fn encode(bytes: &[u8], text: &mut String) {
    text.reserve(length(bytes.len()));
    let (pairs, last) = bytes.as_chunks::<2>();
    for pair in pairs {
        push(u32::from(u16::from_be_bytes(*pair)), 3, text);
    }
    if let [last] = last {
        push(u32::from(*last), 2, text);
    }
}

/// The least digit comes first.
fn push(mut value: u32, digits: usize, text: &mut String) {
    for _ in 0..digits {
        text.push(char::from(ALPHABET[(value % 45) as usize]));
        value /= 45;
    }
}

/// The bytes of a text; `None` if it is not base45. There is one text for any bytes.
#[must_use]
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let mut value = 0;
        for &character in group.iter().rev() {
            value = value * 45 + digit(character)?;
        }
        match group.len() {
            3 => bytes.extend(u16::try_from(value).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(value).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u32> {
    ALPHABET.iter().position(|&known| known == character).map(|place| place as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(bytes: &[u8]) -> String {
        let mut text = String::new();
        encode(bytes, &mut text);
        text
    }

    /// RFC 9285, sections 4.3 and 4.4.
    #[test]
    fn the_examples_of_the_rfc() {
        for (bytes, text) in
            [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0")]
        {
            assert_eq!(encoded(bytes.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn what_is_not_base45_is_refused() {
        // A letter alone, a small one, 65,536 in three, 256 in two (RFC 9285, section 6).
        for text in ["A", "BB8A", "bb8", "GGW", ":::", "::", "BB8::", "BB8，"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode("FGW").unwrap(), [0xFF, 0xFF]);
        assert_eq!(decode("").unwrap(), b"");
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            let text = encoded(&bytes);
            prop_assert_eq!(text.len(), length(bytes.len()));
            prop_assert_eq!(decode(&text).unwrap(), bytes);
        }

        #[test]
        fn a_text_is_the_only_one_of_its_bytes(text in "[0-9A-Z $%*+./:-]{0,12}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encoded(&bytes), text);
            }
        }
    }
}
