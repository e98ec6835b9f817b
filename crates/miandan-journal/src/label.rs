//! What a batch is made of: orders, as far as a journal may know them, and the physical labels that were made of each.
//!
//! Nothing here is personal: no name, no phone, no address. What an operator types as a reason or as their name is the
//! one thing that could be, and is theirs to mind.

use std::sync::Arc;

use crate::state::{Rung, State};
use crate::text;
use crate::{JournalError, event};
use miandan_core::number::{BatchNumber, RunningNumber};

/// Which label of which parcel, whatever is on it: what must not be printed twice unmarked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelKey {
    /// The carrier's code.
    pub carrier: String,
    /// The waybill number.
    pub waybill: String,
    /// Which parcel of the order, 0 if it does not say.
    pub parcel: u32,
}

/// An order that a batch is planned with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLabel {
    /// What must not be printed twice.
    pub key: LabelKey,
    /// The order's id at its issuer.
    pub order_id: String,
    /// The issuer's identity of the order, by which prints are counted ([`crate::Reader::prints`]).
    pub identity: [u8; 32],
    /// A hash over what is not personal and would be on the label: the same key with another one is a conflict.
    pub content: [u8; 32],
}

/// A batch, as it was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The batch in this journal. Means nothing to people and nothing in another journal.
    pub id: BatchId,
    /// Its number.
    pub number: BatchNumber,
    /// What a person called it.
    pub name: Option<String>,
    /// How many labels it has, reprints not counted.
    /// Of a batch that several stations share ([`Journal::join`](crate::Journal::join)) it is the highest place of this one's.
    pub count: u32,
    /// When it was planned, in seconds since 1970.
    pub planned: u64,
}

/// A batch of one journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BatchId(pub(crate) i64);

/// A physical label of a batch: a place, and which copy of the label there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PrintId {
    /// The place in the batch, from 1.
    pub position: u32,
    /// 0 for the first print, `n` for 补打 `n`.
    pub copy: u32,
}

/// What a machine says of a physical label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Its bytes were made.
    Rendered {
        /// SHA-256 of them.
        bytes: [u8; 32],
    },
    /// It is about to be sent. Recorded, and durable, before the first byte leaves.
    Sending {
        /// Where to: a name, never an address with a password in it.
        printer: Arc<str>,
        /// SHA-256 of what is sent.
        bytes: [u8; 32],
        /// Whether the printer can say that it printed. If it cannot, `sent` is final; if it can and does not, the label
        /// becomes `unknown` when the batch is next opened.
        answers: bool,
    },
    /// All bytes were taken.
    Sent,
    /// The printer, or what is behind it, says that it was printed.
    Confirmed {
        /// What said so. Not one of a person's: for these there is [`crate::Journal::settle`].
        rung: Rung,
    },
    /// It may have reached the printer.
    Unknown {
        /// Why nobody can tell.
        reason: String,
    },
    /// Surely nothing reached the printer.
    Failed {
        /// What failed.
        reason: String,
    },
}

/// What a person says of a label that is `unknown`, or that they scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They saw it printed.
    Printed,
    /// It was scanned.
    Scanned,
    /// It was surely not printed, and may be sent again.
    NotPrinted,
}

/// A physical label, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    /// Which.
    pub id: PrintId,
    /// The number that is on it.
    pub number: RunningNumber,
    /// Of which order.
    pub key: LabelKey,
    /// How far it came.
    pub state: State,
    /// How often it was sent, or begun to be.
    pub attempts: u32,
    /// Where it was sent last.
    pub printer: Option<String>,
    /// What confirmed it.
    pub rung: Option<Rung>,
    /// Why it is in this state, or why it was made.
    pub reason: Option<String>,
    /// When that was, in seconds since 1970.
    pub changed: u64,
}

/// What the journal has of an order that is to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    New,
    /// The same label, in a batch already: to be refused, with when and where. Ask [`Earlier::state`] whether it may be
    /// on paper or waits in a batch that was not finished.
    Printed(Earlier),
    /// The same waybill and parcel, with something else on the label.
    Conflict(Earlier),
}

/// Where an order stands in the journal already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its number.
    pub number: RunningNumber,
    /// When the state was reached, in seconds since 1970.
    pub when: u64,
    /// Where it was sent last, if it was.
    pub printer: Option<String>,
    /// How far its latest copy came.
    pub state: State,
    /// How many reprints there are.
    pub copies: u32,
}

impl NewLabel {
    /// Whether a batch may be planned with it: [`Journal::plan`](crate::Journal::plan) refuses a batch as a whole.
    ///
    /// # Errors
    ///
    /// [`JournalError::Text`] for a carrier, waybill number or order id that is too long or would do something where it is
    /// shown.
    pub fn check(&self) -> Result<(), JournalError> {
        text::check(text::CARRIER, &self.key.carrier)?;
        text::check(text::WAYBILL, &self.key.waybill)?;
        text::check(text::ORDER, &self.order_id)
    }

    pub(crate) fn event(&self, batch: BatchId, print: PrintId, now: u64) -> event::Event<'_> {
        event::Event {
            carrier: Some(&self.key.carrier),
            waybill: Some(&self.key.waybill),
            parcel: Some(self.key.parcel.into()),
            order_id: Some(&self.order_id),
            identity: Some(&self.identity),
            content: Some(&self.content),
            ..event::Event::of(event::Kind::Label, batch, now).print(print)
        }
    }
}

impl PrintId {
    /// The first print of a place.
    #[must_use]
    pub const fn first(position: u32) -> Self {
        PrintId { position, copy: 0 }
    }
}

impl Transition {
    /// The state that it leads to.
    #[must_use]
    pub const fn to(&self) -> State {
        match self {
            Transition::Rendered { .. } => State::Rendered,
            Transition::Sending { .. } => State::Sending,
            Transition::Sent => State::Sent,
            Transition::Confirmed { .. } => State::Confirmed,
            Transition::Unknown { .. } => State::Unknown,
            Transition::Failed { .. } => State::Failed,
        }
    }

    pub(crate) fn check(&self) -> Result<(), JournalError> {
        match self {
            Transition::Sending { printer, .. } => text::check(text::PRINTER, printer),
            Transition::Unknown { reason } | Transition::Failed { reason } => {
                text::check(text::REASON, reason)
            }
            Transition::Rendered { .. } | Transition::Sent | Transition::Confirmed { .. } => Ok(()),
        }
    }

    pub(crate) fn event(&self, batch: BatchId, print: PrintId, now: u64) -> event::Event<'_> {
        let event = event::Event::of(event::Kind::Change(self.to()), batch, now).print(print);
        match self {
            Transition::Rendered { bytes } => event::Event { bytes: Some(bytes), ..event },
            Transition::Sending { printer, bytes, answers } => event::Event {
                printer: Some(printer),
                bytes: Some(bytes),
                answers: Some(i64::from(*answers)),
                ..event
            },
            Transition::Sent => event,
            Transition::Confirmed { rung } => event::Event { rung: Some(rung.as_str()), ..event },
            Transition::Unknown { reason } | Transition::Failed { reason } => {
                event::Event { reason: Some(reason), ..event }
            }
        }
    }
}
