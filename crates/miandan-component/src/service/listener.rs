//! The socket on which hosts are awaited: handed over by systemd, or made here.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use super::system;

/// Takes the socket.
///
/// # Errors
/// A sentence: there is none, or everybody may connect to it.
pub(super) fn take(path: Option<&Path>) -> Result<UnixListener, String> {
    let listener = match (system::handed_over()?, path) {
        (Some(_), Some(_)) => return Err("systemd hands over a socket; --listen is one too many".to_owned()),
        (Some(listener), None) => listener,
        (None, Some(path)) => bind(path)?,
        (None, None) => return Err("systemd hands over no socket; name one with --listen SOCKET".to_owned()),
    };
    check(&listener)?;
    Ok(listener)
}

/// What the socket is called.
pub(super) fn name(listener: &UnixListener) -> String {
    let address = listener.local_addr().ok();
    address.and_then(|address| Some(address.as_pathname()?.display().to_string())).unwrap_or_default()
}

/// Makes the socket with the mode that the file mode creation mask leaves, 0660.
fn bind(path: &Path) -> Result<UnixListener, String> {
    let failed = |error: io::Error| format!("the socket {} cannot be made: {error}", path.display());
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
        Ok(found) if !found.file_type().is_socket() => {
            return Err(format!("{} is there and is no socket", path.display()));
        }
        // What a service that was killed leaves behind.
        Ok(_) => match UnixStream::connect(path) {
            Ok(_) => return Err(format!("another service listens on {}", path.display())),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                fs::remove_file(path).map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
        },
    }
    UnixListener::bind(path).map_err(failed)
}

/// Membership in a group decides who may connect: a socket for everybody is a mistake.
fn check(listener: &UnixListener) -> Result<(), String> {
    let address = listener.local_addr().map_err(|error| format!("the socket has no address: {error}"))?;
    let path = address.as_pathname().ok_or("the socket has no path, so everybody could connect to it")?;
    let found = fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
    // Who may connect is who may write (unix(7)).
    if found.permissions().mode() & 0o002 != 0 {
        return Err(format!("everybody may connect to {}; set its mode to 0660", path.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_made_again_but_never_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let first = bind(&path).unwrap();
        assert!(bind(&path).unwrap_err().contains("another service"));
        drop(first);
        bind(&path).unwrap();
        let other = folder.path().join("file");
        fs::write(&other, "mine").unwrap();
        assert!(bind(&other).unwrap_err().contains("no socket"));
        assert_eq!(fs::read(&other).unwrap(), b"mine");
    }

    #[test]
    fn a_socket_for_everybody_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = bind(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(check(&listener).unwrap_err().contains("0660"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o660)).unwrap();
        assert_eq!(check(&listener), Ok(()));
        assert_eq!(name(&listener), path.display().to_string());
    }
}
