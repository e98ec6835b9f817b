//! What becomes of labels that were dispatched, as it becomes known.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::ProgressBar;
use miandan_core::number::{BatchNumber, RunningNumber};
use miandan_fleet::FleetError;
use miandan_fleet::connect::{Hub, Line};
use miandan_fleet::follow::Reports;
use miandan_fleet::report::{Outcome, Report};
use serde_json::json;
use tokio::sync::watch;

use super::dispatch::Count;
use super::failure;
use crate::console::Console;
use crate::exit::Failure;
use crate::interrupt;
use crate::messages::fleet as texts;
use crate::progress;

/// How soon Ctrl-C is noticed.
const ATTENTION: Duration = Duration::from_millis(100);

/// Labels that are waited for.
pub(super) struct Follow {
    console: Console,
    sites: Vec<String>,
    hub: Hub,
    line: watch::Receiver<Line>,
    reports: Option<Reports>,
    batches: HashSet<BatchNumber>,
    open: HashSet<RunningNumber>,
    /// Labels of which it is known what became of them, and that are not waited for, or not yet: a printer may be faster than
    /// the word that its label is queued.
    early: HashMap<RunningNumber, Report>,
    bar: ProgressBar,
    interrupted: Option<Arc<AtomicBool>>,
}

impl Follow {
    /// Follows nothing if the caller does not want to wait.
    pub(super) fn new(console: Console, hub: &Hub, sites: Vec<String>, count: usize, detach: bool) -> Self {
        let interrupted = if detach { None } else { interrupt::watch().ok() };
        let bar = if detach { ProgressBar::hidden() } else { progress::bar(console, count) };
        Follow {
            console,
            sites,
            hub: hub.clone(),
            line: hub.line(),
            reports: None,
            batches: HashSet::new(),
            open: HashSet::new(),
            early: HashMap::new(),
            bar,
            interrupted,
        }
    }

    fn is_wanted(&self) -> bool {
        self.interrupted.is_some()
    }

    pub(super) async fn begin(&mut self, batch: BatchNumber) -> Result<(), FleetError> {
        if self.is_wanted() {
            self.batches.insert(batch);
            self.line.mark_unchanged();
            self.listen().await?;
        }
        Ok(())
    }

    /// Asks for all reports, those that are known already first.
    async fn listen(&mut self) -> Result<(), FleetError> {
        let mut reports = Reports::default();
        for &batch in &self.batches {
            reports.add(&self.hub, &self.sites, batch).await?;
        }
        self.reports = Some(reports);
        Ok(())
    }

    /// A label is in a queue: waits for it. One that was there before is of another batch.
    pub(super) async fn expect(
        &mut self,
        number: RunningNumber,
        again: bool,
        count: &mut Count,
    ) -> Result<(), Failure> {
        let Some(reports) = &mut self.reports else { return Ok(()) };
        if again && self.batches.insert(number.batch) {
            let added = reports.add(&self.hub, &self.sites, number.batch).await;
            added.map_err(|error| failure(self.console, &error))?;
        }
        self.open.insert(number);
        match self.early.remove(&number) {
            Some(report) => self.take(report, count),
            None => Ok(()),
        }
    }

    /// Whether nothing is waited for.
    pub(super) fn is_done(&self) -> bool {
        !self.is_wanted() || self.open.is_empty()
    }

    /// The next report; `false` if there is none any more, or nobody wants one.
    pub(super) async fn next(&mut self, count: &mut Count) -> Result<bool, Failure> {
        // A broker that was away knows nothing of who listened to it.
        if self.line.has_changed().unwrap_or(false)
            && matches!(*self.line.borrow_and_update(), Line::Up(_))
            && self.listen().await.is_err()
        {
            self.line.mark_changed();
        }
        let Some(reports) = &mut self.reports else { return Ok(false) };
        if self.interrupted.as_ref().is_some_and(|interrupted| interrupted.load(Ordering::Relaxed)) {
            self.bar.suspend(|| self.console.say(&texts::GONE_ON.get(self.console.language)));
            return Ok(false);
        }
        match tokio::time::timeout(ATTENTION, reports.next()).await {
            Ok(Some(report)) => self.take(report, count)?,
            // They end when the broker does.
            Ok(None) => {
                self.line.mark_changed();
                tokio::time::sleep(ATTENTION).await;
            }
            Err(_) => {}
        }
        Ok(true)
    }

    fn take(&mut self, report: Report, count: &mut Count) -> Result<(), Failure> {
        let Some(number) = report.number else { return Ok(()) };
        if !report.outcome.is_final() {
            self.bar.set_message(self.console.fill(texts::WAITING_AT, &[("place", &report.at)]));
            return Ok(());
        }
        if !self.open.remove(&number) {
            self.early.insert(number, report);
            return Ok(());
        }
        match report.outcome {
            Outcome::Printed => count.printed += 1,
            Outcome::Unknown => count.unknown += 1,
            _ => count.failed += 1,
        }
        self.bar.inc(1);
        self.say(&report, number)
    }

    fn say(&self, report: &Report, number: RunningNumber) -> Result<(), Failure> {
        let console = self.console;
        if console.json {
            let mut event = json!(report);
            event["event"] = json!("report");
            return console.data(&event);
        }
        let text = match report.outcome {
            Outcome::Printed => return Ok(()),
            Outcome::Unknown => texts::REPORT_UNKNOWN,
            _ => texts::REPORT_FAILED,
        };
        let code = report.code.as_deref().unwrap_or("-");
        let said = console.fill(text, &[("number", &number), ("place", &report.at), ("code", &code)]);
        self.bar.suspend(|| console.complain(&said));
        Ok(())
    }

    /// What is still open when nobody waits any longer.
    pub(super) fn end(&mut self, count: &mut Count) {
        count.open = if self.is_wanted() { self.open.len() } else { count.queued };
        self.bar.finish_and_clear();
    }
}
