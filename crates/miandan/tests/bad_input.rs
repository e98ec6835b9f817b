//! Input that is damaged, components that die, disks that are full, people who press Ctrl-C: a refusal with a code or
//! the right label, never a wrong label, never half a file under its final name.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)] // the tests start shells

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::forged::Forged;
use common::stand_in::{self, Act};
use common::{Station, events, list, orders, pdf, print_arguments, said};
use miandan_testing::Random;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use serde_json::{Value, json};

/// Not a test: what a program that stands in for the component runs (`common/stand_in.rs`).
#[test]
fn stand_in_for_the_component() {
    stand_in::act();
}

// Files that are damaged.

#[test]
fn a_last_line_that_is_cut_off_costs_one_order() {
    let station = Station::new();
    station.seal(&orders(3, 1), &[]);
    let mut sealed = station.read("orders.sealed.jsonl");
    sealed.truncate(sealed.len() - 40);
    station.write("orders.sealed.jsonl", &sealed);
    let output = station.print(&["--out", "labels.pdf", "--json"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert_eq!(failures(&output), [(3, "MALFORMED".to_owned())]);
    assert_eq!(pdf::pages(&station.read("labels.pdf")).len(), 2);
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    let station = Station::new();
    for content in ["", "\n", "\u{feff}", "\r\n  \r\n"] {
        station.write("orders.sealed.jsonl", content.as_bytes());
        let output = station.print(&["--out", "labels.pdf"]);
        assert_eq!(output.status.code(), Some(3), "{content:?}: {}", said(&output));
        assert!(said(&output).starts_with("error: there are no orders in orders.sealed.jsonl\nhint: "));
        assert!(!station.path("labels.pdf").exists());
    }
}

#[test]
fn a_byte_order_mark_and_carriage_returns_change_nothing() {
    let station = Station::new();
    station.seal(&orders(5, 2), &[]);
    station.done(&print_arguments(&["--out", "plain.pdf"]));
    let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
    for (name, text) in [
        ("a byte order mark", format!("\u{feff}{sealed}")),
        ("carriage returns", sealed.replace('\n', "\r\n")),
        ("both", format!("\u{feff}{}", sealed.replace('\n', "\r\n"))),
        ("empty lines", sealed.replace('\n', "\n\n \n")),
        ("no line end at the end", sealed.trim_end().to_owned()),
    ] {
        station.write("orders.sealed.jsonl", text.as_bytes());
        station.done(&print_arguments(&["--out", "labels.pdf"]));
        assert!(station.read("labels.pdf") == station.read("plain.pdf"), "{name}");
    }
}

#[test]
fn a_line_in_gb18030_costs_one_order() {
    let station = Station::new();
    station.seal(&orders(2, 3), &[]);
    let mut sealed = station.read("orders.sealed.jsonl");
    // 订单 in GB18030.
    sealed.extend(b"\xB6\xA9\xB5\xA5\n");
    station.write("orders.sealed.jsonl", &sealed);
    let output = station.print(&["--out", "labels.pdf", "--json"]);
    assert_eq!(failures(&output), [(3, "MALFORMED".to_owned())]);
    assert_eq!(pdf::pages(&station.read("labels.pdf")).len(), 2);

    let text =
        b"{\"order_id\":\"1\",\"waybill_no\":\"2\",\"carrier\":\"YTO\",\"memo\":\"\xB6\xA9\xB5\xA5\"}\n";
    station.write("orders.jsonl", text);
    let output = seal(&station);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).starts_with("error: line 1"), "{}", said(&output));
}

#[test]
fn a_flipped_byte_gives_the_same_label_or_a_code() {
    let station = Station::new();
    station.seal(&orders(1, 4), &[]);
    let sealed = station.read("orders.sealed.jsonl");
    let line = sealed.trim_ascii_end();
    let many = |lines: Vec<Vec<u8>>| station.write("orders.sealed.jsonl", &lines.join(&b'\n'));

    many(vec![line.to_vec(); 200]);
    station.done(&print_arguments(&["--dir", "right"]));
    let mut random = Random(0x5EED);
    let flipped = (0..200).map(|_| {
        let mut line = line.to_vec();
        let at = random.below(line.len());
        // Another line end would be another number of orders.
        while line[at] == b'\n' || line[at] == sealed[at] {
            line[at] = random.below(256) as u8;
        }
        line
    });
    many(flipped.collect());
    let output = station.print(&["--dir", "flipped", "--json"]);
    assert!(matches!(output.status.code(), Some(0 | 3 | 4 | 6)), "{}", said(&output));
    let failures = failures(&output);
    assert!(failures.len() > 150, "the control: most flips are noticed, {}", failures.len());
    assert!(failures.iter().all(|(_, code)| code != "INTERNAL"), "{failures:?}");
    let labels = list(&station.path("flipped"));
    assert_eq!(labels.len() + failures.len(), 200);
    for name in labels {
        assert!(station.read(&format!("flipped/{name}")) == station.read(&format!("right/{name}")), "{name}");
    }
}

#[test]
fn a_key_twice_is_refused_in_every_object() {
    let station = Station::new();
    station.seal(&orders(1, 5), &[]);
    let line = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap().trim_end().to_owned();
    let code = |line: &str| {
        station.write("orders.sealed.jsonl", line.as_bytes());
        let output = station.print(&["--out", "labels.pdf", "--json"]);
        failures(&output).first().map(|(_, code)| code.clone())
    };
    assert_eq!(code(&Forged::of(&line).sealed_by(&station)), None, "the control: signing again is in order");

    for twice in ["\"v\":\"MSO1\",", "\"p\":[],", "\"s\":\"AAAA\","] {
        let line = line.replacen('{', &format!("{{{twice}"), 1);
        assert_eq!(code(&line).as_deref(), Some("MALFORMED"), "outer object: {twice}");
    }
    // Each place: the part, what stands there, and the same with a key given twice.
    type Part = fn(&mut Forged) -> &mut String;
    let b: Part = |order| &mut order.b;
    let r: Part = |order| &mut order.r;
    let h: Part = |order| &mut order.h;
    let f: Part = |order| &mut order.f;
    let order = Forged::of(&line);
    let first_field: Value = serde_json::from_str(&order.f).unwrap();
    let (id, text) = first_field.as_object().unwrap().iter().next().unwrap();
    let field = format!("\"{id}\":{text}");
    let kind = serde_json::from_str::<Value>(&order.h).unwrap()["fields"][id].to_string();
    let kind = format!("\"{id}\":{kind}");
    for (name, part, at) in [
        ("batch header", b, "{".to_owned() + "\"aud\":\"SHOP-1\","),
        ("recipient", r, "[{".to_owned() + "\"kid\":\"0011223344556677\","),
        ("order header", h, "{".to_owned() + "\"cp\":\"YTO\","),
        ("routing", h, "\"routing\":{".to_owned() + "\"code\":\"1\","),
        ("parcel", h, "\"parcel\":{".to_owned() + "\"count\":1,"),
        ("items[0]", h, "\"items\":[{".to_owned() + "\"count\":1,"),
        ("consent", h, "\"consent\":{".to_owned() + "\"epoch\":1,"),
        ("types of the fields", h, format!("\"fields\":{{{kind},")),
        ("ciphertexts", f, format!("{{{field},")),
    ] {
        let open = &at[..=at.find(['{']).unwrap()];
        let mut twice = order.clone();
        Forged::replace(part(&mut twice), open, &at);
        assert_eq!(code(&twice.sealed_by(&station)).as_deref(), Some("MALFORMED"), "{name}");
        // The control: white space in that place passes every check of the form. What was signed is what is carried, so
        // another text of header or fields is another root, and the wrapped key does not fit that.
        let mut spaced = order.clone();
        Forged::replace(part(&mut spaced), open, &format!("{open} "));
        let expected = if name == "recipient" { None } else { Some("AUTH_FAILED") };
        assert_eq!(code(&spaced.sealed_by(&station)).as_deref(), expected, "{name}");
    }
}

// Keys, issuers and fields that do not fit.

#[test]
fn a_wrong_key_and_an_unknown_issuer_refuse_the_whole_batch() {
    let (station, other) = (Station::new(), Station::new());
    station.seal(&orders(4, 6), &[]);
    for (file, index, code) in [("station.key", 3, "UNKNOWN_KEY"), ("issuer.key.pub", 5, "UNKNOWN_ISSUER")] {
        let theirs = other.path(file);
        let mut arguments = print_arguments(&["--out", "labels.pdf"]);
        arguments[index] = theirs.to_str().unwrap();
        let output = station.run(&arguments);
        assert_eq!(output.status.code(), Some(6), "{}", said(&output));
        assert!(said(&output).contains(code) && said(&output).contains("error: no label was printed"));
        assert!(!station.path("labels.pdf").exists());
    }
}

#[test]
fn a_field_that_is_missing_costs_its_order_and_is_named() {
    let station = Station::new();
    let mut orders = orders(4, 7);
    for (index, field) in [(1, "name"), (2, "detail")] {
        orders[index]["recipient"].as_object_mut().unwrap().remove(field);
    }
    station.seal(&orders, &[]);
    let output = station.print(&["--out", "labels.pdf"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    for field in ["recipient.name", "recipient.detail"] {
        assert!(said(&output).contains(&format!("FIELD_MISSING ({field})")), "{}", said(&output));
    }
    assert_eq!(pdf::pages(&station.read("labels.pdf")).len(), 2);
}

#[test]
fn several_codes_have_a_hint_each() {
    let station = Station::new();
    let mut orders = orders(2, 8);
    orders[0]["recipient"].as_object_mut().unwrap().remove("name");
    station.seal(&orders, &[]);
    let mut sealed = station.read("orders.sealed.jsonl");
    sealed.extend(b"{}\n");
    station.write("orders.sealed.jsonl", &sealed);
    let words = said(&station.print(&["--out", "labels.pdf"]));
    assert!(words.contains("hint: FIELD_MISSING: ") && words.contains("hint: MALFORMED: "), "{words}");
}

#[test]
fn an_address_of_5000_characters_is_refused_when_it_is_sealed() {
    let station = Station::new();
    let mut orders = orders(2, 9);
    orders[1]["recipient"]["detail"] = json!("望".repeat(5000));
    let lines: Vec<String> = orders.iter().map(Value::to_string).collect();
    station.write("orders.jsonl", lines.join("\n").as_bytes());
    let output = seal(&station);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let words = said(&output);
    assert!(
        words.starts_with("error: line 2")
            && words.contains("recipient.detail")
            && words.contains("is longer than"),
        "{words}"
    );
    assert!(!words.contains('望') && !station.path("orders.sealed.jsonl").exists());
}

#[test]
fn the_longest_address_that_can_be_sealed_is_printed_or_has_a_code() {
    let station = Station::new();
    let mut orders = orders(2, 9);
    orders[1]["recipient"]["detail"] = json!("望".repeat(1350));
    station.seal(&orders, &[]);
    let output = station.print(&["--out", "labels.pdf", "--json"]);
    let failures = failures(&output);
    assert!(failures.iter().all(|(index, code)| *index == 2 && code == "TEMPLATE_REFUSED"), "{failures:?}");
    assert_eq!(pdf::pages(&station.read("labels.pdf")).len() + failures.len(), 2);
}

#[test]
fn a_template_with_a_fault_is_refused_at_its_place() {
    let station = Station::new();
    station.seal(&orders(1, 10), &[]);
    for (name, template, said_so) in [
        (
            "unknown element",
            "<page width=\"60\" height=\"40\">\n  <qr/>\n</page>",
            "own.xml:2:3: unknown element",
        ),
        (
            "syntax error",
            "<page width=\"60\" height=\"40\">\n<% if (1 { %>\n</page>",
            "own.xml:2:10: unexpected word",
        ),
        (
            "unclosed expression",
            "<page width=\"60\" height=\"40\">\n <%= _data.memo\n</page>",
            "own.xml:2:2: <% without %>",
        ),
        ("unclosed element", "<page width=\"60\" height=\"40\">\n<layout>", "own.xml:2:"),
        ("empty file", "", "own.xml:1:1: "),
        ("no text", "\u{0}\u{1}\u{2}", "own.xml:1:1: "),
    ] {
        station.write("own.xml", template.as_bytes());
        let output = station.print(&["--template", "own.xml", "--out", "labels.pdf"]);
        assert_eq!(output.status.code(), Some(3), "{name}: {}", said(&output));
        let words = said(&output);
        assert!(words.starts_with(&format!("error: TEMPLATE_REFUSED: {said_so}")), "{name}: {words}");
        assert!(words.contains("\nhint: "), "{name}: {words}");
        assert!(!station.path("labels.pdf").exists(), "{name}");
        let output = station.print(&["--template", "own.xml", "--out", "labels.pdf", "--lang", "zh"]);
        let place = &said_so[..said_so.rfind(':').unwrap()];
        let words = said(&output);
        assert!(words.starts_with(&format!("错误: TEMPLATE_REFUSED: {place}")), "{name}: {words}");
        let advice = words.split("\n提示: ").nth(1).unwrap_or_default();
        assert!(advice.chars().any(|c| c >= '\u{4E00}'), "{name}: {words}");
    }
}

// Components that die.

#[test]
fn a_component_that_is_killed_half_way_costs_no_label() {
    let station = Station::new();
    station.seal(&orders(2000, 11), &[]);
    station.done(&print_arguments(&["--out", "undisturbed.pdf", "--workers", "2"]));
    // The host stands still while nobody reads its output.
    let mut host = begin(&station, &["--out", "-", "--workers", "2"]);
    let mut output = host.stdout.take().unwrap();
    let mut printed = vec![0; 10_000];
    output.read_exact(&mut printed).unwrap();
    let components = children(host.id());
    assert_eq!(components.len(), 2);
    kill(components[0], Signal::SIGKILL).unwrap();
    output.read_to_end(&mut printed).unwrap();
    assert!(host.wait().unwrap().success());
    assert!(printed == station.read("undisturbed.pdf"));
}

#[test]
fn components_that_die_after_their_last_block_cost_nothing() {
    let station = Station::new();
    // More than the pipe and the host's buffer hold, and no more blocks than workers have leave to make ahead.
    station.seal(&orders(300, 24), &[]);
    station.done(&print_arguments(&["--out", "undisturbed.pdf", "--workers", "2"]));
    let mut host = begin(&station, &["--out", "-", "--workers", "2"]);
    let mut output = host.stdout.take().unwrap();
    let mut printed = vec![0; 1000];
    output.read_exact(&mut printed).unwrap();
    let threads = |process| fs::read_dir(format!("/proc/{process}/task")).unwrap().count();
    // The one that prints, and the one that waits for Ctrl-C.
    wait_until(|| threads(host.id()) == 2);
    let components = children(host.id());
    assert_eq!(components.len(), 2, "they wait for the fonts to be asked for");
    for component in components {
        kill(component, Signal::SIGKILL).unwrap();
    }
    output.read_to_end(&mut printed).unwrap();
    assert!(host.wait().unwrap().success());
    assert!(printed == station.read("undisturbed.pdf"));
}

#[test]
fn all_components_killed_again_and_again_cost_no_label() {
    let station = Station::new();
    station.seal(&orders(3000, 12), &[]);
    station.done(&print_arguments(&["--out", "undisturbed.pdf"]));
    let mut host = begin(&station, &["--out", "-", "--workers", "3"]);
    let mut output = host.stdout.take().unwrap();
    let (mut printed, mut killed) = (Vec::new(), 0);
    let mut part = vec![0; 100_000];
    loop {
        let count = output.read(&mut part).unwrap();
        if count == 0 {
            break;
        }
        // So far apart that everything that was asked for before has been answered: none dies twice over one order.
        if printed.len() / 1_300_000 != (printed.len() + count) / 1_300_000 {
            for component in children(host.id()) {
                killed += usize::from(kill(component, Signal::SIGKILL).is_ok());
            }
        }
        printed.extend_from_slice(&part[..count]);
    }
    assert!(host.wait().unwrap().success());
    assert!(killed >= 6, "{killed}");
    assert!(printed == station.read("undisturbed.pdf"));
}

#[test]
fn an_order_over_which_components_die_does_not_cost_its_neighbours() {
    let station = Station::new();
    // The fifth block is the first of 64 orders: 61 to 124.
    station.seal(&orders(124, 13), &[]);
    station.done(&print_arguments(&["--dir", "undisturbed"]));
    let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
    let poison: Value = serde_json::from_str(sealed.lines().nth(79).unwrap()).unwrap();
    let component = station.stand_in(Act::DiesOver(poison["h"].as_str().unwrap()));
    let output = station.print(&["--dir", "labels", "--json", "--component", &component]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert_eq!(failures(&output), [(80, "INTERNAL".to_owned())]);
    let labels = list(&station.path("labels"));
    assert_eq!(labels.len(), 123);
    for name in labels {
        let (label, right) =
            (station.read(&format!("labels/{name}")), station.read(&format!("undisturbed/{name}")));
        assert!(label == right, "{name}");
    }
}

#[test]
fn a_component_that_dies_at_the_start_ends_the_batch_with_advice() {
    let station = Station::new();
    station.seal(&orders(3, 14), &[]);
    for program in ["/bin/false", "/bin/true"] {
        let output = station.print(&["--out", "labels.pdf", "--component", program]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).starts_with("error: the print component ended"), "{}", said(&output));
        assert!(said(&output).contains("\nhint: "));
        assert!(!station.path("labels.pdf").exists());
        nothing_unfinished(&station.path(""));
    }
}

// Output that cannot be written. Quietly, since a machine without namespaces says that it lacks them.

#[test]
fn a_full_device_is_an_error_of_the_output() {
    let station = Station::new();
    station.seal(&orders(300, 15), &[]);
    let output = station.print(&["--quiet", "--out", "/dev/full"]);
    cannot_be_written(&output, "/dev/full", "No space left on device");
}

#[test]
fn a_limit_on_the_size_of_files_leaves_nothing_behind() {
    let station = Station::new();
    station.seal(&orders(300, 15), &[]);
    let printed = station.command(&print_arguments(&["--quiet", "--out", "labels.pdf"]));
    let mut shell = Command::new("/bin/sh");
    // 64 blocks of 512 bytes; ignored, the signal becomes an error.
    shell.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""]).arg(printed.get_program());
    shell.args(printed.get_args()).current_dir(station.path(""));
    let output = shell.output().unwrap();
    cannot_be_written(&output, "labels.pdf", "File too large");
    assert!(!station.path("labels.pdf").exists());
    nothing_unfinished(&station.path(""));

    let pictures = station.command(&print_arguments(&["--quiet", "--dir", "labels"]));
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]).arg(pictures.get_program());
    shell.args(pictures.get_args()).current_dir(station.path(""));
    let output = shell.output().unwrap();
    cannot_be_written(&output, "labels", "File too large");
    assert_eq!(list(&station.path("labels")), [""; 0]);
}

/// A disk of its own, in a namespace where this user is root. Not every machine allows that.
#[cfg(feature = "foreign-tools")]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let station = Station::new();
    station.seal(&orders(300, 15), &[]);
    fs::create_dir(station.path("disk")).unwrap();
    for target in [["--quiet", "--out", "disk/labels.pdf"], ["--quiet", "--dir", "disk/labels"]] {
        let printed = station.command(&print_arguments(&target));
        let script = "mount -t tmpfs -o size=128k tmpfs disk || exit 99\n\
                      \"$0\" \"$@\"; status=$?; find disk -type f ! -name '0*.png' >&2; exit $status";
        let mut disk = Command::new("unshare");
        disk.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(printed.get_program());
        disk.args(printed.get_args()).current_dir(station.path(""));
        let output = disk.output().unwrap();
        cannot_be_written(&output, target[2], "No space left on device");
        assert_eq!(said(&output).lines().count(), 2, "something was left: {}", said(&output));
    }
}

#[test]
fn what_cannot_be_written_is_named() {
    let station = Station::new();
    station.seal(&orders(3, 16), &[]);
    fs::create_dir(station.path("folder")).unwrap();
    station.write("file", b"");
    for (target, path) in [
        ("--out", "/proc/labels.pdf"),
        ("--out", "no/such/folder/labels.pdf"),
        ("--out", "folder"),
        ("--out", "file/labels.pdf"),
        ("--dir", "/proc/labels"),
        ("--dir", "file"),
        ("--dir", "file/labels"),
    ] {
        let output = station.print(&[target, path]);
        cannot_be_written(&output, path, "");
        nothing_unfinished(&station.path(""));
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_batch_quietly() {
    let station = Station::new();
    station.seal(&orders(2000, 17), &[]);
    for options in [&["--out", "-", "--quiet"][..], &["--dir", "labels", "--json"]] {
        let mut host = begin(&station, options);
        let mut ten = [0; 10];
        host.stdout.take().unwrap().read_exact(&mut ten).unwrap();
        let output = host.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{options:?}: {}", said(&output));
        assert!(output.stderr.is_empty(), "{options:?}: {}", said(&output));
    }
}

#[test]
fn standard_output_that_is_full_is_an_error() {
    let station = Station::new();
    station.seal(&orders(3, 18), &[]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = station.command(&print_arguments(&["--quiet", "--out", "-"])).stdout(full).output().unwrap();
    cannot_be_written(&output, "-", "No space left on device");
}

// Ctrl-C.

/// A batch that stands still after its first label, because nobody reads its events.
fn half_way(station: &Station, options: &[&str]) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut host = begin(station, &[&["--json"], options].concat());
    let mut events = BufReader::new(host.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("\"label\"") {
        line.clear();
        assert_ne!(events.read_line(&mut line).unwrap(), 0, "the batch ended: {:?}", host.wait());
    }
    (host, events)
}

#[test]
fn an_interrupted_batch_leaves_nothing_half_written() {
    let station = Station::new();
    station.seal(&orders(3000, 19), &[]);
    station.write("labels.pdf", b"of yesterday");
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let (host, mut events) = half_way(&station, &["--out", "labels.pdf"]);
        let unfinished = || list(&station.path("")).iter().any(|name| name.ends_with(".unfinished"));
        assert!(unfinished(), "the control: there is half a file while the batch runs");
        // To the group, as a terminal does it.
        killpg(Pid::from_raw(host.id() as i32), signal).unwrap();
        let mut rest = String::new();
        events.read_to_string(&mut rest).unwrap();
        let output = host.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{}", said(&output));
        let last: Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
        assert_eq!((&last["code"], &last["message"]), (&json!("INTERRUPTED"), &json!("interrupted")));
        assert!(!rest.contains("\"failed\""), "no order is blamed: {rest}");
        assert!(!unfinished() && station.read("labels.pdf") == b"of yesterday");
    }
}

#[test]
fn an_interrupted_folder_holds_whole_pictures_only() {
    let station = Station::new();
    station.seal(&orders(3000, 20), &[]);
    let (host, mut events) = half_way(&station, &["--dir", "labels"]);
    kill(Pid::from_raw(host.id() as i32), Signal::SIGINT).unwrap();
    events.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(host.wait_with_output().unwrap().status.code(), Some(130));
    let names = list(&station.path("labels"));
    assert!(!names.is_empty() && names.len() < 3000, "{}", names.len());
    for name in names {
        let file = std::io::Cursor::new(station.read(&format!("labels/{name}")));
        let mut picture = png::Decoder::new(file).read_info().unwrap();
        let mut bits = vec![0; picture.output_buffer_size().unwrap()];
        picture.next_frame(&mut bits).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn an_interrupted_batch_says_so_in_both_languages() {
    let station = Station::new();
    station.seal(&orders(3000, 21), &[]);
    for (language, words) in
        [("en", "error: interrupted\nhint: - was not"), ("zh", "错误: 已中断\n提示: 未写入 -")]
    {
        let mut host = begin(&station, &["--quiet", "--out", "-", "--lang", language]);
        let mut output = host.stdout.take().unwrap();
        output.read_exact(&mut [0; 1000]).unwrap();
        kill(Pid::from_raw(host.id() as i32), Signal::SIGINT).unwrap();
        output.read_to_end(&mut Vec::new()).unwrap();
        let output = host.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{}", said(&output));
        assert!(said(&output).starts_with(words), "{}", said(&output));
    }
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let station = Station::new();
    station.seal(&orders(3000, 22), &[]);
    // Nobody reads, so the batch cannot go on to where it would give up by itself.
    let (mut host, _events) = half_way(&station, &["--dir", "labels"]);
    let mut status = None;
    wait_until(|| {
        // Signals that come close together may be one.
        let _ = kill(Pid::from_raw(host.id() as i32), Signal::SIGINT);
        status = host.try_wait().unwrap();
        status.is_some()
    });
    let status = status.unwrap();
    assert_eq!((status.code(), status.signal()), (Some(130), None));
}

#[test]
fn an_interrupt_while_a_component_hangs_leaves_nothing() {
    let station = Station::new();
    station.seal(&orders(3, 23), &[]);
    // A component that never says that it is ready.
    let deaf = station.path("deaf");
    let write =
        ["-c", "printf '#!/bin/sh\\nexec sleep 20\\n' >\"$0\"; chmod 755 \"$0\"", deaf.to_str().unwrap()];
    assert!(Command::new("/bin/sh").args(write).status().unwrap().success());
    let mut host = begin(&station, &["--out", "labels.pdf", "--component", deaf.to_str().unwrap()]);
    wait_until(|| !children(host.id()).is_empty());
    let unfinished = || list(&station.path("")).iter().any(|name| name.ends_with(".unfinished"));
    wait_until(unfinished);
    kill(Pid::from_raw(host.id() as i32), Signal::SIGINT).unwrap();
    wait_until(|| !unfinished());
    // What it waits for now is the component; whoever does not want to wait with it asks again.
    kill(Pid::from_raw(host.id() as i32), Signal::SIGINT).unwrap();
    assert_eq!(host.wait().unwrap().code(), Some(130));
}

#[test]
fn a_second_interrupt_while_nobody_reads_leaves_nothing() {
    let station = Station::new();
    station.seal(&orders(3000, 22), &[]);
    let before = list(&station.path(""));
    // Standing still in the middle of the PDF itself, and of the events while a file is written.
    for options in [&["--out", "-", "--quiet"][..], &["--json", "--out", "labels.pdf"]] {
        let mut host = begin(&station, options);
        let mut output = host.stdout.take().unwrap();
        output.read_exact(&mut [0; 1000]).unwrap();
        let components = children(host.id());
        assert!(!components.is_empty());
        stands_still(host.id());
        let process = Pid::from_raw(host.id() as i32);
        kill(process, Signal::SIGINT).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(host.try_wait().unwrap(), None, "{options:?}: the control: the first one waits in order");
        let began = Instant::now();
        kill(process, Signal::SIGINT).unwrap();
        assert_eq!(host.wait().unwrap().code(), Some(130), "{options:?}");
        assert!(began.elapsed() < Duration::from_secs(5), "{options:?}: {:?}", began.elapsed());
        wait_until(|| components.iter().all(|&component| kill(component, None).is_err()));
        assert_eq!(without_state(&station), before, "{options:?}");
    }
}

#[test]
fn an_interrupted_seal_leaves_nothing() {
    let station = Station::new();
    station.write("sealed.jsonl", b"of yesterday");
    let before = list(&station.path(""));
    let command = ["seal", "-", "--issuer", "issuer.key", "--to", "station.key.pub", "--merchant", "SHOP-1"];
    let order = orders(1, 25)[0].to_string();
    for (signal, target, options, told) in [
        (Signal::SIGINT, "sealed.jsonl", &[][..], "error: interrupted\nhint: sealed.jsonl was not written"),
        (Signal::SIGTERM, "new.jsonl", &["--lang", "zh"], "错误: 已中断\n提示: 未写入 new.jsonl"),
        (Signal::SIGINT, "-", &[], "error: interrupted\nhint: what stands on standard output"),
        (
            Signal::SIGINT,
            "new.jsonl",
            &["--json"],
            "{\"code\":\"INTERRUPTED\",\"event\":\"error\",\"exit\":130,\"hint\":",
        ),
    ] {
        let mut seal =
            station.command(&[&command[..], &["-o", target, "--input-format", "jsonl"], options].concat());
        seal.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut seal = seal.spawn().unwrap();
        // More than is read ahead; the pipe stays open, as that of a program that goes on looking for orders.
        let mut input = seal.stdin.take().unwrap();
        let orders: String = (0..2000)
            .map(|number| order.replacen("\"order_id\":\"", &format!("\"order_id\":\"{number}-"), 1) + "\n")
            .collect();
        let writer = std::thread::spawn(move || {
            let _ = input.write_all(orders.as_bytes());
            input
        });
        let unfinished = || list(&station.path("")).iter().any(|name| name.starts_with(".miandan-"));
        if target == "-" {
            seal.stdout.as_mut().unwrap().read_exact(&mut [0; 1000]).unwrap();
        } else {
            wait_until(unfinished);
        }
        killpg(Pid::from_raw(seal.id() as i32), signal).unwrap();
        let output = seal.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{target}: {}", said(&output));
        let words = if options == ["--json"] { &output.stdout } else { &output.stderr };
        let words = String::from_utf8_lossy(words);
        assert!(words.starts_with(told), "{words}");
        assert_eq!(list(&station.path("")), before, "{target}");
        assert_eq!(station.read("sealed.jsonl"), b"of yesterday");
        drop(writer.join().unwrap());
    }
}

#[test]
fn an_interrupt_after_the_sealing_changes_nothing() {
    let station = Station::new();
    station.write("orders.jsonl", orders(1, 26)[0].to_string().as_bytes());
    for delay in 0..40 {
        let _ = fs::remove_file(station.path("orders.sealed.jsonl"));
        let command = ["seal", "orders.jsonl", "--issuer", "issuer.key", "--to", "station.key.pub"];
        let mut command =
            station.command(&[&command[..], &["--merchant", "SHOP-1", "-o", "orders.sealed.jsonl"]].concat());
        let mut seal = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(500 * delay));
        kill(Pid::from_raw(seal.id() as i32), Signal::SIGINT).unwrap();
        let status = seal.wait().unwrap();
        // Whenever it comes: what the program says is so.
        let is_there = station.path("orders.sealed.jsonl").exists();
        let is_said = status.code() == Some(0);
        let early = status.signal() == Some(Signal::SIGINT as i32);
        assert_eq!(is_there, is_said, "{delay}: {status:?}");
        assert!(is_said || early || status.code() == Some(130), "{delay}: {status:?}");
        assert!(list(&station.path("")).iter().all(|name| !name.starts_with(".miandan-")), "{delay}");
    }
}

// Help.

/// The orders that failed: number and code.
fn failures(output: &Output) -> Vec<(u64, String)> {
    let failed = events(output).into_iter().filter(|event| event["event"] == "failed");
    failed
        .map(|event| (event["index"].as_u64().unwrap(), event["code"].as_str().unwrap().to_owned()))
        .collect()
}

fn seal(station: &Station) -> Output {
    let command = ["seal", "orders.jsonl", "--issuer", "issuer.key", "--to", "station.key.pub"];
    station.run(&[&command[..], &["--merchant", "SHOP-1", "-o", "orders.sealed.jsonl"]].concat())
}

/// Starts a print in a process group of its own.
fn begin(station: &Station, options: &[&str]) -> Child {
    let mut command = station.command(&print_arguments(options));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    command.spawn().unwrap()
}

/// Waits for what no event tells of.
#[track_caller]
fn wait_until(holds: impl FnMut() -> bool) {
    common::wait_for("a state", Duration::from_secs(20), holds);
}

/// Waits until a process does nothing any more.
fn stands_still(process: u32) {
    // Fields 14 and 15 of proc_pid_stat(5): ticks of processor time.
    let time = || {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        stat.rsplit(' ').nth(52 - 14).map(str::to_owned).zip(stat.rsplit(' ').nth(52 - 15).map(str::to_owned))
    };
    let mut before = None;
    wait_until(|| {
        std::thread::sleep(Duration::from_millis(300));
        let now = time();
        std::mem::replace(&mut before, now.clone()) == now
    });
}

/// What is in the folder of a station, but for the memory of the component.
fn without_state(station: &Station) -> Vec<String> {
    let mut names = list(&station.path(""));
    names.retain(|name| name != "station.key.state");
    names
}

/// The processes that a process has started and that have not ended.
fn children(process: u32) -> Vec<Pid> {
    let mut children = Vec::new();
    for task in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
        let listed = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        children.extend(listed.split_whitespace().map(|id| Pid::from_raw(id.parse().unwrap())));
    }
    children
}

#[track_caller]
fn cannot_be_written(output: &Output, path: &str, why: &str) {
    let words = said(output);
    assert_eq!(output.status.code(), Some(4), "{path}: {words}");
    assert!(words.starts_with(&format!("error: {path} cannot be written: {why}")), "{path}: {words}");
    assert!(words.contains("\nhint: check that the folder exists"), "{path}: {words}");
}

#[track_caller]
fn nothing_unfinished(folder: &Path) {
    let names = list(folder);
    assert!(names.iter().all(|name| !name.contains("unfinished")), "{names:?}");
}

#[test]
fn a_path_that_is_not_unicode_is_named_as_well_as_it_can_be() {
    use std::os::unix::ffi::OsStrExt;

    let station = Station::new();
    station.seal(&orders(1, 1), &[]);
    let odd = |name: &[u8]| std::ffi::OsStr::from_bytes(name).to_owned();
    for mut arguments in [
        vec![odd(b"keygen"), odd(b"issuer"), odd(b"--id"), odd(b"x"), odd(b"--out"), odd(b"k\xff")],
        vec![odd(b"print"), odd(b"orders.sealed.jsonl"), odd(b"--out"), odd(b"l\xff.pdf")],
        vec![odd(b"trust"), odd(b"add"), odd(b"t\xff"), odd(b"issuer.key.pub")],
        vec![odd(b"config"), odd(b"show")],
    ] {
        if arguments[0] == "print" {
            arguments.extend([odd(b"--key"), odd(b"station.key"), odd(b"--trust"), odd(b"issuer.key.pub")]);
        }
        let mut command = station.command(&["--json"]);
        let output = command.args(&arguments).env("MIANDAN_DIR", odd(b"d\xff")).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        assert!(!events(&output).is_empty(), "{arguments:?}");
    }
}
