//! How often an order may be printed: the service keeps count, whoever prints and however often it is started.

use std::fs;
use std::process::Stdio;

use crate::common::service::Service;
use crate::common::{Station, events, orders, said};

fn codes(output: &std::process::Output) -> Vec<String> {
    let failed = events(output).into_iter().filter(|event| event["event"] == "failed");
    failed.map(|event| event["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_order_is_printed_as_often_as_its_issuer_signed() {
    let station = Station::new();
    station.seal(&orders(70, 3), &["--max-prints", "2"]);
    let service = Service::start(&station, &[]);
    let print = |service: &Service, target: &[&str]| service.print(&station, &[target, &["--json"]].concat());
    // To look at a label is not to print it.
    let place = service.place();
    let preview = ["preview", "orders.sealed.jsonl", "--component", &place, "--out", "preview.pdf"];
    for _ in 0..3 {
        station.done(&preview);
    }
    assert_eq!(codes(&print(&service, &["--out", "1.pdf"])), [""; 0]);
    let service = service.restart(&station, &[]);
    assert_eq!(codes(&print(&service, &["--dir", "2"])), [""; 0], "as pictures it counts too");
    let service = service.restart(&station, &[]);
    let output = print(&service, &["--out", "3.pdf"]);
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(codes(&output), ["PRINT_LIMIT"; 70]);
    assert!(!station.path("3.pdf").exists());
    let output = service.print(&station, &["--out", "3.pdf"]);
    assert!(said(&output).contains("PRINT_LIMIT") && said(&output).contains("hint: "), "{}", said(&output));
    // Another batch with the same orders has counts of its own: an issuer that seals again means it.
    station.seal(&orders(70, 3), &["--max-prints", "1"]);
    assert_eq!(codes(&print(&service, &["--out", "4.pdf"])), [""; 0]);
}

#[test]
fn what_has_no_limit_is_not_counted() {
    let station = Station::new();
    station.seal(&orders(5, 3), &[]);
    let service = Service::start(&station, &[]);
    for _ in 0..3 {
        assert!(service.print(&station, &["--out", "labels.pdf"]).status.success());
    }
    assert_eq!(fs::read_to_string(service.state("counts")).unwrap().lines().count(), 1);
}

#[test]
fn hosts_that_race_for_the_last_print_do_not_all_get_it() {
    let station = Station::new();
    station.seal(&orders(40, 3), &["--max-prints", "1"]);
    let service = Service::start(&station, &[]);
    let place = service.place();
    let hosts: Vec<_> = (0..6)
        .map(|number| {
            let file = format!("{number}.pdf");
            let arguments = ["print", "orders.sealed.jsonl", "--component", &place, "--workers", "1"];
            let mut command = station.command(&[&arguments[..], &["--out", &file, "--json"]].concat());
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let outputs: Vec<_> = hosts.into_iter().map(|host| host.wait_with_output().unwrap()).collect();
    let printed: Vec<_> = outputs
        .iter()
        .flat_map(events)
        .filter(|event| event["event"] == "label")
        .map(|event| event["index"].as_u64().unwrap())
        .collect();
    let mut distinct = printed.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!((printed.len(), distinct.len()), (40, 40), "each once, by whichever host");
    assert!(outputs.iter().flat_map(codes).all(|code| code == "PRINT_LIMIT"));
}
