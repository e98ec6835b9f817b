//! How things of the station look in JSON.

use miandan_core::printer::Profile;
use miandan_journal::{Entry, Happened, Print};
use miandan_print::station::{Held, LaneStatus};
use serde_json::{Value, json};

use super::Desk;
use super::problem::Refusal;
use crate::agent::VERSION;
use crate::clock;
use crate::protocol::Language;

/// The station as a whole.
pub(super) fn status(desk: &Desk) -> Result<Value, Refusal> {
    let station = &desk.shared.agent.station;
    let lanes = station.printers();
    let today = desk.board.today();
    let component =
        desk.board.component().map(|component| {
            let layer = |(layer, state): (
                miandan_core::sandbox::Layer,
                miandan_core::sandbox::LayerState,
            )| {
                json!({ "layer": layer.as_str(), "state": state.as_str(), "mandatory": layer.is_mandatory() })
            };
            let sandbox = &component.ready.sandbox;
            json!({
                "mode": component.mode,
                "sandbox": sandbox.strength().as_str(),
                "layers": sandbox.layers().map(layer).collect::<Vec<_>>(),
                "station": component.ready.station,
                "version": component.ready.version,
            })
        });
    Ok(json!({
        "version": VERSION,
        "language": match desk.language { Language::English => "en", Language::Chinese => "zh" },
        "now": clock::now(),
        "started": desk.started,
        "component": component,
        "today": {
            "printed": today.printed, "failed": today.failed, "unknown": today.unknown, "reprinted": today.reprinted,
        },
        "waiting": lanes.iter().map(|lane| lane.waiting).sum::<usize>(),
        "per_minute": desk.board.minutes().to_vec(),
        "printers": lanes.iter().map(|lane| printer(desk, lane)).collect::<Vec<_>>(),
        "origins_waiting": desk.shared.pairings.waiting().len(),
    }))
}

/// A printer and what waits for it.
pub(super) fn printer(desk: &Desk, lane: &LaneStatus) -> Value {
    let printer = desk.shared.agent.station.printer(&lane.name);
    let (state, label, why) = match (&lane.held, lane.sending, &lane.trouble) {
        (Some(Held::ByPerson), ..) => ("held", None, None),
        (Some(Held::Unknown(number, why)), ..) => {
            ("unknown", Some(number.to_string()), Some(why.to_string()))
        }
        (Some(Held::Journal(error)), ..) => ("journal", None, Some(error.to_string())),
        (None, _, Some(why)) => ("waiting", None, Some(why.to_string())),
        (None, Some(_), None) => ("printing", None, None),
        (None, None, None) => ("ready", None, None),
    };
    json!({
        "name": lane.name,
        "uri": printer.map(|printer| printer.name.to_string()),
        "profile": printer.map(|printer| profile(&printer.profile)),
        "state": state,
        "waiting": lane.waiting,
        "sending": lane.sending.map(|number| number.to_string()),
        "trouble": why,
        "label": label,
        "last": desk.board.last(&lane.name).map(|number| number.to_string()),
    })
}

fn profile(profile: &Profile) -> String {
    format!("{} {} dpi", profile.language, profile.resolution.dpi())
}

/// A physical label.
pub(super) fn label(desk: &Desk, print: &Print) -> Value {
    json!({
        "number": print.number.to_string(),
        "copy": print.id.copy,
        "carrier": print.key.carrier,
        "waybill": print.key.waybill,
        "state": print.state.as_str(),
        "printer": print.printer.as_deref().map(|uri| desk.shared.agent.name_of(uri)),
        "confirmed_by": print.rung.map(miandan_journal::Rung::as_str),
        "reason": print.reason,
        "changed": print.changed,
        "attempts": print.attempts,
        "can_reprint": desk.shared.agent.station.has_order(print.number),
    })
}

/// Something that happened to a label.
pub(super) fn entry(desk: &Desk, entry: &Entry) -> Value {
    json!({
        "time": entry.time,
        "copy": entry.copy,
        "what": match entry.happened {
            Happened::Planned => "planned",
            Happened::AskedAgain => "reprint",
            Happened::Became(state) => state.as_str(),
        },
        "printer": entry.printer.as_deref().map(|uri| desk.shared.agent.name_of(uri)),
        "reason": entry.reason,
        "operator": entry.operator,
        "confirmed_by": entry.rung.map(miandan_journal::Rung::as_str),
    })
}
