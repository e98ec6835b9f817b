//! What the whole-system tests share: a station with keys in a scratch folder, and the real programs.
#![allow(dead_code, unreachable_pub)] // each test program uses its part
#![allow(clippy::disallowed_methods)] // the tests start the programs

#[cfg(target_os = "linux")]
pub mod agent;
pub mod cups;
#[cfg(target_os = "linux")]
pub mod desk;
pub mod forged;
pub mod journals;
pub mod labels;
pub mod paper;
pub mod pdf;
pub mod planted;
#[cfg(target_os = "linux")]
pub mod service;
#[cfg(target_os = "linux")]
pub mod stand_in;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The command line, in English whatever the locale.
pub fn miandan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_miandan"));
    // No print server of the tester's own machine.
    command.env("CUPS_SERVER", "127.0.0.1:9");
    command.env("LC_ALL", "C").env("XDG_CONFIG_HOME", "/nonexistent").env("XDG_STATE_HOME", "/nonexistent");
    for name in [
        "COMPONENT",
        "KEY",
        "TRUST",
        "TEMPLATE",
        "OUT",
        "DIR",
        "DPI",
        "PROFILE",
        "WORKERS",
        "PASSPHRASE_FILE",
        "STATE",
        "STATUS_LIST",
        "STATUS_POLICY",
        "STATUS_MAX_AGE",
        "COURIER_TOKEN",
        "CARRIER_LIST",
        "JOURNAL",
        "PRINTER",
    ] {
        command.env_remove(format!("MIANDAN_{name}"));
    }
    command
}

/// A station that trusts one issuer, in a folder that goes when the value goes.
pub struct Station {
    folder: TempDir,
}

impl Station {
    /// Makes throw-away keys.
    pub fn new() -> Self {
        let station = Station { folder: tempfile::tempdir().unwrap() };
        let station_key = ["--id", "ST-01", "--merchant", "SHOP-1", "--no-passphrase"];
        station.done(&[&["keygen", "station", "--out", "station.key"], &station_key[..]].concat());
        station.done(&["keygen", "issuer", "--id", "platform", "--out", "issuer.key"]);
        station
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).unwrap();
    }

    /// A command in the scratch folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = miandan();
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs a command that must succeed.
    pub fn done(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        output
    }

    /// Seals plain orders into `orders.sealed.jsonl`, with further options.
    pub fn seal(&self, orders: &[Value], options: &[&str]) {
        let lines: Vec<String> = orders.iter().map(Value::to_string).collect();
        self.write("orders.jsonl", lines.join("\n").as_bytes());
        let command = ["seal", "orders.jsonl", "--issuer", "issuer.key", "--to", "station.key.pub"];
        let target = ["--merchant", "SHOP-1", "-o", "orders.sealed.jsonl"];
        self.done(&[&command[..], &target, options].concat());
    }

    /// Prints `orders.sealed.jsonl`.
    pub fn print(&self, options: &[&str]) -> Output {
        self.run(&print_arguments(options))
    }
}

/// The arguments that print `orders.sealed.jsonl` with the keys of the scratch folder.
pub fn print_arguments<'a>(options: &[&'a str]) -> Vec<&'a str> {
    let command = ["print", "orders.sealed.jsonl", "--key", "station.key", "--trust", "issuer.key.pub"];
    [&command[..], options].concat()
}

/// What a program said on both of its outputs.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// JSON Lines on standard output.
pub fn events(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect()
}

/// Waits for something to come to pass.
pub fn wait_for(what: &str, within: Duration, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < within, "{what}: it does not come to pass");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Synthetic orders, with what their fields must look like once masked.
pub fn samples(count: usize, seed: u64) -> Vec<(Value, Value)> {
    let (count, seed) = (count.to_string(), seed.to_string());
    let output =
        miandan().args(["sample", "--labelled", "--count", &count, "--seed", &seed]).output().unwrap();
    assert!(output.status.success());
    let samples =
        events(&output).into_iter().map(|mut sample| (sample["order"].take(), sample["masked"].take()));
    samples.collect()
}

/// Only the orders of [`samples`].
pub fn orders(count: usize, seed: u64) -> Vec<Value> {
    samples(count, seed).into_iter().map(|(order, _)| order).collect()
}

/// Runs a command with a text on its standard input.
pub fn with_input(mut command: Command, input: &[u8]) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// The files of a folder by name, sorted.
pub fn list(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
