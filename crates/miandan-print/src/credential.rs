//! Files that systemd hands to a service (systemd.exec(5), *Credentials*).

use std::path::{Path, PathBuf};

/// In front of the name of a credential.
pub const CREDENTIAL: &str = "credential:";

/// Whether a path stands for a credential, wherever the file is that has it.
#[must_use]
pub fn is_credential(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.starts_with(CREDENTIAL))
}

/// A credential that was not handed over, by its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("credential:{0} is not there")]
pub struct NoCredential(pub String);

/// The path that `credential:NAME` stands for. Every other path is itself. Only the name of the folder comes from the
/// environment.
///
/// # Errors
/// [`NoCredential`].
pub fn credential(path: &Path) -> Result<PathBuf, NoCredential> {
    let Some(name) = path.to_str().and_then(|path| path.strip_prefix(CREDENTIAL)) else {
        return Ok(path.to_path_buf());
    };
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let found = folder.filter(|folder| folder.is_absolute() && plain(name)).map(|folder| folder.join(name));
    found.filter(|path| path.is_file()).ok_or_else(|| NoCredential(name.to_owned()))
}
