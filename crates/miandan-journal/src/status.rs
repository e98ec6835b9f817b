//! How far a batch came, to be asked while it is being printed.

use rusqlite::params;

use crate::JournalError;
use crate::error::OrJournal;
use crate::label::{Batch, BatchId};
use crate::reader::{Reader, column, state_of};
use crate::state::State;
use miandan_core::number::RunningNumber;

/// How many labels are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; State::ALL.len()]);

/// How far a batch came. Of a place with reprints it is the latest copy that counts, so that the counts add up to the
/// number of labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The batch.
    pub batch: Batch,
    /// Its labels by state.
    pub counts: Counts,
    /// The same by the printer to which they were sent last, in the order of its name. Those that were never sent are in
    /// none.
    pub printers: Vec<(String, Counts)>,
    /// How many reprints were asked for.
    pub reprints: u32,
    /// How often something was sent, or begun to be.
    pub attempts: u32,
    /// The first and the last label that may be on paper.
    pub printed: Option<(RunningNumber, RunningNumber)>,
    /// When the first label was sent, in seconds since 1970.
    pub started: Option<u64>,
    /// When anything was recorded last.
    pub changed: u64,
}

impl Counts {
    /// How many labels are in a state.
    #[must_use]
    pub fn of(&self, state: State) -> u32 {
        self.0[state as usize]
    }

    pub(crate) fn add(&mut self, state: State, count: u32) {
        self.0[state as usize] += count;
    }

    /// How many there are in all.
    #[must_use]
    pub fn all(&self) -> u32 {
        self.0.iter().sum()
    }
}

impl Reader {
    /// How far a batch came.
    ///
    /// # Errors
    ///
    /// [`JournalError::UnknownBatch`], and all of the file's.
    pub fn status(&self, batch: BatchId) -> Result<Status, JournalError> {
        let batch = self.batch(batch)?;
        let mut status = Status {
            counts: Counts::default(),
            printers: Vec::new(),
            reprints: 0,
            attempts: 0,
            printed: None,
            started: None,
            changed: batch.planned,
            batch,
        };
        self.count(&mut status)?;
        let sql = "SELECT coalesce(sum(copy > 0), 0), coalesce(sum(attempts), 0), min(started), max(changed)
                   FROM prints WHERE batch = ?1";
        let mut select = self.connection.prepare_cached(sql).or_journal()?;
        let mut rows = select.query([status.batch.id.0]).or_journal()?;
        if let Some(row) = rows.next().or_journal()? {
            status.reprints = column(row, 0)?;
            status.attempts = column(row, 1)?;
            status.started = column(row, 2)?;
            status.changed = column::<Option<u64>>(row, 3)?.unwrap_or(status.changed);
        }
        Ok(status)
    }

    fn count(&self, status: &mut Status) -> Result<(), JournalError> {
        let sql = "SELECT p.printer, p.state, count(*), min(p.position), max(p.position) FROM prints AS p
                   CROSS JOIN labels AS l ON l.batch = p.batch AND l.position = p.position AND l.copies = p.copy
                   WHERE p.batch = ?1 GROUP BY p.printer, p.state ORDER BY p.printer";
        let mut select = self.connection.prepare_cached(sql).or_journal()?;
        let mut rows = select.query(params![status.batch.id.0]).or_journal()?;
        while let Some(row) = rows.next().or_journal()? {
            let (state, count) = (state_of(row, 1)?, column::<u32>(row, 2)?);
            status.counts.0[state as usize] += count;
            if let Some(printer) = column::<Option<String>>(row, 0)? {
                if status.printers.last().is_none_or(|(last, _)| *last != printer) {
                    status.printers.push((printer, Counts::default()));
                }
                if let Some((_, counts)) = status.printers.last_mut() {
                    counts.0[state as usize] += count;
                }
            }
            if state.may_be_on_paper() {
                let number = |position| RunningNumber { batch: status.batch.number, position };
                let (first, last) = (number(column(row, 3)?), number(column(row, 4)?));
                let (before, behind) = status.printed.unwrap_or((first, last));
                status.printed = Some((before.min(first), behind.max(last)));
            }
        }
        Ok(())
    }
}
