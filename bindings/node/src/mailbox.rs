//! What threads tell JavaScript: a queue that JavaScript empties by handfuls, and whose end says what came of it all.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// How much is taken at once. JavaScript has other work between two handfuls.
const HANDFUL: usize = 64;

/// What is done when there is something to take.
type Call = Box<dyn FnOnce() + Send>;

/// A queue of one reader, which asks to be called when there is something.
pub(crate) struct Mailbox<T, E> {
    state: Mutex<State<T, E>>,
    changed: Condvar,
    room: usize,
}

struct State<T, E> {
    items: VecDeque<T>,
    end: Option<E>,
    is_over: bool,
    is_closed: bool,
    call: Option<Call>,
}

impl<T, E> Mailbox<T, E> {
    /// A queue that has its writer wait while there are so many items in it.
    pub(crate) fn new(room: usize) -> Self {
        let state = State { items: VecDeque::new(), end: None, is_over: false, is_closed: false, call: None };
        Mailbox { state: Mutex::new(state), changed: Condvar::new(), room }
    }

    /// Adds an item, unless nobody reads any more.
    pub(crate) fn put(&self, item: T) {
        let mut state = self.lock();
        while state.items.len() >= self.room && !state.is_closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.is_closed {
            state.items.push_back(item);
            call(state);
        }
    }

    /// There are no more items. Only the first end counts.
    pub(crate) fn end(&self, end: E) {
        let mut state = self.lock();
        if !state.is_over {
            state.is_over = true;
            state.end = Some(end);
            self.changed.notify_all();
            call(state);
        }
    }

    /// Waits until the reader has come back for more and found nothing: until it is done with all that it was handed.
    pub(crate) fn wait_until_read(&self) {
        let mut state = self.lock();
        while !state.is_closed && (!state.items.is_empty() || state.call.is_none()) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for the end, and not for ever.
    pub(crate) fn wait_until_over(&self, until: Instant) {
        let mut state = self.lock();
        while !state.is_over {
            let Some(left) = until.checked_duration_since(Instant::now()) else { return };
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Nobody reads items any more; the end is still of interest.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.items.clear();
        self.changed.notify_all();
    }

    /// If there is nothing to take, what `call` makes is called once there is, from the thread that brings it.
    pub(crate) fn ask(&self, call: impl FnOnce() -> Option<Call>) {
        let mut state = self.lock();
        if state.items.is_empty() && !state.is_over {
            state.call = call();
            self.changed.notify_all();
        }
    }

    /// A handful of items, and the end after the last of them.
    pub(crate) fn take(&self) -> (Vec<T>, Option<E>) {
        let mut state = self.lock();
        let count = state.items.len().min(HANDFUL);
        let items = state.items.drain(..count).collect();
        let end = if state.items.is_empty() { state.end.take() } else { None };
        self.changed.notify_all();
        (items, end)
    }

    fn lock(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Calls the reader, without holding what it will want to lock.
fn call<T, E>(mut state: MutexGuard<'_, State<T, E>>) {
    let call = state.call.take();
    drop(state);
    if let Some(call) = call {
        call();
    }
}
