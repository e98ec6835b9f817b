//! Everything that happens at a station, for whoever wants to see it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use miandan_journal::RunningNumber;
use miandan_print::station::{LabelEvent, StationObserver, WarmError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::argument::duration;
use crate::event::Event;
use crate::owner::Owner;
use crate::wait::{ATTENTION, lock};

/// How many events wait for a reader. Those that come after them are counted and not kept.
const MOST: usize = 1 << 16;

/// Who looks on at a station.
#[derive(Default)]
pub(crate) struct Readers(Mutex<Vec<Reader>>);

struct Reader {
    sender: SyncSender<Event>,
    missed: Arc<AtomicU64>,
}

/// Everything that happens at a station from now on: to all labels, those that a person has printed again included.
///
/// Iterated, it ends when the station has stopped.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Events {
    events: Mutex<Option<Receiver<Event>>>,
    missed: Arc<AtomicU64>,
    owner: Owner,
}

impl Readers {
    pub(crate) fn open(&self) -> Events {
        let (sender, events) = mpsc::sync_channel(MOST);
        let missed = Arc::<AtomicU64>::default();
        lock(&self.0).push(Reader { sender, missed: Arc::clone(&missed) });
        Events { events: Mutex::new(Some(events)), missed, owner: Owner::new() }
    }

    /// The station has stopped.
    pub(crate) fn close(&self) {
        lock(&self.0).clear();
    }

    fn tell(&self, event: impl Fn() -> Event) {
        lock(&self.0).retain(|reader| match reader.sender.try_send(event()) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                reader.missed.fetch_add(1, Ordering::Relaxed);
                true
            }
            Err(TrySendError::Disconnected(_)) => false,
        });
    }
}

impl StationObserver for Readers {
    fn no_component(&self, error: &WarmError) {
        self.tell(|| Event::no_component(error));
    }

    fn label(&self, printer: &str, number: RunningNumber, copy: u32, event: &LabelEvent) {
        self.tell(|| Event::of_station(printer, number, copy, event.clone()));
    }
}

impl Events {
    fn read(&self, within: Duration) -> Result<Event, RecvTimeoutError> {
        lock(&self.events).as_ref().ok_or(RecvTimeoutError::Disconnected)?.recv_timeout(within)
    }
}

#[pymethods]
impl Events {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Event>> {
        self.next(py, None)
    }

    /// The next event; nothing if none comes within so many seconds, or the station has stopped.
    #[pyo3(signature = (timeout = None))]
    fn next(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<Option<Event>> {
        self.owner.check(py)?;
        let until =
            timeout.map(|timeout| duration(py, timeout)).transpose()?.map(|left| Instant::now() + left);
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let next = py.detach(|| self.read(left.map_or(ATTENTION, |left| left.min(ATTENTION))));
            py.check_signals()?;
            match next {
                Ok(event) => return Ok(Some(event)),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if left.is_some_and(|left| left.is_zero()) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// How many events came while 65,536 of them waited to be read, and are lost.
    #[getter]
    fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }

    /// Reads no more.
    fn close(&self, py: Python<'_>) {
        py.detach(|| drop(lock(&self.events).take()));
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_args))]
    fn __exit__(&self, py: Python<'_>, _args: &Bound<'_, PyTuple>) {
        self.close(py);
    }
}
