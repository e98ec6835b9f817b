//! Rows with a header, as orders.
//!
//! Neighbouring rows with one order id and one waybill number are one order with several lines of goods. What else
//! stands in them must be the same or empty. Nothing is skipped but rows in which every cell is empty.

use std::fmt::Display;
use std::ops::RangeInclusive;

use miandan_seal::issue::PlainOrder;

use super::fields::{self, FIELDS, Field, normal};
use super::map::Map;
use super::place::{At, Inside, letter};
use super::problem::{Problem, Reason, Stop};
use super::{Input, messages};
use crate::exit::Failure;

/// A row: its number as a spreadsheet program counts, from 1, and its cells.
#[derive(Debug)]
pub struct Row {
    pub number: usize,
    pub cells: Vec<Cell>,
}

/// The text of a cell, and what may be wrong with it already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub defect: Option<Defect>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// A number with more digits than spreadsheet programs keep.
    Rounded,
    /// `#N/A` and the like.
    Error,
    /// A JSON object or array.
    NotScalar,
}

impl Cell {
    /// A cell with a text: without white space at its ends, on one line.
    pub fn text(text: &str) -> Self {
        let lines = text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty());
        Cell { text: lines.collect::<Vec<_>>().join(" "), defect: None }
    }

    pub fn defect(defect: Defect) -> Self {
        Cell { text: String::new(), defect: Some(defect) }
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.defect.is_none()
    }
}

type Rows = Box<dyn Iterator<Item = Result<Row, Stop>>>;

/// A sheet whose header was read.
pub struct Sheet {
    rows: Rows,
    map: Map,
    columns: Vec<Column>,
    /// How many cells a row has: none that a header stands over is left out, and none is without a header.
    width: RangeInclusive<usize>,
    /// Whether cells are left out at the ends of rows, and notes may stand beside the table.
    is_loose: bool,
    /// The order that the next row may belong to.
    open: Option<Open>,
}

#[derive(Debug)]
struct Column {
    index: usize,
    header: String,
    field: &'static Field,
}

/// An order and the row that it begins with.
struct Open {
    order: PlainOrder,
    first: Row,
}

impl Sheet {
    /// Reads the header.
    pub(super) fn new(file: &Input<'_>, mut rows: Rows, map: Map, is_loose: bool) -> Result<Self, Failure> {
        let header_row = map.header_row.unwrap_or(1);
        let header = loop {
            match rows.next() {
                // Without a header row that is named, it is the first row with anything in it.
                Some(Ok(row)) if row.number < header_row => {}
                Some(Ok(row)) if map.header_row.is_none() && row.cells.iter().all(Cell::is_empty) => {}
                Some(Ok(row)) => break row,
                Some(Err(Stop::Problem(problem))) => return Err(problem.failure(file.console)),
                Some(Err(Stop::Unreadable(error))) => {
                    return Err(crate::files::unreadable(file.console, file.path, &error));
                }
                None => return Err(file.failure(messages::NO_ORDERS, messages::NO_PLAIN_ORDERS_HINT)),
            }
        };
        let columns = resolve(file, &header, &map)?;
        let used = |index: &usize| columns.iter().any(|column| column.index == *index);
        let unused: Vec<_> = (0..header.cells.len())
            .filter(|index| !used(index) && !header.cells[*index].is_empty())
            .map(letter)
            .collect();
        if !unused.is_empty() {
            let values: [(&str, &dyn Display); 1] = [("columns", &unused.join(", "))];
            file.console.say(&file.console.fill(messages::IMPORT_UNUSED, &values));
        }
        let filled = header.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        Ok(Sheet { rows, map, columns, width: filled..=header.cells.len(), is_loose, open: None })
    }

    pub(super) fn next(&mut self) -> Result<Option<(At, PlainOrder)>, Stop> {
        loop {
            let Some(row) = self.rows.next() else {
                return Ok(self.open.take().map(Open::close));
            };
            let row = row?;
            if row.cells.iter().all(Cell::is_empty) {
                continue;
            }
            if let Some(done) = self.take(row)? {
                return Ok(Some(done));
            }
        }
    }

    /// The place of a field in a row.
    pub(super) fn column(&self, field: &str) -> Option<Inside> {
        let is_it = |key: &str| key == field || key.strip_suffix(".main") == Some(field);
        self.columns.iter().find(|column| is_it(column.field.key)).map(Column::inside)
    }

    /// Takes a row up; gives the order out that it closes.
    fn take(&mut self, mut row: Row) -> Result<Option<(At, PlainOrder)>, Problem> {
        let at = At::Row(row.number);
        if self.is_loose {
            row.cells.resize(*self.width.end(), Cell::default());
        }
        if !self.width.contains(&row.cells.len()) {
            let (found, expected) = (row.cells.len(), *self.width.end());
            return Err(Problem::new(at, Reason::CellCount { found, expected }));
        }
        let mut order = PlainOrder::default();
        self.map.begin(&mut order);
        for column in &self.columns {
            let set = column.field.set(&mut order, &row.cells[column.index]);
            set.map_err(|why| Problem::inside(at, column.inside(), why))?;
        }
        self.map.end(&mut order);

        if let Some(open) = &mut self.open
            && !order.order_id.is_empty()
            && order.order_id == open.order.order_id
            && (order.waybill_no.is_empty() || order.waybill_no == open.order.waybill_no)
        {
            open.add(&self.columns, row, order)?;
            return Ok(None);
        }
        for (key, value) in fields::REQUIRED.iter().zip([&order.order_id, &order.waybill_no, &order.carrier])
        {
            if value.is_empty() {
                let place = super::Place { at, inside: self.column(key) };
                return Err(Problem::new(place, Reason::Empty));
            }
        }
        Ok(self.open.replace(Open { order, first: row }).map(Open::close))
    }
}

impl Open {
    fn close(self) -> (At, PlainOrder) {
        (At::Row(self.first.number), self.order)
    }

    /// Adds the goods of a further row.
    fn add(&mut self, columns: &[Column], row: Row, order: PlainOrder) -> Result<(), Problem> {
        let at = At::Row(row.number);
        let first = self.first.number;
        for column in columns.iter().filter(|column| !column.field.is_goods()) {
            let cell = &row.cells[column.index];
            if !cell.is_empty() && *cell != self.first.cells[column.index] {
                return Err(Problem::inside(at, column.inside(), Reason::Differs { row: first }));
            }
        }
        if order.items.is_empty() {
            return Err(Problem::new(at, Reason::OrderTwice(At::Row(first))));
        }
        self.order.items.extend(order.items);
        Ok(())
    }
}

impl Column {
    fn inside(&self) -> Inside {
        Inside::Column(self.index, self.header.clone())
    }
}

/// Which column holds which field: those that the map names, then those with a usual header.
fn resolve(file: &Input<'_>, header: &Row, map: &Map) -> Result<Vec<Column>, Failure> {
    let headers: Vec<String> = header.cells.iter().map(|cell| normal(&cell.text)).collect();
    let mut columns: Vec<Column> = Vec::new();
    let mut claim = |field: &'static Field, names: &[&str], may_share: bool| -> Result<bool, Failure> {
        let wanted: Vec<String> = names.iter().map(|name| normal(name)).collect();
        let taken = |index: usize| columns.iter().any(|column| column.index == index);
        let found: Vec<usize> = (0..headers.len())
            .filter(|&index| wanted.contains(&headers[index]) && (may_share || !taken(index)))
            .collect();
        if let [one, other, ..] = found[..] {
            let values: [(&str, &dyn Display); 4] = [
                ("row", &header.number),
                ("one", &letter(one)),
                ("other", &letter(other)),
                ("field", &field.key),
            ];
            return Err(file.failure_with(
                messages::IMPORT_COLUMN_TWICE,
                messages::IMPORT_COLUMN_HINT,
                &values,
            ));
        }
        for &index in &found {
            columns.push(Column { index, header: header.cells[index].text.clone(), field });
        }
        Ok(!found.is_empty())
    };
    let missing = |field: &Field, names: &[&str]| {
        let values: [(&str, &dyn Display); 3] =
            [("row", &header.number), ("field", &field.key), ("names", &names.join(", "))];
        file.failure_with(messages::IMPORT_NO_COLUMN, messages::IMPORT_COLUMN_HINT, &values)
    };
    for field in FIELDS {
        if let Some(names) = map.columns(field) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            if !claim(field, &names, true)? {
                return Err(missing(field, &names));
            }
        }
    }
    for field in FIELDS.iter().filter(|field| map.columns(field).is_none()) {
        let names = [&[field.key], field.names].concat();
        let found = claim(field, &names, false)?;
        if !found && fields::REQUIRED.contains(&field.key) && !map.is_constant(field.key) {
            return Err(missing(field, &names));
        }
    }
    Ok(columns)
}
