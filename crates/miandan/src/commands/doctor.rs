//! `miandan doctor`: which layers of the sandbox hold here, and in which mode.

use std::path::Path;

use miandan_core::sandbox::{LayerState, Strength};
use miandan_print::{Component, ComponentOptions};
use serde_json::json;

use super::{find_component, sandbox_json, start_failure};
use crate::console::Console;
use crate::exit::{Exit, Outcome};
use crate::files;
use crate::messages;

pub fn run(console: Console, component: Option<&Path>) -> Outcome {
    let program = find_component(console, component)?;
    let options = ComponentOptions::new(program.clone());
    let component = Component::start(&options).map_err(|error| start_failure(console, &error, &options))?;
    let ready = component.ready();
    let strength = ready.sandbox.strength();
    let exit = if strength == Strength::Insufficient { Exit::Refused } else { Exit::Done };
    if console.json {
        console.data(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "component": {"path": files::text(&program), "version": ready.version},
            "mode": "library",
            "sandbox": sandbox_json(&ready.sandbox),
            "fonts": fonts().map(|(name, characters)| json!({"name": name, "characters": characters})).collect::<Vec<_>>(),
        }))?;
        return Ok(exit);
    }
    let word = |text: crate::language::Text| text.get(console.language);
    console.data(&format_args!(
        "{}: {} ({})",
        word(messages::DOCTOR_COMPONENT),
        program.display(),
        ready.version
    ))?;
    console.data(&format_args!(
        "{}: {}",
        word(messages::DOCTOR_MODE),
        word(messages::DOCTOR_LIBRARY_MODE)
    ))?;
    let verdict = match strength {
        Strength::Full => messages::DOCTOR_FULL,
        Strength::Reduced => messages::DOCTOR_REDUCED,
        Strength::Insufficient => messages::DOCTOR_INSUFFICIENT,
    };
    console.data(&format_args!("{}: {}", word(messages::DOCTOR_SANDBOX), word(verdict)))?;
    for (layer, state) in ready.sandbox.layers() {
        let state = match state {
            LayerState::On => messages::LAYER_ON,
            LayerState::Partial => messages::LAYER_PARTIAL,
            LayerState::Unavailable => messages::LAYER_UNAVAILABLE,
            LayerState::DangerouslyOff => messages::LAYER_OFF,
            LayerState::Untested => messages::LAYER_UNTESTED,
        };
        let mandatory = if layer.is_mandatory() { word(messages::LAYER_MANDATORY) } else { "" };
        let row = format!("  {:<20} {}  {mandatory}", layer.as_str(), word(state));
        console.data(&row.trim_end())?;
    }
    let fonts: Vec<_> = fonts().map(|(name, characters)| format!("{name} ({characters})")).collect();
    console.data(&format_args!("{}: {}", word(messages::DOCTOR_FONTS), fonts.join(", ")))?;
    Ok(exit)
}

/// The bundled faces with the number of characters that each has.
fn fonts() -> impl Iterator<Item = (&'static str, usize)> {
    miandan_render::frame::FaceId::ALL.into_iter().map(|id| {
        let face = id.face();
        let characters = (0..face.cid_count()).filter(|&cid| face.character(cid).is_some()).count();
        (face.postscript_name(), characters)
    })
}
