//! Something that happened to a label on its way to a printer.

use miandan_journal::RunningNumber;
use miandan_print::station::{LabelError, LabelEvent, WarmError};
use miandan_print::{Fault, Status};
use pyo3::prelude::*;

use crate::errors::{Told, instance};
use crate::outcome::{Warned, warned};

/// Something that happened to a label on its way to a printer.
///
/// kind says what:
///   "planned"       it has its number
///   "made"          it is made, in `seconds`, with `warnings`
///   "sending"       it is being sent
///   "waiting"       the printer takes nothing (`why`); it is tried again after `seconds`
///   "settled"       nothing more becomes of it: it was printed, or there is an `error`
///   "no_component"  of no label: a component could not be started (`error`); it is tried again
#[pyclass(frozen, module = "miandan")]
#[derive(Clone)]
pub(crate) struct Event {
    /// What happened.
    #[pyo3(get)]
    kind: &'static str,
    /// The printer.
    #[pyo3(get)]
    printer: Option<String>,
    /// Which label of the job it is, from 0; nothing where the event is of no job.
    #[pyo3(get)]
    place: Option<usize>,
    /// The running number that is on the label, such as "261111-003-012", once it has one.
    #[pyo3(get)]
    number: Option<String>,
    /// Which copy it is: 0, or more for one that a person asked for. Nothing in events of a job.
    #[pyo3(get)]
    copy: Option<u32>,
    /// How long it took, or how long it will be.
    #[pyo3(get)]
    seconds: Option<f64>,
    /// Why the printer takes nothing.
    #[pyo3(get)]
    why: Option<String>,
    /// Who says that the label was printed; nothing if nobody does, though the printer has every byte.
    #[pyo3(get)]
    confirmation: Option<&'static str>,
    /// What a person should know: pairs of a field, where it is one, and a word that never changes.
    #[pyo3(get)]
    warnings: Warned,
    problem: Option<Problem>,
}

/// Why a label was not printed, or may not have been.
#[derive(Clone)]
struct Problem {
    status: Status,
    message: String,
    earlier: Option<String>,
}

impl Event {
    /// An event of a job.
    pub(crate) fn of_job(
        printer: &str,
        place: usize,
        number: Option<RunningNumber>,
        event: LabelEvent,
    ) -> Self {
        Event { place: Some(place), ..Event::new(printer, number, event) }
    }

    /// An event of a station.
    pub(crate) fn of_station(printer: &str, number: RunningNumber, copy: u32, event: LabelEvent) -> Self {
        Event { copy: Some(copy), ..Event::new(printer, Some(number), event) }
    }

    pub(crate) fn no_component(error: &WarmError) -> Self {
        let problem = Problem { status: error.status(), message: error.told(), earlier: None };
        Event { problem: Some(problem), ..Event::empty("no_component") }
    }

    fn empty(kind: &'static str) -> Self {
        Event {
            kind,
            printer: None,
            place: None,
            number: None,
            copy: None,
            seconds: None,
            why: None,
            confirmation: None,
            warnings: Vec::new(),
            problem: None,
        }
    }

    fn new(printer: &str, number: Option<RunningNumber>, event: LabelEvent) -> Self {
        let mut told = match event {
            LabelEvent::Made(took, warnings) => Event {
                seconds: Some(took.as_secs_f64()),
                warnings: warned(warnings),
                ..Event::empty("made")
            },
            LabelEvent::Sending => Event::empty("sending"),
            LabelEvent::Waiting(why, wait) => Event {
                why: Some(why.to_string()),
                seconds: Some(wait.as_secs_f64()),
                ..Event::empty("waiting")
            },
            LabelEvent::Settled(Ok(rung)) => {
                Event { confirmation: rung.map(|rung| rung.as_str()), ..Event::empty("settled") }
            }
            LabelEvent::Settled(Err(error)) => {
                Event { problem: Some(Problem::of(&error)), ..Event::empty("settled") }
            }
            // Whatever is added to the library tells at least that something goes on.
            LabelEvent::Planned(_) | _ => Event::empty("planned"),
        };
        told.printer = Some(printer.to_owned());
        told.number = number.map(|number| number.to_string());
        told
    }
}

impl Problem {
    fn of(error: &LabelError) -> Self {
        let earlier = match error {
            LabelError::Duplicate(earlier) | LabelError::Conflict(earlier) => {
                Some(earlier.number.to_string())
            }
            _ => None,
        };
        Problem { status: error.status(), message: error.told(), earlier }
    }
}

#[pymethods]
impl Event {
    /// Whether the label was printed, as far as anybody can tell: it is settled, and without an error.
    #[getter]
    fn ok(&self) -> bool {
        self.kind == "settled" && self.problem.is_none()
    }

    /// Why it was not printed, or may not have been: an exception that is not raised.
    #[getter]
    fn error<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(problem) = &self.problem else { return Ok(None) };
        instance(py, problem.status, &problem.message, problem.earlier.as_deref()).map(Some)
    }

    fn __repr__(&self) -> String {
        let Event { kind, problem, .. } = self;
        let number = self.number.as_deref().map_or(String::new(), |number| format!(" {number}"));
        let status = problem.as_ref().map_or(String::new(), |problem| format!(" {}", problem.status));
        format!("<miandan.Event {kind}{number}{status}>")
    }
}
