//! How bytes are written: base64url without padding (RFC 4648 §5), key ids in hex, hashes.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use ring::digest::{SHA256, digest};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::strict::Malformed;

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// SHA-256.
#[must_use]
pub fn sha256(data: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, data).as_ref());
    hash
}

/// Writes bytes as base64url without padding.
#[must_use]
pub fn to_base64url(bytes: &[u8]) -> String {
    engine::URL_SAFE_NO_PAD.encode(bytes)
}

/// How many bytes more than [`decoded_length`] the decoder wants to have room for.
pub const SLACK: usize = 3;

/// How many bytes a base64url text stands for, if it is one.
#[must_use]
pub fn decoded_length(text: impl AsRef<[u8]>) -> usize {
    text.as_ref().len() * 3 / 4
}

/// Appends the bytes that a base64url text stands for.
///
/// # Errors
/// [`Malformed`] for a foreign character, padding, an impossible length or non-zero trailing bits.
/// What was appended before the fault was met is taken away again.
pub fn append_base64url(text: impl AsRef<[u8]>, bytes: &mut Vec<u8>) -> Result<(), Malformed> {
    let text = text.as_ref();
    let before = bytes.len();
    bytes.resize(before + decoded_length(text) + SLACK, 0);
    let written = engine::URL_SAFE_NO_PAD.decode_slice(text, &mut bytes[before..]);
    bytes.truncate(before + written.as_ref().copied().unwrap_or(0));
    written.map(drop).map_err(|_| Malformed)
}

/// The bytes of a base64url text.
///
/// # Errors
/// See [`append_base64url`].
pub fn from_base64url(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Malformed> {
    let mut bytes = Vec::new();
    append_base64url(text, &mut bytes)?;
    Ok(bytes)
}

/// Whether a text is base64url, without decoding it. See [`append_base64url`] for what it refuses.
#[must_use]
pub fn is_base64url(text: impl AsRef<[u8]>) -> bool {
    let text = text.as_ref();
    // The six bits of a digit; 64 for what is none.
    const BITS: [u8; 256] = {
        let mut bits = [64; 256];
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut at = 0;
        while at < digits.len() {
            bits[digits[at] as usize] = at as u8;
            at += 1;
        }
        bits
    };
    let seen = text.iter().fold(0, |seen, &digit| seen | BITS[usize::from(digit)]);
    let last = text.last().map_or(0, |&digit| BITS[usize::from(digit)]);
    let unused = match text.len() % 4 {
        0 => 0,
        2 => 0b1111,
        3 => 0b11,
        _ => return false,
    };
    seen & 64 == 0 && last & unused == 0
}

/// The bytes of a base64url text that must be exactly `N`, at most 93, of them.
///
/// # Errors
/// [`Malformed`] for another length, and see [`append_base64url`].
pub fn array_from_base64url<const N: usize>(text: impl AsRef<[u8]>) -> Result<[u8; N], Malformed> {
    let text = text.as_ref();
    const { assert!(N <= 93) };
    if text.len() != (N * 4).div_ceil(3) {
        return Err(Malformed);
    }
    let mut buffer = [0; 96];
    let written = engine::URL_SAFE_NO_PAD.decode_slice(text, &mut buffer).map_err(|_| Malformed)?;
    buffer[..written].try_into().map_err(|_| Malformed)
}

/// The engine of the `base64` crate: the same answers, by vector instructions where there are any.
mod engine {
    use base64::engine::general_purpose::NO_PAD;

    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    pub(super) static URL_SAFE_NO_PAD: std::sync::LazyLock<base64::engine::Simd> =
        std::sync::LazyLock::new(|| base64::engine::Simd::url_safe(NO_PAD));

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub(super) static URL_SAFE_NO_PAD: base64::engine::GeneralPurpose =
        base64::engine::GeneralPurpose::new(&base64::alphabet::URL_SAFE, NO_PAD);
}

/// The name of a public key: the first 8 bytes of its SHA-256, in JSON as 16 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// The name of a public key.
    #[must_use]
    pub fn of(public_key: &[u8; 32]) -> Self {
        let mut id = [0; 8];
        id.copy_from_slice(&sha256(public_key)[..8]);
        KeyId(id)
    }

    /// The 16 hexadecimal digits.
    #[must_use]
    pub fn digits(self) -> [u8; 16] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut digits = [0; 16];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        digits
    }
}

impl FromStr for KeyId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        fn nibble(digit: u8) -> Result<u8, Malformed> {
            match digit {
                b'0'..=b'9' => Ok(digit - b'0'),
                b'a'..=b'f' => Ok(digit - b'a' + 10),
                _ => Err(Malformed),
            }
        }
        let digits: &[u8; 16] = text.as_bytes().try_into().map_err(|_| Malformed)?;
        let mut id = [0; 8];
        for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(KeyId(id))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text: &str| text.parse()))
    }
}

/// For `#[serde(with)]`: an array of bytes as base64url.
pub mod bytes {
    use super::{Deserializer, Serializer, TextVisitor, array_from_base64url, to_base64url};

    /// Writes the bytes.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer, const N: usize>(
        bytes: &[u8; N],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_base64url(bytes))
    }

    /// Reads exactly `N` bytes.
    ///
    /// # Errors
    /// Those of the deserializer, and see [`array_from_base64url`].
    pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        deserializer: D,
    ) -> Result<[u8; N], D::Error> {
        deserializer.deserialize_str(TextVisitor(|text: &str| array_from_base64url(text)))
    }
}

/// For `#[serde(with)]`: an array of bytes as base64url, left out when absent.
pub mod optional_bytes {
    use super::{Deserializer, Serializer, bytes};

    /// Writes the bytes; to be skipped when absent.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer, const N: usize>(
        bytes: &Option<[u8; N]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match bytes {
            Some(present) => bytes::serialize(present, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads exactly `N` bytes.
    ///
    /// # Errors
    /// Those of the deserializer, and see [`super::array_from_base64url`].
    pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        deserializer: D,
    ) -> Result<Option<[u8; N]>, D::Error> {
        bytes::deserialize(deserializer).map(Some)
    }
}

/// Reads a JSON string by a function of its text.
pub(crate) struct TextVisitor<F>(pub(crate) F);

impl<T, F: FnOnce(&str) -> Result<T, Malformed>> Visitor<'_> for TextVisitor<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text of the format")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_goes_both_ways() {
        for length in 0..100 {
            let bytes: Vec<u8> = (0..length).map(|i| (i * 37) as u8).collect();
            assert!(is_base64url(to_base64url(&bytes)));
            assert_eq!(decoded_length(to_base64url(&bytes)), bytes.len());
            assert_eq!(from_base64url(to_base64url(&bytes)), Ok(bytes));
        }
        let hash = sha256(b"abc");
        assert_eq!(array_from_base64url(to_base64url(&hash)), Ok(hash));
    }

    #[test]
    fn base64url_is_canonical() {
        for (defect, text) in [
            ("trailing bits of one byte", "AB"),
            ("trailing bits of two bytes", "AAB"),
            ("padding", "AA=="),
            ("length 1", "A"),
            ("length 5", "AAAAA"),
            ("standard alphabet", "+/AA"),
            ("line end", "AAAA\n"),
            ("white space", "AA AA"),
        ] {
            assert_eq!(from_base64url(text), Err(Malformed), "{defect}");
            assert!(!is_base64url(text), "{defect}");
        }
        assert_eq!(array_from_base64url::<32>(&to_base64url(&[0; 31])), Err(Malformed));
        assert_eq!(array_from_base64url::<32>(&to_base64url(&[0; 33])), Err(Malformed));
    }

    /// Every text of up to three characters, and every last character of a longer one.
    #[test]
    fn base64url_is_told_without_decoding() {
        let same = |text: &[u8]| assert_eq!(is_base64url(text), from_base64url(text).is_ok(), "{text:?}");
        same(b"");
        for first in 0..=255 {
            same(&[first]);
            for second in 0..=255 {
                same(&[first, second]);
                same(&[b'A', first, second]);
                same(&[b'_', b'A', first, second]);
            }
        }
        for length in 0..70 {
            for at in 0..length {
                for byte in [b'=', b'+', b'/', b'@', b'[', b'`', b'{', b':', b' ', 0, 0x80, 0xff, b'9', b'z']
                {
                    let mut text = vec![b'A'; length];
                    text[at] = byte;
                    same(&text);
                }
            }
        }
    }

    #[test]
    fn a_fault_leaves_nothing_behind() {
        let mut bytes = b"before".to_vec();
        assert_eq!(append_base64url("AAAAAAA!", &mut bytes), Err(Malformed));
        assert_eq!(bytes, b"before");
    }

    #[test]
    fn key_ids_are_lower_case() {
        let id = KeyId::of(&[7; 32]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().as_bytes(), id.digits());
        assert_eq!("00112233445566AA".parse::<KeyId>(), Err(Malformed));
        assert_eq!("00112233445566".parse::<KeyId>(), Err(Malformed));
    }
}
