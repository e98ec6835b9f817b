//! Where a station's journal is, and what is kept beside it so that a batch can be gone on with: its orders, still sealed,
//! in the order of printing; its template; and how it is printed.
//!
//! Nothing here opens an order or writes the journal.

mod failures;

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use miandan_journal::{
    Batch, BatchId, BatchNumber, Journal, JournalError, Known, Print, PrintId, Reader, RunningNumber,
};
use miandan_print::{Orders, OrdersError, work};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

pub use failures::{folder_failure, journal_failure, no_place, positions, state};

use crate::console::Console;
use crate::exit::Failure;
use crate::files;
use crate::settings::{ChosenPrinter, Settings};

const ORDERS: &str = "orders.sealed.jsonl";
const TEMPLATE: &str = "template.xml";
const JOB: &str = "job.json";

/// How the name of a folder begins that has none yet.
const PREPARED: &str = ".new-";

/// Where the journal is: where the settings say, else `miandan/journal.db` in the user's folder for state (XDG Base
/// Directory Specification). `None` if the user has none.
pub fn journal_path(settings: &Settings) -> Option<PathBuf> {
    settings.journal.value.clone().or_else(|| Some(state_folder()?.join("miandan").join("journal.db")))
}

/// Where the journal is, for a command of which a path may have been typed.
pub fn find_journal(console: Console, typed: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(path) = typed {
        return Ok(path.to_path_buf());
    }
    let settings = Settings::find(console, None)?;
    journal_path(&settings).ok_or_else(|| no_place(console))
}

/// Opens the journal to write, and makes it and its folder if they are not there.
pub fn open_journal(console: Console, journal: &Path) -> Result<Journal, Failure> {
    if let Some(folder) = journal.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_private(folder).map_err(|error| files::unwritable(console, folder, &error))?;
    }
    Journal::open(journal).map_err(|error| journal_failure(console, journal, &error))
}

/// How many labels are asked for at once: what is read does not grow with the batch.
const CHUNK: u32 = 1_000;

/// What can be asked in chunks: at most so many labels of a batch, behind one of them.
pub type Question = fn(&Reader, BatchId, Option<PrintId>, u32) -> Result<Vec<Print>, JournalError>;

/// Goes through labels of a batch that are asked for in chunks.
pub fn each(
    reader: &Reader,
    batch: BatchId,
    ask: Question,
    failed: impl Fn(JournalError) -> Failure,
    mut take: impl FnMut(Print) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let chunk = ask(reader, batch, after, CHUNK).map_err(&failed)?;
        let Some(last) = chunk.last() else { return Ok(()) };
        after = Some(last.id);
        chunk.into_iter().try_for_each(&mut take)?;
    }
}

/// Every label that a question answers.
pub fn all(
    reader: &Reader,
    batch: BatchId,
    ask: Question,
    failed: impl Fn(JournalError) -> Failure,
) -> Result<Vec<PrintId>, Failure> {
    let mut found = Vec::new();
    each(reader, batch, ask, failed, |print| {
        found.push(print.id);
        Ok(())
    })?;
    Ok(found)
}

#[cfg(windows)]
fn state_folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("LOCALAPPDATA")?);
    folder.is_absolute().then_some(folder)
}

#[cfg(not(windows))]
fn state_folder() -> Option<PathBuf> {
    let folder = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = folder.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".local").join("state")))?;
    folder.is_absolute().then_some(folder)
}

/// How a batch is printed, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The name of a template that is shipped, or the path of one. What is printed is the template in the folder.
    pub template: String,
    /// The profile of printers that have none of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The printers, each with its place and its own profile.
    #[serde(default)]
    pub printers: Vec<ChosenPrinter>,
    /// The file with all labels, from the root; `-` is standard output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<PathBuf>,
    /// The folder with a file a label, from the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dir: Option<PathBuf>,
    /// The form of the labels, as `--format` has it; that of the first printer where they differ.
    pub format: String,
    /// Dots per inch, likewise.
    pub dpi: u32,
    /// What stands for a character that no font has, as `--missing-glyph` has it.
    pub missing_glyph: String,
    /// Fonts for characters that the bundled typeface lacks.
    #[serde(default)]
    pub fonts: Vec<PathBuf>,
}

/// Why the folder of a batch cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BatchFolderError {
    /// There is none: the batch was not planned by `print`, or somebody removed it.
    #[error("{} is not there", .0.display())]
    Missing(PathBuf),
    /// A file of it cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    /// It cannot be written.
    #[error("{} cannot be written: {error}", path.display())]
    Write { path: PathBuf, error: io::Error },
    /// A file of it is not what was written.
    #[error("{} is damaged: {why}", path.display())]
    Damaged { path: PathBuf, why: String },
}

/// The folder of a batch, `261111-003` in the folder of the journal's batches.
#[derive(Clone, Debug)]
pub struct BatchFolder {
    path: PathBuf,
}

/// What will be the folder of a batch once that has a number. If it is dropped before, it is gone.
pub struct PreparedFolder {
    folder: TempDir,
    parent: PathBuf,
}

impl BatchFolder {
    /// The folder of a batch of a journal, whether or not it is there.
    pub fn of(journal: &Path, batch: BatchNumber) -> Self {
        BatchFolder { path: batches_of(journal).join(batch.to_string()) }
    }

    /// The folder of a batch of a journal. If whoever planned the batch died before its folder had its name, it gets it now.
    pub fn find(journal: &Path, reader: &Reader, batch: &Batch) -> Result<Self, BatchFolderError> {
        let folder = BatchFolder::of(journal, batch.number);
        if !folder.path.exists()
            && let Some(prepared) = prepared_for(journal, reader, batch)
        {
            let failed = |error| BatchFolderError::Write { path: folder.path.clone(), error };
            fs::rename(prepared, &folder.path).map_err(failed)?;
            sync_folder(&batches_of(journal)).map_err(failed)?;
        }
        Ok(folder)
    }

    /// Writes everything down, durably, so that the batch only needs its number: `sequence` are the places of orders in the
    /// input, counted from 0, in the order of printing. Its owner alone can read it.
    pub fn prepare(
        journal: &Path,
        job: &Job,
        template: &[u8],
        orders: &Orders,
        sequence: &[u32],
    ) -> Result<PreparedFolder, BatchFolderError> {
        let parent = batches_of(journal);
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            move |error| BatchFolderError::Write { path, error }
        };
        make_private(&parent).map_err(failed(&parent))?;
        let folder = private_folder(&parent).map_err(failed(&parent))?;
        let path = folder.path().join(TEMPLATE);
        write(&path, |file| file.write_all(template)).map_err(failed(&path))?;
        let path = folder.path().join(JOB);
        write(&path, |file| serde_json::to_writer_pretty(file, job).map_err(io::Error::from))
            .map_err(failed(&path))?;
        let path = folder.path().join(ORDERS);
        let copied = write(&path, |file| {
            let mut buffer = Vec::new();
            for &order in sequence {
                for place in orders.read([order as usize], &mut buffer)? {
                    file.write_all(&buffer[place])?;
                }
                file.write_all(b"\n")?;
            }
            Ok(())
        });
        copied.map_err(failed(&path))?;
        sync_folder(folder.path()).map_err(failed(folder.path()))?;
        Ok(PreparedFolder { folder, parent })
    }

    /// The orders, in the order of printing: the first is that of position 1.
    pub fn orders(&self) -> Result<Orders, BatchFolderError> {
        let path = self.path.join(ORDERS);
        Orders::open(&path).map_err(|error| match error {
            OrdersError::Read(error) | OrdersError::Spool(error) => self.unread(path, error),
            _ => BatchFolderError::Damaged { path, why: error.to_string() },
        })
    }

    /// How the batch is printed.
    pub fn job(&self) -> Result<Job, BatchFolderError> {
        let path = self.path.join(JOB);
        let text = fs::read(&path).map_err(|error| self.unread(path.clone(), error))?;
        serde_json::from_slice(&text)
            .map_err(|error| BatchFolderError::Damaged { path, why: error.to_string() })
    }

    /// The template.
    pub fn template(&self) -> Result<Vec<u8>, BatchFolderError> {
        let path = self.path.join(TEMPLATE);
        fs::read(&path).map_err(|error| self.unread(path, error))
    }

    fn unread(&self, path: PathBuf, error: io::Error) -> BatchFolderError {
        if error.kind() == io::ErrorKind::NotFound && !self.path.exists() {
            BatchFolderError::Missing(self.path.clone())
        } else {
            BatchFolderError::Read { path, error }
        }
    }
}

impl PreparedFolder {
    /// Gives the folder its name, before the first label of the batch is sent.
    ///
    /// A folder of this name can only be that of a journal which was here before; it is put aside, not removed.
    pub fn name(self, batch: BatchNumber) -> Result<BatchFolder, BatchFolderError> {
        let path = self.parent.join(batch.to_string());
        let failed = |error| BatchFolderError::Write { path: path.clone(), error };
        if !self.folder.path().exists() {
            // Somebody who goes on with the batch was quicker.
            return Ok(BatchFolder { path });
        }
        if path.exists() {
            let aside =
                (1..).map(|n| self.parent.join(format!("{batch}.old-{n}"))).find(|path| !path.exists());
            fs::rename(&path, aside.unwrap_or_default()).map_err(failed)?;
        }
        // Renamed, it is not where it would be removed.
        fs::rename(self.folder.path(), &path).map_err(failed)?;
        let _ = self.folder.keep();
        sync_folder(&self.parent).map_err(failed)?;
        Ok(BatchFolder { path })
    }
}

/// The folder that was written down for a batch and never got its name: its orders are those that the journal has under the
/// numbers of the batch, all of them.
fn prepared_for(journal: &Path, reader: &Reader, batch: &Batch) -> Option<PathBuf> {
    let prepared = fs::read_dir(batches_of(journal)).ok()?.flatten();
    let prepared = prepared.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREPARED));
    prepared.map(|entry| entry.path()).find(|path| {
        let folder = BatchFolder { path: path.clone() };
        let Ok(orders) = folder.orders() else { return false };
        let mut buffer = Vec::new();
        orders.len() == batch.count as usize
            && (0..batch.count).all(|index| {
                let Ok(Ok(header)) = work::clear_header(&orders, index, &mut buffer) else { return false };
                let label = work::journal_label(&header);
                let number = RunningNumber { batch: batch.number, position: index + 1 };
                matches!(reader.look_up(&label.key, &label.content), Ok(Known::Printed(at)) if at.number == number)
            })
    })
}

/// `journal.batches` for `journal.db`.
fn batches_of(journal: &Path) -> PathBuf {
    journal.with_extension("batches")
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new folder that its owner alone can read, and that is gone if it is dropped.
fn private_folder(parent: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREPARED);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(parent)
}

/// A new file that its owner alone can read, on the disk when this returns.
fn write(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = BufWriter::new(options.open(path)?);
    content(&mut file)?;
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// The names in a folder are on the disk when this returns; elsewhere than on Unix a folder cannot be opened for it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use miandan_journal::Day;

    use super::*;

    fn job() -> Job {
        Job {
            template: "one-part-76x130".into(),
            printers: vec![ChosenPrinter {
                name: Some("desk".into()),
                uri: "socket://192.0.2.1:9100".into(),
                profile: Some("tsc".into()),
                carriers: vec!["SF".into()],
            }],
            format: "tspl".into(),
            dpi: 203,
            missing_glyph: "refuse".into(),
            ..Job::default()
        }
    }

    fn texts(orders: &Orders) -> Vec<String> {
        let mut buffer = Vec::new();
        let places = orders.read(0..orders.len(), &mut buffer).unwrap();
        places.into_iter().map(|place| String::from_utf8(buffer[place].to_vec()).unwrap()).collect()
    }

    #[test]
    fn a_folder_keeps_a_batch_as_it_is_printed() {
        let scratch = tempfile::tempdir().unwrap();
        let journal = scratch.path().join("journal.db");
        let batch = BatchNumber { day: Day::of(1_794_362_400), number: 3 };
        let folder = BatchFolder::of(&journal, batch);
        assert!(matches!(folder.orders(), Err(BatchFolderError::Missing(path)) if path == folder.path));

        let orders = Orders::spool(&b"one\ntwo\nthree"[..]).unwrap();
        let prepared = BatchFolder::prepare(&journal, &job(), b"<page/>", &orders, &[2, 0]).unwrap();
        let named = prepared.name(batch).unwrap();
        assert_eq!(named.path, scratch.path().join("journal.batches/261111-003"));
        assert_eq!(texts(&folder.orders().unwrap()), ["three", "one"]);
        assert_eq!((folder.job().unwrap(), folder.template().unwrap()), (job(), b"<page/>".to_vec()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&named.path), 0o700);
            assert_eq!(mode(named.path.parent().unwrap()), 0o700);
            for file in [ORDERS, TEMPLATE, JOB] {
                assert_eq!(mode(&named.path.join(file)), 0o600, "{file}");
            }
        }
        // Another journal in the same place takes nothing away.
        let prepared = BatchFolder::prepare(&journal, &job(), b"", &orders, &[1]).unwrap();
        prepared.name(batch).unwrap();
        assert_eq!(texts(&folder.orders().unwrap()), ["two"]);
        let old = BatchFolder { path: scratch.path().join("journal.batches/261111-003.old-1") };
        assert_eq!(texts(&old.orders().unwrap()), ["three", "one"]);
        // What never got a number leaves nothing.
        drop(BatchFolder::prepare(&journal, &job(), b"", &orders, &[1]).unwrap());
        assert_eq!(fs::read_dir(batches_of(&journal)).unwrap().count(), 2);
    }

    #[test]
    fn a_batch_from_before_printers_had_names_is_read() {
        let text = r#"{"template": "one-part-76x130", "profile": "tsc", "printers": ["SF=socket://192.0.2.1"], "format": "tspl", "dpi": 203, "missing_glyph": "refuse"}"#;
        let old: Job = serde_json::from_str(text).unwrap();
        let [printer] = &old.printers[..] else { panic!("one printer") };
        assert_eq!((printer.uri.as_str(), printer.label()), ("socket://192.0.2.1", "socket://192.0.2.1"));
        assert_eq!((&printer.carriers[..], &printer.profile), (&["SF".to_owned()][..], &None));
        assert_eq!(old.profile.as_deref(), Some("tsc"));
    }

    #[test]
    fn damage_is_named() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = BatchFolder { path: scratch.path().to_path_buf() };
        fs::write(scratch.path().join(JOB), "{\"template\":1}").unwrap();
        assert!(matches!(folder.job(), Err(BatchFolderError::Damaged { path, .. }) if path.ends_with(JOB)));
        fs::write(scratch.path().join(ORDERS), "\n").unwrap();
        assert!(matches!(folder.orders(), Err(BatchFolderError::Damaged { .. })));
        assert!(
            matches!(folder.template(), Err(BatchFolderError::Read { path, .. }) if path.ends_with(TEMPLATE))
        );
    }
}
