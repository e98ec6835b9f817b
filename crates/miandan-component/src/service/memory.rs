//! What the service remembers: the time, what components ask to be remembered, and the counts of prints.
//!
//! The folder is the service's own. A component's state is authenticated by the station's key as it is in library mode,
//! so that a folder that was copied from another station, or an older one put back by hand, is noticed as far as it can.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use miandan_core::Code;
use miandan_core::pipe::{PrintLimit, StateAnswer};

use super::counts::Counts;
use super::{clock, system};
use crate::complain;

/// The memory of a service.
pub(super) struct Memory {
    folder: PathBuf,
    kept: Mutex<Kept>,
    /// Held as long as the service runs.
    _lock: File,
}

struct Kept {
    /// The highest time that was seen, in seconds since 1970 (UTC).
    time: u64,
    /// The number of the component that is started next.
    next: u64,
    /// The number of the component whose state is kept. A component that started later has read newer lists, so the
    /// state of an earlier one never replaces its own.
    newest: u64,
    counts: Counts,
}

/// The folder that was named, else the one that systemd made (`StateDirectory=`, systemd.exec(5)).
pub(super) fn folder(named: Option<&Path>) -> Result<PathBuf, String> {
    let made = env::var_os("STATE_DIRECTORY").and_then(|folders| env::split_paths(&folders).next());
    let folder = named.map(Path::to_path_buf).or(made.filter(|folder| !folder.as_os_str().is_empty()));
    folder.ok_or_else(|| "systemd made no state directory; name one with --state-dir DIR".to_owned())
}

impl Memory {
    /// Opens the memory. `now` is the clock.
    ///
    /// # Errors
    /// A sentence: which file, and why.
    pub(super) fn open(folder: &Path, now: u64) -> Result<Self, String> {
        let said = |name: &str, error: io::Error| {
            let why = match error.kind() {
                io::ErrorKind::InvalidData => "it is damaged, or of another program".to_owned(),
                _ => error.to_string(),
            };
            format!("{} cannot be used: {why}", folder.join(name).display())
        };
        let permissions = fs::metadata(folder).map_err(|error| said("", error))?.permissions();
        if permissions.mode() & 0o077 != 0 {
            return Err(format!("others may use {}; set its mode to 0700", folder.display()));
        }
        let lock = create(&folder.join("lock")).map_err(|error| said("lock", error))?;
        if !system::lock(&lock) {
            return Err(format!("another service uses {}", folder.display()));
        }
        let seen = match fs::read_to_string(folder.join("time")) {
            Ok(text) => {
                text.trim_end().parse().map_err(|_| said("time", io::ErrorKind::InvalidData.into()))?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(said("time", error)),
        };
        let time = now.max(seen);
        let counts = Counts::open(&folder.join("counts"), time).map_err(|error| said("counts", error))?;
        let kept = Kept { time, next: 0, newest: 0, counts };
        Ok(Memory { folder: folder.to_path_buf(), kept: Mutex::new(kept), _lock: lock })
    }

    /// The time that counts, in seconds since 1970 (UTC): it never goes back.
    pub(super) fn now(&self) -> u64 {
        let mut kept = self.kept();
        kept.time = kept.time.max(clock::now());
        kept.time
    }

    /// Where a component finds what was to be remembered.
    pub(super) fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// The number of a component that is about to start.
    pub(super) fn number(&self) -> u64 {
        let mut kept = self.kept();
        kept.next += 1;
        kept.next
    }

    /// Keeps what the component of this number asks to be remembered.
    pub(super) fn keep(&self, number: u64, answer: &StateAnswer) {
        let mut kept = self.kept();
        kept.time = kept.time.max(answer.time);
        let replaced = if number >= kept.newest && !answer.state.is_empty() {
            kept.newest = number;
            self.replace("state", &answer.state)
        } else {
            Ok(())
        };
        let written = replaced.and_then(|()| self.replace("time", format!("{}\n", kept.time).as_bytes()));
        if let Err(error) = written {
            complain(&format!("warning: what a component remembers could not be kept: {error}\n"));
        }
    }

    /// Counts prints, and answers which labels may not leave and why; see [`Counts::take`].
    pub(super) fn count(&self, limits: &[PrintLimit]) -> Vec<(u16, Code)> {
        let mut kept = self.kept();
        let time = kept.time;
        kept.counts.take(limits, time)
    }

    /// Replaces a file. Who reads it sees the old one or the new one, whole.
    fn replace(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let path = self.folder.join(name);
        if fs::read(&path).is_ok_and(|kept| kept == content) {
            return Ok(());
        }
        let new = path.with_extension("new");
        let mut file = create(&new)?;
        file.set_len(0)?;
        file.write_all(content)?;
        fs::rename(new, path)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(folder: &Path, now: u64) -> Result<Memory, String> {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
        Memory::open(folder, now)
    }

    fn answer(state: &str, time: u64) -> StateAnswer {
        StateAnswer { state: state.as_bytes().to_vec(), time, status: vec![] }
    }

    #[test]
    fn the_state_of_an_earlier_component_never_replaces_that_of_a_later_one() {
        let folder = tempfile::tempdir().unwrap();
        let memory = memory(folder.path(), 5).unwrap();
        let (first, second) = (memory.number(), memory.number());
        memory.keep(first, &answer("first", 6));
        memory.keep(second, &answer("second", 7));
        memory.keep(first, &answer("first again", u64::MAX - 1));
        memory.keep(second, &answer("", 8));
        assert_eq!(fs::read_to_string(memory.state()).unwrap(), "second");
        assert_eq!(memory.now(), u64::MAX - 1, "its time counts all the same");
    }

    #[test]
    fn time_outlives_the_service() {
        let folder = tempfile::tempdir().unwrap();
        let far = 99_000_000_000;
        let first = memory(folder.path(), 5).unwrap();
        first.keep(first.number(), &answer("state", far));
        drop(first);
        assert_eq!(memory(folder.path(), 5).unwrap().now(), far);
    }

    #[test]
    fn a_folder_that_is_not_its_own_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let first = memory(folder.path(), 5).unwrap();
        assert!(memory(folder.path(), 5).is_err_and(|why| why.contains("another service")));
        drop(first);
        fs::write(folder.path().join("time"), "noon").unwrap();
        assert!(memory(folder.path(), 5).is_err_and(|why| why.contains("damaged")));
        fs::remove_file(folder.path().join("time")).unwrap();
        fs::write(folder.path().join("counts"), "none").unwrap();
        assert!(memory(folder.path(), 5).is_err_and(|why| why.contains("damaged")));
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o750)).unwrap();
        assert!(Memory::open(folder.path(), 5).is_err_and(|why| why.contains("0700")));
        assert!(Memory::open(&folder.path().join("none"), 5).is_err());
    }
}
