//! Whether a journal is what was written: every event is hashed again, all of them are replayed, and every row that
//! follows from them is compared.
//!
//! That finds any edit, insertion, deletion or change of order, in any table. It cannot find what leaves no trace: an end
//! that was cut off together with all that follows from it, or a journal that somebody wrote anew from the first event on.
//! For these there is the [`Head`]: kept elsewhere, in a report or on paper, it shows both.

use std::cmp::Ordering;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Rows};

use crate::apply::apply;
use crate::error::OrJournal;
use crate::event::{self, Event, Head};
use crate::reader::Reader;
use crate::{JournalError, schema};

/// How many findings of a kind are kept. The first one says where to look; a thousand more say nothing.
const KEPT: usize = 100;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// How many events there are.
    pub events: u64,
    /// The newest one.
    pub head: Option<Head>,
    /// What is wrong, the first event first; a hundred at most. Empty: every event and every row is what was written.
    pub damage: Vec<Damage>,
    /// What is odd and no damage; a hundred at most.
    pub notes: Vec<Note>,
}

/// What is wrong with a journal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// SQLite's own check of the file.
    #[error("the file: {0}")]
    File(String),
    /// A table, an index or a guard against changes is missing, was changed, or does not belong there.
    #[error("`{0}` is not as it was made")]
    Schema(String),
    /// Numbers of events have a gap, or do not begin at 1.
    #[error("event {expected} is missing: {found} comes in its place")]
    Missing {
        /// The number that should come.
        expected: u64,
        /// The number that does.
        found: i64,
    },
    /// An event does not fit its hash, or not the event before it.
    #[error("event {seq} was changed, or put there")]
    Changed {
        /// Its number.
        seq: u64,
    },
    /// An event that no version of this program writes.
    #[error("event {seq} is none")]
    Malformed {
        /// Its number.
        seq: u64,
    },
    /// An event that cannot have happened after those before it.
    #[error("event {seq} cannot have happened: {why}")]
    Impossible {
        /// Its number.
        seq: u64,
        /// What speaks against it.
        why: String,
    },
    /// A row of another table is not what follows from the events.
    #[error("a row of `{table}` {problem}: {key}")]
    Row {
        /// The table.
        table: &'static str,
        /// Which row: the values of its key.
        key: String,
        /// What is wrong with it.
        problem: RowProblem,
    },
    /// The head that was given is not in this journal: its end was cut off, or it is another journal.
    #[error("the journal does not contain the head {0}")]
    Head(Head),
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// It should be there.
    #[error("is missing")]
    Missing,
    /// It should not be there.
    #[error("was put there")]
    Extra,
    /// It should be another.
    #[error("was changed")]
    Changed,
}

/// What is odd and no damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The clock was set back: an event says that it was earlier than the one before it. The order is that of the numbers.
    ClockSetBack {
        /// The number of the event.
        seq: u64,
        /// By how many seconds.
        by: u64,
    },
}

impl Verification {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.damage.is_empty()
    }

    fn found(&mut self, damage: Damage) {
        if self.damage.len() < KEPT {
            self.damage.push(damage);
        }
    }
}

impl Reader {
    /// Verifies the whole journal as it is at this moment, and that it contains a head that was written down before.
    ///
    /// It reads every event: a second for every hundred thousand or so. Others may write meanwhile. What is found is no
    /// error of this function.
    ///
    /// # Errors
    ///
    /// Those of a file that cannot be read at all.
    pub fn verify(&self, expect: Option<Head>) -> Result<Verification, JournalError> {
        // One moment for all that is read.
        let moment = self.connection.unchecked_transaction().or_journal()?;
        let mut found = Verification::default();
        let outcome = verify(&moment, expect, &mut found);
        match outcome {
            Ok(()) => Ok(found),
            // A file that is torn in the middle of a table.
            Err(JournalError::Damaged(what)) => {
                found.found(Damage::File(what));
                Ok(found)
            }
            Err(error) => Err(error),
        }
    }
}

fn verify(journal: &Connection, expect: Option<Head>, found: &mut Verification) -> Result<(), JournalError> {
    let sound: String = journal.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).or_journal()?;
    if sound != "ok" {
        found.found(Damage::File(sound));
    }
    // A database of its own, in a file without a name if it grows: what follows from the events, worked out again.
    let replayed = Connection::open("").or_journal()?;
    replayed.set_prepared_statement_cache_capacity(64);
    replayed
        .execute_batch(&format!(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192; {}{} BEGIN;",
            schema::EVENTS,
            schema::DERIVED
        ))
        .or_journal()?;
    compare_schema(journal, &replayed, found)?;
    replay(journal, &replayed, expect, found)?;
    for (table, key, columns) in schema::TABLES {
        compare(journal, &replayed, table, key, columns, found)?;
    }
    Ok(())
}

/// The chain, from its first event.
fn replay(
    journal: &Connection,
    replayed: &Connection,
    expect: Option<Head>,
    found: &mut Verification,
) -> Result<(), JournalError> {
    let sql = format!("SELECT {}, hash FROM events ORDER BY seq", event::NAMES.join(", "));
    let mut select = journal.prepare(&sql).or_journal()?;
    let mut rows = select.query([]).or_journal()?;
    let mut head = Head::START;
    let mut before = i64::MIN;
    let mut contains = expect.is_none_or(|expect| expect == Head::START);
    while let Some(row) = rows.next().or_journal()? {
        let columns = event::columns_of(row)?;
        let stored = row.get_ref(event::COLUMNS).or_journal()?.as_blob().unwrap_or_default();
        let number = columns[0].as_i64().unwrap_or_default();
        let expected = head.seq + 1;
        if i64::try_from(expected) != Ok(number) {
            found.found(Damage::Missing { expected, found: number });
        }
        let seq = u64::try_from(number).unwrap_or_default();
        if event::hash(&head.hash, &columns) != stored {
            found.found(Damage::Changed { seq });
        }
        // What comes next is held against what stands here, so that one edit is found in one place.
        head = Head { seq, hash: stored.try_into().unwrap_or_default() };
        contains |= expect == Some(head);
        found.events += 1;
        let Some(event) = Event::from_columns(&columns) else {
            found.found(Damage::Malformed { seq });
            continue;
        };
        if event.time < before && found.notes.len() < KEPT {
            found.notes.push(Note::ClockSetBack { seq, by: before.abs_diff(event.time) });
        }
        before = event.time;
        match apply(replayed, &event) {
            Ok(()) => {}
            Err(error @ (JournalError::Full | JournalError::Io(_))) => return Err(error),
            Err(error) => found.found(Damage::Impossible { seq, why: error.to_string() }),
        }
    }
    found.head = Some(head);
    match expect {
        Some(expect) if !contains => found.found(Damage::Head(expect)),
        _ => {}
    }
    Ok(())
}

/// Tables, indices and triggers, by the text that made them.
fn compare_schema(
    journal: &Connection,
    expected: &Connection,
    found: &mut Verification,
) -> Result<(), JournalError> {
    let made = |connection: &Connection| -> rusqlite::Result<Vec<(String, Option<String>)>> {
        let mut select = connection.prepare("SELECT name, sql FROM sqlite_master ORDER BY name")?;
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let (made, expected) = (made(journal).or_journal()?, made(expected).or_journal()?);
    let differs = |one: &[(String, Option<String>)], other: &[(String, Option<String>)]| {
        one.iter().find(|part| !other.contains(part)).map(|(name, _)| name.clone())
    };
    if let Some(name) = differs(&expected, &made).or_else(|| differs(&made, &expected)) {
        found.found(Damage::Schema(name));
    }
    Ok(())
}

/// Two tables in the order of their key, row by row.
fn compare(
    journal: &Connection,
    replayed: &Connection,
    table: &'static str,
    key: usize,
    columns: usize,
    found: &mut Verification,
) -> Result<(), JournalError> {
    let order: Vec<_> = (1..=key).map(|at| at.to_string()).collect();
    let sql = format!("SELECT * FROM {table} ORDER BY {}", order.join(", "));
    let (mut stored, mut follows) =
        (journal.prepare(&sql).or_journal()?, replayed.prepare(&sql).or_journal()?);
    if (stored.column_count(), follows.column_count()) != (columns, columns) {
        found.found(Damage::Schema(table.to_owned()));
        return Ok(());
    }
    let (mut stored, mut follows) = (stored.query([]).or_journal()?, follows.query([]).or_journal()?);
    let (mut left, mut right) = (next(&mut stored, columns)?, next(&mut follows, columns)?);
    loop {
        let order = match (&left, &right) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => order_of(&left[..key], &right[..key]),
        };
        let (row, problem) = match order {
            Ordering::Less => (&left, RowProblem::Extra),
            Ordering::Greater => (&right, RowProblem::Missing),
            Ordering::Equal => (&left, RowProblem::Changed),
        };
        if order != Ordering::Equal || left != right {
            let key = row.iter().flat_map(|row| &row[..key]).map(shown).collect::<Vec<_>>().join(", ");
            found.found(Damage::Row { table, key, problem });
        }
        if order != Ordering::Greater {
            left = next(&mut stored, columns)?;
        }
        if order != Ordering::Less {
            right = next(&mut follows, columns)?;
        }
    }
}

fn next(rows: &mut Rows<'_>, columns: usize) -> Result<Option<Vec<Cell>>, JournalError> {
    let Some(row) = rows.next().or_journal()? else { return Ok(None) };
    let cell = |at| {
        Ok(match row.get_ref(at)? {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(number) => Cell::Integer(number),
            ValueRef::Real(number) => Cell::Real(number.to_bits()),
            ValueRef::Text(bytes) => Cell::Text(bytes.to_vec()),
            ValueRef::Blob(bytes) => Cell::Blob(bytes.to_vec()),
        })
    };
    (0..columns).map(cell).collect::<rusqlite::Result<_>>().map(Some).or_journal()
}

/// A value to the last bit. Text as its bytes: that of an edited row need not be UTF-8.
#[derive(PartialEq)]
enum Cell {
    Null,
    Integer(i64),
    Real(u64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

/// The keys of all tables are whole numbers.
fn order_of(left: &[Cell], right: &[Cell]) -> Ordering {
    let number = |cell: &Cell| match cell {
        Cell::Integer(number) => *number,
        _ => i64::MIN,
    };
    left.iter().map(number).cmp(right.iter().map(number))
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Integer(number) => number.to_string(),
        _ => "?".into(),
    }
}
