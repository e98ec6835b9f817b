//! What comes in clear, through a service and its locked component: senders, areas and waybills that were never sealed. Hidden
//! parts are planted in all of them and looked for in every answer.

use miandan_core::Code;
use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, LabelNumber, Purpose, Resolution};
use miandan_core::pipe::{
    Answer, Failure, LabelAnswer, LabelArea, LabelContent, LabelPart, RenderLabel, Request, TemplateKind,
};
use miandan_core::stamp::Stamp;
use miandan_render::frame::Item;
use miandan_render::wire;
use miandan_testing::Needles;
use serde_json::{Value, json};

use crate::common::Station;
use crate::common::journals::now;
use crate::common::planted::{OTHER, PLANTED};
use crate::common::service::{Host, Service};

const AREA: &str = "<layout id='CUSTOM_AREA' left='4' top='90' width='68' height='34' style='backgroundColor:#ffffff'>\
    <text style='fontSize:6'><% for (var key in _data) { %><%=key%>=<%=_data[key]%>;<% } %></text></layout>";

/// What clients send, with the parts of an order that nobody may see.
struct Sent {
    sender: String,
    plain: String,
    data: String,
}

impl Sent {
    fn of(order: &Value) -> Self {
        let party = |side: &str| {
            let Value::Object(party) = &order[side] else { panic!("{order}") };
            let of = |name: &str| party.get(name).cloned().unwrap_or_default();
            let address: Value = ["province", "city", "district", "town", "detail"]
                .map(|name| (name.to_owned(), of(name)))
                .into_iter()
                .collect();
            json!({"name": of("name"), "mobile": of("mobile"), "phone": of("phone"), "address": address})
        };
        let (recipient, sender) = (party("recipient"), party("sender"));
        Sent {
            plain: json!({"waybillCode": order["waybill_no"], "cpCode": "YTO", "recipient": recipient, "sender": sender,
                "memo": recipient["mobile"], "buyer": order["buyer"]}).to_string(),
            data: json!({"recipient": recipient, "memo": format!("打{}", recipient["mobile"].as_str().unwrap()), "more": [recipient["phone"], sender["mobile"]]})
                .to_string(),
            sender: json!({"sender": sender}).to_string(),
        }
    }

    fn labels<'l>(&'l self, sealed: &'l [u8]) -> Vec<RenderLabel<'l>> {
        let stamp = Stamp::first(LabelNumber { index: 1, count: 1 }, 0);
        let areas = vec![LabelArea { template: 1, data: self.data.as_bytes() }];
        let of_order =
            RenderLabel { sender: Some(self.sender.as_bytes()), areas, ..RenderLabel::sealed(stamp, sealed) };
        let plain = RenderLabel { content: LabelContent::Plain(self.plain.as_bytes()), ..of_order.clone() };
        vec![RenderLabel { sender: None, ..plain.clone() }, plain, of_order]
    }
}

fn render<T>(
    host: &mut Host,
    format: Format,
    labels: Vec<RenderLabel<'_>>,
    take: impl FnOnce(Vec<LabelAnswer<'_>>) -> T,
) -> T {
    let (resolution, purpose, missing) = (Resolution::Dpi203, Purpose::Print, MissingGlyph::Refuse);
    let request = Request::Render { template: 0, format, resolution, purpose, missing, now: now(), labels };
    host.ask(&request, |answer| match answer {
        Answer::Labels { labels, .. } => take(labels),
        other => panic!("{other:?}"),
    })
    .unwrap()
}

fn pages(answers: Vec<LabelAnswer<'_>>) -> Vec<Vec<u8>> {
    let page = |answer| match answer {
        LabelAnswer::Done { label, .. } => label.iter().collect::<Vec<_>>().concat(),
        LabelAnswer::Failed(failure) => panic!("{failure:?}"),
    };
    answers.into_iter().map(page).collect()
}

fn text(page: &[u8]) -> String {
    let frame = wire::decode(page).unwrap();
    let characters = |item: &Item| match item {
        Item::Text(text) => {
            let face = frame.faces.get(text.face).unwrap();
            text.cids(&frame).iter().filter_map(|&cid| face.character(cid)).collect()
        }
        _ => String::new(),
    };
    frame.items.iter().map(characters).collect()
}

fn connect(service: &Service) -> Host {
    let mut host = service.connect();
    host.template();
    let area = Request::Template { kind: TemplateKind::Free, source: AREA.as_bytes() };
    assert_eq!(host.ask(&area, |answer| matches!(answer, Answer::Template(_))), Ok(true));
    host
}

#[test]
fn hidden_parts_of_what_comes_in_clear_are_in_no_answer_and_have_no_influence() {
    let station = Station::new();
    // One order for both, so that only what is in clear differs.
    station.seal(&PLANTED.orders(1), &[]);
    let sealed = station.read("orders.sealed.jsonl");
    let sealed = sealed.trim_ascii_end();
    let [planted, other] = [PLANTED, OTHER].map(|hidden| Sent::of(&hidden.orders(1)[0]));
    let needles = Needles::new(&PLANTED.parts());
    assert!(needles.found(planted.plain.as_bytes()).len() > 5, "the control: what is searched for was sent");
    let service = Service::start(&station, &[]);
    let mut host = connect(&service);
    for format in [Format::Pdf, Format::Png, Format::Frame] {
        let [first, second] =
            [&planted, &other].map(|sent| render(&mut host, format, sent.labels(sealed), pages));
        assert!(first == second, "{format:?} differs");
        for page in &first {
            assert_eq!(needles.found(page), [""; 0]);
            if format == Format::Frame {
                let text = text(page);
                assert_eq!(needles.found(text.as_bytes()), [""; 0], "{text}");
                assert!(text.contains("memo=打***********;"), "{text}");
                assert!(text.contains("司****"), "{text}");
            }
        }
    }
}

#[test]
fn what_is_broken_is_blamed_and_the_host_goes_on() {
    let station = Station::new();
    station.seal(&PLANTED.orders(1), &[]);
    let sealed = station.read("orders.sealed.jsonl");
    let sent = Sent::of(&PLANTED.orders(1)[0]);
    let mut labels = sent.labels(sealed.trim_ascii_end());
    let broken = format!("{{\"sender\":{}", sent.plain);
    labels[0].content = LabelContent::Plain(broken.as_bytes());
    labels[1].sender = Some(&broken.as_bytes()[..100]);
    labels[2].areas.push(LabelArea { template: 1, data: broken.as_bytes() });
    labels.push(RenderLabel {
        areas: vec![LabelArea { template: 0, data: b"{}" }],
        ..sent.labels(sealed.trim_ascii_end()).remove(2)
    });
    let service = Service::start(&station, &[]);
    let mut host = connect(&service);
    let failures = render(&mut host, Format::Pdf, labels, |answers| {
        let failure = |answer: LabelAnswer<'_>| match answer {
            LabelAnswer::Failed(failure) => failure,
            LabelAnswer::Done { .. } => panic!("a label of something broken"),
        };
        answers.into_iter().map(failure).collect::<Vec<_>>()
    });
    let of = |code: Code, part| Failure::from(code).of_part(part);
    let expected = [
        Code::Malformed.into(),
        of(Code::Malformed, LabelPart::Sender),
        of(Code::Malformed, LabelPart::Area(1)),
        of(Code::TemplateRefused, LabelPart::Area(0)),
    ];
    assert_eq!(failures, expected);
    assert_eq!(
        render(&mut host, Format::Pdf, sent.labels(sealed.trim_ascii_end()), |answers| pages(answers).len()),
        3
    );
}
