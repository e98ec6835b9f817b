//! What `--json` says is what docs/json.md says: every event and every member that occurs is documented, every one that
//! is documented occurs, and none of it depends on the language.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Output, Stdio};

use common::cups::{self, Queue};
use common::{Station, orders, print_arguments, said, with_input};
use miandan_core::Code;
use miandan_render::image;
use miandan_testing::device::{Event, Script, SimulatedPrinter, Speech};
use serde_json::{Value, json};

/// Words of errors that cannot be provoked here.
const NOT_PROVOKED: &[(&str, &str)] =
    &[("INTERRUPTED", "takes a signal at the right moment: tests/bad_input.rs")];

#[test]
fn json_is_as_documented() {
    let mut said = Collector::new();
    print(&mut said);
    seal(&mut said);
    keys(&mut said);
    lists(&mut said);
    deliveries(&mut said);
    watched(&mut said);
    journals(&mut said);
    labels(&mut said);
    printers(&mut said);
    others(&mut said);
    errors(&mut said);
    said.compare();
}

fn print(said: &mut Collector) {
    let station = Station::new();
    let mut orders = orders(4, 1);
    // A field that is missing, and a character that no font has.
    orders[1]["recipient"].as_object_mut().unwrap().remove("name");
    orders[2]["sender"]["org"] = json!("≒某某商行");
    // An address that the rules do not read.
    orders[3]["recipient"]["detail"] = json!("улица 5");
    station.seal(&orders, &[]);
    let mut sealed = station.read("orders.sealed.jsonl");
    let first = sealed.split(|&byte| byte == b'\n').next().unwrap().to_vec();
    sealed.extend([b"not an order\n", &first[..]].concat());
    station.write("orders.sealed.jsonl", &sealed);
    said.run(&station, &print_arguments(&["--out", "labels.pdf"]), 4);
    // A barcode without room for modules of the usual width.
    let narrow = "<page width=\"60\" height=\"40\"><barcode width=\"45\" height=\"9\" type=\"code128\" value=\"MD7000000000012\"/></page>";
    station.write("narrow.xml", narrow.as_bytes());
    said.run(&station, &print_arguments(&["--out", "narrow.pdf", "--template", "narrow.xml"]), 4);
    said.run(&station, &["plan", "orders.sealed.jsonl"], 4);
    said.run(&station, &["plan", "orders.sealed.jsonl", "--out", "labels.pdf"], 4);
    said.run(&station, &["inspect", "orders.sealed.jsonl"], 4);
    // No command says how often an order may be printed; issuers with software of their own do.
    station.write("limited.jsonl", include_bytes!("transcripts/inspect.in/orders.sealed.jsonl"));
    said.run(&station, &["inspect", "limited.jsonl"], 0);
    said.run(&station, &["plan", "limited.jsonl"], 4);

    station.write("withdrawn.jsonl", format!("{}\n", orders[0]["consent"]).as_bytes());
    said.run(
        &station,
        &["sign", "status", "withdrawn.jsonl", "--issuer", "issuer.key", "-o", "status.json"],
        0,
    );
    said.run(&station, &print_arguments(&["--dir", "labels", "--status-list", "status.json"]), 4);
    let mut preview = print_arguments(&["--out", "preview.pdf", "--status-policy", "warn"]);
    preview[0] = "preview";
    said.run(&station, &preview, 4);
    // A template whose code never ends.
    station.write("endless.xml", b"<page width='76' height='130'>\n<% for (;;) { } %></page>");
    said.run(&station, &print_arguments(&["--template", "endless.xml", "--out", "endless.pdf"]), 4);
    station.write("orders.sealed.jsonl", b"not an order\n");
    said.run(&station, &print_arguments(&["--out", "none.pdf"]), 3);
    said.run(&station, &["demo", "--count", "1", "--out", "demo"], 0);
}

fn seal(said: &mut Collector) {
    let station = Station::new();
    let good = orders(2, 2);
    let array = Value::from(good.clone()).to_string();
    let map = ["--map", "map.toml"];
    station.write("map.toml", b"[columns]\nparcel.count = \"how.many\"\n");
    let order = "{\"order_id\":\"1\",\"waybill_no\":\"2\",\"carrier\":\"YTO\"";
    for (name, text, options, exit) in [
        ("good.json", array, &[][..], 0),
        ("bad.csv", "order_id,waybill_no,carrier\n1,,YTO\n2,2,YTO,more\n".to_owned(), &[], 3),
        ("bad.jsonl", format!("{order}}}\n{order},\"what\":1}}\n{{"), &[], 3),
        ("member.jsonl", format!("{order},\"how\":{{\"many\":\"x\"}}}}"), &map, 3),
        ("element.json", format!("[{order}, \"waybill_no\":\"2\"}}]"), &map, 3),
    ] {
        station.write(name, text.as_bytes());
        let seal = ["seal", name, "--issuer", "issuer.key", "--to", "station.key.pub"];
        said.run(
            &station,
            &[&seal[..], &["--merchant", "SHOP-1", "-o", "sealed.jsonl"], options].concat(),
            exit,
        );
    }
}

fn keys(said: &mut Collector) {
    let station = Station::new();
    fs::create_dir(station.path("ring")).unwrap();
    let keygen = ["keygen", "station", "--id", "ST-02", "--merchant", "SHOP-1", "--no-passphrase"];
    let made = said.run(&station, &[&keygen[..], &["--out", "ring/first.key"]].concat(), 0);
    let kid = common::events(&made)[0]["kid"].as_str().unwrap().to_owned();
    said.run(&station, &["keys", "add", "ring", "--no-passphrase", "--expires", "65d"], 0);
    said.run(&station, &["keys", "list", "ring"], 0);
    said.run(&station, &["keys", "retire", "ring", &kid], 0);
    said.run(&station, &["keys", "retire", "ring", &kid, "--delete"], 2);
    said.run(&station, &["keys", "retire", "ring", &kid, "--now"], 0);
    said.run(&station, &["keys", "retire", "ring", &kid, "--delete"], 0);
    said.run(&station, &["keygen", "carrier", "--id", "YTO", "--out", "carrier.key", "--no-passphrase"], 0);
    said.run(&station, &["keygen", "issuer", "--id", "platform", "--out", "issuer.key"], 2);
}

fn lists(said: &mut Collector) {
    let station = Station::new();
    station.done(&["keygen", "carrier", "--id", "YTO", "--out", "carrier.key", "--no-passphrase"]);
    let issuer = ["--issuer", "issuer.key", "-o", "list.json"];
    said.run(&station, &[&["sign", "stations", "--station", "station.key.pub"], &issuer[..]].concat(), 0);
    said.run(&station, &[&["sign", "carriers", "--carrier", "carrier.key.pub"], &issuer[..]].concat(), 0);
    station.done(&["keygen", "issuer", "--id", "other", "--out", "other.key"]);
    let limits = ["--merchant", "SHOP-1", "--expires", "90d"];
    said.run(&station, &[&["trust", "add", "trust.json", "issuer.key.pub"], &limits[..]].concat(), 0);
    // No command gives a trust list this time; an issuer that prepares a key does.
    let list = String::from_utf8(station.read("trust.json")).unwrap();
    station.write("trust.json", list.replacen("\"exp\":", "\"nbf\":1800000000,\"exp\":", 1).as_bytes());
    let added = said.run(&station, &["trust", "add", "trust.json", "other.key.pub"], 0);
    said.run(&station, &["trust", "list", "trust.json"], 0);
    let kid = common::events(&added)[0]["kid"].as_str().unwrap().to_owned();
    said.run(&station, &["trust", "remove", "trust.json", &kid], 0);
}

/// Batches through the journal: to printers that are well, that cannot be asked, that die or are not there, and to files.
fn deliveries(said: &mut Collector) {
    let station = Station::new();
    let orders = orders(6, 1);
    station.seal(&orders, &[]);
    let mut twice = station.read("orders.sealed.jsonl");
    let first = twice.split(|&byte| byte == b'\n').next().unwrap().to_vec();
    twice.extend([b"not an order\n", &first[..]].concat());
    station.write("orders.sealed.jsonl", &twice);
    let (well, dying) = (Script::well(Speech::Tspl).printing_for(40), Event::Reset(200_000));
    let printer = SimulatedPrinter::start(well.clone()).unwrap();
    let keys = ["--key", "station.key", "--trust", "issuer.key.pub"];
    let to = |journal: &'static str| ["--profile", "tsc", "--journal", journal, "--printer"];
    let uri = printer.uri();
    let print = |more: &[&str]| print_arguments(more).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let run = |said: &mut Collector, arguments: Vec<String>, exit: i32| {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        said.run(&station, &arguments, exit);
    };
    run(said, print(&[&to("a.db")[..], &[&uri, "--batch", "morning"]].concat()), 4);
    run(said, print(&[&to("a.db")[..], &[&uri]].concat()), 7);
    plans(said, &station, &orders, &uri);
    let reprint = |number: &str, printer: &str| {
        let again =
            ["reprint", "morning", number, "--reason", "R", "--journal", "a.db", "--printer", printer];
        [&again[..], &keys].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    run(said, reprint("002", &uri), 0);
    // A printer that cannot be asked.
    run(said, print(&["--profile", "xprinter", "--journal", "b.db", "--printer", "file:/dev/null"]), 4);
    let dying = SimulatedPrinter::start(well.with(dying)).unwrap();
    run(said, print(&[&to("c.db")[..], &[&dying.uri(), "--batch", "dead"]].concat()), 5);
    run(
        said,
        [&["resume", "dead", "--journal", "c.db"][..], &keys]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        2,
    );
    let gone = "socket://127.0.0.1:9";
    run(said, print(&[&to("d.db")[..], &[gone, "--patience", "2s"]].concat()), 5);
    run(said, print(&[&to("d.db")[..], &[gone]].concat()), 7);
    run(said, print(&["--out", "labels.pdf", "--journal", "e.db"]), 4);
    // Other goods under the same number.
    let mut changed = orders.clone();
    changed[0]["items"] = json!([{"name": "other goods", "sku": "OTHER", "count": 9}]);
    station.seal(&changed, &[]);
    run(said, print(&[&to("a.db")[..], &[&uri]].concat()), 7);
}

/// A folder that is watched: a file that is printed, and one that ended the program three times.
fn watched(said: &mut Collector) {
    let station = Station::new();
    station.seal(&orders(2, 1), &[]);
    let claim = station.path("in/processing/poison@aaaaaa");
    fs::create_dir_all(&claim).unwrap();
    fs::write(claim.join(".claim"), "{\"attempts\":3}").unwrap();
    fs::write(claim.join("poison.jsonl"), "\n").unwrap();
    fs::rename(station.path("orders.sealed.jsonl"), station.path("in/orders.jsonl")).unwrap();
    let keys = ["--key", "station.key", "--trust", "issuer.key.pub", "--journal", "journal.db"];
    let watch =
        [&["print", "--watch", "in", "--dir", "labels", "--json", "--lang", "zh"][..], &keys].concat();
    let mut command = station.command(&watch);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let program = command.spawn().unwrap();
    let result = station.path("in/done/orders.jsonl.result.json");
    common::wait_for("printed", std::time::Duration::from_secs(60), || result.exists());
    let id = nix::unistd::Pid::from_raw(program.id().cast_signed());
    nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGTERM).unwrap();
    let output = program.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    common::events(&output).iter().for_each(|answer| said.note("print", answer));
}

/// Before and after a batch: where its labels would go, and why they would not.
fn plans(said: &mut Collector, station: &Station, orders: &[Value], uri: &str) {
    let mut more = orders.to_vec();
    for (place, order) in more.iter_mut().enumerate() {
        order["merge_key"] = json!("one consignee");
        if place % 2 == 0 {
            order["waybill_no"] = json!(format!("NEW{place}"));
        }
    }
    // Goods without a name, goods without a number, and an order that names none.
    more[0]["items"] = json!([{"sku": "CUP-500", "count": 1}, {"name": "cup", "count": 2}]);
    more[2].as_object_mut().unwrap().remove("items");
    let lines: Vec<_> = more.iter().map(Value::to_string).collect();
    station.write("more.jsonl", lines.join("\n").as_bytes());
    let seal = ["seal", "more.jsonl", "--issuer", "issuer.key", "--to", "station.key.pub"];
    station.done(&[&seal[..], &["--merchant", "SHOP-1", "--max-prints", "2", "-o", "more.sealed"]].concat());
    let plan = ["plan", "more.sealed", "--profile", "tsc", "--journal"];
    said.run(station, &[&plan[..], &["a.db", "--printer", uri, "--batch", "evening"]].concat(), 7);
    said.run(station, &[&plan[..], &["new.db", "--printer", &format!("OTHER={uri}")]].concat(), 2);
    assert!(!station.path("new.db").exists());
}

fn journals(said: &mut Collector) {
    let day = common::journals::Day::new();
    let station = &day.station;
    said.run(station, &["status"], 3);
    let (batch, waybills) = day.morning();
    // A second one without a name, of which nothing was sent.
    let (_, _) = day.plan(None, 2, 5, common::journals::now());
    let number = batch.number.to_string();
    said.run(station, &["status"], 0);
    said.run(station, &["status", "morning"], 0);
    said.run(station, &["status", &format!("{}-002", &number[..6])], 0);
    said.run(station, &["status", "evening"], 3);
    // Double, foreign, missing, and one that was not printed.
    let scans = [&waybills[1], &waybills[1], "X1", &waybills[5]].map(String::from).join("\n");
    said.run_with(station, &["verify", "morning", "--scans", "-"], &scans, 8);
    let confirm = ["verify", "morning", "--scans", "-", "--confirm", "--operator", "O"];
    said.run_with(station, &confirm, &waybills[1], 8);
    let settle = ["settle", "morning", "003", "--not-printed", "--operator", "O", "--reason", "R"];
    said.run(station, &settle, 0);
    said.run(station, &settle, 2);
    said.run(station, &["status", "morning"], 0);
    said.run(station, &["picklist", "morning"], 0);
    said.run(station, &["picklist", "morning", "--packing"], 0);
    said.run(station, &["picklist", "morning", "--out", "pick.pdf"], 0);
    // A clock that was set back, a row that was edited, and a head of another journal.
    day.plan(None, 1, 6, common::journals::now() - 86_400);
    said.run(station, &["journal", "verify"], 0);
    let old = waybills[0].as_bytes();
    let mut bytes = fs::read(&day.journal).unwrap();
    let places: Vec<_> = (0..bytes.len() - old.len()).filter(|&at| bytes[at..].starts_with(old)).collect();
    // In each table to something else.
    for (change, at) in (1..).zip(places) {
        bytes[at] ^= change;
    }
    fs::write(&day.journal, bytes).unwrap();
    said.run(station, &["journal", "verify"], 4);
}

/// Labels that are drawn already: a number in a code, narrow bars, a phone, and a code that stands at a slant.
fn labels(said: &mut Collector) {
    let station = Station::new();
    let template = "<page width='76' height='130'>\
        <barcode left='3' top='9' width='44' height='9' type='code128' style='hideText:true'>MD7000000000012</barcode>\
        <barcode left='3' top='30' width='30' height='30' type='qrcode'>tel:19900000000</barcode>\
        <text left='3' top='70' width='70' height='8' style='fontSize:14'>1990****000</text></page>";
    station.write("own.xml", template.as_bytes());
    let shown = station.run(&["template", "show", "own.xml", "--out", "own.png", "--dpi", "300"]);
    assert_eq!(shown.status.code(), Some(0), "{}", common::said(&shown));
    said.run(&station, &["label", "check", "own.png"], 4);
    station.write("slanted.bmp", &slanted(&station.read("own.png")));
    said.run(&station, &["label", "check", "slanted.bmp"], 4);
}

/// A picture turned by a tenth about its upper left corner, as a BMP of grey tones.
fn slanted(picture: &[u8]) -> Vec<u8> {
    let picture = image::decode(picture, image::Bounds::of_template(usize::MAX)).unwrap();
    let (width, height) = (picture.width(), picture.height());
    let tone = |x: usize, y: usize| {
        let [from_x, from_y] = [x as f64 + 0.1 * y as f64, y as f64 - 0.1 * x as f64];
        let inside = from_y >= 0.0 && (from_x as usize) < width && (from_y as usize) < height;
        if inside { picture.tones()[from_y as usize * width + from_x as usize] } else { 255 }
    };
    let number = |number: usize| (number as u32).to_le_bytes();
    let stride = width.next_multiple_of(4);
    let mut file = [&b"BM"[..], &number(1078 + stride * height), &[0; 4], &number(1078)].concat();
    file.extend([number(40), number(width), number(height)].concat());
    file.extend([1, 0, 8, 0].into_iter().chain([0; 24]));
    file.extend((0..=255).flat_map(|tone| [tone, tone, tone, 0]));
    for y in (0..height).rev() {
        file.extend((0..stride).map(|x| if x < width { tone(x, y) } else { 255 }));
    }
    file
}

/// Printers that are well, have no paper, are not there, cannot be asked or cannot be used, and one that was only found.
fn printers(said: &mut Collector) {
    let station = Station::new();
    said.run(&station, &["printers"], 0);
    let start = |speech| SimulatedPrinter::start(Script::well(speech)).unwrap();
    let (well, empty) = (start(Speech::Zpl), start(Speech::Tspl));
    empty.take_paper();
    let tables = [
        ("well", well.uri(), "profile = \"zebra\"\ncarriers = [\"SF\"]"),
        ("empty", empty.uri(), "profile = \"tsc\""),
        ("gone", "socket://127.0.0.1:9".to_owned(), "profile = \"tsc\""),
        ("null", "file:/dev/null".to_owned(), ""),
        ("windows", "winspool:Label".to_owned(), ""),
    ];
    let tables =
        tables.map(|(name, uri, more)| format!("[printers.{name}]\nuri = \"{uri}\"\n{more}\n")).concat();
    station.write(
        "miandan.toml",
        format!("printer = \"well\"\n{tables}[templates]\nsf = \"sf.xml\"\n").as_bytes(),
    );
    said.run(&station, &["config", "show"], 0);
    let queues = &[Queue { name: "label", info: "Label printer", state: 3, reason: "none" }];
    let server = cups::start(queues).to_string();
    let mut command = station.command(&["printers", "--json", "--lang", "zh"]);
    let output = command.env("CUPS_SERVER", server).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", common::said(&output));
    common::events(&output).iter().for_each(|answer| said.note("printers", answer));
}

fn others(said: &mut Collector) {
    let station = Station::new();
    said.run(&station, &["doctor"], 0);
    #[cfg(target_os = "linux")]
    said.run(
        &station,
        &["doctor", "--component", &common::service::Service::start(&station, &[]).place()],
        0,
    );
    said.run(&station, &["fonts"], 0);
    said.run_with(&station, &["fonts", "-"], "张三\n😀 張三 😀\n", 4);
    station.write("miandan.toml", b"key = \"station.key\"\nstatus_max_age = \"36h\"\n");
    said.run(&station, &["config", "show"], 0);
    said.run(&station, &["profile", "list"], 0);
    station.write("own.toml", b"language = \"tspl\"\ndpi = 203\nhead_dots = 832\n");
    said.run(&station, &["profile", "show", "own.toml"], 0);
    said.run(&station, &["template", "list"], 0);
    station.write("odd.xml", b"<page width=\"60\" height=\"40\" colour=\"red\"></page>");
    said.run(&station, &["template", "check", "odd.xml"], 0);
    station.write("endless.xml", b"<page width=\"60\" height=\"40\"><% for (;;) { } %></page>");
    said.run(&station, &["template", "check", "endless.xml"], 4);
    let finds = "<page width=\"100\" height=\"150\"><!-- miandan-lint: allow reprint-mark never twice -->\
                 <barcode left=\"2\" top=\"2\" width=\"45\" height=\"12\" type=\"code128\"><%=_data.waybillCode%></barcode>\
                 <barcode left=\"60\" top=\"2\" width=\"30\" height=\"30\" type=\"qrcode\"><%=_data.recipient.name%></barcode></page>";
    station.write("finds.xml", finds.as_bytes());
    said.run(&station, &["template", "check", "finds.xml"], 4);
    station.write("half.xml", b"<page width=\"60\" height=\"40\">");
    said.run(&station, &["template", "check", "half.xml"], 4);
    said.run(&station, &["template", "show", "endless.xml", "--out", "endless.png"], 4);
    station.write("design.json", include_bytes!("../../../fixtures/hiprint/packing-100x150.json"));
    said.run(&station, &["template", "import", "design.json", "--strict"], 4);
    station.write("odd.json", include_bytes!("../../../fixtures/hiprint/odd-100x180.json"));
    said.run(&station, &["template", "import", "odd.json", "-o", "imported.xml"], 0);
    let lines = "测试路1号2幢303室\n???\n测试路上\n";
    said.run_with(&station, &["mask", "--type", "address"], lines, 0);
    said.run(&station, &["sample", "--count", "3", "--labelled"], 0);
    // Plain orders are no answers: docs/orders.md is about them.
    let plain = |options: &[&str]| station.done(&[&["sample", "--count", "3"], options].concat()).stdout;
    assert!(plain(&["--json", "--lang", "zh"]) == plain(&[]));
}

fn errors(said: &mut Collector) {
    let station = Station::new();
    station.seal(&orders(1, 3), &[]);
    let seal = ["seal", "orders.jsonl", "--issuer", "issuer.key", "--to", "station.key.pub", "-o", "s.jsonl"];
    let seal = |options: &[&'static str]| [&seal[..], options].concat();
    station.write("page.xml", b"<page width=\"60\" height=\"40\">\n<qr/></page>");
    station
        .write("buyer.xml", b"<page width=\"60\" height=\"40\"><text><%=_data.buyer.email%></text></page>");
    station.write("map.toml", b"[column]\n");
    station.write("odd.toml", b"language = \"zpl\"\ndpi = 600\nhead_dots = 832\n");
    for (arguments, exit) in [
        (vec!["prnt"], 2),
        (vec!["print", "--dpi", "99"], 2),
        (print_arguments(&[]), 2),
        (print_arguments(&["--out", "/proc/labels.pdf"]), 4),
        (print_arguments(&["--out", "labels.pdf", "--component", "/no/such/program"]), 6),
        (print_arguments(&["--out", "labels.pdf", "--component", "/bin/true"]), 1),
        (print_arguments(&["--out", "labels.pdf", "--template", "page.xml"]), 3),
        (print_arguments(&["--out", "labels.pdf", "--template", "buyer.xml"]), 3),
        (print_arguments(&["--out", "labels.pdf", "--key", "issuer.key"]), 6),
        (print_arguments(&["--out", "labels.pdf", "--status-policy", "required"]), 2),
        (print_arguments(&["--out", "labels.zpl", "--profile", "nowhere"]), 3),
        (print_arguments(&["--out", "labels.zpl", "--profile", "odd.toml"]), 3),
        (print_arguments(&["--out", "labels.escpos"]), 2),
        (vec!["template", "show", "page.xml", "--out", "page.png"], 3),
        (vec!["template", "import", "page.xml"], 3),
        (vec!["inspect", "page.xml"], 3),
        (seal(&["--merchant", "SHOP-9"]), 6),
        (seal(&["--merchant", "SHOP-1", "--map", "map.toml"]), 2),
        (seal(&["--merchant", "SHOP-1", "--issuer", "station.key.pub"]), 2),
        (vec!["trust", "list", "station.key.pub"], 6),
        (vec!["keys", "list", "nowhere"], 3),
        (vec!["demo", "--out", "demo", "--component", "/bin/true"], 1),
    ] {
        said.run(&station, &arguments, exit);
    }
    station.write("miandan.toml", b"keys = 1\n");
    said.run(&station, &["config", "show"], 2);
}

/// A documented member.
struct Member {
    path: String,
    optional: bool,
    /// What is said of it.
    text: String,
}

/// What is documented and what occurs.
struct Collector {
    /// The members of each answer: the heading with its commands, and the event or the name of the answer.
    documented: BTreeMap<(String, String), Vec<Member>>,
    words: BTreeSet<String>,
    /// How often each member occurred, and each object.
    members: BTreeMap<(String, String), BTreeMap<String, usize>>,
    objects: BTreeMap<(String, String), BTreeMap<String, usize>>,
    codes: BTreeSet<String>,
    wrong: BTreeSet<String>,
}

impl Collector {
    fn new() -> Self {
        let text = include_str!("../../../docs/json.md");
        let mut documented: BTreeMap<_, Vec<Member>> = BTreeMap::new();
        let mut heading = "";
        for line in text.lines() {
            heading = line.strip_prefix("## ").unwrap_or(heading);
            let Some((kind, members)) = line.strip_prefix("| ").and_then(|line| line.split_once(" | "))
            else {
                continue;
            };
            if kind == "`event`" {
                continue;
            }
            let kind = kind.trim_matches(['`', '*']).to_owned();
            let members = members.trim_end_matches(" |").split("; ").map(|text| {
                let (path, rest) = text
                    .strip_prefix('`')
                    .and_then(|text| text.split_once('`'))
                    .unwrap_or_else(|| panic!("{heading}, {kind}: not a member: {text}"));
                Member { path: path.to_owned(), optional: rest.starts_with('?'), text: text.to_owned() }
            });
            let members: Vec<_> = members.collect();
            documented.entry((heading.to_owned(), kind)).or_default().extend(members);
        }
        let words = text.lines().find_map(|line| line.strip_prefix("The words are ")).unwrap();
        let words =
            words.split(". ").next().unwrap().split('`').skip(1).step_by(2).map(str::to_owned).collect();
        Collector {
            documented,
            words,
            members: BTreeMap::new(),
            objects: BTreeMap::new(),
            codes: BTreeSet::new(),
            wrong: BTreeSet::new(),
        }
    }

    fn run(&mut self, station: &Station, arguments: &[&str], exit: i32) -> Output {
        self.run_with(station, arguments, "", exit)
    }

    /// Runs a command in Chinese with `--json` and notes what it answers.
    fn run_with(&mut self, station: &Station, arguments: &[&str], input: &str, exit: i32) -> Output {
        let mut command = station.command(&[arguments, &["--json", "--lang", "zh"]].concat());
        command.env("LC_ALL", "zh_CN.UTF-8");
        let output = with_input(command, input.as_bytes());
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {}", said(&output));
        let family = ["config", "journal", "keys", "label", "profile", "sign", "template", "trust"]
            .contains(&arguments[0]);
        let command = arguments[..if family { 2 } else { 1 }].join(" ");
        for answer in common::events(&output) {
            self.note(&command, &answer);
        }
        output
    }

    fn note(&mut self, command: &str, answer: &Value) {
        for name in ["message", "hint", "warning", "remark"] {
            if answer[name].as_str().is_some_and(|text| text.chars().any(|c| c >= '\u{2E80}')) {
                self.wrong.insert(format!("{command}: not English: {answer}"));
            }
        }
        let kind = match (answer["event"].as_str(), command) {
            (Some(event), _) => event,
            (None, "keys list") => "key",
            (None, "trust list") => "issuer",
            (None, "config show") => "settings",
            (None, "template list" | "template check") => match answer {
                answer if answer.get("rule").is_some() => "finding",
                _ => "template",
            },
            (None, "profile list" | "profile show") => "profile",
            (None, "template import") => {
                if answer.get("pointer").is_some() {
                    "element"
                } else {
                    "import"
                }
            }
            (None, "status") => {
                if answer.get("batches").is_some() {
                    "batches"
                } else {
                    "batch"
                }
            }
            (None, "picklist") if answer.get("file").is_some() => "list",
            (None, "picklist") => {
                if answer.get("number").is_some() {
                    "parcel"
                } else {
                    "goods"
                }
            }
            (None, "fonts") if answer.get("faces").is_some() => "coverage",
            (None, "fonts") => "missing",
            (None, "mask") => "line",
            (None, name) => name,
        };
        if kind == "error" {
            self.codes.insert(answer["code"].as_str().unwrap().to_owned());
        }
        let fits =
            |heading: &str| heading == "Any command" || heading.split(", ").any(|name| name == command);
        let found = self.documented.keys().find(|(heading, documented)| documented == kind && fits(heading));
        let Some(key) = found.cloned() else {
            self.wrong.insert(format!("{command}: not documented: {kind}"));
            return;
        };
        self.object(&key, "", answer);
    }

    fn object(&mut self, key: &(String, String), path: &str, object: &Value) {
        *self.objects.entry(key.clone()).or_default().entry(path.to_owned()).or_default() += 1;
        let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let knows = |path: &str| {
            let below = |member: &Member| member.path == path || member.path.starts_with(&format!("{path}."));
            self.documented[key].iter().any(below)
        };
        let any = knows(&at("*"));
        let mut found = Vec::new();
        for (name, value) in object.as_object().unwrap() {
            let name = at(if any { "*" } else { name });
            if name == "event" {
                continue;
            }
            if value.is_null() {
                self.wrong.insert(format!("{}, {}: {name} has no value", key.0, key.1));
            }
            found.push((name, value));
        }
        for (name, value) in found {
            self.member(key, name, value);
        }
    }

    fn member(&mut self, key: &(String, String), name: String, value: &Value) {
        let is = |path: &str| self.documented[key].iter().any(|member| member.path == path);
        let all = format!("{name}.…");
        if is(&name) {
            *self.members.entry(key.clone()).or_default().entry(name).or_default() += 1;
        } else if is(&all) {
            *self.members.entry(key.clone()).or_default().entry(all).or_default() += 1;
        } else if value.is_object() {
            self.object(key, &name, value);
        } else if let Some(elements) = value.as_array() {
            for element in elements {
                self.object(key, &format!("{name}[]"), element);
            }
        } else {
            self.wrong.insert(format!("{}, {}: not documented: {name}", key.0, key.1));
        }
    }

    fn compare(mut self) {
        for (key, members) in &self.documented {
            let name = format!("{}, {}", key.0, key.1);
            let (objects, found) = (self.objects.remove(key).unwrap_or_default(), self.members.get(key));
            for Member { path, optional, text } in members {
                let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
                // An object whose names are not fixed may be empty.
                let fixed = !path.ends_with('*');
                let whole = objects.get(parent).copied().filter(|_| fixed).unwrap_or(0);
                let count = found.and_then(|found| found.get(path)).copied().unwrap_or(0);
                if count == 0 {
                    self.wrong.insert(format!("{name}: does not occur: {text}"));
                } else if *optional && count == whole {
                    self.wrong.insert(format!("{name}: is always there: {text}"));
                } else if !optional && count < whole {
                    self.wrong.insert(format!("{name}: is missing now and then: {text}"));
                }
            }
        }
        for code in &self.codes {
            if !self.words.contains(code) && Code::ALL.iter().all(|known| known.as_str() != code) {
                self.wrong.insert(format!("error: not documented: {code}"));
            }
        }
        let provoked = |word: &str| NOT_PROVOKED.iter().all(|(name, _)| *name != word);
        for word in self.words.iter().filter(|word| provoked(word)) {
            if !self.codes.contains(word) {
                self.wrong.insert(format!("error: does not occur: {word}"));
            }
        }
        let wrong: Vec<_> = self.wrong.into_iter().collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn json_does_not_depend_on_the_language() {
    let station = Station::new();
    station.seal(&orders(2, 4), &[]);
    station.write("page.xml", b"<page width=\"60\" height=\"40\" odd=\"1\">\n<qr/></page>");
    station.write("odd.xml", b"<page width=\"60\" height=\"40\" odd=\"1\"></page>");
    station.write("bad.csv", "order_id,waybill_no,carrier\n1,,YTO\n2,,YTO\n".as_bytes());
    let seal =
        ["seal", "bad.csv", "--issuer", "issuer.key", "--to", "station.key.pub", "--merchant", "SHOP-1"];
    for arguments in [
        vec!["template", "check", "page.xml"],
        vec!["template", "check", "odd.xml"],
        vec!["template", "list"],
        vec!["profile", "list"],
        vec!["profile", "show", "odd.xml"],
        print_arguments(&["--out", "labels.tspl", "--profile", "zebra"]),
        print_arguments(&["--out", "labels.tspl", "--profile", "sunmi"]),
        vec!["inspect", "orders.sealed.jsonl"],
        vec!["plan", "orders.sealed.jsonl"],
        vec!["doctor"],
        vec!["config", "show"],
        vec!["keys", "list", "nowhere"],
        vec!["trust", "list", "issuer.key.pub"],
        vec!["trust", "remove", "issuer.key.pub", "zz"],
        [&seal[..], &["-o", "sealed.jsonl"]].concat(),
        print_arguments(&["--out", "labels.pdf", "--template", "page.xml"]),
        print_arguments(&["--out", "labels.pdf", "--key", "nowhere"]),
        print_arguments(&["--workers", "0"]),
        vec!["prnt"],
        vec![],
    ] {
        let run = |language: &str, locale: &str| {
            let command = [&arguments[..], &["--json", "--lang", language]].concat();
            station.command(&command).env("LC_ALL", locale).output().unwrap()
        };
        let (english, chinese) = (run("en", "C"), run("zh", "zh_CN.UTF-8"));
        assert!(!english.stdout.is_empty(), "{arguments:?}");
        assert_eq!(timeless(&chinese), timeless(&english), "{arguments:?}");
        let by_locale = station.command(&[&["--json"], &arguments[..]].concat());
        let by_locale = { by_locale }.env("LC_ALL", "zh_CN.UTF-8").output().unwrap();
        assert_eq!(timeless(&by_locale), timeless(&english), "{arguments:?}");
    }
}

/// What a program said, without the second in which it did.
fn timeless(output: &Output) -> String {
    let said = said(output);
    let Some((before, time)) = said.split_once("\"time\":") else { return said };
    format!("{before}{}", time.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}
