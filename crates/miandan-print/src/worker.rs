//! One worker: a thread with a component of its own, which turns blocks of orders into labels.
//!
//! When a component dies over a block, the block is asked for again order by order in a fresh one.
//! An order over which a component dies twice more, alone, is answered with `INTERNAL`; every other order of the block
//! is printed.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, PoisonError};

use miandan_core::Code;
use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, LabelSize, Purpose, Resolution};
use miandan_core::pipe::{
    Failure, MAX_BLOCK, PipeError, Ready, RenderLabel, Request, StateAnswer, TemplateKind, TemplateReady,
};

use crate::component::{Component, FontError, StartError, TemplateError};
use crate::dispenser::{Block, Dispenser};
use crate::options::ComponentOptions;
use crate::orders::Orders;
use crate::planned::Planned;

/// What all workers of a batch share.
pub(crate) struct Job<'a> {
    pub(crate) orders: &'a Orders,
    pub(crate) component: &'a ComponentOptions,
    pub(crate) template: &'a [u8],
    pub(crate) fonts: &'a [Vec<u8>],
    pub(crate) format: Format,
    pub(crate) resolution: Resolution,
    pub(crate) purpose: Purpose,
    pub(crate) missing: MissingGlyph,
    pub(crate) now: u64,
    pub(crate) planned: Planned<'a>,
    pub(crate) cancel: Option<&'a AtomicBool>,
    pub(crate) dispenser: Dispenser,
    pub(crate) spares: Spares,
    /// Workers for which a service may have no place, and how many of them it had none for.
    pub(crate) workers: usize,
    pub(crate) turned_away: AtomicUsize,
}

impl Job<'_> {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }

    /// Notes that a service has no place for a worker, and answers whether it has one for any. What the others cannot do
    /// all of them do more slowly.
    fn others_work(&self) -> bool {
        self.turned_away.fetch_add(1, Ordering::Relaxed) + 1 < self.workers
    }
}

/// What a worker tells the thread that writes.
pub(crate) enum Message {
    /// A component is locked and has accepted the template.
    Started(Ready, StateAnswer, TemplateReady),
    /// A block is done: its number and its labels in order.
    Block(usize, Vec<Piece>),
    /// The worker cannot go on, and neither can the batch.
    Failed(WorkerError),
}

/// A part of a block.
pub(crate) enum Piece {
    /// A frame with labels, as it came from the component.
    Frame(Vec<u8>),
    /// One label that could not be made.
    Failed(Failure),
}

/// Why a worker cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkerError {
    #[error(transparent)]
    Start(#[from] StartError),
    /// The service has no place for this worker; others have theirs.
    #[error("the print service has no place")]
    Turned,
    #[error("font {0}: {1}")]
    Font(usize, FontError),
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error("the orders cannot be read: {0}")]
    Orders(io::Error),
}

/// Buffers of answers that have been written, to be used again.
#[derive(Default)]
pub(crate) struct Spares(Mutex<Vec<Vec<u8>>>);

impl Spares {
    pub(crate) fn put(&self, buffer: Vec<u8>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
    }

    fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

/// Works until there are no more blocks, and answers the component if it is still alive.
pub(crate) fn run(job: &Job<'_>, messages: &SyncSender<Message>) -> Option<Component> {
    match work(job, messages) {
        Ok(component) => Some(component),
        Err(WorkerError::Turned) => None,
        Err(error) => {
            job.dispenser.stop();
            // Nobody listens any more if the batch has already failed for another reason.
            let _ = messages.send(Message::Failed(error));
            None
        }
    }
}

fn work(job: &Job<'_>, messages: &SyncSender<Message>) -> Result<Component, WorkerError> {
    let Started { mut component, state, template } = match start(job) {
        Err(WorkerError::Start(StartError::Refused { code: Code::Limit, .. })) if job.others_work() => {
            return Err(WorkerError::Turned);
        }
        started => started?,
    };
    let _ = messages.send(Message::Started(component.ready().clone(), state, template));
    let mut lines = Vec::new();
    let most = most_labels(job.format, template.size);
    while let Some(Block { number, labels }) = job.dispenser.take(most) {
        let planned = labels.map(|place| job.planned.label(place));
        let orders = planned.clone().map(|label| label.order as usize);
        let lines_of = job.orders.read(orders, &mut lines).map_err(WorkerError::Orders)?;
        let labels: Vec<_> = planned
            .zip(lines_of)
            .map(|(label, line)| RenderLabel::sealed(label.stamp, &lines[line]))
            .collect();
        let pieces = match ask(job, &mut component, labels.clone()) {
            Ok(frame) => vec![Piece::Frame(frame)],
            // What is cancelled needs no other component.
            Err(_) if job.is_cancelled() => break,
            Err(_) => one_by_one(job, &mut component, &labels)?,
        };
        if messages.send(Message::Block(number, pieces)).is_err() {
            break;
        }
    }
    Ok(component)
}

/// The most bytes of pictures that are asked for at once. Pages of a label that flows come on top.
const PICTURES_AT_ONCE: usize = 2 << 20;

/// How many labels are asked for at once: where a label is a picture of a hundred kilobytes, fewer, so that the memory of a
/// batch does not depend on what it is printed with.
pub(crate) fn most_labels(format: Format, size: LabelSize) -> usize {
    match format {
        Format::Pdf | Format::Png | Format::Frame => MAX_BLOCK,
        Format::Printer(profile) => PICTURES_AT_ONCE / profile.most_bytes(size),
    }
}

/// A component that has answered all that is asked before the first label.
struct Started {
    component: Component,
    state: StateAnswer,
    template: TemplateReady,
}

/// Starts a component and hands it the fonts and the template. One that dies on the way is not yet a reason to give up a batch.
fn start(job: &Job<'_>) -> Result<Started, WorkerError> {
    match start_once(job) {
        Err(
            WorkerError::Start(StartError::Died { .. })
            | WorkerError::Font(_, FontError::Died(_))
            | WorkerError::Template(TemplateError::Died(_)),
        ) => start_once(job),
        started => started,
    }
}

fn start_once(job: &Job<'_>) -> Result<Started, WorkerError> {
    let mut component = Component::start(job.component)?;
    let state = component.state(job.now).map_err(|_| StartError::Died { said: String::new() })?;
    for (place, font) in job.fonts.iter().enumerate() {
        component.font(font).map_err(|error| WorkerError::Font(place, error))?;
    }
    let template = component.template(TemplateKind::Waybill, job.template)?;
    Ok(Started { component, state, template })
}

fn ask(job: &Job<'_>, component: &mut Component, labels: Vec<RenderLabel<'_>>) -> Result<Vec<u8>, PipeError> {
    let Job { format, resolution, purpose, missing, now, .. } = *job;
    let request = Request::Render { template: 0, format, resolution, purpose, missing, now, labels };
    component.render(&request, job.spares.take())
}

fn one_by_one(
    job: &Job<'_>,
    component: &mut Component,
    labels: &[RenderLabel<'_>],
) -> Result<Vec<Piece>, WorkerError> {
    let mut pieces = Vec::with_capacity(labels.len());
    *component = start(job)?.component;
    for label in labels {
        let mut deaths = 0;
        pieces.push(loop {
            match ask(job, component, vec![label.clone()]) {
                Ok(frame) => break Piece::Frame(frame),
                Err(_) => *component = start(job)?.component,
            }
            deaths += 1;
            if deaths == 2 {
                break Piece::Failed(Failure::from(Code::Internal));
            }
        });
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use miandan_core::printer::{Graphics, Language, Profile};

    #[test]
    fn blocks_of_pictures_are_small_but_never_empty() {
        let plain = Profile::plain(Language::Tspl, Resolution::Dpi203, 832);
        let hex =
            Profile { graphics: Graphics::Hex, ..Profile::plain(Language::Zpl, Resolution::Dpi300, 1248) };
        for (format, size, most) in [
            (Format::Pdf, LabelSize::millimetres(100, 180), MAX_BLOCK),
            (Format::Printer(plain), LabelSize::millimetres(76, 130), 26),
            (Format::Printer(hex), LabelSize::millimetres(100, 180), 3),
            (Format::Printer(hex), LabelSize::millimetres(1000, 1000), 0),
        ] {
            assert_eq!(most_labels(format, size), most, "{size:?}");
        }
    }
}
