//! What can be asked of a journal, from any process and at any time.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::apply::{batch_number, number_of};
use crate::error::OrJournal;
use crate::event::Head;
use crate::label::{Batch, BatchId, Earlier, Known, LabelKey, Print, PrintId};
use crate::state::{Rung, State};
use crate::{JournalError, journal, schema, writer};
use miandan_core::number::{BatchNumber, Day, RunningNumber};

/// A journal, open to be read. It sees whatever is durable when it is asked.
pub struct Reader {
    pub(crate) connection: Connection,
}

/// The columns that [`print_of`] reads, of [`PRINTS`].
pub(crate) const PRINT: &str = "p.position, p.copy, l.carrier, l.waybill, l.parcel, p.state, p.attempts, p.printer, p.rung, p.reason, p.changed";

/// Physical labels `p` and orders `l`. `CROSS` has SQLite go through them in that order, so that a chunk begins where the one
/// before ended.
pub(crate) const PRINTS: &str =
    "prints AS p CROSS JOIN labels AS l ON l.batch = p.batch AND l.position = p.position";

/// The columns of [`Batch`].
const BATCH: &str = "id, day, number, name, planned,
    (SELECT max(position) FROM labels WHERE labels.batch = batches.id) FROM batches";

impl Reader {
    pub(crate) fn open_waiting(path: &Path, wait: Duration) -> Result<Self, JournalError> {
        Ok(Reader { connection: schema::open_to_read(path, wait)? })
    }

    /// What the journal has of a label that is to be printed: nothing, the same, or the same waybill with other content.
    ///
    /// # Errors
    ///
    /// All of the file's, as for everything that is asked here.
    pub fn look_up(&self, key: &LabelKey, content: &[u8; 32]) -> Result<Known, JournalError> {
        look_up(&self.connection, key, content)
    }

    /// How often an order was printed, over all batches: physical labels that may be on paper. Labels that failed, or of
    /// which an operator says that they did not print, do not count.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn prints(&self, identity: &[u8; 32]) -> Result<u32, JournalError> {
        let sql = "SELECT count(*) FROM labels AS l JOIN prints AS p ON p.batch = l.batch AND p.position = l.position
                   WHERE l.identity = ?1 AND p.state IN ('sending', 'sent', 'confirmed', 'unknown')";
        let mut select = self.connection.prepare_cached(sql).or_journal()?;
        select.query_row([identity], |row| row.get(0)).or_journal()
    }

    /// Whether an order may be printed once more, if its issuer allows `most` prints.
    ///
    /// It counts what this journal knows: another journal of the station, or another station, prints without its
    /// knowledge. And it counts what is recorded: who has two labels of one order sends the first before it asks for the
    /// second.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn may_print(&self, identity: &[u8; 32], most: u32) -> Result<bool, JournalError> {
        Ok(self.prints(identity)? < most)
    }

    /// The number that a batch gets if it is planned now, with the same refusals. Nothing is kept for whoever asks: a batch
    /// that another process plans before gets it.
    ///
    /// # Errors
    ///
    /// As [`Journal::plan`](crate::Journal::plan), as far as the name goes, and all of the file's.
    pub fn next_number(&self, name: Option<&str>, now: u64) -> Result<BatchNumber, JournalError> {
        journal::next_number(&self.connection, name, now)
    }

    /// A batch of this journal.
    ///
    /// # Errors
    ///
    /// [`JournalError::UnknownBatch`] for one of another journal.
    pub fn batch(&self, batch: BatchId) -> Result<Batch, JournalError> {
        self.one_batch("WHERE id = ?1", [batch.0])?.ok_or(JournalError::UnknownBatch)
    }

    /// The batch that a person means: by its number, by the number of one of its labels, or by its name.
    ///
    /// # Errors
    ///
    /// [`JournalError::UnknownBatch`]; [`JournalError::AmbiguousName`] if batches of several days have the name.
    pub fn find(&self, text: &str) -> Result<Batch, JournalError> {
        let number = text.parse::<RunningNumber>().map(|label| label.batch).or_else(|_| text.parse());
        if let Ok(number) = number {
            return self.numbered(number)?.ok_or(JournalError::UnknownBatch);
        }
        let sql = format!("SELECT {BATCH} WHERE name = ?1 ORDER BY day, number");
        let mut found = self.batches(&sql, [text])?;
        match found.len() {
            0 => Err(JournalError::UnknownBatch),
            1 => Ok(found.remove(0)),
            _ => Err(JournalError::AmbiguousName(found.into_iter().map(|batch| batch.number).collect())),
        }
    }

    /// The batch of a number, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn numbered(&self, number: BatchNumber) -> Result<Option<Batch>, JournalError> {
        self.one_batch("WHERE day = ?1 AND number = ?2", params![number.day.yymmdd(), number.number])
    }

    /// The batch of a name on a day, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn named(&self, day: Day, name: &str) -> Result<Option<Batch>, JournalError> {
        self.one_batch("WHERE day = ?1 AND name = ?2", params![day.yymmdd(), name])
    }

    /// The batches of a day, in the order of their numbers.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn batches_of(&self, day: Day) -> Result<Vec<Batch>, JournalError> {
        let sql = format!("SELECT {BATCH} WHERE day = ?1 ORDER BY number");
        self.batches(&sql, [day.yymmdd()])
    }

    /// Whether a batch has these orders and no others, in this order, with the same content: then to plan it again is to
    /// resume it.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn same_orders<'a>(
        &self,
        batch: BatchId,
        orders: impl IntoIterator<Item = (&'a LabelKey, &'a [u8; 32])>,
    ) -> Result<bool, JournalError> {
        let sql = "SELECT carrier, waybill, parcel, content FROM labels WHERE batch = ?1 ORDER BY position";
        let mut select = self.connection.prepare_cached(sql).or_journal()?;
        let mut rows = select.query([batch.0]).or_journal()?;
        let mut orders = orders.into_iter();
        while let Some(row) = rows.next().or_journal()? {
            let Some((key, content)) = orders.next() else { return Ok(false) };
            let same = column::<String>(row, 0)? == key.carrier
                && column::<String>(row, 1)? == key.waybill
                && column::<u32>(row, 2)? == key.parcel
                && column::<[u8; 32]>(row, 3)? == *content;
            if !same {
                return Ok(false);
            }
        }
        Ok(orders.next().is_none())
    }

    /// The first place of a batch whose label surely did not print, where `resume` begins.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn first_unprinted(&self, batch: BatchId) -> Result<Option<Print>, JournalError> {
        Ok(self.to_print(batch, None, 1)?.pop())
    }

    /// Labels of a batch that surely did not print (planned, rendered, failed), in order; at most `limit` of those after
    /// `after`. Of a place with reprints it is the latest copy that counts.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn to_print(
        &self,
        batch: BatchId,
        after: Option<PrintId>,
        limit: u32,
    ) -> Result<Vec<Print>, JournalError> {
        self.chunk(batch, "p.copy = l.copies AND p.state IN ('planned', 'rendered', 'failed')", after, limit)
    }

    /// Labels of a batch of which nobody can tell whether they printed, in order; at most `limit` of those after `after`.
    /// One that was reprinted since needs no decision, and is not listed.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn unknown(
        &self,
        batch: BatchId,
        after: Option<PrintId>,
        limit: u32,
    ) -> Result<Vec<Print>, JournalError> {
        self.chunk(batch, "p.copy = l.copies AND p.state = 'unknown'", after, limit)
    }

    /// The latest copy of each label of a batch, in order; at most `limit` of those after `after`.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn latest(
        &self,
        batch: BatchId,
        after: Option<PrintId>,
        limit: u32,
    ) -> Result<Vec<Print>, JournalError> {
        self.chunk(batch, "p.copy = l.copies", after, limit)
    }

    /// All physical labels of a batch, reprints too, in order; at most `limit` of those after `after`.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn all(
        &self,
        batch: BatchId,
        after: Option<PrintId>,
        limit: u32,
    ) -> Result<Vec<Print>, JournalError> {
        self.chunk(batch, "true", after, limit)
    }

    /// One physical label, if there is such a one.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn print(&self, batch: BatchId, print: PrintId) -> Result<Option<Print>, JournalError> {
        // The one after the one before it, in the order of all.
        let before = match print.copy.checked_sub(1) {
            Some(copy) => PrintId { copy, ..print },
            None => PrintId { position: print.position.saturating_sub(1), copy: u32::MAX },
        };
        Ok(self.all(batch, Some(before), 1)?.pop().filter(|found| found.id == print))
    }

    /// The newest event, to be written into a report.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn head(&self) -> Result<Head, JournalError> {
        writer::head(&self.connection)
    }

    fn chunk(
        &self,
        batch: BatchId,
        which: &str,
        after: Option<PrintId>,
        limit: u32,
    ) -> Result<Vec<Print>, JournalError> {
        let number = batch_number(&self.connection, batch)?.ok_or(JournalError::UnknownBatch)?;
        let after = after.unwrap_or(PrintId { position: 0, copy: 0 });
        let sql = format!(
            "SELECT {PRINT} FROM {PRINTS} WHERE p.batch = ?1 AND (p.position, p.copy) > (?2, ?3) AND {which}
             ORDER BY p.position, p.copy LIMIT ?4"
        );
        let mut select = self.connection.prepare_cached(&sql).or_journal()?;
        let mut rows = select.query(params![batch.0, after.position, after.copy, limit]).or_journal()?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().or_journal()? {
            found.push(print_of(row, number)?);
        }
        Ok(found)
    }

    fn one_batch(&self, which: &str, values: impl rusqlite::Params) -> Result<Option<Batch>, JournalError> {
        Ok(self.batches(&format!("SELECT {BATCH} {which}"), values)?.pop())
    }

    fn batches(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Batch>, JournalError> {
        let mut select = self.connection.prepare_cached(sql).or_journal()?;
        let mut rows = select.query(values).or_journal()?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().or_journal()? {
            found.push(Batch {
                id: BatchId(column(row, 0)?),
                number: number_of(column(row, 1)?, column(row, 2)?)?,
                name: column(row, 3)?,
                planned: column(row, 4)?,
                count: column::<Option<u32>>(row, 5)?.unwrap_or(0),
            });
        }
        Ok(found)
    }
}

/// A physical label of a batch, of a row that begins with the columns of [`PRINT`].
pub(crate) fn print_of(row: &Row<'_>, batch: BatchNumber) -> Result<Print, JournalError> {
    let position = column(row, 0)?;
    let rung: Option<String> = column(row, 8)?;
    Ok(Print {
        id: PrintId { position, copy: column(row, 1)? },
        number: RunningNumber { batch, position },
        key: LabelKey { carrier: column(row, 2)?, waybill: column(row, 3)?, parcel: column(row, 4)? },
        state: state_of(row, 5)?,
        attempts: column(row, 6)?,
        printer: column(row, 7)?,
        rung: rung.and_then(|name| Rung::from_name(&name)),
        reason: column(row, 9)?,
        changed: column(row, 10)?,
    })
}

pub(crate) fn column<T: FromSql>(row: &Row<'_>, at: usize) -> Result<T, JournalError> {
    row.get(at).or_journal()
}

pub(crate) fn state_of(row: &Row<'_>, at: usize) -> Result<State, JournalError> {
    let name: String = column(row, at)?;
    State::from_name(&name)
        .ok_or_else(|| JournalError::Damaged("a label is in a state that there is not".into()))
}

/// What the journal has of a label.
pub(crate) fn look_up(
    connection: &Connection,
    key: &LabelKey,
    content: &[u8; 32],
) -> Result<Known, JournalError> {
    let sql = "SELECT l.batch, l.position, l.content, l.copies, p.state, p.printer, p.changed
               FROM labels AS l JOIN prints AS p ON p.batch = l.batch AND p.position = l.position AND p.copy = l.copies
               WHERE l.carrier = ?1 AND l.waybill = ?2 AND l.parcel = ?3";
    let mut select = connection.prepare_cached(sql).or_journal()?;
    let mut rows = select.query(params![key.carrier, key.waybill, key.parcel]).or_journal()?;
    let Some(row) = rows.next().or_journal()? else { return Ok(Known::New) };
    let batch = batch_number(connection, BatchId(column(row, 0)?))?;
    let earlier = Earlier {
        number: RunningNumber { batch: batch.ok_or(JournalError::UnknownBatch)?, position: column(row, 1)? },
        copies: column(row, 3)?,
        state: state_of(row, 4)?,
        printer: column(row, 5)?,
        when: column(row, 6)?,
    };
    let same = column::<[u8; 32]>(row, 2)? == *content;
    Ok(if same { Known::Printed(earlier) } else { Known::Conflict(earlier) })
}

/// Where a label stands, if it does.
pub(crate) fn place_of(
    connection: &Connection,
    key: &LabelKey,
) -> Result<Option<RunningNumber>, JournalError> {
    let sql = "SELECT batch, position FROM labels WHERE carrier = ?1 AND waybill = ?2 AND parcel = ?3";
    let mut select = connection.prepare_cached(sql).or_journal()?;
    let place = select
        .query_row(params![key.carrier, key.waybill, key.parcel], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .or_journal()?;
    let Some((batch, position)) = place else { return Ok(None) };
    let batch = batch_number(connection, BatchId(batch))?.ok_or(JournalError::UnknownBatch)?;
    Ok(Some(RunningNumber { batch, position }))
}
