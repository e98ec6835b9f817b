//! Outlines of glyphs to packed bits, made once for each face, size, turn, angle and slant.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use miandan_core::label::Resolution;
use miandan_fonts::{BOLD, REGULAR};
use ttf_parser::{GlyphId, OutlineBuilder, Rect};

use super::bitmap::{Stamp, WORD_DOTS};
use crate::angle::{Angle, Direction};
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

/// And when it holds more glyphs than this: those of which nothing is seen take no words.
const MAX_PLACES: usize = 1 << 17;

/// Makes and keeps the stamps of glyphs.
pub(super) struct Glyphs {
    /// The bundled faces, parsed. Those of a caller are parsed for each glyph that is made, which happens once.
    bundled: [Option<ttf_parser::Face<'static>>; FaceId::BUNDLED.len()],
    /// The faces of what is kept.
    faces: Faces,
    places: HashMap<Key, Place, BuildHasherDefault<KeyHasher>>,
    words: Vec<u64>,
    rasterizer: Rasterizer,
}

/// What a glyph looks like depends on: face, size, turn, resolution and its number; and its angle and slant.
type Key = (u64, u32);

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

    /// The stamp of a glyph in the face, size, turn, angle and slant of a text.
    pub(super) fn glyph(&mut self, text: &Text, glyph: u16, resolution: Resolution) -> Stamp<'_> {
        let key = u64::from(text.size.unsigned_abs())
            | u64::from(glyph) << 32
            | (text.turn as u64) << 48
            | u64::from(text.face.number()) << 50
            | (resolution as u64) << 58;
        let key = (key, u32::from(text.angle.in_hundredths()) << 1 | u32::from(text.slant));
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => {
                if self.words.len() > MAX_WORDS || self.places.len() > MAX_PLACES {
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
        let transform = Transform::new(em / f32::from(face.units_per_em().max(1)), text);
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
    /// What is added to x for each unit of height.
    slant: f32,
    /// Where the x axis points, before the quarter turns; `None` for to the right.
    direction: Option<[f32; 2]>,
    turn: Turn,
}

impl Transform {
    fn new(scale: f32, text: &Text) -> Self {
        let direction = (text.angle != Angle::NONE).then(|| {
            let Direction { x, y } = text.angle.direction();
            [x, y].map(|part| part as f32 / Direction::ONE as f32)
        });
        let slant = if text.slant { 1.0 / f32::from(Text::SLANT) } else { 0.0 };
        Transform { scale, slant, direction, turn: text.turn }
    }

    fn apply(self, x: f32, y: f32) -> Point {
        let (mut x, mut y) = ((x + y * self.slant) * self.scale, -y * self.scale);
        if let Some([across, down]) = self.direction {
            (x, y) = (x * across - y * down, x * down + y * across);
        }
        match self.turn {
            Turn::None => point(x, y),
            Turn::Quarter => point(-y, x),
            Turn::Half => point(-x, -y),
            Turn::ThreeQuarters => point(y, -x),
        }
    }

    /// The whole dots that a box touches: left, top, right, bottom.
    fn bounds(self, bounds: Rect) -> [f32; 4] {
        let [left, top, right, bottom] =
            [bounds.x_min, bounds.y_max, bounds.x_max, bounds.y_min].map(f32::from);
        let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
        let corners = corners.map(|(x, y)| self.apply(x, y));
        let least = |of: fn(&Point) -> f32| corners.iter().map(of).fold(f32::INFINITY, f32::min);
        let most = |of: fn(&Point) -> f32| corners.iter().map(of).fold(f32::NEG_INFINITY, f32::max);
        // Where points are sums, the last digit of one inside may lie outside.
        let more = if self.direction.is_some() || self.slant != 0.0 { 1.0 } else { 0.0 };
        [
            least(|corner| corner.x).floor() - more,
            least(|corner| corner.y).floor() - more,
            most(|corner| corner.x).ceil() + more,
            most(|corner| corner.y).ceil() + more,
        ]
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

    /// Nothing for most glyphs, which stand upright.
    fn write_u32(&mut self, key: u32) {
        if key != 0 {
            self.write_u64(self.0 ^ u64::from(key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bitmap::tests::{picture, white};
    use super::*;
    use crate::frame::Ink;

    fn draw(character: char, turn: Turn, size: i32) -> String {
        lean(character, turn, size, Angle::NONE, false)
    }

    fn lean(character: char, turn: Turn, size: i32, angle: Angle, slant: bool) -> String {
        let text = Text {
            x: 0,
            y: 0,
            turn,
            angle,
            slant,
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
    fn a_glyph_leans_to_the_right() {
        let first = |picture: &str, row: usize| picture.lines().nth(row).unwrap().find('#').unwrap();
        let (upright, slanted) =
            (draw('l', Turn::None, 2000), lean('l', Turn::None, 2000, Angle::NONE, true));
        // Not at the baseline, and by two dots ten dots above it.
        assert_eq!(first(&slanted, 13), first(&upright, 13));
        assert_eq!(first(&slanted, 4), first(&upright, 4) + 2, "{slanted}");
    }

    #[test]
    fn an_angle_is_a_turn() {
        for (turn, hundredths) in
            [(Turn::Quarter, 9_000), (Turn::Half, 18_000), (Turn::ThreeQuarters, 27_000)]
        {
            for slant in [false, true] {
                let angle = Angle::hundredths(hundredths);
                let turned = lean('F', turn, 2000, Angle::NONE, slant);
                assert_eq!(lean('F', Turn::None, 2000, angle, slant), turned);
                let back = Angle::hundredths(-hundredths);
                assert_eq!(
                    lean('F', turn, 2000, back, slant),
                    lean('F', Turn::None, 2000, Angle::NONE, slant)
                );
            }
        }
        // The stem of an I that lies on the diagonal.
        let diagonal = lean('I', Turn::None, 2000, Angle::hundredths(4_500), false);
        let rows: Vec<_> = diagonal.lines().filter_map(|row| row.find('#')).collect();
        assert!(rows.len() > 5 && rows.windows(2).all(|pair| pair[0] >= pair[1]), "{diagonal}");
    }

    #[test]
    fn a_space_and_a_giant_draw_nothing() {
        assert!(!draw(' ', Turn::None, 2000).contains('#'));
        assert!(!draw('F', Turn::None, i32::MAX).contains('#'));
        assert!(!lean('F', Turn::None, i32::MAX, Angle::hundredths(1), true).contains('#'));
    }
}
