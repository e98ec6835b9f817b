//! A batch gets its place in the journal: which labels are in it, in which order, and which are refused.

use std::fmt::Display;
use std::path::Path;

use miandan_core::Code;
use miandan_journal::{Batch, Earlier, Journal, JournalError, Known, LabelKey, NewLabel};
use miandan_print::Orders;
use miandan_print::work::{Arrangement, RepeatKind, SortKey, Work, clear_header};
use miandan_seal::ClearHeader;
use serde_json::{Value, json};

use super::no_orders;
use crate::args;
use crate::batches::{self, BatchFolder, Job};
use crate::clock;
use crate::console::{Console, without_nulls};
use crate::exit::Failure;
use crate::files;
use crate::messages::{self, delivery as texts};

/// Refused orders that are named to a person one by one.
const NAMED: usize = 20;

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
    pub(super) now: u64,
    pub(super) problems: Problems,
}

/// Orders that did not get into a batch.
#[derive(Debug, Default)]
pub(super) struct Problems {
    /// Orders that were left out: they were printed before, or their number of prints is used up.
    pub(super) refused: usize,
    /// Orders that cannot be read.
    pub(super) unreadable: usize,
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
    /// Plans the batch and gives it its name. `None` if no order is left to be printed; why has been said.
    pub(super) fn plan(
        &mut self,
        work: &args::Work,
        name: Option<&str>,
        job: &Job,
        template: &[u8],
    ) -> Result<Option<Planned>, Failure> {
        let console = self.console;
        let unreadable = |error| files::unreadable(console, self.input, &error);
        let read = Work::read(self.orders, self.now).map_err(unreadable)?;
        for &(index, code) in read.unreadable() {
            self.say_unreadable(index, code)?;
        }
        for repeat in read.repeats() {
            let first = repeat.first + 1;
            let text =
                if repeat.kind == RepeatKind::Conflict { texts::INPUT_CONFLICT } else { texts::INPUT_TWICE };
            self.refuse(
                repeat.index,
                None,
                "twice",
                console.fill(text, &[("index", &(repeat.index + 1)), ("first", &first)]),
            )?;
        }
        let sequence = read.sequence(&arrangement(work));
        drop(read);
        let mut kept = Vec::with_capacity(sequence.len());
        let mut labels = Vec::with_capacity(sequence.len());
        let mut buffer = Vec::new();
        for index in sequence {
            let header = clear_header(self.orders, index, &mut buffer).map_err(unreadable)?;
            let Ok(header) = header else { continue };
            if self.may_print(index, &header)? {
                labels.push(new_label(header));
                kept.push(index);
            }
        }
        if self.problems.refused > NAMED {
            console.say(&console.fill(texts::MORE_REFUSED, &[("count", &(self.problems.refused - NAMED))]));
        }
        if kept.is_empty() {
            return if self.problems.refused + self.problems.unreadable == 0 {
                Err(no_orders(console, self.input))
            } else {
                Ok(None)
            };
        }
        let failed = |error| batches::folder_failure(console, &error);
        let prepared = BatchFolder::prepare(self.path, job, template, self.orders, &kept).map_err(failed)?;
        let batch = self.journal.plan(name, labels, self.now);
        let batch = batch.map_err(|error| self.failure(&error))?;
        let folder = prepared.name(batch.number).map_err(failed)?;
        Ok(Some(Planned { batch, folder }))
    }

    /// Whether the journal knows of nothing that speaks against an order.
    fn may_print(&mut self, index: u32, header: &ClearHeader) -> Result<bool, Failure> {
        let console = self.console;
        let reader = self.journal.reader();
        let known = reader.look_up(&key(header), &header.content).map_err(|error| self.failure(&error))?;
        let used_up = match header.print_limit {
            Some(most) => !reader.may_print(&header.identity, most).map_err(|error| self.failure(&error))?,
            None => false,
        };
        drop(reader);
        let said = match known {
            Known::New if used_up => {
                let most = header.print_limit.unwrap_or(0);
                let values: [(&str, &dyn Display); 3] =
                    [("index", &(index + 1)), ("order", &header.order_id), ("most", &most)];
                self.refuse(index, None, Code::PrintLimit.as_str(), console.fill(texts::LIMIT, &values))?;
                return Ok(false);
            }
            Known::New => return Ok(true),
            Known::Printed(earlier) => (texts::PRINTED_BEFORE, "printed", earlier),
            Known::Conflict(earlier) => (texts::CONFLICT, "conflict", earlier),
        };
        let (text, word, earlier) = said;
        let text =
            if word == "printed" && !earlier.state.may_be_on_paper() { texts::WAITS_IN_BATCH } else { text };
        let when = clock::in_china(earlier.when);
        let printer = earlier.printer.as_deref().unwrap_or("-");
        let state = batches::state(earlier.state).get(console.language);
        let values: [(&str, &dyn Display); 6] = [
            ("index", &(index + 1)),
            ("order", &header.order_id),
            ("number", &earlier.number),
            ("when", &when),
            ("printer", &printer),
            ("state", &state),
        ];
        self.refuse(index, Some(&earlier), word, console.fill(text, &values))?;
        Ok(false)
    }

    fn refuse(
        &mut self,
        index: u32,
        earlier: Option<&Earlier>,
        why: &str,
        said: String,
    ) -> Result<(), Failure> {
        self.problems.refused += 1;
        let event = without_nulls(json!({
            "event": "refused",
            "index": index + 1,
            "why": why,
            "number": earlier.map(|earlier| earlier.number.to_string()),
            "state": earlier.map(|earlier| earlier.state.as_str()),
            "when": earlier.map(|earlier| earlier.when),
            "printer": earlier.and_then(|earlier| earlier.printer.as_deref()),
        }));
        self.problems.list(&event);
        if self.console.json {
            return self.console.data(&event);
        }
        if self.problems.refused <= NAMED {
            self.console.complain(&said);
        }
        Ok(())
    }

    fn say_unreadable(&mut self, index: u32, code: Code) -> Result<(), Failure> {
        let console = self.console;
        self.problems.unreadable += 1;
        let event = json!({"event": "failed", "index": index + 1, "code": code.as_str()});
        self.problems.list(&event);
        if console.json {
            return console.data(&event);
        }
        if self.problems.unreadable <= NAMED {
            let why = messages::code(code).0.get(console.language);
            let order = messages::UNREADABLE_ORDER.get(console.language);
            let values: [(&str, &dyn Display); 4] =
                [("index", &(index + 1)), ("order", &order), ("code", &code), ("why", &why)];
            console.say(&console.fill(messages::LABEL_FAILED, &values));
        }
        Ok(())
    }

    fn failure(&self, error: &JournalError) -> Failure {
        batches::journal_failure(self.console, self.path, error)
    }
}

fn arrangement(work: &args::Work) -> Arrangement {
    // clap has refused every other word.
    let sort = work.sort.iter().filter_map(|word| word.parse::<SortKey>().ok()).collect();
    Arrangement { sort, single_first: work.group.is_some(), reverse: work.reverse }
}

fn key(header: &ClearHeader) -> LabelKey {
    LabelKey {
        carrier: header.carrier.clone(),
        waybill: header.waybill_no.clone(),
        parcel: header.parcel.index,
    }
}

fn new_label(header: ClearHeader) -> NewLabel {
    NewLabel {
        key: key(&header),
        order_id: header.order_id,
        identity: header.identity,
        content: header.content,
    }
}
