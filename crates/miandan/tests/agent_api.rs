//! The web API of the agent, as a program of the owner and as a browser use it.
#![cfg(target_os = "linux")]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use common::agent::task;
use common::desk::{Desk, order, well};
use common::wait_for;

#[test]
fn orders_are_printed_shown_and_printed_again() {
    let desk = Desk::new(3, well());
    let orders: Vec<_> = desk.orders.iter().map(|text| order(text)).collect();
    let (status, taken) = desk.post("/api/v1/print", &json!({"orders": orders, "printer": "desk"}));
    assert_eq!(status, 200, "{taken}");
    let number = taken["labels"][1]["number"].as_str().unwrap().to_owned();
    assert!(desk.printer.wait_for_printed(3));
    wait_for("all are printed", Duration::from_secs(10), || {
        desk.get("/api/v1/labels?state=printed")["labels"].as_array().unwrap().len() == 3
    });
    let status = desk.get("/api/v1/status");
    assert_eq!((&status["today"]["printed"], &status["waiting"]), (&json!(3), &json!(0)), "{status}");
    assert_eq!(status["component"]["mode"], "library");
    assert_eq!(status["per_minute"].as_array().unwrap().len(), 60);

    // Twice is once: by the journal without a key, by the key where there is one.
    let (_, again) = desk.post("/api/v1/print", &json!({"orders": orders}));
    assert_eq!(again["labels"][0]["code"], "DUPLICATE", "{again}");
    let asked = json!({"reason": "smeared"});
    let path = format!("/api/v1/labels/{number}/reprint");
    let key = "Idempotency-Key: a-click\r\n";
    let reprint = || desk.agent.api_with(&desk.station, "POST", &path, Some(&asked), key);
    assert_eq!(reprint(), (200, json!({"number": number, "copy": 1})));
    assert_eq!(reprint(), (200, json!({"number": number, "copy": 1})));
    assert!(desk.printer.wait_for_printed(4));
    let (status, problem) =
        desk.agent.api_with(&desk.station, "POST", &path, Some(&json!({"reason": "other"})), key);
    assert_eq!((status, &problem["code"]), (422, &json!("KEY_REUSED")));

    let one = desk.get(&format!("/api/v1/labels/{number}"));
    assert_eq!((&one["label"]["copy"], &one["label"]["can_reprint"]), (&json!(1), &json!(true)));
    let history: Vec<_> =
        one["history"].as_array().unwrap().iter().map(|entry| entry["what"].clone()).collect();
    assert!(history.contains(&json!("reprint")), "{history:?}");
    let preview = format!("/api/v1/labels/{number}/preview.png");
    let token = String::from_utf8(desk.station.read("agent/admin.token")).unwrap();
    let bearer = format!("Authorization: Bearer {}\r\n", token.trim());
    let (status, head, png) = desk.agent.ask_api("GET", &preview, None, &bearer);
    assert!(status == 200 && head.contains("no-store") && png.starts_with(b"\x89PNG"), "{head}");

    wait_for("the copy is printed", Duration::from_secs(10), || {
        desk.get("/api/v1/status")["today"]["reprinted"] == 1
            && desk.get("/api/v1/status")["today"]["printed"] == 4
    });

    // Looked for.
    let waybill = one["label"]["waybill"].as_str().unwrap();
    let found = desk.get(&format!("/api/v1/labels?search={}", &waybill[..waybill.len() - 1]));
    assert!(!found["labels"].as_array().unwrap().is_empty());
    let first = desk.get("/api/v1/labels?limit=2");
    let next = first["next"].as_str().unwrap();
    let second = desk.get(&format!("/api/v1/labels?limit=2&after={next}"));
    assert_eq!(second["labels"].as_array().unwrap().len(), 2);
    assert_ne!(first["labels"][1], second["labels"][0]);
    assert!(desk.get("/api/v1/labels?printer=file")["labels"].as_array().unwrap().is_empty());
    let bad = desk.agent.api(&desk.station, "GET", "/api/v1/labels?state=maybe", None);
    assert_eq!((bad.0, &bad.1["code"]), (422, &json!("BAD_REQUEST")));

    let templates = desk.get("/api/v1/templates");
    assert_eq!(templates["templates"].as_array().unwrap().len(), 2, "{templates}");
    assert_eq!(templates["templates"][0]["width_mm"], 76.0, "{templates}");
    let (status, _, png) =
        desk.agent.ask_api("GET", "/api/v1/templates/yto-76x130/picture.png", None, &bearer);
    assert!(status == 200 && png.starts_with(b"\x89PNG"));
    if let Some(folder) = std::env::var_os("KEEP_PICTURES") {
        std::fs::write(std::path::Path::new(&folder).join("template.png"), &png).unwrap();
    }
    let (status, _, metrics) = desk.agent.ask_api("GET", "/metrics", None, "");
    let metrics = String::from_utf8(metrics).unwrap();
    assert!(status == 200 && metrics.contains("miandan_labels_total{result=\"printed\"} 4"), "{metrics}");
    assert_eq!(desk.agent.ask_api("GET", "/healthz", None, "").0, 200);
    assert!(desk.station.run(&["journal", "verify", "--journal", "agent/journal.db"]).status.success());
}

#[test]
fn a_jam_is_put_right() {
    let desk = Desk::new(4, "tspl,print@40,reset@40000".parse().unwrap());
    let orders: Vec<_> = desk.orders.iter().map(|text| order(text)).collect();
    let (status, taken) = desk.post("/api/v1/print", &json!({"orders": orders}));
    assert_eq!(status, 200, "{taken}");
    let state = || desk.get("/api/v1/printers/desk");
    wait_for("it is held", Duration::from_secs(10), || state()["state"] == "unknown");
    let printer = state();
    let unknown = printer["label"].as_str().unwrap().to_owned();
    let position: u32 = unknown.rsplit('-').next().unwrap().parse().unwrap();

    // A person says what came out: the label before it was the last good one.
    let last = format!("{:03}", position - 1);
    let path = "/api/v1/printers/desk/resume";
    if position > 1 {
        let (status, looked) = desk.post(path, &json!({"last": last, "reason": "jam", "look": true}));
        assert_eq!((status, &looked["reprinted"]), (200, &json!([unknown])), "{looked}");
        assert_eq!(state()["state"], "unknown", "nothing was done");
        let (status, done) = desk.post(path, &json!({"last": last, "reason": "jam"}));
        assert_eq!((status, &done["reprinted"]), (200, &json!([unknown])), "{done}");
    } else {
        let settle = format!("/api/v1/labels/{unknown}/settle");
        let asked = json!({"printed": false, "reason": "jam"});
        assert_eq!(desk.post(&settle, &asked).0, 200);
        assert_eq!(desk.post(&settle, &asked).1["code"], "NOT_UNKNOWN", "somebody else, later");
        assert_eq!(desk.post(&format!("/api/v1/labels/{unknown}/reprint"), &json!({"reason": "jam"})).0, 200);
        assert_eq!(desk.post("/api/v1/printers/desk/release", &json!({})).0, 200);
    }
    wait_for("the rest is printed", Duration::from_secs(15), || {
        let labels = desk.get("/api/v1/labels");
        let all = labels["labels"].as_array().unwrap();
        all.iter().filter(|label| matches!(label["state"].as_str(), Some("sent" | "confirmed"))).count() >= 4
    });
    assert!(desk.station.run(&["journal", "verify", "--journal", "agent/journal.db"]).status.success());
    let nobody =
        desk.post("/api/v1/printers/nobody/resume", &json!({"last": "261130-001-001", "reason": "x"}));
    assert_eq!(nobody.0, 404);
    assert_eq!(
        desk.post("/api/v1/labels/261130-009-001/settle", &json!({"printed": true, "reason": "x"})).0,
        404
    );
}

#[test]
fn a_browser_has_a_session_and_other_pages_have_nothing() {
    let desk = Desk::new(1, well());
    let ask = |method: &str, path: &str, body: Option<&Value>, headers: &str| {
        let (status, head, _) = desk.agent.ask_api(method, path, body, headers);
        (status, head)
    };
    assert_eq!(ask("GET", "/api/v1/status", None, "").0, 401);
    let code = json!({"code": desk.code()});
    assert_eq!(ask("POST", "/api/v1/session", Some(&code), "").0, 403, "no page without the header");
    let ours = "X-Miandan: 1\r\n";
    assert_eq!(ask("POST", "/api/v1/session", Some(&json!({"code": "00000000"})), ours).0, 401);
    let (status, head) = ask("POST", "/api/v1/session", Some(&code), ours);
    assert_eq!(status, 204, "{head}");
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let cookie = format!("Cookie: {}\r\n", cookie.split(';').next().unwrap());
    assert_eq!(ask("GET", "/api/v1/status", None, &cookie).0, 200);
    assert_eq!(ask("POST", "/api/v1/session", Some(&code), ours).0, 401, "a code is good once");

    let release = |headers: &str| ask("POST", "/api/v1/printers/desk/release", None, headers).0;
    assert_eq!(release(&format!("{cookie}{ours}")), 200);
    assert_eq!(release(&cookie), 403, "a form of another page");
    let port = desk.agent.ports.admin;
    assert_eq!(release(&format!("{cookie}{ours}Origin: http://127.0.0.1:{port}\r\n")), 200);
    assert_eq!(release(&format!("{cookie}{ours}Origin: http://localhost:8080\r\n")), 403);
    assert_eq!(release(&format!("{cookie}{ours}Sec-Fetch-Site: same-site\r\n")), 403);
    assert_eq!(
        ask("POST", "/api/v1/codes", None, &format!("{cookie}{ours}")).0,
        403,
        "a code wants the token"
    );

    // What consoles are told.
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(stream, "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{cookie}\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let first = lines.find(|line| line.starts_with("data: ")).unwrap();
    let status: Value = serde_json::from_str(&first[6..]).unwrap();
    assert_eq!(status["today"]["printed"], 0);
    desk.agent.client().print(&task("t1", "D1", &desk.orders[0]));
    let printed = lines.find(|line| line.starts_with("data: ") && line.contains("\"printed\":1")).unwrap();
    assert!(printed.contains("\"waiting\":0"), "{printed}");
    let label = lines.find(|line| line.starts_with("data: ") && line.contains("\"waybill\"")).unwrap();
    assert!(
        label.contains("\"confirmed\"") || label.contains("\"sent\"") || label.contains("\"sending\""),
        "{label}"
    );

    assert_eq!(ask("DELETE", "/api/v1/session", None, &format!("{cookie}{ours}")).0, 204);
    assert_eq!(ask("GET", "/api/v1/status", None, &cookie).0, 401);

    // The page itself, and garbage.
    let (status, head) = ask("GET", "/", None, "");
    assert!(status == 200 && head.contains("content-security-policy: default-src 'none'"), "{head}");
    for path in ["/nothing", "/../agent.toml", "/api/v1/nothing", "/%00"] {
        let status = ask("GET", path, None, &cookie).0;
        assert!(matches!(status, 400 | 401 | 404), "{path}: {status}");
    }
    let token = String::from_utf8(desk.station.read("agent/admin.token")).unwrap();
    let bearer = format!("Authorization: Bearer {}\r\n", token.trim());
    for path in ["/api/v1/print", "/api/v1/labels/261130-001-001/reprint", "/api/v1/origins/allow"] {
        for body in [json!(null), json!([]), json!({}), json!({"orders": 5, "reason": 5, "origin": 5})] {
            let (status, head, body) = desk.agent.ask_api("POST", path, Some(&body), &bearer);
            assert!(matches!(status, 400 | 404 | 422), "{path}: {head}");
            assert!(String::from_utf8_lossy(&body).contains("\"code\""), "{path}");
        }
    }
}
