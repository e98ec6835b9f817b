//! `miandan template show` as a program: into files, into a terminal's words, and again whenever a file is saved.

#![cfg(target_os = "linux")]

use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

mod common;

use common::{Station, said};

const PAGE: &str =
    "<page width='20' height='10'><text left='2' top='2' width='16' height='6'>甲</text></page>";

fn show(station: &Station, arguments: &[&str]) -> std::process::Output {
    station.run(&[&["template", "show"], arguments].concat())
}

#[test]
fn cases_are_different_pictures() {
    let station = Station::new();
    let mut seen = Vec::new();
    for case in miandan_templates::Case::ALL {
        let output = show(&station, &["sf-100x150", "--case", case.as_str(), "--out", "label.png"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let picture = std::fs::read(station.path("label.png")).unwrap();
        assert!(!seen.contains(&picture), "{}", case.as_str());
        seen.push(picture);
    }
    assert_eq!(
        show(&station, &["sf-100x150", "--case", "none", "--out", "label.png"]).status.code(),
        Some(2)
    );
}

const AREA: &str = "<layout id='CUSTOM_AREA' left='0' top='140' width='60' height='20'>\
    <text left='2' top='2' width='56' height='16'><%=_data.memo || '无'%></text></layout>";

#[test]
fn a_custom_area_is_drawn_with_its_data_which_is_masked() {
    let station = Station::new();
    station.write("area.xml", AREA.as_bytes());
    let draw = |data: Option<&str>| {
        let mut arguments = vec!["area.xml", "--out", "area.png"];
        if let Some(data) = data {
            station.write("data.json", data.as_bytes());
            arguments.extend(["--data", "data.json"]);
        }
        let output = show(&station, &arguments);
        (output.status.code(), said(&output), std::fs::read(station.path("area.png")).unwrap_or_default())
    };
    let [none, one, other] =
        [None, Some(r#"{"memo":"请打17000004771"}"#), Some(r#"{"memo":"请打17000005510"}"#)].map(draw);
    assert_eq!((none.0, one.0, other.0), (Some(0), Some(0), Some(0)), "{}", none.1);
    assert!(none.2 != one.2 && one.2 == other.2, "phones have no influence");
    let broken = draw(Some(r#"{"memo":"请打17000004771","memo":1}"#));
    assert_eq!(broken.0, Some(3));
    assert!(broken.1.contains("data.json is no JSON") && !broken.1.contains("1700000"), "{}", broken.1);
}

#[test]
fn a_pipe_gets_a_picture_only_when_it_is_asked_for() {
    let station = Station::new();
    station.write("page.xml", PAGE.as_bytes());
    let output = show(&station, &["page.xml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("hint: add --out label.png"), "{}", said(&output));
    for (how, begin) in
        [("kitty", "\x1b_Gf=100"), ("iterm", "\x1b]1337;File="), ("sixel", "\x1bP0;1;0q\"1;1;160;80")]
    {
        let output = show(&station, &["page.xml", "--terminal", how]);
        assert_eq!(output.status.code(), Some(0));
        assert!(String::from_utf8(output.stdout).unwrap().starts_with(begin), "{how}");
    }
    let output = show(&station, &["page.xml", "--terminal", "braille"]);
    assert!(
        String::from_utf8(output.stdout).unwrap().chars().any(|c| ('\u{2801}'..='\u{28FF}').contains(&c))
    );
}

#[test]
fn it_draws_again_when_a_file_is_saved() {
    let station = Station::new();
    station.write("page.xml", PAGE.as_bytes());
    let mut command = station.command(&["template", "show", "page.xml", "--out", "page.png", "--watch"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let picture = || {
        std::fs::read(station.path("page.png")).ok().filter(|picture| picture.ends_with(b"IEND\xAEB`\x82"))
    };
    let wait = |until: &dyn Fn() -> bool| {
        let began = Instant::now();
        while !until() {
            assert!(began.elapsed() < Duration::from_secs(30), "nothing is drawn");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait(&|| picture().is_some());
    let first = picture().unwrap();
    // Broken for a moment, then replaced as editors do.
    station.write("page.xml", b"<page width='20'");
    std::thread::sleep(Duration::from_millis(600));
    station.write("new.xml", PAGE.replace('甲', "乙").as_bytes());
    std::fs::rename(station.path("new.xml"), station.path("page.xml")).unwrap();
    wait(&|| picture().is_some_and(|picture| picture != first));
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let said = said(&output);
    assert!(said.contains("page.xml:1:1: malformed XML") || said.contains("malformed XML"), "{said}");
    assert_eq!(said.matches("drawn: page.png").count(), 2, "{said}");
}
