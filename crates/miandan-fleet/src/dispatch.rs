//! Dispatching: labels are claimed for the fleet and put into the queues of their printers.
//!
//! A label is claimed first and queued then. Who dies in between leaves a claim without a label; dispatching the same orders
//! again puts it into the queue that the claim names, where a label that is there twice is printed once. So dispatching again is
//! always safe, and mends whatever was left half done.
//!
//! Claims are made many at once. Into one queue labels are put one after the other, each when the one before is durable: a broker
//! that fails in between leaves no gap in the order of a printer.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::jetstream::Context;
use futures_util::{StreamExt, stream};
use miandan_core::number::{BatchNumber, Day, RunningNumber};
use miandan_journal::SHARED_FROM;
use miandan_seal::encoding::Hash;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;

use crate::FleetError;
use crate::claim::{Claim, LabelId};
use crate::connect::Hub;
use crate::job::Job;
use crate::place::Place;
use crate::report::{Outcome, Report, put};
use crate::streams::{FLEET, last, replace};

/// Claims that are being made at once.
const CLAIMS: usize = 256;

/// How long before something that failed is tried again.
const BREATH: Duration = Duration::from_millis(100);

/// A label that is to be dispatched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Which order of the input it is, for [`Dispatch::orders`].
    pub order: usize,
    /// What it is known by.
    pub id: LabelId,
    /// What stands on it, as a hash.
    pub content: Hash,
    /// Its place in the batch, from 1.
    pub position: u32,
    /// Its printer.
    pub to: Place,
}

/// What is dispatched.
pub struct Dispatch {
    /// The labels, in their order.
    pub labels: Vec<Label>,
    /// Of how many labels each is one, for `n/m`.
    pub count: u32,
    /// The template, by the name that stations know it by; each station's own otherwise.
    pub template: Option<String>,
    /// Reads an order.
    pub orders: Arc<dyn Fn(usize) -> io::Result<Vec<u8>> + Send + Sync>,
    /// What time it is, in seconds since 1970.
    pub now: u64,
    /// How long a broker that does not answer, or a queue that is full, is waited for.
    pub patience: Duration,
}

/// What became of a label that was to be dispatched.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fate {
    /// It is in the queue of a printer.
    Queued {
        /// Under this number.
        number: RunningNumber,
        /// Of this printer.
        to: Place,
        /// It was claimed before, under this number, and nothing had become of it yet.
        again: bool,
    },
    /// It was printed already.
    Printed(Report),
    /// It may be on paper: a person has to look before it is dispatched again.
    Doubtful(Report),
    /// The fleet has its waybill with something else on the label.
    Conflict {
        /// The label that the fleet has.
        number: RunningNumber,
        /// Where.
        to: Place,
    },
    /// It is claimed and not queued: dispatching it again puts it into the queue that its claim names.
    NotQueued {
        /// Under this number.
        number: RunningNumber,
        /// The printer that it was meant for.
        to: Place,
        /// Why.
        why: FleetError,
    },
    /// The order could be read at first and now cannot.
    Unreadable(io::Error),
}

/// A batch that was dispatched, as the broker keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its number.
    pub batch: String,
    /// How many labels it was to have.
    pub count: u32,
    /// When, in seconds since 1970.
    pub at: u64,
}

/// Takes the next number of a batch of the fleet: no two batches have one.
///
/// # Errors
/// All of the broker's; [`FleetError::Broker`] if the day has no more.
pub async fn next_number(hub: &Hub, now: u64, count: u32) -> Result<BatchNumber, FleetError> {
    let streams = hub.streams(None);
    let day = Day::of(now);
    let subject = format!("fleet.number.{day}");
    loop {
        let found = last(&streams, FLEET, &subject).await?;
        let (number, sequence) = match found {
            None => (SHARED_FROM, None),
            Some(found) => {
                let before =
                    std::str::from_utf8(&found.payload).ok().and_then(|text| text.parse::<u16>().ok());
                let before = before.ok_or_else(|| FleetError::Foreign(subject.clone()))?;
                let next = before.checked_add(1);
                (
                    next.ok_or_else(|| FleetError::Broker("the day has no more numbers".to_owned()))?,
                    Some(found.sequence),
                )
            }
        };
        match replace(&streams, subject.clone(), sequence, number.to_string().into_bytes()).await {
            Ok(()) => {
                let batch = BatchNumber { day, number };
                let manifest = Manifest { batch: batch.to_string(), count, at: now };
                put(&streams, format!("fleet.dispatch.{batch}"), &manifest).await?;
                return Ok(batch);
            }
            Err(FleetError::Contested) => {}
            Err(error) => return Err(error),
        }
    }
}

/// What is known of a batch, if the broker still has it.
///
/// # Errors
/// All of the broker's.
pub async fn manifest(hub: &Hub, batch: BatchNumber) -> Result<Option<Manifest>, FleetError> {
    let subject = format!("fleet.dispatch.{batch}");
    let found = last(&hub.streams(None), FLEET, &subject).await?;
    found
        .map(|found| serde_json::from_slice(&found.payload).map_err(|_| FleetError::Foreign(subject)))
        .transpose()
}

/// A label on its way into a queue.
struct Claimed {
    at: usize,
    claim: Claim,
    again: bool,
}

/// What is known of a label once it was claimed, or was not.
enum Outlook {
    Queue(Claim, bool),
    Settled(Fate),
}

/// Dispatches labels under a number of [`next_number`]. `told` hears of each once, by its place among [`Dispatch::labels`].
///
/// # Errors
/// Those of the broker that concern no label alone. What was queued by then stays queued.
pub async fn run(
    hub: &Hub,
    batch: BatchNumber,
    dispatch: Dispatch,
    mut told: impl FnMut(usize, Fate),
) -> Result<(), FleetError> {
    let dispatch = Arc::new(dispatch);
    let streams = hub.streams(None);
    let (fates, mut settled) = mpsc::unbounded_channel();
    let mut queues: HashMap<Place, UnboundedSender<Claimed>> = HashMap::new();
    let mut tasks = JoinSet::new();
    let claims = stream::iter(0..dispatch.labels.len()).map(|at| {
        let (streams, dispatch) = (streams.clone(), Arc::clone(&dispatch));
        async move { (at, claim(&streams, batch, &dispatch, &dispatch.labels[at]).await) }
    });
    // In the order of the input, so that each queue gets its labels in it.
    let mut claims = std::pin::pin!(claims.buffered(CLAIMS));
    let mut open = dispatch.labels.len();
    loop {
        tokio::select! {
            claimed = claims.next() => match claimed {
                Some((at, Ok(Outlook::Queue(claim, again)))) => {
                    let queue = queues.entry(claim.to.clone()).or_insert_with(|| {
                        let (queue, waiting) = mpsc::unbounded_channel();
                        tasks.spawn(fill(streams.clone(), Arc::clone(&dispatch), waiting, fates.clone()));
                        queue
                    });
                    // Its task ends when the queue is closed, and not before.
                    let _ = queue.send(Claimed { at, claim, again });
                }
                Some((at, Ok(Outlook::Settled(fate)))) => {
                    open -= 1;
                    told(at, fate);
                }
                Some((_, Err(error))) => return Err(error),
                None => break,
            },
            Some((at, fate)) = settled.recv() => {
                open -= 1;
                told(at, fate);
            }
        }
    }
    drop(queues);
    while open > 0 {
        let Some((at, fate)) = settled.recv().await else { break };
        open -= 1;
        told(at, fate);
    }
    Ok(())
}

/// Claims a label, or says what the fleet knows of it.
async fn claim(
    streams: &Context,
    batch: BatchNumber,
    dispatch: &Dispatch,
    label: &Label,
) -> Result<Outlook, FleetError> {
    let number = RunningNumber { batch, position: label.position };
    let mut ours = Claim { content: label.content, number, to: label.to.clone(), attempt: 1 };
    let mut instead_of = None;
    let until = Instant::now() + dispatch.patience;
    loop {
        let error = match ours.put(streams, label.id, instead_of).await {
            Ok(()) => return Ok(Outlook::Queue(ours, false)),
            Err(FleetError::Contested) => match look(streams, label, &ours).await {
                Ok(Look::Ours) => return Ok(Outlook::Queue(ours, false)),
                Ok(Look::Waits(claim)) => return Ok(Outlook::Queue(claim, true)),
                Ok(Look::Settled(fate)) => return Ok(Outlook::Settled(fate)),
                Ok(Look::Free { sequence, attempt }) => {
                    instead_of = Some(sequence);
                    ours.attempt = attempt + 1;
                    continue;
                }
                Err(error) => error,
            },
            Err(error) => error,
        };
        if !error.is_passing() || Instant::now() >= until {
            return Err(error);
        }
        tokio::time::sleep(BREATH).await;
    }
}

/// What the claim that stands says.
enum Look {
    /// It is the one that was just made; its acknowledgement was lost.
    Ours,
    /// Nothing has become of it yet.
    Waits(Claim),
    /// Something has.
    Settled(Fate),
    /// It surely was not printed, and may be claimed again.
    Free { sequence: u64, attempt: u32 },
}

async fn look(streams: &Context, label: &Label, ours: &Claim) -> Result<Look, FleetError> {
    let Some(standing) = Claim::get(streams, label.id).await? else { return Err(FleetError::Contested) };
    let claim = standing.claim;
    if claim == *ours {
        return Ok(Look::Ours);
    }
    let report = Report::get(streams, &claim.to, claim.number).await?;
    let free = Look::Free { sequence: standing.sequence, attempt: claim.attempt };
    Ok(match report {
        // A label of another attempt does not count: it was moved since.
        Some(report) if report.attempt == 0 || report.attempt == claim.attempt => match report.outcome {
            Outcome::Failed | Outcome::Aside => free,
            _ if claim.content != label.content => {
                Look::Settled(Fate::Conflict { number: claim.number, to: claim.to })
            }
            Outcome::Printed => Look::Settled(Fate::Printed(report)),
            Outcome::Unknown => Look::Settled(Fate::Doubtful(report)),
            Outcome::Waiting => Look::Waits(claim),
        },
        _ if claim.content != label.content => {
            Look::Settled(Fate::Conflict { number: claim.number, to: claim.to })
        }
        _ => Look::Waits(claim),
    })
}

/// Puts labels into one queue, one after the other.
async fn fill(
    streams: Context,
    dispatch: Arc<Dispatch>,
    mut waiting: UnboundedReceiver<Claimed>,
    fates: UnboundedSender<(usize, Fate)>,
) {
    while let Some(Claimed { at, claim, again }) = waiting.recv().await {
        let Claim { number, to, attempt, .. } = claim;
        let label = &dispatch.labels[at];
        let fate = match (dispatch.orders)(label.order) {
            Err(error) => Fate::Unreadable(error),
            Ok(order) => {
                let job = Job {
                    to,
                    number,
                    count: dispatch.count.max(number.position),
                    template: dispatch.template.clone(),
                    attempt,
                    again,
                    at: dispatch.now,
                    id: label.id,
                    order,
                };
                match patiently(&streams, &job, dispatch.patience).await {
                    Ok(_) => Fate::Queued { number, to: job.to, again },
                    Err(why) => Fate::NotQueued { number, to: job.to, why },
                }
            }
        };
        if fates.send((at, fate)).is_err() {
            return;
        }
    }
}

/// Puts a label into its queue; waits for a broker that does not answer, and for a queue that is full.
pub(crate) async fn patiently(streams: &Context, job: &Job, patience: Duration) -> Result<bool, FleetError> {
    let until = Instant::now() + patience;
    loop {
        match job.put(streams).await {
            Err(error)
                if Instant::now() < until && (error.is_passing() || matches!(error, FleetError::Full(_))) =>
            {
                tokio::time::sleep(BREATH).await;
            }
            done => return done,
        }
    }
}
