//! What a batch is being printed by at this moment, so that all of it can be cancelled.

use std::sync::{Arc, Mutex};

use crate::wait::lock;

type Cancel = Box<dyn Fn() + Send>;

/// The calls that are under way.
#[derive(Clone, Default)]
pub(crate) struct Running(Arc<Mutex<Calls>>);

#[derive(Default)]
struct Calls {
    begun: u64,
    cancels: Vec<(u64, Cancel)>,
}

/// One of them. It is over when this is dropped.
pub(crate) struct Call {
    running: Running,
    number: u64,
}

impl Running {
    /// Begins one that is cancelled so.
    pub(crate) fn begin(&self, cancel: impl Fn() + Send + 'static) -> Call {
        let mut calls = lock(&self.0);
        calls.begun += 1;
        let number = calls.begun;
        calls.cancels.push((number, Box::new(cancel)));
        Call { running: self.clone(), number }
    }

    /// Cancels all of them; none that begins later.
    pub(crate) fn cancel(&self) {
        lock(&self.0).cancels.iter().for_each(|(_, cancel)| cancel());
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        lock(&self.running.0).cancels.retain(|(number, _)| *number != self.number);
    }
}
