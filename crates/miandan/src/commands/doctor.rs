//! `miandan doctor`: which layers of the sandbox hold here, and in which mode.

use std::fmt::Display;
use std::path::Path;

use miandan_core::sandbox::{LayerState, Strength};
use miandan_print::{Component, ComponentOptions, ComponentPlace};
use serde_json::json;

use super::{find_place, mode, sandbox_json, start_failure};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Outcome};
use crate::files;
use crate::language::Text;
use crate::messages::{self, services};

pub fn run(console: Console, component: Option<&Path>) -> Outcome {
    let place = find_place(console, component)?;
    let options = ComponentOptions::at(place.clone());
    let component = Component::start(&options).map_err(|error| start_failure(console, &error, &options))?;
    let ready = component.ready();
    let strength = ready.sandbox.strength();
    let exit = if strength == Strength::Insufficient { Exit::Refused } else { Exit::Done };
    let apart = component.is_separate();
    let (ComponentPlace::Program(path) | ComponentPlace::Service(path)) = &place;
    if console.json {
        console.data(&without_nulls(json!({
            "version": env!("CARGO_PKG_VERSION"),
            "component": {"path": files::text(path), "version": ready.version},
            "mode": mode(&place),
            "separate_user": apart,
            "station": Some(&ready.station).filter(|station| !station.is_empty()),
            "sandbox": sandbox_json(&ready.sandbox),
            "fonts": fonts().map(|(name, characters)| json!({"name": name, "characters": characters})).collect::<Vec<_>>(),
        })))?;
        return Ok(exit);
    }
    let word = |text: Text| text.get(console.language);
    let row = |name: Text, value: &dyn Display| console.data(&format_args!("{}: {value}", word(name)));
    row(messages::DOCTOR_COMPONENT, &format_args!("{} ({})", path.display(), ready.version))?;
    row(
        messages::DOCTOR_MODE,
        &word(match apart {
            None => messages::DOCTOR_LIBRARY_MODE,
            Some(true) => services::DOCTOR_MODE,
            Some(false) => services::DOCTOR_SAME_USER,
        }),
    )?;
    if !ready.station.is_empty() {
        row(services::DOCTOR_STATION, &ready.station)?;
    }
    row(
        messages::DOCTOR_SANDBOX,
        &word(match strength {
            Strength::Full => messages::DOCTOR_FULL,
            Strength::Reduced => messages::DOCTOR_REDUCED,
            Strength::Insufficient => messages::DOCTOR_INSUFFICIENT,
        }),
    )?;
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
    row(messages::DOCTOR_FONTS, &fonts.join(", "))?;
    Ok(exit)
}

/// The bundled faces with the number of characters that each has.
fn fonts() -> impl Iterator<Item = (&'static str, usize)> {
    [&miandan_fonts::REGULAR, &miandan_fonts::BOLD].into_iter().map(|face| {
        let characters = (0..face.cid_count()).filter(|&cid| face.character(cid).is_some()).count();
        (face.postscript_name(), characters)
    })
}
