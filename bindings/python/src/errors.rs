//! An error of the library as a Python exception: of the class on which a caller acts, with the status and a message.

use miandan_core::Code;
use miandan_print::station::{LabelError, PersonError, RequestError, StationError, WarmError};
use miandan_print::{Fault, PrintError, StartError, Status};
use pyo3::prelude::*;

/// Which class of `miandan.errors` an error is of.
const fn class(status: Status) -> &'static str {
    match status {
        Status::Refused(_) | Status::PersonalTemplate => "Refused",
        Status::BadArgument | Status::BadHandle | Status::NotUnicode => "BadArgument",
        Status::ComponentMissing
        | Status::ComponentVersion
        | Status::ComponentFailed
        | Status::ServiceUnreachable => "ComponentError",
        Status::Unreadable | Status::NoOrders | Status::FontRefused => "InputError",
        Status::Unwritable => "OutputError",
        Status::PrinterUnknown
        | Status::PrinterUnfit
        | Status::PrinterUnavailable
        | Status::WaitedTooLong
        | Status::Busy => "PrinterError",
        Status::Uncertain => "Uncertain",
        Status::Duplicate | Status::Conflict | Status::InFlight => "Duplicate",
        Status::OrderGone | Status::LabelUnknown | Status::NoDoubt => "LabelError",
        Status::JournalFailed | Status::JournalInUse => "JournalError",
        Status::Cancelled | Status::Stopping => "Cancelled",
        _ => "Error",
    }
}

/// The exception of a status.
pub(crate) fn exception(py: Python<'_>, status: Status, message: &str) -> PyErr {
    instance(py, status, message, None).map_or_else(|error| error, PyErr::from_value)
}

/// The same as an object that is not raised; with the number of the label that was before it, where there was one.
pub(crate) fn instance<'py>(
    py: Python<'py>,
    status: Status,
    message: &str,
    earlier: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let class = py.import("miandan.errors")?.getattr(class(status))?;
    match earlier {
        Some(earlier) => class.call1((message, status.as_str(), status.number(), earlier)),
        None => class.call1((message, status.as_str(), status.number())),
    }
}

/// The exception of an error.
pub(crate) fn fault(py: Python<'_>, error: &(impl Fault + Told)) -> PyErr {
    exception(py, error.status(), &error.told())
}

/// An argument that means nothing.
pub(crate) fn bad_argument(py: Python<'_>, message: &str) -> PyErr {
    exception(py, Status::BadArgument, message)
}

/// What an error says, with what the component said of it.
pub(crate) trait Told: std::fmt::Display {
    /// The message.
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for StartError {
    fn told(&self) -> String {
        match self {
            StartError::Refused { said, .. } | StartError::Died { said } if !said.is_empty() => {
                format!("{self}: {said}")
            }
            _ => self.to_string(),
        }
    }
}

impl Told for WarmError {
    fn told(&self) -> String {
        match self {
            WarmError::Start(error) => error.told(),
            _ => self.to_string(),
        }
    }
}

impl Told for PrintError {
    fn told(&self) -> String {
        match self {
            PrintError::Start(error) => error.told(),
            PrintError::Template(_) => format!("the template: {self}"),
            _ => self.to_string(),
        }
    }
}

impl Told for StationError {
    fn told(&self) -> String {
        match self {
            StationError::Component(error) => error.told(),
            _ => self.to_string(),
        }
    }
}

impl Told for LabelError {
    fn told(&self) -> String {
        match self {
            LabelError::Refused(failure) => code_and_meaning(failure.code),
            _ => self.to_string(),
        }
    }
}

impl Told for RequestError {}
impl Told for PersonError {}
impl Told for miandan_journal::JournalError {}
impl Told for miandan_print::NotFound {}
impl Told for miandan_print::OrdersError {}
impl Told for miandan_print::OutputError {}
impl Told for miandan_print::UnreadableFile {}

/// A code as somebody reads it who knows no codes.
fn code_and_meaning(code: Code) -> String {
    format!("{code}: {}", code.meaning().en)
}

/// What a status or a code means, for people: in English, or with `lang="zh"` in Chinese.
///
/// It is named by its name (`"UNKNOWN_KEY"`) or by its number (6); names and numbers never change.
#[pyfunction]
#[pyo3(signature = (status, lang = "en"))]
pub(crate) fn meaning(py: Python<'_>, status: &Bound<'_, PyAny>, lang: &str) -> PyResult<&'static str> {
    let all = [Status::Ok].into_iter().chain(Code::ALL.iter().map(|&code| Status::Refused(code)));
    let mut all = all.chain(Status::OTHERS.iter().copied());
    let found = match status.extract::<i32>() {
        Ok(number) => all.find(|status| status.number() == number),
        Err(_) => {
            let name: String = status.extract()?;
            all.find(|status| status.as_str() == name)
        }
    };
    let meaning = found.ok_or_else(|| bad_argument(py, "there is no such status"))?.meaning();
    match lang {
        "en" => Ok(meaning.en),
        "zh" => Ok(meaning.zh),
        _ => Err(bad_argument(py, "lang is \"en\" or \"zh\"")),
    }
}
