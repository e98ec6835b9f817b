//! The values of properties: lengths and their units, words, colours, angles.

use miandan_core::label::Micrometres;

use super::{CellLine, LineKind, Spacing};
use crate::angle::Angle;
use crate::frame::Ink;
use crate::template::{Problem, limits};

/// The unit of a number without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Millimetres,
    Points,
}

/// A length such as `7`, `7mm` or `-2.5pt`. `None` if it is none, or out of range.
pub(crate) fn length(text: &str, unit: Unit) -> Option<Micrometres> {
    let text = text.trim();
    let number = |suffix: &str| {
        let cut = text.len().checked_sub(suffix.len())?;
        text.get(cut..)?.eq_ignore_ascii_case(suffix).then(|| text[..cut].trim_end())
    };
    let (number, unit) = match (number("mm"), number("pt")) {
        (Some(number), _) => (number, Unit::Millimetres),
        (_, Some(number)) => (number, Unit::Points),
        _ => (text, unit),
    };
    let micrometres = match unit {
        Unit::Millimetres => decimal(number)? * 1000.0,
        Unit::Points => decimal(number)? * 25_400.0 / 72.0,
    };
    (micrometres.abs() <= f64::from(limits::LENGTH)).then_some(micrometres.round() as Micrometres)
}

/// A plain decimal number: no exponent, no `NaN`, no `inf`.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    if text.len() > 32
        || !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'))
    {
        return None;
    }
    text.parse().ok()
}

pub(super) fn points(points: f64) -> Micrometres {
    (points * 25_400.0 / 72.0).round() as Micrometres
}

pub(super) fn one_of<T: Copy>(word: &str, choices: &[(&str, T)]) -> Result<T, Problem> {
    choices.iter().find(|(name, _)| *name == word).map(|(_, value)| *value).ok_or(Problem::OddValue)
}

/// The name of a family without its quotes; of a list the first.
pub(super) fn family(word: &str) -> Option<Box<str>> {
    let first = word.split(',').next().unwrap_or("");
    let name = first.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    (!name.is_empty()).then(|| name.into())
}

pub(super) fn width(word: &str) -> Result<Micrometres, Problem> {
    length(word, Unit::Points).filter(|width| *width >= 0).ok_or(Problem::OddValue)
}

pub(super) fn sides(word: &str) -> Result<[Micrometres; 4], Problem> {
    sides_in(word, Unit::Millimetres)
}

/// One to four lengths, as in CSS.
pub(super) fn sides_in(word: &str, unit: Unit) -> Result<[Micrometres; 4], Problem> {
    four(word, |part| length(part, unit).ok_or(Problem::OddValue))
}

/// One to four values for the sides of a box, as in CSS.
pub(super) fn four<T: Copy>(
    word: &str,
    read: impl Fn(&str) -> Result<T, Problem>,
) -> Result<[T; 4], Problem> {
    let mut given = word.split([' ', ',']).filter(|part| !part.is_empty()).map(read);
    let top = given.next().ok_or(Problem::OddValue)??;
    let right = given.next().transpose()?.unwrap_or(top);
    let bottom = given.next().transpose()?.unwrap_or(top);
    let left = given.next().transpose()?.unwrap_or(right);
    if given.next().is_some() { Err(Problem::OddValue) } else { Ok([top, right, bottom, left]) }
}

/// One or two values, for horizontal and vertical lines.
pub(super) fn both<T: Copy>(
    word: &str,
    read: impl Fn(&str) -> Result<T, Problem>,
) -> Result<[T; 2], Problem> {
    let mut values = word.split([' ', ',']).filter(|part| !part.is_empty()).map(read);
    let first = values.next().ok_or(Problem::OddValue)??;
    let second = values.next().transpose()?.unwrap_or(first);
    if values.next().is_some() { Err(Problem::OddValue) } else { Ok([first, second]) }
}

pub(super) fn set_widths(lines: &mut [Option<CellLine>; 2], word: &str) -> Result<(), Problem> {
    for (line, width) in lines.iter_mut().zip(both(word, width)?) {
        line.get_or_insert_default().width = width;
    }
    Ok(())
}

pub(super) fn set_kinds(lines: &mut [Option<CellLine>; 2], word: &str) -> Result<(), Problem> {
    for (line, kind) in lines.iter_mut().zip(both(word, line_kind)?) {
        line.get_or_insert_default().kind = kind;
    }
    Ok(())
}

pub(super) fn spacing(word: &str) -> Result<Spacing, Problem> {
    let spacing = match word.strip_suffix('%') {
        Some(percent) => {
            let percent =
                decimal(percent).filter(|percent| percent.abs() <= 500.0).ok_or(Problem::OddValue)?;
            Spacing::Relative((percent * 10.0) as i32)
        }
        None => {
            let length = length(word, Unit::Points).filter(|length| length.abs() <= limits::EM);
            Spacing::Absolute(length.ok_or(Problem::OddValue)?)
        }
    };
    Ok(spacing)
}

pub(super) fn line_kind(word: &str) -> Result<LineKind, Problem> {
    one_of(word, &[("solid", LineKind::Solid), ("dashed", LineKind::Dashed), ("dotted", LineKind::Dotted)])
}

/// Degrees clockwise, to the nearest hundredth.
pub(super) fn angle(word: &str) -> Result<Angle, Problem> {
    let degrees = decimal(word).ok_or(Problem::OddValue)?.rem_euclid(360.0);
    Ok(Angle::hundredths((degrees * 100.0).round() as i64))
}

/// Black or white, whichever is nearer; `None` for no colour.
pub(super) fn colour(word: &str) -> Result<Option<Ink>, Problem> {
    let hex = match word {
        "none" | "transparent" => return Ok(None),
        "black" => "000000",
        "white" => "ffffff",
        _ => word.strip_prefix('#').ok_or(Problem::OddValue)?,
    };
    if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Problem::OddValue);
    }
    let value = u32::from_str_radix(hex, 16).map_err(|_| Problem::OddValue)?;
    let [red, green, blue] = match hex.len() {
        6 => [value >> 16, value >> 8 & 0xFF, value & 0xFF],
        3 => [(value >> 8) * 17, (value >> 4 & 0xF) * 17, (value & 0xF) * 17],
        _ => return Err(Problem::OddValue),
    };
    // Luma as in ITU-R BT.601, in thousandths of 255.
    let luma = red * 299 + green * 587 + blue * 114;
    Ok(Some(if luma < 127_500 { Ink::Black } else { Ink::White }))
}
