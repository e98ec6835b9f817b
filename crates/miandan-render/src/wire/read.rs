//! Bytes to a page.

use std::sync::Arc;

use miandan_core::label::{LabelSize, Resolution};

use super::{WireError, kind};
use crate::angle::Angle;
use crate::faces::MAX_ADDED;
use crate::frame::{
    Bars, FaceId, Fill, Frame, Image, Ink, Item, Matrix, Outline, Rect, Shape, Stroke, Text, Turn,
};
use crate::image::{Picture, tones_of_dots};
use crate::pdf::{DOTS, TONES};
use crate::template::{ITEMS, PAGE_LEAST, PAGE_MOST};

/// The fewest bytes of an item.
const LEAST_ITEM: usize = 12;

/// Reads a page that was written by [`encode_page`](super::encode_page), as a frame of one page.
///
/// # Errors
/// All of [`WireError`].
pub fn decode(bytes: &[u8]) -> Result<Frame, WireError> {
    let mut reader = Reader { rest: bytes };
    let size = LabelSize { width: reader.i32()?, height: reader.i32()? };
    if [size.width, size.height].iter().any(|side| !(PAGE_LEAST..=PAGE_MOST).contains(side)) {
        return Err(WireError::TooLarge);
    }
    let resolution = match reader.u8()? {
        0 => Resolution::Dpi203,
        1 => Resolution::Dpi300,
        _ => return Err(WireError::Unknown),
    };
    let mut frame = Frame { size, resolution, ..Frame::default() };
    let count = reader.count(LEAST_ITEM)?;
    if count > ITEMS {
        return Err(WireError::TooLarge);
    }
    for _ in 0..count {
        let item = reader.item(&mut frame)?;
        frame.items.push(item);
    }
    if reader.rest.is_empty() { Ok(frame) } else { Err(WireError::Trailing) }
}

struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    fn item(&mut self, frame: &mut Frame) -> Result<Item, WireError> {
        Ok(match self.u8()? {
            kind::FILL => Item::Fill(Fill { rect: self.rect()?, shape: self.shape()?, ink: self.ink()? }),
            kind::OUTLINE => Item::Outline(Outline {
                rect: self.rect()?,
                shape: self.shape()?,
                line: self.i32()?,
                dash: self.i32()?,
            }),
            kind::STROKE => Item::Stroke(Stroke {
                from: [self.i32()?, self.i32()?],
                to: [self.i32()?, self.i32()?],
                line: self.i32()?,
                dash: self.i32()?,
                ink: self.ink()?,
            }),
            kind::TEXT => Item::Text(self.text(frame)?),
            kind::BARS => Item::Bars(self.bars(frame)?),
            kind::MATRIX => Item::Matrix(self.matrix(frame)?),
            kind::LINE_ART => Item::Image(self.image(frame, true)?),
            kind::TONES => Item::Image(self.image(frame, false)?),
            _ => return Err(WireError::Unknown),
        })
    }

    fn text(&mut self, frame: &mut Frame) -> Result<Text, WireError> {
        let text = Text {
            x: self.i32()?,
            y: self.i32()?,
            turn: self.turn()?,
            angle: self.angle()?,
            slant: self.flag()?,
            face: self.face()?,
            size: self.i32()?,
            spacing: self.i32()?,
            ink: self.ink()?,
            start: frame.cids.len() as u32,
            length: self.count(2)? as u32,
        };
        let cids = self.take(2 * text.length as usize)?;
        frame.cids.extend(cids.as_chunks().0.iter().map(|&cid| u16::from_le_bytes(cid)));
        Ok(text)
    }

    fn bars(&mut self, frame: &mut Frame) -> Result<Bars, WireError> {
        let (x, y) = (self.i32()?, self.i32()?);
        let (module, length, turn) = (self.u8()?, self.i32()?, self.turn()?);
        let (rows, count) = (self.u8()?, self.u32()?);
        let widths = self.take((count as usize).checked_mul(rows.into()).ok_or(WireError::TooLarge)?)?;
        if widths.is_empty() {
            return Err(WireError::Unknown);
        }
        let start = frame.widths.len() as u32;
        frame.widths.extend_from_slice(widths);
        Ok(Bars { x, y, module, length, turn, start, count, rows })
    }

    fn matrix(&mut self, frame: &mut Frame) -> Result<Matrix, WireError> {
        let (x, y, module, side) = (self.i32()?, self.i32()?, self.u8()?, self.u8()?);
        if !(1..=128).contains(&side) {
            return Err(WireError::Unknown);
        }
        let start = frame.rows.len() as u32;
        for _ in 0..side {
            let mut row = [0; 16];
            let bytes = self.take(usize::from(side).div_ceil(8))?;
            row[..bytes.len()].copy_from_slice(bytes);
            let row = u128::from_le_bytes(row);
            if row & !(u128::MAX >> (128 - u32::from(side))) != 0 {
                return Err(WireError::Unknown);
            }
            frame.rows.push(row);
        }
        Ok(Matrix { x, y, module, side, start })
    }

    fn image(&mut self, frame: &mut Frame, line_art: bool) -> Result<Image, WireError> {
        let [x, y, width, height] = [self.i32()?, self.i32()?, self.i32()?, self.i32()?];
        let computed = self.flag()?;
        let [across, down] = [self.u32()? as usize, self.u32()? as usize];
        let most = if line_art { DOTS } else { TONES };
        if across == 0 || down == 0 {
            return Err(WireError::Unknown);
        }
        if across.checked_mul(down).is_none_or(|samples| samples > most) {
            return Err(WireError::TooLarge);
        }
        let tones = if line_art {
            let row = across.div_ceil(8);
            let bits = self.take(row * down)?;
            // Rows are padded with white.
            let padding = 0xFF_u16 >> ((across - 1) % 8 + 1);
            if bits.chunks(row).any(|bits| u16::from(bits[row - 1]) & padding != 0) {
                return Err(WireError::Unknown);
            }
            bits.chunks(row).flat_map(|row| tones_of_dots(row, across)).collect()
        } else {
            self.take(across * down)?.to_vec()
        };
        let picture = Picture::sampled(across, down, tones, line_art).ok_or(WireError::Unknown)?;
        frame.pictures.push(Arc::new(picture));
        let picture = frame.pictures.len() as u32 - 1;
        let image = Image { x, y, width, height, turn: Turn::None, picture, computed };
        image.picture(frame).ok_or(WireError::TooLarge)?;
        Ok(image)
    }

    fn rect(&mut self) -> Result<Rect, WireError> {
        Ok(Rect { x: self.i32()?, y: self.i32()?, width: self.i32()?, height: self.i32()? })
    }

    fn shape(&mut self) -> Result<Shape, WireError> {
        Ok(match self.u8()? {
            0 => Shape::Square,
            1 => Shape::Rounded(self.i32()?),
            2 => Shape::Ellipse,
            _ => return Err(WireError::Unknown),
        })
    }

    fn ink(&mut self) -> Result<Ink, WireError> {
        Ok(if self.flag()? { Ink::White } else { Ink::Black })
    }

    fn turn(&mut self) -> Result<Turn, WireError> {
        Ok(match self.u8()? {
            0 => Turn::None,
            1 => Turn::Quarter,
            2 => Turn::Half,
            3 => Turn::ThreeQuarters,
            _ => return Err(WireError::Unknown),
        })
    }

    fn angle(&mut self) -> Result<Angle, WireError> {
        let hundredths = u16::from_le_bytes(self.array()?);
        let angle = Angle::hundredths(hundredths.into());
        if angle.in_hundredths() == hundredths { Ok(angle) } else { Err(WireError::Unknown) }
    }

    fn face(&mut self) -> Result<FaceId, WireError> {
        let added = (0..MAX_ADDED as u8).map(FaceId::Added);
        let number = self.u8()?;
        FaceId::BUNDLED
            .into_iter()
            .chain(added)
            .find(|face| face.number() == number)
            .ok_or(WireError::Unknown)
    }

    fn flag(&mut self) -> Result<bool, WireError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(WireError::Unknown),
        }
    }

    /// A count of things that take at least `least` bytes each, so that a lie cannot reserve memory.
    fn count(&mut self, least: usize) -> Result<usize, WireError> {
        let count = self.u32()? as usize;
        if count.checked_mul(least).is_none_or(|bytes| bytes > self.rest.len()) {
            return Err(WireError::Truncated);
        }
        Ok(count)
    }

    fn take(&mut self, count: usize) -> Result<&'b [u8], WireError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn u8(&mut self) -> Result<u8, WireError> {
        self.array::<1>().map(|[value]| value)
    }

    fn u32(&mut self) -> Result<u32, WireError> {
        self.array().map(u32::from_le_bytes)
    }

    fn i32(&mut self) -> Result<i32, WireError> {
        self.array().map(i32::from_le_bytes)
    }
}
