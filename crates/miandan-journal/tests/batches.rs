//! What a station does in a day, against the journal's rules.

use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use miandan_journal::*;

/// 2026-11-11, 10:00 in China.
const NOW: u64 = 1_794_362_400;
const BYTES: [u8; 32] = [9; 32];

struct Station {
    folder: tempfile::TempDir,
    journal: Journal,
}

impl Station {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        Station { folder, journal }
    }

    fn batch(&self, first: u32, count: u32) -> (Batch, OpenBatch) {
        let batch = self.journal.plan(None, (first..first + count).map(order), NOW).unwrap();
        let open = self.journal.open_batch(batch.id, NOW).unwrap();
        (batch, open)
    }
}

fn order(number: u32) -> NewLabel {
    let mut identity = [0; 32];
    identity[..4].copy_from_slice(&number.to_be_bytes());
    NewLabel {
        key: LabelKey { carrier: "YTO".into(), waybill: format!("YT{number:010}"), parcel: 0 },
        order_id: format!("O-{number}"),
        identity,
        content: [7; 32],
    }
}

fn sending(answers: bool) -> Transition {
    Transition::Sending { printer: "bench-1".into(), bytes: BYTES, answers }
}

/// Brings a label into a state by the shortest way.
fn bring(open: &OpenBatch, print: PrintId, state: State, answers: bool) {
    let all = [
        Transition::Rendered { bytes: BYTES },
        sending(answers),
        Transition::Sent,
        Transition::Confirmed { rung: Rung::StatusIdle },
    ];
    let (steps, last) = match state {
        State::Planned => (0, None),
        State::Rendered => (1, None),
        State::Sending => (2, None),
        State::Sent => (3, None),
        State::Confirmed => (4, None),
        State::Unknown => (2, Some(Transition::Unknown { reason: "no answer".into() })),
        State::Failed => (2, Some(Transition::Failed { reason: "connection refused".into() })),
    };
    let transitions = all[..steps].iter().cloned().chain(last).map(|transition| (print, transition));
    let transitions: Vec<_> = transitions.collect();
    if !transitions.is_empty() {
        open.record_all(transitions, NOW).unwrap();
    }
}

fn state(station: &Station, batch: &Batch, print: PrintId) -> State {
    station.journal.reader().print(batch.id, print).unwrap().unwrap().state
}

#[test]
fn an_order_is_known_by_when_and_where() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 3);
    bring(&open, PrintId::first(2), State::Confirmed, true);
    open.reprint([2], "smeared", "Operator 1", NOW + 5).unwrap();
    let reader = station.journal.reader();
    let known = |order: &NewLabel| reader.look_up(&order.key, &order.content).unwrap();
    assert_eq!(known(&order(9)), Known::New);
    let Known::Printed(earlier) = known(&order(2)) else { panic!("it is known") };
    assert_eq!(earlier.number.to_string(), "261111-001-002");
    assert_eq!((earlier.copies, earlier.state, earlier.when), (1, State::Planned, NOW + 5));
    let other = NewLabel { content: [8; 32], ..order(1) };
    assert!(matches!(known(&other), Known::Conflict(Earlier { state: State::Planned, .. })));
    let parcel = LabelKey { parcel: 1, ..order(1).key };
    assert_eq!(reader.look_up(&parcel, &[7; 32]).unwrap(), Known::New, "another parcel is another label");
    drop(reader);
    let earlier = RunningNumber { batch: batch.number, position: 3 };
    assert_eq!(
        station.journal.plan(None, [order(10), order(3)], NOW).unwrap_err(),
        JournalError::AlreadyPlanned { index: 1, earlier }
    );
    assert!(matches!(
        station.journal.plan(None, [order(10), order(10)], NOW).unwrap_err(),
        JournalError::AlreadyPlanned { index: 1, earlier } if earlier.position == 1
    ));
    assert_eq!(known_batches(&station), ["261111-001"], "a batch that is refused leaves nothing");
    assert_eq!(station.journal.plan(None, [], NOW).unwrap_err(), JournalError::NothingToPlan);
}

fn known_batches(station: &Station) -> Vec<String> {
    let batches = station.journal.reader().batches_of(Day::of(NOW)).unwrap();
    batches.iter().map(|batch| batch.number.to_string()).collect()
}

#[test]
fn the_next_number_is_what_a_batch_gets() {
    let station = Station::new();
    let next = |name, now| station.journal.reader().next_number(name, now);
    assert_eq!(next(Some("早班"), NOW), first_number(Some("早班"), NOW));
    for (place, name) in [Some("早班"), None, Some("晚班")].into_iter().enumerate() {
        let said = next(name, NOW).unwrap();
        assert_eq!(next(name, NOW).unwrap(), said, "to ask takes nothing");
        assert_eq!(station.journal.plan(name, [order(place as u32)], NOW).unwrap().number, said);
    }
    let taken = next(Some("早班"), NOW).unwrap_err();
    assert!(matches!(taken, JournalError::NameTaken(batch) if batch.to_string() == "261111-001"));
    assert_eq!(next(Some("早班"), NOW + 86_400).unwrap().to_string(), "261112-001");
    for name in ["", "x\u{202E}y", "261111-002"] {
        let refused = next(Some(name), NOW).unwrap_err();
        assert_eq!(first_number(Some(name), NOW).unwrap_err(), refused);
        assert_eq!(station.journal.plan(Some(name), [order(9)], NOW).unwrap_err(), refused);
    }
}

#[test]
fn a_batch_is_found_by_what_a_person_says() {
    let station = Station::new();
    let plan = |name, order_number, now| station.journal.plan(name, [order(order_number)], now);
    let first = plan(Some("早班"), 1, NOW).unwrap();
    let second = plan(None, 2, NOW).unwrap();
    assert_eq!(second.number.to_string(), "261111-002");
    assert_eq!(plan(Some("早班"), 3, NOW).unwrap_err(), JournalError::NameTaken(first.number));
    let find = |text: &str| station.journal.reader().find(text);
    assert_eq!(find("早班").unwrap(), first);
    assert_eq!(find("261111-002").unwrap(), second);
    assert_eq!(find("261111-002-001").unwrap(), second);
    assert_eq!(find("261111-003").unwrap_err(), JournalError::UnknownBatch);
    assert_eq!(find("晚班").unwrap_err(), JournalError::UnknownBatch);
    let tomorrow = plan(Some("早班"), 3, NOW + 86_400).unwrap();
    assert_eq!(find("早班").unwrap_err(), JournalError::AmbiguousName(vec![first.number, tomorrow.number]));
    assert_eq!(station.journal.reader().named(Day::of(NOW), "早班").unwrap(), Some(first.clone()));
    for name in ["261111-002", "261111-002-001"] {
        let error = plan(Some(name), 4, NOW).unwrap_err();
        assert_eq!(error, JournalError::Text { field: "name", problem: TextProblem::Number });
    }
    let reader = station.journal.reader();
    let same = |orders: &[NewLabel]| {
        reader.same_orders(first.id, orders.iter().map(|order| (&order.key, &order.content))).unwrap()
    };
    assert!(same(&[order(1)]));
    assert!(!same(&[order(2)]) && !same(&[]) && !same(&[order(1), order(2)]));
    assert!(!same(&[NewLabel { content: [8; 32], ..order(1) }]));
}

#[test]
fn one_at_a_time_works_on_a_batch() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 1);
    let busy = |journal: &Journal| journal.open_batch(batch.id, NOW).err();
    assert_eq!(busy(&station.journal), Some(JournalError::BatchBusy(batch.number)));
    let other = Journal::open(&station.folder.path().join("journal.db")).unwrap();
    assert_eq!(busy(&other), Some(JournalError::BatchBusy(batch.number)));
    let (_, second) = station.batch(2, 1);
    bring(&second, PrintId::first(1), State::Sent, false);
    drop(open);
    assert_eq!(busy(&other), None);
    assert!(other.reader().verify(None).unwrap().is_whole());
}

#[test]
fn what_was_half_done_is_unknown_and_not_printed_again() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 14);
    for (at, state) in (1..).zip(State::ALL) {
        bring(&open, PrintId::first(at), state, true);
        bring(&open, PrintId::first(at + 7), state, false);
    }
    drop(open);
    let open = station.journal.open_batch(batch.id, NOW + 60).unwrap();
    assert_eq!(open.recovered(), Recovered { interrupted: 2, unconfirmed: 1 });
    let after: Vec<_> = (1..=14).map(|at| state(&station, &batch, PrintId::first(at))).collect();
    use State::*;
    assert_eq!(after[..7], [Planned, Rendered, Unknown, Unknown, Confirmed, Unknown, Failed]);
    assert_eq!(after[7..], [Planned, Rendered, Unknown, Sent, Confirmed, Unknown, Failed], "cannot be asked");
    let reader = station.journal.reader();
    let positions = |prints: Vec<Print>| prints.iter().map(|print| print.id.position).collect::<Vec<_>>();
    assert_eq!(positions(reader.to_print(batch.id, None, 100).unwrap()), [1, 2, 7, 8, 9, 14]);
    assert_eq!(positions(reader.to_print(batch.id, Some(PrintId::first(2)), 2).unwrap()), [7, 8]);
    assert_eq!(reader.first_unprinted(batch.id).unwrap().unwrap().id, PrintId::first(1));
    let unknown = reader.unknown(batch.id, None, 100).unwrap();
    let reasons: Vec<_> = unknown.iter().map(|print| print.reason.as_deref().unwrap()).collect();
    assert_eq!(reasons, ["interrupted", "not confirmed", "no answer", "interrupted", "no answer"]);
    drop((reader, open));
    let open = station.journal.open_batch(batch.id, NOW + 61).unwrap();
    assert_eq!(open.recovered(), Recovered::default(), "once is enough");
}

#[test]
fn a_machine_takes_no_label_out_of_doubt_and_a_person_does() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 3);
    let label = PrintId::first;
    for position in 1..=3 {
        bring(&open, label(position), State::Unknown, true);
    }
    for transition in [
        sending(true),
        Transition::Sent,
        Transition::Confirmed { rung: Rung::JobCounter },
        Transition::Failed { reason: "x".into() },
    ] {
        let (number, to) = (open.number(1), transition.to());
        let refused = JournalError::BadTransition { number, from: State::Unknown, to };
        assert_eq!(open.record(label(1), transition, NOW).unwrap_err(), refused);
    }
    let settle = |print, verdict, operator, reason| {
        station.journal.settle(batch.id, &[print], verdict, operator, reason, NOW + 9)
    };
    let empty = |field| Err(JournalError::Text { field, problem: TextProblem::Empty });
    assert_eq!(settle(label(1), Verdict::Printed, "", "seen"), empty("operator"));
    assert_eq!(settle(label(1), Verdict::Printed, "Operator 1", " "), empty("reason"));
    settle(label(1), Verdict::Printed, "Operator 1", "in the tray").unwrap();
    settle(label(2), Verdict::NotPrinted, "Operator 1", "no power").unwrap();
    settle(label(3), Verdict::Scanned, "Operator 1", "packed").unwrap();
    assert!(matches!(
        settle(label(3), Verdict::NotPrinted, "Operator 1", "changed my mind"),
        Err(JournalError::BadTransition { from: State::Confirmed, .. })
    ));
    let reader = station.journal.reader();
    let print = |position| reader.print(batch.id, label(position)).unwrap().unwrap();
    assert_eq!((print(1).state, print(1).rung), (State::Confirmed, Some(Rung::Operator)));
    assert_eq!((print(2).state, print(2).rung), (State::Failed, None));
    assert_eq!((print(3).state, print(3).rung), (State::Confirmed, Some(Rung::Scan)));
    assert_eq!(
        reader.first_unprinted(batch.id).unwrap().unwrap().id,
        label(2),
        "a machine may send it again"
    );
}

#[test]
fn a_persons_word_is_not_a_machines() {
    let station = Station::new();
    let (_, open) = station.batch(1, 1);
    bring(&open, PrintId::first(1), State::Sent, true);
    let error =
        open.record(PrintId::first(1), Transition::Confirmed { rung: Rung::Operator }, NOW).unwrap_err();
    assert!(matches!(error, JournalError::BadTransition { to: State::Confirmed, .. }), "{error}");
}

#[test]
fn a_reprint_is_another_copy_of_the_same_number() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 5);
    let label = PrintId::first;
    for (at, state) in [(1, State::Confirmed), (2, State::Sent), (3, State::Unknown), (4, State::Failed)] {
        bring(&open, label(at), state, false);
    }
    let empty = JournalError::Text { field: "reason", problem: TextProblem::Empty };
    assert_eq!(open.reprint([1], "", "Operator 1", NOW).unwrap_err(), empty);
    let copy = |position, copy| PrintId { position, copy };
    let made = open.reprint([5, 1, 2, 3, 4, 1], "jam", "Operator 1", NOW + 5).unwrap();
    assert_eq!(made, [copy(1, 1), copy(2, 1), copy(3, 1), label(4), label(5)]);
    assert!(station.journal.reader().unknown(batch.id, None, 9).unwrap().is_empty(), "it was decided");
    bring(&open, copy(1, 1), State::Confirmed, true);
    assert_eq!(open.reprint([1, 2], "jam", "Operator 1", NOW + 6).unwrap(), [copy(1, 2), copy(2, 1)]);
    let error = open.reprint([1, 6], "jam", "Operator 1", NOW).unwrap_err();
    assert_eq!(error, JournalError::UnknownLabel { number: open.number(6), copy: 0 });
    bring(&open, copy(1, 2), State::Sending, true);
    assert_eq!(
        open.reprint([2, 1], "jam", "Operator 1", NOW).unwrap_err(),
        JournalError::BeingSent(open.number(1))
    );
    let reader = station.journal.reader();
    let all = reader.all(batch.id, None, 100).unwrap();
    assert_eq!(all.len(), 9, "nothing of what was refused was kept");
    assert!(all.iter().all(|print| print.number.position == print.id.position));
    assert!(reader.verify(None).unwrap().is_whole());
}

#[test]
fn going_on_from_a_number_takes_each_label_as_the_table_says() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 14);
    for (at, state) in (1..).zip(State::ALL) {
        bring(&open, PrintId::first(at), state, true);
        bring(&open, PrintId::first(at + 7), state, true);
    }
    drop(open);
    let open = station.journal.open_batch(batch.id, NOW + 60).unwrap();
    let resumed = open.resume_from(8, "roll changed", "Operator 1", NOW + 61).unwrap();
    assert_eq!(resumed.confirmed, [3, 4, 6]);
    assert_eq!(resumed.left, [1, 2, 7]);
    let copies: Vec<_> = resumed.to_print.iter().map(|print| (print.position, print.copy)).collect();
    assert_eq!(copies, [(8, 0), (9, 0), (10, 1), (11, 1), (12, 1), (13, 1), (14, 0)]);
    let reader = station.journal.reader();
    assert!(reader.unknown(batch.id, None, 100).unwrap().is_empty());
    let next: Vec<_> = reader.to_print(batch.id, Some(PrintId { position: 7, copy: u32::MAX }), 100).unwrap();
    assert_eq!(next.iter().map(|print| print.id).collect::<Vec<_>>(), resumed.to_print);
    assert!(reader.verify(None).unwrap().is_whole());
    drop(reader);
    for position in [0, 15] {
        assert!(matches!(
            open.resume_from(position, "x", "Operator 1", NOW),
            Err(JournalError::UnknownLabel { .. })
        ));
    }
}

#[test]
fn prints_of_an_order_are_counted_over_all_batches() {
    let station = Station::new();
    let one = order(1);
    let second = NewLabel { key: LabelKey { parcel: 2, ..one.key.clone() }, ..one.clone() };
    let first = station.journal.plan(None, [one.clone()], NOW).unwrap();
    let next = station.journal.plan(None, [second], NOW).unwrap();
    let prints = || station.journal.reader().prints(&one.identity).unwrap();
    let open = station.journal.open_batch(first.id, NOW).unwrap();
    let label = PrintId::first(1);
    for (state, expected) in [(State::Rendered, 0), (State::Failed, 0)] {
        bring(&open, label, state, true);
        assert_eq!(prints(), expected, "{state}");
    }
    open.record(label, sending(true), NOW).unwrap();
    assert_eq!(prints(), 1);
    open.record(label, Transition::Unknown { reason: "reset".into() }, NOW).unwrap();
    bring(&station.journal.open_batch(next.id, NOW).unwrap(), label, State::Sent, false);
    assert_eq!(prints(), 2);
    assert!(station.journal.reader().may_print(&one.identity, 3).unwrap());
    assert!(!station.journal.reader().may_print(&one.identity, 2).unwrap());
    station.journal.settle(first.id, &[label], Verdict::NotPrinted, "Operator 1", "no power", NOW).unwrap();
    assert_eq!(prints(), 1);
}

#[test]
fn a_label_has_a_history() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 2);
    bring(&open, PrintId::first(2), State::Confirmed, true);
    let copy = open.reprint([2], "smeared", "Operator 1", NOW + 5).unwrap()[0];
    open.record(copy, Transition::Failed { reason: "no paper".into() }, NOW + 6).unwrap();
    let history = station.journal.reader().history(batch.id, 2).unwrap();
    let happened: Vec<_> = history.iter().map(|entry| (entry.copy, entry.happened)).collect();
    use Happened::*;
    assert_eq!(
        happened,
        [
            (0, Planned),
            (0, Became(State::Rendered)),
            (0, Became(State::Sending)),
            (0, Became(State::Sent)),
            (0, Became(State::Confirmed)),
            (1, AskedAgain),
            (1, Became(State::Failed)),
        ]
    );
    let asked = &history[5];
    assert_eq!((asked.operator.as_deref(), asked.reason.as_deref()), (Some("Operator 1"), Some("smeared")));
    assert_eq!((asked.time, history[2].printer.as_deref()), (NOW + 5, Some("bench-1")));
    assert_eq!(history[2].bytes, Some(BYTES));
    assert_eq!(history[4].rung, Some(Rung::StatusIdle));
    assert_eq!(station.journal.reader().history(batch.id, 3).unwrap(), []);
}

#[test]
fn the_status_adds_up() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 8);
    for (at, state) in (2..).zip(State::ALL) {
        bring(&open, PrintId::first(at), state, false);
    }
    let other = Transition::Sending { printer: "bench-2".into(), bytes: BYTES, answers: false };
    open.record_all(
        vec![(PrintId::first(1), Transition::Rendered { bytes: BYTES }), (PrintId::first(1), other)],
        NOW + 30,
    )
    .unwrap();
    let reader = Journal::read_only(&station.folder.path().join("journal.db")).unwrap();
    let status = reader.status(batch.id).unwrap();
    assert_eq!(status.counts.all(), 8);
    for state in State::ALL {
        let expected = if state == State::Sending { 2 } else { 1 };
        assert_eq!(status.counts.of(state), expected, "{state}");
    }
    let printers: Vec<_> =
        status.printers.iter().map(|(name, counts)| (name.as_str(), counts.all())).collect();
    assert_eq!(printers, [("bench-1", 5), ("bench-2", 1)]);
    let (first, last) = status.printed.unwrap();
    assert_eq!((first.position, last.position), (1, 7));
    assert_eq!((status.started, status.changed), (Some(NOW), NOW + 30));
    assert_eq!((status.reprints, status.attempts), (0, 6));
    open.reprint([6], "torn", "Operator 1", NOW + 40).unwrap();
    let status = reader.status(batch.id).unwrap();
    assert_eq!((status.reprints, status.counts.all()), (1, 8));
    assert_eq!((status.counts.of(State::Confirmed), status.counts.of(State::Planned)), (0, 2));

    let scans: Vec<_> = [1, 3, 4, 5, 7, 99].map(|number| order(number).key.waybill).into();
    let compared = reader.compare(batch.id, scans.iter().map(String::as_str)).unwrap();
    assert_eq!(compared.matched, 4, "{compared:?}");
    assert_eq!(compared.foreign, [order(99).key.waybill]);
    assert_eq!(compared.unexpected[0].number.position, 3);
}

#[test]
fn texts_of_callers_are_bounded() {
    let station = Station::new();
    let (_, open) = station.batch(1, 1);
    let bad = |transition| match open.record(PrintId::first(1), transition, NOW) {
        Err(JournalError::Text { field, problem }) => (field, problem),
        other => panic!("{other:?}"),
    };
    assert_eq!(bad(Transition::Failed { reason: "a\nb".into() }), ("reason", TextProblem::Control));
    assert_eq!(
        bad(Transition::Sending { printer: Arc::from("p".repeat(129)), bytes: BYTES, answers: false }),
        ("printer", TextProblem::TooLong { most: 128 })
    );
    let order = NewLabel { order_id: String::new(), ..order(2) };
    assert_eq!(
        station.journal.plan(None, [order], NOW).unwrap_err(),
        JournalError::Text { field: "order id", problem: TextProblem::Empty }
    );
}

/// Several printers push at once; each transition is durable when it is answered, and one that is refused harms no other.
#[test]
fn printers_write_at_once() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 80);
    thread::scope(|scope| {
        for printer in 0..8 {
            let open = &open;
            scope.spawn(move || {
                for at in 0..10 {
                    let print = PrintId::first(printer * 10 + at + 1);
                    let reached = |state| {
                        let reader = open.journal().reader();
                        assert_eq!(reader.print(open.batch().id, print).unwrap().unwrap().state, state);
                    };
                    open.record(print, Transition::Rendered { bytes: BYTES }, NOW).unwrap();
                    reached(State::Rendered);
                    assert!(open.record(print, Transition::Sent, NOW).is_err());
                    let head = open.record(print, sending(false), NOW).unwrap();
                    assert!(head.seq > 80);
                    reached(State::Sending);
                    open.record(print, Transition::Sent, NOW).unwrap();
                    reached(State::Sent);
                }
            });
        }
    });
    let reader = station.journal.reader();
    assert_eq!(reader.status(batch.id).unwrap().counts.of(State::Sent), 80);
    let verified = reader.verify(None).unwrap();
    assert!(verified.is_whole());
    assert_eq!(verified.events, 1 + 80 + 240);
}

/// Other connections, in the way of ours.
mod obstacles {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn another_process_that_writes_and_does_not_end() {
        let station = Station::new();
        let path = station.folder.path().join("journal.db");
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let journal = Journal::open_waiting(&path, Duration::from_millis(20)).unwrap();
        assert_eq!(journal.plan(None, [order(1)], NOW).unwrap_err(), JournalError::Locked);
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(journal.plan(None, [order(1)], NOW).unwrap().number.number, 1, "and it goes on");
    }

    #[test]
    fn what_is_read_only_stays_as_it_is() {
        let station = Station::new();
        station.batch(1, 1);
        let path = station.folder.path().join("journal.db");
        let reader = Journal::read_only(&path).unwrap();
        assert_eq!(reader.batches_of(Day::of(NOW)).unwrap().len(), 1);
        assert_eq!(
            Journal::read_only(&station.folder.path().join("none")).err(),
            Some(JournalError::Missing)
        );
        assert!(!station.folder.path().join("none").exists());
        fs::write(station.folder.path().join("text"), "x".repeat(4096)).unwrap();
        let open = |name: &str| Journal::open(&station.folder.path().join(name)).err();
        assert_eq!(open("text"), Some(JournalError::NotAJournal));
    }
}

#[test]
fn a_batch_takes_orders_as_they_come() {
    let station = Station::new();
    let (batch, open) = station.batch(1, 2);
    let other = NewLabel { content: [8; 32], ..order(2) };
    let added = open.add(vec![order(3), order(1), other, order(4), order(4)], NOW + 60).unwrap();
    let place = |position| Added::Place(PrintId::first(position));
    let known = |added: &Added| match added {
        Added::Known(Known::Printed(earlier)) => (true, earlier.number.position, earlier.state),
        Added::Known(Known::Conflict(earlier)) => (false, earlier.number.position, earlier.state),
        other => panic!("{other:?}"),
    };
    assert_eq!((&added[0], &added[3]), (&place(3), &place(4)));
    assert_eq!(known(&added[1]), (true, 1, State::Planned));
    assert_eq!(known(&added[2]), (false, 2, State::Planned));
    assert_eq!(known(&added[4]), (true, 4, State::Planned), "the second of two");
    assert_eq!(station.journal.reader().batch(batch.id).unwrap().count, 4);
    bring(&open, PrintId::first(4), State::Sent, false);
    assert_eq!(open.resume_from(4, "jam", "chen", NOW + 70).unwrap().to_print.len(), 1);

    let wrong = NewLabel { order_id: String::new(), ..order(6) };
    assert!(matches!(open.add(vec![order(5), wrong], NOW), Err(JournalError::Text { .. })));
    assert_eq!(open.add(vec![order(5)], NOW).unwrap(), [place(5)], "nothing of it was kept");
    assert!(station.journal.reader().verify(None).unwrap().is_whole());
}

#[test]
fn a_batch_begins_without_orders() {
    let station = Station::new();
    let open = station.journal.begin(Some("desk"), NOW).unwrap();
    assert!(matches!(station.journal.begin(Some("desk"), NOW), Err(JournalError::NameTaken(_))));
    assert!(matches!(
        station.journal.open_batch(open.batch().id, NOW),
        Err(JournalError::BatchBusy(busy)) if busy == open.batch().number
    ));
    assert_eq!(station.journal.reader().status(open.batch().id).unwrap().counts.all(), 0);
    assert_eq!(open.add(vec![order(1)], NOW).unwrap(), [Added::Place(PrintId::first(1))]);
    bring(&open, PrintId::first(1), State::Sending, true);
    let id = open.batch().id;
    drop(open);
    assert_eq!(station.journal.open_batch(id, NOW).unwrap().recovered().interrupted, 1);
    assert!(station.journal.reader().verify(None).unwrap().is_whole());
}

#[test]
fn a_waybill_gets_one_place_whoever_is_faster() {
    let station = Station::new();
    let (_, open) = station.batch(1, 1);
    let places: u32 = thread::scope(|scope| {
        let all: Vec<_> =
            (0..8).map(|_| scope.spawn(|| open.add((2..42).map(order).collect(), NOW).unwrap())).collect();
        let added = all.into_iter().flat_map(|one| one.join().unwrap());
        added.filter(|added| matches!(added, Added::Place(_))).count() as u32
    });
    assert_eq!(places, 40);
    assert!(station.journal.reader().verify(None).unwrap().is_whole());
}

#[test]
fn labels_are_found_over_all_batches_in_pages() {
    let station = Station::new();
    let (first, open) = station.batch(1, 30);
    for position in 1..=10 {
        bring(&open, PrintId::first(position), State::Sent, false);
    }
    open.reprint([3], "jam", "chen", NOW + 1).unwrap();
    let tomorrow = station.journal.plan(None, (31..=35).map(order), NOW + 86_400).unwrap();
    let reader = station.journal.reader();
    let search = |search: Search<'_>| -> Vec<String> {
        let found = reader.search(&search, 7).unwrap();
        found.iter().map(|print| format!("{}/{}", print.number, print.id.copy)).collect()
    };
    let number = |batch: &Batch, position| RunningNumber { batch: batch.number, position };
    let all = search(Search::default());
    assert_eq!(all.len(), 7);
    assert_eq!(all[0], format!("{}/0", number(&tomorrow, 5)));
    assert_eq!(all[5], format!("{}/0", number(&first, 30)));
    let next = search(Search { after: Some((number(&first, 29), 0)), ..Search::default() });
    assert_eq!(next[0], format!("{}/0", number(&first, 28)));
    let waiting =
        search(Search { states: &[State::Planned], waybill: Some("YT000000003"), ..Search::default() });
    assert_eq!((waiting.len(), &waiting[5]), (6, &format!("{}/0", number(&first, 30))));
    let one = search(Search { waybill: Some("YT0000000003"), ..Search::default() });
    assert_eq!(one, [format!("{}/1", number(&first, 3)), format!("{}/0", number(&first, 3))]);
    let sent = search(Search { printer: Some("bench-1"), day: Some(Day::of(NOW)), ..Search::default() });
    assert_eq!((sent.len(), &*sent[0]), (7, &*format!("{}/0", number(&first, 10))));
    assert!(search(Search { printer: Some("bench-2"), ..Search::default() }).is_empty());
    assert!(search(Search { waybill: Some("' OR 1"), ..Search::default() }).is_empty());
    let (counts, reprints) = reader.counts_of(Day::of(NOW)).unwrap();
    assert_eq!((counts.of(State::Sent), counts.of(State::Planned), reprints), (10, 21, 1));
}
