//! Batches that go into files and folders, and are in the journal: they are gone on with and copied like those of printers.

mod common;

use std::fs;

use common::journals::now;
use common::{Station, events, list, orders, pdf, print_arguments, said};
use miandan_journal::{Day, Journal};

fn station(count: usize) -> Station {
    let station = Station::new();
    station.seal(&orders(count, 7), &[]);
    station
}

fn again<'a>(command: &[&'a str]) -> Vec<&'a str> {
    let keys = ["--key", "station.key", "--trust", "issuer.key.pub", "--journal", "journal.db"];
    [command, &keys].concat()
}

fn batch_of(output: &std::process::Output) -> String {
    events(output).iter().find_map(|event| event["batch"].as_str()).unwrap().to_owned()
}

fn names(station: &Station, folder: &str) -> Vec<String> {
    list(&station.path(folder))
}

#[test]
fn copies_of_a_folder_stand_beside_the_first_prints() {
    let station = station(4);
    let output = station.run(&print_arguments(&["--dir", "labels", "--journal", "journal.db", "--json"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let batch = batch_of(&output);
    let first: Vec<_> = (1..=4).map(|place| format!("{batch}-{place:03}.png")).collect();
    assert_eq!(names(&station, "labels"), first);
    let before = station.read(&format!("labels/{batch}-002.png"));

    // From another folder: the batch knows where it went.
    fs::create_dir(station.path("elsewhere")).unwrap();
    let journal = station.path("journal.db");
    let reprint = ["reprint", &batch, "002", "--reason", "smudged", "--journal", journal.to_str().unwrap()];
    let mut command = station.command(&reprint);
    command.args(["--key", "../station.key", "--trust", "../issuer.key.pub"]);
    let output = command.current_dir(station.path("elsewhere")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let copy = format!("labels/{batch}-002-r1.png");
    assert_eq!(names(&station, "labels").len(), 5);
    assert_ne!(station.read(&copy), before, "it has its mark");
    assert_eq!(station.read(&format!("labels/{batch}-002.png")), before, "the first print is as it was");

    let output = station.run(&again(&["resume", &batch]));
    assert!(output.status.success() && said(&output).contains("nothing is left"), "{}", said(&output));
}

#[test]
fn a_file_is_not_written_over_by_its_copies() {
    let station = station(3);
    let output = station.run(&print_arguments(&["--out", "labels.pdf", "--journal", "journal.db", "--json"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let batch = batch_of(&output);
    let before = station.read("labels.pdf");
    let output = station.run(&again(&["reprint", &batch, "001", "--reason", "jam"]));
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("is there already") && said(&output).contains("--out FILE"),
        "{}",
        said(&output)
    );
    // What was refused is no copy: the next one is the first.
    let output = station.run(&again(&["reprint", &batch, "001", "--reason", "jam", "--out", "copy.pdf"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(station.read("labels.pdf"), before);
    assert_eq!(pdf::pages(&station.read("copy.pdf")).len(), 1);
    // Pages go into no folder, and pictures into no file.
    let output = station.run(&again(&["reprint", &batch, "001", "--reason", "jam", "--dir", "copies"]));
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));

    // The file is gone: everything that is printed again goes into a new one.
    fs::remove_file(station.path("labels.pdf")).unwrap();
    let output = station.run(&again(&["reprint", &batch, "001-003", "--reason", "lost"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(pdf::pages(&station.read("labels.pdf")).len(), 3);
}

#[test]
fn what_went_to_standard_output_asks_where_to() {
    let station = station(2);
    let output =
        station.run(&print_arguments(&["--out", "-", "--format", "tspl", "--journal", "journal.db"]));
    assert_eq!(output.status.code(), Some(0));
    let reader = Journal::read_only(&station.path("journal.db")).unwrap();
    let batch = reader.batches_of(Day::of(now())).unwrap()[0].number.to_string();
    drop(reader);
    let output = station.run(&again(&["reprint", &batch, "001", "--reason", "jam"]));
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("standard output"), "{}", said(&output));
    let output = station.run(&again(&["reprint", &batch, "001", "--reason", "jam", "--dir", "copies"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(names(&station, "copies"), [format!("{batch}-001-r1.tspl")]);
}

#[test]
fn what_could_not_be_made_is_made_by_resume() {
    let station = Station::new();
    let mut orders = orders(3, 7);
    // A character that no font of this run has.
    orders[1]["recipient"]["name"] = "\u{1F980}".into();
    station.seal(&orders, &[]);
    let output = station.run(&print_arguments(&["--dir", "labels", "--journal", "journal.db", "--json"]));
    let batch = batch_of(&output);
    let made = names(&station, "labels").len();
    assert!(
        made <= 3 && events(&output).iter().any(|event| event["event"] == "summary"),
        "{}",
        said(&output)
    );
    let output = station.run(&again(&["resume", &batch, "--json"]));
    // It fails as before, in the same words, and the others are not made again.
    if made < 3 {
        assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        assert_eq!(events(&output).iter().filter(|event| event["event"] == "failed").count(), 3 - made);
    }
    assert_eq!(names(&station, "labels").len(), made);
}
