//! A label printer on a port of this machine that behaves as it is told, for campaigns that kill it or whoever prints.
//!
//!     cargo run -p miandan-testing --example printer_9100 -- --port 9100 --script tspl,jam@12 --out DIR
//!
//! Says where it listens on its first line and then a line for each label: its number, when it came out, its length. With
//! `--out` each label is a file before its line is written. A line on standard input does something to it: `resume`,
//! `open-head`, `take-paper`, `pause`, `refuse`, `accept`, `lose-power`, `quit`. It runs until it is killed or told to quit.
#![allow(clippy::print_stdout, reason = "a program")]

#[cfg(unix)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::io::{BufRead, Write};
    use std::path::PathBuf;

    use miandan_testing::device::{Script, SimulatedPrinter};

    let (mut port, mut script, mut out) = (0, Script::well(miandan_testing::device::Speech::Tspl), None);
    let mut arguments = std::env::args().skip(1);
    while let Some(option) = arguments.next() {
        let value = arguments.next().ok_or("every option has a value")?;
        match option.as_str() {
            "--port" => port = value.parse()?,
            "--script" => script = value.parse()?,
            "--out" => out = Some(PathBuf::from(value)),
            _ => return Err(format!("{option} is not known").into()),
        }
    }
    let mut number = match &out {
        Some(folder) => {
            std::fs::create_dir_all(folder)?;
            std::fs::read_dir(folder)?.count()
        }
        None => 0,
    };
    let printer = SimulatedPrinter::start_at(port, script, move |printed| {
        number += 1;
        if let Some(folder) = &out {
            let written = std::fs::write(folder.join(format!("{number:06}.prn")), &printed.label);
            written.expect("the folder for the labels can be written");
        }
        let mut stdout = std::io::stdout().lock();
        let line = writeln!(stdout, "{number} {:.3} {}", printed.at.as_secs_f64(), printed.label.len());
        let _ = line.and_then(|()| stdout.flush());
    })?;
    println!("{}", printer.uri());
    std::io::stdout().flush()?;
    for line in std::io::stdin().lock().lines() {
        match line?.trim() {
            "resume" => printer.resume(),
            "open-head" => printer.open_head(),
            "take-paper" => printer.take_paper(),
            "pause" => printer.pause(),
            "refuse" => printer.refuse(),
            "accept" => printer.accept(),
            "lose-power" => printer.lose_power(),
            "quit" => return Ok(()),
            other => println!("? {other}"),
        }
    }
    // Standard input is at its end: whoever started it kills it.
    loop {
        std::thread::park();
    }
}

#[cfg(not(unix))]
fn main() {}
