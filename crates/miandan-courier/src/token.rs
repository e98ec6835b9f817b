//! The token as it stands in the code: its bytes, and reading them.
//!
//! | Bytes | What |
//! |---|---|
//! | 1 | version (1) in the upper half; flags in the lower: 1 sealed part, 2 specimen |
//! | 4 | the station's key: the first bytes of its name |
//! | 2 | the carrier: the first bytes of SHA-256 of its code |
//! | 3 | hour in which it was issued, since 1970 (UTC) |
//! | 2 | lifetime in hours |
//! | 3 | serial: the number of the label in its batch |
//! | 1 | copy: 0 for the first print, n for the n-th copy, 255 for that and more |
//! | 2–64 | waybill number ([`crate::number`]) |
//! | 78 | only with a sealed part: HPKE's encapsulated key (32), and the sealed contents (30 + 16) |
//! | 64 | Ed25519 signature over `"W1 token" 0x00` and everything before it |
//!
//! All numbers are big endian. The text is `W1:` and base45 of the bytes. There is no choice of algorithms: the version
//! fixes them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use sha2::{Digest, Sha256};

use crate::contents;
use crate::{base45, number};

/// What every token begins with, and what tells a reader that it is one.
pub const PREFIX: &str = "W1:";

/// Hours that a token may live at most: 60 days. One that says more is none.
pub const MAX_LIFETIME: u16 = 60 * 24;

/// The label's number at most.
pub const MAX_SERIAL: u32 = 0xFF_FFFF;

/// Bytes of a token at most.
const MAX_TOKEN: usize = FIXED + 1 + number::MAX_NUMBER + SEALED + SIGNATURE;

const VERSION: u8 = 1 << 4;
const HAS_SEALED: u8 = 1;
const IS_SPECIMEN: u8 = 2;

/// Before the waybill number.
const FIXED: usize = 16;
/// The encapsulated key and the sealed contents with their tag.
pub(crate) const SEALED: usize = ENCAPSULATED + contents::LENGTH + 16;
pub(crate) const ENCAPSULATED: usize = 32;
const SIGNATURE: usize = 64;

/// The first bytes of the name of a station's key.
pub(crate) type KeyHint = [u8; 4];

/// What the signature and the sealed part are bound to, so that no signature of another protocol passes for one.
pub(crate) const SIGNATURE_CONTEXT: &[u8] = b"W1 token\0";

/// A carrier, by the first bytes of SHA-256 of its code.
///
/// Two codes may have the same: it saves looking at tokens of others, and nothing depends on it, since what is sealed is
/// bound to the code itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CarrierId([u8; 2]);

impl CarrierId {
    /// Of a carrier code, e.g. `YTO`.
    #[must_use]
    pub fn of(code: &str) -> Self {
        let digest = Sha256::digest(code.as_bytes());
        CarrierId([digest[0], digest[1]])
    }
}

impl fmt::Display for CarrierId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}{:02x}", self.0[0], self.0[1])
    }
}

/// What a token says in clear. There is nothing personal in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who delivers.
    pub carrier: CarrierId,
    /// Waybill number: 1 to 63 characters of ASCII that can be seen.
    pub waybill_no: String,
    /// Hour in which it was issued, since 1970 (UTC): seconds by 3,600. At most 2²⁴ − 1.
    pub issued: u32,
    /// Hours that it lives, 1 to [`MAX_LIFETIME`].
    pub lifetime: u16,
    /// The number of the label in its batch, at most [`MAX_SERIAL`].
    pub serial: u32,
    /// 0 for the first print, n for the n-th copy, 255 for that and more.
    pub copy: u8,
    /// Whether it belongs to a label that is only looked at: such a token vouches for nothing.
    pub is_specimen: bool,
}

impl Claims {
    /// When it was issued, in seconds since 1970 (UTC), to the hour.
    #[must_use]
    pub fn issued_at(&self) -> u64 {
        u64::from(self.issued) * 3600
    }

    /// When it expires, in seconds since 1970 (UTC).
    #[must_use]
    pub fn expires_at(&self) -> u64 {
        self.issued_at() + u64::from(self.lifetime) * 3600
    }

    /// Appends what stands before the sealed part; `false` if something is out of its range.
    #[must_use]
    pub(crate) fn encode(&self, key: KeyHint, is_sealed: bool, bytes: &mut Vec<u8>) -> bool {
        let is_sound = self.issued <= 0xFF_FFFF
            && (1..=MAX_LIFETIME).contains(&self.lifetime)
            && self.serial <= MAX_SERIAL;
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        bytes.push(VERSION | flag(is_sealed, HAS_SEALED) | flag(self.is_specimen, IS_SPECIMEN));
        bytes.extend(key);
        bytes.extend(self.carrier.0);
        bytes.extend(&self.issued.to_be_bytes()[1..]);
        bytes.extend(self.lifetime.to_be_bytes());
        bytes.extend(&self.serial.to_be_bytes()[1..]);
        bytes.push(self.copy);
        is_sound && number::encode(&self.waybill_no, bytes)
    }
}

/// A token that was read. Whether it is genuine says [`crate::Trust::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub(crate) bytes: Vec<u8>,
    pub(crate) claims: Claims,
    /// Where the claims end.
    claimed: usize,
}

/// Why a text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAToken {
    /// It does not begin with `W1:`.
    Other,
    /// It is of a version that this reader does not know.
    Version,
    /// It begins like a token and is none: cut off, or changed.
    Malformed,
}

impl fmt::Display for NotAToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotAToken::Other => "this is not a courier's token",
            NotAToken::Version => "the token is of a version that is not known here",
            NotAToken::Malformed => "the token is cut off or was changed",
        })
    }
}

impl core::error::Error for NotAToken {}

impl Token {
    /// Reads a token. Nothing in it is believed yet.
    ///
    /// # Errors
    /// [`NotAToken`].
    pub fn read(text: &str) -> Result<Self, NotAToken> {
        let text = text.strip_prefix(PREFIX).ok_or(NotAToken::Other)?;
        if text.len() > base45::length(MAX_TOKEN) {
            return Err(NotAToken::Malformed);
        }
        Self::from_bytes(base45::decode(text).ok_or(NotAToken::Malformed)?)
    }

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, NotAToken> {
        let first = *bytes.first().ok_or(NotAToken::Malformed)?;
        if first & 0xF0 != VERSION {
            return Err(NotAToken::Version);
        }
        let (claims, claimed) = Self::claims_of(&bytes).ok_or(NotAToken::Malformed)?;
        let sealed = if first & HAS_SEALED == 0 { 0 } else { SEALED };
        if bytes.len() != claimed + sealed + SIGNATURE {
            return Err(NotAToken::Malformed);
        }
        Ok(Token { bytes, claims, claimed })
    }

    fn claims_of(bytes: &[u8]) -> Option<(Claims, usize)> {
        let (fixed, rest) = bytes.split_first_chunk::<FIXED>()?;
        let &[flags, _, _, _, _, c0, c1, h0, h1, h2, l0, l1, s0, s1, s2, copy] = fixed;
        let (waybill_no, taken) = number::decode(rest)?;
        let claims = Claims {
            carrier: CarrierId([c0, c1]),
            waybill_no,
            issued: u32::from_be_bytes([0, h0, h1, h2]),
            lifetime: u16::from_be_bytes([l0, l1]),
            serial: u32::from_be_bytes([0, s0, s1, s2]),
            copy,
            is_specimen: flags & IS_SPECIMEN != 0,
        };
        let is_sound =
            flags & 0x0F & !(HAS_SEALED | IS_SPECIMEN) == 0 && (1..=MAX_LIFETIME).contains(&claims.lifetime);
        is_sound.then_some((claims, FIXED + taken))
    }

    /// What it says in clear.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Whether it has a part that only the carrier can open.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.bytes[0] & HAS_SEALED != 0
    }

    /// The station's key, by the first bytes of its name.
    pub(crate) fn key(&self) -> KeyHint {
        [self.bytes[1], self.bytes[2], self.bytes[3], self.bytes[4]]
    }

    /// What the sealed part is bound to.
    pub(crate) fn head(&self) -> &[u8] {
        &self.bytes[..self.claimed]
    }

    /// The encapsulated key and the sealed contents, if it has them.
    pub(crate) fn sealed(&self) -> Option<&[u8; SEALED]> {
        self.bytes[self.claimed..self.bytes.len() - SIGNATURE].try_into().ok()
    }

    /// What is signed, and the signature.
    pub(crate) fn signed(&self) -> (&[u8], &[u8; SIGNATURE]) {
        self.bytes.split_last_chunk().expect("reading has looked at the length")
    }
}

/// The text that stands in the code.
impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_text(&self.bytes))
    }
}

pub(crate) fn to_text(bytes: &[u8]) -> String {
    let mut text = PREFIX.to_string();
    base45::encode(bytes, &mut text);
    text
}
