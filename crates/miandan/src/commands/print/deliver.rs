//! Labels of a batch that is in the journal, on their way out: to printers, into a file, or into a folder.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use miandan_core::Code;
use miandan_core::label::{Format, LabelNumber, Resolution};
use miandan_core::pipe::{Ready, StateAnswer};
use miandan_core::stamp::Stamp;
use miandan_journal::{OpenBatch, PrintId, Reader, RunningNumber};
use miandan_print::delivery::{
    Delivered, Delivery, DeliveryError, Journaled, RecordFailures, Stopped, When, Why,
};
use miandan_print::{
    Batch, FileNames, LabelOutcome, Observer, Output, PlannedLabel, PrintError, Summary, work,
};
use serde_json::{Value, json};

use super::form;
use super::job::{PrintJob, Sink, print_to};
use super::plan::Problems;
use super::printers::{Printers, none_for};
use super::queues::{PrinterTotals, Queues};
use super::watcher::Watcher;
use crate::args::Target;
use crate::batches;
use crate::clock;
use crate::commands::journal::table;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::interrupt;
use crate::messages::{self, delivery as texts, devices};

/// Labels of a batch that are to be printed now.
pub(super) struct Run<'a> {
    /// How they are made; its orders are those of the batch, in its order.
    pub(super) job: &'a PrintJob<'a>,
    pub(super) journal: &'a Path,
    pub(super) batch: &'a OpenBatch,
    pub(super) prints: Vec<PrintId>,
    /// For files and folders. What printers are sent says the profile of each group.
    pub(super) format: Format,
    pub(super) resolution: Resolution,
    pub(super) workers: Option<u16>,
    pub(super) patience: Duration,
    /// Orders that were not let into the batch.
    pub(super) problems: Problems,
    /// Labels of the batch that were unknown before, and still are: a person has to look.
    pub(super) unknown: usize,
}

/// What came of it, over all printers.
#[derive(Default)]
struct Totals {
    /// The form of the labels: where printers differ, all their languages.
    format: String,
    delivered: Delivered,
    codes: Vec<Code>,
    printers: Vec<PrinterTotals>,
}

impl Run<'_> {
    /// Prints every label: on the printers if there are any, else into the file or the folder.
    pub(super) fn print(
        &self,
        printers: Option<&Printers>,
        target: &Target,
        report: Option<&Path>,
    ) -> Outcome {
        match printers {
            _ if self.prints.is_empty() => {
                self.conclude(&Totals::default(), Duration::ZERO, None, false, report)
            }
            Some(printers) => self.to_printers(printers, report),
            None => self.to_files(target, report),
        }
    }

    /// Sends every label to the printers, each to that of its carrier.
    fn to_printers(&self, printers: &Printers, report: Option<&Path>) -> Outcome {
        let console = self.job.console;
        let groups = self.split(printers)?;
        self.say_begin()?;
        let [stop, cancel] = [AtomicBool::new(false), AtomicBool::new(false)];
        let asked = interrupt::watch().ok();
        let queues = Queues::new(console, self.batch, printers, groups.iter().map(Vec::len));
        let watcher = Mutex::new(Watcher::new(console, self.job.orders, self.job.options).without_bar());
        let began = Instant::now();
        let done = AtomicBool::new(false);
        let results: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = groups
                .iter()
                .zip(&printers.groups)
                .enumerate()
                .filter(|(_, (prints, _))| !prints.is_empty())
                .map(|(place, (prints, group))| {
                    let (stop, cancel, queues, watcher) = (&stop, &cancel, &queues, &watcher);
                    let workers =
                        self.workers.map(usize::from).or(Some(1)).filter(|_| printers.groups.len() > 1);
                    scope.spawn(move || {
                        let planned = self.planned(prints);
                        let mut batch = self.job.batch(group.profile.resolution, workers);
                        batch.planned = Some(&planned);
                        batch.cancel = Some(stop);
                        let delivery = Delivery {
                            batch: self.batch,
                            prints,
                            printers: &group.printers,
                            clock: &clock::now,
                            stop,
                            cancel,
                            patience: self.patience,
                        };
                        let count = self.batch.batch().count;
                        let mut told = Told { prints, count, watcher };
                        delivery.print(&batch, &mut told, &queues.of(place))
                    })
                })
                .collect();
            if let Some(asked) = &asked {
                let (done, stop) = (&done, &stop);
                scope.spawn(move || {
                    while !done.load(Ordering::Relaxed) {
                        if asked.load(Ordering::Relaxed) && !stop.swap(true, Ordering::Relaxed) {
                            console.say(&texts::STOPPING.get(console.language));
                        }
                        thread::sleep(Duration::from_millis(50));
                    }
                });
            }
            let results = running.into_iter().map(|run| run.join()).collect();
            done.store(true, Ordering::Relaxed);
            results
        });
        queues.finish();
        let watcher = watcher.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut totals = Totals { codes: watcher.finish()?, ..Totals::default() };
        let mut failed = None;
        for result in results {
            match result {
                Ok(Ok(delivered)) => totals.add(delivered),
                Ok(Err(error)) => failed = failed.or(Some(error)),
                Err(_) => return Err(super::super::component_broke(console)),
            }
        }
        totals.printers = queues.totals();
        if let Some(error) = failed {
            return Err(self.delivery_failure(error));
        }
        let interrupted = stop.load(Ordering::Relaxed);
        totals.format = printers.languages();
        self.conclude(&totals, began.elapsed(), None, interrupted, report)
    }

    /// Puts every label into a file or a folder, with the journal.
    fn to_files(&self, target: &Target, report: Option<&Path>) -> Outcome {
        let console = self.job.console;
        self.say_begin()?;
        let planned = self.planned(&self.prints);
        let mut batch = self.job.batch(self.resolution, self.workers.map(usize::from));
        batch.planned = Some(&planned);
        let asked = interrupt::watch().ok();
        batch.cancel = asked.as_deref();
        let watcher = Mutex::new(Watcher::new(console, self.job.orders, self.job.options));
        let count = self.batch.batch().count;
        let mut told = Told { prints: &self.prints, count, watcher: &watcher };
        let mut recording = RecordFailures::new(self.batch, &self.prints, &clock::now, &mut told);
        let began = Instant::now();
        let sink = Recorded { run: self, batch: &batch, path: target.path(), observer: &mut recording };
        let printed = print_to(target, self.format, sink);
        let recorded = recording.finish();
        let watcher = watcher.into_inner().unwrap_or_else(PoisonError::into_inner);
        let codes = watcher.finish()?;
        let summary = printed.map_err(|error| self.files_failure(error, target))?;
        recorded.map_err(|error| batches::journal_failure(console, self.journal, &error))?;
        let delivered =
            Delivered { sent: summary.done, confirmed: summary.done, made: summary, ..Delivered::default() };
        let format = form::word(self.format).to_owned();
        let totals = Totals { format, delivered, codes, ..Totals::default() };
        self.conclude(&totals, began.elapsed(), Some(target.path()), false, report)
    }

    fn files_failure(&self, error: PrintError, target: &Target) -> Failure {
        if let PrintError::Output(output) = &error
            && let Some(error) = output.journal()
        {
            return batches::journal_failure(self.job.console, self.journal, error);
        }
        self.job.failure(error, target)
    }

    fn planned(&self, prints: &[PrintId]) -> Vec<PlannedLabel> {
        let batch = self.batch.batch();
        let planned = |print: &PrintId| PlannedLabel {
            order: print.position - 1,
            stamp: Stamp {
                number: LabelNumber { index: print.position, count: batch.count },
                running: Some(self.batch.number(print.position)),
                printed_at: batch.planned,
                copy: u16::try_from(print.copy).unwrap_or(u16::MAX),
            },
        };
        prints.iter().map(planned).collect()
    }

    /// Which labels each group of printers gets.
    fn split(&self, printers: &Printers) -> Result<Vec<Vec<PrintId>>, Failure> {
        let console = self.job.console;
        // Where nobody is particular, no order has to be read for it.
        if let [group] = &printers.groups[..]
            && group.carriers.is_empty()
        {
            return Ok(vec![self.prints.clone()]);
        }
        let mut groups = vec![Vec::new(); printers.groups.len()];
        let mut without = BTreeSet::new();
        let mut buffer = Vec::new();
        for &print in &self.prints {
            let header = work::clear_header(self.job.orders, print.position - 1, &mut buffer)
                .map_err(|error| files::unreadable(console, self.journal, &error))?;
            let Ok(header) = header else { continue };
            match printers.of(&header.carrier) {
                Some(group) => groups[group].push(print),
                None => drop(without.insert(header.carrier)),
            }
        }
        if without.is_empty() {
            return Ok(groups);
        }
        Err(none_for(console, &without))
    }

    fn say_begin(&self) -> Result<(), Failure> {
        let console = self.job.console;
        let batch = self.batch.batch();
        if console.json {
            return console.data(&without_nulls(json!({
                "event": "batch",
                "batch": batch.number.to_string(),
                "name": batch.name,
                "labels": self.prints.len(),
                "of": batch.count,
                "journal": files::text(self.journal),
            })));
        }
        let values: [(&str, &dyn Display); 2] = [("batch", &batch.number), ("count", &self.prints.len())];
        console.say(&console.fill(texts::BATCH, &values));
        Ok(())
    }

    fn delivery_failure(&self, error: DeliveryError) -> Failure {
        let console = self.job.console;
        match error {
            DeliveryError::Journal(error) => batches::journal_failure(console, self.journal, &error),
            DeliveryError::Print(error) => {
                self.job.failure(error, &Target { out: None, dir: None, printer: Vec::new() })
            }
            _ => super::super::component_broke(console),
        }
    }

    fn conclude(
        &self,
        totals: &Totals,
        took: Duration,
        target: Option<&Path>,
        interrupted: bool,
        report: Option<&Path>,
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
        if let Some(path) = report {
            let mut report = summary.clone();
            report["problems"] = self.problems_json()?;
            let text = format!("{report:#}\n");
            std::fs::write(path, text).map_err(|error| files::unwritable(console, path, &error))?;
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
    fn add(&mut self, other: Delivered) {
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
    let mut head: Vec<_> = headings.iter().map(|text| text.get(console.language).to_owned()).collect();
    if printers.iter().all(|printer| printer.stopped.is_none()) {
        head.pop();
    }
    let mut rows = vec![head];
    rows.extend(printers.iter().map(|printer| {
        vec![
            printer.label.clone(),
            printer.sent.to_string(),
            printer.confirmed.to_string(),
            printer.unknown.to_string(),
            format!("{:.0}", printer.minute),
            why_stopped(printer.stopped.as_ref())
                .map_or_else(String::new, |why| devices::why(console.language, why)),
        ]
    }));
    table(&rows, &[1, 2, 3, 4])
}

/// Prints into files, with each label in the journal.
struct Recorded<'r> {
    run: &'r Run<'r>,
    batch: &'r Batch<'r>,
    path: &'r Path,
    observer: &'r mut dyn Observer,
}

impl Sink for Recorded<'_> {
    fn print<O: Output>(self, output: O, when: When) -> Result<Summary, PrintError> {
        let Recorded { run, batch, path, observer } = self;
        let name = format!("file:{}", path.display());
        batch.print(Journaled::new(output, when, &name, run.batch, &run.prints, &clock::now), observer)
    }

    /// By the running number, which no other label of this station has: labels of several batches share a folder.
    fn file_names(&self) -> Option<FileNames> {
        let (batch, prints) = (self.run.batch.batch().number, self.run.prints.clone());
        Some(Box::new(move |place| {
            let print = prints.get(place as usize - 1).copied().unwrap_or(PrintId::first(place));
            let number = RunningNumber { batch, position: print.position };
            if print.copy == 0 { number.to_string() } else { format!("{number}-r{}", print.copy) }
        }))
    }
}

/// Tells a watcher, which may be that of several deliveries, with the numbers that labels bear.
struct Told<'t, 'w> {
    prints: &'t [PrintId],
    count: u32,
    watcher: &'t Mutex<Watcher<'w>>,
}

impl Told<'_, '_> {
    fn tell(&self, tell: impl FnOnce(&mut Watcher<'_>)) {
        tell(&mut self.watcher.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Observer for Told<'_, '_> {
    fn ready(&mut self, ready: &Ready, state: &StateAnswer) {
        self.tell(|watcher| watcher.ready(ready, state));
    }

    fn state_lost(&mut self, error: &io::Error) {
        self.tell(|watcher| watcher.state_lost(error));
    }

    fn label(&mut self, label: &LabelOutcome) {
        let place = label.number.index as usize - 1;
        let position = self.prints.get(place).map_or(0, |print| print.position);
        let number = LabelNumber { index: position, count: self.count };
        self.tell(|watcher| watcher.label(&LabelOutcome { number, ..*label }));
    }
}

/// Who prints: as it was typed, else the user of this computer.
pub(super) fn operator(typed: Option<&str>) -> String {
    let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    typed.map(str::to_owned).or(user).filter(|name| !name.is_empty()).unwrap_or_else(|| "operator".to_owned())
}

/// Says what was left half done by whoever worked on the batch before.
pub(super) fn say_recovered(console: Console, batch: &OpenBatch) {
    let recovered = batch.recovered();
    let count = recovered.interrupted + recovered.unconfirmed;
    if count > 0 {
        console.say(&console.fill(texts::RECOVERED, &[("count", &count)]));
    }
}
