//! The calendar, for whoever has to show a time without asking a clock.

/// Year, month and day of a number of days since 1970-01-01, in the Gregorian calendar. Years are counted from March, so
/// that the day that is not always there is the last. After H. Hinnant's `civil_from_days`,
/// <https://howardhinnant.github.io/date_algorithms.html>.
#[must_use]
pub fn civil(days: u64) -> (u64, u32, u32) {
    let days = days.saturating_add(719_468);
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn days_follow_each_other(day in 0u64..40_000) {
            let (before, after) = (civil(day), civil(day + 1));
            prop_assert!(after > before);
            prop_assert!(after.2 == before.2 + 1 || after.2 == 1);
        }
    }
}
