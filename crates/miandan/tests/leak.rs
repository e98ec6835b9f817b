//! Plants unmistakable hidden parts in orders, prints them, and looks for them wherever they must not be: in the PDF
//! (streams inflated, text extracted), in pictures, on standard output and standard error, and in the whole memory of
//! the program that prints. Each search has a control that proves that it finds what is there.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::print_stdout)] // the tests start the programs, and say how much was searched

mod common;

use std::io::Read;
use std::process::Stdio;

use common::planted::{OTHER, PLANTED};
use common::{Station, pdf, print_arguments, said};
use memchr::memmem;
use miandan_testing::{Needles, memory};
use serde_json::json;

#[test]
fn hidden_parts_are_not_in_the_pdf() {
    let station = Station::new();
    station.seal(&PLANTED.orders(200), &[]);
    let output = station.print(&["--out", "labels.pdf"]);
    assert!(output.status.success(), "{}", said(&output));
    let needles = Needles::new(&PLANTED.parts());
    let file = station.read("labels.pdf");
    let pages = pdf::pages(&file);
    assert_eq!(pages.len(), 200);
    assert_eq!(needles.found(&file), [""; 0]);
    for stream in pdf::streams(&file) {
        assert_eq!(needles.found(&stream), [""; 0]);
    }
    for page in &pages {
        assert_eq!(needles.found(page.as_bytes()), [""; 0]);
    }
    // The controls: what is shown is found, by the same search, in the extracted text and in the inflated streams.
    let shown = Needles::new(&["栖霞花园17号楼", "标准快递"]);
    assert!(pages.iter().all(|page| shown.found(page.as_bytes()).len() == 2), "{}", pages[0]);
    let drawn = pdf::streams(&file).iter().flat_map(|stream| shown.found(stream)).count();
    assert!(drawn >= 200, "{drawn}");
    // And every hidden part is there as stars.
    for page in &pages {
        let page: String = page.chars().filter(|character| !character.is_whitespace()).collect();
        for expected in ["欧****", "司****", "17号楼********单元********室", "*******5510"] {
            assert!(page.contains(expected), "{expected} is not on {page}");
        }
    }
}

#[test]
fn hidden_parts_have_no_influence_on_a_label() {
    let (planted, other) = (Station::new(), Station::new());
    planted.seal(&PLANTED.orders(40), &[]);
    other.seal(&OTHER.orders(40), &[]);
    for station in [&planted, &other] {
        for target in [["--out", "labels.pdf"], ["--dir", "labels"]] {
            let output = station.print(&target);
            assert!(output.status.success(), "{}", said(&output));
        }
    }
    assert!(planted.read("labels.pdf") == other.read("labels.pdf"), "the PDFs differ");
    for name in common::list(&planted.path("labels")) {
        let name = format!("labels/{name}");
        assert!(planted.read(&name) == other.read(&name), "{name} differs");
    }
    // The control: what is shown does have an influence.
    other.seal(&OTHER.orders(41)[1..], &[]);
    assert!(other.print(&["--out", "labels.pdf"]).status.success());
    assert!(planted.read("labels.pdf") != other.read("labels.pdf"));
}

#[test]
fn hidden_parts_are_not_in_pictures() {
    let station = Station::new();
    station.seal(&PLANTED.orders(5), &[]);
    assert!(station.print(&["--dir", "labels"]).status.success());
    let needles = Needles::new(&PLANTED.parts());
    for name in common::list(&station.path("labels")) {
        let file = station.read(&format!("labels/{name}"));
        assert_eq!(needles.found(&file), [""; 0]);
        let mut picture = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        assert_eq!(picture.info().uncompressed_latin1_text.len() + picture.info().utf8_text.len(), 0);
        let mut bits = vec![0; picture.output_buffer_size().unwrap()];
        picture.next_frame(&mut bits).unwrap();
        assert_eq!(needles.found(&bits), [""; 0]);
    }
}

#[test]
fn hidden_parts_are_not_in_what_the_program_says() {
    let station = Station::new();
    let mut orders = PLANTED.orders(30);
    // Orders that fail say so, and a message is where content leaks first.
    orders[3]["recipient"]["org"] = json!("≒阳隐匿甲");
    orders[4]["recipient"].as_object_mut().unwrap().remove("name");
    orders[5]["recipient"]["name"] = json!("≒");
    station.seal(&orders, &[]);
    let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
    station.write("orders.sealed.jsonl", sealed.replacen("\"h\":\"", "\"h\":\"A", 1).as_bytes());
    let needles = Needles::new(&PLANTED.parts());
    for options in [&["--json"][..], &[], &["--lang", "zh"], &["--quiet"]] {
        let output = station.print(&[&["--out", "labels.pdf"], options].concat());
        assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        assert_eq!(needles.found(&output.stdout), [""; 0]);
        assert_eq!(needles.found(&output.stderr), [""; 0]);
        assert!(!said(&output).contains('≒'), "{}", said(&output));
    }
    let output = station.run(&["inspect", "orders.sealed.jsonl"]);
    assert_eq!(needles.found(said(&output).as_bytes()), [""; 0]);
    assert!(said(&output).contains("LEAK00000009"), "the control: what is clear in an order is said");
}

#[test]
fn hidden_parts_are_not_in_the_memory_of_the_host() {
    let station = Station::new();
    station.seal(&PLANTED.orders(3000), &[]);
    let sealed = station.read("orders.sealed.jsonl");
    let needles = Needles::new(&PLANTED.parts());

    // The program waits whenever nobody reads its output, and holds still while it is searched.
    let arguments = print_arguments(&["--out", "-", "--workers", "2"]);
    let mut host = station.command(&arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = host.stdout.take().unwrap();
    let (mut printed, mut scanned, mut scans) = (Vec::new(), 0, 0);
    let mut saw_orders = false;
    let mut part = vec![0; 1 << 20];
    loop {
        let count = output.read(&mut part).unwrap();
        if count == 0 {
            break;
        }
        printed.extend_from_slice(&part[..count]);
        if printed.len() < scans * (1 << 19) {
            continue;
        }
        scans += 1;
        memory::wait_until_asleep(host.id());
        // Nothing to search once it has ended.
        let memory = memory::of(host.id()).unwrap_or_default();
        assert_eq!(needles.found(&memory), [""; 0]);
        scanned += memory.len();
        // A control: sealed orders do pass through the host, and the search sees them.
        saw_orders |= sealed
            .split(|&byte| byte == b'\n')
            .any(|line| line.len() > 200 && memmem::find(&memory, &line[line.len() - 200..]).is_some());
    }
    assert!(host.wait().unwrap().success());
    assert_eq!(pdf::pages(&printed).len(), 3000);
    assert!(scans >= 3 && saw_orders, "{scans} scans");
    println!("scanned {scanned} bytes of the host in {scans} scans");

    // The control that matters: the program that seals does hold the clear text, and the same search finds all of it.
    let seal =
        ["seal", "orders.jsonl", "--issuer", "issuer.key", "--to", "station.key.pub", "--merchant", "SHOP-1"];
    let mut platform = station.command(&[&seal[..], &["-o", "-"]].concat());
    let mut platform = platform.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    memory::wait_until_asleep(platform.id());
    let memory = memory::of(platform.id()).unwrap();
    let found = needles.found(&memory);
    for part in PLANTED.parts() {
        assert!(found.contains(&format!("{part} as UTF-8").as_str()), "{part} was not found: {found:?}");
    }
    platform.kill().unwrap();
    platform.wait().unwrap();
}
