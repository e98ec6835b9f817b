//! The service's own files: what is wrong with them is said at the start, and what is new in them counts from the next
//! connection on.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::common::service::{Service, program};
use crate::common::{Station, events, orders, said};

#[test]
fn what_is_withdrawn_while_the_service_runs_is_not_printed_any_more() {
    let station = Station::new();
    let mut plain = orders(2, 3);
    for (order, reference) in plain.iter_mut().zip(["consent-1", "consent-2"]) {
        order["consent"] = serde_json::json!({"ref": reference, "epoch": 1});
    }
    station.seal(&plain, &[]);
    fs::create_dir(station.path("lists")).unwrap();
    let lists = station.path("lists").display().to_string();
    let service = Service::start(&station, &["--status-list", &lists]);
    let output = service.print(&station, &["--out", "labels.pdf"]);
    assert!(output.status.success(), "{}", said(&output));
    station.write("withdrawn.jsonl", b"{\"ref\":\"consent-2\",\"epoch\":1}\n");
    station.done(&[
        "sign",
        "status",
        "withdrawn.jsonl",
        "--issuer",
        "issuer.key",
        "--next",
        "1h",
        "-o",
        ".new",
    ]);
    fs::rename(station.path(".new"), station.path("lists/platform.json")).unwrap();
    let output = service.print(&station, &["--out", "labels.pdf", "--json"]);
    let failed: Vec<_> = events(&output).into_iter().filter(|event| event["event"] == "failed").collect();
    assert_eq!((failed.len(), failed[0]["code"].as_str()), (1, Some("WITHDRAWN")));
    // A list that cannot be used stops everything: nothing is printed that somebody may have withdrawn.
    station.write("lists/broken.json", b"{}");
    let output = service.print(&station, &["--out", "no.pdf"]);
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(said(&output).contains("cannot start a component"), "{}", said(&output));
    assert!(!said(&output).contains("broken.json"), "which file it is, is not the host's business");
    service.wait_for("broken.json");
    fs::remove_file(station.path("lists/broken.json")).unwrap();
    assert_eq!(service.print(&station, &["--out", "labels.pdf"]).status.code(), Some(4));
}

#[test]
fn a_start_that_cannot_work_says_why() {
    let station = Station::new();
    station.write("no.key", b"{}");
    fs::set_permissions(station.path("no.key"), fs::Permissions::from_mode(0o600)).unwrap();
    station.write("open.key", &station.read("station.key"));
    fs::set_permissions(station.path("open.key"), fs::Permissions::from_mode(0o644)).unwrap();
    fs::create_dir(station.path("state")).unwrap();
    fs::set_permissions(station.path("state"), fs::Permissions::from_mode(0o700)).unwrap();
    let path = |name: &str| station.path(name).display().to_string();
    let (key, socket, state) = (path("station.key"), path("socket"), path("state"));
    let folder = station.path("").display().to_string();
    for (arguments, status, words) in [
        (vec!["--key", &key, "--state-dir", &state], 6, "no socket"),
        (vec!["--key", &key, "--listen", &socket], 6, "no state directory"),
        (vec!["--key", &key, "--listen", &key, "--state-dir", &state], 6, "is no socket"),
        (vec!["--key", &key, "--listen", &socket, "--state-dir", &folder], 6, "0700"),
        (vec!["--key", &path("no.key"), "--listen", &socket, "--state-dir", &state], 6, "no.key"),
        (vec!["--key", &path("open.key"), "--listen", &socket, "--state-dir", &state], 6, "chmod 600"),
        (vec!["--key", "/no/such.key", "--listen", &socket, "--state-dir", &state], 6, "no such file"),
        (vec!["--listen", &socket], 2, "--key"),
    ] {
        let output = program().arg("--service").args(&arguments).stderr(Stdio::piped()).output().unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        assert!(said.contains(words) && said.starts_with("error: "), "{arguments:?}: {said}");
    }
    assert_eq!(station.read("open.key"), station.read("station.key"));
}

#[test]
fn a_host_without_a_service_is_told_what_to_do() {
    let station = Station::new();
    station.seal(&orders(1, 3), &[]);
    let place = format!("unix:{}", station.path("none").display());
    for command in [&["print", "orders.sealed.jsonl", "--out", "no.pdf"][..], &["doctor"]] {
        let output = station.run(&[command, &["--component", &place]].concat());
        assert_eq!(output.status.code(), Some(6), "{}", said(&output));
        assert!(said(&output).contains("systemctl status"), "{}", said(&output));
    }
}
