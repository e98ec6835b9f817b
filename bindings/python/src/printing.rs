//! One call that prints a batch: a thread makes it, and the thread that called hears of it, hears Ctrl-C, and calls whoever
//! wants to know. So nobody who is slow in Python holds the interpreter while labels are made.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use miandan_print::{BatchOptions, Observer, Output, OutputError, PrintError};
use pyo3::prelude::*;

use crate::errors::fault;
use crate::outcome::{LabelOutcome, Summary};
use crate::running::Running;
use crate::wait::{Inbox, defect, no_thread};

/// How often the thread that called looks what there is to tell. To be woken for every label would cost more than to make it.
const TICK: Duration = Duration::from_millis(20);

/// How many outcomes wait for whoever is told of them: more than come in that time. One who is slower has the batch wait.
const WAITING: usize = 4096;

/// How long a batch that was cancelled is waited for. A component that hangs takes longer; the output is given up all the
/// same, and at once.
const GRACE: Duration = Duration::from_secs(2);

/// Tells of every label, or of those alone that failed.
struct Teller {
    labels: SyncSender<miandan_print::LabelOutcome>,
    every: bool,
}

impl Observer for Teller {
    fn label(&mut self, label: &miandan_print::LabelOutcome) {
        if self.every || label.result.is_err() {
            // Nobody listens any more: then the batch is cancelled as well.
            let _ = self.labels.send(*label);
        }
    }
}

/// Prints a batch into what `output` opens.
pub(crate) fn print<O: Output + Send + 'static>(
    py: Python<'_>,
    options: BatchOptions,
    running: &Running,
    output: impl FnOnce() -> Result<O, OutputError> + Send + 'static,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Summary> {
    let cancel = Arc::new(AtomicBool::new(false));
    let also = Arc::clone(&cancel);
    let _call = running.begin(move || also.store(true, Ordering::Relaxed));
    let (sender, labels) = mpsc::sync_channel(WAITING);
    let (end, ended) = mpsc::sync_channel(1);
    let mut teller = Teller { labels: sender, every: progress.is_some() };
    let cancelled = Arc::clone(&cancel);
    let print = move || {
        let output = output().map_err(PrintError::Output);
        let _ = end.send(output.and_then(|output| options.batch(&cancelled).print(output, &mut teller)));
    };
    thread::Builder::new().name("batch".to_owned()).spawn(print).map_err(|error| no_thread(py, &error))?;

    let ended = Inbox::new(ended);
    hear(py, &ended, labels, progress).inspect_err(|_| {
        cancel.store(true, Ordering::Relaxed);
        let _ = ended.next_within(py, GRACE);
    })
}

/// Hears of labels until the end. Whatever is raised meanwhile ends it; then nobody listens to labels any more.
fn hear(
    py: Python<'_>,
    ended: &Inbox<Result<miandan_print::Summary, PrintError>>,
    labels: Receiver<miandan_print::LabelOutcome>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Summary> {
    let mut failures = Vec::new();
    loop {
        let end = ended.next_within(py, TICK);
        py.check_signals()?;
        for label in labels.try_iter() {
            let outcome = LabelOutcome::new(label.number, label.result, label.warnings);
            if label.result.is_err() {
                failures.push(outcome.clone());
            }
            if let Some(progress) = progress {
                progress.call1((outcome,))?;
            }
        }
        match end {
            Ok(Ok(summary)) => return Ok(Summary::new(summary, failures)),
            Ok(Err(error)) => return Err(fault(py, &error)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(defect(py)),
        }
    }
}
