//! What can go wrong with a journal, each so that a caller can act on it.

use std::io;

use rusqlite::ErrorCode;

use crate::state::State;
use crate::text::TextProblem;
use miandan_core::number::{BatchNumber, RunningNumber};

/// Why the journal did not do what it was asked.
///
/// The first group is about the file: nothing was written, and nothing may be sent to a printer. The second is about what
/// was asked. None of them holds personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// There is no such file, or no such folder.
    #[error("there is no journal")]
    Missing,
    /// The file may not be read, or not be written, by this user.
    #[error("the journal may not be opened by this user")]
    NoAccess,
    /// The file is something else.
    #[error("the file is not a journal")]
    NotAJournal,
    /// The file was made by a newer version.
    #[error("the journal has version {found}, and this program knows {known}")]
    Newer {
        /// The version of the file.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// What is in the file cannot be, or was changed. [`crate::Reader::verify`] says what.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
    /// Another process writes, and did not end within the time to wait.
    #[error("the journal is in use by another process")]
    Locked,
    /// The disk is full.
    #[error("there is no room for the journal")]
    Full,
    /// The file or the file system is read-only.
    #[error("the journal is read-only")]
    ReadOnly,
    /// The file system cannot share memory between processes, as SQLite's write-ahead log needs: a network share.
    #[error("the journal cannot be on this file system")]
    Unsuitable,
    /// The system failed while it read or wrote.
    #[error("the journal cannot be read or written: {0}")]
    Io(String),
    /// The thread that writes has ended. A defect.
    #[error("the journal has stopped writing")]
    Stopped,
    /// SQLite refused something that it never should. A defect.
    #[error("defect in the journal: {0}")]
    Defect(String),

    /// Another process, or another part of this one, has the batch open.
    #[error("batch {0} is being worked on")]
    BatchBusy(BatchNumber),
    /// There is no such batch.
    #[error("there is no such batch")]
    UnknownBatch,
    /// Batches of several days have the name.
    #[error("{} batches have this name", .0.len())]
    AmbiguousName(Vec<BatchNumber>),
    /// A batch of that day has the name: it is to be resumed, or the new one needs another name.
    #[error("batch {0} of the same day has this name")]
    NameTaken(BatchNumber),
    /// The number of a batch that stations share is that of another one here.
    #[error("{0} is another batch")]
    NumberTaken(BatchNumber),
    /// A batch without orders.
    #[error("a batch needs at least one order")]
    NothingToPlan,
    /// A batch was to be planned with an order that the journal has.
    #[error("order {index} is {earlier} already")]
    AlreadyPlanned {
        /// Which of the orders given, from 0.
        index: usize,
        /// Where it stands; in the new batch if it was given twice.
        earlier: RunningNumber,
    },
    /// There is no such physical label.
    #[error("there is no label {number}, copy {copy}")]
    UnknownLabel {
        /// Its number.
        number: RunningNumber,
        /// Which copy.
        copy: u32,
    },
    /// The label cannot come from the state it is in to that one.
    #[error("label {number} is {from} and cannot become {to}")]
    BadTransition {
        /// Its number.
        number: RunningNumber,
        /// The state that it is in.
        from: State,
        /// The state that was asked for.
        to: State,
    },
    /// The label is being sent at this moment: it cannot be printed again before that is over.
    #[error("label {0} is being sent")]
    BeingSent(RunningNumber),
    /// A text cannot be taken.
    #[error("{field}: {problem}")]
    Text {
        /// Of what.
        field: &'static str,
        /// Why.
        problem: TextProblem,
    },
}

impl JournalError {
    /// Whether what was asked was wrong, and not the file: others who write at the same time are not concerned.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        use JournalError::*;
        matches!(
            self,
            BatchBusy(_)
                | UnknownBatch
                | AmbiguousName(_)
                | NameTaken(_)
                | NothingToPlan
                | AlreadyPlanned { .. }
                | UnknownLabel { .. }
                | BadTransition { .. }
                | BeingSent(_)
                | Text { .. }
        )
    }

    pub(crate) fn from_sqlite(error: &rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, message) = error else {
            // A column of a type that was never written, or text that is not UTF-8.
            return match error {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..) => JournalError::Damaged("a row cannot be read".into()),
                other => JournalError::Defect(other.to_string()),
            };
        };
        let message = || message.clone().unwrap_or_else(|| failure.to_string());
        match failure.code {
            ErrorCode::NotADatabase => JournalError::NotAJournal,
            ErrorCode::DatabaseCorrupt => JournalError::Damaged(message()),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => JournalError::Locked,
            ErrorCode::DiskFull => JournalError::Full,
            ErrorCode::ReadOnly => JournalError::ReadOnly,
            ErrorCode::PermissionDenied | ErrorCode::CannotOpen => JournalError::NoAccess,
            ErrorCode::SystemIoFailure | ErrorCode::FileLockingProtocolFailed | ErrorCode::OutOfMemory => {
                JournalError::Io(message())
            }
            _ => JournalError::Defect(message()),
        }
    }

    pub(crate) fn from_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => JournalError::Missing,
            io::ErrorKind::PermissionDenied => JournalError::NoAccess,
            io::ErrorKind::ReadOnlyFilesystem => JournalError::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => JournalError::Full,
            io::ErrorKind::IsADirectory => JournalError::NotAJournal,
            // Not the text of the error: it may name a path.
            kind => JournalError::Io(kind.to_string()),
        }
    }
}

/// The answers of SQLite and of the system, in our words. No `From`: what SQLite is called stays inside.
pub(crate) trait OrJournal<T> {
    fn or_journal(self) -> Result<T, JournalError>;
}

impl<T> OrJournal<T> for rusqlite::Result<T> {
    fn or_journal(self) -> Result<T, JournalError> {
        self.map_err(|error| JournalError::from_sqlite(&error))
    }
}

impl<T> OrJournal<T> for io::Result<T> {
    fn or_journal(self) -> Result<T, JournalError> {
        self.map_err(|error| JournalError::from_io(&error))
    }
}
