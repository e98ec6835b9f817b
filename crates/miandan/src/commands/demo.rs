//! `miandan demo`: the whole way, with nothing set up.
//!
//! Sealing and printing are two parties, so they are two processes here as well: this one starts `miandan sample` and
//! `miandan seal` for the platform's part and then prints, so that it never holds an order in clear.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, Purpose, Resolution};
use miandan_print::{ComponentOptions, Orders, spawn};

use super::print::{PrintJob, Template};
use super::{find_program, profile};
use crate::args::{Demo, Target};
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages;
use miandan_seal::keys::public_path;

/// A fixed seed, so that everybody sees the same labels.
const SEED: &str = "20261111";

pub fn run(console: Console, component: Option<&Path>, arguments: &Demo) -> Outcome {
    let program = find_program(console, component)?;
    let demo = Files::new(&arguments.out);
    demo.prepare(console)?;
    console.say(&messages::DEMO_TITLE.get(console.language));

    make_keys(console, &program, &demo)?;
    console.say(&messages::DEMO_KEYS.get(console.language));

    seal(console, &demo, arguments.count)?;
    console.say(&console.fill(messages::DEMO_SEALED, &[("count", &arguments.count)]));

    let mut options = ComponentOptions::new(program);
    options.keys.push(demo.station.clone());
    options.trust.push(public_path(&demo.issuer));
    let orders = Orders::open(&demo.orders).map_err(|error| {
        files::unreadable(console, &demo.orders, &std::io::Error::other(error.to_string()))
    })?;
    let template = Template::find(console, "one-part-76x130")?;
    let console_of_print = Console { quiet: true, ..console };
    let job = PrintJob {
        console: console_of_print,
        orders: &orders,
        options: &options,
        template: &template,
        fonts: &[],
        missing: MissingGlyph::Refuse,
        purpose: Purpose::Print,
    };
    let resolution = Resolution::Dpi203;
    let exit = job.run(&to_file(&demo.labels), Format::Pdf, resolution, None)?;
    if console.json {
        return Ok(exit);
    }
    let folder = Target { out: None, dir: Some(demo.pictures.clone()), printer: Vec::new() };
    job.run(&folder, Format::Png, resolution, None)?;
    let printer = profile::find(console, "tspl")?.profile;
    job.run(&to_file(&demo.printer), Format::Printer(printer), resolution, None)?;
    console.say(&messages::DEMO_PRINTED.get(console.language));
    console.say(&console.fill(messages::DEMO_LABELS, &[("file", &demo.labels.display())]));
    let picture = demo.pictures.join("000001.png");
    console.say(&console.fill(messages::DEMO_PICTURE, &[("file", &picture.display())]));
    console.say(&console.fill(messages::DEMO_PRINTER, &[("file", &demo.printer.display())]));
    console.say(&messages::DEMO_AGAIN.get(console.language));
    console.say(&format_args!(
        "   miandan print {} --key {} --trust {} --out labels.pdf",
        demo.orders.display(),
        demo.station.display(),
        public_path(&demo.issuer).display()
    ));
    Ok(exit)
}

fn to_file(path: &Path) -> Target {
    Target { out: Some(path.to_path_buf()), dir: None, printer: Vec::new() }
}

/// Where everything of the demo lies.
struct Files {
    folder: PathBuf,
    station: PathBuf,
    issuer: PathBuf,
    orders: PathBuf,
    labels: PathBuf,
    pictures: PathBuf,
    printer: PathBuf,
}

impl Files {
    fn new(folder: &Path) -> Self {
        Files {
            folder: folder.to_path_buf(),
            station: folder.join("station.key"),
            issuer: folder.join("issuer.key"),
            orders: folder.join("orders.sealed.jsonl"),
            labels: folder.join("labels.pdf"),
            pictures: folder.join("labels"),
            printer: folder.join("labels.tspl"),
        }
    }

    /// Makes the folder. Keys of an earlier run are thrown away: they were made for that.
    fn prepare(&self, console: Console) -> Result<(), Failure> {
        fs::create_dir_all(&self.folder).map_err(|error| files::unwritable(console, &self.folder, &error))?;
        for key in [&self.station, &self.issuer] {
            for file in [key.clone(), public_path(key)] {
                if file.exists() {
                    fs::remove_file(&file).map_err(|error| files::unwritable(console, &file, &error))?;
                }
            }
        }
        Ok(())
    }
}

fn make_keys(console: Console, component: &Path, demo: &Files) -> Result<(), Failure> {
    let mut station = own_program(console)?;
    station.arg("keygen").arg("station").arg("--out").arg(&demo.station).arg("--component").arg(component);
    station.args(["--id", "DEMO-01", "--merchant", "DEMO-SHOP", "--no-passphrase"]);
    finish(console, station)?;
    let mut issuer = own_program(console)?;
    issuer.arg("keygen").arg("issuer").arg("--out").arg(&demo.issuer);
    issuer.args(["--id", "demo-platform", "--no-passphrase"]);
    finish(console, issuer)
}

/// The platform's part: plain orders go from one child to the next and never through this process.
fn seal(console: Console, demo: &Files, count: u32) -> Result<(), Failure> {
    let mut sample = own_program(console)?;
    sample.args(["sample", "--seed", SEED, "--count", &count.to_string()]);
    let mut plain = sample
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| broken(console, &error))?;
    let Some(orders) = plain.stdout.take() else { return Err(broken(console, &"no pipe")) };
    let mut seal = own_program(console)?;
    seal.arg("seal").arg("-").arg("--issuer").arg(&demo.issuer).arg("--to").arg(public_path(&demo.station));
    seal.args(["--merchant", "DEMO-SHOP", "--out"]).arg(&demo.orders).stdin(orders);
    finish(console, seal)?;
    let status = plain.wait().map_err(|error| broken(console, &error))?;
    if status.success() { Ok(()) } else { Err(broken(console, &status)) }
}

fn own_program(console: Console) -> Result<Command, Failure> {
    let mut command = spawn::own_program().map_err(|error| broken(console, &error))?;
    command.arg("--quiet").arg("--lang").arg(match console.language {
        crate::language::Language::English => "en",
        crate::language::Language::Chinese => "zh",
    });
    Ok(command)
}

/// Runs a child to its end; its messages go where ours go.
fn finish(console: Console, mut command: Command) -> Result<(), Failure> {
    let status = command.stdout(Stdio::null()).status().map_err(|error| broken(console, &error))?;
    if status.success() { Ok(()) } else { Err(broken(console, &status)) }
}

fn broken(console: Console, why: &dyn std::fmt::Display) -> Failure {
    Failure::new(Exit::Internal, "DEMO", console.fill(messages::DEMO_FAILED, &[("why", why)]))
        .hint(messages::DEMO_FAILED_HINT.get(console.language))
}
