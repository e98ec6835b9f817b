//! SIGKILL to the program, to its component, or the power of the printer, at random moments of a batch: every label ends
//! printed once, or is named as one that may have been; nothing comes out twice without a mark, and nothing is lost without
//! a word.
//!
//! `benches/kills` is the campaign, of 1,000 kills over batches of 200; fewer stand here.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout)] // the campaign says what came of it

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::journals::now;
use common::{Station, orders, print_arguments, said};
use miandan_journal::{Journal, Reader, State};
use miandan_testing::Random;
use miandan_testing::device::{Script, SimulatedPrinter, Speech};

/// A number from the environment, for the campaign.
fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Batches that are printed, and disturbed, at the same time.
const AT_ONCE: usize = 4;

/// What is killed, and what came of it.
#[derive(Debug, Default)]
struct Tally {
    programs: usize,
    components: usize,
    printers: usize,
    unknown: usize,
    marked: usize,
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.programs += other.programs;
        self.components += other.components;
        self.printers += other.printers;
        self.unknown += other.unknown;
        self.marked += other.marked;
    }
}

#[test]
fn whatever_dies_no_label_is_lost_or_printed_twice_unmarked() {
    let (kills, labels) = (number("MIANDAN_KILLS", 50), number("MIANDAN_KILLS_LABELS", 40));
    let first = number("MIANDAN_KILLS_SEED", 0);
    let station = Station::new();
    station.seal(&orders(labels, 5), &[]);
    let whole = whole(&station);
    // Most of it is waiting: for printers, and for the moment.
    let next = AtomicUsize::new(first);
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + kills {
                        return;
                    }
                    let one = one(&station, seed as u64, labels, whole);
                    tally.lock().unwrap().add(&one);
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    println!("{kills} kills over batches of {labels}, from seed {first}: {tally:?}");
    let all_kinds = tally.programs > 0 && tally.components > 0 && tally.printers > 0;
    assert!(all_kinds || kills < 50, "{tally:?}");
}

fn printer() -> SimulatedPrinter {
    SimulatedPrinter::start(Script::well(Speech::Tspl).printing_for(8)).unwrap()
}

/// How long a batch takes that nobody disturbs.
fn whole(station: &Station) -> Duration {
    let printer = printer();
    let target = ["--printer", &printer.uri(), "--profile", "tsc", "--journal", "whole.db"];
    let began = Instant::now();
    // A machine that is very busy may miss a label of these few milliseconds.
    let output = station.run(&print_arguments(&target));
    assert!(matches!(output.status.code(), Some(0 | 5)), "{}", said(&output));
    began.elapsed()
}

fn one(station: &Station, seed: u64, labels: usize, whole: Duration) -> Tally {
    let mut tally = Tally::default();
    let mut random = Random((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let printer = printer();
    let (uri, journal) = (printer.uri(), format!("{seed}.db"));
    let target = ["--printer", &uri, "--profile", "tsc", "--journal", &journal];
    let mut program = start(station.command(&print_arguments(&target)));
    // From before the first label to after the last.
    let most = whole.as_micros() as usize * 3 / 2;
    std::thread::sleep(Duration::from_micros(random.below(most) as u64));
    match random.below(3) {
        0 => {
            tally.programs += 1;
            let _ = program.kill();
        }
        1 => {
            tally.components += 1;
            children(program.id()).into_iter().for_each(kill);
        }
        _ => {
            tally.printers += 1;
            printer.lose_power();
        }
    }
    program.wait().unwrap();
    assert!(printer.wait_until_quiet(), "{seed}");

    // It may have been killed before there was a journal or a batch.
    let Ok(reader) = Journal::read_only(&station.path(&journal)) else { return tally };
    let Some(batch) = reader.batches_of(today()).unwrap().into_iter().next() else { return tally };
    let number = batch.number.to_string();
    drop(reader);
    for round in 0.. {
        assert!(round < 12, "{seed}: it does not come to an end");
        let output = station.run(&again(&["resume", &number, "--journal", &journal]));
        if output.status.success() {
            break;
        }
        if output.status.code() == Some(5) {
            // A machine that is busy may look too late and see nobody print: then somebody has to look again.
            continue;
        }
        assert_eq!(output.status.code(), Some(2), "{seed}: {}", said(&output));
        // The operator looks: has the first of those that may be on paper come out?
        let reader = reader_of(station, &journal);
        let unknown = states(&reader, &number).iter().position(|&state| state == State::Unknown).unwrap() + 1;
        drop(reader);
        tally.unknown += 1;
        let from = if printer.printed().len() >= unknown { unknown + 1 } else { unknown };
        if from > labels {
            let operator = ["--printed", "--operator", "desk", "--reason", "seen"];
            let place = format!("{unknown:03}");
            let settle = ["settle", &number, &place, "--journal", &journal];
            station.done(&[&settle[..], &operator].concat());
            continue;
        }
        tally.marked += usize::from(from == unknown);
        let from = from.to_string();
        let output = station.run(&again(&["resume", &number, "--from", &from, "--journal", &journal]));
        assert!(matches!(output.status.code(), Some(0 | 5)), "{seed}: {}", said(&output));
    }

    let reader = reader_of(station, &journal);
    let states = states(&reader, &number);
    assert!(states.iter().all(|&state| state == State::Confirmed), "{seed}: {states:?}");
    assert!(reader.verify(None).unwrap().is_whole(), "{seed}");
    assert!(printer.wait_until_quiet());
    let mut times: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    printer.printed().into_iter().for_each(|label| *times.entry(label).or_default() += 1);
    // A copy has its mark, so its bytes are others.
    assert!(times.values().all(|&times| times == 1), "{seed}: a label came out twice and has no mark");
    assert!(times.len() >= labels, "{seed}: {} labels came out", times.len());
    tally
}

fn again<'a>(command: &[&'a str]) -> Vec<&'a str> {
    [command, &["--key", "station.key", "--trust", "issuer.key.pub"]].concat()
}

fn reader_of(station: &Station, journal: &str) -> Reader {
    Journal::read_only(&station.path(journal)).unwrap()
}

fn states(reader: &Reader, batch: &str) -> Vec<State> {
    let batch = reader.find(batch).unwrap();
    reader.latest(batch.id, None, u32::MAX).unwrap().iter().map(|print| print.state).collect()
}

fn today() -> miandan_journal::Day {
    miandan_journal::Day::of(now())
}

fn start(mut command: Command) -> std::process::Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// The components of a program.
fn children(program: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{program}/task")).into_iter().flatten().flatten();
    let of = |task: fs::DirEntry| fs::read_to_string(task.path().join("children")).unwrap_or_default();
    tasks
        .map(of)
        .flat_map(|text| text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .collect()
}

fn kill(process: u32) {
    let process = nix::unistd::Pid::from_raw(process.cast_signed());
    let _ = nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGKILL);
}
