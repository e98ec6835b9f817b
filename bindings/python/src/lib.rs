//! The Python package `miandan`: what `miandan-print` does, for programs in Python.
//!
//! It decides nothing of its own. Whatever waits does so without the interpreter's lock and hears Ctrl-C; an error is a
//! Python exception with the status that the library gave it. What is exported here is typed in
//! `python/miandan/_miandan.pyi`, and the exceptions are in `python/miandan/errors.py`.

mod argument;
mod batch;
mod component;
mod errors;
mod event;
mod job;
mod labels;
mod orders;
mod outcome;
mod owner;
mod printing;
mod profile;
mod running;
mod station;
mod stream;
mod template;
mod wait;

use pyo3::prelude::*;

/// The part of `miandan` that is written in Rust.
#[pymodule]
mod _miandan {
    #[pymodule_export]
    use crate::batch::Batch;
    #[pymodule_export]
    use crate::component::{Component, ComponentStatus};
    #[pymodule_export]
    use crate::errors::meaning;
    #[pymodule_export]
    use crate::event::Event;
    #[pymodule_export]
    use crate::job::Job;
    #[pymodule_export]
    use crate::labels::{Label, Labels};
    #[pymodule_export]
    use crate::orders::Orders;
    #[pymodule_export]
    use crate::outcome::{LabelOutcome, Summary};
    #[pymodule_export]
    use crate::profile::{Profile, profiles};
    #[pymodule_export]
    use crate::station::{PrinterStatus, Resumed, Station};
    #[pymodule_export]
    use crate::stream::Events;
    #[pymodule_export]
    use crate::template::{template, templates};

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
