//! The courier's token from the sealed order to the return desk: printed by the real component, read from its picture.

mod common;

use std::process::Output;

use common::{Station, events, orders, print_arguments, said, with_input};
use serde_json::{Value, json};

/// A label with a token, or with the number where there is none, and nothing else.
const TEMPLATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<page xmlns="http://cloudprint.cainiao.com/print" width="76" height="60">
  <barcode left="2" top="2" width="72" height="14" type="code128"><%=_data.waybillCode%></barcode>
  <barcode left="2" top="20" width="32" height="32" type="qrcode" errorCorrection="1"><%=_data.courierToken || _data.waybillCode%></barcode>
  <layout id="REPRINT_MARK" left="40" top="20" width="15" height="7"/>
  <text left="40" top="30" width="30" height="6"><%=_data.recipient.name%></text>
</page>"#;

const DOOR: &str = "幸福小区17号楼2单元1501室";

/// A station whose platform vouches for it and for the key of a carrier, with one order.
fn station() -> Station {
    let station = Station::new();
    station.write("template.xml", TEMPLATE.as_bytes());
    station.done(&["keygen", "carrier", "--id", "YTO", "--no-passphrase", "--out", "yto.key"]);
    station.done(&["keygen", "carrier", "--id", "ZTO", "--no-passphrase", "--out", "zto.key"]);
    let sign = |kind: &str, entries: &[&str], out: &str| {
        station.done(&[&["sign", kind, "--issuer", "issuer.key", "-o", out], entries].concat());
    };
    sign("stations", &["--station", "station.key.pub"], "stations.json");
    sign("stations", &["--revoked", "station.key.pub"], "revoked.json");
    sign("carriers", &["--carrier", "yto.key.pub", "--carrier", "zto.key.pub"], "carriers.json");
    seal(&station, order());
    station
}

fn seal(station: &Station, order: Value) {
    station.seal(&[order], &[]);
}

fn order() -> Value {
    let mut order = orders(1, 11).remove(0);
    order["carrier"] = json!("YTO");
    order["waybill_no"] = json!("YT7000000000012");
    order["recipient"]["detail"] = json!(DOOR);
    order["recipient"]["virtual"] = json!({"main": "17000000000", "ext": "0042", "until": 4_000_000_000_u64});
    order
}

fn print(station: &Station, options: &[&str]) {
    let target = ["--template", "template.xml", "--dir", "labels", "--quiet"];
    let output = station.print(&[&target[..], options].concat());
    assert!(output.status.success(), "{}", said(&output));
}

fn scan(station: &Station, options: &[&str]) -> Output {
    let list = if options.contains(&"revoked.json") { &[][..] } else { &["--trust", "stations.json"][..] };
    let picture = ["scan", "labels/000001.png", "--trust", "issuer.key.pub", "--json"];
    station.run(&[&picture[..], list, options].concat())
}

fn one(output: &Output, code: i32) -> Value {
    assert_eq!(output.status.code(), Some(code), "{}", said(output));
    let mut events = events(output);
    assert_eq!(events.len(), 1, "{}", said(output));
    events.remove(0)
}

#[test]
fn a_label_is_genuine_and_its_carrier_reads_what_it_hides() {
    let station = station();
    print(&station, &["--carrier-list", "carriers.json"]);
    let said = one(&scan(&station, &["--carrier-key", "zto.key", "--carrier-key", "yto.key"]), 0);
    assert_eq!(
        (&said["verdict"], &said["waybill"]),
        (&json!("genuine"), &json!("YT7000000000012")),
        "{said}"
    );
    assert_eq!(said["waybill_beside"], said["waybill"], "the bars beside it were read");
    assert_eq!(
        (&said["station"], &said["serial"], &said["sealed"]),
        (&json!("ST-01"), &json!(1), &json!(true))
    );
    assert_eq!(said["expires"].as_u64().unwrap() - said["issued"].as_u64().unwrap(), 15 * 86_400);
    assert_eq!(said["opened"]["virtual"], "17000000000-0042");
    // What masking hid, and nothing else.
    assert_eq!(said["opened"]["door"], "2 / 1501", "{said}");
    // Another carrier's key opens nothing, and without a key nothing is shown.
    assert_eq!(one(&scan(&station, &["--carrier-key", "zto.key"]), 0)["opened"], "other-carrier");
    assert!(one(&scan(&station, &[]), 0).get("opened").is_none());
}

#[test]
fn there_is_no_token_unless_it_is_asked_for() {
    let station = station();
    print(&station, &[]);
    let said = one(&scan(&station, &[]), 8);
    assert_eq!((&said["verdict"], &said["waybill_beside"]), (&json!("no-token"), &json!("YT7000000000012")));
    print(&station, &["--courier-token"]);
    let said = one(&scan(&station, &[]), 0);
    assert_eq!((&said["verdict"], &said["sealed"]), (&json!("genuine"), &json!(false)));
}

#[test]
fn a_setting_asks_for_it_as_well() {
    let station = station();
    station.write("miandan.toml", b"carrier_list = \"carriers.json\"\n");
    print(&station, &[]);
    assert_eq!(one(&scan(&station, &[]), 0)["sealed"], true);
}

#[test]
fn the_same_label_has_the_same_token() {
    let station = station();
    let label = || {
        print(&station, &["--carrier-list", "carriers.json"]);
        station.read("labels/000001.png")
    };
    // Unless the hour strikes between the two.
    let (first, second, third) = (label(), label(), label());
    assert!(first == second || second == third);
}

#[test]
fn revoked_unknown_and_forged_labels_are_told() {
    let station = station();
    print(&station, &["--carrier-list", "carriers.json"]);
    let revoked = one(&scan(&station, &["--trust", "revoked.json", "--carrier-key", "yto.key"]), 8);
    assert_eq!(revoked["verdict"], "revoked");
    assert!(revoked.get("opened").is_none(), "nothing of a bad token is opened");

    // Another station, which nobody vouches for.
    let other = self::station();
    other.write("stations.json", &station.read("stations.json"));
    other.write("issuer.key.pub", &station.read("issuer.key.pub"));
    std::fs::create_dir(other.path("labels")).unwrap();
    other.write("labels/000001.png", &station.read("labels/000001.png"));
    assert_eq!(one(&scan(&other, &[]), 0)["verdict"], "genuine");
    let picture = ["--trust", "issuer.key.pub", "--trust", "stations.json"];
    let foreign = self::station();
    print(&foreign, &["--courier-token"]);
    other.write("labels/000001.png", &foreign.read("labels/000001.png"));
    assert_eq!(one(&scan(&other, &[]), 8)["verdict"], "unknown-station");

    // What a hand scanner types: the token, changed in its last character but one, and with a number of another label.
    let token = token(&station);
    let typed = |line: &str| {
        let command = station.command(&[&["scan", "-", "--json"][..], &picture].concat());
        with_input(command, line.as_bytes())
    };
    assert_eq!(one(&typed(&format!("{token}\r\n")), 0)["verdict"], "genuine");
    let number = format!("{token}\tYT7000000000012\n");
    assert_eq!(one(&typed(&number), 0)["verdict"], "genuine");
    let other = one(&typed(&format!("{token}\tYT7000000000013\n")), 8);
    assert_eq!((&other["verdict"], &other["waybill"]), (&json!("other-waybill"), &json!("YT7000000000012")));
    let (head, tail) = token.split_at(token.len() - 2);
    let other_digit = if tail.starts_with('0') { '1' } else { '0' };
    let forged = format!("{head}{other_digit}{}", &tail[1..]);
    assert_ne!(forged, token);
    assert_eq!(one(&typed(&forged), 8)["verdict"], "forged");
    assert_eq!(one(&typed("YT7000000000012\n"), 8)["verdict"], "no-token");
    let many = typed(&format!("{token}\n\nnonsense\n{token}\n"));
    assert_eq!((many.status.code(), events(&many).len()), (Some(8), 3));
}

/// The token on the label, as a reader of codes hands it over.
fn token(station: &Station) -> String {
    let picture = station.read("labels/000001.png");
    let page = miandan_picture::Document::open(picture).unwrap().page(0).unwrap();
    let codes = miandan_picture::codes(&page);
    codes.into_iter().find(|code| code.text.starts_with("W1:")).expect("the token is on the label").text
}

#[test]
fn a_copy_and_a_preview_are_told_from_a_first_print() {
    let station = station();
    let labels = ["--template", "template.xml", "--dir", "labels", "--journal", "j.db", "--quiet"];
    let token = ["--carrier-list", "carriers.json"];
    let output = station.print(&[&labels[..], &token].concat());
    assert!(output.status.success(), "{}", said(&output));
    let files = |folder: &str| common::list(&station.path(folder));
    let first = files("labels").into_iter().find(|name| name.ends_with(".png")).unwrap();
    let batch = &first[..10];
    let keys = ["--key", "station.key", "--trust", "issuer.key.pub", "--journal", "j.db", "--quiet"];
    let again = ["reprint", batch, "1", "--reason", "jam", "--operator", "chen"];
    station.done(&[&again[..], &keys, &token].concat());
    let copy = files("labels").into_iter().find(|name| name.contains("-r1")).unwrap();
    let verdict = |path: &str, code| {
        let picture = ["scan", path, "--trust", "issuer.key.pub", "--trust", "stations.json", "--json"];
        one(&station.run(&picture), code)
    };
    assert_eq!(verdict(&format!("labels/{first}"), 0)["verdict"], "genuine");
    let copy = verdict(&format!("labels/{copy}"), 0);
    assert_eq!((&copy["verdict"], &copy["copy"]), (&json!("reprint"), &json!(1)));

    // The symbols of a preview are covered; its token would say so as well.
    let mut preview = print_arguments(&["--template", "template.xml", "--dir", "looked-at", "--quiet"]);
    preview[0] = "preview";
    station.done(&[&preview[..], &token].concat());
    let seen = verdict("looked-at/000001.png", 8);
    assert!(["no-token", "specimen"].contains(&seen["verdict"].as_str().unwrap()), "{seen}");
}

#[test]
fn only_the_issuer_of_an_order_names_the_key_that_is_sealed_to() {
    let station = station();
    station.done(&["keygen", "issuer", "--id", "other", "--out", "other.key"]);
    let sign = ["sign", "carriers", "--carrier", "yto.key.pub", "--issuer", "other.key", "-o", "theirs.json"];
    station.done(&sign);
    print(&station, &["--trust", "other.key.pub", "--carrier-list", "theirs.json"]);
    assert_eq!(one(&scan(&station, &[]), 0)["sealed"], false);
}

#[test]
fn lists_of_carriers_that_cannot_be_used_stop_the_start_and_are_named() {
    let station = station();
    station.write("no-list.json", b"{}");
    station.done(&["keygen", "issuer", "--id", "stranger", "--out", "stranger.key"]);
    let sign =
        ["sign", "carriers", "--carrier", "yto.key.pub", "--issuer", "stranger.key", "-o", "theirs.json"];
    station.done(&sign);
    for (file, code) in [("no-list.json", "MALFORMED"), ("theirs.json", "UNKNOWN_ISSUER")] {
        let target = ["--template", "template.xml", "--dir", "no", "--carrier-list", file];
        let output = station.print(&target);
        assert_eq!(output.status.code(), Some(6), "{}", said(&output));
        let text = said(&output);
        assert!(text.contains(code) && text.contains(file) && text.contains("carriers"), "{text}");
    }
}

#[test]
fn what_is_named_in_vain_is_told() {
    let station = station();
    print(&station, &["--courier-token"]);
    let refused = |arguments: &[&str], code: i32, word: &str| {
        let output = station.run(arguments);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(code), "{text}");
        assert!(text.contains(word) && text.contains("hint: "), "{text}");
    };
    let picture = "labels/000001.png";
    refused(&["scan", picture, "--trust", "issuer.key.pub"], 2, "no list of stations");
    refused(&["scan", picture, "--trust", "stations.json"], 6, "nobody who is trusted");
    refused(&["scan", picture, "--trust", "template.xml"], 6, "template.xml");
    let lists = ["--trust", "issuer.key.pub", "--trust", "stations.json"];
    refused(&[&["scan", "template.xml"], &lists[..]].concat(), 3, "template.xml");
    refused(&[&["scan", picture, "--carrier-key", "yto.key.pub"], &lists[..]].concat(), 6, "yto.key.pub");
    // The others are looked at all the same.
    let output = station.run(&[&["scan", "nothing.png", picture], &lists[..]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("genuine"), "{}", said(&output));
}
