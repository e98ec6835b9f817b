//! What a document may be made of: areas over a label, another sender, data in clear; and TLS.
#![cfg(target_os = "linux")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::{Value, json};

use common::agent::{Agent, Client, Ports, configuration, print, run, sealed};
use common::{Station, list, orders, said};

/// A custom area that lists goods, and a label of its own that shows no person.
const GOODS: &str = r#"<layout xmlns="http://cloudprint.cainiao.com/print" id="CUSTOM_AREA" left="2" top="97" width="50" height="10">
  <% for (var i = 0; i < _data.items.length; i++) { %>
  <text left="0" top="<%= i * 5 %>" width="50" height="5" style="fontSize:8"><%= _data.items[i].name %> x <%= _data.items[i].count %></text>
  <% } %>
</layout>"#;
const TAG: &str = r#"<page width="50" height="30">
  <text left="2" top="2" width="46" height="8"><%= _data.title %></text>
  <layout left="2" top="12" width="46" height="14"><barcode type="code128"><%= _data.sku %></barcode></layout>
</page>"#;
const WHOLE: &str = r#"<page width="76" height="60">
  <text left="2" top="2" width="70" height="8"><%= _data.recipient.name %> <%= _data.recipient.mobile %></text>
  <text left="2" top="12" width="70" height="20"><%= _data.recipient.address.detail %></text>
  <layout left="2" top="36" width="70" height="20"><barcode type="code128"><%= _data.waybillCode %></barcode></layout>
</page>"#;

const TEMPLATES: &str = r#"
[templates]
"cloudprint.example/template/standard" = "one-part-76x130"
"cloudprint.example/template/customArea/7" = "goods.xml"
"https://erp.example/tag.xml" = "tag.xml"
"https://erp.example/whole.xml" = "whole.xml"
"#;

/// A station with a folder in the place of a printer.
struct Desk {
    agent: Agent,
    orders: Vec<String>,
    station: Station,
}

impl Desk {
    fn new(count: usize, first: &str) -> Self {
        let station = Station::new();
        station.seal(&orders(count, 11), &[]);
        let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
        for (name, template) in [("goods.xml", GOODS), ("tag.xml", TAG), ("whole.xml", WHOLE)] {
            station.write(name, template.as_bytes());
        }
        std::fs::create_dir(station.path("labels")).unwrap();
        let ports = Ports::free();
        let text = configuration(ports, first, &[("desk", "file:labels/", "tsc")], TEMPLATES);
        let agent = Agent::start(&station, ports, &text);
        Desk { agent, orders: sealed.lines().map(str::to_owned).collect(), station }
    }

    fn labels(&self) -> Vec<String> {
        list(&self.station.path("labels"))
    }
}

fn result(client: &mut Client, id: &str, document: &Value) -> Result<(), String> {
    let task = json!({"taskID": id, "preview": false, "documents": [document]});
    let said = client.print(&task);
    let one = &said["printStatus"][0];
    if one["status"] == "success" { Ok(()) } else { Err(one["msg"].as_str().unwrap().to_owned()) }
}

fn with_area(document: &str, order: &str, template: &str, data: &Value) -> Value {
    let mut document = sealed(document, order);
    let area = json!({ "data": data, "templateURL": template });
    document["contents"].as_array_mut().unwrap().push(area);
    document
}

#[test]
fn an_area_is_drawn_over_the_label() {
    let desk = Desk::new(3, "");
    let mut client = desk.agent.client();
    let goods = json!({"items": [{"name": "青花瓷碗", "count": 2}, {"name": "电话12000001234", "count": 1}]});
    let url = "http://cloudprint.example/template/customArea/7";
    assert_eq!(result(&mut client, "t1", &sealed("D1", &desk.orders[0])), Ok(()));
    assert_eq!(result(&mut client, "t2", &with_area("D2", &desk.orders[1], url, &goods)), Ok(()));
    let [plain, with] = [0, 1].map(|place| desk.station.read(&format!("labels/{}", desk.labels()[place])));
    assert_ne!(plain.len(), 0);
    assert_ne!(plain, with);

    // Preview the third, with its area, and read the picture: the goods are there, a phone in their text is not.
    let document = with_area("D3", &desk.orders[2], url, &goods);
    let task = json!({"taskID": "p", "preview": true, "previewType": "image", "documents": [document]});
    client.send(&print(&task));
    let ready = loop {
        let message = client.answer();
        if message.get("responses").is_some() {
            break message;
        }
    };
    let url = ready["responses"][0]["urls"][0].as_str().unwrap().to_owned();
    let port = desk.agent.ports.previews;
    let path = url.strip_prefix(&format!("http://localhost:{port}")).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let png = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    if let Some(folder) = std::env::var_os("KEEP_PICTURES") {
        std::fs::write(std::path::Path::new(&folder).join("preview-with-area.png"), &answer[png..]).unwrap();
    }
    let page = miandan_picture::Document::open(answer[png..].to_vec()).unwrap().page(0).unwrap();
    assert!(page.width() > 500, "it is a label");

    // An area that nobody knows, or that does not fit.
    let unknown = with_area("D3", &desk.orders[2], "http://evil.example/x", &goods);
    let said = result(&mut client, "t3", &unknown).unwrap_err();
    assert!(said.contains("no template of this address"), "{said}");
    let broken = with_area(
        "D3",
        &desk.orders[2],
        "http://cloudprint.example/template/customArea/7",
        &json!({"items": 5}),
    );
    let said = result(&mut client, "t4", &broken);
    assert!(said.is_ok() || said.unwrap_err().contains("template"), "no worse than a refusal");
}

#[test]
fn a_sender_of_the_client_is_printed_masked_and_changes_nothing_else() {
    let desk = Desk::new(2, "");
    let mut client = desk.agent.client();
    let mut document = sealed("D1", &desk.orders[0]);
    let address =
        json!({"province": "浙江省", "city": "杭州市", "district": "西湖区", "detail": "文三路1号2幢301室"});
    document["contents"][0]["addData"] =
        json!({"sender": {"name": "赵钱孙", "mobile": "12000004321", "address": address}});
    assert_eq!(result(&mut client, "t1", &document), Ok(()));
    let mut odd = sealed("D2", &desk.orders[1]);
    odd["contents"][0]["addData"] = json!({"sender": ["赵钱孙"]});
    let said = result(&mut client, "t2", &odd).unwrap_err();
    assert!(!said.contains('赵'), "{said}");
    for text in ["赵钱孙", "12000004321", "301"] {
        assert!(!desk.agent.log().contains(text));
        let stored = std::fs::read_dir(desk.station.path("agent")).unwrap();
        for file in stored.flatten() {
            let bytes = std::fs::read(file.path()).unwrap_or_default();
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{:?}", file.path());
        }
    }
}

#[test]
fn data_in_clear_is_printed_where_it_shows_nobody() {
    let desk = Desk::new(1, "");
    let mut client = desk.agent.client();
    let tag = |id: &str, sku: &str| {
        let data = json!({"title": "青花瓷碗", "sku": sku});
        json!({"documentID": id, "contents": [{"data": data, "templateURL": "https://erp.example/tag.xml?v=2"}]})
    };
    assert_eq!(result(&mut client, "t1", &tag("D1", "QH-001")), Ok(()));
    assert_eq!(result(&mut client, "t2", &tag("D1", "QH-002")), Ok(()));
    // Told again, not printed again.
    assert_eq!(result(&mut client, "t1", &tag("D1", "QH-001")), Ok(()));
    assert_eq!(desk.labels().len(), 2);
    let data = json!({"waybillCode": "X", "title": "x"});
    let whole = json!({"documentID": "D", "contents": [{"data": data, "templateURL": "https://erp.example/whole.xml"}]});
    let said = result(&mut client, "t3", &whole).unwrap_err();
    assert!(said.contains("personal data in clear"), "{said}");
    let data = json!({"recipient": {"name": "王小明"}});
    let whole = json!({"documentID": "D", "contents": [{"data": data, "templateURL": "https://erp.example/tag.xml"}]});
    let said = result(&mut client, "t4", &whole).unwrap_err();
    assert!(said.contains("personal data in clear"), "{said}");
}

#[test]
fn waybills_in_clear_are_printed_masked_where_the_owner_says_so() {
    let desk = Desk::new(1, "plain = \"waybills\"");
    let mut client = desk.agent.client();
    let waybill = |number: &str| {
        let address = json!({"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "科技路8号3栋502室"});
        let recipient = json!({"name": "欧阳明月", "mobile": "12000001234", "address": address});
        let data = json!({"cpCode": "YTO", "waybillCode": number, "recipient": recipient});
        json!({"documentID": number, "contents": [{"data": data, "templateURL": "https://erp.example/whole.xml"}]})
    };
    assert_eq!(result(&mut client, "t1", &waybill("YT7000000000001")), Ok(()));
    let said = result(&mut client, "t2", &waybill("YT7000000000001")).unwrap_err();
    assert!(said.contains("printed already"), "another task with the same waybill: {said}");
    assert_eq!(desk.labels().len(), 1);
    let journal = desk.station.read("agent/journal.db");
    let contains = |text: &str| journal.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!contains("欧阳") && !contains("12000001234") && !contains("科技路"));
}

#[test]
fn a_station_has_more_templates_than_a_component_and_one_that_is_broken() {
    let station = Station::new();
    let mut templates = "[templates]\n\"t.example/broken\" = \"broken.xml\"\n".to_owned();
    station.write("broken.xml", b"<page width=");
    for number in 0..70 {
        station.write(
            &format!("{number}.xml"),
            TAG.replace("_data.title", &format!("_data.t{number}")).as_bytes(),
        );
        templates += &format!("\"t.example/{number}\" = \"{number}.xml\"\n");
    }
    std::fs::create_dir(station.path("labels")).unwrap();
    let ports = Ports::free();
    let text = configuration(ports, "components = 1", &[("desk", "file:labels/", "tsc")], &templates);
    let agent = Agent::start(&station, ports, &text);
    let mut client = agent.client();
    let print = |client: &mut Client, name: &str| {
        let data = json!({format!("t{name}"): "青花瓷碗", "sku": name});
        let template = format!("https://t.example/{name}");
        let document = json!({"documentID": name, "contents": [{"data": data, "templateURL": template}]});
        result(client, name, &document)
    };
    for number in 0..70 {
        assert_eq!(print(&mut client, &number.to_string()), Ok(()), "{number}");
    }
    let said = print(&mut client, "broken").unwrap_err();
    assert!(said.contains("template"), "{said}");
    assert_eq!(list(&station.path("labels")).len(), 70);
}

#[test]
fn pages_of_the_secure_web_talk_over_tls() {
    let station = Station::new();
    station.seal(&orders(1, 3), &[]);
    let ports = Ports::free();
    let printers = [("desk", "file:labels.tspl", "tsc")];
    let both = format!("[dialects.cainiao]\nws = {}\nwss = {}\n", ports.ws, ports.wss);
    let without = configuration(ports, "default_template = \"one-part-76x130\"", &printers, "");
    station.write("agent.toml", without.as_bytes());
    let made = run(&station, &["cert"]);
    assert!(made.status.success(), "{}", said(&made));
    let text = configuration(ports, "default_template = \"one-part-76x130\"", &printers, &both);
    let agent = Agent::start(&station, ports, &text);

    let mut trusted = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(station.path("agent/localhost-authority.crt")).unwrap() {
        trusted.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let config = Arc::new(config);
    for name in ["localhost", "127.0.0.1"] {
        let server = ServerName::try_from(name).unwrap();
        let session = rustls::ClientConnection::new(Arc::clone(&config), server).unwrap();
        let stream = TcpStream::connect(("127.0.0.1", ports.wss)).unwrap();
        let stream = rustls::StreamOwned::new(session, stream);
        let url = format!("wss://{name}:{}/", ports.wss);
        let (mut socket, _) = tungstenite::client(url, stream).unwrap();
        socket.send(tungstenite::Message::text(r#"{"cmd":"getAgentInfo","requestID":"r"}"#)).unwrap();
        let answer = socket.read().unwrap().into_text().unwrap();
        assert!(answer.contains("\"status\":\"success\""), "{answer}");
    }
    let server = ServerName::try_from("other.example").unwrap();
    let mut session = rustls::ClientConnection::new(config, server).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", ports.wss)).unwrap();
    assert!(session.complete_io(&mut stream).is_err(), "the certificate is for this machine alone");
    // In clear on that port, and the other way round: nothing happens.
    assert!(!agent.http(ports.wss, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").contains("101"));
}

#[test]
fn a_component_that_is_a_service_makes_the_labels() {
    let station = Station::new();
    station.seal(&orders(3, 5), &[]);
    let sealed_orders = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
    let service = common::service::Service::start(&station, &[]);
    let ports = Ports::free();
    let text = format!(
        "folder = \"agent\"\ncomponent = \"{}\"\ndefault_template = \"one-part-76x130\"\n\
         [printers.desk]\nuri = \"file:labels.tspl\"\nprofile = \"tsc\"\n\
         [dialects.cainiao]\nws = {}\n[previews]\nport = {}\n[admin]\nport = {}\n",
        service.place(),
        ports.ws,
        ports.previews,
        ports.admin
    );
    let agent = Agent::start(&station, ports, &text);
    assert!(agent.log().contains("component.ready mode=service"), "{}", agent.log());
    let mut client = agent.client();
    for (place, order) in sealed_orders.lines().enumerate() {
        assert_eq!(result(&mut client, &format!("t{place}"), &sealed(&format!("D{place}"), order)), Ok(()));
    }
    let (status, said) = agent.api(&station, "GET", "/api/v1/status", None);
    assert_eq!((status, &said["today"]["printed"]), (200, &json!(3)));
    station.write(
        "agent.toml",
        text.replace("default_template", "key = \"station.key\"\ndefault_template").as_bytes(),
    );
    let refused = run(&station, &["--check-config"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(common::said(&refused).contains("key is the service's to say"));
}
