//! System calls of the supervisor that the standard library does not offer.

#![allow(unsafe_code, reason = "system calls")]

use std::env;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, RawFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener, UnixStream};

use crate::sandbox;

/// The first descriptor that systemd hands over (sd_listen_fds(3)).
const HANDED_OVER: RawFd = 3;

/// No core, no tracer of the same user, no new privileges; what is created is for the user and, sockets, for the group.
pub(super) fn harden() -> io::Result<()> {
    if !sandbox::guard() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: no memory is involved; the call cannot fail. There is one thread yet.
    unsafe { libc::umask(0o117) };
    Ok(())
}

/// The socket that systemd hands over, if it does (sd_listen_fds(3)). Called once.
pub(super) fn handed_over() -> Result<Option<UnixListener>, &'static str> {
    let number = |name| env::var(name).ok().and_then(|value| value.parse::<u32>().ok());
    if number("LISTEN_PID") != Some(std::process::id()) {
        return Ok(None);
    }
    if number("LISTEN_FDS") != Some(1) {
        return Err("systemd must hand over one socket");
    }
    let is_listener = option(HANDED_OVER, libc::SO_DOMAIN) == Some(libc::AF_UNIX)
        && option(HANDED_OVER, libc::SO_TYPE) == Some(libc::SOCK_STREAM)
        && option(HANDED_OVER, libc::SO_ACCEPTCONN) == Some(1);
    if !is_listener {
        return Err(
            "what systemd hands over is no listening stream socket of the Unix family (ListenStream=/…)",
        );
    }
    // SAFETY: no memory is involved. Components must not inherit it.
    if unsafe { libc::fcntl(HANDED_OVER, libc::F_SETFD, libc::FD_CLOEXEC) } != 0 {
        return Err("the socket cannot be kept from components");
    }
    // SAFETY: the descriptor is open, was handed to this process, and this is called once: nobody else owns it.
    let listener = unsafe { UnixListener::from_raw_fd(HANDED_OVER) };
    // Accept=no sockets are handed over as they are; this one is waited on.
    listener.set_nonblocking(false).map_err(|_| "the socket cannot be waited on")?;
    Ok(Some(listener))
}

/// The user at the other end, as the kernel knows it.
pub(super) fn peer(host: &UnixStream) -> io::Result<u32> {
    let mut who = libc::ucred { pid: 0, uid: u32::MAX, gid: u32::MAX };
    let mut length = size_of::<libc::ucred>() as libc::socklen_t;
    // SAFETY: the kernel writes at most `length` bytes to `who`; both live to the end of the call.
    let result = unsafe {
        let place = (&raw mut who).cast();
        libc::getsockopt(host.as_raw_fd(), libc::SOL_SOCKET, libc::SO_PEERCRED, place, &raw mut length)
    };
    if result == 0 { Ok(who.uid) } else { Err(io::Error::last_os_error()) }
}

/// Whether this process now has the file for itself. It lets go when the file is closed.
pub(super) fn lock(file: &File) -> bool {
    // SAFETY: no memory is involved.
    unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) == 0 }
}

/// Tells systemd that the service is ready, if it asked (sd_notify(3)).
pub(super) fn tell_ready() {
    let Some(name) = env::var_os("NOTIFY_SOCKET").and_then(|name| name.into_string().ok()) else { return };
    let address = match name.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&name),
    };
    // Nobody to tell: systemd then says itself that it has heard nothing.
    let _ = address.and_then(|address| UnixDatagram::unbound()?.send_to_addr(b"READY=1", &address));
}

fn option(descriptor: RawFd, option: libc::c_int) -> Option<libc::c_int> {
    let mut value: libc::c_int = 0;
    let mut length = size_of::<libc::c_int>() as libc::socklen_t;
    // SAFETY: the kernel writes at most `length` bytes to `value`; both live to the end of the call.
    let result = unsafe {
        let place = (&raw mut value).cast();
        libc::getsockopt(descriptor, libc::SOL_SOCKET, option, place, &raw mut length)
    };
    (result == 0).then_some(value)
}
