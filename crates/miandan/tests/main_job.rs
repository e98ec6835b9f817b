//! The main job through the real programs: sealed orders in, masked labels out.

mod common;

use std::fs;

use common::{Station, events, list, orders, pdf, print_arguments, said, samples, with_input};
use miandan_testing::printer::tspl;
use serde_json::json;

#[test]
fn the_demo_shows_everything_with_nothing_set_up() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        common::miandan().args(["demo", "--count", "5"]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("miandan-demo/labels.pdf"),
        "it says where the labels are: {}",
        said(&output)
    );
    let out = folder.path().join("miandan-demo");
    assert_eq!(pdf::pages(&fs::read(out.join("labels.pdf")).unwrap()).len(), 5);
    assert_eq!(list(&out.join("labels")).len(), 5);
    let printed = tspl::read(&fs::read(out.join("labels.tspl")).unwrap(), 203).unwrap();
    assert_eq!(printed.len(), 5);
    // A second run throws the keys of the first away and works again.
    let again = common::miandan().args(["demo", "--count", "1"]).current_dir(folder.path()).output().unwrap();
    assert!(again.status.success(), "{}", said(&again));
}

#[test]
fn labels_show_what_the_generator_says_and_nothing_more() {
    let station = Station::new();
    let samples = samples(300, 42);
    station.seal(&samples.iter().map(|(order, _)| order.clone()).collect::<Vec<_>>(), &[]);
    let output = station.print(&["--out", "labels.pdf"]);
    assert!(output.status.success(), "{}", said(&output));
    let pages = pdf::pages(&station.read("labels.pdf"));
    assert_eq!(pages.len(), samples.len());
    let (mut details, mut exact) = (0, 0);
    for (page, (order, masked)) in pages.iter().zip(&samples) {
        let page: String = page.chars().filter(|character| !character.is_whitespace()).collect();
        let shows =
            |text: &str| page.contains(&text.chars().filter(|c| !c.is_whitespace()).collect::<String>());
        assert!(shows(order["waybill_no"].as_str().unwrap()));
        assert!(shows(order["routing"]["code"].as_str().unwrap()));
        for role in ["recipient", "sender"] {
            for field in ["name", "province", "city", "district", "town"] {
                let id = format!("{role}.{field}");
                let expected = masked[&id].as_str().unwrap();
                assert!(shows(expected), "{id}: {expected} is not on {page}");
            }
            let detail = masked[&format!("{role}.detail")].as_str().unwrap();
            assert!(shows_at_most(&page, detail), "{role}.detail: {detail} is not on {page}");
            details += 1;
            exact += usize::from(shows(detail));
            // The label writes the hyphen of a virtual number as people say it.
            let phone = match masked.get(format!("{role}.virtual")) {
                Some(number) => number.as_str().unwrap().replace('-', "转"),
                None => masked[&format!("{role}.mobile")].as_str().unwrap().to_owned(),
            };
            assert!(shows(&phone), "{role}: {phone} is not on {page}");
            for field in ["name", "mobile", "detail"] {
                let clear = order[role][field].as_str().unwrap();
                let hides = masked[&format!("{role}.{field}")].as_str().unwrap().contains('*');
                assert!(!hides || !shows(clear), "{role}.{field} is on the label in clear");
            }
        }
    }
    // The masker may hide more of an address than it must, but not of many.
    assert!(exact * 10 >= details * 9, "{exact} of {details} details are just as the generator says");
}

/// Whether a page has a text like the expected one: stars where it has stars, and elsewhere the same or more stars.
fn shows_at_most(page: &str, expected: &str) -> bool {
    let page: Vec<char> = page.chars().collect();
    let expected: Vec<char> = expected.chars().filter(|c| !c.is_whitespace()).collect();
    let agrees = |(shown, expected): (&char, &char)| shown == expected || *shown == '*';
    page.windows(expected.len()).any(|window| {
        // A row of stars is like any text, so something of it must be readable.
        window.iter().zip(&expected).all(agrees) && window.iter().any(|&shown| shown != '*')
    })
}

#[test]
fn the_labels_do_not_depend_on_the_number_of_workers() {
    let station = Station::new();
    station.seal(&orders(150, 7), &["--batch-size", "40"]);
    for (workers, file) in [("1", "one.pdf"), ("2", "two.pdf"), ("5", "five.pdf")] {
        let output = station.print(&["--out", file, "--workers", workers]);
        assert!(output.status.success(), "{}", said(&output));
    }
    let one = station.read("one.pdf");
    assert!(one == station.read("two.pdf") && one == station.read("five.pdf"));
    for (workers, folder) in [("1", "one"), ("3", "three")] {
        let output = station.print(&["--dir", folder, "--workers", workers]);
        assert!(output.status.success(), "{}", said(&output));
    }
    let names = list(&station.path("one"));
    assert_eq!(names.len(), 150);
    assert_eq!(names[11], "000012.png");
    for name in names {
        assert!(station.read(&format!("one/{name}")) == station.read(&format!("three/{name}")), "{name}");
    }
}

#[test]
fn pictures_have_the_size_of_the_label_in_dots() {
    let station = Station::new();
    station.seal(&orders(1, 3), &[]);
    for (dpi, size) in [("203", (608, 1040)), ("300", (898, 1535))] {
        let output = station.print(&["--dir", dpi, "--dpi", dpi]);
        assert!(output.status.success(), "{}", said(&output));
        let file = std::io::Cursor::new(station.read(&format!("{dpi}/000001.png")));
        let picture = png::Decoder::new(file).read_info().unwrap();
        let info = picture.info();
        assert_eq!((info.width, info.height), size);
        assert_eq!((info.bit_depth, info.color_type), (png::BitDepth::One, png::ColorType::Grayscale));
    }
}

#[test]
fn one_bad_order_does_not_stop_the_others() {
    let station = Station::new();
    station.seal(&orders(70, 5), &[]);
    let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
    let mut lines: Vec<String> = sealed.lines().map(str::to_owned).collect();
    lines[9] = "AES:c29tZSBwbGF0Zm9ybSdzIG93biBkYXRh".to_owned();
    lines[40] = lines[40].replacen("\"p\":[\"", "\"p\":[\"AAAA", 1);
    lines[65].truncate(100);
    station.write("orders.sealed.jsonl", lines.join("\n").as_bytes());

    let output = station.print(&["--out", "labels.pdf", "--json"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert_eq!(pdf::pages(&station.read("labels.pdf")).len(), 67);
    let events = events(&output);
    let failed: Vec<_> = events.iter().filter(|event| event["event"] == "failed").collect();
    assert_eq!(failed.iter().map(|event| &event["index"]).collect::<Vec<_>>(), [10, 41, 66]);
    assert!(failed.iter().all(|event| event["code"] == "MALFORMED"), "{failed:?}");
    let summary = events.last().unwrap();
    assert_eq!(
        (&summary["event"], &summary["done"], &summary["failed"]),
        (&json!("summary"), &json!(67), &json!(3))
    );

    let output = station.print(&["--out", "labels.pdf"]);
    let said = said(&output);
    assert!(said.contains("no. 10: order (unreadable): MALFORMED"), "{said}");
    assert!(said.contains("67 labels") && said.contains("hint: "), "{said}");
}

#[test]
fn a_character_that_no_font_has_is_an_error_and_not_a_gap() {
    let station = Station::new();
    let mut orders = orders(3, 11);
    // U+2252 is in GB18030 and not in the typeface; an organisation is printed whole.
    orders[1]["sender"]["org"] = json!("≒某某商行");
    station.seal(&orders, &[]);
    let output = station.print(&["--out", "labels.pdf", "--json"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    let events = events(&output);
    let failed = events.iter().find(|event| event["event"] == "failed").unwrap();
    assert_eq!((&failed["code"], &failed["field"]), (&json!("GLYPH_MISSING"), &json!("sender.org")));
    assert!(!said(&output).contains('≒'));
}

#[test]
fn orders_come_from_standard_input_and_labels_go_to_standard_output() {
    let station = Station::new();
    station.seal(&orders(20, 9), &[]);
    assert!(station.print(&["--out", "labels.pdf"]).status.success());
    let mut arguments = print_arguments(&["--out", "-"]);
    arguments[1] = "-";
    let output = with_input(station.command(&arguments), &station.read("orders.sealed.jsonl"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout == station.read("labels.pdf"));
}

#[test]
fn what_a_batch_is_refused_for_decides_the_exit_code() {
    let station = Station::new();
    let other = Station::new();
    station.seal(&orders(3, 2), &[]);
    let print = |arguments: &[&str]| station.run(&[&["print"], arguments].concat());
    let trust = ["--trust", "issuer.key.pub", "--out", "labels.pdf"];

    let their_key = other.path("station.key");
    let wrong_key =
        print(&[&["orders.sealed.jsonl", "--key", their_key.to_str().unwrap()], &trust[..]].concat());
    assert_eq!(wrong_key.status.code(), Some(6), "{}", said(&wrong_key));
    assert!(said(&wrong_key).contains("UNKNOWN_KEY"), "{}", said(&wrong_key));

    let their_issuer = other.path("issuer.key.pub");
    let options = ["--trust", their_issuer.to_str().unwrap(), "--out", "labels.pdf"];
    let unknown_issuer = print(&[&["orders.sealed.jsonl", "--key", "station.key"], &options[..]].concat());
    assert_eq!(unknown_issuer.status.code(), Some(6), "{}", said(&unknown_issuer));
    assert!(said(&unknown_issuer).contains("UNKNOWN_ISSUER"), "{}", said(&unknown_issuer));

    let no_key = print(&[&["orders.sealed.jsonl", "--key", "no-such.key"], &trust[..]].concat());
    assert_eq!(no_key.status.code(), Some(3), "{}", said(&no_key));
    assert!(said(&no_key).contains("error: no-such.key cannot be read"), "{}", said(&no_key));

    station.write("empty.jsonl", b"\n\n");
    let empty = print(&[&["empty.jsonl", "--key", "station.key"], &trust[..]].concat());
    assert_eq!(empty.status.code(), Some(3), "{}", said(&empty));

    let usage = print(&["orders.sealed.jsonl"]);
    assert_eq!(usage.status.code(), Some(2));
    assert!(!station.path("labels.pdf").exists(), "nothing stands under the final name");
    assert!(list(&station.path("")).iter().all(|name| !name.contains("unfinished")));
}

#[test]
fn a_template_of_ones_own_is_compiled_and_its_faults_have_a_place() {
    let station = Station::new();
    station.seal(&orders(2, 8), &[]);
    let page = |content: &str| {
        format!(
            "<page xmlns=\"http://cloudprint.cainiao.com/print\" width=\"60\" height=\"40\">\n{content}\n</page>"
        )
    };
    let layout = |text: &str| {
        page(&format!(
            "<layout left=\"2\" top=\"2\" width=\"56\" height=\"10\"><text><![CDATA[{text}]]></text></layout>"
        ))
    };
    station.write("own.xml", layout("<%=_data.recipient.name%>收").as_bytes());
    let output = station.print(&["--template", "own.xml", "--out", "own.pdf"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        pdf::pages(&station.read("own.pdf")).iter().all(|page| page.contains('收') && page.contains('*'))
    );

    station.write("bad.xml", page("<qr/>").as_bytes());
    let output = station.print(&["--template", "bad.xml", "--out", "bad.pdf"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("bad.xml:2:"), "{}", said(&output));

    station.write("buyer.xml", layout("<%=_data.buyer.idcard%>").as_bytes());
    let output = station.print(&["--template", "buyer.xml", "--out", "bad.pdf"]);
    assert!(said(&output).contains("FIELD_NOT_PRINTABLE"), "{}", said(&output));
    assert!(!station.path("bad.pdf").exists());
}

#[test]
fn a_preview_shows_nothing_of_the_door_even_where_the_issuer_lets_a_label_show_it() {
    let station = Station::new();
    let orders = orders(3, 12);
    station.seal(&orders, &["--mask-address", "full"]);
    let arguments = |command, file| {
        let mut arguments = print_arguments(&["--out", file]);
        arguments[0] = command;
        arguments
    };
    station.done(&arguments("print", "labels.pdf"));
    station.done(&arguments("preview", "preview.pdf"));
    let (labels, preview) =
        (pdf::pages(&station.read("labels.pdf")), pdf::pages(&station.read("preview.pdf")));
    for ((label, preview), order) in labels.iter().zip(&preview).zip(&orders) {
        let detail = order["recipient"]["detail"].as_str().unwrap();
        let road: String = detail.chars().take(4).collect();
        assert!(label.replace('\n', "").contains(&road), "the control: {label}");
        assert!(!preview.contains(&road) && preview.contains("****"), "{preview}");
        assert_eq!(preview.matches("预览").count(), 3, "one over each symbol");
        assert!(!label.contains("预览"));
    }
}
