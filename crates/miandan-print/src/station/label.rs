//! What a station is asked to print, and what it says of it.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use miandan_core::Code;
use miandan_core::label::{LabelNumber, LabelSize};
use miandan_core::pipe::{Failure, TemplateKind, Warnings};
use miandan_core::printer::FitError;
use miandan_device::{Rung, Why};
use miandan_journal::{Earlier, JournalError, NewLabel, RunningNumber};
use miandan_render::template::Problem;
use miandan_seal::encoding::sha256;

use crate::orders::Orders;

/// A template that labels are made with. Components know it by its content: two files with the same one are one.
#[derive(Clone, PartialEq, Eq)]
pub struct TemplateSource {
    kind: TemplateKind,
    bytes: Vec<u8>,
    hash: [u8; 32],
}

/// A label that is to be printed.
#[derive(Clone, Debug)]
pub struct LabelRequest {
    /// What it is made of.
    pub content: LabelContent,
    /// By which template.
    pub template: Arc<TemplateSource>,
    /// What is laid over the sender of a sealed order: JSON as somebody gave it. Only the component reads it.
    pub sender: Option<Personal>,
    /// What is drawn over the label.
    pub areas: Vec<AreaRequest>,
    /// Which label of how many it is, for `n/m`.
    pub number: LabelNumber,
    /// The running number that somebody has given it who numbers labels for several stations; the station gives it the next
    /// of its own otherwise. Numbers of batches from [`SHARED_FROM`](miandan_journal::SHARED_FROM) on do not meet those.
    pub running: Option<RunningNumber>,
}

/// What a label is made of.
#[derive(Clone, Debug)]
pub enum LabelContent {
    /// A sealed order: one JSON object.
    Sealed(Vec<u8>),
    /// Data in clear, and what the journal is to know of it: its key must be the same when it is printed again, and is not
    /// to be personal.
    Plain(Personal, NewLabel),
}

/// Something drawn over a label.
#[derive(Clone, Debug)]
pub struct AreaRequest {
    /// By which template.
    pub template: Arc<TemplateSource>,
    /// What it shows: JSON.
    pub data: Personal,
}

/// Text that may be personal and goes to a component as it is. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal(pub String);

/// What happens to a label, as it happens. The last one is [`Settled`](LabelEvent::Settled), of every label.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum LabelEvent {
    /// It has its number.
    Planned(RunningNumber),
    /// It is made, in so much time; with what a person should know about its fields.
    Made(Duration, Warnings),
    /// It is being sent.
    Sending,
    /// The printer takes nothing; it is tried again after so long.
    Waiting(Why, Duration),
    /// Nothing more becomes of it.
    Settled(Result<Option<Rung>, LabelError>),
}

/// Why a label was not printed, or may not have been.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// The component refused the order.
    #[error("{}", .0.code)]
    Refused(Failure),
    /// A template was refused: that of the label, or of the area at this place.
    #[error("{line}:{column}: {problem}")]
    Template {
        /// `TEMPLATE_REFUSED` or `FIELD_NOT_PRINTABLE`.
        code: Code,
        /// Which of the areas, or the label itself.
        area: Option<usize>,
        /// What is wrong.
        problem: Problem,
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
    },
    /// The template shows personal data, and the label is made of data in clear.
    #[error("the template shows personal fields, which come from sealed orders")]
    PersonalTemplate,
    /// The printer cannot print labels of this size.
    #[error(transparent)]
    Unfit(FitError),
    /// The journal has the label already.
    #[error("printed already, as {}", .0.number)]
    Duplicate(Earlier),
    /// It is being printed at this moment.
    #[error("it is being printed")]
    InFlight,
    /// The journal has the waybill with something else on the label.
    #[error("the same waybill was printed with other content, as {}", .0.number)]
    Conflict(Earlier),
    /// The running number that it came with is that of another label here.
    #[error("{0} is another label")]
    NumberTaken(RunningNumber),
    /// Its issuer allows so many prints, and there were so many.
    #[error("printed {most} times, which is all that its issuer allows")]
    UsedUp {
        /// How many.
        most: u32,
    },
    /// The printer takes nothing. Surely nothing of the label was sent.
    #[error("the printer takes nothing: {0}")]
    Printer(Why),
    /// The label may be on paper, and nobody can tell: a person has to look.
    #[error("it may have been printed: {0}")]
    Uncertain(Why),
    /// It waited for too long. Surely nothing of it was sent.
    #[error("it waited for too long")]
    Expired,
    /// The station ends, or cancelled it. Surely nothing of it was sent.
    #[error("the station is stopping")]
    Stopping,
    /// No component can be started; the station's log says why.
    #[error("no print component can be started")]
    Component,
    /// The journal cannot be written, so nothing was sent.
    #[error("the journal: {0}")]
    Journal(JournalError),
}

/// Who wants to know what becomes of labels. Called from threads of the station, which wait for it: it should be quick.
pub trait Watch: Send + Sync {
    /// Something happened to the label at this place of what was asked for, from 0.
    fn event(&self, place: usize, event: LabelEvent);
}

/// A label that was made to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// A PNG of each page.
    pub pages: Vec<Vec<u8>>,
    /// Its size.
    pub size: LabelSize,
}

impl LabelRequest {
    /// Sealed orders as labels of one template, in their order, as `n/m` of all of them.
    #[must_use]
    pub fn sealed(orders: Vec<Vec<u8>>, template: &Arc<TemplateSource>) -> Vec<Self> {
        let count = u32::try_from(orders.len()).unwrap_or(u32::MAX);
        let request = |(index, order)| LabelRequest {
            content: LabelContent::Sealed(order),
            template: Arc::clone(template),
            sender: None,
            areas: Vec::new(),
            number: LabelNumber { index, count },
            running: None,
        };
        (1..).zip(orders).map(request).collect()
    }

    /// The same of all orders of an input.
    ///
    /// # Errors
    /// If the orders could be read at first and now cannot.
    pub fn all_of(orders: &Orders, template: &Arc<TemplateSource>) -> io::Result<Vec<Self>> {
        let mut lines = Vec::new();
        let places = orders.read(0..orders.len(), &mut lines)?;
        Ok(Self::sealed(places.into_iter().map(|place| lines[place].to_vec()).collect(), template))
    }
}

impl TemplateSource {
    /// A template of a kind, as it came: UTF-8 XML.
    #[must_use]
    pub fn new(kind: TemplateKind, bytes: Vec<u8>) -> Self {
        let hash = sha256(&bytes);
        TemplateSource { kind, bytes, hash }
    }

    /// Of which data it is.
    #[must_use]
    pub fn kind(&self) -> TemplateKind {
        self.kind
    }

    /// The template.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What identifies it.
    pub(crate) fn id(&self) -> (TemplateKind, [u8; 32]) {
        (self.kind, self.hash)
    }
}

impl fmt::Debug for TemplateSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemplateSource").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}
