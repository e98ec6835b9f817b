//! Times of day, which are no numbers of an address.

use super::number::{Number, run};
use super::words::Counts;
use crate::character::{Cells, Kind};

/// Where a time of day ends that begins here: `18:00`. Right behind a building it is taken for a chain, and
/// so is what nobody says of a time: minutes that are not round.
pub(super) fn clock(cells: &Cells<'_>, from: usize, previous: Option<&Number>) -> Option<usize> {
    let sign = run(cells, from, Kind::Digit);
    let end = run(cells, sign + 1, Kind::Digit);
    let written =
        (1..=2).contains(&(sign - from)) && matches!(cells.base(sign), ':' | '：') && end - sign == 3;
    let minutes = cells.base(sign + 1) <= '5';
    let round = matches!(cells.base(sign + 2), '0' | '5');
    let apart = cells.before(from).is_some_and(|cell| {
        !cell.kind.is_letter() && cell.kind != Kind::Digit && !matches!(cell.base, '-' | '/' | '#')
    });
    let announced = matches!(cells.base(end), '前' | '后' | '到' | '至' | '以' | '之' | '送');
    let in_building = previous.is_some_and(|previous| {
        matches!(previous.counts, Counts::Building | Counts::Floor | Counts::Unit) || previous.hash
    });
    if !(written && minutes && (announced || (apart && round && !in_building))) {
        return None;
    }
    // 18:00-20:00
    let next = run(cells, end + 1, Kind::Digit);
    let until = matches!(cells.base(end), '-' | '~') && matches!(cells.base(next), ':' | '：');
    Some(if until { run(cells, next + 1, Kind::Digit) } else { end })
}
