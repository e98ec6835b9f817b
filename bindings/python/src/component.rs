//! How a print component is started.

use std::path::{Path, PathBuf};

use miandan_print::{
    ComponentOptions, ComponentPlace, Status, component_place_beside, credential, is_credential,
};
use miandan_seal::lists::{Enforcement, StatusPolicy};
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};

use crate::argument::paths;
use crate::errors::{bad_argument, exception, fault};
use crate::wait::patiently;

/// How a print component is started: the only program that can open an order.
///
/// It is started anew for each batch, reads the keys itself, and never hands out what an order says in clear.
///
/// key: the key file of the station, or several, the current one first.
/// trust: the public files of the issuers whose orders are printed, and trust lists.
/// program: where the component is, if it is not the one in this package: a path, or "unix:/socket" of a service, which has
///   keys, trust and lists of its own. The variable MIANDAN_COMPONENT says the same; PATH is never searched.
/// passphrase_file: a file with the passphrase of the key files.
/// state: where the component keeps what it remembers; if nobody says, beside the key.
/// status_lists: signed lists of withdrawn authorisations.
/// status_policy: "off", "warn" or "required"; if nobody says, lists are obeyed if there are any.
/// status_max_age: how old a list may be, in seconds.
/// carrier_lists: signed lists of carriers' keys, to which couriers' tokens are sealed.
/// courier_token: whether labels get couriers' tokens.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct Component {
    pub(crate) options: ComponentOptions,
}

/// What a component says of itself once it is locked.
#[pyclass(frozen, module = "miandan")]
pub(crate) struct ComponentStatus {
    /// Its version.
    #[pyo3(get)]
    version: String,
    /// The station whose key it has read; empty without a key.
    #[pyo3(get)]
    station: String,
    /// How much of the sandbox holds: "full" or "reduced". With less than that it does not start.
    #[pyo3(get)]
    sandbox: &'static str,
    /// "library": started by this process. "service": connected to.
    #[pyo3(get)]
    mode: &'static str,
    /// Of a service, whether another user runs it; then this user cannot read its keys.
    #[pyo3(get)]
    separate: Option<bool>,
    layers: Vec<(&'static str, &'static str)>,
}

#[pymethods]
impl Component {
    #[new]
    #[pyo3(signature = (
        key = None, trust = None, *, program = None, passphrase_file = None, state = None, status_lists = None,
        status_policy = None, status_max_age = None, carrier_lists = None, courier_token = false,
    ))]
    #[allow(clippy::too_many_arguments)] // by name, in Python
    fn new(
        py: Python<'_>,
        key: Option<&Bound<'_, PyAny>>,
        trust: Option<&Bound<'_, PyAny>>,
        program: Option<PathBuf>,
        passphrase_file: Option<PathBuf>,
        state: Option<PathBuf>,
        status_lists: Option<&Bound<'_, PyAny>>,
        status_policy: Option<&str>,
        status_max_age: Option<u64>,
        carrier_lists: Option<&Bound<'_, PyAny>>,
        courier_token: bool,
    ) -> PyResult<Self> {
        let library = library(py);
        let place = component_place_beside(program.as_deref(), library.as_deref());
        let mut options = ComponentOptions::at(place.map_err(|error| fault(py, &error))?);
        let all = |given: Option<&Bound<'_, PyAny>>| given.map_or(Ok(Vec::new()), paths);
        let keys = all(key)?;
        options.state = state.or_else(|| ComponentOptions::state_beside(keys.first()?));
        options.keys = files(py, keys)?;
        options.trust = files(py, all(trust)?)?;
        options.passphrase_file = passphrase_file.map(|path| file(py, path)).transpose()?;
        options.status_lists = files(py, all(status_lists)?)?;
        options.carrier_lists = files(py, all(carrier_lists)?)?;
        options.courier_token = courier_token;
        options.status_policy = StatusPolicy {
            enforcement: enforcement(py, status_policy, !options.status_lists.is_empty())?,
            max_age: status_max_age,
        };
        if matches!(options.place, ComponentPlace::Program(_)) {
            py.detach(|| options.check_files()).map_err(|error| fault(py, &error))?;
        }
        Ok(Component { options })
    }

    /// Starts a component, and answers what it says of itself.
    fn check(&self, py: Python<'_>) -> PyResult<ComponentStatus> {
        let options = self.options.clone();
        let asked = patiently(py, move || {
            let component = miandan_print::Component::start(&options)?;
            Ok((component.ready().clone(), component.is_separate()))
        })?;
        let (ready, separate) = asked.map_err(|error: miandan_print::StartError| fault(py, &error))?;
        let layers = ready.sandbox.layers().map(|(layer, state)| (layer.as_str(), state.as_str()));
        Ok(ComponentStatus {
            sandbox: ready.sandbox.strength().as_str(),
            layers: layers.collect(),
            version: ready.version,
            station: ready.station,
            mode: match self.options.place {
                ComponentPlace::Program(_) => "library",
                ComponentPlace::Service(_) => "service",
            },
            separate,
        })
    }

    /// Where the component is: the path of its program, or "unix:" and the socket of the service.
    #[getter]
    fn program(&self) -> String {
        match &self.options.place {
            ComponentPlace::Program(path) => path.display().to_string(),
            ComponentPlace::Service(socket) => format!("unix:{}", socket.display()),
        }
    }

    fn __repr__(&self) -> String {
        format!("<miandan.Component {}>", self.program())
    }
}

#[pymethods]
impl ComponentStatus {
    /// Every layer of the sandbox and how it is.
    #[getter]
    fn layers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.layers.iter().copied().into_py_dict(py)
    }

    fn __repr__(&self) -> String {
        let ComponentStatus { version, station, sandbox, mode, .. } = self;
        format!(
            "<miandan.ComponentStatus version={version} station={station:?} sandbox={sandbox} mode={mode}>"
        )
    }
}

/// A file of this package, beside which the component is.
fn library(py: Python<'_>) -> Option<PathBuf> {
    py.import("miandan._miandan").and_then(|module| module.getattr("__file__")?.extract()).ok()
}

fn files(py: Python<'_>, given: Vec<PathBuf>) -> PyResult<Vec<PathBuf>> {
    given.into_iter().map(|path| file(py, path)).collect()
}

/// A path, or `credential:NAME` for a file that systemd hands over.
fn file(py: Python<'_>, given: PathBuf) -> PyResult<PathBuf> {
    if given.as_os_str().is_empty() {
        return Err(bad_argument(py, "a path is empty"));
    }
    if !is_credential(Path::new(&given)) {
        return Ok(given);
    }
    credential(&given).map_err(|error| exception(py, Status::Unreadable, &error.to_string()))
}

fn enforcement(py: Python<'_>, word: Option<&str>, has_lists: bool) -> PyResult<Enforcement> {
    let named = match word {
        None => None,
        Some(word) => Some(
            Enforcement::from_word(word)
                .ok_or_else(|| bad_argument(py, "status_policy is \"off\", \"warn\" or \"required\""))?,
        ),
    };
    Enforcement::chosen(named, has_lists).ok_or_else(|| {
        bad_argument(py, "status_policy=\"required\" needs status_lists: nothing would be printed")
    })
}
