//! In which order labels are printed.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::collect::{Entry, Work};

/// What labels are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SortKey {
    /// Goods: orders of one kind of goods first, by SKU and then by how many pieces, so that equal parcels follow each
    /// other; then orders of several kinds by the list of their SKUs; then orders that name no goods.
    Goods,
    /// Where the parcel is sacked (集包地): code, then name, then the short destination mark (大头笔). The address is
    /// sealed, so this is the carrier's word for the region and not the region itself. Orders without one come last.
    Region,
    /// Routing code (三段码). Orders without one come last.
    Route,
    /// Carrier code.
    Carrier,
    /// The order of the input. What is named after it has no effect.
    Original,
}

impl SortKey {
    /// Every key.
    pub const ALL: &'static [SortKey] =
        &[SortKey::Goods, SortKey::Region, SortKey::Route, SortKey::Carrier, SortKey::Original];

    /// Its word on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            SortKey::Goods => "goods",
            SortKey::Region => "region",
            SortKey::Route => "route",
            SortKey::Carrier => "carrier",
            SortKey::Original => "original",
        }
    }
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no [`SortKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("labels can be sorted by goods, region, route, carrier and original")]
pub struct UnknownSortKey;

impl FromStr for SortKey {
    type Err = UnknownSortKey;

    fn from_str(word: &str) -> Result<Self, UnknownSortKey> {
        SortKey::ALL.iter().copied().find(|key| key.as_str() == word).ok_or(UnknownSortKey)
    }
}

/// In which order labels are printed. The default is the order of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// What is sorted by, the most important first. What is equal in all of them stays in the order of the input.
    pub sort: Vec<SortKey>,
    /// Orders of one kind of goods come before all others, grouped by SKU, and are sorted within.
    pub single_first: bool,
    /// From the last to the first: of a stack that falls face up what is sorted first is then on top, with the highest
    /// number.
    pub reverse: bool,
}

impl Work {
    /// The orders to print, counted from 0 as in the input, in the order in which they are printed: each that can be read
    /// once, without the [repeats](Work::repeats). The number of a label is its place here, from 1.
    ///
    /// Texts are compared by [`natural`](super::natural()).
    #[must_use]
    pub fn sequence(&self, arrangement: &Arrangement) -> Vec<u32> {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        // Stable, and they stand in the order of the input.
        entries.sort_by(|one, other| {
            let first = if arrangement.single_first { self.single(one, other) } else { Ordering::Equal };
            arrangement.sort.iter().fold(first, |order, &key| order.then_with(|| self.by(key, one, other)))
        });
        let indices = entries.iter().map(|entry| entry.index);
        if arrangement.reverse { indices.rev().collect() } else { indices.collect() }
    }

    fn by(&self, key: SortKey, one: &Entry, other: &Entry) -> Ordering {
        match key {
            SortKey::Goods => self.goods(one, other),
            SortKey::Region => one.region.cmp(&other.region),
            SortKey::Route => one.route.cmp(&other.route),
            SortKey::Carrier => one.carrier.cmp(&other.carrier),
            SortKey::Original => one.index.cmp(&other.index),
        }
    }

    fn goods(&self, one: &Entry, other: &Entry) -> Ordering {
        let [pieces, other_pieces] =
            [one, other].map(|entry| self.lines_of(entry).iter().map(|line| line.pieces));
        (class(one).cmp(&class(other)))
            .then_with(|| self.kinds(one, other))
            .then_with(|| pieces.cmp(other_pieces))
    }

    fn kinds(&self, one: &Entry, other: &Entry) -> Ordering {
        let [kinds, other_kinds] =
            [one, other].map(|entry| self.lines_of(entry).iter().map(|line| line.goods));
        kinds.cmp(other_kinds)
    }

    /// Orders of one kind of goods before the others, which are all equal here.
    fn single(&self, one: &Entry, other: &Entry) -> Ordering {
        match (class(one), class(other)) {
            (Class::Single, Class::Single) => self.kinds(one, other),
            (one, other) => (one != Class::Single).cmp(&(other != Class::Single)),
        }
    }
}

/// How many kinds of goods are in a parcel, as far as it matters to who packs it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Single,
    Several,
    Unknown,
}

fn class(entry: &Entry) -> Class {
    match entry.kinds {
        0 => Class::Unknown,
        1 => Class::Single,
        _ => Class::Several,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{NOW, Sample, any_arrangement, any_input, read, sample};
    use super::*;

    fn work(samples: &[Sample]) -> Work {
        Work::from_headers(samples.iter().map(|sample| Ok(sample.header())), NOW)
    }

    fn by(keys: &[SortKey]) -> Arrangement {
        Arrangement { sort: keys.to_vec(), ..Arrangement::default() }
    }

    #[test]
    fn goods_come_together_by_their_numbers() {
        let samples = [
            sample(0, &[], "", ""),
            sample(1, &[("A-10", 1)], "", ""),
            sample(2, &[("A-2", 1), ("A-10", 1)], "", ""),
            sample(3, &[("A-2", 3)], "", ""),
            sample(4, &[("A-2", 1)], "", ""),
            sample(5, &[("A-10", 1), ("A-1", 1)], "", ""),
            // One kind of goods on two lines.
            sample(6, &[("A-2", 1), ("A-2", 1)], "", ""),
            sample(7, &[("A-10", 1)], "", ""),
        ];
        let work = work(&samples);
        assert_eq!(work.sequence(&by(&[SortKey::Goods])), [4, 6, 3, 1, 7, 5, 2, 0]);
        let reversed = Arrangement { reverse: true, ..by(&[SortKey::Goods]) };
        assert_eq!(work.sequence(&reversed), [0, 2, 5, 7, 1, 3, 6, 4]);
        let single = Arrangement { single_first: true, ..Arrangement::default() };
        assert_eq!(work.sequence(&single), [3, 4, 6, 1, 7, 0, 2, 5]);
    }

    #[test]
    fn keys_follow_each_other() {
        let samples = [
            sample(0, &[], "", "9-1"),
            sample(1, &[], "杭州集", "356-10"),
            sample(2, &[], "上海集", "210-2"),
            sample(3, &[], "杭州集", "356-2"),
            sample(4, &[], "上海集", ""),
        ];
        let work = work(&samples);
        assert_eq!(work.sequence(&by(&[SortKey::Region])), [2, 4, 1, 3, 0]);
        assert_eq!(work.sequence(&by(&[SortKey::Region, SortKey::Route])), [2, 4, 3, 1, 0]);
        assert_eq!(work.sequence(&by(&[SortKey::Route])), [0, 2, 3, 1, 4]);
        assert_eq!(
            work.sequence(&by(&[SortKey::Region, SortKey::Original, SortKey::Route])),
            [2, 4, 1, 3, 0]
        );
    }

    #[test]
    fn every_key_has_a_word() {
        for &key in SortKey::ALL {
            assert_eq!(key.as_str().parse(), Ok(key));
        }
        assert_eq!("sku".parse::<SortKey>(), Err(UnknownSortKey));
    }

    proptest! {
        #[test]
        fn every_order_is_printed_once_or_named(input in any_input(), arrangement in any_arrangement()) {
            let work = read(&input);
            let sequence = work.sequence(&arrangement);
            prop_assert_eq!(sequence.len(), work.labels());
            let mut all = sequence;
            all.extend(work.unreadable().iter().map(|(index, _)| *index));
            all.extend(work.repeats().iter().map(|repeat| repeat.index));
            all.sort_unstable();
            prop_assert_eq!(all, (0..input.len() as u32).collect::<Vec<_>>());
        }

        #[test]
        fn what_is_equal_stays_in_the_order_of_the_input(input in any_input(), keys in any_arrangement()) {
            let arrangement = Arrangement { reverse: false, ..keys };
            let work = read(&input);
            let sequence = work.sequence(&arrangement);
            let with_original = Arrangement {
                sort: arrangement.sort.iter().copied().chain([SortKey::Original]).collect(),
                ..arrangement
            };
            prop_assert_eq!(sequence, work.sequence(&with_original));
        }

        #[test]
        fn reversed_is_the_same_backwards(input in any_input(), arrangement in any_arrangement()) {
            let work = read(&input);
            let mut sequence = work.sequence(&arrangement);
            sequence.reverse();
            let other = Arrangement { reverse: !arrangement.reverse, ..arrangement };
            prop_assert_eq!(sequence, work.sequence(&other));
        }

        #[test]
        fn equal_input_gives_an_equal_plan(input in any_input(), arrangement in any_arrangement()) {
            let [one, other] = [read(&input), read(&input)];
            prop_assert_eq!(one.sequence(&arrangement), other.sequence(&arrangement));
            prop_assert_eq!(one.repeats(), other.repeats());
            prop_assert_eq!(one.counts(), other.counts());
        }

        /// What is sorted by goods holds parcels of one kind of goods together.
        #[test]
        fn equal_goods_are_neighbours(input in any_input()) {
            let work = read(&input);
            let sequence = work.sequence(&by(&[SortKey::Goods]));
            let mut seen: Vec<Vec<u32>> = Vec::new();
            for index in sequence {
                let entry = work.entry(index).unwrap();
                let kinds: Vec<u32> = work.lines_of(entry).iter().map(|line| line.goods).collect();
                if seen.last() != Some(&kinds) {
                    prop_assert!(!seen.contains(&kinds));
                    seen.push(kinds);
                }
            }
        }
    }
}
