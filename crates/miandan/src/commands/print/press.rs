//! What labels are made with and where they go, found once: an input, one file after the other, or a batch that was planned
//! before is printed with it.

use std::path::Path;
use std::time::Duration;

use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, Purpose, Resolution};
use miandan_journal::{OpenBatch, PrintId};
use miandan_print::{ComponentOptions, Orders};
use serde_json::Value;

use super::Template;
use super::deliver::Run;
use super::job::PrintJob;
use super::plan::Problems;
use super::printers::Printers;
use crate::args::Target;
use crate::commands::fonts::FontFile;
use crate::console::Console;
use crate::exit::{Failure, Outcome};

/// Who gets what came of a batch, as `--report` has it.
pub(super) type Report<'r> = &'r dyn Fn(&Value) -> Result<(), Failure>;

/// Everything that printing needs but the orders.
pub(super) struct Press {
    pub(super) console: Console,
    pub(super) options: ComponentOptions,
    pub(super) template: Template,
    pub(super) fonts: Vec<FontFile>,
    pub(super) missing: MissingGlyph,
    pub(super) purpose: Purpose,
    pub(super) target: Target,
    pub(super) printers: Option<Printers>,
    pub(super) format: Format,
    pub(super) resolution: Resolution,
    pub(super) workers: Option<u16>,
}

impl Press {
    pub(super) fn job<'j>(&'j self, orders: &'j Orders) -> PrintJob<'j> {
        PrintJob {
            console: self.console,
            orders,
            options: &self.options,
            template: &self.template,
            fonts: &self.fonts,
            missing: self.missing,
            purpose: self.purpose,
        }
    }

    /// Lets a component say whether it could make the labels, before the journal hears of them.
    ///
    /// # Errors
    /// As [`PrintJob::try_out`].
    pub(super) fn try_out(&self, job: &PrintJob<'_>, format: Format) -> Result<(), Failure> {
        match &self.printers {
            Some(printers) => printers.try_out(job, &self.target),
            None => job.try_out(&self.target, format, self.resolution),
        }
    }

    /// Labels of a batch, to be printed here.
    pub(super) fn run<'r>(
        &self,
        job: &'r PrintJob<'r>,
        journal: &'r Path,
        batch: &'r OpenBatch,
        prints: Vec<PrintId>,
        patience: Duration,
    ) -> Run<'r> {
        Run {
            job,
            journal,
            batch,
            prints,
            format: self.format,
            resolution: self.resolution,
            workers: self.workers,
            patience,
            problems: Problems::default(),
            unknown: 0,
        }
    }

    pub(super) fn print(&self, run: &Run<'_>, report: Option<Report<'_>>) -> Outcome {
        run.print(self.printers.as_ref(), &self.target, report)
    }
}
