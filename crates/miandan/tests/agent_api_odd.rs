//! The web API of the agent when it is used oddly: by two at once, by who does not read, does not stop or does not spell.
#![cfg(target_os = "linux")]

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use miandan_testing::device::{Script, Speech};
use serde_json::{Value, json};

use common::desk::{Desk, well};
use common::wait_for;

/// The same, by two people at the same moment.
fn by_two<T: Send>(act: impl Fn(usize) -> T + Sync) -> [T; 2] {
    let both = std::sync::Barrier::new(2);
    let one = |who| {
        both.wait();
        act(who)
    };
    thread::scope(|scope| {
        let other = scope.spawn(|| one(1));
        [one(0), other.join().unwrap()]
    })
}

/// An event stream that somebody has opened.
fn events(desk: &Desk, headers: &str) -> TcpStream {
    let port = desk.agent.ports.admin;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n").unwrap();
    stream
}

#[test]
fn two_people_print_a_label_again() {
    let desk = Desk::new(1, well());
    let number = desk.print_all().remove(0);
    assert!(desk.printer.wait_for_printed(1));
    let settled = |copy: u32| {
        wait_for("it is settled", Duration::from_secs(10), || {
            let label = &desk.get(&format!("/api/v1/labels/{number}"))["label"];
            label["copy"] == copy && matches!(label["state"].as_str(), Some("sent" | "confirmed"))
        });
    };
    settled(0);
    let path = format!("/api/v1/labels/{number}/reprint");
    let body = json!({"reason": "smeared"});
    let reprint = |key: &str| desk.agent.api_with(&desk.station, "POST", &path, Some(&body), key);

    // The same click twice is one copy, also while the first is being done.
    let key = "Idempotency-Key: one-click\r\n";
    let once = (200, json!({"number": number, "copy": 1}));
    for (status, answer) in by_two(|_| reprint(key)) {
        let is_in_progress = status == 409 && answer["code"] == "IN_PROGRESS";
        assert!(is_in_progress || (status, &answer) == (once.0, &once.1), "{status} {answer}");
    }
    assert_eq!(reprint(key), once);
    assert!(desk.printer.wait_for_printed(2));
    settled(1);

    // Two decisions are two copies. Whoever comes while one is on its way is told so, and decides again.
    let again = by_two(|_| {
        let began = Instant::now();
        loop {
            match reprint("") {
                (200, done) => return done["copy"].as_u64().unwrap(),
                (409, why) if why["code"] == "BEING_SENT" => {}
                other => panic!("{other:?}"),
            }
            assert!(began.elapsed() < Duration::from_secs(10));
            thread::sleep(Duration::from_millis(10));
        }
    });
    assert_eq!(BTreeSet::from(again), BTreeSet::from([2, 3]));
    assert!(desk.printer.wait_for_printed(4));
    settled(3);
    let on_paper: BTreeSet<_> = desk.printer.printed().into_iter().collect();
    assert_eq!(on_paper.len(), 4, "each copy bears its own mark");
    let one = desk.get(&format!("/api/v1/labels/{number}"));
    let asked = one["history"].as_array().unwrap().iter().filter(|entry| entry["what"] == "reprint").count();
    assert_eq!(asked, 3, "{one}");
    assert!(desk.verifies());
}

#[test]
fn two_people_say_what_became_of_a_label() {
    let desk = Desk::new(1, "tspl,print@40,reset@4000".parse().unwrap());
    let number = desk.print_all().remove(0);
    let state = || desk.get("/api/v1/printers/desk")["state"].clone();
    wait_for("it is unknown", Duration::from_secs(10), || state() == "unknown");
    let path = format!("/api/v1/labels/{number}/settle");
    let said = by_two(|who| desk.post(&path, &json!({"printed": who == 0, "reason": "looked"})));
    let won: Vec<_> = (0..2).filter(|&who| said[who].0 == 200).collect();
    assert_eq!(won.len(), 1, "{said:?}");
    let lost = &said[1 - won[0]];
    assert_eq!((lost.0, &lost.1["code"]), (409, &json!("NOT_UNKNOWN")));
    let expected = if won[0] == 0 { "confirmed" } else { "failed" };
    let one = desk.get(&format!("/api/v1/labels/{number}"));
    assert_eq!((&one["label"]["state"], &said[won[0]].1["state"]), (&json!(expected), &json!(expected)));
    assert!(desk.verifies());
}

#[test]
fn going_on_after_a_jam_loses_nothing_that_waits() {
    let desk = Desk::new(12, "tspl,print@10,reset@200000".parse().unwrap());
    let numbers = desk.print_all();
    let printer = || desk.get("/api/v1/printers/desk");
    wait_for("it is unknown", Duration::from_secs(10), || printer()["state"] == "unknown");
    let (unknown, waiting) = (printer()["label"].clone(), printer()["waiting"].as_u64().unwrap());
    assert!(waiting > 0, "labels wait");
    let place = numbers.iter().position(|number| *number == unknown).unwrap();
    assert!(place > 0, "something came out before: the printer is not reset by the first label");
    let body = json!({"last": numbers[place - 1], "reason": "jam"});
    let (status, done) = desk.post("/api/v1/printers/desk/resume", &body);
    assert_eq!((status, &done["reprinted"], &done["gone"]), (200, &json!([unknown]), &json!([])), "{done}");
    wait_for("all are printed", Duration::from_secs(20), || {
        numbers.iter().all(|number| {
            let label = &desk.get(&format!("/api/v1/labels/{number}"))["label"];
            let copy = u32::from(*number == unknown);
            label["copy"] == copy && matches!(label["state"].as_str(), Some("sent" | "confirmed"))
        })
    });
    assert_eq!(printer()["waiting"], 0);
    assert!(desk.verifies());
}

#[test]
fn a_printer_is_held_and_released_while_it_prints() {
    let desk = Desk::new(20, Script::well(Speech::Tspl).printing_for(15));
    let numbers = desk.print_all();
    by_two(|who| {
        for _ in 0..20 {
            for what in if who == 0 { ["hold", "release"] } else { ["release", "hold"] } {
                assert_eq!(desk.post(&format!("/api/v1/printers/desk/{what}"), &json!({})).0, 200);
                thread::sleep(Duration::from_millis(3));
            }
        }
    });
    assert_eq!(desk.post("/api/v1/printers/desk/hold", &json!({})).1["state"], "held");
    assert_eq!(desk.post("/api/v1/printers/desk/release", &json!({})).0, 200);
    assert!(desk.printer.wait_for_printed(numbers.len()));
    wait_for("all are settled", Duration::from_secs(10), || {
        desk.get("/api/v1/status")["today"]["printed"] == numbers.len()
    });
    let different: BTreeSet<_> = desk.printer.printed().into_iter().collect();
    assert_eq!((different.len(), desk.printer.printed().len()), (20, 20), "each once");
    assert!(desk.verifies());
}

#[test]
fn who_guesses_codes_is_told_to_wait() {
    let desk = Desk::new(1, well());
    let cookie = desk.cookie();
    let code = desk.code();
    let type_ = |code: &str| {
        desk.agent.ask_api("POST", "/api/v1/session", Some(&json!({ "code": code })), "X-Miandan: 1\r\n")
    };
    let wrong = if code == "00000000" { "11111111" } else { "00000000" };
    for _ in 0..20 {
        let (status, head, _) = type_(wrong);
        assert!(status == 401 && head.contains("www-authenticate: Bearer"), "{head}");
    }
    let (status, head, body) = type_(&code);
    assert!(status == 429 && head.contains("retry-after: "), "not even the right one: {head}");
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["code"], "TOO_MANY");
    // Who is in already stays in.
    assert_eq!(desk.agent.ask_api("GET", "/api/v1/status", None, &cookie).0, 200);
    assert_eq!(desk.get("/api/v1/status")["today"]["printed"], 0);
}

#[test]
fn a_session_that_has_ended_is_told_nothing_more() {
    let desk = Desk::new(1, well());
    let cookie = desk.cookie();
    let mut lines = BufReader::new(events(&desk, &cookie)).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("data: ")));
    let ours = format!("{cookie}X-Miandan: 1\r\n");
    assert_eq!(desk.agent.ask_api("DELETE", "/api/v1/session", None, &ours).0, 204);
    for path in ["/api/v1/labels", "/api/v1/events", "/api/v1/openapi.json", "/api/v1/nothing"] {
        assert_eq!(desk.agent.ask_api("GET", path, None, &cookie).0, 401, "{path}");
    }
    assert_eq!(desk.agent.ask_api("POST", "/api/v1/printers/desk/hold", None, &ours).0, 401);
    desk.print_all();
    let told: Vec<_> = lines.map_while(Result::ok).collect();
    assert!(!told.iter().any(|line| line.contains("waybill") || line.contains("\"printed\":1")), "{told:?}");
}

#[test]
fn two_hundred_listen_and_some_of_them_do_not_read() {
    let desk = Desk::new(6, well());
    let bearer = desk.bearer();
    let silent: Vec<_> = (0..50).map(|_| events(&desk, &bearer)).collect();
    let listening: Vec<_> = (0..150).map(|_| events(&desk, &bearer)).collect();
    desk.print_all();
    assert!(desk.printer.wait_for_printed(6));
    for stream in listening {
        let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
        assert!(lines.any(|line| line.starts_with("data: ") && line.contains("\"printed\":6")));
    }
    // Whoever does not read is in nobody's way, for as long as the agent tells them something twice a second.
    for _ in 0..8 {
        let began = Instant::now();
        assert_eq!(desk.post("/api/v1/printers/desk/hold", &json!({})).0, 200);
        assert_eq!(desk.post("/api/v1/printers/desk/release", &json!({})).0, 200);
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        thread::sleep(Duration::from_millis(250));
    }
    let began = Instant::now();
    let (well, log) = desk.agent.terminate();
    assert!(well && began.elapsed() < Duration::from_secs(10), "{log}");
    drop(silent);
}

#[test]
fn bodies_that_are_too_large_are_refused() {
    let desk = Desk::new(1, well());
    let long = json!({"orders": ["MSO1:".to_owned() + &"A".repeat(8 << 20)]});
    let (status, problem) = desk.post("/api/v1/print", &long);
    assert_eq!((status, &problem["code"]), (413, &json!("TOO_LARGE")));
    let many = json!({"orders": vec!["MSO1:AAAA"; 101]});
    assert_eq!(desk.post("/api/v1/print", &many).0, 422);

    // A body that does not say how long it is.
    let port = desk.agent.ports.admin;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!(
        "POST /api/v1/print HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{}Content-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
        desk.bearer()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let mut reader = stream.try_clone().unwrap();
    let writer = thread::spawn(move || {
        for _ in 0..400 {
            if stream.write_all(chunk.as_bytes()).is_err() {
                return;
            }
        }
    });
    let mut answer = [0; 12];
    reader.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    drop(reader);
    writer.join().unwrap();
    assert_eq!(desk.get("/api/v1/status")["waiting"], 0);
}

#[test]
fn printers_with_any_name_and_paths_that_are_spelt_oddly() {
    let desk = Desk::named(2, well(), ["打包台 1", "A/B (2)"]);
    let numbers = desk.print_all();
    let chinese = "%E6%89%93%E5%8C%85%E5%8F%B0%201";
    for (path, name) in [(chinese, "打包台 1"), ("A%2FB%20(2)", "A/B (2)"), ("A%2fB%20%282%29", "A/B (2)")]
    {
        assert_eq!(desk.get(&format!("/api/v1/printers/{path}"))["name"], name, "{path}");
        assert_eq!(desk.post(&format!("/api/v1/printers/{path}/hold"), &json!({})).1["state"], "held");
        assert_eq!(desk.post(&format!("/api/v1/printers/{path}/release"), &json!({})).0, 200);
    }
    assert!(desk.printer.wait_for_printed(2));
    for spelt in [chinese.to_owned(), chinese.replace("%20", "+")] {
        wait_for("they are found", Duration::from_secs(10), || {
            let found = desk.get(&format!("/api/v1/labels?printer={spelt}&state=printed"));
            found["labels"].as_array().unwrap().len() == 2
        });
    }
    let moved = json!({"reason": "其他打印机", "printer": "A/B (2)", "operator": "收银员"});
    assert_eq!(desk.post(&format!("/api/v1/labels/{}/reprint", numbers[0]), &moved).0, 200);
    let metrics = String::from_utf8(desk.agent.ask_api("GET", "/metrics", None, "").2).unwrap();
    assert!(metrics.contains("miandan_printer_waiting{printer=\"打包台 1\"} 0"), "{metrics}");

    let bearer = desk.bearer();
    for (path, expected, code) in [
        ("/api/v1/printers/A/B%20(2)", 404, "NO_ROUTE"),
        ("/api/v1/printers/%ff", 400, "BAD_REQUEST"),
        ("/api/v1/printers/%00", 404, "UNKNOWN_PRINTER"),
        ("/api/v1/printers/..%2fprinters", 404, "UNKNOWN_PRINTER"),
        ("/api/v1/printers/%E6%89%93%E5%8C%85%E5%8F%B0+1", 404, "UNKNOWN_PRINTER"),
        ("/api/v1/labels/%c3%28", 400, "BAD_REQUEST"),
        ("/api/v1/labels/261130-001-0001", 404, "UNKNOWN_LABEL"),
        ("/api/v1/labels/261130-001-001%20", 404, "UNKNOWN_LABEL"),
        ("/api/v1/labels/%F0%9F%92%A9/preview.png", 404, "UNKNOWN_LABEL"),
        ("/api/v1/templates/%2e%2e%2fagent.toml/picture.png", 404, "UNKNOWN_TEMPLATE"),
        ("/api/v1/labels?printer=nobody", 404, "UNKNOWN_PRINTER"),
        ("/api/v1/labels?limit=0", 422, "BAD_REQUEST"),
        ("/api/v1/labels?limit=201", 422, "BAD_REQUEST"),
        ("/api/v1/labels?limit=1&limit=2", 422, "BAD_REQUEST"),
        ("/api/v1/labels?colour=red", 422, "BAD_REQUEST"),
        ("/api/v1/labels?day=2026-02-30", 422, "BAD_REQUEST"),
        ("/api/v1/labels?after=261130-001-001", 422, "BAD_REQUEST"),
        ("/api/v1/status/", 404, "NO_ROUTE"),
        ("/api/v1//status", 404, "NO_ROUTE"),
        ("/api/v1/../v1/status", 404, "NO_ROUTE"),
        ("/api/v1/%73tatus", 404, "NO_ROUTE"),
    ] {
        let (status, head, body) = desk.agent.ask_api("GET", path, None, &bearer);
        let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
        assert_eq!((status, &problem["code"]), (expected, &json!(code)), "{path}: {head}");
        assert!(head.contains("content-type: application/problem+json"), "{path}: {head}");
    }
    for search in ["%25", "_", "%27%20OR%201=1--", "%ff", "261130-999-999", "%E9%9D%A2"] {
        let found = desk.get(&format!("/api/v1/labels?search={search}"));
        assert!(found["labels"].as_array().unwrap().is_empty(), "{search}");
    }
    let (status, head, body) = desk.agent.ask_api("PUT", "/api/v1/status", None, &bearer);
    assert!(status == 405 && head.contains("allow: GET,HEAD"), "{head}");
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["code"], "METHOD");
    let more = json!({"reason": "x", "prinetr": "desk"});
    assert_eq!(desk.post(&format!("/api/v1/labels/{}/reprint", numbers[1]), &more).0, 422, "a slip is told");
    assert!(desk.verifies());
}

#[test]
fn what_is_answered_stands_in_the_documentation() {
    let desk = Desk::new(1, well());
    let metrics = String::from_utf8(desk.agent.ask_api("GET", "/metrics", None, "").2).unwrap();
    let metrics = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    let metrics: BTreeSet<_> = metrics.map(str::to_owned).collect();
    assert!(!metrics.is_empty());
    let document = desk.get("/api/v1/openapi.json");
    let codes = &document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    let codes: Vec<_> = codes.as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    for page in ["docs/api.md", "docs/api.zh-CN.md"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(page);
        let text = std::fs::read_to_string(path).unwrap();
        let rows = text.lines().filter_map(|line| line.strip_prefix("| `miandan_"));
        let named: BTreeSet<_> =
            rows.map(|row| format!("miandan_{}", row.split(['{', '`']).next().unwrap())).collect();
        assert_eq!(named, metrics, "{page}");
        for code in &codes {
            assert!(text.contains(&format!("`{code}`")), "{page}: {code}");
        }
        for route in document["paths"].as_object().unwrap().keys() {
            let last = route.rsplit('/').next().unwrap();
            assert!(text.contains(&format!("/{last}`")), "{page}: {route}");
        }
    }
}
