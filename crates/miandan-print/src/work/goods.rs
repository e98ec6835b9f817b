//! Goods as pickers know them: by their number and their name.

use std::cmp::Ordering;

use miandan_core::order::Item;

use super::natural::natural;

/// Goods, without a count: what is one heap on the shelf.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Goods {
    /// Stock keeping unit, empty if the order did not say.
    pub sku: String,
    /// Name, empty if the order did not say.
    pub name: String,
}

impl Goods {
    /// By SKU, then by name, each with its numbers counted ([`natural`]); goods without a SKU come last.
    pub(super) fn order(&self, other: &Goods) -> Ordering {
        (self.sku.is_empty().cmp(&other.sku.is_empty()))
            .then_with(|| natural(&self.sku, &other.sku))
            .then_with(|| natural(&self.name, &other.name))
    }
}

/// A line of goods of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub goods: Goods,
    /// How many pieces, at least one.
    pub pieces: u32,
}

/// The goods of an order: equal ones are one line, where the first of them stood. Who fetches and packs counts by these
/// lines, so an order with one of them is an order of one kind of goods.
#[must_use]
pub fn lines(items: Vec<Item>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(items.len());
    for Item { name, sku, count } in items {
        let goods = Goods { sku, name };
        // Whoever writes a line of goods without a count has put one piece into the parcel.
        let pieces = count.max(1);
        // Most orders have a line or two, and a header has room for some hundreds.
        match lines.iter_mut().find(|line| line.goods == goods) {
            Some(line) => line.pieces = line.pieces.saturating_add(pieces),
            None => lines.push(Line { goods, pieces }),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, sku: &str, count: u32) -> Item {
        Item { name: name.to_owned(), sku: sku.to_owned(), count }
    }

    #[test]
    fn equal_goods_are_one_line() {
        let lines = lines(vec![item("杯", "C-1", 2), item("碗", "B-1", 0), item("杯", "C-1", 3)]);
        let seen: Vec<_> = lines.iter().map(|line| (line.goods.sku.as_str(), line.pieces)).collect();
        assert_eq!(seen, [("C-1", 5), ("B-1", 1)]);
    }

    #[test]
    fn goods_stand_by_number_and_those_without_one_last() {
        let goods = |sku: &str, name: &str| Goods { sku: sku.to_owned(), name: name.to_owned() };
        let sorted = [goods("C-2", "b"), goods("C-10", "a"), goods("C-10", "b"), goods("", "杯")];
        for (place, one) in sorted.iter().enumerate() {
            for (other_place, other) in sorted.iter().enumerate() {
                assert_eq!(one.order(other), place.cmp(&other_place));
            }
        }
    }
}
