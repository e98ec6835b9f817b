//! A batch gets its place in the journal: which labels are in it, in which order, and which are refused.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::Path;

use miandan_core::Code;
use miandan_journal::{Batch, Journal, NewLabel};
use miandan_print::Orders;
use miandan_print::work::Work;
use miandan_seal::ClearHeader;
use serde_json::{Value, json};

use super::choose::{Choice, Chosen, Refusal};
use super::printers::{Printers, none_for};
use crate::args;
use crate::batches::{self, BatchFolder, Job};
use crate::console::Console;
use crate::exit::Failure;
use crate::messages::{self, delivery as texts};

/// Orders of one kind that are named to a person one by one.
pub(in crate::commands) const NAMED: usize = 20;

/// A batch that is in the journal, with everything beside it that it needs.
pub(super) struct Planned {
    pub(super) batch: Batch,
    pub(super) folder: BatchFolder,
}

/// What of an input gets into a batch.
pub(super) struct Planner<'a> {
    pub(super) console: Console,
    pub(super) journal: &'a Journal,
    pub(super) path: &'a Path,
    pub(super) input: &'a Path,
    pub(super) orders: &'a Orders,
    /// Where the labels go, unless they go into files.
    pub(super) printers: Option<&'a Printers>,
    pub(super) now: u64,
    pub(super) problems: Problems,
}

/// Orders that did not get into a batch.
#[derive(Debug, Default)]
pub(super) struct Problems {
    /// Orders that were left out: they were printed before, or their number of prints is used up.
    pub(super) refused: usize,
    /// Why orders cannot be read, one for each.
    pub(super) unreadable: Vec<Code>,
    /// The first of them, for a report.
    pub(super) listed: Vec<Value>,
}

impl Problems {
    /// Most orders that a report names.
    pub(super) const LISTED: usize = 1_000;

    fn list(&mut self, problem: &Value) {
        if self.listed.len() < Self::LISTED {
            self.listed.push(problem.clone());
        }
    }
}

impl Planner<'_> {
    /// Plans the batch.
    ///
    /// # Errors
    /// If no order is left to be printed, or no printer takes one of them; then nothing is in the journal. All that cannot
    /// be read or written.
    pub(super) fn plan(
        &mut self,
        work: &args::Work,
        name: Option<&str>,
        job: &Job,
        template: &[u8],
    ) -> Result<Planned, Failure> {
        let console = self.console;
        let reader = self.journal.reader();
        let (input, orders) = (self.input, self.orders);
        let choice = Choice { console, input, orders, journal: self.path, reader: Some(&reader) };
        let read = Work::read(self.orders, self.now).map_err(|error| choice.unreadable(&error))?;
        let mut batch = NewBatch {
            console,
            printers: self.printers,
            kept: Vec::new(),
            labels: Vec::new(),
            problems: Problems::default(),
            without: BTreeSet::new(),
        };
        let sequence = choice.arrange(&read, work, &mut batch)?;
        drop(read);
        batch.kept.reserve(sequence.len());
        batch.labels.reserve(sequence.len());
        choice.ask(sequence, &mut batch)?;
        let NewBatch { kept, labels, problems, without, .. } = batch;
        self.problems = problems;
        let refused = self.problems.refused;
        if refused > NAMED {
            console.say(&console.fill(texts::MORE_REFUSED, &[("count", &(refused - NAMED))]));
        }
        if kept.is_empty() {
            return Err(choice.nothing_left(refused, &self.problems.unreadable));
        }
        // Asked of the journal again by the thread that writes it.
        drop(reader);
        if !without.is_empty() {
            return Err(none_for(console, &without));
        }
        let failed = |error| batches::folder_failure(console, &error);
        let prepared = BatchFolder::prepare(self.path, job, template, self.orders, &kept).map_err(failed)?;
        let batch = self.journal.plan(name, labels, self.now);
        let batch = batch.map_err(|error| batches::journal_failure(console, self.path, &error))?;
        let folder = prepared.name(batch.number).map_err(failed)?;
        Ok(Planned { batch, folder })
    }
}

/// The labels of a batch as they are chosen. Orders that are left out are said at once.
struct NewBatch<'a> {
    console: Console,
    printers: Option<&'a Printers>,
    kept: Vec<u32>,
    labels: Vec<NewLabel>,
    problems: Problems,
    /// Carriers whose labels no printer takes.
    without: BTreeSet<String>,
}

impl Chosen for NewBatch<'_> {
    fn unreadable(&mut self, index: u32, code: Code) -> Result<(), Failure> {
        let console = self.console;
        self.problems.unreadable.push(code);
        let event = json!({"event": "failed", "index": index + 1, "code": code.as_str()});
        self.problems.list(&event);
        if console.json {
            return console.data(&event);
        }
        if self.problems.unreadable.len() <= NAMED {
            let why = messages::meaning(code).get(console.language);
            let order = messages::UNREADABLE_ORDER.get(console.language);
            let values: [(&str, &dyn Display); 4] =
                [("index", &(index + 1)), ("order", &order), ("code", &code), ("why", &why)];
            console.say(&console.fill(messages::LABEL_FAILED, &values));
        }
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), Failure> {
        self.problems.refused += 1;
        let mut event = json!(refusal);
        event["event"] = json!("refused");
        self.problems.list(&event);
        if self.console.json {
            return self.console.data(&event);
        }
        if self.problems.refused <= NAMED {
            self.console.complain(&refusal.text(self.console));
        }
        Ok(())
    }

    fn kept(&mut self, index: u32, header: ClearHeader, label: NewLabel) -> Result<(), Failure> {
        self.labels.push(label);
        self.kept.push(index);
        if self.printers.is_some_and(|printers| printers.of(&header.carrier).is_none()) {
            self.without.insert(header.carrier);
        }
        Ok(())
    }
}
