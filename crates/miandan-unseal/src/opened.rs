//! An order that has been opened, as far as it was asked for.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miandan_core::field::{FieldId, FieldSet, FieldType};
use miandan_core::masking::Masking;
use miandan_seal::clear;
use miandan_seal::encoding::{Hash, KeyId};
use miandan_seal::header::{BatchHeader, OrderHeader};
use miandan_seal::strict::{self, Malformed};
use serde::Deserialize;
use zeroize::Zeroizing;

/// An order whose checks all held, with the fields that were asked for in clear.
///
/// It has no `Debug` and no `Clone`; the texts are wiped when it is dropped, and read by `expose…` only.
pub struct OpenedOrder {
    pub(crate) batch: Arc<BatchHeader>,
    pub(crate) header: OrderHeader,
    pub(crate) key: KeyId,
    pub(crate) texts: Zeroizing<Vec<u8>>,
    pub(crate) places: [Option<(u32, u32)>; FieldId::ALL.len()],
}

impl OpenedOrder {
    /// What the batch shares.
    #[must_use]
    pub fn batch(&self) -> &BatchHeader {
        &self.batch
    }

    /// What is not personal.
    #[must_use]
    pub fn header(&self) -> &OrderHeader {
        &self.header
    }

    /// What identifies the order, whoever prints it and whenever; see [`clear::identity`].
    #[must_use]
    pub fn identity(&self) -> Hash {
        clear::identity(&self.batch, &self.header)
    }

    /// What stays readable of the personal fields.
    #[must_use]
    pub fn masking(&self) -> Masking {
        self.batch.masking()
    }

    /// Name of the station key that opened it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// The fields that were opened: those asked for that the order has.
    #[must_use]
    pub fn opened(&self) -> FieldSet {
        FieldId::ALL.iter().copied().filter(|&id| self.places[id as usize].is_some()).collect()
    }

    /// A field in clear, with the type that decides how it is masked. `None` if it was not asked for or is not there.
    /// A virtual number is JSON; see [`OpenedOrder::expose_virtual`].
    #[must_use]
    pub fn expose(&self, id: FieldId) -> Option<(FieldType, &str)> {
        let (start, end) = self.places[id as usize]?;
        let text = self.texts.get(start as usize..end as usize)?;
        // It was UTF-8 when it was opened.
        Some((self.header.fields.kind(id)?, std::str::from_utf8(text).ok()?))
    }

    /// A virtual number. `None` if it was not asked for, is not there, or the field is none.
    #[must_use]
    pub fn expose_virtual(&self, id: FieldId) -> Option<Virtual<'_>> {
        match self.expose(id)? {
            (FieldType::Virtual, text) => Virtual::parse(text.as_bytes()).ok(),
            _ => None,
        }
    }

    pub(crate) fn place(&mut self, id: FieldId, place: Range<usize>) {
        // A sealed order is at most 64 KiB.
        self.places[id as usize] = Some((place.start as u32, place.end as u32));
    }
}

/// A virtual number, read from its field. Its `Debug` shows nothing.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Virtual<'a> {
    /// Main number: 3 to 20 of digits, `+` and `-`.
    pub main: &'a str,
    /// Extension: up to 8 digits, or empty.
    pub ext: &'a str,
    /// After this it is not printed, in seconds since 1970 (UTC).
    pub until: u64,
}

impl<'a> Virtual<'a> {
    /// Reads the plaintext of a field of type `virtual`.
    pub(crate) fn parse(json: &'a [u8]) -> Result<Self, Malformed> {
        let number: Virtual<'a> = strict::from_slice(json)?;
        let dialled = |c: u8| c.is_ascii_digit() || c == b'+' || c == b'-';
        let is_main = (3..=20).contains(&number.main.len()) && number.main.bytes().all(dialled);
        let is_extension = number.ext.len() <= 8 && number.ext.bytes().all(|c| c.is_ascii_digit());
        if is_main && is_extension { Ok(number) } else { Err(Malformed) }
    }
}

impl fmt::Debug for Virtual<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_number_is_read() {
        let number = Virtual::parse(br#"{"main":"+86-12900000000","ext":"0012","until":7}"#).unwrap();
        assert_eq!((number.main, number.ext, number.until), ("+86-12900000000", "0012", 7));
        assert!(Virtual::parse(br#"{"main":"199","ext":"","until":0}"#).is_ok());
        assert_eq!(format!("{number:?}"), "[redacted]");
    }

    #[test]
    fn what_is_no_virtual_number_is_refused() {
        for (defect, json) in [
            ("text", r#"12900000000"#),
            ("array", r#"["199","",0]"#),
            ("missing member", r#"{"main":"199","ext":""}"#),
            ("unknown member", r#"{"main":"199","ext":"","until":0,"name":""}"#),
            ("duplicate member", r#"{"main":"199","main":"199","ext":"","until":0}"#),
            ("letters", r#"{"main":"199a","ext":"","until":0}"#),
            ("an address for a number", r#"{"main":"测试路100号","ext":"","until":0}"#),
            ("letters in the extension", r#"{"main":"199","ext":"1a","until":0}"#),
            ("main too short", r#"{"main":"19","ext":"","until":0}"#),
            ("main too long", r#"{"main":"199000000001990000000","ext":"","until":0}"#),
            ("extension too long", r#"{"main":"199","ext":"123456789","until":0}"#),
            ("until as text", r#"{"main":"199","ext":"","until":"0"}"#),
            ("escape", r#"{"main":"19\u0039","ext":"","until":0}"#),
            ("trailing bytes", r#"{"main":"199","ext":"","until":0} "#),
        ] {
            assert_eq!(Virtual::parse(json.as_bytes()), Err(Malformed), "{defect}");
        }
    }
}
