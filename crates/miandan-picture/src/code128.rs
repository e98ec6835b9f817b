//! Code 128 (ISO/IEC 15417) from the widths of bars and spaces.
//!
//! A reader that asks for quiet zones cannot say that one is missing, so this one does without; a check character, the stop
//! character and several lines that agree keep what is no symbol from being taken for one.

use std::ops::RangeInclusive;

use miandan_render::symbol::code128::pattern;

const START_A: u8 = 103;
const START_C: u8 = 105;
const STOP: u8 = 106;

/// A symbol character is 11 modules wide, the stop character 13.
const CHARACTER: f64 = 11.0;

/// How far a width may be from its number of modules, and how far all six of a character may be together.
const WIDTH_TOLERANCE: f64 = 0.7;
const CHARACTER_TOLERANCE: f64 = 1.6;

/// How much a character may be wider or narrower than the first.
const DRIFT: f64 = 0.2;

/// The most characters of a symbol.
const LONGEST: usize = 130;

/// What was read of a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Read {
    pub(crate) text: String,
    /// How many runs it takes, from its first bar to its last.
    pub(crate) runs: usize,
    /// The width of a module in pixels.
    pub(crate) module: f64,
    /// The worst width's distance from its whole modules, in modules.
    pub(crate) uneven: f64,
}

/// Reads a symbol that begins with the first of these runs, a bar.
pub(crate) fn read(runs: &[usize]) -> Option<Read> {
    let mut values = vec![character(runs, START_A..=START_C)?];
    let first = width(runs.get(..6)?);
    let mut at = 6;
    loop {
        let next = runs.get(at..)?;
        let drift = width(next.get(..6)?) / first;
        if !(1.0 - DRIFT..=1.0 + DRIFT).contains(&drift) || values.len() > LONGEST {
            return None;
        }
        at += 6;
        match character(next, 0..=STOP)? {
            STOP => break,
            START_A..=START_C => return None,
            value => values.push(value),
        }
    }
    // The stop character's last bar.
    let all = runs.get(..at + 1)?;
    let module = width(all) / (CHARACTER * (values.len() + 1) as f64 + 2.0);
    let uneven = unevenness(all, &values, module);
    if uneven > 1.0 || !checks(&values) {
        return None;
    }
    let text = text(&values[..values.len() - 1])?;
    Some(Read { text, runs: all.len(), module, uneven })
}

fn width(runs: &[usize]) -> f64 {
    runs.iter().sum::<usize>() as f64
}

/// Which of some symbol characters has widths that are nearest to the first six runs, if any is near.
fn character(runs: &[usize], among: RangeInclusive<u8>) -> Option<u8> {
    let six = runs.get(..6)?;
    let module = width(six) / CHARACTER;
    let modules: [f64; 6] = std::array::from_fn(|index| six[index] as f64 / module);
    let distance = |value: u8| {
        let pattern = pattern(value)?;
        let apart = modules.iter().zip(pattern).map(|(modules, width)| (modules - f64::from(width)).abs());
        let (worst, all) =
            apart.fold((0.0, 0.0), |(worst, all): (f64, f64), one| (worst.max(one), all + one));
        (worst <= WIDTH_TOLERANCE && all <= CHARACTER_TOLERANCE).then_some((all, value))
    };
    let nearest = among.filter_map(distance).min_by(|one, other| one.0.total_cmp(&other.0));
    nearest.map(|(_, value)| value)
}

fn unevenness(runs: &[usize], values: &[u8], module: f64) -> f64 {
    let patterns = values.iter().copied().chain([STOP]).filter_map(pattern).flatten().chain([2]);
    let apart = runs.iter().zip(patterns).map(|(&run, width)| (run as f64 / module - f64::from(width)).abs());
    apart.fold(0.0, f64::max)
}

/// Whether the check character is right (annex A).
fn checks(values: &[u8]) -> bool {
    let Some((&check, values)) = values.split_last() else { return false };
    let weighted = |(place, &value): (usize, &u8)| place.max(1) as u32 * u32::from(value);
    let sum: u32 = values.iter().enumerate().map(weighted).sum();
    values.len() > 1 && sum % 103 == u32::from(check)
}

/// The text of a start character and what follows it. Function characters, which say how a text is meant, are not in it.
fn text(values: &[u8]) -> Option<String> {
    let mut set = *values.first()?;
    let mut text = String::new();
    let mut shifted = false;
    for &value in &values[1..] {
        // A shift is from A to B or from B to A, for one character.
        let in_force = if shifted { 207 - set } else { set };
        shifted = false;
        match (in_force, value) {
            (START_C, 0..=99) => text.push_str(&format!("{value:02}")),
            (START_A, 64..=95) => text.push(char::from(value - 64)),
            (103 | 104, 0..=95) => text.push(char::from(value + 32)),
            (103 | 104, 98) => shifted = true,
            (103 | 104, 99) => set = START_C,
            (104 | START_C, 101) => set = START_A,
            (103 | START_C, 100) => set = 104,
            (_, 96 | 97 | 100..=102) => {}
            _ => return None,
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use miandan_render::symbol::code128::encode;

    fn runs(text: &str, module: usize) -> Vec<usize> {
        let mut widths = Vec::new();
        encode(text, &mut widths).unwrap();
        widths.into_iter().map(|width| usize::from(width) * module).collect()
    }

    #[test]
    fn a_waybill_number_is_read_and_measured() {
        let read = read(&runs("MD7000000000012", 3)).unwrap();
        assert_eq!((read.text.as_str(), read.module, read.uneven), ("MD7000000000012", 3.0, 0.0));
        assert_eq!(read.runs, runs("MD7000000000012", 3).len());
    }

    #[test]
    fn what_follows_does_not_matter() {
        let mut long = runs("SF123", 2);
        let expected = read(&long);
        long.extend([1, 40, 3]);
        assert_eq!(read(&long), expected);
    }

    #[test]
    fn widths_that_are_not_whole_modules_are_uneven() {
        let mut crooked = runs("SF123", 4);
        crooked[9] += 2;
        crooked[10] -= 2;
        let read = read(&crooked).unwrap();
        assert!(read.text == "SF123" && (0.4..0.6).contains(&read.uneven), "{read:?}");
    }

    #[test]
    fn a_wrong_check_character_is_no_symbol() {
        let good = runs("123456", 3);
        // The character before the stop character.
        let at = good.len() - 13;
        let mut bad = good.clone();
        let other = pattern(if good[at..at + 6] == runs("AA", 3)[6..12] { 5 } else { 33 }).unwrap();
        for (place, width) in other.into_iter().enumerate() {
            bad[at + place] = usize::from(width) * 3;
        }
        assert!(read(&good).is_some());
        assert_eq!(read(&bad), None);
        for cut in 0..good.len() {
            assert_eq!(read(&good[..cut]), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_is_read(text in "[\\x00-\\x7f]{1,40}|[A-Z]{0,3}[0-9]{8,16}", module in 1usize..9) {
            let read = read(&runs(&text, module)).unwrap();
            proptest::prop_assert_eq!(read.text, text);
            proptest::prop_assert!(read.uneven < 1e-9);
        }

        #[test]
        fn no_runs_panic(runs in proptest::collection::vec(0usize..50, 0..200)) {
            let _ = read(&runs);
        }
    }
}
