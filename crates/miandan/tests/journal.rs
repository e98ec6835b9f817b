//! The commands that read a journal, through the real program.
#![allow(clippy::disallowed_methods)] // the tests ask the clock and start the programs

mod common;

use std::fs;
use std::process::Output;

use common::journals::{Day, PRINTER, now, send};
use common::{events, list, said, with_input};
use miandan_journal::{Happened, Journal, PrintId, Reader, Rung, State, Transition};
use serde_json::{Value, json};

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The one object that a command answers.
fn answer(day: &Day, arguments: &[&str], exit: i32) -> Value {
    let output = day.station.run(&[arguments, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {}", said(&output));
    let mut answers = events(&output);
    assert_eq!(answers.len(), 1, "{arguments:?}");
    answers.remove(0)
}

/// A command that must be refused: exit code, word, and what it says, in both languages.
fn refused(day: &Day, arguments: &[&str], exit: i32, word: &str, message: &str) {
    let error = answer(day, arguments, exit);
    assert_eq!((error["event"].as_str(), error["code"].as_str()), (Some("error"), Some(word)), "{error}");
    assert!(error["message"].as_str().unwrap().contains(message), "{error}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.len() > 10), "{error}");
    let chinese = day.station.run(&[arguments, &["--lang", "zh"]].concat());
    assert_eq!(chinese.status.code(), Some(exit), "{arguments:?}");
    assert!(chinese.stdout.is_empty(), "{}", said(&chinese));
    let text = said(&chinese);
    assert!(text.starts_with("错误: ") && text.contains("\n提示: "), "{text}");
}

fn reader(day: &Day) -> Reader {
    Journal::read_only(&day.journal).unwrap()
}

fn state(day: &Day, batch: &miandan_journal::Batch, position: u32) -> State {
    reader(day).print(batch.id, PrintId::first(position)).unwrap().unwrap().state
}

#[test]
fn status_lists_batches_and_says_of_one_what_is_to_be_done() {
    let day = Day::new();
    let (batch, waybills) = day.morning();
    let number = batch.number.to_string();
    let listed = out(&day.station.done(&["status"]));
    let lines: Vec<_> = listed.lines().collect();
    assert_eq!(lines.len(), 2, "{listed}");
    assert!(lines[0].starts_with("batch"), "{listed}");
    let cells: Vec<_> = lines[1].split_whitespace().collect();
    assert_eq!(cells[..9], [&number, "morning", "8", "4", "0", "1", "1", "1", "1"], "{listed}");

    // By its number, by that of one of its labels, by its name.
    let shown = out(&day.station.done(&["status", &number]));
    for name in [format!("{number}-004"), "morning".to_owned()] {
        assert_eq!(out(&day.station.done(&["status", &name])), shown);
    }
    let row = |position: u32| {
        let label = format!("{number}-{position:03}");
        shown.lines().find(|line| line.contains(&label)).unwrap_or_else(|| panic!("{label}: {shown}"))
    };
    assert!(row(3).contains(&waybills[2]) && row(3).contains(PRINTER) && row(3).contains("interrupted"));
    assert!(row(4).contains(&waybills[3]) && row(4).contains("connection refused"));
    assert!(shown.contains("waiting: 005-008\n"), "{shown}");
    assert!(shown.contains(&format!("  {PRINTER}: sent 1, confirmed 1, unknown 1\n")), "{shown}");
    let output = day.station.done(&["status", "morning"]);
    let hint = String::from_utf8(output.stderr).unwrap();
    assert!(hint.starts_with("hint: ") && hint.contains(&format!("miandan settle {number} ")), "{hint}");

    let found = answer(&day, &["status", "morning"], 0);
    let states = json!({"planned": 3, "rendered": 1, "sending": 0, "sent": 1, "confirmed": 1, "unknown": 1, "failed": 1});
    assert_eq!(found["states"], states);
    assert_eq!(found["unknown"][0]["number"], format!("{number}-003"));
    assert_eq!(found["failed"][0]["waybill"], waybills[3]);
    assert_eq!(found["waiting"], json!([{"first": 5, "last": 8}]));
    assert_eq!(
        (&found["first"], &found["last"]),
        (&json!(format!("{number}-001")), &json!(format!("{number}-003")))
    );

    let listed = answer(&day, &["status"], 0);
    assert_eq!(listed["batches"][0]["states"], states);
}

#[test]
fn only_the_days_that_are_asked_for_are_listed() {
    let day = Day::new();
    day.plan(None, 1, 1, now() - 9 * 86_400);
    let (today, _) = day.plan(None, 1, 2, now());
    let listed =
        |days: &str| answer(&day, &["status", "--days", days], 0)["batches"].as_array().unwrap().len();
    assert_eq!((listed("1"), listed("7"), listed("10")), (1, 1, 2));
    let newest_last = answer(&day, &["status", "--days", "10"], 0);
    assert_eq!(newest_last["batches"][1]["batch"], today.number.to_string());
    // Where nothing was planned, that is said, and is no error.
    let nothing = Day::new();
    drop(nothing.open());
    let output = nothing.station.done(&["status"]);
    assert!(output.stdout.is_empty() && said(&output).contains("no batch"), "{}", said(&output));
}

#[test]
fn status_is_answered_while_another_process_prints() {
    let day = Day::new();
    let (batch, _) = day.plan(None, 4, 1, now());
    let journal = day.open();
    let open = journal.open_batch(batch.id, now()).unwrap();
    let name = batch.number.to_string();
    send(&open, 1, now());
    let states = |found: Value| (found["states"]["sending"].clone(), found["states"]["sent"].clone());
    assert_eq!(states(answer(&day, &["status", &name], 0)), (json!(1), json!(0)));
    let output = day.station.done(&["status", &name]);
    assert!(said(&output).contains("labels are being sent"), "{}", said(&output));
    open.record(PrintId::first(1), Transition::Sent, now()).unwrap();
    assert_eq!(states(answer(&day, &["status", &name], 0)), (json!(0), json!(1)));
    assert_eq!(answer(&day, &["journal", "verify"], 0)["whole"], true);
}

#[test]
fn a_person_settles_what_is_unknown_and_nothing_else() {
    let day = Day::new();
    let (batch, _) = day.morning();
    let number = batch.number.to_string();
    let who = ["--operator", "Operator 2", "--reason", "looked into the tray"];
    let settle = |numbers: &[&str], verdict: &str| {
        let command = [&["settle", &number], numbers, &[verdict], &who[..]].concat();
        day.station.run(&command)
    };
    // One of them is not unknown: nothing is recorded of the others either.
    let output = settle(&["003-004"], "--printed");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains(&format!("label {number}-004 is failed")), "{}", said(&output));
    assert_eq!(state(&day, &batch, 3), State::Unknown);

    let output = settle(&["003"], "--not-printed");
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(state(&day, &batch, 3), State::Failed);
    let history = reader(&day).history(batch.id, 3).unwrap();
    let last = history.last().unwrap();
    assert_eq!(last.happened, Happened::Became(State::Failed));
    assert_eq!((last.operator.as_deref(), last.reason.as_deref()), (Some(who[1]), Some(who[3])));
    // Now it is failed, and a machine may send it.
    assert_eq!(settle(&["003"], "--printed").status.code(), Some(2));

    let settle = ["settle", &number];
    for (numbers, exit, word, message) in [
        ("009", 2, "BATCH", "there is no label"),
        ("001-4000000000", 2, "BATCH", "there is no label"),
        ("200101-001-001", 2, "BATCH", "is not of batch"),
        ("000", 2, "USAGE", "cannot be '000'"),
    ] {
        refused(&day, &[&settle[..], &[numbers, "--printed"], &who].concat(), exit, word, message);
    }
    let blank = ["--operator", " ", "--reason", "x"];
    refused(
        &day,
        &[&settle[..], &["003", "--printed"], &blank].concat(),
        2,
        "BATCH",
        "the operator: it is empty",
    );
    refused(&day, &[&settle[..], &["003"], &who].concat(), 2, "USAGE", "missing");
}

#[test]
fn a_label_that_is_seen_is_confirmed() {
    let day = Day::new();
    let (batch, _) = day.morning();
    let label = format!("{}-003", batch.number);
    let who = ["--operator", "Operator 2", "--reason", "seen"];
    let settled = answer(&day, &[&["settle", "morning", &label, "--printed"], &who[..]].concat(), 0);
    assert_eq!(settled, json!({"batch": batch.number.to_string(), "state": "confirmed", "positions": [3]}));
    let print = reader(&day).print(batch.id, PrintId::first(3)).unwrap().unwrap();
    assert_eq!((print.state, print.rung), (State::Confirmed, Some(Rung::Operator)));
}

#[test]
fn scans_are_compared_and_confirm_what_agrees() {
    let day = Day::new();
    let (batch, waybills) = day.morning();
    let number = batch.number.to_string();
    // 1 is missing, 2 was read twice, 3 as it should be, 6 was not printed, and one is of another batch.
    let [second, third, sixth] = [1, 2, 5].map(|place: usize| waybills[place].as_str());
    let csv =
        format!("运单号,时间\r\n\"{second}\",1\r\n{second},2\r\n=\"{third}\"\r\n\r\n{sixth}\r\nXX0001\r\n");
    let verify = ["verify", "morning", "--scans", "scans.csv"];
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&csv);
    for bytes in [csv.as_bytes(), &gb18030, &["\u{FEFF}".as_bytes(), csv.as_bytes()].concat()] {
        day.station.write("scans.csv", bytes);
        let found = answer(&day, &verify, 8);
        assert_eq!(found["agrees"], false);
        assert_eq!(found["matched"], 2);
        let label = |position: usize, state: &str| json!([{"number": format!("{number}-{position:03}"), "waybill": waybills[position - 1], "state": state}]);
        assert_eq!(found["missing"], label(1, "confirmed"));
        assert_eq!(found["unexpected"], label(6, "planned"));
        assert_eq!(found["double"], json!([{"waybill": waybills[1], "extra": 1}]));
        assert_eq!(found["foreign"], json!(["XX0001"]));
    }
    let text = out(&day.station.run(&verify));
    assert!(
        text.contains(&format!("missing: {number}-001, waybill {} (confirmed)\n", waybills[0])),
        "{text}"
    );
    assert!(text.contains("not of this batch: XX0001\n"), "{text}");
    // Only 3 agrees: its doubt is settled, that of 2 is not.
    let found = answer(&day, &[&verify[..], &["--confirm", "--operator", "Operator 2"]].concat(), 8);
    assert_eq!(found["confirmed"], 1);
    let print = reader(&day).print(batch.id, PrintId::first(3)).unwrap().unwrap();
    assert_eq!((print.state, print.rung), (State::Confirmed, Some(Rung::Scan)));
    assert_eq!(state(&day, &batch, 2), State::Sent);
    assert_eq!(answer(&day, &["journal", "verify"], 0)["whole"], true);

    // From standard input, all as it should be.
    let good = waybills[..3].join("\n");
    let output = with_input(day.station.command(&["verify", &number, "--scans", "-"]), good.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(out(&output).contains("as it should be 3, missing 0, double 0, foreign 0"), "{}", said(&output));
}

#[test]
fn scans_that_are_none_are_refused() {
    let day = Day::new();
    day.morning();
    let verify = ["verify", "morning", "--scans"];
    day.station.write("blank", b"\xEF\xBB\xBF\r\n \r\n");
    day.station.write("noise", b"\x80\xFF\xFF");
    day.station.write("wide", b"\xFF\xFE1\0");
    day.station.write("long", &vec![b'1'; 16 * 1024 * 1024 + 1]);
    for (file, message) in [
        ("nowhere", "cannot be read"),
        ("blank", "nothing was scanned"),
        ("noise", "neither UTF-8 nor GB18030"),
        ("wide", "UTF-16"),
        ("long", "longer than 16 MiB"),
    ] {
        refused(&day, &[&verify[..], &[file]].concat(), 3, "INPUT", message);
    }
    // What a scanner read cannot take over the terminal.
    day.station.write("escape", b"1\x1b[2Jx\n");
    let output = day.station.run(&[&verify[..], &["escape"]].concat());
    assert!(!said(&output).contains('\u{1b}') && said(&output).contains("1?[2Jx"), "{}", said(&output));
}

#[test]
fn lists_have_goods_and_nobody_in_them() {
    let day = Day::new();
    let (batch, waybills) = day.morning();
    let number = batch.number.to_string();
    let csv = out(&day.station.done(&["picklist", "morning"]));
    assert!(
        csv.starts_with("\u{FEFF}编码,商品,件数,面单数,面单号\r\n") && csv.contains("\r\n合计,"),
        "{csv}"
    );
    let packing = out(&day.station.done(&["picklist", &number, "--packing"]));
    for (position, waybill) in (1..).zip(&waybills) {
        assert!(
            packing.contains(&format!("{number}-{position:03},")) && packing.contains(waybill),
            "{packing}"
        );
    }
    // Nothing of a person, whatever is in the order.
    let plain = String::from_utf8(day.station.read("orders.jsonl")).unwrap();
    for order in plain.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        for field in ["name", "mobile", "detail"] {
            if let Some(value) = order["recipient"][field].as_str() {
                assert!(!csv.contains(value) && !packing.contains(value), "{field} is in a list");
            }
        }
    }
    let backwards = out(&day.station.done(&["picklist", &number, "--packing", "--from-last"]));
    assert!(backwards.lines().nth(1).unwrap().starts_with(&format!("{number}-008,")), "{backwards}");

    for (options, file) in [(&[][..], "pick.pdf"), (&["--packing"], "packing.pdf"), (&[], "pick.csv")] {
        let written = answer(&day, &[&["picklist", &number, "--out", file], options].concat(), 0);
        assert_eq!(written["file"], file);
        let bytes = day.station.read(file);
        assert!(bytes.starts_with(b"%PDF") || bytes == csv.as_bytes(), "{file}");
    }
    let goods = answer(&day, &["picklist", &number], 0);
    let pieces = |goods: &Value| goods["pieces"].as_u64().unwrap();
    assert_eq!(goods["labels"], 8);
    assert_eq!(goods["goods"].as_array().unwrap().iter().map(pieces).sum::<u64>(), pieces(&goods));
    let parcels = events(&day.station.done(&["picklist", &number, "--packing", "--json"]));
    assert_eq!(parcels.len(), 8);
    assert_eq!(parcels[7]["waybill"], waybills[7]);
}

#[test]
fn lists_that_cannot_be_made_leave_nothing() {
    let day = Day::new();
    let (batch, _) = day.morning();
    refused(&day, &["picklist", "morning", "--out", "pick.xls"], 2, "USAGE", "neither in .pdf nor in .csv");
    refused(&day, &["picklist", "morning", "--out", "no/folder/pick.pdf"], 4, "OUTPUT", "cannot be written");
    let folder = day.journal.with_extension("batches").join(batch.number.to_string());
    let orders = folder.join("orders.sealed.jsonl");
    fs::write(&orders, "no order\n").unwrap();
    refused(&day, &["picklist", "morning", "--packing", "--out", "p.pdf"], 3, "BATCH", "cannot be made");
    fs::write(&orders, "").unwrap();
    refused(&day, &["picklist", "morning"], 3, "BATCH", "is not what was written");
    fs::remove_dir_all(&folder).unwrap();
    refused(&day, &["picklist", "morning"], 3, "BATCH", "are not beside the journal");
    let left = list(&day.station.path(""));
    assert!(left.iter().all(|name| !name.contains("pick") && !name.starts_with(".miandan")), "{left:?}");
}

#[test]
fn a_journal_that_was_edited_is_found_out() {
    let day = Day::new();
    let (_, waybills) = day.morning();
    let found = answer(&day, &["journal", "verify"], 0);
    let head = found["head"].as_str().unwrap().to_owned();
    assert_eq!((&found["whole"], &found["damage"]), (&json!(true), &json!([])));
    let text = out(&day.station.done(&["journal", "verify", "--expect", &head]));
    assert!(
        text.contains("everything is what was written") && text.contains(&format!("head {head}")),
        "{text}"
    );
    // Something is recorded since: the head that was kept is still in it.
    day.plan(None, 1, 9, now());
    assert_eq!(answer(&day, &["journal", "verify", "--expect", &head], 0)["whole"], true);
    let other =
        format!("{}{}", &head[..head.len() - 4], if head.ends_with("0000") { "1111" } else { "0000" });
    let found = answer(&day, &["journal", "verify", "--expect", &other], 4);
    assert_eq!(found["damage"][0]["kind"], "head");
    refused(&day, &["journal", "verify", "--expect", "5:xy"], 2, "USAGE", "5:xy");

    // A waybill number is changed where it stands, by whoever has the file.
    let mut bytes = fs::read(&day.journal).unwrap();
    let old = waybills[0].as_bytes();
    let places: Vec<_> = (0..bytes.len() - old.len()).filter(|&at| bytes[at..].starts_with(old)).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at + old.len() - 1] ^= 1;
    }
    fs::write(&day.journal, bytes).unwrap();
    let output = day.station.run(&["journal", "verify"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(out(&output).contains("was changed") && said(&output).contains("hint: "), "{}", said(&output));
    let found = answer(&day, &["journal", "verify"], 4);
    assert_eq!(found["whole"], false);
    assert!(found["damage"].as_array().unwrap().iter().any(|damage| damage["kind"] == "changed"), "{found}");
    let chinese = day.station.run(&["journal", "verify", "--lang", "zh"]);
    assert!(said(&chinese).contains("被改动"), "{}", said(&chinese));
}

#[test]
fn every_way_in_which_a_journal_cannot_be_used_has_words() {
    let day = Day::new();
    let commands: [&[&str]; 5] = [
        &["status"],
        &["status", "x"],
        &["journal", "verify"],
        &["verify", "x", "--scans", "scans"],
        &["settle", "x", "1", "--printed", "--operator", "O", "--reason", "R"],
    ];
    let all = |exit, word, message: &str| {
        for command in commands {
            refused(&day, command, exit, word, message);
        }
    };
    day.station.write("scans", b"1\n");
    all(3, "JOURNAL", "there is no journal");
    assert!(list(&day.station.path("state")).is_empty(), "no command makes a journal");
    fs::write(
        &day.journal,
        "not a journal, but a text that is longer than a header of SQLite is. ".repeat(9),
    )
    .unwrap();
    all(3, "JOURNAL", "is not a journal");
    fs::remove_file(&day.journal).unwrap();
    fs::create_dir(&day.journal).unwrap();
    all(3, "JOURNAL", "");
    fs::remove_dir(&day.journal).unwrap();
    day.morning();
    let whole = fs::read(&day.journal).unwrap();
    // The version stands at byte 60 of the header of SQLite ("user version").
    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&9_999u32.to_be_bytes());
    fs::write(&day.journal, &newer).unwrap();
    all(3, "JOURNAL", "has version 9999");
    fs::write(&day.journal, &whole).unwrap();
    refused(&day, &["status", "evening"], 3, "BATCH", "there is no such batch");
    refused(&day, &["status", "200101-001"], 3, "BATCH", "there is no such batch");
    day.plan(Some("morning"), 1, 77, now() - 86_400);
    refused(&day, &["status", "morning"], 2, "BATCH", "batches of several days have this name");
}

#[test]
fn the_journal_is_where_it_is_said_to_be() {
    let day = Day::new();
    let (batch, _) = day.plan(None, 1, 1, now());
    let name = batch.number.to_string();
    let found = |command: &mut std::process::Command| {
        let output = command.output().unwrap();
        output.status.success() && out(&output).contains(&name)
    };
    let status = |options: &[&str]| day.station.command(&[&["status"], options].concat());
    assert!(found(&mut status(&[])), "miandan.toml");
    assert!(!found(status(&[]).env("MIANDAN_JOURNAL", "elsewhere.db")), "the environment wins over it");
    let flag = ["--journal", "state/journal.db"];
    assert!(found(status(&flag).env("MIANDAN_JOURNAL", "elsewhere.db")), "the flag wins over both");
    day.station.write("miandan.toml", b"");
    assert!(!found(&mut status(&[])), "nowhere");
    fs::create_dir(day.station.path("state/miandan")).unwrap();
    fs::rename(&day.journal, day.station.path("state/miandan/journal.db")).unwrap();
    assert!(found(status(&[]).env("XDG_STATE_HOME", day.station.path("state"))), "the user's own");
    let home = day.station.path("home/.local");
    fs::create_dir_all(&home).unwrap();
    fs::rename(day.station.path("state"), home.join("state")).unwrap();
    assert!(
        found(status(&[]).env_remove("XDG_STATE_HOME").env("HOME", day.station.path("home"))),
        "below HOME"
    );
    let shown = day.station.command(&["config", "show", "--origin"]).output().unwrap();
    assert!(
        out(&shown).contains("journal = \"/nonexistent/miandan/journal.db\"  # default\n"),
        "{}",
        said(&shown)
    );
}
