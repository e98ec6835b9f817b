//! What a service prints is what library mode prints, and what it is told it does not obey.

use crate::common::service::{Host, Service};
use crate::common::{Station, events, orders, said};
use miandan_core::Code;
use miandan_core::pipe::{Answer, LabelAnswer, Request};

#[test]
fn the_labels_are_those_of_library_mode() {
    let station = Station::new();
    station.seal(&orders(200, 3), &[]);
    let service = Service::start(&station, &[]);
    for (file, format) in [("service.pdf", "--out"), ("service", "--dir"), ("service.zpl", "--out")] {
        let output = service.print(&station, &[format, file, "--workers", "3"]);
        assert!(output.status.success(), "{}", said(&output));
    }
    assert!(station.print(&["--out", "library.pdf", "--workers", "1"]).status.success());
    assert!(station.print(&["--dir", "library"]).status.success());
    assert!(station.print(&["--out", "library.zpl"]).status.success());
    assert_eq!(station.read("service.pdf"), station.read("library.pdf"));
    assert_eq!(station.read("service.zpl"), station.read("library.zpl"));
    for picture in ["000001.png", "000200.png"] {
        assert_eq!(station.read(&format!("service/{picture}")), station.read(&format!("library/{picture}")));
    }
    service.wait_for("0 refused: done");
}

#[test]
fn every_result_says_the_mode() {
    let station = Station::new();
    station.seal(&orders(2, 3), &[]);
    let service = Service::start(&station, &[]);
    let output = service.print(&station, &["--out", "labels.pdf", "--json"]);
    let ready = &events(&output)[0];
    assert_eq!((&ready["mode"], &ready["station"]), (&"service".into(), &"ST-01".into()));
    assert_eq!(ready["sandbox"]["layers"]["seccomp"], "on");
    assert!(!station.path("station.key.state").exists(), "the service keeps the state, not the host");
    let doctor = station.run(&["doctor", "--json", "--component", &service.place()]);
    assert!(doctor.status.success());
    let doctor = &events(&doctor)[0];
    assert_eq!((&doctor["mode"], &doctor["station"]), (&"service".into(), &"ST-01".into()));
    assert_eq!(doctor["separate_user"], false, "service and host are one user in this test");
    let doctor = station.run(&["doctor", "--component", &service.place()]);
    assert!(said(&doctor).contains("promises no more than library mode"), "{}", said(&doctor));
}

#[test]
fn what_the_service_decides_is_not_for_the_host_to_say() {
    let station = Station::new();
    station.seal(&orders(1, 3), &[]);
    let service = Service::start(&station, &[]);
    for option in [
        &["--key", "station.key"][..],
        &["--trust", "issuer.key.pub"],
        &["--status-policy", "off"],
        &["--state", "s"],
        &["--ask-passphrase"],
        &["--dangerous-without-sandbox"],
    ] {
        let output = service.print(&station, &[option, &["--out", "no.pdf"]].concat());
        assert_eq!(output.status.code(), Some(2), "{option:?}: {}", said(&output));
        assert!(said(&output).contains("does not go with a service"), "{}", said(&output));
    }
    for command in [&["demo"][..], &["keygen", "station", "--id", "S", "--merchant", "M", "--out", "k"]] {
        let output = station.run(&[command, &["--component", &service.place()]].concat());
        assert_eq!(output.status.code(), Some(2), "{command:?}: {}", said(&output));
    }
    assert!(!station.path("no.pdf").exists());
}

#[test]
fn the_time_is_the_service_s_own() {
    let station = Station::new();
    station.seal(&orders(1, 3), &["--expires", "1m"]);
    let sealed = station.read("orders.sealed.jsonl");
    let sealed = sealed.trim_ascii_end();
    let service = Service::start(&station, &[]);
    let printed = |host: &mut Host, now| {
        let first = |answer: Answer<'_>| match answer {
            Answer::Labels { labels, .. } => match labels[0] {
                LabelAnswer::Done { .. } => None,
                LabelAnswer::Failed(failure) => Some(failure.code),
            },
            other => panic!("{other:?}"),
        };
        host.print(sealed, now, first).unwrap()
    };
    let mut host = service.connect();
    host.template();
    // A host that says it is the year 2100, or 1970, changes nothing.
    assert_eq!(printed(&mut host, 4_102_444_800), None);
    assert_eq!(printed(&mut host, 0), None);
    let told = host.ask(&Request::State { now: 4_102_444_800 }, |answer| match answer {
        Answer::State(state) => (state.state.is_empty(), state.time < 4_000_000_000),
        other => panic!("{other:?}"),
    });
    assert_eq!(told, Ok((true, true)), "the state is kept by the service");
    // The service saw a later time once: what has expired by then stays expired, whatever its clock says now.
    drop(host);
    service.wait_for("2 labels");
    let time = service.state("time");
    let later = std::fs::read_to_string(&time).unwrap().trim().parse::<u64>().unwrap() + 3600;
    let mut service = service;
    service.end();
    std::fs::write(&time, format!("{later}\n")).unwrap();
    let service = service.restart(&station, &[]);
    let mut host = service.connect();
    host.template();
    assert_eq!(printed(&mut host, 0), Some(Code::Expired));
}
