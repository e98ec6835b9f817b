//! A page to bytes.

use miandan_core::label::Resolution;

use super::kind;
use crate::frame::{Bars, Frame, Image, Ink, Item, Matrix, Rect, Shape, Text, Turn};
use crate::image::Scaled;
use crate::pdf;

/// Appends a page of a frame, from 0. It depends on what the page draws alone.
pub fn encode_page(frame: &Frame, page: usize, out: &mut Vec<u8>) {
    let mut writer = Writer { out, frame };
    writer.i32(frame.size.width);
    writer.i32(frame.size.height);
    writer.u8(match frame.resolution {
        Resolution::Dpi203 => 0,
        Resolution::Dpi300 => 1,
    });
    let place = writer.out.len();
    writer.u32(0);
    let written = frame.page(page).iter().filter(|item| writer.item(item)).count();
    writer.out[place..place + 4].copy_from_slice(&(written as u32).to_le_bytes());
}

struct Writer<'w> {
    out: &'w mut Vec<u8>,
    frame: &'w Frame,
}

impl Writer<'_> {
    /// Writes an item, unless it names what the frame does not have; answers whether it did.
    fn item(&mut self, item: &Item) -> bool {
        match item {
            Item::Fill(fill) => {
                self.u8(kind::FILL);
                self.rect(&fill.rect);
                self.shape(fill.shape);
                self.ink(fill.ink);
                true
            }
            Item::Outline(outline) => {
                self.u8(kind::OUTLINE);
                self.rect(&outline.rect);
                self.shape(outline.shape);
                self.i32(outline.line);
                self.i32(outline.dash);
                true
            }
            Item::Stroke(stroke) => {
                self.u8(kind::STROKE);
                stroke.from.iter().chain(&stroke.to).for_each(|&at| self.i32(at));
                self.i32(stroke.line);
                self.i32(stroke.dash);
                self.ink(stroke.ink);
                true
            }
            Item::Text(text) => self.text(text).is_some(),
            Item::Bars(bars) => self.bars(bars).is_some(),
            Item::Matrix(matrix) => self.matrix(matrix).is_some(),
            Item::Image(image) => self.image(image).is_some(),
        }
    }

    fn text(&mut self, text: &Text) -> Option<()> {
        let frame = self.frame;
        let cids = text.known_cids(frame)?;
        self.u8(kind::TEXT);
        self.i32(text.x);
        self.i32(text.y);
        self.turn(text.turn);
        self.u16(text.angle.in_hundredths());
        self.u8(text.slant.into());
        self.u8(text.face.number());
        self.i32(text.size);
        self.i32(text.spacing);
        self.ink(text.ink);
        self.u32(text.length);
        cids.for_each(|cid| self.u16(cid));
        Some(())
    }

    fn bars(&mut self, bars: &Bars) -> Option<()> {
        let frame = self.frame;
        let rows = || bars.row_widths(frame);
        rows().next()?;
        self.u8(kind::BARS);
        self.i32(bars.x);
        self.i32(bars.y);
        self.u8(bars.module);
        self.i32(bars.length);
        self.turn(bars.turn);
        self.u8(bars.rows);
        self.u32(bars.count);
        rows().for_each(|widths| self.out.extend_from_slice(widths));
        Some(())
    }

    fn matrix(&mut self, matrix: &Matrix) -> Option<()> {
        let (start, side) = (matrix.start as usize, usize::from(matrix.side.min(128)));
        let rows = self.frame.rows.get(start..start.checked_add(side)?)?;
        if side == 0 {
            return None;
        }
        self.u8(kind::MATRIX);
        self.i32(matrix.x);
        self.i32(matrix.y);
        self.u8(matrix.module);
        self.u8(side as u8);
        // Of a row only what lies within the symbol.
        let all = u128::MAX >> (128 - side);
        rows.iter()
            .for_each(|row| self.out.extend_from_slice(&(row & all).to_le_bytes()[..side.div_ceil(8)]));
        Some(())
    }

    /// The picture as a page of a PDF has it: turned, scaled to the dots that it covers, and no more of them than there.
    fn image(&mut self, image: &Image) -> Option<()> {
        let frame = self.frame;
        let picture = image.picture(frame)?;
        let [width, height] = pdf::samples(picture, image, frame);
        let scaled = Scaled::new(picture, image.turn, width, height);
        self.u8(if picture.is_bilevel() { kind::LINE_ART } else { kind::TONES });
        [image.x, image.y, image.width, image.height].iter().for_each(|&side| self.i32(side));
        self.u8(image.computed.into());
        self.u32(width as u32);
        self.u32(height as u32);
        if picture.is_bilevel() {
            scaled.dots(|row| self.out.extend_from_slice(row));
        } else {
            scaled.rows(|row| self.out.extend_from_slice(row));
        }
        Some(())
    }

    fn rect(&mut self, rect: &Rect) {
        [rect.x, rect.y, rect.width, rect.height].iter().for_each(|&side| self.i32(side));
    }

    fn shape(&mut self, shape: Shape) {
        match shape {
            Shape::Square => self.u8(0),
            Shape::Rounded(radius) => {
                self.u8(1);
                self.i32(radius);
            }
            Shape::Ellipse => self.u8(2),
        }
    }

    fn ink(&mut self, ink: Ink) {
        self.u8((ink == Ink::White).into());
    }

    fn turn(&mut self, turn: Turn) {
        self.u8(turn as u8);
    }

    fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    fn u16(&mut self, value: u16) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn i32(&mut self, value: i32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }
}
