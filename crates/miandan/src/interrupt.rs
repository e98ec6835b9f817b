//! Ctrl-C. A batch of labels is told to stop and gives its output up in order; asked a second time, the program ends at
//! once. A command that waits for its input cannot be told, so it ends at the first. Either way the file that has no
//! final name yet is taken away: nobody would know what it is.
//!
//! A thread waits for the signals, because a handler may do next to nothing (signal-safety(7)).

use std::fs;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::{self, pipe};

use crate::exit::Exit;

/// How far the file is that this run writes. One for the program, as signals are.
#[derive(Debug)]
pub enum Written {
    /// There is none.
    Nothing,
    /// It has no final name yet, but this one.
    Unfinished(PathBuf),
    /// It has its final name.
    Named,
}

static WRITTEN: Mutex<Written> = Mutex::new(Written::Nothing);

/// Holds the end back while a file is made or gets its name.
pub fn written() -> MutexGuard<'static, Written> {
    WRITTEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on the first SIGINT or SIGTERM sets the flag, and the second ends the program.
///
/// # Errors
/// If the system does not allow it; the program then ends as any program does.
pub fn watch() -> io::Result<Arc<AtomicBool>> {
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, Arc::clone(&asked))?;
    }
    wait_for(2, || ())?;
    Ok(asked)
}

/// From now on the first SIGINT or SIGTERM ends the program, with some last words.
///
/// # Errors
/// As [`watch`].
pub fn end_with(words: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds the flag not set yet. The second does not wait for the words.
        flag::register_conditional_shutdown(signal, Exit::Interrupted as i32, Arc::clone(&ended))?;
    }
    wait_for(1, move || {
        ended.store(true, std::sync::atomic::Ordering::SeqCst);
        words();
    })
}

/// Starts the thread that ends the program at a signal.
fn wait_for(count: usize, words: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let (mut signals, handler) = UnixStream::pair()?;
    for signal in [SIGINT, SIGTERM] {
        pipe::register(signal, handler.try_clone()?)?;
    }
    let waiting = move || {
        // A byte a signal.
        if signals.read_exact(&mut vec![0; count]).is_err() {
            return;
        }
        let written = written();
        match &*written {
            // The work is done, and a moment later the program has said so.
            Written::Named => return,
            Written::Unfinished(path) => {
                let _ = fs::remove_file(path);
            }
            Written::Nothing => {}
        }
        words();
        // Without the usual ado: the rest of the program may stand still with standard output in its hands.
        low_level::exit(Exit::Interrupted as i32);
    };
    thread::Builder::new().name("interrupt".to_owned()).spawn(waiting).map(drop)
}
