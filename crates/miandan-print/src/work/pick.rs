//! The pick list (拣货单): what to fetch from the shelves for a batch, and for which labels.

use std::io::Write;

use miandan_core::order::Item;

use super::collect::Work;
use super::csv;
use super::goods::Goods;
use super::heading::{Heading, Numbers};
use super::lists::ListError;
use super::paper::{self, Sheet, Unit, cut};

/// Runs of numbers that paper has room for beside one kind of goods; a CSV has them all.
const RUNS: usize = 40;

const TEMPLATE: &str = include_str!("paper/pick.xml");

/// What to fetch for a batch, by SKU as people count. Goods only: nothing personal is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickList {
    /// One row for each kind of goods.
    pub rows: Vec<PickRow>,
    /// How many pieces there are in all rows.
    pub pieces: u64,
    /// How many labels the batch has.
    pub labels: u32,
    /// Labels whose orders name no goods: somebody has to look at them.
    pub without_goods: Numbers,
}

/// One kind of goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickRow {
    /// Which.
    pub goods: Goods,
    /// How many pieces.
    pub pieces: u64,
    /// For how many labels.
    pub labels: u32,
    /// For which labels, by their places in the sequence from 1.
    pub numbers: Numbers,
}

impl PickList {
    /// The list of a batch that is printed in this sequence ([`Work::sequence`]). Orders that are not to be printed are
    /// passed over, but count as numbers.
    #[must_use]
    pub fn new(work: &Work, sequence: &[u32]) -> PickList {
        let mut rows: Vec<Option<PickRow>> = vec![None; work.goods.len()];
        let mut list = PickList { rows: Vec::new(), pieces: 0, labels: 0, without_goods: Numbers::default() };
        for (number, &index) in (1..).zip(sequence) {
            let Some(entry) = work.entry(index) else { continue };
            list.labels += 1;
            if entry.kinds == 0 {
                list.without_goods.push(number);
            }
            for line in work.lines_of(entry) {
                let row = rows[line.goods as usize].get_or_insert_with(|| PickRow {
                    goods: work.goods[line.goods as usize].clone(),
                    pieces: 0,
                    labels: 0,
                    numbers: Numbers::default(),
                });
                row.pieces += u64::from(line.pieces);
                row.labels += 1;
                row.numbers.push(number);
                list.pieces += u64::from(line.pieces);
            }
        }
        list.rows = rows.into_iter().flatten().collect();
        list
    }

    /// Writes the list as CSV for a spreadsheet: SKU, name, pieces, labels, numbers of labels; the last row has the sums.
    ///
    /// UTF-8 with a byte order mark. Texts that a spreadsheet would take for a formula (`=`, `+`, `-` or `@` first, or a
    /// tab or a line end) have an apostrophe in front.
    ///
    /// # Errors
    /// [`ListError::Write`].
    pub fn write_csv(&self, mut out: impl Write) -> Result<(), ListError> {
        let out = &mut out;
        let mut write = || {
            csv::begin(&["编码", "商品", "件数", "面单数", "面单号"], out)?;
            for PickRow { goods, pieces, labels, numbers } in &self.rows {
                let [pieces, labels] = [*pieces, u64::from(*labels)].map(|number| number.to_string());
                csv::row(&[&goods.sku, &goods.name, &pieces, &labels, &numbers.to_string()], out)?;
            }
            if self.without_goods.runs().is_empty() {
                return csv::row(&["合计", "", &self.pieces.to_string(), &self.labels.to_string(), ""], out);
            }
            let without = format!("未写商品：{}", self.without_goods);
            csv::row(&["合计", "", &self.pieces.to_string(), &self.labels.to_string(), &without], out)
        };
        write().and_then(|()| out.flush()).map_err(ListError::Write)
    }

    /// Writes the list as a PDF of A4 pages with a box to tick beside each kind of goods, and answers how many pages it
    /// has. Long names are cut, and of very many runs of numbers the first are shown.
    ///
    /// # Errors
    /// [`ListError::Write`], [`ListError::Layout`].
    pub fn write_pdf(&self, heading: &Heading, out: impl Write) -> Result<usize, ListError> {
        let summary = format!("{} 种　{} 件　{} 单", self.rows.len(), self.pieces, self.labels);
        paper::write(TEMPLATE, &mut Rows { list: self, next: 0 }, heading, &summary, out)
    }
}

/// The rows and, behind them, the sums.
struct Rows<'l> {
    list: &'l PickList,
    next: usize,
}

impl Sheet for Rows<'_> {
    fn restart(&mut self) {
        self.next = 0;
    }

    fn next(&mut self) -> Result<Option<Unit>, ListError> {
        let place = self.next;
        self.next += 1;
        let list = self.list;
        // Items.count has 32 bits, and so many pieces fit no warehouse.
        let count = |pieces: u64| u32::try_from(pieces).unwrap_or(u32::MAX);
        let items = if let Some(PickRow { goods, pieces, labels, numbers }) = list.rows.get(place) {
            [
                Item { sku: cut(&goods.sku, 60), name: cut(&goods.name, 120), count: count(*pieces) },
                Item { sku: "row".to_owned(), name: numbers.shortened(RUNS), count: *labels },
            ]
        } else if place == list.rows.len() {
            let mut without = String::new();
            if !list.without_goods.runs().is_empty() {
                without = format!("未写商品：{}", list.without_goods.shortened(RUNS));
            }
            [
                Item { sku: String::new(), name: without, count: count(list.pieces) },
                Item { sku: "total".to_owned(), name: String::new(), count: list.labels },
            ]
        } else {
            return Ok(None);
        };
        Ok(Some(Unit { items: items.into(), boxes: 1 }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::Arrangement;
    use super::super::samples::{NOW, Sample, any_arrangement, any_input, read};
    use super::*;

    fn list() -> PickList {
        let samples = [
            Sample::new(0).with(&[("A-10", 2)]),
            Sample::new(1).with(&[("A-9", 1), ("A-10", 1)]),
            Sample::new(2),
            Sample::new(3).with(&[("A-10", 1), ("", 0)]),
        ];
        let work = Work::from_headers(samples.iter().map(|sample| Ok(sample.header())), NOW);
        PickList::new(&work, &work.sequence(&Arrangement::default()))
    }

    #[test]
    fn goods_are_summed_with_the_labels_that_need_them() {
        let list = list();
        let rows: Vec<_> = list
            .rows
            .iter()
            .map(|row| (row.goods.sku.as_str(), row.pieces, row.labels, row.numbers.to_string()))
            .collect();
        assert_eq!(
            rows,
            [
                ("A-9", 1, 1, "002".to_owned()),
                ("A-10", 4, 3, "001~002、004".to_owned()),
                ("", 1, 1, "004".to_owned())
            ]
        );
        assert_eq!((list.pieces, list.labels, list.without_goods.to_string()), (6, 4, "003".to_owned()));
    }

    #[test]
    fn a_spreadsheet_gets_everything() {
        let mut list = list();
        list.rows[0].goods.name = "=HYPERLINK(\"http://x\")".to_owned();
        let mut csv = Vec::new();
        list.write_csv(&mut csv).unwrap();
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            "\u{FEFF}编码,商品,件数,面单数,面单号\r\n\
             A-9,\"'=HYPERLINK(\"\"http://x\"\")\",1,1,002\r\n\
             A-10,商品A-10,4,3,001~002、004\r\n\
             ,商品,1,1,004\r\n\
             合计,,6,4,未写商品：003\r\n"
        );
    }

    proptest! {
        /// Nothing is lost between the orders and the list, however they are arranged.
        #[test]
        fn a_list_has_every_piece_of_every_label(input in any_input(), arrangement in any_arrangement()) {
            let work = read(&input);
            let sequence = work.sequence(&arrangement);
            let list = PickList::new(&work, &sequence);
            let mut found: BTreeMap<(u32, [String; 2]), u64> = BTreeMap::new();
            for (number, &index) in (1..).zip(&sequence) {
                let order = input[index as usize].as_ref().unwrap();
                for (sku, name, count) in &order.goods {
                    *found.entry((number, [sku.clone(), name.clone()])).or_default() += u64::from(*count).max(1);
                }
            }
            prop_assert_eq!(list.pieces, found.values().sum::<u64>());
            prop_assert_eq!(list.labels as usize, sequence.len());
            for row in &list.rows {
                let of_row: Vec<_> = found.iter().filter(|((_, goods), _)| *goods == [&*row.goods.sku, &*row.goods.name]).collect();
                let numbers: Vec<u32> = of_row.iter().map(|((number, _), _)| *number).collect();
                let listed: Vec<u32> = row.numbers.runs().iter().flat_map(|&[from, to]| from..=to).collect();
                prop_assert_eq!(listed, numbers);
                prop_assert_eq!(row.pieces, of_row.iter().map(|(_, pieces)| **pieces).sum::<u64>());
                prop_assert_eq!(row.labels as usize, of_row.len());
            }
            prop_assert!(list.rows.is_sorted_by(|one, other| one.goods.order(&other.goods).is_lt()));
        }
    }

    #[test]
    fn a_list_of_nothing_is_a_page() {
        let work = Work::from_headers([], NOW);
        let list = PickList::new(&work, &[]);
        let heading = Heading { batch: String::new(), printed_at: NOW };
        assert_eq!(list.write_pdf(&heading, Vec::new()).unwrap(), 1);
    }
}
