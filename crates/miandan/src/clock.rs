//! The only place where the clock is asked; everything below is told what time it is.
#![allow(clippy::disallowed_methods)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use miandan_core::calendar;

/// Seconds since 1970. A clock before that counts as 1970: then nothing is valid yet, which is the safe side.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// A moment as `2026-11-11 08:00` in UTC, by the civil calendar.
pub fn civil(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = calendar::civil(days);
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
