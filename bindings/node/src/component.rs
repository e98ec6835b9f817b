//! How print components are started, and whether one does start.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use miandan_core::pipe::Ready;
use miandan_print::{ComponentOptions, ComponentPlace, Status, component_place_beside, credential};
use miandan_seal::lists::{Enforcement, StatusPolicy};
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

use crate::background::{Answer, answer, thread_promise};
use crate::failed::Failed;

/// How print components are started.
#[napi]
pub struct Component {
    pub(crate) options: ComponentOptions,
}

/// What a program says of it.
#[napi(object, object_to_js = false)]
pub struct ComponentSpec {
    /// This module's file: a component beside it is ours.
    pub library: String,
    /// The component's program, or `unix:` and the socket of a service.
    pub program: Option<String>,
    /// Key files.
    pub keys: Vec<String>,
    /// Public files of issuers.
    pub trust: Vec<String>,
    /// The file with the passphrase of the keys.
    pub passphrase_file: Option<String>,
    /// Whether what the component remembers is kept beside the key.
    pub state_beside: bool,
    /// Else where it is kept, if anywhere.
    pub state: Option<String>,
    /// Signed lists of withdrawals.
    pub status_lists: Vec<String>,
    /// `off`, `warn` or `required`.
    pub status_policy: Option<String>,
    /// Seconds.
    pub status_max_age: Option<f64>,
    /// Signed lists of carriers' keys.
    pub carrier_lists: Vec<String>,
    /// Whether couriers' tokens are signed.
    pub courier_token: bool,
}

/// What a component says of itself once it is locked.
#[napi(object, object_from_js = false)]
pub struct ReadyComponent {
    /// Its version.
    pub version: String,
    /// The station of its key.
    pub station: String,
    /// How much of the sandbox holds.
    pub sandbox: String,
    /// Each layer of it.
    pub layers: BTreeMap<String, String>,
    /// Of a service, whether it is that of another user.
    pub is_separate: Option<bool>,
}

impl ReadyComponent {
    pub(crate) fn new(ready: &Ready, is_separate: Option<bool>) -> Self {
        let layers = ready.sandbox.layers();
        ReadyComponent {
            version: ready.version.clone(),
            station: ready.station.clone(),
            sandbox: ready.sandbox.strength().as_str().to_owned(),
            layers: layers
                .map(|(layer, state)| (layer.as_str().to_owned(), state.as_str().to_owned()))
                .collect(),
            is_separate,
        }
    }
}

/// How print components are started. Nothing is started yet.
#[napi(catch_unwind)]
pub fn component(spec: ComponentSpec) -> Answer<Component> {
    answer(options(spec).map(|options| Component { options }))
}

fn options(spec: ComponentSpec) -> Result<ComponentOptions, Failed> {
    let place =
        component_place_beside(spec.program.as_deref().map(Path::new), Some(Path::new(&spec.library)));
    let mut options = ComponentOptions::at(place.map_err(|error| Failed::of(&error))?);
    if matches!(options.place, ComponentPlace::Program(_)) && (spec.keys.is_empty() || spec.trust.is_empty())
    {
        return Err(Failed::new(Status::BadArgument, "a component that is a program needs key and trust"));
    }
    options.state = match spec.keys.first().filter(|_| spec.state_beside) {
        Some(key) => ComponentOptions::state_beside(Path::new(key)),
        None => spec.state.map(PathBuf::from),
    };
    options.keys = files(&spec.keys)?;
    options.trust = files(&spec.trust)?;
    options.passphrase_file = files(spec.passphrase_file.as_slice())?.pop();
    options.status_lists = files(&spec.status_lists)?;
    options.carrier_lists = files(&spec.carrier_lists)?;
    options.courier_token = spec.courier_token;
    let named = match &spec.status_policy {
        None => None,
        Some(word) => Some(
            Enforcement::from_word(word)
                .ok_or_else(|| Failed::new(Status::BadArgument, "statusPolicy is off, warn or required"))?,
        ),
    };
    let enforcement = Enforcement::chosen(named, !options.status_lists.is_empty()).ok_or_else(|| {
        Failed::new(Status::BadArgument, "statusPolicy is required, and there are no statusLists")
    })?;
    options.status_policy = StatusPolicy { enforcement, max_age: spec.status_max_age.map(|age| age as u64) };
    Ok(options)
}

/// Files by their paths; `credential:NAME` is one that the system hands over.
fn files(paths: &[String]) -> Result<Vec<PathBuf>, Failed> {
    let found = paths.iter().map(|path| credential(Path::new(path)));
    found.collect::<Result<_, _>>().map_err(|error| Failed::new(Status::Unreadable, error.to_string()))
}

/// Whether a component's files are there: the component itself answers a code, and no file name.
pub(crate) fn check_files(options: &ComponentOptions) -> Result<(), Failed> {
    match options.place {
        ComponentPlace::Program(_) => options.check_files().map_err(|error| Failed::of(&error)),
        // It has files of its own.
        ComponentPlace::Service(_) => Ok(()),
    }
}

#[napi]
impl Component {
    /// Starts a component and ends it again.
    #[napi(catch_unwind)]
    pub fn check<'e>(&self, env: &'e Env) -> napi::Result<Object<'e>> {
        let options = self.options.clone();
        thread_promise(env, "component", move || {
            check_files(&options)?;
            let component = miandan_print::Component::start(&options).map_err(|error| Failed::of(&error))?;
            Ok(ReadyComponent::new(component.ready(), component.is_separate()))
        })
    }

    /// Where the component is.
    #[napi(catch_unwind)]
    pub fn place(&self) -> String {
        match &self.options.place {
            ComponentPlace::Program(program) => program.display().to_string(),
            ComponentPlace::Service(socket) => format!("unix:{}", socket.display()),
        }
    }
}
