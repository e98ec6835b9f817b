//! Symbols: how wide their modules are, how high they are, and what is around them.

use miandan_core::label::Resolution;
use miandan_render::frame::{Bars, Frame, Item, Matrix, Turn};
use miandan_render::trace::{Kind, Placed, Symbol};

use crate::finding::Unit;
use crate::ink::{Drawer, count, leaves, place};
use crate::lint::Label;
use crate::{Finding, Rule};

/// The least height of the bars of the waybill number's first barcode, and of another: in micrometres.
pub(crate) const MAIN_HEIGHT: i32 = 9_000;
pub(crate) const OTHER_HEIGHT: i32 = 6_000;

/// Modules that stay free beside a linear symbol (ISO/IEC 15417) and around QR (ISO/IEC 18004).
const LINEAR_QUIET: i32 = 10;
const QR_QUIET: i32 = 4;

/// The fewest dots of a module at 203 and at 300 dpi, of linear symbols and of QR codes.
pub(crate) const LINEAR_MODULE: [i32; 2] = [3, 4];
pub(crate) const QR_MODULE: [i32; 2] = [4, 6];

/// One of two numbers of dots, for 203 and for 300 dpi.
pub(crate) const fn dots([at_203, at_300]: [i32; 2], resolution: Resolution) -> i32 {
    match resolution {
        Resolution::Dpi203 => at_203,
        Resolution::Dpi300 => at_300,
    }
}

/// Widths of modules, and heights of bars.
pub(crate) fn modules(label: &Label, findings: &mut Vec<Finding>) {
    let resolution = label.resolution;
    let mut main = true;
    for element in &label.trace.elements {
        let Kind::Barcode { optional, .. } = element.kind else { continue };
        let at = |rule| {
            let finding = Finding::at(rule, place(element));
            Finding { resolution: Some(resolution), ..finding }
        };
        for item in label.trace.frame.items.get(element.items.clone()).unwrap_or_default() {
            match item {
                Item::Bars(bars) if bars.rows == 1 => {
                    let least = dots(LINEAR_MODULE, resolution);
                    let module = i32::from(bars.module);
                    if module < least && !optional {
                        findings.push(at(Rule::ModuleNarrow).measured(
                            module.into(),
                            least.into(),
                            Unit::Dots,
                        ));
                    }
                    let least = if main { MAIN_HEIGHT } else { OTHER_HEIGHT };
                    main &= element.content != label.waybill.waybill_no;
                    let height = resolution.micrometres(bars.length);
                    if height < least && resolution == Resolution::Dpi203 {
                        let finding = Finding::at(Rule::BarcodeHeight, place(element));
                        findings.push(finding.millimetres(height, least));
                    }
                }
                Item::Matrix(matrix) => {
                    let (module, least) = (i32::from(matrix.module), dots(QR_MODULE, resolution));
                    if module < least {
                        findings.push(at(Rule::MatrixModule).measured(
                            module.into(),
                            least.into(),
                            Unit::Dots,
                        ));
                    }
                }
                _ => {}
            }
        }
    }
}

/// What stands in quiet zones, and over or under symbols.
pub(crate) fn surroundings(label: &Label, drawer: &mut Drawer, findings: &mut Vec<Finding>) {
    let trace = label.trace;
    for element in leaves(trace) {
        let Kind::Barcode { symbol, .. } = element.kind else { continue };
        for item in trace.frame.items.get(element.items.clone()).unwrap_or_default() {
            let Some((inside, zone)) = areas(item, symbol, &trace.frame) else { continue };
            let own = |index: usize| is_own(element, index);
            // What is white hides a symbol as well.
            let others = drawer.shape(|index, _| !own(index));
            let ink = drawer.draw(|index, _| !own(index));
            let covered = count(&others, inside);
            let behind_only_white = covered > 0 && count(&ink, inside) == 0 && is_below(label, element);
            if covered > 0 && !behind_only_white {
                findings.push(Finding::at(Rule::SymbolCovered, place(element)));
            } else if count(&ink, zone) > count(&ink, inside) || is_outside(zone, &trace.frame) {
                findings.push(Finding::at(Rule::QuietZone, place(element)));
            }
        }
    }
}

fn is_own(element: &Placed, index: usize) -> bool {
    element.items.contains(&index)
}

/// Whether all white areas were drawn before the symbol, so that they are paper to it.
fn is_below(label: &Label, element: &Placed) -> bool {
    let after = label.trace.frame.items.get(element.items.end..).unwrap_or_default();
    !after.iter().any(|item| matches!(item, Item::Fill(_) | Item::Image(_)))
}

/// The dots of a symbol, and with its quiet zones.
fn areas(item: &Item, symbol: Symbol, frame: &Frame) -> Option<([i32; 4], [i32; 4])> {
    match item {
        Item::Bars(bars) if bars.rows == 1 => Some(linear(bars, frame)),
        Item::Matrix(matrix) => Some(square(matrix, symbol)),
        _ => None,
    }
}

fn linear(bars: &Bars, frame: &Frame) -> ([i32; 4], [i32; 4]) {
    let module = i32::from(bars.module);
    let along = bars.widths(frame).iter().map(|&width| i32::from(width)).sum::<i32>() * module;
    let (width, height) = if bars.turn == Turn::None { (along, bars.length) } else { (bars.length, along) };
    let inside = [bars.x, bars.y, bars.x + width, bars.y + height];
    let quiet = LINEAR_QUIET * module;
    let [x, y] = if bars.turn == Turn::None { [quiet, 0] } else { [0, quiet] };
    (inside, [inside[0] - x, inside[1] - y, inside[2] + x, inside[3] + y])
}

fn square(matrix: &Matrix, symbol: Symbol) -> ([i32; 4], [i32; 4]) {
    let side = i32::from(matrix.side) * i32::from(matrix.module);
    let quiet = if symbol == Symbol::Qr { QR_QUIET } else { 1 } * i32::from(matrix.module);
    let inside = [matrix.x, matrix.y, matrix.x + side, matrix.y + side];
    (inside, [inside[0] - quiet, inside[1] - quiet, inside[2] + quiet, inside[3] + quiet])
}

fn is_outside(zone: [i32; 4], frame: &Frame) -> bool {
    let [right, bottom] = [frame.size.width, frame.size.height].map(|length| frame.resolution.dots(length));
    zone[0] < 0 || zone[1] < 0 || zone[2] > right || zone[3] > bottom
}
