//! `miandan print` of one input after the other: each is planned in the journal, if there is one, and printed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use miandan_core::label::{Format, Purpose};
use miandan_journal::{Batch, Journal, JournalError, PrintId, Reader};
use serde_json::{Value, json};

use super::deliver::{Run, say_recovered};
use super::job::PrintJob;
use super::plan::{Planned, Planner, Problems};
use super::press::{Press, Report};
use super::{Template, again, form, needs_journal, open_orders};
use crate::args::Print;
use crate::batches::{self, BatchFolder, Job};
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::settings::Settings;

/// What every input is printed with, as it was typed and as the settings have it.
pub(super) struct Printing<'a> {
    pub(super) press: Press,
    pub(super) settings: Settings,
    pub(super) arguments: &'a Print,
}

/// What a batch is called, how long its printers are waited for, and who gets what came of it.
pub(super) struct Asked<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) patience: Duration,
    pub(super) report: Option<Report<'a>>,
}

impl Printing<'_> {
    /// Prints one input.
    pub(super) fn print(&self, input: &Path) -> Outcome {
        let (press, arguments) = (&self.press, self.arguments);
        let console = press.console;
        let orders = open_orders(console, input)?;
        let format = form::of_engine(console, press.format, arguments.pdf_engine, orders.len())?;
        let job = press.job(&orders);
        let journal = arguments.delivery.journal.is_some() || arguments.report.is_some();
        if press.purpose == Purpose::Print && needs_journal(&arguments.labels.work, &press.target, journal) {
            let report = arguments.report.as_deref();
            let report = report.map(|path| move |report: &Value| write_report(console, path, report));
            let asked = Asked {
                name: arguments.labels.work.batch.as_deref(),
                patience: again::patience(&arguments.delivery),
                report: report.as_ref().map(|report| report as Report<'_>),
            };
            return self.print_planned(&job, input, format, &asked);
        }
        job.run(&press.target, format, press.resolution, press.workers)
    }

    /// Plans the batch in the journal, and prints what is in it.
    pub(super) fn print_planned(
        &self,
        job: &PrintJob<'_>,
        input: &Path,
        format: Format,
        asked: &Asked<'_>,
    ) -> Outcome {
        let console = self.press.console;
        let path = batches::journal_path(&self.settings).ok_or_else(|| batches::no_place(console))?;
        self.press.try_out(job, format)?;
        let journal = batches::open_journal(console, &path)?;
        let now = clock::now();
        let mut planner = Planner {
            console,
            journal: &journal,
            path: &path,
            input,
            orders: job.orders,
            printers: self.press.printers.as_ref(),
            now,
            problems: Problems::default(),
        };
        let description = self.description(format);
        let planned =
            planner.plan(&self.arguments.labels.work, asked.name, &description, &job.template.source);
        let problems = planner.problems;
        let Planned { batch, folder } = match planned {
            Ok(planned) => planned,
            Err(failure) => {
                if let Some(report) = asked.report {
                    report(&json!({"problems": problems.listed}))?;
                }
                return Err(failure);
            }
        };
        let orders = folder.orders().map_err(|error| batches::folder_failure(console, &error))?;
        let job = PrintJob { orders: &orders, ..*job };
        let failed = |error| batches::journal_failure(console, &path, &error);
        let open = journal.open_batch(batch.id, now).map_err(failed)?;
        let prints = (1..=batch.count).map(PrintId::first).collect();
        let run = Run { problems, format, ..self.press.run(&job, &path, &open, prints, asked.patience) };
        self.press.print(&run, asked.report)
    }

    /// Goes on with the batch of a name, printing what surely was not printed. `None` if there is none of this name: it was
    /// not planned yet.
    pub(super) fn go_on(&self, name: &str, asked: &Asked<'_>) -> Result<Option<Exit>, Failure> {
        let console = self.press.console;
        let path = batches::journal_path(&self.settings).ok_or_else(|| batches::no_place(console))?;
        let journal = batches::open_journal(console, &path)?;
        let found = journal.reader().find(name);
        match found {
            Ok(batch) => self.print_rest(&path, &journal, &batch, asked).map(Some),
            Err(JournalError::UnknownBatch) => Ok(None),
            Err(error) => Err(batches::journal_failure(console, &path, &error)),
        }
    }

    fn print_rest(&self, path: &Path, journal: &Journal, batch: &Batch, asked: &Asked<'_>) -> Outcome {
        let console = self.press.console;
        let failed = |error| batches::journal_failure(console, path, &error);
        let kept = |error| batches::folder_failure(console, &error);
        let folder = BatchFolder::find(path, &journal.reader(), batch).map_err(kept)?;
        let orders = folder.orders().map_err(kept)?;
        let template =
            Template { name: self.press.template.name.clone(), source: folder.template().map_err(kept)? };
        let job = PrintJob { template: &template, ..self.press.job(&orders) };
        let open = journal.open_batch(batch.id, clock::now()).map_err(failed)?;
        say_recovered(console, &open);
        let reader = journal.reader();
        let all = |ask| batches::all(&reader, batch.id, ask, failed);
        let (prints, unknown) = (all(Reader::to_print)?, all(Reader::unknown)?.len());
        drop(reader);
        let run = Run { unknown, ..self.press.run(&job, path, &open, prints, asked.patience) };
        self.press.print(&run, asked.report)
    }

    /// What `resume` and `reprint` have to know.
    fn description(&self, format: Format) -> Job {
        let whole = |path: &Option<PathBuf>| {
            let path = path.as_deref()?;
            Some(if files::is_dash(path) { path.to_path_buf() } else { std::path::absolute(path).ok()? })
        };
        Job {
            template: self.settings.template.value.clone(),
            profile: self.settings.profile.value.clone(),
            printers: self
                .press
                .printers
                .as_ref()
                .map(|printers| printers.chosen.clone())
                .unwrap_or_default(),
            out: whole(&self.press.target.out),
            dir: whole(&self.press.target.dir),
            format: form::word(format).to_owned(),
            dpi: self.press.resolution.dpi(),
            missing_glyph: self.press.missing.as_str().to_owned(),
            fonts: self.settings.font.value.clone(),
        }
    }
}

fn write_report(console: Console, path: &Path, report: &Value) -> Result<(), Failure> {
    std::fs::write(path, format!("{report:#}\n")).map_err(|error| files::unwritable(console, path, &error))
}
