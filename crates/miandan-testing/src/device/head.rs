//! What a simulated printer holds and prints. Its threads share this.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::answers::Condition;
use super::printer::Printed;
use super::{Event, Script};

/// The state of a printer, and a bell for every change.
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    pub(super) script: Script,
    began: Instant,
}

pub(super) struct State {
    /// Labels that are whole and wait.
    pub(super) queue: VecDeque<Vec<u8>>,
    /// Whether one is under the head.
    pub(super) printing: bool,
    pub(super) printed: Vec<Printed>,
    /// How many labels came whole.
    pub(super) came: usize,
    pub(super) condition: Condition,
    /// Labels on the roll; no end if nothing is said.
    pub(super) paper: Option<usize>,
    /// It reads no more.
    pub(super) stalled: bool,
    /// Bytes of labels that were read.
    pub(super) received: u64,
    pub(super) connections: u64,
    /// Whether somebody is connected and not stalled.
    pub(super) busy: bool,
    /// Whether connections are wanted, and whether they are taken.
    pub(super) wanted: bool,
    pub(super) listening: bool,
    /// How often the power went.
    pub(super) outages: u64,
    pub(super) ended: bool,
    /// What has not happened yet.
    pub(super) events: Vec<Event>,
}

impl State {
    /// How it is, as far as it knows itself.
    pub(super) fn condition(&self, buffer: usize) -> Condition {
        let labels = self.queue.len() + usize::from(self.printing);
        Condition { labels, buffer_full: self.queue.len() >= buffer, ..self.condition }
    }

    /// Takes the first event that is meant.
    pub(super) fn happens(&mut self, is_meant: impl Fn(&Event) -> bool) -> Option<Event> {
        let at = self.events.iter().position(is_meant)?;
        Some(self.events.remove(at))
    }

    /// Everything that it was to print is gone, and what was wrong with it too.
    pub(super) fn lose_power(&mut self) {
        self.outages += 1;
        self.queue.clear();
        self.printing = false;
        self.stalled = false;
        self.condition = Condition::default();
    }
}

impl Shared {
    pub(super) fn new(script: Script) -> Self {
        let paper = script.events.iter().find_map(|event| match event {
            Event::PaperOut(labels) => Some(*labels),
            _ => None,
        });
        let head_open = script.events.contains(&Event::HeadOpen(0));
        let paused = script.events.contains(&Event::Pause(0));
        let state = State {
            queue: VecDeque::new(),
            printing: false,
            printed: Vec::new(),
            came: 0,
            condition: Condition { head_open, paused, ..Condition::default() },
            paper,
            stalled: false,
            received: 0,
            connections: 0,
            busy: false,
            wanted: !script.events.contains(&Event::Refuse(0)),
            listening: false,
            outages: 0,
            ended: false,
            events: script.events.clone(),
        };
        Shared { state: Mutex::new(state), changed: Condvar::new(), script, began: Instant::now() }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and says so.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let answer = change(&mut self.lock());
        self.changed.notify_all();
        answer
    }

    /// Waits until something holds, at most so long: whether it does.
    pub(super) fn wait(&self, most: Duration, holds: impl Fn(&State) -> bool) -> bool {
        let began = Instant::now();
        let mut state = self.lock();
        loop {
            if holds(&state) {
                return true;
            }
            let left = most.saturating_sub(began.elapsed());
            if left.is_zero() {
                return false;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Prints what comes until the end.
    pub(super) fn print(&self, mut sink: impl FnMut(&Printed)) {
        const LONG: Duration = Duration::from_secs(3600);
        loop {
            let ready = |state: &State| !state.queue.is_empty() && !state.condition.is_stopped();
            self.wait(LONG, |state| state.ended || ready(state));
            let mut state = self.lock();
            if state.ended {
                return;
            }
            if !ready(&state) {
                continue;
            }
            if state.paper == Some(0) {
                // It finds out when it wants to move the paper.
                state.condition.paper_out = true;
                drop(state);
                self.changed.notify_all();
                continue;
            }
            let Some(label) = state.queue.pop_front() else { continue };
            state.printing = true;
            let outages = state.outages;
            drop(state);
            self.changed.notify_all();
            self.wait(self.script.print_time, |state| state.ended || state.outages != outages);
            let mut state = self.lock();
            if state.ended || state.outages != outages {
                continue;
            }
            let printed = Printed { at: self.began.elapsed(), label };
            sink(&printed);
            state.printed.push(printed);
            state.printing = false;
            state.paper = state.paper.map(|left| left - 1);
            self.after(&mut state);
            drop(state);
            self.changed.notify_all();
        }
    }

    /// What befalls it after so many labels.
    fn after(&self, state: &mut State) {
        let printed = state.printed.len();
        for event in &self.script.events {
            match event {
                Event::HeadOpen(after) if *after == printed => state.condition.head_open = true,
                Event::Pause(after) if *after == printed => state.condition.paused = true,
                Event::Refuse(after) if *after == printed => state.wanted = false,
                _ => {}
            }
        }
    }
}
