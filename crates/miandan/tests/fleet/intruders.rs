//! Messages that are no labels, and who is not let in.

use std::fs;

use crate::broker::Broker;
use crate::common::{events, said, wait_for};
use crate::support::{Fleet, LONG, find, free_port, quick};

#[test]
fn what_is_no_label_is_set_aside_and_the_queue_goes_on() {
    let fleet = Fleet::new(1, 4);
    let sealed = String::from_utf8(fleet.station.read("orders.sealed.jsonl")).unwrap();
    let order = sealed.lines().next().unwrap().as_bytes();
    let subject = "print.hz.st-01.P1";
    let common = [("Miandan-Number", "261130-501-001"), ("Miandan-Count", "1"), ("Miandan-Attempt", "1")];
    let with = |version: &'static str, to: &'static str| {
        let mut headers = vec![("Miandan-Fleet", version), ("Miandan-To", to), ("Miandan-At", "1")];
        headers.extend(common);
        headers
    };
    let plain = b"{\"recipient\":{\"name\":\"\xE5\xBC\xA0\xE4\xB8\x89\"}}";
    fleet.broker.publish(subject, &[], b"hello");
    fleet.broker.publish(subject, &[], plain);
    fleet.broker.publish(subject, &with("1", "hz/st-01/P1"), plain);
    fleet.broker.publish(subject, &with("2", "hz/st-01/P1"), order);
    fleet.broker.publish(subject, &with("1", "hz/st-02/P1"), order);
    fleet.broker.publish(subject, &with("1", "hz/st-01/P1"), &vec![b' '; 66 << 10]);
    // Larger than the queue takes at all: it never gets in.
    fleet.broker.publish(subject, &with("1", "hz/st-01/P1"), &vec![b' '; 100 << 10]);
    let (code, said) = fleet.dispatch(&[]);
    assert_eq!(code, 0, "{said:?}");
    fleet.assert_all_once();
    assert_eq!(fleet.status()["hz/st-01"]["printers"][0]["aside"], 6);
    let log = fleet.members[0].log();
    for (reason, times) in [("NOT_SEALED", 3), ("OTHER_VERSION", 1), ("NOT_FOR_US", 1), ("TOO_LARGE", 1)] {
        let found = log.lines().filter(|line| line.contains("set-aside") && line.contains(reason)).count();
        assert_eq!(found, times, "{reason}:\n{log}");
    }
    // Nothing of what was in them is anywhere: not in the log, not in what the broker keeps of the station.
    assert!(!log.contains("张三"));
    for entry in walk(&fleet.broker.path("store")) {
        if entry.to_string_lossy().contains("REPORT-hz") {
            let bytes = fs::read(&entry).unwrap();
            assert!(!bytes.windows(6).any(|window| window == "张三".as_bytes()), "{}", entry.display());
        }
    }
    let shown = fleet.done(&["fleet", "status"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("6 messages were set aside"), "{shown:?}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn orders_in_clear_and_broken_ones_never_reach_the_broker() {
    let fleet = Fleet::new(1, 3);
    let mut lines = String::from_utf8(fleet.station.read("orders.sealed.jsonl")).unwrap();
    lines += "{\"recipient\":{\"name\":\"a name\",\"mobile\":\"19900000000\"}}\nnot JSON\n";
    let first = lines.lines().next().unwrap().to_owned();
    fleet.station.write("orders.sealed.jsonl", format!("{lines}{first}\n").as_bytes());
    let (code, events) = fleet.dispatch(&[]);
    assert_eq!(code, 4, "{events:?}");
    let refused: Vec<_> = events.iter().filter(|event| event["event"] == "refused").collect();
    let codes: Vec<_> = refused.iter().map(|event| event["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["MALFORMED", "MALFORMED", "TWICE"]);
    assert_eq!(find(&events, "summary")["printed"], 3);
    let stored = walk(&fleet.broker.path("store"));
    for path in stored {
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"19900000000"), "{}", path.display());
    }
}

/// A broker that knows a dispatcher and two stations, over TLS.
fn guarded() -> (Fleet, String) {
    let keys = tempfile::tempdir().unwrap();
    let grant = |name: &str| {
        let mut command = crate::common::miandan();
        command.current_dir(keys.path()).args(["--json", "fleet", "grant", &format!("hz/{name}")]);
        let output = command.args(["--printer", "P1", "--out", name]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        let entry = &events(&output)[0];
        let list = |member: &str| entry[member].to_string();
        format!(
            "{{ nkey: {}, permissions: {{ publish: {{ allow: {} }}, subscribe: {{ allow: {} }} }} }}",
            entry["nkey"].as_str().unwrap(),
            list("publish"),
            list("subscribe")
        )
    };
    let users = [grant("st-01"), grant("st-02")].join("\n    ");
    let certificate = rcgen_certificate(keys.path());
    let more = format!(
        "tls {{ cert_file: \"{0}/cert.pem\", key_file: \"{0}/key.pem\" }}\nauthorization {{ users: [\n    \
         {{ user: office, password: secret }}\n    {users}\n] }}",
        keys.path().display()
    );
    let broker = Broker::with(&more);
    let url = format!("tls://localhost:{}", broker.port);
    let station = crate::common::Station::new();
    station.write("ca.pem", certificate.as_bytes());
    station.write("office", b"office:secret\n");
    for name in ["st-01", "st-02"] {
        station.write(&format!("{name}.nk"), &fs::read(keys.path().join(name)).unwrap());
    }
    // The broker reads its certificate once, at its start; the keys are in the station's folder now.
    (Fleet { station, broker, members: Vec::new(), waybills: Vec::new() }, url)
}

/// A certificate for `localhost`, made by openssl.
fn rcgen_certificate(folder: &std::path::Path) -> String {
    let output = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args([
            "-days",
            "3",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ])
        .args(["-addext", "basicConstraints=CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    fs::read_to_string(folder.join("cert.pem")).unwrap()
}

#[test]
fn a_station_works_with_its_own_credential_and_can_do_nothing_else() {
    let (mut fleet, url) = guarded();
    fleet.seal(12, 1);
    let office = |fleet: &Fleet, arguments: &[&str]| {
        let mut command = fleet.command(arguments);
        command.env("MIANDAN_FLEET", &url).env("MIANDAN_FLEET_CREDENTIAL", "office");
        command.args(["--authority", "ca.pem"]).output().unwrap()
    };
    let set_up = office(&fleet, &["fleet", "setup", "hz"]);
    assert!(set_up.status.success(), "{}", said(&set_up));
    let member = |name: &str, credential: &str| {
        format!(
            "url = \"{url}\"\nsite = \"hz\"\nstation = \"{name}\"\ncredential = \"../{credential}\"\nauthority = \"../ca.pem\"\n"
        )
    };
    fleet.add_with("st-01", &[quick()], &member("st-01", "st-01.nk"), &[]);
    fleet.members[0].wait_for_line("fleet.takes-labels");
    // Under the name of another: it may neither report for it nor take from its queue.
    fleet.add_with("st-02", &[quick()], &member("st-02", "st-01.nk"), &[]);
    fleet.members[1].wait_for_line("fleet.connected");
    let output = office(&fleet, &["--json", "dispatch", "orders.sealed.jsonl", "--to", "hz/st-01"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    fleet.assert_all_once();
    let status = office(&fleet, &["--json", "fleet", "status"]);
    let stations: Vec<_> = events(&status).iter().map(|entry| entry["station"].clone()).collect();
    assert_eq!(stations, ["hz/st-01"], "the second one says nothing under a name that is not its own");
    assert_eq!(fleet.paper()[1].len(), 0);

    // A station's credential is no dispatcher's.
    let mut thief = fleet.command(&["fleet", "status", "--fleet", &url, "--credential", "st-01.nk"]);
    let output = thief.args(["--authority", "ca.pem"]).output().unwrap();
    assert!(matches!(output.status.code(), Some(5 | 6)), "{}", said(&output));
    // None at all, a wrong one, and a broker that nobody vouches for.
    let nobody = fleet.run(&["fleet", "status", "--fleet", &url, "--authority", "ca.pem"]);
    assert_eq!(nobody.status.code(), Some(6), "{}", said(&nobody));
    fleet.station.write("wrong", b"office:wrong\n");
    let wrong =
        fleet.run(&["fleet", "status", "--fleet", &url, "--authority", "ca.pem", "--credential", "wrong"]);
    assert_eq!(wrong.status.code(), Some(6), "{}", said(&wrong));
    assert!(!said(&wrong).contains("secret") && !said(&wrong).contains("office:wrong"));
    let stranger = fleet.run(&["fleet", "status", "--fleet", &url, "--credential", "office"]);
    assert_eq!(stranger.status.code(), Some(5), "{}", said(&stranger));
}

#[test]
fn a_broker_that_is_not_there_is_said_with_what_to_do() {
    let fleet = Fleet::without_stations(2);
    let away = format!("nats://127.0.0.1:{}", free_port());
    for arguments in [&["dispatch", "orders.sealed.jsonl"][..], &["fleet", "status"]] {
        let output = fleet.run(&[arguments, &["--fleet", &away]].concat());
        assert_eq!(output.status.code(), Some(5), "{}", said(&output));
        assert!(said(&output).contains("hint: "), "{}", said(&output));
    }
    for (url, code) in [("127.0.0.1", 2), ("nats://user:secret@127.0.0.1", 2), ("http://127.0.0.1", 2)] {
        let output = fleet.run(&["fleet", "status", "--fleet", url]);
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(!said(&output).contains("secret"), "{}", said(&output));
    }
    // A broker without streams.
    let bare = Broker::start();
    let output = fleet.run(&["fleet", "status", "--fleet", &bare.url()]);
    assert!(said(&output).contains("fleet setup"), "{}", said(&output));
    wait_for("the bare broker", LONG, || !bare.log().is_empty());
}
