//! What is shown of a station: how its components are, what was printed today, and what has just changed. Kept while labels go
//! by, so that nobody who looks asks the journal to count.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use miandan_core::number::RunningNumber;
use miandan_core::pipe::Ready;
use miandan_core::sandbox::Strength;
use miandan_journal::{Day, Journal, JournalError, State};
use miandan_print::station::{LabelError, LabelEvent, StationObserver, WarmError};

use crate::clock;
use crate::log::{self, Level, Value};

/// Minutes of which it is known how many labels were printed.
pub(crate) const MINUTES: usize = 60;

/// Labels that have changed and that somebody may want to see: the last ones.
const CHANGED: usize = 20;

/// The board.
#[derive(Default)]
pub(crate) struct Board {
    state: Mutex<BoardState>,
    /// Something has changed since somebody looked.
    dirty: AtomicBool,
    /// Since the agent was started, for whoever counts.
    pub(crate) totals: Totals,
}

/// Counts that only grow.
#[derive(Default)]
pub(crate) struct Totals {
    pub(crate) printed: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) unknown: AtomicU64,
    pub(crate) no_component: AtomicU64,
}

#[derive(Default)]
struct BoardState {
    component: Option<Component>,
    day: Option<Day>,
    today: Today,
    minutes: Minutes,
    changed: VecDeque<(RunningNumber, u32)>,
    /// The last label of each printer that came out.
    last: Vec<(String, RunningNumber)>,
}

/// What the first component said of itself.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    pub(crate) ready: Ready,
    pub(crate) mode: &'static str,
}

/// Labels of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Today {
    pub(crate) printed: u32,
    pub(crate) failed: u32,
    pub(crate) unknown: u32,
    pub(crate) reprinted: u32,
}

/// Labels of the last minutes.
#[derive(Debug, PartialEq, Eq)]
struct Minutes {
    /// The minute of the last count, since 1970.
    now: u64,
    counts: [u32; MINUTES],
}

impl Default for Minutes {
    fn default() -> Self {
        Minutes { now: 0, counts: [0; MINUTES] }
    }
}

impl Board {
    /// Begins with what the journal has of the day.
    pub(crate) fn count(&self, journal: &Journal) -> Result<(), JournalError> {
        let day = Day::of(clock::now());
        let (counts, reprinted) = journal.reader().counts_of(day)?;
        let of = |states: &[State]| states.iter().map(|&state| counts.of(state)).sum();
        let today = Today {
            printed: of(&[State::Sent, State::Confirmed]),
            failed: of(&[State::Failed]),
            unknown: of(&[State::Unknown]),
            reprinted,
        };
        let mut state = self.lock();
        (state.day, state.today) = (Some(day), today);
        self.dirty.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Labels of the day.
    pub(crate) fn today(&self) -> Today {
        let mut state = self.lock();
        state.turn(Day::of(clock::now()));
        state.today
    }

    /// How many labels came out in each of the last minutes; the last is the one that is not over.
    pub(crate) fn minutes(&self) -> [u32; MINUTES] {
        let mut state = self.lock();
        state.minutes.turn(clock::now() / 60);
        state.minutes.counts
    }

    /// The last label that came out of a printer since the agent was started.
    pub(crate) fn last(&self, printer: &str) -> Option<RunningNumber> {
        self.lock().last.iter().find(|(name, _)| name == printer).map(|&(_, number)| number)
    }

    /// What the first component said of itself.
    pub(crate) fn component(&self) -> Option<Component> {
        self.lock().component.clone()
    }

    /// Something has changed that this board does not see by itself.
    pub(crate) fn touch(&self) {
        self.dirty.store(true, Ordering::Relaxed);
    }

    /// Whether something has changed since this was asked last.
    pub(crate) fn take_dirty(&self) -> bool {
        self.dirty.swap(false, Ordering::Relaxed)
    }

    /// A label has changed.
    pub(crate) fn changed(&self, number: RunningNumber, copy: u32) {
        self.lock().changed(number, copy);
        self.touch();
    }

    /// The labels that have changed since this was asked last, at most the last twenty.
    pub(crate) fn take_changed(&self) -> Vec<(RunningNumber, u32)> {
        self.lock().changed.drain(..).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BoardState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BoardState {
    fn turn(&mut self, day: Day) {
        if self.day != Some(day) {
            (self.day, self.today) = (Some(day), Today::default());
        }
    }

    fn changed(&mut self, number: RunningNumber, copy: u32) {
        self.changed.retain(|&changed| changed != (number, copy));
        if self.changed.len() == CHANGED {
            self.changed.pop_front();
        }
        self.changed.push_back((number, copy));
    }
}

impl Minutes {
    fn turn(&mut self, now: u64) {
        let passed = usize::try_from(now.saturating_sub(self.now)).unwrap_or(MINUTES).min(MINUTES);
        self.counts.rotate_left(passed);
        self.counts[MINUTES - passed..].fill(0);
        self.now = self.now.max(now);
    }
}

impl StationObserver for Board {
    fn ready(&self, ready: &Ready, is_separate: Option<bool>) {
        let mode = match is_separate {
            None => "library",
            Some(true) => "service",
            Some(false) => "service-of-own-user",
        };
        let strength = ready.sandbox.strength();
        let level = if strength == Strength::Full { Level::Info } else { Level::Warning };
        let values = [("mode", Value::Word(mode)), ("sandbox", Value::Word(strength.as_str()))];
        log::line(level, "component.ready", &values);
        self.lock().component = Some(Component { ready: ready.clone(), mode });
    }

    fn no_component(&self, error: &WarmError) {
        self.totals.no_component.fetch_add(1, Ordering::Relaxed);
        log::line(Level::Error, "component.failed", &[("why", Value::Error(error))]);
    }

    fn label(&self, printer: &str, number: RunningNumber, copy: u32, event: &LabelEvent) {
        let now = clock::now();
        let mut state = self.lock();
        state.turn(Day::of(now));
        match event {
            LabelEvent::Settled(Ok(_)) => {
                state.today.printed += 1;
                state.today.reprinted += u32::from(copy > 0);
                state.minutes.turn(now / 60);
                state.minutes.counts[MINUTES - 1] += 1;
                match state.last.iter_mut().find(|(name, _)| name == printer) {
                    Some((_, last)) => *last = number,
                    None => state.last.push((printer.to_owned(), number)),
                }
                self.totals.printed.fetch_add(1, Ordering::Relaxed);
            }
            LabelEvent::Settled(Err(LabelError::Uncertain(_))) => {
                state.today.unknown += 1;
                self.totals.unknown.fetch_add(1, Ordering::Relaxed);
            }
            LabelEvent::Settled(Err(_)) => {
                state.today.failed += 1;
                self.totals.failed.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        }
        state.changed(number, copy);
        drop(state);
        self.touch();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_go_by() {
        let mut minutes = Minutes::default();
        minutes.turn(1_000);
        minutes.counts[MINUTES - 1] = 7;
        minutes.turn(1_002);
        assert_eq!(minutes.counts[MINUTES - 3..], [7, 0, 0]);
        minutes.turn(900);
        assert_eq!(minutes.counts[MINUTES - 3], 7, "a clock that is set back changes nothing");
        minutes.turn(5_000);
        assert_eq!(minutes, Minutes { now: 5_000, counts: [0; MINUTES] });
    }

    #[test]
    fn labels_are_counted_and_the_last_changes_kept() {
        let board = Board::default();
        let number = |position| RunningNumber::new(261_111, 1, position).unwrap();
        for position in 1..=30 {
            board.label("desk", number(position), 0, &LabelEvent::Sending);
            board.label("desk", number(position), 0, &LabelEvent::Settled(Ok(None)));
        }
        board.label("desk", number(31), 1, &LabelEvent::Settled(Ok(None)));
        board.label("desk", number(32), 0, &LabelEvent::Settled(Err(LabelError::Expired)));
        assert_eq!(board.today(), Today { printed: 31, failed: 1, unknown: 0, reprinted: 1 });
        assert_eq!(board.minutes().iter().sum::<u32>(), 31);
        assert_eq!((board.last("desk"), board.last("bench")), (Some(number(31)), None));
        assert!(board.take_dirty() && !board.take_dirty());
        let changed = board.take_changed();
        assert_eq!((changed.len(), changed[19]), (CHANGED, (number(32), 0)));
        assert!(board.take_changed().is_empty());
    }
}
