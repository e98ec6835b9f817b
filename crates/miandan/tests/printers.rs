//! Printers, from the command line to the paper: every language, every profile that is shipped, and those that make no
//! sense.

mod common;

use std::collections::BTreeMap;

use common::{Station, events, list, orders, pdf, print_arguments, said};
use miandan_testing::printer::{Sheet, cpcl, epl2, escpos, tspl, zpl};
use serde_json::Value;

fn station(count: usize) -> Station {
    let station = Station::new();
    station.seal(&orders(count, 9), &[]);
    station
}

fn printed(language: &str, dpi: u32, head: usize, stream: &[u8]) -> Vec<Sheet> {
    let sheets = match language {
        "tspl" => tspl::read(stream, dpi),
        "zpl" => zpl::read(stream),
        "cpcl" => cpcl::read(stream),
        "epl2" => epl2::read(stream, dpi),
        "escpos" => escpos::read(stream, head),
        _ => panic!("{language}"),
    };
    sheets.unwrap_or_else(|fault| panic!("{language}: {fault}"))
}

/// The profiles as `profile list` has them.
fn profiles(station: &Station) -> Vec<Value> {
    events(&station.done(&["profile", "list", "--json"]))
}

const NARROW: &str = "<page width='40' height='30'><text width='36' height='9'><%=_data.recipient.name%></text>\
                      <barcode left='2' top='12' width='36' height='12' type='code128' value='12345'/></page>";

#[test]
fn every_profile_prints_the_same_labels() {
    let station = station(3);
    station.write("narrow.xml", NARROW.as_bytes());
    let mut papers: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::new();
    let profiles = profiles(&station);
    assert!(profiles.len() > 20, "{}", profiles.len());
    for profile in profiles {
        let name = profile["name"].as_str().unwrap();
        let (language, dpi) = (profile["language"].as_str().unwrap(), profile["dpi"].as_u64().unwrap());
        let head = profile["head_dots"].as_u64().unwrap() as usize;
        let out = format!("{name}.{language}");
        station.done(&print_arguments(&["--template", "narrow.xml", "--profile", name, "--out", &out]));
        let sheets = printed(language, dpi as u32, head, &station.read(&out));
        assert_eq!(sheets.len(), 3, "{name}");
        // A receipt printer's paper is as wide as its head.
        let width = if dpi == 203 { 320 } else { 472 };
        let paper = sheets.iter().map(|sheet| left(sheet, width)).collect();
        assert_eq!(papers.entry(dpi).or_insert_with(|| Vec::clone(&paper)), &paper, "{name}");
    }
    assert_eq!(papers.len(), 2, "both resolutions");
}

/// The dots of the left of a sheet.
fn left(sheet: &Sheet, width: usize) -> Vec<u8> {
    let dots = (0..sheet.height).flat_map(|y| (0..width).map(move |x| u8::from(sheet.dot(x, y))));
    let dots: Vec<u8> = dots.collect();
    assert!(dots.iter().filter(|&&dot| dot == 1).count() > 2000, "something is printed");
    dots
}

#[test]
fn the_form_follows_from_what_is_said() {
    let station = station(2);
    for (options, language) in [
        (&["--out", "a.tspl"][..], "tspl"),
        (&["--out", "a.CPCL"], "cpcl"),
        (&["--out", "a.bin", "--format", "epl2"], "epl2"),
        (&["--out", "a.prn", "--profile", "zebra"], "zpl"),
        (&["--out", "a.pdf", "--profile", "zebra"], "pdf"),
        (&["--out", "a.zpl", "--profile", "zebra-300", "--dpi", "300"], "zpl"),
        (&["--out", "a.out"], "pdf"),
    ] {
        let output = station.done(&print_arguments(&[options, &["--json"]].concat()));
        let summary = events(&output).pop().unwrap();
        assert_eq!(summary["format"], language, "{options:?}");
        let stream = station.read(options[1]);
        if language == "pdf" {
            assert_eq!(pdf::pages(&stream).len(), 2);
        } else {
            let dpi = if options.contains(&"300") { 300 } else { 203 };
            assert_eq!(printed(language, dpi, 0, &stream).len(), 2, "{options:?}");
        }
    }
}

#[test]
fn a_folder_has_a_file_a_label_and_together_they_are_the_stream() {
    let station = station(5);
    for language in ["tspl", "zpl", "cpcl", "epl2"] {
        station.done(&print_arguments(&["--format", language, "--dir", language]));
        let names: Vec<_> = (1..=5).map(|number| format!("{number:06}.{language}")).collect();
        assert_eq!(list(&station.path(language)), names);
        let parts: Vec<_> =
            names.iter().flat_map(|name| station.read(&format!("{language}/{name}"))).collect();
        let out = format!("labels.{language}");
        station.done(&print_arguments(&["--out", &out]));
        assert!(station.read(&out) == parts, "{language}");
        let output = station.done(&print_arguments(&["--format", language, "--out", "-"]));
        assert!(output.stdout == parts, "{language}");
    }
}

#[test]
fn the_bytes_do_not_depend_on_the_workers() {
    let station = station(150);
    for profile in ["tspl", "gprinter", "zebra", "epl2"] {
        let [one, three] = ["1", "3"].map(|workers| {
            station.done(&print_arguments(&["--profile", profile, "--workers", workers, "--out", "out.prn"]));
            station.read("out.prn")
        });
        assert!(one == three, "{profile}");
    }
}

#[test]
fn a_bad_order_is_left_out_and_the_others_are_printed() {
    let station = station(3);
    let mut sealed = station.read("orders.sealed.jsonl");
    sealed.extend(b"not an order\n");
    station.write("orders.sealed.jsonl", &sealed);
    let output = station.print(&["--out", "labels.zpl"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert_eq!(zpl::read(&station.read("labels.zpl")).unwrap().len(), 3);
}

#[test]
fn what_a_printer_cannot_print_is_refused_before_anything_is_written() {
    let station = station(2);
    station.write("wide.toml", b"language = \"zpl\"\ndpi = 203\nhead_dots = 832\noffset_mm = [30, 0]\n");
    station.write("long.xml", b"<page width='50' height='1001'></page>");
    for (options, message) in [
        (&["--format", "escpos"][..], "608 dots wide, with the offset; the head of the printer has 576"),
        (&["--profile", "sunmi"], "608 dots wide"),
        (&["--profile", "wide.toml"], "848 dots wide"),
        (&["--template", "sto-100x180", "--profile", "zebra-mobile"], "800 dots wide"),
        (&["--template", "long.xml", "--format", "tspl"], "dots long"),
    ] {
        for target in ["--out", "--dir"] {
            let output = station.print(&[options, &[target, "made.prn"]].concat());
            let said = said(&output);
            assert_eq!(output.status.code(), Some(2), "{options:?}: {said}");
            assert!(said.contains(message) && said.contains("hint: nothing was printed"), "{said}");
            let left = list(&station.path("")).into_iter().find(|name| name.contains("made.prn"));
            if target == "--out" {
                assert_eq!(left, None, "{options:?}");
            } else if left.is_some() {
                assert!(list(&station.path("made.prn")).is_empty());
                std::fs::remove_dir(station.path("made.prn")).unwrap();
            }
        }
    }
}

#[test]
fn profiles_that_contradict_themselves_or_the_rest_are_refused_in_words() {
    let station = station(1);
    let own = |text: &str| {
        station.write("own.toml", text.as_bytes());
        station.print(&["--profile", "own.toml", "--out", "labels.prn"])
    };
    let tspl = "language = \"tspl\"\ndpi = 203\nhead_dots = 832\n";
    for (text, message) in [
        (tspl.replace("203", "600"), "dpi has to be one of: 203, 300"),
        (tspl.replace("832", "0"), "head_dots of tspl is 8..8000"),
        (tspl.replace("832", "65536"), "line 3: "),
        (tspl.replace("tspl", "pcl"), "language has to be one of: tspl, zpl, cpcl, epl2, escpos"),
        (format!("{tspl}graphics = \"z64\"\n"), "graphics of tspl is binary, zlib"),
        (format!("{tspl}darkness = 16\n"), "darkness of tspl is 0..15"),
        (format!("{tspl}colour = \"red\"\n"), "line 4: unknown field `colour`"),
        (
            format!("{tspl}media = \"continuous\"\ngap_mm = 2\n"),
            "gap_mm means nothing where media = \"continuous\"",
        ),
        (tspl.replace("tspl", "escpos") + "speed = 3\n", "escpos has no speed"),
        (tspl.replace("tspl", "cpcl") + "turned = true\n", "cpcl has no turned"),
        ("#".repeat(70_000), "longer than 64 KiB"),
    ] {
        let output = own(&text);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(3), "{text}: {said}");
        assert!(said.contains(message) && said.contains("docs/printers.md"), "{message}: {said}");
        assert!(!station.path("labels.prn").exists());
    }
    for (options, message) in [
        (
            &["--profile", "zebra", "--format", "tspl"][..],
            "is not what the printer profile zebra speaks: zpl",
        ),
        (
            &["--profile", "zebra", "--dpi", "300"],
            "300 dpi (--dpi) is not that of the printer profile zebra: 203 dpi",
        ),
        (&["--format", "escpos", "--dpi", "300"], "no general profile of escpos printers at 300 dpi"),
        (&["--format", "png"], "--format png does not fit this target"),
    ] {
        let output = station.print(&[options, &["--out", "labels.prn"]].concat());
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(message), "{}", said(&output));
    }
}

#[test]
fn a_profile_can_be_named_in_the_configuration_and_shown() {
    let station = station(2);
    station.write("own.toml", &station.done(&["profile", "show", "gprinter"]).stdout);
    station.write(
        "miandan.toml",
        b"key = \"station.key\"\ntrust = \"issuer.key.pub\"\nout = \"today.prn\"\nprofile = \"own.toml\"\n",
    );
    station.done(&["print", "orders.sealed.jsonl"]);
    let today = station.read("today.prn");
    assert_eq!(tspl::read(&today, 203).unwrap().len(), 2);
    station.done(&print_arguments(&["--profile", "gprinter", "--out", "named.prn"]));
    assert!(station.read("named.prn") == today);
    // A preview for a printer shows no more than one on a screen, and is another label.
    let mut preview = print_arguments(&["--out", "preview.prn"]);
    preview[0] = "preview";
    station.done(&preview);
    assert_eq!(tspl::read(&station.read("preview.prn"), 203).unwrap().len(), 2);
    assert!(station.read("preview.prn") != today);
    let shown = String::from_utf8(station.done(&["config", "show", "--origin"]).stdout).unwrap();
    assert!(shown.contains("profile = \"own.toml\"  # miandan.toml") && !shown.contains("dpi"), "{shown}");
}

#[test]
fn the_documentation_has_every_profile_and_every_setting() {
    let station = Station::new();
    let expected: Vec<String> = profiles(&station)
        .iter()
        .map(|profile| {
            let text = |member: &str| profile[member].as_str().unwrap().to_owned();
            format!(
                "| `{}` | {} | {} | {} | ",
                text("name"),
                text("language"),
                profile["dpi"],
                profile["head_dots"]
            )
        })
        .collect();
    // What a file may say is what the parser lists when it meets something else.
    station
        .write("odd.toml", b"language = \"zpl\"\ndpi = 203\nhead_dots = 832\nodd = 1\n[pacing]\nodd = 1\n");
    let refused = said(&station.run(&["profile", "show", "odd.toml"]));
    let settings: Vec<_> =
        refused.split("expected one of ").nth(1).unwrap().split('`').skip(1).step_by(2).collect();
    assert!(settings.len() > 10, "{refused}");
    for page in [include_str!("../../../docs/printers.md"), include_str!("../../../docs/printers.zh-CN.md")] {
        let heads = ["tspl", "zpl", "cpcl", "epl2", "escpos"];
        let table: Vec<_> = page
            .lines()
            .filter(|line| heads.iter().any(|language| line.contains(&format!("` | {language} | "))))
            .collect();
        assert_eq!(table.len(), expected.len());
        for (line, expected) in table.iter().zip(&expected) {
            assert!(line.starts_with(expected.as_str()), "{line}: {expected}");
        }
        for setting in &settings {
            assert!(
                page.contains(&format!("`{setting}`")) || page.contains(&format!("[{setting}]")),
                "{setting}"
            );
        }
    }
}
