//! Every stable code, reached through the real programs: which message, which hint and which exit code go with it.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)] // the tests ask the clock

mod common;

use std::process::Output;
use std::time::{SystemTime, UNIX_EPOCH};

use common::forged::Forged;
use common::service::Service;
use common::stand_in::{self, Act};
use common::{Station, events, orders, print_arguments, said};
use miandan_core::Code;
use miandan_seal::StationPublic;
use miandan_seal::issue::{IssuerKey, PlainOrder, SealOptions, seal_batch};
use ring::rand::SystemRandom;
use serde_json::json;

const DAY: u64 = 86_400;

/// One way to earn a code.
struct Case {
    name: &'static str,
    code: Code,
    /// What stands after the code on the line that names it.
    message: &'static str,
    hint: &'static str,
    exit: i32,
    /// Prints, with these further options.
    print: fn(&Station, &[&str]) -> Output,
}

const CASES: &[Case] = &[
    Case {
        name: "what a platform's own component reads",
        code: Code::Malformed,
        message: "this is not a sealed order",
        hint: "each line must be one order as miandan seal writes it; data of a platform's own component cannot be read here",
        exit: 3,
        print: |station, options| {
            station.write("orders.sealed.jsonl", b"AES:c29tZSBwbGF0Zm9ybSdzIG93biBkYXRh");
            print(station, options)
        },
    },
    Case {
        name: "an authorisation of more than 30 days",
        code: Code::Limit,
        message: "a limit of the format is passed",
        hint: "ask the issuer to seal it again within the limits",
        exit: 4,
        print: |station, options| {
            let order = issued(station, now(), now() + 30 * DAY);
            let longer = |order: &mut Forged| {
                let exp = format!("\"exp\":{}", now() + 31 * DAY);
                let end = order.b.find("\"exp\":").unwrap();
                let end = end + order.b[end..].find(',').unwrap();
                let old = order.b[order.b.find("\"exp\":").unwrap()..end].to_owned();
                Forged::replace(&mut order.b, &old, &exp);
            };
            forged(station, options, &order, longer)
        },
    },
    Case {
        name: "an order longer than 64 KiB",
        code: Code::Limit,
        message: "a limit of the format is passed",
        hint: "ask the issuer to seal it again within the limits",
        exit: 4,
        print: |station, options| {
            station.write("orders.sealed.jsonl", &[b'x'; 70_000]);
            print(station, options)
        },
    },
    Case {
        name: "the suite of SM2, SM3 and SM4",
        code: Code::UnsupportedSuite,
        message: "this version does not have its cipher suite",
        hint: "install a newer version, or ask the issuer to use suite 0x0001",
        exit: 4,
        print: |station, options| {
            changed(station, options, |order| &mut order.b, "\"suite\":1,", "\"suite\":257,")
        },
    },
    Case {
        name: "an issuer that nobody named",
        code: Code::UnknownIssuer,
        message: "its issuer is not trusted, or not for this merchant, or not at this time",
        hint: "get the issuer's public file and name it with --trust; miandan trust list says for whom and until when one is trusted",
        exit: 6,
        print: |station, options| {
            changed(station, options, |order| &mut order.b, "\"iss\":\"platform\"", "\"iss\":\"other\"")
        },
    },
    Case {
        name: "another order's signature",
        code: Code::BadSignature,
        message: "its signature does not hold",
        hint: "the order was changed on its way; get it again from its issuer",
        exit: 6,
        print: |station, options| {
            let (first, second) = (issued_now(station), issued_now(station));
            let [mut first, second] =
                [first, second].map(|order| serde_json::from_str::<serde_json::Value>(&order).unwrap());
            first["s"] = second["s"].clone();
            station.write("orders.sealed.jsonl", first.to_string().as_bytes());
            print(station, options)
        },
    },
    Case {
        name: "an order for the key of another station",
        code: Code::UnknownKey,
        message: "it is not sealed to this station",
        hint: "check --key, or give the issuer this station's public file and have the order sealed again",
        exit: 6,
        print: |station, options| {
            station.seal(&orders(1, 1), &[]);
            let other = Station::new();
            let key = other.path("station.key");
            let mut arguments = print_arguments(&["--out", "labels.pdf"]);
            arguments[3] = key.to_str().unwrap();
            station.run(&[&arguments[..], options].concat())
        },
    },
    Case {
        name: "a key file that is not one",
        code: Code::UnknownKey,
        message: "issuer.key is not the key file of a station, or is damaged",
        hint: "name the key file, not FILE.pub; miandan keygen station makes one",
        exit: 6,
        print: |station, options| {
            station.seal(&orders(1, 1), &[]);
            station.run(
                &[&print_arguments(&["--out", "labels.pdf", "--key", "issuer.key"])[..], options].concat(),
            )
        },
    },
    Case {
        name: "a batch key that does not open",
        code: Code::AuthFailed,
        message: "it cannot be opened",
        hint: "the order or its key was damaged; get it again from its issuer",
        exit: 6,
        print: |station, options| {
            forged(station, options, &issued_now(station), |order| {
                let at = order.r.find("\"wk\":\"").unwrap() + 6;
                let digit = if &order.r[at..=at] == "A" { "B" } else { "A" };
                order.r.replace_range(at..=at, digit);
            })
        },
    },
    Case {
        name: "an authorisation that begins tomorrow",
        code: Code::NotYetValid,
        message: "its authorisation is not valid yet",
        hint: "check the clock of this machine",
        exit: 4,
        print: |station, options| {
            let order = issued(station, now() + DAY, now() + 2 * DAY);
            station.write("orders.sealed.jsonl", order.as_bytes());
            print(station, options)
        },
    },
    Case {
        name: "an authorisation that ended an hour ago",
        code: Code::Expired,
        message: "its authorisation has run out",
        hint: "ask the issuer for a fresh authorisation",
        exit: 4,
        print: |station, options| {
            let order = issued(station, now() - DAY, now() - DAY / 24);
            station.write("orders.sealed.jsonl", order.as_bytes());
            print(station, options)
        },
    },
    Case {
        name: "an order of another merchant",
        code: Code::WrongAudience,
        message: "this station does not print for its merchant",
        hint: "the merchants of a station are set when its key is made (keygen --merchant)",
        exit: 4,
        print: |station, options| {
            changed(station, options, |order| &mut order.b, "\"aud\":\"SHOP-1\"", "\"aud\":\"SHOP-2\"")
        },
    },
    Case {
        name: "an order for another station",
        code: Code::WrongStation,
        message: "it is for another station",
        hint: "print it at the station or group that it names",
        exit: 4,
        print: |station, options| {
            let to = "\"aud\":\"SHOP-1\",\"stn\":\"ST-02\"";
            changed(station, options, |order| &mut order.b, "\"aud\":\"SHOP-1\"", to)
        },
    },
    Case {
        name: "an order sealed for something else than printing",
        code: Code::WrongPurpose,
        message: "it was not sealed for printing",
        hint: "ask the issuer to seal it for printing",
        exit: 4,
        print: |station, options| {
            changed(station, options, |order| &mut order.b, "\"pur\":\"print\"", "\"pur\":\"show\"")
        },
    },
    Case {
        name: "a template that is none",
        code: Code::TemplateRefused,
        message: "own.xml:1:1: the outermost element is neither page nor layout",
        hint: "wrap everything in <page width=\"…\" height=\"…\">, or a custom area in <layout width=\"…\" height=\"…\">",
        exit: 3,
        print: |station, options| with_template(station, options, "<label/>"),
    },
    Case {
        name: "a template that cannot be drawn for this order",
        code: Code::TemplateRefused,
        message: "the template cannot be drawn",
        hint: "look at the template with miandan template check, or try the order with a label that is shipped",
        exit: 4,
        print: |station, options| {
            let barcode = "<layout left=\"2\" top=\"2\" width=\"56\" height=\"10\">\
                           <barcode type=\"code128\"><%=_data.recipient.address.province%></barcode></layout>";
            with_template(station, options, &page(barcode))
        },
    },
    Case {
        name: "an order that a service has printed before",
        code: Code::PrintLimit,
        message: "it was printed as often as its issuer allows",
        hint: "ask the issuer for a fresh order",
        exit: 4,
        print: |station, options| {
            station.seal(&orders(1, 1), &["--max-prints", "1"]);
            let service = Service::start(station, &[]);
            assert!(service.print(station, &["--out", "first.pdf"]).status.success());
            service.print(station, &[&["--out", "labels.pdf"], options].concat())
        },
    },
    Case {
        name: "an authorisation that the person withdrew",
        code: Code::Withdrawn,
        message: "the person withdrew the authorisation",
        hint: "it must not be printed; tell the merchant",
        exit: 4,
        print: |station, options| {
            let orders = orders(1, 1);
            station.seal(&orders, &[]);
            station.write("withdrawn.jsonl", orders[0]["consent"].to_string().as_bytes());
            station.done(&[
                "sign",
                "status",
                "withdrawn.jsonl",
                "--issuer",
                "issuer.key",
                "-o",
                "status.json",
            ]);
            print(station, &[&["--status-list", "status.json"], options].concat())
        },
    },
    Case {
        name: "an issuer without the status list that is required",
        code: Code::StaleStatus,
        message: "the status list is missing or too old",
        hint: "get a fresh status list",
        exit: 4,
        print: |station, options| {
            station.seal(&orders(1, 1), &[]);
            station.write("withdrawn.jsonl", b"");
            station.done(&["keygen", "issuer", "--id", "other", "--out", "other.key"]);
            station.done(&[
                "sign",
                "status",
                "withdrawn.jsonl",
                "--issuer",
                "other.key",
                "-o",
                "status.json",
            ]);
            let list = ["--trust", "other.key.pub", "--status-list", "status.json"];
            print(station, &[&list[..], &["--status-policy", "required"], options].concat())
        },
    },
    Case {
        name: "a recipient without a name",
        code: Code::FieldMissing,
        message: "(recipient.name): it lacks a field that the template needs",
        hint: "ask the issuer to seal the field, or use a template without it",
        exit: 4,
        print: |station, options| {
            let mut orders = orders(1, 1);
            orders[0]["recipient"].as_object_mut().unwrap().remove("name");
            station.seal(&orders, &[]);
            print(station, options)
        },
    },
    Case {
        name: "a template that wants the identity card",
        code: Code::FieldNotPrintable,
        message: "this field is never printed",
        hint: "account name, e-mail and identity card do not belong on a label",
        exit: 3,
        print: |station, options| {
            let text = "<layout left=\"2\" top=\"2\" width=\"56\" height=\"10\">\
                        <text><![CDATA[<%=_data.buyer.idcard%>]]></text></layout>";
            with_template(station, options, &page(text))
        },
    },
    Case {
        name: "a character that no font has",
        code: Code::GlyphMissing,
        message: "(sender.org): no font has one of its characters",
        hint: "name a font that has it with --font, or print a box with --missing-glyph box",
        exit: 4,
        print: |station, options| {
            let mut orders = orders(1, 1);
            orders[0]["sender"]["org"] = json!("≒某某商行");
            station.seal(&orders, &[]);
            print(station, options)
        },
    },
    Case {
        name: "a component that may not filter system calls",
        code: Code::SandboxUnavailable,
        message: "this system cannot filter system calls (seccomp)",
        hint: "Linux with seccomp is needed; where it is there, miandan doctor shows every layer",
        exit: 6,
        print: |station, options| with_stand_in(station, options, Act::CannotFilter),
    },
    Case {
        name: "a component under a tracer",
        code: Code::Traced,
        message: "another process is tracing this one",
        hint: "end the debugger or tracer",
        exit: 6,
        print: |station, options| with_stand_in(station, options, Act::IsTraced),
    },
    Case {
        name: "an order over which every component dies",
        code: Code::Internal,
        message: "the component failed; this is a defect of Miandan",
        hint: "the other orders were printed; please report it with the code of this order, not its content",
        exit: 4,
        print: |station, options| with_stand_in(station, options, Act::DiesOver("MSO1")),
    },
];

#[test]
fn every_code_has_its_message_its_hint_and_its_exit_code() {
    for case in CASES {
        let station = Station::new();
        let output = (case.print)(&station, &[]);
        let (name, words) = (case.name, said(&output));
        assert_eq!(output.status.code(), Some(case.exit), "{name}: {words}");
        assert!(output.stdout.is_empty(), "{name}: data went to standard output: {words}");
        let line = words.lines().find(|line| line.contains(case.code.as_str()));
        let line = line.unwrap_or_else(|| panic!("{name}: {} is not named: {words}", case.code));
        assert!(line.ends_with(case.message), "{name}: {words}");
        assert!(words.lines().any(|line| line == format!("hint: {}", case.hint)), "{name}: {words}");
        assert!(words.lines().any(|line| line.starts_with("error: ")), "{name}: {words}");
        assert!(!station.path("labels.pdf").exists(), "{name}: something was printed");
    }
}

#[test]
fn machines_get_the_same_codes() {
    for case in CASES {
        let station = Station::new();
        let output = (case.print)(&station, &["--json"]);
        assert_eq!(output.status.code(), Some(case.exit), "{}: {}", case.name, said(&output));
        let events = events(&output);
        let refusal = events.iter().find(|event| event["event"] == "failed" || event["event"] == "error");
        let refusal = refusal.unwrap_or_else(|| panic!("{}: {events:?}", case.name));
        assert_eq!(refusal["code"], case.code.as_str(), "{}: {events:?}", case.name);
    }
}

#[test]
fn no_code_is_forgotten() {
    for code in Code::ALL {
        assert!(CASES.iter().any(|case| case.code == *code), "{code}");
    }
}

/// Not a test: what a program that stands in for the component runs (`common/stand_in.rs`).
#[test]
fn stand_in_for_the_component() {
    stand_in::act();
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn print(station: &Station, options: &[&str]) -> Output {
    station.print(&[&["--out", "labels.pdf"], options].concat())
}

fn page(content: &str) -> String {
    format!("<page xmlns=\"http://cloudprint.cainiao.com/print\" width=\"60\" height=\"40\">{content}</page>")
}

fn with_template(station: &Station, options: &[&str], template: &str) -> Output {
    station.seal(&orders(1, 1), &[]);
    station.write("own.xml", template.as_bytes());
    print(station, &[&["--template", "own.xml"], options].concat())
}

fn with_stand_in(station: &Station, options: &[&str], act: Act<'_>) -> Output {
    station.seal(&orders(1, 1), &[]);
    let component = station.stand_in(act);
    print(station, &[&["--component", &component], options].concat())
}

/// One order of the station's issuer, valid from one time to another.
fn issued(station: &Station, from: u64, until: u64) -> String {
    let issuer = IssuerKey::parse(&station.read("issuer.key")).unwrap();
    let recipient = StationPublic::parse(&station.read("station.key.pub")).unwrap();
    let order = PlainOrder::parse(orders(1, 1)[0].to_string().as_bytes()).unwrap();
    let aud = "SHOP-1".to_owned();
    let options = SealOptions { aud, stn: None, iat: from, nbf: from, exp: until, mask: None, max: None };
    seal_batch(&issuer, &[recipient], &[order], &options, &SystemRandom::new()).unwrap().remove(0)
}

fn issued_now(station: &Station) -> String {
    issued(station, now(), now() + DAY)
}

/// Prints an order as its issuer changed it.
fn forged(station: &Station, options: &[&str], order: &str, change: impl FnOnce(&mut Forged)) -> Output {
    let mut order = Forged::of(order);
    change(&mut order);
    station.write("orders.sealed.jsonl", order.sealed_by(station).as_bytes());
    print(station, options)
}

/// As [`forged`], with one text of one part replaced.
fn changed(
    station: &Station,
    options: &[&str],
    part: fn(&mut Forged) -> &mut String,
    from: &str,
    to: &str,
) -> Output {
    forged(station, options, &issued_now(station), |order| Forged::replace(part(order), from, to))
}
