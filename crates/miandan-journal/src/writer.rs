//! The one thread that writes. Whatever waits when it is free becomes one transaction, so that ten printers pay for one
//! synchronisation of the disk and not for ten; nobody gets an answer before that is done.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use crate::apply::apply;
use crate::error::OrJournal;
use crate::event::{self, Event, Head};
use crate::{JournalError, schema};

/// How many callers one transaction serves. Far more than there are printers; a bound so that the first does not wait for
/// ever.
const GROUP: usize = 256;

/// The thread, and the way to it.
pub(crate) struct Writer {
    // `None` once it was told to end.
    jobs: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

/// The open transaction: what a job may do.
pub(crate) struct Book<'a> {
    pub(crate) connection: &'a Connection,
    head: Head,
}

/// What a caller waits for: done inside a transaction, answered after it.
trait Job: Send {
    fn work(&mut self, book: &mut Book<'_>) -> Result<(), JournalError>;
    fn answer(self: Box<Self>, result: Result<(), JournalError>);
}

struct Task<T, F> {
    work: Option<F>,
    done: Option<T>,
    reply: Sender<Result<T, JournalError>>,
}

impl Writer {
    pub(crate) fn open(path: &Path, wait: Duration) -> Result<Self, JournalError> {
        let connection = schema::open(path, wait)?;
        check_end(&connection)?;
        let (jobs, inbox) = channel();
        let thread = thread::Builder::new()
            .name("journal".into())
            .spawn(move || serve(&connection, &inbox))
            .or_journal()?;
        Ok(Writer { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Does something in a transaction, and answers when it is durable. When it is refused, what it wrote is undone and
    /// nothing else is; when the journal cannot be written, everybody who waited is told.
    pub(crate) fn run<T, F>(&self, work: F) -> Result<T, JournalError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Book<'_>) -> Result<T, JournalError> + Send + 'static,
    {
        let (reply, answer) = channel();
        let task = Box::new(Task { work: Some(work), done: None, reply });
        let jobs = self.jobs.as_ref().ok_or(JournalError::Stopped)?;
        jobs.send(task).map_err(|_| JournalError::Stopped)?;
        answer.recv().unwrap_or(Err(JournalError::Stopped))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // The file is closed when this returns. A thread that panicked has told its callers already.
            let _ = thread.join();
        }
    }
}

impl Book<'_> {
    /// Appends an event and makes the tables follow it.
    pub(crate) fn write(&mut self, event: Event<'_>) -> Result<(), JournalError> {
        let seq = self.head.seq + 1;
        let event = Event { seq: i64::try_from(seq).map_err(|_| JournalError::Full)?, ..event };
        apply(self.connection, &event)?;
        let hash = event.insert(self.connection, &self.head.hash)?;
        self.head = Head { seq, hash };
        Ok(())
    }

    /// The newest event.
    pub(crate) fn head(&self) -> Head {
        self.head
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnOnce(&mut Book<'_>) -> Result<T, JournalError> + Send,
{
    fn work(&mut self, book: &mut Book<'_>) -> Result<(), JournalError> {
        if let Some(work) = self.work.take() {
            self.done = Some(work(book)?);
        }
        Ok(())
    }

    fn answer(self: Box<Self>, result: Result<(), JournalError>) {
        let Task { done, reply, .. } = *self;
        // If it cannot be sent, nobody is there any more to whom it matters.
        let _ = reply.send(result.and_then(|()| done.ok_or(JournalError::Stopped)));
    }
}

fn serve(connection: &Connection, inbox: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = inbox.recv() {
        let mut jobs = vec![first];
        jobs.extend(inbox.try_iter().take(GROUP - 1));
        match commit(connection, &mut jobs) {
            Ok(results) => jobs.into_iter().zip(results).for_each(|(job, result)| job.answer(result)),
            Err(error) => {
                if !connection.is_autocommit() {
                    // If even this fails, the next BEGIN does too, and says so.
                    let _ = connection.execute_batch("ROLLBACK");
                }
                jobs.into_iter().for_each(|job| job.answer(Err(error.clone())));
            }
        }
    }
}

/// All jobs in one transaction. A refusal undoes one of them; any other error undoes all.
fn commit(
    connection: &Connection,
    jobs: &mut [Box<dyn Job>],
) -> Result<Vec<Result<(), JournalError>>, JournalError> {
    run(connection, "BEGIN IMMEDIATE")?;
    let mut book = Book { connection, head: head(connection)? };
    let mut results = Vec::with_capacity(jobs.len());
    for job in jobs {
        let before = book.head;
        run(connection, "SAVEPOINT job")?;
        let result = job.work(&mut book);
        match &result {
            Ok(()) => {}
            Err(error) if error.is_refusal() => {
                run(connection, "ROLLBACK TO job")?;
                book.head = before;
            }
            Err(error) => return Err(error.clone()),
        }
        run(connection, "RELEASE job")?;
        results.push(result);
    }
    run(connection, "COMMIT")?;
    Ok(results)
}

fn run(connection: &Connection, sql: &str) -> Result<(), JournalError> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute()).or_journal()?;
    Ok(())
}

/// The newest event. Read in each transaction: another process may have written since.
pub(crate) fn head(connection: &Connection) -> Result<Head, JournalError> {
    let sql = "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1";
    let mut select = connection.prepare_cached(sql).or_journal()?;
    let head = select.query_row([], |row| Ok(Head { seq: row.get(0)?, hash: row.get(1)? })).optional();
    Ok(head.or_journal()?.unwrap_or(Head::START))
}

/// Nothing is written behind an end that does not fit what is before it.
fn check_end(connection: &Connection) -> Result<(), JournalError> {
    let sql = format!(
        "SELECT {}, hash, (SELECT hash FROM events AS before WHERE before.seq < events.seq ORDER BY seq DESC LIMIT 1)
         FROM events ORDER BY seq DESC LIMIT 1",
        event::NAMES.join(", ")
    );
    let mut select = connection.prepare(&sql).or_journal()?;
    let mut rows = select.query([]).or_journal()?;
    let Some(row) = rows.next().or_journal()? else { return Ok(()) };
    let hash: [u8; 32] = row.get(event::COLUMNS).or_journal()?;
    let previous: Option<[u8; 32]> = row.get(event::COLUMNS + 1).or_journal()?;
    let expected = event::hash(&previous.unwrap_or(Head::START.hash), &event::columns_of(row)?);
    match hash == expected {
        true => Ok(()),
        false => Err(JournalError::Damaged("the newest event does not fit its hash".into())),
    }
}
