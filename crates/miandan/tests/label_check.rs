//! `miandan label check` as a program: pictures and PDF files, exit codes, and files that are none.

use std::process::Output;

mod common;

use common::{Station, events, said};
use miandan_templates::LABELS;
use serde_json::Value;

fn check(station: &Station, arguments: &[&str]) -> Output {
    station.run(&[&["label", "check"], arguments].concat())
}

fn picture(label: &str, dpi: u32) -> Vec<u8> {
    let path = format!("{}/../../templates/{label}/{dpi}/ordinary.png", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

/// A PDF file of one empty page.
fn pdf(media: &str) -> String {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for object in [
        "1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n".to_owned(),
        "2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj\n".to_owned(),
        format!("3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[{media}]/Contents 4 0 R>> endobj\n"),
        "4 0 obj <</Length 1>> stream\n \nendstream endobj\n".to_owned(),
    ] {
        offsets.push(file.len());
        file.push_str(&object);
    }
    let start = file.len();
    file.push_str("xref\n0 5\n0000000000 65535 f \n");
    offsets.iter().for_each(|offset| file.push_str(&format!("{offset:010} 00000 n \n")));
    file.push_str(&format!("trailer <</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"));
    file
}

fn rules(output: &Output) -> Vec<String> {
    let of = |event: &Value| event["rule"].as_str().map(str::to_owned);
    events(output).iter().filter_map(of).collect()
}

#[test]
fn pictures_of_what_is_shipped_are_clean() {
    let station = Station::new();
    let mut names = Vec::new();
    for label in LABELS.iter().filter(|label| !label.name.contains("list")) {
        for dpi in [203, 300] {
            names.push(format!("{}-{dpi}.png", label.name));
            station.write(&names[names.len() - 1], &picture(label.name, dpi));
        }
    }
    let mut arguments: Vec<&str> = names.iter().map(String::as_str).collect();
    arguments.extend(["--strict", "--json"]);
    let output = check(&station, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    // The courier's token has three dots a module where there is no room for four.
    assert!(rules(&output).iter().all(|rule| rule == "matrix-module"), "{}", said(&output));
    let files = events(&output).into_iter().filter(|event| event["event"] == "file");
    assert_eq!(files.filter(|file| file["symbols"].as_u64() >= Some(2)).count(), 28);
}

#[test]
fn a_pdf_is_looked_at_page_by_page_and_for_the_printer_asked_for() {
    let station = Station::new();
    let demo = station.run(&["demo", "--count", "3", "--out", "demo"]);
    assert_eq!(demo.status.code(), Some(0), "{}", said(&demo));
    let output = check(&station, &["demo/labels.pdf", "--json"]);
    assert_eq!((output.status.code(), rules(&output)), (Some(0), vec![]), "{}", said(&output));
    let events = events(&output);
    let symbols = events.iter().filter(|event| event["event"] == "symbol");
    let main: Vec<_> = symbols.filter(|symbol| symbol["dots_at_203"] == 3.0).collect();
    assert_eq!(main.len(), 3);
    assert_eq!(main[2]["page"], 3);
    assert_eq!(events.iter().filter(|event| event["digits_shown"] == 4).count(), 6);
    assert_eq!(events.last().unwrap()["pages"], 3);

    // What was laid out for 203 dpi is uneven at 300.
    let output = check(&station, &["demo/labels.pdf", "--json", "--dpi", "300", "--pages", "1", "--strict"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(rules(&output).contains(&"bars-uneven".to_owned()), "{}", said(&output));
    let output = check(&station, &["demo/labels.pdf", "--pages", "1"]);
    assert!(said(&output).contains("1 of 3 pages"), "{}", said(&output));
}

#[test]
fn what_is_no_label_is_said_and_keeps_no_other_from_being_looked_at() {
    let station = Station::new();
    let sound = picture("zto-76x130", 203);
    station.write("sound.png", &sound);
    station.write("text.png", b"no picture");
    station.write("cut.png", &sound[..sound.len() / 2]);
    station.write("empty.pdf", b"");
    station.write("cut.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>");
    station.write("wide.pdf", pdf("0 0 99999 99999").as_bytes());
    station.write("blank.pdf", pdf("0 0 283.46 425.2").as_bytes());
    let output = check(&station, &["blank.pdf", "--json"]);
    assert_eq!((output.status.code(), rules(&output)), (Some(4), vec!["symbol-none".to_owned()]));
    for (name, why) in [
        ("text.png", "is no PNG"),
        ("cut.png", "damaged"),
        ("empty.pdf", "is no PNG"),
        ("cut.pdf", "damaged"),
        ("wide.pdf", "too large"),
        ("missing.png", "missing.png"),
    ] {
        let output = check(&station, &[name, "sound.png"]);
        assert_eq!(output.status.code(), Some(3), "{name}");
        let said = said(&output);
        assert!(
            said.contains(why) && said.contains("sound.png: pages 1, symbols 3, errors 0"),
            "{name}: {said}"
        );
    }
}

#[test]
fn a_phone_in_a_code_is_found_and_not_repeated() {
    let station = Station::new();
    let template = r#"<page width="76" height="130"><barcode left="3" top="9" width="30" height="30" type="qrcode">tel:19900000000</barcode></page>"#;
    station.write("own.xml", template.as_bytes());
    let shown = station.run(&["template", "show", "own.xml", "--out", "own.png"]);
    assert_eq!(shown.status.code(), Some(0), "{}", said(&shown));
    for arguments in [&["own.png"][..], &["own.png", "--json"]] {
        let output = check(&station, arguments);
        assert_eq!(output.status.code(), Some(4));
        let said = said(&output);
        assert!(said.contains("personal-in-symbol") && !said.contains("19900000000"), "{said}");
    }
}
