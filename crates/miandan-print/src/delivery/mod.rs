//! Labels onto printers, through the journal: what a batch is when paper comes out of it.
//!
//! Every label is in the journal as `sending`, on the disk, before its first byte leaves, and one label at a time is with a
//! printer. What may have reached it is `unknown` and never sent again from here; what surely did not is tried again for
//! as long as the caller has patience.
//!
//! It makes no labels ([`Batch`] does), plans none ([`work`](crate::work) and the journal do) and decides nothing that is a
//! person's to decide.
//!
//! ```no_run
//! use std::sync::atomic::AtomicBool;
//! use std::time::Duration;
//! use miandan_journal::{Journal, PrintId};
//! use miandan_print::delivery::{Delivery, Printer};
//! use miandan_print::{Batch, PlannedLabel};
//! # fn deliver<'a>(batch: &mut Batch<'a>, planned: &'a [PlannedLabel], prints: &[PrintId], number: &str) -> Result<(), Box<dyn std::error::Error>> {
//! # let now = 0;
//! let journal = Journal::open("journal.db".as_ref())?;
//! let open = journal.open_batch(journal.reader().find(number)?.id, now)?;
//! let printer = Printer::open("socket://192.0.2.7", miandan_print::printer::find_profile("tsc").expect("shipped").read()?)?;
//! batch.planned = Some(planned);
//! let delivery = Delivery {
//!     batch: &open,
//!     prints,
//!     printers: &[printer],
//!     clock: &|| 1_794_355_200,
//!     stop: &AtomicBool::new(false),
//!     cancel: &AtomicBool::new(false),
//!     patience: Duration::from_secs(600),
//! };
//! let done = delivery.print(batch, &mut (), &())?;
//! println!("{} sent, {} unknown", done.sent, done.unknown);
//! # Ok(())
//! # }
//! ```

mod failures;
mod output;
mod printer;
mod queue;
mod stored;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use miandan_core::printer::Profile;
use miandan_device::Rung;
use miandan_journal::{JournalError, OpenBatch, PrintId, RunningNumber};

use crate::batch::{Batch, Observer, PrintError, Summary};
use output::QueueOutput;
use queue::Queue;

pub use failures::RecordFailures;
pub use miandan_device::Why;
pub use printer::{Printer, PrinterError};
pub use stored::{Journaled, When};

/// Labels of one batch on their way to one printer, or to several that share them.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The batch in the journal.
    pub batch: &'a OpenBatch,
    /// Which label of it stands at each place of [`Batch::planned`].
    pub prints: &'a [PrintId],
    /// Where labels go: to whichever is free. All print the same bytes, so their profiles must be equal.
    pub printers: &'a [Printer],
    /// What time it is, in seconds since 1970, for the journal.
    pub clock: &'a (dyn Fn() -> u64 + Sync),
    /// Set when no further label is to be begun: those in flight are finished.
    pub stop: &'a AtomicBool,
    /// Set when not even those in flight are waited for: they are `unknown` then.
    pub cancel: &'a AtomicBool,
    /// How long a printer that takes nothing is waited for.
    pub patience: Duration,
}

/// What became of the labels of a delivery.
#[derive(Clone, Debug, Default)]
pub struct Delivered {
    /// What came of making them.
    pub made: Summary,
    /// Labels whose bytes were taken, confirmed or not.
    pub sent: usize,
    /// Those of them of which something better than taken bytes says that they were printed.
    pub confirmed: usize,
    /// Labels that may be on paper, and nobody can tell.
    pub unknown: usize,
    /// Labels that surely are not on paper and wait for the batch to be resumed.
    pub left: usize,
    /// Printers that take nothing any more, by their place, and why.
    pub stopped: Vec<(usize, Stopped)>,
}

/// Why a printer gets no more labels of this batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A label may be on paper: a person has to look before anything else is sent.
    Unknown(RunningNumber, Why),
    /// It takes nothing, and patience is at its end.
    Unavailable(Why),
}

/// What happens to a label or a printer, as it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A label is being sent.
    Sending(PrintId),
    /// Its bytes were taken; with what confirms more than that.
    Sent(PrintId, Option<Rung>),
    /// It may have been printed.
    Unknown(PrintId, Why),
    /// Nothing of it was sent; it is tried again after so long.
    Waiting(PrintId, Why, Duration),
    /// The printer gets no more labels.
    Stopped(Stopped),
}

/// Who wants to know how a delivery goes on; `()` wants to know nothing. Printers tell it from threads of their own.
pub trait DeliveryObserver: Sync {
    /// Something happened at the printer of this place.
    fn event(&self, printer: usize, event: &Event) {
        let _ = (printer, event);
    }
}

impl DeliveryObserver for () {}

/// Why a delivery ended before its end. What was sent until then is in the journal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// The labels could not be made.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// The journal cannot be written, so nothing more was sent.
    #[error("the journal cannot be written: {0}")]
    Journal(#[from] JournalError),
    /// There is no printer, or they do not print the same bytes.
    #[error("printers that share labels need the same profile")]
    Profiles,
    /// The plan and the labels of the journal are not of one length.
    #[error("{planned} labels are planned and {prints} are in the journal")]
    Length {
        /// Labels of the plan.
        planned: usize,
        /// Labels of the journal.
        prints: usize,
    },
}

impl Delivery<'_> {
    /// The profile that labels are made for.
    fn profile(&self) -> Result<Profile, DeliveryError> {
        let mut profiles = self.printers.iter().map(|printer| printer.profile);
        let first = profiles.next().ok_or(DeliveryError::Profiles)?;
        if profiles.all(|profile| profile == first) { Ok(first) } else { Err(DeliveryError::Profiles) }
    }

    /// Makes the labels of a batch and sends each of them once.
    ///
    /// # Errors
    /// [`DeliveryError`]. A printer that stops is none: it is in what is answered.
    pub fn print(
        &self,
        batch: &Batch<'_>,
        observer: &mut dyn Observer,
        events: &dyn DeliveryObserver,
    ) -> Result<Delivered, DeliveryError> {
        let profile = self.profile()?;
        let planned = batch.planned.map_or(0, <[_]>::len);
        if planned != self.prints.len() {
            return Err(DeliveryError::Length { planned, prints: self.prints.len() });
        }
        let queue = Queue::new(self.printers.len());
        let delivered = Mutex::new(Delivered::default());
        let mut recording = RecordFailures::new(self.batch, self.prints, self.clock, observer);
        let printed = thread::scope(|scope| {
            for (place, printer) in self.printers.iter().enumerate() {
                let (queue, delivered) = (&queue, &delivered);
                scope.spawn(move || printer::run(self, place, printer, queue, delivered, events));
            }
            let printed = batch.print(QueueOutput::new(self, profile, &queue), &mut recording);
            queue.close();
            printed
        });
        let recorded = recording.finish();
        let mut delivered = delivered.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(error) = queue.failure().or(recorded.err()) {
            return Err(DeliveryError::Journal(error));
        }
        match printed {
            Ok(made) => delivered.made = made,
            // Nobody took labels any more: what there is to say of it is said of the printers, or was the caller's wish.
            Err(PrintError::Output(_) | PrintError::Cancelled)
                if queue.nobody_takes() || self.is_stopping() => {}
            Err(error) => return Err(DeliveryError::Print(error)),
        }
        let settled = delivered.sent + delivered.unknown + delivered.made.failed;
        delivered.left = self.prints.len().saturating_sub(settled);
        Ok(delivered)
    }

    fn is_stopping(&self) -> bool {
        use std::sync::atomic::Ordering::Relaxed;
        self.stop.load(Relaxed) || self.cancel.load(Relaxed)
    }
}
