//! The file: its tables, how it is opened, and how it is known to be ours.
//!
//! `events` is what happened; `batches`, `labels` and `prints` follow from it and are there to be asked quickly.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::JournalError;
use crate::error::OrJournal;

/// "MNDJ", in the header of the file.
const APPLICATION: i64 = 0x4D4E_444A;

/// The version of the tables. A newer one is refused.
pub(crate) const VERSION: u32 = 1;

/// The append-only part.
pub(crate) const EVENTS: &str = "
CREATE TABLE events (
  seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, batch INTEGER NOT NULL, position INTEGER,
  copy INTEGER, day INTEGER, number INTEGER, name TEXT, carrier TEXT, waybill TEXT, parcel INTEGER,
  order_id TEXT, identity BLOB, content BLOB, printer TEXT, bytes BLOB, answers INTEGER, rung TEXT, operator TEXT,
  reason TEXT, hash BLOB NOT NULL
) STRICT;
CREATE INDEX events_of_a_label ON events (batch, position);
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
";

/// What follows from the events.
pub(crate) const DERIVED: &str = "
CREATE TABLE batches (
  id INTEGER PRIMARY KEY, day INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT,
  planned INTEGER NOT NULL, UNIQUE (day, number), UNIQUE (day, name)
) STRICT;
CREATE TABLE labels (
  batch INTEGER NOT NULL REFERENCES batches (id), position INTEGER NOT NULL, carrier TEXT NOT NULL,
  waybill TEXT NOT NULL, parcel INTEGER NOT NULL, order_id TEXT NOT NULL, identity BLOB NOT NULL,
  content BLOB NOT NULL, copies INTEGER NOT NULL,
  PRIMARY KEY (batch, position), UNIQUE (carrier, waybill, parcel)
) STRICT, WITHOUT ROWID;
CREATE INDEX labels_of_an_order ON labels (identity);
CREATE TABLE prints (
  batch INTEGER NOT NULL, position INTEGER NOT NULL, copy INTEGER NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL, printer TEXT, bytes BLOB, answers INTEGER, rung TEXT, operator TEXT, reason TEXT,
  started INTEGER, changed INTEGER NOT NULL,
  PRIMARY KEY (batch, position, copy), FOREIGN KEY (batch, position) REFERENCES labels (batch, position)
) STRICT, WITHOUT ROWID;
";

/// The derived tables, with how many of their columns are the key and how many there are.
pub(crate) const TABLES: [(&str, usize, usize); 3] = [("batches", 1, 5), ("labels", 2, 9), ("prints", 3, 13)];

pub(crate) const INSERT_EVENT: &str = "INSERT INTO events VALUES
  (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)";

/// Opens a journal to write, and makes it where there is none.
pub(crate) fn open(path: &Path, wait: Duration) -> Result<Connection, JournalError> {
    // One at a time in this process: POSIX takes all locks of a process on a file back when it closes the file once, and
    // what makes the file closes it.
    static OPENING: Mutex<()> = Mutex::new(());
    let _one = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    make_private(path)?;
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, wait)?;
    if !is_ours(&connection)? {
        create(&connection)?;
    }
    write_ahead(&connection)?;
    // A commit is on the disk when it is answered: on macOS, that takes an own kind of synchronisation.
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;")
        .or_journal()?;
    Ok(connection)
}

/// Opens a journal to read. Another process may write meanwhile.
pub(crate) fn open_to_read(path: &Path, wait: Duration) -> Result<Connection, JournalError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY, wait)?;
    if is_ours(&connection)? { Ok(connection) } else { Err(JournalError::NotAJournal) }
}

/// The file, if there is none yet, readable by its owner alone. SQLite gives its companions (`-wal`, `-shm`) the same
/// mode. One that is there is not opened here: see above.
fn make_private(path: &Path) -> Result<(), JournalError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop).or_journal(),
    }
}

fn connect(path: &Path, flags: OpenFlags, wait: Duration) -> Result<Connection, JournalError> {
    if std::fs::metadata(path).or_journal()?.is_dir() {
        return Err(JournalError::NotAJournal);
    }
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(path, flags).or_journal()?;
    connection.busy_timeout(wait).or_journal()?;
    connection.set_prepared_statement_cache_capacity(64);
    // A file that somebody prepared runs nothing.
    connection
        .execute_batch(
            "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;
             PRAGMA recursive_triggers = ON;",
        )
        .or_journal()?;
    Ok(connection)
}

/// Whether the file is a journal that this version knows. An empty file is not one yet.
fn is_ours(connection: &Connection) -> Result<bool, JournalError> {
    let sql = "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)
               FROM pragma_application_id, pragma_user_version";
    let (application, version, tables): (i64, i64, i64) =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).or_journal()?;
    match (application, version) {
        (0, 0) if tables == 0 => Ok(false),
        (APPLICATION, version) => match u32::try_from(version) {
            Ok(VERSION) => Ok(true),
            Ok(found) if found > VERSION => Err(JournalError::Newer { found, known: VERSION }),
            _ => Err(JournalError::NotAJournal),
        },
        _ => Err(JournalError::NotAJournal),
    }
}

fn create(connection: &Connection) -> Result<(), JournalError> {
    connection.execute_batch("BEGIN IMMEDIATE").or_journal()?;
    let made = match is_ours(connection) {
        // Another process was faster.
        Ok(true) => Ok(()),
        Ok(false) => connection
            .execute_batch(&format!(
                "{EVENTS}{DERIVED}PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"
            ))
            .or_journal(),
        Err(error) => Err(error),
    };
    match made {
        Ok(()) => connection.execute_batch("COMMIT").or_journal(),
        Err(error) => {
            // What matters is the first error; the connection is dropped after it.
            let _ = connection.execute_batch("ROLLBACK");
            Err(error)
        }
    }
}

fn write_ahead(connection: &Connection) -> Result<(), JournalError> {
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).or_journal()?;
    if mode == "wal" { Ok(()) } else { Err(JournalError::Unsuitable) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    const WAIT: Duration = Duration::from_secs(5);

    #[test]
    fn a_journal_is_made_once_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let connection = open(&path, WAIT).unwrap();
        assert!(is_ours(&connection).unwrap());
        let settings: (String, i64, i64) = connection
            .query_row(
                "SELECT journal_mode, synchronous, foreign_keys
                 FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(settings, ("wal".into(), 2, 1), "synchronous 2 is FULL");
        open(&path, WAIT).unwrap();
        open_to_read(&path, WAIT).unwrap();
        #[cfg(unix)]
        for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &fs::metadata(folder.path().join(name)).unwrap().permissions(),
            );
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn many_may_make_it_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let start = Barrier::new(8);
        thread::scope(|scope| {
            let opened: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        open(&path, WAIT).map(drop)
                    })
                })
                .collect();
            for one in opened {
                assert_eq!(one.join().unwrap(), Ok(()));
            }
        });
    }

    #[test]
    fn other_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let both = |name: &str| {
            let (write, read) = (open(&path(name), WAIT), open_to_read(&path(name), WAIT));
            assert_eq!(write.as_ref().err(), read.as_ref().err(), "{name}");
            write.map(drop)
        };
        fs::write(path("text"), "not a database, but long enough to be taken for one\n".repeat(40)).unwrap();
        assert_eq!(both("text"), Err(JournalError::NotAJournal));

        Connection::open(path("other")).unwrap().execute_batch("CREATE TABLE books (title TEXT)").unwrap();
        assert_eq!(both("other"), Err(JournalError::NotAJournal));

        open(&path("newer"), WAIT).unwrap().execute_batch("PRAGMA user_version = 7").unwrap();
        assert_eq!(both("newer"), Err(JournalError::Newer { found: 7, known: VERSION }));

        assert_eq!(open_to_read(&path("none"), WAIT).err(), Some(JournalError::Missing));
        assert_eq!(open(&path("no/folder"), WAIT).err(), Some(JournalError::Missing));
        fs::create_dir(path("folder")).unwrap();
        assert_eq!(both("folder"), Err(JournalError::NotAJournal));
        fs::write(path("empty"), "").unwrap();
        assert_eq!(open_to_read(&path("empty"), WAIT).err(), Some(JournalError::NotAJournal));
        open(&path("empty"), WAIT).unwrap();

        // A page in the middle is lost.
        drop(open(&path("torn"), WAIT).unwrap());
        let mut bytes = fs::read(path("torn")).unwrap();
        bytes[100..4096].fill(0x5A);
        fs::write(path("torn"), bytes).unwrap();
        assert!(matches!(both("torn"), Err(JournalError::Damaged(_))));
    }
}
