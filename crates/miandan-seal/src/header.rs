//! The two signed headers of an order: what its batch shares, and what is its own.

use std::fmt;

use miandan_core::Code;
use miandan_core::field::{FieldId, FieldSet, FieldType};
use miandan_core::masking::{Masking, ShownAddress, ShownName, ShownPhone};
use miandan_core::order::{Consent, Item, Parcel, Routing};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::encoding::{self, Hash, KeyId};
use crate::signature::SUITE;
use crate::{limits, shape, strict};

/// The only purpose there is.
pub const PURPOSE_PRINT: &str = "print";

/// The batch header `b`: the same in every order of a batch.
///
/// A value of this type has been read, which says nothing about who wrote it; see
/// [`VerifiedBatch`](crate::check::VerifiedBatch).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchHeader {
    /// Cipher suite; [`SUITE`] once read.
    pub suite: u16,
    /// Id of the issuer.
    pub iss: String,
    /// Name of the key that the issuer signed with.
    pub ikid: KeyId,
    /// Id of the batch, 16 random bytes.
    #[serde(with = "encoding::bytes")]
    pub jti: [u8; 16],
    /// When it was sealed, in seconds since 1970 (UTC).
    pub iat: u64,
    /// From when on it may be printed, in seconds since 1970 (UTC).
    pub nbf: u64,
    /// Until when it may be printed, in seconds since 1970 (UTC); at most 30 days after `iat`.
    pub exp: u64,
    /// Id of the merchant for whom it is printed.
    pub aud: String,
    /// Station or group that alone may print it; any recipient may if absent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    pub stn: Option<String>,
    /// What it was sealed for: [`PURPOSE_PRINT`].
    pub pur: String,
    /// What stays readable of the personal fields; [`Masking::DEFAULT`] if absent.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "mask")]
    pub mask: Option<Masking>,
    /// Orders in the batch, 1 to 2²⁰.
    pub n: u32,
    /// Root of the Merkle tree over the orders.
    #[serde(with = "encoding::bytes")]
    pub root: Hash,
}

impl BatchHeader {
    /// Reads the text `b` as carried.
    ///
    /// # Errors
    /// [`Code::Malformed`]; [`Code::Limit`] beyond 4 KiB, 2²⁰ orders or 30 days;
    /// [`Code::UnsupportedSuite`].
    pub fn decode(text: &[u8]) -> Result<Self, Code> {
        let header: BatchHeader = decode(text, limits::BATCH_HEADER)?;
        if header.suite != SUITE {
            return Err(Code::UnsupportedSuite);
        }
        let named = is_identifier(&header.iss)
            && is_identifier(&header.aud)
            && header.stn.as_deref().is_none_or(is_identifier);
        if !named || header.n == 0 || header.exp <= header.nbf.max(header.iat) {
            return Err(Code::Malformed);
        }
        if header.n > limits::BATCH || header.exp - header.iat > limits::LIFETIME {
            return Err(Code::Limit);
        }
        Ok(header)
    }

    /// What stays readable of the personal fields.
    #[must_use]
    pub fn masking(&self) -> Masking {
        self.mask.unwrap_or_default()
    }
}

/// The order header `h`: everything about one order that is not personal.
///
/// Its `Debug` leaves out the memo and the goods.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderHeader {
    /// Index in the batch, less than its `n`.
    pub i: u32,
    /// Id of the batch.
    #[serde(with = "encoding::bytes")]
    pub jti: [u8; 16],
    /// Order id.
    pub ord: String,
    /// Payment id.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    pub pay: Option<String>,
    /// Waybill number.
    pub wbn: String,
    /// Carrier code, e.g. `YTO`.
    pub cp: String,
    /// Where the parcel is sorted to.
    #[serde(default, skip_serializing_if = "shape::is_default", with = "shape::routing")]
    pub routing: Routing,
    /// Name of the service, empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service: String,
    /// The parcel.
    #[serde(default, skip_serializing_if = "shape::is_default", with = "shape::parcel")]
    pub parcel: Parcel,
    /// The goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "shape::items")]
    pub items: Vec<Item>,
    /// The merchant's note, empty if none. People put phones into it, so it is masked before it is printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// Equal for parcels of one consignee, opaque to everybody but the issuer.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "encoding::optional_bytes")]
    pub mrg: Option<[u8; 16]>,
    /// What the person agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "shape::consent")]
    pub consent: Option<Consent>,
    /// How often it may be printed; any number of times if absent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "strict::present")]
    pub max: Option<u32>,
    /// The personal fields that it has and their types.
    pub fields: FieldTypes,
}

impl OrderHeader {
    /// Reads the text `h` as carried.
    ///
    /// # Errors
    /// [`Code::Malformed`]; [`Code::Limit`] beyond 16 KiB.
    pub fn decode(text: &[u8]) -> Result<Self, Code> {
        let header: OrderHeader = decode(text, limits::ORDER_HEADER)?;
        let named = is_identifier(&header.ord)
            && is_identifier(&header.wbn)
            && is_identifier(&header.cp)
            && header.pay.as_deref().is_none_or(is_identifier)
            && header.consent.as_ref().is_none_or(|consent| is_identifier(&consent.reference));
        if named { Ok(header) } else { Err(Code::Malformed) }
    }
}

impl fmt::Debug for OrderHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderHeader")
            .field("i", &self.i)
            .field("ord", &self.ord)
            .field("wbn", &self.wbn)
            .field("cp", &self.cp)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

/// The personal fields of an order and their types, as signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldTypes([Option<FieldType>; FieldId::ALL.len()]);

impl FieldTypes {
    /// The type of a field, if the order has it.
    #[must_use]
    pub fn kind(&self, id: FieldId) -> Option<FieldType> {
        self.0[id as usize]
    }

    /// Adds a field.
    ///
    /// # Errors
    /// [`strict::Malformed`] if the field is there already or may not have this type.
    pub fn insert(&mut self, id: FieldId, kind: FieldType) -> Result<(), strict::Malformed> {
        if self.0[id as usize].is_some() || !id.allows(kind) {
            return Err(strict::Malformed);
        }
        self.0[id as usize] = Some(kind);
        Ok(())
    }

    /// The fields and their types, in the order of the format.
    pub fn iter(&self) -> impl Iterator<Item = (FieldId, FieldType)> {
        FieldId::ALL.iter().filter_map(|&id| Some((id, self.kind(id)?)))
    }

    /// The fields.
    #[must_use]
    pub fn ids(&self) -> FieldSet {
        self.iter().map(|(id, _)| id).collect()
    }
}

impl Serialize for FieldTypes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (id, kind) in self.iter() {
            map.serialize_entry(id.as_str(), kind.as_str())?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for FieldTypes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Types;

        impl<'de> Visitor<'de> for Types {
            type Value = FieldTypes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("field ids and types")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<FieldTypes, A::Error> {
                let mut types = FieldTypes::default();
                let mut ids = FieldIds::default();
                while let Some((id, kind)) = entries.next_entry::<&str, &str>()? {
                    let id = ids.find(id).map_err(serde::de::Error::custom)?;
                    let kind = kind.parse().map_err(serde::de::Error::custom)?;
                    types.insert(id, kind).map_err(serde::de::Error::custom)?;
                }
                Ok(types)
            }
        }

        deserializer.deserialize_map(Types)
    }
}

/// Finds field ids by their names. They come in the order of the format from every sealer that we know, so the search
/// begins after the id found last; in another order they are found as well.
#[derive(Default)]
pub(crate) struct FieldIds(usize);

impl FieldIds {
    pub(crate) fn find(&mut self, name: &str) -> Result<FieldId, strict::Malformed> {
        let (before, after) = FieldId::ALL.split_at(self.0);
        let found = after.iter().chain(before).copied().find(|id| id.as_str() == name);
        let id = found.ok_or(strict::Malformed)?;
        self.0 = id as usize + 1;
        Ok(id)
    }
}

/// Whether a text can name something: not empty, and without control characters, which would let an order write
/// over the terminal or the log that shows its number.
pub(crate) fn is_identifier(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

fn decode<T: for<'de> Deserialize<'de>>(text: &[u8], limit: usize) -> Result<T, Code> {
    if encoding::decoded_length(text) > limit {
        return Err(Code::Limit);
    }
    let json = encoding::from_base64url(text).map_err(|_| Code::Malformed)?;
    strict::from_slice(&json).map_err(|_| Code::Malformed)
}

/// For `#[serde(with)]`: the masking that an issuer signed.
mod mask {
    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Words<'a> {
        #[serde(
            borrow,
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "strict::present"
        )]
        name: Option<&'a str>,
        #[serde(
            borrow,
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "strict::present"
        )]
        phone: Option<&'a str>,
        #[serde(
            borrow,
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "strict::present"
        )]
        address: Option<&'a str>,
    }

    pub(super) fn serialize<S: Serializer>(mask: &Option<Masking>, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(mask) = mask else { return serializer.serialize_none() };
        Words {
            name: Some(mask.name.as_str()),
            phone: Some(mask.phone.as_str()),
            address: Some(mask.address.as_str()),
        }
        .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Masking>, D::Error> {
        fn word<T, E: serde::de::Error>(
            word: Option<&str>,
            default: T,
            read: fn(&str) -> Option<T>,
        ) -> Result<T, E> {
            word.map_or(Some(default), read).ok_or_else(|| E::custom(strict::Malformed))
        }

        let words: Words<'_> = strict::object(deserializer)?;
        Ok(Some(Masking {
            name: word(words.name, Masking::DEFAULT.name, ShownName::from_word)?,
            phone: word(words.phone, Masking::DEFAULT.phone, ShownPhone::from_word)?,
            address: word(words.address, Masking::DEFAULT.address, ShownAddress::from_word)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::to_base64url;

    const BATCH: &str = r#"{"suite":1,"iss":"platform","ikid":"0011223344556677","jti":"AAAAAAAAAAAAAAAAAAAAAA","iat":1000,"nbf":1000,"exp":2000,"aud":"shop","stn":"S1","pur":"print","mask":{"name":"none","phone":"tail2","address":"digits"},"n":1,"root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    const ORDER: &str = r#"{"i":0,"jti":"AAAAAAAAAAAAAAAAAAAAAA","ord":"o1","pay":"p1","wbn":"w1","cp":"YTO","routing":{"code":"356"},"service":"标准快递","parcel":{"weight_g":7,"index":1,"count":2},"items":[{"name":"书","sku":"B","count":3}],"memo":"m","mrg":"AAAAAAAAAAAAAAAAAAAAAA","consent":{"ref":"c1","epoch":3},"max":2,"fields":{"recipient.name":"name","recipient.phone":"landline"}}"#;
    const LEAST: &str =
        r#"{"i":0,"jti":"AAAAAAAAAAAAAAAAAAAAAA","ord":"o1","wbn":"w1","cp":"YTO","fields":{}}"#;

    fn batch(json: &str) -> Result<BatchHeader, Code> {
        BatchHeader::decode(to_base64url(json.as_bytes()).as_bytes())
    }

    fn order(json: &str) -> Result<OrderHeader, Code> {
        OrderHeader::decode(to_base64url(json.as_bytes()).as_bytes())
    }

    #[test]
    fn headers_go_both_ways() {
        assert_eq!(serde_json::to_string(&batch(BATCH).unwrap()).unwrap(), BATCH);
        for json in [ORDER, LEAST] {
            assert_eq!(serde_json::to_string(&order(json).unwrap()).unwrap(), json);
        }
    }

    #[test]
    fn masking_is_the_default_unless_signed() {
        let mask = r#","mask":{"name":"none","phone":"tail2","address":"digits"}"#;
        assert_eq!(batch(&BATCH.replace(mask, "")).unwrap().masking(), Masking::DEFAULT);
        let part = batch(&BATCH.replace(mask, r#","mask":{"address":"full"}"#)).unwrap().masking();
        assert_eq!(part, Masking { address: ShownAddress::Full, ..Masking::DEFAULT });
    }

    #[test]
    fn broken_batch_headers_are_refused() {
        for (defect, from, to, code) in [
            ("unknown member", "{", r#"{"x":1,"#, Code::Malformed),
            ("duplicate member", "{", r#"{"n":1,"#, Code::Malformed),
            ("unknown word of a mask", "tail2", "tail5", Code::Malformed),
            ("mask may not show a whole name", r#""none""#, r#""full""#, Code::Malformed),
            ("unknown member of a mask", r#""name":"#, r#""buyer":"#, Code::Malformed),
            ("duplicate member of a mask", r#""mask":{"#, r#""mask":{"name":"none","#, Code::Malformed),
            ("null", r#""S1""#, "null", Code::Malformed),
            ("member missing", r#""iat":1000,"#, "", Code::Malformed),
            ("empty issuer", "platform", "", Code::Malformed),
            ("empty station", "S1", "", Code::Malformed),
            ("control character in the merchant", "shop", r"sh\u001b", Code::Malformed),
            ("key id in capitals", "0011223344556677", "001122334455667F", Code::Malformed),
            ("jti too short", r#""AAAAAAAAAAAAAAAAAAAAAA""#, r#""AAAAAAAAAAAAAAAAAAAA""#, Code::Malformed),
            ("no orders", r#""n":1"#, r#""n":0"#, Code::Malformed),
            ("too many orders", r#""n":1"#, r#""n":1048577"#, Code::Limit),
            ("negative", r#""n":1"#, r#""n":-1"#, Code::Malformed),
            ("expiry before start", r#""exp":2000"#, r#""exp":1000"#, Code::Malformed),
            ("expiry too far", r#""exp":2000"#, r#""exp":2593001"#, Code::Limit),
            ("another suite", r#""suite":1"#, r#""suite":257"#, Code::UnsupportedSuite),
        ] {
            let json = BATCH.replacen(from, to, 1);
            assert_ne!(json, BATCH, "{defect}");
            assert_eq!(batch(&json).err(), Some(code), "{defect}");
        }
        assert!(batch(&BATCH.replace(r#""exp":2000"#, r#""exp":2593000"#)).is_ok(), "30 days to the second");
        assert!(batch(&BATCH.replace(r#""n":1"#, r#""n":1048576"#)).is_ok());
        let long = |length: usize| BATCH.replace("platform", &"x".repeat(8 + length - BATCH.len()));
        assert!(batch(&long(limits::BATCH_HEADER)).is_ok());
        assert_eq!(batch(&long(limits::BATCH_HEADER + 1)).err(), Some(Code::Limit));
    }

    #[test]
    fn broken_order_headers_are_refused() {
        for (defect, from, to) in [
            ("unknown member", "{", r#"{"x":1,"#),
            ("duplicate member", "{", r#"{"i":0,"#),
            ("unknown member of routing", r#""code""#, r#""kode""#),
            ("duplicate member of routing", r#""code":"356""#, r#""code":"356","code":"356""#),
            ("unknown member of parcel", r#""index""#, r#""indeks""#),
            ("duplicate member of parcel", r#""index":1"#, r#""index":1,"index":1"#),
            ("unknown member of an item", r#""sku""#, r#""name ""#),
            ("duplicate member of an item", r#""sku":"B""#, r#""sku":"B","sku":"B""#),
            ("item as array", r#"{"name":"书","sku":"B","count":3}"#, r#"["书","B",3]"#),
            ("unknown member of consent", r#""epoch":3"#, r#""epoch":3,"x":0"#),
            ("duplicate member of consent", r#""epoch":3"#, r#""epoch":3,"epoch":3"#),
            ("consent without epoch", r#","epoch":3"#, ""),
            ("unknown field", "recipient.name", "recipient.nick"),
            ("field twice", "recipient.phone\":\"landline", "recipient.name\":\"name"),
            ("unknown type", r#":"name""#, r#":"nick""#),
            ("type of another field", r#""landline""#, r#""virtual""#),
            ("type that is no text", r#""landline""#, "1"),
            ("empty waybill number", "w1", ""),
            ("control character in the order id", "o1", r"o\n1"),
            ("null", "2,\"fields", "null,\"fields"),
            ("mrg too long", r#""mrg":"AAAAAAAAAAAAAAAAAAAAAA"#, r#""mrg":"AAAAAAAAAAAAAAAAAAAAAAAA"#),
            ("trailing bytes", "landline\"}}", "landline\"}}x"),
            ("trailing line end", "landline\"}}", "landline\"}}\n"),
        ] {
            let json = ORDER.replacen(from, to, 1);
            assert_ne!(json, ORDER, "{defect}");
            assert_eq!(order(&json).err(), Some(Code::Malformed), "{defect}");
        }
        let long = |length: usize| {
            ORDER.replace(r#""memo":"m""#, &format!(r#""memo":"{}""#, "x".repeat(1 + length - ORDER.len())))
        };
        assert!(order(&long(limits::ORDER_HEADER)).is_ok());
        assert_eq!(order(&long(limits::ORDER_HEADER + 1)).err(), Some(Code::Limit));
        assert_eq!(OrderHeader::decode(&[b'A'; 60_000]).err(), Some(Code::Limit));
    }

    #[test]
    fn field_ids_are_found_in_any_order() {
        let names: Vec<_> = FieldId::ALL.iter().map(|id| id.as_str()).collect();
        for step in [1, 5, 22] {
            let mut ids = FieldIds::default();
            for at in 0..names.len() {
                let at = at * step % names.len();
                assert_eq!(ids.find(names[at]), Ok(FieldId::ALL[at]));
            }
            assert_eq!(ids.find("recipient.nick"), Err(strict::Malformed));
        }
    }

    #[test]
    fn debug_leaves_out_what_people_write() {
        let shown = format!("{:?}", order(&ORDER.replace(r#""memo":"m""#, r#""memo":"note""#)).unwrap());
        assert!(shown.contains("w1") && !shown.contains("note") && !shown.contains('书'), "{shown}");
    }
}
