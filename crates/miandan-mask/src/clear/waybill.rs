//! A waybill in clear, in the words of Cainiao's data.

use miandan_core::field::FieldSet;
use miandan_core::masking::Masking;
use miandan_core::order::{Item, Parcel, Routing};
use miandan_core::pipe::Warnings;
use miandan_core::waybill::Waybill;

use super::json::{self, Json, Object};
use super::party::{Party, Side};
use super::{ClearError, Sender};
use crate::free_text;

/// A waybill that was never sealed.
///
/// It has the names that templates use below `_data`: `waybillCode`, `cpCode`, `orderId`, `paymentId`, `memo`, `service` or
/// `shippingOption.title`, `shippingOption.services` (`SVC-COD.value` and `SVC-INSURE.value`, in yuan), `recipient` and
/// `sender`, `routingInfo`, and `packageInfo` with `weight` in grams as Cainiao has it. Other names are passed over, numbers
/// and texts are taken for each other, `null` and an empty text are nothing. It has no `Debug`.
pub struct PlainWaybill<'b> {
    recipient: Party<'b>,
    sender: Party<'b>,
    /// What belongs to no person, and the memo, masked.
    rest: Waybill,
}

impl<'b> PlainWaybill<'b> {
    /// Reads the data that a client sent.
    ///
    /// # Errors
    /// [`ClearError`].
    pub fn read(json: &'b [u8]) -> Result<Self, ClearError> {
        let mut data = json::read(json)?.object()?;
        let recipient = Party::usual(data.object("recipient")?)?;
        let sender = Party::usual(data.object("sender")?)?;
        let mut shipping = data.object("shippingOption")?;
        let title = owned(&mut shipping, "title")?;
        let mut services = shipping.object("services")?;
        let mut package = data.object("packageInfo")?;
        let service = owned(&mut data, "service")?;
        let rest = Waybill {
            order_id: owned(&mut data, "orderId")?,
            payment_id: owned(&mut data, "paymentId")?,
            waybill_no: owned(&mut data, "waybillCode")?,
            carrier: owned(&mut data, "cpCode")?,
            service: if service.is_empty() { title } else { service },
            memo: free_text(&data.text("memo")?.unwrap_or_default()).text,
            routing: routing(data.object("routingInfo")?)?,
            parcel: Parcel {
                weight_g: whole(&mut package, "weight")?,
                index: whole(&mut package, "index")?,
                count: whole(&mut package, "count")?,
                cod_fen: fen(services.object("SVC-COD")?)?,
                insured_fen: fen(services.object("SVC-INSURE")?)?,
            },
            items: items(package.take("items"))?,
            ..Waybill::default()
        };
        Ok(PlainWaybill { recipient, sender, rest })
    }

    /// The personal fields that it has.
    #[must_use]
    pub fn fields(&self) -> FieldSet {
        self.recipient.has(Side::Recipient).union(self.sender.has(Side::Sender))
    }

    /// The masked view: of the personal fields those that are named. `sender` stands for its own sender as a whole.
    #[must_use]
    pub fn mask(
        self,
        sender: Option<&Sender<'_>>,
        named: FieldSet,
        masking: &Masking,
        warnings: &mut Warnings,
    ) -> Waybill {
        let mut waybill = self.rest;
        self.recipient.mask_into(Side::Recipient, named, masking, &mut waybill, warnings);
        match sender {
            Some(sender) => sender.mask_into(named, masking, &mut waybill, warnings),
            None => self.sender.mask_into(Side::Sender, named, masking, &mut waybill, warnings),
        }
        waybill
    }
}

fn owned(object: &mut Object<'_>, name: &str) -> Result<String, ClearError> {
    Ok(object.text(name)?.map(String::from).unwrap_or_default())
}

fn routing(mut routing: Object<'_>) -> Result<Routing, ClearError> {
    let mut consolidation = routing.object("consolidation")?;
    let mut origin = routing.object("origin")?;
    Ok(Routing {
        code: owned(&mut routing, "routeCode")?,
        sortation: owned(&mut routing.object("sortation")?, "name")?,
        consolidation_name: owned(&mut consolidation, "name")?,
        consolidation_code: owned(&mut consolidation, "code")?,
        origin_name: owned(&mut origin, "name")?,
        origin_code: owned(&mut origin, "code")?,
    })
}

fn items(items: Option<Json<'_>>) -> Result<Vec<Item>, ClearError> {
    let items = match items {
        None => return Ok(Vec::new()),
        Some(Json::List(items)) => items,
        Some(_) => return Err(ClearError::Malformed),
    };
    let item = |item: Json<'_>| {
        let mut item = item.object()?;
        Ok(Item {
            name: owned(&mut item, "name")?,
            sku: owned(&mut item, "sku")?,
            count: whole(&mut item, "count")?,
        })
    };
    items.into_iter().map(item).collect()
}

/// A count or a weight, rounded; 0 if there is none.
fn whole(object: &mut Object<'_>, name: &str) -> Result<u32, ClearError> {
    object.text(name)?.map_or(Ok(0), |text| rounded(&text, 1.0))
}

/// An amount in yuan as fen; 0 if there is none.
fn fen(mut service: Object<'_>) -> Result<u32, ClearError> {
    service.text("value")?.map_or(Ok(0), |text| rounded(&text, 100.0))
}

fn rounded(text: &str, times: f64) -> Result<u32, ClearError> {
    let number: f64 = text.trim().parse().map_err(|_| ClearError::Malformed)?;
    let number = (number * times).round();
    if (0.0..=f64::from(u32::MAX)).contains(&number) { Ok(number as u32) } else { Err(ClearError::Malformed) }
}

#[cfg(test)]
mod tests {
    use miandan_core::field::FieldId;
    use miandan_core::waybill::MaskedParty;

    use super::*;

    fn every() -> FieldSet {
        FieldId::ALL.iter().copied().filter(|id| id.is_printable()).collect()
    }

    fn masked(json: &str, sender: Option<&str>, named: FieldSet) -> Result<Waybill, ClearError> {
        let sender = sender.map(|json| Sender::read(json.as_bytes()).ok().unwrap());
        let plain = PlainWaybill::read(json.as_bytes())?;
        Ok(plain.mask(sender.as_ref(), named, &Masking::DEFAULT, &mut Warnings::NONE.clone()))
    }

    /// Generated people; no such numbers are assigned.
    const FULL: &str = r#"{"_dataFrom":"waybill","waybillCode":7000000000012,"cpCode":"YTO","needEncrypt":false,
        "recipient":{"name":"欧阳明月","mobile":"17000004771","virtual":"17000000000-0042",
            "address":{"province":"浙江省","city":"杭州市","detail":"文三路9999号17号楼2单元1603室"}},
        "sender":{"name":"谭明","mobile":17000005510},
        "routingInfo":{"routeCode":"356-01-02 F3","sortation":{"name":"杭州"},"consolidation":{"name":"西湖集","code":571},
            "origin":{"code":"020B"},"blockCode":"x"},
        "shippingOption":{"code":"COD","title":"标准快递","services":{"SVC-COD":{"value":"128.50"},"SVC-INSURE":{"value":1000},"PAYMENT-TYPE":{"value":"x"}}},
        "packageInfo":{"id":"1","items":[{"name":"保温杯","count":"2"},{"name":"杯刷","count":1,"sku":77}],"volume":1,"weight":"1200"},
        "memo":"请打17000004771","extraInfo":{}}"#;

    #[test]
    fn the_words_of_cainiao_become_a_waybill() {
        let waybill = masked(FULL, None, every()).unwrap();
        assert_eq!(waybill.waybill_no, "7000000000012");
        assert_eq!((&*waybill.carrier, &*waybill.service), ("YTO", "标准快递"));
        assert_eq!(waybill.recipient.name.as_str(), "欧***");
        assert_eq!(waybill.recipient.mobile.as_str(), "*******4771");
        assert_eq!(waybill.recipient.city.as_str(), "杭州市");
        assert!(waybill.recipient.detail.as_str().starts_with("文三路9999号17号楼"));
        assert!(!waybill.recipient.detail.as_str().contains("1603"));
        assert!(!waybill.recipient.virtual_number.as_str().contains("1700000"), "nobody vouches for it");
        assert_eq!((waybill.sender.name.as_str(), waybill.sender.mobile.as_str()), ("谭*", "*******5510"));
        assert_eq!(waybill.memo.as_str(), "请打***********");
        assert_eq!((&*waybill.routing.code, &*waybill.routing.consolidation_code), ("356-01-02 F3", "571"));
        let parcel = Parcel { weight_g: 1200, index: 0, count: 0, cod_fen: 12_850, insured_fen: 100_000 };
        assert_eq!(waybill.parcel, parcel);
        let items: Vec<_> = waybill.items.iter().map(|item| (&*item.name, &*item.sku, item.count)).collect();
        assert_eq!(items, [("保温杯", "", 2), ("杯刷", "77", 1)]);
        assert_eq!((waybill.printed_at, waybill.copy, waybill.number), (0, 0, None));
    }

    #[test]
    fn only_what_is_named_is_taken() {
        let named = [FieldId::RecipientCity].into_iter().collect();
        let waybill = masked(FULL, None, named).unwrap();
        assert_eq!(waybill.recipient.city.as_str(), "杭州市");
        assert!(waybill.recipient.name.is_empty() && waybill.sender == MaskedParty::default());
        let plain = PlainWaybill::read(FULL.as_bytes()).ok().unwrap();
        assert!(plain.fields().contains(FieldId::RecipientDetail));
        assert!(!plain.fields().contains(FieldId::SenderDetail));
    }

    #[test]
    fn a_sender_beside_it_stands_for_its_own_as_a_whole() {
        let beside = r#"{"sender":{"mobile":"17000006620"}}"#;
        let waybill = masked(FULL, Some(beside), every()).unwrap();
        assert_eq!(waybill.sender.mobile.as_str(), "*******6620");
        assert!(waybill.sender.name.is_empty(), "a sender of two is nobody");
        assert_eq!(waybill.recipient.name.as_str(), "欧***");
    }

    #[test]
    fn other_shapes_are_malformed() {
        assert_eq!(masked("{}", None, every()).unwrap(), Waybill::default());
        for json in [
            "[]",
            r#"{"waybillCode":[]}"#,
            r#"{"recipient":"欧阳明月"}"#,
            r#"{"packageInfo":{"items":{}}}"#,
            r#"{"packageInfo":{"items":["杯"]}}"#,
            r#"{"packageInfo":{"weight":-1}}"#,
            r#"{"packageInfo":{"weight":"NaN"}}"#,
            r#"{"packageInfo":{"weight":"heavy"}}"#,
            r#"{"shippingOption":{"services":{"SVC-COD":{"value":"1e12"}}}}"#,
        ] {
            assert_eq!(masked(json, None, every()), Err(ClearError::Malformed), "{json}");
        }
    }
}
