//! Data in clear: senders beside orders, and waybills that were never sealed.

use super::*;

/// Everything that a waybill can show of its parties, the memo and the goods.
pub(super) const ALL: &str = "<page width='100' height='150'><layout id='REPRINT_MARK' left='80' top='140' width='15' height='7'/>\
    <text left='2' top='2' width='96' height='136' style='fontSize:6'><![CDATA[\
    R:<%=_data.recipient.name%>|<%=_data.recipient.org%>|<%=_data.recipient.mobile%>|<%=_data.recipient.phone%>|\
    <%=_data.recipient.virtual%>|<%=_data.recipient.address.province%>|<%=_data.recipient.address.city%>|\
    <%=_data.recipient.address.district%>|<%=_data.recipient.address.town%>|<%=_data.recipient.address.detail%>|\
    S:<%=_data.sender.name%>|<%=_data.sender.org%>|<%=_data.sender.mobile%>|<%=_data.sender.phone%>|\
    <%=_data.sender.virtual%>|<%=_data.sender.address.province%>|<%=_data.sender.address.city%>|\
    <%=_data.sender.address.district%>|<%=_data.sender.address.town%>|<%=_data.sender.address.detail%>|\
    M:<%=_data.memo%>|<%=_data.waybillCode%>|<%=_data.courierToken%>|<%=_context.documentNumber()%>]]></text></page>";

pub(super) const SENDER: &str = r#"{"sender":{"name":"司马丁","mobile":"17000006620","phone":"020-1234567",
    "address":{"province":"福建省","city":"厦门市","district":"思明区","detail":"体育路9999号3栋1204室"}}}"#;

pub(super) const PLAIN: &str = r#"{"waybillCode":"YT7000000000012","cpCode":"YTO",
    "recipient":{"name":"欧阳明月","mobile":"17000004771","virtual":"17000004772","address":{"province":"浙江省","city":"杭州市",
    "detail":"文三路9999号17号楼2单元1603室"}},
    "sender":{"name":"谭明","mobile":"17000005510","address":{"city":"广州市","detail":"体育西路9999号"}},
    "memo":"请打17000004773"}"#;

pub(super) fn stamp() -> Stamp {
    Stamp::first(LabelNumber { index: 12, count: 200 }, NOW)
}

pub(super) fn plain(data: &str) -> RenderLabel<'_> {
    RenderLabel { content: LabelContent::Plain(data.as_bytes()), ..RenderLabel::sealed(stamp(), b"") }
}

pub(super) fn sealed<'l>(order: &'l str, sender: Option<&'l str>) -> RenderLabel<'l> {
    RenderLabel { sender: sender.map(str::as_bytes), ..RenderLabel::sealed(stamp(), order.as_bytes()) }
}

impl Bench {
    /// One label of the first template, with what is said of it.
    pub(super) fn asked(&mut self, format: Format, purpose: Purpose, label: RenderLabel<'_>) -> Asked {
        let request = Request::Render {
            template: 0,
            format,
            resolution: Resolution::Dpi203,
            purpose,
            missing: MissingGlyph::Refuse,
            now: NOW,
            labels: vec![label],
        };
        let mut frame = Vec::new();
        self.server.answer(&request, &mut frame);
        let Ok(Answer::Labels { labels, limits, .. }) = Answer::decode(frame[4], &frame[5..]) else {
            panic!("no labels")
        };
        let warnings = match &labels[0] {
            LabelAnswer::Done { warnings, .. } => warnings.iter().collect(),
            LabelAnswer::Failed(_) => Vec::new(),
        };
        let label = labels.into_iter().map(taken).next().unwrap();
        Asked { label, warnings, limits: limits.len(), frame }
    }

    /// The texts of a label.
    pub(super) fn text(&mut self, purpose: Purpose, label: RenderLabel<'_>) -> String {
        texts(&self.asked(Format::Frame, purpose, label).label.unwrap())
    }
}

pub(super) struct Asked {
    pub(super) label: Label,
    pub(super) warnings: Vec<(FieldId, miandan_core::masking::Warning)>,
    limits: usize,
    /// The whole answer.
    pub(super) frame: Vec<u8>,
}

/// The characters of all texts of a page, as they are drawn.
pub(super) fn texts(page: &[u8]) -> String {
    let frame = wire::decode(page).unwrap();
    let run = |text: &miandan_render::frame::Text| -> String {
        let face = frame.faces.get(text.face).unwrap();
        text.cids(&frame).iter().filter_map(|&cid| face.character(cid)).collect()
    };
    frame
        .items
        .iter()
        .filter_map(|item| match item {
            miandan_render::frame::Item::Text(text) => Some(run(text)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_sender_beside_an_order_stands_for_its_own_and_touches_nothing_else() {
    let mut bench = Bench::new();
    bench.template(ALL);
    let order = bench.seal(&[FULL]).remove(0);
    let own = bench.text(Purpose::Print, sealed(&order, None));
    let other = bench.text(Purpose::Print, sealed(&order, Some(SENDER)));
    let (recipient, sender) = own.split_once("S:").unwrap();
    let (other_recipient, other_sender) = other.split_once("S:").unwrap();
    assert_eq!(recipient, other_recipient);
    assert_eq!(sender.split_once("M:").unwrap().1, other_sender.split_once("M:").unwrap().1);
    assert!(sender.starts_with("谭*||*******5510|||"), "{sender}");
    let expected = "司**||*******6620|020-******7||福建省|厦门市|思明区||体育路9999号3栋****室|M:";
    assert!(other_sender.starts_with(expected), "{other_sender}");
}

#[test]
fn no_sender_is_opened_where_one_is_sent() {
    let mut bench = Bench::new();
    let order = bench.seal(&[FULL]).remove(0);
    let template = Template::compile(ALL.as_bytes()).unwrap();
    let mut opened = |beside| -> Vec<FieldId> {
        let station = &mut bench.server.station;
        let order = station.open(order.as_bytes(), NOW, &template, beside, Purpose::Print).ok().unwrap();
        FieldId::ALL.iter().copied().filter(|&id| order.expose(id).is_some()).collect()
    };
    let [all, without] = [FieldSet::EMPTY, Sender::fields()].map(&mut opened);
    assert!(all.contains(&FieldId::SenderName));
    let expected: Vec<_> = all.iter().copied().filter(|&id| !Sender::fields().contains(id)).collect();
    assert_eq!(without, expected);
    assert!(without.contains(&FieldId::RecipientDetail));
}

#[test]
fn a_sender_is_masked_as_the_issuer_says_and_hides_its_door_from_who_only_looks() {
    let mut bench = Bench::new();
    bench.template(ALL);
    let order = bench.seal(&[FULL]).remove(0);
    let text = bench.text(Purpose::Preview, sealed(&order, Some(SENDER)));
    assert!(text.contains("思明区||") && !text.contains("体育路") && !text.contains("9999"), "{text}");
    let strict = r#"{"sender":{"name":"司马丁","address":"福建省厦门市思明区体育路9999号3栋1204室"}}"#;
    let text = bench.text(Purpose::Print, sealed(&order, Some(strict)));
    assert!(text.contains("S:司**|||||||||福建省厦门市思明区体育路9999号3栋****室|"), "{text}");
}

#[test]
fn a_sender_that_is_none_is_refused_and_blamed() {
    let mut bench = Bench::new();
    bench.template(ALL);
    let order = bench.seal(&[FULL]).remove(0);
    for sender in ["", "{}", "[]", r#"{"sender":{"name":"a","name":"b"}}"#, "谭明17000006620"] {
        let Asked { label, limits, frame, .. } =
            bench.asked(Format::Pdf, Purpose::Print, sealed(&order, Some(sender)));
        let expected = Failure::from(Code::Malformed).of_part(LabelPart::Sender);
        assert_eq!((label, limits), (Err(expected), 0));
        assert!(!String::from_utf8_lossy(&frame).contains("谭明"));
    }
    // Too much of it is told apart.
    let deep = format!(r#"{{"sender":{{"x":{}1{}}}}}"#, "[".repeat(40), "]".repeat(40));
    let expected = Failure::from(Code::Limit).of_part(LabelPart::Sender);
    assert_eq!(bench.asked(Format::Pdf, Purpose::Print, sealed(&order, Some(&deep))).label, Err(expected));
    // An order that cannot be opened is to blame itself.
    let broken = bench.asked(Format::Pdf, Purpose::Print, sealed("{}", Some(SENDER))).label;
    assert_eq!(broken, Err(Code::Malformed.into()));
}

#[test]
fn a_plain_waybill_is_masked_and_needs_no_key() {
    let mut bench = Bench::new();
    bench.server = server(Station::parse(Material::default()).ok().unwrap());
    bench.template(ALL);
    let text = bench.text(Purpose::Print, plain(PLAIN));
    let expected = "R:欧***||*******4771||*******4772|浙江省|杭州市|||文三路9999号17号楼*单元****室|S:谭*||*******5510||||\
        广州市|||体育西路9999号|M:请打***********|YT7000000000012||12";
    assert_eq!(text, expected);
    let text = bench.text(Purpose::Preview, plain(PLAIN));
    assert!(!text.contains("文三路") && text.contains("杭州市"), "{text}");
    let beside = RenderLabel { sender: Some(SENDER.as_bytes()), ..plain(PLAIN) };
    let text = bench.text(Purpose::Print, beside);
    assert!(text.contains("S:司**||*******6620|") && text.contains("R:欧***|"), "{text}");
}

#[test]
fn a_plain_waybill_has_no_token_and_no_limit() {
    let mut bench = Bench::with(|_, material| material.courier_token = true);
    bench.template("<page width='76' height='60'><text><%=_data.courierToken || '-'%></text></page>");
    let order = bench.seal(&[FULL]).remove(0);
    assert!(bench.text(Purpose::Print, sealed(&order, None)).starts_with("W1:"));
    assert!(bench.text(Purpose::Print, sealed(&order, Some(SENDER))).starts_with("W1:"));
    let asked = bench.asked(Format::Frame, Purpose::Print, plain(PLAIN));
    assert_eq!((texts(&asked.label.unwrap()), asked.limits), ("-".to_owned(), 0));
}

#[test]
fn a_plain_waybill_that_is_none_is_refused() {
    let mut bench = Bench::new();
    bench.template(ALL);
    let mut refused = |data: &str| bench.asked(Format::Pdf, Purpose::Print, plain(data)).label.unwrap_err();
    for data in ["", "[]", "欧阳明月", r#"{"recipient":[]}"#, r#"{"memo":"a","memo":"b"}"#] {
        assert_eq!(refused(data), Code::Malformed.into(), "{data}");
    }
    let nameless = PLAIN.replace("欧阳明月", "");
    assert_eq!(refused(&nameless), Failure::of_field(Code::FieldMissing, FieldId::RecipientName));
}

#[test]
fn warnings_of_plain_fields_are_told() {
    let mut bench = Bench::new();
    bench.template(ALL);
    let data = PLAIN.replace("17000004771", "请看备注");
    let asked = bench.asked(Format::Pdf, Purpose::Print, plain(&data));
    let hidden = (FieldId::RecipientMobile, miandan_core::masking::Warning::HiddenWhole);
    assert!(asked.label.is_ok() && asked.warnings.contains(&hidden), "{:?}", asked.warnings);
}
