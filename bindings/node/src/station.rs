//! Stations: labels through the journal onto printers.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use miandan_core::pipe::TemplateKind;
use miandan_journal::{Journal, RunningNumber};
use miandan_print::delivery::Printer;
use miandan_print::station::{
    Held, LabelError, LabelRequest, LaneStatus, PersonError, Resumed, StationObserver, StationOptions,
    TemplateSource, WarmError,
};
use miandan_print::{ComponentOptions, Status};
use napi::Env;
use napi::bindgen_prelude::{AsyncTask, Buffer, Object};
use napi_derive::napi;

use crate::at_exit::{AtWork, end_with};
use crate::background::{Answer, Work, answer, promise, thread_promise};
use crate::batch::missing;
use crate::component::{Component, check_files};
use crate::failed::Failed;
use crate::job::Job;
use crate::orders::Orders;
use crate::shipped;

/// How long the label in flight is waited for when nobody says.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long it is waited for when Node ends.
const AT_EXIT: Duration = Duration::from_secs(4);

type Inner = miandan_print::station::Station;

/// A station, until it is stopped.
#[napi]
pub struct Station {
    open: Arc<Open>,
}

/// A station and who still works with it.
struct Open {
    state: Mutex<State>,
    ended: Condvar,
    trouble: Arc<LastTrouble>,
}

enum State {
    Opening,
    Running(Arc<Inner>),
    Stopping,
    Ended,
}

/// Why the last component did not start: a label says no more than that none does.
#[derive(Default)]
pub(crate) struct LastTrouble(Mutex<Option<Failed>>);

/// What a station is made of.
#[napi(object, object_to_js = false)]
pub struct StationSpec {
    /// The file of the journal.
    pub journal: String,
    /// The printers.
    pub printers: Vec<PrinterSpec>,
    /// How many components are kept warm.
    pub components: Option<u32>,
    /// How long a label waits for its printer, in seconds.
    pub patience: Option<f64>,
    /// Labels that may wait.
    pub most_waiting: Option<u32>,
    /// Labels that can be printed again.
    pub keep: Option<u32>,
    /// Font files.
    pub fonts: Vec<Buffer>,
    /// `refuse` or `box`.
    pub missing: String,
    /// Templates that components get before the first label: XML.
    pub templates: Vec<Buffer>,
}

/// A printer of a station.
#[napi(object, object_to_js = false)]
pub struct PrinterSpec {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub uri: String,
    /// The name of its profile, or TOML.
    pub profile: String,
}

/// How a printer is.
#[napi(object, object_from_js = false)]
pub struct PrinterStatus {
    /// What it is called.
    pub name: String,
    /// Labels that wait for it.
    pub waiting: u32,
    /// The label that it is being sent.
    pub sending: Option<String>,
    /// Why it gets none: `person`, `unknown` or `journal`.
    pub held: Option<String>,
    /// The label of which nobody knows whether it was printed.
    pub unknown: Option<String>,
    /// What is wrong with it, or with the journal.
    pub trouble: Option<String>,
}

/// The latest copy of a label.
#[napi(object, object_from_js = false)]
pub struct PrintOfLabel {
    /// Its number.
    pub number: String,
    /// Which copy, 0 for the first print.
    pub copy: u32,
    /// How far it came.
    pub state: String,
    /// Where it was sent.
    pub printer: Option<String>,
    /// What confirmed it.
    pub confirmation: Option<String>,
    /// Why it is in this state.
    pub reason: Option<String>,
    /// Since when, in seconds since 1970.
    pub changed: f64,
}

/// What going on from a label did, or would do.
#[napi(object, object_from_js = false)]
pub struct ResumedLabels {
    /// Labels that are confirmed by the person's word.
    pub confirmed: Vec<String>,
    /// Labels that are printed again.
    pub reprinted: Vec<String>,
    /// Labels that should be, and of which the order is not in memory any more.
    pub gone: Vec<String>,
}

/// Opens a station: a promise.
#[napi(catch_unwind)]
pub fn open_station<'e>(env: &'e Env, component: &Component, spec: StationSpec) -> napi::Result<Object<'e>> {
    let open =
        Arc::new(Open { state: Mutex::new(State::Opening), ended: Condvar::new(), trouble: Arc::default() });
    let work: Weak<Open> = Arc::downgrade(&open);
    end_with(env, work)?;
    let component = component.options.clone();
    let given = Given::new(spec);
    thread_promise(env, "station", move || {
        let started = start(component, given, &open.trouble);
        match started {
            Ok(inner) => open.started(inner).map(|()| Station { open }),
            Err(failed) => {
                open.set(State::Ended);
                Err(failed)
            }
        }
    })
}

/// A spec without what belongs to JavaScript.
struct Given {
    spec: StationSpec,
    fonts: Vec<Vec<u8>>,
    templates: Vec<Vec<u8>>,
}

impl Given {
    fn new(mut spec: StationSpec) -> Self {
        let copied = |buffers: Vec<Buffer>| buffers.iter().map(|buffer| buffer.to_vec()).collect();
        let (fonts, templates) = (std::mem::take(&mut spec.fonts), std::mem::take(&mut spec.templates));
        Given { fonts: copied(fonts), templates: copied(templates), spec }
    }
}

fn start(component: ComponentOptions, given: Given, trouble: &Arc<LastTrouble>) -> Result<Inner, Failed> {
    let Given { spec, fonts, templates } = given;
    check_files(&component)?;
    let printers = spec.printers.iter().map(|given| {
        let profile = shipped::profile(&given.profile)?;
        let printer = Printer::open(&given.uri, profile).map_err(|error| Failed::of(&error))?;
        Ok((given.name.clone(), printer))
    });
    let printers = printers.collect::<Result<Vec<_>, Failed>>()?;
    let journal = Journal::open(spec.journal.as_ref()).map_err(|error| Failed::of(&error))?;
    let mut options = StationOptions::new(component, journal, printers, Arc::new(now));
    if let Some(components) = spec.components {
        options.components = components as usize;
    }
    if let Some(patience) = spec.patience {
        options.patience = Duration::try_from_secs_f64(patience).unwrap_or(options.patience);
    }
    if let Some(most) = spec.most_waiting {
        options.most_waiting = most as usize;
    }
    if let Some(keep) = spec.keep {
        options.keep = keep as usize;
    }
    options.fonts = fonts;
    options.missing = missing(&spec.missing)?;
    options.templates = templates
        .into_iter()
        .map(|template| Arc::new(TemplateSource::new(TemplateKind::Waybill, template)))
        .collect();
    options.observer = Arc::<LastTrouble>::clone(trouble);
    Inner::start(options).map_err(|error| Failed::of(&error))
}

/// The clock of the machine, in seconds since 1970: labels are made while Node is busy with something else.
#[allow(clippy::disallowed_methods)]
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl StationObserver for LastTrouble {
    fn no_component(&self, error: &WarmError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Failed::of(error));
    }
}

impl LastTrouble {
    /// Why a label was not printed.
    pub(crate) fn explain(&self, error: &LabelError) -> Failed {
        match (error, &*self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            (LabelError::Component, Some(why)) => {
                Failed { message: format!("{error}: {}", why.message), ..why.clone() }
            }
            _ => Failed::station_label(error),
        }
    }
}

impl Open {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State) {
        *self.lock() = state;
        self.ended.notify_all();
    }

    /// It runs, unless Node has ended meanwhile.
    fn started(&self, inner: Inner) -> Result<(), Failed> {
        let mut state = self.lock();
        if matches!(*state, State::Opening) {
            *state = State::Running(Arc::new(inner));
            return Ok(());
        }
        drop(state);
        drop(inner);
        self.set(State::Ended);
        Err(stopped())
    }

    fn get(&self) -> Result<Arc<Inner>, Failed> {
        match &*self.lock() {
            State::Running(inner) => Ok(Arc::clone(inner)),
            _ => Err(stopped()),
        }
    }

    /// Stops it, and answers when it has stopped, whoever stops it.
    fn stop(&self, patience: Duration) {
        let mut state = self.lock();
        match std::mem::replace(&mut *state, State::Stopping) {
            State::Running(inner) => {
                drop(state);
                inner.stop(patience);
                drop(inner);
                return self.set(State::Ended);
            }
            State::Ended => {
                *state = State::Ended;
                return;
            }
            State::Opening | State::Stopping => {}
        }
        drop(self.ended.wait_while(state, |state| !matches!(state, State::Ended)));
    }

    /// Stops it from a thread of its own.
    fn stop_aside(self: &Arc<Self>, patience: Duration) {
        let open = Arc::clone(self);
        // If there is no thread any more, what it works on ends with the process.
        let _ = thread::Builder::new().name("stop".to_owned()).spawn(move || open.stop(patience));
    }
}

impl AtWork for Open {
    fn end(self: Arc<Self>) {
        self.stop_aside(AT_EXIT);
    }

    fn wait(&self, until: Instant) {
        let mut state = self.lock();
        while !matches!(*state, State::Ended) {
            let Some(left) = until.checked_duration_since(Instant::now()) else { return };
            state = self.ended.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn stopped() -> Failed {
    Failed::new(Status::BadHandle, "the station was stopped")
}

fn number(text: &str) -> Result<RunningNumber, Failed> {
    text.parse().map_err(|error| Failed::new(Status::BadArgument, format!("{text:?}: {error}")))
}

fn person<T>(result: Result<T, PersonError>) -> Result<T, Failed> {
    result.map_err(|error| Failed::of(&error))
}

impl Drop for Station {
    fn drop(&mut self) {
        self.open.stop_aside(PATIENCE);
    }
}

#[napi]
impl Station {
    /// What follows labels of this station.
    #[napi(catch_unwind)]
    pub fn job(&self) -> Job {
        Job::new(Arc::clone(&self.open.trouble))
    }

    /// Prints orders on a printer: a promise of how many labels that is. The job tells of them.
    #[napi(catch_unwind)]
    pub fn print(
        &self,
        job: &Job,
        printer: String,
        orders: &Orders,
        template: Buffer,
    ) -> Answer<AsyncTask<Work<u32>>> {
        let (open, watch, template) = (Arc::clone(&self.open), job.watch(), template.to_vec());
        answer(orders.get().map(|orders| {
            promise(move || {
                let station = open.get()?;
                let template = Arc::new(TemplateSource::new(TemplateKind::Waybill, template));
                let labels = requests(&orders, &template)?;
                let count = u32::try_from(labels.len()).unwrap_or(u32::MAX);
                station.print(&printer, labels, watch)?;
                Ok(count)
            })
        }))
    }

    /// Prints a label again: a promise of which copy that is.
    #[napi(catch_unwind)]
    pub fn reprint(
        &self,
        label: String,
        printer: Option<String>,
        reason: String,
        operator: String,
    ) -> AsyncTask<Work<u32>> {
        let open = Arc::clone(&self.open);
        promise(move || person(open.get()?.reprint(number(&label)?, printer.as_deref(), &reason, &operator)))
    }

    /// What a person says of a label of which nobody knows.
    #[napi(catch_unwind)]
    pub fn settle(
        &self,
        label: String,
        printed: bool,
        reason: String,
        operator: String,
    ) -> AsyncTask<Work<PrintOfLabel>> {
        let open = Arc::clone(&self.open);
        promise(move || {
            let settled = open.get()?.settle(number(&label)?, printed, &reason, &operator);
            person(settled).map(PrintOfLabel::from)
        })
    }

    /// Goes on after the last good label, or says what that would do.
    #[napi(catch_unwind)]
    pub fn resume(
        &self,
        printer: String,
        last: String,
        reason: String,
        operator: String,
        only_look: bool,
    ) -> AsyncTask<Work<ResumedLabels>> {
        let open = Arc::clone(&self.open);
        promise(move || {
            let (station, last) = (open.get()?, number(&last)?);
            let resumed = match only_look {
                true => station.look_at_resume(&printer, last),
                false => station.resume(&printer, last, &reason, &operator),
            };
            person(resumed).map(ResumedLabels::from)
        })
    }

    /// The latest copy of a label.
    #[napi(catch_unwind)]
    pub fn latest(&self, label: String) -> AsyncTask<Work<PrintOfLabel>> {
        let open = Arc::clone(&self.open);
        promise(move || person(open.get()?.latest(number(&label)?)).map(PrintOfLabel::from))
    }

    /// Has a printer get no labels; whether there is one of this name.
    #[napi(catch_unwind)]
    pub fn hold(&self, printer: String) -> Answer<bool> {
        answer(self.open.get().map(|station| station.hold(&printer)))
    }

    /// Has it get labels again.
    #[napi(catch_unwind)]
    pub fn release(&self, printer: String) -> Answer<bool> {
        answer(self.open.get().map(|station| station.release(&printer)))
    }

    /// How the printers are.
    #[napi(catch_unwind)]
    pub fn printers(&self) -> Answer<Vec<PrinterStatus>> {
        let all = |station: Arc<Inner>| station.printers().into_iter().map(PrinterStatus::from).collect();
        answer(self.open.get().map(all))
    }

    /// Stops it: a promise. Nothing is left to be stopped by who comes second.
    #[napi(catch_unwind)]
    pub fn stop<'e>(&self, env: &'e Env, patience: Option<f64>) -> napi::Result<Object<'e>> {
        let open = Arc::clone(&self.open);
        let patience = patience.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        thread_promise(env, "stop", move || {
            open.stop(patience.unwrap_or(PATIENCE));
            Ok(true)
        })
    }
}

/// Orders as they are asked for, one label each.
fn requests(
    orders: &miandan_print::Orders,
    template: &Arc<TemplateSource>,
) -> Result<Vec<LabelRequest>, Failed> {
    LabelRequest::all_of(orders, template)
        .map_err(|error| Failed::new(Status::Unreadable, format!("the orders cannot be read: {error}")))
}

impl From<LaneStatus> for PrinterStatus {
    fn from(lane: LaneStatus) -> Self {
        let (held, unknown, why) = match lane.held {
            None => (None, None, None),
            Some(Held::ByPerson) => (Some("person"), None, None),
            Some(Held::Unknown(number, why)) => {
                (Some("unknown"), Some(number.to_string()), Some(why.to_string()))
            }
            Some(Held::Journal(error)) => (Some("journal"), None, Some(error.to_string())),
        };
        PrinterStatus {
            name: lane.name,
            waiting: u32::try_from(lane.waiting).unwrap_or(u32::MAX),
            sending: lane.sending.map(|number| number.to_string()),
            held: held.map(str::to_owned),
            unknown,
            trouble: why.or_else(|| lane.trouble.map(|why| why.to_string())),
        }
    }
}

impl From<miandan_journal::Print> for PrintOfLabel {
    fn from(print: miandan_journal::Print) -> Self {
        PrintOfLabel {
            number: print.number.to_string(),
            copy: print.id.copy,
            state: print.state.as_str().to_owned(),
            printer: print.printer,
            confirmation: print.rung.map(|rung| rung.as_str().to_owned()),
            reason: print.reason,
            changed: print.changed as f64,
        }
    }
}

impl From<Resumed> for ResumedLabels {
    fn from(resumed: Resumed) -> Self {
        let names = |numbers: Vec<RunningNumber>| numbers.iter().map(RunningNumber::to_string).collect();
        ResumedLabels {
            confirmed: names(resumed.confirmed),
            reprinted: names(resumed.reprinted),
            gone: names(resumed.gone),
        }
    }
}
