//! What came of an order, and of a batch.

use miandan_core::Code;
use miandan_core::field::FieldId;
use miandan_core::label::LabelNumber;
use miandan_core::pipe::{Failure, Warnings};
use pyo3::prelude::*;

use crate::errors;

/// What a person should know about a label: a field, where it is one, and a word that never changes.
pub(crate) type Warned = Vec<(Option<&'static str>, &'static str)>;

/// What came of one order of a batch.
#[pyclass(frozen, get_all, subclass, module = "miandan")]
#[derive(Clone)]
pub(crate) struct LabelOutcome {
    /// Its place in the batch, from 1.
    number: u32,
    /// How many there are.
    count: u32,
    /// How long the label is in bytes; nothing where there is none.
    size: Option<usize>,
    /// Why there is no label, as a code that never changes; nothing where there is one.
    code: Option<&'static str>,
    /// The field that is at fault.
    field: Option<&'static str>,
    /// Line and column in the template, if that is at fault.
    place: Option<(u32, u32)>,
    /// What a person should know: pairs of a field, where it is one, and a word that never changes.
    warnings: Warned,
}

impl LabelOutcome {
    pub(crate) fn new(number: LabelNumber, result: Result<usize, Failure>, warnings: Warnings) -> Self {
        let failure = result.err();
        LabelOutcome {
            number: number.index,
            count: number.count,
            size: result.ok(),
            code: failure.map(|failure| failure.code.as_str()),
            field: failure.and_then(|failure| failure.field).map(FieldId::as_str),
            place: failure.and_then(|failure| failure.place).map(|place| (place.line, place.column)),
            warnings: warned(warnings),
        }
    }
}

#[pymethods]
impl LabelOutcome {
    /// Whether there is a label.
    #[getter]
    fn ok(&self) -> bool {
        self.code.is_none()
    }

    /// What the code means, for people: in English, or with `lang="zh"` in Chinese. Nothing where there is a label.
    #[pyo3(signature = (lang = "en"))]
    fn meaning(&self, py: Python<'_>, lang: &str) -> PyResult<Option<&'static str>> {
        let Some(code) = self.code else { return Ok(None) };
        errors::meaning(py, code.into_pyobject(py)?.as_any(), lang).map(Some)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let LabelOutcome { number, count, code, field, .. } = slf.get();
        let class = slf.get_type().name()?;
        let of_field = field.map_or(String::new(), |field| format!(" ({field})"));
        Ok(format!("<miandan.{class} {number}/{count} {}{of_field}>", code.unwrap_or("ok")))
    }
}

/// The same list as the command line has in JSON.
pub(crate) fn warned(warnings: Warnings) -> Warned {
    let fields = warnings.iter().map(|(field, warning)| (Some(field.as_str()), warning.as_str()));
    let boxed = warnings.boxed().map(|field| (field.map(FieldId::as_str), Code::GlyphMissing.as_str()));
    let notes = warnings.notes().map(|warning| (None, warning.as_str()));
    fields.chain(boxed).chain(notes).collect()
}

/// What came of a batch.
#[pyclass(frozen, module = "miandan")]
#[derive(Clone)]
pub(crate) struct Summary {
    summary: miandan_print::Summary,
    failures: Vec<LabelOutcome>,
}

impl Summary {
    pub(crate) fn new(summary: miandan_print::Summary, failures: Vec<LabelOutcome>) -> Self {
        Summary { summary, failures }
    }
}

#[pymethods]
impl Summary {
    /// Labels made.
    #[getter]
    fn done(&self) -> usize {
        self.summary.done
    }

    /// Pages of them all.
    #[getter]
    fn pages(&self) -> usize {
        self.summary.pages
    }

    /// Orders without a label.
    #[getter]
    fn failed(&self) -> usize {
        self.summary.failed
    }

    /// Labels, of those made, about which a person should know something.
    #[getter]
    fn warned(&self) -> usize {
        self.summary.warned
    }

    /// Those orders, each with its code, in their order.
    #[getter]
    fn failures(&self) -> Vec<LabelOutcome> {
        self.failures.clone()
    }

    /// The version of the component.
    #[getter]
    fn version(&self) -> &str {
        &self.summary.ready.version
    }

    /// The station whose key it has read.
    #[getter]
    fn station(&self) -> &str {
        &self.summary.ready.station
    }

    /// How much of its sandbox holds: "full" or "reduced".
    #[getter]
    fn sandbox(&self) -> &'static str {
        self.summary.ready.sandbox.strength().as_str()
    }

    fn __repr__(&self) -> String {
        let miandan_print::Summary { done, pages, failed, warned, .. } = self.summary;
        format!("<miandan.Summary done={done} pages={pages} failed={failed} warned={warned}>")
    }
}
