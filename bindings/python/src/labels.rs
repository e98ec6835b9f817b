//! Labels of a batch one by one.

use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use miandan_print::{BatchOptions, Cancel, LabelForm, PrintError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::errors::fault;
use crate::outcome::{LabelOutcome, Summary};
use crate::owner::Owner;
use crate::running::{Call, Running};
use crate::wait::{ATTENTION, drop_aside, lock, no_thread, patiently};

/// One label of a batch, or why there is none.
#[pyclass(frozen, extends = LabelOutcome, module = "miandan")]
pub(crate) struct Label {
    /// Its pages, in the form that was asked for; none where there is no label.
    #[pyo3(get)]
    pages: Py<PyTuple>,
}

/// The labels of a batch in their order, while they are made.
///
/// In a `with` block the batch ends with the block. Otherwise it ends with its last label, or when nobody has this object any
/// more.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Labels {
    /// None once the last one was taken.
    labels: Mutex<Option<miandan_print::Labels>>,
    seen: Mutex<Seen>,
    cancel: Cancel,
    owner: Owner,
    _call: Call,
}

/// What there is to say at the end.
#[derive(Default)]
struct Seen {
    failures: Vec<LabelOutcome>,
    summary: Option<Summary>,
}

type Next = Poll<Option<Result<miandan_print::Label, PrintError>>>;

impl Labels {
    pub(crate) fn start(
        py: Python<'_>,
        batch: BatchOptions,
        form: LabelForm,
        running: &Running,
    ) -> PyResult<Self> {
        let labels = miandan_print::Labels::start(batch, form).map_err(|error| no_thread(py, &error))?;
        let (cancel, also) = (labels.cancel(), labels.cancel());
        Ok(Labels {
            labels: Mutex::new(Some(labels)),
            seen: Mutex::default(),
            cancel,
            owner: Owner::new(),
            _call: running.begin(move || also.cancel()),
        })
    }

    /// The next one if it is there already: most often it is, and then giving the interpreter up would cost more than it.
    fn now(&self) -> Next {
        self.labels.try_lock().map_or(Poll::Pending, |mut labels| next(&mut labels, Duration::ZERO))
    }
}

fn next(labels: &mut Option<miandan_print::Labels>, within: Duration) -> Next {
    labels.as_mut().map_or(Poll::Ready(None), |labels| labels.next_within(within))
}

#[pymethods]
impl Labels {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<Label>>> {
        self.owner.check(py)?;
        loop {
            let mut label = self.now();
            if label.is_pending() {
                label = py.detach(|| next(&mut lock(&self.labels), ATTENTION));
            }
            py.check_signals()?;
            match label {
                Poll::Pending => {}
                Poll::Ready(Some(Ok(label))) => return self.label(py, label).map(Some),
                Poll::Ready(Some(Err(error))) => return Err(fault(py, &error)),
                Poll::Ready(None) => {
                    self.end(py);
                    return Ok(None);
                }
            }
        }
    }

    /// Ends the batch, from any thread. Labels that are made already still come; then Cancelled is raised.
    fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Ends the batch and waits until its components are gone.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        if !self.owner.is_here() {
            return Ok(());
        }
        self.cancel.cancel();
        match py.detach(|| lock(&self.labels).take()) {
            Some(labels) => patiently(py, move || drop(labels)),
            None => Ok(()),
        }
    }

    /// What came of the batch, once its last label was taken.
    #[getter]
    fn summary(&self) -> Option<Summary> {
        lock(&self.seen).summary.clone()
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_args))]
    fn __exit__(&self, py: Python<'_>, _args: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.close(py)
    }
}

impl Labels {
    fn label(&self, py: Python<'_>, label: miandan_print::Label) -> PyResult<Py<Label>> {
        let size =
            label.pages.as_ref().map(|pages| pages.iter().map(Vec::len).sum()).map_err(|&failure| failure);
        let outcome = LabelOutcome::new(label.number, size, label.warnings);
        if size.is_err() {
            lock(&self.seen).failures.push(outcome.clone());
        }
        let pages = label.pages.unwrap_or_default();
        let pages = PyTuple::new(py, pages.iter().map(|page| PyBytes::new(py, page)))?.unbind();
        Py::new(py, PyClassInitializer::from(outcome).add_subclass(Label { pages }))
    }

    /// Keeps what came of the batch. One that was cancelled or has failed has said so, and comes to nothing.
    fn end(&self, py: Python<'_>) {
        let Some(labels) = py.detach(|| lock(&self.labels).take()) else { return };
        let mut seen = lock(&self.seen);
        let count = labels.summary().done + labels.summary().failed;
        if count > 0 {
            let failures = std::mem::take(&mut seen.failures);
            seen.summary = Some(Summary::new(labels.summary().clone(), failures));
        }
    }
}

impl Drop for Labels {
    fn drop(&mut self) {
        let labels = self.labels.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some(labels) = labels.take() else { return };
        if self.owner.is_here() {
            self.cancel.cancel();
            drop_aside(labels);
        } else {
            // Its thread is in another process.
            std::mem::forget(labels);
        }
    }
}
