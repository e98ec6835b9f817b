//! Pictures on dots: scaled by the mean of what falls on each dot, and made black and white for a thermal head.

use std::borrow::Cow;

use super::Picture;
use crate::frame::Turn;

/// Line art is black where it is darker than this: thin strokes stay, as in the measurements of type.
const THRESHOLD: u8 = 160;

/// A picture that is turned and scaled to so many dots.
pub(crate) struct Scaled<'p> {
    bilevel: bool,
    /// The tones as they stand after the turn, and how many in a row and rows.
    tones: Cow<'p, [u8]>,
    across: usize,
    down: usize,
    /// Dots in a row, and rows.
    width: usize,
    height: usize,
}

impl<'p> Scaled<'p> {
    /// A picture on so many dots, as it stands after its turn; neither may be 0.
    pub(crate) fn new(picture: &'p Picture, turn: Turn, width: usize, height: usize) -> Self {
        let [across, down] = match turn {
            Turn::None | Turn::Half => [picture.width, picture.height],
            Turn::Quarter | Turn::ThreeQuarters => [picture.height, picture.width],
        };
        let place = |x: usize, y: usize| match turn {
            Turn::None => [x, y],
            Turn::Quarter => [y, across - 1 - x],
            Turn::Half => [across - 1 - x, down - 1 - y],
            Turn::ThreeQuarters => [down - 1 - y, x],
        };
        let tones = if turn == Turn::None {
            Cow::Borrowed(&picture.tones[..])
        } else {
            let row =
                |y| (0..across).map(move |x| place(x, y)).map(|[x, y]| picture.tones[y * picture.width + x]);
            Cow::Owned((0..down).flat_map(row).collect())
        };
        let (width, height) = (width.max(1), height.max(1));
        Scaled { bilevel: picture.bilevel, tones, across, down, width, height }
    }

    /// Calls a function with the tones of each row from the top.
    pub(crate) fn rows(&self, mut each: impl FnMut(&[u8])) {
        let Scaled { across, down, .. } = *self;
        let mut sums = vec![0u32; across];
        let mut row = vec![0; self.width];
        // The whole of a dot: each source pixel is `width` by `height` parts large, each dot `across` by `down`.
        let whole = across as u64 * down as u64;
        for y in 0..self.height {
            sums.fill(0);
            for (source, weight) in overlaps(y, down, self.height) {
                let pixels = &self.tones[source * across..][..across];
                sums.iter_mut().zip(pixels).for_each(|(sum, &tone)| *sum += weight * u32::from(tone));
            }
            for (x, tone) in row.iter_mut().enumerate() {
                let sum: u64 = overlaps(x, across, self.width)
                    .map(|(source, weight)| u64::from(weight) * u64::from(sums[source]))
                    .sum();
                *tone = ((sum + whole / 2) / whole) as u8;
            }
            each(&row);
        }
    }

    /// Calls a function with each row in black and white, 1 for black, the leftmost dot in the highest bit. Line art is
    /// cut off at a tone; of anything else the error of each dot is handed on to its neighbours (Floyd and Steinberg),
    /// in rows to the right and to the left in turn, so that it leaves no streaks.
    pub(crate) fn dots(&self, mut each: impl FnMut(&[u8])) {
        let mut bits = vec![0; self.width.div_ceil(8)];
        // Errors for this row and the next in sixteenths of a tone, with a place beyond either end.
        let mut errors = [vec![0i32; self.width + 2], vec![0i32; self.width + 2]];
        let mut rightwards = true;
        self.rows(|row| {
            bits.fill(0);
            if self.bilevel {
                for (x, _) in row.iter().enumerate().filter(|&(_, &tone)| tone < THRESHOLD) {
                    bits[x / 8] |= 0x80 >> (x % 8);
                }
                return each(&bits);
            }
            let [here, below] = &mut errors;
            for step in 0..row.len() {
                let x = if rightwards { step } else { row.len() - 1 - step };
                let place = x + 1;
                let tone = i32::from(row[x]) + here[place] / 16;
                let black = tone < 128;
                if black {
                    bits[x / 8] |= 0x80 >> (x % 8);
                }
                let error = tone - if black { 0 } else { 255 };
                let (ahead, behind) =
                    if rightwards { (place + 1, place - 1) } else { (place - 1, place + 1) };
                here[ahead] += 7 * error;
                below[behind] += 3 * error;
                below[place] += 5 * error;
                below[ahead] += error;
            }
            here.fill(0);
            errors.swap(0, 1);
            rightwards = !rightwards;
            each(&bits);
        });
    }
}

/// The tones of a row of dots, 1 for black, as [`Scaled::dots`] makes them; nothing beyond their end.
pub(crate) fn tones_of_dots(row: &[u8], width: usize) -> impl Iterator<Item = u8> {
    let dots = row.iter().flat_map(|byte| (0..8).map(move |place| byte << place & 0x80 != 0));
    dots.take(width).map(|black| if black { 0 } else { u8::MAX })
}

/// The pixels of `from` that lie under dot `index` of `to` along one axis, and how much of each does: parts of which a
/// pixel has `to` and a dot has `from`.
fn overlaps(index: usize, from: usize, to: usize) -> impl Iterator<Item = (usize, u32)> {
    let (start, end) = (index * from, (index + 1) * from);
    (start / to..end.div_ceil(to)).map(move |pixel| {
        let (first, last) = (pixel * to, (pixel + 1) * to);
        (pixel, (end.min(last) - start.max(first)) as u32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, tones: &[u8]) -> Picture {
        Picture::new(width, tones.len() / width, tones.to_vec()).unwrap()
    }

    fn scaled(picture: &Picture, turn: Turn, width: usize, height: usize) -> Vec<u8> {
        let mut all = Vec::new();
        Scaled::new(picture, turn, width, height).rows(|row| all.extend_from_slice(row));
        all
    }

    fn dots(picture: &Picture, width: usize, height: usize) -> String {
        let mut all = String::new();
        Scaled::new(picture, Turn::None, width, height).dots(|row| {
            let dot = |x: usize| if row[x / 8] << (x % 8) & 0x80 != 0 { '#' } else { '.' };
            all.extend((0..width).map(dot));
            all.push('\n');
        });
        all
    }

    #[test]
    fn a_dot_is_the_mean_of_what_falls_on_it() {
        let four = picture(4, &[0, 100, 200, 40]);
        assert_eq!(scaled(&four, Turn::None, 4, 1), [0, 100, 200, 40]);
        assert_eq!(scaled(&four, Turn::None, 2, 1), [50, 120]);
        assert_eq!(scaled(&four, Turn::None, 1, 3), [85; 3]);
        assert_eq!(scaled(&four, Turn::None, 8, 1), [0, 0, 100, 100, 200, 200, 40, 40]);
        // A dot and a third: 0 whole and a third of 100, and so on.
        assert_eq!(scaled(&four, Turn::None, 3, 1), [25, 150, 80]);
        assert_eq!(scaled(&picture(2, &[0, 10, 20, 30]), Turn::None, 1, 1), [15]);
    }

    #[test]
    fn turns_are_clockwise() {
        let six = picture(3, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(scaled(&six, Turn::Quarter, 2, 3), [4, 1, 5, 2, 6, 3]);
        assert_eq!(scaled(&six, Turn::Half, 3, 2), [6, 5, 4, 3, 2, 1]);
        assert_eq!(scaled(&six, Turn::ThreeQuarters, 2, 3), [3, 6, 2, 5, 1, 4]);
    }

    #[test]
    fn line_art_has_no_stray_dots() {
        // A black square on white, scaled by two thirds: edges become grey and are cut off.
        let mut tones = vec![255; 144];
        (3..9).for_each(|y| tones[y * 12 + 3..y * 12 + 9].fill(0));
        let art = picture(12, &tones);
        assert!(art.is_bilevel());
        assert_eq!(
            dots(&art, 8, 8),
            "........\n........\n..####..\n..####..\n..####..\n..####..\n........\n........\n"
        );
    }

    #[test]
    fn as_many_dots_are_black_as_the_tone_says() {
        for tone in [40, 64, 100, 128, 190, 220] {
            let flat = picture(10, &[tone; 100]);
            let black = dots(&flat, 100, 100).matches('#').count() as i32;
            let expected = 10_000 - i32::from(tone) * 10_000 / 255;
            assert!((black - expected).abs() < 150, "{tone}: {black} for {expected}");
        }
    }

    proptest::proptest! {
        #[test]
        fn parts_add_up(from in 1usize..500, to in 1usize..500) {
            let mut pixels = vec![0; from];
            for index in 0..to {
                let mut whole = 0;
                for (pixel, part) in overlaps(index, from, to) {
                    pixels[pixel] += part as usize;
                    whole += part as usize;
                }
                proptest::prop_assert_eq!(whole, from);
            }
            proptest::prop_assert!(pixels.iter().all(|&parts| parts == to));
        }
    }
}
