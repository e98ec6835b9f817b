//! The packing list (配货单): what goes into which parcel.

use std::io::Write;

use miandan_core::order::Item;

use super::csv;
use super::goods::{Line, lines};
use super::heading::{Heading, short};
use super::lists::{ListError, clear_header};
use super::paper::{self, Sheet, Unit, cut};
use crate::orders::Orders;

/// Lines of goods that stay together on paper; an order of more is continued.
const TOGETHER: usize = 8;

const TEMPLATE: &str = include_str!("paper/packing.xml");

/// What goes into which parcel of a batch, by the numbers of the labels. Goods only: nothing is opened for it, neither name
/// nor address.
///
/// Orders are read again when the list is written, so it takes no more memory for a long one.
#[derive(Clone, Copy, Debug)]
pub struct PackingList<'o> {
    orders: &'o Orders,
    sequence: &'o [u32],
    /// Whether the list goes from the last label to the first, as a stack does that lies face up.
    pub from_last: bool,
}

/// What goes into one parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackingRow {
    /// The number of the label, from 1.
    pub number: u32,
    /// The order, counted from 0 as in the input.
    pub index: u32,
    /// Carrier code.
    pub carrier: String,
    /// Waybill number.
    pub waybill_no: String,
    /// Order id.
    pub order_id: String,
    /// Which parcel of how many of its order; 0 where the order does not say.
    pub parcel: [u32; 2],
    /// The goods; equal ones are one line.
    pub goods: Vec<Line>,
}

impl<'o> PackingList<'o> {
    /// The list of a batch that is printed in this sequence ([`Work::sequence`](super::Work::sequence)), from the first
    /// label to the last.
    #[must_use]
    pub fn new(orders: &'o Orders, sequence: &'o [u32]) -> Self {
        PackingList { orders, sequence, from_last: false }
    }

    /// The rows as they are listed, read one by one.
    pub fn rows(&self) -> impl Iterator<Item = Result<PackingRow, ListError>> {
        let mut buffer = Vec::new();
        let list = *self;
        (0..self.sequence.len()).map(move |place| list.row(place, &mut buffer))
    }

    fn row(&self, place: usize, buffer: &mut Vec<u8>) -> Result<PackingRow, ListError> {
        let place = if self.from_last { self.sequence.len() - 1 - place } else { place };
        let index = self.sequence[place];
        let header = clear_header(self.orders, index, buffer).map_err(ListError::Read)?;
        let header = header.map_err(|code| ListError::Changed { index, code })?;
        Ok(PackingRow {
            // There are fewer orders than 2³².
            number: place as u32 + 1,
            index,
            carrier: header.carrier,
            waybill_no: header.waybill_no,
            order_id: header.order_id,
            parcel: [header.parcel.index, header.parcel.count],
            goods: lines(header.items),
        })
    }

    /// Writes the list as CSV for a spreadsheet, a row for each line of goods: number of the label, carrier, waybill
    /// number, order id, SKU, name, pieces. An order that names no goods has one row without. The number is the whole
    /// running number (`261111-003-012`) if the batch has one.
    ///
    /// It is written as [`PickList::write_csv`](super::PickList::write_csv) says.
    ///
    /// # Errors
    /// [`ListError::Write`], [`ListError::Read`], [`ListError::Changed`].
    pub fn write_csv(&self, heading: &Heading, mut out: impl Write) -> Result<(), ListError> {
        let out = &mut out;
        let headings = ["面单号", "快递公司", "运单号", "订单号", "编码", "商品", "件数"];
        csv::begin(&headings, out).map_err(ListError::Write)?;
        for row in self.rows() {
            let PackingRow { number, carrier, waybill_no, order_id, goods, .. } = row?;
            let number = if heading.batch.is_empty() {
                short(number)
            } else {
                format!("{}-{}", heading.batch, short(number))
            };
            let mut write = |sku: &str, name: &str, pieces: &str| {
                let cells = [&number, &carrier, &waybill_no, &order_id, sku, name, pieces];
                csv::row(&cells, out).map_err(ListError::Write)
            };
            if goods.is_empty() {
                write("", "", "")?;
            }
            for Line { goods, pieces } in &goods {
                write(&goods.sku, &goods.name, &pieces.to_string())?;
            }
        }
        out.flush().map_err(ListError::Write)
    }

    /// Writes the list as a PDF of A4 pages with a box to tick beside each line of goods, and answers how many pages it
    /// has. Long names are cut.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn write_pdf(&self, heading: &Heading, out: impl Write) -> Result<usize, ListError> {
        let mut parcels = Parcels::new(*self);
        let summary = format!("{} 单", self.sequence.len());
        paper::write(TEMPLATE, &mut parcels, heading, &summary, out)
    }
}

/// The parcels one after the other, long ones in parts, and behind them the sums.
struct Parcels<'o> {
    list: PackingList<'o>,
    buffer: Vec<u8>,
    /// The parcel that is next, or begun.
    place: usize,
    begun: Option<(PackingRow, usize)>,
    pieces: u64,
    ended: bool,
}

impl<'o> Parcels<'o> {
    fn new(list: PackingList<'o>) -> Self {
        Parcels { list, buffer: Vec::new(), place: 0, begun: None, pieces: 0, ended: false }
    }
}

impl Sheet for Parcels<'_> {
    fn restart(&mut self) {
        *self = Parcels::new(self.list);
    }

    fn next(&mut self) -> Result<Option<Unit>, ListError> {
        let (row, from) = match self.begun.take() {
            Some(begun) => begun,
            None if self.place < self.list.sequence.len() => {
                self.place += 1;
                (self.list.row(self.place - 1, &mut self.buffer)?, 0)
            }
            None if self.ended => return Ok(None),
            None => {
                self.ended = true;
                return Ok(Some(sums(self.list.sequence.len(), self.pieces)));
            }
        };
        let to = row.goods.len().min(from + TOGETHER);
        let unit = part(&row, from, to);
        self.pieces += row.goods[from..to].iter().map(|line| u64::from(line.pieces)).sum::<u64>();
        if to < row.goods.len() {
            self.begun = Some((row, to));
        }
        Ok(Some(unit))
    }
}

/// Two items of the parcel and one for each line of goods: `paper/packing.xml` takes them apart.
fn part(row: &PackingRow, from: usize, to: usize) -> Unit {
    let mut note = row.carrier.clone();
    if row.parcel[1] > 1 {
        note.push_str(&format!("　{}/{} 件", row.parcel[0], row.parcel[1]));
    }
    if from > 0 {
        note.push_str("　续");
    }
    let goods = &row.goods[from..to];
    let lines = goods.len().max(1);
    let mut items = vec![
        Item { sku: short(row.number), name: cut(&row.waybill_no, 40), count: lines as u32 },
        Item { sku: "parcel".to_owned(), name: cut(&note, 40), count: 0 },
    ];
    items.extend(goods.iter().map(|Line { goods, pieces }| Item {
        sku: cut(&goods.sku, 40),
        name: cut(&goods.name, 80),
        count: *pieces,
    }));
    if goods.is_empty() {
        items.push(Item { name: "（未写商品）".to_owned(), ..Item::default() });
    }
    Unit { items, boxes: lines }
}

fn sums(labels: usize, pieces: u64) -> Unit {
    let items = vec![
        Item { sku: "合计".to_owned(), name: format!("{labels} 单"), count: 1 },
        Item { sku: "total".to_owned(), ..Item::default() },
        Item { count: u32::try_from(pieces).unwrap_or(u32::MAX), ..Item::default() },
    ];
    Unit { items, boxes: 1 }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{NOW, Sample, sealed};
    use super::*;

    #[test]
    fn parcels_are_listed_by_their_numbers() {
        let orders =
            sealed(&[Sample::new(0).with(&[("A", 1)]), Sample::new(1).with(&[("B", 2), ("A", 1), ("B", 1)])]);
        let mut list = PackingList::new(&orders, &[1, 0]);
        let seen = |list: &PackingList<'_>| -> Vec<_> {
            let rows = list.rows().map(Result::unwrap);
            rows.map(|row| {
                let goods: Vec<_> = row.goods.into_iter().map(|line| (line.goods.sku, line.pieces)).collect();
                (row.number, row.index, row.order_id, goods)
            })
            .collect()
        };
        let first = (1, 1, "O1".to_owned(), vec![("B".to_owned(), 3), ("A".to_owned(), 1)]);
        let second = (2, 0, "O0".to_owned(), vec![("A".to_owned(), 1)]);
        assert_eq!(seen(&list), [first.clone(), second.clone()]);
        list.from_last = true;
        assert_eq!(seen(&list), [second, first]);
    }

    #[test]
    fn a_spreadsheet_has_a_row_for_each_line_of_goods() {
        let orders = sealed(&[Sample::new(0), Sample::new(1).with(&[("B", 2), ("A", 1)])]);
        let mut csv = Vec::new();
        let heading = Heading { batch: "261111-003".to_owned(), printed_at: NOW };
        PackingList::new(&orders, &[0, 1]).write_csv(&heading, &mut csv).unwrap();
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            "\u{FEFF}面单号,快递公司,运单号,订单号,编码,商品,件数\r\n\
             261111-003-001,YTO,YT0000000000000,O0,,,\r\n\
             261111-003-002,YTO,YT0000000000001,O1,B,商品B,2\r\n\
             261111-003-002,YTO,YT0000000000001,O1,A,商品A,1\r\n"
        );
    }

    #[test]
    fn a_sequence_of_another_input_is_an_error() {
        let orders = sealed(&[Sample::new(0)]);
        let list = PackingList::new(&orders, &[7]);
        assert!(matches!(list.rows().next(), Some(Err(ListError::Read(_)))));
        let broken = Orders::spool(&b"{}"[..]).unwrap();
        let list = PackingList::new(&broken, &[0]);
        let seen = list.write_csv(&Heading::default(), Vec::new());
        assert!(matches!(seen, Err(ListError::Changed { index: 0, .. })));
    }
}
