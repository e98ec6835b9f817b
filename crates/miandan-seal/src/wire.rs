//! The sealed order as it is carried: one JSON object, taken apart without being copied.

use std::fmt;

use miandan_core::Code;
use miandan_core::field::FieldId;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::encoding::{Hash, append_base64url, array_from_base64url, decoded_length, is_base64url, sha256};
use crate::header::{FieldIds, FieldTypes};
use crate::{limits, strict};

/// The version of the format.
pub const VERSION: &str = "MSO1";

/// What stands before a sealed order in `encryptedData` on the WebSocket; base64url of the object follows.
pub const PREFIX: &str = "MSO1:";

/// One sealed order. Its parts are texts of the input; what is hashed and signed is these texts, as carried.
///
/// Reading one checks its size and outer shape only. `Debug` shows sizes, not content.
pub struct SealedOrder<'a> {
    batch_header: &'a [u8],
    recipients: &'a [u8],
    signature: &'a [u8],
    order_header: &'a [u8],
    fields: &'a [u8],
    path: Vec<Hash>,
    size: usize,
}

impl<'a> SealedOrder<'a> {
    /// Reads one object. Nothing may stand before or after it, not even the end of the line.
    ///
    /// The headers, the recipients and the fields stay base64url: [`BatchHeader`](crate::header::BatchHeader),
    /// [`Recipients`](crate::recipients::Recipients), [`OrderHeader`](crate::header::OrderHeader) and
    /// [`SealedOrder::ciphertexts`] read them.
    ///
    /// # Errors
    /// [`Code::Limit`] beyond 64 KiB or 20 hashes; [`Code::Malformed`].
    pub fn parse(object: &'a [u8]) -> Result<Self, Code> {
        // Bytes, not text: what is no base64url is found when it is decoded, so the parser need not look for UTF-8.
        // Borrowed, so a text written with escapes is refused; base64url has nothing to escape.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Members<'a> {
            v: &'a [u8],
            b: &'a [u8],
            r: &'a [u8],
            s: &'a [u8],
            h: &'a [u8],
            f: &'a [u8],
            p: Path,
        }

        if object.len() > limits::ORDER {
            return Err(Code::Limit);
        }
        let Members { v, b, r, s, h, f, p: Path(path) } =
            strict::from_slice(object).map_err(|_| Code::Malformed)?;
        if v != VERSION.as_bytes() {
            return Err(Code::Malformed);
        }
        if path.len() > limits::PATH {
            return Err(Code::Limit);
        }
        Ok(SealedOrder {
            batch_header: b,
            recipients: r,
            signature: s,
            order_header: h,
            fields: f,
            path,
            size: object.len(),
        })
    }

    /// The text `b`.
    #[must_use]
    pub fn batch_header(&self) -> &'a [u8] {
        self.batch_header
    }

    /// The text `r`.
    #[must_use]
    pub fn recipients(&self) -> &'a [u8] {
        self.recipients
    }

    /// The text `h`.
    #[must_use]
    pub fn order_header(&self) -> &'a [u8] {
        self.order_header
    }

    /// The text `s`.
    #[must_use]
    pub fn signature_text(&self) -> &'a [u8] {
        self.signature
    }

    /// The issuer's signature, `s` decoded.
    ///
    /// # Errors
    /// [`Code::Malformed`].
    pub fn signature(&self) -> Result<[u8; 64], Code> {
        array_from_base64url(self.signature).map_err(|_| Code::Malformed)
    }

    /// The Merkle path, `p`, nearest sibling first.
    #[must_use]
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// Size of the object, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// `SHA-256(h)`, over the text as carried.
    #[must_use]
    pub fn order_header_hash(&self) -> Hash {
        sha256(self.order_header)
    }

    /// `SHA-256(f)`, over the text as carried.
    #[must_use]
    pub fn fields_hash(&self) -> Hash {
        sha256(self.fields)
    }

    /// Reads `f`, which must have the fields that the order header names and no other.
    ///
    /// `buffer` is replaced by the decoded text.
    ///
    /// # Errors
    /// [`Code::Malformed`]; [`Code::Limit`] for a field beyond 4 KiB.
    pub fn ciphertexts<'b>(
        &self,
        types: &FieldTypes,
        buffer: &'b mut Vec<u8>,
    ) -> Result<Ciphertexts<'b>, Code> {
        buffer.clear();
        append_base64url(self.fields, buffer).map_err(|_| Code::Malformed)?;
        let texts: Ciphertexts<'b> = strict::from_slice(buffer).map_err(|_| Code::Malformed)?;
        for &id in FieldId::ALL {
            match (texts.text(id), types.kind(id)) {
                (Some(text), Some(_)) if decoded_length(text) > limits::FIELD => return Err(Code::Limit),
                (Some(text), Some(_)) if is_base64url(text) => {}
                (None, None) => {}
                _ => return Err(Code::Malformed),
            }
        }
        Ok(texts)
    }
}

impl fmt::Debug for SealedOrder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedOrder").field("size", &self.size).finish_non_exhaustive()
    }
}

/// The encrypted fields of an order, still base64url.
pub struct Ciphertexts<'b>([Option<&'b [u8]>; FieldId::ALL.len()]);

impl<'b> Ciphertexts<'b> {
    /// The ciphertext of a field with its tag, as base64url.
    #[must_use]
    pub fn text(&self, id: FieldId) -> Option<&'b [u8]> {
        self.0[id as usize]
    }

    /// Appends the ciphertext of a field with its tag.
    ///
    /// # Errors
    /// [`strict::Malformed`] if the order does not have the field or its text is not base64url.
    pub fn append(&self, id: FieldId, bytes: &mut Vec<u8>) -> Result<(), strict::Malformed> {
        append_base64url(self.text(id).ok_or(strict::Malformed)?, bytes)
    }
}

impl<'de> Deserialize<'de> for Ciphertexts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Ciphertexts<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("field ids and ciphertexts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut texts = [None; FieldId::ALL.len()];
                let mut ids = FieldIds::default();
                while let Some((id, text)) = entries.next_entry::<&str, &[u8]>()? {
                    let id = ids.find(id).map_err(serde::de::Error::custom)?;
                    if texts[id as usize].replace(text).is_some() {
                        return Err(serde::de::Error::custom(strict::Malformed));
                    }
                }
                Ok(Ciphertexts(texts))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

/// The hashes of `p`; one more than allowed stands for any number of them.
struct Path(Vec<Hash>);

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Hashes;

        impl<'de> Visitor<'de> for Hashes {
            type Value = Path;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of hashes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Path, A::Error> {
                let mut path = Vec::with_capacity(8);
                while let Some(text) = texts.next_element::<&[u8]>()? {
                    let hash = array_from_base64url(text).map_err(serde::de::Error::custom)?;
                    if path.len() <= limits::PATH {
                        path.push(hash);
                    }
                }
                Ok(Path(path))
            }
        }

        deserializer.deserialize_seq(Hashes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::check::{VerifiedBatch, without_opening};
    use crate::encoding::to_base64url;
    use crate::header::{BatchHeader, OrderHeader};
    use crate::inspect;
    use crate::recipients::Recipients;

    const HASH: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn object(path: usize) -> String {
        let path = vec![format!("\"{HASH}\""); path].join(",");
        format!(r#"{{"v":"MSO1","b":"AAAA","r":"BBBB","s":"CCCC","h":"DDDD","f":"e30","p":[{path}]}}"#)
    }

    fn refusal(object: &str) -> Option<Code> {
        SealedOrder::parse(object.as_bytes()).err()
    }

    #[test]
    fn parts_are_texts_of_the_input() {
        let object = object(2);
        let order = SealedOrder::parse(object.as_bytes()).unwrap();
        assert_eq!(order.batch_header(), b"AAAA");
        assert_eq!(order.recipients(), b"BBBB");
        assert_eq!(order.order_header(), b"DDDD");
        assert_eq!(order.signature_text(), b"CCCC");
        assert_eq!(order.path(), [[0; 32]; 2]);
        assert_eq!(order.order_header_hash(), sha256(b"DDDD"));
        assert_eq!(order.fields_hash(), sha256(b"e30"));
        assert_eq!(order.size(), object.len());
        assert_eq!(order.signature(), Err(Code::Malformed));
    }

    #[test]
    fn white_space_between_tokens_is_json() {
        assert_eq!(refusal(&object(1).replace(',', " ,\n\t")), None);
    }

    #[test]
    fn broken_objects_are_refused() {
        let good = object(1);
        for (defect, from, to) in [
            ("another version", "MSO1", "MSO2"),
            ("unknown member", r#"{"v""#, r#"{"x":1,"v""#),
            ("duplicate member", r#"{"v""#, r#"{"f":"e30","v""#),
            ("duplicate version", r#"{"v""#, r#"{"v":"MSO1","v""#),
            ("duplicate path", r#"{"v""#, r#"{"p":[],"v""#),
            ("missing member", r#""s":"CCCC","#, ""),
            ("white space before", r#"{"v""#, r#" {"v""#),
            ("white space after", "]}", "]} "),
            ("line end after", "]}", "]}\n"),
            ("second object", "]}", "]}{}"),
            ("byte order mark", r#"{"v""#, "\u{feff}{\"v\""),
            ("escape in a text", "AAAA", r"A\u0041AA"),
            ("null", r#""CCCC""#, "null"),
            ("number", r#""CCCC""#, "7"),
            ("deep nesting", r#""CCCC""#, &("[".repeat(100) + &"]".repeat(100))),
            ("path as text", &format!("[\"{HASH}\"]"), &format!("\"{HASH}\"")),
            ("hash too short", HASH, &HASH[1..]),
            ("trailing bits of a hash", HASH, &(HASH[..42].to_owned() + "B")),
            ("null in the path", &format!("\"{HASH}\""), "null"),
            ("trailing comma", "]}", "],}"),
            ("unclosed", "]}", "]"),
        ] {
            let broken = good.replacen(from, to, 1);
            assert_ne!(broken, good, "{defect}");
            assert_eq!(refusal(&broken), Some(Code::Malformed), "{defect}");
        }
        assert_eq!(refusal(""), Some(Code::Malformed));
        assert_eq!(refusal(r#"["MSO1","AAAA","BBBB","CCCC","DDDD","e30",[]]"#), Some(Code::Malformed));
        let mut invalid = good.into_bytes();
        let at = invalid.iter().position(|&byte| byte == b'D').unwrap();
        invalid[at] = 0xff;
        let order = SealedOrder::parse(&invalid).expect("what is no base64url is found when it is decoded");
        assert_eq!(OrderHeader::decode(order.order_header()).err(), Some(Code::Malformed));
    }

    #[test]
    fn limits() {
        assert_eq!(refusal(&object(20)), None);
        assert_eq!(refusal(&object(21)), Some(Code::Limit));
        assert_eq!(refusal(&object(1000)), Some(Code::Limit));
        let sized = |size: usize| object(0).replace("AAAA", &"A".repeat(size - object(0).len() + 4));
        assert_eq!(refusal(&sized(limits::ORDER)), None);
        assert_eq!(refusal(&sized(limits::ORDER + 1)), Some(Code::Limit));
    }

    fn ciphertexts(json: &str, fields: &[FieldId]) -> Result<Option<Vec<u8>>, Code> {
        let object = object(0).replace("e30", &to_base64url(json.as_bytes()));
        let mut types = FieldTypes::default();
        for &id in fields {
            types.insert(id, id.types()[0]).unwrap();
        }
        let order = SealedOrder::parse(object.as_bytes()).unwrap();
        let mut buffer = b"left over".to_vec();
        let ciphertexts = order.ciphertexts(&types, &mut buffer)?;
        Ok(fields.first().map(|&id| {
            let mut bytes = Vec::new();
            ciphertexts.append(id, &mut bytes).unwrap();
            bytes
        }))
    }

    #[test]
    fn fields_are_those_of_the_header() {
        use FieldId::{RecipientName, SenderName};
        let name = r#"{"recipient.name":"AAEC"}"#;
        assert_eq!(ciphertexts(name, &[RecipientName]), Ok(Some(vec![0, 1, 2])));
        assert_eq!(ciphertexts("{}", &[]), Ok(None));
        let malformed = Err(Code::Malformed);
        assert_eq!(ciphertexts(name, &[]), malformed, "a field that the header does not name");
        assert_eq!(ciphertexts(name, &[RecipientName, SenderName]), malformed, "a field missing");
        for (defect, json) in [
            ("unknown field", r#"{"recipient.nick":"AAEC"}"#),
            ("duplicate field", r#"{"recipient.name":"AAEC","recipient.name":"AAEC"}"#),
            ("trailing bits", r#"{"recipient.name":"AAF"}"#),
            ("padding", r#"{"recipient.name":"AAE="}"#),
            ("null", r#"{"recipient.name":null}"#),
            ("array", r#"["AAEC"]"#),
            ("trailing bytes", r#"{"recipient.name":"AAEC"}x"#),
        ] {
            assert_eq!(ciphertexts(json, &[RecipientName]), malformed, "{defect}");
        }
        let long = |bytes: usize| format!(r#"{{"recipient.name":"{}"}}"#, to_base64url(&vec![0; bytes]));
        assert!(ciphertexts(&long(limits::FIELD), &[RecipientName]).is_ok());
        assert_eq!(ciphertexts(&long(limits::FIELD + 1), &[RecipientName]), Err(Code::Limit));
    }

    /// Everything that a host does with foreign bytes.
    fn read(bytes: &[u8]) {
        let _ = inspect(bytes);
        let _ = without_opening(bytes, &Default::default(), &Default::default(), &Default::default(), 0);
        if let Ok(order) = SealedOrder::parse(bytes) {
            let _ = VerifiedBatch::verify(&order, &Default::default());
        }
        let _ = BatchHeader::decode(bytes);
        let _ = Recipients::decode(bytes);
        let _ = OrderHeader::decode(bytes);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            read(&bytes);
        }

        #[test]
        fn arbitrary_members_never_panic(parts in prop::collection::vec(".{0,60}", 7)) {
            let json: Vec<String> = parts.iter().map(|part| to_base64url(part.as_bytes())).collect();
            let object = format!(
                r#"{{"v":"MSO1","b":"{}","r":"{}","s":"{}","h":"{}","f":"{}","p":["{}"]}}"#,
                json[1], json[2], json[3], json[4], json[5], json[6]
            );
            read(object.as_bytes());
        }

        #[test]
        fn mutated_objects_never_panic(
            cuts in prop::collection::vec((0..400_usize, any::<u8>(), 0..3_u8), 1..8),
        ) {
            let mut bytes = object(3).into_bytes();
            for (at, byte, how) in cuts {
                let at = at % bytes.len();
                match how {
                    0 => bytes[at] = byte,
                    1 => bytes.insert(at, byte),
                    _ if bytes.len() > 1 => drop(bytes.remove(at)),
                    _ => {}
                }
            }
            read(&bytes);
        }
    }
}
