//! The only place where a program is started (`clippy.toml` bans `Command::new` everywhere else).
//!
//! The path of a program never comes from an order, a template or a message, and is never looked for on `PATH`.
//! The environment is not handed on, so a variable such as `LD_PRELOAD` that was meant for the host does not reach
//! the component.
#![allow(clippy::disallowed_methods)]

use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Starts a component whose standard input is one end of a socket pair, and answers the other end.
///
/// It is in a process group of its own: Ctrl-C on a terminal goes to the host, which then ends its components in order.
/// One that asks for a passphrase stays in the group of the host, since only that may read from the terminal.
pub(crate) fn component<I, S>(
    program: &Path,
    arguments: I,
    on_terminal: bool,
) -> io::Result<(Child, UnixStream)>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let (ours, theirs) = UnixStream::pair()?;
    let mut command = Command::new(program.canonicalize()?);
    command
        .args(arguments)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if !on_terminal {
        command.process_group(0);
    }
    Ok((command.spawn()?, ours))
}

/// A command that runs the component's program for something else than printing, such as making a key.
///
/// # Errors
/// If the path does not lead to a file.
pub fn component_tool(program: &Path) -> io::Result<Command> {
    let mut command = Command::new(program.canonicalize()?);
    command.env_clear();
    Ok(command)
}

/// A command that runs the current program again, in a process of its own.
///
/// `miandan demo` seals this way, so that the process that prints never holds clear text.
///
/// # Errors
/// If the system does not tell which file the current program is.
pub fn own_program() -> io::Result<Command> {
    Ok(Command::new(std::env::current_exe()?))
}
