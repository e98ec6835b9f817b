//! The fleet: how this station stands to it, and, where the configuration lets it look, all of it.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use miandan_fleet::FleetError;
use miandan_fleet::connect::Line;
use miandan_fleet::member::Standing;
use miandan_fleet::report::PrinterState;
use miandan_fleet::roster::{Roster, StationEntry};
use serde_json::{Value, json};

use super::{Answer, Desk};
use crate::clock;

pub(super) async fn fleet(State(desk): State<Desk>) -> Answer {
    let Some(fleet) = &desk.shared.fleet else {
        return Ok(Json(json!({ "member": null, "overview": null })).into_response());
    };
    let overview = match fleet.roster().await {
        None => Value::Null,
        Some(Ok(roster)) => overview(&roster, clock::now()),
        // That the broker is away is no failure of this station.
        Some(Err(error)) => json!({ "trouble": trouble(&error) }),
    };
    let member = fleet.standing().map(|standing| member(&standing));
    Ok(Json(json!({ "member": member, "overview": overview })).into_response())
}

fn trouble(error: &FleetError) -> &'static str {
    match error {
        FleetError::Refused(_) => "refused",
        FleetError::NoStream(_) => "not-set-up",
        FleetError::Foreign(_) => "version",
        _ => "unreachable",
    }
}

fn member(standing: &Standing) -> Value {
    let line = match standing.line {
        Line::Up(_) => "connected",
        Line::Down => "disconnected",
        Line::Refused(_) => "refused",
    };
    let sum = |of: fn(&PrinterState) -> u64| standing.printers.iter().map(of).sum::<u64>();
    json!({
        "station": standing.station.to_string(),
        "line": line,
        "drained": standing.drained,
        "printed": sum(|printer| printer.printed),
        "unknown": sum(|printer| printer.unknown),
        "aside": sum(|printer| printer.aside),
    })
}

fn overview(roster: &Roster, now: u64) -> Value {
    let stations: Vec<_> = roster.stations.iter().map(|entry| station(roster, entry, now)).collect();
    json!({ "stations": stations, "cut_off": roster.cut_off })
}

fn station(roster: &Roster, entry: &StationEntry, now: u64) -> Value {
    let state = if !entry.is_there(now) {
        "gone"
    } else if entry.control.drain || entry.state.is_drained {
        "drained"
    } else {
        "takes-labels"
    };
    let is_known = !roster.cut_off.contains(&entry.place.site);
    let printer = |printer: &PrinterState| {
        let place = entry.place.printer(&printer.name);
        let queued = is_known.then(|| roster.waiting.get(&place).copied().unwrap_or(0));
        json!({
            "name": printer.name,
            "queued": queued,
            "sending": printer.sending.map(|number| number.to_string()),
            "held": printer.held,
            "trouble": printer.trouble,
            "printed": printer.printed,
            "unknown": printer.unknown,
            "aside": printer.aside,
        })
    };
    json!({
        "station": entry.place.to_string(),
        "state": state,
        "version": entry.state.version,
        "heard": entry.said,
        "clock_ahead": entry.ahead,
        "printers": entry.state.printers.iter().map(printer).collect::<Vec<_>>(),
    })
}
