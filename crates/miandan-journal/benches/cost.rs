//! What the journal costs a label, from planned to confirmed, against what one synchronisation of this disk costs.
//!
//! `cargo bench -p miandan-journal [-- FOLDER]`. The folder must be on the disk that is meant, not in memory.
#![allow(clippy::print_stdout, missing_docs)]

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use miandan_journal::{Batch, Journal, LabelKey, NewLabel, OpenBatch, PrintId, Rung, State, Transition};

const NOW: u64 = 1_794_362_400;
const BYTES: [u8; 32] = [9; 32];

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let folder = match folder {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .expect("a folder to write in");

    let sync = synchronisation(folder.path());
    println!("one write of 4 KiB and its synchronisation: {:.0} µs", micros(sync));
    println!();
    println!("| what | labels | ms a label | synchronisations a label |");
    println!("|---|---:|---:|---:|");
    let row = |what: &str, labels: u32, took: Duration| {
        let each = took / labels;
        println!(
            "| {what} | {labels} | {:.3} | {:.2} |",
            micros(each) / 1_000.0,
            each.as_secs_f64() / sync.as_secs_f64()
        );
    };

    for labels in [1_000, 100_000] {
        let (took, ..) = planned(folder.path(), &format!("plan-{labels}"), labels);
        row("planned, one batch", labels, took);
    }
    for printers in [1, 2, 10] {
        let each = 400;
        let labels = printers * each;
        let (_, _, open) = planned(folder.path(), &format!("single-{printers}"), labels);
        let took = at_once(printers, |printer| {
            for at in 0..each {
                let print = PrintId::first(printer * each + at + 1);
                for transition in path(printer) {
                    open.record(print, transition, NOW).expect("it is recorded");
                }
            }
        });
        finished(&open, labels);
        row(&format!("rendered, sending, sent, confirmed one by one, {printers} at once"), labels, took);
    }
    for printers in [1, 2, 10] {
        let each = 640;
        let labels = printers * each;
        let (_, _, open) = planned(folder.path(), &format!("window-{printers}"), labels);
        let took = at_once(printers, |printer| window(&open, printer, each));
        finished(&open, labels);
        row(
            &format!("the same, rendered 64 ahead, confirmed with the next sending, {printers} at once"),
            labels,
            took,
        );
    }
    for printers in [1, 10] {
        let each = 6_400;
        let labels = printers * each;
        let (_, _, open) = planned(folder.path(), &format!("block-{printers}"), labels);
        let took = at_once(printers, |printer| {
            for block in 0..each / 64 {
                let first = printer * each + block * 64 + 1;
                for transition in path(printer) {
                    let all =
                        (first..first + 64).map(|at| (PrintId::first(at), transition.clone())).collect();
                    open.record_all(all, NOW).expect("they are recorded");
                }
            }
        });
        finished(&open, labels);
        row(&format!("64 labels a commit, {printers} at once"), labels, took);
    }

    println!();
    let (_, batch, open) = planned(folder.path(), "large", 100_000);
    for block in 0..100 {
        for transition in path(0) {
            let all =
                (1..=1_000).map(|at| (PrintId::first(block * 1_000 + at), transition.clone())).collect();
            open.record_all(all, NOW).expect("they are recorded");
        }
    }
    let reader = open.journal().reader();
    let timed = |what: &str, work: &dyn Fn()| {
        let start = Instant::now();
        work();
        println!("{what}: {:.2} s", start.elapsed().as_secs_f64());
    };
    timed("status of a batch of 100,000", &|| drop(reader.status(batch.id).expect("a status")));
    timed("verification of its 500,001 events", &|| {
        assert!(reader.verify(None).expect("it can be read").is_whole());
    });
    let size = std::fs::metadata(folder.path().join("large")).expect("the file").len();
    println!("bytes a label in the file: {}", size / 100_000);
    if let Some(peak) = peak_memory() {
        println!("peak memory of all of this: {} MiB", peak / 1_024);
    }
}

/// In KiB, where the system tells (Linux).
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// What happens to a label that goes well.
fn path(printer: u32) -> [Transition; 4] {
    [
        Transition::Rendered { bytes: BYTES },
        Transition::Sending { printer: format!("bench-{printer}").into(), bytes: BYTES, answers: true },
        Transition::Sent,
        Transition::Confirmed { rung: Rung::StatusIdle },
    ]
}

/// As a host does that has one label in flight: it renders ahead, and what a printer says of one label is recorded with
/// the beginning of the next. Two commits a label: before its bytes, and after them.
fn window(open: &OpenBatch, printer: u32, labels: u32) {
    let [rendered, sending, sent, confirmed] = path(printer);
    let label = |at: u32| PrintId::first(printer * labels + at + 1);
    for at in 0..labels {
        let mut all = Vec::new();
        if at > 0 {
            all.push((label(at - 1), confirmed.clone()));
        }
        if at % 64 == 0 {
            all.extend((at..labels.min(at + 64)).map(|at| (label(at), rendered.clone())));
        }
        all.push((label(at), sending.clone()));
        open.record_all(all, NOW).expect("they are recorded");
        open.record(label(at), sent.clone(), NOW).expect("it is recorded");
    }
    open.record(label(labels - 1), confirmed, NOW).expect("it is recorded");
}

fn at_once(printers: u32, work: impl Fn(u32) + Sync) -> Duration {
    let start = Instant::now();
    thread::scope(|scope| {
        for printer in 0..printers {
            let work = &work;
            scope.spawn(move || work(printer));
        }
    });
    start.elapsed()
}

fn planned(folder: &Path, name: &str, labels: u32) -> (Duration, Batch, OpenBatch) {
    let journal = Journal::open(&folder.join(name)).expect("a journal");
    let order = |number: u32| NewLabel {
        key: LabelKey { carrier: "YTO".into(), waybill: format!("YT{number:013}"), parcel: 0 },
        order_id: format!("2611110000{number:08}"),
        identity: ring::digest::digest(&ring::digest::SHA256, &number.to_be_bytes())
            .as_ref()
            .try_into()
            .expect("32 bytes"),
        content: [2; 32],
    };
    let start = Instant::now();
    let batch = journal.plan(None, (0..labels).map(order), NOW).expect("it is planned");
    let took = start.elapsed();
    let open = journal.open_batch(batch.id, NOW).expect("it is free");
    (took, batch, open)
}

fn finished(open: &OpenBatch, labels: u32) {
    let status = open.journal().reader().status(open.batch().id).expect("a status");
    assert_eq!(status.counts.of(State::Confirmed), labels);
}

/// The median of what any journal on this disk has to wait for.
fn synchronisation(folder: &Path) -> Duration {
    let mut file = File::create(folder.join("sync")).expect("a file");
    let mut times: Vec<_> = (0..500)
        .map(|_| {
            let start = Instant::now();
            file.write_all(&[1; 4_096]).expect("room");
            file.sync_data().expect("a disk");
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
