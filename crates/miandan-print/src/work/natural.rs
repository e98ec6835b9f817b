//! The order of texts as people count: `SKU2` before `SKU10`.

use std::cmp::Ordering;

/// Compares two texts by code points, but runs of the digits 0 to 9 by the numbers that they write.
///
/// Texts that differ in leading zeros alone are in the order of their code points, so only equal texts are equal. Numbers
/// may be of any length. Chinese text is in the order of its code points: that keeps equal words together, and is not the
/// order of a dictionary.
#[must_use]
pub fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let digits = [leading_digits(left), leading_digits(right)];
        let order = if let [Some(left_run), Some(right_run)] = digits {
            (left, right) = (&left[left_run.len()..], &right[right_run.len()..]);
            number(left_run, right_run)
        } else {
            let (mut left_rest, mut right_rest) = (left.chars(), right.chars());
            match (left_rest.next(), right_rest.next()) {
                (None, None) => return one.cmp(other),
                (left_next, right_next) => {
                    (left, right) = (left_rest.as_str(), right_rest.as_str());
                    left_next.cmp(&right_next)
                }
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// The run of digits that a text begins with, if it does.
fn leading_digits(text: &str) -> Option<&str> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// Two runs of digits as numbers.
fn number(one: &str, other: &str) -> Ordering {
    let [one, other] = [one, other].map(|run| run.trim_start_matches('0'));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_counted() {
        let sorted = [
            "",
            "2",
            "10",
            "99999999999999999999998",
            "99999999999999999999999",
            "A",
            "A-01",
            "A-1",
            "A-1B",
            "A-2",
            "A-10",
            "AA",
            "SKU2",
            "SKU10",
            "SKU10-9",
            "SKU10-10",
            "sku1",
            "杯2",
            "杯10",
            "毛巾",
        ];
        for (place, one) in sorted.iter().enumerate() {
            for (other_place, other) in sorted.iter().enumerate() {
                assert_eq!(natural(one, other), place.cmp(&other_place), "{one} and {other}");
            }
        }
    }

    proptest! {
        #[test]
        fn it_is_an_order(texts in proptest::collection::vec("[0-2a杯]{0,5}", 3)) {
            let [a, b, c] = [&texts[0], &texts[1], &texts[2]];
            prop_assert_eq!(natural(a, b), natural(b, a).reverse());
            prop_assert_eq!(natural(a, b).is_eq(), a == b);
            if natural(a, b).is_le() && natural(b, c).is_le() {
                prop_assert!(natural(a, c).is_le());
            }
        }
    }
}
