//! Lengths of time as they are typed: `30d`, `12h`, `90m`, `3600s`.

const DAY: u64 = 86_400;

/// How long an authorisation holds, in seconds: 30 days at most.
pub fn authorisation(text: &str) -> Result<u64, String> {
    let total = seconds(text)?;
    if (1..=30 * DAY).contains(&total) { Ok(total) } else { Err("expected one second to 30 days".to_owned()) }
}

/// How long a signed list is meant to hold, in seconds: 31 days at most.
pub fn list(text: &str) -> Result<u64, String> {
    let total = seconds(text)?;
    if (1..=31 * DAY).contains(&total) { Ok(total) } else { Err("expected one second to 31 days".to_owned()) }
}

/// The life of a key and the like, in seconds: ten years at most.
pub fn long(text: &str) -> Result<u64, String> {
    let total = seconds(text)?;
    if (1..=3650 * DAY).contains(&total) {
        Ok(total)
    } else {
        Err("expected one second to 3650 days".to_owned())
    }
}

fn seconds(text: &str) -> Result<u64, String> {
    let wrong = || "expected a number and a unit, such as 30d, 12h, 90m or 3600s".to_owned();
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let length = match unit {
        'd' => DAY,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => return Err(wrong()),
    };
    let count: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    count.checked_mul(length).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(authorisation("30d"), Ok(2_592_000));
        assert_eq!(authorisation("90m"), Ok(5_400));
        for wrong in ["", "d", "31d", "0h", "-1h", "5", "5w", "时", "99999999999999999999d"] {
            assert!(authorisation(wrong).is_err(), "{wrong}");
        }
        assert_eq!(list("31d"), Ok(31 * DAY));
        assert!(list("32d").is_err());
        assert_eq!(long("65d"), Ok(65 * DAY));
        assert!(long("3651d").is_err() && long("0s").is_err());
    }
}
