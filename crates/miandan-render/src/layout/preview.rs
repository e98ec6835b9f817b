//! The mark of a preview: the word 预览 over every symbol, and over every picture that was made for the label.
//!
//! A preview must not end up on a parcel, so its symbols cannot be read: a linear symbol is covered over its whole
//! length but for its ends, a matrix symbol over more of its area than any error correction restores (ISO/IEC 18004
//! corrects 30 % of the codewords at most). PDF417 has a level that restores a short text from a few of its columns:
//! everything between its start and its stop is covered.

use miandan_core::label::Resolution;

use crate::frame::{Bars, FaceId, Fill, Frame, Ink, Item, Matrix, Outline, Rect, Shape, Text, Turn};
use crate::symbol::pdf417;

/// What stands over a symbol.
const WORD: &str = "预览";

/// Covers every symbol of a frame.
pub fn mark_preview(frame: &mut Frame) {
    let resolution = frame.resolution;
    // From the last page to the first, so that what is put into one does not move the others that are still to come.
    for page in (0..frame.pages()).rev() {
        mark_page(frame, page, resolution);
    }
}

fn mark_page(frame: &mut Frame, page: usize, resolution: Resolution) {
    let covers: Vec<_> = frame
        .page(page)
        .iter()
        .filter_map(|item| match item {
            Item::Bars(bars) => Some(over_bars(bars, frame, resolution)),
            Item::Matrix(matrix) => Some((over_matrix(matrix, resolution), Turn::None)),
            // What was made for one label may be anything, a code as well.
            Item::Image(image) if image.computed => {
                Some((dots(resolution, image.x, image.y, image.width, image.height), Turn::None))
            }
            _ => None,
        })
        .collect();
    let end = frame.breaks.get(page).map_or(frame.items.len(), |&end| end as usize);
    let later = frame.items.split_off(end.min(frame.items.len()));
    for (rect, turn) in covers {
        cover(frame, rect, turn);
    }
    let more = frame.items.len().saturating_sub(end) as u32;
    frame.breaks.iter_mut().skip(page).for_each(|at| *at += more);
    frame.items.extend(later);
}

/// The middle four fifths of a linear symbol, over the full length of its bars; of a symbol of several rows all but its
/// start and stop.
fn over_bars(bars: &Bars, frame: &Frame, resolution: Resolution) -> (Rect, Turn) {
    let modules: i32 = bars.widths(frame).iter().map(|&width| i32::from(width)).sum();
    let along = modules * i32::from(bars.module);
    let skipped = match bars.rows {
        ..=1 => along / 10,
        _ => pdf417::START_MODULES as i32 * i32::from(bars.module),
    };
    let (kept, length) = (along - 2 * skipped, bars.length * i32::from(bars.rows));
    let (x, y) = (bars.x, bars.y);
    match bars.turn {
        Turn::None => (dots(resolution, x + skipped, y, kept, length), Turn::None),
        _ => (dots(resolution, x, y + skipped, length, kept), Turn::Quarter),
    }
}

/// The middle three quarters of each side: 56 % of a matrix symbol.
fn over_matrix(matrix: &Matrix, resolution: Resolution) -> Rect {
    let side = i32::from(matrix.side) * i32::from(matrix.module);
    let skipped = side / 8;
    dots(resolution, matrix.x + skipped, matrix.y + skipped, side - 2 * skipped, side - 2 * skipped)
}

fn dots(resolution: Resolution, x: i32, y: i32, width: i32, height: i32) -> Rect {
    let (left, top) = (resolution.micrometres(x), resolution.micrometres(y));
    let (right, bottom) = (resolution.micrometres(x + width), resolution.micrometres(y + height));
    Rect { x: left, y: top, width: right - left, height: bottom - top }
}

fn cover(frame: &mut Frame, rect: Rect, turn: Turn) {
    frame.items.push(Item::Fill(Fill { rect, shape: Shape::Square, ink: Ink::White }));
    let line = frame.resolution.micrometres(2);
    frame.items.push(Item::Outline(Outline { rect, shape: Shape::Square, line, dash: 0 }));

    let face = &miandan_fonts::BOLD;
    let cids: Vec<u16> = WORD.chars().filter_map(|character| face.cid(character)).collect();
    let em = i32::from(face.metrics().units_per_em);
    let (along, across) =
        if turn == Turn::None { (rect.width, rect.height) } else { (rect.height, rect.width) };
    // Ideographs fill their em: leave a fifth around them.
    let size = (along * 4 / 5 / cids.len().max(1) as i32).min(across * 4 / 5);
    let width: i32 = cids.iter().map(|&cid| i32::from(face.advance(cid)) * size / em).sum();
    let start = frame.cids.len() as u32;
    let length = cids.len() as u32;
    frame.cids.extend(cids);
    // The baseline lies so that the ideographic box stands in the middle.
    let metrics = face.metrics();
    let rise = (i32::from(metrics.ideographic_top) + i32::from(metrics.ideographic_bottom)) * size / em / 2;
    let (middle_x, middle_y) = (rect.x + rect.width / 2, rect.y + rect.height / 2);
    let (x, y) = match turn {
        Turn::None => (middle_x - width / 2, middle_y + rise),
        _ => (middle_x - rise, middle_y - width / 2),
    };
    let text = Text { x, y, turn, face: FaceId::Bold, size, start, length, ..Text::default() };
    frame.items.push(Item::Text(text));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped;
    use crate::template::Template;

    #[test]
    fn every_symbol_of_the_shipped_label_is_covered() {
        let template = Template::compile(shipped::ONE_PART_76X130.as_bytes()).unwrap();
        let mut frame = Frame::default();
        template.layout(&shipped::sample(), Resolution::Dpi203, &mut frame).unwrap();
        let symbols =
            frame.items.iter().filter(|item| matches!(item, Item::Bars(_) | Item::Matrix(_))).count();
        let before = frame.items.len();
        mark_preview(&mut frame);
        assert_eq!(symbols, 3);
        assert_eq!(frame.items.len(), before + 3 * symbols);
    }
}
