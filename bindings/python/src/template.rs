//! Templates: those that are shipped, by their names, and a caller's own, as bytes.

use miandan_templates::{LABELS, find};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::argument::{Bytes, text};
use crate::errors::bad_argument;

/// The names of the labels that are shipped.
#[pyfunction]
pub(crate) fn templates() -> Vec<&'static str> {
    LABELS.iter().map(|label| label.name).collect()
}

/// The template of a label that is shipped, as XML: to begin one's own with.
#[pyfunction]
pub(crate) fn template<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyBytes>> {
    shipped(py, name).map(|source| PyBytes::new(py, source.as_bytes()))
}

/// The template that a caller means: text is the name of one that is shipped, bytes are one.
pub(crate) fn source(given: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if given.is_instance_of::<PyString>() {
        return shipped(given.py(), &text(given)?).map(|source| source.as_bytes().to_vec());
    }
    Bytes::of(given).map(|bytes| bytes.as_bytes().to_vec())
}

fn shipped(py: Python<'_>, name: &str) -> PyResult<&'static str> {
    find(name).map(|label| label.template).ok_or_else(|| {
        bad_argument(
            py,
            &format!("no label called {name:?} is shipped; a template of your own is given as bytes"),
        )
    })
}
