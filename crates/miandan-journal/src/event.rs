//! One row of the journal: what happened, as flat columns, and how it is hashed into the chain.

use std::fmt;
use std::str::FromStr;

use ring::digest::{Context, SHA256};
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Row};

use crate::error::OrJournal;
use crate::label::{BatchId, PrintId};
use crate::state::State;
use crate::{JournalError, schema};

/// How many columns an event has, its hash not counted.
pub(crate) const COLUMNS: usize = 21;

/// The columns, in the order in which they are stored and hashed.
pub(crate) const NAMES: [&str; COLUMNS] = [
    "seq", "time", "kind", "batch", "position", "copy", "day", "number", "name", "carrier", "waybill",
    "parcel", "order_id", "identity", "content", "printer", "bytes", "answers", "rung", "operator", "reason",
];

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A batch was planned.
    Batch,
    /// One of its orders.
    Label,
    /// A physical label came into another state.
    Change(State),
    /// A further copy of a label was asked for.
    Reprint,
}

/// An event. `None` is a column that its kind does not use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event<'a> {
    pub(crate) seq: i64,
    pub(crate) time: i64,
    pub(crate) kind: Kind,
    pub(crate) batch: i64,
    pub(crate) position: Option<i64>,
    pub(crate) copy: Option<i64>,
    pub(crate) day: Option<i64>,
    pub(crate) number: Option<i64>,
    pub(crate) name: Option<&'a str>,
    pub(crate) carrier: Option<&'a str>,
    pub(crate) waybill: Option<&'a str>,
    pub(crate) parcel: Option<i64>,
    pub(crate) order_id: Option<&'a str>,
    pub(crate) identity: Option<&'a [u8]>,
    pub(crate) content: Option<&'a [u8]>,
    pub(crate) printer: Option<&'a str>,
    pub(crate) bytes: Option<&'a [u8]>,
    pub(crate) answers: Option<i64>,
    pub(crate) rung: Option<&'a str>,
    pub(crate) operator: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
}

/// The newest event: its place in the chain, and the hash that stands for it and for all before it.
///
/// Written as `seq:hash`, the hash in hexadecimal. In a report that is kept elsewhere it proves later that nothing before
/// it was changed or cut off ([`crate::Reader::verify`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Head {
    /// How many events there are.
    pub seq: u64,
    /// SHA-256 over the event and the hash of the one before.
    pub hash: [u8; 32],
}

/// The text is not a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a head of a journal: a number, a colon and 64 hexadecimal digits")]
pub struct NotAHead;

impl<'a> Event<'a> {
    /// An event with nothing but what every event has. Its number is given when it is written.
    pub(crate) fn of(kind: Kind, batch: BatchId, now: u64) -> Self {
        Event {
            seq: 0,
            time: i64::try_from(now).unwrap_or(i64::MAX),
            kind,
            batch: batch.0,
            position: None,
            copy: None,
            day: None,
            number: None,
            name: None,
            carrier: None,
            waybill: None,
            parcel: None,
            order_id: None,
            identity: None,
            content: None,
            printer: None,
            bytes: None,
            answers: None,
            rung: None,
            operator: None,
            reason: None,
        }
    }

    pub(crate) fn print(self, print: PrintId) -> Self {
        Event { position: Some(print.position.into()), copy: Some(print.copy.into()), ..self }
    }

    /// The columns, as SQLite stores them.
    pub(crate) fn columns(&self) -> [ValueRef<'a>; COLUMNS] {
        let integer = |value: Option<i64>| value.map_or(ValueRef::Null, ValueRef::Integer);
        let text =
            |value: Option<&'a str>| value.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()));
        let blob = |value: Option<&'a [u8]>| value.map_or(ValueRef::Null, ValueRef::Blob);
        [
            ValueRef::Integer(self.seq),
            ValueRef::Integer(self.time),
            ValueRef::Text(self.kind.as_str().as_bytes()),
            ValueRef::Integer(self.batch),
            integer(self.position),
            integer(self.copy),
            integer(self.day),
            integer(self.number),
            text(self.name),
            text(self.carrier),
            text(self.waybill),
            integer(self.parcel),
            text(self.order_id),
            blob(self.identity),
            blob(self.content),
            text(self.printer),
            blob(self.bytes),
            integer(self.answers),
            text(self.rung),
            text(self.operator),
            text(self.reason),
        ]
    }

    /// Reads columns, if they can be those of an event.
    pub(crate) fn from_columns(columns: &[ValueRef<'a>; COLUMNS]) -> Option<Self> {
        let integer = |at: usize| columns[at].as_i64_or_null().ok();
        let text = |at: usize| columns[at].as_str_or_null().ok();
        let blob = |at: usize| columns[at].as_blob_or_null().ok();
        Some(Event {
            seq: integer(0)??,
            time: integer(1)??,
            kind: Kind::from_name(text(2)??)?,
            batch: integer(3)??,
            position: integer(4)?,
            copy: integer(5)?,
            day: integer(6)?,
            number: integer(7)?,
            name: text(8)?,
            carrier: text(9)?,
            waybill: text(10)?,
            parcel: integer(11)?,
            order_id: text(12)?,
            identity: blob(13)?,
            content: blob(14)?,
            printer: text(15)?,
            bytes: blob(16)?,
            answers: integer(17)?,
            rung: text(18)?,
            operator: text(19)?,
            reason: text(20)?,
        })
    }

    /// Appends the event, which has its number, and answers its hash.
    pub(crate) fn insert(
        &self,
        connection: &Connection,
        previous: &[u8; 32],
    ) -> Result<[u8; 32], JournalError> {
        let columns = self.columns();
        let hash = hash(previous, &columns);
        let mut insert = connection.prepare_cached(schema::INSERT_EVENT).or_journal()?;
        for (at, column) in columns.iter().enumerate() {
            bind(&mut insert, at + 1, *column)?;
        }
        bind(&mut insert, COLUMNS + 1, ValueRef::Blob(&hash))?;
        insert.raw_execute().or_journal()?;
        Ok(hash)
    }
}

/// The columns of a row that has them in their order from the first on.
pub(crate) fn columns_of<'row>(row: &'row Row<'_>) -> Result<[ValueRef<'row>; COLUMNS], JournalError> {
    let mut columns = [ValueRef::Null; COLUMNS];
    for (at, column) in columns.iter_mut().enumerate() {
        *column = row.get_ref(at).or_journal()?;
    }
    Ok(columns)
}

/// A value that is bound as it is.
struct Bound<'a>(ValueRef<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0))
    }
}

fn bind(statement: &mut CachedStatement<'_>, at: usize, value: ValueRef<'_>) -> Result<(), JournalError> {
    statement.raw_bind_parameter(at, Bound(value)).or_journal()
}

/// SHA-256 over the hash before and every column, each with its type and its length, so that no two events have the same
/// encoding.
pub(crate) fn hash(previous: &[u8; 32], columns: &[ValueRef<'_>; COLUMNS]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(b"miandan-journal event 1");
    context.update(previous);
    let mut put = |kind: u8, bytes: &[u8]| {
        let mut head = [kind; 9];
        head[1..].copy_from_slice(&(bytes.len() as u64).to_be_bytes());
        context.update(&head);
        context.update(bytes);
    };
    for column in columns {
        match column {
            ValueRef::Null => put(0, &[]),
            ValueRef::Integer(number) => put(1, &number.to_be_bytes()),
            ValueRef::Real(number) => put(2, &number.to_bits().to_be_bytes()),
            ValueRef::Text(bytes) => put(3, bytes),
            ValueRef::Blob(bytes) => put(4, bytes),
        }
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::Batch => "batch",
            Kind::Label => "label",
            Kind::Change(state) => state.as_str(),
            Kind::Reprint => "reprint",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "batch" => Some(Kind::Batch),
            "label" => Some(Kind::Label),
            "reprint" => Some(Kind::Reprint),
            // Planned is what a batch and a reprint make; nothing becomes it.
            state => State::from_name(state).filter(|state| *state != State::Planned).map(Kind::Change),
        }
    }
}

impl Head {
    /// The head of a journal without events.
    pub const START: Head = Head { seq: 0, hash: [0; 32] };
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.seq)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Head {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (seq, hex) = text.split_once(':').ok_or(NotAHead)?;
        if hex.len() != 64 || !seq.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAHead);
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(hex.as_bytes().chunks(2)) {
            let digit = |at: usize| (pair[at] as char).to_digit(16).ok_or(NotAHead);
            *byte = (digit(0)? * 16 + digit(1)?) as u8;
        }
        Ok(Head { seq: seq.parse().map_err(|_| NotAHead)?, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_event_reads_as_it_is_written() {
        let event = Event {
            seq: 7,
            name: Some("早班"),
            bytes: Some(&[1, 2]),
            answers: Some(1),
            ..Event::of(Kind::Change(State::Sending), BatchId(3), 9).print(PrintId { position: 12, copy: 1 })
        };
        assert_eq!(Event::from_columns(&event.columns()), Some(event));
        assert_eq!(NAMES.len(), event.columns().len());
    }

    #[test]
    fn the_encoding_says_where_a_column_ends_and_what_it_is() {
        let empty = [ValueRef::Null; COLUMNS];
        let with = |at: usize, value: ValueRef<'static>| {
            let mut columns = empty;
            columns[at] = value;
            hash(&[0; 32], &columns)
        };
        let different = [
            hash(&[0; 32], &empty),
            hash(&[1; 32], &empty),
            with(8, ValueRef::Text(b"")),
            with(8, ValueRef::Blob(b"")),
            with(9, ValueRef::Text(b"")),
            with(8, ValueRef::Text(b"\0\0\0\0\0\0\0\x01")),
            with(8, ValueRef::Integer(1)),
        ];
        for (at, one) in different.iter().enumerate() {
            assert!(!different[at + 1..].contains(one), "{at}");
        }
    }

    proptest! {
        #[test]
        fn a_head_goes_both_ways(seq in 0u64.., hash: [u8; 32]) {
            let head = Head { seq, hash };
            prop_assert_eq!(head.to_string().parse(), Ok(head));
        }

        #[test]
        fn other_texts_are_no_heads(text in "[0-9a-f:é+]{0,70}") {
            if let Ok(head) = text.parse::<Head>() {
                prop_assert!(text.ends_with(&head.to_string()[head.seq.to_string().len()..]));
            }
        }
    }
}
