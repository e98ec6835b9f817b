//! One printer of a station: a queue of the fleet, of which one label at a time is printed, reported and acknowledged.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull};
use async_nats::jetstream::{AckKind, Context, Message};
use futures_util::StreamExt;
use miandan_core::label::LabelNumber;
use miandan_print::station::{LabelContent, LabelEvent, LabelRequest, Watch};
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::time::timeout;

use super::outcome::{Verdict, of_label, of_request};
use super::{Notice, Shared};
use crate::FleetError;
use crate::connect::{Hub, Line};
use crate::job::Job;
use crate::place::Place;
use crate::report::{Outcome, Report};
use crate::streams::{self, last};

/// For how long a label stays with a station of which nothing is heard. Then it is delivered again, and the journal says what
/// is to become of it.
pub(crate) const ACK_WAIT: Duration = Duration::from_secs(30);

/// How often the broker hears that a label is still being printed.
const PROGRESS: Duration = Duration::from_secs(10);

/// How long a station waits for the next label before it asks again.
const ASK: Duration = Duration::from_secs(20);

/// How long a broker that answers takes to hand out what it has.
const AT_ONCE: Duration = Duration::from_secs(2);

/// How long what cannot be done is left alone.
const BREATH: Duration = Duration::from_millis(500);

/// How long a label is left alone that somebody is moving to another station.
const MOVING: Duration = Duration::from_secs(15);

/// Takes labels for a printer until the station ends.
pub(super) async fn run(shared: Arc<Shared>, printer: String) {
    let place = shared.options.station.printer(&printer);
    Lane { shared: &shared, place, last: None }.run().await;
}

struct Lane<'s> {
    shared: &'s Shared,
    place: Place,
    /// When the label before was settled, if another one waited behind it.
    last: Option<Instant>,
}

impl Lane<'_> {
    async fn run(&mut self) {
        let mut stop = self.shared.stop.clone();
        let mut line = self.shared.hub.line();
        let mut drained = self.shared.drained.subscribe();
        let (mut consumer, mut idle) = (None, false);
        while !*stop.borrow_and_update() {
            let is_up = matches!(*line.borrow_and_update(), Line::Up(_));
            if !is_up || *drained.borrow_and_update() != Some(false) || self.is_held() {
                self.last = None;
                tokio::select! {
                    _ = line.changed() => consumer = None,
                    _ = drained.changed() => {}
                    _ = stop.changed() => {}
                    () = tokio::time::sleep(BREATH) => {}
                }
                continue;
            }
            let queue = match &consumer {
                Some(queue) => queue,
                None => match self.open_queue().await {
                    Ok((made, first)) => {
                        consumer = Some(made);
                        if let Some(message) = first {
                            self.take(&message).await;
                        }
                        continue;
                    }
                    Err(error) => {
                        self.shared.desk.tell(&Notice::Queue(&self.place, &error));
                        let _ = timeout(BREATH * 4, stop.changed()).await;
                        continue;
                    }
                },
            };
            let mut is_new_line = false;
            let next = tokio::select! {
                next = next(queue, ASK) => next,
                // What was asked of a broker that is gone is never answered.
                _ = line.changed() => {
                    is_new_line = true;
                    Ok(None)
                }
                _ = drained.changed() => Ok(None),
                _ = stop.changed() => Ok(None),
            };
            match next {
                Ok(Some(message)) => {
                    idle = false;
                    self.take(&message).await;
                }
                Ok(None) => {
                    self.last = None;
                    // Twice nothing: longer than the broker should keep a label of which it hears nothing.
                    if idle || is_new_line {
                        consumer = None;
                    }
                    idle = !idle && !is_new_line;
                }
                Err(error) => {
                    // The consumer may be gone, with its stream or by somebody's hand.
                    consumer = None;
                    self.shared.desk.tell(&Notice::Queue(&self.place, &error));
                    let _ = timeout(BREATH, stop.changed()).await;
                }
            }
        }
    }

    /// The queue. This station has no label of it at this moment: one that the broker takes to be here was lost on the way, or
    /// with the station that died.
    async fn open_queue(&self) -> Result<(PullConsumer, Option<Message>), FleetError> {
        let queue = queue_of(&self.shared.streams, &self.place).await?;
        let first = ask_back(&self.shared.hub, &queue).await?;
        Ok((queue, first))
    }

    /// A printer that a person has to look at first gets no labels: they stay in the queue, where they can be moved.
    fn is_held(&self) -> bool {
        let printers = self.shared.desk.printers();
        printers.iter().any(|lane| lane.name == self.place.printer && lane.held.is_some())
    }

    /// Does what is to be done with a message, until it is out of the queue or waits in it again.
    async fn take(&mut self, message: &Message) {
        let Ok(info) = message.info() else { return };
        let (sequence, delivered, pending) = (info.stream_sequence, info.delivered, info.pending);
        let now = self.shared.desk.now();
        let job = match Job::read(&self.place, message.headers.as_ref(), &message.payload) {
            Ok(job) => job,
            Err(reason) => {
                let report = Report::aside(&self.place, (sequence, message.payload.len()), reason, now);
                return self.set_aside(message, &report).await;
            }
        };
        // A label that comes a second time may be somebody else's by now.
        if (delivered > 1 || job.again) && !self.is_still_ours(&job).await {
            let kind = if job.again { AckKind::Term } else { AckKind::Nak(Some(MOVING)) };
            let _ = message.ack_with(kind).await;
            return;
        }
        match self.print(message, &job).await {
            Some(Verdict::Done(report)) => {
                self.count(&report, pending > 0);
                if self.shared.report(&report).await {
                    self.acknowledge(message).await;
                }
            }
            Some(Verdict::Later(wait, report)) => {
                // Before it can be delivered again: who moves it must know that this delivery printed nothing. What somebody else
                // prints at this moment is another matter.
                let sure = (!report.is_in_flight()).then_some(delivered);
                let _ = Report { delivery: sure, ..report }.put(&self.shared.streams).await;
                let _ = message.ack_with(AckKind::Nak(Some(wait))).await;
                let mut stop = self.shared.stop.clone();
                let _ = timeout(wait, stop.changed()).await;
            }
            None => {}
        }
    }

    /// Prints a label, and tells the broker meanwhile that it is being printed. `None` if the station ended before the label did.
    async fn print(&self, message: &Message, job: &Job) -> Option<Verdict> {
        let desk = &self.shared.desk;
        let Some(template) = desk.template(job.template.as_deref()) else {
            let report = Report::of(Outcome::Failed, &job.to, job.number, job.attempt, desk.now());
            return Some(Verdict::Done(report.because("UNKNOWN_TEMPLATE")));
        };
        let label = LabelRequest {
            content: LabelContent::Sealed(job.order.clone()),
            template,
            sender: None,
            areas: Vec::new(),
            number: LabelNumber { index: job.number.position, count: job.count },
            running: Some(job.number),
        };
        let (events, mut told) = mpsc::unbounded_channel();
        let (printer, asked) = (job.to.printer.clone(), Arc::clone(desk));
        let asking =
            tokio::task::spawn_blocking(move || asked.print(&printer, label, Arc::new(Told(events))));
        if let Err(error) = asking.await.ok()? {
            return Some(of_request(job, &error, desk.now()));
        }
        loop {
            match timeout(PROGRESS, told.recv()).await {
                Ok(Some(LabelEvent::Settled(result))) => return Some(of_label(job, result, desk.now())),
                Ok(Some(LabelEvent::Sending)) => self.shared.changed.notify_one(),
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(_) => {
                    let _ = message.ack_with(AckKind::Progress).await;
                }
            }
        }
    }

    /// Whether nobody has moved a label to another station. Waits until the broker says so.
    async fn is_still_ours(&self, job: &Job) -> bool {
        let subject = crate::relocate::mark_of(&self.place.at, job.id, job.attempt);
        let stream = streams::control(&self.place.at.site);
        matches!(last(&self.shared.streams, &stream, &subject).await, Ok(None))
    }

    async fn set_aside(&self, message: &Message, report: &Report) {
        self.shared.desk.tell(&Notice::SetAside(report));
        if let Some(tally) = self.shared.tallies.get(&self.place.printer) {
            tally.aside.fetch_add(1, Ordering::Relaxed);
        }
        if self.shared.report(report).await {
            let _ = message.double_ack_with(AckKind::Term).await;
        }
    }

    /// Takes a label out of the queue. One that is not taken out comes again, and the journal knows it.
    async fn acknowledge(&self, message: &Message) {
        for _ in 0..3 {
            match timeout(Duration::from_secs(2), message.double_ack()).await {
                Ok(Ok(())) => return,
                _ if self.shared.is_stopping() => return,
                _ => tokio::time::sleep(BREATH / 5).await,
            }
        }
    }

    fn count(&mut self, report: &Report, more_wait: bool) {
        let Some(tally) = self.shared.tallies.get(&self.place.printer) else { return };
        match report.outcome {
            Outcome::Printed => tally.printed.fetch_add(1, Ordering::Relaxed),
            Outcome::Unknown => tally.unknown.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
        let now = Instant::now();
        if let Some(before) = self.last {
            let took = u64::try_from((now - before).as_millis()).unwrap_or(u64::MAX).max(1);
            let pace = tally.pace.load(Ordering::Relaxed);
            let next = if pace == 0 { took } else { (pace * 7 + took).div_ceil(8) };
            tally.pace.store(next, Ordering::Relaxed);
        }
        self.last = more_wait.then_some(now);
    }
}

/// The queue of a printer. There is one consumer for it, however often this is called, and one label of it in flight.
pub(crate) async fn queue_of(streams: &Context, place: &Place) -> Result<PullConsumer, FleetError> {
    let name = streams::print(&place.at.site);
    let config = pull::Config {
        durable_name: Some(place.consumer()),
        name: Some(place.consumer()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        max_ack_pending: 1,
        filter_subject: place.queue(),
        ..pull::Config::default()
    };
    let made = streams.create_consumer_on_stream(config, &name).await;
    made.map_err(|error| {
        let said = error.to_string();
        match said.contains("not found") {
            true => FleetError::NoStream(name),
            false => FleetError::Broker(said),
        }
    })
}

/// Has the broker hand out again the label that it takes to be with whoever asks, who has none; answers it, or the next one.
///
/// It would do so by itself after [`ACK_WAIT`]. But one that was killed may take a label to be here that is not in its stream any
/// more, since it had been acknowledged: nothing else of the queue is handed out then, ever (nats-server 2.9.10). What is asked
/// for three times and does not come is such a one, and is taken out. Were it none, its dispatcher would miss its report, and
/// dispatching again would bring it back.
///
/// By acknowledgements of the delivery that the consumer names as its last, in the form of
/// <https://docs.nats.io/reference/reference-protocols/nats_api_reference>; how often a label was handed out stays known.
pub(crate) async fn ask_back(hub: &Hub, queue: &PullConsumer) -> Result<Option<Message>, FleetError> {
    let mut asked = None;
    for kind in ["-NAK", "-NAK", "-NAK", "+TERM"] {
        let info = queue.get_info().await.map_err(|error| FleetError::Unreachable(error.to_string()))?;
        let delivery = (info.delivered.stream_sequence, info.delivered.consumer_sequence);
        if info.num_ack_pending == 0 || asked.replace(delivery).is_some_and(|before| before != delivery) {
            return Ok(None);
        }
        let (stream, consumer, (label, number)) = (&info.stream_name, &info.name, delivery);
        let subject = format!("$JS.ACK.{stream}.{consumer}.1.{label}.{number}.0.0");
        let sent = hub.client().publish(subject, kind.into()).await;
        sent.map_err(|error| FleetError::Unreachable(error.to_string()))?;
        if let Some(message) = next(queue, AT_ONCE).await? {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// The next message of a queue, if one comes soon.
pub(crate) async fn next(queue: &PullConsumer, within: Duration) -> Result<Option<Message>, FleetError> {
    let broken = |error: String| FleetError::Unreachable(error);
    let batch = queue.fetch().max_messages(1).expires(within).messages().await;
    let mut batch = batch.map_err(|error| broken(error.to_string()))?;
    match timeout(within + BREATH, batch.next()).await {
        Ok(Some(Ok(message))) => Ok(Some(message)),
        Ok(Some(Err(error))) => Err(broken(error.to_string())),
        Ok(None) | Err(_) => Ok(None),
    }
}

/// What happens to one label.
struct Told(UnboundedSender<LabelEvent>);

impl Watch for Told {
    fn event(&self, _: usize, event: LabelEvent) {
        // Nobody listens any more when the station ends.
        let _ = self.0.send(event);
    }
}
