//! The sheet: its size, its edges, and the cell that stays blank.

use miandan_core::label::Micrometres;
use miandan_render::frame::Rect;
use miandan_render::template::Template;
use miandan_render::trace::Kind;

use crate::ink::{Drawer, count, dots, leaves, place};
use crate::lint::Label;
use crate::{Finding, Rule};

/// Sizes in use, in millimetres.
pub(crate) const SIZES: [[Micrometres; 2]; 7] =
    [[76, 130], [100, 110], [100, 150], [100, 177], [100, 180], [100, 203], [100, 210]];

/// What is free along the edges.
pub(crate) const MARGIN: Micrometres = 1_000;

/// What rounding may do.
const GRACE: Micrometres = 130;

/// The least cell for 补打 and a number.
const MARK: [Micrometres; 2] = [12_000, 5_000];

/// Whether carriers use such a sheet.
pub(crate) fn size(template: &Template, findings: &mut Vec<Finding>) {
    let size = template.size();
    if !SIZES.iter().any(|known| known.map(|side| side * 1000) == [size.width, size.height]) {
        findings.push(Finding::at(Rule::SheetSize, (1, 1)));
    }
}

/// Whether there is a cell for the mark of a reprint, and how large it is.
pub(crate) fn reprint_mark(template: &Template, findings: &mut Vec<Finding>) {
    let Some(cell) = template.reprint_mark() else {
        findings.push(Finding::at(Rule::ReprintMark, (1, 1)));
        return;
    };
    let at = (cell.line, cell.column);
    if cell.rect.width < MARK[0] {
        findings.push(Finding::at(Rule::ReprintMarkSmall, at).millimetres(cell.rect.width, MARK[0]));
    } else if cell.rect.height < MARK[1] {
        findings.push(Finding::at(Rule::ReprintMarkSmall, at).millimetres(cell.rect.height, MARK[1]));
    }
    if is_off(cell.rect, template) {
        findings.push(Finding::at(Rule::OffSheet, at));
    }
}

/// Whether the cell stays blank.
pub(crate) fn reserved(label: &Label, drawer: &mut Drawer, findings: &mut Vec<Finding>) {
    let Some(cell) = label.template.reprint_mark() else { return };
    let ink = drawer.shape(|_, _| true);
    if count(&ink, dots(cell.rect, label.resolution)) > 0 {
        findings.push(Finding::at(Rule::ReprintMarkTaken, (cell.line, cell.column)));
    }
}

/// What stands outside, or too close to the edge.
pub(crate) fn bounds(label: &Label, drawer: &mut Drawer, findings: &mut Vec<Finding>) {
    let size = label.template.size();
    let inner =
        Rect { x: MARGIN, y: MARGIN, width: size.width - 2 * MARGIN, height: size.height - 2 * MARGIN };
    let inner = dots(inner, label.resolution);
    let whole = drawer.shape(|_, _| true);
    let all = [0, 0, whole.width as i32, whole.height as i32];
    let close = count(&whole, all) > count(&whole, inner);
    for element in leaves(label.trace) {
        let empty = matches!(element.kind, Kind::Text | Kind::Barcode { .. }) && element.items.is_empty();
        if empty {
            continue;
        }
        if is_off(element.rect, label.template) {
            findings.push(Finding::at(Rule::OffSheet, place(element)));
        } else if close {
            let ink = drawer.shape(|index, _| element.items.contains(&index));
            if count(&ink, all) > count(&ink, inner) {
                findings.push(Finding::at(Rule::SheetMargin, place(element)));
            }
        }
    }
}

fn is_off(rect: Rect, template: &Template) -> bool {
    let size = template.size();
    rect.x < -GRACE
        || rect.y < -GRACE
        || rect.x.saturating_add(rect.width) > size.width + GRACE
        || rect.y.saturating_add(rect.height) > size.height + GRACE
}
