//! Folders that are watched: what is put there is printed once, and put away with a word on what came of it, whatever ends
//! in between.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::Duration;

use common::{Station, events, list, orders, said};
use miandan_journal::{Journal, State};
use miandan_testing::device::{Script, SimulatedPrinter, Speech};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

const JOURNAL: [&str; 2] = ["--journal", "journal.db"];

fn station() -> Station {
    let station = Station::new();
    fs::create_dir(station.path("in")).unwrap();
    station
}

/// Seals orders, and puts them into the folder the way it should be done.
fn put(station: &Station, name: &str, count: usize, seed: u64) {
    station.seal(&orders(count, seed), &[]);
    fs::rename(station.path("orders.sealed.jsonl"), station.path("in").join(name)).unwrap();
}

fn watching(station: &Station, target: &[&str]) -> Child {
    let command = ["print", "--watch", "in", "--key", "station.key", "--trust", "issuer.key.pub", "--json"];
    let mut command = station.command(&[&command[..], &JOURNAL, target].concat());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(child: Child) -> Output {
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).unwrap();
    child.wait_with_output().unwrap()
}

fn wait_for(what: &str, holds: impl FnMut() -> bool) {
    common::wait_for(what, Duration::from_secs(60), holds);
}

fn result(station: &Station, place: &str, name: &str) -> Value {
    let path = format!("in/{place}/{name}.result.json");
    wait_for(&path, || station.path(&path).exists());
    serde_json::from_slice(&station.read(&path)).unwrap()
}

#[test]
fn every_file_is_printed_once_and_put_away() {
    let station = station();
    put(&station, "early.jsonl", 3, 1);
    let watching = watching(&station, &["--dir", "labels"]);
    let early = result(&station, "done", "early.jsonl");
    assert_eq!(
        (&early["file"], &early["exit"], &early["sent"]),
        (&"early.jsonl".into(), &0.into(), &3.into())
    );
    assert_eq!(early["problems"], Value::Array(Vec::new()));
    let batch = early["batch"].as_str().unwrap().to_owned();
    assert!(early["name"].as_str().unwrap().starts_with("early@"), "{early}");
    // Files are called by the number that is on the label.
    let expected: Vec<_> = (1..=3).map(|place| format!("{batch}-{place:03}.png")).collect();
    assert_eq!(list(&station.path("labels")), expected);

    // The same orders again, with two that are new and a line that is none.
    let mut again = station.read("in/done/early.jsonl");
    put(&station, ".more", 2, 2);
    again.extend(station.read("in/.more"));
    again.extend(b"{\"no\":\"order\"}\n");
    station.write("in/again.jsonl", &again);
    let again = result(&station, "failed", "again.jsonl");
    let counts = ["sent", "refused", "failed"].map(|word| again[word].as_u64().unwrap());
    assert_eq!((counts, &again["exit"]), ([2, 3, 1], &4.into()), "{again}");
    let problems = again["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 4, "{again}");
    assert!(problems.iter().any(|problem| problem["number"] == format!("{batch}-002")), "{again}");
    assert!(problems.iter().any(|problem| problem["code"] == "MALFORMED"), "{again}");

    // What is no order at all, and the file after it.
    station.write("in/notes.txt", "Dear all,\nno orders today.\n".as_bytes());
    let notes = result(&station, "failed", "notes.txt");
    assert!(notes["exit"].as_u64().unwrap() > 0 && notes.get("batch").is_none(), "{notes}");
    station.write("in/empty.jsonl", b"");
    assert_eq!(result(&station, "failed", "empty.jsonl")["exit"], 3);
    put(&station, "late.jsonl", 1, 3);
    assert_eq!(result(&station, "done", "late.jsonl")["sent"], 1);

    let output = end(watching);
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    let told: Vec<_> = events(&output).into_iter().filter(|event| event["event"] == "file").collect();
    let states: Vec<_> = told.iter().map(|event| event["state"].as_str().unwrap()).collect();
    let expected =
        ["claimed", "done", "claimed", "failed", "claimed", "failed", "claimed", "failed", "claimed", "done"];
    assert_eq!(states, expected);
    assert!(told.iter().all(|event| event["state"] == "claimed"
        || Path::new(event["path"].as_str().unwrap()).components().count() == 3));
    assert_eq!(list(&station.path("in/processing")), [""; 0]);
    assert_eq!(list(&station.path("labels")).len(), 6);
}

#[test]
fn a_file_whose_watcher_was_killed_is_gone_on_with() {
    let station = station();
    let printer = SimulatedPrinter::start(Script::well(Speech::Tspl).printing_for(40)).unwrap();
    let uri = printer.uri();
    let target = ["--printer", &uri, "--profile", "tsc"];
    put(&station, "orders.jsonl", 30, 1);
    let mut first = watching(&station, &target);
    assert!(printer.wait_for_printed(8));
    first.kill().unwrap();
    let _ = first.wait();
    assert!(printer.wait_until_quiet());
    let claims = list(&station.path("in/processing"));
    assert_eq!(claims.len(), 1);

    // A file that comes in the meantime waits its turn, and is printed by the same run.
    put(&station, "next.jsonl", 2, 2);
    let second = watching(&station, &target);
    assert_eq!(result(&station, "done", "next.jsonl")["sent"], 2);
    let output = end(second);
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    let place = if station.path("in/done/orders.jsonl").exists() { "done" } else { "failed" };
    let orders = result(&station, place, "orders.jsonl");
    assert_eq!(orders["name"].as_str(), Some(claims[0].as_str()));

    let reader = Journal::read_only(&station.path("journal.db")).unwrap();
    let batch = reader.find(&claims[0]).unwrap();
    let prints = reader.latest(batch.id, None, 1000).unwrap();
    assert_eq!(prints.len(), 30);
    let unknown: Vec<_> = prints.iter().filter(|print| print.state == State::Unknown).collect();
    assert!(unknown.len() <= 1, "one label at a time is with a printer");
    assert!(prints.iter().all(|print| matches!(print.state, State::Confirmed | State::Unknown)));
    // What nobody can tell is a person's to look at, and is named.
    assert_eq!(place, if unknown.is_empty() { "done" } else { "failed" });
    let named: Vec<_> =
        orders["problems"].as_array().unwrap().iter().map(|of| of["number"].clone()).collect();
    assert_eq!(named, unknown.iter().map(|print| Value::from(print.number.to_string())).collect::<Vec<_>>());
    let mut printed = printer.printed();
    let all = printed.len();
    printed.sort();
    printed.dedup();
    assert_eq!(printed.len(), all, "nothing came out twice");
    assert!(all >= 32 - unknown.len());
}

#[test]
fn a_signal_leaves_the_file_and_the_next_run_prints_the_rest() {
    let station = station();
    let printer = SimulatedPrinter::start(Script::well(Speech::Tspl).printing_for(40)).unwrap();
    let uri = printer.uri();
    let target = ["--printer", &uri, "--profile", "tsc"];
    put(&station, "orders.jsonl", 20, 1);
    let first = watching(&station, &target);
    assert!(printer.wait_for_printed(5));
    let output = end(first);
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    assert!(printer.printed().len() < 20, "it stopped on the way");
    let second = watching(&station, &target);
    let orders = result(&station, "done", "orders.jsonl");
    end(second);
    assert_eq!((&orders["exit"], &orders["unknown"]), (&0.into(), &0.into()), "{orders}");
    let mut printed = printer.printed();
    printed.sort();
    printed.dedup();
    assert_eq!((printed.len(), printer.printed().len()), (20, 20));
}

#[test]
fn a_file_that_ends_the_program_again_and_again_is_set_aside() {
    let station = station();
    let printer = SimulatedPrinter::start(Script::well(Speech::Tspl)).unwrap();
    printer.refuse();
    let uri = printer.uri();
    let target = ["--printer", &uri, "--profile", "tsc"];
    put(&station, "poison.jsonl", 2, 1);
    let journal = || Journal::read_only(&station.path("journal.db")).ok();
    let attempts = || {
        let processing = station.path("in/processing");
        let claim = if processing.exists() { list(&processing).pop()? } else { return None };
        fs::read_to_string(processing.join(claim).join(".claim")).ok()
    };
    for _ in 0..3 {
        let before = attempts();
        let mut watching = watching(&station, &target);
        wait_for("begun", || attempts().is_some_and(|now| Some(now) != before) && journal().is_some());
        watching.kill().unwrap();
        let _ = watching.wait();
    }
    printer.accept();
    put(&station, "good.jsonl", 2, 2);
    let watching = watching(&station, &target);
    let poison = result(&station, "failed", "poison.jsonl");
    assert_eq!((&poison["code"], &poison["exit"]), (&"POISON".into(), &1.into()), "{poison}");
    assert_eq!(result(&station, "done", "good.jsonl")["sent"], 2);
    end(watching);
    assert_eq!(printer.printed().len(), 2, "the poison was not touched again");
}

#[test]
fn what_is_wrong_with_the_station_ends_it_and_the_file_waits() {
    let station = station();
    put(&station, "orders.jsonl", 2, 1);
    // A journal that is none.
    station.write("journal.db", &[b'x'; 4096]);
    let output = watching(&station, &["--dir", "labels"]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(events(&output).iter().any(|event| event["code"] == "JOURNAL"), "{}", said(&output));
    assert_eq!(list(&station.path("in/failed")), [""; 0]);
    fs::remove_file(station.path("journal.db")).unwrap();
    let watching = watching(&station, &["--dir", "labels"]);
    assert_eq!(result(&station, "done", "orders.jsonl")["sent"], 2);
    end(watching);

    for (arguments, word) in [
        (&["print", "--watch", "in", "--out", "labels.pdf"][..], "does not go with"),
        (&["print", "--watch", "in", "orders.jsonl", "--dir", "labels"], "does not go with"),
        (&["print", "--watch", "nowhere", "--dir", "labels"], "nowhere cannot be read"),
        (&["preview", "--watch", "in", "--dir", "labels"], "previews are not made"),
    ] {
        let keys = ["--key", "station.key", "--trust", "issuer.key.pub"];
        let output = station.run(&[arguments, &keys].concat());
        assert!(!output.status.success() && said(&output).contains(word), "{arguments:?}: {}", said(&output));
    }
}
