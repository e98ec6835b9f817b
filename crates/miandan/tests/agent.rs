//! The station agent, through its program: clients print, look, ask, and misbehave.
#![cfg(target_os = "linux")]

mod common;

use std::time::Duration;

use miandan_testing::device::{Script, SimulatedPrinter, Speech};
use serde_json::{Value, json};

use common::agent::{Agent, Client, Ports, configuration, print, run, sealed, task};
use common::orders;
use common::{Station, said};

const TEMPLATE: &str = "default_template = \"one-part-76x130\"\npatience = \"10s\"";

fn quick() -> Script {
    Script::well(Speech::Tspl).printing_for(40)
}

/// A station with sealed orders, a simulated printer and a running agent.
struct Desk {
    agent: Agent,
    printer: SimulatedPrinter,
    orders: Vec<String>,
    station: Station,
}

impl Desk {
    fn new(count: usize) -> Self {
        Desk::with(count, quick(), TEMPLATE, "")
    }

    fn with(count: usize, script: Script, first: &str, more: &str) -> Self {
        let station = Station::new();
        station.seal(&orders(count, 7), &[]);
        let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
        let printer = SimulatedPrinter::start(script).unwrap();
        let ports = Ports::free();
        let printers = [("desk", &*printer.uri(), "tsc")];
        let text = configuration(ports, first, &printers, &more.replace("{ws}", &ports.ws.to_string()));
        let agent = Agent::start(&station, ports, &text);
        Desk { agent, printer, orders: sealed.lines().map(str::to_owned).collect(), station }
    }

    fn journal(&self, arguments: &[&str]) -> std::process::Output {
        self.station.run(&[arguments, &["--journal", "agent/journal.db"]].concat())
    }
}

fn statuses(result: &Value) -> Vec<&str> {
    result["printStatus"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect()
}

#[test]
fn a_task_is_printed_and_told_in_order() {
    let desk = Desk::new(3);
    let mut client = desk.agent.client();
    let printers = client.ask(&json!({"cmd": "getPrinters", "requestID": 7, "version": "1.0"}));
    assert_eq!((&printers["requestID"], &printers["defaultPrinter"]), (&json!(7), &json!("desk")));
    assert_eq!(printers["printers"][0]["status"], "enable");

    let documents: Vec<_> = (0..3).map(|i| sealed(&format!("D{i}"), &desk.orders[i])).collect();
    client.send(&print(&json!({"taskID": "t1", "preview": false, "documents": documents})));
    let mut heard = Vec::new();
    loop {
        let message = client.next();
        heard.push(format!("{} {}", message["cmd"].as_str().unwrap(), message["status"]));
        if message["cmd"] == "notifyTaskResult" && message["status"] != "initial" {
            assert_eq!(message["status"], "completeSuccess", "{message}");
            break;
        }
    }
    assert_eq!(heard[0], "print \"success\"", "the answer comes first: {heard:?}");
    assert_eq!(heard[1], "notifyTaskResult \"initial\"");
    assert_eq!(heard.iter().filter(|heard| *heard == "notifyDocResult \"rendered\"").count(), 3);
    assert_eq!(heard.iter().filter(|heard| *heard == "notifyDocResult \"printed\"").count(), 3);
    assert_eq!(heard.iter().filter(|heard| heard.starts_with("notifyPrintResult")).count(), 1);
    assert!(desk.printer.wait_for_printed(3));

    let status = client.ask(&json!({"cmd": "getTaskStatus", "requestID": "r2", "taskID": ["t1", "t9"]}));
    let first = &status["printStatus"][0];
    assert_eq!(first["detailStatus"][2]["status"], "success", "{status}");
    let said = said(&desk.journal(&["status"]));
    assert!(said.contains("3"), "{said}");
    assert!(desk.journal(&["journal", "verify"]).status.success());
}

#[test]
fn what_was_printed_is_not_printed_again() {
    let mut desk = Desk::new(2);
    let mut client = desk.agent.client();
    let first = task("t1", "D1", &desk.orders[0]);
    assert_eq!(statuses(&client.print(&first)), ["success"]);
    // The same task again, from another client: it is told what became of it.
    let mut other = desk.agent.client();
    assert_eq!(statuses(&other.print(&first)), ["success"]);
    // The same label in another task.
    let result = other.print(&task("t2", "D1", &desk.orders[0]));
    assert_eq!(statuses(&result), ["failed"]);
    let text = result["printStatus"][0].to_string();
    assert!(text.contains("printed already") && text.contains("-001-001"), "{text}");
    assert_eq!(desk.printer.printed().len(), 1);

    // And after a restart, which has forgotten the tasks but not the labels.
    desk.agent.kill();
    let agent = Agent::again(&desk.station, desk.agent.ports);
    let mut client = agent.client();
    let result = client.print(&first);
    assert!(result["printStatus"][0].to_string().contains("printed already"), "{result}");
    assert_eq!(statuses(&client.print(&task("t3", "D2", &desk.orders[1]))), ["success"]);
    assert!(desk.printer.wait_for_printed(2));
    assert_eq!(desk.printer.printed().len(), 2);
}

#[test]
fn foreign_and_plain_data_are_refused_and_the_socket_stays() {
    let desk = Desk::new(1);
    let mut client = desk.agent.client();
    let contents =
        json!([{ "encryptedData": "AES:aGVsbG8=", "templateURL": "http://x.example/1", "signature": "00" }]);
    let foreign =
        json!({"taskID": "t1", "preview": false, "documents": [{"documentID": "D", "contents": contents}]});
    client.send(&print(&foreign));
    assert_eq!(client.next()["status"], "success");
    let document = client.wait_for("notifyDocResult");
    assert_eq!((&document["code"], &document["status"]), (&json!(40), &json!("rendered")), "{document}");
    assert_eq!(statuses(&client.wait_for("notifyPrintResult")), ["failed"]);

    let data = json!({"waybillCode": "X1", "recipient": {"name": "王小明", "mobile": "12000001234"}});
    let contents = json!([{ "data": data, "templateURL": "http://x.example/1" }]);
    let plain =
        json!({"taskID": "t2", "preview": false, "documents": [{"documentID": "D", "contents": contents}]});
    let result = client.print(&plain);
    assert_eq!(statuses(&result), ["failed"]);
    assert!(result.to_string().contains("personal data in clear"), "{result}");
    assert!(!desk.agent.log().contains("王小明") && !desk.agent.log().contains("12000001234"));

    for message in ["", "{", "[]", "{\"cmd\":\"fly\",\"requestID\":\"r\"}", "null", "{\"cmd\":5}"] {
        client.send_text(message);
        assert_eq!(client.answer()["status"], "failed", "{message}");
    }
    client.send_text(&format!("{{\"cmd\":\"print\",\"x\":\"{}\"}}", "x".repeat(2 << 20)));
    assert_eq!(client.answer()["status"], "failed");
    assert_eq!(statuses(&client.print(&task("t3", "D3", &desk.orders[0]))), ["success"]);
}

#[test]
fn a_preview_is_masked_and_can_be_looked_at_for_a_while() {
    let desk = Desk::new(2);
    let mut client = desk.agent.client();
    let port = desk.agent.ports.previews;
    let fetch = |url: &str, host: &str, more: &str| {
        let path = url.strip_prefix(&format!("http://localhost:{port}")).unwrap_or_else(|| panic!("{url}"));
        desk.agent
            .http(port, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n"))
    };
    for form in ["pdf", "image"] {
        let documents = [sealed("D1", &desk.orders[0]), sealed("D2", &desk.orders[1])];
        let task = json!({"taskID": form, "preview": true, "previewType": form, "documents": documents});
        client.send(&print(&task));
        let ready = loop {
            let message = client.next();
            if message["cmd"] == "print" && message.get("responses").is_some() {
                break message;
            }
        };
        client.wait_for("notifyTaskResult");
        let url = ready["responses"][0]["urls"][0].as_str().unwrap();
        let host = format!("localhost:{port}");
        let answer = fetch(url, &host, "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains(if form == "pdf" { "%PDF-1.7" } else { "PNG" }));
        assert!(answer.contains("no-store") && !answer.contains("access-control-allow-origin"));
        assert!(fetch(url, "evil.example", "").starts_with("HTTP/1.1 403"));
        let guessed = format!("http://localhost:{port}/file/{}.png", "A".repeat(32));
        assert!(fetch(&guessed, &host, "").starts_with("HTTP/1.1 404"));
    }
    assert_eq!(desk.printer.printed().len(), 0, "nothing was printed");
    // What was looked at can be printed.
    assert_eq!(statuses(&client.print(&task("pdf", "D1", &desk.orders[0]))), ["success"]);
}

#[test]
fn nobody_comes_in_who_does_not_belong() {
    let desk = Desk::with(1, quick(), TEMPLATE, "[origins]\nallow = [\"https://erp.example\"]\n");
    let connect = |headers: &[(&'static str, &str)]| desk.agent.connect(headers);
    let refused = |result: Result<Client, tungstenite::Error>| match result {
        Err(tungstenite::Error::Http(answer)) => answer.status().as_u16(),
        Err(other) => panic!("{other}"),
        Ok(_) => 101,
    };
    assert_eq!(refused(connect(&[("origin", "https://erp.example")])), 101);
    assert_eq!(refused(connect(&[("origin", "https://evil.example")])), 403);
    assert_eq!(refused(connect(&[("origin", "null")])), 403);
    assert_eq!(refused(connect(&[("host", "evil.example")])), 403);
    assert_eq!(refused(connect(&[("host", "evil.example"), ("origin", "https://erp.example")])), 403);

    // A person lets the page in.
    let pair = |arguments: &[&str]| run(&desk.station, &[&["pair"], arguments].concat());
    let shown = said(&pair(&["--list"]));
    assert!(shown.contains("waiting:\n  https://evil.example"), "{shown}");
    assert!(pair(&["--allow", "https://evil.example"]).status.success());
    assert_eq!(refused(connect(&[("origin", "https://evil.example")])), 101);
    assert!(pair(&["--remove", "https://evil.example"]).status.success());
    assert_eq!(refused(connect(&[("origin", "https://evil.example")])), 403);
    assert_eq!(pair(&["--allow", "https://evil.example/path"]).status.code(), Some(5));

    // Chrome asks before a page of the public network may talk to this machine.
    let port = desk.agent.ports.ws;
    let preflight = |origin: &str| {
        let request = format!(
            "OPTIONS / HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: {origin}\r\nConnection: close\r\n\
             Access-Control-Request-Method: GET\r\nAccess-Control-Request-Private-Network: true\r\n\r\n"
        );
        desk.agent.http(port, &request).to_ascii_lowercase()
    };
    let answer = preflight("https://erp.example");
    assert!(answer.starts_with("http/1.1 204"), "{answer}");
    assert!(answer.contains("access-control-allow-private-network: true"), "{answer}");
    assert!(answer.contains("access-control-allow-origin: https://erp.example"), "{answer}");
    assert!(preflight("https://other.example").starts_with("http/1.1 403"));

    // The admin API has a token, and no page may use it.
    let admin = desk.agent.ports.admin;
    let token = String::from_utf8(desk.station.read("agent/admin.token")).unwrap();
    let ask = |headers: &str| {
        let request = format!("GET /api/v1/status HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
        desk.agent.http(admin, &request)[9..12].to_owned()
    };
    let bearer = format!("Host: 127.0.0.1:{admin}\r\nAuthorization: Bearer {}\r\n", token.trim());
    assert_eq!(ask(&bearer), "200");
    assert_eq!(ask(&format!("Host: 127.0.0.1:{admin}\r\n")), "401");
    assert_eq!(ask(&bearer.replace("127.0.0.1", "evil.example")), "403");
    assert_eq!(ask(&format!("{bearer}Origin: https://erp.example\r\n")), "403");
}

#[test]
fn a_label_that_may_be_on_paper_holds_its_printer() {
    let desk = Desk::with(3, "tspl,print@40,reset@20000".parse().unwrap(), TEMPLATE, "");
    let mut client = desk.agent.client();
    let result = client.print(&task("t1", "D1", &desk.orders[0]));
    assert_eq!(statuses(&result), ["failed"]);
    assert!(result.to_string().contains("may have been printed"), "{result}");
    let printers = client.ask(&json!({"cmd": "getPrinters", "requestID": "r"}));
    assert_eq!(printers["printers"][0]["status"], "disable");
    let status = said(&run(&desk.station, &["status"]));
    assert!(status.contains("a label may be on paper") && status.contains("-001-001"), "{status}");
    // What comes now waits.
    client.send(&print(&task("t2", "D2", &desk.orders[1])));
    client.wait_for("print");
    let again = client.print(&task("t3", "D1", &desk.orders[0]));
    assert!(again.to_string().contains("may have been printed"), "never by itself: {again}");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(run(&desk.station, &["release", "desk"]).status.code(), Some(0));
    let result = client.wait_for("notifyPrintResult");
    assert_eq!((&result["taskID"], statuses(&result)), (&json!("t2"), vec!["success"]));
    assert_eq!(run(&desk.station, &["release", "nobody"]).status.code(), Some(5));
}

#[test]
fn it_ends_after_the_label_in_flight() {
    let desk = Desk::with(3, Script::well(Speech::Tspl).printing_for(400), TEMPLATE, "");
    let mut client = desk.agent.client();
    for place in 0..3 {
        client.send(&print(&task(&format!("t{place}"), &format!("D{place}"), &desk.orders[place])));
    }
    desk.agent.wait_for_line("task.accepted");
    std::thread::sleep(Duration::from_millis(200));
    let Desk { agent, printer, station, .. } = desk;
    let (well, log) = agent.terminate();
    assert!(well, "{log}");
    assert!(log.contains("stopped"), "{log}");
    let results: Vec<_> = (0..3).map(|_| client.wait_for("notifyPrintResult")).collect();
    let ended: Vec<_> = results.iter().map(|result| statuses(result)[0].to_owned()).collect();
    assert_eq!(ended[0], "success");
    assert_eq!(ended[2], "canceled", "{results:?}");
    assert_eq!(printer.printed().len(), ended.iter().filter(|end| *end == "success").count());
    let status = station.run(&["journal", "verify", "--journal", "agent/journal.db"]);
    assert!(status.status.success(), "{}", said(&status));
}

#[test]
fn a_configuration_is_checked_and_a_certificate_made() {
    let station = Station::new();
    let ports = Ports::free();
    let text = configuration(ports, TEMPLATE, &[("desk", "file:labels/", "tsc")], "");
    station.write("agent.toml", text.as_bytes());
    let checked = run(&station, &["--check-config"]);
    assert!(checked.status.success() && said(&checked).contains("ok"), "{}", said(&checked));
    station.write("agent.toml", format!("typo = 1\n{text}").as_bytes());
    let checked = run(&station, &["--check-config"]);
    assert_eq!(checked.status.code(), Some(2));
    assert!(said(&checked).contains("line 1: unknown field `typo`"), "{}", said(&checked));
    station.write("agent.toml", text.as_bytes());
    let made = run(&station, &["cert"]);
    assert!(made.status.success(), "{}", said(&made));
    assert!(station.path("agent/localhost.key").exists());
}

/// Kinds of messages that are none. `miandan-protocol` has eighty and what is answered to each; here it is that the socket stays.
const MALFORMED: [&str; 30] = [
    "",
    " ",
    "{",
    "}",
    "[]",
    "null",
    "true",
    "12",
    "\"print\"",
    "\u{feff}{}",
    "{}",
    "{\"cmd\":null}",
    "{\"cmd\":5}",
    "{\"cmd\":\"\"}",
    "{\"cmd\":\"fly\",\"requestID\":\"r\"}",
    "{\"cmd\":\"print\"}",
    "{\"cmd\":\"print\",\"task\":null}",
    "{\"cmd\":\"print\",\"task\":[]}",
    "{\"cmd\":\"print\",\"task\":{\"taskID\":\"t\"}}",
    "{\"cmd\":\"print\",\"task\":{\"taskID\":\"t\",\"documents\":{}}}",
    "{\"cmd\":\"print\",\"task\":{\"taskID\":\"t\",\"documents\":[]}}",
    "{\"cmd\":\"print\",\"task\":{\"taskID\":\"t\",\"documents\":[5]}}",
    "{\"cmd\":\"print\",\"task\":{\"taskID\":\"t\",\"documents\":[{\"documentID\":\"d\"}]}}",
    "{\"cmd\":\"print\",\"task\":{\"taskID\":\"t\",\"documents\":[{\"documentID\":\"d\",\"contents\":[]}]}}",
    "{\"cmd\":\"print\",\"task\":{\"taskID\":\"t\",\"documents\":[{\"documentID\":\"d\",\"contents\":[{\"encryptedData\":7}]}]}}",
    "{\"cmd\":\"print\",\"task\":{\"taskID\":\"t\",\"documents\":[{\"documentID\":\"d\",\"contents\":[{\"encryptedData\":\"MSO1:***\"}]}]}}",
    "{\"cmd\":\"print\",\"task\":{\"taskID\":\"a\\u0000b\",\"documents\":[{\"documentID\":\"d\",\"contents\":[]}]}}",
    "{\"cmd\":\"getTaskStatus\",\"taskID\":{}}",
    "{\"cmd\":\"setPrinterConfig\",\"printer\":[1]}",
    "{\"cmd\":\"getPrinters\",\"x\":\"\\ud800\"}",
];

#[test]
fn whatever_comes_the_socket_stays() {
    let desk = Desk::new(1);
    let mut client = desk.agent.client();
    for message in MALFORMED {
        client.send_text(message);
        let answer = client.answer();
        assert_eq!(answer["status"], "failed", "{message}: {answer}");
    }
    let deep = format!("{{\"cmd\":\"print\",\"task\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    for message in [deep, "x".repeat(1 << 20), "\"".repeat(2 << 20)] {
        client.send_text(&message);
        assert_eq!(client.answer()["status"], "failed");
    }
    client.send_bytes(&[0xff, 0xfe, 0x00]);
    assert_eq!(client.answer()["status"], "failed");
    assert_eq!(statuses(&client.print(&task("t1", "D1", &desk.orders[0]))), ["success"]);
}
