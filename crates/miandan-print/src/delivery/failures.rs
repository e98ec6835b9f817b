//! Labels that could not be made: nothing of them went anywhere, and the journal is to know.

use std::io;

use miandan_core::pipe::{Ready, StateAnswer};
use miandan_journal::{JournalError, OpenBatch, PrintId, Transition};

use crate::batch::{LabelOutcome, Observer};

/// Writes labels that could not be made into the journal, and passes everything on.
pub struct RecordFailures<'a> {
    batch: &'a OpenBatch,
    prints: &'a [PrintId],
    clock: &'a (dyn Fn() -> u64 + Sync),
    inner: &'a mut dyn Observer,
    recorded: Result<(), JournalError>,
}

impl<'a> RecordFailures<'a> {
    /// For a batch that is printed by a plan. `prints` says which label stands at each place of it.
    pub fn new(
        batch: &'a OpenBatch,
        prints: &'a [PrintId],
        clock: &'a (dyn Fn() -> u64 + Sync),
        inner: &'a mut dyn Observer,
    ) -> Self {
        RecordFailures { batch, prints, clock, inner, recorded: Ok(()) }
    }

    /// Whether all of them are in the journal.
    ///
    /// # Errors
    /// What the journal said of the first that is not.
    pub fn finish(self) -> Result<(), JournalError> {
        self.recorded
    }
}

impl Observer for RecordFailures<'_> {
    fn ready(&mut self, ready: &Ready, state: &StateAnswer) {
        self.inner.ready(ready, state);
    }

    fn state_lost(&mut self, error: &io::Error) {
        self.inner.state_lost(error);
    }

    fn label(&mut self, label: &LabelOutcome) {
        if let Err(failure) = label.result
            && let Some(&print) = self.prints.get(label.number.index as usize - 1)
        {
            let transition = Transition::Failed { reason: failure.code.as_str().to_owned() };
            let recorded = self.batch.record(print, transition, (self.clock)()).map(drop);
            if self.recorded.is_ok() {
                self.recorded = recorded;
            }
        }
        self.inner.label(label);
    }
}
