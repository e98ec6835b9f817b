//! The only place where a program is started (`clippy.toml` bans `Command::new` everywhere else).
//!
//! The path of a program never comes from an order, a template or a message, and is never looked for on `PATH`.
//! The environment is not handed on, so a variable such as `LD_PRELOAD` that was meant for the host does not reach
//! the component.
#![allow(clippy::disallowed_methods)]

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::stream::Stream;

/// Starts a component and answers the host's end of the pipe to it: with a socket pair as its standard input.
///
/// It is in a process group of its own: Ctrl-C on a terminal goes to the host, which then ends its components in order.
/// One that asks for a passphrase stays in the group of the host, since only that may read from the terminal.
#[cfg(unix)]
pub(crate) fn component<I, S>(program: &Path, arguments: I, on_terminal: bool) -> io::Result<(Child, Stream)>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    use std::os::fd::OwnedFd;
    use std::os::unix::process::CommandExt;

    let (ours, theirs) = Stream::pair()?;
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

/// As above, with a pipe in each direction, as standard input and standard output.
///
/// Of the environment only what names the folder of the system is handed on: without it a program finds no library.
#[cfg(windows)]
pub(crate) fn component<I, S>(program: &Path, arguments: I, on_terminal: bool) -> io::Result<(Child, Stream)>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    use std::os::windows::process::CommandExt;

    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;

    let mut command = Command::new(program.canonicalize()?);
    command
        .args(arguments)
        .env_clear()
        .envs(std::env::var_os("SystemRoot").map(|folder| ("SystemRoot", folder)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if !on_terminal {
        command.creation_flags(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW);
    }
    let mut child = command.spawn()?;
    let stream = Stream::new(child.stdin.take(), child.stdout.take())?;
    Ok((child, stream))
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
