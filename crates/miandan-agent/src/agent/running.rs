//! A task on its way: how far each document came, and who is told.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use miandan_core::number::RunningNumber;
use miandan_print::station::{LabelError, LabelEvent, Watch};

use super::client::Client;
use super::problem::{self, PrinterNames};
use crate::clock;
use crate::log::{self, Level, Name, Value};
use crate::protocol::{Dialect, DocumentState, Event, RequestId, TaskProgress};

/// A task that was accepted.
pub(super) struct Running {
    /// What is asked for ([`super::labels::fingerprint`]).
    fingerprint: [u8; 32],
    since: Instant,
    state: Mutex<State>,
}

struct State {
    progress: TaskProgress,
    numbers: Vec<Option<RunningNumber>>,
    listeners: Vec<Listener>,
    /// Documents that are not settled.
    left: usize,
}

/// Who is told of a task: whoever sent it, and whoever sent it again.
struct Listener {
    client: Arc<Client>,
    dialect: Dialect,
    request: RequestId,
}

impl Running {
    pub(super) fn new(fingerprint: [u8; 32], progress: TaskProgress) -> Self {
        let left = progress.documents.iter().filter(|document| !document.state.is_settled()).count();
        let numbers = vec![None; progress.documents.len()];
        let state = State { progress, numbers, listeners: Vec::new(), left };
        Running { fingerprint, since: Instant::now(), state: Mutex::new(state) }
    }

    /// Whether it prints what has this fingerprint, and does not only show it.
    pub(super) fn is_printing(&self, fingerprint: &[u8; 32]) -> bool {
        self.fingerprint == *fingerprint && self.lock().progress.preview.is_none()
    }

    /// How far it came.
    pub(super) fn progress(&self) -> TaskProgress {
        self.lock().progress.clone()
    }

    /// Whether every document is settled.
    pub(super) fn is_settled(&self) -> bool {
        self.lock().left == 0
    }

    /// Has a client told of it from now on, beginning with that it was accepted; of what has happened before, now.
    pub(super) fn listen(&self, client: &Arc<Client>, dialect: Dialect, request: RequestId) {
        let mut state = self.lock();
        let listener = Listener { client: Arc::clone(client), dialect, request };
        state.tell_one(&listener, Event::Accepted);
        for place in 0..state.progress.documents.len() {
            match state.progress.documents[place].state {
                DocumentState::Pending => {}
                DocumentState::Rendered | DocumentState::Failed(_) => {
                    state.tell_one(&listener, Event::Rendered(place));
                }
                DocumentState::Printed | DocumentState::Unknown(_) => {
                    state.tell_one(&listener, Event::Rendered(place));
                    state.tell_one(&listener, Event::Printed(place));
                }
            }
        }
        if state.left == 0 {
            state.tell_one(&listener, Event::Ended);
        }
        client.waiting.fetch_add(state.left, Ordering::Relaxed);
        state.listeners.push(listener);
        if state.left == 0 {
            state.listeners.clear();
        }
    }

    /// The label of a document was made; of a preview, it is at these addresses.
    pub(super) fn made(&self, place: usize, took: u32, urls: Vec<String>) {
        let since = self.since;
        self.change(place, |document| {
            document.state = DocumentState::Rendered;
            document.spent.rendering = took;
            document.spent.pending = milliseconds(since).saturating_sub(took);
            document.began = clock::milliseconds().saturating_sub(took.into());
            document.urls = urls;
            Event::Rendered(place)
        });
    }

    /// Nothing more becomes of a document.
    pub(super) fn settle(&self, place: usize, result: DocumentState) {
        let since = self.since;
        self.change(place, |document| {
            let was_made = document.state == DocumentState::Rendered;
            document.state = result;
            document.spent.total = milliseconds(since);
            document.spent.pending = document.spent.total.saturating_sub(document.spent.rendering);
            if was_made { Event::Printed(place) } else { Event::Rendered(place) }
        });
    }

    /// Changes a document that is not settled, and tells of it.
    fn change(&self, place: usize, change: impl FnOnce(&mut crate::protocol::DocumentProgress) -> Event) {
        let mut state = self.lock();
        let Some(document) = state.progress.documents.get_mut(place) else { return };
        if document.state.is_settled() {
            return;
        }
        let event = change(document);
        let settled = document.state.is_settled();
        state.tell(event);
        if settled {
            state.settled();
        }
    }

    fn number(&self, place: usize, number: RunningNumber) {
        if let Some(known) = self.lock().numbers.get_mut(place) {
            *known = Some(number);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn tell(&mut self, event: Event) {
        let listeners = std::mem::take(&mut self.listeners);
        listeners.iter().for_each(|listener| self.tell_one(listener, event));
        self.listeners = listeners;
    }

    fn tell_one(&mut self, listener: &Listener, event: Event) {
        if !listener.client.is_gone() {
            self.progress.request.clone_from(&listener.request);
            listener.client.send(listener.dialect.tell(&self.progress, event));
        }
    }

    fn settled(&mut self) {
        self.left -= 1;
        for listener in &self.listeners {
            listener.client.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        if self.left > 0 {
            return;
        }
        self.tell(Event::Ended);
        self.listeners.clear();
        let count = |is: fn(&DocumentState) -> bool| {
            self.progress.documents.iter().filter(|document| is(&document.state)).count() as u64
        };
        let values = [
            ("printer", Value::Name(Name(&self.progress.printer))),
            ("printed", Value::Number(count(|state| matches!(state, DocumentState::Printed)))),
            ("failed", Value::Number(count(|state| matches!(state, DocumentState::Failed(_))))),
            ("unknown", Value::Number(count(|state| matches!(state, DocumentState::Unknown(_))))),
        ];
        let what = if self.progress.preview.is_some() { "task.previewed" } else { "task.ended" };
        log::line(Level::Info, what, &values);
    }
}

/// Hears of the labels of a task that are printed.
pub(super) struct Printing {
    pub(super) task: Arc<Running>,
    pub(super) printers: Arc<PrinterNames>,
    /// Which document each label is of.
    pub(super) places: Vec<usize>,
}

impl Watch for Printing {
    fn event(&self, label: usize, event: LabelEvent) {
        let Some(&place) = self.places.get(label) else { return };
        match event {
            LabelEvent::Planned(number) => self.task.number(place, number),
            LabelEvent::Made(took, _) => {
                self.task.made(place, u32::try_from(took.as_millis()).unwrap_or(u32::MAX), Vec::new());
            }
            LabelEvent::Settled(Ok(_)) => self.task.settle(place, DocumentState::Printed),
            LabelEvent::Settled(Err(error)) => {
                self.log(place, &error);
                self.task.settle(place, problem::state_of(error, &self.printers));
            }
            LabelEvent::Waiting(why, wait) => {
                let state = self.task.lock();
                let values = [
                    ("printer", Value::Name(Name(&state.progress.printer))),
                    ("why", Value::Error(&why)),
                    ("seconds", Value::Number(wait.as_secs())),
                ];
                log::line(Level::Warning, "printer.waiting", &values);
            }
            _ => {}
        }
    }
}

impl Printing {
    fn log(&self, place: usize, error: &LabelError) {
        let state = self.task.lock();
        let mut values = vec![("printer", Value::Name(Name(&state.progress.printer)))];
        if let Some(number) = state.numbers.get(place).copied().flatten() {
            values.push(("label", Value::Running(number)));
        }
        let level = match error {
            LabelError::Journal(_) | LabelError::Component => Level::Error,
            _ => Level::Warning,
        };
        values.push(("why", Value::Error(error)));
        log::line(level, "label.failed", &values);
    }
}

fn milliseconds(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}
