//! Which orders of an input get into a batch, in which order, and why the others do not. `print` and `plan` both ask here,
//! so that what is planned is what is printed.

use std::fmt::Display;
use std::io;
use std::path::Path;

use miandan_core::Code;
use miandan_journal::{Earlier, JournalError, Known, NewLabel, Reader, TextProblem};
use miandan_print::Orders;
use miandan_print::work::{Arrangement, RepeatKind, SortKey, Work, clear_header, journal_label};
use miandan_seal::ClearHeader;
use serde::Serialize;

use super::no_orders;
use crate::args;
use crate::batches;
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::messages::delivery as texts;

/// An order that is left out though it can be read.
pub(in crate::commands) struct Refusal {
    /// The order, counted from 0 as in the input.
    pub(in crate::commands) index: u32,
    /// Its id at its issuer, for who looks for it; empty if another order of the input says it all.
    pub(in crate::commands) order: String,
    pub(in crate::commands) why: Why,
}

/// Why an order is left out.
pub(in crate::commands) enum Why {
    /// Its waybill stands in the input before it, in the order that is counted here from 0.
    Twice { first: u32, kind: RepeatKind },
    /// The journal has it.
    Printed(Earlier),
    /// The journal has its waybill with something else on the label.
    Conflict(Earlier),
    /// Its issuer allows so many prints, and there were so many.
    UsedUp { most: u32 },
}

/// Who is told of each order as it is decided.
pub(in crate::commands) trait Chosen {
    /// An order that cannot be read, or cannot be written into a journal.
    fn unreadable(&mut self, index: u32, code: Code) -> Result<(), Failure>;
    /// An order that is left out.
    fn refused(&mut self, refusal: Refusal) -> Result<(), Failure>;
    /// An order that gets the next place of the batch, and how the journal has it.
    fn kept(&mut self, index: u32, header: ClearHeader, label: NewLabel) -> Result<(), Failure>;
}

/// An input, and what it is held against.
pub(in crate::commands) struct Choice<'a> {
    pub(in crate::commands) console: Console,
    pub(in crate::commands) input: &'a Path,
    pub(in crate::commands) orders: &'a Orders,
    pub(in crate::commands) journal: &'a Path,
    /// `None` where there is no journal yet.
    pub(in crate::commands) reader: Option<&'a Reader>,
}

impl Choice<'_> {
    /// Tells what the input says by itself, and answers the orders to ask the journal about, in the order of printing.
    pub(in crate::commands) fn arrange(
        &self,
        read: &Work,
        work: &args::Work,
        chosen: &mut impl Chosen,
    ) -> Result<Vec<u32>, Failure> {
        for &(index, code) in read.unreadable() {
            chosen.unreadable(index, code)?;
        }
        for repeat in read.repeats() {
            let why = Why::Twice { first: repeat.first, kind: repeat.kind };
            chosen.refused(Refusal { index: repeat.index, order: String::new(), why })?;
        }
        Ok(read.sequence(&arrangement(work)))
    }

    /// Asks the journal about each order.
    pub(in crate::commands) fn ask(
        &self,
        sequence: Vec<u32>,
        chosen: &mut impl Chosen,
    ) -> Result<(), Failure> {
        let mut buffer = Vec::new();
        for index in sequence {
            let header = clear_header(self.orders, index, &mut buffer);
            // Unreadable ones are not in the sequence, unless somebody changes the file meanwhile.
            let Ok(header) = header.map_err(|error| self.unreadable(&error))? else { continue };
            let label = journal_label(&header);
            if let Err(code) = check(&label) {
                chosen.unreadable(index, code)?;
                continue;
            }
            match self.refusal(&header, &label).map_err(|error| self.failure(&error))? {
                Some(why) => chosen.refused(Refusal { index, order: header.order_id, why })?,
                None => chosen.kept(index, header, label)?,
            }
        }
        Ok(())
    }

    /// What the journal knows that speaks against an order.
    fn refusal(&self, header: &ClearHeader, label: &NewLabel) -> Result<Option<Why>, JournalError> {
        let known = match self.reader {
            Some(reader) => reader.look_up(&label.key, &label.content)?,
            None => Known::New,
        };
        Ok(match known {
            Known::Printed(earlier) => Some(Why::Printed(earlier)),
            Known::Conflict(earlier) => Some(Why::Conflict(earlier)),
            Known::New => {
                let Some(most) = header.print_limit else { return Ok(None) };
                let may = match self.reader {
                    Some(reader) => reader.may_print(&label.identity, most)?,
                    None => most > 0,
                };
                (!may).then_some(Why::UsedUp { most })
            }
        })
    }

    pub(in crate::commands) fn unreadable(&self, error: &io::Error) -> Failure {
        files::unreadable(self.console, self.input, error)
    }

    pub(in crate::commands) fn failure(&self, error: &JournalError) -> Failure {
        batches::journal_failure(self.console, self.journal, error)
    }

    /// Nothing is left to be printed: `refused` orders were left out, and the others cannot be read, for these reasons.
    pub(in crate::commands) fn nothing_left(&self, refused: usize, codes: &[Code]) -> Failure {
        // What has no order in it is the wrong file, not a batch that was printed.
        if refused == 0 && codes.iter().all(|&code| code == Code::Malformed) {
            return no_orders(self.console, self.input);
        }
        let exit = if refused > 0 { Exit::Duplicates } else { Exit::SomeFailed };
        let message = texts::ALL_REFUSED.get(self.console.language).to_owned();
        Failure::new(exit, "DUPLICATES", message).hint(texts::ALL_REFUSED_HINT.get(self.console.language))
    }
}

impl Refusal {
    /// In words.
    pub(in crate::commands) fn text(&self, console: Console) -> String {
        let index = self.index + 1;
        let (text, earlier) = match &self.why {
            Why::Twice { first, kind } => {
                let text = match kind {
                    RepeatKind::Conflict => texts::INPUT_CONFLICT,
                    RepeatKind::Duplicate => texts::INPUT_TWICE,
                };
                return console.fill(text, &[("index", &index), ("first", &(first + 1))]);
            }
            Why::UsedUp { most } => {
                let values: [(&str, &dyn Display); 3] =
                    [("index", &index), ("order", &self.order), ("most", most)];
                return console.fill(texts::LIMIT, &values);
            }
            Why::Printed(earlier) if earlier.state.may_be_on_paper() => (texts::PRINTED_BEFORE, earlier),
            Why::Printed(earlier) => (texts::WAITS_IN_BATCH, earlier),
            Why::Conflict(earlier) => (texts::CONFLICT, earlier),
        };
        let when = clock::in_china(earlier.when);
        let printer = earlier.printer.as_deref().unwrap_or("-");
        let state = batches::state(earlier.state).get(console.language);
        let values: [(&str, &dyn Display); 6] = [
            ("index", &index),
            ("order", &self.order),
            ("number", &earlier.number),
            ("when", &when),
            ("printer", &printer),
            ("state", &state),
        ];
        console.fill(text, &values)
    }
}

impl Serialize for Refusal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Members<'r> {
            index: u32,
            why: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            same_as: Option<u32>,
            #[serde(skip_serializing_if = "Option::is_none")]
            number: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            state: Option<&'static str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            when: Option<u64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            printer: Option<&'r str>,
        }
        let (why, same_as, earlier) = match &self.why {
            Why::Twice { first, .. } => ("twice", Some(first + 1), None),
            Why::Printed(earlier) => ("printed", None, Some(earlier)),
            Why::Conflict(earlier) => ("conflict", None, Some(earlier)),
            Why::UsedUp { .. } => (Code::PrintLimit.as_str(), None, None),
        };
        let members = Members {
            index: self.index + 1,
            why,
            same_as,
            number: earlier.map(|earlier| earlier.number.to_string()),
            state: earlier.map(|earlier| earlier.state.as_str()),
            when: earlier.map(|earlier| earlier.when),
            printer: earlier.and_then(|earlier| earlier.printer.as_deref()),
        };
        members.serialize(serializer)
    }
}

/// A journal refuses a batch as a whole if a number in it is too long or could make a text look like another one. One such
/// order must not stop the others.
fn check(label: &NewLabel) -> Result<(), Code> {
    match label.check() {
        Ok(()) => Ok(()),
        Err(JournalError::Text { problem: TextProblem::TooLong { .. }, .. }) => Err(Code::Limit),
        Err(_) => Err(Code::Malformed),
    }
}

/// What the command line says of the order of labels.
pub(in crate::commands) fn arrangement(work: &args::Work) -> Arrangement {
    // clap has refused every other word.
    let sort = work.sort.iter().filter_map(|word| word.parse::<SortKey>().ok()).collect();
    Arrangement { sort, single_first: work.group.is_some(), reverse: work.reverse }
}
