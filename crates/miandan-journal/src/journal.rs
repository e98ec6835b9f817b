//! The journal of a station, open to be written.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use crate::batch::OpenBatch;
use crate::error::OrJournal;
use crate::event::{Event, Head, Kind};
use crate::label::{Batch, BatchId, NewLabel, PrintId, Verdict};
use crate::reader::{self, Reader};
use crate::state::{Rung, State};
use crate::text::{self, TextProblem};
use crate::writer::{Book, Writer};
use crate::{JournalError, apply};
use miandan_core::number::{BatchNumber, Day, RunningNumber};

/// How long to wait for another process that writes.
pub const WAIT: Duration = Duration::from_secs(5);

/// The first number of batches that several stations share ([`Journal::join`]): the numbers below are those that a station gives
/// to batches of its own, so that the two do not meet.
pub const SHARED_FROM: u16 = 501;

/// A journal, open to be written. Cheap to clone; every clone writes through the same thread.
///
/// Several processes may have the same journal open; each of them works on other batches ([`Journal::open_batch`]).
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    // Closed in this order: whoever closes last puts the write-ahead log away, and who only reads cannot.
    reader: Mutex<Reader>,
    writer: Writer,
}

impl Journal {
    /// Opens a journal, and makes it where there is none: a file that its owner alone can read. Two more files stand
    /// beside it while it is open (`-wal`, `-shm`), and one for each batch that is being worked on (`.lock`). While it is
    /// open, this process must not open and close the file by other means: on POSIX that gives SQLite's locks away.
    ///
    /// # Errors
    ///
    /// All of the file's: what it is, who may open it, whether its newest event fits its hash.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        Self::open_waiting(path, WAIT)
    }

    /// [`Journal::open`], with another time to wait for other processes than [`WAIT`].
    ///
    /// # Errors
    ///
    /// As [`Journal::open`].
    pub fn open_waiting(path: &Path, wait: Duration) -> Result<Self, JournalError> {
        let writer = Writer::open(path, wait)?;
        // One name for what is locked, whatever way led to the file.
        let path = path.canonicalize().or_journal()?;
        let reader = Mutex::new(Reader::open_waiting(&path, wait)?);
        Ok(Journal { shared: Arc::new(Shared { path, writer, reader }) })
    }

    /// Opens a journal to read, from any process and at any time. Nothing is written, and nobody waits.
    ///
    /// # Errors
    ///
    /// As [`Journal::open`]; [`JournalError::Missing`] where there is none.
    pub fn read_only(path: &Path) -> Result<Reader, JournalError> {
        Reader::open_waiting(path, WAIT)
    }

    /// What can be asked. Others who ask wait while the answer is held: a long look has a reader of its own.
    pub fn reader(&self) -> MutexGuard<'_, Reader> {
        self.shared.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plans a batch: gives it and its labels their numbers, for ever. One transaction: all of it is durable, or nothing.
    ///
    /// The day is that of `now`, in seconds since 1970; the number is the next of that day, so none is used twice
    /// whatever a clock does. The orders are taken one by one in the thread that writes, so that a large batch need not be
    /// in memory; what makes them must not ask or write this journal.
    ///
    /// # Errors
    ///
    /// [`JournalError::NameTaken`] if a batch of the day has the name: ask [`Reader::same_orders`] whether it is the same
    /// one, and resume it. [`JournalError::AlreadyPlanned`] for the first order that the journal has; ask
    /// [`Reader::look_up`] before. [`JournalError::Text`], [`JournalError::NothingToPlan`], and all of the file's.
    pub fn plan<I>(&self, name: Option<&str>, labels: I, now: u64) -> Result<Batch, JournalError>
    where
        I: IntoIterator<Item = NewLabel>,
        I::IntoIter: Send + 'static,
    {
        check_name(name)?;
        let (name, labels) = (name.map(str::to_owned), labels.into_iter());
        self.shared.writer.run(move |book| plan(book, name, labels, now))
    }

    /// Begins a batch whose orders are not known yet, and opens it: [`OpenBatch::add`] gives them their numbers as they come.
    ///
    /// # Errors
    ///
    /// As [`Journal::plan`], as far as the name goes, and [`Journal::open_batch`].
    pub fn begin(&self, name: Option<&str>, now: u64) -> Result<OpenBatch, JournalError> {
        check_name(name)?;
        let name = name.map(str::to_owned);
        let batch = self.run(move |book| {
            let (id, number) = begin(book, name.as_deref(), now)?;
            Ok(Batch { id, number, name, count: 0, planned: now })
        })?;
        OpenBatch::open(self.clone(), batch, now)
    }

    /// Opens the part that this station has in a batch that somebody else has numbered, for all the stations that share it
    /// ([`OpenBatch::add_at`]); begins it if there is none yet. `name` says whose it is.
    ///
    /// # Errors
    ///
    /// [`JournalError::NumberTaken`] if the number is that of a batch with another name, or none; [`JournalError::NameTaken`]
    /// if another batch of that day has the name; and as [`Journal::open_batch`].
    pub fn join(&self, number: BatchNumber, name: &str, now: u64) -> Result<OpenBatch, JournalError> {
        check_name(Some(name))?;
        let name = name.to_owned();
        let id = self.run(move |book| match batch_numbered(book.connection, number)? {
            Some((id, other)) if other.as_deref() == Some(&*name) => Ok(id),
            Some(_) => Err(JournalError::NumberTaken(number)),
            None => match batch_named(book.connection, number.day, &name)? {
                Some(other) => Err(JournalError::NameTaken(other)),
                None => begin_as(book, number, Some(&name), now),
            },
        })?;
        self.open_batch(id, now)
    }

    /// Opens a batch to be worked on, which nobody else can until it is dropped, or the process has ended in whatever
    /// way. What was left half done is settled first: see [`crate::Recovered`].
    ///
    /// # Errors
    ///
    /// [`JournalError::BatchBusy`], [`JournalError::UnknownBatch`], and all of the file's.
    pub fn open_batch(&self, batch: BatchId, now: u64) -> Result<OpenBatch, JournalError> {
        let batch = self.reader().batch(batch)?;
        OpenBatch::open(self.clone(), batch, now)
    }

    /// Records what a person says of labels that are `unknown`, or that they scanned. It needs no open batch: no machine
    /// touches a label that is unknown.
    ///
    /// # Errors
    ///
    /// [`JournalError::BadTransition`] for a label of which there is no doubt; then nothing is recorded.
    /// [`JournalError::Text`] for an operator or a reason that is empty or too long.
    pub fn settle(
        &self,
        batch: BatchId,
        prints: &[PrintId],
        verdict: Verdict,
        operator: &str,
        reason: &str,
        now: u64,
    ) -> Result<(), JournalError> {
        text::check(text::OPERATOR, operator)?;
        text::check(text::REASON, reason)?;
        let (prints, operator, reason) = (prints.to_vec(), operator.to_owned(), reason.to_owned());
        self.run(move |book| {
            prints.iter().try_for_each(|print| settle(book, batch, *print, verdict, &operator, &reason, now))
        })
    }

    /// The newest event, to be written into a report ([`Reader::verify`]).
    ///
    /// # Errors
    ///
    /// All of the file's.
    pub fn head(&self) -> Result<Head, JournalError> {
        self.reader().head()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.shared.path
    }

    pub(crate) fn run<T, F>(&self, work: F) -> Result<T, JournalError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Book<'_>) -> Result<T, JournalError> + Send + 'static,
    {
        self.shared.writer.run(work)
    }
}

/// A person's word, as an event.
pub(crate) fn settle(
    book: &mut Book<'_>,
    batch: BatchId,
    print: PrintId,
    verdict: Verdict,
    operator: &str,
    reason: &str,
    now: u64,
) -> Result<(), JournalError> {
    let (to, rung) = match verdict {
        Verdict::Printed => (State::Confirmed, Some(Rung::Operator)),
        Verdict::Scanned => (State::Confirmed, Some(Rung::Scan)),
        Verdict::NotPrinted => (State::Failed, None),
    };
    let event = Event::of(Kind::Change(to), batch, now).print(print);
    let rung = rung.map(Rung::as_str);
    book.write(Event { rung, operator: Some(operator), reason: Some(reason), ..event })
}

fn plan(
    book: &mut Book<'_>,
    name: Option<String>,
    labels: impl Iterator<Item = NewLabel>,
    now: u64,
) -> Result<Batch, JournalError> {
    let connection = book.connection;
    let (id, number) = begin(book, name.as_deref(), now)?;
    let mut count = 0u32;
    for (index, label) in labels.enumerate() {
        label.check()?;
        if let Some(earlier) = reader::place_of(connection, &label.key)? {
            return Err(JournalError::AlreadyPlanned { index, earlier });
        }
        count = count.checked_add(1).ok_or(JournalError::Full)?;
        book.write(label.event(id, PrintId::first(count), now))?;
    }
    if count == 0 {
        return Err(JournalError::NothingToPlan);
    }
    Ok(Batch { id, number, name, count, planned: now })
}

/// A batch without labels.
fn begin(book: &mut Book<'_>, name: Option<&str>, now: u64) -> Result<(BatchId, BatchNumber), JournalError> {
    let number = next_number(book.connection, name, now)?;
    Ok((begin_as(book, number, name, now)?, number))
}

/// The same under a number that is free.
fn begin_as(
    book: &mut Book<'_>,
    number: BatchNumber,
    name: Option<&str>,
    now: u64,
) -> Result<BatchId, JournalError> {
    let sql = "SELECT coalesce(max(id), 0) + 1 FROM batches";
    let id = BatchId(book.connection.query_row(sql, [], |row| row.get(0)).or_journal()?);
    book.write(Event {
        day: Some(number.day.yymmdd().into()),
        number: Some(number.number.into()),
        name,
        ..Event::of(Kind::Batch, id, now)
    })?;
    Ok(id)
}

/// The batch of a number, with its name.
fn batch_numbered(
    connection: &Connection,
    number: BatchNumber,
) -> Result<Option<(BatchId, Option<String>)>, JournalError> {
    let sql = "SELECT id, name FROM batches WHERE day = ?1 AND number = ?2";
    let read = |row: &rusqlite::Row<'_>| Ok((BatchId(row.get(0)?), row.get(1)?));
    connection.query_row(sql, (number.day.yymmdd(), number.number), read).optional().or_journal()
}

/// The number of the batch that has a name on a day.
fn batch_named(connection: &Connection, day: Day, name: &str) -> Result<Option<BatchNumber>, JournalError> {
    let sql = "SELECT number FROM batches WHERE day = ?1 AND name = ?2";
    let number = connection.query_row(sql, (day.yymmdd(), name), |row| row.get(0)).optional().or_journal()?;
    Ok(number.map(|number| BatchNumber { day, number }))
}

/// The number of the first batch of a day, which one gets that is planned where there is no journal yet.
///
/// # Errors
///
/// [`JournalError::Text`] if no batch may have this name.
pub fn first_number(name: Option<&str>, now: u64) -> Result<BatchNumber, JournalError> {
    check_name(name)?;
    Ok(BatchNumber { day: Day::of(now), number: 1 })
}

/// The number that a batch of this name gets.
pub(crate) fn next_number(
    connection: &Connection,
    name: Option<&str>,
    now: u64,
) -> Result<BatchNumber, JournalError> {
    check_name(name)?;
    let day = Day::of(now);
    if let Some(name) = name
        && let Some(taken) = batch_named(connection, day, name)?
    {
        return Err(JournalError::NameTaken(taken));
    }
    // Numbers from `SHARED_FROM` on are given out by others, as long as there are enough below.
    let sql = "SELECT coalesce(max(number), 0) + 1 FROM batches WHERE day = ?1 AND number < ?2";
    let next = |below: u32| -> Result<u16, JournalError> {
        connection.query_row(sql, (day.yymmdd(), below), |row| row.get(0)).or_journal()
    };
    let number = match next(SHARED_FROM.into())? {
        SHARED_FROM => next(u32::MAX)?,
        number => number,
    };
    Ok(BatchNumber { day, number })
}

fn check_name(name: Option<&str>) -> Result<(), JournalError> {
    let Some(name) = name else { return Ok(()) };
    text::check(text::NAME, name)?;
    if name.parse::<BatchNumber>().is_ok() || name.parse::<RunningNumber>().is_ok() {
        return Err(JournalError::Text { field: "name", problem: TextProblem::Number });
    }
    Ok(())
}

/// The number of a batch, for those who have its id.
pub(crate) fn number(book: &Book<'_>, batch: BatchId) -> Result<BatchNumber, JournalError> {
    apply::batch_number(book.connection, batch)?.ok_or(JournalError::UnknownBatch)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::batch::Added;
    use crate::label::{Known, LabelKey, Transition};

    const NOW: u64 = 1_794_362_400;

    fn order(number: u32) -> NewLabel {
        let key = LabelKey { carrier: "YTO".into(), waybill: format!("YT{number:010}"), parcel: 0 };
        NewLabel { key, order_id: "O".into(), identity: [1; 32], content: [2; 32] }
    }

    /// What the connection that writes is told, outside of what is recorded.
    fn tell(journal: &Journal, pragma: &'static str) {
        journal.run(move |book| book.connection.execute_batch(pragma).or_journal()).unwrap();
    }

    /// Four printers push while the journal cannot be written: all are told why, and none of what they said is kept.
    fn all_are_told(pragma: &'static str, undo: &'static str, expected: &JournalError) {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let batch = journal.plan(None, (1..=4).map(order), NOW).unwrap();
        let open = journal.open_batch(batch.id, NOW).unwrap();
        let head = journal.head().unwrap();
        tell(&journal, pragma);
        let record = |position| {
            let print = PrintId::first(position);
            let bytes = [3; 32];
            open.record_all((0..400).map(|_| (print, Transition::Rendered { bytes })).collect(), NOW)
        };
        thread::scope(|scope| {
            let all: Vec<_> = (1..=4).map(|position| scope.spawn(move || record(position))).collect();
            for one in all {
                assert_eq!(one.join().unwrap().as_ref(), Err(expected));
            }
        });
        assert_eq!(journal.head().unwrap(), head);
        // The disk has room again.
        if !undo.is_empty() {
            tell(&journal, undo);
            record(1).unwrap();
        }
        assert!(journal.reader().verify(Some(head)).unwrap().is_whole());
    }

    #[test]
    fn batches_of_a_fleet_and_own_ones_do_not_meet() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let shared = |number| BatchNumber { day: Day::of(NOW), number };
        let open = journal.join(shared(501), "fleet 261111-501", NOW).unwrap();
        let place = |position| Added::Place(PrintId::first(position));
        let added = open.add_at(vec![(7, order(7)), (12, order(12)), (7, order(8))], NOW).unwrap();
        assert_eq!(added, [place(7), place(12), Added::Taken]);
        let again = open.add_at(vec![(3, order(7))], NOW).unwrap();
        assert!(
            matches!(&again[..], [Added::Known(Known::Printed(earlier))] if earlier.number.position == 7)
        );
        drop(open);

        assert_eq!(journal.plan(None, [order(1)], NOW).unwrap().number, shared(1));
        let other = journal.join(shared(1), "fleet 261111-001", NOW).err();
        assert_eq!(other, Some(JournalError::NumberTaken(shared(1))));
        let renamed = journal.join(shared(502), "fleet 261111-501", NOW).err();
        assert_eq!(renamed, Some(JournalError::NameTaken(shared(501))));
        // The same part once more, and a day of which nobody else knows.
        let open = journal.join(shared(501), "fleet 261111-501", NOW + 86_400).unwrap();
        assert_eq!(open.number(12).to_string(), "261111-501-012");
        assert_eq!(
            journal.reader().batch(open.batch().id).unwrap().count,
            12,
            "places, of which others have the rest"
        );
        assert!(journal.reader().verify(None).unwrap().is_whole());
    }

    #[test]
    fn after_five_hundred_batches_of_a_day_the_numbers_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let day = Day::of(NOW);
        drop(journal.join(BatchNumber { day, number: SHARED_FROM - 1 }, "a", NOW).unwrap());
        drop(journal.join(BatchNumber { day, number: 700 }, "b", NOW).unwrap());
        assert_eq!(journal.plan(None, [order(1)], NOW).unwrap().number.number, 701);
    }

    #[test]
    fn a_full_disk_is_told_to_all_and_loses_nothing() {
        // SQLite takes the pages that there are for a lower bound.
        all_are_told("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", &JournalError::Full);
    }

    #[test]
    fn a_disk_that_became_read_only_is_told_to_all() {
        all_are_told("PRAGMA query_only = ON", "", &JournalError::ReadOnly);
    }
}
