//! Where the component is and which files it reads.

#![allow(unsafe_code, reason = "functions that are called from C")]

use std::ffi::c_char;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use miandan_print::{Component, ComponentOptions, component_place_beside};
use miandan_seal::lists::Enforcement;

use crate::boundary::{call, optional_text, out, text};
use crate::buffer::Buffer;
use crate::handle::{self, Object};
use crate::outcome::Failed;
use crate::place::this_library;
use crate::status::MiandanStatus;

/// How a component is started.
pub(crate) struct ComponentHandle(Mutex<ComponentOptions>);

impl Object for ComponentHandle {
    const NAME: &'static str = "component";
}

impl ComponentHandle {
    /// The options as they are now, with what nobody has said.
    pub(crate) fn options(handle: u64) -> Result<ComponentOptions, Failed> {
        let found: Arc<Self> = handle::find(handle)?;
        let mut options = found.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if options.state.is_none() {
            options.state = options.keys.first().and_then(|key| ComponentOptions::state_beside(key));
        }
        options.check_files()?;
        Ok(options)
    }
}

/// A component, with no key and no trusted issuer yet. Free it with `miandan_component_free`.
///
/// `program` is its path, or `unix:` and the socket of a service, which then has files of its own. With null it is what the
/// variable `MIANDAN_COMPONENT` says, else the program `miandan-component` beside this library, beside the running program, or
/// in the folder that was fixed when this library was built. It is never looked for on `PATH`.
///
/// Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_COMPONENT_MISSING`.
///
/// # Safety
/// Texts are null or end with a NUL; at `component` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_component_new(
    program: *const c_char,
    component: *mut u64,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let component = out("component", component)?;
            let given = optional_text("program", program)?.map(PathBuf::from);
            let place = component_place_beside(given.as_deref(), this_library().as_deref())?;
            component.write(handle::give(ComponentHandle(Mutex::new(ComponentOptions::at(place)))));
            Ok(())
        })
    }
}

/// Sets something of a component. What is already printed with it goes on as it was.
///
/// | `name` | `value` |
/// |---|---|
/// | `key` | the path of a key file; each call adds one, the current key first |
/// | `trust` | the path of an issuer's public file or of a trust list; each call adds one |
/// | `status_list` | the path of a signed list of withdrawn authorisations; each call adds one |
/// | `status_policy` | what a list that is missing or too old means: `off`, `warn`, `required` |
/// | `carrier_list` | the path of a signed list of carriers' keys; each call adds one |
/// | `courier_token` | whether couriers' tokens are signed: `true`, `false` |
/// | `passphrase_file` | the path of a file with the passphrase of the keys |
/// | `state` | where what the component remembers is kept; beside the first key if nobody says |
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_BAD_ARGUMENT`. Files are looked at when something
/// is printed.
///
/// # Safety
/// Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_component_set(
    component: u64,
    name: *const c_char,
    value: *const c_char,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<ComponentHandle> = handle::find(component)?;
            let (name, value) = (text("name", name)?, text("value", value)?);
            let mut options = found.0.lock().unwrap_or_else(PoisonError::into_inner);
            set(&mut options, name, value)
        })
    }
}

fn set(options: &mut ComponentOptions, name: &str, value: &str) -> Result<(), Failed> {
    match name {
        "key" => options.keys.push(value.into()),
        "trust" => options.trust.push(value.into()),
        "status_list" => options.status_lists.push(value.into()),
        "carrier_list" => options.carrier_lists.push(value.into()),
        "passphrase_file" => options.passphrase_file = Some(value.into()),
        "state" => options.state = Some(value.into()),
        "courier_token" => options.courier_token = truth(name, value)?,
        "status_policy" => {
            let known = Enforcement::ALL.into_iter().find(|known| known.as_str() == value);
            options.status_policy.enforcement =
                known.ok_or_else(|| Failed::argument(name, "off, warn or required"))?;
        }
        _ => return Err(Failed::argument("name", "a component has no such setting")),
    }
    Ok(())
}

/// A setting that is true or false.
pub(crate) fn truth(name: &str, value: &str) -> Result<bool, Failed> {
    value.parse().map_err(|_| Failed::argument(name, "true or false"))
}

/// Starts the component, has it lock itself, and ends it: whether everything is there, before the first order comes.
///
/// `station` gets the id of the station whose key was read, `sandbox` a word: `full` where every layer of the sandbox is on,
/// `reduced` where only the mandatory ones are. Either may be null.
///
/// Answers `MIANDAN_STATUS_OK`, the code with which it refused to start (`UNKNOWN_KEY`, `SANDBOX_UNAVAILABLE`, `TRACED` …),
/// `MIANDAN_STATUS_COMPONENT_MISSING`, `MIANDAN_STATUS_COMPONENT_VERSION`, `MIANDAN_STATUS_COMPONENT_FAILED`,
/// `MIANDAN_STATUS_SERVICE_UNREACHABLE`, `MIANDAN_STATUS_UNREADABLE` or `MIANDAN_STATUS_BAD_HANDLE`.
///
/// # Safety
/// Unless they are null, buffers can be written at `station`, `sandbox` and `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_component_check(
    component: u64,
    station: *mut Buffer,
    sandbox: *mut Buffer,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let options = ComponentHandle::options(component)?;
            let started = Component::start(&options)?;
            let ready = started.ready();
            for (wanted, text) in
                [(station, ready.station.as_str()), (sandbox, ready.sandbox.strength().as_str())]
            {
                if !wanted.is_null() {
                    wanted.write(Buffer::give(text.as_bytes().to_vec()));
                }
            }
            Ok(())
        })
    }
}

/// Frees a component. What is printed with it goes on. 0 is nothing.
///
/// Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn miandan_component_free(component: u64) -> MiandanStatus {
    // SAFETY: no message is asked for.
    unsafe { call(std::ptr::null_mut(), || handle::free::<ComponentHandle>(component)) }
}
