//! Where values come from: the nearest one wins, and `config show --origin` says which that is.

mod common;

use common::{Station, orders, pdf, said};

/// A station whose files are named in `miandan.toml`, with nothing of the tester's own configuration.
fn configured(toml: &str) -> Station {
    let station = Station::new();
    station.seal(&orders(3, 1), &[]);
    station.write("miandan.toml", toml.as_bytes());
    station
}

const DAILY: &str = "key = \"station.key\"\ntrust = \"issuer.key.pub\"\nout = \"today.pdf\"\n";

#[test]
fn a_days_work_is_one_word() {
    let station = configured(DAILY);
    let output = station.run(&["print", "orders.sealed.jsonl"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(pdf::pages(&station.read("today.pdf")).len(), 3);
    // A flag wins over the file, and naming one target silences the other.
    let output = station.run(&["print", "orders.sealed.jsonl", "--dir", "labels"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(common::list(&station.path("labels")).len(), 3);
}

#[test]
fn the_environment_stands_between_flags_and_files() {
    let station = configured(DAILY);
    let mut command = station.command(&["print", "orders.sealed.jsonl"]);
    let output = command.env("MIANDAN_OUT", "from-environment.pdf").output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(station.path("from-environment.pdf").exists() && !station.path("today.pdf").exists());
}

#[test]
fn show_says_what_is_in_force_and_why() {
    let station = configured("dpi = 300\n");
    let user = station.path("user");
    std::fs::create_dir_all(user.join("miandan")).unwrap();
    std::fs::write(user.join("miandan/config.toml"), "dpi = 203\nworkers = 2\nkey = \"k\"\n").unwrap();
    let mut command = station.command(&["config", "show", "--origin"]);
    let output = command.env("XDG_CONFIG_HOME", &user).env("MIANDAN_TEMPLATE", "own.xml").output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let shown = String::from_utf8(output.stdout).unwrap();
    let config = user.join("miandan/config.toml");
    for line in [
        "dpi = 300  # miandan.toml".to_owned(),
        format!("workers = 2  # {}", config.display()),
        format!("key = [\"{}\"]  # {}", user.join("miandan/k").display(), config.display()),
        "template = \"own.xml\"  # environment MIANDAN_TEMPLATE".to_owned(),
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line} is not in\n{shown}");
    }
}

#[test]
fn a_fault_in_a_file_has_a_place_and_a_hint() {
    for (toml, fault) in [
        ("key = \"station.key\"\nkeys = 1\n", "miandan.toml:2: unknown field `keys`"),
        ("key = [\n", "miandan.toml:"),
        ("dpi = 204\n", "miandan.toml: dpi is out of range (expected 203, 300)"),
        ("workers = 0\n", "miandan.toml: workers is out of range"),
        ("component = \"x\"\n", "miandan.toml:1: unknown field `component`"),
    ] {
        let station = configured(toml);
        let output = station.run(&["print", "orders.sealed.jsonl", "--out", "labels.pdf"]);
        assert_eq!(output.status.code(), Some(2), "{toml}: {}", said(&output));
        assert!(
            said(&output).contains(fault) && said(&output).contains("hint: "),
            "{toml}: {}",
            said(&output)
        );
    }
}

#[test]
fn what_is_named_nowhere_is_asked_for() {
    for (toml, missing) in [
        ("", "it is not said where the labels go"),
        ("out = \"x.pdf\"\n", "no key of this station is named"),
        ("out = \"x.pdf\"\nkey = \"station.key\"\n", "no issuer is named"),
    ] {
        let station = configured(toml);
        let output = station.run(&["print", "orders.sealed.jsonl"]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(missing), "{}", said(&output));
    }
}
