//! More hosts than there are places.

use miandan_core::Code;
use miandan_core::pipe::Answer;
use std::os::unix::net::UnixStream;

use crate::common::service::{Host, Service};
use crate::common::{Station, orders, said};

#[test]
fn a_batch_with_more_workers_than_places_is_printed_by_those_that_have_one() {
    let station = Station::new();
    station.seal(&orders(100, 3), &[]);
    let service = Service::start(&station, &["--max-connections", "2"]);
    let output = service.print(&station, &["--out", "labels.pdf", "--workers", "8"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("100"), "{}", said(&output));
}

#[test]
fn who_finds_no_place_is_told_so_and_the_place_is_free_again_later() {
    let station = Station::new();
    station.seal(&orders(3, 3), &[]);
    let service = Service::start(&station, &["--max-connections", "3", "--max-per-user", "2"]);
    let (first, second) = (service.connect(), service.connect());
    let mut third = Host::new(UnixStream::connect(service.socket()).unwrap());
    let refused = third.read(|answer| matches!(answer, Answer::Refused { code: Code::Limit, .. }));
    assert_eq!(refused, Ok(true));
    let output = service.print(&station, &["--out", "no.pdf"]);
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(
        said(&output).contains("LIMIT") && said(&output).contains("--max-connections"),
        "{}",
        said(&output)
    );
    service.wait_for("turned away");
    drop((first, second));
    assert!(service.print(&station, &["--out", "labels.pdf"]).status.success());
}
