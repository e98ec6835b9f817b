//! A batch that is being worked on.

use std::collections::BTreeSet;

use crate::JournalError;
use crate::error::OrJournal;
use crate::event::{Event, Head, Kind};
use crate::journal::{self, Journal};
use crate::label::{Batch, BatchId, Known, NewLabel, PrintId, Transition, Verdict};
use crate::lock::Lock;
use crate::reader::{self, column, state_of};
use crate::resume::{Decision, Side, decide};
use crate::state::State;
use crate::text;
use crate::writer::Book;
use miandan_core::number::RunningNumber;

/// A batch that this part of this process alone works on, until it is dropped.
///
/// It may be shared between threads, one for each printer: what they record at once becomes durable at once.
pub struct OpenBatch {
    journal: Journal,
    batch: Batch,
    recovered: Recovered,
    _lock: Lock,
}

/// What was left half done by whoever worked on the batch before, and is `unknown` now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Labels that were being sent.
    pub interrupted: u32,
    /// Labels that were sent to a printer that can confirm, and did not.
    pub unconfirmed: u32,
}

/// What resuming from a number decided ([`decide`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resumed {
    /// Places before it that are confirmed now by the operator's word.
    pub confirmed: Vec<u32>,
    /// Places before it that surely did not print, and were not asked for.
    pub left: Vec<u32>,
    /// What is to be printed, in order: of some places for the first time, of others a further copy, with its mark.
    pub to_print: Vec<PrintId>,
}

/// What became of an order that was to be added to a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It has a place in the batch, for ever.
    Place(PrintId),
    /// The journal has its label already, in this batch or in another one: [`Known::Printed`] or [`Known::Conflict`].
    Known(Known),
    /// Its place has another label ([`OpenBatch::add_at`]).
    Taken,
}

impl OpenBatch {
    pub(crate) fn open(journal: Journal, batch: Batch, now: u64) -> Result<Self, JournalError> {
        let lock = Lock::take(journal.path(), batch.number)?;
        let id = batch.id;
        let recovered = journal.run(move |book| recover(book, id, now))?;
        Ok(OpenBatch { journal, batch, recovered, _lock: lock })
    }

    /// The batch.
    #[must_use]
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// What was left half done.
    #[must_use]
    pub fn recovered(&self) -> Recovered {
        self.recovered
    }

    /// The journal that it is in.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The number of a place of the batch, which every copy of its label bears.
    #[must_use]
    pub fn number(&self, position: u32) -> RunningNumber {
        RunningNumber { batch: self.batch.number, position }
    }

    /// Records a transition, at `now` in seconds since 1970, and answers when it is durable, with the head at that moment.
    ///
    /// `sending` is recorded before the first byte leaves; if that is an error, nothing may be sent.
    ///
    /// # Errors
    ///
    /// [`JournalError::BadTransition`] and [`JournalError::UnknownLabel`] if a label cannot come into the state,
    /// or if the rung of a confirmation is a person's; [`JournalError::Text`], and all of the file's. Nothing was recorded then.
    pub fn record(&self, print: PrintId, transition: Transition, now: u64) -> Result<Head, JournalError> {
        self.record_all(vec![(print, transition)], now)
    }

    /// Records several transitions, in their order: all of them, or none.
    ///
    /// # Errors
    ///
    /// As [`OpenBatch::record`].
    pub fn record_all(
        &self,
        transitions: Vec<(PrintId, Transition)>,
        now: u64,
    ) -> Result<Head, JournalError> {
        transitions.iter().try_for_each(|(_, transition)| transition.check())?;
        let batch = self.batch.id;
        self.journal.run(move |book| {
            for (print, transition) in &transitions {
                book.write(transition.event(batch, *print, now))?;
            }
            Ok(book.head())
        })
    }

    /// Adds orders to the batch, for who does not know all of them when it begins; answers for each of them, in their order,
    /// when it is durable. Of two with one label the second is known by then.
    ///
    /// [`OpenBatch::batch`] says how many there were when it was opened.
    ///
    /// # Errors
    ///
    /// [`JournalError::Text`], as [`Journal::plan`], and all of the file's. Nothing was added then.
    pub fn add(&self, labels: Vec<NewLabel>, now: u64) -> Result<Vec<Added>, JournalError> {
        labels.iter().try_for_each(NewLabel::check)?;
        let batch = self.batch.id;
        self.journal.run(move |book| {
            let mut last = last_position(book, batch)?;
            let mut added = Vec::with_capacity(labels.len());
            for label in &labels {
                added.push(match reader::look_up(book.connection, &label.key, &label.content)? {
                    Known::New => {
                        last = last.checked_add(1).ok_or(JournalError::Full)?;
                        let print = PrintId::first(last);
                        book.write(label.event(batch, print, now))?;
                        Added::Place(print)
                    }
                    known => Added::Known(known),
                });
            }
            Ok(added)
        })
    }

    /// Adds orders at places that somebody else has given them, from 1: this station's part of a batch that several share
    /// ([`Journal::join`]). Answers as [`OpenBatch::add`] does; places may stay empty.
    ///
    /// # Errors
    ///
    /// As [`OpenBatch::add`].
    pub fn add_at(&self, labels: Vec<(u32, NewLabel)>, now: u64) -> Result<Vec<Added>, JournalError> {
        labels.iter().try_for_each(|(_, label)| label.check())?;
        let batch = self.batch.id;
        self.journal.run(move |book| {
            let add = |(position, label): &(u32, NewLabel)| {
                Ok(match reader::look_up(book.connection, &label.key, &label.content)? {
                    Known::New if has_position(book, batch, *position)? => Added::Taken,
                    Known::New => {
                        let print = PrintId::first(*position);
                        book.write(label.event(batch, print, now))?;
                        Added::Place(print)
                    }
                    known => Added::Known(known),
                })
            };
            labels.iter().map(add).collect()
        })
    }

    /// Asks for labels to be printed again: the same number, the next copy, with its mark.
    ///
    /// Answers what is to be printed, in order. Of a place whose label surely did not print that is the label itself, for
    /// which no further copy is made.
    ///
    /// # Errors
    ///
    /// [`JournalError::Text`] without a reason or an operator, [`JournalError::UnknownLabel`] for a place that the batch
    /// does not have, [`JournalError::BeingSent`], and all of the file's. Nothing was recorded then.
    pub fn reprint(
        &self,
        positions: impl IntoIterator<Item = u32>,
        reason: &str,
        operator: &str,
        now: u64,
    ) -> Result<Vec<PrintId>, JournalError> {
        text::check(text::REASON, reason)?;
        text::check(text::OPERATOR, operator)?;
        let positions: BTreeSet<u32> = positions.into_iter().collect();
        let (batch, reason, operator) = (self.batch.id, reason.to_owned(), operator.to_owned());
        self.journal.run(move |book| {
            let mut to_print = Vec::with_capacity(positions.len());
            for position in positions {
                let (latest, state) = latest(book, batch, position)?;
                to_print.push(match decide(Side::From, state) {
                    Decision::PrintAgain => again(book, batch, latest, &reason, &operator, now)?,
                    _ => latest,
                });
            }
            Ok(to_print)
        })
    }

    /// Goes on from a number that an operator gave, with the label before it in the hand.
    ///
    /// # Errors
    ///
    /// As [`OpenBatch::reprint`].
    pub fn resume_from(
        &self,
        position: u32,
        reason: &str,
        operator: &str,
        now: u64,
    ) -> Result<Resumed, JournalError> {
        text::check(text::REASON, reason)?;
        text::check(text::OPERATOR, operator)?;
        let (batch, reason, operator) = (self.batch.id, reason.to_owned(), operator.to_owned());
        let unknown = JournalError::UnknownLabel { number: self.number(position), copy: 0 };
        self.journal.run(move |book| {
            if !(1..=last_position(book, batch)?).contains(&position) {
                return Err(unknown);
            }
            resume_from(book, batch, position, &reason, &operator, now)
        })
    }
}

/// Nobody works on the batch: what is half done stays so, and may be on paper.
fn recover(book: &mut Book<'_>, batch: BatchId, now: u64) -> Result<Recovered, JournalError> {
    let sql = "SELECT position, copy, state FROM prints
               WHERE batch = ?1 AND (state = 'sending' OR (state = 'sent' AND answers = 1)) ORDER BY position, copy";
    let mut recovered = Recovered::default();
    for (print, state) in prints(book, sql, batch)? {
        let (count, reason) = match state {
            State::Sending => (&mut recovered.interrupted, "interrupted"),
            _ => (&mut recovered.unconfirmed, "not confirmed"),
        };
        *count += 1;
        let event = Event::of(Kind::Change(State::Unknown), batch, now).print(print);
        book.write(Event { reason: Some(reason), ..event })?;
    }
    Ok(recovered)
}

fn resume_from(
    book: &mut Book<'_>,
    batch: BatchId,
    position: u32,
    reason: &str,
    operator: &str,
    now: u64,
) -> Result<Resumed, JournalError> {
    let sql = "SELECT p.position, p.copy, p.state FROM prints AS p
               CROSS JOIN labels AS l ON l.batch = p.batch AND l.position = p.position AND l.copies = p.copy
               WHERE p.batch = ?1 ORDER BY p.position";
    let mut resumed = Resumed::default();
    for (print, state) in prints(book, sql, batch)? {
        let side = if print.position < position { Side::Before } else { Side::From };
        match decide(side, state) {
            Decision::Leave if state.may_be_on_paper() => {}
            Decision::Leave => resumed.left.push(print.position),
            Decision::Confirm => {
                journal::settle(book, batch, print, Verdict::Printed, operator, reason, now)?;
                resumed.confirmed.push(print.position);
            }
            Decision::Print => resumed.to_print.push(print),
            Decision::PrintAgain => {
                resumed.to_print.push(again(book, batch, print, reason, operator, now)?);
            }
        }
    }
    Ok(resumed)
}

/// The next copy of a label.
fn again(
    book: &mut Book<'_>,
    batch: BatchId,
    latest: PrintId,
    reason: &str,
    operator: &str,
    now: u64,
) -> Result<PrintId, JournalError> {
    let next = PrintId { copy: latest.copy + 1, ..latest };
    let event = Event::of(Kind::Reprint, batch, now).print(next);
    book.write(Event { operator: Some(operator), reason: Some(reason), ..event })?;
    Ok(next)
}

/// The place of the last label of a batch.
fn last_position(book: &Book<'_>, batch: BatchId) -> Result<u32, JournalError> {
    let sql = "SELECT coalesce(max(position), 0) FROM labels WHERE batch = ?1";
    let mut select = book.connection.prepare_cached(sql).or_journal()?;
    select.query_row([batch.0], |row| row.get(0)).or_journal()
}

fn has_position(book: &Book<'_>, batch: BatchId, position: u32) -> Result<bool, JournalError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM labels WHERE batch = ?1 AND position = ?2)";
    let mut select = book.connection.prepare_cached(sql).or_journal()?;
    select.query_row((batch.0, position), |row| row.get(0)).or_journal()
}

fn latest(book: &Book<'_>, batch: BatchId, position: u32) -> Result<(PrintId, State), JournalError> {
    let sql = "SELECT copy, state FROM prints WHERE batch = ?1 AND position = ?2 ORDER BY copy DESC LIMIT 1";
    let mut select = book.connection.prepare_cached(sql).or_journal()?;
    let mut rows = select.query((batch.0, position)).or_journal()?;
    match rows.next().or_journal()? {
        Some(row) => Ok((PrintId { position, copy: column(row, 0)? }, state_of(row, 1)?)),
        None => {
            let number = RunningNumber { batch: journal::number(book, batch)?, position };
            Err(JournalError::UnknownLabel { number, copy: 0 })
        }
    }
}

/// Physical labels of a batch with their states: a few bytes each, since what is written next would disturb the query.
fn prints(book: &Book<'_>, sql: &str, batch: BatchId) -> Result<Vec<(PrintId, State)>, JournalError> {
    let mut select = book.connection.prepare_cached(sql).or_journal()?;
    let mut rows = select.query([batch.0]).or_journal()?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().or_journal()? {
        found.push((PrintId { position: column(row, 0)?, copy: column(row, 1)? }, state_of(row, 2)?));
    }
    Ok(found)
}
