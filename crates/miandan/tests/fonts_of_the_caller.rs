//! A name in characters that the bundled typeface lacks: refused, printed from a font of the caller, or with a box that
//! is told of; in the library's mode and through a service, and never in a message.

mod common;

use std::path::{Path, PathBuf};

use common::{Station, events, orders, pdf, said};
use serde_json::{Value, json};

/// `fixtures/fonts/make.py` says what is in it.
fn test_font() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fonts/miandan-test.ttf")
}

/// U+31350 is in the test font only, U+1F642 in none.
const ORGANISATION: &str = "\u{31350}某商行";

/// Three orders, the second of which needs a font.
fn station(organisation: &str) -> Station {
    let station = Station::new();
    let mut orders = orders(3, 11);
    orders[1]["sender"]["org"] = json!(organisation);
    station.seal(&orders, &[]);
    station
}

fn warned(output: &std::process::Output) -> Vec<Value> {
    let labels = events(output).into_iter().filter(|event| event["event"] == "label");
    labels.map(|mut label| label["warnings"].take()).filter(|warnings| !warnings.is_null()).collect()
}

#[test]
fn a_font_of_the_caller_prints_what_the_bundled_one_lacks() {
    let station = station(ORGANISATION);
    let font = test_font();
    let without = station.print(&["--out", "without.pdf"]);
    assert_eq!(without.status.code(), Some(4), "{}", said(&without));

    let output = station.print(&["--out", "labels.pdf", "--json", "--font", font.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let file = station.read("labels.pdf");
    assert!(String::from_utf8_lossy(&file).contains("+MiandanTest"));
    assert!(!said(&output).contains('\u{31350}'));

    let picture = station.print(&["--dir", "labels", "--font", font.to_str().unwrap()]);
    assert_eq!(picture.status.code(), Some(0), "{}", said(&picture));
}

#[test]
fn labels_without_such_a_character_are_the_same_with_a_font() {
    let station = station("某商行");
    let font = test_font();
    assert!(station.print(&["--out", "without.pdf"]).status.success());
    assert!(station.print(&["--out", "with.pdf", "--font", font.to_str().unwrap()]).status.success());
    assert!(station.read("with.pdf") == station.read("without.pdf"));
}

#[test]
fn a_box_is_told_of() {
    let station = station("🙂某商行");
    let refused = station.print(&["--out", "labels.pdf"]);
    assert_eq!(refused.status.code(), Some(4), "{}", said(&refused));
    let output = station.print(&["--out", "labels.pdf", "--missing-glyph", "box", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(warned(&output).iter().any(|warnings| {
        warnings.as_array().unwrap().contains(&json!({"field": "sender.org", "warning": "GLYPH_MISSING"}))
    }));
    assert!(pdf::pages(&station.read("labels.pdf"))[1].contains("□某商行"));
    for (language, words) in [("en", "a box stands there"), ("zh", "已用方框代替")] {
        let output = station.print(&["--out", "labels.pdf", "--missing-glyph", "box", "--lang", language]);
        let text = said(&output);
        assert!(text.lines().any(|line| line.contains("sender.org") && line.contains(words)), "{text}");
        assert!(!text.contains('🙂'));
    }
}

#[test]
fn a_file_that_is_no_font_is_refused_before_anything_is_printed() {
    let station = station("某商行");
    station.write("notes.ttf", b"these are notes");
    for (language, words) in [("en", "it is no TrueType font"), ("zh", "不是 TrueType 字体")] {
        let output = station.print(&["--out", "labels.pdf", "--font", "notes.ttf", "--lang", language]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(3), "{text}");
        assert!(text.contains("notes.ttf") && text.contains(words), "{text}");
        assert!(!station.path("labels.pdf").exists());
    }
    let output = station.print(&["--out", "labels.pdf", "--font", "nowhere.ttf"]);
    assert!(said(&output).contains("nowhere.ttf"));
    let nine: Vec<_> =
        (0..9).flat_map(|_| ["--font".to_owned(), test_font().display().to_string()]).collect();
    let mut arguments = vec!["--out", "labels.pdf"];
    arguments.extend(nine.iter().map(String::as_str));
    let output = station.print(&arguments);
    assert!(said(&output).contains("more than 8 fonts"), "{}", said(&output));
}
