//! A key ring: a folder with the keys of one station, `*.key` with their public parts `*.key.pub` beside them.
//!
//! Only the public parts are read here. A platform seals to a key until it learns of the next one, and an order may be
//! printed for 30 days, so during rotation a station holds the old key beside the new one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miandan_seal::StationPublic;
use miandan_seal::keys::{PublicKeyError, public_path};

/// The keys of a station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRing {
    keys: Vec<RingKey>,
}

/// A key of a ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingKey {
    /// The key file, which only the component reads.
    pub file: PathBuf,
    /// Its public part.
    pub public: StationPublic,
}

/// Where a key stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAge {
    /// It will be used from a later time on.
    NotYet,
    /// It is used, and its end is not fixed.
    Current,
    /// It is used until its end.
    Ending,
    /// It is not used any more. What was sealed to it can be opened by whoever has the file, so the file should go.
    Expired,
}

/// Why a ring cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RingError {
    /// A folder or file cannot be read.
    #[error("{path} cannot be read: {error}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A public part is none.
    #[error("{path}: {error}")]
    Public {
        /// Which.
        path: PathBuf,
        /// Why.
        error: PublicKeyError,
    },
    /// The keys are not those of one station.
    #[error("the keys of {folder} belong to different stations")]
    Mixed {
        /// The ring.
        folder: PathBuf,
    },
}

impl KeyRing {
    /// Reads the public parts of the keys in a folder.
    ///
    /// # Errors
    /// [`RingError`].
    pub fn open(folder: &Path) -> Result<Self, RingError> {
        let unreadable = |error| RingError::Read { path: folder.to_path_buf(), error };
        let mut keys = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            if file.extension().is_none_or(|extension| extension != "key") {
                continue;
            }
            keys.push(RingKey::read(file)?);
        }
        if keys.windows(2).any(|pair| pair[0].public.scope.id != pair[1].public.scope.id) {
            return Err(RingError::Mixed { folder: folder.to_path_buf() });
        }
        // The newest first; among equals the names of the files decide, so that the order is always the same.
        keys.sort_by(|one, two| {
            let begins = |key: &RingKey| key.public.validity.nbf.unwrap_or(0);
            begins(two).cmp(&begins(one)).then_with(|| two.file.cmp(&one.file))
        });
        Ok(KeyRing { keys })
    }

    /// Every key, the newest first.
    #[must_use]
    pub fn keys(&self) -> &[RingKey] {
        &self.keys
    }

    /// The key files that a component needs at this time (seconds since 1970, UTC), the newest first. Where every key
    /// has expired they are all needed, for the component to say so of each order.
    #[must_use]
    pub fn files(&self, now: u64) -> Vec<PathBuf> {
        let of = |wanted: fn(KeyAge) -> bool| {
            let keys = self.keys.iter().filter(move |key| wanted(key.age(now)));
            keys.map(|key| key.file.clone()).collect::<Vec<_>>()
        };
        let usable = of(|age| matches!(age, KeyAge::Current | KeyAge::Ending));
        if usable.is_empty() { of(|_| true) } else { usable }
    }
}

impl RingKey {
    /// A key file, by the public part beside it.
    ///
    /// # Errors
    /// [`RingError::Read`], [`RingError::Public`].
    pub fn read(file: PathBuf) -> Result<Self, RingError> {
        let path = public_path(&file);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) => return Err(RingError::Read { path, error }),
        };
        let public = StationPublic::parse(&text).map_err(|error| RingError::Public { path, error })?;
        Ok(RingKey { file, public })
    }

    /// Where the key stands at this time (seconds since 1970, UTC).
    #[must_use]
    pub fn age(&self, now: u64) -> KeyAge {
        let validity = self.public.validity;
        match (validity.holds(now), validity.exp) {
            (true, None) => KeyAge::Current,
            (true, Some(_)) => KeyAge::Ending,
            (false, Some(exp)) if now >= exp => KeyAge::Expired,
            (false, _) => KeyAge::NotYet,
        }
    }
}

#[cfg(test)]
mod tests {
    use miandan_seal::encoding::KeyId;
    use miandan_seal::keys::{StationScope, Validity};

    use super::*;

    fn put(folder: &Path, name: &str, station: &str, nbf: Option<u64>, exp: Option<u64>) {
        let x25519 = [name.as_bytes()[0]; 32];
        let scope = StationScope { id: station.into(), groups: vec![], merchants: vec!["M".into()] };
        let kid = KeyId::of(&x25519);
        let public = StationPublic { scope, kid, x25519, ed25519: [0; 32], validity: Validity { nbf, exp } };
        fs::write(folder.join(name), "").unwrap();
        fs::write(folder.join(format!("{name}.pub")), public.to_text()).unwrap();
    }

    fn names(files: &[PathBuf]) -> Vec<&str> {
        files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect()
    }

    #[test]
    fn the_newest_key_comes_first_and_expired_ones_stay_away() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "a.key", "S", None, Some(10_000));
        put(folder.path(), "b.key", "S", Some(5_000), Some(90_000));
        put(folder.path(), "c.key", "S", Some(8_000), None);
        put(folder.path(), "d.key", "S", Some(80_000), None);
        fs::write(folder.path().join("note.txt"), "not a key").unwrap();
        let ring = KeyRing::open(folder.path()).unwrap();
        assert_eq!(names(&ring.files(9_000)), ["c.key", "b.key", "a.key"]);
        assert_eq!(names(&ring.files(20_000)), ["c.key", "b.key"]);
        let ages: Vec<_> = ring.keys().iter().map(|key| key.age(20_000)).collect();
        assert_eq!(ages, [KeyAge::NotYet, KeyAge::Current, KeyAge::Ending, KeyAge::Expired]);
        fs::remove_file(folder.path().join("c.key")).unwrap();
        fs::remove_file(folder.path().join("d.key")).unwrap();
        assert_eq!(names(&KeyRing::open(folder.path()).unwrap().files(95_000)), ["b.key", "a.key"]);
    }

    #[test]
    fn what_is_no_ring_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(KeyRing::open(&folder.path().join("none")), Err(RingError::Read { .. })));
        put(folder.path(), "a.key", "S", None, None);
        put(folder.path(), "b.key", "T", None, None);
        assert!(matches!(KeyRing::open(folder.path()), Err(RingError::Mixed { .. })));
        fs::write(folder.path().join("b.key.pub"), "{}").unwrap();
        assert!(matches!(KeyRing::open(folder.path()), Err(RingError::Public { .. })));
        fs::remove_file(folder.path().join("b.key.pub")).unwrap();
        assert!(matches!(KeyRing::open(folder.path()), Err(RingError::Read { .. })));
    }
}
