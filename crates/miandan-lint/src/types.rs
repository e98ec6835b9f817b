//! How large the type is.

use miandan_core::label::Micrometres;
use miandan_render::frame::Item;
use miandan_render::trace::{Kind, Placed};

use crate::ink::place;
use crate::lint::Label;
use crate::{Finding, Rule};

/// The least em that a thermal head prints legibly: 16 dots at 203 dpi.
const LEAST: Micrometres = 2_000;

/// The least em of an address that is read at arm's length.
const ADDRESS: Micrometres = 2_500;

/// The least em of the routing code: 24 pt, on whole dots.
const ROUTING: Micrometres = 8_400;

/// The narrowest sheet on which there is room for it.
const SHEET: Micrometres = 76_000;

/// Sizes in an ordinary label.
pub(crate) fn sizes(label: &Label, findings: &mut Vec<Finding>) {
    let texts = || label.trace.elements.iter().filter(|element| element.kind == Kind::Text);
    for element in texts() {
        let Some((least, _)) = extremes(label, element) else { continue };
        if least < LEAST {
            findings.push(Finding::at(Rule::TextSmall, place(element)).millimetres(least, LEAST));
        } else if least < ADDRESS && label.shown.address.contains(&place(element)) {
            findings.push(Finding::at(Rule::AddressSmall, place(element)).millimetres(least, ADDRESS));
        }
    }
    let routing = || texts().filter(|element| label.shown.routing.contains(&place(element)));
    let largest = |element: &&Placed| extremes(label, element).map_or(0, |(_, most)| most);
    let Some(code) = routing().max_by_key(largest) else { return };
    let size = largest(&code);
    if size < ROUTING && label.template.size().width >= SHEET {
        findings.push(Finding::at(Rule::RoutingSmall, place(code)).millimetres(size, ROUTING));
    }
    let others = texts().filter(|element| !label.shown.routing.contains(&place(element)));
    if let Some(other) = others.max_by_key(largest).filter(|other| largest(other) > size) {
        findings.push(Finding::at(Rule::RoutingNotLargest, place(code)).millimetres(size, largest(&other)));
    }
}

/// The least and the largest em of a text.
pub(crate) fn extremes(label: &Label, element: &Placed) -> Option<(Micrometres, Micrometres)> {
    let items = label.trace.frame.items.get(element.items.clone()).unwrap_or_default();
    let sizes = items.iter().filter_map(|item| match item {
        Item::Text(text) => Some(text.size),
        _ => None,
    });
    sizes.fold(None, |range, size| match range {
        None => Some((size, size)),
        Some((least, most)) => Some((size.min(least), size.max(most))),
    })
}
