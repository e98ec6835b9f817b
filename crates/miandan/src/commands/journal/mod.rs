//! The commands that read a journal: how far batches came, what a person says of labels, what was scanned, the lists of a
//! batch, and whether the journal is what was written. None of them prints or opens an order.

mod integrity;
mod lists;
mod settle;
pub(super) mod shown;
mod status;
mod verify;

use std::path::PathBuf;

use miandan_journal::{Batch, BatchId, Journal, JournalError, Print, Reader};

pub use lists::run as picklist;
pub use settle::run as settle;
pub use shown::table_below;
pub use status::run as status;
pub use verify::run as scans;

use crate::args::{JournalCommand, JournalFile};
use crate::batches::{self, Question, find_journal, journal_failure};
use crate::console::Console;
use crate::exit::{Failure, Outcome};

pub fn run(console: Console, command: &JournalCommand) -> Outcome {
    match command {
        JournalCommand::Verify(arguments) => integrity::run(console, arguments),
    }
}

/// A journal to ask, while others may write it.
struct Asked {
    console: Console,
    path: PathBuf,
    reader: Reader,
}

impl Asked {
    fn open(console: Console, file: &JournalFile) -> Result<Self, Failure> {
        let path = find_journal(console, file.journal.as_deref())?;
        let reader = Journal::read_only(&path).map_err(|error| journal_failure(console, &path, &error))?;
        Ok(Asked { console, path, reader })
    }

    /// What the journal answered, or why not.
    fn said<T>(&self, answer: Result<T, JournalError>) -> Result<T, Failure> {
        answer.map_err(|error| journal_failure(self.console, &self.path, &error))
    }

    fn batch(&self, name: &str) -> Result<Batch, Failure> {
        self.said(self.reader.find(name))
    }

    /// Ends the asking and opens the journal to write what a person says. Who writes has to be the last to close it, or
    /// its write-ahead log stays behind.
    fn write<T>(self, work: impl FnOnce(&Journal) -> Result<T, JournalError>) -> Result<T, Failure> {
        let Asked { console, path, reader } = self;
        drop(reader);
        let done = Journal::open(&path).and_then(|journal| work(&journal));
        done.map_err(|error| journal_failure(console, &path, &error))
    }

    /// Goes through labels that are asked for in chunks.
    fn each(
        &self,
        batch: BatchId,
        ask: Question,
        take: impl FnMut(Print) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let failed = |error| journal_failure(self.console, &self.path, &error);
        batches::each(&self.reader, batch, ask, failed, take)
    }
}
