//! Hundreds of command lines that make no sense: each is refused within a moment, in words, with advice.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)] // the tests start the programs

mod common;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use common::journals::Day;
use common::{Station, events, list, orders, said};
use miandan_testing::Random;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;

/// How much of a processor a refusal may take, and each takes less than a second. What is measured is the time for which
/// the program and the components that it started were running, not that on the clock: on a machine that is busy with
/// other things a program that has nothing to do waits for seconds all the same.
const BUDGET: Duration = Duration::from_secs(1);

/// How long a refusal may take on the clock, so that one that waits for something is noticed as well.
const PATIENCE: Duration = Duration::from_secs(10);

/// What only a programmer says.
const INTERNALS: &[&str] = &[
    "panicked",
    "RUST_BACKTRACE",
    "unwrap",
    "Error {",
    "Error(",
    "Os {",
    "ErrorKind",
    "Custom {",
    "Some(",
    "None)",
    "::",
    ".rs:",
    "src/",
];

/// Every command with everything that it needs, in a [`Workshop`]. The last but four leaves nobody whom `print` trusts.
const RIGHT: &[&str] = &[
    "print orders.sealed.jsonl --key station.key --trust issuer.key.pub --out out.pdf --dpi 203 --workers 1",
    "print orders.sealed.jsonl --key station.key --trust issuer.key.pub --dir out --template own.xml",
    "preview orders.sealed.jsonl --key station.key --trust issuer.key.pub --out out.pdf",
    "inspect orders.sealed.jsonl",
    "plan orders.sealed.jsonl",
    "keygen station --id ST-9 --merchant SHOP-9 --no-passphrase --out out.key",
    "keygen issuer --id platform-9 --out out.key",
    "seal orders.jsonl --issuer issuer.key --to station.key.pub --merchant SHOP-1 --batch-size 10 --expires 1d --out out.jsonl",
    "sample --count 1 --seed 1",
    "mask --type name --name first",
    "template check own.xml",
    "template show own.xml --out out.png --dpi 203",
    "completions bash",
    "demo --count 1 --out out",
    "keygen carrier --id ZTO --no-passphrase --out out.key",
    "keys list ring",
    "keys add ring --no-passphrase --expires 65d",
    "keys retire ring RING-KID --in 35d",
    "trust list trust.json",
    "trust add out.json issuer.key.pub --merchant SHOP-1 --expires 90d",
    "print orders.sealed.jsonl --key ring --key station.key --trust trust.json --status-list status.json --status-policy required --out out.pdf",
    "sign status withdrawn.jsonl --issuer issuer.key --next 24h --out out.json",
    "sign stations --station station.key.pub --issuer issuer.key --out out.json",
    "sign carriers --carrier carrier.key.pub --issuer issuer.key --out out.json",
    "print orders.sealed.jsonl --key station.key --trust issuer.key.pub --out out.zpl --profile own.toml",
    "profile show own.toml",
    "trust remove trust.json ISSUER-KID",
    "config show",
    "template list",
    "template import design.json --out out.xml --map fields.toml --panel 1",
    "label check label.png --dpi 203 --pages 1",
    "status --days 3 --journal state/journal.db",
    "status morning --journal state/journal.db",
    "verify morning --scans scans.txt --journal state/journal.db",
    "picklist morning --journal state/journal.db --out out.pdf",
    "journal verify --journal state/journal.db",
    "settle morning 003 --printed --operator O --reason R --journal state/journal.db",
    "plan orders.sealed.jsonl --template own.xml --printer SF=file:/dev/null --printer file:/dev/null --profile own.toml --dpi 203 --sort goods,region --reverse --group single --batch evening --journal state/journal.db",
    "plan orders.sealed.jsonl --format zpl --out labels.zpl",
    "plan orders.sealed.jsonl --dir labels",
    "printers",
    "selftest --out out.png --size 76x130",
];

/// A file in a right command line: which command, which of its words, and the files of the workshop that fit there.
const PLACES: &[(usize, usize, &[&str])] = &[
    (0, 1, &["sealed"]),
    (0, 3, &["station key"]),
    (0, 5, &["issuer public", "trust list"]),
    (1, 9, &["template"]),
    (3, 1, &["sealed"]),
    (4, 1, &["sealed"]),
    (7, 1, &["plain"]),
    (7, 3, &["issuer key"]),
    (7, 5, &["station public"]),
    (10, 2, &["template"]),
    (11, 2, &["template"]),
    (15, 2, &["key ring"]),
    (16, 2, &["key ring"]),
    (17, 2, &["key ring"]),
    (18, 2, &["trust list", "issuer public"]),
    (19, 3, &["issuer public"]),
    (20, 3, &["station key", "key ring"]),
    (20, 7, &["trust list", "issuer public"]),
    (20, 9, &["status list"]),
    (21, 2, &["withdrawn", "empty", "device"]),
    (21, 4, &["issuer key"]),
    (22, 3, &["station public"]),
    (23, 3, &["carrier public"]),
    (24, 9, &["printer profile"]),
    (25, 2, &["printer profile"]),
    // From the public file of an issuer that issuer can be removed.
    (26, 2, &["trust list", "issuer public"]),
    (29, 2, &["design"]),
    (29, 6, &["field map", "empty", "device"]),
    (30, 2, &["picture"]),
    (32, 3, &[]),
    (34, 3, &[]),
    (35, 3, &[]),
    (36, 8, &[]),
    (37, 1, &["sealed"]),
    (37, 3, &["template"]),
    (37, 9, &["printer profile"]),
];

/// A station with files of every kind.
struct Workshop {
    station: Station,
    /// The files by what they are.
    files: BTreeMap<&'static str, OsString>,
    ring_kid: String,
    issuer_kid: String,
}

impl Workshop {
    /// The words of a right command line.
    fn words(&self, line: &str) -> Vec<OsString> {
        let word = |word| match word {
            "RING-KID" => self.ring_kid.as_str(),
            "ISSUER-KID" => self.issuer_kid.as_str(),
            other => other,
        };
        line.split_whitespace().map(|text| word(text).into()).collect()
    }
}

fn workshop() -> Workshop {
    let day = Day::new();
    let (_, waybills) = day.morning();
    let station = day.station;
    station.write("scans.txt", waybills[..3].join("\n").as_bytes());
    station.done(&["keygen", "carrier", "--id", "YTO", "--out", "carrier.key", "--no-passphrase"]);
    station.seal(&orders(3, 1), &[]);
    station.done(&["keys", "add", "ring", "--id", "ST-01", "--merchant", "SHOP-1", "--no-passphrase"]);
    station.done(&["trust", "add", "trust.json", "issuer.key.pub"]);
    station.write("withdrawn.jsonl", b"{\"ref\": \"C0\", \"epoch\": 1}\n");
    station.done(&["sign", "status", "withdrawn.jsonl", "--issuer", "issuer.key", "-o", "status.json"]);
    let kid = |command: &[&str]| events(&station.done(command))[0]["kid"].as_str().unwrap().to_owned();
    let ring_kid = kid(&["keys", "list", "ring", "--json"]);
    let issuer_kid = kid(&["trust", "list", "trust.json", "--json"]);
    station.write("design.json", b"{\"panels\": [{\"width\": 60, \"height\": 40}]}");
    station.write("fields.toml", b"[fields]\nmemo = \"bz\"\n");
    station.write("label.png", include_bytes!("../../../templates/zto-76x130/203/ordinary.png"));
    station.write("own.xml", b"<page width=\"60\" height=\"40\"></page>");
    station.write("own.toml", b"language = \"zpl\"\ndpi = 203\nhead_dots = 832\n");
    let mut random = Random(77);
    let garbage: Vec<u8> = (0..5000).map(|_| random.below(256) as u8).collect();
    station.write("garbage", &garbage);
    station.write("zeros", &[0; 5000]);
    station.write("empty", b"");
    station.write("object.json", b"{}");
    station.write("null.json", b"null");
    station.write("nested.json", "[".repeat(100_000).as_bytes());
    station.write("words.txt", "这不是订单\nnot an order\n".as_bytes());
    // Root reads it all the same, and then finds no sense in it.
    station.write("secret", &garbage);
    fs::set_permissions(station.path("secret"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::create_dir(station.path("folder")).unwrap();
    symlink("nowhere", station.path("dangling")).unwrap();
    symlink("loop", station.path("loop")).unwrap();
    let files = [
        ("sealed", "orders.sealed.jsonl".into()),
        ("plain", "orders.jsonl".into()),
        ("station key", "station.key".into()),
        ("station public", "station.key.pub".into()),
        ("issuer key", "issuer.key".into()),
        ("issuer public", "issuer.key.pub".into()),
        ("carrier key", "carrier.key".into()),
        ("carrier public", "carrier.key.pub".into()),
        ("template", "own.xml".into()),
        ("printer profile", "own.toml".into()),
        ("design", "design.json".into()),
        ("field map", "fields.toml".into()),
        ("picture", "label.png".into()),
        ("key ring", "ring".into()),
        ("trust list", "trust.json".into()),
        ("status list", "status.json".into()),
        ("withdrawn", "withdrawn.jsonl".into()),
        ("garbage", "garbage".into()),
        ("zeros", "zeros".into()),
        ("empty", "empty".into()),
        ("empty object", "object.json".into()),
        ("null", "null.json".into()),
        ("nested", "nested.json".into()),
        ("text", "words.txt".into()),
        ("unreadable", "secret".into()),
        ("folder", "folder".into()),
        ("dangling link", "dangling".into()),
        ("loop of links", "loop".into()),
        ("missing", "no/such/file".into()),
        ("below a file", "own.xml/file".into()),
        ("too long a name", "x".repeat(300).into()),
        ("no text", OsString::from_vec(vec![b'a', 0xFF, 0xFE])),
        ("nothing", "".into()),
        ("device", "/dev/null".into()),
    ];
    Workshop { station, files: files.into(), ring_kid, issuer_kid }
}

#[test]
fn right_command_lines_are_right() {
    let workshop = workshop();
    for line in RIGHT {
        remove_what_came_out(&workshop.station);
        let (output, _) = run(&workshop.station, &workshop.words(line)).unwrap();
        assert!(output.status.success(), "{line}: {}", said(&output));
    }
}

/// The control: work is measured, and that of a child as well.
#[test]
fn a_program_that_works_is_noticed() {
    let work = "sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done'; exit 3";
    let mut command = Command::new("/bin/sh");
    let child = command.args(["-c", work]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (output, spent) = wait(child);
    assert_eq!(output.status.code(), Some(3));
    assert!(spent >= Duration::from_millis(50), "{spent:?}");
}

#[test]
fn every_kind_of_wrong_file_in_every_place_is_refused_in_words() {
    let workshop = workshop();
    let mut count = 0;
    for (line, place, fitting) in PLACES {
        for (kind, file) in &workshop.files {
            if fitting.contains(kind) {
                continue;
            }
            let mut words = workshop.words(RIGHT[*line]);
            words[*place] = file.clone();
            refused(&workshop.station, &words, kind);
            count += 1;
        }
    }
    assert!(count >= 200, "{count}");
}

#[test]
fn places_that_cannot_be_written_are_refused_in_words() {
    let workshop = workshop();
    for line in RIGHT {
        let Some((before, after)) = line.split_once("out.").filter(|_| line.contains("--out")) else {
            continue;
        };
        let (_, rest) = after.split_once(' ').unwrap_or((after, ""));
        for target in ["folder", "no/such/folder/file", "own.xml/file", "/proc/file", "loop", ""] {
            let mut words = workshop.words(before);
            words.push(target.into());
            words.extend(workshop.words(rest));
            // A link in a circle can be replaced by a file.
            if target != "loop" || line.starts_with("keygen") {
                refused(&workshop.station, &words, "place that cannot be written");
            }
        }
    }
}

#[test]
fn three_hundred_misspelt_command_lines_are_refused_in_words() {
    let workshop = workshop();
    let mut random = Random(0xC0FFEE);
    for _ in 0..300 {
        let line = RIGHT[random.below(RIGHT.len())];
        let mut words = workshop.words(line);
        let what = spoil(&mut words, &mut random);
        refused(&workshop.station, &words, what);
    }
}

#[test]
fn programs_that_are_no_component_are_refused_in_words() {
    let workshop = workshop();
    let mut programs: Vec<_> = workshop.files.values().cloned().collect();
    programs.extend(["/bin/true", "/bin/false", "/bin/cat"].map(OsString::from));
    for line in [RIGHT[0], RIGHT[5], RIGHT[13], RIGHT[16], RIGHT[17], "doctor"] {
        for program in &programs {
            let mut words = workshop.words(line);
            words.extend(["--component".into(), program.clone()]);
            refused(&workshop.station, &words, "component");
        }
    }
}

/// Spoils a right command line in a way that leaves no sense in it, and says how.
fn spoil(words: &mut Vec<OsString>, random: &mut Random) -> &'static str {
    let options: Vec<usize> =
        (0..words.len()).filter(|&at| words[at].to_str().unwrap().starts_with("--")).collect();
    let option = if options.is_empty() { None } else { Some(options[random.below(options.len())]) };
    match (random.below(9), option) {
        (0, Some(at)) => {
            let word = words[at].to_str().unwrap().to_owned();
            words[at] = format!("{}x{}", &word[..4], &word[4..]).into();
            "misspelt option"
        }
        (1, Some(_)) => {
            // At the end, so that there is no next word to be taken for the value.
            words.push(["--key", "--out", "--lang", "--component", "--workers"][random.below(5)].into());
            "option without value"
        }
        (2, _) => {
            words.insert(random.below(words.len() + 1), "--no-such-option".into());
            "unknown option"
        }
        (3, _) => {
            words.push("one-too-many".into());
            words.push("two-too-many".into());
            "words too many"
        }
        (4, _) => {
            words.truncate(1);
            words.extend(["--json", "--json"].map(OsString::from));
            "option twice, and nothing else"
        }
        (5, _) => {
            words[0] = ["prnt", "Print", "--print", "", "help me", "打印"][random.below(6)].into();
            "no such command"
        }
        (6, _) => {
            let value = ["fr", "", "EN", "zh_CN", "0"][random.below(5)];
            words.extend(["--lang".into(), value.into()]);
            "no such language"
        }
        (7, _) => {
            let (option, value) = [
                ("--dpi", "204"),
                ("--dpi", "-1"),
                ("--workers", "0"),
                ("--workers", "65"),
                ("--workers", "many"),
                ("--count", "-5"),
                ("--count", "1e3"),
                ("--seed", "99999999999999999999"),
                ("--batch-size", "0"),
                ("--expires", "0d"),
                ("--expires", "tomorrow"),
                ("--format", "docx"),
                ("--profile", "no-such-printer"),
                ("--type", "shoe-size"),
                ("--mask-name", "full"),
                ("--mask-phone", "all"),
            ][random.below(16)];
            words.extend([option.into(), value.into()]);
            "value out of range, or option of another command"
        }
        _ => {
            words.push(OsString::from_vec(vec![b'-', b'-', 0xC3, 0x28]));
            "option that is no text"
        }
    }
}

/// Runs a command line that must be refused, and looks at how.
#[track_caller]
fn refused(station: &Station, words: &[OsString], what: &str) {
    remove_what_came_out(station);
    let line = words.join(OsStr::new(" "));
    let (output, spent) = run(station, words).unwrap_or_else(|| panic!("{what}: {line:?} does not end"));
    let text = said(&output);
    assert!(spent < BUDGET, "{what}: {line:?} takes {spent:?}: {text}");
    let status = output.status.code().unwrap_or_else(|| panic!("{what}: {line:?}: {:?}", output.status));
    let defect = status == 1 && what != "component";
    assert!([1, 2, 3, 4, 6].contains(&status) && !defect, "{what}: {line:?}: {status}: {text}");
    for internal in INTERNALS {
        assert!(!text.contains(internal), "{what}: {line:?} says {internal}: {text}");
    }
    // Each error is one: with `--json` an object, for `inspect` and `plan` a line of the answer, else words.
    // What is wrong with a template is a finding.
    let finds =
        words.iter().any(|word| word == "check") && text.contains("[template-refused]") && status == 4;
    let told = if finds {
        text.lines().any(|line| line.trim_start().starts_with("fix: "))
    } else if words.iter().any(|word| word == "--json") {
        text.contains("\"event\":\"error\"") && text.contains("\"hint\":")
    } else {
        text.lines().any(|line| line.starts_with("error: "))
            && text.lines().any(|line| line.starts_with("hint: "))
    };
    assert!(told, "{what}: {line:?}: {text}");
    let names = list(&station.path(""));
    let left = names.iter().find(|name| name.starts_with("out.") || name.contains("unfinished"));
    assert!(left.is_none(), "{what}: {line:?} leaves {left:?}: {text}");
}

/// What it answers and how much of a processor it took; `None` if it does not end.
fn run(station: &Station, words: &[OsString]) -> Option<(Output, Duration)> {
    let mut command: Command = station.command(&[]);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let began = Instant::now();
    let child = command.spawn().unwrap();
    let process = Pid::from_raw(child.id() as i32);
    let (sender, ended) = mpsc::channel();
    let waiting = thread::spawn(move || sender.send(wait(child)).unwrap());
    let answer = ended.recv_timeout(PATIENCE).ok();
    if answer.is_none() {
        kill(process, Signal::SIGKILL).unwrap();
    }
    waiting.join().unwrap();
    assert!(answer.is_none() || began.elapsed() < PATIENCE);
    answer
}

/// Waits for a program to end, and looks how much of a processor it took before it is gone.
fn wait(mut child: Child) -> (Output, Duration) {
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let complaints = thread::spawn(move || {
        let mut stderr = Vec::new();
        err.read_to_end(&mut stderr).unwrap();
        stderr
    });
    let mut stdout = Vec::new();
    out.read_to_end(&mut stdout).unwrap();
    let stderr = complaints.join().unwrap();
    let process = child.id();
    let ended = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
    waitid(Id::Pid(Pid::from_raw(process as i32)), ended).unwrap();
    let spent = processor_time(process);
    (Output { status: child.wait().unwrap(), stdout, stderr }, spent)
}

/// What a process and those that it waited for took: fields 14 to 17 of proc_pid_stat(5).
fn processor_time(process: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name, field 2, may have anything in it but ends with the last parenthesis.
    let fields = stat[stat.rfind(')').unwrap() + 2..].split(' ');
    let ticks: u64 = fields.skip(14 - 3).take(4).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    // The kernel counts in hundredths for programs, whatever it counts in itself (USER_HZ).
    Duration::from_millis(10 * ticks)
}

fn remove_what_came_out(station: &Station) {
    for name in list(&station.path("")).iter().filter(|name| name.starts_with("out")) {
        let path = station.path(name);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
    }
}
