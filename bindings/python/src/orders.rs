//! Sealed orders.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;

use crate::argument::Bytes;
use crate::errors::fault;
use crate::wait::patiently;

/// Sealed orders, one JSON object a line.
///
/// The file stays open and is read as labels are made, so memory does not grow with it.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Orders {
    pub(crate) orders: Arc<miandan_print::Orders>,
}

#[pymethods]
impl Orders {
    /// Finds the orders of a file.
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        // Of a pipe the other end may not be there yet.
        let orders = patiently(py, move || miandan_print::Orders::open(&path))?;
        Ok(Orders { orders: Arc::new(orders.map_err(|error| fault(py, &error))?) })
    }

    /// Finds the orders of a text, which is put aside in a temporary file as it is: still sealed.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let data = Bytes::of(data)?;
        let orders = py.detach(|| miandan_print::Orders::spool(data.as_bytes()));
        Ok(Orders { orders: Arc::new(orders.map_err(|error| fault(py, &error))?) })
    }

    fn __len__(&self) -> usize {
        self.orders.len()
    }

    fn __repr__(&self) -> String {
        format!("<miandan.Orders of {}>", self.orders.len())
    }
}
