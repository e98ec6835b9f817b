//! The zones that GB/T 41833-2022 names, and the waybill number.

use miandan_core::field::FieldId;
use miandan_render::frame::Item;
use miandan_render::trace::{Kind, Placed, Symbol};

use crate::ink::place;
use crate::lint::Label;
use crate::token::is_token;
use crate::{Finding, Rule};

/// Words of a place for a signature, which is no longer than this: a sentence about signing is no place for it.
const SIGNATURE_LENGTH: usize = 12;
const SIGNATURE: [&str; 5] = ["签收", "签名", "签字", "Signature", "signature"];

/// Where the whole template is meant.
const WHOLE: (u32, u32) = (1, 1);

/// Whether all that a waybill needs is there.
pub(crate) fn present(label: &Label, findings: &mut Vec<Finding>) {
    number(label, findings);
    let shown = label.shown;
    let fields = shown.fields;
    let any = |ids: &[FieldId]| ids.iter().any(|&id| fields.contains(id));
    use FieldId as F;
    let recipient = any(&[F::RecipientName])
        && any(&[F::RecipientDetail])
        && any(&[F::RecipientCity, F::RecipientDistrict, F::RecipientTown]);
    let sender =
        any(&[F::SenderName, F::SenderOrg]) && any(&[F::SenderCity, F::SenderDistrict, F::SenderDetail]);
    let signature = label.trace.elements.iter().any(|element| {
        element.kind == Kind::Text
            && element.content.chars().count() <= SIGNATURE_LENGTH
            && SIGNATURE.iter().any(|word| element.content.contains(word))
    });
    for (there, rule) in [
        (!shown.routing.is_empty(), Rule::ZoneDestination),
        (recipient, Rule::ZoneRecipient),
        (shown.every_phone, Rule::RecipientPhone),
        (sender, Rule::ZoneSender),
        (shown.goods, Rule::ZoneGoods),
        (signature, Rule::ZoneSignature),
    ] {
        if !there {
            findings.push(Finding::at(rule, WHOLE));
        }
    }
}

fn number(label: &Label, findings: &mut Vec<Finding>) {
    let number = label.waybill.waybill_no.as_str();
    let codes: Vec<(&Placed, Symbol, bool)> = label
        .trace
        .elements
        .iter()
        .filter(|element| element.content.contains(number) || is_token(&element.content))
        .filter_map(|element| match element.kind {
            Kind::Barcode { symbol, optional } => Some((element, symbol, optional)),
            _ => None,
        })
        .collect();
    let linear =
        || codes.iter().filter(|(element, symbol, _)| is_linear(*symbol) && element.content == number);
    if linear().next().is_none() {
        findings.push(Finding::at(Rule::ZoneNumber, WHOLE));
    } else if linear().all(|&(_, _, optional)| optional) {
        findings.extend(linear().map(|(element, ..)| Finding::at(Rule::NumberOptional, place(element))));
    }
    let other = codes.iter().filter(|(_, symbol, _)| *symbol == Symbol::OtherLinear);
    findings.extend(other.map(|(element, ..)| Finding::at(Rule::NumberSymbology, place(element))));
    if let [(element, ..)] = codes[..] {
        findings.push(Finding::at(Rule::NumberOnce, place(element)));
    }
    let items = &label.trace.frame.items;
    let has_digits = |element: &Placed| {
        items.get(element.items.clone()).unwrap_or_default().iter().any(|item| matches!(item, Item::Text(_)))
    };
    let in_text = label.trace.elements.iter().any(|e| e.kind == Kind::Text && e.content.contains(number));
    if !in_text && !linear().any(|(element, ..)| has_digits(element)) {
        findings.push(Finding::at(Rule::NumberText, WHOLE));
    }
}

/// Whether a symbol is a linear one.
pub(crate) fn is_linear(symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Code128 | Symbol::OtherLinear)
}
