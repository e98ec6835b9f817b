//! Ctrl-C. A batch of labels is told to stop and gives its output up in order; asked a second time, the program ends at
//! once. A command that waits for its input cannot be told, so it ends at the first. Either way the file that has no
//! final name yet is taken away: nobody would know what it is.
//!
//! A thread waits for the signals, because a handler may do next to nothing (signal-safety(7)).

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level;

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

/// From the first call on the first SIGINT or SIGTERM sets the flag, and the second ends the program. The flag is one for
/// the program: who prints one batch after another asks for it each time.
///
/// # Errors
/// If the system does not allow it; the program then ends as any program does.
pub fn watch() -> io::Result<Arc<AtomicBool>> {
    static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    if let Some(asked) = ASKED.get() {
        return Ok(Arc::clone(asked));
    }
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, Arc::clone(&asked))?;
    }
    wait_for(2, || ())?;
    Ok(Arc::clone(ASKED.get_or_init(|| asked)))
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
    let mut next_signal = signals()?;
    let waiting = move || {
        for _ in 0..count {
            if next_signal().is_err() {
                return;
            }
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

/// What waits for the next signal, each time it is called.
#[cfg(unix)]
fn signals() -> io::Result<impl FnMut() -> io::Result<()> + Send + 'static> {
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    let (mut signals, handler) = UnixStream::pair()?;
    for signal in [SIGINT, SIGTERM] {
        low_level::pipe::register(signal, handler.try_clone()?)?;
    }
    // A byte a signal.
    Ok(move || signals.read_exact(&mut [0]))
}

/// As above, by looking every now and then: there is no pipe that a handler could write to.
#[cfg(not(unix))]
fn signals() -> io::Result<impl FnMut() -> io::Result<()> + Send + 'static> {
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    let seen = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, Arc::clone(&seen))?;
    }
    Ok(move || {
        while !seen.swap(false, Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    })
}
