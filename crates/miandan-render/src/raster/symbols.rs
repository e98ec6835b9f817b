//! Linear and matrix symbols in whole dots.

use super::bitmap::{Bitmap, span};
use crate::frame::{Bars, Frame, Ink, Matrix, Turn};

pub(super) fn bars(bitmap: &mut Bitmap, frame: &Frame, bars: &Bars, scratch: &mut Vec<u8>) {
    let (x, y, length) = (i64::from(bars.x), i64::from(bars.y), i64::from(bars.length.max(0)));
    let module = i64::from(bars.module);
    let lying = bars.turn == Turn::Quarter || bars.turn == Turn::ThreeQuarters;
    for (row, widths) in bars.row_widths(frame).enumerate() {
        let mut pattern = Pattern::new(bitmap, scratch);
        // Rows of bars that lie follow each other to the left.
        let side = if lying {
            x + (i64::from(bars.rows) - 1 - row as i64) * length
        } else {
            y + row as i64 * length
        };
        let mut at = if lying { y } else { x };
        for (index, &width) in widths.iter().enumerate() {
            let next = at + i64::from(width) * module;
            match (index % 2 == 0, lying) {
                (true, false) => pattern.dark(at, next),
                (true, true) => bitmap.rectangle([side, at, side + length, next], Ink::Black),
                (false, _) => {}
            }
            at = next;
        }
        if !lying {
            pattern.ink(bitmap, side, side + length);
        }
    }
}

pub(super) fn matrix(bitmap: &mut Bitmap, frame: &Frame, matrix: &Matrix, scratch: &mut Vec<u8>) {
    let (start, side) = (matrix.start as usize, usize::from(matrix.side.min(128)));
    let Some(rows) = frame.rows.get(start..start.saturating_add(side)) else { return };
    let (x, y, module) = (i64::from(matrix.x), i64::from(matrix.y), i64::from(matrix.module));
    let all = 1u128.checked_shl(side as u32).map_or(u128::MAX, |bit| bit - 1);
    for (index, &row) in rows.iter().enumerate() {
        let mut pattern = Pattern::new(bitmap, scratch);
        let mut rest = row & all;
        let mut at = 0;
        while rest != 0 {
            let light = rest.trailing_zeros();
            let dark = (!(rest >> light)).trailing_zeros();
            let from = x + i64::from(at + light) * module;
            pattern.dark(from, from + i64::from(dark) * module);
            at += light + dark;
            rest = rest.checked_shr(light + dark).unwrap_or(0);
        }
        let top = y + index as i64 * module;
        pattern.ink(bitmap, top, top + module);
    }
}

/// One row that is inked many times.
struct Pattern<'p> {
    row: &'p mut [u8],
    width: i64,
    /// The first byte that is not blank, and the one after the last.
    used: [usize; 2],
}

impl<'p> Pattern<'p> {
    fn new(bitmap: &Bitmap, scratch: &'p mut Vec<u8>) -> Self {
        scratch.clear();
        scratch.resize(bitmap.stride, 0);
        Pattern { row: scratch, width: bitmap.width as i64, used: [usize::MAX, 0] }
    }

    fn dark(&mut self, left: i64, right: i64) {
        let [left, right] = [left, right].map(|x| x.clamp(0, self.width) as usize);
        if left < right {
            span(self.row, left, right, Ink::Black);
            self.used = [self.used[0].min(left / 8), self.used[1].max(right.div_ceil(8))];
        }
    }

    fn ink(&self, bitmap: &mut Bitmap, top: i64, bottom: i64) {
        let [top, bottom] = [top, bottom].map(|y| y.clamp(0, bitmap.height as i64) as usize);
        let [first, last] = self.used;
        let Some(pattern) = self.row.get(first..last) else { return };
        for y in top..bottom {
            let row = &mut bitmap.row(y)[first..last];
            row.iter_mut().zip(pattern).for_each(|(old, new)| *old |= new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bitmap::tests::{picture, white};
    use super::*;

    #[test]
    fn bars_stand_or_lie_and_are_cut_at_the_edge() {
        let frame = Frame { widths: vec![2, 1, 1, 1, 2], ..Frame::default() };
        let standing =
            Bars { x: 1, y: 1, module: 2, length: 2, turn: Turn::None, start: 0, count: 5, rows: 1 };
        let mut bitmap = white(12, 4);
        bars(&mut bitmap, &frame, &standing, &mut Vec::new());
        assert_eq!(picture(&bitmap), "............\n.####..##..#\n.####..##..#\n............\n");
        let mut bitmap = white(4, 8);
        let lying = Bars { x: 1, y: 0, module: 1, length: 9, turn: Turn::Quarter, ..standing };
        bars(&mut bitmap, &frame, &lying, &mut Vec::new());
        assert_eq!(picture(&bitmap), ".###\n.###\n....\n.###\n....\n.###\n.###\n....\n");
    }

    #[test]
    fn rows_of_bars_follow_each_other_down_or_to_the_left() {
        let frame = Frame { widths: vec![2, 1, 1, 1, 2, 1], ..Frame::default() };
        let standing =
            Bars { x: 1, y: 0, module: 1, length: 2, turn: Turn::None, start: 0, count: 3, rows: 2 };
        let mut bitmap = white(6, 4);
        bars(&mut bitmap, &frame, &standing, &mut Vec::new());
        assert_eq!(picture(&bitmap), ".##.#.\n.##.#.\n.#..#.\n.#..#.\n");
        let mut bitmap = white(6, 4);
        bars(&mut bitmap, &frame, &Bars { turn: Turn::Quarter, ..standing }, &mut Vec::new());
        assert_eq!(picture(&bitmap), ".####.\n...##.\n......\n.####.\n");
    }

    #[test]
    fn modules_of_a_matrix_are_squares() {
        let frame = Frame { rows: vec![0b101, 0b010, u128::MAX], ..Frame::default() };
        let mut bitmap = white(8, 7);
        let item = Matrix { x: 1, y: 0, module: 2, side: 3, start: 0 };
        matrix(&mut bitmap, &frame, &item, &mut Vec::new());
        let rows = [".##..##.", ".##..##.", "...##...", "...##...", ".######.", ".######.", "........"];
        assert_eq!(picture(&bitmap), rows.join("\n") + "\n");
    }
}
