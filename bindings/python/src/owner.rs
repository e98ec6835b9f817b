//! The process that an object belongs to. After a `fork` the child has a copy of it without the threads that work for it.

use miandan_print::Status;
use pyo3::prelude::*;

use crate::errors::exception;

/// The process that made an object.
pub(crate) struct Owner(u32);

impl Owner {
    pub(crate) fn new() -> Self {
        Owner(std::process::id())
    }

    pub(crate) fn is_here(&self) -> bool {
        self.0 == std::process::id()
    }

    pub(crate) fn check(&self, py: Python<'_>) -> PyResult<()> {
        match self.is_here() {
            true => Ok(()),
            false => Err(exception(
                py,
                Status::BadHandle,
                "it belongs to the process that this one was forked from",
            )),
        }
    }
}
