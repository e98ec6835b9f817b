//! The eight masks of a QR code and the choice among them (ISO/IEC 18004, 7.8).
//!
//! All four penalties are counted on whole rows: a row is a machine word, so comparing each module with its neighbour
//! is one shift and one exclusive or. Symbols up to version 11 fit into `u64`.

use std::ops::{BitAnd, BitOr, BitXor, Not, Shl, Shr};

use qrcode::EcLevel;

use super::function::{Function, MAX_SIDE, Rows, draw_format};

/// Masks the data modules by the best mask, adds the function patterns, and answers the number of the mask.
pub(super) fn apply_best(function: &Function, level: EcLevel, modules: &mut Rows) -> usize {
    let mut best = (u32::MAX, 0, [0; MAX_SIDE]);
    for number in 0..8 {
        let masked = apply(function, level, number, modules);
        let penalty = if function.side <= 64 {
            penalty::<u64>(function.side, &masked)
        } else {
            penalty::<u128>(function.side, &masked)
        };
        if penalty < best.0 {
            best = (penalty, number, masked);
        }
    }
    *modules = best.2;
    best.1
}

fn apply(function: &Function, level: EcLevel, number: usize, modules: &Rows) -> Rows {
    let mut masked = [0; MAX_SIDE];
    for (y, row) in masked[..function.side].iter_mut().enumerate() {
        let free = ((1 << function.side) - 1) & !function.taken[y];
        *row = modules[y] ^ (MASKS[number][y % 12] & free) | function.dark[y];
    }
    draw_format(function.side, level, number, &mut masked);
    masked
}

/// The rows of each mask; they repeat after twelve (table 10).
static MASKS: [[u128; 12]; 8] = masks();

const fn masks() -> [[u128; 12]; 8] {
    let mut masks = [[0; 12]; 8];
    let mut y = 0;
    while y < 12 {
        let mut x = 0;
        while x < 128 {
            let inverted = [
                (x + y) % 2 == 0,
                y % 2 == 0,
                x % 3 == 0,
                (x + y) % 3 == 0,
                (y / 2 + x / 3) % 2 == 0,
                x * y % 2 + x * y % 3 == 0,
                (x * y % 2 + x * y % 3) % 2 == 0,
                ((x + y) % 2 + x * y % 3) % 2 == 0,
            ];
            let mut number = 0;
            while number < 8 {
                masks[number][y] |= (inverted[number] as u128) << x;
                number += 1;
            }
            x += 1;
        }
        y += 1;
    }
    masks
}

/// A row of modules.
trait Word:
    Copy
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    const NONE: Self;
    fn of(row: u128) -> Self;
    fn count(self) -> u32;
}

impl Word for u64 {
    const NONE: Self = 0;
    fn of(row: u128) -> Self {
        row as u64
    }
    fn count(self) -> u32 {
        self.count_ones()
    }
}

impl Word for u128 {
    const NONE: Self = 0;
    fn of(row: u128) -> Self {
        row
    }
    fn count(self) -> u32 {
        self.count_ones()
    }
}

/// Light rows before the first row of the symbol, for patterns that look back.
const BEFORE: usize = 4;
/// Light rows after the last, for patterns that look ahead.
const AFTER: usize = 11;

/// The sum of the four penalties (table 11). The fourth counts each percent of dark modules away from half twice
/// rather than each five percent ten times, as the `qrcode` crate does; the choice hardly ever differs.
fn penalty<W: Word>(side: usize, modules: &Rows) -> u32 {
    let mut rows = [W::NONE; BEFORE + MAX_SIDE + AFTER];
    for (row, &modules) in rows[BEFORE..].iter_mut().zip(&modules[..side]) {
        *row = W::of(modules);
    }
    let all = W::of((1 << side) - 1);
    // One bit for each pair of neighbours; a pair beyond the edge is no pair.
    let pairs = all >> 1;

    let (mut runs, mut blocks, mut finders, mut dark) = (0, 0, 0, 0);
    // Whether modules equal those below them, in this row and the next three; and where a run of five began a row above.
    let mut below = [W::NONE; 4];
    let equal_below =
        |y: usize| if y + 1 < side { !(rows[BEFORE + y] ^ rows[BEFORE + y + 1]) & all } else { W::NONE };
    for (y, equal) in below.iter_mut().enumerate().skip(1) {
        *equal = equal_below(y - 1);
    }
    let mut five_above = W::NONE;
    let mut beside_above = W::NONE;
    for y in 0..side {
        let window = &rows[y..y + BEFORE + AFTER];
        let row = window[BEFORE];
        dark += row.count();

        // Runs of five or more along the row: a run of n is n − 4 places where five begin, and costs n − 2.
        let beside = !(row ^ row >> 1) & pairs;
        let five = beside & beside >> 1 & beside >> 2 & beside >> 3;
        runs += five.count() + 2 * (five & !(five << 1)).count();
        // The same down the column.
        below = [below[1], below[2], below[3], equal_below(y + 3)];
        let five_below = below[0] & below[1] & below[2] & below[3];
        runs += five_below.count() + 2 * (five_below & !five_above).count();
        five_above = five_below;

        // Blocks of two by two: both pairs side by side, and one equal to the other.
        if y > 0 {
            let above = !(window[BEFORE - 1] ^ row);
            blocks += (beside & beside_above & above).count();
        }
        beside_above = beside;

        // The core of a finder pattern, with four light modules on at least one side.
        let core = row & !(row >> 1) & row >> 2 & row >> 3 & row >> 4 & !(row >> 5) & row >> 6;
        let before = row << 1 | row << 2 | row << 3 | row << 4;
        let after = row >> 7 | row >> 8 | row >> 9 | row >> 10;
        finders += (core & !(before & after)).count();
        let column = &window[BEFORE..];
        let core = row & !column[1] & column[2] & column[3] & column[4] & !column[5] & column[6];
        let before = window[0] | window[1] | window[2] | window[3];
        let after = column[7] | column[8] | column[9] | column[10];
        finders += (core & !(before & after)).count();
    }
    let ratio = dark * 200 / (side * side) as u32;
    runs + 3 * blocks + 40 * finders + ratio.abs_diff(100)
}
