//! Labels that are made and wait for a printer: few, so that a stop loses little and memory stays flat.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use miandan_journal::{JournalError, PrintId};

/// Labels that may wait for each printer, beside the one that it is sent.
const WAITING: usize = 2;

/// A label that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) print: PrintId,
    pub(super) bytes: Vec<u8>,
}

/// What several printers take labels from, in order.
pub(super) struct Queue {
    room: usize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    waiting: VecDeque<Made>,
    /// Printers that still take labels.
    takers: usize,
    /// No more labels come.
    closed: bool,
    failure: Option<JournalError>,
}

impl Queue {
    pub(super) fn new(printers: usize) -> Self {
        let state = State { waiting: VecDeque::new(), takers: printers, closed: false, failure: None };
        Queue { room: WAITING * printers.max(1), state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Waits for room and puts a label in; `false` if nobody takes labels any more.
    pub(super) fn put(&self, label: Made) -> bool {
        let mut state = self.lock();
        while state.takers > 0 && state.waiting.len() >= self.room {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.takers == 0 {
            return false;
        }
        state.waiting.push_back(label);
        self.changed.notify_all();
        true
    }

    /// The next label, once there is one; `None` if no more come.
    pub(super) fn take(&self) -> Option<Made> {
        let mut state = self.lock();
        while state.waiting.is_empty() && !state.closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let label = state.waiting.pop_front();
        self.changed.notify_all();
        label
    }

    /// The next label if it is there already.
    pub(super) fn has_more(&self) -> bool {
        !self.lock().waiting.is_empty()
    }

    /// A label that its printer could not be sent goes to the next that is free, before all others.
    pub(super) fn give_back(&self, label: Made) {
        self.lock().waiting.push_front(label);
        self.changed.notify_all();
    }

    /// A printer takes no more.
    pub(super) fn leave(&self) {
        let mut state = self.lock();
        state.takers = state.takers.saturating_sub(1);
        self.changed.notify_all();
    }

    /// The journal cannot be written: nobody sends anything any more.
    pub(super) fn fail(&self, error: JournalError) {
        let mut state = self.lock();
        state.failure.get_or_insert(error);
        state.takers = 0;
        state.closed = true;
        state.waiting.clear();
        self.changed.notify_all();
    }

    /// No more labels come.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    pub(super) fn failure(&self) -> Option<JournalError> {
        self.lock().failure.clone()
    }

    pub(super) fn nobody_takes(&self) -> bool {
        self.lock().takers == 0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn label(position: u32) -> Made {
        Made { print: PrintId::first(position), bytes: vec![] }
    }

    #[test]
    fn labels_come_out_in_order_and_few_wait() {
        let queue = Queue::new(1);
        let put = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for position in 1..=50 {
                    assert!(queue.put(label(position)));
                    put.store(position as usize, Ordering::SeqCst);
                }
                queue.close();
            });
            let mut next = 0;
            while let Some(made) = queue.take() {
                next += 1;
                assert_eq!(made.print.position, next);
                assert!(put.load(Ordering::SeqCst) <= next as usize + WAITING + 1);
            }
            assert_eq!(next, 50);
        });
    }

    #[test]
    fn who_puts_is_not_left_waiting_when_the_last_printer_leaves() {
        let queue = Queue::new(2);
        queue.leave();
        assert!(queue.put(label(1)));
        std::thread::scope(|scope| {
            let putting = scope.spawn(|| (2..100).take_while(|&position| queue.put(label(position))).count());
            queue.leave();
            assert!(putting.join().unwrap() <= 2 * WAITING);
        });
        assert!(queue.nobody_takes());
    }

    #[test]
    fn what_is_given_back_comes_first() {
        let queue = Queue::new(2);
        queue.put(label(1));
        queue.put(label(2));
        let first = queue.take().unwrap();
        queue.give_back(first);
        assert_eq!(queue.take(), Some(label(1)));
        assert!(queue.has_more());
        queue.fail(JournalError::Full);
        assert_eq!((queue.take(), queue.put(label(3))), (None, false));
        assert_eq!(queue.failure(), Some(JournalError::Full));
    }
}
