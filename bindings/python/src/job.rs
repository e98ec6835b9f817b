//! Labels that a station was asked for together.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use miandan_journal::RunningNumber;
use miandan_print::station::{Events, LabelEvent, TaggedEvent};
use pyo3::exceptions::PyTimeoutError;
use pyo3::prelude::*;

use crate::argument::duration;
use crate::event::Event;
use crate::owner::Owner;
use crate::wait::{ATTENTION, lock};

/// Labels that a station was asked for together. Iterated, it says what happens to them until all are settled.
///
/// They are printed whether anybody reads this or not.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Job {
    /// The printer.
    #[pyo3(get)]
    printer: String,
    events: Events,
    known: Mutex<Known>,
    owner: Owner,
}

/// What was read until now.
struct Known {
    left: usize,
    numbers: Vec<Option<RunningNumber>>,
    settled: Vec<Option<Event>>,
}

enum Next {
    Event(Box<Event>),
    Nothing,
    Over,
}

impl Job {
    /// A job of so many labels, and the queue of what happens to them.
    pub(crate) fn new(printer: String, count: usize, events: Events) -> Self {
        let known = Known { left: count, numbers: vec![None; count], settled: vec![None; count] };
        Job { printer, events, known: Mutex::new(known), owner: Owner::new() }
    }

    /// The next event. The lock is held meanwhile, so that two readers have the events in their order.
    fn read(&self, within: Duration) -> Next {
        let mut known = lock(&self.known);
        if known.left == 0 {
            return Next::Over;
        }
        match self.events.next(within) {
            Some(event) => Next::Event(Box::new(known.note(&self.printer, event))),
            None => Next::Nothing,
        }
    }

    /// The next event; none if there will be no more, or none came in time.
    fn next_until(&self, py: Python<'_>, until: Option<Instant>) -> PyResult<Next> {
        self.owner.check(py)?;
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let next = py.detach(|| self.read(left.map_or(ATTENTION, |left| left.min(ATTENTION))));
            py.check_signals()?;
            match next {
                Next::Nothing if left.is_some_and(|left| left.is_zero()) => return Ok(Next::Nothing),
                Next::Nothing => {}
                next => return Ok(next),
            }
        }
    }
}

impl Known {
    fn note(&mut self, printer: &str, event: TaggedEvent) -> Event {
        let TaggedEvent { place, event, .. } = event;
        if let (LabelEvent::Planned(number), Some(known)) = (&event, self.numbers.get_mut(place)) {
            *known = Some(*number);
        }
        let is_settled = matches!(event, LabelEvent::Settled(_));
        let number = self.numbers.get(place).copied().flatten();
        let event = Event::of_job(printer, place, number, event);
        if let (true, Some(settled)) = (is_settled, self.settled.get_mut(place)) {
            self.left -= usize::from(settled.is_none());
            *settled = Some(event.clone());
        }
        event
    }
}

/// When so many seconds are over; never, if nobody says.
fn until(py: Python<'_>, timeout: Option<f64>) -> PyResult<Option<Instant>> {
    Ok(timeout.map(|timeout| duration(py, timeout)).transpose()?.map(|timeout| Instant::now() + timeout))
}

#[pymethods]
impl Job {
    fn __len__(&self, py: Python<'_>) -> usize {
        py.detach(|| lock(&self.known).settled.len())
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Event>> {
        match self.next_until(py, None)? {
            Next::Event(event) => Ok(Some(*event)),
            Next::Nothing | Next::Over => Ok(None),
        }
    }

    /// The next event; nothing if none comes within so many seconds, or all labels are settled.
    #[pyo3(signature = (timeout = None))]
    fn next(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<Option<Event>> {
        match self.next_until(py, until(py, timeout)?)? {
            Next::Event(event) => Ok(Some(*event)),
            Next::Nothing | Next::Over => Ok(None),
        }
    }

    /// Waits until all labels are settled, and answers what became of each, in the order of the orders.
    ///
    /// Raises TimeoutError if that takes longer than so many seconds. They go on being printed, and can be waited for again.
    #[pyo3(signature = (timeout = None))]
    fn wait(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<Vec<Event>> {
        let until = until(py, timeout)?;
        loop {
            match self.next_until(py, until)? {
                Next::Event(_) => {}
                Next::Nothing => return Err(PyTimeoutError::new_err("labels are not settled yet")),
                Next::Over => break,
            }
        }
        Ok(py.detach(|| lock(&self.known).settled.iter().flatten().cloned().collect()))
    }

    /// Whether all labels are settled, as far as was read.
    #[getter]
    fn is_settled(&self, py: Python<'_>) -> bool {
        py.detach(|| lock(&self.known).left == 0)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<miandan.Job of {} on {:?}>", self.__len__(py), self.printer)
    }
}
