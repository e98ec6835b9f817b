//! The agent as a service: everything is started, and ended in order.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use miandan_fleet::FleetError;
use miandan_journal::{Journal, JournalError};
use miandan_print::station::{Station, StationError, StationOptions};
use tokio::sync::watch;

use crate::agent::{Agent, Parts, VERSION};
use crate::board::Board;
use crate::clock;
use crate::config::{Config, Limits};
use crate::descriptors;
use crate::fleet::{Fleet, Observers};
use crate::log::{self, Level, Value};
use crate::pairing::Pairings;
use crate::previews::Previews;
use crate::server::{Admin, Door, ServeError, Shared, listen};

/// How long labels in flight may take when the agent ends.
const LAST_LABELS: Duration = Duration::from_secs(20);

/// How long clients may take to hear that it ends.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How often what nobody may look at any more is forgotten.
const SWEEP: Duration = Duration::from_secs(30);

/// Why the agent does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum RunError {
    /// A folder or a file of its own.
    #[error("{what}: {error}")]
    Own {
        /// Which.
        what: String,
        /// Why.
        error: io::Error,
    },
    /// The journal.
    #[error("{path}: {error}")]
    Journal {
        /// Where it is.
        path: String,
        /// Why.
        error: JournalError,
    },
    /// The station.
    #[error(transparent)]
    Station(#[from] StationError),
    /// A port or the certificate.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The fleet.
    #[error("the fleet: {0}")]
    Fleet(#[from] FleetError),
    /// The system does not tell of signals.
    #[error("signals: {0}")]
    Signals(io::Error),
}

/// Runs until somebody ends it.
pub(crate) async fn run(config: Config) -> Result<(), RunError> {
    let own = |what: &std::path::Path| {
        let what = what.display().to_string();
        move |error| RunError::Own { what, error }
    };
    make_private(&config.folder).map_err(own(&config.folder))?;
    let pairings = Arc::new(Pairings::open(&config.folder).map_err(own(&config.folder))?);
    let admin = Admin::open(&config.token_file()).map_err(own(&config.token_file()))?;
    if let Some(folder) = config.journal.parent() {
        make_private(folder).map_err(own(folder))?;
    }
    let path = config.journal.display().to_string();
    let journal = Journal::open(&config.journal).map_err(|error| RunError::Journal { path, error })?;
    let (end, ending) = watch::channel(false);
    let mut terminate = signals().map_err(RunError::Signals)?;
    descriptors::take_all();

    let board = Arc::new(Board::default());
    let joined = Arc::new(OnceLock::new());
    let observers = Observers { board: Arc::clone(&board), fleet: Arc::clone(&joined) };
    let station = Station::start(station_options(&config, journal, observers))?;
    board.count(station.journal()).map_err(StationError::Journal)?;
    let agent = Arc::new(Agent::new(
        station,
        Parts {
            previews: Previews::new(config.keep_previews),
            templates: config.templates.clone(),
            default_printer: config.default_printer.clone(),
            plain_waybills: config.plain_waybills,
            limits: config.limits,
            preview_port: config.previews,
        },
    ));
    let fleet = match &config.fleet {
        Some(fleet) => Some(Arc::new(Fleet::join(fleet, &agent).await?)),
        None => None,
    };
    if let Some(fleet) = &fleet {
        let _ = joined.set(Arc::clone(fleet));
    }
    let shared = Shared {
        agent: Arc::clone(&agent),
        fleet: fleet.clone(),
        door: Arc::new(Door::new(&config.origins, Arc::clone(&pairings))),
        pairings,
        board,
        messages_per_second: config.limits.messages_per_second,
        ending,
    };
    let servers = listen(&config, &shared, admin).await?;
    say_started(&config);

    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            () = terminate.any() => break,
            _ = sweep.tick() => agent.previews.forget(),
        }
    }
    log::line(Level::Info, "stopping", &[]);
    notify("STOPPING=1");
    if let Some(fleet) = &fleet {
        fleet.leave(LAST_LABELS).await;
    }
    let stopping = Arc::clone(&agent);
    // Whose label does not come any more is told so before the connections end.
    let _ = tokio::task::spawn_blocking(move || stopping.station.stop(LAST_LABELS)).await;
    let _ = end.send(true);
    servers.end(LAST_WORDS).await;
    log::line(Level::Info, "stopped", &[]);
    Ok(())
}

fn station_options(config: &Config, journal: Journal, observers: Observers) -> StationOptions {
    let Limits { waiting, .. } = config.limits;
    let clock = Arc::new(clock::now);
    let mut options = StationOptions::new(config.component.clone(), journal, config.printers.clone(), clock);
    options.components = config.components.unwrap_or(options.components);
    options.fonts.clone_from(&config.fonts);
    options.missing = config.missing;
    options.templates = config.templates.waybills().cloned().collect();
    options.plain_waybills = config.plain_waybills;
    options.patience = config.patience;
    options.most_waiting = waiting;
    options.keep = config.limits.keep;
    options.observer = Arc::new(observers);
    options
}

fn say_started(config: &Config) {
    for dialect in &config.dialects {
        for (scheme, ports) in [("ws", &dialect.ws), ("wss", &dialect.wss)] {
            for port in ports {
                let values = [
                    ("dialect", Value::Word(dialect.platform.name())),
                    ("scheme", Value::Word(scheme)),
                    ("port", Value::Number((*port).into())),
                ];
                log::line(Level::Info, "listening", &values);
            }
        }
    }
    let values = [
        ("version", Value::Word(VERSION)),
        ("printers", Value::Number(config.printers.len() as u64)),
        ("admin", Value::Number(config.admin.into())),
        ("previews", Value::Number(config.previews.into())),
    ];
    log::line(Level::Info, "started", &values);
    notify("READY=1");
}

/// Tells systemd (sd_notify(3)), if it has started us and wants to know.
#[cfg(unix)]
fn notify(what: &str) {
    use std::os::unix::net::UnixDatagram;

    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else { return };
    let send = || -> io::Result<()> {
        let datagram = UnixDatagram::unbound()?;
        #[cfg(target_os = "linux")]
        if let Some(name) = socket.to_str().and_then(|name| name.strip_prefix('@')) {
            use std::os::linux::net::SocketAddrExt;
            let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
            return datagram.send_to_addr(what.as_bytes(), &address).map(drop);
        }
        datagram.send_to(what.as_bytes(), &socket).map(drop)
    };
    if let Err(error) = send() {
        log::line(Level::Warning, "systemd.not-told", &[("why", Value::Error(&error))]);
    }
}

#[cfg(not(unix))]
fn notify(_: &str) {}

/// The signals that end the agent.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
fn signals() -> io::Result<Signals> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok(Signals { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as elsewhere")]
fn signals() -> io::Result<Signals> {
    Ok(Signals {})
}

impl Signals {
    #[cfg(unix)]
    async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn any(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// A folder of its own, which nobody else can read.
fn make_private(folder: &std::path::Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
