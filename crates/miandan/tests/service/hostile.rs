//! Hosts that do what none should: garbage, halves, silence; and a component that dies.

use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use miandan_testing::Random;

use crate::common::service::{Host, PATIENCE, Service};
use crate::common::{Station, orders, said};

fn prints(service: &Service, station: &Station) {
    let output = service.print(station, &["--out", "labels.pdf", "--workers", "1"]);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn garbage_ends_the_connection_that_brought_it() {
    let station = Station::new();
    station.seal(&orders(3, 3), &[]);
    let mut service = Service::start(&station, &["--max-connections", "64", "--max-per-user", "64"]);
    let mut random = Random(7);
    for round in 0..60 {
        let mut host = service.connect();
        let length = 1 + random.below(300);
        let mut bytes: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
        if round % 3 > 0 {
            // A frame of the right length, and then of a kind that exists.
            bytes.splice(0..0, (length as u32).to_le_bytes());
            bytes[4] = if round % 3 == 1 { bytes[4] } else { (round % 5) as u8 };
        } else {
            // A length of more than a request may have.
            bytes.splice(0..0, [255, 255, 255, 128 | bytes[0]]);
        }
        host.write(&bytes);
        let _ = host.stream.shutdown(std::net::Shutdown::Write);
        // Whatever the answer to what happens to be a request, the end comes.
        while !host.is_closed() {}
    }
    assert!(service.child.try_wait().unwrap().is_none(), "the service lives");
    prints(&service, &station);
}

#[test]
fn who_is_silent_slow_or_deaf_loses_the_connection_and_keeps_nobody_waiting() {
    let station = Station::new();
    station.seal(&orders(3, 3), &[]);
    let service =
        Service::start(&station, &["--idle", "2", "--max-connections", "40", "--max-per-user", "40"]);
    let began = Instant::now();
    let mut silent = service.connect();
    let mut half = service.connect();
    half.write(&[100, 0]);
    // Thirty that never even read what they are told.
    let deaf: Vec<_> = (0..30).map(|_| UnixStream::connect(service.socket()).unwrap()).collect();
    prints(&service, &station);
    assert!(silent.is_closed() && began.elapsed() < PATIENCE, "closed after 2 seconds of silence");
    service.wait_for("the host took too long");
    for stream in deaf {
        let mut host = Host::new(stream);
        while !host.is_closed() {}
    }
    // A frame that never comes to its end has 30 seconds; the other side of the pipe is free before that.
    drop(half);
    prints(&service, &station);
}

#[test]
fn a_component_that_is_killed_costs_its_host_one_block_and_nobody_else_anything() {
    let station = Station::new();
    station.seal(&orders(600, 3), &[]);
    let service = Service::start(&station, &[]);
    let other = service.connect();
    let place = service.place();
    let arguments =
        ["print", "orders.sealed.jsonl", "--component", &place, "--workers", "2", "--out", "l.pdf"];
    let mut command = station.command(&arguments);
    let host = thread::spawn(move || command.output().unwrap());
    let began = Instant::now();
    while service.components().len() < 2 {
        assert!(began.elapsed() < PATIENCE, "the host has no component");
        thread::sleep(Duration::from_millis(1));
    }
    thread::sleep(Duration::from_millis(10));
    // The first is that of the other host.
    if let Some(&component) = service.components().get(1) {
        kill(component);
    }
    let output = host.join().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(station.print(&["--out", "library.pdf"]).status.success());
    assert_eq!(station.read("l.pdf"), station.read("library.pdf"));
    let mut other = other;
    other.template();
    // One that dies between two requests: its host hears the end, and the next connection is served.
    kill(service.components()[0]);
    other.write(&[9, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert!(other.is_closed());
    service.wait_for("the component ended over a request");
    service.connect().template();
}

fn kill(component: i32) {
    let process = nix::unistd::Pid::from_raw(component);
    let _ = nix::sys::signal::kill(process, nix::sys::signal::SIGKILL);
}

#[test]
fn when_the_service_ends_so_do_its_components() {
    let station = Station::new();
    let mut service = Service::start(&station, &[]);
    let mut host = service.connect();
    let components = service.components();
    assert_eq!(components.len(), 1);
    service.end();
    assert!(host.is_closed());
    let began = Instant::now();
    while std::path::Path::new(&format!("/proc/{}", components[0])).exists() {
        assert!(began.elapsed() < PATIENCE, "the component lives on");
        thread::sleep(Duration::from_millis(5));
    }
}
