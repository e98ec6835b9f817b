//! Data of any shape for a template of one's own.

use std::ops::Range;

use miandan_core::free::{FreeData, MaskedValue, ShortNumber};
use miandan_core::waybill::Masked;

use super::ClearError;
use super::identifier::is_identifier;
use super::json::{self, Json, Object};
use crate::{Outcome, free_text};

/// A name with so many digits may hold a phone.
const DIGITS: usize = 7;

/// Reads data of any shape and masks it: every text as [`free_text()`], with the exceptions below, and every number that is as
/// long as a phone. Persons at the top are dropped ([`PERSONS`](miandan_core::free::PERSONS)).
///
/// A text that is as a whole the number of a thing stays: an order, a waybill, an article, which areas show as barcodes. It has
/// nine digits or more and is no phone and no identity number. A text of one or two digits is a quantity and stays. Free text takes a number that stands alone for a room, so larger
/// quantities should come as numbers, not as texts.
///
/// ```
/// let data = miandan_mask::clear::free_data(br#"{"memo":"call 120-0000-1234","pieces":"3"}"#)?;
/// let miandan_core::free::MaskedValue::Object(members) = data.root() else { panic!() };
/// let texts = members.iter().map(|(_, value)| match value {
///     miandan_core::free::MaskedValue::Text(text) => text.as_str(),
///     _ => "",
/// });
/// assert_eq!(texts.collect::<Vec<_>>(), ["call ***-****-****", "3"]);
/// # Ok::<(), miandan_mask::clear::ClearError>(())
/// ```
///
/// # Errors
/// [`ClearError`].
pub fn free_data(json: &[u8]) -> Result<FreeData, ClearError> {
    json::read(json).map(|root| FreeData::new(masked(root)))
}

fn masked(value: Json<'_>) -> MaskedValue {
    match value {
        Json::Null => MaskedValue::Null,
        Json::Boolean(value) => MaskedValue::Boolean(value),
        Json::Number(number) => match number.as_f64().and_then(ShortNumber::new) {
            Some(number) => MaskedValue::Number(number),
            None => MaskedValue::Text(shown(&number.to_string())),
        },
        Json::Text(text) => MaskedValue::Text(shown(&text)),
        Json::List(elements) => MaskedValue::List(elements.into_iter().map(masked).collect()),
        Json::Object(Object(members)) => MaskedValue::Object(
            members.into_iter().map(|(name, value)| (named(&name), masked(value))).collect(),
        ),
    }
}

fn shown(text: &str) -> Masked {
    let is_quantity = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_quantity || is_identifier(text) {
        return Masked::new(text.to_owned());
    }
    let whole = free_text(text);
    if text.contains('\n') { in_lines(text, &whole).unwrap_or(whole.text) } else { whole.text }
}

/// The text line by line, if that hides at least what is hidden of it as a whole: a phone that goes over the end of a line is
/// one all the same. As a whole it loses its lines.
fn in_lines(text: &str, whole: &Outcome) -> Option<Masked> {
    let mut hidden: Vec<Range<usize>> = Vec::new();
    let mut shown = String::with_capacity(text.len());
    let mut start = 0;
    for line in text.split('\n') {
        let masked = free_text(line);
        hidden.extend(masked.hidden.iter().map(|range| start + range.start..start + range.end));
        if start > 0 {
            shown.push('\n');
        }
        shown.push_str(masked.text.as_str().trim_end());
        start += line.len() + 1;
    }
    let is_hidden = |range: &Range<usize>| {
        let before = hidden.partition_point(|hidden| hidden.end < range.end);
        hidden.get(before).is_some_and(|hidden| hidden.start <= range.start)
    };
    whole.hidden.iter().all(is_hidden).then(|| Masked::new(shown))
}

/// The name of a member. One such as code gives (`unit2`, `SVC_COD`) is no text that a person wrote.
fn named(name: &str) -> Masked {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    if is_plain && digits < DIGITS { Masked::new(name.to_owned()) } else { shown(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The data as one text, for looking at.
    fn told(value: &MaskedValue) -> String {
        match value {
            MaskedValue::Null => "null".to_owned(),
            MaskedValue::Boolean(value) => value.to_string(),
            MaskedValue::Number(number) => number.get().to_string(),
            MaskedValue::Text(text) => format!("'{}'", text.as_str()),
            MaskedValue::List(elements) => {
                format!("[{}]", elements.iter().map(told).collect::<Vec<_>>().join(","))
            }
            MaskedValue::Object(members) => {
                let member =
                    |(name, value): &(Masked, MaskedValue)| format!("{}:{}", name.as_str(), told(value));
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
            }
        }
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(free_data(json.as_bytes()).map(|data| told(data.root())).as_deref(), Ok(expected));
    }

    #[test]
    fn texts_are_free_text_and_quantities_stay() {
        check(r#"["打17000004771","12","501","第1/3箱",""]"#, "['打***********','12','***','第1/3箱','']");
        check(r#"{"a":[true,null,-1.5,128,9999999999]}"#, "{a:[true,null,-1.5,128,9999999999]}");
    }

    #[test]
    fn lines_stay_unless_a_number_goes_over_their_end() {
        check(r#"["杯×2\r\n刷×1\n打17000004771\n"]"#, "['杯×2\n刷×1\n打***********\n']");
        check(r#"["打170\n00004771"]"#, "['打*** ********']");
        check(r#"["3号楼\n2单元\n501"]"#, "['3号楼\n*单元\n***']");
        check(r#"["\n\n12\n"]"#, "['\n\n**\n']");
    }

    #[test]
    fn a_number_as_long_as_a_phone_is_masked() {
        check(
            "[17000004771,-17000004771,8617000004771,17000004771.5,1e10]",
            "['***********','-***********','*************','***********.*','***********.*']",
        );
    }

    #[test]
    fn numbers_of_things_stay_where_they_stand_alone() {
        check(
            r#"["4123456789012345678",4123456789012345678,"订单4123456789012345678","YT7000000000012"]"#,
            "['4123456789012345678','4123456789012345678','订单*******************','YT7000000000012']",
        );
    }

    #[test]
    fn names_of_members_are_masked_as_well() {
        check(
            r#"{"unit2":1,"SVC-COD":1,"17000004771":1,"call_17000004771":1,"7":1,"电话17000004771":1}"#,
            "{unit2:1,SVC-COD:1,***********:1,call_***********:1,7:1,电话***********:1}",
        );
    }

    #[test]
    fn persons_at_the_top_are_dropped() {
        check(
            r#"{"recipient":{"name":"欧阳明月"},"sender":1,"buyer":[],"a":{"sender":2}}"#,
            "{a:{sender:2}}",
        );
    }
}
