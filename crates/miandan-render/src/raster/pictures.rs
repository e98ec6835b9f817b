//! Pictures in black and white dots. What stands on every label is made once.

use std::sync::Arc;

use super::bitmap::Bitmap;
use crate::frame::{Frame, Image, Ink, Turn};
use crate::image::{Picture, Scaled};

/// Pictures that are kept.
const KEPT: usize = 8;

/// Pictures that have been made.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    kept: Vec<Dots>,
    next: usize,
}

/// A picture on so many dots.
#[derive(Debug)]
struct Dots {
    picture: Arc<Picture>,
    size: [i32; 2],
    turn: Turn,
    /// Rows of whole bytes, 1 for black, the leftmost dot in the highest bit.
    bits: Vec<u8>,
}

impl Dots {
    fn new(picture: &Arc<Picture>, image: &Image) -> Self {
        let mut bits = Vec::new();
        Scaled::new(picture, image.turn, image.width as usize, image.height as usize)
            .dots(|row| bits.extend_from_slice(row));
        Dots { picture: Arc::clone(picture), size: [image.width, image.height], turn: image.turn, bits }
    }
}

impl Pictures {
    /// Draws a picture over whatever is there.
    pub(super) fn draw(&mut self, frame: &Frame, image: &Image, bitmap: &mut Bitmap) {
        let Some(picture) = image.picture(frame) else { return };
        let is = |dots: &Dots| {
            Arc::ptr_eq(&dots.picture, picture)
                && dots.size == [image.width, image.height]
                && dots.turn == image.turn
        };
        if image.computed {
            return put(&Dots::new(picture, image), image, bitmap);
        }
        let place = self.kept.iter().position(is).unwrap_or_else(|| {
            let dots = Dots::new(picture, image);
            if self.kept.len() < KEPT {
                self.kept.push(dots);
                return self.kept.len() - 1;
            }
            self.next = (self.next + 1) % KEPT;
            self.kept[self.next] = dots;
            self.next
        });
        put(&self.kept[place], image, bitmap);
    }
}

fn put(dots: &Dots, image: &Image, bitmap: &mut Bitmap) {
    let [left, top] = [image.x, image.y].map(i64::from);
    let [width, height] = dots.size.map(i64::from);
    bitmap.rectangle([left, top, left + width, top + height], Ink::White);
    let stride = (width as usize).div_ceil(8);
    for (y, row) in (top..).zip(dots.bits.chunks_exact(stride)) {
        let Some(y) = usize::try_from(y).ok().filter(|&y| y < bitmap.height) else { continue };
        for (index, &byte) in row.iter().enumerate().filter(|&(_, &byte)| byte != 0) {
            bitmap.eight(y, left + 8 * index as i64, byte);
        }
    }
}
