//! Outlines of glyphs to packed bits, made once for each face, size and turn.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use miandan_core::label::Resolution;
use miandan_fonts::{BOLD, REGULAR};
use ttf_parser::{GlyphId, OutlineBuilder, Rect};

use super::bitmap::{Stamp, WORD_DOTS};
use crate::faces::Faces;
use crate::frame::{FaceId, Text, Turn};

/// How much of a dot an outline must cover for it to be heated. Less than half: a stem of a small ideograph is thinner
/// than a dot, and a broken stem cannot be read, while a dot too many can.
const THRESHOLD: f32 = 0.36;

/// The same for the bold face, whose stems are thick enough.
const BOLD_THRESHOLD: f32 = 0.42;

/// Beyond so many dots along either side a glyph is not drawn; a quarter of a metre at 203 dpi.
const MAX_SIDE: f32 = 2048.0;

/// The cache is emptied when it holds more words than this (16 MiB, about 50,000 glyphs of body text).
const MAX_WORDS: usize = 2 << 20;

/// Makes and keeps the stamps of glyphs.
pub(super) struct Glyphs {
    /// The bundled faces, parsed. Those of a caller are parsed for each glyph that is made, which happens once.
    bundled: [Option<ttf_parser::Face<'static>>; FaceId::BUNDLED.len()],
    /// The faces of what is kept.
    faces: Faces,
    places: HashMap<u64, Place, BuildHasherDefault<KeyHasher>>,
    words: Vec<u64>,
    rasterizer: Rasterizer,
}

/// Where the rows of a glyph are kept, and how they stand to its origin.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    left: i32,
    top: i32,
    width: u32,
    start: u32,
    end: u32,
}

impl Default for Glyphs {
    fn default() -> Self {
        Glyphs {
            // The bundled faces always parse; a damaged one draws nothing.
            bundled: [REGULAR, BOLD].map(|face| ttf_parser::Face::parse(face.data(), 0).ok()),
            faces: Faces::default(),
            places: HashMap::default(),
            words: Vec::new(),
            rasterizer: Rasterizer::new(0, 0),
        }
    }
}

impl std::fmt::Debug for Glyphs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Glyphs").field("kept", &self.places.len()).finish_non_exhaustive()
    }
}

impl Glyphs {
    /// From now on glyphs are of these faces. What was made of others is forgotten.
    pub(super) fn of(&mut self, faces: &Faces) {
        if self.faces != *faces {
            self.faces = faces.clone();
            self.words.clear();
            self.places.clear();
        }
    }

    /// The stamp of a glyph in the face, size and turn of a text.
    pub(super) fn glyph(&mut self, text: &Text, glyph: u16, resolution: Resolution) -> Stamp<'_> {
        let key = u64::from(text.size.unsigned_abs())
            | u64::from(glyph) << 32
            | (text.turn as u64) << 48
            | u64::from(text.face.number()) << 50
            | (resolution as u64) << 58;
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => {
                if self.words.len() > MAX_WORDS {
                    self.words.clear();
                    self.places.clear();
                }
                let place = self.make(text, glyph, resolution).unwrap_or_default();
                self.places.insert(key, place);
                place
            }
        };
        let Place { left, top, width, start, end } = place;
        Stamp { left, top, width: width as usize, rows: &self.words[start as usize..end as usize] }
    }

    /// Rasterises a glyph; `None` when there is nothing to see.
    fn make(&mut self, text: &Text, glyph: u16, resolution: Resolution) -> Option<Place> {
        let glyph = GlyphId(glyph);
        let added;
        let (face, bounds) = match text.face {
            FaceId::Regular | FaceId::Bold => {
                let face = self.bundled[usize::from(text.face.number())].as_ref()?;
                (face, face.glyph_bounding_box(glyph)?)
            }
            FaceId::Added(_) => {
                added = ttf_parser::Face::parse(self.faces.get(text.face)?.data(), 0).ok()?;
                // What a font says of its glyph's bounds may be wrong; what was drawn is not.
                (&added, added.outline_glyph(glyph, &mut Measuring)?)
            }
        };
        let (numerator, denominator) = resolution.dot();
        let em = text.size as f32 * denominator as f32 / numerator as f32;
        let transform = Transform { scale: em / f32::from(face.units_per_em().max(1)), turn: text.turn };
        let [left, top, right, bottom] = transform.bounds(bounds);
        let (width, height) = (right - left, bottom - top);
        if !(width > 0.0 && height > 0.0 && width <= MAX_SIDE && height <= MAX_SIDE) {
            return None;
        }
        self.rasterizer.reset(width as usize, height as usize);
        let mut pen = Pen {
            rasterizer: &mut self.rasterizer,
            transform,
            corner: point(left, top),
            start: None,
            at: None,
        };
        face.outline_glyph(glyph, &mut pen)?;
        pen.close();

        let start = self.words.len();
        let row_words = (width as usize).div_ceil(WORD_DOTS);
        self.words.resize(start + row_words * height as usize, 0);
        let (words, width) = (&mut self.words[start..], width as usize);
        let threshold = if text.face == FaceId::Bold { BOLD_THRESHOLD } else { THRESHOLD };
        let (mut x, mut row) = (0, 0);
        self.rasterizer.for_each_pixel(|_, coverage| {
            if coverage >= threshold {
                words[row + x / WORD_DOTS] |= 1 << (63 - x % WORD_DOTS);
            }
            x += 1;
            if x == width {
                (x, row) = (0, row + row_words);
            }
        });
        Some(Place {
            left: left as i32,
            top: top as i32,
            width: width as u32,
            start: start as u32,
            end: self.words.len() as u32,
        })
    }
}

/// Font units, y upwards, to dots, y downwards.
#[derive(Clone, Copy)]
struct Transform {
    scale: f32,
    turn: Turn,
}

impl Transform {
    fn apply(self, x: f32, y: f32) -> Point {
        let (x, y) = (x * self.scale, -y * self.scale);
        match self.turn {
            Turn::None => point(x, y),
            Turn::Quarter => point(-y, x),
            Turn::Half => point(-x, -y),
            Turn::ThreeQuarters => point(y, -x),
        }
    }

    /// The whole dots that a box touches: left, top, right, bottom.
    fn bounds(self, bounds: Rect) -> [f32; 4] {
        let a = self.apply(bounds.x_min.into(), bounds.y_min.into());
        let b = self.apply(bounds.x_max.into(), bounds.y_max.into());
        [a.x.min(b.x).floor(), a.y.min(b.y).floor(), a.x.max(b.x).ceil(), a.y.max(b.y).ceil()]
    }
}

/// Draws an outline into the rasteriser.
struct Pen<'p> {
    rasterizer: &'p mut Rasterizer,
    transform: Transform,
    corner: Point,
    start: Option<Point>,
    at: Option<Point>,
}

impl Pen<'_> {
    fn point(&self, x: f32, y: f32) -> Point {
        self.transform.apply(x, y) - self.corner
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.close();
        let to = self.point(x, y);
        (self.start, self.at) = (Some(to), Some(to));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        if let Some(at) = self.at.replace(to) {
            self.rasterizer.draw_line(at, to);
        }
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (control, to) = (self.point(x1, y1), self.point(x, y));
        if let Some(at) = self.at.replace(to) {
            self.rasterizer.draw_quad(at, control, to);
        }
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second, to) = (self.point(x1, y1), self.point(x2, y2), self.point(x, y));
        if let Some(at) = self.at.replace(to) {
            self.rasterizer.draw_cubic(at, first, second, to);
        }
    }

    fn close(&mut self) {
        if let (Some(start), Some(at)) = (self.start.take(), self.at.take()) {
            self.rasterizer.draw_line(at, start);
        }
    }
}

/// Follows an outline for its bounds alone.
struct Measuring;

impl OutlineBuilder for Measuring {
    fn move_to(&mut self, _: f32, _: f32) {}
    fn line_to(&mut self, _: f32, _: f32) {}
    fn quad_to(&mut self, _: f32, _: f32, _: f32, _: f32) {}
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {}
    fn close(&mut self) {}
}

/// A multiplication: keys are our own numbers, and a table without a seed asks the system for nothing.
#[derive(Clone, Copy, Debug, Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(self.0 ^ u64::from(byte)));
    }

    fn write_u64(&mut self, key: u64) {
        let product = u128::from(key) * 0x9E37_79B9_7F4A_7C15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::super::bitmap::tests::{picture, white};
    use super::*;
    use crate::frame::Ink;

    fn draw(character: char, turn: Turn, size: i32) -> String {
        let text = Text {
            x: 0,
            y: 0,
            turn,
            face: FaceId::Regular,
            size,
            spacing: 0,
            ink: Ink::Black,
            start: 0,
            length: 1,
        };
        let glyph = REGULAR.glyph(REGULAR.cid(character).unwrap());
        let mut glyphs = Glyphs::default();
        let mut bitmap = white(28, 28);
        bitmap.stamp(&glyphs.glyph(&text, glyph, Resolution::Dpi203), 14, 14, Ink::Black);
        picture(&bitmap)
    }

    #[test]
    fn a_turned_glyph_is_the_glyph_turned() {
        let upright = draw('F', Turn::None, 2000);
        let rows: Vec<Vec<u8>> = upright.lines().map(|row| row.bytes().collect()).collect();
        let side = rows.len();
        let turned = |from: &dyn Fn(usize, usize) -> (usize, usize)| -> String {
            let dot = |y: usize, x: usize| {
                let (y, x) = from(y, x);
                char::from(rows[y][x])
            };
            (0..side).map(|y| (0..side).map(|x| dot(y, x)).collect::<String>() + "\n").collect()
        };
        assert!(upright.contains('#'));
        assert_eq!(draw('F', Turn::Quarter, 2000), turned(&|y, x| (side - 1 - x, y)));
        assert_eq!(draw('F', Turn::Half, 2000), turned(&|y, x| (side - 1 - y, side - 1 - x)));
        assert_eq!(draw('F', Turn::ThreeQuarters, 2000), turned(&|y, x| (x, side - 1 - y)));
    }

    #[test]
    fn a_space_and_a_giant_draw_nothing() {
        assert!(!draw(' ', Turn::None, 2000).contains('#'));
        assert!(!draw('F', Turn::None, i32::MAX).contains('#'));
    }
}
