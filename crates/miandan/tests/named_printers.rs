//! Printers and templates that the configuration names: what each group gets, what a name that is none is told, what a batch
//! goes on with, and what `miandan printers` says of paper that is out.

mod common;

use std::process::Output;

use common::cups::{self, Queue};
use common::{Station, events, orders, print_arguments, said};
use miandan_testing::device::{Script, SimulatedPrinter, Speech};
use miandan_testing::printer::{tspl, zpl};
use serde_json::{Value, json};

/// Orders of SF and YTO in turn.
fn station(count: usize) -> Station {
    let station = Station::new();
    let mut orders = orders(count, 5);
    for (place, order) in orders.iter_mut().enumerate() {
        order["carrier"] = if place % 2 == 0 { "SF".into() } else { "YTO".into() };
    }
    station.seal(&orders, &[]);
    station
}

fn start(speech: Speech) -> SimulatedPrinter {
    SimulatedPrinter::start(Script::well(speech).printing_for(40)).unwrap()
}

/// The keys, a journal, and more.
fn configure(station: &Station, more: &str) {
    let daily = "key = \"station.key\"\ntrust = \"issuer.key.pub\"\njournal = \"journal.db\"\n";
    station.write("miandan.toml", format!("{daily}{more}").as_bytes());
}

/// A table of a printer.
fn named(name: &str, uri: &str, more: &str) -> String {
    format!("[printers.{name}]\nuri = \"{uri}\"\n{more}\n")
}

fn event(output: &Output, word: &str) -> Value {
    events(output)
        .into_iter()
        .find(|event| event["event"] == word)
        .unwrap_or_else(|| panic!("{}", said(output)))
}

#[test]
fn each_group_gets_what_is_its_own() {
    let station = station(6);
    let (desk, bench) = (start(Speech::Tspl), start(Speech::Zpl));
    let tables = named("desk", &desk.uri(), "profile = \"tsc\"")
        + &named("bench", &bench.uri(), "profile = \"zebra-300\"\ncarriers = [\"SF\"]");
    configure(&station, &format!("printer = [\"desk\", \"bench\"]\n{tables}"));
    let output = station.run(&["print", "orders.sealed.jsonl", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let summary = event(&output, "summary");
    assert_eq!((&summary["sent"], &summary["format"]), (&json!(6), &json!("tspl,zpl")));
    let at_desk: Vec<_> = desk.printed().iter().flat_map(|label| tspl::read(label, 203).unwrap()).collect();
    let at_bench: Vec<_> = bench.printed().iter().flat_map(|label| zpl::read(label).unwrap()).collect();
    assert_eq!((at_desk.len(), at_bench.len()), (3, 3));
    let ratio = at_bench[0].height as f64 / at_desk[0].height as f64;
    assert!((ratio - 300.0 / 203.0).abs() < 0.01, "each at its own resolution: {ratio}");

    // The batch goes on with the printers that it was planned for, whoever has their names now.
    let batch = event(&output, "batch")["batch"].as_str().unwrap().to_owned();
    configure(&station, &named("bench", "socket://127.0.0.1:9", "profile = \"tsc\""));
    let again = ["reprint", &batch, "001-002", "--reason", "smudged", "--json"];
    let output = station.run(&again);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!((desk.printed().len(), bench.printed().len()), (4, 4));
    // One that stands in for either has to say what it is.
    let output = station.run(&[&again[..], &["--printer", &desk.uri()]].concat());
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("[printers.NAME]"), "{}", said(&output));
    configure(&station, &named("other", &desk.uri(), "profile = \"tsc\""));
    let output = station.run(&[&again[..], &["--printer", "other"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!((desk.printed().len(), bench.printed().len()), (6, 4));
}

#[test]
fn printers_that_would_not_print_the_same_do_not_share() {
    let station = station(2);
    let (desk, bench) = (start(Speech::Tspl), start(Speech::Zpl));
    let tables = named("desk", &desk.uri(), "profile = \"tsc\"")
        + &named("bench", &bench.uri(), "profile = \"zebra\"")
        + &named("slip", "file:slip.prn", "profile = \"escpos-58\"\ncarriers = [\"SF\"]");
    configure(&station, &tables);
    for (printers, fault) in [
        (&["desk", "bench"][..], "desk and bench share labels"),
        (&["SF=desk", "SF=bench"], "share labels"),
        (&["SF=desk", "desk", "YTO=bench", "bench"], "share labels"),
        // A label that one of them has no room for is no reason to begin with the others.
        (&["desk", "slip"], "slip: labels of the template one-part-76x130 are"),
    ] {
        let options: Vec<_> = printers.iter().flat_map(|printer| ["--printer", printer]).collect();
        let output = station.run(&print_arguments(&options));
        assert_eq!(output.status.code(), Some(2), "{printers:?}: {}", said(&output));
        assert!(said(&output).contains(fault), "{printers:?}: {}", said(&output));
    }
    assert_eq!((desk.received(), bench.received()), (0, 0));
    assert!(
        !station.path("slip.prn").exists() && !station.path("journal.db").exists(),
        "nothing was planned"
    );
    let output = station.run(&print_arguments(&["--printer", "SF=desk", "--printer", "YTO=bench"]));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!((desk.printed().len(), bench.printed().len()), (1, 1));
}

#[test]
fn a_name_that_is_none_is_told_which_there_are() {
    let station = station(1);
    configure(
        &station,
        &(named("desk", "usb:/dev/usb/lp0", "profile = \"tsc\"") + "[templates]\nsf = \"labels/sf.xml\"\n"),
    );
    for (options, code, message, hint) in [
        (&["--printer", "dsk"][..], 2, "there is no printer dsk", "the configuration names: desk; "),
        (&["--printer", "SF=dsk"], 2, "there is no printer dsk", "desk"),
        (&["--printer", "ftp://x"], 2, "ftp://x is no printer", "hint: "),
        (
            &["--out", "x.pdf", "--template", "sg"],
            3,
            "there is no template sg",
            "the configuration names: sf",
        ),
        (&["--out", "x.pdf", "--template", "sf"], 3, "there is no template labels/sf.xml", "hint: "),
        (&["--printer", "desk", "--format", "zpl"], 2, "the printer profile tsc speaks: tspl", "hint: "),
        (
            &["--printer", "desk", "--dpi", "300"],
            2,
            "300 dpi (--dpi) is not that of the printer profile tsc",
            "hint: ",
        ),
    ] {
        let output = station.run(&print_arguments(options));
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{options:?}: {said}");
        assert!(said.contains(message) && said.contains(hint), "{options:?}: {said}");
    }
    configure(&station, "[templates]\nzto-76x130 = \"own.xml\"\n");
    let output = station.run(&["config", "show"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("miandan.toml:5: zto-76x130 is the name of a label that is shipped"));
}

#[test]
fn a_template_has_a_name_and_its_own_place() {
    let station = station(2);
    let user = station.path("user/miandan");
    std::fs::create_dir_all(user.join("labels")).unwrap();
    std::fs::write(
        user.join("labels/own.xml"),
        "<page width='60' height='40'><text width='50' height='9'>x</text></page>",
    )
    .unwrap();
    std::fs::write(
        user.join("config.toml"),
        "[templates]\nown = \"labels/own.xml\"\nsf = \"far.xml\"\n[printers.\"一号台\"]\nuri = \"file:out.prn\"\nprofile = \"tsc\"\n",
    )
    .unwrap();
    configure(&station, "template = \"own\"\n[templates]\nsf = \"near.xml\"\n");
    let run = |arguments: &[&str]| {
        let output =
            station.command(arguments).env("XDG_CONFIG_HOME", station.path("user")).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        output
    };
    run(&["print", "orders.sealed.jsonl", "--printer", "一号台"]);
    let sheets = tspl::read(&std::fs::read(user.join("out.prn")).unwrap(), 203).unwrap();
    assert_eq!((sheets.len(), sheets[0].height), (2, 320), "40 mm");

    let shown = String::from_utf8(run(&["config", "show", "--origin"]).stdout).unwrap();
    let far = user.join("config.toml").display().to_string();
    for line in [
        format!("template = \"{}\"  # miandan.toml", user.join("labels/own.xml").display()),
        format!("[printers.\"一号台\"]  # {far}"),
        format!("uri = \"file:{}\"", user.join("out.prn").display()),
        "sf = \"near.xml\"  # miandan.toml".to_owned(),
        format!("own = \"{}\"  # {far}", user.join("labels/own.xml").display()),
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line} is not in\n{shown}");
    }
    // What is shown can be a file of settings itself.
    let read: toml::Table = shown.parse().unwrap();
    assert_eq!(read["printers"]["一号台"]["profile"].as_str(), Some("tsc"));
    assert_eq!(read["templates"].as_table().unwrap().len(), 2);
    let shown = &events(&run(&["config", "show", "--json"]))[0];
    assert_eq!(shown["templates.sf"], json!({"value": "near.xml", "origin": "miandan.toml"}));
    assert_eq!(shown["printers.一号台"]["value"]["profile"], "tsc");
}

const QUEUES: &[Queue] = &[
    Queue { name: "label", info: "Label printer", state: 3, reason: "none" },
    Queue { name: "stopped", info: "", state: 5, reason: "media-empty-error" },
];

#[test]
fn printers_say_how_they_are_and_silence_is_not_ready() {
    let station = station(1);
    let ready = start(Speech::Tspl);
    let silent = SimulatedPrinter::start(Script::well(Speech::Tspl).silent()).unwrap();
    let without_paper = start(Speech::Tspl);
    without_paper.take_paper();
    let cups = cups::start(QUEUES);
    let state = |name: &str, uri: &str, profile: &str| named(name, uri, &format!("profile = \"{profile}\""));
    let tables = state("ready", &ready.uri(), "tsc")
        + &state("paper", &without_paper.uri(), "tsc")
        + &state("silent", &silent.uri(), "tsc")
        + &state("gone", "socket://127.0.0.1:9", "tsc")
        + &state("mute", &ready.uri(), "xprinter")
        + &state("queue", &format!("ipp://{cups}/printers/label"), "tsc");
    configure(
        &station,
        &format!("printer = [\"ready\", \"SF=mute\", \"file:folder/\"]\nprofile = \"tsc\"\n{tables}"),
    );
    std::fs::create_dir(station.path("folder")).unwrap();
    let run = |more: &[&str]| {
        let mut command = station.command(&[&["printers"], more].concat());
        command.env("CUPS_SERVER", cups.to_string()).output().unwrap()
    };
    let output = run(&["--json"]);
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    let rows = events(&output);
    let of = |name: &str| {
        rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{}", said(&output)))
    };
    assert_eq!((&of("ready")["state"], &of("ready")["usual"]), (&json!("ready"), &json!(true)));
    assert_eq!((&of("paper")["state"], &of("paper")["faults"]), (&json!("attention"), &json!(["paper-out"])));
    assert_eq!(of("silent")["state"], "no-answer");
    assert_eq!(
        (&of("gone")["state"], &of("gone")["why"]),
        (&json!("offline"), &json!("the connection was refused"))
    );
    assert_eq!((&of("mute")["state"], &of("mute")["carriers"]), (&json!("cannot-be-asked"), &json!(["SF"])));
    assert_eq!((&of("queue")["state"], &of("queue")["about"]), (&json!("ready"), &json!("Label printer")));
    let unnamed: Vec<_> = rows.iter().filter(|row| row.get("name").is_none()).collect();
    assert_eq!(unnamed.len(), 2, "{}", said(&output));
    assert_eq!((&unnamed[0]["configured"], &unnamed[0]["state"]), (&json!(true), &json!("ready")));
    assert_eq!((&unnamed[1]["configured"], &unnamed[1]["faults"]), (&json!(false), &json!(["paper-out"])));
    assert_eq!(unnamed[1]["uri"], format!("ipp://{cups}/printers/stopped"));

    for (language, words) in [
        ("en", ["PRINTER", "out of paper", "no answer", "offline: the connection was refused", "(found)"]),
        ("zh", ["打印机", "缺纸", "没有应答", "离线：连接被拒绝", "（已发现）"]),
    ] {
        let output = run(&["--lang", language]);
        assert_eq!(output.status.code(), Some(5));
        assert!(words.iter().all(|word| said(&output).contains(word)), "{}", said(&output));
    }

    // Nothing is wrong where everything that is configured says so, whatever else was found.
    configure(&station, &state("ready", &ready.uri(), "tsc"));
    assert_eq!(run(&[]).status.code(), Some(0));
    assert_eq!((ready.received(), ready.printed().len()), (0, 0), "a question prints nothing");
}

#[test]
fn a_printer_behind_tls_is_believed_if_somebody_vouches_for_it() {
    let station = station(3);
    let [right, wrong] = ["127.0.0.1", "127.0.0.2"].map(|host| cups::start_secure(host, QUEUES));
    let desk = format!("ipps://localhost:{}/printers/label", right.port());
    let tables = named("desk", &desk, "profile = \"tsc\"")
        // Its certificate is that of the other.
        + &named("other", &format!("ipps://{wrong}/printers/label"), "profile = \"tsc\"");
    configure(&station, &format!("printer = \"desk\"\n{tables}"));
    let run = |arguments: &[&str], authority: &std::path::Path| {
        station.command(arguments).env("SSL_CERT_FILE", authority).output().unwrap()
    };
    let states = |authority: &std::path::Path| {
        let output = run(&["printers", "--json"], authority);
        assert_eq!(output.status.code(), Some(5), "{}", said(&output));
        events(&output).iter().map(|row| (row["state"].clone(), row["why"].clone())).collect::<Vec<_>>()
    };
    let refused = (json!("no-answer"), json!("the printer's certificate is not trusted"));
    assert_eq!(states(&cups::authority()), [(json!("ready"), Value::Null), refused.clone()]);
    station.write("nobody.pem", b"");
    assert_eq!(states(&station.path("nobody.pem")), [refused.clone(), refused]);

    let print = ["print", "orders.sealed.jsonl", "--json", "--patience", "1s"];
    let output = run(&print, &station.path("nobody.pem"));
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    assert_eq!(event(&output, "summary")["left"], 3, "nothing was sent");
    let batch = event(&output, "batch")["batch"].as_str().unwrap().to_owned();
    let output = run(&["resume", &batch, "--json"], &cups::authority());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(event(&output, "summary")["confirmed"], 3);
}
