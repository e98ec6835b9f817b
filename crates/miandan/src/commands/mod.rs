//! One file per command.

pub mod config;
pub mod demo;
pub mod doctor;
pub mod inspect;
pub mod keygen;
pub mod mask;
pub mod packaging;
pub mod plan;
pub mod print;
pub mod sample;
pub mod seal;
pub mod template;

use std::path::{Path, PathBuf};

use miandan_core::Code;
use miandan_core::sandbox::{LayerState, SandboxReport};
use miandan_print::{StartError, component_path};
use serde_json::{Value, json};

use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::language::Language;
use crate::messages;

/// Finds the component's program.
fn find_component(console: Console, given: Option<&Path>) -> Result<PathBuf, Failure> {
    component_path(given).map_err(|why| {
        Failure::new(Exit::Refused, "COMPONENT", console.fill(messages::NO_COMPONENT, &[("why", &why)]))
            .hint(messages::NO_COMPONENT_HINT.get(console.language))
    })
}

/// A stable code as a failure of the whole command.
fn refused(console: Console, code: Code) -> Failure {
    let (text, hint) = messages::code(code);
    let exit = if code == Code::Internal { Exit::Internal } else { Exit::Refused };
    Failure::new(exit, code.as_str(), format!("{code}: {}", text.get(console.language)))
        .hint(hint.get(console.language))
}

/// Why a component did not start, as a failure of the whole command.
fn start_failure(console: Console, error: &StartError) -> Failure {
    match error {
        StartError::Refused { code, said } => {
            let mut failure = refused(console, *code);
            if !said.is_empty() {
                let said = said.strip_prefix(&format!("{code}: ")).unwrap_or(said);
                // The component speaks English: it says more than the code, not less.
                failure.message = match console.language {
                    Language::English => format!("{code}: {said}"),
                    Language::Chinese => format!("{}（{said}）", failure.message),
                };
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
