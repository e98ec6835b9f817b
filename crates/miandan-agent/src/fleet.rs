//! The station as one of a fleet: what the fleet asks of it is printed like everything else, and what becomes of it is told.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use miandan_core::number::RunningNumber;
use miandan_core::pipe::{Ready, TemplateKind};
use miandan_fleet::FleetError;
use miandan_fleet::connect::{Access, Hub, Line};
use miandan_fleet::member::{Desk, Member, Notice, Standing};
use miandan_fleet::roster::{self, Roster};
use miandan_print::station::{
    LabelEvent, LabelRequest, LaneStatus, RequestError, StationObserver, TemplateSource, WarmError, Watch,
};
use tokio::sync::Mutex;

use crate::agent::Agent;
use crate::board::Board;
use crate::clock;
use crate::config::FleetConfig;
use crate::log::{self, Level, Name, Value};

/// For how long what the broker said of the whole fleet is shown before it is asked again.
const FRESH: Duration = Duration::from_secs(2);

/// The fleet, as far as this station has to do with it.
pub(crate) struct Fleet {
    member: Option<Member>,
    overview: Option<Overview>,
}

/// A look at the whole fleet.
struct Overview {
    access: Access,
    hub: Mutex<Option<Hub>>,
    seen: Mutex<Option<(Instant, Arc<Roster>)>>,
}

impl Fleet {
    /// Joins, whether there is a line at the moment or not.
    pub(crate) async fn join(config: &FleetConfig, agent: &Arc<Agent>) -> Result<Self, FleetError> {
        let member = match &config.member {
            Some(options) => {
                Some(Member::join(options.clone(), Arc::new(Printers(Arc::clone(agent)))).await?)
            }
            None => None,
        };
        let overview = config.overview.clone().map(|access| Overview {
            access,
            hub: Mutex::default(),
            seen: Mutex::default(),
        });
        Ok(Fleet { member, overview })
    }

    /// How the station stands to its fleet; nothing if it only looks at one.
    pub(crate) fn standing(&self) -> Option<Standing> {
        self.member.as_ref().map(Member::standing)
    }

    /// The whole fleet; `None` if this station may not look at it.
    pub(crate) async fn roster(&self) -> Option<Result<Arc<Roster>, FleetError>> {
        let overview = self.overview.as_ref()?;
        Some(overview.roster().await)
    }

    /// A person has said of a label whether it was printed.
    pub(crate) fn decided(&self, number: RunningNumber, printer: &str, printed: bool, copy: u32) {
        if let Some(member) = &self.member {
            member.decided(number, printer, printed, copy);
        }
    }

    /// Takes no more labels, and waits for those that are being printed.
    pub(crate) async fn leave(&self, patience: Duration) {
        if let Some(member) = &self.member {
            member.leave(patience).await;
        }
    }
}

impl Overview {
    async fn roster(&self) -> Result<Arc<Roster>, FleetError> {
        let mut seen = self.seen.lock().await;
        if let Some((when, roster)) = &*seen
            && when.elapsed() < FRESH
        {
            return Ok(Arc::clone(roster));
        }
        let mut hub = self.hub.lock().await;
        let connected = match &*hub {
            Some(connected) => connected.clone(),
            None => hub.insert(Hub::connect(&self.access).await?).clone(),
        };
        let roster = Arc::new(roster::read(&connected).await?);
        *seen = Some((Instant::now(), Arc::clone(&roster)));
        Ok(roster)
    }
}

/// What prints for the fleet: the same station as for everybody else.
struct Printers(Arc<Agent>);

impl Desk for Printers {
    fn print(&self, printer: &str, label: LabelRequest, watch: Arc<dyn Watch>) -> Result<(), RequestError> {
        self.0.station.print(printer, vec![label], watch)
    }

    fn printers(&self) -> Vec<LaneStatus> {
        self.0.station.printers()
    }

    fn template(&self, name: Option<&str>) -> Option<Arc<TemplateSource>> {
        let templates = self.0.templates();
        let template = match name {
            Some(name) => templates.named(name).or_else(|| templates.find(name)),
            None => templates.label(""),
        };
        template.map(|template| Arc::clone(template.of_kind(TemplateKind::Waybill)))
    }

    fn now(&self) -> u64 {
        clock::now()
    }

    fn tell(&self, notice: &Notice<'_>) {
        match notice {
            Notice::Line(Line::Up(_)) => log::line(Level::Info, "fleet.connected", &[]),
            Notice::Line(Line::Down) => log::line(Level::Warning, "fleet.disconnected", &[]),
            Notice::Line(Line::Refused(_)) => log::line(Level::Error, "fleet.refused", &[]),
            Notice::Drained(true) => log::line(Level::Warning, "fleet.drained", &[]),
            Notice::Drained(false) => log::line(Level::Info, "fleet.takes-labels", &[]),
            Notice::SetAside(report) => {
                let reason = miandan_fleet::job::Aside::from_word(report.code.as_deref().unwrap_or_default());
                let values = [
                    ("printer", Value::Name(Name(&report.at.printer))),
                    ("message", Value::Number(report.message.map_or(0, |(sequence, _)| sequence))),
                    ("why", Value::Word(reason.map_or("-", miandan_fleet::job::Aside::as_str))),
                ];
                log::line(Level::Warning, "fleet.set-aside", &values);
            }
            Notice::Queue(place, error) => {
                let values = [("printer", Value::Name(Name(&place.printer))), ("why", Value::Error(*error))];
                log::line(Level::Warning, "fleet.queue", &values);
            }
            _ => {}
        }
    }
}

/// Who wants to know how the station is: the board, and the fleet, once the station has joined it.
pub(crate) struct Observers {
    pub(crate) board: Arc<Board>,
    pub(crate) fleet: Arc<OnceLock<Arc<Fleet>>>,
}

impl StationObserver for Observers {
    fn ready(&self, ready: &Ready, is_separate: Option<bool>) {
        self.board.ready(ready, is_separate);
    }

    fn no_component(&self, error: &WarmError) {
        self.board.no_component(error);
    }

    fn label(&self, printer: &str, number: RunningNumber, copy: u32, event: &LabelEvent) {
        self.board.label(printer, number, copy, event);
        // A copy is a person's: what the fleet has asked for is told of by whoever asked.
        if let (LabelEvent::Settled(Ok(_)), 1.., Some(fleet)) = (event, copy, self.fleet.get()) {
            fleet.decided(number, printer, true, copy);
        }
    }
}
