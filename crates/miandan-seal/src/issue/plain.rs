//! The plain order: what `miandan seal` reads (`cli.md`, *Plain order*).

use std::fmt;

use miandan_core::field::{FieldId, FieldType};
use miandan_core::order::{Consent, Item, Parcel, Routing};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::phone::phone_type;
use crate::{shape, strict};

/// Personal text. `Debug` does not show it; it is wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Personal(Zeroizing<String>);

impl Personal {
    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing but white space.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl From<&str> for Personal {
    fn from(text: &str) -> Self {
        Personal(Zeroizing::new(text.to_owned()))
    }
}

impl From<String> for Personal {
    fn from(text: String) -> Self {
        Personal(Zeroizing::new(text))
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "[absent]" } else { "[redacted]" })
    }
}

impl Serialize for Personal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Personal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Personal::from)
    }
}

/// An order before it is sealed. Absent members are empty; empty members are not written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainOrder {
    /// Order id.
    pub order_id: String,
    /// Payment id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub payment_id: String,
    /// Waybill number.
    pub waybill_no: String,
    /// Carrier code, e.g. `YTO`.
    pub carrier: String,
    /// To whom it goes.
    #[serde(default, skip_serializing_if = "shape::is_default", deserialize_with = "strict::object")]
    pub recipient: PlainParty,
    /// From whom it comes.
    #[serde(default, skip_serializing_if = "shape::is_default", deserialize_with = "strict::object")]
    pub sender: PlainParty,
    /// Who bought it; sealed, never printed.
    #[serde(default, skip_serializing_if = "shape::is_default", deserialize_with = "strict::object")]
    pub buyer: PlainBuyer,
    /// Where the parcel is sorted to.
    #[serde(default, skip_serializing_if = "shape::is_default", with = "shape::routing")]
    pub routing: Routing,
    /// Name of the service.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service: String,
    /// The parcel.
    #[serde(default, skip_serializing_if = "shape::is_default", with = "shape::parcel")]
    pub parcel: Parcel,
    /// The goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "shape::items")]
    pub items: Vec<Item>,
    /// The merchant's note. It stays clear in the sealed order, like the goods.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub memo: Personal,
    /// What the person agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "shape::consent")]
    pub consent: Option<Consent>,
    /// Any text that parcels of one consignee share. Only a keyed hash of it is sealed.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub merge_key: Personal,
}

/// Recipient or sender of a plain order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainParty {
    /// Name.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub name: Personal,
    /// Organisation; printed whole.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub org: Personal,
    /// Mobile number.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub mobile: Personal,
    /// Other number; sealed as a mobile or a landline by its shape, see [`phone_type`].
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub phone: Personal,
    /// Virtual number.
    #[serde(
        rename = "virtual",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "strict::present"
    )]
    pub virtual_number: Option<PlainVirtual>,
    /// Province.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub province: Personal,
    /// City.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub city: Personal,
    /// District.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub district: Personal,
    /// Town or street office.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub town: Personal,
    /// Rest of the address.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub detail: Personal,
}

/// A virtual number: what is dialled instead of the person's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainVirtual {
    /// Main number: 3 to 20 of digits, `+` and `-`.
    pub main: Personal,
    /// Extension: up to 8 digits, or empty.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub ext: Personal,
    /// Until when it may be printed, in seconds since 1970 (UTC).
    pub until: u64,
}

/// The buyer of a plain order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainBuyer {
    /// Shop or chat name.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub account: Personal,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub email: Personal,
    /// Identity card number.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub idcard: Personal,
}

/// A plain order was refused. Where is said, what is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlainOrderError {
    /// The text is not JSON.
    #[error("not JSON, line {line}, column {column}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
    },
    /// A member is unknown, given twice, missing or of the wrong type.
    #[error("a member is unknown, given twice, missing or of the wrong type, line {line}, column {column}")]
    Shape {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
    },
}

impl PlainOrder {
    /// Reads one plain order. White space around the object is allowed; unknown and duplicate members are refused.
    ///
    /// # Errors
    /// [`PlainOrderError`].
    pub fn parse(json: &[u8]) -> Result<Self, PlainOrderError> {
        let mut parser = serde_json::Deserializer::from_slice(json);
        let order = strict::object(&mut parser).and_then(|order| parser.end().map(|()| order));
        order.map_err(|error: serde_json::Error| {
            let (line, column) = (error.line(), error.column());
            if error.is_data() {
                PlainOrderError::Shape { line, column }
            } else {
                PlainOrderError::Syntax { line, column }
            }
        })
    }

    /// The personal fields that are not empty and the types that they are sealed with, in the order of the format.
    /// A virtual number is there as itself, not as text.
    pub(crate) fn personal(&self) -> impl Iterator<Item = (FieldId, FieldType, Plaintext<'_>)> {
        FieldId::ALL.iter().filter_map(|&id| {
            let text = match self.member(id) {
                Plaintext::Text(text) if text.trim().is_empty() => return None,
                Plaintext::Nothing => return None,
                present => present,
            };
            let kind = match (id, &text) {
                (FieldId::RecipientPhone | FieldId::SenderPhone, Plaintext::Text(number)) => {
                    phone_type(number)
                }
                _ => id.types()[0],
            };
            Some((id, kind, text))
        })
    }

    fn member(&self, id: FieldId) -> Plaintext<'_> {
        let (recipient, sender, buyer) = (&self.recipient, &self.sender, &self.buyer);
        Plaintext::Text(match id {
            FieldId::RecipientName => recipient.name.expose(),
            FieldId::RecipientOrg => recipient.org.expose(),
            FieldId::RecipientMobile => recipient.mobile.expose(),
            FieldId::RecipientPhone => recipient.phone.expose(),
            FieldId::RecipientVirtual => return Plaintext::of_virtual(&recipient.virtual_number),
            FieldId::RecipientProvince => recipient.province.expose(),
            FieldId::RecipientCity => recipient.city.expose(),
            FieldId::RecipientDistrict => recipient.district.expose(),
            FieldId::RecipientTown => recipient.town.expose(),
            FieldId::RecipientDetail => recipient.detail.expose(),
            FieldId::SenderName => sender.name.expose(),
            FieldId::SenderOrg => sender.org.expose(),
            FieldId::SenderMobile => sender.mobile.expose(),
            FieldId::SenderPhone => sender.phone.expose(),
            FieldId::SenderVirtual => return Plaintext::of_virtual(&sender.virtual_number),
            FieldId::SenderProvince => sender.province.expose(),
            FieldId::SenderCity => sender.city.expose(),
            FieldId::SenderDistrict => sender.district.expose(),
            FieldId::SenderTown => sender.town.expose(),
            FieldId::SenderDetail => sender.detail.expose(),
            FieldId::BuyerAccount => buyer.account.expose(),
            FieldId::BuyerEmail => buyer.email.expose(),
            FieldId::BuyerIdCard => buyer.idcard.expose(),
        })
    }
}

/// What a field holds.
pub(crate) enum Plaintext<'a> {
    /// Nothing.
    Nothing,
    /// Text.
    Text(&'a str),
    /// A virtual number.
    Virtual(&'a PlainVirtual),
}

impl<'a> Plaintext<'a> {
    fn of_virtual(number: &'a Option<PlainVirtual>) -> Self {
        number.as_ref().map_or(Plaintext::Nothing, Plaintext::Virtual)
    }

    /// The bytes to be sealed; `None` for a virtual number of another shape than it may have.
    pub(crate) fn to_bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Plaintext::Nothing => None,
            Plaintext::Text(text) => Some(Zeroizing::new(text.as_bytes().to_vec())),
            Plaintext::Virtual(PlainVirtual { main, ext, until }) => {
                let (main, ext) = (main.expose(), ext.expose());
                let dialled = |c: u8| c.is_ascii_digit() || c == b'+' || c == b'-';
                let is_main = (3..=20).contains(&main.len()) && main.bytes().all(dialled);
                let is_extension = ext.len() <= 8 && ext.bytes().all(|c| c.is_ascii_digit());
                (is_main && is_extension).then(|| {
                    // Digits need no escapes.
                    let json = format!(r#"{{"main":"{main}","ext":"{ext}","until":{until}}}"#);
                    Zeroizing::new(json.into_bytes())
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"{"order_id":"o1","payment_id":"p1","waybill_no":"YT0000000000001","carrier":"YTO","recipient":{"name":"测试一","org":"测试公司","mobile":"19900000000","phone":"010-00000000","virtual":{"main":"19900000001","ext":"1234","until":1800000000},"province":"浙江省","city":"杭州市","district":"余杭区","town":"仓前街道","detail":"测试路1号2幢3单元404室"},"sender":{"name":"测试二","phone":"19900000002"},"buyer":{"account":"a","email":"a@example.com","idcard":"0"},"routing":{"code":"356-01-02 F3","sortation":"杭州","consolidation_name":"杭州集包","consolidation_code":"571","origin_name":"上海","origin_code":"210"},"service":"标准快递","parcel":{"weight_g":1200,"index":1,"count":2},"items":[{"name":"书","sku":"B-1","count":3},{"name":"笔"}],"memo":"易碎","consent":{"ref":"c1","epoch":3},"merge_key":"m"}"#;

    #[test]
    fn json_goes_both_ways() {
        let order = PlainOrder::parse(FULL.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&order).unwrap(), FULL);
        let least = r#"{"order_id":"o","waybill_no":"w","carrier":"c"}"#;
        assert_eq!(serde_json::to_string(&PlainOrder::parse(least.as_bytes()).unwrap()).unwrap(), least);
    }

    #[test]
    fn types_follow_ids_and_the_shape_of_phones() {
        let order = PlainOrder::parse(FULL.as_bytes()).unwrap();
        let kind = |wanted| order.personal().find(|(id, ..)| *id == wanted).map(|(_, kind, _)| kind);
        assert_eq!(kind(FieldId::RecipientPhone), Some(FieldType::Landline));
        assert_eq!(kind(FieldId::SenderPhone), Some(FieldType::Mobile));
        assert_eq!(kind(FieldId::RecipientVirtual), Some(FieldType::Virtual));
        assert_eq!(kind(FieldId::SenderVirtual), None);
        assert_eq!(kind(FieldId::SenderTown), None);
        assert!(order.personal().all(|(id, kind, _)| id.allows(kind)));
    }

    #[test]
    fn debug_shows_nothing_personal() {
        let shown = format!("{:?}", PlainOrder::parse(FULL.as_bytes()).unwrap());
        for personal in ["测试", "199", "浙江", "example.com", "易碎"] {
            assert!(!shown.contains(personal), "{personal}");
        }
        assert!(shown.contains("o1") && shown.contains("[redacted]"));
    }

    #[test]
    fn errors_say_where_and_not_what() {
        for (json, shape) in [
            (r#"{"order_id":"o","waybill_no":"w","carrier":"c","recipient":{"name":7}}"#, true),
            (r#"{"order_id":"o","waybill_no":"w","carrier":"c","name":"测试"}"#, true),
            (r#"{"order_id":"o","order_id":"o","waybill_no":"w","carrier":"c"}"#, true),
            (r#"{"order_id":"o","waybill_no":"w"}"#, true),
            (r#"["o","","w","c",{},{},{},{},"",{},[],"",null,""]"#, true),
            (r#"{"order_id":"o","waybill_no":"w","carrier":"c"}}"#, false),
            (r#"{"order_id":"测试"#, false),
        ] {
            let error = PlainOrder::parse(json.as_bytes()).unwrap_err();
            assert_eq!(matches!(error, PlainOrderError::Shape { .. }), shape, "{json}");
            assert!(!error.to_string().contains("测试"));
        }
    }

    #[test]
    fn virtual_numbers_are_digits() {
        let bytes = |main: &str, ext: &str| {
            let number = PlainVirtual { main: main.into(), ext: ext.into(), until: 7 };
            Plaintext::Virtual(&number).to_bytes().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
        };
        assert_eq!(
            bytes("19900000001", "12").as_deref(),
            Some(r#"{"main":"19900000001","ext":"12","until":7}"#)
        );
        assert!(bytes("+86-199", "").is_some());
        for (main, ext) in [("", ""), ("12", ""), ("199\"", ""), ("199", "x"), ("199", "123456789")] {
            assert_eq!(bytes(main, ext), None);
        }
    }
}
