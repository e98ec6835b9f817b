//! A fleet on this machine: a broker, stations with simulated printers, and who dispatches.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use miandan_journal::{Day, Journal, Print};
use miandan_testing::device::{Script, SimulatedPrinter, Speech};
use miandan_testing::printer::tspl;
use serde_json::Value;

use crate::broker::Broker;
use crate::common::journals::now;
use crate::common::{Station, events, miandan, orders, said, wait_for};

pub const LONG: Duration = Duration::from_secs(60);

/// A port below those that the system gives to connections that go out.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let port =
            12_000 + (std::process::id() as u16 % 80) * 100 + NEXT.fetch_add(1, Ordering::Relaxed) % 4_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A printer that prints at once, and says so.
pub fn quick() -> Script {
    Script::well(Speech::Tspl).printing_for(5)
}

/// Keys and orders of a merchant, and the broker.
pub struct Fleet {
    pub station: Station,
    pub broker: Broker,
    pub members: Vec<Member>,
    /// Waybill numbers in the order of the input.
    pub waybills: Vec<String>,
}

/// A station of the fleet: an agent with its printers.
pub struct Member {
    pub folder: PathBuf,
    pub place: String,
    pub printers: Vec<SimulatedPrinter>,
    /// Where its printers are, if not where the test is.
    pub namespace: Option<PathBuf>,
    wrapped: Vec<String>,
    child: Option<Child>,
}

/// Does something in a network namespace.
pub fn within<T: Send + 'static>(namespace: &Path, work: impl FnOnce() -> T + Send + 'static) -> T {
    let there = fs::File::open(namespace).unwrap();
    // A thread of its own goes there, and those that it starts are there too.
    let gone = std::thread::spawn(move || {
        nix::sched::setns(there, nix::sched::CloneFlags::CLONE_NEWNET).unwrap();
        work()
    });
    gone.join().unwrap()
}

impl Fleet {
    /// A fleet at one site, with so many stations of one printer each, and so many sealed orders.
    pub fn new(stations: usize, labels: usize) -> Self {
        let mut fleet = Fleet::without_stations(labels);
        for number in 1..=stations {
            fleet.add(&format!("st-{number:02}"), &[quick()]);
        }
        fleet.wait_until_there(stations);
        fleet
    }

    /// The broker and the orders.
    pub fn without_stations(labels: usize) -> Self {
        let fleet = Fleet::at(Broker::start(), labels);
        fleet.done(&["fleet", "setup", "hz"]);
        fleet
    }

    /// The same at a broker, without streams.
    pub fn at(broker: Broker, labels: usize) -> Self {
        let station = Station::new();
        let mut fleet = Fleet { station, broker, members: Vec::new(), waybills: Vec::new() };
        fleet.seal(labels, 1);
        fleet
    }

    /// Seals orders.
    pub fn seal(&mut self, labels: usize, seed: u64) {
        self.seal_these(&orders(labels, seed));
    }

    /// Seals so many of the first seed, without the first of them.
    pub fn seal_some(&mut self, labels: usize, without: usize) {
        self.seal_these(&orders(labels, 1)[without..]);
    }

    fn seal_these(&mut self, plain: &[Value]) {
        self.station.seal(plain, &[]);
        self.waybills = plain.iter().map(|order| order["waybill_no"].as_str().unwrap().to_owned()).collect();
    }

    /// The command line with this broker.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = match &self.broker.wrapped[..] {
            [] => miandan(),
            // Where the broker is, in its network namespace.
            [first, more @ ..] => {
                let mut command = Command::new(first);
                command.args(more).arg(env!("CARGO_BIN_EXE_miandan")).env("LC_ALL", "C");
                command
            }
        };
        command.args(arguments).current_dir(self.station.path("")).env("MIANDAN_FLEET", self.broker.url());
        command.env_remove("MIANDAN_FLEET_CREDENTIAL").stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn done(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        output
    }

    /// Dispatches the orders; answers the exit code and the events.
    pub fn dispatch(&self, options: &[&str]) -> (i32, Vec<Value>) {
        let output = self.run(&[&["--json", "dispatch", "orders.sealed.jsonl"], options].concat());
        let code = output.status.code();
        (code.unwrap_or_else(|| panic!("{}", said(&output))), events(&output))
    }

    pub fn add(&mut self, name: &str, printers: &[Script]) {
        let url = self.broker.url();
        self.add_with(
            name,
            printers,
            &format!("url = \"{url}\"\nsite = \"hz\"\nstation = \"{name}\"\n"),
            &[],
        );
    }

    pub fn add_with(&mut self, name: &str, printers: &[Script], fleet: &str, wrapped: &[&str]) {
        // One that never answers is not asked.
        let profile = if printers.iter().all(|script| script.answers) { "tsc" } else { "tspl" };
        let printers = printers.iter().map(|script| SimulatedPrinter::start(script.clone()).unwrap());
        self.add_at(name, printers.collect(), profile, fleet, wrapped);
    }

    pub fn add_at(
        &mut self,
        name: &str,
        printers: Vec<SimulatedPrinter>,
        profile: &str,
        fleet: &str,
        wrapped: &[&str],
    ) {
        let folder = self.station.path(name);
        fs::create_dir_all(&folder).unwrap();
        let mut text = format!(
            "language = \"en\"\nfolder = \"state\"\nkey = \"../station.key\"\ntrust = \"../issuer.key.pub\"\n\
             components = 1\ndefault_template = \"one-part-76x130\"\nstate = \"component.state\"\n\
             previews.port = {}\nadmin.port = {}\n[dialects]\n",
            free_port(),
            free_port(),
        );
        for (number, printer) in (1..).zip(&printers) {
            text += &format!("[printers.P{number}]\nuri = \"{}\"\nprofile = \"{profile}\"\n", printer.uri());
        }
        text += &format!("[fleet]\n{fleet}");
        fs::write(folder.join("agent.toml"), text).unwrap();
        let wrapped = wrapped.iter().map(|&word| word.to_owned()).collect();
        let mut member =
            Member { folder, place: format!("hz/{name}"), printers, namespace: None, wrapped, child: None };
        member.start();
        self.members.push(member);
    }

    /// What `fleet status` says of each station.
    pub fn status(&self) -> BTreeMap<String, Value> {
        let output = self.run(&["--json", "fleet", "status"]);
        let named = |entry: Value| (entry["station"].as_str().unwrap_or_default().to_owned(), entry);
        events(&output).into_iter().map(named).collect()
    }

    pub fn wait_until_there(&self, stations: usize) {
        wait_for("stations that are there", LONG, || {
            let status = self.status();
            status.values().filter(|entry| entry["there"] == true && entry["drained"] == false).count()
                == stations
        });
    }

    /// What came out of all printers: waybill numbers in the order of each.
    pub fn paper(&self) -> Vec<Vec<String>> {
        self.members.iter().flat_map(|member| &member.printers).map(paper).collect()
    }

    /// Every label once, and none twice.
    pub fn assert_all_once(&self) {
        let mut all: Vec<String> = self.paper().concat();
        all.sort();
        let mut expected = self.waybills.clone();
        expected.sort();
        assert_eq!(all, expected);
    }

    /// At each printer in the order of the input.
    pub fn assert_in_order(&self) {
        self.assert_order_of(&self.paper());
    }

    /// The same of what was read from paper already.
    pub fn assert_order_of(&self, paper: &[Vec<String>]) {
        let places: HashMap<_, _> =
            (0..).zip(&self.waybills).map(|(place, waybill)| (waybill, place)).collect();
        for printer in paper {
            let places: Vec<u32> = printer.iter().map(|waybill| places[waybill]).collect();
            assert!(places.is_sorted(), "{places:?}");
        }
    }

    pub fn place(&self, waybill: &str) -> usize {
        self.waybills.iter().position(|known| known == waybill).unwrap()
    }
}

/// The waybill numbers that came out of a printer.
pub fn paper(printer: &SimulatedPrinter) -> Vec<String> {
    let sheets = printer.printed().into_iter().flat_map(|label| tspl::read(&label, 203).unwrap());
    sheets.map(|sheet| crate::common::paper::waybill(&sheet)).collect()
}

/// An event of a kind.
pub fn find<'e>(events: &'e [Value], event: &str) -> &'e Value {
    events.iter().find(|found| found["event"] == event).unwrap_or_else(|| panic!("no {event} in {events:?}"))
}

impl Member {
    pub fn start(&mut self) {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log")).unwrap();
        let mut words = self.wrapped.clone();
        words.push(env!("CARGO_BIN_EXE_miandan-agent").to_owned());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["--config", "agent.toml"]).current_dir(&self.folder);
        command.env_remove("MIANDAN_COMPONENT").env_remove("STATE_DIRECTORY").env_remove("JOURNAL_STREAM");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(command.spawn().unwrap());
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM, and waits for its end.
    pub fn stop(&mut self) {
        let mut child = self.child.take().unwrap();
        let id = nix::unistd::Pid::from_raw(child.id().cast_signed());
        nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGTERM).unwrap();
        assert!(child.wait().unwrap().success(), "{}", self.log());
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    pub fn wait_for_line(&self, part: &str) {
        wait_for(part, LONG, || self.log().contains(part));
    }

    /// What a person at the station does: asks its API with the owner's token. Nothing of one that does not run.
    pub fn post(&self, path: &str, body: &str) {
        let Ok(token) = fs::read_to_string(self.folder.join("state/admin.token")) else { return };
        let config = fs::read_to_string(self.folder.join("agent.toml")).unwrap();
        let port = config.lines().find_map(|line| line.strip_prefix("admin.port = ")).unwrap();
        let Ok(mut line) = TcpStream::connect(("127.0.0.1", port.parse().unwrap())) else { return };
        let request = format!(
            "POST /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            token.trim(),
            body.len()
        );
        let mut answer = String::new();
        let _ = line.write_all(request.as_bytes()).and_then(|()| line.read_to_string(&mut answer));
    }

    /// All that its journal has.
    pub fn journal(&self) -> Vec<Print> {
        journal(&self.folder.join("state/journal.db"))
    }
}

pub fn journal(path: &Path) -> Vec<Print> {
    let journal = Journal::read_only(path).unwrap();
    assert!(journal.verify(None).unwrap().is_whole());
    let days = [Day::of(now() - 86_400), Day::of(now())];
    let batches = days.into_iter().flat_map(|day| journal.batches_of(day).unwrap());
    batches.flat_map(|batch| journal.all(batch.id, None, u32::MAX).unwrap()).collect()
}

impl Drop for Member {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if let Some(namespace) = &self.namespace {
            // They end by being called.
            let printers = std::mem::take(&mut self.printers);
            within(namespace, move || drop(printers));
        }
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            eprintln!("{} said last:\n{}", self.place, lines[lines.len().saturating_sub(12)..].join("\n"));
        }
    }
}
