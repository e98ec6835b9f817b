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
use miandan_print::{Orders, work};

use super::deliver::{operator, say_recovered};
use super::press::Press;
use super::printers::{Printers, refuse};
use super::{Template, check_format, check_target, component_options, form};
use crate::args::{self, Again, MissingGlyphName, Reprint, Resume, Target};
use crate::batches::{self, BatchFolder, Job, Question};
use crate::clock;
use crate::commands::{fonts, profile};
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::language::Text;
use crate::messages::delivery as texts;
use crate::settings::{ChosenPrinter, Settings};

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
    let prints = if from.is_none() { desk.all(Reader::to_print)? } else { Vec::new() };
    if from.is_none() && prints.is_empty() {
        return desk.nothing_left();
    }
    // Everything that can be refused is refused before the journal hears of copies.
    let press = desk.press(component, &arguments.again)?;
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
        None => prints,
    };
    desk.print(&press, &arguments.again, &open, prints)
}

pub fn reprint(console: Console, component: Option<&Path>, arguments: &Reprint) -> Outcome {
    let Some(reason) = arguments.again.reason.as_deref() else {
        return Err(refuse(console, texts::NEEDS_REASON, texts::NEEDS_REASON_HINT));
    };
    let desk = Desk::open(console, &arguments.again, &arguments.batch)?;
    let places = batches::positions(console, &desk.path, &desk.batch, &arguments.numbers)?;
    let open = desk.open_batch()?;
    say_recovered(console, &open);
    desk.check_limits(&open, &places)?;
    // Everything that can be refused is refused before the journal hears of copies.
    let press = desk.press(component, &arguments.again)?;
    let prints = open.reprint(places, reason, &desk.operator, clock::now());
    let prints = prints.map_err(|error| desk.failure(&error))?;
    desk.print(&press, &arguments.again, &open, prints)
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
        let folder = BatchFolder::find(&path, &journal.reader(), &batch)
            .map_err(|error| batches::folder_failure(console, &error))?;
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
        batches::all(&self.journal.reader(), self.batch.id, ask, |error| self.failure(&error))
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
            let header = read.map_err(|error| files::unreadable(console, &self.path, &error))?;
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

    /// What the batch was planned with, and where it goes now; and its orders.
    fn press(&self, component: Option<&Path>, again: &Again) -> Result<(Press, Orders), Failure> {
        let console = self.console;
        let kept = |error| batches::folder_failure(console, &error);
        let description = self.folder.job().map_err(kept)?;
        let template =
            Template { name: description.template.clone(), source: self.folder.template().map_err(kept)? };
        let orders = self.folder.orders().map_err(kept)?;
        let (target, printers) = self.target(&again.target, &description)?;
        let (format, resolution) = match printers.as_ref().and_then(Printers::form) {
            Some(form) => form,
            None => self.form(&description)?,
        };
        check_format(console, &target, format)?;
        let missing = MissingGlyphName::from_str(&description.missing_glyph, false);
        let press = Press {
            console,
            options: component_options(console, component, &self.settings, &again.station)?,
            template,
            fonts: fonts::read(console, &description.fonts)?,
            missing: missing.unwrap_or(MissingGlyphName::Refuse).policy(),
            purpose: Purpose::Print,
            target,
            printers,
            format,
            resolution,
            workers: self.settings.workers.value,
        };
        press.try_out(&press.job(&orders), format)?;
        Ok((press, orders))
    }

    /// Prints labels of the batch as it was planned, where it went or elsewhere.
    fn print(
        &self,
        (press, orders): &(Press, Orders),
        again: &Again,
        open: &OpenBatch,
        prints: Vec<PrintId>,
    ) -> Outcome {
        if prints.is_empty() {
            return self.nothing_left();
        }
        let job = press.job(orders);
        let run = press.run(&job, &self.path, open, prints, patience(&again.delivery));
        press.print(&run, None)
    }

    fn nothing_left(&self) -> Outcome {
        self.console.say(&self.console.fill(texts::NOTHING_LEFT, &[("batch", &self.batch.number)]));
        Ok(Exit::Done)
    }

    /// Where labels go: where was typed, else where the batch went. A file that is there already has labels of the batch in
    /// it, which nobody wants to lose for those that are made now.
    fn target(&self, typed: &Target, job: &Job) -> Result<(Target, Option<Printers>), Failure> {
        let console = self.console;
        if !typed.printer.is_empty() {
            let printers = self.open_printers(self.settings.choose(console, &typed.printer)?, job)?;
            return Ok((typed.clone(), Some(printers)));
        }
        if typed.out.is_some() || typed.dir.is_some() {
            check_target(console, typed)?;
            return Ok((typed.clone(), None));
        }
        let target = Target { out: job.out.clone(), dir: job.dir.clone(), printer: Vec::new() };
        let refuse = |text: Text, file: &Path| {
            let values: [(&str, &dyn Display); 2] =
                [("batch", &self.batch.number), ("file", &file.display())];
            Err(Failure::new(Exit::Usage, "BATCH", console.fill(text, &values))
                .hint(texts::NAME_TARGET_HINT.get(console.language)))
        };
        match &target.out {
            Some(out) if files::is_dash(out) => refuse(texts::WENT_TO_STDOUT, out),
            Some(out) if out.is_file() => refuse(texts::FILE_IS_THERE, out),
            None if !job.printers.is_empty() => {
                Ok((target, Some(self.open_printers(job.printers.clone(), job)?)))
            }
            None if target.dir.is_none() => refuse(texts::OTHER_TARGET, Path::new("-")),
            _ => Ok((target, None)),
        }
    }

    /// Opens printers, which print as those of the batch did unless they have a profile of their own.
    fn open_printers(&self, chosen: Vec<ChosenPrinter>, job: &Job) -> Result<Printers, Failure> {
        let console = self.console;
        let usual = usual_profile(job);
        Printers::open(console, chosen, |own| match (own, usual) {
            (Some(name), _) | (None, Usual::Profile(name)) => {
                profile::find(console, name).map(|profile| (name.to_owned(), profile))
            }
            (None, Usual::Language) => {
                let (language, resolution) = self.language(job)?;
                form::named_general(console, language, resolution)
            }
            (None, Usual::Several) => {
                Err(refuse(console, texts::NEEDS_OWN_PROFILE, texts::NEEDS_OWN_PROFILE_HINT))
            }
        })
    }

    /// The form of a batch that went into files: its labels look now as they did.
    fn form(&self, job: &Job) -> Result<(Format, Resolution), Failure> {
        match (job.format.as_str(), Resolution::from_dpi(job.dpi)) {
            ("pdf", Some(resolution)) => Ok((Format::Pdf, resolution)),
            ("png", Some(resolution)) => Ok((Format::Png, resolution)),
            _ => {
                let (language, resolution) = self.language(job)?;
                let profile = match &job.profile {
                    Some(name) => profile::find(self.console, name)?,
                    None => form::named_general(self.console, language, resolution)?.1,
                };
                Ok((Format::Printer(profile.profile), resolution))
            }
        }
    }

    /// The language of the batch, and its resolution.
    fn language(&self, job: &Job) -> Result<(Language, Resolution), Failure> {
        let console = self.console;
        let language = Language::ALL.into_iter().find(|language| language.as_str() == job.format);
        language.zip(Resolution::from_dpi(job.dpi)).ok_or_else(|| {
            let values: [(&str, &dyn Display); 2] = [("format", &job.format), ("batch", &self.batch.number)];
            Failure::new(Exit::Usage, "BATCH", console.fill(texts::NOT_FOR_PRINTER, &values))
                .hint(texts::NOT_FOR_PRINTER_HINT.get(console.language))
        })
    }
}

/// What a printer without a profile of its own is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Usual<'j> {
    /// It has the profile that was named for all, or that all printers of the batch have.
    Profile(&'j str),
    /// A printer of a language in general.
    Language,
    /// The printers of the batch differ: nobody can tell which of them it stands in for.
    Several,
}

fn usual_profile(job: &Job) -> Usual<'_> {
    if let Some(name) = &job.profile {
        return Usual::Profile(name);
    }
    let mut own = job.printers.iter().map(|printer| printer.profile.as_deref());
    match own.next().flatten() {
        // As batches were kept before each printer had its profile.
        None => Usual::Language,
        Some(first) if own.all(|other| other == Some(first)) => Usual::Profile(first),
        Some(_) => Usual::Several,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_that_stands_in_is_what_those_of_the_batch_are() {
        let job = |profile: Option<&str>, own: &[Option<&str>]| {
            let printers = own.iter().map(|own| {
                let printer = serde_json::json!({"uri": "socket://192.0.2.7:9100", "profile": own});
                serde_json::from_value(printer).unwrap()
            });
            Job { profile: profile.map(str::to_owned), printers: printers.collect(), ..Job::default() }
        };
        assert_eq!(usual_profile(&job(Some("tsc"), &[Some("zebra"), None])), Usual::Profile("tsc"));
        assert_eq!(usual_profile(&job(None, &[Some("zebra"), Some("zebra")])), Usual::Profile("zebra"));
        assert_eq!(usual_profile(&job(None, &[Some("zebra"), Some("tsc")])), Usual::Several);
        assert_eq!(usual_profile(&job(None, &[None, None])), Usual::Language);
    }
}
