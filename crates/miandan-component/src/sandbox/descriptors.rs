//! The pipe, and no other descriptor.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, RawFd};

/// The pipe: it reads and writes with the two plain system calls and no others.
pub(crate) type Pipe = File;

/// The number of the pipe behind the lock. The filter of system calls knows it.
pub(crate) const CHANNEL: RawFd = 3;

/// Whether standard input is a stream socket of the Unix family, as a host passes it.
pub(crate) fn standard_input_is_channel() -> bool {
    socket_option(libc::SO_DOMAIN) == Some(libc::AF_UNIX)
        && socket_option(libc::SO_TYPE) == Some(libc::SOCK_STREAM)
}

fn socket_option(option: libc::c_int) -> Option<libc::c_int> {
    let mut value: libc::c_int = 0;
    let mut length = size_of::<libc::c_int>() as libc::socklen_t;
    // SAFETY: the kernel writes at most `length` bytes to `value`; both live to the end of the call.
    let result = unsafe {
        libc::getsockopt(
            libc::STDIN_FILENO,
            libc::SOL_SOCKET,
            option,
            (&raw mut value).cast(),
            &raw mut length,
        )
    };
    (result == 0).then_some(value)
}

/// Moves the pipe from standard input to [`CHANNEL`], out of the reach of a stray print, and points standard input
/// and output at `/dev/null`. Standard error stays until [`mute_standard_error`], so that a start that fails can say
/// why. Called once.
pub(crate) fn take_channel() -> io::Result<Pipe> {
    // SAFETY: no memory is involved. Whatever had the number 3 is closed; nothing in this program opened it.
    check(unsafe { libc::dup3(libc::STDIN_FILENO, CHANNEL, libc::O_CLOEXEC) })?;
    // SAFETY: the descriptor was made on the line above and has no other owner.
    let channel = unsafe { File::from_raw_fd(CHANNEL) };
    let null = File::options().read(true).write(true).open("/dev/null")?;
    point(&null, libc::STDIN_FILENO)?;
    point(&null, libc::STDOUT_FILENO)?;
    Ok(channel)
}

/// Points standard error where standard output points: at `/dev/null`.
pub(crate) fn mute_standard_error() -> io::Result<()> {
    point(&io::stdout(), libc::STDERR_FILENO)
}

fn point(target: &impl AsRawFd, descriptor: RawFd) -> io::Result<()> {
    // SAFETY: no memory is involved; the descriptors are those of the standard streams, which nobody owns.
    check(unsafe { libc::dup2(target.as_raw_fd(), descriptor) })
}

/// Closes every descriptor above [`CHANNEL`]. Called before this program opens anything that it wants to keep.
pub(crate) fn close_the_rest() -> io::Result<()> {
    let first = CHANNEL as libc::c_uint + 1;
    // SAFETY: no memory is involved, and no value of this program owns a descriptor above the pipe yet.
    if unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0) } == 0 {
        return Ok(());
    }
    // Kernels before 5.9: one by one, as the kernel lists them. The list has a descriptor of its own, which is closed
    // by its owner, so the numbers are collected first.
    let listed: Vec<RawFd> = std::fs::read_dir("/proc/self/fd")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|&descriptor| descriptor > CHANNEL)
        .collect();
    for descriptor in listed {
        // SAFETY: as above. The descriptor of the list itself is gone by now, which `close` answers with EBADF.
        unsafe { libc::close(descriptor) };
    }
    Ok(())
}

fn check(result: libc::c_int) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
