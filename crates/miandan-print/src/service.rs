//! Connecting to a service: `miandan-component --service`, which only Linux has.

use std::io;
use std::path::Path;

use crate::stream::Stream;

/// Connects, and answers whether another user than that of this process listens there: the user of the service, or root
/// where systemd listens for it. Root is everybody: from it nothing can be kept.
#[cfg(target_os = "linux")]
pub(crate) fn connect(socket: &Path) -> io::Result<(Stream, bool)> {
    let stream = Stream::connect(socket)?;
    let listener = rustix::net::sockopt::socket_peercred(&stream)?.uid;
    let own = rustix::process::geteuid();
    Ok((stream, !own.is_root() && own != listener))
}

/// Refuses.
#[cfg(not(target_os = "linux"))]
pub(crate) fn connect(_socket: &Path) -> io::Result<(Stream, bool)> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "there is no service for this system yet"))
}
