//! Everything that printing needs but the orders, found once: one input or one file after the other is printed with it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use miandan_core::label::{Format, Purpose, Resolution};
use miandan_journal::{Batch, Journal, JournalError, OpenBatch, PrintId, Reader};
use miandan_print::{ComponentOptions, Orders};

use super::deliver::{Run, say_recovered};
use super::job::PrintJob;
use super::plan::{Planned, Planner, Problems};
use super::printers::Printers;
use super::{Template, again, form, needs_journal, open_orders};
use crate::args::{Print, Target};
use crate::batches::{self, BatchFolder, Job};
use crate::clock;
use crate::commands::fonts::FontFile;
use crate::console::Console;
use crate::exit::Outcome;
use crate::files;
use crate::settings::Settings;

/// What every input is printed with.
pub(super) struct Press<'a> {
    pub(super) console: Console,
    pub(super) settings: Settings,
    pub(super) arguments: &'a Print,
    pub(super) target: Target,
    pub(super) printers: Option<Printers>,
    pub(super) format: Format,
    pub(super) resolution: Resolution,
    pub(super) options: ComponentOptions,
    pub(super) template: Template,
    pub(super) fonts: Vec<FontFile>,
    pub(super) purpose: Purpose,
}

/// What a batch is called, how long its printers are waited for, and where is written what came of it.
pub(super) struct Asked<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) patience: Duration,
    pub(super) report: Option<&'a Path>,
}

impl Press<'_> {
    /// Prints one input.
    pub(super) fn print(&self, input: &Path) -> Outcome {
        let arguments = self.arguments;
        let orders = open_orders(self.console, input)?;
        let format = form::of_engine(self.console, self.format, arguments.pdf_engine, orders.len())?;
        let job = self.job(&orders);
        let journal = arguments.delivery.journal.is_some() || arguments.report.is_some();
        if self.purpose == Purpose::Print && needs_journal(&arguments.labels.work, &self.target, journal) {
            let asked = Asked {
                name: arguments.labels.work.batch.as_deref(),
                patience: again::patience(&arguments.delivery),
                report: arguments.report.as_deref(),
            };
            return self.print_planned(&job, input, format, &asked);
        }
        job.run(&self.target, format, self.resolution, self.settings.workers.value)
    }

    pub(super) fn job<'j>(&'j self, orders: &'j Orders) -> PrintJob<'j> {
        PrintJob {
            console: self.console,
            orders,
            options: &self.options,
            template: &self.template,
            fonts: &self.fonts,
            missing: self.settings.missing_glyph.value.policy(),
            purpose: self.purpose,
        }
    }

    /// Plans the batch in the journal, and prints what is in it.
    pub(super) fn print_planned(
        &self,
        job: &PrintJob<'_>,
        input: &Path,
        format: Format,
        asked: &Asked<'_>,
    ) -> Outcome {
        let console = self.console;
        let path = batches::journal_path(&self.settings).ok_or_else(|| batches::no_place(console))?;
        match &self.printers {
            Some(printers) => printers.try_out(job, &self.target)?,
            None => job.try_out(&self.target, format, self.resolution)?,
        }
        let journal = batches::open_journal(console, &path)?;
        let now = clock::now();
        let mut planner = Planner {
            console,
            journal: &journal,
            path: &path,
            input,
            orders: job.orders,
            printers: self.printers.as_ref(),
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
                    problems.report(console, report)?;
                }
                return Err(failure);
            }
        };
        let orders = folder.orders().map_err(|error| batches::folder_failure(console, &error))?;
        let job = PrintJob { orders: &orders, ..*job };
        let failed = |error| batches::journal_failure(console, &path, &error);
        let open = journal.open_batch(batch.id, now).map_err(failed)?;
        let run = Run { problems, ..self.run(&job, &path, &open, format, asked) };
        run.print(self.printers.as_ref(), &self.target, asked.report)
    }

    /// Goes on with the batch of a name, printing what surely was not printed. `None` if there is none of this name: it was
    /// not planned yet.
    pub(super) fn go_on(&self, asked: &Asked<'_>) -> Option<Outcome> {
        let console = self.console;
        let Some(path) = batches::journal_path(&self.settings) else {
            return Some(Err(batches::no_place(console)));
        };
        let failed = |error| batches::journal_failure(console, &path, &error);
        let journal = match batches::open_journal(console, &path) {
            Ok(journal) => journal,
            Err(failure) => return Some(Err(failure)),
        };
        let found = journal.reader().find(asked.name?);
        match found {
            Ok(batch) => Some(self.print_rest(&path, &journal, &batch, asked)),
            Err(JournalError::UnknownBatch) => None,
            Err(error) => Some(Err(failed(error))),
        }
    }

    fn print_rest(&self, path: &Path, journal: &Journal, batch: &Batch, asked: &Asked<'_>) -> Outcome {
        let console = self.console;
        let failed = |error| batches::journal_failure(console, path, &error);
        let kept = |error| batches::folder_failure(console, &error);
        let folder = BatchFolder::find(path, &journal.reader(), batch).map_err(kept)?;
        let orders = folder.orders().map_err(kept)?;
        let template =
            Template { name: self.template.name.clone(), source: folder.template().map_err(kept)? };
        let job = PrintJob { template: &template, ..self.job(&orders) };
        let open = journal.open_batch(batch.id, clock::now()).map_err(failed)?;
        say_recovered(console, &open);
        let reader = journal.reader();
        let all = |ask| batches::all(&reader, batch.id, ask, failed);
        let (prints, unknown) = (all(Reader::to_print)?, all(Reader::unknown)?.len());
        drop(reader);
        let run = Run { prints, unknown, ..self.run(&job, path, &open, self.format, asked) };
        run.print(self.printers.as_ref(), &self.target, asked.report)
    }

    fn run<'r>(
        &'r self,
        job: &'r PrintJob<'r>,
        journal: &'r Path,
        batch: &'r OpenBatch,
        format: Format,
        asked: &Asked<'_>,
    ) -> Run<'r> {
        Run {
            job,
            journal,
            batch,
            prints: (1..=batch.batch().count).map(PrintId::first).collect(),
            format,
            resolution: self.resolution,
            workers: self.settings.workers.value,
            patience: asked.patience,
            problems: Problems::default(),
            unknown: 0,
        }
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
            printers: self.printers.as_ref().map(|printers| printers.chosen.clone()).unwrap_or_default(),
            out: whole(&self.target.out),
            dir: whole(&self.target.dir),
            format: form::word(format).to_owned(),
            dpi: self.resolution.dpi(),
            missing_glyph: self.settings.missing_glyph.value.policy().as_str().to_owned(),
            fonts: self.settings.font.value.clone(),
        }
    }
}
