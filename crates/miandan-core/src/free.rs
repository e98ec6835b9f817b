//! Data in clear of any shape, after masking: the only view of it that a template ever sees.
//!
//! Nothing of it is signed, so no type says what a text is: every text has been masked as free text, and so has every
//! number that is long enough to be a phone. The types hold that: a text is [`Masked`], a number is [`ShortNumber`].

use std::fmt;

use crate::waybill::Masked;

/// Members at the top of the data that a template never sees: persons, whom only orders and waybills have, where each of
/// their fields is masked by its type. Free text keeps names.
pub const PERSONS: [&str; 3] = ["recipient", "sender", "buyer"];

/// Data for a template of the kind [`Free`](crate::pipe::TemplateKind::Free), without its persons.
#[derive(Debug)]
pub struct FreeData(MaskedValue);

impl FreeData {
    /// No data: whatever a template names of it is absent.
    pub const EMPTY: FreeData = FreeData(MaskedValue::Null);

    /// Takes data and drops the persons at its top ([`PERSONS`]).
    #[must_use]
    pub fn new(mut root: MaskedValue) -> Self {
        if let MaskedValue::Object(members) = &mut root {
            members.retain(|(name, _)| !PERSONS.contains(&name.as_str()));
        }
        FreeData(root)
    }

    /// The value at the top.
    #[must_use]
    pub fn root(&self) -> &MaskedValue {
        &self.0
    }
}

/// A value of the data.
#[derive(Debug)]
pub enum MaskedValue {
    /// Nothing.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A number that is too short to be a phone.
    Number(ShortNumber),
    /// A text.
    Text(Masked),
    /// Values in a row.
    List(Vec<MaskedValue>),
    /// Values with names, in the order in which they came. A name is text like any other.
    Object(Vec<(Masked, MaskedValue)>),
}

/// A finite number with at most ten digits before its point. A longer one becomes text and is masked as text.
#[derive(Clone, Copy, PartialEq)]
pub struct ShortNumber(f64);

impl ShortNumber {
    /// The number, unless it is as long as a phone.
    #[must_use]
    pub fn new(number: f64) -> Option<Self> {
        (number.abs() < 1e10).then_some(ShortNumber(number))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Debug for ShortNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[number]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Masked {
        Masked::new(text.to_owned())
    }

    #[test]
    fn what_is_as_long_as_a_phone_is_no_number() {
        for number in [0.0, -9_999_999_999.0, 9_999_999_999.9, 0.300_000_000_000_000_04] {
            assert_eq!(ShortNumber::new(number).map(ShortNumber::get), Some(number));
        }
        for number in [1e10, -12_000_001_234.0, 17_000_004_771.5, f64::NAN, f64::INFINITY] {
            assert_eq!(ShortNumber::new(number), None);
        }
    }

    #[test]
    fn persons_are_dropped_at_the_top_and_nothing_is_shown_by_debug() {
        let person = || (text("recipient"), MaskedValue::Text(text("谭明")));
        let inner = MaskedValue::Object(vec![person()]);
        let data = FreeData::new(MaskedValue::Object(vec![
            person(),
            (text("sender"), MaskedValue::Null),
            (text("buyer"), MaskedValue::Null),
            (text("list"), MaskedValue::List(vec![inner])),
        ]));
        let MaskedValue::Object(members) = data.root() else { panic!("no object") };
        assert_eq!(members.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["list"]);
        let shown = format!("{data:?}");
        assert!(!shown.contains("谭明") && !shown.contains("list\""), "{shown}");
    }
}
