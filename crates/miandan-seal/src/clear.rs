//! The clear part of a sealed order for the work of a station: sorting, counting, lists of goods.
//!
//! Nothing here has been checked against a signature: it is what the order claims. It has the goods in it and the key by
//! which a consignee's parcels are known from others, so unlike an [`Inspection`](crate::inspect::Inspection) it does
//! not belong in a log.

use std::fmt;

use miandan_core::Code;
use miandan_core::order::{Item, Parcel, Routing};

use crate::encoding::{Hash, sha256};
use crate::header::{BatchHeader, OrderHeader};
use crate::recipients::Recipients;
use crate::wire::SealedOrder;

/// What a sealed order claims and everybody may read.
///
/// Its `Debug` leaves out the goods and the merge key.
#[derive(Clone, PartialEq, Eq)]
pub struct ClearHeader {
    /// What identifies the order, whoever prints it and whenever; see [`identity`].
    pub identity: Hash,
    /// What is on the label and not personal; see [`content`].
    pub content: Hash,
    /// Id of the issuer.
    pub issuer: String,
    /// Merchant for whom it is printed.
    pub merchant: String,
    /// From when on it may be printed, in seconds since 1970 (UTC).
    pub not_before: u64,
    /// Until when it may be printed, in seconds since 1970 (UTC).
    pub expires: u64,
    /// Order id.
    pub order_id: String,
    /// Waybill number.
    pub waybill_no: String,
    /// Carrier code, e.g. `YTO`.
    pub carrier: String,
    /// Where the parcel is sorted to.
    pub routing: Routing,
    /// Name of the service, empty if none.
    pub service: String,
    /// The parcel.
    pub parcel: Parcel,
    /// The goods.
    pub items: Vec<Item>,
    /// Equal for parcels of one consignee of this issuer and merchant, opaque to everybody but the issuer.
    pub merge_key: Option<[u8; 16]>,
    /// How often it may be printed; any number of times if absent.
    pub print_limit: Option<u32>,
}

impl fmt::Debug for ClearHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClearHeader")
            .field("carrier", &self.carrier)
            .field("waybill_no", &self.waybill_no)
            .field("order_id", &self.order_id)
            .finish_non_exhaustive()
    }
}

/// Reads the clear part of a sealed order. Its form is looked at as [`inspect`](crate::inspect()) does; no signature is
/// checked and nothing is opened.
///
/// # Errors
/// [`Code::Malformed`], [`Code::Limit`], [`Code::UnsupportedSuite`].
pub fn clear_header(object: &[u8]) -> Result<ClearHeader, Code> {
    let order = SealedOrder::parse(object)?;
    let batch = BatchHeader::decode(order.batch_header())?;
    Recipients::decode(order.recipients())?;
    order.signature()?;
    let header = OrderHeader::decode(order.order_header())?;
    order.ciphertexts(&header.fields, &mut Vec::new())?;
    Ok(ClearHeader {
        identity: identity(&batch, &header),
        content: content(&header),
        issuer: batch.iss,
        merchant: batch.aud,
        not_before: batch.nbf.max(batch.iat),
        expires: batch.exp,
        order_id: header.ord,
        waybill_no: header.wbn,
        carrier: header.cp,
        routing: header.routing,
        service: header.service,
        parcel: header.parcel,
        items: header.items,
        merge_key: header.mrg,
        print_limit: header.max,
    })
}

/// What identifies an order, whoever prints it and whenever: SHA-256 over `iss`, a zero byte, `jti`, and `i` as four
/// bytes, the highest first (`docs/mso1.md`: the identity of an order is its issuer, its batch and its index).
#[must_use]
pub fn identity(batch: &BatchHeader, order: &OrderHeader) -> Hash {
    let mut bytes = Vec::with_capacity(batch.iss.len() + 21);
    bytes.extend_from_slice(batch.iss.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(&batch.jti);
    bytes.extend_from_slice(&order.i.to_be_bytes());
    sha256(&bytes)
}

/// What of an order is on its label and not personal, as one hash: an order that was sealed a second time has the same,
/// one with other goods, another route or another note has not.
///
/// The personal fields are not in it, since nobody outside the component can compare them: two orders that differ in an
/// address alone have one content. Neither are the batch, the index, the consent, the print limit and the names of the
/// fields.
///
/// It is SHA-256 over `miandan content 1` and a zero byte, then order id, payment id, carrier, waybill number, the six
/// texts of the routing, service, the five numbers of the parcel, the number of goods, name, SKU and count of each, and
/// the memo, in the order of [`OrderHeader`]'s types. Texts have their length in front; all numbers are four bytes, the
/// highest first. What is absent is empty, or 0.
#[must_use]
pub fn content(order: &OrderHeader) -> Hash {
    // Destructured, so that a new member must be decided on.
    let OrderHeader {
        i: _,
        jti: _,
        ord,
        pay,
        wbn,
        cp,
        routing,
        service,
        parcel,
        items,
        memo,
        mrg: _,
        consent: _,
        max: _,
        fields: _,
    } = order;
    let Routing { code, sortation, consolidation_name, consolidation_code, origin_name, origin_code } =
        routing;
    let Parcel { weight_g, index, count, cod_fen, insured_fen } = *parcel;
    let mut bytes = b"miandan content 1\0".to_vec();
    for part in [ord, pay.as_deref().unwrap_or_default(), cp, wbn] {
        text(part, &mut bytes);
    }
    for part in [code, sortation, consolidation_name, consolidation_code, origin_name, origin_code, service] {
        text(part, &mut bytes);
    }
    for part in [weight_g, index, count, cod_fen, insured_fen] {
        number(part, &mut bytes);
    }
    // A header is at most 16 KiB, so neither its texts nor its goods are more than a u32 can count.
    number(items.len() as u32, &mut bytes);
    for Item { name, sku, count } in items {
        text(name, &mut bytes);
        text(sku, &mut bytes);
        number(*count, &mut bytes);
    }
    text(memo, &mut bytes);
    sha256(&bytes)
}

fn text(text: &str, bytes: &mut Vec<u8>) {
    number(text.len() as u32, bytes);
    bytes.extend_from_slice(text.as_bytes());
}

fn number(number: u32, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&number.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use miandan_core::field::{FieldId, FieldType};
    use miandan_core::order::Consent;
    use proptest::prelude::*;

    use super::*;
    use crate::header::FieldTypes;

    const ORDERS: &str = include_str!("../../../fixtures/mso1/orders.sealed.jsonl");

    fn first() -> &'static [u8] {
        ORDERS.lines().next().unwrap().as_bytes()
    }

    fn header() -> OrderHeader {
        OrderHeader::decode(SealedOrder::parse(first()).unwrap().order_header()).unwrap()
    }

    #[test]
    fn everything_clear_is_told() {
        let order = clear_header(first()).unwrap();
        assert_eq!((order.carrier.as_str(), order.waybill_no.as_str()), ("YTO", "YT0000000000001"));
        assert_eq!(order.order_id, "261111000001");
        assert_eq!(order.routing.consolidation_code, "571");
        assert_eq!(order.parcel.weight_g, 1200);
        let goods: Vec<_> = order.items.iter().map(|item| (item.sku.as_str(), item.count)).collect();
        assert_eq!(goods, [("BOOK-1", 1), ("", 3)]);
        let inspected = crate::inspect(first()).unwrap();
        assert_eq!((order.issuer, order.merchant), (inspected.issuer, inspected.merchant));
        assert_eq!(order.print_limit, inspected.print_limit);
        assert_eq!(order.not_before, inspected.not_before.max(inspected.issued_at));
        assert_eq!(order.expires, inspected.expires);
    }

    #[test]
    fn orders_of_one_consignee_share_the_merge_key() {
        let orders: Vec<_> = ORDERS.lines().map(|line| clear_header(line.as_bytes()).unwrap()).collect();
        assert!(orders[0].merge_key.is_some());
        assert_eq!(orders[0].merge_key, orders[1].merge_key);
        let identities: BTreeSet<_> = orders.iter().map(|order| order.identity).collect();
        assert_eq!(identities.len(), orders.len());
    }

    #[test]
    fn what_inspect_refuses_is_refused_alike() {
        let whole = String::from_utf8(first().to_vec()).unwrap();
        for (defect, line) in [
            ("empty", String::new()),
            ("another version", whole.replacen("MSO1", "MSO2", 1)),
            ("cut off", whole[..whole.len() - 1].to_owned()),
            ("no signature", whole.replacen("\"s\":\"", "\"s\":\"A", 1)),
            ("no recipients", whole.replacen("\"r\":\"", "\"r\":\"A", 1)),
            ("too long", " ".repeat(70_000)),
        ] {
            let refused = crate::inspect(line.as_bytes()).map(drop).unwrap_err();
            assert_eq!(clear_header(line.as_bytes()).map(drop), Err(refused), "{defect}");
        }
    }

    #[test]
    fn debug_shows_no_goods() {
        let shown = format!("{:?}", clear_header(first()).unwrap());
        assert!(shown.contains("YT0000000000001"));
        assert!(!shown.contains("BOOK") && !shown.contains("样例") && !shown.contains("merge"), "{shown}");
    }

    #[test]
    fn an_order_that_is_sealed_again_has_the_same_content() {
        let order = header();
        let mut again = order.clone();
        again.i += 7;
        again.jti = [9; 16];
        again.mrg = Some([3; 16]);
        again.consent = Some(Consent { reference: "another".to_owned(), epoch: 9 });
        again.max = Some(1);
        again.fields = FieldTypes::default();
        again.fields.insert(FieldId::RecipientName, FieldType::Name).unwrap();
        assert_eq!(content(&again), content(&order));
    }

    #[test]
    fn an_order_that_was_changed_has_not() {
        let order = header();
        let changes: &[fn(&mut OrderHeader)] = &[
            |order| order.ord.push('x'),
            |order| order.pay = None,
            |order| order.wbn.push('x'),
            |order| order.cp.push('x'),
            |order| order.routing.code.push('x'),
            |order| order.routing.sortation.push('x'),
            |order| order.routing.consolidation_name.push('x'),
            |order| order.routing.consolidation_code.push('x'),
            |order| order.routing.origin_name.push('x'),
            |order| order.routing.origin_code.push('x'),
            |order| order.service.push('x'),
            |order| order.parcel.weight_g += 1,
            |order| order.parcel.index += 1,
            |order| order.parcel.count += 1,
            |order| order.parcel.cod_fen += 1,
            |order| order.parcel.insured_fen += 1,
            |order| order.items[0].name.push('x'),
            |order| order.items[0].sku.push('x'),
            |order| order.items[0].count += 1,
            |order| order.items.swap(0, 1),
            |order| drop(order.items.pop()),
            |order| order.memo.push('x'),
        ];
        let mut seen = BTreeSet::from([content(&order)]);
        for (place, change) in changes.iter().enumerate() {
            let mut changed = order.clone();
            change(&mut changed);
            assert!(seen.insert(content(&changed)), "change {place}");
        }
    }

    proptest! {
        #[test]
        fn damage_is_judged_as_by_inspect(at in 0_usize..6000, byte in prop_oneof![Just(b'A'), Just(b'"'), any::<u8>()]) {
            let mut line = first().to_vec();
            let at = at % line.len();
            line[at] = byte;
            prop_assert_eq!(clear_header(&line).err(), crate::inspect(&line).err());
        }

        /// Length-prefixed: what is moved from one text to its neighbour is seen.
        #[test]
        fn where_one_text_ends_is_part_of_the_content(text in "[a-c]{1,6}", at in 0_usize..6) {
            let at = at.min(text.len());
            let mut order = header();
            order.routing.code = text.clone();
            order.routing.sortation = String::new();
            let whole = content(&order);
            order.routing.code = text[..at].to_owned();
            order.routing.sortation = text[at..].to_owned();
            prop_assert_eq!(content(&order) == whole, at == text.len());
        }
    }
}
