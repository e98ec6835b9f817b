//! A person or shop in clear: the texts of its fields, found by their names, masked by where they stand.

use std::borrow::Cow;

use miandan_core::field::{FieldId, FieldSet};
use miandan_core::masking::Masking;
use miandan_core::pipe::Warnings;
use miandan_core::waybill::Waybill;

use super::ClearError;
use super::json::{self, Json, Object};
use crate::{Outcome, address, free_text, landline, mobile, name};

/// The fields of a side, in the order of the format.
const FIELDS: usize = 10;

/// Whose fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Recipient,
    Sender,
}

impl Side {
    /// The fields of the side.
    pub(super) fn fields(self) -> &'static [FieldId] {
        let first = match self {
            Side::Recipient => FieldId::RecipientName,
            Side::Sender => FieldId::SenderName,
        };
        let first = first as usize;
        FieldId::ALL.get(first..first + FIELDS).unwrap_or(&[])
    }
}

/// The sender that a client sends beside an order (`addData`), in any of the shapes in use.
///
/// | shape | of |
/// |---|---|
/// | `{"sender":{"name","mobile","phone","address":{"province","city","district","town","detail"}}}` | Cainiao, Pinduoduo |
/// | `{"sender":{"name","mobile","phone","address":"one text"}}` | JD, WeChat |
/// | `{"senderInfo":{"contact":{"name","mobile"},"address":{"provinceName","cityName","districtName","streetName","detailAddress"}}}` | Douyin, Kuaishou |
///
/// Other names are passed over, numbers are texts, `null` and an empty text are nothing. It has no `Debug`.
pub struct Sender<'b>(Party<'b>);

impl<'b> Sender<'b> {
    /// The fields that it stands for. An order beside which there is a sender need not have them opened.
    #[must_use]
    pub fn fields() -> FieldSet {
        Side::Sender.fields().iter().copied().collect()
    }

    /// Reads the object that a client sent.
    ///
    /// # Errors
    /// [`ClearError::Malformed`] also if it has no sender, or two; [`ClearError::Limit`].
    pub fn read(json: &'b [u8]) -> Result<Self, ClearError> {
        let mut object = json::read(json)?.object()?;
        match (object.take("sender"), object.take("senderInfo")) {
            (Some(sender), None) => Party::usual(sender.object()?).map(Sender),
            (None, Some(sender)) => Party::of_shop(sender.object()?).map(Sender),
            _ => Err(ClearError::Malformed),
        }
    }

    /// Masks those of its fields that are named and puts them into a waybill, in which the others become empty.
    pub fn mask_into(
        &self,
        named: FieldSet,
        masking: &Masking,
        waybill: &mut Waybill,
        warnings: &mut Warnings,
    ) {
        waybill.sender = miandan_core::waybill::MaskedParty::default();
        self.0.mask_into(Side::Sender, named, masking, waybill, warnings);
    }
}

/// The texts of a party in the order of [`Side::fields`].
#[derive(Default)]
pub(super) struct Party<'b>([Option<Cow<'b, str>>; FIELDS]);

impl<'b> Party<'b> {
    /// In the words of Cainiao's data. An address that is one text is the rest of an address: all of it may be a door.
    pub(super) fn usual(mut object: Object<'b>) -> Result<Self, ClearError> {
        let mut address = match object.take("address") {
            None => Object::default(),
            Some(Json::Text(whole)) => Object(vec![("detail".into(), Json::Text(whole))]),
            Some(parts) => parts.object()?,
        };
        Ok(Party([
            object.text("name")?,
            object.text("org")?,
            object.text("mobile")?,
            object.text("phone")?,
            object.text("virtual")?,
            address.text("province")?,
            address.text("city")?,
            address.text("district")?,
            address.text("town")?,
            address.text("detail")?,
        ]))
    }

    /// In the words of Douyin's and Kuaishou's.
    fn of_shop(mut object: Object<'b>) -> Result<Self, ClearError> {
        let mut contact = object.object("contact")?;
        let mut address = object.object("address")?;
        Ok(Party([
            contact.text("name")?,
            None,
            contact.text("mobile")?,
            contact.text("phone")?,
            None,
            address.text("provinceName")?,
            address.text("cityName")?,
            address.text("districtName")?,
            address.text("streetName")?,
            address.text("detailAddress")?,
        ]))
    }

    /// Which of the fields of a side it has.
    pub(super) fn has(&self, side: Side) -> FieldSet {
        let fields = side.fields().iter().zip(&self.0);
        fields.filter(|(_, text)| text.is_some()).map(|(&id, _)| id).collect()
    }

    pub(super) fn mask_into(
        &self,
        side: Side,
        named: FieldSet,
        masking: &Masking,
        waybill: &mut Waybill,
        warnings: &mut Warnings,
    ) {
        for (place, (&id, text)) in side.fields().iter().zip(&self.0).enumerate() {
            let Some(text) = text.as_deref().filter(|_| named.contains(id)) else { continue };
            let outcome = unsigned(place, text, masking);
            outcome.warning.into_iter().for_each(|warning| warnings.set(id, warning));
            if let Some(field) = waybill.masked_mut(id) {
                *field = outcome.text;
            }
        }
    }
}

/// Masks a text that no issuer has signed a type for. What an order prints whole because its issuer vouches for it (a region,
/// an organisation, a virtual number) is not believed here.
fn unsigned(place: usize, text: &str, masking: &Masking) -> Outcome {
    match place {
        0 => name(text, masking.name),
        2 | 4 => mobile(text, masking.phone),
        3 => landline(text, masking.phone),
        9 => address(text, masking.address),
        _ => free_text(text),
    }
}

#[cfg(test)]
mod tests {
    use miandan_core::masking::{ShownAddress, ShownName, ShownPhone, Warning};

    use super::*;

    /// Every field of the sender, masked.
    fn sender(json: &str, masking: &Masking) -> Result<[String; FIELDS], ClearError> {
        let (mut waybill, mut warnings) = (Waybill::default(), Warnings::NONE);
        Sender::read(json.as_bytes())?.mask_into(Sender::fields(), masking, &mut waybill, &mut warnings);
        assert_eq!(waybill.recipient, miandan_core::waybill::MaskedParty::default());
        let mut fields = Side::Sender.fields().iter();
        Ok(std::array::from_fn(|_| {
            let field = fields.next().and_then(|&id| waybill.masked_mut(id));
            field.map(|text| text.as_str().to_owned()).unwrap_or_default()
        }))
    }

    const WHOLE: [&str; FIELDS] = [
        "谭*",
        "",
        "*******5510",
        "020-******7",
        "",
        "广东省",
        "广州市",
        "天河区",
        "石牌街道",
        "体育西路9999号2栋***室",
    ];

    #[test]
    fn every_shape_gives_the_same() {
        let masking = &Masking::DEFAULT;
        let usual = r#"{"sender":{"name":"谭明","mobile":17000005510,"phone":"020-1234567","x":[1],
            "address":{"province":"广东省","city":"广州市","district":"天河区","town":"石牌街道","detail":"体育西路9999号2栋301室","y":{}}},"z":0}"#;
        assert_eq!(
            sender(usual, masking).as_ref().map(|texts| texts.each_ref().map(String::as_str)),
            Ok(WHOLE)
        );
        let shop = r#"{"senderInfo":{"contact":{"name":"谭明","mobile":"17000005510","phone":"020-1234567"},
            "address":{"countryCode":"CHN","provinceName":"广东省","cityName":"广州市","districtName":"天河区","streetName":"石牌街道","detailAddress":"体育西路9999号2栋301室"}}}"#;
        assert_eq!(sender(shop, masking), sender(usual, masking));
        let one = r#"{"sender":{"name":null,"address":"广东省广州市天河区体育西路9999号2栋301室"}}"#;
        let expected = ["", "", "", "", "", "", "", "", "", "广东省广州市天河区体育西路9999号2栋***室"];
        assert_eq!(
            sender(one, masking).as_ref().map(|texts| texts.each_ref().map(String::as_str)),
            Ok(expected)
        );
    }

    #[test]
    fn the_masking_of_the_order_holds() {
        let strict =
            Masking { name: ShownName::None, phone: ShownPhone::None, address: ShownAddress::Detail };
        let json =
            r#"{"sender":{"name":"谭明","mobile":"17000005510","address":{"detail":"体育西路9999号"}}}"#;
        let texts = sender(json, &strict).unwrap();
        assert_eq!((&*texts[0], &*texts[2], &*texts[9]), ("**", "***********", "*********"));
    }

    #[test]
    fn what_nobody_vouches_for_is_not_shown_whole() {
        let json = r#"{"sender":{"org":"打17000004771","virtual":"17000004771","address":{"province":"17000004771","town":"找欧阳 17000004771"}}}"#;
        let texts = sender(json, &Masking::DEFAULT).unwrap();
        assert!(texts.iter().all(|text| !text.contains("17000004771")), "{texts:?}");
    }

    #[test]
    fn only_named_fields_are_taken_and_warnings_are_told() {
        let json = r#"{"sender":{"name":"谭明","mobile":"请看备注"}}"#;
        let (mut waybill, mut warnings) = (Waybill::default(), Warnings::NONE);
        let sender = Sender::read(json.as_bytes()).ok().unwrap();
        let named = [FieldId::SenderMobile, FieldId::RecipientName].into_iter().collect();
        sender.mask_into(named, &Masking::DEFAULT, &mut waybill, &mut warnings);
        assert!(waybill.sender.name.is_empty() && !waybill.sender.mobile.is_empty());
        assert_eq!(warnings.iter().collect::<Vec<_>>(), [(FieldId::SenderMobile, Warning::HiddenWhole)]);
    }

    #[test]
    fn other_shapes_are_malformed() {
        for json in [
            "",
            "[]",
            "{}",
            r#"{"sender":null}"#,
            r#"{"sender":"谭明"}"#,
            r#"{"sender":{"name":["谭明"]}}"#,
            r#"{"sender":{"address":[]}}"#,
            r#"{"sender":{},"senderInfo":{}}"#,
            r#"{"senderInfo":{"contact":1}}"#,
            r#"{"sender":{"name":"a","name":"b"}}"#,
        ] {
            assert_eq!(sender(json, &Masking::DEFAULT), Err(ClearError::Malformed), "{json}");
        }
    }
}
