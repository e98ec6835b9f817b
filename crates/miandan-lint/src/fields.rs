//! Which element shows which field: labels are laid out with characters in the place of the fields that stand nowhere
//! else, and looked through for them.

use miandan_core::field::{FieldId, FieldSet};
use miandan_core::label::Resolution;
use miandan_core::order::{Item, Routing};
use miandan_core::waybill::{Masked, MaskedParty, Waybill};
use miandan_render::template::{Problem, Template};
use miandan_render::trace::{Kind, Symbol, Trace};

use crate::ink::place;
use crate::{Finding, Rule};

type Place = (u32, u32);

/// What a template shows of an order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown {
    /// Whether it shows the waybill number in a symbol, or the routing code.
    pub(crate) is_waybill: bool,
    /// The personal fields that are shown in one order or another.
    pub(crate) fields: FieldSet,
    /// Whether a phone of the recipient is shown whichever there is.
    pub(crate) every_phone: bool,
    pub(crate) goods: bool,
    /// The texts with the routing code or the sortation mark.
    pub(crate) routing: Vec<Place>,
    /// The texts with the rest of the recipient's address.
    pub(crate) address: Vec<Place>,
    /// Where something of the recipient is shown for the second time.
    twice: Vec<(FieldId, Place)>,
    /// Whether all orders could be laid out, so that what is not shown never is.
    whole: bool,
}

/// The phones of the recipient, by what a courier calls first.
const PHONES: [FieldId; 3] = [FieldId::RecipientVirtual, FieldId::RecipientMobile, FieldId::RecipientPhone];

/// What of a recipient is shown once.
const ONCE: [FieldId; 5] = [
    FieldId::RecipientName,
    FieldId::RecipientVirtual,
    FieldId::RecipientMobile,
    FieldId::RecipientPhone,
    FieldId::RecipientDetail,
];

/// A character for each field, then for the routing code, the sortation mark and the goods.
struct Marks(Vec<char>);

impl Marks {
    /// Rare characters that every face has and the order does not.
    fn new(order: &Waybill) -> Self {
        let used = format!("{} {} {:?}", order.waybill_no, order.order_id, order.routing);
        Marks(('\u{9E80}'..='\u{9FA0}').filter(|&mark| !used.contains(mark)).take(32).collect())
    }

    fn of(&self, id: FieldId) -> char {
        self.0.get(id as usize).copied().unwrap_or('\u{9E80}')
    }

    fn other(&self, index: usize) -> char {
        self.of(FieldId::BuyerIdCard)
            .max(self.0.get(FieldId::ALL.len() + index).copied().unwrap_or('\u{9FA0}'))
    }

    /// The field that a text has the mark of.
    fn fields<'m>(&'m self, text: &'m str) -> impl Iterator<Item = FieldId> + 'm {
        FieldId::ALL.iter().copied().filter(|&id| text.contains(self.of(id)))
    }

    /// An order with marks in its fields but some.
    fn order(&self, order: &Waybill, without: &[FieldId]) -> Waybill {
        let text = |id: FieldId| {
            let mark = self.of(id);
            let text = match id {
                _ if without.contains(&id) => String::new(),
                FieldId::RecipientVirtual | FieldId::SenderVirtual => format!("{mark}{mark}-{mark}{mark}"),
                _ => String::from_iter([mark; 4]),
            };
            Masked::new(text)
        };
        use FieldId as F;
        let recipient = MaskedParty {
            name: text(F::RecipientName),
            org: text(F::RecipientOrg),
            mobile: text(F::RecipientMobile),
            phone: text(F::RecipientPhone),
            virtual_number: text(F::RecipientVirtual),
            province: text(F::RecipientProvince),
            city: text(F::RecipientCity),
            district: text(F::RecipientDistrict),
            town: text(F::RecipientTown),
            detail: text(F::RecipientDetail),
        };
        let sender = MaskedParty {
            name: text(F::SenderName),
            org: text(F::SenderOrg),
            mobile: text(F::SenderMobile),
            phone: text(F::SenderPhone),
            virtual_number: text(F::SenderVirtual),
            province: text(F::SenderProvince),
            city: text(F::SenderCity),
            district: text(F::SenderDistrict),
            town: text(F::SenderTown),
            detail: text(F::SenderDetail),
        };
        let [code, sortation, goods] = [0, 1, 2].map(|index| String::from_iter([self.other(index); 2]));
        Waybill {
            recipient,
            sender,
            routing: Routing { code, sortation, ..order.routing.clone() },
            items: vec![Item { name: goods.clone(), sku: goods, count: 1 }],
            ..order.clone()
        }
    }
}

impl Shown {
    /// Finds out, and says where a personal field stands in a symbol.
    pub(crate) fn find(template: &Template, order: &Waybill, findings: &mut Vec<Finding>) -> Self {
        let marks = Marks::new(order);
        let mut shown = Shown { every_phone: true, whole: true, ..Shown::default() };
        let sender = [FieldId::SenderVirtual, FieldId::SenderMobile, FieldId::SenderPhone];
        for hidden in 0..PHONES.len() {
            let mut without = [&PHONES[..hidden], &sender[..hidden]].concat();
            if hidden == 1 {
                without.extend([FieldId::RecipientOrg, FieldId::SenderOrg]);
            }
            match template.trace(&marks.order(order, &without), Resolution::Dpi203) {
                Ok(trace) => shown.look(&trace, &marks, order, findings),
                Err(error) => {
                    shown.whole = false;
                    // No linear symbol can hold the marks, and all can hold what an ordinary order says.
                    if error.problem == Problem::BarcodeContent {
                        findings.push(Finding::at(Rule::PersonalInSymbol, (error.line, error.column)));
                    }
                }
            }
        }
        if !shown.whole {
            shown.every_phone = true;
        }
        shown
    }

    fn look(&mut self, trace: &Trace, marks: &Marks, order: &Waybill, findings: &mut Vec<Finding>) {
        let mut seen: Vec<(FieldId, Place)> = Vec::new();
        for element in &trace.elements {
            let content = &element.content;
            let place = place(element);
            if let Kind::Barcode { symbol, .. } = element.kind {
                self.is_waybill |= *content == order.waybill_no && !content.is_empty();
                if let Some(id) = marks.fields(content).next() {
                    findings.push(Finding::at(Rule::PersonalInSymbol, place).of(id.as_str()));
                }
                let orders = [&order.order_id, &order.payment_id];
                let of_order = orders.into_iter().any(|id| !id.is_empty() && content.contains(id.as_str()));
                if of_order
                    && matches!(
                        symbol,
                        Symbol::Code128 | Symbol::OtherLinear | Symbol::Qr | Symbol::OtherMatrix
                    )
                {
                    findings.push(Finding::at(Rule::OrderInSymbol, place));
                }
                continue;
            }
            if element.kind != Kind::Text {
                continue;
            }
            seen.extend(marks.fields(content).map(|id| (id, place)));
            if content.contains([marks.other(0), marks.other(1)]) {
                self.is_waybill |= content.contains(marks.other(0));
                self.routing.push(place);
            }
            if content.contains(marks.of(FieldId::RecipientDetail)) {
                self.address.push(place);
            }
            self.goods |= content.contains(marks.other(2));
        }
        self.every_phone &= seen.iter().any(|(id, _)| PHONES.contains(id));
        for (index, &(id, place)) in seen.iter().enumerate() {
            self.fields.insert(id);
            let before = seen[..index].iter().any(|&(other, at)| other == id && at != place);
            if before && ONCE.contains(&id) && !self.twice.contains(&(id, place)) {
                self.twice.push((id, place));
            }
        }
    }
}

/// What is opened for nothing, shown too often, or tells more than it should.
pub(crate) fn privacy(template: &Template, text: &str, shown: &Shown, findings: &mut Vec<Finding>) {
    if shown.whole {
        for id in template.fields().iter().filter(|&id| !shown.fields.contains(id)) {
            findings.push(Finding::at(Rule::OpenedNotShown, named(text, id)).of(id.as_str()));
        }
    }
    if shown.is_waybill {
        for &(id, place) in &shown.twice {
            findings.push(Finding::at(Rule::PersonalTwice, place).of(id.as_str()));
        }
    } else {
        // A packing list lies inside the parcel.
        findings.retain(|finding| finding.rule != Rule::OrderInSymbol);
    }
}

/// Where a template names a field first, as far as it writes the path in one piece.
fn named(text: &str, id: FieldId) -> Place {
    let (side, name) = id.as_str().split_once('.').unwrap_or(("", id.as_str()));
    let path = format!("{side}.address.{name}");
    let at = text.find(&path).or_else(|| text.find(id.as_str())).unwrap_or(0);
    position(text, at)
}

/// Line and column in characters of a byte.
pub(crate) fn position(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or("");
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    (1 + before.matches('\n').count() as u32, 1 + before[line..].chars().count() as u32)
}
