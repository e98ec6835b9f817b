//! Files in place of a printer: one that grows by a label at a time, or a folder with a file for each.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::{SendError, Why};
use crate::{Delivery, Rung};

/// The ending of files with what a printer is sent, in whatever language.
const ENDING: &str = "prn";

const STORED: Delivery = Delivery { confirmation: Some(Rung::Stored) };

fn nothing_sent(error: &io::Error) -> SendError {
    SendError::NothingSent { why: Why::of(error) }
}

/// Appends a label. A label that does not fit is taken back: of a file it is known what it has.
pub(crate) fn append(path: &Path, label: &[u8]) -> Result<Delivery, SendError> {
    let mut file =
        OpenOptions::new().create(true).append(true).open(path).map_err(|error| nothing_sent(&error))?;
    if !file.metadata().map_err(|error| nothing_sent(&error))?.is_file() {
        return Err(SendError::NothingSent { why: Why::WrongKind });
    }
    let before = file.seek(SeekFrom::End(0)).map_err(|error| nothing_sent(&error))?;
    let written = file.write_all(label).and_then(|()| file.sync_data());
    written.map_err(|error| match file.set_len(before).and_then(|()| file.sync_data()) {
        Ok(()) => nothing_sent(&error),
        Err(_) => SendError::Uncertain { written: label.len() as u64, why: Why::of(&error) },
    })?;
    Ok(STORED)
}

/// Puts a label into a folder, as a file of its own that appears whole or not at all and takes the place of no other.
pub(crate) fn put(folder: &Path, job: &str, label: &[u8]) -> Result<Delivery, SendError> {
    let mut file = tempfile::Builder::new()
        .prefix(".unfinished-")
        .tempfile_in(folder)
        .map_err(|error| nothing_sent(&error))?;
    let written = file.write_all(label).and_then(|()| file.as_file().sync_data());
    written.map_err(|error| nothing_sent(&error))?;
    for number in 1u32.. {
        match file.persist_noclobber(name(folder, job, number)) {
            Ok(_) => break,
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => file = error.file,
            Err(error) => return Err(nothing_sent(&error.error)),
        }
    }
    // The name lasts when the folder is on the disk. Where folders cannot be opened, nothing more can be done.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(STORED)
}

/// The same job again gets another name: nothing that was printed is lost.
fn name(folder: &Path, job: &str, number: u32) -> PathBuf {
    let safe =
        |sign: char| if sign.is_ascii_alphanumeric() || sign == '-' || sign == '_' { sign } else { '_' };
    let mut name: String = job.chars().take(100).map(safe).collect();
    if name.is_empty() {
        name.push_str("label");
    }
    if number > 1 {
        name.push_str(&format!("-{number}"));
    }
    folder.join(format!("{name}.{ENDING}"))
}

/// Whether a folder is there and is one.
pub(crate) fn check_folder(folder: &Path) -> Result<(), Why> {
    match fs::metadata(folder) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(Why::WrongKind),
        Err(error) => Err(Why::of(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_grows_by_whole_labels() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels");
        for label in ["one", "two"] {
            assert_eq!(append(&path, label.as_bytes()), Ok(STORED));
        }
        assert_eq!(fs::read(&path).unwrap(), b"onetwo");
    }

    #[test]
    fn a_folder_takes_a_file_a_label_and_loses_none() {
        let folder = tempfile::tempdir().unwrap();
        for (job, label) in [("261111-003-012", "a"), ("261111-003-012", "b"), ("../x y", "c"), ("", "d")] {
            assert_eq!(put(folder.path(), job, label.as_bytes()), Ok(STORED));
        }
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("261111-003-012.prn"), "a");
        assert_eq!(read("261111-003-012-2.prn"), "b");
        assert_eq!(read("___x_y.prn"), "c");
        assert_eq!(read("label.prn"), "d");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    }

    #[test]
    fn what_is_not_there_was_sent_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing");
        let nothing = |why| Err(SendError::NothingSent { why });
        assert_eq!(append(&missing.join("labels"), b"label"), nothing(Why::Missing));
        assert_eq!(put(&missing, "job", b"label"), nothing(Why::Missing));
        assert_eq!(append(folder.path(), b"label"), nothing(Why::WrongKind));
        assert_eq!(check_folder(&missing), Err(Why::Missing));
    }

    /// A disk that is full before the first byte, as Linux plays it.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_is_no_file_to_append_to() {
        assert_eq!(
            append(Path::new("/dev/full"), b"label"),
            Err(SendError::NothingSent { why: Why::WrongKind })
        );
    }
}
