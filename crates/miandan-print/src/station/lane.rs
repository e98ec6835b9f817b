//! One printer of a station: labels that wait for it, in the order in which they were asked for, and a thread that has them
//! made and sends them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use miandan_core::label::{Format, Micrometres, Purpose};
use miandan_core::printer::{Profile, ProfileError};
use miandan_core::stamp::Stamp;
use miandan_device::Why;
use miandan_journal::{JournalError, OpenBatch, RunningNumber, Transition};

use super::StationOptions;
use super::book::Place;
use super::label::{LabelError, LabelEvent, LabelRequest, Watch};
use super::pool::{Job, Made, Pool};
use crate::delivery::wire::{Sent, Wire};
use crate::delivery::{Event, Printer};

/// Labels that are made ahead of the one that is sent: enough that a printer never waits, few enough that memory stays flat
/// and a stop loses little.
const AHEAD: usize = 4;

/// How soon a printer that is held looks for labels that have waited for too long.
const ATTENTION: Duration = Duration::from_millis(200);

/// Why a printer gets no labels.
#[derive(Clone, Debug, PartialEq)]
pub enum Held {
    /// A person said so.
    ByPerson,
    /// A label may be on paper: a person has to look before anything else is sent.
    Unknown(RunningNumber, Why),
    /// The journal cannot be written.
    Journal(JournalError),
}

/// A printer and what waits for it.
pub(super) struct Lane {
    pub(super) name: String,
    pub(super) printer: Printer,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Ticket>,
    /// Being made, or made: the next ones, in their order.
    ahead: VecDeque<(Ticket, Arc<Slot>)>,
    /// With the printer at this moment.
    sending: Option<RunningNumber>,
    held: Option<Held>,
    /// What was last wrong with it, until it takes a label again.
    trouble: Option<Why>,
    /// By how much labels are moved, beside what its profile says.
    moved: [Micrometres; 2],
    closed: bool,
}

impl State {
    /// The first label that has waited for too long.
    fn expired(&mut self) -> Option<Ticket> {
        let now = Instant::now();
        if self.ahead.front().is_some_and(|(ticket, _)| ticket.until <= now) {
            return self.ahead.pop_front().map(|(ticket, _)| ticket);
        }
        let first = self.waiting.front()?;
        if first.until <= now { self.waiting.pop_front() } else { None }
    }
}

/// A label on its way.
pub(super) struct Ticket {
    pub(super) place: Place,
    pub(super) label: Arc<LabelRequest>,
    pub(super) stamp: Stamp,
    pub(super) watch: Arc<dyn Watch>,
    /// Which of the labels that were asked for together.
    pub(super) index: usize,
    /// When it has waited for too long.
    pub(super) until: Instant,
}

/// Where a component puts a label.
#[derive(Default)]
struct Slot {
    made: Mutex<Option<Result<Made, LabelError>>>,
    ready: Condvar,
}

/// How a printer is.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneStatus {
    /// What it is called.
    pub name: String,
    /// Labels that wait for it, those that are made included.
    pub waiting: usize,
    /// The label that it is being sent.
    pub sending: Option<RunningNumber>,
    /// Why it gets no labels, if it gets none.
    pub held: Option<Held>,
    /// Why it takes none at the moment.
    pub trouble: Option<Why>,
}

impl Ticket {
    fn number(&self) -> RunningNumber {
        self.place.batch.number(self.place.print.position)
    }

    fn is_of(&self, batch: &Arc<OpenBatch>) -> bool {
        Arc::ptr_eq(&self.place.batch, batch)
    }
}

/// That a slot is filled. A promise that is given up says so, so that nobody waits for ever.
struct Promise(Arc<Slot>);

impl Drop for Promise {
    fn drop(&mut self) {
        self.0.put(Err(LabelError::Component));
    }
}

impl Slot {
    /// Fills it, if nobody has.
    fn put(&self, made: Result<Made, LabelError>) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(made);
        self.ready.notify_all();
    }

    fn take(&self) -> Result<Made, LabelError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(made) = made.take() {
                return made;
            }
            made = self.ready.wait(made).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Lane {
    pub(super) fn new(name: String, printer: Printer) -> Self {
        Lane { name, printer, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Puts labels behind those that wait. If the lane is closed nobody would come for them, and they are told so.
    pub(super) fn put(&self, options: &StationOptions, tickets: impl IntoIterator<Item = Ticket>) {
        let mut state = self.lock();
        if state.closed {
            drop(state);
            let stopping = || LabelEvent::Settled(Err(LabelError::Stopping));
            return tickets.into_iter().for_each(|ticket| tell(options, self, &ticket, stopping()));
        }
        state.waiting.extend(tickets);
        self.changed.notify_all();
    }

    pub(super) fn status(&self) -> LaneStatus {
        let state = self.lock();
        LaneStatus {
            name: self.name.clone(),
            waiting: state.waiting.len() + state.ahead.len(),
            sending: state.sending,
            held: state.held.clone(),
            trouble: state.trouble.clone(),
        }
    }

    /// Has it get no labels after the one that it is being sent.
    pub(super) fn hold(&self, why: Held) {
        self.lock().held.get_or_insert(why);
    }

    /// Has labels moved to the right and down, beside what its profile says.
    pub(super) fn move_labels(&self, by: [Micrometres; 2]) -> Result<(), ProfileError> {
        self.profile(by).check()?;
        self.lock().moved = by;
        Ok(())
    }

    fn profile(&self, moved: [Micrometres; 2]) -> Profile {
        let [right, down] = self.printer.profile.offset;
        let offset = [right.saturating_add(moved[0]), down.saturating_add(moved[1])];
        Profile { offset, ..self.printer.profile }
    }

    /// Has it get labels again.
    pub(super) fn release(&self) {
        self.lock().held = None;
        self.changed.notify_all();
    }

    /// Has its thread end after the label in flight.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of a label.
type Outcome = Result<Option<miandan_device::Rung>, LabelError>;

/// Labels of which it is known what became of them, and not yet durable: nobody is told before it is.
#[derive(Default)]
struct Untold(RefCell<Vec<(Ticket, Outcome)>>);

impl Untold {
    fn put(&self, ticket: Ticket, outcome: Outcome) {
        self.0.borrow_mut().push((ticket, outcome));
    }
}

/// What the thread of a printer works with.
pub(super) struct Runner<'r> {
    pub(super) lane: &'r Lane,
    pub(super) pool: &'r Pool,
    pub(super) options: &'r StationOptions,
    pub(super) stop: &'r AtomicBool,
    pub(super) cancel: &'r AtomicBool,
}

impl Runner<'_> {
    /// Sends labels until the lane is closed. Then those that wait are told that nothing becomes of them.
    pub(super) fn run(&self) {
        let mut next = None;
        while let Some((ticket, made)) = next.take().or_else(|| self.next(None)) {
            let batch = Arc::clone(&ticket.place.batch);
            next = self.with_batch(&batch, (ticket, made));
        }
        let (waiting, ahead) = {
            let mut state = self.lane.lock();
            (std::mem::take(&mut state.waiting), std::mem::take(&mut state.ahead))
        };
        for ticket in ahead.into_iter().map(|(ticket, _)| ticket).chain(waiting) {
            self.tell(&ticket, LabelEvent::Settled(Err(LabelError::Stopping)));
        }
    }

    /// Sends labels as long as they are of one batch; answers the first of another.
    fn with_batch(
        &self,
        batch: &Arc<OpenBatch>,
        first: (Ticket, Result<Made, LabelError>),
    ) -> Option<(Ticket, Result<Made, LabelError>)> {
        let StationOptions { clock, .. } = self.options;
        let mut wire = Wire::new(batch, &self.lane.printer, &**clock, self.cancel, self.stop);
        let untold = Untold::default();
        let mut next = Some(first);
        loop {
            let (ticket, made) = match next.take().or_else(|| self.next(Some((&mut wire, &untold)))) {
                Some((ticket, made)) if ticket.is_of(batch) => (ticket, made),
                other => {
                    self.settle(&mut wire, &untold);
                    return other;
                }
            };
            let number = ticket.number();
            let result = match made {
                Err(error) => self.not_made(&mut wire, &ticket, error),
                Ok(made) => {
                    self.lane.lock().sending = Some(number);
                    let sent = self.send(&mut wire, &ticket, made, &untold);
                    self.lane.lock().sending = None;
                    sent
                }
            };
            let result = result.unwrap_or_else(|error| {
                self.lane.hold(Held::Journal(error.clone()));
                Err(LabelError::Journal(error))
            });
            untold.put(ticket, result);
        }
    }

    fn send(
        &self,
        wire: &mut Wire<'_>,
        ticket: &Ticket,
        made: Made,
        untold: &Untold,
    ) -> Result<Outcome, JournalError> {
        let bytes = made.pages.concat();
        let patience = ticket.until.saturating_duration_since(Instant::now());
        let tell = |event: &Event| match event {
            Event::Sending(_) => {
                // What became of the label before is durable together with that this one is sent.
                self.tell_all(untold);
                self.tell(ticket, LabelEvent::Sending);
            }
            Event::Waiting(_, why, wait) => {
                self.lane.lock().trouble = Some(why.clone());
                self.tell(ticket, LabelEvent::Waiting(why.clone(), *wait));
            }
            _ => {}
        };
        let sent = wire.send(ticket.place.print, &bytes, patience, &tell)?;
        let number = ticket.number();
        let mut state = self.lane.lock();
        state.trouble = match &sent {
            Sent::Taken(_) => None,
            Sent::Unknown(why) | Sent::Unavailable(why) => Some(why.clone()),
        };
        Ok(match sent {
            Sent::Taken(rung) => Ok(rung),
            Sent::Unknown(why) => {
                state.held.get_or_insert(Held::Unknown(number, why.clone()));
                Err(LabelError::Uncertain(why))
            }
            Sent::Unavailable(_) if state.closed => Err(LabelError::Stopping),
            Sent::Unavailable(why) => Err(LabelError::Printer(why)),
        })
    }

    /// A label that could not be made: that too is in the journal.
    fn not_made(
        &self,
        wire: &mut Wire<'_>,
        ticket: &Ticket,
        error: LabelError,
    ) -> Result<Outcome, JournalError> {
        if error != LabelError::Stopping {
            let reason = match &error {
                LabelError::Refused(failure) => failure.code.to_string(),
                LabelError::Template { code, .. } => code.to_string(),
                other => other.to_string(),
            };
            wire.settle(vec![(ticket.place.print, Transition::Failed { reason })])?;
        }
        Ok(Err(error))
    }

    fn tell(&self, ticket: &Ticket, event: LabelEvent) {
        tell(self.options, self.lane, ticket, event);
    }

    /// Makes durable what is known, and then tells it.
    fn settle(&self, wire: &mut Wire<'_>, untold: &Untold) {
        if let Err(error) = wire.settle(Vec::new()) {
            self.lane.hold(Held::Journal(error));
        }
        self.tell_all(untold);
    }

    fn tell_all(&self, untold: &Untold) {
        for (ticket, result) in untold.0.take() {
            self.tell(&ticket, LabelEvent::Settled(result));
        }
    }

    /// The next label that is made, or could not be; none once the lane is closed. Where nothing waits, what is known of the
    /// labels before becomes durable first.
    fn next(&self, mut idle: Option<(&mut Wire<'_>, &Untold)>) -> Option<(Ticket, Result<Made, LabelError>)> {
        let mut state = self.lane.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(ticket) = state.expired() {
                return Some((ticket, Err(LabelError::Expired)));
            }
            if state.held.is_none() {
                self.look_ahead(&mut state);
                if let Some((ticket, slot)) = state.ahead.pop_front() {
                    drop(state);
                    let made = slot.take();
                    if let Ok(made) = &made {
                        self.tell(&ticket, LabelEvent::Made(made.took, made.warnings));
                    }
                    return Some((ticket, made));
                }
            }
            if let Some((wire, untold)) = idle.take() {
                drop(state);
                self.settle(wire, untold);
                state = self.lane.lock();
                continue;
            }
            let changed = &self.lane.changed;
            state = if state.waiting.is_empty() && state.ahead.is_empty() {
                changed.wait(state).unwrap_or_else(PoisonError::into_inner)
            } else {
                changed.wait_timeout(state, ATTENTION).unwrap_or_else(PoisonError::into_inner).0
            };
        }
    }

    /// Has the next labels made.
    fn look_ahead(&self, state: &mut State) {
        while state.ahead.len() < AHEAD
            && let Some(ticket) = state.waiting.pop_front()
        {
            let slot = Arc::new(Slot::default());
            let promise = Promise(Arc::clone(&slot));
            self.pool.make(Job {
                label: Arc::clone(&ticket.label),
                stamp: ticket.stamp,
                format: Format::Printer(self.lane.profile(state.moved)),
                purpose: Purpose::Print,
                done: Box::new(move |made| promise.0.put(made)),
            });
            state.ahead.push_back((ticket, slot));
        }
    }
}

/// Tells the station's observer, and then whoever asked for the label.
pub(super) fn tell(options: &StationOptions, lane: &Lane, ticket: &Ticket, event: LabelEvent) {
    if matches!(event, LabelEvent::Settled(_)) {
        ticket.place.settle();
    }
    options.observer.label(&lane.name, ticket.number(), ticket.place.print.copy, &event);
    ticket.watch.event(ticket.index, event);
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use miandan_core::label::LabelNumber;
    use miandan_core::pipe::TemplateKind;
    use miandan_journal::{Journal, LabelKey, NewLabel};

    use super::super::book::{Asked, Book};
    use super::super::label::{LabelContent, TemplateSource};
    use super::*;
    use crate::options::ComponentOptions;
    use crate::printer::find_profile;

    const NOW: u64 = 1_794_362_400;

    #[derive(Default)]
    struct Told(Mutex<Vec<LabelEvent>>);

    impl Watch for Told {
        fn event(&self, _: usize, event: LabelEvent) {
            self.0.lock().unwrap().push(event);
        }
    }

    #[test]
    fn who_comes_after_the_end_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let component = ComponentOptions::new(PathBuf::new());
        let options = StationOptions::new(component, journal.clone(), Vec::new(), Arc::new(|| NOW));
        let book = Arc::new(Book::open(journal, NOW).unwrap());
        let key = LabelKey { carrier: "SF".into(), waybill: "SF0000000001".into(), parcel: 0 };
        let new = NewLabel { key, order_id: "O".into(), identity: [1; 32], content: [2; 32] };
        let asked = Asked { label: new, most: None, running: None };
        let place = book.place(vec![asked], NOW).unwrap().remove(0).unwrap();
        let told = Arc::new(Told::default());
        let label = LabelRequest {
            content: LabelContent::Sealed(Vec::new()),
            template: Arc::new(TemplateSource::new(TemplateKind::Waybill, Vec::new())),
            sender: None,
            areas: Vec::new(),
            number: LabelNumber { index: 1, count: 1 },
            running: None,
        };
        let stamp = Stamp::first(label.number, NOW);
        let (label, watch, until) = (Arc::new(label), Arc::<Told>::clone(&told), Instant::now());
        let ticket = Ticket { place, label, stamp, watch, index: 0, until };
        let place = folder.path().join("labels");
        let printer =
            Printer::open(&format!("file:{}", place.display()), find_profile("tsc").unwrap().read().unwrap())
                .unwrap();
        let lane = Lane::new("desk".into(), printer);
        lane.close();
        lane.put(&options, [ticket]);
        assert_eq!(*told.0.lock().unwrap(), [LabelEvent::Settled(Err(LabelError::Stopping))]);
        assert_eq!(lane.status().waiting, 0);
    }
}
