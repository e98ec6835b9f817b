//! What a template can see of an order: the names below `_data`, and nothing else.
//!
//! Names follow Cainiao's waybill data. Every path is resolved when the template is compiled; a path that does not
//! exist refuses the template, so that a typing error never becomes a blank on ten thousand labels.

use miandan_core::field::{FieldId, FieldSet};
use miandan_core::waybill::{Masked, MaskedParty, Waybill};

use super::Problem;

/// One value of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    WaybillNumber,
    /// What a courier scans.
    CourierToken,
    Carrier,
    OrderId,
    PaymentId,
    Service,
    /// Masked text of a personal field.
    Personal(FieldId),
    RouteCode,
    Sortation,
    ConsolidationName,
    ConsolidationCode,
    OriginName,
    OriginCode,
    Weight,
    ParcelIndex,
    ParcelCount,
    TotalCount,
    /// What is collected from the recipient, in yuan.
    CashOnDelivery,
    /// The insured value, in yuan.
    InsuredValue,
    Memo,
}

/// A group of values: no value itself, but it can be tested and has members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Data,
    Party(Side),
    Address(Side),
    Shipping,
    /// What the carrier does beside carrying, by Cainiao's codes.
    Services,
    CashOnDelivery,
    InsuredValue,
    Routing,
    Sortation,
    Consolidation,
    Origin,
    Package,
}

/// Whose data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Recipient,
    Sender,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Group(Group),
    Leaf(Leaf),
    /// The list of goods.
    Items,
}

impl Group {
    /// The member of a name.
    pub(crate) fn member(self, name: &str) -> Result<Node, Problem> {
        let group = Node::Group;
        let leaf = Node::Leaf;
        Ok(match (self, name) {
            (Group::Data, "waybillCode") => leaf(Leaf::WaybillNumber),
            (Group::Data, "courierToken") => leaf(Leaf::CourierToken),
            (Group::Data, "cpCode") => leaf(Leaf::Carrier),
            (Group::Data, "orderId") => leaf(Leaf::OrderId),
            (Group::Data, "paymentId") => leaf(Leaf::PaymentId),
            (Group::Data, "service") | (Group::Shipping, "title") => leaf(Leaf::Service),
            (Group::Data, "memo") => leaf(Leaf::Memo),
            (Group::Data, "shippingOption") => group(Group::Shipping),
            (Group::Data, "recipient") => group(Group::Party(Side::Recipient)),
            (Group::Data, "sender") => group(Group::Party(Side::Sender)),
            (Group::Data, "routingInfo") => group(Group::Routing),
            (Group::Data, "packageInfo") => group(Group::Package),
            (Group::Data, "buyer") => return Err(Problem::FieldNotPrintable),
            (Group::Shipping, "services") => group(Group::Services),
            (Group::Services, "SVC-COD") => group(Group::CashOnDelivery),
            (Group::Services, "SVC-INSURE") => group(Group::InsuredValue),
            (Group::CashOnDelivery, "value") => leaf(Leaf::CashOnDelivery),
            (Group::InsuredValue, "value") => leaf(Leaf::InsuredValue),
            (Group::Party(side), "address") => group(Group::Address(side)),
            (Group::Party(side), "name" | "org" | "mobile" | "phone" | "virtual")
            | (Group::Address(side), "province" | "city" | "district" | "town" | "detail") => {
                leaf(Leaf::Personal(side.field(name).ok_or(Problem::UnknownPath)?))
            }
            (Group::Routing, "routeCode") => leaf(Leaf::RouteCode),
            (Group::Routing, "sortation") => group(Group::Sortation),
            (Group::Routing, "consolidation") => group(Group::Consolidation),
            (Group::Routing, "origin") => group(Group::Origin),
            (Group::Sortation, "name") => leaf(Leaf::Sortation),
            (Group::Consolidation, "name") => leaf(Leaf::ConsolidationName),
            (Group::Consolidation, "code") => leaf(Leaf::ConsolidationCode),
            (Group::Origin, "name") => leaf(Leaf::OriginName),
            (Group::Origin, "code") => leaf(Leaf::OriginCode),
            (Group::Package, "weight") => leaf(Leaf::Weight),
            (Group::Package, "index") => leaf(Leaf::ParcelIndex),
            (Group::Package, "count") => leaf(Leaf::ParcelCount),
            (Group::Package, "totalCount") => leaf(Leaf::TotalCount),
            (Group::Package, "items") => Node::Items,
            _ => return Err(Problem::UnknownPath),
        })
    }

    /// Whether the order has anything in the group. Of personal fields only those count that the template names: a
    /// test opens nothing. A group none of whose fields is named is taken to be there.
    pub(crate) fn is_present(self, waybill: &Waybill, named: FieldSet) -> bool {
        let routing = &waybill.routing;
        let any_of = |fields: &[FieldId]| {
            let mut fields = fields.iter().filter(|&&id| named.contains(id)).peekable();
            fields.peek().is_none()
                || fields.any(|&id| personal(waybill, id).is_some_and(|text| !text.is_empty()))
        };
        match self {
            Group::Data => true,
            Group::Party(side) => any_of(&side.fields()),
            Group::Address(side) => any_of(&side.fields()[5..]),
            Group::Shipping => !waybill.service.is_empty() || Group::Services.is_present(waybill, named),
            Group::Services => waybill.parcel.cod_fen > 0 || waybill.parcel.insured_fen > 0,
            Group::CashOnDelivery => waybill.parcel.cod_fen > 0,
            Group::InsuredValue => waybill.parcel.insured_fen > 0,
            Group::Routing => [
                &routing.code,
                &routing.sortation,
                &routing.consolidation_name,
                &routing.consolidation_code,
                &routing.origin_name,
                &routing.origin_code,
            ]
            .into_iter()
            .any(|text| !text.is_empty()),
            Group::Sortation => !routing.sortation.is_empty(),
            Group::Consolidation => {
                !routing.consolidation_name.is_empty() || !routing.consolidation_code.is_empty()
            }
            Group::Origin => !routing.origin_name.is_empty() || !routing.origin_code.is_empty(),
            Group::Package => true,
        }
    }
}

impl Side {
    /// The fields of a side: five of the person, then five of the address.
    const fn fields(self) -> [FieldId; 10] {
        use FieldId as F;
        match self {
            Side::Recipient => [
                F::RecipientName,
                F::RecipientOrg,
                F::RecipientMobile,
                F::RecipientPhone,
                F::RecipientVirtual,
                F::RecipientProvince,
                F::RecipientCity,
                F::RecipientDistrict,
                F::RecipientTown,
                F::RecipientDetail,
            ],
            Side::Sender => [
                F::SenderName,
                F::SenderOrg,
                F::SenderMobile,
                F::SenderPhone,
                F::SenderVirtual,
                F::SenderProvince,
                F::SenderCity,
                F::SenderDistrict,
                F::SenderTown,
                F::SenderDetail,
            ],
        }
    }

    /// The field whose id ends with `.name`.
    fn field(self, name: &str) -> Option<FieldId> {
        self.fields().into_iter().find(|id| id.as_str().split_once('.').is_some_and(|(_, last)| last == name))
    }
}

/// The masked text of a personal field; `None` for one that is never printed.
pub(crate) fn personal(waybill: &Waybill, id: FieldId) -> Option<&Masked> {
    use FieldId as F;
    let (party, index): (&MaskedParty, usize) = if Side::Recipient.fields().contains(&id) {
        (&waybill.recipient, id as usize - F::RecipientName as usize)
    } else if Side::Sender.fields().contains(&id) {
        (&waybill.sender, id as usize - F::SenderName as usize)
    } else {
        return None;
    };
    Some(match index {
        0 => &party.name,
        1 => &party.org,
        2 => &party.mobile,
        3 => &party.phone,
        4 => &party.virtual_number,
        5 => &party.province,
        6 => &party.city,
        7 => &party.district,
        8 => &party.town,
        _ => &party.detail,
    })
}

/// Grams as kilograms with two decimals, three if they are needed: `1.20`, `0.005`.
pub(crate) fn kilograms(grams: u32) -> String {
    let (whole, rest) = (grams / 1000, grams % 1000);
    if rest.is_multiple_of(10) { format!("{whole}.{:02}", rest / 10) } else { format!("{whole}.{rest:03}") }
}

/// Fen as yuan with two decimals: `128.50`.
pub(crate) fn yuan(fen: u32) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(path: &str) -> Result<Node, Problem> {
        path.split('.').try_fold(Node::Group(Group::Data), |node, name| match node {
            Node::Group(group) => group.member(name),
            Node::Leaf(_) | Node::Items => Err(Problem::UnknownMember),
        })
    }

    #[test]
    fn paths() {
        for (path, expected) in [
            ("waybillCode", Ok(Node::Leaf(Leaf::WaybillNumber))),
            ("courierToken", Ok(Node::Leaf(Leaf::CourierToken))),
            ("recipient", Ok(Node::Group(Group::Party(Side::Recipient)))),
            ("recipient.virtual", Ok(Node::Leaf(Leaf::Personal(FieldId::RecipientVirtual)))),
            ("sender.address.detail", Ok(Node::Leaf(Leaf::Personal(FieldId::SenderDetail)))),
            ("sender.detail", Err(Problem::UnknownPath)),
            ("sender.address.name", Err(Problem::UnknownPath)),
            ("routingInfo.consolidation.code", Ok(Node::Leaf(Leaf::ConsolidationCode))),
            ("shippingOption.title", Ok(Node::Leaf(Leaf::Service))),
            ("shippingOption.services.SVC-COD.value", Ok(Node::Leaf(Leaf::CashOnDelivery))),
            ("shippingOption.services.SVC-INSURE", Ok(Node::Group(Group::InsuredValue))),
            ("shippingOption.services.SVC-FRESH", Err(Problem::UnknownPath)),
            ("packageInfo.items", Ok(Node::Items)),
            ("buyer", Err(Problem::FieldNotPrintable)),
            ("buyer.email", Err(Problem::FieldNotPrintable)),
            ("constructor", Err(Problem::UnknownPath)),
        ] {
            assert_eq!(resolve(path), expected, "{path}");
        }
    }

    #[test]
    fn every_printable_field_has_a_path_and_a_place_in_the_waybill() {
        let mut found = 0;
        for side in [("recipient", Side::Recipient), ("sender", Side::Sender)] {
            for (index, id) in side.1.fields().into_iter().enumerate() {
                let last = id.as_str().split_once('.').unwrap().1;
                let path = if index < 5 {
                    format!("{}.{last}", side.0)
                } else {
                    format!("{}.address.{last}", side.0)
                };
                assert_eq!(resolve(&path), Ok(Node::Leaf(Leaf::Personal(id))));
                found += 1;
            }
        }
        assert_eq!(found, FieldId::ALL.iter().filter(|id| id.is_printable()).count());
        let mut waybill = Waybill::default();
        waybill.sender.town = Masked::new("town".to_owned());
        waybill.recipient.detail = Masked::new("detail".to_owned());
        assert_eq!(personal(&waybill, FieldId::SenderTown).map(Masked::as_str), Some("town"));
        assert_eq!(personal(&waybill, FieldId::RecipientDetail).map(Masked::as_str), Some("detail"));
        assert_eq!(personal(&waybill, FieldId::BuyerEmail), None);
    }

    #[test]
    fn weights() {
        for (grams, text) in [(1200, "1.20"), (1000, "1.00"), (5, "0.005"), (12_345, "12.345"), (50, "0.05")]
        {
            assert_eq!(kilograms(grams), text);
        }
    }

    #[test]
    fn money() {
        for (fen, text) in [(12_850, "128.50"), (5, "0.05"), (100, "1.00"), (u32::MAX, "42949672.95")] {
            assert_eq!(yuan(fen), text);
        }
    }

    #[test]
    fn a_group_is_there_when_a_named_field_of_it_is() {
        let mut waybill = Waybill::default();
        let named: FieldSet = [FieldId::SenderName, FieldId::SenderCity].into_iter().collect();
        let sender = Group::Party(Side::Sender);
        let address = Group::Address(Side::Sender);
        assert!(!sender.is_present(&waybill, named));
        waybill.sender.name = Masked::new("谭*".to_owned());
        assert!(sender.is_present(&waybill, named) && !address.is_present(&waybill, named));
        waybill.sender.city = Masked::new("广州市".to_owned());
        assert!(address.is_present(&waybill, named));
        assert!(sender.is_present(&Waybill::default(), FieldSet::EMPTY));
    }
}
