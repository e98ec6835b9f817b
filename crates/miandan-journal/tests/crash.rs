//! A process that records is killed at thirty moments: every time the journal opens, is whole, and has every event that was
//! acknowledged; and nothing was put on the wire twice.
//!
//! SIGKILL takes the process and not the machine: what the system holds for a disk survives it. That a commit waits for
//! the disk is `synchronous = FULL`, which `schema` tests.
#![allow(clippy::disallowed_methods)] // the test starts itself

use std::collections::HashSet;
use std::env;
use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use miandan_journal::{Day, Head, Journal, JournalError, LabelKey, NewLabel, PrintId, Rung, Transition};

const VICTIM: &str = "MIANDAN_JOURNAL_VICTIM";
const NOW: u64 = 1_794_362_400;
const ROUNDS: usize = 30;

#[test]
fn a_process_that_is_killed_loses_nothing_that_was_acknowledged() {
    if let Some(path) = env::var_os(VICTIM) {
        return record_until_killed(Path::new(&path));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let mut random = Random(20_261_111);
    let mut acknowledged: Vec<Head> = Vec::new();
    let mut wire: HashSet<String> = HashSet::new();
    for round in 0..ROUNDS {
        let mut victim = start(&path);
        let mut lines = BufReader::new(victim.stdout.take().unwrap());
        let mut seen = Vec::new();
        // Some are killed before they have said anything.
        let patience = random.below(150) as usize;
        while acknowledgements(&seen) < patience && read_line(&mut lines, &mut seen) {}
        thread::sleep(Duration::from_micros(random.below(20_000)));
        victim.kill().unwrap();
        victim.wait().unwrap();
        while read_line(&mut lines, &mut seen) {}

        for line in &seen {
            if let Some(head) = line.strip_prefix("ack ") {
                acknowledged.push(head.parse().unwrap());
            } else if let Some(label) = line.strip_prefix("wire ") {
                assert!(wire.insert(label.to_owned()), "round {round}: {label} was sent twice");
            }
        }
        // Who only reads comes first: it must see all without the one who writes putting anything right.
        let reader = match Journal::read_only(&path) {
            Ok(reader) => reader,
            Err(JournalError::Missing | JournalError::NotAJournal) => {
                assert_eq!(
                    acknowledged,
                    [],
                    "round {round}: nothing is acknowledged before there are tables"
                );
                continue;
            }
            Err(error) => panic!("round {round}: {error}"),
        };
        let verified = reader.verify(None).unwrap();
        assert_eq!(verified.damage, [], "round {round}");
        let journal = Journal::open(&path).unwrap();
        assert_eq!(journal.head().unwrap(), verified.head.unwrap(), "round {round}");
        contains_all(&path, &acknowledged);
        for label in &wire {
            let numbers: Vec<u32> = label.split(' ').map(|number| number.parse().unwrap()).collect();
            let batch = journal.reader().batches_of(Day::of(NOW)).unwrap()[numbers[0] as usize - 1].id;
            let print = PrintId { position: numbers[1], copy: numbers[2] };
            let state = journal.reader().print(batch, print).unwrap().unwrap().state;
            assert!(state.may_be_on_paper(), "round {round}: {label} was sent and is {state}");
        }
    }
    assert!(acknowledged.len() > ROUNDS * 20, "{} were acknowledged", acknowledged.len());
    assert!(wire.len() > ROUNDS * 5, "{} were sent", wire.len());
}

fn start(path: &Path) -> Child {
    let test = "a_process_that_is_killed_loses_nothing_that_was_acknowledged";
    Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(VICTIM, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A whole line: what is cut off was not said.
fn read_line(lines: &mut impl BufRead, seen: &mut Vec<String>) -> bool {
    let mut line = String::new();
    let _ = lines.read_line(&mut line).unwrap();
    let whole = line.ends_with('\n');
    if whole {
        seen.push(line.trim_end().to_owned());
    }
    whole
}

fn acknowledgements(seen: &[String]) -> usize {
    seen.iter().filter(|line| line.starts_with("ack ")).count()
}

fn contains_all(path: &Path, acknowledged: &[Head]) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut select = connection.prepare("SELECT hash FROM events WHERE seq = ?1").unwrap();
    for head in acknowledged {
        let hash: Option<[u8; 32]> = select.query_row([head.seq], |row| row.get(0)).ok();
        assert_eq!(hash, Some(head.hash), "event {} was acknowledged", head.seq);
    }
}

/// Three printers of one batch after the other, each in a thread. What is on the wire is a line, as bytes would be: said
/// once `sending` is durable.
fn record_until_killed(path: &Path) {
    say("");
    let journal = Journal::open(path).unwrap();
    loop {
        let waiting = journal.reader().batches_of(Day::of(NOW)).unwrap().pop();
        let waiting = waiting.filter(|last| journal.reader().first_unprinted(last.id).unwrap().is_some());
        let batch = waiting.unwrap_or_else(|| {
            let first = journal.head().unwrap().seq;
            let batch = journal.plan(None, (0..40).map(move |at| order(first + at)), NOW).unwrap();
            say(&format!("ack {}", journal.head().unwrap()));
            batch
        });
        let open = journal.open_batch(batch.id, NOW).unwrap();
        let labels = journal.reader().to_print(batch.id, None, 40).unwrap();
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while let Some(label) = labels.get(next.fetch_add(1, Ordering::SeqCst)) {
                        let bytes = [5; 32];
                        let record = |transition| {
                            let head = open.record(label.id, transition, NOW).unwrap();
                            say(&format!("ack {head}"));
                        };
                        record(Transition::Rendered { bytes });
                        record(Transition::Sending { printer: "bench".into(), bytes, answers: true });
                        let PrintId { position, copy } = label.id;
                        say(&format!("wire {} {position} {copy}", batch.number.number));
                        record(Transition::Sent);
                        record(Transition::Confirmed { rung: Rung::StatusIdle });
                    }
                });
            }
        });
    }
}

fn say(line: &str) {
    let mut out = stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn order(number: u64) -> NewLabel {
    NewLabel {
        key: LabelKey { carrier: "YTO".into(), waybill: format!("YT{number:010}"), parcel: 0 },
        order_id: format!("O-{number}"),
        identity: [1; 32],
        content: [2; 32],
    }
}

/// Marsaglia's xorshift: the same moments in every run, as far as the system's scheduler allows.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
