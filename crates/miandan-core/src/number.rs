//! Numbers that people read, say and type: the batch `261111-003` and the label `261111-003-012`.
//!
//! The day, the running number of the batch on that day, and the place in the batch: the convention of the trade
//! (Hupun's help page, `YYMMDD-BBB-NNN`). They are fixed when a batch is planned and never change; after a jam a person
//! looks for the last good label by them.
//!
//! Nothing here knows which label has which number: who hands out numbers makes sure that no two labels have the same.

use std::fmt;
use std::str::FromStr;

use crate::calendar::civil;

/// A day in China, `YYMMDD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(u32);

/// A batch: the day it was planned on, and which of that day it is, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BatchNumber {
    /// The day.
    pub day: Day,
    /// Which batch of the day, from 1; three digits or more.
    pub number: u16,
}

/// A label of a batch. A reprint has the number of the label that it replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunningNumber {
    /// The batch.
    pub batch: BatchNumber,
    /// The place in the batch, from 1; three digits or more.
    pub position: u32,
}

/// The text is not a number of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number of the form YYMMDD-BBB or YYMMDD-BBB-NNN")]
pub struct NotANumber;

impl RunningNumber {
    /// The number of a day, written `YYMMDD` as one decimal number, with a batch and a position that both count from 1.
    ///
    /// `None` if the calendar of 2000 to 2099 has no such day, or batch or position is 0.
    #[must_use]
    pub fn new(day: u32, batch: u16, position: u32) -> Option<Self> {
        let day = Day::from_yymmdd(day).filter(|_| batch > 0 && position > 0)?;
        Some(RunningNumber { batch: BatchNumber { day, number: batch }, position })
    }
}

impl Day {
    /// The day in China (+08:00, without summer time) at `now`, in seconds since 1970.
    #[must_use]
    pub fn of(now: u64) -> Self {
        let days = (now / 3_600).saturating_add(8) / 24;
        let (year, month, day) = civil(days);
        Day((year % 100) as u32 * 10_000 + month * 100 + day)
    }

    /// The day of a number such as `261111`, if there is such a day.
    #[must_use]
    pub fn from_yymmdd(number: u32) -> Option<Self> {
        let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
        let length = match month {
            2 if year % 4 == 0 => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (year < 100 && (1..=length).contains(&day)).then_some(Day(number))
    }

    /// The number, such as `261111`.
    #[must_use]
    pub fn yymmdd(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Display for BatchNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:03}", self.day, self.number)
    }
}

impl fmt::Display for RunningNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:03}", self.batch, self.position)
    }
}

/// Digits alone: `parse` would take a sign.
fn digits<N: FromStr>(text: &str) -> Result<N, NotANumber> {
    match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => text.parse().map_err(|_| NotANumber),
        false => Err(NotANumber),
    }
}

impl FromStr for BatchNumber {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (day, number) = text.split_once('-').ok_or(NotANumber)?;
        let day = Day::from_yymmdd(digits(day)?).ok_or(NotANumber)?;
        let read = BatchNumber { day, number: digits(number)? };
        // One number has one form: no missing and no further zeros.
        if read.number > 0 && read.to_string() == text { Ok(read) } else { Err(NotANumber) }
    }
}

impl FromStr for RunningNumber {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (batch, position) = text.rsplit_once('-').ok_or(NotANumber)?;
        let read = RunningNumber { batch: batch.parse()?, position: digits(position)? };
        if read.position > 0 && read.to_string() == text { Ok(read) } else { Err(NotANumber) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-11-11 00:00:00 in China.
    const SINGLES_DAY: u64 = 1_794_326_400;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        assert_eq!(Day::of(SINGLES_DAY).to_string(), "261111");
        assert_eq!(Day::of(SINGLES_DAY - 1).to_string(), "261110");
        assert_eq!(Day::of(SINGLES_DAY + 86_399).to_string(), "261111");
        assert_eq!(Day::of(0).to_string(), "700101");
        assert_eq!(Day::of(951_796_800).to_string(), "000229", "2000 was a leap year");
    }

    #[test]
    fn numbers_read_as_they_are_written() {
        let batch = BatchNumber { day: Day(261_111), number: 3 };
        assert_eq!(batch.to_string(), "261111-003");
        let label = RunningNumber { batch, position: 12 };
        assert_eq!(label.to_string(), "261111-003-012");
        assert_eq!(RunningNumber { batch, position: 12_345 }.to_string(), "261111-003-12345");
        assert_eq!("261111-003-012".parse(), Ok(label));
    }

    #[test]
    fn other_forms_are_refused() {
        for text in
            ["", "261111", "261111-3", "261111-0003", "261111-000", "261311-001", "260229-001", "-261111-003"]
        {
            assert_eq!(text.parse::<BatchNumber>(), Err(NotANumber), "{text}");
        }
        for text in ["261111-003", "261111-003-12", "261111-003-000", "261111-003-+12", "261111-003-0012"] {
            assert_eq!(text.parse::<RunningNumber>(), Err(NotANumber), "{text}");
        }
    }

    #[test]
    fn a_number_is_shown_as_people_write_it() {
        for (day, batch, position, shown) in [
            (261_111, 3, 12, "261111-003-012"),
            (260_101, 1, 1, "260101-001-001"),
            (91_231, 999, 999, "091231-999-999"),
            (280_229, 1000, 100_000, "280229-1000-100000"),
            (991_231, u16::MAX, u32::MAX, "991231-65535-4294967295"),
        ] {
            let number = RunningNumber::new(day, batch, position).unwrap();
            assert_eq!(number.to_string(), shown);
            assert_eq!(shown.parse(), Ok(number));
            assert_eq!(
                (number.batch.day.yymmdd(), number.batch.number, number.position),
                (day, batch, position)
            );
        }
    }

    #[test]
    fn days_that_are_none_are_refused() {
        for day in [0, 1, 100, 260_000, 260_100, 261_301, 260_132, 260_431, 270_229, 1_260_101, u32::MAX] {
            assert_eq!(RunningNumber::new(day, 1, 1), None, "{day}");
        }
        let days = (0..1_000_000).filter(|&day| Day::from_yymmdd(day).is_some()).count();
        assert_eq!(days, 36_525, "the days of a hundred years");
        assert_eq!(RunningNumber::new(261_111, 0, 1), None);
        assert_eq!(RunningNumber::new(261_111, 1, 0), None);
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "261111",
            "261111-003",
            "261111-003-012-1",
            "261111-3-012",
            "261111-003-12",
            "261111-0003-012",
            "261111-003-0012",
            "261111-003-000",
            "261111-000-012",
            "261131-003-012",
            "61111-003-012",
            "+61111-003-012",
            "261111-+03-012",
            "261111-003-+12",
            "261111-65536-012",
            "261111-003-4294967296",
            "261111-003-012 ",
            "２６１１１１-003-012",
        ] {
            assert_eq!(text.parse::<RunningNumber>(), Err(NotANumber), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_number_goes_both_ways(now in 0u64..4_000_000_000, number in 1u16.., position in 1u32..) {
            let batch = BatchNumber { day: Day::of(now), number };
            prop_assert_eq!(Day::from_yymmdd(batch.day.yymmdd()), Some(batch.day));
            prop_assert_eq!(batch.to_string().parse(), Ok(batch));
            let label = RunningNumber { batch, position };
            prop_assert_eq!(label.to_string().parse(), Ok(label));
        }

        #[test]
        fn what_is_shown_is_read_again(day in 0u32..1_000_000, batch: u16, position: u32) {
            if let Some(number) = RunningNumber::new(day, batch, position) {
                prop_assert_eq!(number.to_string().parse(), Ok(number));
            }
        }

        #[test]
        fn what_is_read_is_shown_again(text in "[0-9]{5,7}-[0-9]{2,5}-[0-9]{2,7}") {
            if let Ok(number) = text.parse::<RunningNumber>() {
                prop_assert_eq!(number.to_string(), text);
            }
        }
    }
}
