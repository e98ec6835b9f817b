//! Printers as profiles describe them.

use std::path::PathBuf;

use miandan_print::Status;
use miandan_print::printer::{PROFILES, PrinterProfile, find_profile, read_profile};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::argument::{text, unreadable};
use crate::errors::exception;

/// A label printer: what it is sent, and what who sends has to mind.
///
/// It is named by a profile that is shipped (`profiles()`), or by the path of a TOML file.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Profile {
    pub(crate) profile: PrinterProfile,
    /// The name or the path that it was found by.
    #[pyo3(get)]
    name: String,
}

#[pymethods]
impl Profile {
    #[new]
    fn new(name: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = name.py();
        let shipped = match name.is_instance_of::<PyString>() {
            true => {
                find_profile(&text(name)?).map(|shipped| (shipped.name.to_owned(), shipped.source.to_owned()))
            }
            false => None,
        };
        let (name, source) = match shipped {
            Some(shipped) => shipped,
            None => read(py, name.extract()?)?,
        };
        match PrinterProfile::parse(&source) {
            Ok(profile) => Ok(Profile { profile, name }),
            Err(error) => Err(exception(py, Status::PrinterUnknown, &format!("{name}: {error}"))),
        }
    }

    /// For which printers it is; with `lang="zh"` in Chinese. Empty if the file does not say.
    #[pyo3(signature = (lang = "en"))]
    fn about(&self, lang: &str) -> &str {
        if lang == "zh" { &self.profile.about_zh } else { &self.profile.about }
    }

    /// The language of the printer, such as "tspl".
    #[getter]
    fn language(&self) -> &'static str {
        self.profile.profile.language.as_str()
    }

    /// Its dots in an inch.
    #[getter]
    fn dpi(&self) -> u32 {
        self.profile.profile.resolution.dpi()
    }

    fn __repr__(&self) -> String {
        format!("miandan.Profile({:?})", self.name)
    }
}

/// A profile that a caller means: one, or the name or the path of one.
pub(crate) fn of(given: &Bound<'_, PyAny>) -> PyResult<PrinterProfile> {
    match given.cast::<Profile>() {
        Ok(profile) => Ok(profile.get().profile.clone()),
        Err(_) => Profile::new(given).map(|found| found.profile),
    }
}

/// The names of the profiles that are shipped.
#[pyfunction]
pub(crate) fn profiles() -> Vec<&'static str> {
    PROFILES.iter().map(|profile| profile.name).collect()
}

fn read(py: Python<'_>, path: PathBuf) -> PyResult<(String, String)> {
    let name = path.display().to_string();
    match py.detach(|| read_profile(&path)) {
        Ok(source) => Ok((name, source)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let message = format!("{name} is neither the name of a profile that is shipped nor a file");
            Err(exception(py, Status::PrinterUnknown, &message))
        }
        Err(error) => Err(unreadable(py, &path, &error)),
    }
}
