//! Moving labels from a station to others, and what a person decides about those that cannot be moved.
//!
//! Who moves takes labels from the station's own queue, as the station does: what the broker hands to one of the two it does not
//! hand to the other. A label that was never handed to the station, or of which the station said each time that it printed
//! nothing, surely is not on paper, and is moved. Any other is reported as unknown: the station may have printed it and died.
//!
//! Before a label goes elsewhere a mark is left where the station looks before it prints what it is handed a second time. So a
//! move that is broken off anywhere leaves no label in two queues of which both would print it, and is finished by moving again.

use std::time::{Duration, Instant};

use async_nats::jetstream::AckKind;
use async_nats::jetstream::Message;
use async_nats::jetstream::consumer::PullConsumer;
use miandan_journal::RunningNumber;
use serde::Serialize;

use crate::FleetError;
use crate::claim::{Claim, LabelId};
use crate::connect::Hub;
use crate::dispatch::patiently;
use crate::job::Job;
use crate::member::{ACK_WAIT, Control, ask_back, next, queue_of};
use crate::place::{Place, StationPlace};
use crate::report::{Outcome, Report, put};
use crate::roster::Roster;
use crate::streams::{self, last, subjects};

/// How long a queue is asked for its next label.
const ASK: Duration = Duration::from_secs(2);

/// How long is waited for a label that a station has and says nothing of: the broker takes it back before. A station that says
/// that it prints keeps it.
const STUBBORN: Duration = Duration::from_secs(ACK_WAIT.as_secs() + 10);

/// How long a full queue or a silent broker is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a move did.
#[derive(Debug, Default)]
pub struct Moved {
    /// Labels that are in other queues now, and in which.
    pub moved: Vec<(RunningNumber, Place)>,
    /// Labels that may be on paper.
    pub doubtful: Vec<RunningNumber>,
    /// Labels of which it was known what became of them, and that stood in the queue a second time.
    pub settled: Vec<RunningNumber>,
    /// Messages that were no labels.
    pub aside: usize,
    /// Labels that no other printer takes; they stay.
    pub left: Vec<RunningNumber>,
}

/// The mark that a label was moved from a station.
#[derive(Serialize)]
struct Mark {
    to: Place,
}

/// The subject of the mark.
pub(crate) fn mark_of(station: &StationPlace, id: LabelId, attempt: u32) -> String {
    format!("moved.{}.{id}.{attempt}", station.tokens())
}

/// Tells a station to take no more labels, or to take some again.
///
/// # Errors
/// [`FleetError::Unknown`] if there is no such site; and all of the broker's, that of the site's own server among them.
pub async fn tell(
    hub: &Hub,
    roster: &Roster,
    station: &StationPlace,
    control: &Control,
) -> Result<(), FleetError> {
    let site = roster.site(&station.site).ok_or_else(|| FleetError::Unknown(station.site.clone()))?;
    let there = hub.streams(site.leaf.as_deref());
    put(&there, Control::subject(station), control).await
}

/// Moves all labels that wait for a printer. `choose` says where a label goes.
///
/// The station must take none meanwhile: drain it before. Ends when its queue is empty; a label that a station keeps saying it
/// prints is waited for, but not for ever.
///
/// # Errors
/// [`FleetError::Unknown`]; and all of the broker's. What was moved by then is moved.
pub async fn relocate(
    hub: &Hub,
    roster: &Roster,
    from: &Place,
    now: u64,
    mut choose: impl FnMut(&Job) -> Option<Place>,
) -> Result<Moved, FleetError> {
    let site = roster.site(&from.at.site).ok_or_else(|| FleetError::Unknown(from.at.site.clone()))?;
    let there = hub.streams(site.leaf.as_deref());
    let queue = queue_of(&there, from).await?;
    let mover = Mover { hub, there, from, now };
    let mut moved = Moved::default();
    // What was with a station that is gone does not have to be waited for.
    if !roster.station(&from.at).is_some_and(|entry| entry.is_there(now))
        && let Some(message) = ask_back(hub, &queue).await?
        && !mover.take(&message, &mut choose, &mut moved).await?
    {
        return Ok(moved);
    }
    let mut idle = Instant::now();
    loop {
        match next(&queue, ASK).await? {
            Some(message) => {
                if !mover.take(&message, &mut choose, &mut moved).await? {
                    return Ok(moved);
                }
                idle = Instant::now();
            }
            // A label that is with a station of which nothing is heard comes back after a while, and those behind it with it.
            None if is_empty(&queue).await? || idle.elapsed() >= STUBBORN => return Ok(moved),
            None => {}
        }
    }
}

/// Whether nothing is in a queue, nor with whoever took it last.
async fn is_empty(queue: &PullConsumer) -> Result<bool, FleetError> {
    let info = queue.get_info().await.map_err(|error| FleetError::Unreachable(error.to_string()))?;
    Ok(info.num_pending == 0 && info.num_ack_pending == 0)
}

struct Mover<'m> {
    hub: &'m Hub,
    /// Where the station's queue is.
    there: async_nats::jetstream::Context,
    from: &'m Place,
    now: u64,
}

impl Mover<'_> {
    /// Deals with one message; `false` if no printer takes it, and none behind it would be reached.
    async fn take(
        &self,
        message: &Message,
        choose: &mut impl FnMut(&Job) -> Option<Place>,
        moved: &mut Moved,
    ) -> Result<bool, FleetError> {
        let info = message.info().map_err(|error| FleetError::Foreign(error.to_string()))?;
        let (sequence, delivered) = (info.stream_sequence, info.delivered);
        let job = match Job::read(self.from, message.headers.as_ref(), &message.payload) {
            Ok(job) => job,
            Err(reason) => {
                let report = Report::aside(self.from, (sequence, message.payload.len()), reason, self.now);
                report.put(&self.there).await?;
                moved.aside += 1;
                return finish(message).await.map(|()| true);
            }
        };
        let mark = mark_of(&self.from.at, job.id, job.attempt);
        let is_marked = last(&self.there, &streams::control(&self.from.at.site), &mark).await?.is_some();
        let report = self.report(&job).await?;
        if report.as_ref().is_some_and(|report| report.outcome.is_final()) {
            moved.settled.push(job.number);
            return finish(message).await.map(|()| true);
        }
        // This delivery is ours: those before it must have printed nothing.
        let is_sure =
            is_marked || delivered == 1 || report.and_then(|report| report.delivery) == Some(delivered - 1);
        if !is_sure {
            let report = Report::of(Outcome::Unknown, self.from, job.number, job.attempt, self.now);
            report.because("STATION_GONE").put(&self.there).await?;
            moved.doubtful.push(job.number);
            return finish(message).await.map(|()| true);
        }
        self.pass_on(message, job, mark, choose, moved).await
    }

    /// What the station said last of a label, where it says it.
    async fn report(&self, job: &Job) -> Result<Option<Report>, FleetError> {
        let report = Report::get(&self.there, self.from, job.number).await?;
        Ok(report.filter(|report| report.attempt == job.attempt || report.attempt == 0))
    }

    async fn pass_on(
        &self,
        message: &Message,
        job: Job,
        mark: String,
        choose: &mut impl FnMut(&Job) -> Option<Place>,
        moved: &mut Moved,
    ) -> Result<bool, FleetError> {
        let hub = self.hub.streams(None);
        let Some(standing) = Claim::get(&hub, job.id).await? else {
            return Err(FleetError::Foreign(format!("{} without a claim", job.number)));
        };
        let ours = standing.claim.to == *self.from && standing.claim.attempt == job.attempt;
        let to = if ours {
            let Some(to) = choose(&job) else {
                let _ = message.ack_with(AckKind::Nak(None)).await;
                moved.left.push(job.number);
                return Ok(false);
            };
            put(&self.there, mark, &Mark { to: to.clone() }).await?;
            let claim = Claim { to: to.clone(), attempt: job.attempt + 1, ..standing.claim };
            claim.put(&hub, job.id, Some(standing.sequence)).await?;
            to
        } else if standing.claim.attempt == job.attempt + 1 && standing.claim.number == job.number {
            // A move that was broken off here.
            standing.claim.to
        } else {
            // Somebody has dispatched it anew since.
            moved.settled.push(job.number);
            return finish(message).await.map(|()| true);
        };
        let number = job.number;
        // It may be there already, from the move that was broken off.
        let job = Job { to: to.clone(), attempt: job.attempt + 1, again: false, ..job };
        patiently(&hub, &job, PATIENCE).await?;
        moved.moved.push((number, to));
        finish(message).await.map(|()| true)
    }
}

/// Takes a message out of its queue, and makes sure that it is out.
async fn finish(message: &Message) -> Result<(), FleetError> {
    message.double_ack().await.map_err(|error| FleetError::Unreachable(error.to_string()))
}

/// A person says of a label that is unknown whether it was printed. One that was not may be dispatched again.
///
/// # Errors
/// [`FleetError::Unknown`] if no label of this number is unknown; and all of the broker's.
pub async fn settle(
    hub: &Hub,
    roster: &Roster,
    number: RunningNumber,
    printed: bool,
    now: u64,
) -> Result<Report, FleetError> {
    let here = hub.streams(None);
    for site in &roster.sites {
        let filter = format!("result.{}.*.*.{}.{}", site.site, number.batch, number.position);
        for (subject, _) in subjects(&here, &streams::report(&site.site), &filter).await? {
            let Some(found) = last(&here, &streams::report(&site.site), &subject).await? else { continue };
            let Some(report) = Report::read(&found.payload) else { continue };
            if report.outcome != Outcome::Unknown {
                continue;
            }
            let outcome = if printed { Outcome::Printed } else { Outcome::Failed };
            let report = Report { outcome, code: Some("OPERATOR".to_owned()), when: now, ..report };
            report.put(&hub.streams(site.leaf.as_deref())).await?;
            return Ok(report);
        }
    }
    Err(FleetError::Unknown(format!("label {number} of which nobody can tell whether it was printed")))
}
