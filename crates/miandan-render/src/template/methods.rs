//! Methods of strings and numbers (ECMAScript 5, 15.5.4 and 15.7.4).
//!
//! Positions count UTF-16 units, as in JavaScript; a character outside the first plane is never cut in two: it
//! belongs to where its first unit stands.

use super::Problem;
use super::expression::Method;
use super::value::{Value, in_radix, number_to_text, to_fixed};

/// A method of a string.
pub(crate) fn of_text<'a>(method: Method, text: &str, arguments: &[Value<'a>]) -> Result<Value<'a>, Problem> {
    let number = |index: usize| arguments.get(index).filter(|value| !is_undefined(value)).map(to_integer);
    let length = || units(text) as f64;
    Ok(match method {
        Method::CharAt => {
            let at = number(0).unwrap_or(0.0);
            if at < 0.0 { Value::text("") } else { Value::text(cut(text, at, at + 1.0)) }
        }
        Method::Substring => {
            let end = number(1).unwrap_or(f64::INFINITY).max(0.0);
            let start = number(0).unwrap_or(0.0).max(0.0);
            Value::text(cut(text, start.min(end), start.max(end)))
        }
        Method::Substr => {
            let start = number(0).unwrap_or(0.0);
            let start = if start < 0.0 { (length() + start).max(0.0) } else { start };
            Value::text(cut(text, start, start + number(1).unwrap_or(f64::INFINITY).max(0.0)))
        }
        Method::Slice => {
            let from_end = |at: f64| if at < 0.0 { (length() + at).max(0.0) } else { at };
            let start = from_end(number(0).unwrap_or(0.0));
            Value::text(cut(text, start, from_end(number(1).unwrap_or(f64::INFINITY))))
        }
        Method::IndexOf => {
            let needle = argument(arguments, 0)?;
            let from = byte_at(text, number(1).unwrap_or(0.0).max(0.0));
            let found = text[from..].find(&*needle).map(|at| units(&text[..from + at]) as f64);
            Value::Number(found.unwrap_or(-1.0))
        }
        Method::LastIndexOf => {
            // Units, not bytes: the place is counted up to it.
            let found = text.rfind(&*argument(arguments, 0)?).map(|at| units(&text[..at]) as f64);
            Value::Number(found.unwrap_or(-1.0))
        }
        Method::CharCodeAt => {
            let at = number(0).unwrap_or(0.0);
            let unit = if at < 0.0 { None } else { text.encode_utf16().nth(at as usize) };
            Value::Number(unit.map_or(f64::NAN, f64::from))
        }
        Method::Concat => {
            let mut joined = text.to_owned();
            for argument in arguments {
                joined.push_str(&argument.to_text()?);
                if joined.len() > super::limits::STRING {
                    return Err(Problem::TextLimit);
                }
            }
            Value::text(joined)
        }
        Method::Replace => {
            let (needle, replacement) = (argument(arguments, 0)?, argument(arguments, 1)?);
            Value::text(replace(text, &needle, &replacement)?)
        }
        Method::ToLowerCase => Value::text(text.to_lowercase()),
        Method::ToUpperCase => Value::text(text.to_uppercase()),
        Method::ToText | Method::Value if arguments.is_empty() => Value::text(text),
        Method::Trim => Value::text(text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}')),
        _ => return Err(Problem::WrongType),
    })
}

/// The parts of a text between separators (15.5.4.14).
pub(super) fn split<'a>(text: &str, arguments: &[Value<'a>]) -> Result<Vec<Value<'a>>, Problem> {
    let separator = argument(arguments, 0)?;
    let most = super::limits::ARRAY + 1;
    Ok(if separator.is_empty() {
        text.chars().take(most).map(|c| Value::text(c.to_string())).collect()
    } else {
        text.split(&*separator).take(most).map(Value::text).collect()
    })
}

/// Replaces the first occurrence of a text. In the replacement `$$`, `$&`, `` $` `` and `$'` stand for a dollar sign,
/// what was found, what is before it and what is behind it (15.5.4.11).
fn replace(text: &str, needle: &str, replacement: &str) -> Result<String, Problem> {
    let Some(at) = text.find(needle) else { return Ok(text.to_owned()) };
    let (before, behind) = (&text[..at], &text[at + needle.len()..]);
    let mut replaced = before.to_owned();
    let mut rest = replacement;
    while let Some(dollar) = rest.find('$') {
        replaced.push_str(&rest[..dollar]);
        let stands_for = match rest.as_bytes().get(dollar + 1) {
            Some(b'$') => Some("$"),
            Some(b'&') => Some(needle),
            Some(b'`') => Some(before),
            Some(b'\'') => Some(behind),
            _ => None,
        };
        replaced.push_str(stands_for.unwrap_or("$"));
        rest = &rest[dollar + 1 + usize::from(stands_for.is_some())..];
        if replaced.len() > super::limits::STRING {
            return Err(Problem::TextLimit);
        }
    }
    replaced.push_str(rest);
    replaced.push_str(behind);
    Ok(replaced)
}

/// A method of a number.
pub(crate) fn of_number<'a>(
    method: Method,
    number: f64,
    arguments: &[Value<'a>],
) -> Result<Value<'a>, Problem> {
    match method {
        Method::ToFixed => {
            let digits = arguments.first().map_or(0.0, to_integer);
            if !(0.0..=20.0).contains(&digits) {
                return Err(Problem::WrongType);
            }
            Ok(Value::text(to_fixed(number, digits as usize)))
        }
        Method::Value => Ok(Value::Number(number)),
        Method::ToText => match arguments.first().filter(|value| !is_undefined(value)).map(to_integer) {
            None | Some(10.0) => Ok(Value::text(number_to_text(number))),
            Some(radix) if (2.0..=36.0).contains(&radix) => {
                in_radix(number, radix as u32).map(Value::text).ok_or(Problem::WrongType)
            }
            Some(_) => Err(Problem::WrongType),
        },
        _ => Err(Problem::WrongType),
    }
}

/// The length of a string in UTF-16 units.
pub(crate) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The character at a position; nothing past the end.
pub(crate) fn character(text: &str, at: f64) -> Option<&str> {
    let found = cut(text, at, at + 1.0);
    (!found.is_empty()).then_some(found)
}

/// The characters whose first unit stands from `start` to before `end`.
fn cut(text: &str, start: f64, end: f64) -> &str {
    let (start, end) = (byte_at(text, start), byte_at(text, end));
    text.get(start..end).unwrap_or("")
}

/// The first byte of the first character at or after a position in units.
fn byte_at(text: &str, position: f64) -> usize {
    let mut at = 0.0;
    for (byte, c) in text.char_indices() {
        if at >= position {
            return byte;
        }
        at += c.len_utf16() as f64;
    }
    text.len()
}

/// 9.4: towards zero, and 0 for what is no number.
fn to_integer(value: &Value) -> f64 {
    let number = value.to_number();
    if number.is_nan() { 0.0 } else { number.trunc() }
}

fn is_undefined(value: &Value) -> bool {
    matches!(value, Value::Undefined)
}

fn argument<'v>(arguments: &'v [Value], index: usize) -> Result<std::borrow::Cow<'v, str>, Problem> {
    arguments.get(index).ok_or(Problem::WrongType)?.to_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings() {
        use Method as M;
        let n = Value::Number;
        let s = Value::Borrowed;
        for (method, text, arguments, expected) in [
            (M::CharAt, "面单", vec![n(1.0)], "单"),
            (M::CharAt, "面单", vec![n(-1.0)], ""),
            (M::Substring, "abcdef", vec![n(4.0), n(1.0)], "bcd"),
            (M::Substring, "abcdef", vec![n(-3.0), n(2.0)], "ab"),
            (M::Substring, "abcdef", vec![n(2.0)], "cdef"),
            (M::Substr, "abcdef", vec![n(-3.0), n(2.0)], "de"),
            (M::Substr, "abcdef", vec![n(1.0), n(-2.0)], ""),
            (M::Slice, "abcdef", vec![n(-3.0), n(-1.0)], "de"),
            (M::Slice, "abcdef", vec![], "abcdef"),
            (M::Slice, "abcdef", vec![n(4.0), n(1.0)], ""),
            (M::Slice, "a𠮷b", vec![n(0.0), n(2.0)], "a𠮷"),
            (M::Slice, "a𠮷b", vec![n(2.0)], "b"),
            (M::IndexOf, "面单面单", vec![s("单")], "1"),
            (M::IndexOf, "面单面单", vec![s("单"), n(2.0)], "3"),
            (M::IndexOf, "面单", vec![s("x")], "-1"),
            (M::IndexOf, "𠮷x", vec![s("x")], "2"),
            (M::Replace, "a-b-c", vec![s("-"), s("[$&$$$1$`$']")], "a[-$$1ab-c]b-c"),
            (M::ToUpperCase, "yt-ß", vec![], "YT-SS"),
            (M::ToLowerCase, "YT", vec![], "yt"),
            (M::Trim, " \u{3000}a\u{FEFF}\n", vec![], "a"),
        ] {
            let found = of_text(method, text, &arguments).unwrap();
            assert_eq!(found.to_text().unwrap(), expected, "{method:?} {text} {arguments:?}");
        }
        assert_eq!(of_text(M::ToFixed, "1", &[]).unwrap_err(), Problem::WrongType);
        assert_eq!(of_number(M::ToFixed, 1.0, &[n(21.0)]).unwrap_err(), Problem::WrongType);
        assert_eq!(of_number(M::Trim, 1.0, &[]).unwrap_err(), Problem::WrongType);
    }
}
