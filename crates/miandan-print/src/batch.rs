//! A batch: many workers on one side, one output on the other, and the order of the labels kept between them.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, LabelNumber, Purpose, Resolution};
use miandan_core::pipe::{Answer, FaceUse, Failure, LabelAnswer, Ready, StateAnswer, Warnings};
use miandan_core::printer::FitError;

use crate::component::{Component, FontError, StartError, TemplateError};
use crate::dispenser::Dispenser;
use crate::options::ComponentOptions;
use crate::orders::Orders;
use crate::output::{Output, OutputError};
use crate::planned::{Planned, PlannedLabel};
use crate::state;
use crate::worker::{self, Job, Message, Piece, Spares, WorkerError};

/// How soon a batch that waits for its components notices that it is cancelled.
const ATTENTION: Duration = Duration::from_millis(50);

/// A batch of sealed orders to be printed with one template.
#[derive(Clone, Debug)]
pub struct Batch<'a> {
    orders: &'a Orders,
    component: &'a ComponentOptions,
    template: &'a [u8],
    /// Font files whose characters are drawn where the bundled typeface lacks them, in this order; none.
    pub fonts: Vec<Vec<u8>>,
    /// What stands for a character that no font has.
    pub missing: MissingGlyph,
    /// The dot grid for which symbols are drawn; for a printer, that of its profile counts.
    pub resolution: Resolution,
    /// Whether the labels are printed or only looked at.
    pub purpose: Purpose,
    /// Seconds since 1970: what expiry is measured against.
    pub now: u64,
    /// When these labels were printed first, in seconds since 1970, as templates show it; `now` unless somebody knows
    /// better. A label that is printed again with its first time is the same label. A plan has a time for each label, and
    /// this one does not count then.
    pub printed_at: Option<u64>,
    /// Which labels are printed, in this order, with what each carries; every order of the input once if there is no plan,
    /// without a running number. A plan may leave orders out, and may name one twice.
    pub planned: Option<&'a [PlannedLabel]>,
    /// How many components work side by side, at least one. The output does not depend on it.
    pub workers: usize,
    /// Somebody may set this while the batch is printed: it then ends with [`PrintError::Cancelled`].
    pub cancel: Option<&'a AtomicBool>,
}

/// What came of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Labels made.
    pub done: usize,
    /// Pages of them all.
    pub pages: usize,
    /// Orders without a label.
    pub failed: usize,
    /// Labels, of those made, about which a person should know something.
    pub warned: usize,
    /// What the first component said of itself and its sandbox.
    pub ready: Ready,
}

/// What came of one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelOutcome {
    /// Its place among the labels that are printed now, from 1, and how many those are. With a plan it is the place in
    /// [`Batch::planned`], not the number that the label shows.
    pub number: LabelNumber,
    /// The size of the label in bytes, or why there is none.
    pub result: Result<usize, Failure>,
    /// What a person should know about the fields of the label: those that were hidden whole because they could not be
    /// understood, and the like. None where there is no label.
    pub warnings: Warnings,
}

/// Who wants to know how a batch goes on. Every method may be left out; `()` wants to know nothing.
pub trait Observer {
    /// The first component is locked and has accepted the template.
    ///
    /// `state` says what the component knows of time and of withdrawals; it has been kept if there is a place for it.
    fn ready(&mut self, ready: &Ready, state: &StateAnswer) {
        let _ = (ready, state);
    }

    /// What the component remembers could not be kept in [`ComponentOptions::state`]. The batch goes on; the next one
    /// will not know of it.
    fn state_lost(&mut self, error: &io::Error) {
        let _ = error;
    }

    /// A label has been dealt with; called in the order in which they are printed, that of the input or of the plan.
    fn label(&mut self, label: &LabelOutcome) {
        let _ = label;
    }
}

impl Observer for () {}

/// Why a batch could not be printed. Orders that fail one by one are no such error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// No component could be started.
    #[error(transparent)]
    Start(StartError),
    /// A font was refused.
    #[error("font {place}: {error}")]
    Font {
        /// Which of [`Batch::fonts`], from 0.
        place: usize,
        /// Why.
        error: FontError,
    },
    /// The template was refused.
    #[error(transparent)]
    Template(TemplateError),
    /// The printer cannot print labels of this size. Nothing was written.
    #[error(transparent)]
    Printer(FitError),
    /// The plan names an order that the input does not have. Nothing was started.
    #[error("label {place} of the plan is of an order that the input does not have")]
    UnknownOrder {
        /// Which of [`Batch::planned`], from 0.
        place: usize,
    },
    /// The orders could be read at first and now cannot.
    #[error("the orders cannot be read: {0}")]
    Orders(io::Error),
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Components made every label, but none lived to finish the fonts, or an answer made no sense.
    #[error("the print component broke the conversation")]
    Component,
    /// [`Batch::cancel`] was set before every label was made.
    #[error("the batch was cancelled")]
    Cancelled,
}

impl From<WorkerError> for PrintError {
    fn from(error: WorkerError) -> Self {
        match error {
            WorkerError::Start(error) => PrintError::Start(error),
            WorkerError::Turned => PrintError::Component,
            WorkerError::Font(place, error) => PrintError::Font { place, error },
            WorkerError::Template(error) => PrintError::Template(error),
            WorkerError::Orders(error) => PrintError::Orders(error),
        }
    }
}

impl<'a> Batch<'a> {
    /// A batch at 203 dpi, with one worker for each processor and at time 0, which the caller replaces.
    #[must_use]
    pub fn new(orders: &'a Orders, component: &'a ComponentOptions, template: &'a [u8]) -> Self {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        Batch {
            orders,
            component,
            template,
            fonts: Vec::new(),
            missing: MissingGlyph::default(),
            resolution: Resolution::default(),
            purpose: Purpose::default(),
            now: 0,
            printed_at: None,
            planned: None,
            workers,
            cancel: None,
        }
    }

    /// Prints the batch. Orders that cannot be printed are told to the observer and left out.
    ///
    /// # Errors
    /// [`PrintError`]. The output is then given up: nothing half-written stands under its final name.
    pub fn print<O: Output>(
        &self,
        mut output: O,
        observer: &mut dyn Observer,
    ) -> Result<Summary, PrintError> {
        let planned = match self.planned {
            Some(labels) => Planned::These(labels),
            None => Planned::All {
                orders: self.orders.len() as u32,
                printed_at: self.printed_at.unwrap_or(self.now),
            },
        };
        if let Some(place) = planned.without_order(self.orders.len()) {
            return Err(PrintError::UnknownOrder { place });
        }
        // More workers than blocks would only cost starts; nobody wants to type a passphrase for each.
        let most = if self.component.ask_passphrase { 1 } else { planned.len().div_ceil(8) };
        let workers = self.workers.clamp(1, most.max(1));
        let format = output.format();
        let job = Job {
            orders: self.orders,
            component: self.component,
            template: self.template,
            fonts: &self.fonts,
            missing: self.missing,
            format,
            resolution: match format {
                Format::Printer(profile) => profile.resolution,
                Format::Pdf | Format::Png | Format::Frame => self.resolution,
            },
            purpose: self.purpose,
            now: self.now,
            planned,
            cancel: self.cancel,
            dispenser: Dispenser::new(planned.len(), workers),
            spares: Spares::default(),
            workers,
            turned_away: AtomicUsize::new(0),
        };
        thread::scope(|scope| {
            let (sender, messages) = mpsc::sync_channel(workers);
            let workers: Vec<_> = (0..workers)
                .map(|_| {
                    let (job, sender) = (&job, sender.clone());
                    scope.spawn(move || worker::run(job, &sender))
                })
                .collect();
            drop(sender);
            let collected = self.collect(&job, messages, &mut output, observer);
            job.dispenser.stop();
            // A batch that has failed gives its output up at once; a component that hangs may take its time to end.
            let finished = match collected {
                Ok((summary, used)) => Ok((summary, used, output)),
                Err(error) => {
                    drop(output);
                    Err(error)
                }
            };
            let component = workers.into_iter().filter_map(|worker| worker.join().ok().flatten()).next();
            let (summary, used, output) = finished?;
            // A PDF without pages is no PDF: where no label was made, nothing is written.
            if summary.done > 0 {
                self.finish(output, component, used)?;
            }
            Ok(summary)
        })
    }

    /// Writes blocks in their order as they come, whichever worker was first.
    fn collect(
        &self,
        job: &Job<'_>,
        messages: Receiver<Message>,
        output: &mut impl Output,
        observer: &mut dyn Observer,
    ) -> Result<(Summary, Used), PrintError> {
        let mut summary = Summary::default();
        let mut used = Used::default();
        let mut waiting = BTreeMap::new();
        let mut next_block = 0;
        let mut started = false;
        loop {
            if job.is_cancelled() {
                return Err(PrintError::Cancelled);
            }
            let message = match messages.recv_timeout(ATTENTION) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            match message {
                Message::Started(ready, state, template) if !started => {
                    started = true;
                    if let Some(path) = &self.component.state
                        && let Err(error) = state::keep(path, &state.state)
                    {
                        observer.state_lost(&error);
                    }
                    observer.ready(&ready, &state);
                    if let Format::Printer(profile) = job.format {
                        profile.fits(template.size).map_err(PrintError::Printer)?;
                    }
                    output.begin(template.size)?;
                    summary.ready = ready;
                }
                Message::Started(..) => {}
                Message::Failed(error) => return Err(error.into()),
                Message::Block(number, pieces) => {
                    waiting.insert(number, pieces);
                }
            }
            while let Some(pieces) = waiting.remove(&next_block) {
                for piece in pieces {
                    self.write(job, piece, &mut summary, &mut used, output, observer)?;
                }
                job.dispenser.written();
                next_block += 1;
            }
        }
        if summary.done + summary.failed == job.planned.len() {
            Ok((summary, used))
        } else {
            Err(PrintError::Component)
        }
    }

    fn write(
        &self,
        job: &Job<'_>,
        piece: Piece,
        summary: &mut Summary,
        used: &mut Used,
        output: &mut impl Output,
        observer: &mut dyn Observer,
    ) -> Result<(), PrintError> {
        let mut tell = |summary: &mut Summary, result: Result<usize, Failure>, warnings: Warnings| {
            match result {
                Ok(_) => summary.done += 1,
                Err(_) => summary.failed += 1,
            }
            let index = (summary.done + summary.failed) as u32;
            let number = LabelNumber { index, count: job.planned.len() as u32 };
            summary.warned += usize::from(!warnings.is_empty());
            observer.label(&LabelOutcome { number, result, warnings });
        };
        let frame = match piece {
            Piece::Failed(failure) => {
                tell(summary, Err(failure), Warnings::NONE);
                return Ok(());
            }
            Piece::Frame(frame) => frame,
        };
        let Ok(Answer::Labels { labels, used: drawn, forms, .. }) = Answer::decode(frame[0], &frame[1..])
        else {
            return Err(PrintError::Component);
        };
        for form in forms {
            output.form(form)?;
        }
        for label in labels {
            match label {
                LabelAnswer::Done { label, warnings } => {
                    output.label((summary.done + summary.failed) as u32 + 1, label)?;
                    summary.pages += label.count();
                    tell(summary, Ok(label.length()), warnings);
                }
                LabelAnswer::Failed(failure) => tell(summary, Err(failure), Warnings::NONE),
            }
        }
        used.add(&drawn);
        job.spares.put(frame);
        Ok(())
    }

    fn finish(
        &self,
        output: impl Output,
        component: Option<Component>,
        used: Used,
    ) -> Result<(), PrintError> {
        let used = used.into_faces();
        if used.is_empty() {
            return Ok(output.finish(&[])?);
        }
        // A component may have died since its last block; a fresh one can do the same.
        if let Some(mut component) = component
            && let Ok(fonts) = component.fonts(used.clone())
        {
            return Ok(output.finish(&fonts)?);
        }
        let mut component = Component::start(self.component).map_err(PrintError::Start)?;
        let fonts = component.fonts(used).map_err(|_| PrintError::Component)?;
        Ok(output.finish(&fonts)?)
    }
}

/// The glyphs that were drawn, over all workers.
#[derive(Default)]
struct Used(BTreeMap<u8, Box<[u64; 1024]>>);

impl Used {
    fn add(&mut self, drawn: &[FaceUse]) {
        for face in drawn {
            let bits = self.0.entry(face.face).or_insert_with(|| Box::new([0; 1024]));
            for &cid in &face.cids {
                bits[usize::from(cid) / 64] |= 1 << (cid % 64);
            }
        }
    }

    fn into_faces(self) -> Vec<FaceUse> {
        let faces = self.0.into_iter().map(|(face, bits)| {
            let cids = (0..=u16::MAX).filter(|&cid| bits[usize::from(cid) / 64] >> (cid % 64) & 1 == 1);
            FaceUse { face, cids: cids.collect() }
        });
        faces.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_union_of_glyphs_does_not_depend_on_the_order_of_answers() {
        let one = FaceUse { face: 1, cids: vec![7, 65535] };
        let two = FaceUse { face: 0, cids: vec![3] };
        let three = FaceUse { face: 1, cids: vec![0, 7] };
        let (mut forward, mut backward) = (Used::default(), Used::default());
        forward.add(&[one.clone(), two.clone(), three.clone()]);
        backward.add(&[three, two.clone(), one]);
        let faces = forward.into_faces();
        assert_eq!(faces, backward.into_faces());
        assert_eq!(faces, [two, FaceUse { face: 1, cids: vec![0, 7, 65535] }]);
    }
}
