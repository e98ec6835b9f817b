//! A station: labels onto printers, each once, through a journal.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use miandan_core::pipe::TemplateKind;
use miandan_journal::{Journal, RunningNumber};
use miandan_print::delivery::Printer;
use miandan_print::station::{Held, LabelRequest, LaneStatus, PersonError, StationOptions, TemplateSource};
use miandan_print::{Fault, Status};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};

use crate::argument::{Bytes, count, duration, fonts};
use crate::batch::{missing_glyph, now};
use crate::component::Component;
use crate::errors::{bad_argument, exception, fault};
use crate::job::Job;
use crate::orders::Orders;
use crate::owner::Owner;
use crate::profile;
use crate::stream::{Events, Readers};
use crate::template::source;
use crate::wait::{defect, drop_aside, patiently};

/// Orders that are read from their file at once.
const BLOCK: usize = 256;

/// How long a station that is left waits for the label that it is sending.
const PATIENCE: f64 = 30.0;

/// Printers that labels are sent to as they come, each label once.
///
/// A journal knows every label before its first byte leaves: one that was printed before is refused (Duplicate), and one that
/// may be on paper (Uncertain) is never sent again by itself. Its printer is held until a person has looked.
///
/// Use it in a `with` block, or stop it: a program that ends leaves the label in flight uncertain.
///
/// journal: the file of the journal, which is made where there is none.
/// printers: by their names, each the place of a printer ("socket://192.0.2.7", "file:labels/", …) and its profile.
/// templates: those that are used, so that no label waits for one: names, or bytes.
/// components: how many are kept warm; one for each processor.
/// patience: how long a label waits for its printer, in seconds.
/// most_waiting: labels that may wait for all printers together.
/// keep: labels that stay in memory, still sealed, to be printed again.
/// fonts, missing: as of Batch.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Station {
    /// There until it is dropped.
    station: Option<Arc<miandan_print::station::Station>>,
    readers: Arc<Readers>,
    owner: Owner,
}

/// How a printer of a station is.
#[pyclass(frozen, get_all, module = "miandan")]
pub(crate) struct PrinterStatus {
    /// What it is called.
    name: String,
    /// Labels that wait for it.
    waiting: usize,
    /// The running number of the label that it is being sent.
    sending: Option<String>,
    /// Why it gets no labels: a "person" said so, a label is "uncertain", or the "journal" cannot be written.
    held: Option<&'static str>,
    /// The running number of the label that is uncertain.
    uncertain: Option<String>,
    /// What is wrong with it.
    trouble: Option<String>,
}

/// What going on from a label did, by running numbers.
#[pyclass(frozen, get_all, module = "miandan")]
pub(crate) struct Resumed {
    /// Labels that are confirmed by the person's word.
    confirmed: Vec<String>,
    /// Labels that are printed again, each with its mark.
    reprinted: Vec<String>,
    /// Labels that should be, and of which the order is not in memory any more.
    gone: Vec<String>,
}

#[pymethods]
impl Station {
    #[new]
    #[pyo3(signature = (
        component, journal, printers, *, templates = None, components = None, patience = 600.0, most_waiting = 20_000,
        keep = 2_000, fonts = None, missing = "refuse",
    ))]
    #[allow(clippy::too_many_arguments)] // by name, in Python
    fn new(
        py: Python<'_>,
        component: &Bound<'_, Component>,
        journal: PathBuf,
        printers: &Bound<'_, PyAny>,
        templates: Option<&Bound<'_, PyAny>>,
        components: Option<i64>,
        patience: f64,
        most_waiting: i64,
        keep: i64,
        fonts: Option<&Bound<'_, PyAny>>,
        missing: &str,
    ) -> PyResult<Self> {
        let printers = printers.call_method0("items")?.try_iter()?.map(|printer| printer_of(&printer?));
        let printers = printers.collect::<PyResult<Vec<_>>>()?;
        let opened = patiently(py, move || Journal::open(&journal))?;
        let journal = opened.map_err(|error| fault(py, &error))?;
        let clock = Arc::new(now);
        let mut options = StationOptions::new(component.get().options.clone(), journal, printers, clock);
        if let Some(components) = components {
            options.components = count(py, "components", components, 1)?;
        }
        options.patience = duration(py, patience)?;
        options.most_waiting = count(py, "most_waiting", most_waiting, 1)?;
        options.keep = count(py, "keep", keep, 0)?;
        options.fonts = self::fonts(fonts)?;
        options.missing = missing_glyph(py, missing)?;
        if let Some(templates) = templates {
            options.templates =
                templates.try_iter()?.map(|given| waybill(&given?)).collect::<PyResult<_>>()?;
        }
        let readers = Arc::<Readers>::default();
        options.observer = Arc::<Readers>::clone(&readers);
        let started = patiently(py, move || miandan_print::station::Station::start(options))?;
        let station = started.map_err(|error| fault(py, &error))?;
        Ok(Station { station: Some(Arc::new(station)), readers, owner: Owner::new() })
    }

    /// Prints labels on a printer, in this order, behind those that wait for it. Answers when their numbers are in the journal:
    /// it waits for the disk, not for the printer.
    ///
    /// orders: Orders, or sealed orders as they are, each as bytes or str.
    #[pyo3(signature = (printer, orders, template))]
    fn print(
        &self,
        py: Python<'_>,
        printer: String,
        orders: &Bound<'_, PyAny>,
        template: &Bound<'_, PyAny>,
    ) -> PyResult<Job> {
        let station = self.station(py)?;
        let template = waybill(template)?;
        let orders = sealed(orders)?;
        let count = orders.len();
        let labels = LabelRequest::sealed(orders, &template);
        let events = miandan_print::station::Events::default();
        let watch = events.watch(0);
        py.detach(|| station.print(&printer, labels, watch)).map_err(|error| fault(py, &error))?;
        Ok(Job::new(printer, count, events))
    }

    /// Makes a label to be looked at: masked, with 预览 across it, and never printed. Answers a PNG of each page.
    fn preview<'py>(
        &self,
        order: &Bound<'py, PyAny>,
        template: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let py = order.py();
        let station = Arc::clone(self.station(py)?);
        let template = waybill(template)?;
        let order = Bytes::of(order)?.as_bytes().to_vec();
        let Some(label) = LabelRequest::sealed(vec![order], &template).pop() else { return Err(defect(py)) };
        let made = patiently(py, move || {
            let (sender, made) = mpsc::channel();
            station.preview(label, move |made| drop(sender.send(made)));
            made.recv()
        })?;
        let picture = made.map_err(|_| defect(py))?.map_err(|error| fault(py, &error))?;
        PyTuple::new(py, picture.pages.iter().map(|page| PyBytes::new(py, page)))
    }

    /// Everything that happens from now on.
    fn events(&self, py: Python<'_>) -> PyResult<Events> {
        self.station(py)?;
        Ok(py.detach(|| self.readers.open()))
    }

    /// How the printers are, in the order in which they were given.
    fn printers(&self, py: Python<'_>) -> PyResult<Vec<PrinterStatus>> {
        let station = self.station(py)?;
        Ok(py.detach(|| station.printers()).into_iter().map(PrinterStatus::from).collect())
    }

    /// Has a printer get no labels after the one that it is being sent.
    fn hold(&self, py: Python<'_>, printer: &str) -> PyResult<()> {
        let station = self.station(py)?;
        known(py, py.detach(|| station.hold(printer)))
    }

    /// Has a printer get labels again: somebody has looked.
    fn release(&self, py: Python<'_>, printer: &str) -> PyResult<()> {
        let station = self.station(py)?;
        known(py, py.detach(|| station.release(printer)))
    }

    /// Prints a label again, with a mark, on this printer, else where it was sent before; one that surely was not printed
    /// without. Answers which copy it is. What becomes of it is in events().
    #[pyo3(signature = (number, *, reason, operator, printer = None))]
    fn reprint(
        &self,
        py: Python<'_>,
        number: &str,
        reason: &str,
        operator: &str,
        printer: Option<&str>,
    ) -> PyResult<u32> {
        let (station, number) = (self.station(py)?, running(py, number)?);
        self.said(py, || station.reprint(number, printer, reason, operator))
    }

    /// A person says of a label that is uncertain whether it was printed. Answers its state.
    #[pyo3(signature = (number, printed, *, reason, operator))]
    fn settle(
        &self,
        py: Python<'_>,
        number: &str,
        printed: bool,
        reason: &str,
        operator: &str,
    ) -> PyResult<&'static str> {
        let (station, number) = (self.station(py)?, running(py, number)?);
        self.said(py, || station.settle(number, printed, reason, operator)).map(|print| print.state.as_str())
    }

    /// The state of a label in the journal: "planned", "rendered", "sending", "sent", "confirmed", "unknown" or "failed".
    fn state(&self, py: Python<'_>, number: &str) -> PyResult<&'static str> {
        let (station, number) = (self.station(py)?, running(py, number)?);
        self.said(py, || station.latest(number)).map(|print| print.state.as_str())
    }

    /// Goes on after a jam: `last` is the last good label that came out of the printer. What it was sent before is taken as
    /// printed, what it was sent after is printed again with a mark, and the printer gets labels again.
    ///
    /// With dry it only answers what it would do.
    #[pyo3(signature = (printer, last, *, reason, operator, dry = false))]
    fn resume(
        &self,
        py: Python<'_>,
        printer: &str,
        last: &str,
        reason: &str,
        operator: &str,
        dry: bool,
    ) -> PyResult<Resumed> {
        let (station, last) = (self.station(py)?, running(py, last)?);
        let resumed = self.said(py, || match dry {
            true => station.look_at_resume(printer, last),
            false => station.resume(printer, last, reason, operator),
        })?;
        let all = |numbers: Vec<RunningNumber>| numbers.iter().map(RunningNumber::to_string).collect();
        let miandan_print::station::Resumed { confirmed, reprinted, gone } = resumed;
        Ok(Resumed { confirmed: all(confirmed), reprinted: all(reprinted), gone: all(gone) })
    }

    /// Takes no more labels, finishes those in flight, and tells all others that nothing becomes of them. After so many seconds
    /// not even those in flight are waited for, and they are uncertain then.
    #[pyo3(signature = (patience = 30.0))]
    fn stop(&self, py: Python<'_>, patience: f64) -> PyResult<()> {
        let (station, readers) = (Arc::clone(self.station(py)?), Arc::clone(&self.readers));
        let patience = duration(py, patience)?;
        patiently(py, move || {
            station.stop(patience);
            readers.close();
        })
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_args))]
    fn __exit__(&self, py: Python<'_>, _args: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.stop(py, PATIENCE)
    }
}

impl Station {
    fn station(&self, py: Python<'_>) -> PyResult<&Arc<miandan_print::station::Station>> {
        self.owner.check(py)?;
        self.station.as_ref().ok_or_else(|| defect(py))
    }

    /// Has a person's word written down.
    fn said<T: Send>(
        &self,
        py: Python<'_>,
        decide: impl FnOnce() -> Result<T, PersonError> + Send,
    ) -> PyResult<T> {
        py.detach(decide).map_err(|error| fault(py, &error))
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        let Some(station) = self.station.take() else { return };
        if self.owner.is_here() {
            let readers = Arc::clone(&self.readers);
            drop_aside(Ended { station, readers });
        } else {
            // Its threads are in another process, which has the journal too.
            std::mem::forget(station);
        }
    }
}

/// A station that nobody has any more.
struct Ended {
    station: Arc<miandan_print::station::Station>,
    readers: Arc<Readers>,
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.station.stop(Duration::from_secs_f64(PATIENCE));
        self.readers.close();
    }
}

impl From<LaneStatus> for PrinterStatus {
    fn from(lane: LaneStatus) -> Self {
        let (held, uncertain) = match lane.held {
            None => (None, None),
            Some(Held::ByPerson) => (Some("person"), None),
            Some(Held::Unknown(number, _)) => (Some("uncertain"), Some(number.to_string())),
            Some(Held::Journal(_)) => (Some("journal"), None),
        };
        PrinterStatus {
            name: lane.name,
            waiting: lane.waiting,
            sending: lane.sending.map(|number| number.to_string()),
            held,
            uncertain,
            trouble: lane.trouble.map(|why| why.to_string()),
        }
    }
}

#[pymethods]
impl PrinterStatus {
    fn __repr__(&self) -> String {
        let PrinterStatus { name, waiting, held, .. } = self;
        format!("<miandan.PrinterStatus {name:?} waiting={waiting} held={}>", held.unwrap_or("no"))
    }
}

/// A printer as it was given: its name, its place and its profile.
fn printer_of(given: &Bound<'_, PyAny>) -> PyResult<(String, Printer)> {
    let (name, (uri, profile)): (String, (String, Bound<'_, PyAny>)) = given.extract()?;
    match Printer::open(&uri, profile::of(&profile)?) {
        Ok(printer) => Ok((name, printer)),
        Err(error) => Err(exception(given.py(), error.status(), &format!("printer {name:?}: {error}"))),
    }
}

fn known(py: Python<'_>, found: bool) -> PyResult<()> {
    if found { Ok(()) } else { Err(exception(py, Status::PrinterUnknown, "there is no such printer")) }
}

fn running(py: Python<'_>, number: &str) -> PyResult<RunningNumber> {
    number.parse().map_err(|error: miandan_journal::NotANumber| bad_argument(py, &error.to_string()))
}

fn waybill(given: &Bound<'_, PyAny>) -> PyResult<Arc<TemplateSource>> {
    source(given).map(|source| Arc::new(TemplateSource::new(TemplateKind::Waybill, source)))
}

/// Sealed orders as they were given.
fn sealed(given: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<u8>>> {
    if given.is_instance_of::<PyString>() || given.is_instance_of::<PyBytes>() {
        // Both can be iterated, and come apart into what is no order.
        return Err(PyTypeError::new_err("orders are given one by one, or as Orders"));
    }
    let Ok(orders) = given.cast::<Orders>() else {
        return given.try_iter()?.map(|order| Ok(Bytes::of(&order?)?.as_bytes().to_vec())).collect();
    };
    let (py, orders) = (given.py(), &orders.get().orders);
    let read = || {
        let (mut all, mut buffer) = (Vec::with_capacity(orders.len()), Vec::new());
        for first in (0..orders.len()).step_by(BLOCK) {
            let places = orders.read(first..orders.len().min(first + BLOCK), &mut buffer)?;
            all.extend(places.into_iter().map(|place| buffer[place].to_vec()));
        }
        Ok(all)
    };
    py.detach(read).map_err(|error: std::io::Error| exception(py, Status::Unreadable, &error.to_string()))
}
