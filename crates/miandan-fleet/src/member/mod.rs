//! A station of the fleet: takes labels for its printers, one at a time each, and reports what became of them.
//!
//! It prints nothing by itself: a [`Desk`] does, which is the agent's station with its journal. What the broker delivers is held
//! against that journal: a label that it has is not printed again, whatever the broker says of deliveries.

mod lane;
mod outcome;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_nats::jetstream::Context;
use futures_util::StreamExt;
use miandan_journal::{RunningNumber, SHARED_FROM};
use miandan_print::station::{Held, LabelRequest, LaneStatus, RequestError, TemplateSource, Watch};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::FleetError;
use crate::connect::{Access, Hub, Line};
use crate::place::{Place, StationPlace};
use crate::report::{Outcome, PrinterState, Report, StationState};
use crate::streams::{self, last};

pub(crate) use lane::{ACK_WAIT, ask_back, next, queue_of};

/// How often a station says how it is, at least.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// How soon something that changed is said, and how often a station looks whether something did.
const LOOK: Duration = Duration::from_millis(500);

/// What prints: the station of the agent.
pub trait Desk: Send + Sync + 'static {
    /// Prints one label on a printer. May wait for the disk, not for the printer.
    ///
    /// # Errors
    /// [`RequestError`]; then nothing is told and nothing printed.
    fn print(&self, printer: &str, label: LabelRequest, watch: Arc<dyn Watch>) -> Result<(), RequestError>;

    /// How the printers are.
    fn printers(&self) -> Vec<LaneStatus>;

    /// A template by its name; the station's own without one.
    fn template(&self, name: Option<&str>) -> Option<Arc<TemplateSource>>;

    /// What time it is, in seconds since 1970.
    fn now(&self) -> u64;

    /// Something happened that belongs in a log.
    fn tell(&self, notice: &Notice<'_>);
}

/// What happens between a station and the fleet.
#[derive(Debug)]
#[non_exhaustive]
pub enum Notice<'n> {
    /// The line to the broker came, went, or was refused.
    Line(&'n Line),
    /// The station is drained, or not any more.
    Drained(bool),
    /// A message was no label for this station.
    SetAside(&'n Report),
    /// A queue cannot be read; it is tried again.
    Queue(&'n Place, &'n FleetError),
}

/// What a printer of the station takes from the fleet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Takes {
    /// Carriers; all if none is named.
    pub carriers: Vec<String>,
    /// Regions, as [`PrinterState::regions`]; all if none is named.
    pub regions: Vec<String>,
}

/// How a station joins.
#[derive(Clone, Debug)]
pub struct MemberOptions {
    /// How the broker is reached. The inbox is the station's, whatever is said here.
    pub access: Access,
    /// Which station it is.
    pub station: StationPlace,
    /// The version of the program, for who looks at the fleet.
    pub version: String,
    /// What each printer takes, by its name.
    pub takes: HashMap<String, Takes>,
}

/// What a printer did for the fleet since the station was started.
#[derive(Debug, Default)]
struct Tally {
    printed: AtomicU64,
    unknown: AtomicU64,
    aside: AtomicU64,
    /// Milliseconds for a label when others wait behind it, evened out; 0 before the first.
    pace: AtomicU64,
}

/// What a person who supervises the fleet has said to a station, and what was said last counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Take no more labels.
    #[serde(default)]
    pub drain: bool,
    /// Who said so, and why.
    #[serde(default)]
    pub operator: String,
    /// See `operator`.
    #[serde(default)]
    pub reason: String,
}

impl Control {
    /// The subject under which it is kept.
    #[must_use]
    pub fn subject(station: &StationPlace) -> String {
        format!("control.{}", station.tokens())
    }

    /// What a station was told last.
    ///
    /// # Errors
    /// All of the broker's; [`FleetError::Foreign`].
    pub async fn get(streams: &Context, station: &StationPlace) -> Result<Self, FleetError> {
        let subject = Control::subject(station);
        match last(streams, &streams::control(&station.site), &subject).await? {
            None => Ok(Control::default()),
            Some(found) => serde_json::from_slice(&found.payload).map_err(|_| FleetError::Foreign(subject)),
        }
    }
}

/// What all printers of a member share.
struct Shared {
    desk: Arc<dyn Desk>,
    options: MemberOptions,
    hub: Hub,
    streams: Context,
    /// Whether it may take labels: `None` until the broker has said whether it is drained.
    drained: watch::Sender<Option<bool>>,
    tallies: HashMap<String, Tally>,
    stop: watch::Receiver<bool>,
    changed: Notify,
    /// Where what threads of the station ask for is done.
    runtime: Handle,
}

/// A station in its fleet.
pub struct Member {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    tasks: tokio::sync::Mutex<JoinSet<()>>,
}

/// How a member stands to its fleet, for who looks at the station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which station it is.
    pub station: StationPlace,
    /// The line to the broker.
    pub line: Line,
    /// Whether it is drained; nothing before the broker has said so.
    pub drained: Option<bool>,
    /// Its printers.
    pub printers: Vec<PrinterState>,
}

impl Member {
    /// Joins, whether there is a line at the moment or not. Within a runtime of tokio, which does its work from then on. Ends when
    /// [`leave`](Self::leave) is called.
    ///
    /// # Errors
    /// [`FleetError::Access`].
    pub async fn join(options: MemberOptions, desk: Arc<dyn Desk>) -> Result<Self, FleetError> {
        let access = Access {
            inbox: Some(crate::permissions::inbox(&options.station)),
            name: options.station.to_string(),
            ..options.access.clone()
        };
        let hub = Hub::connect_whenever(&access).await?;
        let (stop, stopped) = watch::channel(false);
        let names: Vec<String> = desk.printers().into_iter().map(|printer| printer.name).collect();
        let shared = Arc::new(Shared {
            streams: hub.streams(None),
            hub,
            drained: watch::channel(None).0,
            tallies: names.iter().map(|name| (name.clone(), Tally::default())).collect(),
            stop: stopped,
            changed: Notify::new(),
            runtime: Handle::current(),
            desk,
            options,
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(say(Arc::clone(&shared)));
        tasks.spawn(listen(Arc::clone(&shared)));
        for name in names {
            tasks.spawn(lane::run(Arc::clone(&shared), name));
        }
        Ok(Member { shared, stop, tasks: tokio::sync::Mutex::new(tasks) })
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            station: self.shared.options.station.clone(),
            line: self.shared.hub.line().borrow().clone(),
            drained: *self.shared.drained.borrow(),
            printers: self.shared.printers(),
        }
    }

    /// A person at the station has said of a label whether it was printed, or has printed it again: reports it, if it is the
    /// fleet's. Called from any thread.
    pub fn decided(&self, number: RunningNumber, printer: &str, printed: bool, copy: u32) {
        if number.batch.number < SHARED_FROM {
            return;
        }
        let outcome = if printed { Outcome::Printed } else { Outcome::Failed };
        let place = self.shared.options.station.printer(printer);
        let mut report = Report::of(outcome, &place, number, 0, self.shared.desk.now()).because("OPERATOR");
        report.copy = copy;
        let shared = Arc::clone(&self.shared);
        self.shared.runtime.spawn(async move { shared.report(&report).await });
    }

    /// Takes no more labels, waits for those that are being printed, and says that it leaves. What waits stays in the queues.
    pub async fn leave(&self, patience: Duration) {
        let _ = self.stop.send(true);
        let mut tasks = self.tasks.lock().await;
        let all = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            tasks.abort_all();
        }
        let state = StationState { is_leaving: true, ..self.shared.state() };
        let said = state.put(&self.shared.streams, &self.shared.options.station);
        let _ = tokio::time::timeout(Duration::from_secs(1), said).await;
    }
}

impl Shared {
    fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    fn printers(&self) -> Vec<PrinterState> {
        let known = self.desk.printers().into_iter();
        known
            .map(|lane| {
                let count = |of: fn(&Tally) -> &AtomicU64| {
                    self.tallies.get(&lane.name).map_or(0, |tally| of(tally).load(Ordering::Relaxed))
                };
                let takes = self.options.takes.get(&lane.name).cloned().unwrap_or_default();
                PrinterState {
                    waiting: lane.waiting,
                    sending: lane.sending,
                    held: lane.held.as_ref().map(held_word),
                    trouble: lane.trouble.as_ref().map(ToString::to_string),
                    pace: Some(count(|tally| &tally.pace)).filter(|&pace| pace > 0),
                    printed: count(|tally| &tally.printed),
                    unknown: count(|tally| &tally.unknown),
                    aside: count(|tally| &tally.aside),
                    carriers: takes.carriers,
                    regions: takes.regions,
                    name: lane.name,
                }
            })
            .collect()
    }

    fn state(&self) -> StationState {
        StationState {
            version: self.options.version.clone(),
            now: self.desk.now(),
            is_drained: self.drained.borrow().unwrap_or(false),
            is_leaving: false,
            printers: self.printers(),
        }
    }

    /// Makes a report durable, however long that takes; not if the station ends before.
    async fn report(&self, report: &Report) -> bool {
        let mut stop = self.stop.clone();
        let mut wait = Duration::from_millis(20);
        loop {
            if report.put(&self.streams).await.is_ok() {
                self.changed.notify_one();
                return true;
            }
            // One more try for what a station has to say at its end.
            if *stop.borrow_and_update() {
                return report.put(&self.streams).await.is_ok();
            }
            let _ = tokio::time::timeout(wait, stop.changed()).await;
            wait = (wait * 2).min(Duration::from_secs(2));
        }
    }

    fn set_drained(&self, drained: bool) {
        let changed = self.drained.send_if_modified(|known| known.replace(drained) != Some(drained));
        if changed {
            self.desk.tell(&Notice::Drained(drained));
            self.changed.notify_one();
        }
    }
}

fn held_word(held: &Held) -> String {
    match held {
        Held::ByPerson => "person",
        Held::Unknown(..) => "unknown",
        Held::Journal(_) => "journal",
    }
    .to_owned()
}

/// Says how the station is: every few seconds, and soon when something has changed.
async fn say(shared: Arc<Shared>) {
    let mut stop = shared.stop.clone();
    let mut line = shared.hub.line();
    let (mut said, mut when) = (None, None::<Instant>);
    while !*stop.borrow_and_update() {
        if line.has_changed().unwrap_or(false) {
            let now = line.borrow_and_update().clone();
            shared.desk.tell(&Notice::Line(&now));
            when = None;
        }
        let state = shared.state();
        let is_news = said.as_ref() != Some(&StationState { now: 0, ..state.clone() });
        let is_due = is_news || when.is_none_or(|when| when.elapsed() >= HEARTBEAT);
        let is_up = matches!(*line.borrow(), Line::Up(_));
        if is_due && is_up && state.put(&shared.streams, &shared.options.station).await.is_ok() {
            said = Some(StationState { now: 0, ..state });
            when = Some(Instant::now());
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = shared.changed.notified() => tokio::time::sleep(Duration::from_millis(50)).await,
            _ = stop.changed() => {}
        }
    }
}

/// Listens to who drains the station, and asks once for each connection, and now and then, whether somebody has.
async fn listen(shared: Arc<Shared>) {
    let mut stop = shared.stop.clone();
    let subject = Control::subject(&shared.options.station);
    let mut told = shared.hub.client().subscribe(subject).await.ok();
    let mut line = shared.hub.line();
    while !*stop.borrow_and_update() {
        if matches!(*line.borrow_and_update(), Line::Up(_))
            && let Ok(control) = Control::get(&shared.streams, &shared.options.station).await
        {
            shared.set_drained(control.drain);
        }
        let message = async {
            match &mut told {
                Some(told) => told.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // What it says is read from the stream, where it is durable.
            _ = message => {}
            _ = line.changed() => {}
            () = tokio::time::sleep(HEARTBEAT) => {}
            _ = stop.changed() => {}
        }
    }
}
