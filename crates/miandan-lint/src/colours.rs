//! What a thermal head cannot show.

use miandan_core::label::Micrometres;
use miandan_render::frame::{Ink, Item, Rect, Shape};
use miandan_render::trace::{Kind, Placed};

use crate::fields::position;
use crate::finding::Unit;
use crate::ink::{Drawer, count, is_line, leaves, place};
use crate::lint::Label;
use crate::types::extremes;
use crate::{Finding, Rule};

/// The least em of white type on black.
const REVERSED: Micrometres = 2_500;

/// Two dots at 203 dpi.
const LINE: Micrometres = 250;

/// The most of a sheet that may be black, in percent.
pub(crate) const BLACK_PERCENT: usize = 33;

/// Properties that hold a colour end with this.
const COLOUR: &str = "Color:";

/// Colours that are written in the template and are neither black nor white.
pub(crate) fn greys(text: &str, findings: &mut Vec<Finding>) {
    for (at, _) in text.match_indices(COLOUR) {
        let value = text[at + COLOUR.len()..].split([';', '"', '\'', '<']).next().unwrap_or("").trim();
        if !value.is_empty() && !is_black_or_white(&value.to_ascii_lowercase()) {
            findings.push(Finding::at(Rule::Grey, position(text, at)));
        }
    }
}

fn is_black_or_white(colour: &str) -> bool {
    match colour {
        "black" | "white" | "transparent" | "#000" | "#fff" | "#000000" | "#ffffff" | "#ff000000"
        | "#ffffffff" => true,
        _ => {
            let parts: Vec<_> = colour
                .strip_prefix("rgb(")
                .and_then(|rest| rest.strip_suffix(')'))
                .map(|rest| rest.split(',').map(str::trim).collect())
                .unwrap_or_default();
            parts.len() == 3
                && (parts.iter().all(|part| *part == "0") || parts.iter().all(|part| *part == "255"))
        }
    }
}

/// Texts that cannot be seen, small white type, thin lines, and too much black.
pub(crate) fn contrast(label: &Label, drawer: &mut Drawer, findings: &mut Vec<Finding>) {
    for element in leaves(label.trace) {
        if element.kind == Kind::Text {
            texts(label, element, findings);
        } else {
            lines(label, element, findings);
        }
    }
    for table in label.trace.elements.iter().filter(|element| element.kind == Kind::Table) {
        lines(label, table, findings);
    }
    let ink = drawer.draw(|_, _| true);
    let all = (ink.width * ink.height).max(1);
    let black = count(&ink, [0, 0, ink.width as i32, ink.height as i32]) * 100 / all;
    if black > BLACK_PERCENT {
        findings.push(Finding::at(Rule::BlackArea, (1, 1)).measured(
            black as f64,
            BLACK_PERCENT as f64,
            Unit::Percent,
        ));
    }
}

fn texts(label: &Label, element: &Placed, findings: &mut Vec<Finding>) {
    let items = &label.trace.frame.items;
    let text = items.iter().enumerate().find_map(|(index, item)| match item {
        Item::Text(text) if element.items.contains(&index) => Some((index, text)),
        _ => None,
    });
    let Some((index, text)) = text else { return };
    let middle = (element.rect.x + element.rect.width / 2, element.rect.y + element.rect.height / 2);
    let ground = items[..index].iter().rev().find_map(|item| match item {
        Item::Fill(fill) if !is_line(item) && holds(fill.rect, fill.shape, middle) => Some(fill.ink),
        _ => None,
    });
    if ground.unwrap_or(Ink::White) == text.ink {
        findings.push(Finding::at(Rule::Invisible, place(element)));
    } else if text.ink == Ink::White
        && let Some((least, _)) = extremes(label, element).filter(|(least, _)| *least < REVERSED)
    {
        findings.push(Finding::at(Rule::ReversedSmall, place(element)).millimetres(least, REVERSED));
    }
}

fn holds(rect: Rect, _: Shape, (x, y): (Micrometres, Micrometres)) -> bool {
    (rect.x..=rect.x + rect.width).contains(&x) && (rect.y..=rect.y + rect.height).contains(&y)
}

fn lines(label: &Label, element: &Placed, findings: &mut Vec<Finding>) {
    let thin =
        label.trace.frame.items.get(element.items.clone()).unwrap_or_default().iter().filter_map(|item| {
            let width = match item {
                Item::Fill(fill) => fill.rect.width.min(fill.rect.height),
                Item::Outline(outline) => outline.line,
                Item::Stroke(stroke) => stroke.line,
                _ => return None,
            };
            (width > 0 && width < LINE - 1).then_some(width)
        });
    if let Some(width) = thin.min() {
        findings.push(Finding::at(Rule::ThinLine, place(element)).millimetres(width, LINE));
    }
}
