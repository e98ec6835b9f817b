//! The detail line of an address: unit, household and room hidden, the rest readable.
//!
//! GB/T 41833-2022 asks for the unit, household and room number (单元户室号) to be hidden and does not ask it of the
//! building, so road, street number, estate, building and floor stay. The line is free text, so it is read in steps:
//!
//! 1. phones, codes and the like are hidden wherever they are ([`crate::stray`]);
//! 2. the numbers are found, with the word after each and what is before it ([`number`], [`words`]);
//! 3. from right to left each number is a door or not ([`door`]); what may be a door is one;
//! 4. names of people are looked for in notes and behind the door ([`note`], [`surname`]).

use miandan_core::masking::ShownAddress;

use crate::character::{Cells, Kind};
use crate::outcome::{Outcome, Warning};
use crate::stray::{Manner, hide_stray};

mod clock;
mod door;
mod note;
mod number;
mod surname;
mod words;

/// Masks the detail line of an address (GB/T 41833-2022, privacy clause: unit, household and room number hidden).
///
/// * [`ShownAddress::Full`]: all but phones, codes and the like.
/// * [`ShownAddress::Unit`]: unit, household and room hidden too, and what may be one. A village house has none;
///   [`Warning::NoDoorFound`] says so.
/// * [`ShownAddress::Digits`]: all digits hidden too, and Chinese numerals that count; those in names stay (三里屯).
/// * [`ShownAddress::Detail`]: everything but white space and punctuation.
///
/// ```
/// use miandan_core::masking::ShownAddress;
///
/// let outcome = miandan_mask::address("海棠路88号幸福小区17号楼2单元1501室", ShownAddress::Unit);
/// assert_eq!(outcome.text.as_str(), "海棠路88号幸福小区17号楼*单元****室");
/// assert_eq!(outcome.warning, None);
/// ```
#[must_use]
pub fn address(text: &str, shown: ShownAddress) -> Outcome {
    let mut cells = Cells::new(text);
    if shown == ShownAddress::Detail {
        cells.hide_all();
        return cells.finish(None);
    }
    hide_stray(&mut cells, Manner::Address);
    if shown == ShownAddress::Full {
        return cells.finish(None);
    }

    let foreign = cells.iter().any(|cell| cell.kind == Kind::Letter && !is_kana(cell.base));
    let numbers = number::read_numbers(&cells);
    let door = door::hide_doors(&mut cells, &numbers);
    note::hide_names(&mut cells, door);
    if foreign || shown == ShownAddress::Digits {
        hide_numerals(&mut cells, &numbers, foreign);
    }
    let warning = match (foreign, shown) {
        (true, _) => Some(Warning::NumbersHidden),
        (false, ShownAddress::Unit) if door.is_none() && cells.ink() > 0 => Some(Warning::NoDoorFound),
        _ => None,
    };
    cells.finish(warning)
}

/// Kana are in the names of shops, and Japanese addresses are numbered like ours.
fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9D}' | '-')
}

/// Hides every digit. Numerals that count go with them, those in names do not; where the script is foreign and
/// nobody can tell, all go.
fn hide_numerals(cells: &mut Cells<'_>, numbers: &[number::Number], foreign: bool) {
    // 〇 is a digit to Unicode.
    cells.hide_where(0..cells.len(), |cell| match cell.kind {
        Kind::Numeral | Kind::Stem => foreign || cell.base == '〇',
        kind => kind == Kind::Digit,
    });
    for number in numbers.iter().filter(|number| !number.is_name) {
        cells.hide_where(number.cells.start..number.end, |cell| cell.kind == Kind::Numeral);
    }
}

#[cfg(test)]
mod tests;
