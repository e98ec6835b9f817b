//! Texts that run into each other, or into lines.

use miandan_render::frame::Item;
use miandan_render::trace::Kind;

use crate::ink::{Drawer, add, common, is_line, leaves, place};
use crate::lint::Label;
use crate::{Finding, Rule};

/// So many dots in common are no accident of rounding.
const DOTS: usize = 3;

/// Finds them by their dots, since boxes may overlap where letters do not.
pub(crate) fn texts(label: &Label, drawer: &mut Drawer, findings: &mut Vec<Finding>) {
    let trace = label.trace;
    // What a text draws itself besides its letters (a line below them) may touch them.
    let of_texts: Vec<_> =
        leaves(trace).filter(|e| e.kind == Kind::Text).map(|element| element.items.clone()).collect();
    let lines = drawer.shape(|index, item| {
        let own = matches!(item, Item::Fill(_)) && of_texts.iter().any(|items| items.contains(&index));
        is_line(item) && !own
    });
    let mut texts = drawer.shape(|_, _| false);
    for element in leaves(trace).filter(|element| element.kind == Kind::Text) {
        if element.content.is_empty() || element.items.is_empty() {
            continue;
        }
        let text =
            drawer.shape(|index, item| element.items.contains(&index) && matches!(item, Item::Text(_)));
        if common(&text, &texts) >= DOTS {
            findings.push(Finding::at(Rule::TextOverText, place(element)));
        }
        if common(&text, &lines) >= DOTS {
            findings.push(Finding::at(Rule::TextOverLine, place(element)));
        }
        add(&mut texts, &text);
    }
}
