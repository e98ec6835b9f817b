//! Who works on a batch: one part of one process. A file beside the journal is locked by the system, which takes the lock
//! back when the process ends, however it ends.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

use crate::JournalError;
use crate::error::OrJournal;
use miandan_core::number::BatchNumber;

/// The right to work on a batch, until it is dropped.
pub(crate) struct Lock {
    path: PathBuf,
    // Closing it gives the lock back.
    _file: File,
}

impl Lock {
    pub(crate) fn take(journal: &Path, batch: BatchNumber) -> Result<Self, JournalError> {
        let mut path = journal.as_os_str().to_owned();
        path.push(format!(".{batch}.lock"));
        let path = PathBuf::from(path);
        loop {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&path).or_journal()?;
            match FileExt::try_lock(&file) {
                // Whoever had it before may have removed the file between our opening and our locking it.
                Ok(()) if still_there(&path, &file) => return Ok(Lock { path, _file: file }),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(JournalError::BatchBusy(batch)),
                Err(TryLockError::Error(error)) => return Err(JournalError::from_io(&error)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While the lock is still held: nobody else can be using the file. One that stays is used again, as it is where
        // there is no telling whether an open file is the one that has its name.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether the path names the file that is open.
#[cfg(unix)]
fn still_there(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(path), file.metadata()) {
        (Ok(named), Ok(open)) => (named.dev(), named.ino()) == (open.dev(), open.ino()),
        _ => false,
    }
}

/// Elsewhere none is removed.
#[cfg(not(unix))]
fn still_there(_: &Path, _: &File) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;

    use super::*;
    use miandan_core::number::Day;

    #[test]
    fn one_at_a_time_has_a_batch() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.db");
        let batch = |number| BatchNumber { day: Day::of(1_794_326_400), number };
        let first = Lock::take(&journal, batch(3)).unwrap();
        assert!(
            matches!(Lock::take(&journal, batch(3)), Err(JournalError::BatchBusy(busy)) if busy == batch(3))
        );
        let other = Lock::take(&journal, batch(4)).unwrap();
        drop((first, other));
        drop(Lock::take(&journal, batch(3)).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no file is left");
    }

    #[test]
    fn removing_the_file_lets_no_two_in() {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.db");
        let batch = BatchNumber { day: Day::of(0), number: 1 };
        let (inside, taken) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while taken.load(Ordering::SeqCst) < 200 {
                        if let Ok(_lock) = Lock::take(&journal, batch) {
                            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                            taken.fetch_add(1, Ordering::SeqCst);
                            thread::yield_now();
                            inside.fetch_sub(1, Ordering::SeqCst);
                        }
                    }
                });
            }
        });
    }
}
