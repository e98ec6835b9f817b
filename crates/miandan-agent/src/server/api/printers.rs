//! Printers: how they are, and what a person does about them.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use miandan_core::number::RunningNumber;
use miandan_print::station::LaneStatus;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Refusal;
use super::{Answer, Body, Desk, Named, blocking, shown};
use crate::log::{self, Level, Name};

pub(super) async fn all(State(desk): State<Desk>) -> Json<Value> {
    let printers = desk.shared.agent.station.printers();
    Json(json!({ "printers": printers.iter().map(|lane| shown::printer(&desk, lane)).collect::<Vec<_>>() }))
}

pub(super) async fn one(State(desk): State<Desk>, Named(name): Named) -> Answer {
    shown(&desk, &name)
}

pub(super) async fn hold(State(desk): State<Desk>, Named(name): Named) -> Answer {
    if !desk.shared.agent.station.hold(&name) {
        return Err(Refusal::UNKNOWN_PRINTER);
    }
    said(&desk, "printer.held", &name);
    shown(&desk, &name)
}

pub(super) async fn release(State(desk): State<Desk>, Named(name): Named) -> Answer {
    if !desk.shared.agent.station.release(&name) {
        return Err(Refusal::UNKNOWN_PRINTER);
    }
    said(&desk, "printer.released", &name);
    shown(&desk, &name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resume {
    /// The last good label: its whole number, or its place in the batch that the printer was last sent labels of.
    last: String,
    reason: String,
    operator: Option<String>,
    /// Only say what would be done.
    #[serde(default)]
    look: bool,
}

pub(super) async fn resume(
    State(desk): State<Desk>,
    Named(name): Named,
    headers: HeaderMap,
    Body(asked): Body<Resume>,
) -> Answer {
    let whole = json!(["resume", name, asked.last, asked.reason, asked.operator, asked.look]);
    let own = desk.clone();
    let work = blocking(move || {
        let station = &own.shared.agent.station;
        let last = number(&own, &name, &asked.last).ok_or(Refusal::UNKNOWN_LABEL)?;
        let operator = asked.operator.as_deref().unwrap_or("console");
        let resumed = match asked.look {
            true => station.look_at_resume(&name, last),
            false => station.resume(&name, last, &asked.reason, operator),
        };
        let resumed = resumed.map_err(|error| Refusal::of_person(&error, own.language))?;
        if !asked.look {
            said(&own, "printer.resumed", &name);
            let _ = own.board.count(station.journal());
            for print in resumed.confirmed.iter().filter_map(|&number| station.latest(number).ok()) {
                own.shared.decided(&print, true);
            }
        }
        let [confirmed, reprinted, gone] = [resumed.confirmed, resumed.reprinted, resumed.gone]
            .map(|numbers| numbers.iter().map(ToString::to_string).collect::<Vec<_>>());
        Ok(json!({ "last": last.to_string(), "confirmed": confirmed, "reprinted": reprinted, "gone": gone }))
    });
    desk.once.run(&headers, &whole, work).await
}

/// The label that a person means.
fn number(desk: &Desk, printer: &str, text: &str) -> Option<RunningNumber> {
    if let Ok(number) = text.trim().parse() {
        return Some(number);
    }
    let position = text.trim().parse().ok()?;
    let lanes = desk.shared.agent.station.printers();
    let lane = lanes.iter().find(|lane| lane.name == printer)?;
    let near = match &lane.held {
        Some(miandan_print::station::Held::Unknown(number, _)) => Some(*number),
        _ => lane.sending.or_else(|| desk.board.last(printer)),
    };
    Some(RunningNumber { batch: near?.batch, position })
}

fn lane(desk: &Desk, name: &str) -> Option<LaneStatus> {
    desk.shared.agent.station.printers().into_iter().find(|lane| lane.name == name)
}

fn shown(desk: &Desk, name: &str) -> Answer {
    let lane = lane(desk, name).ok_or(Refusal::UNKNOWN_PRINTER)?;
    Ok(Json(shown::printer(desk, &lane)).into_response())
}

fn said(desk: &Desk, what: &'static str, name: &str) {
    log::line(Level::Info, what, &[("printer", log::Value::Name(Name(name)))]);
    desk.board.touch();
}
