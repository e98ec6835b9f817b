//! Values that many orders share, each kept once.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::Hash;

/// Gives equal values one number, from 0 in the order in which they come.
pub(super) struct Interner<T> {
    numbers: HashMap<T, u32>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Interner { numbers: HashMap::new() }
    }
}

impl<T: Eq + Hash> Interner<T> {
    /// The number of a value. There are fewer than 2³² of them: an order has a few, and a batch fewer orders than that.
    pub(super) fn number(&mut self, value: T) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(value).or_insert(next)
    }

    /// The values in an order of their own, and for each number the place of its value there.
    pub(super) fn ranked(self, by: impl Fn(&T, &T) -> Ordering) -> Ranked<T> {
        let mut pairs: Vec<(T, u32)> = self.numbers.into_iter().collect();
        // Values differ, and so do their numbers, which decide where `by` does not.
        pairs.sort_unstable_by(|one, other| by(&one.0, &other.0).then(one.1.cmp(&other.1)));
        let mut places = vec![0; pairs.len()];
        for (place, (_, number)) in (0..).zip(&pairs) {
            places[*number as usize] = place;
        }
        Ranked { values: pairs.into_iter().map(|(value, _)| value).collect(), places }
    }
}

/// The values of an [`Interner`], in order.
pub(super) struct Ranked<T> {
    /// In order.
    pub(super) values: Vec<T>,
    /// By the number that each value had.
    places: Vec<u32>,
}

impl<T> Ranked<T> {
    /// The place among the values of the one that had this number.
    pub(super) fn place(&self, number: u32) -> u32 {
        self.places[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_number_and_a_place_in_order() {
        let mut interner = Interner::default();
        let numbers = ["b", "a", "b", "c", "a"].map(|value| interner.number(value));
        assert_eq!(numbers, [0, 1, 0, 2, 1]);
        let ranked = interner.ranked(|one, other| one.cmp(other));
        assert_eq!(ranked.values, ["a", "b", "c"]);
        assert_eq!(
            numbers.map(|number| ranked.values[ranked.place(number) as usize]),
            ["b", "a", "b", "c", "a"]
        );
    }
}
