//! `miandan plan` says what `miandan print` does: the same input is planned and then printed, and the two are compared.
//! Planning itself leaves no trace.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Output;

use common::forged::Forged;
use common::journals::now;
use common::{Station, events, list, orders, print_arguments, said};
use miandan_core::number::Day;
use miandan_journal::Journal;
use miandan_testing::device::{Script, SimulatedPrinter, Speech};
use serde_json::{Value, json};

/// What clocks may differ (`docs/mso1.md`).
const SKEW: u64 = 300;

/// A command that decides as `print` does, on `in.jsonl`.
fn plan(station: &Station, options: &[&str]) -> Output {
    station.run(&[&["plan", "in.jsonl"], options].concat())
}

/// The one answer of `plan --json`.
fn planned(station: &Station, options: &[&str]) -> (Value, Output) {
    let output = plan(station, &[&["--json"], options].concat());
    (events(&output).remove(0), output)
}

fn print(station: &Station, options: &[&str]) -> Output {
    let mut words = print_arguments(&[&["--json"], options].concat());
    words[1] = "in.jsonl";
    station.run(&words)
}

/// Each order sealed alone, so that it can be changed and signed again.
fn sealed(station: &Station, orders: &[Value], options: &[&str]) -> Vec<String> {
    station.seal(orders, &[&["--batch-size", "1"], options].concat());
    let text = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// An order that may be printed from the one time until the other.
fn dated(station: &Station, line: &str, from: u64, until: u64) -> String {
    let mut forged = Forged::of(line);
    let header: Value = serde_json::from_str(&forged.b).unwrap();
    for (member, time) in [("iat", from), ("nbf", from), ("exp", until)] {
        let old = format!("\"{member}\":{}", header[member]);
        Forged::replace(&mut forged.b, &old, &format!("\"{member}\":{time}"));
    }
    forged.sealed_by(station)
}

/// A station whose journal has a batch already, and an input with everything that can be said against an order.
fn bench() -> Station {
    let station = Station::new();
    let mut orders = orders(24, 5);
    // Parcels of one consignee: two that are printed, two of which one is not, and two parcels of one order.
    for (place, key) in [(2, "a"), (7, "a"), (0, "b"), (9, "b"), (11, "c"), (12, "c")] {
        orders[place]["merge_key"] = json!(key);
    }
    orders[12]["order_id"] = orders[11]["order_id"].clone();
    orders[4].as_object_mut().unwrap().remove("items");
    let mut lines = sealed(&station, &orders, &[]);
    let mut other = orders[3].clone();
    other["items"] = json!([{"name": "other goods", "sku": "OTHER", "count": 9}]);
    let conflict = sealed(&station, &[other.clone()], &[]).remove(0);
    // Four in an earlier batch: one to be planned again, one to be planned with other goods, and one of an order that may
    // be printed once, which comes again under another waybill number.
    let mut earlier = orders[21].clone();
    earlier["items"] = other["items"].clone();
    let earlier = sealed(&station, &[earlier], &[]).remove(0);
    let mut once = orders[22].clone();
    once["waybill_no"] = json!("ONCE0001");
    let once = sealed(&station, &[once], &["--max-prints", "1"]).remove(0);
    station
        .write("in.jsonl", [&lines[0], &lines[1], &earlier, &once].map(String::as_str).join("\n").as_bytes());
    let output = print(&station, &["--dir", "before", "--journal", "journal.db"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let mut again = Forged::of(&once);
    Forged::replace(&mut again.h, "ONCE0001", "ONCE0002");
    lines[22] = again.sealed_by(&station);

    let now = now();
    lines[14] = dated(&station, &lines[14], now - 86_400, now - SKEW - 60);
    lines[15] = dated(&station, &lines[15], now + SKEW + 600, now + 86_400);
    // A waybill number that no journal takes.
    let mut long = Forged::of(&lines[16]);
    let header: Value = serde_json::from_str(&long.h).unwrap();
    Forged::replace(&mut long.h, header["wbn"].as_str().unwrap(), &"9".repeat(65));
    lines[16] = long.sealed_by(&station);
    lines.insert(10, "not an order".to_owned());
    lines.extend([lines[5].clone(), conflict]);
    station.write("in.jsonl", lines.join("\n").as_bytes());
    station
}

fn of<'e>(events: &'e [Value], word: &str) -> Vec<&'e Value> {
    events.iter().filter(|event| event["event"] == word).collect()
}

/// Place → waybill number.
fn waybills(plan: &Value) -> BTreeMap<u64, String> {
    let labels = plan["sequence"].as_array().unwrap().iter();
    labels.map(|label| (label["position"].as_u64().unwrap(), text(&label["waybill"]))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// Compares what was planned with what was printed then, event by event.
#[track_caller]
fn agree(plan: &Value, planned: &Output, printed: &Output) {
    let events = events(printed);
    assert_eq!(planned.status.code(), printed.status.code(), "{}{}", said(planned), said(printed));
    // Which are left out, and why.
    let refused: Vec<_> = of(&events, "refused")
        .into_iter()
        .map(|event| {
            let mut event = event.clone();
            event.as_object_mut().unwrap().remove("event");
            event
        })
        .collect();
    assert_eq!(plan["refused"], Value::from(refused));
    // Which labels have which place: those that came out, and those that the component refused.
    let failed = of(&events, "failed");
    let (refused_by_component, unreadable): (Vec<_>, Vec<_>) =
        failed.into_iter().partition(|event| event.get("waybill").is_some());
    let labels = of(&events, "label");
    let places = labels.iter().chain(&refused_by_component);
    let places: BTreeMap<_, _> =
        places.map(|event| (event["index"].as_u64().unwrap(), text(&event["waybill"]))).collect();
    assert_eq!(waybills(plan), places);
    let orders: BTreeSet<_> = labels.iter().map(|event| text(&event["order"])).collect();
    let planned_orders: BTreeSet<_> =
        plan["sequence"].as_array().unwrap().iter().map(|label| text(&label["order"])).collect();
    assert!(orders.is_subset(&planned_orders));
    // Which have none in the end, and why.
    let index = |place: &Value| {
        let label = plan["sequence"].as_array().unwrap().iter().find(|label| label["position"] == *place);
        label.map_or(Value::Null, |label| label["index"].clone())
    };
    let mut problems: Vec<_> =
        (unreadable.iter().map(|event| (event["index"].clone(), text(&event["code"]))))
            .chain(refused_by_component.iter().map(|event| (index(&event["index"]), text(&event["code"]))))
            .collect();
    // An order that was changed after it was sealed cannot be opened, which is not known without a key.
    problems.retain(|(_, code)| code != "AUTH_FAILED");
    problems.sort_by_key(|(index, _)| index.as_u64());
    let coded = plan["problems"].as_array().unwrap().iter().filter(|problem| problem.get("code").is_some());
    let coded: Vec<_> = coded.map(|problem| (problem["index"].clone(), text(&problem["code"]))).collect();
    assert_eq!(coded, problems);
    // What it is called.
    if let Some(batch) = of(&events, "batch").first() {
        assert_eq!(
            (&plan["batch"], &plan["labels"], &plan["name"]),
            (&batch["batch"], &batch["of"], &batch["name"])
        );
    }
    if let Some(summary) = of(&events, "summary").first() {
        assert_eq!((&plan["first"], &plan["last"]), (&summary["first"], &summary["last"]));
        assert_eq!((&plan["format"], &plan["target"]), (&summary["format"], &summary["target"]));
    }
}

#[test]
fn what_is_planned_is_printed_into_files() {
    let station = bench();
    let to = ["--dir", "labels", "--journal", "journal.db", "--batch", "evening"];
    let options = [&to[..], &["--sort", "goods,carrier", "--group", "single", "--reverse"]].concat();
    let (plan, output) = planned(&station, &options);
    let mut why: BTreeMap<String, usize> = BTreeMap::new();
    for refusal in plan["refused"].as_array().unwrap() {
        *why.entry(text(&refusal["why"])).or_default() += 1;
    }
    let expected = [("twice", 2), ("printed", 2), ("conflict", 1), ("PRINT_LIMIT", 1)];
    assert_eq!(why, expected.map(|(word, count)| (word.to_owned(), count)).into(), "{plan}");
    // 27 orders: six left out, a line that is none, and a number that no journal takes.
    assert_eq!((&plan["orders"], &plan["labels"]), (&json!(27), &json!(19)));
    let problems = plan["problems"].as_array().unwrap();
    let codes: Vec<_> = problems.iter().filter_map(|problem| problem["code"].as_str()).collect();
    assert_eq!(codes, ["MALFORMED", "EXPIRED", "NOT_YET_VALID", "LIMIT"]);
    let carriers = plan["carriers"].as_object().unwrap().values().map(|count| count.as_u64().unwrap());
    assert_eq!((carriers.sum::<u64>(), &plan["issuers"]), (19, &json!({"platform": 19})));
    let kinds = ["single", "several", "without_goods"].map(|kind| plan[kind].as_u64().unwrap());
    assert_eq!((kinds.iter().sum::<u64>(), kinds[2]), (19, 1));
    assert_eq!(text(&plan["batch"]), format!("{}-002", Day::of(now())));
    assert_eq!(
        plan["template"],
        json!({"name": "one-part-76x130", "width_um": 76_000, "height_um": 130_000})
    );
    // One consignee: the pair of which both are printed, and nothing of those of whom one is left, or one order alone.
    let merges = plan["merges"].as_array().unwrap();
    let index_of = |place: &Value| {
        let place = place.as_u64().unwrap() as usize;
        plan["sequence"][place - 1]["index"].as_u64().unwrap()
    };
    let merged: Vec<BTreeSet<_>> = merges
        .iter()
        .map(|group| group["positions"].as_array().unwrap().iter().map(index_of).collect())
        .collect();
    assert_eq!(merged, [BTreeSet::from([3, 8])]);
    agree(&plan, &output, &print(&station, &options));
    // After it the same plan has nothing left, as the same print.
    let (plan, output) = planned(&station, &options);
    assert_eq!(plan["labels"], 0);
    agree(&plan, &output, &print(&station, &options));
}

#[test]
fn what_is_planned_is_sent_to_printers() {
    let station = bench();
    let printers =
        [(); 2].map(|()| SimulatedPrinter::start(Script::well(Speech::Tspl).printing_for(40)).unwrap());
    let [first, second] = [&printers[0], &printers[1]].map(SimulatedPrinter::uri);
    let particular = format!("YTO,ZTO={second}");
    let options =
        ["--printer", &first, "--printer", &particular, "--profile", "tsc", "--journal", "journal.db"];
    let options = [&options[..], &["--sort", "region,original"]].concat();
    let (plan, output) = planned(&station, &options);
    assert!(printers.iter().all(|printer| printer.connections() == 0), "a printer was asked");
    let printed = print(&station, &options);
    agree(&plan, &output, &printed);
    // Each label goes where it was said to go.
    let carriers: BTreeMap<_, _> = plan["sequence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| (text(&label["number"]), text(&label["carrier"])))
        .collect();
    let mut sent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for event in of(&events(&printed), "sent") {
        let carrier = carriers[&text(&event["number"])].clone();
        sent.entry(text(&event["printer"])).or_default().insert(carrier);
    }
    let mut labels = 0;
    for share in plan["printers"].as_array().unwrap() {
        let of = share["carriers"].as_object().unwrap();
        assert_eq!(sent[&text(&share["share"][0])], of.keys().cloned().collect());
        assert_eq!(of.values().filter_map(Value::as_u64).sum::<u64>(), share["labels"].as_u64().unwrap());
        labels += share["labels"].as_u64().unwrap();
    }
    assert_eq!((labels, plan["printers"].as_array().unwrap().len()), (plan["labels"].as_u64().unwrap(), 2));
    assert_eq!(
        printers.iter().map(|printer| printer.printed().len()).sum::<usize>(),
        17,
        "of 19 two are out of date"
    );
}

#[test]
fn without_a_journal_everything_is_printed_and_that_is_said() {
    let station = bench();
    let (plan, output) = planned(&station, &["--out", "labels.pdf"]);
    assert_eq!((&plan["orders"], &plan["labels"]), (&json!(27), &json!(27)));
    assert!(plan.get("journal").is_none() && plan.get("batch").is_none(), "{plan}");
    agree(&plan, &output, &print(&station, &["--out", "labels.pdf"]));
    let said = said(&self::plan(&station, &["--out", "labels.pdf"]));
    assert!(said.contains("printed twice") && said.contains("order 26 is order 6 again"), "{said}");
}

/// Until when an order may be printed: what the component says, `plan` says, to the second. The order was changed after it
/// was sealed, so the component refuses it in any case, but only once it has looked at the time.
#[test]
fn an_order_ends_for_both_at_the_same_time() {
    let station = Station::new();
    let line = sealed(&station, &orders(1, 3), &[]).remove(0);
    for (until, said_by_plan, said_by_component) in
        [(now() - SKEW + 120, None, "AUTH_FAILED"), (now() - SKEW, Some("EXPIRED"), "EXPIRED")]
    {
        station.write("in.jsonl", dated(&station, &line, now() - 86_400, until).as_bytes());
        for options in [&["--out", "labels.pdf"][..], &["--dir", "labels", "--journal", "journal.db"]] {
            let _ = fs::remove_file(station.path("journal.db"));
            let (plan, output) = planned(&station, options);
            assert_eq!(plan["problems"][0]["code"].as_str(), said_by_plan);
            assert_eq!(output.status.code(), Some(if said_by_plan.is_some() { 4 } else { 0 }), "{plan}");
            let printed = events(&print(&station, options));
            assert_eq!(of(&printed, "failed")[0]["code"], said_by_component);
        }
    }
}

#[test]
fn planning_leaves_no_trace() {
    let station = bench();
    let snapshot = || {
        let files = list(&station.path("")).into_iter().filter(|name| station.path(name).is_file());
        // SQLite makes these two for whoever reads; they are no part of what is recorded.
        let files = files.filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
        files.map(|name| (name.clone(), station.read(&name))).collect::<BTreeMap<_, _>>()
    };
    let before = snapshot();
    let folders = list(&station.path(""));
    for target in [
        &["--dir", "labels"][..],
        &["--out", "labels.pdf"],
        &["--profile", "tsc", "--printer", "file:out.tspl"],
    ] {
        for journal in ["journal.db", "other.db", "no/such/folder/journal.db"] {
            let output = plan(&station, &[target, &["--journal", journal, "--batch", "evening"]].concat());
            assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        }
    }
    assert!(snapshot() == before);
    let known = |name: &String| folders.contains(name) || name.starts_with("journal.db-");
    assert!(list(&station.path("")).iter().all(known), "{:?}", list(&station.path("")));
    let journal = Journal::read_only(&station.path("journal.db")).unwrap();
    assert_eq!(journal.batches_of(Day::of(now())).unwrap().len(), 1);
}

#[test]
fn what_stops_print_stops_plan_with_the_same_words() {
    let station = bench();
    let only = ["--printer", "SF=file:/dev/null", "--profile", "tspl"];
    station.write("wide.xml", b"<page width='200' height='40'></page>");
    station.write("bad.xml", b"<page width='60' height='40'><qr/></page>");
    let printer = ["--printer", "file:/dev/null", "--profile", "tspl"];
    for (place, (options, exit, code)) in [
        (&only[..], 2, "PRINTER"),
        (&["--printer", "file:/dev/null"], 2, "USAGE"),
        (&["--printer", "ftp://192.0.2.1", "--profile", "tspl"], 2, "PRINTER"),
        (&["--out", "labels.pdf", "--batch", "261111-001"], 2, "BATCH"),
        (&["--dir", "labels", "--batch", "x\u{202E}y"], 2, "BATCH"),
        (&["--dir", "labels", "--format", "pdf"], 2, "USAGE"),
        (&["--dir", "labels", "--template", "nowhere.xml"], 3, "INPUT"),
        (&["--dir", "labels", "--template", "bad.xml"], 3, "TEMPLATE_REFUSED"),
        (&["--out", "labels.zpl", "--profile", "nowhere"], 3, "INPUT"),
        (&["--out", "labels.zpl", "--profile", "zebra", "--dpi", "300"], 2, "USAGE"),
        (&["--out", "labels.tspl", "--template", "wide.xml"], 2, "PRINTER"),
    ]
    .into_iter()
    .enumerate()
    {
        let journal = format!("{place}.db");
        let all = [options, &["--journal", &journal]].concat();
        let last = |output: &Output| events(output).pop().unwrap_or_default();
        let (planned, printed) = (plan(&station, &[&["--json"], &all[..]].concat()), print(&station, &all));
        assert_eq!(last(&planned), last(&printed), "{options:?}");
        assert_eq!(
            (&last(&planned)["code"], planned.status.code()),
            (&json!(code), Some(exit)),
            "{options:?}"
        );
    }
    let journal = ["--journal", "journal.db"];
    // A name that a batch of the day has.
    let named = [&printer[..], &journal, &["--batch", "evening"]].concat();
    let output = print(&station, &named);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    let mut other = orders(1, 77);
    other[0]["waybill_no"] = json!("OTHER1");
    station.write("in.jsonl", sealed(&station, &other, &[]).join("\n").as_bytes());
    let (planned, printed) = (plan(&station, &[&["--json"], &named[..]].concat()), print(&station, &named));
    assert_eq!(events(&planned).pop(), events(&printed).pop());
    assert_eq!(events(&planned).pop().unwrap()["code"], "BATCH");
    // No order at all.
    station.write("in.jsonl", b"neither\nnor\n");
    for options in [&["--dir", "labels"][..], &[&["--dir", "labels"], &journal[..]].concat()] {
        let (planned, printed) = (plan(&station, options), print(&station, options));
        assert_eq!((planned.status.code(), printed.status.code()), (Some(3), Some(3)), "{}", said(&planned));
    }
}

#[test]
fn a_person_reads_the_beginning_and_the_end_and_no_list_without_end() {
    let station = Station::new();
    let orders = orders(60, 8);
    let mut lines = sealed(&station, &orders, &[]);
    lines.extend(lines[..25].to_vec());
    lines.extend(vec!["not an order".to_owned(); 23]);
    station.write("in.jsonl", lines.join("\n").as_bytes());
    let options = ["--sort", "goods", "--group", "single", "--journal", "journal.db"];
    let output = plan(&station, &options);
    assert_eq!(output.status.code(), Some(4));
    let text = said(&output);
    let day = Day::of(now());
    for expected in [
        "in.jsonl: orders 108, labels 60, of which 60 can be printed\n".to_owned(),
        format!(
            "batch {day}-001: labels {day}-001-001 to {day}-001-060; the numbers are fixed only when it is printed\n"
        ),
        "journal journal.db: there is none yet, print makes it\n".to_owned(),
        "label one-part-76x130: 76 × 130 mm, 203 dpi\n".to_owned(),
        "in the order of printing (single-item orders first, by goods):\n".to_owned(),
        "  … 50 more …\n".to_owned(),
        "left out: 25\n  order 61 is left out: it is order 1 again\n".to_owned(),
        "  order 80 is left out: it is order 20 again\n  and 5 more\n".to_owned(),
        "cannot be printed: 23\n  order 86: MALFORMED: this is not a sealed order\n".to_owned(),
        "  and 3 more\n".to_owned(),
    ] {
        assert!(text.contains(&expected), "{expected}is not in\n{text}");
    }
    let shown = text.lines().filter(|line| line.starts_with(&format!("  {day}-001-0"))).count();
    assert_eq!(shown, 10, "{text}");
    let chinese = said(&plan(&station, &[&options[..], &["--lang", "zh"]].concat()));
    for expected in [
        "in.jsonl：108 个订单，60 张面单，其中 60 张可以打印\n",
        "编号在打印时才确定\n",
        "打印顺序（单品优先，按 goods）：\n",
        "不打印：25 个订单\n  第 61 个订单不打印：与第 1 个订单重复\n",
        "  另有 3 项\n",
    ] {
        assert!(chinese.contains(expected), "{expected}is not in\n{chinese}");
    }
    // Nobody who is in the orders is in the plan.
    let json = said(&plan(&station, &["--json"]));
    for order in &orders {
        for side in ["recipient", "sender"] {
            for field in ["name", "mobile", "phone", "detail"] {
                let Some(value) = order[side][field].as_str().filter(|value| !value.is_empty()) else {
                    continue;
                };
                assert!(!json.contains(value) && !text.contains(value), "{side}.{field}");
            }
        }
    }
}

/// Settings are those of `print`, and the environment counts as it does there.
#[test]
fn settings_say_what_is_not_typed() {
    let station = bench();
    let settings = "journal = \"journal.db\"\nprinter = \"file:/dev/null\"\nprofile = \"tspl\"\n";
    station.write("miandan.toml", settings.as_bytes());
    let (plan, output) = planned(&station, &[]);
    assert_eq!(plan["printers"][0]["share"], json!(["file:/dev/null"]));
    assert_eq!((&plan["format"], &plan["journal"]["exists"]), (&json!("tspl"), &json!(true)));
    agree(&plan, &output, &print(&station, &[]));
}
