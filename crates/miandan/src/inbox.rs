//! A folder into which others put files to be printed: each is claimed, worked on, and put away with a word on what came of
//! it.
//!
//! ```text
//! in/orders-12.jsonl                                        put here by whoever has orders
//! in/processing/orders-12@k3fj9a/orders-12.jsonl            while it is printed
//! in/done/orders-12.jsonl, orders-12.jsonl.result.json      all of it was printed
//! in/failed/…                                               somebody has to look
//! ```
//!
//! A file changes its place by being renamed, so it is in one of them, whole, whatever happens. Who claims a file holds a
//! lock in its folder for as long as he lives: what is found there without one is of somebody who died, and is taken over.
//! Several programs may watch one folder, on one machine or, where the file system has locks, on several.
//!
//! Nothing here reads a file that is claimed.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use fs4::{FileExt, TryLockError};
use serde::{Deserialize, Serialize};
use tempfile::TempPath;

/// How long a file has to stay as it is before it is taken: who writes in place is not done before.
const SETTLED: Duration = Duration::from_secs(1);

/// A file that was begun so often and never ended is set aside: it may be what ends the program.
const MOST_ATTEMPTS: u32 = 3;

/// Beside the file that is claimed; held locked. No file that is claimed begins with a full stop.
const CLAIM: &str = ".claim";

/// What will be the folder of a claim. One that is older than this was left by somebody who died.
const NEW: &str = ".new-";
const MAKING: Duration = Duration::from_secs(60);

const PROCESSING: &str = "processing";

/// Where a file is put when it has been worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// All of it was printed.
    Done,
    /// Somebody has to look.
    Failed,
}

impl Place {
    /// The name of the folder.
    pub fn as_str(self) -> &'static str {
        match self {
            Place::Done => "done",
            Place::Failed => "failed",
        }
    }
}

/// The folder that is watched.
#[derive(Debug)]
pub struct Inbox {
    folder: PathBuf,
    /// What was seen of each file, and since when it is so.
    seen: HashMap<OsString, (Look, Instant)>,
}

/// What tells that a file has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    length: u64,
    changed: Option<SystemTime>,
}

/// What is written beside a file.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    attempts: u32,
}

/// A file that is ours until this is dropped, or put away.
#[derive(Debug)]
pub struct Claim {
    inbox: PathBuf,
    folder: PathBuf,
    file: OsString,
    note: Note,
    taken_over: bool,
    // Closing it gives the claim back.
    lock: File,
}

impl Inbox {
    /// Watches a folder, and makes the folders in it.
    ///
    /// # Errors
    /// If it is not there or cannot be written.
    pub fn open(folder: &Path) -> io::Result<Self> {
        if !fs::metadata(folder)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        for name in [PROCESSING, Place::Done.as_str(), Place::Failed.as_str()] {
            let made = fs::create_dir(folder.join(name));
            made.or_else(|error| if folder.join(name).is_dir() { Ok(()) } else { Err(error) })?;
        }
        Ok(Inbox { folder: folder.to_path_buf(), seen: HashMap::new() })
    }

    /// A file that somebody began with who is not there any more.
    ///
    /// # Errors
    /// If the folder cannot be read or written.
    pub fn take_over(&mut self) -> io::Result<Option<Claim>> {
        for entry in fs::read_dir(self.folder.join(PROCESSING))? {
            let entry = entry?;
            // Who makes a folder has not locked it yet.
            let is_new = entry.file_name().to_string_lossy().starts_with(NEW);
            let Ok(found) = entry.metadata() else { continue };
            let age = found.modified().ok().and_then(|changed| changed.elapsed().ok()).unwrap_or_default();
            if found.is_dir()
                && (!is_new || age > MAKING)
                && let Some(claim) = self.take_over_folder(&entry.path())?
            {
                return Ok(Some(claim));
            }
        }
        Ok(None)
    }

    fn take_over_folder(&self, folder: &Path) -> io::Result<Option<Claim>> {
        let opened = OpenOptions::new().read(true).write(true).open(folder.join(CLAIM));
        let Ok(mut lock) = opened else { return Ok(None) };
        if !try_lock(&lock)? || !folder.join(CLAIM).exists() {
            return Ok(None);
        }
        let mut text = Vec::new();
        lock.read_to_end(&mut text)?;
        let mut note = serde_json::from_slice(&text).unwrap_or(Note { attempts: 0 });
        let Some(file) = claimed_file(folder)? else {
            // It ended between making the folder and taking the file, or between putting the file away and removing the
            // folder.
            fs::remove_file(folder.join(CLAIM))?;
            let _ = fs::remove_dir(folder);
            return Ok(None);
        };
        note.attempts += 1;
        write_note(&mut lock, &note)?;
        let (inbox, folder) = (self.folder.clone(), folder.to_path_buf());
        Ok(Some(Claim { inbox, folder, file, note, taken_over: true, lock }))
    }

    /// The file that has been there for the longest time and is not being written any more, claimed.
    ///
    /// # Errors
    /// If the folder cannot be read or written.
    pub fn take(&mut self, now: Instant) -> io::Result<Option<Claim>> {
        let mut ready = Vec::new();
        let mut there = HashMap::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            // Neither links, which may lead anywhere, nor pipes, which may never end.
            let Ok(found) = entry.metadata() else { continue };
            if !found.is_file() || is_unfinished(&name) {
                continue;
            }
            let look = Look { length: found.len(), changed: found.modified().ok() };
            let since = match self.seen.get(&name) {
                Some(&(before, since)) if before == look => since,
                _ => now,
            };
            if now.duration_since(since) >= SETTLED {
                ready.push((look.changed, name.clone()));
            }
            there.insert(name, (look, since));
        }
        self.seen = there;
        ready.sort();
        for (_, name) in ready {
            self.seen.remove(&name);
            if let Some(claim) = self.claim(&name)? {
                return Ok(Some(claim));
            }
        }
        Ok(None)
    }

    /// Moves a file where it is ours. `None` if somebody else was first.
    fn claim(&self, name: &OsStr) -> io::Result<Option<Claim>> {
        let processing = self.folder.join(PROCESSING);
        // Under a name that nobody looks at until it is locked.
        let made = tempfile::Builder::new().prefix(NEW).tempdir_in(&processing)?;
        let mut lock =
            OpenOptions::new().read(true).write(true).create_new(true).open(made.path().join(CLAIM))?;
        if !try_lock(&lock)? {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let note = Note { attempts: 1 };
        write_note(&mut lock, &note)?;
        let random = made.path().file_name().unwrap_or_default().to_string_lossy().replacen(NEW, "", 1);
        let folder = processing.join(format!("{}@{random}", speakable(name)));
        fs::rename(made.path(), &folder)?;
        let _ = made.keep();
        match fs::rename(self.folder.join(name), folder.join(name)) {
            Ok(()) => {
                let (inbox, file) = (self.folder.clone(), name.to_owned());
                Ok(Some(Claim { inbox, folder, file, note, taken_over: false, lock }))
            }
            Err(error) => {
                fs::remove_file(folder.join(CLAIM))?;
                fs::remove_dir(&folder)?;
                if error.kind() == io::ErrorKind::NotFound { Ok(None) } else { Err(error) }
            }
        }
    }
}

/// The file in the folder of a claim.
fn claimed_file(folder: &Path) -> io::Result<Option<OsString>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && !is_unfinished(&entry.file_name()) {
            return Ok(Some(entry.file_name()));
        }
    }
    Ok(None)
}

impl Claim {
    /// What the file is called.
    pub fn file_name(&self) -> &OsStr {
        &self.file
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.join(&self.file)
    }

    /// A name that no other claim has, and that its batch is given.
    pub fn name(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether somebody began with it before.
    pub fn is_taken_over(&self) -> bool {
        self.taken_over
    }

    /// Whether it was begun so often that it had better not be begun again.
    pub fn is_poison(&self) -> bool {
        self.note.attempts > MOST_ATTEMPTS
    }

    /// Puts the file away, with what came of it beside it, and answers where it is now. Nothing is written over: where
    /// there is a file of this name already, this one is called `name~2`.
    ///
    /// # Errors
    /// If it cannot be moved. It is still claimed then.
    pub fn put_away(self, place: Place, result: &[u8]) -> io::Result<PathBuf> {
        let to = self.inbox.join(place.as_str());
        let name = Path::new(&self.file);
        let mut number = 1;
        let mut from = self.path();
        let put = loop {
            let target = to.join(numbered(name, number));
            match TempPath::try_from_path(from)?.persist_noclobber(&target) {
                Ok(()) => break target,
                Err(refused) => {
                    let error = refused.error;
                    // It would be removed otherwise.
                    from = refused.path.keep()?;
                    if error.kind() != io::ErrorKind::AlreadyExists {
                        return Err(error);
                    }
                    number += 1;
                }
            }
        };
        let mut written = tempfile::Builder::new().prefix(".").suffix(".unfinished").tempfile_in(&to)?;
        written.write_all(result)?;
        let mut name = put.file_name().unwrap_or_default().to_owned();
        name.push(".result.json");
        written.persist(to.join(name)).map_err(|refused| refused.error)?;
        fs::remove_file(self.folder.join(CLAIM))?;
        drop(self.lock);
        let _ = fs::remove_dir(&self.folder);
        Ok(put)
    }

    /// Gives the file up, to be gone on with by whoever comes next; that it was begun this time does not count.
    ///
    /// # Errors
    /// If it cannot be noted.
    pub fn release(mut self) -> io::Result<()> {
        self.note.attempts -= 1;
        write_note(&mut self.lock, &self.note)
    }
}

/// Whether a name says that somebody is still writing, or wants a file not to be seen.
fn is_unfinished(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_lowercase();
    let endings = [".tmp", ".temp", ".part", ".partial", ".crdownload", ".unfinished", ".lock", "~"];
    name.starts_with('.') || endings.iter().any(|ending| name.ends_with(ending))
}

/// The name of a file without its ending, as it may stand in a journal and on a terminal.
fn speakable(name: &OsStr) -> String {
    let stem = Path::new(name).file_stem().unwrap_or(name).to_string_lossy();
    stem.chars()
        .take(40)
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ') { c } else { '_' })
        .collect()
}

/// `orders~2.jsonl`, of the second `orders.jsonl`.
fn numbered(name: &Path, number: u32) -> OsString {
    if number == 1 {
        return name.as_os_str().to_owned();
    }
    let mut numbered = name.file_stem().unwrap_or_default().to_owned();
    numbered.push(format!("~{number}"));
    if let Some(ending) = name.extension() {
        numbered.push(".");
        numbered.push(ending);
    }
    numbered
}

fn try_lock(file: &File) -> io::Result<bool> {
    match FileExt::try_lock(file) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Over what was there, so that who dies in between leaves one or the other.
fn write_note(file: &mut File, note: &Note) -> io::Result<()> {
    let text = serde_json::to_vec(note)?;
    file.rewind()?;
    file.write_all(&text)?;
    file.set_len(text.len() as u64)?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox(folder: &Path) -> Inbox {
        Inbox::open(folder).unwrap()
    }

    /// Looks twice, long enough apart.
    fn take(inbox: &mut Inbox) -> Option<Claim> {
        let now = Instant::now();
        assert!(inbox.take(now).unwrap().is_none(), "nothing is taken at first sight");
        inbox.take(now + SETTLED).unwrap()
    }

    #[test]
    fn a_file_goes_from_hand_to_hand() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        let mut inbox = inbox(folder);
        fs::write(folder.join("orders 1.jsonl"), "one").unwrap();
        let claim = take(&mut inbox).unwrap();
        assert!(!folder.join("orders 1.jsonl").exists());
        assert_eq!(fs::read(claim.path()).unwrap(), b"one");
        assert!(claim.name().starts_with("orders 1@") && claim.name().len() > 12, "{}", claim.name());
        assert!(!claim.is_taken_over());
        let put = claim.put_away(Place::Done, b"{}").unwrap();
        assert_eq!(put, folder.join("done/orders 1.jsonl"));
        assert_eq!(fs::read(folder.join("done/orders 1.jsonl.result.json")).unwrap(), b"{}");
        assert_eq!(fs::read_dir(folder.join(PROCESSING)).unwrap().count(), 0);

        // The same name again takes nothing away.
        fs::write(folder.join("orders 1.jsonl"), "two").unwrap();
        let put = take(&mut inbox).unwrap().put_away(Place::Done, b"[]").unwrap();
        assert_eq!(put, folder.join("done/orders 1~2.jsonl"));
        assert_eq!(fs::read(put).unwrap(), b"two");
        assert_eq!(fs::read(folder.join("done/orders 1.jsonl")).unwrap(), b"one");
        assert_eq!(fs::read(folder.join("done/orders 1~2.jsonl.result.json")).unwrap(), b"[]");
    }

    #[test]
    fn what_is_being_written_is_not_taken() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        let mut inbox = inbox(folder);
        let begun = Instant::now();
        for name in [".hidden", "a.part", "b.TMP", "c~", "d.unfinished"] {
            fs::write(folder.join(name), "x").unwrap();
        }
        fs::create_dir(folder.join("sub")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/dev/zero", folder.join("link")).unwrap();
        fs::write(folder.join("slow"), "1").unwrap();
        for second in 0..4 {
            assert!(inbox.take(begun + SETTLED * second).unwrap().is_none());
            fs::write(folder.join("slow"), "1".repeat(second as usize + 2)).unwrap();
        }
        assert!(inbox.take(begun + SETTLED * 4).unwrap().is_none());
        let claim = inbox.take(begun + SETTLED * 5).unwrap().unwrap();
        assert_eq!(claim.file_name(), "slow");
        assert!(inbox.take(begun + SETTLED * 9).unwrap().is_none());
    }

    #[test]
    fn the_first_that_came_is_the_first_that_is_taken() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        let mut inbox = inbox(folder);
        for (name, age) in [("a", 10), ("b", 30), ("c", 20)] {
            let file = File::create(folder.join(name)).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000 - age)).unwrap();
        }
        let now = Instant::now();
        inbox.take(now).unwrap();
        let taken: Vec<_> = (0..3).map(|_| inbox.take(now + SETTLED).unwrap().unwrap()).collect();
        assert_eq!(taken.iter().map(Claim::file_name).collect::<Vec<_>>(), ["b", "c", "a"]);
    }

    #[test]
    fn one_of_many_gets_a_file() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        let names: Vec<_> = (0..40).map(|n| format!("{n}.jsonl")).collect();
        for name in &names {
            fs::write(folder.join(name), name).unwrap();
        }
        let taken = std::thread::scope(|scope| {
            let watchers: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let mut inbox = inbox(folder);
                        let mut taken = Vec::new();
                        let mut now = Instant::now();
                        for _ in 0..60 {
                            now += SETTLED;
                            while let Some(claim) = inbox.take(now).unwrap() {
                                assert!(inbox.take_over().unwrap().is_none(), "the others live");
                                taken.push(fs::read_to_string(claim.path()).unwrap());
                                claim.put_away(Place::Failed, b"").unwrap();
                            }
                        }
                        taken
                    })
                })
                .collect();
            let mut taken: Vec<_> =
                watchers.into_iter().flat_map(|watcher| watcher.join().unwrap()).collect();
            taken.sort();
            taken
        });
        let mut names = names;
        names.sort();
        assert_eq!(taken, names);
    }

    #[test]
    fn what_a_dead_one_left_is_taken_over_and_not_for_ever() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path();
        let mut inbox = inbox(folder);
        fs::write(folder.join("orders.jsonl"), "one").unwrap();
        let claim = take(&mut inbox).unwrap();
        let name = claim.name();
        assert!(inbox.take_over().unwrap().is_none(), "who claimed it lives");
        // Given up in good order: as often as anybody likes.
        claim.release().unwrap();
        for _ in 0..5 {
            let claim = inbox.take_over().unwrap().unwrap();
            assert_eq!((claim.name(), claim.is_poison()), (name.clone(), false));
            claim.release().unwrap();
        }
        // Died with it.
        drop(inbox.take_over().unwrap().unwrap());
        for poison in [false, false, true] {
            let claim = inbox.take_over().unwrap().unwrap();
            assert_eq!((claim.is_taken_over(), claim.is_poison()), (true, poison));
            assert_eq!(fs::read(claim.path()).unwrap(), b"one");
        }
        // An empty folder is nobody's.
        let claim = inbox.take_over().unwrap().unwrap();
        fs::remove_file(claim.path()).unwrap();
        drop(claim);
        assert!(inbox.take_over().unwrap().is_none());
        assert_eq!(fs::read_dir(folder.join(PROCESSING)).unwrap().count(), 0);
    }
}
