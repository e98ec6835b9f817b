//! The small files that a reader is given: keys, and signed lists.

use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::KeyName;

/// A file of one JSON object.
pub(crate) fn read<'f, T: Deserialize<'f>>(file: &'f [u8]) -> Option<T> {
    let file = file.trim_ascii();
    serde_json::from_slice(file).ok().filter(|_| file.first() == Some(&b'{'))
}

/// Bytes in base64url without padding (RFC 4648, section 5).
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// So many bytes in base64url.
pub(crate) fn array<const N: usize>(text: &str) -> Option<[u8; N]> {
    bytes(text)?.try_into().ok()
}

/// The name of a key, in hexadecimal.
pub(crate) fn key_name(text: &str) -> Option<KeyName> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let mut name = KeyName::default();
    if pairs.len() != name.len() {
        return None;
    }
    for (byte, [high, low]) in name.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(name)
}
