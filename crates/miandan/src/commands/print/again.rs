//! `miandan resume` and `miandan reprint`: what was planned before, printed now.
//!
//! Neither sends again by itself what may be on paper. `resume` begins with the first label that surely did not print, and
//! where it is not sure of one it asks for the number that the operator wants; `reprint` wants numbers and a reason.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use miandan_core::label::{Format, Purpose, Resolution};
use miandan_core::printer::Language;
use miandan_journal::{Batch, Journal, JournalError, OpenBatch, PrintId, Reader};
use miandan_print::work;

use super::deliver::{Run, operator, say_recovered};
use super::job::PrintJob;
use super::printers::{Printers, profile_of};
use super::{Template, component_options};
use crate::args::{self, Again, MissingGlyphName, Reprint, Resume};
use crate::batches::{self, BatchFolder, Job, Question};
use crate::clock;
use crate::commands::fonts;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::messages::delivery as texts;
use crate::settings::Settings;

use clap::ValueEnum;

/// How long a printer that takes nothing is waited for, if nobody says: long enough to put in a roll.
const PATIENCE: u64 = 600;

pub fn resume(console: Console, component: Option<&Path>, arguments: &Resume) -> Outcome {
    let desk = Desk::open(console, &arguments.again, &arguments.batch)?;
    let open = desk.open_batch()?;
    say_recovered(console, &open);
    let from = match arguments.from {
        Some(from) => Some(from),
        None => desk.ask_from(&open)?,
    };
    let prints = match from {
        Some(from) => {
            let reason = arguments.again.reason.as_deref().unwrap_or("resume");
            let resumed = open.resume_from(from, reason, &desk.operator, clock::now());
            let resumed = resumed.map_err(|error| desk.failure(&error))?;
            if !resumed.left.is_empty() {
                let numbers = resumed.left.iter().map(|&place| open.number(place).to_string());
                let numbers = numbers.collect::<Vec<_>>().join(", ");
                let values: [(&str, &dyn Display); 2] = [("from", &open.number(from)), ("numbers", &numbers)];
                console.say(&console.fill(texts::LEFT_BEFORE, &values));
            }
            resumed.to_print
        }
        None => desk.all(Reader::to_print)?,
    };
    desk.print(component, &arguments.again, &open, prints)
}

pub fn reprint(console: Console, component: Option<&Path>, arguments: &Reprint) -> Outcome {
    let Some(reason) = arguments.again.reason.as_deref() else {
        let message = texts::NEEDS_REASON.get(console.language).to_owned();
        return Err(
            Failure::new(Exit::Usage, "USAGE", message).hint(texts::NEEDS_REASON_HINT.get(console.language))
        );
    };
    let desk = Desk::open(console, &arguments.again, &arguments.batch)?;
    let places = batches::positions(console, &desk.path, &desk.batch, &arguments.numbers)?;
    let open = desk.open_batch()?;
    say_recovered(console, &open);
    desk.check_limits(&open, &places)?;
    let prints = open.reprint(places, reason, &desk.operator, clock::now());
    let prints = prints.map_err(|error| desk.failure(&error))?;
    desk.print(component, &arguments.again, &open, prints)
}

/// How long a printer is waited for.
pub(super) fn patience(typed: &args::Delivery) -> Duration {
    Duration::from_secs(typed.patience.unwrap_or(PATIENCE))
}

/// A batch of the journal and all that is kept of it.
struct Desk {
    console: Console,
    settings: Settings,
    path: PathBuf,
    journal: Journal,
    batch: Batch,
    folder: BatchFolder,
    operator: String,
}

impl Desk {
    fn open(console: Console, again: &Again, named: &str) -> Result<Self, Failure> {
        let settings = Settings::find_again(console, &again.station, &again.delivery)?;
        let path = batches::journal_path(&settings).ok_or_else(|| batches::no_place(console))?;
        let failed = |error: JournalError| batches::journal_failure(console, &path, &error);
        if !path.exists() {
            return Err(failed(JournalError::Missing));
        }
        let journal = Journal::open(&path).map_err(failed)?;
        let batch = journal.reader().find(named).map_err(failed)?;
        let folder = BatchFolder::of(&path, batch.number);
        let operator = operator(again.operator.as_deref());
        Ok(Desk { console, settings, path, journal, batch, folder, operator })
    }

    fn open_batch(&self) -> Result<OpenBatch, Failure> {
        self.journal.open_batch(self.batch.id, clock::now()).map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &JournalError) -> Failure {
        batches::journal_failure(self.console, &self.path, error)
    }

    /// Every label that a question to the journal answers.
    fn all(&self, ask: Question) -> Result<Vec<PrintId>, Failure> {
        let mut found = Vec::new();
        batches::each(
            &self.journal.reader(),
            self.batch.id,
            ask,
            |error| self.failure(&error),
            |print| {
                found.push(print.id);
                Ok(())
            },
        )?;
        Ok(found)
    }

    /// Where labels may be on paper, the number from which a person wants them; nothing where everything is sure.
    fn ask_from(&self, open: &OpenBatch) -> Result<Option<u32>, Failure> {
        let console = self.console;
        let unknown = self.all(Reader::unknown)?;
        let Some(first) = unknown.first() else { return Ok(None) };
        let values: [(&str, &dyn Display); 2] = [("count", &unknown.len()), ("batch", &self.batch.number)];
        let message = console.fill(texts::NEEDS_FROM, &values);
        if console.json || console.quiet || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(Failure::new(Exit::Usage, "UNKNOWN", message)
                .hint(console.fill(texts::NEEDS_FROM_HINT, &values)));
        }
        console.complain(&message);
        let first = open.number(first.position).to_string();
        let first = first.rsplit('-').next().unwrap_or_default().to_owned();
        loop {
            let mut error = io::stderr().lock();
            let _ = write!(error, "{}", console.fill(texts::ASK_FROM, &[("first", &first)]));
            let _ = error.flush();
            drop(error);
            let mut line = String::new();
            let read = io::stdin().lock().read_line(&mut line);
            if !matches!(read, Ok(1..)) {
                return Err(Failure::new(Exit::Usage, "UNKNOWN", message)
                    .hint(console.fill(texts::NEEDS_FROM_HINT, &values)));
            }
            let typed = Some(line.trim()).filter(|typed| !typed.is_empty()).unwrap_or(&first);
            match typed.rsplit('-').next().unwrap_or_default().parse::<u32>() {
                Ok(from) if (1..=self.batch.count).contains(&from) => return Ok(Some(from)),
                _ => console.complain(&console.fill(texts::NO_NUMBER, &[("text", &typed)])),
            }
        }
    }

    /// Copies count as prints. Its issuer's limit is asked for before a copy is made.
    fn check_limits(&self, open: &OpenBatch, places: &BTreeSet<u32>) -> Result<(), Failure> {
        let console = self.console;
        let orders = self.folder.orders().map_err(|error| batches::folder_failure(console, &error))?;
        let mut buffer = Vec::new();
        for &place in places.iter().filter(|&&place| (1..=self.batch.count).contains(&place)) {
            let read = work::clear_header(&orders, place - 1, &mut buffer);
            let header = read.map_err(|error| crate::files::unreadable(console, &self.path, &error))?;
            let Ok(header) = header else { continue };
            let Some(most) = header.print_limit else { continue };
            if !self
                .journal
                .reader()
                .may_print(&header.identity, most)
                .map_err(|error| self.failure(&error))?
            {
                let values: [(&str, &dyn Display); 2] = [("number", &open.number(place)), ("most", &most)];
                return Err(Failure::new(
                    Exit::Duplicates,
                    "PRINT_LIMIT",
                    console.fill(texts::LIMIT_AGAIN, &values),
                ));
            }
        }
        Ok(())
    }

    /// Prints labels of the batch as it was planned, on the printers that it was for or on others.
    fn print(
        &self,
        component: Option<&Path>,
        again: &Again,
        open: &OpenBatch,
        prints: Vec<PrintId>,
    ) -> Outcome {
        let console = self.console;
        if prints.is_empty() {
            console.say(&console.fill(texts::NOTHING_LEFT, &[("batch", &self.batch.number)]));
            return Ok(Exit::Done);
        }
        let kept = |error| batches::folder_failure(console, &error);
        let description = self.folder.job().map_err(kept)?;
        let template =
            Template { name: description.template.clone(), source: self.folder.template().map_err(kept)? };
        let orders = self.folder.orders().map_err(kept)?;
        let (language, resolution) = self.form(&description)?;
        let profile = profile_of(console, description.profile.as_deref(), language, resolution)?;
        let named = if again.printer.is_empty() { &description.printers } else { &again.printer };
        let printers = Printers::open(console, named, &profile)?;
        let options = component_options(console, component, &self.settings, &again.station)?;
        let fonts = fonts::read(console, &description.fonts)?;
        let missing = MissingGlyphName::from_str(&description.missing_glyph, false);
        let job = PrintJob {
            console,
            orders: &orders,
            options: &options,
            template: &template,
            fonts: &fonts,
            missing: missing.unwrap_or(MissingGlyphName::Refuse).policy(),
            purpose: Purpose::Print,
        };
        let run = Run {
            job: &job,
            journal: &self.path,
            batch: open,
            prints,
            format: Format::Printer(profile.profile),
            resolution,
            workers: self.settings.workers.value,
            patience: patience(&again.delivery),
            refused: 0,
            unreadable: 0,
        };
        run.to_printers(&printers, None)
    }

    fn form(&self, job: &Job) -> Result<(Language, Resolution), Failure> {
        let language = Language::ALL.into_iter().find(|language| language.as_str() == job.format);
        let resolution = Resolution::from_dpi(job.dpi);
        language.zip(resolution).filter(|_| !job.printers.is_empty()).ok_or_else(|| {
            let message = self.console.fill(texts::OTHER_TARGET, &[("batch", &self.batch.number)]);
            Failure::new(Exit::Usage, "BATCH", message)
        })
    }
}
