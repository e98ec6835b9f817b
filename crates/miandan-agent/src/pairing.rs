//! Web pages that a person has let in, and those that wait for it.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use crate::origin::Origin;

/// Pages that wait at most, and for how long: who wants to be let in tries again, and a page that knocks in a thousand names
/// pushes nobody out but itself.
const WAITING: usize = 32;
const WAIT: Duration = Duration::from_secs(900);

/// Pages that may be let in.
const PAIRED: usize = 1_000;

/// Who was let in, and who waits.
pub(crate) struct Pairings {
    file: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    paired: BTreeSet<Origin>,
    waiting: VecDeque<(Origin, Instant)>,
}

impl Pairings {
    /// Reads who was let in: a line for each origin.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let file = folder.join("origins");
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let paired = text.lines().filter_map(|line| Origin::parse(line.trim())).collect();
        Ok(Pairings { file, state: Mutex::new(State { paired, ..State::default() }) })
    }

    pub(crate) fn is_paired(&self, origin: &Origin) -> bool {
        self.lock().paired.contains(origin)
    }

    /// A page wants to be let in.
    pub(crate) fn knocked(&self, origin: &Origin) {
        let mut state = self.lock();
        state.forget();
        state.waiting.retain(|(waiting, _)| waiting != origin);
        if state.waiting.len() == WAITING {
            state.waiting.pop_front();
        }
        state.waiting.push_back((origin.clone(), Instant::now()));
    }

    /// Pages that wait, the one that knocked last in the end.
    pub(crate) fn waiting(&self) -> Vec<Origin> {
        let mut state = self.lock();
        state.forget();
        state.waiting.iter().map(|(origin, _)| origin.clone()).collect()
    }

    /// Pages that were let in.
    pub(crate) fn paired(&self) -> Vec<Origin> {
        self.lock().paired.iter().cloned().collect()
    }

    /// Whether a page cannot be let in since as many were as are kept.
    pub(crate) fn is_full_for(&self, origin: &Origin) -> bool {
        let state = self.lock();
        state.paired.len() >= PAIRED && !state.paired.contains(origin)
    }

    /// Lets a page in, from now on.
    pub(crate) fn pair(&self, origin: &Origin) -> io::Result<()> {
        let mut state = self.lock();
        if state.paired.len() >= PAIRED && !state.paired.contains(origin) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let mut paired = state.paired.clone();
        paired.insert(origin.clone());
        self.keep(&paired)?;
        state.paired = paired;
        state.waiting.retain(|(waiting, _)| waiting != origin);
        Ok(())
    }

    /// Lets a page in no more; `false` if it was not let in.
    pub(crate) fn unpair(&self, origin: &Origin) -> io::Result<bool> {
        let mut state = self.lock();
        let mut paired = state.paired.clone();
        state.waiting.retain(|(waiting, _)| waiting != origin);
        if !paired.remove(origin) {
            return Ok(false);
        }
        self.keep(&paired)?;
        state.paired = paired;
        Ok(true)
    }

    fn keep(&self, paired: &BTreeSet<Origin>) -> io::Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let mut file = NamedTempFile::with_prefix_in(".miandan-", folder)?;
        for origin in paired {
            writeln!(file, "{origin}")?;
        }
        file.persist(&self.file).map(drop).map_err(|refused| refused.error)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget(&mut self) {
        self.waiting.retain(|(_, since)| since.elapsed() < WAIT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(number: usize) -> Origin {
        Origin::parse(&format!("https://erp-{number}.example")).unwrap()
    }

    #[test]
    fn who_is_let_in_stays_so() {
        let folder = tempfile::tempdir().unwrap();
        let pairings = Pairings::open(folder.path()).unwrap();
        pairings.knocked(&origin(1));
        pairings.pair(&origin(1)).unwrap();
        assert!(pairings.waiting().is_empty() && pairings.is_paired(&origin(1)));
        let again = Pairings::open(folder.path()).unwrap();
        assert_eq!(again.paired(), [origin(1)]);
        assert!(again.unpair(&origin(1)).unwrap());
        assert!(!again.unpair(&origin(1)).unwrap());
        assert!(Pairings::open(folder.path()).unwrap().paired().is_empty());
    }

    #[test]
    fn those_who_wait_are_few() {
        let folder = tempfile::tempdir().unwrap();
        let pairings = Pairings::open(folder.path()).unwrap();
        for number in 0..100 {
            pairings.knocked(&origin(number));
            pairings.knocked(&origin(number));
        }
        let waiting = pairings.waiting();
        assert_eq!((waiting.len(), waiting.last()), (WAITING, Some(&origin(99))));
    }
}
