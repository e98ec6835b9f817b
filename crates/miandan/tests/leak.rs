//! Plants unmistakable hidden parts in orders, prints them, and looks for them wherever they must not be: in the PDF
//! (streams inflated, text extracted), in pictures, on standard output and standard error, and in the whole memory of
//! the program that prints. Each search has a control that proves that it finds what is there.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::print_stdout)] // the tests start the programs, and say how much was searched

mod common;

use std::io::Read;
use std::process::Stdio;

use common::{Station, pdf, print_arguments, said};
use memchr::memmem;
use miandan_testing::{Needles, memory};
use serde_json::{Value, json};

/// The parts that a label hides. No two orders of this test differ in them.
#[derive(Clone, Copy)]
struct Hidden {
    recipient_name: &'static str,
    sender_name: &'static str,
    recipient_mobile: &'static str,
    sender_mobile: &'static str,
    landline: &'static str,
    unit: &'static str,
    room: &'static str,
    sender_room: &'static str,
    account: &'static str,
    email: &'static str,
    identity: &'static str,
}

const PLANTED: Hidden = Hidden {
    recipient_name: "阳隐匿甲",
    sender_name: "徒遮蔽乙",
    recipient_mobile: "1270918",
    sender_mobile: "1280827",
    landline: "083746",
    unit: "70605041",
    room: "91827364",
    sender_room: "64738291",
    account: "acct_planted_hidden",
    email: "planted.hidden@example.com",
    identity: "000000190001017777",
};

/// Other hidden parts of the same lengths.
const OTHER: Hidden = Hidden {
    recipient_name: "甲乙丙丁",
    sender_name: "戊己庚辛",
    recipient_mobile: "1291111",
    sender_mobile: "1292222",
    landline: "044444",
    unit: "12121212",
    room: "34343434",
    sender_room: "56565656",
    account: "somebody_else_0001",
    email: "somebody@example.org",
    identity: "000000190002020000",
};

impl Hidden {
    fn parts(self) -> Vec<&'static str> {
        let Hidden { recipient_name, sender_name, recipient_mobile, sender_mobile, landline, .. } = self;
        let Hidden { unit, room, sender_room, account, email, identity, .. } = self;
        vec![
            recipient_name,
            sender_name,
            recipient_mobile,
            sender_mobile,
            landline,
            unit,
            room,
            sender_room,
            account,
            email,
            identity,
        ]
    }

    /// An order whose shown parts are those of every order with this number.
    fn order(self, number: u32) -> Value {
        let region =
            json!({"province": "浙江省", "city": "杭州市", "district": "西湖区", "town": "古荡街道"});
        let party = |fields: Value| {
            let mut party = region.clone();
            party.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            party
        };
        json!({
            "order_id": format!("LEAK{number:08}"),
            "waybill_no": format!("YT{number:013}"),
            "carrier": "YTO",
            "recipient": party(json!({
                "name": format!("欧{}", self.recipient_name),
                "mobile": format!("{}{:04}", self.recipient_mobile, number % 10_000),
                "phone": format!("0571-{}21", self.landline),
                "detail": format!("望春路90号栖霞花园17号楼{}单元{}室", self.unit, self.room),
            })),
            "sender": party(json!({
                "name": format!("司{}", self.sender_name),
                "mobile": format!("{}5510", self.sender_mobile),
                "detail": format!("工业路3号{}室", self.sender_room),
            })),
            "buyer": {"account": self.account, "email": self.email, "idcard": self.identity},
            "routing": {"code": "356-01-02 F3", "consolidation_name": "杭州西湖集", "consolidation_code": "571A"},
            "service": "标准快递",
            "parcel": {"weight_g": 1200, "index": 1, "count": 1},
            "items": [{"name": "保温杯 500ml", "sku": "CUP-500", "count": 2}],
            "consent": {"ref": format!("C{number:08}"), "epoch": 1},
        })
    }

    fn orders(self, count: u32) -> Vec<Value> {
        (1..=count).map(|number| self.order(number)).collect()
    }
}

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
