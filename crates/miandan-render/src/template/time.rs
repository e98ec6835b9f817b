//! The time of the first print, as templates see it: given by the host with each label, never read from a clock, so
//! that a label that is printed again is the same.

use miandan_core::calendar::civil;

use super::Problem;
use super::evaluate::Machine;
use super::expression::Method;
use super::value::Value;

/// China Standard Time, the time of every station: eight hours before UTC, without summer time since 1991.
const OFFSET: u64 = 8 * 3600;

/// Letters of one format at most.
const FORMAT: usize = 256;

const WEEKDAYS: [&str; 7] = ["日", "一", "二", "三", "四", "五", "六"];

/// A time of the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Local {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
    /// 0 is Sunday.
    weekday: usize,
}

impl Local {
    /// From seconds since 1970 UTC.
    fn of(seconds: u64) -> Self {
        let seconds = seconds.saturating_add(OFFSET);
        let (days, rest) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = civil(days);
        Local {
            year,
            month: month.into(),
            day: day.into(),
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: ((days + 4) % 7) as usize,
        }
    }

    /// `yyyy-MM-dd HH:mm:ss`: a run of one letter is one number, with zeros in front up to the length of the run.
    /// `E` is the day of the week as 二, `EE` as 周二, `EEE` as 星期二. What is no such letter stands for itself.
    fn format(self, format: &str) -> String {
        let mut text = String::new();
        let mut rest = format;
        while let Some(letter) = rest.chars().next() {
            let run = rest.chars().take_while(|&c| c == letter).count();
            let number = match letter {
                'y' if run == 2 => self.year % 100,
                'y' => self.year,
                'M' => self.month,
                'd' => self.day,
                'h' => (self.hour + 11) % 12 + 1,
                'H' => self.hour,
                'm' => self.minute,
                's' => self.second,
                // The time of a print is told in whole seconds.
                'S' => 0,
                'E' => {
                    text.push_str(["", "周", "星期"][run.clamp(1, 3) - 1]);
                    text.push_str(WEEKDAYS[self.weekday % 7]);
                    rest = &rest[run..];
                    continue;
                }
                other => {
                    text.push(other);
                    rest = &rest[other.len_utf8()..];
                    continue;
                }
            };
            text.push_str(&format!("{number:0run$}"));
            rest = &rest[run..];
        }
        text
    }
}

impl<'a> Machine<'a> {
    /// The time of printing in seconds since 1970; a label of which it is not known has none.
    fn seconds(&self) -> Result<u64, Problem> {
        // The calendar has an end in ECMAScript too.
        Some(self.waybill.printed_at)
            .filter(|at| (1..=8_640_000_000_000).contains(at))
            .ok_or(Problem::WrongType)
    }

    pub(super) fn milliseconds(&self) -> Result<f64, Problem> {
        Ok(self.seconds()? as f64 * 1000.0)
    }

    /// `new Date()`
    pub(super) fn new_date(&mut self) -> Result<Value<'a>, Problem> {
        self.seconds()?;
        self.dates += 1;
        Ok(Value::Date(self.dates))
    }

    pub(super) fn date_method(&self, method: Method) -> Result<Value<'a>, Problem> {
        let local = Local::of(self.seconds()?);
        Ok(Value::Number(match method {
            Method::FullYear => local.year as f64,
            Method::Month => local.month as f64 - 1.0,
            Method::Date => local.day as f64,
            Method::Day => local.weekday as f64,
            Method::Hours => local.hour as f64,
            Method::Minutes => local.minute as f64,
            Method::Seconds => local.second as f64,
            Method::Milliseconds => 0.0,
            Method::Time | Method::Value => self.milliseconds()?,
            _ => return Err(Problem::WrongType),
        }))
    }

    /// `_context.formatStartTime(format)`
    pub(super) fn format_time(&mut self, format: &str) -> Result<Value<'a>, Problem> {
        if format.len() > FORMAT {
            return Err(Problem::TextLimit);
        }
        let text = Local::of(self.seconds()?).format(format);
        self.made(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        // As `TZ=Asia/Shanghai date -d @…` says.
        for (seconds, expected) in [
            (0, "1970-01-01 08:00:00 四"),
            (57_599, "1970-01-01 23:59:59 四"),
            (57_600, "1970-01-02 00:00:00 五"),
            (951_753_600, "2000-02-29 00:00:00 二"),
            (1_794_355_200, "2026-11-11 08:00:00 三"),
            (4_107_513_600, "2100-03-01 00:00:00 一"),
        ] {
            assert_eq!(Local::of(seconds).format("yyyy-MM-dd HH:mm:ss E"), expected);
        }
    }

    #[test]
    fn letters_of_the_dialect() {
        let time = Local::of(1_794_355_200 + 13 * 3600 + 5 * 60 + 9);
        for (format, expected) in [
            ("yy/M/d", "26/11/11"),
            ("hh:mm H h", "09:05 21 9"),
            ("E EE EEE", "三 周三 星期三"),
            ("s ss S SSS", "9 09 0 000"),
            ("yyyy年M月d日", "2026年11月11日"),
            ("", ""),
        ] {
            assert_eq!(time.format(format), expected, "{format}");
        }
        assert_eq!(Local::of(1_794_355_200 - 8 * 3600).format("h H"), "12 0");
    }
}
