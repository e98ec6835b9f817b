//! Hands out blocks of labels to workers, in order, and keeps the fast ones from running too far ahead.

use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use miandan_core::pipe::MAX_BLOCK;

/// The first block is small, so that the first label comes soon; blocks double until they are full.
const FIRST_BLOCK: usize = 4;

/// Hands out blocks of labels.
pub(crate) struct Dispenser {
    labels: usize,
    /// How many blocks may be out or waiting to be written.
    window: usize,
    state: Mutex<State>,
    room: Condvar,
}

#[derive(Default)]
struct State {
    next_label: usize,
    next_block: usize,
    written: usize,
    stopped: bool,
}

/// A block: which one it is, and the places of its labels, both from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) number: usize,
    pub(crate) labels: Range<usize>,
}

impl Dispenser {
    pub(crate) fn new(labels: usize, workers: usize) -> Self {
        Dispenser { labels, window: workers * 4, state: Mutex::default(), room: Condvar::new() }
    }

    /// The next block, of so many labels at most, or `None` when there are no more or the batch was stopped. Waits while too
    /// many are out.
    pub(crate) fn take(&self, most: usize) -> Option<Block> {
        let mut state = self.lock();
        while !state.stopped && state.next_block >= state.written + self.window {
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stopped || state.next_label >= self.labels {
            return None;
        }
        let size = (FIRST_BLOCK << state.next_block.min(16)).min(most.clamp(1, MAX_BLOCK));
        let end = (state.next_label + size).min(self.labels);
        let block = Block { number: state.next_block, labels: state.next_label..end };
        state.next_label = end;
        state.next_block += 1;
        Some(block)
    }

    /// A block has been written, in order.
    pub(crate) fn written(&self) {
        self.lock().written += 1;
        self.room.notify_all();
    }

    /// No more blocks are handed out.
    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
        self.room.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_grow_and_cover_every_label_once() {
        let dispenser = Dispenser::new(200, 100);
        let blocks: Vec<_> = std::iter::from_fn(|| dispenser.take(MAX_BLOCK)).collect();
        let sizes: Vec<_> = blocks.iter().map(|block| block.labels.len()).collect();
        assert_eq!(sizes, [4, 8, 16, 32, 64, 64, 12]);
        assert!(blocks.windows(2).all(|pair| pair[0].labels.end == pair[1].labels.start));
        assert_eq!(blocks.last().unwrap().labels.end, 200);
    }

    #[test]
    fn large_labels_come_in_small_blocks() {
        let dispenser = Dispenser::new(20, 100);
        let sizes: Vec<_> =
            std::iter::from_fn(|| dispenser.take(6)).map(|block| block.labels.len()).collect();
        assert_eq!(sizes, [4, 6, 6, 4]);
        assert_eq!(Dispenser::new(2, 1).take(0).map(|block| block.labels), Some(0..1));
    }

    #[test]
    fn a_stop_wakes_who_waits_for_room() {
        let dispenser = Dispenser::new(1000, 1);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| std::iter::from_fn(|| dispenser.take(MAX_BLOCK)).count());
            dispenser.stop();
            assert!(waiting.join().unwrap() <= 4);
        });
    }
}
