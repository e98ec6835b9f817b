//! Pictures as inline images (ISO 32000-1, 8.9.7), in hexadecimal, which no reader mistakes for the end of the image; the
//! stream around them is deflated.
//!
//! Pages are made by workers that know nothing of each other and appended by a host that never looks into them, so a
//! picture that is not the same on every label stands in each page that shows it. That is what the number of its samples is bounded for.

use std::sync::Arc;

use super::content::Content;
use crate::frame::{Frame, Image, Item, Turn};
use crate::image::{Picture, Scaled};

/// The most samples of a picture in grey tones: 256 by 256, or 32 by 32 mm at 203 dpi.
pub(crate) const TONES: usize = 1 << 16;

/// The most dots of a picture in black and white: eight in a byte.
pub(crate) const DOTS: usize = 1 << 19;

/// So many pictures of a page have all the samples that they may have; more share what these have, so that the pages of a
/// block fit into an answer.
pub(super) const WHOLE: usize = 4;

/// Pictures that are kept as they are written.
const KEPT: usize = 8;

/// Pictures that have been written before.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    kept: Vec<Written>,
    next: usize,
}

#[derive(Debug)]
struct Written {
    picture: Arc<Picture>,
    size: [i32; 2],
    turn: Turn,
    /// Samples that it might have.
    most: usize,
    text: String,
}

impl Pictures {
    /// Writes a picture of a frame into the unit square.
    pub(super) fn write(
        &mut self,
        picture: &Arc<Picture>,
        image: &Image,
        frame: &Frame,
        content: &mut Content,
    ) {
        let most = most(picture, frame);
        if image.computed {
            return content.raw(&text(picture, image, most));
        }
        let is = |written: &Written| {
            Arc::ptr_eq(&written.picture, picture)
                && written.size == [image.width, image.height]
                && written.turn == image.turn
                && written.most == most
        };
        let place = self.kept.iter().position(is).unwrap_or_else(|| {
            let written = Written {
                picture: Arc::clone(picture),
                size: [image.width, image.height],
                turn: image.turn,
                most,
                text: text(picture, image, most),
            };
            if self.kept.len() < KEPT {
                self.kept.push(written);
                return self.kept.len() - 1;
            }
            self.next = (self.next + 1) % KEPT;
            self.kept[self.next] = written;
            self.next
        });
        content.raw(&self.kept[place].text);
    }
}

/// The most samples of a picture on a page of this frame.
fn most(picture: &Picture, frame: &Frame) -> usize {
    let pictures = frame.items.iter().filter(|item| matches!(item, Item::Image(_))).count();
    let whole = if picture.is_bilevel() { DOTS } else { TONES };
    whole * WHOLE / pictures.max(WHOLE)
}

/// How many samples a picture has on a page of this frame, across and down as it stands there.
pub(crate) fn samples(picture: &Picture, image: &Image, frame: &Frame) -> [usize; 2] {
    bounded([image.width, image.height].map(|side| side.max(1) as usize), most(picture, frame))
}

/// An inline image: line art in black and white with the dots of the label's grid, anything else in tones.
fn text(picture: &Picture, image: &Image, most: usize) -> String {
    let dots = [image.width, image.height].map(|side| side.max(1) as usize);
    let [width, height] = bounded(dots, most);
    let scaled = Scaled::new(picture, image.turn, width, height);
    let bits = if picture.is_bilevel() { 1 } else { 8 };
    let mut text = format!("BI\n/W {width}/H {height}/BPC {bits}/CS/G/F/AHx\nID\n");
    text.reserve(width.div_ceil(8 / bits) * height * 2 + 16);
    let mut hexadecimal = |byte: u8| {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
    };
    if bits == 1 {
        // In grey tones of one bit 0 is black.
        scaled.dots(|row| row.iter().for_each(|&byte| hexadecimal(!byte)));
    } else {
        scaled.rows(|row| row.iter().for_each(|&tone| hexadecimal(tone)));
    }
    text.push_str(">\nEI\n");
    text
}

/// A size in the same proportions with so many samples at most.
fn bounded([width, height]: [usize; 2], most: usize) -> [usize; 2] {
    if width * height <= most {
        return [width, height];
    }
    let scale = (most as f64 / (width * height) as f64).sqrt();
    let [narrow, low] = [width, height].map(|side| ((side as f64 * scale) as usize).max(1));
    // A side of one sample cannot give way, so the other does.
    [narrow.min(most / low), low.min(most / narrow.min(most))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pictures_get_fewer_samples() {
        for size in [[256, 256], [1000, 1000], [1, 16_384], [16_384, 5], [16_384, 16_384]] {
            let [width, height] = bounded(size, TONES);
            assert!(width >= 1 && height >= 1 && width * height <= TONES, "{size:?}: {width} {height}");
        }
        assert_eq!(bounded([256, 256], TONES), [256, 256]);
        assert_eq!(bounded([1024, 512], TONES), [362, 181]);
    }
}
