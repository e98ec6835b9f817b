//! The files that the component reads: keys, a passphrase, lists of trust. All of them before the lock.
//!
//! Opening and reading are apart, since a key is opened while files can still be opened, and read last of all.

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;

use zeroize::Zeroizing;

/// A key file or a passphrase at most, in bytes.
const MAX_SECRET: usize = 64 << 10;

/// A public file or a signed list at most, in bytes (`docs/mso1.md`, *Signed lists*).
const MAX_PUBLIC: usize = 8 << 20;

/// What is wrong with a file. Says nothing of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("there is no such file")]
    Missing,
    #[error("it may not be read by this user")]
    Denied,
    #[error("it is not a regular file")]
    NotRegular,
    #[error("others may read it; it must be readable by its owner alone (chmod 600)")]
    ReadableByOthers,
    #[error("it is too long")]
    TooLong,
    #[error("it cannot be read")]
    Unreadable,
}

/// A file with a secret in it, open and checked, not yet read.
pub(crate) struct Secret(File);

impl Secret {
    /// Opens a file that only its owner may read.
    ///
    /// Where the file belongs to another user, as with a key that a system keeps for a group, the group may read it.
    pub(crate) fn open(path: &Path) -> Result<Self, Fault> {
        let (file, metadata) = open_regular(path)?;
        if readable_by_others(&metadata) {
            return Err(Fault::ReadableByOthers);
        }
        Ok(Secret(file))
    }

    /// Reads the secret and closes the file.
    pub(crate) fn read(self) -> Result<Zeroizing<Vec<u8>>, Fault> {
        read_whole(self.0, MAX_SECRET).map(Zeroizing::new)
    }
}

/// Reads a public file.
pub(crate) fn read_public(path: &Path) -> Result<Vec<u8>, Fault> {
    let (file, _) = open_regular(path)?;
    read_whole(file, MAX_PUBLIC)
}

/// The passphrase in the bytes of a file: all of them but one line break at the end, which editors add.
pub(crate) fn passphrase(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn open_regular(path: &Path) -> Result<(File, Metadata), Fault> {
    // Asked before opening as well: opening a named pipe would wait for a writer.
    if !fs::metadata(path).map_err(fault)?.is_file() {
        return Err(Fault::NotRegular);
    }
    let file = File::open(path).map_err(fault)?;
    let metadata = file.metadata().map_err(fault)?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(Fault::NotRegular) }
}

fn read_whole(file: File, limit: usize) -> Result<Vec<u8>, Fault> {
    // Room for everything and a little more: a buffer that has to grow would leave a piece of the file on the stack.
    let length = file.metadata().map_or(0, |metadata| metadata.len()).min(limit as u64) as usize;
    let mut bytes = Vec::with_capacity(length + 64);
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() > limit { Err(Fault::TooLong) } else { Ok(bytes) }
}

fn fault(error: std::io::Error) -> Fault {
    match error.kind() {
        ErrorKind::NotFound => Fault::Missing,
        ErrorKind::PermissionDenied => Fault::Denied,
        _ => Fault::Unreadable,
    }
}

#[cfg(unix)]
fn readable_by_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    let ours = crate::sandbox::own_user().is_none_or(|user| user == metadata.uid());
    metadata.mode() & forbidden_bits(ours) != 0
}

#[cfg(unix)]
fn forbidden_bits(ours: bool) -> u32 {
    if ours { 0o077 } else { 0o007 }
}

/// Not asked where files have no modes: there a key lies in a folder that its user alone may read, or it does not.
#[cfg(not(unix))]
fn readable_by_others(_metadata: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_is_not_part_of_a_passphrase() {
        assert_eq!(passphrase(b"four words of it\n"), b"four words of it");
        assert_eq!(passphrase(b"four words of it\r\n"), b"four words of it");
        assert_eq!(passphrase(b" spaces stay \n\n"), b" spaces stay \n");
        assert_eq!(passphrase(b""), b"");
    }

    #[cfg(unix)]
    #[test]
    fn a_group_may_read_what_a_system_keeps_for_it() {
        assert_ne!(0o640 & forbidden_bits(true), 0);
        assert_eq!(0o640 & forbidden_bits(false), 0);
        assert_ne!(0o644 & forbidden_bits(false), 0);
        assert_eq!(0o600 & forbidden_bits(true), 0);
    }

    #[test]
    fn faults_have_names() {
        assert_eq!(read_public(Path::new("/no/such/file")), Err(Fault::Missing));
        assert_eq!(read_public(&std::env::temp_dir()), Err(Fault::NotRegular));
        assert!(matches!(Secret::open(Path::new("/no/such/file")), Err(Fault::Missing)));
    }
}
