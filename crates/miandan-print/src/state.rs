//! Keeping what the component remembers: the host stores it and cannot make it up.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Replaces the state by a newer one. Another program that reads it sees the old one or the new one, whole.
pub(crate) fn keep(path: &Path, state: &[u8]) -> io::Result<()> {
    if std::fs::read(path).is_ok_and(|kept| kept == state) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::with_prefix_in(".miandan-", folder)?;
    file.write_all(state)?;
    file.persist(path).map(drop).map_err(|refused| refused.error)
}
