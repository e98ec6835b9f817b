//! One file per command.

pub mod config;
pub mod demo;
pub mod doctor;
pub mod fleet;
pub mod fonts;
pub mod inspect;
pub mod journal;
pub mod keygen;
pub mod keys;
pub mod label;
pub mod mask;
pub mod packaging;
pub mod plan;
pub mod print;
pub mod printers;
pub mod profile;
pub mod sample;
pub mod scan;
pub mod seal;
pub mod selftest;
pub mod sign;
pub mod template;
pub mod trust;

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use miandan_core::Code;
use miandan_core::pipe::Subject;
use miandan_core::sandbox::{LayerState, SandboxReport};
use miandan_print::{ComponentOptions, ComponentPlace, StartError, component_path, component_place};
use serde_json::{Value, json};

use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::language::Language;
use crate::messages::{self, keys as keys_texts, services};

/// Finds the component: a program or a service.
fn find_place(console: Console, given: Option<&Path>) -> Result<ComponentPlace, Failure> {
    component_place(given).map_err(|why| not_found(console, &why))
}

/// Finds the component's program, for what a service does not do for others.
fn find_program(console: Console, given: Option<&Path>) -> Result<PathBuf, Failure> {
    match component_place(given) {
        Ok(ComponentPlace::Service(_)) => {
            let message = services::NEEDS_PROGRAM.get(console.language).to_owned();
            let hint = services::NEEDS_PROGRAM_HINT.get(console.language);
            Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint))
        }
        _ => component_path(given).map_err(|why| not_found(console, &why)),
    }
}

fn not_found(console: Console, why: &dyn Display) -> Failure {
    Failure::new(Exit::Refused, "COMPONENT", console.fill(messages::NO_COMPONENT, &[("why", why)]))
        .hint(messages::NO_COMPONENT_HINT.get(console.language))
}

/// The mode in JSON.
fn mode(place: &ComponentPlace) -> &'static str {
    match place {
        ComponentPlace::Program(_) => "library",
        ComponentPlace::Service(_) => "service",
    }
}

/// A stable code as a failure of the whole command.
fn refused(console: Console, code: Code) -> Failure {
    let (text, hint) = messages::code(code);
    let exit = if code == Code::Internal { Exit::Internal } else { Exit::Refused };
    Failure::new(exit, code.as_str(), format!("{code}: {}", text.get(console.language)))
        .hint(hint.get(console.language))
}

/// Why a component did not start, as a failure of the whole command.
fn start_failure(console: Console, error: &StartError, options: &ComponentOptions) -> Failure {
    if let ComponentPlace::Service(socket) = &options.place
        && let Some(failure) = service_failure(console, error, socket)
    {
        return failure;
    }
    match error {
        StartError::Refused { code, subject, said } if said.is_empty() => {
            refused_file(console, *code, *subject, options)
        }
        StartError::Refused { code, said, .. } => {
            let mut failure = refused(console, *code);
            let said = said.strip_prefix(&format!("{code}: ")).unwrap_or(said);
            // The component speaks English: it says more than the code, not less.
            failure.message = match console.language {
                Language::English => format!("{code}: {said}"),
                Language::Chinese => format!("{}（{said}）", failure.message),
            };
            if *code == Code::UnknownKey {
                failure.hint = Some(keys_texts::KEY_UNREADABLE_HINT.get(console.language).to_owned());
            }
            failure
        }
        StartError::Protocol { .. } => {
            Failure::new(Exit::Refused, "COMPONENT", messages::OTHER_VERSION.get(console.language).to_owned())
                .hint(messages::OTHER_VERSION_HINT.get(console.language))
        }
        StartError::Spawn(error) => {
            Failure::new(Exit::Refused, "COMPONENT", console.fill(messages::NO_COMPONENT, &[("why", error)]))
                .hint(messages::NO_COMPONENT_HINT.get(console.language))
        }
        _ => component_broke(console),
    }
}

/// What a service that does not serve us says, or the socket that is none.
fn service_failure(console: Console, error: &StartError, socket: &Path) -> Option<Failure> {
    let (code, text, hint) = match error {
        StartError::Connect(error) if error.kind() == ErrorKind::PermissionDenied => {
            (None, services::UNREACHABLE, services::NOT_ALLOWED_HINT)
        }
        StartError::Connect(_) => (None, services::UNREACHABLE, services::NOT_RUNNING_HINT),
        StartError::Refused { code: Code::Limit, .. } => {
            (Some(Code::Limit), services::FULL, services::FULL_HINT)
        }
        StartError::Refused { code, .. } => (Some(*code), services::REFUSED, services::REFUSED_HINT),
        StartError::Died { .. } => (None, services::CLOSED, services::REFUSED_HINT),
        _ => return None,
    };
    let why = match error {
        StartError::Connect(error) => files::why(error),
        _ => String::new(),
    };
    let values: [(&str, &dyn Display); 2] = [("socket", &socket.display()), ("why", &why)];
    let message = console.fill(text, &values);
    let failure = match code {
        Some(code) => Failure::new(Exit::Refused, code.as_str(), format!("{code}: {message}")),
        None => Failure::new(Exit::Refused, "COMPONENT", message),
    };
    Some(failure.hint(hint.get(console.language)))
}

/// The component answers a code and the number of a file; what that means for the file stands here.
fn refused_file(console: Console, code: Code, subject: Subject, options: &ComponentOptions) -> Failure {
    let nth = |files: &[PathBuf], number: u16| files.get(usize::from(number)).cloned();
    let file = match subject {
        Subject::Key(number) => nth(&options.keys, number),
        Subject::Trust(number) => nth(&options.trust, number),
        Subject::StatusList(number) => nth(&options.status_lists, number),
        Subject::CarrierList(number) => nth(&options.carrier_lists, number),
        Subject::State => options.state.clone(),
        Subject::Nothing => None,
    };
    let Some(file) = file else { return refused(console, code) };
    let (text, hint) = match (subject, code) {
        (Subject::Key(_), Code::AuthFailed) => {
            (keys_texts::PASSPHRASE_WRONG, keys_texts::PASSPHRASE_WRONG_HINT)
        }
        (Subject::Key(_), _) => (keys_texts::KEY_UNUSABLE, keys_texts::KEY_UNUSABLE_HINT),
        (Subject::Trust(_), _) => (keys_texts::TRUST_UNUSABLE, keys_texts::TRUST_UNUSABLE_HINT),
        (Subject::StatusList(_), Code::UnknownIssuer) => {
            (keys_texts::LIST_FOREIGN, keys_texts::LIST_FOREIGN_HINT)
        }
        (Subject::StatusList(_), Code::StaleStatus) => (keys_texts::LIST_OLDER, keys_texts::LIST_OLDER_HINT),
        (Subject::StatusList(_), _) => (keys_texts::LIST_BROKEN, keys_texts::LIST_BROKEN_HINT),
        (Subject::CarrierList(_), Code::UnknownIssuer) => {
            (keys_texts::CARRIERS_FOREIGN, keys_texts::LIST_FOREIGN_HINT)
        }
        (Subject::CarrierList(_), Code::StaleStatus) => {
            (keys_texts::CARRIERS_OLDER, keys_texts::CARRIERS_OLDER_HINT)
        }
        (Subject::CarrierList(_), _) => (keys_texts::CARRIERS_BROKEN, keys_texts::LIST_BROKEN_HINT),
        _ => (keys_texts::STATE_FOREIGN, keys_texts::STATE_FOREIGN_HINT),
    };
    let why = match code {
        Code::Malformed => match subject {
            Subject::CarrierList(_) => keys_texts::NOT_A_CARRIER_LIST,
            _ => keys_texts::NOT_A_LIST,
        },
        code => messages::meaning(code),
    };
    let values: [(&str, &dyn Display); 2] = [("file", &file.display()), ("why", &why.get(console.language))];
    let message = format!("{code}: {}", console.fill(text, &values));
    Failure::new(Exit::Refused, code.as_str(), message).hint(hint.get(console.language))
}

/// A component that ended when it should not have.
fn component_broke(console: Console) -> Failure {
    Failure::new(Exit::Internal, "INTERNAL", messages::COMPONENT_BROKE.get(console.language).to_owned())
        .hint(messages::COMPONENT_BROKE_HINT.get(console.language))
}

/// The state of the sandbox in JSON.
fn sandbox_json(report: &SandboxReport) -> Value {
    let layers: serde_json::Map<_, _> =
        report.layers().map(|(layer, state)| (layer.to_string(), json!(state.as_str()))).collect();
    json!({"strength": report.strength().as_str(), "layers": layers})
}

/// Says so if a layer of the sandbox is missing; a full one needs no word.
fn mention_sandbox(console: Console, report: &SandboxReport) {
    if report.layers().any(|(_, state)| state == LayerState::DangerouslyOff) {
        console.complain(&messages::SANDBOX_OFF.get(console.language));
    } else if report.layers().any(|(_, state)| state == LayerState::Untested) {
        console.complain(&messages::SANDBOX_UNTESTED.get(console.language));
    } else {
        let missing: Vec<_> = report
            .layers()
            .filter(|(_, state)| matches!(state, LayerState::Unavailable))
            .map(|(layer, _)| layer.as_str())
            .collect();
        if !missing.is_empty() {
            console.say(&console.fill(messages::SANDBOX_REDUCED, &[("layers", &missing.join(", "))]));
        }
    }
}
