//! What a person decides at a station: that a label is printed again, whether it was printed, and where to go on after a jam.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use miandan_core::number::RunningNumber;
use miandan_core::stamp::Stamp;
use miandan_journal::{Decision, JournalError, Print, PrintId, Search, Side, State, Verdict, decide};

use super::Station;
use super::label::{LabelError, LabelEvent, Picture, Watch};
use super::lane::{self, Ticket};

/// Labels that are looked at at once.
const CHUNK: u32 = 500;

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PersonError {
    /// The journal has no such label.
    #[error("there is no such label")]
    UnknownLabel,
    /// There is no such printer.
    #[error("there is no such printer")]
    UnknownPrinter,
    /// What the label was made of is not in memory any more ([`StationOptions::keep`](super::StationOptions)).
    #[error("the order is not in memory any more")]
    OrderGone,
    /// It is on its way to a printer.
    #[error("it is being printed")]
    InFlight,
    /// Of the label there is no doubt, or not any more.
    #[error("there is no doubt about it")]
    NotUnknown,
    /// The station ends.
    #[error("the station is stopping")]
    Stopping,
    /// The journal cannot be written, or refuses: a reason that is empty, a batch that somebody else works on.
    #[error("the journal: {0}")]
    Journal(#[from] JournalError),
}

/// What going on from a label did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resumed {
    /// Labels that are confirmed by the person's word.
    pub confirmed: Vec<RunningNumber>,
    /// Labels that are printed again, each with its mark.
    pub reprinted: Vec<RunningNumber>,
    /// Labels that should be, and of which the order is not in memory any more.
    pub gone: Vec<RunningNumber>,
}

/// Nobody waits for a label that a person has asked for: the observer of the station sees it.
struct Nobody;

impl Watch for Nobody {
    fn event(&self, _: usize, _: LabelEvent) {}
}

impl Station {
    /// Prints a label again, with a mark, on the printer of that name, else where it was sent before. One that surely was not
    /// printed is printed without. Answers which copy it is.
    ///
    /// # Errors
    /// [`PersonError`].
    pub fn reprint(
        &self,
        number: RunningNumber,
        printer: Option<&str>,
        reason: &str,
        operator: &str,
    ) -> Result<u32, PersonError> {
        let now = (self.options.clock)();
        let (label, stamp) = self.kept.get(number).ok_or(PersonError::OrderGone)?;
        let lane = match printer {
            Some(name) => self.lane(name).ok_or(PersonError::UnknownPrinter)?,
            None => {
                let print = self.latest(number)?;
                let before = print.printer.as_deref();
                let same = self.lanes.iter().find(|lane| Some(&*lane.printer.name) == before);
                same.or(self.lanes.first()).ok_or(PersonError::UnknownPrinter)?
            }
        };
        if self.stop.load(Ordering::Relaxed) {
            return Err(PersonError::Stopping);
        }
        let place = self.book.reprint(number, reason, operator, now)?;
        let copy = place.print.copy;
        let stamp = Stamp { copy: u16::try_from(copy).unwrap_or(u16::MAX), ..stamp };
        let until = Instant::now() + self.options.patience;
        let ticket = Ticket { place, label, stamp, watch: Arc::new(Nobody), index: 0, until };
        lane::tell(&self.options, lane, &ticket, LabelEvent::Planned(number));
        lane.put(&self.options, [ticket]);
        Ok(copy)
    }

    /// A person says of a label that is unknown whether it was printed.
    ///
    /// # Errors
    /// [`PersonError`].
    pub fn settle(
        &self,
        number: RunningNumber,
        printed: bool,
        reason: &str,
        operator: &str,
    ) -> Result<Print, PersonError> {
        let print = self.latest(number)?;
        if print.state != State::Unknown {
            return Err(PersonError::NotUnknown);
        }
        let verdict = if printed { Verdict::Printed } else { Verdict::NotPrinted };
        self.say(&print, verdict, reason, operator)?;
        self.latest(number)
    }

    /// Goes on after a jam: the label of this number is the last good one that came out of a printer. What it was sent before
    /// is taken as printed, what it was sent after it is printed again with a mark, and the printer gets labels again.
    ///
    /// # Errors
    /// [`PersonError`]; what was decided before it stays.
    pub fn resume(
        &self,
        printer: &str,
        last: RunningNumber,
        reason: &str,
        operator: &str,
    ) -> Result<Resumed, PersonError> {
        let lane = Arc::clone(self.lane(printer).ok_or(PersonError::UnknownPrinter)?);
        let (confirm, again) = self.after(&lane.printer.name, last)?;
        let mut resumed = Resumed::default();
        for print in confirm {
            self.say(&print, Verdict::Printed, reason, operator)?;
            resumed.confirmed.push(print.number);
        }
        for number in again {
            match self.reprint(number, Some(&lane.name), reason, operator) {
                Ok(_) => resumed.reprinted.push(number),
                Err(PersonError::OrderGone) => resumed.gone.push(number),
                Err(PersonError::InFlight) => {}
                Err(error) => return Err(error),
            }
        }
        lane.release();
        Ok(resumed)
    }

    /// What [`resume`](Self::resume) would do, without doing it.
    ///
    /// # Errors
    /// [`PersonError`].
    pub fn look_at_resume(&self, printer: &str, last: RunningNumber) -> Result<Resumed, PersonError> {
        let lane = self.lane(printer).ok_or(PersonError::UnknownPrinter)?;
        let (confirm, again) = self.after(&lane.printer.name, last)?;
        let confirmed = confirm.iter().map(|print| print.number).collect();
        let (reprinted, gone) = again.into_iter().partition(|&number| self.has_order(number));
        Ok(Resumed { confirmed, reprinted, gone })
    }

    /// Of the labels that a printer was sent: those up to a number that are unknown, and those after it, in their order.
    fn after(
        &self,
        printer: &str,
        last: RunningNumber,
    ) -> Result<(Vec<Print>, Vec<RunningNumber>), PersonError> {
        self.latest(last)?;
        let (mut confirm, mut again) = (Vec::new(), Vec::new());
        for print in self.sent_to(printer, last)? {
            let side = if print.number.position <= last.position { Side::Before } else { Side::From };
            match decide(side, print.state) {
                // What is being sent at this moment is nobody's to decide.
                Decision::Confirm if print.state == State::Unknown => confirm.push(print),
                Decision::PrintAgain if print.state != State::Sending => again.push(print.number),
                _ => {}
            }
        }
        again.sort_unstable();
        Ok((confirm, again))
    }

    /// Makes the masked preview of a label that was asked for before. `done` gets it.
    ///
    /// # Errors
    /// [`PersonError::OrderGone`]; then `done` is not called.
    pub fn preview_again(
        &self,
        number: RunningNumber,
        done: impl FnOnce(Result<Picture, LabelError>) + Send + 'static,
    ) -> Result<(), PersonError> {
        let (label, _) = self.kept.get(number).ok_or(PersonError::OrderGone)?;
        self.preview((*label).clone(), done);
        Ok(())
    }

    /// Whether a label could be printed again.
    #[must_use]
    pub fn has_order(&self, number: RunningNumber) -> bool {
        self.kept.get(number).is_some()
    }

    /// The latest copy of a label.
    ///
    /// # Errors
    /// [`PersonError::UnknownLabel`], [`PersonError::Journal`].
    pub fn latest(&self, number: RunningNumber) -> Result<Print, PersonError> {
        let reader = self.book.journal().reader();
        let batch = reader.numbered(number.batch)?.ok_or(PersonError::UnknownLabel)?;
        let before = PrintId { position: number.position.saturating_sub(1), copy: u32::MAX };
        let found = reader.latest(batch.id, Some(before), 1)?.pop();
        found.filter(|print| print.number == number).ok_or(PersonError::UnknownLabel)
    }

    /// The latest copies of the labels of a batch that were sent to a printer.
    fn sent_to(&self, printer: &str, of: RunningNumber) -> Result<Vec<Print>, JournalError> {
        let mut found: Vec<Print> = Vec::new();
        let mut after = None;
        loop {
            let search =
                Search { printer: Some(printer), day: Some(of.batch.day), after, ..Search::default() };
            let chunk = self.book.journal().reader().search(&search, CHUNK)?;
            let Some(end) = chunk.last() else { return Ok(found) };
            after = Some((end.number, end.id.copy));
            for print in chunk {
                let newer = found.last().is_some_and(|newer| newer.number == print.number);
                if print.number.batch == of.batch && !newer {
                    found.push(print);
                }
            }
        }
    }

    fn say(&self, print: &Print, verdict: Verdict, reason: &str, operator: &str) -> Result<(), PersonError> {
        let journal = self.book.journal();
        let batch = journal.reader().numbered(print.number.batch)?.ok_or(PersonError::UnknownLabel)?;
        let settled =
            journal.settle(batch.id, &[print.id], verdict, operator, reason, (self.options.clock)());
        settled.map_err(|error| match error {
            // Somebody was faster.
            JournalError::BadTransition { .. } => PersonError::NotUnknown,
            error => PersonError::Journal(error),
        })
    }
}
