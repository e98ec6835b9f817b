//! The system calls of a component at work, as strace sees them, against the table in SECURITY.md: none is missing
//! there, and none stands there that nobody needs. The filter is off while this is measured, or it would be no
//! measurement; `sandbox/seccomp.rs` has the same list, and every other test runs behind it.
//!
//! Behind the feature `foreign-tools`, since it needs strace.
#![cfg(all(feature = "foreign-tools", target_os = "linux"))]
#![allow(clippy::disallowed_methods)] // the test starts the programs

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Station, orders, print_arguments, said};

/// The calls of the component from the moment on at which it has closed its last file: from there on it is locked.
fn traced(station: &Station, options: &[&str]) -> BTreeSet<String> {
    let program = env!("CARGO_BIN_EXE_miandan");
    let trace = station.path("trace");
    let _ = fs::remove_dir_all(&trace);
    fs::create_dir(&trace).unwrap();
    let mut command = Command::new("strace");
    command.args(["-ff", "-qq", "-o"]).arg(trace.join("of")).arg(program).args(print_arguments(options));
    command
        .args(["--workers", "1", "--dangerous-without-sandbox"])
        .current_dir(station.path(""))
        .env("LC_ALL", "C");
    let output = command.output().expect("strace, which .ci/run installs");
    assert!(output.status.success(), "{options:?}: {}", said(&output));
    let mut calls = BTreeSet::new();
    let mut components = 0;
    for file in fs::read_dir(&trace).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        if !text.contains("miandan-component\", [") {
            continue;
        }
        components += 1;
        let lines: Vec<_> = text.lines().collect();
        let last =
            lines.iter().rposition(|line| line.starts_with("close(")).expect("keys are closed once read");
        let call = |line: &&str| line.split_once('(').map(|(name, _)| name.to_owned());
        calls.extend(lines[last + 1..].iter().filter(|line| !line.starts_with(['+', '-'])).filter_map(call));
    }
    assert_eq!(components, 1, "the component was found among the traces");
    calls
}

#[test]
fn the_table_of_system_calls_is_what_a_full_run_makes() {
    let station = Station::new();
    station.seal(&orders(300, 1), &[]);
    station.write("word", b"four quiet words");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(station.path("word"), mode).unwrap();
    let keygen = ["keygen", "station", "--id", "ST-01", "--merchant", "SHOP-1", "--out", "sealed.key"];
    station.done(&[&keygen[..], &["--passphrase-file", "word"]].concat());
    station.write("withdrawn.jsonl", b"");
    station.done(&["sign", "status", "withdrawn.jsonl", "--issuer", "issuer.key", "-o", "status.json"]);

    let mut made = traced(&station, &["--out", "labels.pdf", "--status-list", "status.json"]);
    made.extend(traced(&station, &["--dir", "labels", "--dpi", "300"]));
    // A second key, under a passphrase: Argon2id takes 19 MiB behind the lock.
    made.extend(traced(&station, &["--out", "two.pdf", "--key", "sealed.key", "--passphrase-file", "word"]));
    // A component that is not needed any more is killed; one whose host goes away ends by itself.
    made.insert("exit_group".to_owned());

    let security = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../SECURITY.md");
    let security = fs::read_to_string(security).unwrap();
    let table = security.split("| System call |").nth(1).expect("the table").split("\n\n").next().unwrap();
    let named: BTreeSet<String> =
        table.lines().skip(2).filter_map(|row| row.split('`').nth(1)).map(str::to_owned).collect();
    assert_eq!(made, named);

    let filter = Path::new(env!("CARGO_MANIFEST_DIR")).join("../miandan-component/src/sandbox/seccomp.rs");
    let filter = fs::read_to_string(filter).unwrap();
    let list = filter.split("const ALLOWED").nth(1).unwrap().split("];\n").next().unwrap();
    let allowed: BTreeSet<String> = list
        .split("call: libc::SYS_")
        .skip(1)
        .map(|rest| rest.split(',').next().unwrap().to_owned())
        .collect();
    assert_eq!(allowed, named, "the filter and the table");
}
