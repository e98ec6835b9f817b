//! `--pdf-engine`: ours, the crate `printpdf`, and a build that has only the first.

mod common;

use common::{Station, orders, said};

fn station(count: usize) -> Station {
    let station = Station::new();
    station.seal(&orders(count, 23), &[]);
    station
}

#[test]
fn ours_writes_a_pdf_if_nobody_says_otherwise() {
    let station = station(9);
    for (file, options) in [("one.pdf", &[][..]), ("two.pdf", &["--pdf-engine", "stream"])] {
        let output = station.print(&[&["--out", file], options].concat());
        assert!(output.status.success(), "{}", said(&output));
    }
    assert!(station.read("one.pdf") == station.read("two.pdf"));
}

#[test]
fn only_a_pdf_has_an_engine() {
    let station = station(1);
    for target in [["--dir", "labels"], ["--out", "labels.zpl"]] {
        for engine in ["stream", "printpdf"] {
            let output = station.print(&[&target[..], &["--pdf-engine", engine]].concat());
            assert_eq!(output.status.code(), Some(2), "{}", said(&output));
            assert!(said(&output).contains("--pdf-engine says what writes a PDF"), "{}", said(&output));
        }
    }
    assert!(!station.path("labels").exists() && !station.path("labels.zpl").exists(), "nothing was written");
}

#[cfg(not(feature = "printpdf"))]
#[test]
fn a_build_without_printpdf_says_how_to_get_one() {
    let station = station(1);
    let output = station.print(&["--out", "labels.pdf", "--pdf-engine", "printpdf"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("--features printpdf"), "{}", said(&output));
    assert!(!station.path("labels.pdf").exists());
}

#[cfg(feature = "printpdf")]
mod printpdf {
    use miandan_testing::Needles;
    use serde_json::{Value, json};

    use super::*;
    use common::planted::{OTHER, PLANTED};
    use common::{events, pdf};

    const SECOND: [&str; 2] = ["--pdf-engine", "printpdf"];

    fn printed(station: &Station, file: &str, options: &[&str]) {
        let output = station.print(&[&["--out", file], options].concat());
        assert!(output.status.success(), "{}", said(&output));
        assert!(station.path(file).exists());
    }

    /// What our reader of labels, which knows neither writer, finds on the pages of a file.
    fn read(station: &Station, file: &str) -> Vec<Value> {
        let mut found = events(&station.run(&["label", "check", file, "--json"]));
        found.retain(|event| event["event"] == "symbol");
        found.iter_mut().for_each(|event| event["file"] = Value::Null);
        found
    }

    #[test]
    fn both_write_the_same_labels_in_the_order_of_the_input() {
        let station = station(70);
        printed(&station, "ours.pdf", &["--workers", "2"]);
        printed(&station, "theirs.pdf", &[&SECOND[..], &["--workers", "2"]].concat());
        let (ours, theirs) = (read(&station, "ours.pdf"), read(&station, "theirs.pdf"));
        assert!(ours.len() >= 140, "{} symbols", ours.len());
        assert_eq!(ours, theirs);
    }

    #[test]
    fn a_file_does_not_depend_on_the_number_of_workers() {
        let station = station(140);
        // The time of printing is on a label, so that the clock must not go on in between.
        let label = "<page width='76' height='40'><text left='2' top='2' width='70' height='8'><%=_data.waybillCode%></text></page>";
        station.write("label.xml", label.as_bytes());
        for (file, workers) in [("one.pdf", "1"), ("two.pdf", "2"), ("three.pdf", "3")] {
            let options = ["--template", "label.xml", "--workers", workers];
            printed(&station, file, &[&SECOND[..], &options].concat());
        }
        assert!(station.read("one.pdf") == station.read("two.pdf"));
        assert!(station.read("one.pdf") == station.read("three.pdf"));
    }

    #[test]
    fn standard_output_is_the_file() {
        let station = station(2);
        let output = station.print(&[&["--out", "-"][..], &SECOND].concat());
        assert!(output.status.success(), "{}", said(&output));
        assert!(output.stdout.starts_with(b"%PDF-1.7") && output.stdout.ends_with(b"%%EOF"));
    }

    #[test]
    fn hidden_parts_are_not_in_the_file_and_have_no_influence_on_it() {
        let (planted, other) = (Station::new(), Station::new());
        planted.seal(&PLANTED.orders(20), &[]);
        other.seal(&OTHER.orders(20), &[]);
        for station in [&planted, &other] {
            printed(station, "labels.pdf", &SECOND);
        }
        let file = planted.read("labels.pdf");
        assert!(file == other.read("labels.pdf"), "what is hidden shows");
        let needles = Needles::new(&PLANTED.parts());
        let streams = pdf::streams(&file);
        assert!(streams.len() >= 20);
        assert!(needles.found(&file).is_empty());
        assert!(streams.iter().all(|stream| needles.found(stream).is_empty()));
        other.seal(&OTHER.orders(21)[1..], &[]);
        printed(&other, "labels.pdf", &SECOND);
        assert!(file != other.read("labels.pdf"), "the control: what is shown does have an influence");
    }

    #[test]
    fn a_font_of_the_caller_is_embedded() {
        let station = Station::new();
        let mut orders = orders(3, 11);
        orders[1]["sender"]["org"] = json!("\u{31350}某商行");
        station.seal(&orders, &[]);
        let font = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/fonts/miandan-test.ttf");
        printed(&station, "labels.pdf", &[&SECOND[..], &["--font", font]].concat());
        assert!(String::from_utf8_lossy(&station.read("labels.pdf")).contains("+MiandanTest"));
    }

    #[test]
    fn a_batch_in_which_every_order_fails_leaves_no_file() {
        let station = station(2);
        let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
        station.write("orders.sealed.jsonl", sealed.replace("\"h\":\"", "\"h\":\"A").as_bytes());
        let output = station.print(&[&["--out", "labels.pdf"][..], &SECOND].concat());
        assert!(!output.status.success());
        assert!(!station.path("labels.pdf").exists());
    }
}
