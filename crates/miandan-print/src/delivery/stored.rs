//! Labels into files, through the journal: a file is not paper, but somebody prints it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use miandan_core::label::{Format, LabelSize};
use miandan_core::pipe::{FontSubset, PageForm, Pages};
use miandan_journal::{JournalError, OpenBatch, PrintId, Rung, Transition};

use super::printer::hash_of_pages;
use crate::output::{Output, OutputError};

/// Labels whose states are written at once: a transaction has a size.
const AT_ONCE: usize = 1024;

/// When labels of an output can be seen by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Each as soon as it is made: a folder, a stream.
    Each,
    /// All at the end: a file that gets its name when it is whole.
    Whole,
}

/// Another output, with its labels in the journal.
pub struct Journaled<'a, O> {
    inner: O,
    when: When,
    batch: &'a OpenBatch,
    prints: &'a [PrintId],
    name: Arc<str>,
    clock: &'a (dyn Fn() -> u64 + Sync),
    /// Labels that are made and cannot be seen yet, or of which it is not written yet that they can.
    made: Vec<(PrintId, [u8; 32])>,
}

impl<'a, O: Output> Journaled<'a, O> {
    /// Labels of an output that is called `name` in the journal. `prints` says which label stands at each place of the plan.
    pub fn new(
        inner: O,
        when: When,
        name: &str,
        batch: &'a OpenBatch,
        prints: &'a [PrintId],
        clock: &'a (dyn Fn() -> u64 + Sync),
    ) -> Self {
        Journaled { inner, when, batch, prints, name: name.into(), clock, made: Vec::new() }
    }

    /// The other output.
    pub fn inner(&self) -> &O {
        &self.inner
    }

    fn sending(&self, print: PrintId, bytes: [u8; 32]) -> [(PrintId, Transition); 2] {
        let printer = Arc::clone(&self.name);
        [
            (print, Transition::Rendered { bytes }),
            (print, Transition::Sending { printer, bytes, answers: false }),
        ]
    }

    fn record(&self, transitions: Vec<(PrintId, Transition)>) -> Result<(), OutputError> {
        if transitions.is_empty() {
            return Ok(());
        }
        self.batch.record_all(transitions, (self.clock)()).map(drop).map_err(failed)
    }
}

fn stored(print: PrintId) -> [(PrintId, Transition); 2] {
    [(print, Transition::Sent), (print, Transition::Confirmed { rung: Rung::Stored })]
}

/// The journal's error in that of an output. [`journal_error`] finds it again.
fn failed(error: JournalError) -> OutputError {
    OutputError { path: PathBuf::new(), error: io::Error::other(error) }
}

/// What the journal said, if that is why an output could not be written.
#[must_use]
pub(crate) fn journal_error(error: &OutputError) -> Option<&JournalError> {
    error.error.get_ref()?.downcast_ref()
}

impl OutputError {
    /// What the journal said, if it is why the output could not be written: nothing more was written then.
    #[must_use]
    pub fn journal(&self) -> Option<&JournalError> {
        journal_error(self)
    }
}

impl<O: Output> Output for Journaled<'_, O> {
    fn format(&self) -> Format {
        self.inner.format()
    }

    fn begin(&mut self, size: LabelSize) -> Result<(), OutputError> {
        self.inner.begin(size)
    }

    fn label(&mut self, number: u32, label: Pages<'_>) -> Result<(), OutputError> {
        let missing = || OutputError { path: PathBuf::new(), error: io::ErrorKind::InvalidInput.into() };
        let print = self.prints.get(number as usize - 1).copied().ok_or_else(missing)?;
        let bytes = hash_of_pages(label.iter());
        if self.when == When::Whole {
            self.made.push((print, bytes));
            return self.inner.label(number, label);
        }
        // What is known of the label before and the word before this one, in one write.
        let before = self.made.drain(..).flat_map(|(print, _)| stored(print)).collect::<Vec<_>>();
        self.record(before.into_iter().chain(self.sending(print, bytes)).collect())?;
        self.inner.label(number, label)?;
        self.made.push((print, bytes));
        Ok(())
    }

    fn form(&mut self, form: PageForm<'_>) -> Result<(), OutputError> {
        self.inner.form(form)
    }

    fn finish(mut self, fonts: &[FontSubset<'_>]) -> Result<(), OutputError> {
        let made = std::mem::take(&mut self.made);
        if self.when == When::Whole {
            for labels in made.chunks(AT_ONCE) {
                self.record(labels.iter().flat_map(|&(print, bytes)| self.sending(print, bytes)).collect())?;
            }
        }
        let Journaled { inner, batch, clock, .. } = self;
        inner.finish(fonts)?;
        for labels in made.chunks(AT_ONCE) {
            let transitions = labels.iter().flat_map(|&(print, _)| stored(print)).collect();
            batch.record_all(transitions, clock()).map_err(failed)?;
        }
        Ok(())
    }
}
