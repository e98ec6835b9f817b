//! Plants unmistakable hidden parts in orders, prints them, and looks for them wherever they must not be: in the PDF
//! (streams inflated, text extracted), in pictures, on standard output and standard error, and in the whole memory of
//! the program that prints. Each search has a control that proves that it finds what is there.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::print_stdout)] // the tests start the programs, and say how much was searched

mod common;

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use common::{Station, pdf, print_arguments, said};
use memchr::memmem;
use miandan_render::frame::FaceId;
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

/// The forms in which a text could lie about: as it is, in UTF-16, in hexadecimal, in base64 at each of its three
/// alignments, and as a run of the character ids with which a label is drawn.
fn forms(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = || text.encode_utf16();
    let face = FaceId::Regular.face();
    let ids: Vec<u16> = text.chars().filter_map(|character| face.cid(character)).collect();
    assert_eq!(ids.len(), text.chars().count(), "{text} can be drawn");
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let drawn: String = ids.iter().map(|id| format!("{id:04X}")).collect();
    let mut forms = vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16, little endian", utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16, big endian", utf16().flat_map(u16::to_be_bytes).collect()),
        ("hexadecimal", hex.into_bytes()),
        ("character ids, big endian", ids.iter().flat_map(|id| id.to_be_bytes()).collect()),
        ("character ids, little endian", ids.iter().flat_map(|id| id.to_le_bytes()).collect()),
        ("character ids, hexadecimal", drawn.into_bytes()),
    ];
    for skip in 0..3 {
        // Whole groups of three bytes only: their four letters do not depend on what stands around.
        let bytes = &text.as_bytes()[skip..];
        forms.push(("base64", base64(&bytes[..bytes.len() / 3 * 3])));
    }
    forms
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let group = |bytes: &[u8]| {
        let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        [18, 12, 6, 0].map(|shift| LETTERS[(bits >> shift) as usize & 63])
    };
    bytes.chunks_exact(3).flat_map(group).collect()
}

/// What is looked for: every form of every planted part, long enough not to occur by chance.
struct Needles(Vec<(String, Vec<u8>)>);

impl Needles {
    fn new(parts: &[&str]) -> Self {
        let named = |text: &str| {
            let text = text.to_owned();
            forms(&text)
                .into_iter()
                .map(move |(form, bytes)| (format!("{text} as {form}"), bytes))
                .collect::<Vec<_>>()
        };
        Needles(parts.iter().flat_map(|part| named(part)).filter(|(_, bytes)| bytes.len() >= 6).collect())
    }

    fn found<'n>(&'n self, haystack: &[u8]) -> Vec<&'n str> {
        let hit = |(name, bytes): &'n (String, Vec<u8>)| memmem::find(haystack, bytes).map(|_| name.as_str());
        self.0.iter().filter_map(hit).collect()
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
        wait_until_blocked(&mut host);
        let memory = memory_of(host.id());
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
    wait_until_blocked(&mut platform);
    let found = needles.found(&memory_of(platform.id()));
    for part in PLANTED.parts() {
        assert!(found.contains(&format!("{part} as UTF-8").as_str()), "{part} was not found: {found:?}");
    }
    platform.kill().unwrap();
    platform.wait().unwrap();
}

/// Waits until every thread of a program sleeps.
fn wait_until_blocked(child: &mut Child) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut quiet = 0;
    while quiet < 5 {
        assert!(Instant::now() < deadline, "the program does not come to rest");
        std::thread::sleep(Duration::from_millis(10));
        if child.try_wait().unwrap().is_some() {
            return;
        }
        let tasks = fs::read_dir(format!("/proc/{}/task", child.id())).unwrap();
        let states = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok());
        let asleep = states.into_iter().all(|stat| {
            stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with(['S', 'D', 'Z']))
        });
        quiet = if asleep { quiet + 1 } else { 0 };
    }
}

/// Every readable byte of a process.
fn memory_of(process: u32) -> Vec<u8> {
    let Ok(maps) = fs::read_to_string(format!("/proc/{process}/maps")) else { return Vec::new() };
    let Ok(memory) = File::open(format!("/proc/{process}/mem")) else { return Vec::new() };
    let mut bytes = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, permissions) = (words.next().unwrap(), words.next().unwrap());
        if !permissions.starts_with('r') || line.ends_with("[vvar]") || line.ends_with("[vvar_vclock]") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let (start, end) = (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        let place = bytes.len();
        bytes.resize(place + (end - start) as usize, 0);
        // A region that vanishes while it is read has nothing more to tell.
        if memory.read_exact_at(&mut bytes[place..], start).is_err() {
            bytes.truncate(place);
        }
    }
    bytes
}
