//! `miandan fleet status`: stations, printers and queues; or how far a batch came.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use miandan_core::number::BatchNumber;
use miandan_fleet::connect::Hub;
use miandan_fleet::follow::Reports;
use miandan_fleet::report::{Outcome as LabelOutcome, PrinterState, Report};
use miandan_fleet::roster::{self, Roster, StationEntry};
use serde_json::json;

use super::{connect, failure, wait};
use crate::args::FleetStatus;
use crate::clock;
use crate::commands::journal::table_below;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::language::Text;
use crate::messages::fleet as texts;

/// How often it is shown again.
const AGAIN: Duration = Duration::from_secs(2);

/// How long the broker is listened to for reports of a batch: those that it has come at once.
const LISTEN: Duration = Duration::from_millis(700);

/// By how many seconds a clock may be off before somebody is told: labels expire by it.
const CLOCK: i64 = 60;

pub(super) fn run(console: Console, arguments: &FleetStatus) -> Outcome {
    let batch = arguments.batch.as_deref().map(|text| batch(console, text)).transpose()?;
    wait(console, async {
        let hub = connect(console, &arguments.broker).await?;
        loop {
            let shown = match batch {
                Some(batch) => labels(console, &hub, batch).await?,
                None => stations(console, &hub).await?,
            };
            if arguments.watch && !console.json && std::io::stdout().is_terminal() {
                // To the top, and clear what is below (ECMA-48: CUP, ED).
                let _ = write!(std::io::stdout().lock(), "\x1b[H\x1b[J");
            }
            shown.lines.iter().try_for_each(|line| console.data(line))?;
            if !arguments.watch {
                return Ok(shown.exit);
            }
            tokio::time::sleep(AGAIN).await;
        }
    })
}

fn batch(console: Console, text: &str) -> Result<BatchNumber, Failure> {
    text.parse().map_err(|_| {
        let message = console.fill(texts::NO_BATCH, &[("batch", &text)]);
        Failure::new(Exit::Usage, "USAGE", message).hint(texts::NO_BATCH_HINT.get(console.language))
    })
}

/// What is shown, and how it ends.
struct Shown {
    lines: Vec<String>,
    exit: Exit,
}

async fn stations(console: Console, hub: &Hub) -> Result<Shown, Failure> {
    let roster = roster::read(hub).await.map_err(|error| failure(console, &error))?;
    let now = clock::now();
    let exit = if roster.stations.iter().all(|entry| entry.is_there(now)) && roster.cut_off.is_empty() {
        Exit::Done
    } else {
        Exit::Printer
    };
    if console.json {
        let lines = roster.stations.iter().map(|entry| in_json(&roster, entry, now).to_string()).collect();
        return Ok(Shown { lines, exit });
    }
    let language = console.language;
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    for entry in &roster.stations {
        for printer in &entry.state.printers {
            let place = entry.place.printer(&printer.name);
            let queued = match roster.cut_off.contains(&place.at.site) {
                true => "?".to_owned(),
                false => roster.waiting.get(&place).copied().unwrap_or(0).to_string(),
            };
            let sending = printer.sending.map_or_else(|| "-".to_owned(), |number| number.to_string());
            rows.push(vec![
                place.to_string(),
                state(entry, printer, now).get(language).to_owned(),
                queued,
                sending,
                printer.printed.to_string(),
                printer.unknown.to_string(),
            ]);
            if let Some(trouble) = &printer.trouble {
                notes.push(format!("{place}: {trouble}"));
            }
            if printer.aside > 0 {
                let values: [(&str, &dyn Display); 2] = [("place", &place), ("count", &printer.aside)];
                notes.push(console.fill(texts::ASIDE, &values));
            }
        }
        if entry.is_there(now) && entry.ahead.abs() > CLOCK {
            let values: [(&str, &dyn Display); 2] = [("station", &entry.place), ("seconds", &entry.ahead)];
            notes.push(console.fill(texts::CLOCK, &values));
        }
    }
    notes.extend(roster.cut_off.iter().map(|site| console.fill(texts::CUT_OFF, &[("site", site)])));
    let headings = [texts::PLACE, texts::STATE, texts::QUEUED, texts::SENDING, texts::CAME_OUT, texts::OPEN]
        .map(|text| text.get(language));
    let mut lines = table_below(&headings, rows, &[2, 4, 5]);
    lines.append(&mut notes);
    Ok(Shown { lines, exit })
}

/// How a printer stands to the fleet, what matters most first.
fn state(entry: &StationEntry, printer: &PrinterState, now: u64) -> Text {
    if !entry.is_there(now) {
        return if entry.state.is_leaving { texts::OFF } else { texts::GONE };
    }
    match printer.held.as_deref() {
        Some("unknown") => return texts::HELD_UNKNOWN,
        Some("journal") => return texts::HELD_JOURNAL,
        Some(_) => return texts::HELD,
        None => {}
    }
    if entry.control.drain || entry.state.is_drained {
        return texts::IS_DRAINED;
    }
    match (printer.trouble.is_some(), printer.sending.is_some()) {
        (true, _) => texts::TAKES_NOTHING,
        (false, true) => texts::PRINTS,
        (false, false) => texts::READY,
    }
}

fn in_json(roster: &Roster, entry: &StationEntry, now: u64) -> serde_json::Value {
    let printers: Vec<_> = entry
        .state
        .printers
        .iter()
        .map(|printer| {
            let place = entry.place.printer(&printer.name);
            let known = !roster.cut_off.contains(&place.at.site);
            let queued = known.then(|| roster.waiting.get(&place).copied().unwrap_or(0));
            without_nulls(json!({
                "name": printer.name, "queued": queued, "waiting": printer.waiting,
                "sending": printer.sending.map(|number| number.to_string()), "held": printer.held,
                "trouble": printer.trouble, "pace_ms": printer.pace, "printed": printer.printed,
                "unknown": printer.unknown, "aside": printer.aside,
                "carriers": printer.carriers, "regions": printer.regions,
            }))
        })
        .collect();
    json!({
        "station": entry.place.to_string(), "there": entry.is_there(now),
        "drained": entry.control.drain || entry.state.is_drained, "version": entry.state.version,
        "heard": entry.said, "clock_ahead": entry.ahead, "printers": printers,
    })
}

async fn labels(console: Console, hub: &Hub, batch: BatchNumber) -> Result<Shown, Failure> {
    let known = async {
        let roster = roster::read(hub).await?;
        let sites: Vec<_> = roster.sites.iter().map(|site| site.site.clone()).collect();
        let mut reports = Reports::of(hub, &sites, batch).await?;
        let mut last: BTreeMap<u32, Report> = BTreeMap::new();
        while let Ok(Some(report)) = tokio::time::timeout(LISTEN, reports.next()).await {
            if let Some(number) = report.number {
                // Of a label that was moved both stations may have said something; the newest counts.
                let newer = last.get(&number.position).is_none_or(|known| known.attempt <= report.attempt);
                if newer {
                    last.insert(number.position, report);
                }
            }
        }
        let manifest = miandan_fleet::dispatch::manifest(hub, batch).await?;
        Ok((last, manifest))
    };
    let (last, manifest) = known.await.map_err(|error| failure(console, &error))?;
    let count = |outcome| last.values().filter(|report| report.outcome == outcome).count();
    let of = |outcomes: &[LabelOutcome]| -> usize { outcomes.iter().map(|&outcome| count(outcome)).sum() };
    let (printed, unknown) = (of(&[LabelOutcome::Printed]), of(&[LabelOutcome::Unknown]));
    let failed = of(&[LabelOutcome::Failed, LabelOutcome::Aside]);
    let total = manifest.as_ref().map(|manifest| manifest.count);
    let exit = if failed + unknown > 0 { Exit::SomeFailed } else { Exit::Done };
    if console.json {
        let mut lines: Vec<_> = last.values().map(|report| json!(report).to_string()).collect();
        lines.push(
            json!({
                "event": "summary", "batch": batch.to_string(), "labels": total, "printed": printed,
                "unknown": unknown, "failed": failed,
            })
            .to_string(),
        );
        return Ok(Shown { lines, exit });
    }
    let total = total.map_or_else(|| "?".to_owned(), |total| total.to_string());
    let values: [(&str, &dyn Display); 5] = [
        ("batch", &batch),
        ("printed", &printed),
        ("total", &total),
        ("unknown", &unknown),
        ("failed", &failed),
    ];
    let mut lines = vec![console.fill(texts::BATCH_STATUS, &values)];
    for report in last.values() {
        let text = match report.outcome {
            LabelOutcome::Unknown => texts::REPORT_UNKNOWN,
            LabelOutcome::Failed | LabelOutcome::Aside => texts::REPORT_FAILED,
            _ => continue,
        };
        let number = report.number.map(|number| number.to_string()).unwrap_or_default();
        let code = report.code.as_deref().unwrap_or("-");
        lines.push(console.fill(text, &[("number", &number), ("place", &report.at), ("code", &code)]));
    }
    Ok(Shown { lines, exit })
}
