//! The clock of the service. A component asks none; in library mode a host says what time it is, and here nobody does.

#![allow(clippy::disallowed_methods, reason = "the service keeps the time for components")]

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970 (UTC); 0 before that.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
