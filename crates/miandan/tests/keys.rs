//! Keys and the person's choice, through the real programs: rings and their rotation, trust lists, withdrawals, the
//! memory of the component, and passphrases that are typed.
#![allow(clippy::disallowed_methods)] // the tests start the programs

mod common;

use std::fs;
use std::process::{Command, Output, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use common::{Station, events, orders, said, with_input};
use miandan_core::Code;
use miandan_print::{Batch, Component, ComponentOptions, LabelOutcome, Observer, Orders, PdfOutput};
use serde_json::{Value, json};

const DAY: u64 = 86_400;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A station with a key ring of one key, and its name.
fn with_ring() -> (Station, String) {
    let station = Station::new();
    station.done(&["keys", "add", "ring", "--id", "ST-02", "--merchant", "SHOP-1", "--no-passphrase"]);
    let kid = ring(&station)[0]["kid"].as_str().unwrap().to_owned();
    (station, kid)
}

fn ring(station: &Station) -> Vec<Value> {
    events(&station.done(&["keys", "list", "ring", "--json"]))
}

/// Seals one order to the key of this name alone.
fn seal_to(station: &Station, kid: &str, file: &str) {
    let keys = ring(station);
    let key = keys.iter().find(|key| key["kid"] == kid).unwrap();
    let public = format!("{}.pub", key["file"].as_str().unwrap());
    station.write("plain.jsonl", orders(1, 7)[0].to_string().as_bytes());
    let seal = ["seal", "plain.jsonl", "--issuer", "issuer.key", "--to", &public];
    station.done(&[&seal[..], &["--merchant", "SHOP-1", "-o", file]].concat());
}

fn print_with(station: &Station, file: &str, options: &[&str]) -> Output {
    let command = ["print", file, "--trust", "issuer.key.pub", "--out", "labels.pdf", "--json"];
    station.run(&[&command[..], options].concat())
}

/// The codes of the orders that failed, and the exit code.
fn refused(output: &Output) -> (Vec<String>, i32) {
    let codes = events(output).into_iter().filter_map(|event| event["code"].as_str().map(str::to_owned));
    (codes.collect(), output.status.code().unwrap())
}

fn sign(station: &Station, withdrawn: &[Value], file: &str) {
    let lines: Vec<_> = withdrawn.iter().map(Value::to_string).collect();
    station.write("withdrawn.jsonl", lines.join("\n").as_bytes());
    station.done(&["sign", "status", "withdrawn.jsonl", "--issuer", "issuer.key", "-o", file]);
}

#[test]
fn a_ring_prints_what_was_sealed_to_the_old_key_and_to_the_new_one() {
    let (station, old) = with_ring();
    seal_to(&station, &old, "old.jsonl");
    station.done(&["keys", "add", "ring", "--no-passphrase", "--expires", "65d"]);
    let keys = ring(&station);
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| key["station"] == "ST-02" && key["merchants"] == json!(["SHOP-1"])));
    let new = keys.iter().map(|key| key["kid"].as_str().unwrap()).find(|&kid| kid != old).unwrap().to_owned();
    seal_to(&station, &new, "new.jsonl");
    for file in ["old.jsonl", "new.jsonl"] {
        let output = print_with(&station, file, &["--key", "ring"]);
        assert!(output.status.success(), "{file}: {}", said(&output));
    }
    // For a month both are used; then the old one has ended and is taken away.
    station.done(&["keys", "retire", "ring", &old[..8]]);
    let key = |kid: &str| ring(&station).into_iter().find(|key| key["kid"] == kid).unwrap();
    assert_eq!(key(&old)["state"], "ending");
    let left = key(&old)["expires"].as_u64().unwrap() - now();
    assert!((34 * DAY..=35 * DAY).contains(&left), "{left}");
    assert!(print_with(&station, "old.jsonl", &["--key", "ring"]).status.success());
    let early = station.run(&["keys", "retire", "ring", &old, "--delete"]);
    assert_eq!(early.status.code(), Some(2), "{}", said(&early));
}

#[test]
fn a_key_that_has_ended_opens_nothing_and_can_be_deleted() {
    let station = Station::new();
    fs::create_dir(station.path("ring")).unwrap();
    let keygen = ["keygen", "station", "--id", "ST-02", "--merchant", "SHOP-1", "--no-passphrase"];
    station.done(&[&keygen[..], &["--out", "ring/first.key"]].concat());
    let old = ring(&station)[0]["kid"].as_str().unwrap().to_owned();
    seal_to(&station, &old, "old.jsonl");
    station.done(&["keys", "add", "ring", "--no-passphrase"]);
    assert!(print_with(&station, "old.jsonl", &["--key", "ring"]).status.success());
    station.done(&["keys", "retire", "ring", &old, "--now"]);
    let output = print_with(&station, "old.jsonl", &["--key", "ring"]);
    assert_eq!(refused(&output), (vec!["UNKNOWN_KEY".to_owned()], 6), "{}", said(&output));
    // When it is named itself, it is said why; and the component does not use it, public part or not.
    let output = print_with(&station, "old.jsonl", &["--key", "ring/first.key"]);
    assert_eq!(refused(&output), (vec!["UNKNOWN_KEY".to_owned()], 6), "{}", said(&output));
    assert!(said(&output).contains("opens nothing any more"), "{}", said(&output));
    fs::rename(station.path("ring/first.key.pub"), station.path("aside")).unwrap();
    let output = print_with(&station, "old.jsonl", &["--key", "ring/first.key"]);
    assert_eq!(refused(&output), (vec!["UNKNOWN_KEY".to_owned()], 6), "{}", said(&output));
    fs::rename(station.path("aside"), station.path("ring/first.key.pub")).unwrap();
    station.done(&["keys", "retire", "ring", &old, "--delete"]);
    assert_eq!(ring(&station).len(), 1);
    for file in ["ring/first.key", "ring/first.key.pub"] {
        assert!(!station.path(file).exists(), "{file}");
    }
}

#[test]
fn rings_that_are_none_are_named() {
    let station = Station::new();
    fs::create_dir(station.path("ring")).unwrap();
    for (arguments, exit, word) in [
        (&["keys", "list", "nowhere"][..], 3, "nowhere"),
        (&["keys", "add", "nowhere", "--no-passphrase"], 6, "--merchant"),
        (&["keys", "add", "ring", "--no-passphrase"], 6, "--merchant"),
        (&["keys", "retire", "ring", "00", "--now"], 2, "keys list ring"),
        (&["keys", "list", "ring"], 6, "keys add ring"),
    ] {
        let output = station.run(arguments);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(word), "{arguments:?}: {}", said(&output));
    }
    assert!(!station.path("nowhere").exists(), "a refusal makes no folder");
    station.done(&["keys", "add", "ring", "--id", "A", "--merchant", "M", "--no-passphrase"]);
    let other = station.run(&["keys", "add", "ring", "--id", "B", "--merchant", "M", "--no-passphrase"]);
    assert_eq!(other.status.code(), Some(2), "{}", said(&other));
}

#[test]
fn an_issuer_is_trusted_for_its_merchants_and_for_its_time() {
    let station = Station::new();
    station.seal(&orders(1, 3), &[]);
    let print = |list: &str| {
        station.run(&[
            "print",
            "orders.sealed.jsonl",
            "--json",
            "--key",
            "station.key",
            "--trust",
            list,
            "--out",
            "l.pdf",
        ])
    };
    station.done(&[
        "trust",
        "add",
        "ours.json",
        "issuer.key.pub",
        "--merchant",
        "SHOP-1",
        "--expires",
        "90d",
    ]);
    station.done(&["trust", "add", "theirs.json", "issuer.key.pub", "--merchant", "SHOP-2"]);
    assert!(print("ours.json").status.success());
    assert_eq!(refused(&print("theirs.json")), (vec!["UNKNOWN_ISSUER".to_owned()], 6));
    // A time that has passed, as it stands in the file.
    let text = String::from_utf8(station.read("ours.json")).unwrap();
    let (before, after) = text.split_once("\"exp\":").unwrap();
    let past = format!("{before}\"exp\":{}{}", now() - DAY, &after[after.find('}').unwrap()..]);
    station.write("past.json", past.as_bytes());
    assert_eq!(refused(&print("past.json")), (vec!["UNKNOWN_ISSUER".to_owned()], 6));
    let twice = station.run(&["trust", "add", "ours.json", "issuer.key.pub"]);
    assert_eq!(twice.status.code(), Some(2), "{}", said(&twice));
    let kid = events(&station.done(&["trust", "list", "ours.json", "--json"]))[0]["kid"].clone();
    station.done(&["trust", "remove", "ours.json", kid.as_str().unwrap()]);
    assert_eq!(refused(&print("ours.json")), (vec!["UNKNOWN_ISSUER".to_owned()], 6));
}

#[test]
fn what_a_person_withdrew_is_not_printed_and_the_rest_is() {
    let station = Station::new();
    let orders = orders(64, 5);
    station.seal(&orders, &[]);
    sign(&station, &[orders[3]["consent"].clone(), orders[40]["consent"].clone()], "status.json");
    let output = station.print(&["--status-list", "status.json", "--out", "l.pdf", "--json"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    let events = events(&output);
    let failed: Vec<_> = events.iter().filter(|event| event["event"] == "failed").collect();
    let told: Vec<_> = failed.iter().map(|event| (event["index"].as_u64(), event["code"].as_str())).collect();
    assert_eq!(told, [(Some(4), Some("WITHDRAWN")), (Some(41), Some("WITHDRAWN"))]);
    assert_eq!(events.last().unwrap()["done"], 62);
    assert_eq!(events[0]["status"][0]["stale"], false, "{}", events[0]);
}

#[test]
fn lists_that_cannot_be_used_stop_the_start_and_are_named() {
    let station = Station::new();
    station.seal(&orders(1, 5), &[]);
    sign(&station, &[], "old.json");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    sign(&station, &[], "status.json");
    let good = String::from_utf8(station.read("status.json")).unwrap();
    let place = good.find("\"s\":\"").unwrap() + 20;
    let other = if &good[place..=place] == "A" { "B" } else { "A" };
    station.write("changed.json", format!("{}{other}{}", &good[..place], &good[place + 1..]).as_bytes());
    station.write("renamed.json", good.replace("MSO1-status", "MSO1-stations").as_bytes());
    station.write("empty.json", b"");
    station.done(&["keygen", "issuer", "--id", "platform", "--out", "other.key"]);
    station.done(&["sign", "status", "withdrawn.jsonl", "--issuer", "other.key", "-o", "foreign.json"]);
    assert!(station.print(&["--status-list", "status.json", "--out", "l.pdf"]).status.success());
    for (file, code) in [
        ("old.json", "STALE_STATUS"),
        ("changed.json", "BAD_SIGNATURE"),
        ("renamed.json", "MALFORMED"),
        ("empty.json", "MALFORMED"),
        ("foreign.json", "UNKNOWN_ISSUER"),
        ("issuer.key.pub", "MALFORMED"),
    ] {
        let output = station.print(&["--status-list", file, "--out", "no.pdf"]);
        let words = said(&output);
        assert_eq!(output.status.code(), Some(6), "{file}: {words}");
        assert!(words.contains(file) && words.contains(code), "{file}: {words}");
        assert!(words.contains("hint: "), "{file}: {words}");
        assert!(!station.path("no.pdf").exists(), "{file}");
    }
}

#[test]
fn the_clock_cannot_be_set_back_below_what_was_seen() {
    let station = Station::new();
    station.seal(&orders(1, 5), &["--expires", "1h"]);
    assert!(station.print(&["--out", "l.pdf"]).status.success());
    // A component that has seen the day after tomorrow keeps that in its memory, whatever the clock says later.
    let mut options = ComponentOptions::new(env!("CARGO_BIN_EXE_miandan-component").into());
    options.keys.push(station.path("station.key"));
    options.state = Some(station.path("station.key.state"));
    let later = Component::start(&options).unwrap().state(now() + 2 * DAY).unwrap();
    station.write("station.key.state", &later.state);
    let output = station.print(&["--out", "no.pdf", "--lang", "en"]);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(4), "{words}");
    assert!(words.contains("EXPIRED") && words.contains("clock of this machine is behind"), "{words}");
    // It cannot be made up, nor moved to another station.
    let mut forged = later.state.clone();
    forged[40] ^= 1;
    station.write("station.key.state", &forged);
    let output = station.print(&["--out", "no.pdf"]);
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(said(&output).contains("station.key.state"), "{}", said(&output));
    station.done(&[
        "keygen",
        "station",
        "--id",
        "ST-01",
        "--merchant",
        "SHOP-1",
        "--no-passphrase",
        "--out",
        "b.key",
    ]);
    station.write("b.key.state", &later.state);
    let output = station.run(&[
        "print",
        "orders.sealed.jsonl",
        "--key",
        "b.key",
        "--trust",
        "issuer.key.pub",
        "--out",
        "no.pdf",
    ]);
    assert!(said(&output).contains("b.key.state"), "{}", said(&output));
    fs::remove_file(station.path("station.key.state")).unwrap();
    assert!(station.print(&["--out", "l.pdf"]).status.success(), "it begins anew");
}

#[test]
fn a_memory_that_cannot_be_kept_is_said_and_stops_nothing() {
    let station = Station::new();
    station.seal(&orders(1, 5), &[]);
    let output = station.print(&["--out", "l.pdf", "--state", "/proc/none/state"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("/proc/none/state"), "{}", said(&output));
}

/// Runs a command on a terminal of its own (`script` of util-linux), typing these lines.
fn on_terminal(station: &Station, arguments: &[&str], typed: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_miandan");
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &format!("{program} {}", arguments.join(" "))]);
    command.arg("/dev/null").current_dir(station.path("")).env("LC_ALL", "C");
    // The terminal takes what is typed once the prompt is there; what comes earlier is thrown away.
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("script, of util-linux, runs a command on a terminal");
    let mut stdin = child.stdin.take().unwrap();
    let lines: Vec<String> = typed.split_inclusive('\n').map(str::to_owned).collect();
    let typist = std::thread::spawn(move || {
        use std::io::Write;
        for line in lines {
            std::thread::sleep(std::time::Duration::from_millis(700));
            let _ = stdin.write_all(line.as_bytes());
        }
        std::thread::sleep(std::time::Duration::from_millis(700));
    });
    let output = child.wait_with_output().unwrap();
    typist.join().unwrap();
    output
}

#[test]
fn a_passphrase_can_be_typed_and_is_not_shown() {
    let station = Station::new();
    let keygen = ["keygen", "station", "--id", "ST-01", "--merchant", "SHOP-1", "--out", "typed.key"];
    let word = "four-quiet-words";
    let made =
        on_terminal(&station, &[&keygen[..], &["--ask-passphrase"]].concat(), &format!("{word}\n{word}\n"));
    assert!(made.status.success(), "{}", said(&made));
    assert!(!said(&made).contains(word), "{}", said(&made));
    assert!(String::from_utf8(station.read("typed.key")).unwrap().contains("argon2id"));
    station.write("plain.jsonl", orders(1, 7)[0].to_string().as_bytes());
    let seal =
        ["seal", "plain.jsonl", "--issuer", "issuer.key", "--to", "typed.key.pub", "--merchant", "SHOP-1"];
    station.done(&[&seal[..], &["-o", "s.jsonl"]].concat());
    let print =
        ["print", "s.jsonl", "--key", "typed.key", "--trust", "issuer.key.pub", "--ask-passphrase", "--out"];
    let printed = on_terminal(&station, &[&print[..], &["l.pdf"]].concat(), &format!("{word}\n"));
    assert!(printed.status.success() && station.path("l.pdf").exists(), "{}", said(&printed));
    assert!(!said(&printed).contains(word));
    let wrong = on_terminal(&station, &[&print[..], &["no.pdf"]].concat(), "another\n");
    assert_eq!(wrong.status.code(), Some(6), "{}", said(&wrong));
    assert!(said(&wrong).contains("typed.key") && !station.path("no.pdf").exists(), "{}", said(&wrong));
}

#[test]
fn a_passphrase_comes_from_a_credential_of_a_service() {
    let station = Station::new();
    let folder = station.path("credentials");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("word"), "four quiet words\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o400);
    fs::set_permissions(folder.join("word"), mode).unwrap();
    let keygen = ["keygen", "station", "--id", "ST-01", "--merchant", "SHOP-1", "--out", "c.key"];
    let run = |arguments: &[&str]| {
        let mut command = station.command(arguments);
        with_input(
            {
                command.env("CREDENTIALS_DIRECTORY", &folder);
                command
            },
            b"",
        )
    };
    let made = run(&[&keygen[..], &["--passphrase-file", "credential:word"]].concat());
    assert!(made.status.success(), "{}", said(&made));
    station.write("plain.jsonl", orders(1, 7)[0].to_string().as_bytes());
    let seal = ["seal", "plain.jsonl", "--issuer", "issuer.key", "--to", "c.key.pub", "--merchant", "SHOP-1"];
    station.done(&[&seal[..], &["-o", "s.jsonl"]].concat());
    fs::rename(station.path("c.key"), folder.join("station")).unwrap();
    let print = ["print", "s.jsonl", "--trust", "issuer.key.pub", "--out", "l.pdf"];
    let credentials = ["--key", "credential:station", "--passphrase-file", "credential:word"];
    let printed = run(&[&print[..], &credentials].concat());
    assert!(printed.status.success(), "{}", said(&printed));
    for name in ["credential:none", "credential:../s.jsonl", "credential:"] {
        let output = run(&[&print[..], &["--key", name]].concat());
        assert_eq!(output.status.code(), Some(3), "{name}: {}", said(&output));
    }
}

#[test]
fn key_files_that_cannot_be_used_are_named() {
    let station = Station::new();
    station.seal(&orders(1, 5), &[]);
    station.write("word", b"four quiet words");
    let mode = |file: &str, mode| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(station.path(file), mode).unwrap();
    };
    mode("word", 0o600);
    station.done(&[
        "keygen",
        "station",
        "--id",
        "S",
        "--merchant",
        "M",
        "--passphrase-file",
        "word",
        "--out",
        "p.key",
    ]);
    station.write("wrong", b"other words");
    mode("wrong", 0o600);
    fs::copy(station.path("issuer.key"), station.path("no.key")).unwrap();
    fs::copy(station.path("station.key"), station.path("open.key")).unwrap();
    mode("open.key", 0o644);
    let print = ["print", "orders.sealed.jsonl", "--trust", "issuer.key.pub", "--out", "no.pdf"];
    for (options, word) in [
        (&["--key", "p.key"][..], "passphrase of p.key"),
        (&["--key", "p.key", "--passphrase-file", "wrong"], "passphrase of p.key"),
        (&["--key", "open.key"], "hint: make it readable by its owner alone"),
        (&["--key", "issuer.key.pub"], "hint: make it readable by its owner alone"),
        (&["--key", "no.key"], "no.key is not the key file"),
        (&["--key", "station.key", "--key", "p.key"], "passphrase of p.key"),
        (&["--key", "station.key", "--trust", "station.key.pub"], "station.key.pub is neither"),
    ] {
        let output = station.run(&[&print[..], options].concat());
        let words = said(&output);
        assert_eq!(output.status.code(), Some(6), "{options:?}: {words}");
        assert!(words.contains(word) && words.contains("hint: "), "{options:?}: {words}");
    }
}

/// The order is one of the known answers, which Python made: its name cannot be opened, everything else can.
#[test]
fn a_field_that_is_destroyed_matters_only_to_a_template_that_names_it() {
    struct Codes(Vec<Code>);

    impl Observer for Codes {
        fn label(&mut self, label: &LabelOutcome) {
            self.0.extend(label.result.err().map(|failure| failure.code));
        }
    }

    let answers = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/mso1/known-answers.json");
    let answers: Value = serde_json::from_slice(&fs::read(answers).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().as_bytes().to_vec();
    let destroyed = answers["orders"].as_array().unwrap();
    let destroyed = destroyed.iter().find(|case| case["name"] == "a destroyed field is not wanted").unwrap();
    let station = Station::new();
    station.write("S1.key", &text(&answers["stations"]["S1"]["secret"]));
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(station.path("S1.key"), mode).unwrap();
    station.write("platform.pub", &text(&answers["issuers"]["platform"]["public"]));
    station.write("order.jsonl", &text(&destroyed["order"]));

    let mut options = ComponentOptions::new(env!("CARGO_BIN_EXE_miandan-component").into());
    options.keys.push(station.path("S1.key"));
    options.trust.push(station.path("platform.pub"));
    let orders = Orders::open(&station.path("order.jsonl")).unwrap();
    for (named, expected) in [("mobile", vec![]), ("name", vec![Code::AuthFailed])] {
        let template = format!(
            "<page xmlns=\"http://cloudprint.cainiao.com/print\" width=\"60\" height=\"40\">\
             <layout left=\"2\" top=\"2\" width=\"56\" height=\"10\"><text><![CDATA[<%=_data.recipient.{named}%>]]>\
             </text></layout></page>"
        );
        let mut batch = Batch::new(&orders, &options, template.as_bytes());
        batch.now = answers["now"].as_u64().unwrap();
        let mut codes = Codes(Vec::new());
        batch.print(PdfOutput::create(&station.path("l.pdf")).unwrap(), &mut codes).unwrap();
        assert_eq!(codes.0, expected, "a template that names the {named}");
    }
}

#[test]
fn a_list_of_a_hundred_thousand_withdrawals_prints() {
    let station = Station::new();
    let orders = orders(4, 5);
    station.seal(&orders, &[]);
    let mut withdrawn: Vec<Value> = (0..100_000_u64)
        .map(|number| json!({"ref": format!("C{:016X}", number << 40), "epoch": 1}))
        .collect();
    withdrawn.push(orders[2]["consent"].clone());
    sign(&station, &withdrawn, "status.json");
    let output = station.print(&["--status-list", "status.json", "--out", "l.pdf", "--json"]);
    assert_eq!(refused(&output), (vec!["WITHDRAWN".to_owned()], 4), "{}", said(&output));
}
