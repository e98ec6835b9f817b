//! All that ever happened to a label: for whoever asks who reprinted it, when, and why.

use crate::JournalError;
use crate::error::OrJournal;
use crate::label::BatchId;
use crate::reader::{Reader, column};
use crate::state::{Rung, State};

/// One thing that happened to a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number of the event in the journal.
    pub seq: u64,
    /// When, in seconds since 1970, by the clock of that moment.
    pub time: u64,
    /// To which copy.
    pub copy: u32,
    /// What.
    pub happened: Happened,
    /// Where it was to be sent.
    pub printer: Option<String>,
    /// SHA-256 of what was made, or sent.
    pub bytes: Option<[u8; 32]>,
    /// What confirmed it.
    pub rung: Option<Rung>,
    /// The person who decided it.
    pub operator: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// What happened to a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Its batch was planned.
    Planned,
    /// A further copy was asked for.
    AskedAgain,
    /// It came into a state.
    Became(State),
}

impl Reader {
    /// All that happened to the label at a place of a batch, its reprints included, in order. Empty where there is none.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn history(&self, batch: BatchId, position: u32) -> Result<Vec<Entry>, JournalError> {
        let sql = "SELECT seq, time, copy, kind, printer, bytes, rung, operator, reason FROM events
                   WHERE batch = ?1 AND position = ?2 ORDER BY seq";
        let mut select = self.connection.prepare_cached(sql).or_journal()?;
        let mut rows = select.query((batch.0, position)).or_journal()?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next().or_journal()? {
            let (kind, rung): (String, Option<String>) = (column(row, 3)?, column(row, 6)?);
            let unheard = || JournalError::Damaged("an event of a kind that there is not".into());
            entries.push(Entry {
                seq: column(row, 0)?,
                time: column(row, 1)?,
                copy: column(row, 2)?,
                happened: match kind.as_str() {
                    "label" => Happened::Planned,
                    "reprint" => Happened::AskedAgain,
                    state => State::from_name(state).map(Happened::Became).ok_or_else(unheard)?,
                },
                printer: column(row, 4)?,
                bytes: column(row, 5)?,
                rung: rung.and_then(|name| Rung::from_name(&name)),
                operator: column(row, 7)?,
                reason: column(row, 8)?,
            });
        }
        Ok(entries)
    }
}
