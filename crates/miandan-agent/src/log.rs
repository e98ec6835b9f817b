//! The log: lines on standard error, of a closed list of words and of values that cannot be personal.
//!
//! What a client sends is text, and text is no [`Value`]: it cannot be logged by mistake. Names that the owner of the station
//! chose (printers, templates) and origins, which are the names of web sites, are wrapped by [`Name`].

use std::fmt::{self, Write as _};
use std::io::Write as _;

use miandan_core::calendar::civil;
use miandan_core::number::RunningNumber;

use crate::clock;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Error,
    Warning,
    Info,
}

impl Level {
    const fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "info",
        }
    }

    /// As systemd reads it (sd-daemon(3)).
    const fn priority(self) -> &'static str {
        match self {
            Level::Error => "<3>",
            Level::Warning => "<4>",
            Level::Info => "<6>",
        }
    }
}

/// What may stand in a line.
pub(crate) enum Value<'v> {
    Number(u64),
    Word(&'static str),
    Running(RunningNumber),
    Name(Name<'v>),
    /// An error of the system or of a library: of files and sockets, never of an order.
    Error(&'v dyn fmt::Display),
}

/// A name that the owner of the station chose, or an origin.
pub(crate) struct Name<'v>(pub(crate) &'v str);

/// Writes a line: what happened, and with what. A line that cannot be written is lost: there is nobody to tell.
pub(crate) fn line(level: Level, what: &'static str, values: &[(&'static str, Value<'_>)]) {
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let text = format_line(level, what, values, (!under_systemd).then(clock::now));
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn format_line(
    level: Level,
    what: &'static str,
    values: &[(&'static str, Value<'_>)],
    now: Option<u64>,
) -> String {
    let mut line = String::with_capacity(96);
    let _ = match now {
        Some(now) => {
            let (year, month, day) = civil(now / 86_400);
            let [hours, minutes, seconds] = [now / 3_600 % 24, now / 60 % 60, now % 60];
            let word = level.word();
            write!(line, "{year}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}Z {word:7} {what}")
        }
        None => write!(line, "{}{what}", level.priority()),
    };
    for (name, value) in values {
        let _ = match value {
            Value::Number(number) => write!(line, " {name}={number}"),
            Value::Word(word) => write!(line, " {name}={word}"),
            Value::Running(number) => write!(line, " {name}={number}"),
            Value::Name(Name(text)) => write!(line, " {name}={text:?}"),
            Value::Error(error) => write!(line, " {name}={:?}", error.to_string()),
        };
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        let error = "no\nroom";
        let values = [
            ("printer", Value::Name(Name("前台\u{1b}[2J\n"))),
            ("label", Value::Running(RunningNumber::new(261_111, 3, 12).unwrap())),
            ("code", Value::Word(miandan_core::Code::Expired.as_str())),
            ("documents", Value::Number(3)),
            ("error", Value::Error(&error)),
        ];
        assert_eq!(
            format_line(Level::Warning, "label.failed", &values, Some(1_794_362_400)),
            "2026-11-11T02:00:00Z warning label.failed printer=\"前台\\u{1b}[2J\\n\" label=261111-003-012 code=EXPIRED \
             documents=3 error=\"no\\nroom\"\n"
        );
        assert_eq!(format_line(Level::Info, "started", &[], None), "<6>started\n");
    }
}
