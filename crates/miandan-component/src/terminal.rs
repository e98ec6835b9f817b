//! A passphrase that somebody types: asked for on the terminal itself, since standard input is the pipe to the host,
//! which must not see it.

use zeroize::Zeroizing;

/// Why there is no passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotTyped {
    #[error("there is no terminal to ask for the passphrase; use --passphrase-file")]
    NoTerminal,
    #[cfg(unix)]
    #[error("no passphrase was typed")]
    Nothing,
    #[error("the two passphrases are not the same")]
    Different,
    #[cfg(unix)]
    #[error("interrupted")]
    Interrupted,
}

/// Asks once, for a key that exists.
pub(crate) fn ask() -> Result<Zeroizing<Vec<u8>>, NotTyped> {
    read_line("passphrase of the station key: ")
}

/// Asks twice, for a key that is made.
pub(crate) fn ask_twice() -> Result<Zeroizing<Vec<u8>>, NotTyped> {
    let first = read_line("passphrase for the new key: ")?;
    let second = read_line("the same again: ")?;
    if first == second { Ok(first) } else { Err(NotTyped::Different) }
}

#[cfg(unix)]
fn read_line(prompt: &str) -> Result<Zeroizing<Vec<u8>>, NotTyped> {
    use std::fs::File;
    use std::io::{Read, Write};

    let mut terminal =
        File::options().read(true).write(true).open("/dev/tty").map_err(|_| NotTyped::NoTerminal)?;
    let quiet = Quiet::new(&terminal)?;
    terminal.write_all(prompt.as_bytes()).map_err(|_| NotTyped::NoTerminal)?;
    let mut typed = Zeroizing::new(Vec::with_capacity(MAX_TYPED));
    let ended = loop {
        let mut byte = [0];
        match terminal.read(&mut byte) {
            Ok(1) => match edit(&mut typed, byte[0]) {
                Edit::More => {}
                Edit::Interrupt => break Err(NotTyped::Interrupted),
                Edit::End => break Ok(()),
            },
            _ => break Ok(()),
        }
    };
    drop(quiet);
    let _ = terminal.write_all(b"\n");
    ended?;
    if typed.is_empty() { Err(NotTyped::Nothing) } else { Ok(typed) }
}

#[cfg(not(unix))]
fn read_line(_prompt: &str) -> Result<Zeroizing<Vec<u8>>, NotTyped> {
    Err(NotTyped::NoTerminal)
}

/// Bytes of a passphrase that are kept.
#[cfg(unix)]
const MAX_TYPED: usize = 4096;

/// What a typed byte means for the line.
#[cfg(unix)]
#[derive(Debug, PartialEq, Eq)]
enum Edit {
    More,
    End,
    Interrupt,
}

/// The little editing that a line without echo needs, since the terminal gives every byte at once.
#[cfg(unix)]
fn edit(typed: &mut Vec<u8>, byte: u8) -> Edit {
    const INTERRUPT: u8 = 0x03; // Ctrl-C
    const END_OF_FILE: u8 = 0x04; // Ctrl-D
    const BACKSPACE: u8 = 0x08;
    const KILL_LINE: u8 = 0x15; // Ctrl-U
    const DELETE: u8 = 0x7f;
    match byte {
        b'\n' | b'\r' | END_OF_FILE => return Edit::End,
        INTERRUPT => return Edit::Interrupt,
        KILL_LINE => typed.clear(),
        BACKSPACE | DELETE => {
            // A whole character of UTF-8: its continuation bytes first.
            while typed.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
        }
        _ if typed.len() < MAX_TYPED => typed.push(byte),
        _ => {}
    }
    Edit::More
}

/// The terminal without echo, and with every byte as it is typed, Ctrl-C too: a signal would end the program and leave
/// the terminal without echo. Put back when it is dropped.
#[cfg(unix)]
struct Quiet {
    terminal: std::os::fd::RawFd,
    before: libc::termios,
}

#[cfg(unix)]
#[allow(unsafe_code, reason = "termios")]
impl Quiet {
    fn new(terminal: &std::fs::File) -> Result<Self, NotTyped> {
        use std::mem::MaybeUninit;
        use std::os::fd::AsRawFd;

        let terminal = terminal.as_raw_fd();
        let mut before = MaybeUninit::uninit();
        // SAFETY: the structure is written by the call, and only read if the call says that it was.
        let before = unsafe {
            if libc::tcgetattr(terminal, before.as_mut_ptr()) != 0 {
                return Err(NotTyped::NoTerminal);
            }
            before.assume_init()
        };
        let mut quiet = before;
        quiet.c_lflag &= !(libc::ECHO | libc::ECHONL | libc::ICANON | libc::ISIG);
        quiet.c_cc[libc::VMIN] = 1;
        quiet.c_cc[libc::VTIME] = 0;
        // SAFETY: the structure lives to the end of the call; what was typed too early is thrown away.
        if unsafe { libc::tcsetattr(terminal, libc::TCSAFLUSH, &raw const quiet) } != 0 {
            return Err(NotTyped::NoTerminal);
        }
        Ok(Quiet { terminal, before })
    }
}

#[cfg(unix)]
#[allow(unsafe_code, reason = "termios")]
impl Drop for Quiet {
    fn drop(&mut self) {
        // SAFETY: the structure lives to the end of the call; the caller's file is still open.
        unsafe { libc::tcsetattr(self.terminal, libc::TCSAFLUSH, &raw const self.before) };
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn typed(keys: &[u8]) -> (Vec<u8>, Edit) {
        let mut line = Vec::new();
        for &key in keys {
            match edit(&mut line, key) {
                Edit::More => {}
                end => return (line, end),
            }
        }
        (line, Edit::More)
    }

    #[test]
    fn a_line_can_be_mended_while_it_is_typed() {
        assert_eq!(typed(b"four words\n"), (b"four words".to_vec(), Edit::End));
        assert_eq!(typed(b"ab\x7fc\r"), (b"ac".to_vec(), Edit::End));
        assert_eq!(typed("密码\x7f\n".as_bytes()), ("密".as_bytes().to_vec(), Edit::End));
        assert_eq!(typed(b"\x7f\x08a\x04"), (b"a".to_vec(), Edit::End));
        assert_eq!(typed(b"wrong\x15right\n"), (b"right".to_vec(), Edit::End));
        assert_eq!(typed(b"abc\x03").1, Edit::Interrupt);
        assert_eq!(typed(&[b'a'; MAX_TYPED + 9]), (vec![b'a'; MAX_TYPED], Edit::More));
    }
}
