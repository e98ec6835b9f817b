//! What can be wrong with an order of the input. A reason has no room for a value.

use std::io;

use miandan_seal::issue::OrderProblem;
use miandan_seal::limits;
use serde_json::json;

use super::place::{At, Inside, Place};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::messages;

/// Why no order was handed out.
#[derive(Debug)]
pub enum Stop {
    /// An order is bad.
    Problem(Problem),
    /// The input broke off.
    Unreadable(io::Error),
}

/// A bad order: where, why, and whether anything behind it can still be read.
#[derive(Debug)]
pub struct Problem {
    pub place: Place,
    pub why: Reason,
    pub last: bool,
}

/// Why an order is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The bytes are not in this encoding.
    NotText(&'static str),
    /// Longer than [`super::LONGEST`].
    TooLong,
    /// The text is not JSON.
    NotJson,
    /// The text is not a JSON array of objects.
    NotArray,
    /// A member is unknown, given twice, missing or of the wrong type.
    Shape,
    /// A member is given twice.
    MemberTwice,
    /// A quotation mark is never closed.
    OpenQuote,
    /// Text follows a closing quotation mark.
    AfterQuote,
    /// The row has another number of cells than the header.
    CellCount { found: usize, expected: usize },
    /// A cell that must not be empty is.
    Empty,
    /// Not a whole number, or too large.
    NotNumber,
    /// Not a weight.
    NotWeight,
    /// Not an amount of money.
    NotMoney,
    /// Not a time.
    NotTime,
    /// A number of which a spreadsheet program kept some digits only.
    Rounded,
    /// An error of the spreadsheet, such as `#N/A`.
    CellError,
    /// A JSON object or array where a text is expected.
    NotScalar,
    /// A further row of an order says something else than its first row.
    Differs { row: usize },
    /// The same order stands earlier.
    OrderTwice(At),
    /// It cannot be sealed.
    Sealing(OrderProblem),
}

impl Problem {
    pub fn new(place: impl Into<Place>, why: Reason) -> Self {
        Problem { place: place.into(), why, last: false }
    }

    /// A problem behind which nothing can be read.
    pub fn last(place: impl Into<Place>, why: Reason) -> Self {
        Problem { last: true, ..Problem::new(place, why) }
    }

    /// A problem of a column or member.
    pub fn inside(at: At, inside: Inside, why: Reason) -> Self {
        Problem::new(Place { at, inside: Some(inside) }, why)
    }

    /// For people.
    pub fn text(&self, console: Console) -> String {
        let place = self.place.text(console);
        console.fill(messages::BAD_ORDER, &[("place", &place), ("why", &self.why.text(console))])
    }

    /// As what ends a command.
    pub fn failure(&self, console: Console) -> Failure {
        Failure::new(Exit::Input, "INPUT", self.text(console))
            .hint(messages::BAD_ORDER_HINT.get(console.language))
    }

    /// For `--json`.
    pub fn event(&self, console: Console) -> serde_json::Value {
        let mut event = self.place.members();
        event.insert("event".to_owned(), json!("bad_order"));
        event.insert("message".to_owned(), json!(self.why.text(console)));
        event.into()
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Stop::Problem(problem)
    }
}

impl Reason {
    fn text(self, console: Console) -> String {
        let text = match self {
            Reason::NotText(encoding) => {
                return console.fill(messages::WHY_NOT_TEXT, &[("encoding", &encoding)]);
            }
            Reason::CellCount { found, expected } => {
                return console.fill(messages::WHY_CELL_COUNT, &[("found", &found), ("expected", &expected)]);
            }
            Reason::Differs { row } => return console.fill(messages::WHY_DIFFERS, &[("row", &row)]),
            Reason::OrderTwice(at) => {
                return console.fill(messages::ORDER_TWICE, &[("place", &at.text(console))]);
            }
            Reason::Sealing(OrderProblem::FieldTooLong(_)) => {
                return console.fill(messages::WHY_FIELD_LONG, &[("max", &limits::FIELD_TEXT)]);
            }
            Reason::TooLong => messages::WHY_TOO_LONG,
            Reason::NotJson => messages::WHY_NOT_JSON,
            Reason::NotArray => messages::WHY_NOT_ARRAY,
            Reason::Shape => messages::WHY_SHAPE,
            Reason::MemberTwice => messages::WHY_MEMBER_TWICE,
            Reason::OpenQuote => messages::WHY_OPEN_QUOTE,
            Reason::AfterQuote => messages::WHY_AFTER_QUOTE,
            Reason::Empty => messages::WHY_EMPTY,
            Reason::NotNumber => messages::WHY_NOT_NUMBER,
            Reason::NotWeight => messages::WHY_NOT_WEIGHT,
            Reason::NotMoney => messages::WHY_NOT_MONEY,
            Reason::NotTime => messages::WHY_NOT_TIME,
            Reason::Rounded => messages::WHY_ROUNDED,
            Reason::CellError => messages::WHY_CELL_ERROR,
            Reason::NotScalar => messages::WHY_NOT_SCALAR,
            Reason::Sealing(OrderProblem::Name(_)) => messages::WHY_NAME,
            Reason::Sealing(OrderProblem::Virtual(_)) => messages::WHY_VIRTUAL,
            Reason::Sealing(OrderProblem::HeaderTooLong) => messages::WHY_CLEAR_LONG,
            Reason::Sealing(_) => messages::WHY_ORDER_LONG,
        };
        text.get(console.language).to_owned()
    }
}
