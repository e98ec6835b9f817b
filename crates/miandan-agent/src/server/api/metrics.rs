//! Numbers for whoever watches many stations (Prometheus, text format 0.0.4): counts, and nothing that could be a person.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use miandan_print::station::Held;

use super::Desk;
use crate::agent::VERSION;

pub(super) async fn metrics(State(desk): State<Desk>) -> Response {
    let mut text = String::with_capacity(2_048);
    let mut family = |name: &str, kind: &str, help: &str, samples: &[(String, u64)]| {
        let _ = writeln!(text, "# HELP miandan_{name} {help}\n# TYPE miandan_{name} {kind}");
        for (labels, value) in samples {
            let _ = writeln!(text, "miandan_{name}{labels} {value}");
        }
    };
    family("build_info", "gauge", "The version.", &[(format!("{{version=\"{VERSION}\"}}"), 1)]);
    let totals = &desk.board.totals;
    let labels = [("printed", &totals.printed), ("failed", &totals.failed), ("unknown", &totals.unknown)];
    let labels =
        labels.map(|(result, count)| (format!("{{result=\"{result}\"}}"), count.load(Ordering::Relaxed)));
    family("labels_total", "counter", "Labels that were settled since the agent started.", &labels);
    let failures = totals.no_component.load(Ordering::Relaxed);
    family(
        "component_failures_total",
        "counter",
        "Components that could not be started.",
        &[(String::new(), failures)],
    );
    let lanes = desk.shared.agent.station.printers();
    let of = |name: &str| format!("{{printer=\"{}\"}}", name.replace('\\', "\\\\").replace('"', "\\\""));
    let waiting: Vec<_> = lanes.iter().map(|lane| (of(&lane.name), lane.waiting as u64)).collect();
    family("printer_waiting", "gauge", "Labels that wait for a printer.", &waiting);
    let held: Vec<_> = lanes.iter().map(|lane| (of(&lane.name), u64::from(lane.held.is_some()))).collect();
    family("printer_held", "gauge", "Whether a printer gets no labels until a person has looked.", &held);
    let unknown = lanes.iter().map(|lane| {
        let is_unknown = matches!(lane.held, Some(Held::Unknown(..)));
        (of(&lane.name), u64::from(is_unknown))
    });
    family(
        "printer_unknown",
        "gauge",
        "Whether that is since a label may be on paper.",
        &unknown.collect::<Vec<_>>(),
    );
    let waiting = desk.shared.pairings.waiting().len() as u64;
    family("origins_waiting", "gauge", "Web pages that wait to be let in.", &[(String::new(), waiting)]);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
