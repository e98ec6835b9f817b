//! Labels that somebody looks at: masked, in memory, for minutes, under names that cannot be guessed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

/// Previews at most, and bytes of them all: a batch that somebody looks through, not an archive.
const MOST: usize = 400;
const MOST_BYTES: usize = 64 << 20;

/// Random bytes of a name.
const NAME: usize = 24;

/// A file that can be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Preview {
    /// Its media type.
    pub(crate) kind: &'static str,
    /// The file.
    pub(crate) bytes: Arc<[u8]>,
}

/// The previews that can be looked at now.
pub(crate) struct Previews {
    keep: Duration,
    random: SystemRandom,
    files: Mutex<Files>,
}

#[derive(Default)]
struct Files {
    by_name: HashMap<String, (Instant, Preview)>,
    bytes: usize,
}

impl Previews {
    /// Previews that can be looked at for so long.
    pub(crate) fn new(keep: Duration) -> Self {
        Previews { keep, random: SystemRandom::new(), files: Mutex::default() }
    }

    /// Keeps a file, and answers its name with this ending; `None` where the system has no randomness or the file is larger
    /// than all previews may be. Where there is no room the oldest go.
    pub(crate) fn put(&self, preview: Preview, ending: &str) -> Option<String> {
        let mut name = [0; NAME];
        self.random.fill(&mut name).ok()?;
        if preview.bytes.len() > MOST_BYTES {
            return None;
        }
        let name = format!("{}.{ending}", URL_SAFE_NO_PAD.encode(name));
        let mut files = self.lock();
        files.forget(self.keep);
        while files.by_name.len() >= MOST || files.bytes + preview.bytes.len() > MOST_BYTES {
            files.forget_oldest();
        }
        files.bytes += preview.bytes.len();
        files.by_name.insert(name.clone(), (Instant::now(), preview));
        Some(name)
    }

    /// The file of a name, as long as it can be looked at.
    pub(crate) fn get(&self, name: &str) -> Option<Preview> {
        let mut files = self.lock();
        files.forget(self.keep);
        files.by_name.get(name).map(|(_, preview)| preview.clone())
    }

    /// Forgets what can no longer be looked at.
    pub(crate) fn forget(&self) {
        self.lock().forget(self.keep);
    }

    fn lock(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files {
    fn forget(&mut self, keep: Duration) {
        self.by_name.retain(|_, (since, _)| since.elapsed() < keep);
        self.bytes = self.by_name.values().map(|(_, preview)| preview.bytes.len()).sum();
    }

    fn forget_oldest(&mut self) {
        let oldest = self.by_name.iter().min_by_key(|(_, (since, _))| *since).map(|(name, _)| name.clone());
        if let Some((_, preview)) = oldest.and_then(|name| self.by_name.remove(&name)) {
            self.bytes -= preview.bytes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(bytes: usize) -> Preview {
        Preview { kind: "image/png", bytes: vec![0; bytes].into() }
    }

    #[test]
    fn a_name_is_long_and_of_its_own() {
        let previews = Previews::new(Duration::from_secs(60));
        let [one, two] = [1, 2].map(|bytes| previews.put(png(bytes), "png").unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 32 + 4);
        assert_eq!((previews.get(&one), previews.get(&two)), (Some(png(1)), Some(png(2))));
        assert_eq!(previews.get("x.png"), None);
    }

    #[test]
    fn what_is_old_or_too_much_goes() {
        let previews = Previews::new(Duration::ZERO);
        let name = previews.put(png(1), "png").unwrap();
        assert_eq!(previews.get(&name), None, "it was kept for no time");

        let previews = Previews::new(Duration::from_secs(60));
        let names: Vec<_> = (0..MOST + 10).map(|_| previews.put(png(1), "png").unwrap()).collect();
        assert_eq!(names.iter().filter(|name| previews.get(name).is_some()).count(), MOST);
        assert!(previews.get(&names[0]).is_none() && previews.get(&names[MOST + 9]).is_some());
        assert!(previews.put(png(MOST_BYTES), "png").is_some());
        assert_eq!(previews.lock().by_name.len(), 1);
        assert_eq!(previews.put(png(MOST_BYTES + 1), "png"), None);
    }
}
