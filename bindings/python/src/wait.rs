//! Waiting in such a way that other threads of the interpreter run meanwhile, and that Ctrl-C is heard.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use miandan_print::Status;
use pyo3::prelude::*;

use crate::errors::exception;

/// How soon a call that waits hears Ctrl-C.
pub(crate) const ATTENTION: Duration = Duration::from_millis(50);

/// Takes a lock whatever became of who had it.
///
/// Who waits for one must have detached from the interpreter before, and who has it must not attach: two threads would wait
/// for each other.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What another thread hands over, for one reader.
pub(crate) struct Inbox<T>(Mutex<Receiver<T>>);

impl<T: Send> Inbox<T> {
    pub(crate) fn new(receiver: Receiver<T>) -> Self {
        Inbox(Mutex::new(receiver))
    }

    /// The next one; none once nothing can come any more.
    pub(crate) fn next(&self, py: Python<'_>) -> PyResult<Option<T>> {
        loop {
            let next = self.next_within(py, ATTENTION);
            py.check_signals()?;
            match next {
                Ok(next) => return Ok(Some(next)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
    }

    /// The next one, if it comes within this time. Does not look for Ctrl-C.
    pub(crate) fn next_within(&self, py: Python<'_>, within: Duration) -> Result<T, RecvTimeoutError> {
        py.detach(|| lock(&self.0).recv_timeout(within))
    }
}

/// Has something done by a thread of its own, so that Ctrl-C is heard meanwhile. It then goes on by itself, and what it
/// comes to is dropped.
pub(crate) fn patiently<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let (sender, done) = mpsc::sync_channel(1);
    let work = move || drop(sender.send(work()));
    thread::Builder::new().name("miandan".to_owned()).spawn(work).map_err(|error| no_thread(py, &error))?;
    Inbox::new(done).next(py)?.ok_or_else(|| defect(py))
}

/// Drops what takes its time to end, where nobody waits for it.
pub(crate) fn drop_aside(ended: impl Send + 'static) {
    // If there is no thread for it, it is dropped here.
    let _ = thread::Builder::new().name("miandan".to_owned()).spawn(move || drop(ended));
}

pub(crate) fn no_thread(py: Python<'_>, error: &std::io::Error) -> PyErr {
    exception(py, Status::ComponentFailed, &format!("no thread can be started: {error}"))
}

/// A thread of ours has panicked.
pub(crate) fn defect(py: Python<'_>) -> PyErr {
    exception(py, Status::Refused(miandan_core::Code::Internal), "a defect of Miandan")
}
