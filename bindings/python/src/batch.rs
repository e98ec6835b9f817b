//! A batch of sealed orders to be printed with one template.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use miandan_core::font::MissingGlyph;
use miandan_core::label::{Purpose, Resolution};
use miandan_print::{BatchOptions, FolderOutput, LabelForm, PdfOutput, PrinterOutput};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;

use crate::argument::{count, fonts, seconds};
use crate::component::Component;
use crate::errors::bad_argument;
use crate::labels::Labels;
use crate::orders::Orders;
use crate::outcome::Summary;
use crate::running::Running;
use crate::template::source;
use crate::{printing, profile};

/// A batch of sealed orders to be printed with one template. It may be printed more than once, and by several threads.
///
/// An order that cannot be printed stops nothing: it is told with a code, and the others are printed.
///
/// template: the name of a label that is shipped, or the bytes of a template of one's own (XML).
/// now: what expiry is measured against, in seconds since 1970; the time at which it is printed, if nobody says.
/// printed_at: when the labels were printed first, as they show it; `now` unless somebody knows better.
/// workers: how many components work side by side; one for each processor. The labels do not depend on it.
/// dpi: the dots for which symbols are drawn, 203 or 300; for a printer that of its profile counts.
/// preview: whether the labels are only looked at: 预览 covers them, and nothing of the detail line of an address is shown.
/// fonts: files of fonts, as paths or bytes, for characters that the bundled typeface lacks.
/// missing: what stands for a character that no font has: "refuse" the label, or a "box".
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Batch {
    options: BatchOptions,
    now: Option<u64>,
    running: Running,
}

#[pymethods]
impl Batch {
    #[new]
    #[pyo3(signature = (
        component, orders, template, *, now = None, printed_at = None, workers = None, dpi = 203, preview = false,
        fonts = None, missing = "refuse",
    ))]
    #[allow(clippy::too_many_arguments)] // by name, in Python
    fn new(
        py: Python<'_>,
        component: &Bound<'_, Component>,
        orders: &Bound<'_, Orders>,
        template: &Bound<'_, PyAny>,
        now: Option<f64>,
        printed_at: Option<f64>,
        workers: Option<i64>,
        dpi: u32,
        preview: bool,
        fonts: Option<&Bound<'_, PyAny>>,
        missing: &str,
    ) -> PyResult<Self> {
        let orders = Arc::clone(&orders.get().orders);
        let mut options = BatchOptions::new(orders, component.get().options.clone(), source(template)?);
        options.fonts = self::fonts(fonts)?;
        options.missing = missing_glyph(py, missing)?;
        options.resolution =
            Resolution::from_dpi(dpi).ok_or_else(|| bad_argument(py, "dpi is 203 or 300"))?;
        options.purpose = if preview { Purpose::Preview } else { Purpose::Print };
        options.printed_at = printed_at.map(|given| seconds(py, given)).transpose()?;
        if let Some(workers) = workers {
            options.workers = count(py, "workers", workers, 1)?;
        }
        Ok(Batch {
            options,
            now: now.map(|given| seconds(py, given)).transpose()?,
            running: Running::default(),
        })
    }

    /// Prints one PDF with the pages of all labels. It has its name once it is whole; where no label was made there is none.
    ///
    /// progress is called with a LabelOutcome for each order, by this thread and in their order; labels may be ahead of it. What it
    /// raises ends the batch, if that is not done by then.
    #[pyo3(signature = (path, progress = None))]
    fn print_pdf(
        &self,
        py: Python<'_>,
        path: PathBuf,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Summary> {
        printing::print(py, self.at_time(), &self.running, move || PdfOutput::create(&path), progress)
    }

    /// Prints a folder with a picture for each page, `000001.png` and so on; or with a profile what that printer is sent,
    /// a file a page. The folder is made if it is not there.
    #[pyo3(signature = (path, profile = None, progress = None))]
    fn print_folder(
        &self,
        py: Python<'_>,
        path: PathBuf,
        profile: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Summary> {
        let profile = profile.map(profile::of).transpose()?;
        let output = move || match profile {
            Some(profile) => FolderOutput::for_printer(&path, profile.profile),
            None => FolderOutput::create(&path),
        };
        printing::print(py, self.at_time(), &self.running, output, progress)
    }

    /// Prints one file with all that a printer is sent. It may be a device or a pipe: then labels come as they are made.
    ///
    /// It keeps no journal. To print on paper, and never twice, there is Station.
    #[pyo3(signature = (path, profile, progress = None))]
    fn print_file(
        &self,
        py: Python<'_>,
        path: PathBuf,
        profile: &Bound<'_, PyAny>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Summary> {
        let profile = profile::of(profile)?.profile;
        printing::print(
            py,
            self.at_time(),
            &self.running,
            move || PrinterOutput::create(&path, profile),
            progress,
        )
    }

    /// The labels one by one, while they are made: each a Label with a "png" for each page, or with what a printer of this
    /// profile is sent.
    #[pyo3(signature = (form = None))]
    fn labels(&self, py: Python<'_>, form: Option<&Bound<'_, PyAny>>) -> PyResult<Labels> {
        let form = match form {
            None => LabelForm::Png,
            Some(form) if form.extract::<PyBackedStr>().is_ok_and(|form| &*form == "png") => LabelForm::Png,
            Some(form) => LabelForm::Printer(profile::of(form)?.profile),
        };
        Labels::start(py, self.at_time(), form, &self.running)
    }

    /// Ends, from any thread, every call that is printing this batch, and its labels that are being iterated; they raise
    /// Cancelled. Nothing half-written stays.
    fn cancel(&self) {
        self.running.cancel();
    }

    fn __len__(&self) -> usize {
        self.options.orders.len()
    }

    fn __repr__(&self) -> String {
        format!("<miandan.Batch of {}>", self.options.orders.len())
    }
}

impl Batch {
    fn at_time(&self) -> BatchOptions {
        let mut options = self.options.clone();
        options.now = self.now.unwrap_or_else(now);
        options
    }
}

/// What time it is. The library asks no clock; here somebody must, as Python's own modules do.
#[allow(clippy::disallowed_methods)]
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

pub(crate) fn missing_glyph(py: Python<'_>, word: &str) -> PyResult<MissingGlyph> {
    let found = MissingGlyph::ALL.iter().copied().find(|policy| policy.as_str() == word);
    found.ok_or_else(|| bad_argument(py, "missing is \"refuse\" or \"box\""))
}
