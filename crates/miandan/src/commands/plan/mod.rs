//! `miandan plan`: all of what `print` would do, before a label is printed. The journal is asked what it knows, and written
//! by nobody; no printer is asked anything; no order is opened, and no signature is checked: that takes the component.

mod answer;
mod found;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use miandan_core::label::{Format, LabelSize, Purpose};
use miandan_core::number::{BatchNumber, RunningNumber};
use miandan_core::pipe::TemplateKind;
use miandan_journal::{Journal, JournalError, Reader, first_number};
use miandan_print::Orders;
use miandan_print::work::Work;

use super::print::choose::Choice;
use super::print::printers::{Printers, none_for};
use super::print::{Template, check_format, form, needs_journal, open_orders, target_of};
use super::{fonts, template};
use crate::args::{self, Target};
use crate::batches;
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::settings::Settings;
use found::Found;

/// Everything that is known of a batch that is not printed yet.
struct Plan<'a> {
    console: Console,
    input: &'a Path,
    orders: &'a Orders,
    work: &'a args::Work,
    template: String,
    size: LabelSize,
    /// The form of the labels, if what is named so far decides it.
    format: Option<String>,
    dpi: u32,
    target: Target,
    printers: Option<Printers>,
    /// `None` if the labels go into files, and nobody asks for a journal.
    journal: Option<Place>,
    found: Found,
}

/// The place of a batch in a journal.
struct Place {
    path: PathBuf,
    /// Whether there is such a journal.
    exists: bool,
    /// The number that the batch would get now. `None` if it has no label.
    batch: Option<BatchNumber>,
}

/// Printers that share labels, and how many of which carrier they get.
struct Share {
    /// None: no printer takes these.
    printers: Vec<String>,
    carriers: BTreeMap<String, usize>,
}

pub fn run(console: Console, arguments: &args::Plan) -> Outcome {
    let mut settings = Settings::find_to_plan(console, arguments)?;
    let labels = &arguments.labels;
    let target = target_of(&mut settings);
    let goes = target.out.is_some() || target.dir.is_some() || !target.printer.is_empty();
    let printers = Printers::find(console, &settings, labels.format, &target.printer, Purpose::Print)?;
    let (format, resolution) = match printers.as_ref().and_then(Printers::form) {
        Some(form) => form,
        None => form::find(console, &settings, labels.format, &target)?,
    };
    if goes {
        check_format(console, &target, format)?;
    }
    let template = Template::find_named(console, &settings)?;
    let mut faces = fonts::faces(console, &settings.font.value)?;
    faces.missing = settings.missing_glyph.value.policy();
    let size = template::compile(console, TemplateKind::Waybill, &template, &faces)?.size();
    match (&printers, format) {
        (Some(printers), _) => printers.check_fit(console, &template.name, size)?,
        (None, Format::Printer(profile)) => {
            profile.fits(size).map_err(|error| form::unfit(console, &template.name, error))?;
        }
        _ => {}
    }
    let orders = open_orders(console, &arguments.input)?;
    // Where nothing is named yet it is planned as for printers: then most can be said.
    let journaled = !goes || needs_journal(&labels.work, &target, arguments.file.journal.is_some());
    let decided = goes || labels.format.is_some() || settings.profile.value.is_some();
    let mut plan = Plan {
        console,
        input: &arguments.input,
        orders: &orders,
        work: &labels.work,
        template: template.name,
        size,
        format: decided
            .then(|| printers.as_ref().map_or_else(|| form::word(format).to_owned(), Printers::languages)),
        dpi: resolution.dpi(),
        target,
        printers,
        journal: None,
        found: Found::new(clock::now()),
    };
    let failure = if journaled {
        let path = batches::journal_path(&settings).ok_or_else(|| batches::no_place(console))?;
        plan.with_journal(path)?
    } else {
        plan.without_journal()?
    };
    if console.json {
        answer::give(&plan)?;
    } else {
        report::tell(&plan)?;
    }
    match failure {
        Some(failure) => Err(failure),
        None if plan.found.failing() > 0 => Ok(Exit::SomeFailed),
        None if !plan.found.refused.is_empty() => Ok(Exit::Duplicates),
        None => Ok(Exit::Done),
    }
}

impl Plan<'_> {
    /// Decides as `print` does with a journal. Answers why it would print nothing, if it would not.
    fn with_journal(&mut self, path: PathBuf) -> Result<Option<Failure>, Failure> {
        let console = self.console;
        let reader = match Journal::read_only(&path) {
            Ok(reader) => Some(reader),
            Err(JournalError::Missing) => None,
            Err(error) => return Err(batches::journal_failure(console, &path, &error)),
        };
        let (input, orders) = (self.input, self.orders);
        let choice = Choice { console, input, orders, journal: &path, reader: reader.as_ref() };
        let read = Work::read(orders, self.found.now).map_err(|error| choice.unreadable(&error))?;
        let sequence = choice.arrange(&read, self.work, &mut self.found)?;
        choice.ask(sequence, &mut self.found)?;
        self.found.place(orders.len());
        self.found.merge(&read, orders).map_err(|error| choice.unreadable(&error))?;
        let mut failure = None;
        let mut batch = None;
        if self.found.kept.is_empty() {
            let codes: Vec<_> = self.found.unreadable.iter().map(|&(_, code)| code).collect();
            failure = Some(choice.nothing_left(self.found.refused.len(), &codes));
        } else if let Some(without) = self.without_printer() {
            failure = Some(none_for(console, &without));
        }
        if !self.found.kept.is_empty() {
            match next_number(reader.as_ref(), self.work.batch.as_deref(), self.found.now) {
                Ok(number) => batch = Some(number),
                Err(error) => failure = failure.or_else(|| Some(choice.failure(&error))),
            }
        }
        self.journal = Some(Place { exists: reader.is_some(), path, batch });
        Ok(failure)
    }

    /// Says what `print` does without a journal: every order of the input, in its order.
    fn without_journal(&mut self) -> Result<Option<Failure>, Failure> {
        let (console, input, orders) = (self.console, self.input, self.orders);
        // No journal is asked, so none can fail.
        let choice = Choice { console, input, orders, journal: Path::new(""), reader: None };
        let read = Work::read(orders, self.found.now).map_err(|error| choice.unreadable(&error))?;
        self.found.all(&read, orders).map_err(|error| choice.unreadable(&error))?;
        let codes: Vec<_> = self.found.unreadable.iter().map(|&(_, code)| code).collect();
        Ok((codes.len() == orders.len()).then(|| choice.nothing_left(0, &codes)))
    }

    /// Carriers whose labels no printer takes, if there are any.
    fn without_printer(&self) -> Option<BTreeSet<String>> {
        let printers = self.printers.as_ref()?;
        let carriers = self.found.carriers.keys().filter(|carrier| printers.of(carrier).is_none());
        Some(carriers.cloned().collect()).filter(|carriers: &BTreeSet<_>| !carriers.is_empty())
    }

    /// Which printers get how many labels of which carriers; at the end what nobody takes. Nothing if no printer is named.
    fn shares(&self) -> Vec<Share> {
        let Some(printers) = &self.printers else { return Vec::new() };
        let mut shares: Vec<_> = printers
            .groups
            .iter()
            .map(|group| group.labels.clone())
            .chain([Vec::new()])
            .map(|printers| Share { printers, carriers: BTreeMap::new() })
            .collect();
        for (carrier, &count) in &self.found.carriers {
            let place = printers.of(carrier).unwrap_or(printers.groups.len());
            shares[place].carriers.insert(carrier.clone(), count);
        }
        shares.retain(|share| !share.printers.is_empty() || !share.carriers.is_empty());
        shares
    }

    /// The number of the label at a place, from 1: that of the journal, else which of how many it is.
    fn number(&self, position: u32) -> String {
        match self.journal.as_ref().and_then(|journal| journal.batch) {
            Some(batch) => RunningNumber { batch, position }.to_string(),
            None => format!("{position}/{}", self.found.kept.len()),
        }
    }
}

fn next_number(reader: Option<&Reader>, name: Option<&str>, now: u64) -> Result<BatchNumber, JournalError> {
    match reader {
        Some(reader) => reader.next_number(name, now),
        None => first_number(name, now),
    }
}
