//! What callers give in more than one form.

use std::path::PathBuf;

use miandan_print::Status;
use pyo3::exceptions::{PyTypeError, PyUnicodeError};
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyBytes, PyString};

use crate::errors::{bad_argument, exception};

/// One path or several.
pub(crate) fn paths(given: &Bound<'_, PyAny>) -> PyResult<Vec<PathBuf>> {
    match given.extract::<PathBuf>() {
        Ok(path) => Ok(vec![path]),
        Err(_) => given.try_iter()?.map(|path| path?.extract()).collect(),
    }
}

/// Bytes, or text as UTF-8: what an order or a template is handed over as.
pub(crate) enum Bytes {
    Bytes(PyBackedBytes),
    Text(PyBackedStr),
}

impl Bytes {
    pub(crate) fn of(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.is_instance_of::<PyString>() {
            return text(given).map(Bytes::Text);
        }
        given.extract().map(Bytes::Bytes).map_err(|_| PyTypeError::new_err("bytes or str are needed here"))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Bytes::Bytes(bytes) => bytes,
            Bytes::Text(text) => text.as_bytes(),
        }
    }
}

/// Text. One with half a character in it (`"\ud800"`) is none.
pub(crate) fn text(given: &Bound<'_, PyAny>) -> PyResult<PyBackedStr> {
    given.extract().map_err(|error: PyErr| match error.is_instance_of::<PyUnicodeError>(given.py()) {
        true => exception(given.py(), Status::NotUnicode, "a text has half a character in it"),
        false => error,
    })
}

/// The files of fonts, each by its path or as bytes.
pub(crate) fn fonts(given: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<Vec<u8>>> {
    let Some(given) = given else { return Ok(Vec::new()) };
    given.try_iter()?.map(|font| font_file(&font?)).collect()
}

fn font_file(given: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = given.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    let path: PathBuf = given.extract()?;
    let py = given.py();
    py.detach(|| std::fs::read(&path)).map_err(|error| unreadable(py, &path, &error))
}

/// A file that cannot be read.
pub(crate) fn unreadable(py: Python<'_>, path: &std::path::Path, error: &std::io::Error) -> PyErr {
    exception(py, Status::Unreadable, &format!("{}: {error}", path.display()))
}

/// A time in seconds since 1970, as `time.time()` has it.
pub(crate) fn seconds(py: Python<'_>, given: f64) -> PyResult<u64> {
    match given.is_finite() && (0.0..1e12).contains(&given) {
        true => Ok(given as u64),
        false => Err(bad_argument(py, "a time is in seconds since 1970")),
    }
}

/// How long something may take, in seconds.
pub(crate) fn duration(py: Python<'_>, given: f64) -> PyResult<std::time::Duration> {
    // Beyond a century is for ever; the library adds it to the time of the day.
    std::time::Duration::try_from_secs_f64(given.min(3e9))
        .map_err(|_| bad_argument(py, "a duration is in seconds, and not negative"))
}

/// How many of something there are.
pub(crate) fn count(py: Python<'_>, name: &str, given: i64, least: i64) -> PyResult<usize> {
    let count = usize::try_from(given).ok().filter(|_| given >= least);
    count.ok_or_else(|| bad_argument(py, &format!("{name} is at least {least}")))
}
