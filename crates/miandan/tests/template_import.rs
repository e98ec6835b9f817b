//! `miandan template import` as a program: where the template goes, where the report goes, and what the exit code says.

mod common;

use common::{Station, events, said, with_input};

const COURIER: &[u8] = include_bytes!("../../../fixtures/hiprint/courier-76x130.json");
const TEMPLATE: &[u8] = include_bytes!("../../../fixtures/hiprint/courier-76x130.xml");
const ODD: &[u8] = include_bytes!("../../../fixtures/hiprint/odd-100x180.json");

#[test]
fn the_template_goes_to_a_file_or_to_standard_output() {
    let station = Station::new();
    station.write("design.json", COURIER);
    let output = station.run(&["template", "import", "design.json", "--strict"]);
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(0), TEMPLATE));
    let piped = with_input(station.command(&["template", "import", "-", "-o", "-", "-q"]), COURIER);
    assert_eq!((&piped.stdout[..], &piped.stderr[..]), (TEMPLATE, &b""[..]));

    let output = station.run(&["template", "import", "design.json", "-o", "out.xml"]);
    assert!(output.stdout.is_empty() && station.read("out.xml") == TEMPLATE);
    assert!(said(&output).contains("miandan template check out.xml"), "{}", said(&output));
    // What comes out is a label: it is checked and drawn like any other.
    assert_eq!(station.run(&["template", "check", "out.xml"]).status.code(), Some(0));
    assert_eq!(station.run(&["template", "show", "out.xml", "--out", "out.png"]).status.code(), Some(0));
}

#[test]
fn the_report_says_what_is_not_as_it_was() {
    let station = Station::new();
    station.write("odd.json", ODD);
    let output = station.run(&["template", "import", "odd.json", "-o", "odd.xml"]);
    assert_eq!(output.status.code(), Some(0));
    for text in
        ["/panels/0/printElements/0: text \"buyerNick\": left out", "[never-printed]", "[unknown-field]"]
    {
        assert!(said(&output).contains(text), "{text}: {}", said(&output));
    }
    for text in ["某昵称", "A-01", "12000000000"] {
        assert!(!said(&output).contains(text), "a value of the design: {text}");
    }
    let strict = station.run(&["template", "import", "odd.json", "-o", "strict.xml", "--strict", "--json"]);
    assert_eq!(strict.status.code(), Some(4));
    assert_eq!(station.read("strict.xml"), station.read("odd.xml"));
    let events = events(&strict);
    let last = events.last().unwrap();
    let count = |outcome| {
        let elements = events.iter().filter(|event| event["kind"] != "panel");
        elements.filter(|event| event["outcome"] == outcome).count()
    };
    for (name, outcome) in [("carried", "carried"), ("changed", "changed"), ("left_out", "left-out")] {
        assert_eq!(last[name], count(outcome), "{name}");
    }
    // Comments are for people and in their language; what a machine reads is not.
    let comments = |options: &[&str]| {
        let output = station.run(&[&["template", "import", "odd.json"], options].concat());
        String::from_utf8(output.stdout).unwrap().contains("一律不打印")
    };
    assert!(comments(&["--lang", "zh"]) && !comments(&["--lang", "zh", "--json"]) && !comments(&[]));
    let second = station.run(&["template", "import", "odd.json", "--panel", "2"]);
    assert!(String::from_utf8(second.stdout).unwrap().contains("第二联"));
    assert_eq!(station.run(&["template", "import", "odd.json", "--panel", "3"]).status.code(), Some(2));
}

#[test]
fn maps_and_files_that_make_no_sense_are_refused_with_a_place() {
    let station = Station::new();
    station.write("design.json", COURIER);
    for (map, place) in [
        ("[fields]\nmemo = \"a\"\nrecipient.nmae = \"b\"\n", "map.toml:3:"),
        ("[columns]\n", "map.toml:1:"),
        ("[fields]\nmemo = [7]\n", "map.toml:2:"),
    ] {
        station.write("map.toml", map.as_bytes());
        let output =
            station.run(&["template", "import", "design.json", "--map", "map.toml", "-o", "out.xml"]);
        assert_eq!(output.status.code(), Some(2), "{map}");
        assert!(said(&output).contains(place), "{}", said(&output));
    }
    for (design, place) in [
        (&b"{\"panels\": [\n  {\"width\": 76,,"[..], "bad.json:2:16"),
        (b"{\"panels\": {}}", "/panels"),
        (b"{\"panels\": [{\"width\": 76, \"height\": 0.5}]}", "/panels/0/height"),
        (b"{\"panels\": [{\"width\": 76, \"height\": 50, \"printElements\": 1}]}", "/panels/0/printElements"),
    ] {
        station.write("bad.json", design);
        let output = station.run(&["template", "import", "bad.json", "-o", "out.xml"]);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains(place), "{}", said(&output));
    }
    station.write("large.json", &vec![b' '; miandan_hiprint::SIZE + 1]);
    assert_eq!(station.run(&["template", "import", "large.json"]).status.code(), Some(3));
    assert!(!station.path("out.xml").exists(), "nothing is written");
}
