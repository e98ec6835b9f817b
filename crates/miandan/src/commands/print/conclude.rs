//! What came of a batch: for a person, for a machine, and for a report.

use std::fmt::Display;
use std::path::Path;
use std::time::Duration;

use miandan_core::Code;
use miandan_journal::Reader;
use miandan_print::delivery::{Delivered, Stopped, Why};
use serde_json::{Value, json};

use super::deliver::Run;
use super::plan::Problems;
use super::press::Report;
use super::queues::PrinterTotals;
use crate::batches;
use crate::commands::journal::table_below;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::{self, delivery as texts, devices};

/// What came of it, over all printers.
#[derive(Default)]
pub(super) struct Totals {
    /// The form of the labels: where printers differ, all their languages.
    pub(super) format: String,
    pub(super) delivered: Delivered,
    pub(super) codes: Vec<Code>,
    pub(super) printers: Vec<PrinterTotals>,
}

impl Run<'_> {
    /// Says it, and answers how the program ends.
    pub(super) fn conclude(
        &self,
        totals: &Totals,
        took: Duration,
        target: Option<&Path>,
        interrupted: bool,
        report: Option<Report<'_>>,
    ) -> Outcome {
        let console = self.job.console;
        let delivered = &totals.delivered;
        let batch = self.batch.batch();
        let seconds = took.as_secs_f64();
        let minute = delivered.sent as f64 / seconds.max(1e-9) * 60.0;
        let failed = delivered.made.failed + self.problems.unreadable.len();
        let unknown = delivered.unknown + self.unknown;
        let head = self
            .batch
            .journal()
            .head()
            .map_err(|error| batches::journal_failure(console, self.journal, &error))?;
        let mut numbers = self.prints.iter().map(|print| self.batch.number(print.position).to_string());
        let (first, last) = (numbers.clone().next(), numbers.next_back());
        let summary = without_nulls(json!({
            "event": "summary",
            "done": delivered.sent,
            "pages": delivered.made.pages,
            "format": totals.format,
            "labels_per_second": (minute / 60.0).round(),
            "batch": batch.number.to_string(),
            "name": batch.name,
            "first": first,
            "last": last,
            "sent": delivered.sent,
            "confirmed": delivered.confirmed,
            "unknown": unknown,
            "left": delivered.left,
            "failed": failed,
            "refused": self.problems.refused,
            "warned": delivered.made.warned,
            "reprinted": self.prints.iter().filter(|print| print.copy > 0).count(),
            "target": target.filter(|_| delivered.sent > 0).map(files::text),
            "printers": printers_json(&totals.printers),
            "seconds": (seconds * 1e3).round() / 1e3,
            "labels_per_minute": minute.round(),
            "journal_head": head.to_string(),
        }));
        if let Some(report) = report {
            let mut whole = summary.clone();
            whole["problems"] = self.problems_json()?;
            report(&whole)?;
        }
        if console.json {
            console.data(&summary)?;
        } else {
            let (seconds, minute) = (format!("{seconds:.1}"), format!("{minute:.0}"));
            let values: [(&str, &dyn Display); 8] = [
                ("batch", &batch.number),
                ("sent", &delivered.sent),
                ("confirmed", &delivered.confirmed),
                ("unknown", &unknown),
                ("left", &delivered.left),
                ("failed", &failed),
                ("seconds", &seconds),
                ("minute", &minute),
            ];
            console.say(&console.fill(texts::DONE, &values));
            if totals.printers.len() > 1 {
                printers_table(console, &totals.printers).iter().for_each(|line| console.say(line));
            }
            self.job.advise(&totals.codes);
            self.say_unsettled(unknown, delivered.left)?;
        }
        Ok(if interrupted {
            Exit::Interrupted
        } else if unknown + delivered.left > 0 {
            Exit::Printer
        } else if failed > 0 {
            Exit::SomeFailed
        } else if self.problems.refused > 0 {
            Exit::Duplicates
        } else {
            Exit::Done
        })
    }

    /// For a report: the orders that did not get into the batch, and the labels of it that are not printed, or may not be.
    fn problems_json(&self) -> Result<Value, Failure> {
        let failure = |error| batches::journal_failure(self.job.console, self.journal, &error);
        let mut problems = self.problems.listed.clone();
        let reader = self.batch.journal().reader();
        let questions: [batches::Question; 2] = [Reader::unknown, Reader::to_print];
        for ask in questions {
            batches::each(&reader, self.batch.batch().id, ask, failure, |print| {
                if problems.len() < 2 * Problems::LISTED {
                    problems.push(without_nulls(json!({
                        "event": "label",
                        "number": print.number.to_string(),
                        "waybill": print.key.waybill,
                        "state": print.state.as_str(),
                        "reason": print.reason.as_deref(),
                    })));
                }
                Ok(())
            })?;
        }
        Ok(problems.into())
    }

    /// Names the labels that somebody has to look for, and says how to go on.
    fn say_unsettled(&self, unknown: usize, left: usize) -> Result<(), Failure> {
        let console = self.job.console;
        let batch = self.batch.batch();
        let failure = |error| batches::journal_failure(console, self.journal, &error);
        batches::each(&self.batch.journal().reader(), batch.id, Reader::unknown, failure, |print| {
            let why = devices::recorded(console.language, print.reason.as_deref().unwrap_or("-"));
            let values: [(&str, &dyn Display); 3] =
                [("number", &print.number), ("waybill", &print.key.waybill), ("why", &why)];
            console.complain(&console.fill(texts::UNKNOWN_LABEL, &values));
            Ok(())
        })?;
        if unknown + left > 0 {
            let word = messages::HINT.get(console.language);
            let text = if unknown > 0 { texts::LOOK_HINT } else { texts::RESUME_HINT };
            console.complain(&format_args!("{word}: {}", console.fill(text, &[("batch", &batch.number)])));
        }
        Ok(())
    }
}

impl Totals {
    pub(super) fn add(&mut self, other: Delivered) {
        let Delivered { made, sent, confirmed, unknown, left, stopped } = other;
        let all = &mut self.delivered;
        all.made.done += made.done;
        all.made.pages += made.pages;
        all.made.failed += made.failed;
        all.made.warned += made.warned;
        all.sent += sent;
        all.confirmed += confirmed;
        all.unknown += unknown;
        all.left += left;
        all.stopped.extend(stopped);
    }
}

/// Why a printer takes nothing any more.
fn why_stopped(stopped: Option<&Stopped>) -> Option<&Why> {
    stopped.map(|(Stopped::Unknown(_, why) | Stopped::Unavailable(why))| why)
}

fn printers_json(printers: &[PrinterTotals]) -> Value {
    if printers.is_empty() {
        return Value::Null;
    }
    let row = |printer: &PrinterTotals| {
        without_nulls(json!({
            "printer": printer.name,
            "sent": printer.sent,
            "confirmed": printer.confirmed,
            "unknown": printer.unknown,
            "labels_per_minute": printer.minute.round(),
            "stopped": why_stopped(printer.stopped.as_ref()).map(ToString::to_string),
        }))
    };
    printers.iter().map(row).collect()
}

/// One printer a line.
fn printers_table(console: Console, printers: &[PrinterTotals]) -> Vec<String> {
    let headings = [
        texts::COLUMN_PRINTER,
        texts::COLUMN_SENT,
        texts::COLUMN_CONFIRMED,
        texts::COLUMN_UNKNOWN,
        texts::COLUMN_MINUTE,
        texts::COLUMN_STOPPED,
    ];
    let headings = headings.map(|text| text.get(console.language));
    let row = |printer: &PrinterTotals| {
        vec![
            printer.label.clone(),
            printer.sent.to_string(),
            printer.confirmed.to_string(),
            printer.unknown.to_string(),
            format!("{:.0}", printer.minute),
            why_stopped(printer.stopped.as_ref())
                .map_or_else(String::new, |why| devices::why(console.language, why)),
        ]
    };
    table_below(&headings, printers.iter().map(row).collect(), &[1, 2, 3, 4])
}
