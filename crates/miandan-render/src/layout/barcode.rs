//! Placing symbols: modules of whole dots, as large as they should be and as fits the box with its quiet zones.

use miandan_core::label::Micrometres;
use miandan_core::pipe::LabelWarning;

use super::text::{Setting, Typesetter};
use super::{Pen, Trouble};
use crate::frame::{Bars, Item, Matrix, Rect, Turn};
use crate::symbol::{Linear, SymbolError, aztec, code128, datamatrix, pdf417, qr};
use crate::template::{Align, MatrixKind, Problem, Spacing, Style, Symbology};

/// The module of a linear symbol that has room: three dots at 203 dpi and four at 300. Of symbols at two dots less than
/// half is read once the print is blurred, at three nearly all.
const USUAL_MODULE: Micrometres = 375;

/// The largest module of a linear symbol that fills its box: above it nothing is gained.
const LARGEST_MODULE: Micrometres = 500;

/// The least module of a matrix symbol and of PDF417: three dots at 203 dpi and four at 300.
const MATRIX_MODULE: Micrometres = 375;

/// Between bars and digits.
const GAP: Micrometres = 600;

/// Space after each digit under the bars, in thousandths of the em, where the style does not say.
const DIGIT_SPACING: i32 = 240;

/// A barcode to be drawn.
pub(super) struct Barcode<'t> {
    pub(super) symbology: Symbology,
    /// Whether a linear symbol fills its box as far as modules of half a millimetre reach.
    pub(super) fill: bool,
    /// Whether the label is of use without it. A narrow one is better than none then, and no cause for a warning.
    pub(super) optional: bool,
    pub(super) content: &'t str,
}

/// Draws a barcode in a rectangle. What was refused leaves nothing behind in the frame.
pub(super) fn draw(
    barcode: &Barcode,
    rect: Rect,
    style: &Style,
    pen: &mut Pen,
    typesetter: &mut Typesetter,
) -> Result<(), Trouble> {
    let content = barcode.content.trim();
    if content.is_empty() {
        return Err(Problem::BarcodeEmpty.into());
    }
    let before = (pen.frame.widths.len(), pen.frame.rows.len());
    let drawn = match barcode.symbology {
        Symbology::Linear(kind) => linear(kind, barcode, content, rect, style, pen, typesetter),
        Symbology::Matrix(kind) => matrix(kind, content, rect, style, pen),
        Symbology::Pdf417(level) => stacked(level, content, rect, style, pen),
    };
    if drawn.is_err() {
        pen.frame.widths.truncate(before.0);
        pen.frame.rows.truncate(before.1);
    }
    drawn
}

fn linear(
    symbology: Linear,
    barcode: &Barcode,
    content: &str,
    rect: Rect,
    style: &Style,
    pen: &mut Pen,
    typesetter: &mut Typesetter,
) -> Result<(), Trouble> {
    let resolution = pen.resolution;
    let start = pen.frame.widths.len();
    // A half turn changes nothing but the side of the digits, which stay below; so does a quarter turn the other way.
    let turn = match style.turn {
        Turn::None | Turn::Half => Turn::None,
        Turn::Quarter | Turn::ThreeQuarters => Turn::Quarter,
    };
    let (run, height) = match turn {
        Turn::None => (rect.width, rect.height),
        _ => (rect.height, rect.width),
    };
    let room = inner_dots(pen, if turn == Turn::None { (rect.x, run) } else { (rect.y, run) });
    let least = resolution.dots(symbology.least_module());
    let least = if resolution.micrometres(least) < symbology.least_module() { least + 1 } else { least };
    let usual = resolution.dots(USUAL_MODULE).max(least);
    let most = if barcode.fill { resolution.dots(LARGEST_MODULE).max(usual) } else { usual };
    let [before, after] = symbology.quiet_zones().map(|zone| zone as i32);
    // Wide elements may be of two widths or three: the better of those with which the module is no narrower.
    let mut best: Option<(i32, i32, u8)> = None;
    for &wide in symbology.wide() {
        pen.frame.widths.truncate(start);
        symbology.encode(content, wide, &mut pen.frame.widths).map_err(refused)?;
        let modules = code128::modules(&pen.frame.widths[start..]) as i32;
        let module = (room.1 / (before + modules + after)).min(most);
        if best.is_none_or(|(widest, ..)| module > widest) {
            best = Some((module, modules, wide));
        }
        if module >= usual {
            break;
        }
    }
    let (module, modules, wide) = best.ok_or(Problem::BarcodeDoesNotFit)?;
    if module < least {
        return Err(Problem::BarcodeDoesNotFit.into());
    }
    pen.frame.widths.truncate(start);
    symbology.encode(content, wide, &mut pen.frame.widths).map_err(refused)?;
    if module < usual && !barcode.optional {
        pen.frame.warnings.note(LabelWarning::NarrowBarcode);
        pen.told.push((Problem::BarcodeNarrow, pen.at));
    }
    let text_size =
        if style.hide_text { None } else { Some(style.font_size.unwrap_or(3_000).min(height / 2)) };
    let bars = height - text_size.map_or(0, |size| size + GAP);
    let first = room.0 + before * module + (room.1 - (before + modules + after) * module) / 2;
    let (x, y, length) = match turn {
        Turn::None => {
            let top = resolution.dots(rect.y);
            (first, top, resolution.dots(rect.y + bars) - top)
        }
        _ => {
            let left = resolution.dots(rect.x + rect.width - bars);
            (left, first, resolution.dots(rect.x + rect.width) - left)
        }
    };
    if length < 1 {
        return Err(Problem::BarcodeDoesNotFit.into());
    }
    pen.push(Item::Bars(Bars {
        x,
        y,
        module: module as u8,
        length,
        turn,
        start: start as u32,
        count: (pen.frame.widths.len() - start) as u32,
        rows: 1,
    }))?;
    let Some(size) = text_size else { return Ok(()) };
    let shown = symbology.shown(content);
    let mut setting = Setting { wrap: false, size: Some(size), turn, ..Setting::of_style(style) };
    setting.align = Align::Middle;
    setting.valign = Align::End;
    if setting.spacing == Spacing::Relative(0) {
        setting.spacing = Spacing::Relative(DIGIT_SPACING);
        if typesetter.width(&shown, size, &setting)? > run {
            setting.spacing = Spacing::Relative(0);
        }
    }
    let below = match turn {
        Turn::None => Rect { y: rect.y + rect.height - size, height: size, ..rect },
        _ => Rect { width: size, ..rect },
    };
    typesetter.set(&shown, below, &setting, pen)
}

fn matrix(kind: MatrixKind, content: &str, rect: Rect, style: &Style, pen: &mut Pen) -> Result<(), Trouble> {
    let start = pen.frame.rows.len();
    let rows = &mut pen.frame.rows;
    let (side, quiet) = match kind {
        MatrixKind::Qr(level) => (qr::encode(content, level, rows), qr::QUIET_ZONE),
        MatrixKind::DataMatrix => (datamatrix::encode(content, rows), datamatrix::QUIET_ZONE),
        MatrixKind::Aztec => (aztec::encode(content, rows), aztec::QUIET_ZONE),
        MatrixKind::Gs1DataMatrix => (datamatrix::encode_gs1(content, rows), datamatrix::QUIET_ZONE),
    };
    let (side, quiet) = (side.map_err(refused)?, quiet as i32);
    let (left, width) = inner_dots(pen, (rect.x, rect.width));
    let (top, height) = inner_dots(pen, (rect.y, rect.height));
    let modules = i32::from(side) + 2 * quiet;
    let module = (width.min(height) / modules).min(i32::from(u8::MAX));
    if module < pen.resolution.dots(MATRIX_MODULE) {
        return Err(Problem::BarcodeDoesNotFit.into());
    }
    let place = |align: Align, free: i32| super::text::along(align, i64::from(free)) as i32;
    // Aligned within what the quiet zones leave free.
    let quiet = quiet * module;
    let free = [width, height].map(|room| room - modules * module);
    pen.push(Item::Matrix(Matrix {
        x: left + quiet + place(centred(style.align), free[0]),
        y: top + quiet + place(centred(style.valign), free[1]),
        module: module as u8,
        side,
        start: start as u32,
    }))
}

/// PDF417 in the shape that has the largest modules in the box and, of those, the least area.
fn stacked(
    level: Option<u8>,
    content: &str,
    rect: Rect,
    style: &Style,
    pen: &mut Pen,
) -> Result<(), Trouble> {
    let message = pdf417::Message::new(content, level).map_err(refused)?;
    let (left, width) = inner_dots(pen, (rect.x, rect.width));
    let (top, height) = inner_dots(pen, (rect.y, rect.height));
    // Readers take it upside down as well, as they do a linear symbol.
    let turn = match style.turn {
        Turn::None | Turn::Half => Turn::None,
        Turn::Quarter | Turn::ThreeQuarters => Turn::Quarter,
    };
    let turned =
        |[along, across]: [i32; 2]| if turn == Turn::None { [along, across] } else { [across, along] };
    let quiet = 2 * pdf417::QUIET_ZONE as i32;
    let fits = |shape: pdf417::Shape| {
        let modules = turned([shape.width() as i32, shape.height() as i32]);
        let module = (width / (modules[0] + quiet)).min(height / (modules[1] + quiet));
        (module.min(i32::from(u8::MAX)), -modules[0] * modules[1])
    };
    let shape = message.shapes().max_by_key(|&shape| fits(shape)).ok_or(Problem::BarcodeDoesNotFit)?;
    let (module, _) = fits(shape);
    if module < pen.resolution.dots(MATRIX_MODULE) {
        return Err(Problem::BarcodeDoesNotFit.into());
    }
    let start = pen.frame.widths.len();
    let count = message.draw(shape, &mut pen.frame.widths);
    let size = turned([shape.width() as i32, shape.height() as i32]).map(|side| (side + quiet) * module);
    let place = |align: Align, free: i32| super::text::along(align, i64::from(free)) as i32;
    pen.push(Item::Bars(Bars {
        x: left + quiet / 2 * module + place(centred(style.align), width - size[0]),
        y: top + quiet / 2 * module + place(centred(style.valign), height - size[1]),
        module: module as u8,
        length: pdf417::ROW_HEIGHT as i32 * module,
        turn,
        start: start as u32,
        count,
        rows: shape.rows,
    }))
}

/// Symbols stand in the middle unless the style says right or bottom.
pub(super) fn centred(align: Align) -> Align {
    if align == Align::Start { Align::Middle } else { align }
}

/// The first whole dot inside an extent, and the number of whole dots in it.
pub(super) fn inner_dots(pen: &Pen, (from, length): (Micrometres, Micrometres)) -> (i32, i32) {
    let first = pen.resolution.dots(from);
    (first, pen.resolution.dots(from + length) - first)
}

fn refused(error: SymbolError) -> Trouble {
    match error {
        SymbolError::Empty => Problem::BarcodeEmpty.into(),
        SymbolError::CheckDigit => Problem::BarcodeCheckDigit.into(),
        SymbolError::Length => Problem::BarcodeLength.into(),
        SymbolError::Character | SymbolError::TooLong => Problem::BarcodeContent.into(),
    }
}
