//! SIGKILL to the agent at random moments while order systems print: it is started again, they send again what they have
//! heard no end of, and in the end every label came out once, or may have, and is named as such; none came out twice.
//!
//! `benches/kills --agent` is the campaign; fewer stand here.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout)] // the campaign says what came of it
#![allow(clippy::disallowed_methods)] // the agent is started here

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::journals::now;
use common::paper::waybill;
use common::{Station, orders, wait_for};
use miandan_journal::{Day, Journal, State};
use miandan_testing::Random;
use miandan_testing::device::{Script, SimulatedPrinter, Speech};
use miandan_testing::printer::tspl;
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket, client};

/// How often the agent is killed over the labels of one round.
const KILLS_OF_A_ROUND: usize = 5;

/// Rounds side by side: most of each is waiting.
const AT_ONCE: usize = 2;

const CLIENTS: usize = 6;

/// How long is waited for what comes in any case.
const LONG: Duration = Duration::from_secs(120);

/// A number from the environment, for the campaign.
fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// What was done, and what came of it.
#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    labels: usize,
    /// Tasks that were sent again.
    again: usize,
    /// Labels of which clients heard only after a kill that they had been printed before it.
    duplicates: usize,
    /// Labels that may be on paper, as the journal has it and the client was told.
    unknown: usize,
    /// Of these, those that are on paper.
    unknown_on_paper: usize,
    /// Labels that are on paper, as the client was told; the agent was killed before the journal knew.
    told_before_the_journal: usize,
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.kills += other.kills;
        self.labels += other.labels;
        self.again += other.again;
        self.duplicates += other.duplicates;
        self.unknown += other.unknown;
        self.unknown_on_paper += other.unknown_on_paper;
        self.told_before_the_journal += other.told_before_the_journal;
    }
}

/// What a client was told of a label last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Printed,
    /// It had been printed before.
    Duplicate,
    /// It may be on paper.
    Uncertain,
}

#[test]
fn whenever_the_agent_dies_no_label_is_lost_or_printed_twice() {
    let kills = number("MIANDAN_KILLS", 10);
    let labels = number("MIANDAN_KILLS_LABELS", 200);
    let first = number("MIANDAN_KILLS_SEED", 0);
    let next = AtomicUsize::new(first);
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + kills.div_ceil(KILLS_OF_A_ROUND) {
                        return;
                    }
                    let one = round(seed as u64, labels);
                    tally.lock().unwrap().add(&one);
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    println!("from seed {first}: {tally:?}");
    assert!(tally.kills >= kills && tally.again > 0, "{tally:?}");
}

fn round(seed: u64, labels: usize) -> Tally {
    let station = Station::new();
    let plain = orders(labels, seed + 1);
    station.seal(&plain, &[]);
    let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
    let documents: Vec<(String, String)> = plain
        .iter()
        .zip(sealed.lines())
        .map(|(order, line)| {
            let waybill = order["waybill_no"].as_str().unwrap().to_owned();
            (waybill, format!("MSO1:{}", URL_SAFE_NO_PAD.encode(line)))
        })
        .collect();
    let mut random = Random((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    // Two that say nothing, and one that can be asked: what is known of a label in between is not the same.
    let well = Script::well(Speech::Tspl);
    let scripts = [
        well.clone().silent().printing_for(40),
        well.clone().silent().printing_for(40),
        well.printing_for(120),
    ];
    let printers = scripts.map(|script| SimulatedPrinter::start(script).unwrap());
    let port = configure(&station, &printers, &mut random);

    let mut clients: Vec<Vec<Task>> = (0..CLIENTS).map(|_| Vec::new()).collect();
    let mut rest = &documents[..];
    while !rest.is_empty() {
        let (task, more) = rest.split_at(rest.len().min(1 + random.below(3)));
        let client = random.below(CLIENTS);
        let id = format!("{client}-{}", clients[client].len());
        clients[client].push(Task { id, documents: task.to_vec() });
        rest = more;
    }
    let again = AtomicUsize::new(0);
    let mut tally = Tally { kills: KILLS_OF_A_ROUND, labels, ..Tally::default() };
    let told: BTreeMap<String, Told> = std::thread::scope(|scope| {
        let again = &again;
        let told: Vec<_> = clients
            .into_iter()
            .enumerate()
            .map(|(place, tasks)| {
                let printer = format!("P{}", place % 3 + 1);
                scope.spawn(move || print_all(port, &printer, &tasks, again))
            })
            .collect();
        for kill in 0..KILLS_OF_A_ROUND {
            let mut agent = start(&station, &format!("{seed}-{kill}"));
            // From before it listens until long after.
            std::thread::sleep(Duration::from_millis(random.below(1_500) as u64));
            let components = children(agent.id());
            agent.kill().unwrap();
            agent.wait().unwrap();
            wait_for("components that end with their agent", LONG, || {
                components.iter().all(|id| !is_component(*id))
            });
        }
        let mut agent = start(&station, &format!("{seed}-last"));
        let told: Vec<_> = told.into_iter().map(|one| one.join()).collect();
        terminate(&agent);
        if told.iter().any(Result::is_err) {
            let log = fs::read_to_string(station.path(&format!("{seed}-last.log"))).unwrap_or_default();
            let lines: Vec<_> = log.lines().collect();
            panic!("{seed}: the agent said last:\n{}", lines[lines.len().saturating_sub(30)..].join("\n"));
        }
        let told = told.into_iter().flatten().flatten().collect();
        assert!(agent.wait().unwrap().success(), "{seed}: the agent does not end well");
        told
    });
    tally.again = again.into_inner();

    let came_out = wait_for_paper(&printers);
    let journal = Journal::read_only(&station.path("state/journal.db")).unwrap();
    assert!(journal.verify(None).unwrap().is_whole(), "{seed}");
    let mut states = BTreeMap::new();
    for day in [now() - 86_400, now()] {
        for batch in journal.batches_of(Day::of(day)).unwrap() {
            for print in journal.all(batch.id, None, u32::MAX).unwrap() {
                let before = states.insert(print.key.waybill.clone(), print.state);
                assert_eq!(before, None, "{seed}: {} is in the journal twice", print.number);
            }
        }
    }
    assert_eq!(states.len(), labels, "{seed}: the journal has other labels than were printed");
    for (waybill, _) in &documents {
        let (state, told) = (states[waybill], told[waybill]);
        let times = came_out.get(waybill).copied().unwrap_or(0);
        assert!(times <= 1, "{seed}: {waybill} came out {times} times; {state}, {told:?}");
        match (state, told) {
            (State::Sent | State::Confirmed, Told::Printed) => assert_eq!(times, 1, "{seed}: {waybill}"),
            (State::Sent | State::Confirmed, Told::Duplicate) => {
                assert_eq!(times, 1, "{seed}: {waybill}");
                tally.duplicates += 1;
            }
            (State::Unknown, Told::Uncertain) => {
                tally.unknown += 1;
                tally.unknown_on_paper += times;
            }
            // The client heard, and then the journal would have: `sending` is read as unknown. It is never sent again.
            (State::Unknown, Told::Printed) => {
                assert_eq!(times, 1, "{seed}: {waybill} is told as printed and is not");
                tally.told_before_the_journal += 1;
            }
            _ => panic!("{seed}: {waybill} is {state} and was told as {told:?}"),
        }
    }
    assert_eq!(came_out.values().sum::<usize>(), came_out.len(), "{seed}");
    tally
}

/// Writes the configuration of an agent with these printers, and answers where it will listen.
fn configure(station: &Station, printers: &[SimulatedPrinter], random: &mut Random) -> u16 {
    let [port, previews, admin] = free_ports(random);
    let mut text = format!(
        "folder = \"state\"\nkey = \"station.key\"\ntrust = \"issuer.key.pub\"\ncomponents = 2\n\
         default_template = \"one-part-76x130\"\n\
         previews.port = {previews}\nadmin.port = {admin}\ndialects.cainiao.ws = {port}\n"
    );
    for ((number, printer), profile) in (1..).zip(printers).zip(["tspl", "tspl", "tsc"]) {
        text += &format!("[printers.P{number}]\nuri = \"{}\"\nprofile = \"{profile}\"\n", printer.uri());
    }
    station.write("agent.toml", text.as_bytes());
    port
}

/// Ports that are free at both loopback addresses, from below those that systems give to whoever connects: one of those would
/// be taken while the agent is away.
fn free_ports<const COUNT: usize>(random: &mut Random) -> [u16; COUNT] {
    let mut ports: [u16; COUNT] = [0; COUNT];
    for place in 0..COUNT {
        ports[place] = loop {
            let port = 20_000 + random.below(12_000) as u16;
            let is_taken = |bound: io::Result<TcpListener>| {
                bound.is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse)
            };
            let free = !is_taken(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))
                && !is_taken(TcpListener::bind((Ipv6Addr::LOCALHOST, port)));
            if free && !ports.contains(&port) {
                break port;
            }
        };
    }
    ports
}

fn start(station: &Station, log: &str) -> Child {
    let log = fs::File::create(station.path(&format!("{log}.log"))).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_miandan-agent"));
    command.args(["--config", "agent.toml"]).current_dir(station.path(""));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// What an order system prints at once.
struct Task {
    id: String,
    /// Waybill numbers and sealed orders.
    documents: Vec<(String, String)>,
}

/// An order system: sends its tasks, again whenever the connection has gone, until it was told an end of each.
fn print_all(port: u16, printer: &str, tasks: &[Task], again: &AtomicUsize) -> BTreeMap<String, Told> {
    let mut told = BTreeMap::new();
    let mut left: BTreeMap<&str, &Task> = tasks.iter().map(|task| (&*task.id, task)).collect();
    let mut sent: BTreeMap<&str, usize> = BTreeMap::new();
    let began = Instant::now();
    while !left.is_empty() {
        assert!(began.elapsed() < LONG, "{printer}: {} tasks have no end", left.len());
        let Some(mut socket) = connect(port) else {
            std::thread::sleep(Duration::from_millis(10));
            continue;
        };
        for task in left.values() {
            if socket.send(Message::text(message(task, printer))).is_err() {
                break;
            }
            *sent.entry(&task.id).or_default() += 1;
        }
        while !left.is_empty() {
            let Ok(message) = socket.read() else { break };
            let Ok(message) = serde_json::from_str::<Value>(message.to_text().unwrap_or_default()) else {
                continue;
            };
            if message["cmd"] != "notifyPrintResult" {
                continue;
            }
            left.remove(message["taskID"].as_str().unwrap()).unwrap();
            for document in message["printStatus"].as_array().unwrap() {
                let detail = document["detail"].as_str().unwrap();
                let what = match detail.split_once(' ') {
                    None if document["status"] == "success" => Told::Printed,
                    Some(("1020", _)) => Told::Duplicate,
                    Some(("1031", _)) => Told::Uncertain,
                    _ => panic!("{document}"),
                };
                told.insert(document["documentID"].as_str().unwrap().to_owned(), what);
            }
        }
    }
    again.fetch_add(sent.values().map(|times| times - 1).sum(), Ordering::Relaxed);
    told
}

fn connect(port: u16) -> Option<WebSocket<TcpStream>> {
    let line = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    line.set_read_timeout(Some(LONG)).ok()?;
    Some(client(format!("ws://localhost:{port}/"), line).ok()?.0)
}

fn message(task: &Task, printer: &str) -> String {
    let document = |(waybill, data): &(String, String)| json!({ "documentID": waybill, "contents": [{ "encryptedData": data, "templateURL": "http://t.example/1" }] });
    let documents: Vec<_> = task.documents.iter().map(document).collect();
    let task = json!({ "taskID": task.id, "preview": false, "printer": printer, "documents": documents });
    json!({ "cmd": "print", "requestID": task["taskID"], "version": "1.0", "task": task }).to_string()
}

/// How often each waybill came out, once no more come out.
fn wait_for_paper(printers: &[SimulatedPrinter]) -> BTreeMap<String, usize> {
    let count = || printers.iter().map(|printer| printer.printed().len()).sum::<usize>();
    printers.iter().for_each(|printer| assert!(printer.wait_until_quiet()));
    let mut before = usize::MAX;
    // Each holds a few labels, and takes a fraction of a second for each.
    while before != count() {
        before = count();
        std::thread::sleep(Duration::from_millis(800));
    }
    let mut times = BTreeMap::new();
    for label in printers.iter().flat_map(SimulatedPrinter::printed) {
        let sheets = tspl::read(&label, 203).unwrap();
        for sheet in &sheets {
            *times.entry(waybill(sheet)).or_default() += 1;
        }
    }
    times
}

/// The children of a process.
fn children(process: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let of = |task: fs::DirEntry| fs::read_to_string(task.path().join("children")).unwrap_or_default();
    tasks
        .map(of)
        .flat_map(|text| text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .collect()
}

fn is_component(process: u32) -> bool {
    let name = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("comm"));
    name.is_ok_and(|name| name.starts_with("miandan-compone"))
}

fn terminate(process: &Child) {
    let process = nix::unistd::Pid::from_raw(process.id().cast_signed());
    let _ = nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGTERM);
}
