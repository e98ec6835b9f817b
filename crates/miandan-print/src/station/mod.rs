//! A station: printers that labels are sent to as they come, by whoever asks, for as long as it runs.
//!
//! A [`Batch`](crate::Batch) knows its labels when it begins. A station does not: it keeps components warm, gives each
//! label its number when it is asked for, has it made, and sends it through the journal with the same rules as a batch.
//! What the journal has already is answered and not printed; what may be on paper is never sent again, and its printer is
//! held until a person has looked.
//!
//! It speaks no protocol and knows no client.
//!
//! ```no_run
//! use std::sync::Arc;
//! use miandan_core::label::LabelNumber;
//! use miandan_core::pipe::TemplateKind;
//! use miandan_journal::Journal;
//! use miandan_print::delivery::Printer;
//! use miandan_print::station::{
//!     LabelContent, LabelEvent, LabelRequest, Station, StationOptions, TemplateSource, Watch,
//! };
//! use miandan_print::{ComponentOptions, component_path};
//!
//! struct Told;
//! impl Watch for Told {
//!     fn event(&self, place: usize, event: LabelEvent) {
//!         println!("label {place}: {event:?}");
//!     }
//! }
//!
//! let mut component = ComponentOptions::new(component_path(None)?);
//! component.keys.push("station.key".into());
//! component.trust.push("issuer.pub".into());
//! let profile = miandan_print::printer::find_profile("tsc").expect("is shipped").read()?;
//! let desk = Printer::open("socket://192.0.2.7", profile)?;
//! let journal = Journal::open("journal.db".as_ref())?;
//! let clock = Arc::new(|| 1_794_355_200);
//!
//! let options = StationOptions::new(component, journal, vec![("desk".to_owned(), desk)], clock);
//! let station = Station::start(options)?;
//! let label = LabelRequest {
//!     content: LabelContent::Sealed(std::fs::read("order.sealed.json")?),
//!     template: Arc::new(TemplateSource::new(TemplateKind::Waybill, std::fs::read("label.xml")?)),
//!     sender: None,
//!     areas: Vec::new(),
//!     number: LabelNumber { index: 1, count: 1 },
//!     running: None,
//! };
//! station.print("desk", vec![label], Arc::new(Told))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod book;
mod events;
mod kept;
mod label;
mod lane;
mod person;
mod pool;
mod warm;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use miandan_core::Code;
use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, Micrometres, Purpose};
use miandan_core::number::RunningNumber;
use miandan_core::pipe::{Failure, LabelPart, MAX_AREAS, MAX_DATA, MAX_SENDER, Ready};
use miandan_core::printer::ProfileError;
use miandan_core::stamp::Stamp;
use miandan_journal::{Journal, JournalError, TextProblem};
use miandan_seal::clear_header;

use crate::delivery::Printer;
use crate::options::ComponentOptions;
use crate::work::journal_label;
use book::{Asked, Book};
use kept::Kept;
use lane::{Lane, Runner, Ticket};
use pool::{Job, Pool};

pub use events::{Events, TaggedEvent};
pub use label::{
    AreaRequest, LabelContent, LabelError, LabelEvent, LabelRequest, Personal, Picture, TemplateSource, Watch,
};
pub use lane::{Held, LaneStatus};
pub use person::{PersonError, Resumed};
pub use warm::WarmError;

/// The longest sealed order that is handed on, in bytes: one is at most 64 KiB.
const MAX_SEALED: usize = 64 << 10;

/// How a station works.
#[derive(Clone)]
pub struct StationOptions {
    /// How components are started.
    pub component: ComponentOptions,
    /// How many of them are kept warm.
    pub components: usize,
    /// Fonts whose characters are drawn where the bundled typeface lacks them, in this order.
    pub fonts: Vec<Vec<u8>>,
    /// What stands for a character that no font has.
    pub missing: MissingGlyph,
    /// Templates that every component gets when it is started, so that no label waits for them.
    pub templates: Vec<Arc<TemplateSource>>,
    /// Whether labels that show personal fields are made of data in clear as well. They are masked all the same; but such data
    /// was open to whoever handled it before.
    pub plain_waybills: bool,
    /// The journal.
    pub journal: Journal,
    /// The printers, by their names.
    pub printers: Vec<(String, Printer)>,
    /// What time it is, in seconds since 1970.
    pub clock: Arc<dyn Fn() -> u64 + Send + Sync>,
    /// How long a label waits for its printer.
    pub patience: Duration,
    /// Labels that may wait for all printers together.
    pub most_waiting: usize,
    /// Labels that stay in memory, as they came, to be looked at or printed again by a person; none with 0.
    pub keep: usize,
    /// Who is told of components.
    pub observer: Arc<dyn StationObserver>,
}

/// Who wants to know how a station is. Every method may be left out.
pub trait StationObserver: Send + Sync {
    /// The first component is locked; of a service, whether it is that of another user.
    fn ready(&self, ready: &Ready, is_separate: Option<bool>) {
        let _ = (ready, is_separate);
    }

    /// A component could not be started. It is tried again.
    fn no_component(&self, error: &WarmError) {
        let _ = error;
    }

    /// Something happened to a label on its way to this printer. Called before whoever asked for it is told.
    fn label(&self, printer: &str, number: RunningNumber, copy: u32, event: &LabelEvent) {
        let _ = (printer, number, copy, event);
    }
}

impl StationObserver for () {}

/// Why a station does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StationError {
    /// No component could be started.
    #[error(transparent)]
    Component(#[from] WarmError),
    /// The journal cannot be read or written.
    #[error("the journal: {0}")]
    Journal(#[from] JournalError),
    /// Two printers have one name.
    #[error("two printers are called {0}")]
    SameName(String),
    /// The system starts no more threads.
    #[error("no thread can be started: {0}")]
    Threads(std::io::Error),
}

/// Why nothing of what was asked for is printed. Labels that fail one by one are no such error.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// There is no such printer.
    #[error("there is no such printer")]
    UnknownPrinter,
    /// Too many labels wait.
    #[error("too many labels wait")]
    Busy,
    /// The station ends.
    #[error("the station is stopping")]
    Stopping,
    /// The journal cannot be written.
    #[error("the journal: {0}")]
    Journal(JournalError),
}

/// A station at work. It ends when this value is dropped, after the labels in flight.
pub struct Station {
    options: Arc<StationOptions>,
    book: Arc<Book>,
    kept: Kept,
    lanes: Vec<Arc<Lane>>,
    pool: Arc<Pool>,
    stop: Arc<AtomicBool>,
    cancel: Arc<AtomicBool>,
    waiting: Arc<AtomicUsize>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl StationOptions {
    /// A station with a component for each processor, whose labels wait for ten minutes at most.
    #[must_use]
    pub fn new(
        component: ComponentOptions,
        journal: Journal,
        printers: Vec<(String, Printer)>,
        clock: Arc<dyn Fn() -> u64 + Send + Sync>,
    ) -> Self {
        StationOptions {
            component,
            components: thread::available_parallelism().map_or(1, usize::from),
            fonts: Vec::new(),
            missing: MissingGlyph::default(),
            templates: Vec::new(),
            plain_waybills: false,
            journal,
            printers,
            clock,
            patience: Duration::from_secs(600),
            most_waiting: 20_000,
            keep: 2_000,
            observer: Arc::new(()),
        }
    }
}

impl Station {
    /// Starts the first component, and answers when it is locked.
    ///
    /// # Errors
    /// [`StationError`].
    pub fn start(options: StationOptions) -> Result<Self, StationError> {
        let options = Arc::new(options);
        let mut names: Vec<_> = options.printers.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(StationError::SameName(pair[0].clone()));
        }
        let book = Arc::new(Book::open(options.journal.clone(), (options.clock)())?);
        let pool = Arc::new(Pool::start(&options)?);
        let lanes = options.printers.iter().map(|(name, printer)| Lane::new(name.clone(), printer.clone()));
        let lanes: Vec<_> = lanes.map(Arc::new).collect();
        let station = Station {
            kept: Kept::new(options.keep),
            options,
            book,
            lanes,
            pool,
            stop: Arc::default(),
            cancel: Arc::default(),
            waiting: Arc::default(),
            threads: Mutex::default(),
        };
        for lane in &station.lanes {
            let (lane, pool, options) =
                (Arc::clone(lane), Arc::clone(&station.pool), Arc::clone(&station.options));
            let (stop, cancel) = (Arc::clone(&station.stop), Arc::clone(&station.cancel));
            let run = move || {
                Runner { lane: &lane, pool: &pool, options: &options, stop: &stop, cancel: &cancel }.run();
            };
            let thread = thread::Builder::new().name("printer".to_owned()).spawn(run);
            station.threads().push(thread.map_err(StationError::Threads)?);
        }
        Ok(station)
    }

    /// Prints labels on a printer, in this order, behind those that wait for it. Each is told of until it is settled; those
    /// that are refused at once, before this answers. Waits for the disk, not for the printer.
    ///
    /// # Errors
    /// [`RequestError`]. Then no label is told of and none is printed.
    pub fn print(
        &self,
        printer: &str,
        labels: Vec<LabelRequest>,
        watch: Arc<dyn Watch>,
    ) -> Result<(), RequestError> {
        let lane = self.lane(printer).ok_or(RequestError::UnknownPrinter)?;
        if self.stop.load(Ordering::Relaxed) {
            return Err(RequestError::Stopping);
        }
        let count = labels.len();
        if self.waiting.fetch_add(count, Ordering::Relaxed) + count > self.options.most_waiting {
            self.waiting.fetch_sub(count, Ordering::Relaxed);
            return Err(RequestError::Busy);
        }
        let watch: Arc<dyn Watch> = Arc::new(Counted { watch, waiting: Arc::clone(&self.waiting) });
        let now = (self.options.clock)();
        let read: Vec<_> = labels.iter().map(new_label).collect();
        let new = read.iter().filter_map(|label| label.as_ref().ok().cloned()).collect();
        let mut places = match self.book.place(new, now) {
            Ok(places) => places.into_iter(),
            Err(error) => {
                self.waiting.fetch_sub(count, Ordering::Relaxed);
                return Err(RequestError::Journal(error));
            }
        };
        let until = Instant::now() + self.options.patience;
        let mut tickets = Vec::with_capacity(count);
        for (index, (label, read)) in labels.into_iter().zip(read).enumerate() {
            let place = read.and_then(|_| places.next().unwrap_or(Err(LabelError::InFlight)));
            match place {
                Ok(place) => {
                    let number = place.batch.number(place.print.position);
                    let copy = u16::try_from(place.print.copy).unwrap_or(u16::MAX);
                    let stamp = Stamp { number: label.number, running: Some(number), printed_at: now, copy };
                    let (label, watch) = (Arc::new(label), Arc::clone(&watch));
                    self.kept.put(number, &label, stamp);
                    let ticket = Ticket { place, label, stamp, watch, index, until };
                    lane::tell(&self.options, lane, &ticket, LabelEvent::Planned(number));
                    tickets.push(ticket);
                }
                Err(error) => watch.event(index, LabelEvent::Settled(Err(error))),
            }
        }
        lane.put(&self.options, tickets);
        Ok(())
    }

    /// Makes a label to be looked at: masked, with 预览 across it, and never printed. `done` gets it.
    pub fn preview(
        &self,
        label: LabelRequest,
        done: impl FnOnce(Result<Picture, LabelError>) + Send + 'static,
    ) {
        if let Err(error) = check_sizes(&label) {
            return done(Err(error));
        }
        let number = label.number;
        self.pool.make(Job {
            label: Arc::new(label),
            stamp: Stamp::first(number, (self.options.clock)()),
            format: Format::Png,
            purpose: Purpose::Preview,
            done: Box::new(move |made| {
                done(made.map(|made| Picture { pages: made.pages, size: made.size }));
            }),
        });
    }

    /// How the printers are, in the order in which they were given.
    #[must_use]
    pub fn printers(&self) -> Vec<LaneStatus> {
        self.lanes.iter().map(|lane| lane.status()).collect()
    }

    /// A printer, to ask it how it is.
    #[must_use]
    pub fn printer(&self, name: &str) -> Option<&Printer> {
        self.lane(name).map(|lane| &lane.printer)
    }

    /// Has a printer get no labels after the one that it is being sent; `false` if there is none of this name.
    pub fn hold(&self, printer: &str) -> bool {
        self.lane(printer).map(|lane| lane.hold(Held::ByPerson)).is_some()
    }

    /// Has a printer get labels again: somebody has looked. `false` if there is none of this name.
    pub fn release(&self, printer: &str) -> bool {
        self.lane(printer).map(|lane| lane.release()).is_some()
    }

    /// Has labels moved to the right and down by so much, beside what the printer's profile says; those that are made already
    /// are not. Nothing of a printer that there is not.
    ///
    /// # Errors
    /// If the printer cannot. Labels stay where they were then.
    pub fn move_labels(&self, printer: &str, by: [Micrometres; 2]) -> Result<(), ProfileError> {
        self.lane(printer).map_or(Ok(()), |lane| lane.move_labels(by))
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        self.book.journal()
    }

    /// Takes no more labels, finishes those in flight, and tells all others that nothing becomes of them. Answers when that
    /// is done; after `patience` not even those in flight are waited for, and they are unknown then.
    pub fn stop(&self, patience: Duration) {
        self.stop.store(true, Ordering::Relaxed);
        self.lanes.iter().for_each(|lane| lane.close());
        let threads = std::mem::take(&mut *self.threads());
        let began = Instant::now();
        while threads.iter().any(|thread| !thread.is_finished()) {
            if began.elapsed() >= patience {
                self.cancel.store(true, Ordering::Relaxed);
            }
            thread::sleep(Duration::from_millis(5));
        }
        threads.into_iter().for_each(|thread| drop(thread.join()));
    }

    fn lane(&self, name: &str) -> Option<&Arc<Lane>> {
        self.lanes.iter().find(|lane| lane.name == name)
    }

    fn threads(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.stop(Duration::from_secs(30));
    }
}

/// Counts the labels that wait.
struct Counted {
    watch: Arc<dyn Watch>,
    waiting: Arc<AtomicUsize>,
}

impl Watch for Counted {
    fn event(&self, place: usize, event: LabelEvent) {
        if matches!(event, LabelEvent::Settled(_)) {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        self.watch.event(place, event);
    }
}

/// What the journal is to know of a label.
fn new_label(request: &LabelRequest) -> Result<Asked, LabelError> {
    let refused = |code: Code| LabelError::Refused(Failure::from(code));
    check_sizes(request)?;
    let (label, most) = match &request.content {
        LabelContent::Sealed(order) => {
            let header = clear_header(order).map_err(refused)?;
            (journal_label(&header), header.print_limit)
        }
        LabelContent::Plain(_, label) => (label.clone(), None),
    };
    match label.check() {
        Ok(()) => Ok(Asked { label, most, running: request.running }),
        Err(JournalError::Text { problem: TextProblem::TooLong { .. }, .. }) => Err(refused(Code::Limit)),
        Err(_) => Err(refused(Code::Malformed)),
    }
}

/// What the pipe has room for: a request that is longer would cost a component its life.
fn check_sizes(request: &LabelRequest) -> Result<(), LabelError> {
    let too_long = |part| Err(LabelError::Refused(Failure::from(Code::Limit).of_part(part)));
    let content = match &request.content {
        // The component answers `LIMIT` for one that is a byte too long.
        LabelContent::Sealed(order) if order.len() > MAX_SEALED => return too_long(LabelPart::Content),
        LabelContent::Sealed(_) => 0,
        LabelContent::Plain(data, _) => data.0.len(),
    };
    if content > MAX_DATA {
        return too_long(LabelPart::Content);
    }
    if request.sender.as_ref().is_some_and(|sender| sender.0.len() > MAX_SENDER) {
        return too_long(LabelPart::Sender);
    }
    if request.areas.len() > MAX_AREAS {
        return too_long(LabelPart::Area(MAX_AREAS as u8));
    }
    match request.areas.iter().position(|area| area.data.0.len() > MAX_DATA) {
        Some(place) => too_long(LabelPart::Area(place as u8)),
        None => Ok(()),
    }
}
