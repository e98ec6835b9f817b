//! Labels onto printers, from the command line to the paper: what comes out, what the journal says of it, and what is
//! never printed twice unmarked.

#![allow(clippy::disallowed_methods)] // a test starts `unshare`

mod common;

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};

use common::journals::now;
use common::{Station, events, orders, print_arguments, said};
use miandan_journal::{Journal, Reader, State};
use miandan_testing::device::{Event, Script, SimulatedPrinter, Speech};
use miandan_testing::printer::{Sheet, tspl};
use serde_json::Value;

const JOURNAL: [&str; 2] = ["--journal", "journal.db"];

fn station(count: usize) -> Station {
    let station = Station::new();
    station.seal(&orders(count, 5), &[]);
    station
}

fn script() -> Script {
    Script::well(Speech::Tspl).printing_for(40)
}

fn print_to<'a>(printer: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let target = ["--printer", printer, "--profile", "tsc"];
    print_arguments(&[&target[..], &JOURNAL, more].concat())
}

fn again<'a>(command: &[&'a str]) -> Vec<&'a str> {
    let keys = ["--key", "station.key", "--trust", "issuer.key.pub"];
    [command, &keys, &JOURNAL].concat()
}

fn reader(station: &Station) -> Reader {
    Journal::read_only(&station.path("journal.db")).unwrap()
}

/// The states of the latest copies of a batch.
fn states(station: &Station, batch: &str) -> Vec<State> {
    let reader = reader(station);
    let batch = reader.find(batch).unwrap();
    reader.latest(batch.id, None, 1000).unwrap().iter().map(|print| print.state).collect()
}

/// How often each picture came out.
fn sheets(printers: &[&SimulatedPrinter]) -> BTreeMap<Vec<bool>, usize> {
    let mut found = BTreeMap::new();
    for label in printers.iter().flat_map(|printer| printer.printed()) {
        for sheet in tspl::read(&label, 203).unwrap() {
            *found.entry(picture(&sheet)).or_default() += 1;
        }
    }
    found
}

fn picture(sheet: &Sheet) -> Vec<bool> {
    (0..sheet.height).flat_map(|y| (0..sheet.width).map(move |x| sheet.dot(x, y))).collect()
}

fn batch_of(output: &std::process::Output) -> String {
    let events = events(output);
    events.iter().find_map(|event| event["batch"].as_str()).unwrap().to_owned()
}

fn summary(output: &std::process::Output) -> Value {
    events(output).into_iter().find(|event| event["event"] == "summary").unwrap()
}

#[test]
fn a_batch_comes_out_once_and_is_not_printed_again() {
    let station = station(9);
    let printer = SimulatedPrinter::start(script()).unwrap();
    let uri = printer.uri();
    let output = station.run(&print_to(&uri, &["--json", "--batch", "morning", "--report", "report.json"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let summary = summary(&output);
    assert_eq!(
        (&summary["sent"], &summary["confirmed"], &summary["unknown"]),
        (&9.into(), &9.into(), &0.into())
    );
    let mut report: Value = serde_json::from_slice(&station.read("report.json")).unwrap();
    assert_eq!(report.as_object_mut().unwrap().remove("problems"), Some(Value::Array(Vec::new())));
    assert_eq!(report, summary);
    assert_eq!(states(&station, "morning"), [State::Confirmed; 9]);
    let printed = sheets(&[&printer]);
    assert_eq!((printed.len(), printed.values().sum::<usize>()), (9, 9));
    assert!(reader(&station).verify(None).unwrap().is_whole());

    // The same orders, and then nine more with them.
    let output = station.run(&print_to(&uri, &["--json"]));
    assert_eq!(output.status.code(), Some(7), "{}", said(&output));
    let refused: Vec<_> = events(&output).into_iter().filter(|event| event["event"] == "refused").collect();
    assert_eq!(refused.len(), 9);
    assert_eq!(refused[0]["number"], format!("{}-001", batch_of_name(&station, "morning")));
    assert_eq!(refused[0]["printer"], uri);
    let output = station.run(&print_to(&uri, &[]));
    let said = said(&output);
    assert!(said.contains("-001, printed since") || said.contains("-001, confirmed"), "{said}");
    assert!(said.contains("hint: ") && said.contains("miandan reprint"), "{said}");
    assert_eq!(printer.printed().len(), 9, "nothing more came out");
}

fn batch_of_name(station: &Station, name: &str) -> String {
    reader(station).find(name).unwrap().number.to_string()
}

#[test]
fn a_copy_is_asked_for_with_a_reason_and_is_marked() {
    let station = station(4);
    let printer = SimulatedPrinter::start(script()).unwrap();
    let uri = printer.uri();
    let output = station.run(&print_to(&uri, &["--json"]));
    let batch = batch_of(&output);
    let without = station.run(&again(&["reprint", &batch, "002"]));
    assert_eq!(without.status.code(), Some(2), "{}", said(&without));
    assert!(said(&without).contains("--reason"), "{}", said(&without));
    let output = station.run(&again(&[
        "reprint",
        &batch,
        "002-003",
        "--reason",
        "smudged",
        "--operator",
        "desk 2",
        "--json",
    ]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(summary(&output)["reprinted"], 2);
    let labels = printer.printed();
    assert_eq!(labels.len(), 6);
    let drawn = |place: usize| picture(&tspl::read(&labels[place], 203).unwrap().remove(0));
    for (first, copy) in [(1, 4), (2, 5)] {
        let differ = drawn(first).iter().zip(drawn(copy)).filter(|(first, copy)| **first != *copy).count();
        assert!(differ > 100, "the mark is drawn");
        assert!(differ < 20_000, "and nothing else changed: {differ}");
    }
    let reader = reader(&station);
    let id = reader.find(&batch).unwrap().id;
    let copy = reader.print(id, miandan_journal::PrintId { position: 2, copy: 1 }).unwrap().unwrap();
    assert_eq!(copy.state, State::Confirmed);
}

#[test]
fn after_a_reset_nothing_is_sent_again_until_a_person_says_where_to_begin() {
    let station = station(10);
    // In the middle of the fifth label or so.
    let printer = SimulatedPrinter::start(script().with(Event::PowerLoss(5))).unwrap();
    let uri = printer.uri();
    let output = station.run(&print_to(&uri, &["--json"]));
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    let batch = batch_of(&output);
    let before = states(&station, &batch);
    assert_eq!(before.iter().filter(|&&state| state == State::Unknown).count(), 1, "{before:?}");
    let unknown = before.iter().position(|&state| state == State::Unknown).unwrap() + 1;
    let came_out = printer.printed().len();

    let output = station.run(&again(&["resume", &batch]));
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("--from"), "{}", said(&output));
    assert_eq!(printer.printed().len(), came_out, "nothing was sent");

    // The operator has the label before it in the hand.
    let from = format!("{unknown:03}");
    let output = station.run(&again(&["resume", &batch, "--from", &from, "--operator", "desk 1", "--json"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(states(&station, &batch), [State::Confirmed; 10]);
    let sheets = sheets(&[&printer]);
    assert!(sheets.values().all(|&times| times == 1), "no picture came out twice: the copy has its mark");
    assert_eq!(sheets.len(), 10 + usize::from(came_out == unknown));
}

#[test]
fn carriers_go_to_their_printers() {
    let station = Station::new();
    let mut orders = orders(8, 5);
    for (place, order) in orders.iter_mut().enumerate() {
        order["carrier"] = if place % 2 == 0 { "SF".into() } else { "YTO".into() };
    }
    station.seal(&orders, &[]);
    let [first, second] = [(); 2].map(|()| SimulatedPrinter::start(script()).unwrap());
    let (for_sf, others) = (format!("SF={}", first.uri()), second.uri());
    let output = station.run(&print_to(&for_sf, &["--json"]));
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("YTO"), "{}", said(&output));
    // Nothing was planned, so the same orders can be printed. Nobody is there, and they are left.
    let output = station.run(&print_to("socket://127.0.0.1:9", &["--patience", "1s", "--json"]));
    assert_eq!((output.status.code(), &summary(&output)["left"]), (Some(5), &8.into()), "{}", said(&output));
    let batch = batch_of_first(&station);
    let output = station.run(&again(&["resume", &batch, "--printer", &for_sf]));
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let more = ["--printer", &for_sf, "--printer", &others, "--json"];
    let output = station.run(&again(&[&["resume", &batch][..], &more].concat()));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!((first.printed().len(), second.printed().len()), (4, 4));
    assert_eq!(sheets(&[&first, &second]).len(), 8);
}

fn batch_of_first(station: &Station) -> String {
    let reader = reader(station);
    let day = miandan_journal::Day::of(now());
    reader.batches_of(day).unwrap()[0].number.to_string()
}

#[test]
fn files_have_a_journal_if_somebody_says_so() {
    let station = station(5);
    for (target, name) in [("--out", "labels.pdf"), ("--dir", "labels")] {
        let journal = format!("{name}.db");
        let output = station.run(&print_arguments(&[target, name, "--journal", &journal]));
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let reader = Journal::read_only(&station.path(&journal)).unwrap();
        let batch = reader.batches_of(miandan_journal::Day::of(now())).unwrap().remove(0);
        assert_eq!(reader.status(batch.id).unwrap().counts.of(State::Confirmed), 5);
        let output = station.run(&print_arguments(&[target, "other", "--journal", &journal]));
        assert_eq!(output.status.code(), Some(7), "{}", said(&output));
        assert!(!station.path("other").exists());
    }
    // Without one, files are made as often as somebody wants.
    for _ in 0..2 {
        station.done(&print_arguments(&["--out", "again.pdf"]));
    }
}

#[test]
fn two_programs_do_not_print_one_batch() {
    let station = station(12);
    let printer = SimulatedPrinter::start(Script::well(Speech::Tspl).printing_for(100)).unwrap();
    let uri = printer.uri();
    let mut first = start(station.command(&print_to(&uri, &["--batch", "twice"])));
    assert!(printer.wait_for_printed(1));
    let output = station.run(&again(&["resume", "twice"]));
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("another process"), "{}", said(&output));
    assert!(first.wait().unwrap().success());
    assert_eq!(sheets(&[&printer]).values().copied().collect::<Vec<_>>(), [1; 12]);
}

fn start(mut command: Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_printer_that_is_not_there_prints_nothing_and_loses_nothing() {
    let station = station(3);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("socket://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let output = station.run(&print_to(&gone, &["--patience", "1s", "--json"]));
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    let summary = summary(&output);
    assert_eq!((&summary["sent"], &summary["left"], &summary["unknown"]), (&0.into(), &3.into(), &0.into()));
    let batch = batch_of(&output);
    let printer = SimulatedPrinter::start(script()).unwrap();
    let uri = printer.uri();
    let output = station.run(&again(&["resume", &batch, "--printer", &uri]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(sheets(&[&printer]).len(), 3);
}

/// Who plans a batch may die when it has its number and its folder does not have its name yet.
#[test]
fn a_batch_whose_folder_never_got_its_name_is_gone_on_with() {
    let station = station(3);
    let gone = print_to("socket://127.0.0.1:9", &["--patience", "1s", "--json"]);
    let output = station.run(&gone);
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    let batch = batch_of(&output);
    // What was written down for another one, and for one of which not everything was.
    station.seal(&orders(3, 77), &[]);
    for (name, content) in [("other", station.read("orders.sealed.jsonl")), ("half", b"{".to_vec())] {
        let folder = station.path(&format!("journal.batches/.new-{name}"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("orders.sealed.jsonl"), content).unwrap();
    }
    let [named, prepared] =
        [&batch, ".new-a1b2c3"].map(|name| station.path(&format!("journal.batches/{name}")));
    std::fs::rename(&named, &prepared).unwrap();
    let printer = SimulatedPrinter::start(script()).unwrap();
    let output = station.run(&again(&["resume", &batch, "--printer", &printer.uri()]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(printer.printed().len(), 3);
    assert!(named.exists() && !prepared.exists());
}

#[test]
fn the_order_of_work_is_on_the_labels() {
    let station = station(6);
    let printer = SimulatedPrinter::start(script()).unwrap();
    let uri = printer.uri();
    let output = station.run(&print_to(&uri, &["--sort", "route", "--reverse", "--json"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let batch = batch_of(&output);
    let folder = station.path("journal.batches").join(&batch);
    let kept = std::fs::read_to_string(folder.join("orders.sealed.jsonl")).unwrap();
    let given = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
    let (mut kept, mut given): (Vec<_>, Vec<_>) = (kept.lines().collect(), given.lines().collect());
    assert_ne!(kept, given);
    kept.sort_unstable();
    given.sort_unstable();
    assert_eq!(kept, given, "all of them, in another order");
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_sent() {
    let station = station(2);
    let printer = SimulatedPrinter::start(script()).unwrap();
    let uri = printer.uri();
    for (arguments, code, word) in [
        (print_arguments(&["--printer", &uri]), 2, "--profile"),
        (print_arguments(&["--printer", "ftp://x", "--profile", "tsc"]), 2, "ftp://x"),
        (print_arguments(&["--printer", &uri, "--format", "png"]), 2, "--profile"),
        (print_arguments(&["--printer", &uri, "--profile", "tsc", "--format", "pdf"]), 2, "pdf"),
        (
            print_arguments(&["--printer", &uri, "--profile", "escpos-58", "--journal", "j.db"]),
            2,
            "dots wide",
        ),
        (again(&["resume", "261111-003"]), 3, "journal"),
        (again(&["reprint", "261111-003", "abc", "--reason", "x"]), 2, "012-015"),
    ] {
        let output = station.run(&arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(word), "{arguments:?}: {}", said(&output));
    }
    assert_eq!(printer.received(), 0);
}

/// A disk of its own, in a namespace where this user is root. Not every machine allows that. It is filled when some labels are
/// out; then the journal takes nothing more, so nothing more is sent, and what was is known when there is room again.
#[cfg(feature = "foreign-tools")]
#[test]
fn a_disk_that_fills_up_under_the_journal_loses_nothing() {
    const SCRIPT: &str = "mount -t tmpfs -o size=4m tmpfs disk || exit 99\n\
        \"$0\" \"$@\" & program=$!\n\
        while [ ! -e fill ]; do sleep 0.01; done\n\
        dd if=/dev/zero of=disk/filler bs=4k 2>/dev/null\n\
        wait $program; status=$?\n\
        rm disk/filler; cp -r disk kept; exit $status";
    let count = 40;
    let station = station(count);
    let printer = SimulatedPrinter::start(Script::well(Speech::Tspl).printing_for(60)).unwrap();
    let uri = printer.uri();
    std::fs::create_dir(station.path("disk")).unwrap();
    let target = ["--printer", &uri, "--profile", "tsc", "--journal", "disk/journal.db"];
    let print = station.command(&print_arguments(&target));
    let mut disk = Command::new("unshare");
    disk.args(["--user", "--map-root-user", "--mount", "sh", "-c", SCRIPT]).arg(print.get_program());
    disk.args(print.get_args()).current_dir(station.path(""));
    let disk = disk.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    assert!(printer.wait_for_printed(5));
    station.write("fill", b"");
    let output = disk.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(said(&output).contains("disk") && said(&output).contains("hint: "), "{}", said(&output));
    assert!(printer.wait_until_quiet());
    let out = printer.printed().len();
    assert!((5..count).contains(&out), "{out} labels came out");

    // There is room again. What was on its way is looked at by a person; everything else comes out by itself.
    let journal = ["--journal", "kept/journal.db"];
    let keys = ["--key", "station.key", "--trust", "issuer.key.pub"];
    let reader = || Journal::read_only(&station.path("kept/journal.db")).unwrap();
    let batch = reader().batches_of(miandan_journal::Day::of(now())).unwrap().remove(0);
    let number = batch.number.to_string();
    let output = station.run(&[&["resume", &number][..], &journal, &keys].concat());
    if output.status.code() == Some(2) {
        let unknown = reader().unknown(batch.id, None, 10).unwrap();
        assert_eq!(unknown.len(), 1, "one label at a time is with a printer");
        let place = unknown[0].id.position as usize;
        assert!(place == out || place == out + 1, "{place} is unknown, {out} came out");
        let from = (out + 1).to_string();
        station.done(&[&["resume", &number, "--from", &from][..], &journal, &keys].concat());
    } else {
        assert!(output.status.success(), "{}", said(&output));
    }
    assert!(printer.wait_until_quiet());
    assert_eq!(sheets(&[&printer]).len(), count, "every label came out");
    assert_eq!(printer.printed().len(), count, "and none twice");
    assert!(reader().verify(None).unwrap().is_whole());
}
