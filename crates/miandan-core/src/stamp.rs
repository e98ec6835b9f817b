//! What a label carries from the batch that it is printed in: `n/m`, the running number, the time, and which copy it is.
//!
//! None of it comes from the order. The host fixes it when a label is printed first and tells it again with each copy, so
//! that a copy differs from the first print in its mark alone.

use std::fmt;
use std::str::FromStr;

use crate::label::LabelNumber;

/// What the host tells of one label beside its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Which label of the batch it is, for `n/m`.
    pub number: LabelNumber,
    /// The number by which it is found again; none where nobody keeps a journal.
    pub running: Option<RunningNumber>,
    /// When it was printed first, in seconds since 1970: the time that templates show. Only the host can know it; 0 if it
    /// does not.
    pub printed_at: u64,
    /// 0 for the first print, n for the n-th copy (补打 n), which carries a mark that says so.
    pub copy: u16,
}

impl Stamp {
    /// Of a first print that no journal knows of, made at a time (seconds since 1970).
    #[must_use]
    pub const fn first(number: LabelNumber, printed_at: u64) -> Self {
        Stamp { number, running: None, printed_at, copy: 0 }
    }
}

/// The running number of a label, `YYMMDD-BBB-NNN`: the day, the batch of that day, and the position in the batch.
///
/// It is fixed at the first print and never changes; after a jam a person looks for the last good label by it. Batch and
/// position have three digits, and more where three are not enough.
///
/// It knows nothing of which label has it: who hands out numbers makes sure that no two labels have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunningNumber {
    day: u32,
    batch: u16,
    position: u32,
}

impl RunningNumber {
    /// The number of a day, written `YYMMDD` as one decimal number, with a batch and a position that both count from 1.
    ///
    /// `None` if the calendar of 2000 to 2099 has no such day, or batch or position is 0.
    #[must_use]
    pub const fn new(day: u32, batch: u16, position: u32) -> Option<Self> {
        if is_day(day) && batch > 0 && position > 0 {
            Some(RunningNumber { day, batch, position })
        } else {
            None
        }
    }

    /// The day as `YYMMDD`, in the time of the station.
    #[must_use]
    pub const fn day(self) -> u32 {
        self.day
    }

    /// The batch of the day, from 1.
    #[must_use]
    pub const fn batch(self) -> u16 {
        self.batch
    }

    /// The position in the batch, from 1.
    #[must_use]
    pub const fn position(self) -> u32 {
        self.position
    }
}

/// Whether `YYMMDD` is a day of the years 2000 to 2099, in which every fourth year is a leap year.
const fn is_day(day: u32) -> bool {
    let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 => 29,
        2 => 28,
        _ => return false,
    };
    year < 100 && day >= 1 && day <= days
}

impl fmt::Display for RunningNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}-{:03}-{:03}", self.day, self.batch, self.position)
    }
}

/// The text is not a running number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a running number such as 261111-003-012")]
pub struct NoRunningNumber;

impl FromStr for RunningNumber {
    type Err = NoRunningNumber;

    /// Reads a number as it is shown. Each has one spelling only, so that texts can be compared.
    fn from_str(text: &str) -> Result<Self, NoRunningNumber> {
        let mut parts = text.split('-');
        let (Some(day), Some(batch), Some(position), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoRunningNumber);
        };
        if day.len() != 6 {
            return Err(NoRunningNumber);
        }
        let day = digits(day)?;
        let batch = counted(batch).and_then(|batch| u16::try_from(batch).map_err(|_| NoRunningNumber))?;
        RunningNumber::new(day, batch, counted(position)?).ok_or(NoRunningNumber)
    }
}

/// A number of three digits, or of more without zeros in front.
fn counted(text: &str) -> Result<u32, NoRunningNumber> {
    if text.len() < 3 || text.len() > 3 && text.starts_with('0') {
        return Err(NoRunningNumber);
    }
    digits(text)
}

fn digits(text: &str) -> Result<u32, NoRunningNumber> {
    // `parse` takes a sign as well.
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_err(|_| NoRunningNumber)
    } else {
        Err(NoRunningNumber)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
            assert_eq!((number.day(), number.batch(), number.position()), (day, batch, position));
        }
    }

    #[test]
    fn days_that_are_none_are_refused() {
        for day in [0, 1, 100, 260_000, 260_100, 261_301, 260_132, 260_431, 270_229, 1_260_101, u32::MAX] {
            assert_eq!(RunningNumber::new(day, 1, 1), None, "{day}");
        }
        let days = (0..1_000_000).filter(|&day| is_day(day)).count();
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
            assert_eq!(text.parse::<RunningNumber>(), Err(NoRunningNumber), "{text}");
        }
    }

    proptest! {
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
