//! Values of the language and their conversions (ECMAScript 5, clauses 9 and 11).
//!
//! One value is not JavaScript: what an order does not have is [`Value::Absent`]. It is equal to `undefined`, to
//! `null` and to `''`, is false, and prints as nothing, alone or within a string; so a template never prints the
//! word *undefined* where a town is missing.

use std::borrow::Cow;
use std::rc::Rc;

use super::Problem;

/// A value while a label is evaluated. Text borrows from the template or the waybill where it can.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Undefined,
    Null,
    Absent,
    Boolean(bool),
    Number(f64),
    Borrowed(&'a str),
    Owned(Rc<str>),
    /// A list that code made: its index in the heap.
    List(u32),
    /// An object that code made: its index in the heap.
    Object(u32),
    /// The time of printing, as the object of that number; all have the same time.
    Date(u32),
    /// The list of goods.
    Items,
    /// One of the goods, by its index.
    Item(usize),
}

impl<'a> Value<'a> {
    /// Text of an order, which may not have it.
    pub(crate) fn of_order(text: &'a str) -> Self {
        if text.is_empty() { Value::Absent } else { Value::Borrowed(text) }
    }

    pub(crate) fn text(text: impl Into<Rc<str>>) -> Self {
        Value::Owned(text.into())
    }

    /// The text of a string; nothing else is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Borrowed(text) => Some(text),
            Value::Owned(text) => Some(text),
            Value::Absent => Some(""),
            _ => None,
        }
    }

    /// Whether code made it in the heap.
    pub(crate) fn is_made(&self) -> bool {
        matches!(self, Value::List(_) | Value::Object(_) | Value::Date(_))
    }

    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Value::Undefined | Value::Null | Value::Absent)
    }

    pub(crate) fn is_true(&self) -> bool {
        match self {
            Value::Undefined | Value::Null | Value::Absent => false,
            Value::Boolean(value) => *value,
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Borrowed(text) => !text.is_empty(),
            Value::Owned(text) => !text.is_empty(),
            Value::List(_) | Value::Object(_) | Value::Date(_) | Value::Items | Value::Item(_) => true,
        }
    }

    pub(crate) fn to_number(&self) -> f64 {
        match self {
            Value::Undefined | Value::Absent | Value::Items | Value::Item(_) => f64::NAN,
            // Made primitive before.
            Value::List(_) | Value::Object(_) | Value::Date(_) => f64::NAN,
            Value::Null => 0.0,
            Value::Boolean(value) => f64::from(u8::from(*value)),
            Value::Number(number) => *number,
            Value::Borrowed(text) => text_to_number(text),
            Value::Owned(text) => text_to_number(text),
        }
    }

    /// `typeof`
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Value::Undefined | Value::Absent => "undefined",
            Value::Null
            | Value::List(_)
            | Value::Object(_)
            | Value::Date(_)
            | Value::Items
            | Value::Item(_) => "object",
            Value::Boolean(_) => "boolean",
            Value::Number(_) => "number",
            Value::Borrowed(_) | Value::Owned(_) => "string",
        }
    }

    /// The value as a string.
    pub(crate) fn to_text(&self) -> Result<Cow<'_, str>, Problem> {
        Ok(match self {
            Value::Undefined => "undefined".into(),
            Value::Null => "null".into(),
            Value::Absent => "".into(),
            Value::Boolean(true) => "true".into(),
            Value::Boolean(false) => "false".into(),
            Value::Number(number) => number_to_text(*number).into(),
            Value::Borrowed(text) => Cow::Borrowed(text),
            Value::Owned(text) => Cow::Borrowed(text),
            // The first three are made primitive before, where they can be.
            Value::List(_) | Value::Object(_) | Value::Date(_) | Value::Items | Value::Item(_) => {
                return Err(Problem::WrongType);
            }
        })
    }

    /// `==`
    pub(crate) fn equals(&self, other: &Value) -> bool {
        use Value as V;
        match (self, other) {
            (V::Absent, V::Absent | V::Undefined | V::Null) | (V::Undefined | V::Null, V::Absent) => true,
            (V::Undefined | V::Null, V::Undefined | V::Null) => true,
            (V::Undefined | V::Null, _) | (_, V::Undefined | V::Null) => false,
            (V::Absent, other) | (other, V::Absent) => other.as_text().is_some_and(str::is_empty),
            (V::Number(_) | V::Boolean(_), V::Items | V::Item(_)) => false,
            (V::Number(_) | V::Boolean(_), _) | (_, V::Number(_) | V::Boolean(_)) => {
                self.to_number() == other.to_number()
            }
            _ => self.is_same(other),
        }
    }

    /// `===`
    pub(crate) fn is_same(&self, other: &Value) -> bool {
        use Value as V;
        match (self, other) {
            (V::Absent, V::Undefined | V::Null) | (V::Undefined | V::Null, V::Absent) => true,
            (V::Undefined, V::Undefined) | (V::Null, V::Null) => true,
            (V::Boolean(left), V::Boolean(right)) => left == right,
            (V::Number(left), V::Number(right)) => left == right,
            (V::List(left), V::List(right)) => left == right,
            (V::Object(left), V::Object(right)) => left == right,
            (V::Date(left), V::Date(right)) => left == right,
            (V::Items, V::Items) => true,
            (V::Item(left), V::Item(right)) => left == right,
            _ => match (self.as_text(), other.as_text()) {
                (Some(left), Some(right)) => left == right,
                _ => false,
            },
        }
    }
}

/// 9.3.1: white space around is ignored, nothing is 0, and what is no number is NaN.
fn text_to_number(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return hexadecimal(digits).unwrap_or(f64::NAN);
    }
    match text.strip_prefix(['+', '-']).unwrap_or(text) {
        "Infinity" if text.starts_with('-') => f64::NEG_INFINITY,
        "Infinity" => f64::INFINITY,
        // Rust would also read `inf` and `nan`.
        plain if plain.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

fn hexadecimal(digits: &str) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0.0, |value, c| Some(value * 16.0 + f64::from(c.to_digit(16)?)))
}

/// `parseFloat` (15.1.2.3): the number at the beginning of the text.
pub(crate) fn parse_float(text: &str) -> f64 {
    let text = text.trim_start();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.starts_with("Infinity") {
        return if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let digits = |from: usize| {
        let rest = unsigned.get(from..).unwrap_or("");
        from + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    };
    let whole = digits(0);
    let mut end = whole;
    if unsigned[whole..].starts_with('.') {
        let fraction = digits(whole + 1);
        end = if whole == 0 && fraction == 1 { 0 } else { fraction };
    }
    if end == 0 {
        return f64::NAN;
    }
    if unsigned[end..].starts_with(['e', 'E']) {
        let sign = usize::from(unsigned[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        end = if exponent > end + 1 + sign { exponent } else { end };
    }
    text[..text.len() - unsigned.len() + end].parse().unwrap_or(f64::NAN)
}

/// The digits of a whole number in a radix (15.7.4.2); `None` where other engines need more than whole numbers.
pub(crate) fn in_radix(number: f64, radix: u32) -> Option<String> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || number.abs() > EXACT || !(2..=36).contains(&radix) {
        return None;
    }
    let mut rest = number.abs() as u64;
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((rest % u64::from(radix)) as u32, radix)?);
        rest /= u64::from(radix);
        if rest == 0 {
            break;
        }
    }
    if number < 0.0 {
        digits.push('-');
    }
    Some(digits.into_iter().rev().collect())
}

/// `parseInt` (15.1.2.2): the integer at the beginning of the text.
pub(crate) fn parse_int(text: &str, radix: Option<f64>) -> f64 {
    let text = text.trim_start();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut radix = radix.map_or(0, |radix| if radix.is_finite() { radix as i64 } else { 0 });
    let mut text = text;
    if let Some(rest) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
        && matches!(radix, 0 | 16)
    {
        radix = 16;
        text = rest;
    }
    let radix = match radix {
        0 => 10,
        2..=36 => radix as u32,
        _ => return f64::NAN,
    };
    let length = text.find(|c: char| !c.is_digit(radix)).unwrap_or(text.len());
    if length == 0 {
        return f64::NAN;
    }
    let digits = text[..length].chars().filter_map(|c| c.to_digit(radix));
    sign * digits.fold(0.0, |value, digit| value * f64::from(radix) + f64::from(digit))
}

/// 9.8.1: the shortest digits that read back as the same number.
pub(crate) fn number_to_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&number.abs()) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

/// `toFixed` (15.7.4.5): halves are rounded up, away from what `format!` does.
pub(crate) fn to_fixed(number: f64, digits: usize) -> String {
    if number.is_nan() || number.abs() >= 1e21 {
        return number_to_text(number);
    }
    // A tie ends with a 5 directly behind the digits kept. 60 digits more than enough tell it from its neighbours.
    let exact = format!("{:.*}", digits + 60, number.abs());
    let cut = exact.len() - 60;
    let is_tie = exact[cut..].starts_with('5') && exact[cut + 1..].bytes().all(|byte| byte == b'0');
    let rounded = if is_tie {
        // Nudged up by less than the distance to any other tie.
        format!("{:.*}", digits, number.abs() + number.abs() * f64::EPSILON)
    } else {
        format!("{:.*}", digits, number.abs())
    };
    // (-0.4).toFixed(0) is "-0" in ECMAScript, but -0 itself prints without the sign.
    if number < 0.0 { format!("-{rounded}") } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_in_javascript() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (123456789.0, "123456789"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(number_to_text(number), text);
        }
    }

    #[test]
    fn to_fixed_as_in_javascript() {
        for (number, digits, text) in [
            (1.005, 2, "1.00"),
            (1.25, 1, "1.3"),
            (2.5, 0, "3"),
            (0.5, 0, "1"),
            (-2.5, 0, "-3"),
            (1.45, 1, "1.4"),
            (10.0, 2, "10.00"),
            (0.0, 2, "0.00"),
            (1e21, 2, "1e+21"),
            (f64::NAN, 2, "NaN"),
            (123.456, 20, "123.45600000000000306954"),
        ] {
            assert_eq!(to_fixed(number, digits), text, "{number} {digits}");
        }
    }

    #[test]
    fn text_becomes_a_number_as_in_javascript() {
        for (text, number) in [
            ("", 0.0),
            (" 12 ", 12.0),
            ("1e3", 1000.0),
            ("-.5", -0.5),
            ("0x1F", 31.0),
            ("Infinity", f64::INFINITY),
            ("inf", f64::NAN),
            ("nan", f64::NAN),
            ("12px", f64::NAN),
            ("0x", f64::NAN),
            ("--1", f64::NAN),
        ] {
            let found = text_to_number(text);
            assert!(found == number || found.is_nan() && number.is_nan(), "{text} {found}");
        }
    }

    #[test]
    fn parse_int_as_in_javascript() {
        for (text, radix, number) in [
            ("12px", None, 12.0),
            ("  -7.9", None, -7.0),
            ("0x1f", None, 31.0),
            ("11", Some(2.0), 3.0),
            ("z", Some(36.0), 35.0),
            ("08", None, 8.0),
            ("px", None, f64::NAN),
            ("1", Some(1.0), f64::NAN),
            ("5", Some(f64::NAN), 5.0),
        ] {
            let found = parse_int(text, radix);
            assert!(found == number || found.is_nan() && number.is_nan(), "{text} {found}");
        }
    }

    #[test]
    fn equality() {
        use Value as V;
        let same = [
            (V::Null, V::Undefined),
            (V::Absent, V::Null),
            (V::Absent, V::Undefined),
            (V::Absent, V::Borrowed("")),
            (V::Number(1.0), V::Borrowed("1")),
            (V::Boolean(true), V::Borrowed("1")),
            (V::Owned("a".into()), V::Borrowed("a")),
            (V::List(1), V::List(1)),
        ];
        for (left, right) in &same {
            assert!(left.equals(right) && right.equals(left), "{left:?} {right:?}");
        }
        let different = [
            (V::Null, V::Number(0.0)),
            (V::Undefined, V::Borrowed("")),
            (V::Absent, V::Number(0.0)),
            (V::Number(f64::NAN), V::Number(f64::NAN)),
            (V::Borrowed("a"), V::Borrowed("b")),
            (V::Items, V::Borrowed("")),
            (V::List(1), V::Object(1)),
        ];
        for (left, right) in &different {
            assert!(!left.equals(right) && !right.equals(left), "{left:?} {right:?}");
        }
        assert!(V::Absent.is_same(&V::Undefined) && V::Absent.is_same(&V::Borrowed("")));
        assert!(!V::Null.is_same(&V::Undefined) && !V::Number(1.0).is_same(&V::Borrowed("1")));
    }
}
