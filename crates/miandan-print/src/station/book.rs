//! Which labels may be printed, and under which numbers: the journal of a station, as long as orders come one by one.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use miandan_journal::{
    Added, Batch, BatchId, BatchNumber, Day, Earlier, Journal, JournalError, Known, LabelKey, NewLabel,
    OpenBatch, PrintId, RunningNumber,
};

use super::label::LabelError;
use super::person::PersonError;

/// Labels of a batch at most: a running number stays one that a person can read out.
const MOST: u32 = 9_999;

/// What a batch is called in the journal that somebody else has numbered, before its number.
const SHARED: &str = "fleet";

/// Batches beside the current one that are kept open for labels of theirs which come, or come again.
const OTHERS: usize = 8;

/// The journal, and the labels that are on their way.
pub(super) struct Book {
    journal: Journal,
    current: Mutex<Option<Arc<OpenBatch>>>,
    others: Mutex<HashMap<BatchId, Arc<OpenBatch>>>,
    /// Taken before the journal is asked and given back when the label is settled: so of two requests for one label one is
    /// in flight and the other knows.
    in_flight: Mutex<HashSet<LabelKey>>,
}

/// A label that somebody wants.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) label: NewLabel,
    /// How often the issuer lets its order be printed.
    pub(super) most: Option<u32>,
    /// The number that it came with.
    pub(super) running: Option<RunningNumber>,
}

/// A label that may be printed. It is in flight until this is settled or dropped.
pub(super) struct Place {
    pub(super) batch: Arc<OpenBatch>,
    pub(super) print: PrintId,
    claim: Claim,
}

impl Place {
    /// The label is not in flight any more. Comes before anybody is told what became of it: who is told may ask again at
    /// once, and is to hear of the print and not of a label in flight.
    pub(super) fn settle(&self) {
        self.claim.give_up();
    }
}

/// A label that nobody else prints now, and where its answer goes.
struct Claimed {
    at: usize,
    label: NewLabel,
    running: Option<RunningNumber>,
    claim: Claim,
}

/// That nobody else prints the label.
struct Claim {
    book: Arc<Book>,
    key: LabelKey,
    /// Somebody else may have it by then.
    is_given_up: AtomicBool,
}

impl Claim {
    fn give_up(&self) {
        if !self.is_given_up.swap(true, Ordering::Relaxed) {
            lock(&self.book.in_flight).remove(&self.key);
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl Book {
    /// Opens the batches of the last days once, so that what was left half done by whoever worked on them is `unknown`.
    pub(super) fn open(journal: Journal, now: u64) -> Result<Self, JournalError> {
        for day in [now.saturating_sub(86_400), now] {
            let batches = journal.reader().batches_of(Day::of(day))?;
            for batch in batches {
                match journal.open_batch(batch.id, now) {
                    // Somebody works on it, and settles it.
                    Ok(_) | Err(JournalError::BatchBusy(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        let (current, others, in_flight) = (Mutex::default(), Mutex::default(), Mutex::default());
        Ok(Book { journal, current, others, in_flight })
    }

    pub(super) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Gives labels their numbers, each or none.
    pub(super) fn place(
        self: &Arc<Self>,
        labels: Vec<Asked>,
        now: u64,
    ) -> Result<Vec<Result<Place, LabelError>>, JournalError> {
        let mut results = Vec::with_capacity(labels.len());
        let mut asked = Vec::with_capacity(labels.len());
        for Asked { label, most, running } in labels {
            let claim = match most {
                Some(most) if !self.journal.reader().may_print(&label.identity, most)? => {
                    Err(LabelError::UsedUp { most })
                }
                _ => self.claim(&label.key).ok_or(LabelError::InFlight),
            };
            results.push(match claim {
                Ok(claim) => {
                    asked.push(Claimed { at: results.len(), label, running, claim });
                    // Until the journal has answered.
                    Err(LabelError::InFlight)
                }
                Err(error) => Err(error),
            });
        }
        // Those that came with a number of a batch, together, and those without one.
        let batch_of = |claimed: &Claimed| claimed.running.map(|number| number.batch);
        while let Some(first) = asked.first() {
            let number = batch_of(first);
            let (these, others) = asked.into_iter().partition(|claimed| batch_of(claimed) == number);
            asked = others;
            self.place_in(number, these, &mut results, now)?;
        }
        Ok(results)
    }

    /// Gives labels their places in a batch that stations share, or in the own one of the day.
    fn place_in(
        self: &Arc<Self>,
        shared: Option<BatchNumber>,
        asked: Vec<Claimed>,
        results: &mut [Result<Place, LabelError>],
        now: u64,
    ) -> Result<(), JournalError> {
        let (batch, added) = match shared {
            None => self.add(asked.iter().map(|claimed| claimed.label.clone()).collect(), now)?,
            Some(number) => match self.shared(number, now) {
                Ok(batch) => {
                    let at = |claimed: &Claimed| Some((claimed.running?.position, claimed.label.clone()));
                    let added = batch.add_at(asked.iter().filter_map(at).collect(), now)?;
                    (batch, added)
                }
                Err(JournalError::NumberTaken(_) | JournalError::NameTaken(_)) => {
                    for Claimed { at, running, .. } in asked {
                        results[at] = Err(running.map_or(LabelError::InFlight, LabelError::NumberTaken));
                    }
                    return Ok(());
                }
                // Another process of this station works on it.
                Err(JournalError::BatchBusy(_)) => return Ok(()),
                Err(error) => return Err(error),
            },
        };
        for (Claimed { at, running, claim, .. }, added) in asked.into_iter().zip(added) {
            results[at] = match added {
                Added::Place(print) => Ok(Place { batch: Arc::clone(&batch), print, claim }),
                Added::Known(Known::Printed(earlier)) if earlier.state.may_be_on_paper() => {
                    Err(LabelError::Duplicate(earlier))
                }
                // It has its number already, and surely did not print: it is printed under that one.
                Added::Known(Known::Printed(earlier)) => self.again(&batch, &earlier, claim, now)?,
                Added::Known(Known::Conflict(earlier)) => Err(LabelError::Conflict(earlier)),
                Added::Known(Known::New) => Err(LabelError::InFlight),
                Added::Taken => Err(running.map_or(LabelError::InFlight, LabelError::NumberTaken)),
            };
        }
        Ok(())
    }

    /// This station's part of a batch that somebody else has numbered, open.
    fn shared(&self, number: BatchNumber, now: u64) -> Result<Arc<OpenBatch>, JournalError> {
        // Held until it is open: of two who open a batch at once one would be told that somebody works on it.
        let mut others = lock(&self.others);
        if let Some(open) = others.values().find(|open| open.batch().number == number) {
            return Ok(Arc::clone(open));
        }
        let open = Arc::new(self.journal.join(number, &format!("{SHARED} {number}"), now)?);
        keep_open(&mut others, &open);
        Ok(open)
    }

    /// The label, unless it is in flight already.
    fn claim(self: &Arc<Self>, key: &LabelKey) -> Option<Claim> {
        let is_free = lock(&self.in_flight).insert(key.clone());
        let given =
            || Claim { book: Arc::clone(self), key: key.clone(), is_given_up: AtomicBool::new(false) };
        is_free.then(given)
    }

    /// Adds labels to the batch of the day, or begins it with them.
    fn add(&self, labels: Vec<NewLabel>, now: u64) -> Result<(Arc<OpenBatch>, Vec<Added>), JournalError> {
        let batch = self.current(now)?;
        let added = batch.add(labels, now)?;
        let last = added.iter().filter_map(|added| match added {
            Added::Place(print) => Some(print.position),
            Added::Known(_) | Added::Taken => None,
        });
        if last.max().is_some_and(|last| last >= MOST) {
            let mut current = lock(&self.current);
            if current.as_ref().is_some_and(|current| current.batch().id == batch.batch().id) {
                *current = None;
            }
        }
        Ok((batch, added))
    }

    fn current(&self, now: u64) -> Result<Arc<OpenBatch>, JournalError> {
        let mut current = lock(&self.current);
        if let Some(batch) = &*current
            && batch.batch().number.day == Day::of(now)
        {
            return Ok(Arc::clone(batch));
        }
        let batch = Arc::new(self.journal.begin(None, now)?);
        *current = Some(Arc::clone(&batch));
        Ok(batch)
    }

    /// The place of a label that has one.
    fn again(
        &self,
        current: &Arc<OpenBatch>,
        earlier: &Earlier,
        claim: Claim,
        now: u64,
    ) -> Result<Result<Place, LabelError>, JournalError> {
        let RunningNumber { batch: number, position } = earlier.number;
        let batch = match self.batch_of(Some(current), number, now) {
            Ok(batch) => batch,
            // Somebody else works on it, and will print it.
            Err(JournalError::BatchBusy(_)) => return Ok(Err(LabelError::InFlight)),
            Err(JournalError::UnknownBatch) => return Ok(Err(LabelError::Duplicate(earlier.clone()))),
            Err(error) => return Err(error),
        };
        let print = PrintId { position, copy: earlier.copies };
        // What it was before it was opened may have been settled by opening it.
        let state = self.journal.reader().print(batch.batch().id, print)?.map(|print| print.state);
        if state.is_none_or(miandan_journal::State::may_be_on_paper) {
            return Ok(Err(LabelError::Duplicate(earlier.clone())));
        }
        Ok(Ok(Place { batch, print, claim }))
    }

    /// The batch of a label, open: the current one or another that nobody else works on.
    fn batch_of(
        &self,
        current: Option<&Arc<OpenBatch>>,
        number: BatchNumber,
        now: u64,
    ) -> Result<Arc<OpenBatch>, JournalError> {
        if let Some(current) = current.filter(|current| current.batch().number == number) {
            return Ok(Arc::clone(current));
        }
        let batch = self.journal.reader().numbered(number)?.ok_or(JournalError::UnknownBatch)?;
        self.other(&batch, now)
    }

    /// A label that a person wants again: as the next copy, or as it was planned if surely there is none yet.
    pub(super) fn reprint(
        self: &Arc<Self>,
        number: RunningNumber,
        reason: &str,
        operator: &str,
        now: u64,
    ) -> Result<Place, PersonError> {
        let current = lock(&self.current).clone();
        let batch = self.batch_of(current.as_ref(), number.batch, now)?;
        let print = self.journal.reader().print(batch.batch().id, PrintId::first(number.position))?;
        let key = print.ok_or(PersonError::UnknownLabel)?.key;
        let claim = self.claim(&key).ok_or(PersonError::InFlight)?;
        let prints = batch.reprint([number.position], reason, operator, now)?;
        let print = prints.first().copied().ok_or(PersonError::UnknownLabel)?;
        Ok(Place { batch, print, claim })
    }

    fn other(&self, batch: &Batch, now: u64) -> Result<Arc<OpenBatch>, JournalError> {
        // As above.
        let mut others = lock(&self.others);
        if let Some(open) = others.get(&batch.id) {
            return Ok(Arc::clone(open));
        }
        let open = Arc::new(self.journal.open_batch(batch.id, now)?);
        keep_open(&mut others, &open);
        Ok(open)
    }
}

/// Keeps a batch open; those that nobody needs are closed when there are many.
fn keep_open(others: &mut HashMap<BatchId, Arc<OpenBatch>>, open: &Arc<OpenBatch>) {
    if others.len() >= OTHERS {
        others.retain(|_, open| Arc::strong_count(open) > 1);
    }
    others.insert(open.batch().id, Arc::clone(open));
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use miandan_journal::{State, Transition};

    use super::*;

    const NOW: u64 = 1_794_362_400;

    fn desk() -> (tempfile::TempDir, Arc<Book>) {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let book = Arc::new(Book::open(journal, NOW).unwrap());
        (folder, book)
    }

    fn label(number: u32) -> NewLabel {
        let key = LabelKey { carrier: "SF".into(), waybill: format!("SF{number:010}"), parcel: 0 };
        NewLabel { key, order_id: "O".into(), identity: [number as u8; 32], content: [2; 32] }
    }

    fn asked(label: NewLabel) -> Asked {
        Asked { label, most: None, running: None }
    }

    fn one(book: &Arc<Book>, number: u32) -> Result<Place, LabelError> {
        book.place(vec![asked(label(number))], NOW).unwrap().remove(0)
    }

    /// Brings a label as far as its printer.
    fn send(place: &Place) {
        let bytes = [3; 32];
        let sending = Transition::Sending { printer: "desk".into(), bytes, answers: false };
        let all = [Transition::Rendered { bytes }, sending, Transition::Sent];
        place.batch.record_all(all.map(|to| (place.print, to)).to_vec(), NOW).unwrap();
    }

    #[test]
    fn a_label_is_printed_once() {
        let (_folder, book) = desk();
        let place = one(&book, 1).unwrap();
        assert_eq!(place.batch.number(place.print.position).to_string(), "261111-001-001");
        assert!(matches!(one(&book, 1), Err(LabelError::InFlight)));
        send(&place);
        drop(place);
        let Err(LabelError::Duplicate(earlier)) = one(&book, 1) else { panic!("printed twice") };
        assert_eq!((earlier.state, earlier.printer.as_deref()), (State::Sent, Some("desk")));
        let other = NewLabel { content: [9; 32], ..label(1) };
        let placed = book.place(vec![asked(other), asked(label(2)), asked(label(2))], NOW).unwrap();
        assert!(matches!(placed[0], Err(LabelError::Conflict(_))));
        assert_eq!(placed[1].as_ref().map(|place| place.print.position).ok(), Some(2));
        assert!(matches!(placed[2], Err(LabelError::InFlight)), "twice in one request");
    }

    #[test]
    fn what_surely_did_not_print_comes_again_under_its_number() {
        let (folder, book) = desk();
        let place = one(&book, 1).unwrap();
        let failed = Transition::Failed { reason: "no paper".into() };
        place.batch.record(place.print, failed, NOW).unwrap();
        drop(place);
        assert_eq!(one(&book, 1).unwrap().print, PrintId::first(1));
        // And after the station was started anew, where the batch is another one's.
        one(&book, 2).unwrap();
        drop(book);
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let book = Arc::new(Book::open(journal, NOW + 60).unwrap());
        let place = one(&book, 2).unwrap();
        assert_eq!(place.batch.number(place.print.position).to_string(), "261111-001-002");
        send(&place);
        let new = one(&book, 3).unwrap();
        assert_eq!(new.batch.number(new.print.position).to_string(), "261111-002-001");
    }

    #[test]
    fn what_was_being_sent_when_the_station_died_is_unknown() {
        let (folder, book) = desk();
        let place = one(&book, 1).unwrap();
        let bytes = [3; 32];
        let sending = Transition::Sending { printer: "desk".into(), bytes, answers: false };
        let all = [Transition::Rendered { bytes }, sending];
        place.batch.record_all(all.map(|to| (place.print, to)).to_vec(), NOW).unwrap();
        drop((place, book));
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let book = Arc::new(Book::open(journal, NOW + 60).unwrap());
        let Err(LabelError::Duplicate(earlier)) = one(&book, 1) else { panic!("sent again by a machine") };
        assert_eq!(earlier.state, State::Unknown);
    }

    #[test]
    fn a_new_day_is_a_new_batch() {
        let (_folder, book) = desk();
        let today = one(&book, 1).unwrap();
        let tomorrow = book.place(vec![asked(label(2))], NOW + 86_400).unwrap().remove(0).unwrap();
        let number = |place: &Place| place.batch.number(place.print.position).to_string();
        assert_eq!((number(&today), number(&tomorrow)), ("261111-001-001".into(), "261112-001-001".into()));
        send(&today);
    }

    #[test]
    fn labels_that_come_with_a_number_keep_it() {
        let (folder, book) = desk();
        let with = |of: u32, batch, position| Asked {
            running: RunningNumber::new(261_111, batch, position),
            ..asked(label(of))
        };
        let own = one(&book, 1).unwrap();
        let all = vec![with(2, 501, 12), with(3, 501, 7), asked(label(4)), with(5, 502, 1), with(6, 501, 7)];
        let placed = book.place(all, NOW).unwrap();
        let shown: Vec<_> = placed
            .iter()
            .map(|place| match place {
                Ok(place) => place.batch.number(place.print.position).to_string(),
                Err(error) => error.to_string(),
            })
            .collect();
        let expected = [
            "261111-501-012",
            "261111-501-007",
            "261111-001-002",
            "261111-502-001",
            "261111-501-007 is another label",
        ];
        assert_eq!(shown, expected);
        placed.iter().flatten().chain([&own]).for_each(send);
        drop((placed, own, book));
        // It comes again after a restart, and under another number.
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let book = Arc::new(Book::open(journal, NOW + 60).unwrap());
        let placed = book.place(vec![with(2, 501, 12), with(3, 503, 1), with(7, 1, 9)], NOW + 60).unwrap();
        let number = |position| RunningNumber::new(261_111, 501, position).unwrap();
        assert!(matches!(&placed[0], Err(LabelError::Duplicate(earlier)) if earlier.number == number(12)));
        assert!(matches!(&placed[1], Err(LabelError::Duplicate(earlier)) if earlier.number == number(7)));
        assert!(matches!(&placed[2], Err(LabelError::NumberTaken(_))), "the station's own batch");
    }

    #[test]
    fn the_issuer_says_how_often() {
        let (_folder, book) = desk();
        let place = one(&book, 1).unwrap();
        send(&place);
        // Another parcel of the same order.
        let key = LabelKey { parcel: 2, ..label(1).key };
        let second = NewLabel { key, ..label(1) };
        let placed = book.place(vec![Asked { most: Some(1), ..asked(second) }], NOW).unwrap().remove(0);
        assert!(matches!(placed, Err(LabelError::UsedUp { most: 1 })));
    }

    #[test]
    fn of_many_who_ask_at_once_one_prints() {
        let (_folder, book) = desk();
        let printed: usize = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let mut printed = 0;
                        for number in 1..=20 {
                            if let Ok(place) = one(&book, number) {
                                send(&place);
                                printed += 1;
                            }
                        }
                        printed
                    })
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!(printed, 20);
        assert!(book.journal().reader().verify(None).unwrap().is_whole());
    }
}
