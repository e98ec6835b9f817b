//! The recipients `r` of a batch: its key, sealed to each of them.

use miandan_core::Code;
use serde::{Deserialize, Deserializer, Serialize};

use crate::encoding::{self, KeyId};
use crate::{limits, strict};

/// The batch key, sealed to one key of a station by HPKE base mode (RFC 9180).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Name of the station's X25519 key.
    pub kid: KeyId,
    /// Encapsulated key.
    #[serde(with = "encoding::bytes")]
    pub enc: [u8; 32],
    /// Batch key, encrypted, with its tag.
    #[serde(with = "encoding::bytes")]
    pub wk: [u8; 48],
}

/// The recipients of a batch: 1 to 16, each key once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Recipients(Vec<Recipient>);

impl Recipients {
    /// A list of recipients.
    ///
    /// # Errors
    /// [`Code::Malformed`] without recipients or with a key named twice; [`Code::Limit`] beyond 16.
    pub fn new(recipients: Vec<Recipient>) -> Result<Self, Code> {
        if recipients.len() > limits::RECIPIENTS {
            return Err(Code::Limit);
        }
        let twice =
            (1..recipients.len()).any(|at| recipients[..at].iter().any(|r| r.kid == recipients[at].kid));
        if recipients.is_empty() || twice {
            return Err(Code::Malformed);
        }
        Ok(Recipients(recipients))
    }

    /// Reads the text `r` as carried.
    ///
    /// # Errors
    /// [`Code::Malformed`], and see [`Recipients::new`].
    pub fn decode(text: &[u8]) -> Result<Self, Code> {
        struct List(Vec<Recipient>);

        impl<'de> Deserialize<'de> for List {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                strict::objects(deserializer).map(List)
            }
        }

        let json = encoding::from_base64url(text).map_err(|_| Code::Malformed)?;
        let List(recipients) = strict::from_slice(&json).map_err(|_| Code::Malformed)?;
        Recipients::new(recipients)
    }

    /// The recipient with this key.
    #[must_use]
    pub fn find(&self, key: KeyId) -> Option<&Recipient> {
        self.0.iter().find(|recipient| recipient.kid == key)
    }

    /// Every recipient, in the order in which they are listed.
    pub fn iter(&self) -> impl Iterator<Item = &Recipient> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::to_base64url;

    fn list(count: u8) -> String {
        let recipients: Vec<Recipient> = (0..count)
            .map(|at| Recipient { kid: KeyId::of(&[at; 32]), enc: [at; 32], wk: [at; 48] })
            .collect();
        serde_json::to_string(&recipients).unwrap()
    }

    fn decode(json: &str) -> Result<Recipients, Code> {
        Recipients::decode(to_base64url(json.as_bytes()).as_bytes())
    }

    #[test]
    fn recipients_are_found() {
        let recipients = decode(&list(16)).unwrap();
        assert_eq!(recipients.iter().count(), 16);
        assert_eq!(recipients.find(KeyId::of(&[3; 32])).unwrap().wk, [3; 48]);
        assert_eq!(recipients.find(KeyId::of(&[16; 32])), None);
    }

    #[test]
    fn broken_lists_are_refused() {
        let one = list(1);
        let object = &one[1..one.len() - 1];
        for (defect, json, code) in [
            ("no recipient", "[]".to_owned(), Code::Malformed),
            ("17 recipients", list(17), Code::Limit),
            ("a key named twice", format!("[{object},{object}]"), Code::Malformed),
            ("unknown member", one.replace(r#"{"#, r#"{"x":1,"#), Code::Malformed),
            ("duplicate member", one.replace(r#"}"#, r#","kid":"0011223344556677"}"#), Code::Malformed),
            ("recipient as array", one.replace('{', "[").replace('}', "]"), Code::Malformed),
            ("object for the list", object.to_owned(), Code::Malformed),
            ("trailing bytes", one.clone() + " ", Code::Malformed),
            ("enc too long", one.replace(r#""enc":""#, r#""enc":"AAAA"#), Code::Malformed),
            ("wk too long", one.replace(r#""wk":""#, r#""wk":"AAAA"#), Code::Malformed),
        ] {
            assert_eq!(decode(&json).err(), Some(code), "{defect}");
        }
        assert_eq!(Recipients::decode(b"!").err(), Some(Code::Malformed));
    }
}
