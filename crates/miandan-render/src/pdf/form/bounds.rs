//! Where an item puts ink at most, and which ink: what has to be known to draw it earlier than it was laid out.

use ttf_parser::GlyphId;

use crate::angle::Angle;
use crate::frame::{FaceId, Frame, Ink, Item, Text, Turn};
use crate::modules;
use crate::shape;

/// Items that are so far apart share no pixel of a viewer, even of one that smooths edges at 100 dpi (254 µm).
const APART: i64 = 400;

/// Left, top, right and bottom in micrometres.
pub(super) type Bounds = [i64; 4];

/// Whether nothing that is drawn in the one touches what is drawn in the other.
fn apart(one: Bounds, other: Bounds) -> bool {
    (0..2).any(|axis| one[axis] >= other[axis + 2] + APART || other[axis] >= one[axis + 2] + APART)
}

/// Whether an item puts nothing but black on the paper. Such items may be drawn in any order. A picture is opaque.
pub(super) fn is_black(item: &Item) -> bool {
    match item {
        Item::Fill(fill) => fill.ink == Ink::Black,
        Item::Stroke(stroke) => stroke.ink == Ink::Black,
        Item::Text(text) => text.ink == Ink::Black,
        Item::Outline(_) | Item::Bars(_) | Item::Matrix(_) => true,
        Item::Image(_) => false,
    }
}

/// What an item does to a path of rectangles that is open when it is drawn (see `Page::open`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// It draws nothing.
    Keeps,
    /// It adds rectangles of this ink, and begins a path if another is open or none.
    Adds(Ink),
    /// It ends the path.
    Ends,
}

pub(super) fn path(item: &Item, frame: &Frame) -> Path {
    match item {
        Item::Fill(fill) => {
            let edges = shape::edges(&fill.rect);
            match shape::corners(edges, fill.shape) {
                _ if shape::is_empty(edges) => Path::Keeps,
                [0, 0] => Path::Adds(fill.ink),
                _ => Path::Ends,
            }
        }
        Item::Outline(outline) => {
            let edges = shape::edges(&outline.rect);
            match shape::corners(edges, outline.shape) {
                _ if shape::is_empty(edges) || outline.line <= 0 => Path::Keeps,
                [0, 0] if outline.dash <= 0 => Path::Adds(Ink::Black),
                _ => Path::Ends,
            }
        }
        Item::Stroke(stroke) if stroke.from == stroke.to || stroke.line <= 0 => Path::Keeps,
        Item::Text(text) if text.all_cids(frame).is_none() => Path::Keeps,
        Item::Image(image) if image.picture(frame).is_none() => Path::Keeps,
        // A symbol without a module ends the path as well, or does not: nothing depends on it but that an item is drawn
        // where it was laid out.
        _ => Path::Ends,
    }
}

/// Says how far the glyphs of the bundled faces reach.
pub(super) struct Ruler {
    faces: [Option<ttf_parser::Face<'static>>; FaceId::BUNDLED.len()],
}

impl Default for Ruler {
    fn default() -> Self {
        let bundled = [&miandan_fonts::REGULAR, &miandan_fonts::BOLD];
        Ruler { faces: bundled.map(|face| ttf_parser::Face::parse(face.data(), 0).ok()) }
    }
}

impl std::fmt::Debug for Ruler {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Ruler")
    }
}

impl Ruler {
    /// Whether an item stays so far from these bounds that they share no pixel.
    pub(super) fn apart(&self, item: &Item, frame: &Frame, bounds: Bounds) -> bool {
        // Nearly all texts are, and need not be measured for that.
        if let Item::Text(text) = item
            && let Some(around) = around(text)
            && apart(around, bounds)
        {
            return true;
        }
        self.bounds(item, frame).is_some_and(|of_item| apart(of_item, bounds))
    }

    /// What an item stays within; nothing if that is not known.
    pub(super) fn bounds(&self, item: &Item, frame: &Frame) -> Option<Bounds> {
        match item {
            Item::Fill(fill) => Some(shape::edges(&fill.rect)),
            // A line that is thicker than its shape reaches beyond it where it is dashed.
            Item::Outline(outline) => Some(grown(shape::edges(&outline.rect), outline.line.into())),
            Item::Stroke(stroke) => {
                let [[x0, y0], [x1, y1]] = [stroke.from, stroke.to].map(|point| point.map(i64::from));
                Some(grown([x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)], stroke.line.into()))
            }
            Item::Text(text) => self.text(text, frame),
            Item::Bars(bars) => {
                let modules = |widths: &[u8]| widths.iter().map(|&width| i64::from(width)).sum::<i64>();
                let along = bars.row_widths(frame).map(modules).max().unwrap_or(0) * i64::from(bars.module);
                let across = i64::from(bars.length.max(0)) * i64::from(bars.rows);
                let [width, height] = if modules::lying(bars) { [across, along] } else { [along, across] };
                Some(dots(frame, bars.x, bars.y, width, height))
            }
            Item::Matrix(matrix) => {
                let side = i64::from(matrix.side) * i64::from(matrix.module);
                Some(dots(frame, matrix.x, matrix.y, side, side))
            }
            Item::Image(image) => {
                Some(dots(frame, image.x, image.y, image.width.into(), image.height.into()))
            }
        }
    }

    /// From the boxes of the glyphs. A caller's font may say anything of its glyphs, so nothing is known of it.
    fn text(&self, text: &Text, frame: &Frame) -> Option<Bounds> {
        let face = self.faces.get(usize::from(text.face.number()))?.as_ref()?;
        let boxes = face.tables().glyf?;
        let known = frame.faces.get(text.face)?;
        let (size, em) = (i64::from(text.size), i64::from(face.units_per_em()).max(1));
        let scaled = |units: i64| units * size / em;
        let (mut pen, mut count) = (0, 0);
        let [mut left, mut top, mut right, mut bottom] = [0_i64; 4];
        for cid in text.known_cids(frame).into_iter().flatten() {
            // What the font says of the glyph: a test compares it with the outlines.
            if let Some(of) = boxes.bbox(GlyphId(known.glyph(cid))) {
                let of = [of.x_min, of.y_min, of.x_max, of.y_max].map(|units| scaled(units.into()));
                left = left.min(pen + of[0]);
                top = top.min(-of[3]);
                right = right.max(pen + of[2]);
                bottom = bottom.max(-of[1]);
            }
            pen += scaled(known.advance(cid).into()) + i64::from(text.spacing);
            count += 1;
        }
        // Lengths were cut to whole micrometres, and widths in a PDF are whole thousandths of the em.
        let rounding = 2 + count * (2 + size / 1000);
        let [left, top, right, bottom] = grown([left, top, right, bottom], rounding);
        let (x, y) = (i64::from(text.x), i64::from(text.y));
        if is_upright(text) {
            return Some([x + left, y + top, x + right, y + bottom]);
        }
        // Whichever way it is turned: no corner is further from the origin than 1.6 of the longest distance along an axis.
        let reach = 2 * [-left, -top, right, bottom].into_iter().max().unwrap_or(0);
        Some(grown([x, y, x, y], reach))
    }
}

/// What an upright text stays within, however long it is; nothing if that is not known. No glyph reaches further back than its
/// face says.
fn around(text: &Text) -> Option<Bounds> {
    let face = match text.face {
        FaceId::Regular => &miandan_fonts::REGULAR,
        FaceId::Bold => &miandan_fonts::BOLD,
        FaceId::Added(_) => return None,
    };
    if !is_upright(text) || text.spacing < 0 {
        return None;
    }
    let metrics = face.metrics();
    let [left, bottom, _, top] = metrics.bbox.map(|units| {
        let (size, em) = (i64::from(text.size), i64::from(metrics.units_per_em).max(1));
        i64::from(units) * size / em
    });
    let (x, y) = (i64::from(text.x), i64::from(text.y));
    Some(grown([x + left, y - top, i64::from(i32::MAX), y - bottom], 2))
}

fn is_upright(text: &Text) -> bool {
    text.turn == Turn::None && text.angle == Angle::NONE && !text.slant
}

fn grown([left, top, right, bottom]: Bounds, by: i64) -> Bounds {
    let by = by.max(0);
    [left - by, top - by, right + by, bottom + by]
}

/// A rectangle in dots, outwards to whole micrometres.
fn dots(frame: &Frame, x: i32, y: i32, width: i64, height: i64) -> Bounds {
    let (numerator, denominator) = frame.resolution.dot();
    let [numerator, denominator] = [numerator, denominator].map(i64::from);
    let [x, y] = [x, y].map(i64::from);
    let low = |dots: i64| (dots * numerator).div_euclid(denominator);
    let high = |dots: i64| low(dots) + 1;
    [low(x), low(y), high(x + width.max(0)), high(y + height.max(0))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_glyph_of_a_bundled_face_leaves_its_box() {
        let ruler = Ruler::default();
        for (face, bundled) in ruler.faces.iter().zip([&miandan_fonts::REGULAR, &miandan_fonts::BOLD]) {
            let face = face.as_ref().unwrap();
            let boxes = face.tables().glyf.unwrap();
            let [left, bottom, right, top] = bundled.metrics().bbox;
            let mut drawn = 0;
            for glyph in (0..face.number_of_glyphs()).map(GlyphId) {
                let Some(outline) = face.glyph_bounding_box(glyph) else { continue };
                let said = boxes.bbox(glyph).unwrap();
                assert!(
                    said.x_min <= outline.x_min
                        && said.y_min <= outline.y_min
                        && said.x_max >= outline.x_max
                        && said.y_max >= outline.y_max,
                    "{glyph:?}: {said:?} {outline:?}"
                );
                assert!(
                    left <= outline.x_min
                        && bottom <= outline.y_min
                        && right >= outline.x_max
                        && top >= outline.y_max,
                    "{glyph:?}: {outline:?}"
                );
                drawn += 1;
            }
            assert!(drawn > 10_000, "{drawn}");
        }
    }

    #[test]
    fn what_is_a_pixel_apart_may_change_places() {
        assert!(!apart([0, 0, 1000, 1000], [1000, 0, 2000, 1000]));
        assert!(!apart([0, 0, 1000, 1000], [1000 + APART - 1, 0, 2000, 1000]));
        assert!(apart([0, 0, 1000, 1000], [1000 + APART, 0, 2000, 1000]));
        assert!(apart([0, 2000, 1000, 2100], [0, 0, 1000, 2000 - APART]));
    }
}
