//! Frames to one-bit pictures for thermal print heads.
//!
//! Everything falls on whole dots: symbols stand there already, edges are rounded to them, and a glyph looks the same
//! wherever it stands. There are no grey tones to hide behind, so each decision is made for ink on paper.

mod aside;
mod bitmap;
mod glyphs;
mod pictures;
mod png;
mod shapes;
mod symbols;

pub use aside::move_codes_aside;
pub use bitmap::{Bitmap, MAX_SIDE};
pub use png::png;

use crate::frame::{Frame, Item, Text};
use glyphs::Glyphs;
use pictures::Pictures;

/// Draws one frame after another. What it keeps in between is for speed and never shows in the picture.
#[derive(Debug, Default)]
pub struct Rasteriser {
    glyphs: Glyphs,
    scratch: Vec<u8>,
    pictures: Pictures,
}

impl Rasteriser {
    /// A rasteriser that has drawn nothing.
    #[must_use]
    pub fn new() -> Self {
        Rasteriser::default()
    }

    /// Replaces what is in a bitmap by the first page of a frame, at the frame's resolution.
    pub fn draw(&mut self, frame: &Frame, bitmap: &mut Bitmap) {
        self.draw_page(frame, 0, bitmap);
    }

    /// Replaces what is in a bitmap by a page of a frame, from 0, at the frame's resolution.
    pub fn draw_page(&mut self, frame: &Frame, page: usize, bitmap: &mut Bitmap) {
        bitmap.reset(frame.size, frame.resolution);
        self.glyphs.of(&frame.faces);
        for item in frame.page(page) {
            match item {
                Item::Fill(fill) => shapes::fill(bitmap, fill),
                Item::Outline(outline) => shapes::outline(bitmap, outline),
                Item::Stroke(stroke) => shapes::stroke(bitmap, stroke),
                Item::Text(text) => self.text(frame, text, bitmap),
                Item::Bars(bars) => symbols::bars(bitmap, frame, bars, &mut self.scratch),
                Item::Matrix(matrix) => symbols::matrix(bitmap, frame, matrix, &mut self.scratch),
                Item::Image(image) => self.pictures.draw(frame, image, bitmap),
            }
        }
    }

    fn text(&mut self, frame: &Frame, text: &Text, bitmap: &mut Bitmap) {
        let end = text.start.saturating_add(text.length) as usize;
        let Some(cids) = frame.cids.get(text.start as usize..end) else { return };
        if text.size <= 0 {
            return;
        }
        let Some(face) = frame.faces.get(text.face) else { return };
        let units = 1000;
        let (size, spacing) = (i64::from(text.size), i64::from(text.spacing));
        // Along the baseline, in thousandths of a micrometre: exact, so that rounding does not add up.
        let mut pen = 0i64;
        let direction = text.direction();
        for &cid in cids {
            let along = pen.div_euclid(units);
            if along.abs() > FARTHEST {
                return;
            }
            let [x, y] = direction.turn([along, 0]);
            let x = bitmap.dots(i64::from(text.x) + x);
            let y = bitmap.dots(i64::from(text.y) + y);
            let glyph = self.glyphs.glyph(text, face.glyph(cid), frame.resolution);
            bitmap.stamp(&glyph, x, y, text.ink);
            pen += i64::from(face.advance(cid)) * size + spacing * units;
        }
    }
}

/// No label is larger than this many micrometres, so what is farther away is not seen.
const FARTHEST: i64 = 1 << 32;
