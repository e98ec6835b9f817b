//! Labels of a batch that is in the journal, on their way out: to printers, into a file, or into a folder.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use miandan_core::label::{Format, LabelNumber, Resolution};
use miandan_core::pipe::{Ready, StateAnswer};
use miandan_core::stamp::Stamp;
use miandan_journal::{OpenBatch, PrintId, RunningNumber};
use miandan_print::delivery::{Delivered, Delivery, DeliveryError, Journaled, RecordFailures, When};
use miandan_print::{
    Batch, FileNames, LabelOutcome, Observer, Output, PlannedLabel, PrintError, Summary, work,
};
use serde_json::json;

use super::conclude::Totals;
use super::form;
use super::job::{PrintJob, Sink, print_to};
use super::plan::Problems;
use super::press::Report;
use super::printers::{Printers, none_for};
use super::queues::Queues;
use super::watcher::Watcher;
use crate::args::Target;
use crate::batches;
use crate::clock;
use crate::console::{Console, without_nulls};
use crate::exit::{Failure, Outcome};
use crate::files;
use crate::interrupt;
use crate::messages::delivery as texts;

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

impl Run<'_> {
    /// Prints every label: on the printers if there are any, else into the file or the folder.
    pub(super) fn print(
        &self,
        printers: Option<&Printers>,
        target: &Target,
        report: Option<Report<'_>>,
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
    fn to_printers(&self, printers: &Printers, report: Option<Report<'_>>) -> Outcome {
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
    fn to_files(&self, target: &Target, report: Option<Report<'_>>) -> Outcome {
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
pub(in crate::commands) fn operator(typed: Option<&str>) -> String {
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
