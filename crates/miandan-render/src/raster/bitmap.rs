//! A one-bit picture and the two ways to write into it: spans of a row, and stamps.

use miandan_core::label::{LabelSize, Resolution};

use crate::frame::Ink;

/// The longest side of a bitmap in dots: a metre at 203 dpi. A larger label is cut off there.
pub const MAX_SIDE: usize = 8000;

/// A one-bit picture: 1 is black, the highest bit of a byte is its leftmost dot, and rows are padded with white to
/// whole bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    /// Width in dots.
    pub width: usize,
    /// Height in dots.
    pub height: usize,
    /// Bytes in a row.
    pub stride: usize,
    /// The rows from top to bottom.
    pub bits: Vec<u8>,
    /// How large a dot is.
    pub resolution: Resolution,
}

impl Bitmap {
    /// Makes the bitmap white and as large as a label, keeping its memory.
    pub(super) fn reset(&mut self, size: LabelSize, resolution: Resolution) {
        self.resolution = resolution;
        [self.width, self.height] = [size.width, size.height]
            .map(|length| usize::try_from(resolution.dots(length)).unwrap_or(0).min(MAX_SIDE));
        self.stride = self.width.div_ceil(8);
        self.bits.clear();
        self.bits.resize(self.stride * self.height, 0);
    }

    /// The dot on which a length falls, as [`Resolution::dots`] but for lengths of any size.
    pub(super) fn dots(&self, length: i64) -> i64 {
        let (numerator, denominator) = self.resolution.dot();
        let (numerator, denominator) = (i64::from(numerator), i64::from(denominator));
        (2 * length * denominator + numerator).div_euclid(2 * numerator)
    }

    /// Whether a dot is black; outside of the picture none is.
    #[must_use]
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.bits[y * self.stride + x / 8] & 0x80 >> (x % 8) != 0
    }

    /// One row.
    pub(super) fn row(&mut self, y: usize) -> &mut [u8] {
        &mut self.bits[y * self.stride..][..self.stride]
    }

    /// Inks the dots of a rectangle from left and top up to, but not including, right and bottom.
    pub(super) fn rectangle(&mut self, [left, top, right, bottom]: [i64; 4], ink: Ink) {
        let [left, right] = [left, right].map(|x| x.clamp(0, self.width as i64) as usize);
        let [top, bottom] = [top, bottom].map(|y| y.clamp(0, self.height as i64) as usize);
        for y in top..bottom {
            span(self.row(y), left, right, ink);
        }
    }

    /// Inks the dots of a stamp whose origin is put on a dot.
    pub(super) fn stamp(&mut self, stamp: &Stamp<'_>, x: i64, y: i64, ink: Ink) {
        let (x, y) = (x + i64::from(stamp.left), y + i64::from(stamp.top));
        let inside = x >= 0 && x + stamp.width as i64 <= self.width as i64;
        let words = stamp.width.div_ceil(WORD_DOTS);
        if words == 0 {
            return;
        }
        for (row, words) in (y..).zip(stamp.rows.chunks_exact(words)) {
            let Some(row) = usize::try_from(row).ok().filter(|&row| row < self.height) else { continue };
            for (index, &word) in words.iter().enumerate() {
                let x = x + (index * WORD_DOTS) as i64;
                if inside {
                    self.word(row * self.stride, x as usize, word, ink);
                } else if let Some((x, word)) = clip(x, word, self.width) {
                    self.word(row * self.stride, x, word, ink);
                }
            }
        }
    }

    /// Blackens up to eight dots of a row from `x`, the leftmost in the highest bit; what is outside is cut off.
    pub(super) fn eight(&mut self, y: usize, x: i64, dots: u8) {
        let Some((x, word)) = clip(x, u64::from(dots) << 56, self.width) else { return };
        self.word(y * self.stride, x, word, Ink::Black);
    }

    /// Inks up to 56 dots, from the highest bit down, that all lie within the row that begins at a byte.
    fn word(&mut self, row: usize, x: usize, word: u64, ink: Ink) {
        let word = word >> (x & 7);
        let rest = &mut self.bits[row + (x >> 3)..];
        if let Some(window) = rest.first_chunk_mut::<8>() {
            let old = u64::from_be_bytes(*window);
            *window = mix_word(old, word, ink).to_be_bytes();
        } else {
            rest.iter_mut().zip(word.to_be_bytes()).for_each(|(old, new)| *old = mix(*old, new, ink));
        }
    }
}

/// A small picture that is put at many places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp<'s> {
    /// Where the left edge is from the origin.
    pub(super) left: i32,
    /// Where the top edge is from the origin, downwards.
    pub(super) top: i32,
    /// Width in dots.
    pub(super) width: usize,
    /// Rows of words, each word holding [`WORD_DOTS`] dots in its highest bits.
    pub(super) rows: &'s [u64],
}

/// Dots in a word of a stamp: so many that a word still fits when it is moved to any bit of a byte.
pub(super) const WORD_DOTS: usize = 56;

/// What of a word lies within a row, and where.
fn clip(x: i64, word: u64, width: usize) -> Option<(usize, u64)> {
    let (x, word) = if x < 0 { (0, word.checked_shl(u32::try_from(-x).ok()?)?) } else { (x, word) };
    let room = (width as i64).checked_sub(x).filter(|&room| room > 0)?;
    let word = if room < 64 { word & !(u64::MAX >> room) } else { word };
    Some((usize::try_from(x).ok()?, word))
}

/// Inks the dots of a row from `left` up to, but not including, `right`; both within the row.
pub(super) fn span(row: &mut [u8], left: usize, right: usize, ink: Ink) {
    if left >= right {
        return;
    }
    let (first, last) = (left / 8, (right - 1) / 8);
    let (head, tail) = (0xFF >> (left % 8), 0xFF << (7 - (right - 1) % 8));
    if first == last {
        row[first] = mix(row[first], head & tail, ink);
        return;
    }
    row[first] = mix(row[first], head, ink);
    row[first + 1..last].fill(mix(0, 0xFF, ink));
    row[last] = mix(row[last], tail, ink);
}

/// Inks the dots that are set in `new`.
pub(super) fn mix(old: u8, new: u8, ink: Ink) -> u8 {
    match ink {
        Ink::Black => old | new,
        Ink::White => old & !new,
    }
}

fn mix_word(old: u64, new: u64, ink: Ink) -> u64 {
    match ink {
        Ink::Black => old | new,
        Ink::White => old & !new,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A white bitmap of so many dots.
    pub(in crate::raster) fn white(width: i32, height: i32) -> Bitmap {
        let mut bitmap = Bitmap::default();
        bitmap.reset(LabelSize { width: width * 125, height: height * 125 }, Resolution::Dpi203);
        bitmap
    }

    /// The bitmap as text: `#` for black.
    pub(in crate::raster) fn picture(bitmap: &Bitmap) -> String {
        let row = |y| {
            (0..bitmap.width).map(|x| if bitmap.is_black(x, y) { '#' } else { '.' }).collect::<String>()
                + "\n"
        };
        (0..bitmap.height).map(row).collect()
    }

    #[test]
    fn spans_begin_and_end_on_any_dot() {
        for left in 0..30 {
            for right in left..=30 {
                let mut bitmap = white(30, 1);
                bitmap.rectangle([left, 0, right, 1], Ink::Black);
                let expected: String =
                    (0..30).map(|x| if (left..right).contains(&x) { '#' } else { '.' }).collect();
                assert_eq!(picture(&bitmap), expected + "\n");
                bitmap.rectangle([left, 0, right, 1], Ink::White);
                assert_eq!(bitmap, white(30, 1));
            }
        }
    }

    #[test]
    fn stamps_are_cut_at_the_edges() {
        // Two words wide, a frame of 70 by 3 dots.
        let top = [u64::MAX << 8, u64::MAX << 50];
        let side = [1 << 63, 1 << 50];
        let rows = [top, side, top].concat();
        let stamp = Stamp { left: -1, top: -1, width: 70, rows: &rows };
        for x in -80..90 {
            for y in -4..6 {
                let mut bitmap = white(80, 4);
                bitmap.stamp(&stamp, x, y, Ink::Black);
                let mut expected = white(80, 4);
                expected.rectangle([x - 1, y - 1, x + 69, y + 2], Ink::Black);
                expected.rectangle([x, y, x + 68, y + 1], Ink::White);
                assert_eq!(picture(&bitmap), picture(&expected), "{x} {y}");
                assert_eq!(bitmap.bits, expected.bits);
            }
        }
    }
}
