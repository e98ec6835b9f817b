//! The only place where the clock is asked; everything below is told what time it is.
#![allow(clippy::disallowed_methods)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds since 1970. A clock before that counts as 1970: then nothing is valid yet, which is the safe side.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// A moment as `2026-11-11 08:00` in UTC, by the civil calendar.
pub fn civil(seconds: u64) -> String {
    // Days to date after Howard Hinnant's `civil_from_days`, for eras of 400 years that begin on 1 March.
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}", rest / 3_600, rest / 60 % 60)
}

/// Seconds that China is ahead of UTC. The day of a batch number is that of China, and so are the times beside it.
const CHINA: u64 = 8 * 3_600;

/// A time in China, to the minute, as the journal and its batches have it.
pub fn in_china(seconds: u64) -> String {
    civil(seconds.saturating_add(CHINA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_dates() {
        assert_eq!(civil(0), "1970-01-01 00:00");
        assert_eq!(civil(951_782_400), "2000-02-29 00:00");
        assert_eq!(civil(1_794_355_199), "2026-11-10 23:59");
        assert_eq!(in_china(1_794_362_400), "2026-11-11 10:00");
        assert_eq!(civil(4_102_444_800), "2100-01-01 00:00");
    }
}
