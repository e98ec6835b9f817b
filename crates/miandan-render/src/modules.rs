//! Symbols as rectangles of modules, for encoders that draw paths.

use crate::frame::{Bars, Frame, Matrix, Turn};

/// Calls a function with left, top, width and height of each bar, in modules across the bars and in rows along them; not at
/// all if the symbol has nothing to draw.
pub(crate) fn bars(bars: &Bars, frame: &Frame, mut each: impl FnMut([i64; 4])) {
    if bars.module == 0 || bars.length <= 0 {
        return;
    }
    for (row, widths) in bars.row_widths(frame).enumerate() {
        let row = row as i64;
        let side = if lying(bars) { i64::from(bars.rows) - 1 - row } else { row };
        let mut at = 0;
        for pair in widths.chunks(2) {
            let bar = i64::from(pair[0]);
            each(if lying(bars) { [side, at, 1, bar] } else { [at, side, bar, 1] });
            at += bar + i64::from(pair.get(1).copied().unwrap_or(0));
        }
    }
}

/// Whether bars lie, so that the symbol reads from top to bottom.
pub(crate) fn lying(bars: &Bars) -> bool {
    bars.turn == Turn::Quarter || bars.turn == Turn::ThreeQuarters
}

/// Calls a function with left, top, width and height in modules of runs of dark ones, each as tall as it can be; not at all
/// if the symbol has nothing to draw.
pub(crate) fn matrix(matrix: &Matrix, frame: &Frame, mut each: impl FnMut([i64; 4])) {
    let start = matrix.start as usize;
    let side = usize::from(matrix.side.min(128));
    let Some(rows) = frame.rows.get(start..start.saturating_add(side)) else { return };
    if side == 0 || matrix.module == 0 {
        return;
    }
    let all = u128::MAX >> (128 - side);
    let mut drawn = [0u128; 128];
    for (y, &row) in rows.iter().enumerate() {
        let mut rest = row & all & !drawn[y];
        while rest != 0 {
            let x = rest.trailing_zeros();
            let width = (!(rest >> x)).trailing_zeros();
            let run = (u128::MAX >> (128 - width)) << x;
            let height = rows[y..].iter().take_while(|&&row| row & run == run).count();
            drawn[y..y + height].iter_mut().for_each(|drawn| *drawn |= run);
            rest &= !run;
            each([x.into(), y as i64, width.into(), height as i64]);
        }
    }
}
