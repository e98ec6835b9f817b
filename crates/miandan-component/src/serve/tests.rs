//! The whole way from a sealed order to an answer, without the sandbox around it.

mod areas;
mod clear;
mod courier;
mod hostile;

use miandan_core::field::FieldId;
use miandan_core::font::MissingGlyph;
use miandan_core::label::{LabelNumber, Purpose, Resolution};
use miandan_core::number::RunningNumber;
use miandan_core::pipe::{LabelAnswer, Place};
use miandan_core::printer::{Language, Profile};
use miandan_core::stamp::Stamp;
use miandan_render::shipped::ONE_PART_76X130;
use miandan_render::wire;
use miandan_seal::issue::{IssuerKey, PlainOrder, SealOptions, seal_batch};
use miandan_seal::keys::{StationPublic, StationScope, Validity};
use miandan_testing::printer;
use ring::rand::SystemRandom;
use zeroize::Zeroizing;

use super::*;
use crate::start::Material;

const NOW: u64 = 1_794_355_200;
const HOUR: u64 = 3600;

/// A station, the issuer that it trusts, and what it holds in between requests.
struct Bench {
    server: Server,
    issuer: IssuerKey,
    station: StationPublic,
}

impl Bench {
    fn new() -> Self {
        Bench::with(|_, _| {})
    }

    /// With more than its key and its issuer.
    fn with(more: impl FnOnce(&IssuerKey, &mut Material)) -> Self {
        let random = SystemRandom::new();
        let scope =
            StationScope { id: "wh-1".to_owned(), groups: Vec::new(), merchants: vec!["m1".to_owned()] };
        let key = miandan_unseal::keygen::station(&scope, Validity::default(), None, &random).unwrap();
        let issuer = IssuerKey::generate("shop", &random).unwrap();
        let mut material = Material {
            keys: vec![Zeroizing::new(key.expose_secret().as_bytes().to_vec())],
            trust: vec![issuer.public().to_text().into_bytes()],
            ..Material::default()
        };
        more(&issuer, &mut material);
        let station = StationPublic::parse(key.public.as_bytes()).unwrap();
        Bench { server: server(Station::parse(material).ok().unwrap()), issuer, station }
    }

    /// Seals orders into one batch that is good for an hour.
    fn seal(&self, orders: &[&str]) -> Vec<String> {
        let orders: Vec<_> =
            orders.iter().map(|order| PlainOrder::parse(order.as_bytes()).unwrap()).collect();
        let options = SealOptions {
            aud: "m1".to_owned(),
            stn: None,
            iat: NOW,
            nbf: NOW,
            exp: NOW + HOUR,
            mask: None,
            max: None,
        };
        let station = std::slice::from_ref(&self.station);
        seal_batch(&self.issuer, station, &orders, &options, &SystemRandom::new()).unwrap()
    }

    fn template(&mut self, source: &str) {
        let mut frame = Vec::new();
        self.server.answer(
            &Request::Template { kind: TemplateKind::Waybill, source: source.as_bytes() },
            &mut frame,
        );
        let answer = Answer::decode(frame[4], &frame[5..]).unwrap();
        assert!(matches!(answer, Answer::Template(_)), "{answer:?}");
    }

    /// Asks for labels with the first template.
    fn labels(&mut self, format: Format, now: u64, sealed: &[&str]) -> (Vec<Label>, Vec<FaceUse>) {
        let stamps = (1..).map(|index| Stamp::first(LabelNumber { index, count: 200 }, now));
        let stamped: Vec<_> = stamps.zip(sealed.iter().copied()).collect();
        self.stamped(format, now, &stamped)
    }

    /// The same with what the host tells of each.
    fn stamped(&mut self, format: Format, now: u64, stamped: &[(Stamp, &str)]) -> (Vec<Label>, Vec<FaceUse>) {
        let labels =
            stamped.iter().map(|&(stamp, sealed)| RenderLabel::sealed(stamp, sealed.as_bytes())).collect();
        let resolution = Resolution::Dpi203;
        let mut frame = Vec::new();
        self.server.answer(
            &Request::Render {
                template: 0,
                format,
                resolution,
                purpose: Purpose::Print,
                missing: MissingGlyph::Box,
                now,
                labels,
            },
            &mut frame,
        );
        match Answer::decode(frame[4], &frame[5..]).unwrap() {
            Answer::Labels { labels, used, .. } => (labels.into_iter().map(taken).collect(), used),
            other => panic!("{other:?}"),
        }
    }

    fn label(&mut self, format: Format, now: u64, sealed: &str) -> Label {
        self.labels(format, now, &[sealed]).0.remove(0)
    }
}

fn server(station: Station) -> Server {
    Server { station, labeller: Labeller::default(), templates: Vec::new(), font: Vec::new() }
}

/// A label that has left the frame.
type Label = Result<Vec<u8>, Failure>;

fn taken(answer: LabelAnswer<'_>) -> Label {
    match answer {
        LabelAnswer::Done { label, .. } => Ok(label.iter().collect::<Vec<_>>().concat()),
        LabelAnswer::Failed(failure) => Err(failure),
    }
}

/// Generated people; no such numbers are assigned.
const FULL: &str = r#"{"order_id":"2611110000000001","waybill_no":"YT7000000000012","carrier":"YTO",
    "recipient":{"name":"欧阳明月","mobile":"17000004771","province":"浙江省","city":"杭州市","district":"西湖区",
    "detail":"文三路9999号17号楼2单元1603室"},
    "sender":{"name":"谭明","mobile":"17000005510","city":"广州市","detail":"体育西路9999号"},
    "routing":{"code":"356-01-02 F3"},"items":[{"name":"保温杯","count":2}],"memo":"请轻放"}"#;

const OTHER: &str = r#"{"order_id":"2611110000000002","waybill_no":"YT7000000000029","carrier":"YTO",
    "recipient":{"name":"李四","mobile":"17000009999","province":"四川省","city":"成都市",
    "detail":"人民南路9999号3栋5单元902室"}}"#;

const NAMELESS: &str = r#"{"order_id":"2611110000000003","waybill_no":"YT7000000000036","carrier":"YTO",
    "recipient":{"mobile":"17000009999","detail":"人民南路9999号3栋5单元902室"}}"#;

#[test]
fn one_bad_order_does_not_stop_the_others() {
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let sealed = bench.seal(&[FULL, NAMELESS, OTHER]);
    let foreign = Bench::new().seal(&[FULL]);
    let sealed = [&sealed[0], "{}", &sealed[1], &foreign[0], &sealed[2]];
    let (labels, used) = bench.labels(Format::Pdf, NOW, &sealed);
    let failures: Vec<_> = labels.iter().map(|label| label.as_ref().err().copied()).collect();
    let expected = [
        None,
        Some(Code::Malformed.into()),
        Some(Failure::of_field(Code::FieldMissing, FieldId::RecipientName)),
        Some(Code::UnknownIssuer.into()),
        None,
    ];
    assert_eq!(failures, expected);
    assert!(!used.is_empty());
}

#[test]
fn a_label_shows_the_time_that_the_host_tells_and_only_if_it_is_asked() {
    let timed = "<page width='76' height='130'><text width='70' height='9'><%=_context.formatStartTime('yyyy-MM-dd HH:mm')%></text></page>";
    for (template, shows) in [(timed, true), (ONE_PART_76X130, false)] {
        let mut bench = Bench::new();
        bench.template(template);
        let sealed = bench.seal(&[FULL]);
        let [first, again, later] =
            [NOW, NOW, NOW + 60].map(|now| bench.label(Format::Png, now, &sealed[0]).unwrap());
        assert!(first == again && (first != later) == shows);
    }
}

#[test]
fn a_label_that_is_refused_names_the_place_in_the_template() {
    let mut bench = Bench::new();
    bench.template(
        "<page width='76' height='130'>\n  <text>一<%= _data.packageInfo.items[9].name %></text></page>",
    );
    let sealed = bench.seal(&[FULL]);
    let place = Some(Place { line: 2, column: 10 });
    let expected = Failure { place, ..Failure::from(Code::TemplateRefused) };
    assert_eq!(bench.label(Format::Pdf, NOW, &sealed[0]), Err(expected));
}

#[test]
fn the_same_order_gives_the_same_bytes_whatever_was_drawn_before() {
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let sealed = bench.seal(&[FULL, OTHER]);
    let pdf = bench.label(Format::Pdf, NOW, &sealed[0]).unwrap();
    let png = bench.label(Format::Png, NOW, &sealed[0]).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    bench.labels(Format::Png, NOW + 1, &[&sealed[1], "{}"]);
    bench.labels(Format::Pdf, NOW + 2, &["{}", &sealed[1]]);
    assert_eq!(bench.label(Format::Png, NOW + 3, &sealed[0]).unwrap(), png);
    assert_eq!(bench.label(Format::Pdf, NOW + 3, &sealed[0]).unwrap(), pdf);
    assert_ne!(bench.label(Format::Pdf, NOW + 3, &sealed[1]).unwrap(), pdf);

    // A warm component and a cold one draw alike.
    bench.server.labeller = crate::warm::up();
    assert_eq!(bench.label(Format::Pdf, NOW + 3, &sealed[0]).unwrap(), pdf);
    assert_eq!(bench.label(Format::Png, NOW + 3, &sealed[0]).unwrap(), png);
}

#[test]
fn a_frame_is_what_a_page_is_and_no_more() {
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let sealed = bench.seal(&[FULL, OTHER]);
    let (pages, drawn) = bench.labels(Format::Pdf, NOW, &[&sealed[0], "{}", &sealed[1]]);
    bench.server.labeller.forget_used();
    let (frames, used) = bench.labels(Format::Frame, NOW, &[&sealed[0], "{}", &sealed[1]]);
    // The forms of the pages have a few more.
    for (face, drawn) in used.iter().zip(&drawn) {
        assert!(face.face == drawn.face && face.cids.iter().all(|cid| drawn.cids.contains(cid)), "{face:?}");
    }
    assert_eq!(used.len(), drawn.len());
    assert_eq!(frames[1], pages[1]);
    let template = Template::compile(ONE_PART_76X130.as_bytes()).unwrap();
    for place in [0, 2] {
        let frame = wire::decode(frames[place].as_ref().unwrap()).unwrap();
        let mut page = Vec::new();
        let forms = pdf::Forms::new(&template, 0, Resolution::Dpi203, &frame.faces);
        pdf::PageEncoder::new().encode_with(&forms, &frame, 0, &mut page);
        assert_eq!(pages[place].as_ref(), Ok(&page));
        assert_eq!((frame.boxed.len(), frame.pages()), (0, 1));
    }
}

#[test]
fn printers_of_every_language_print_the_same_label() {
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let sealed = bench.seal(&[FULL, OTHER]);
    let mut printed = Vec::new();
    for language in Language::ALL {
        let format = Format::Printer(Profile::plain(language, Resolution::Dpi203, 608));
        let alone = bench.label(format, NOW, &sealed[0]).unwrap();
        let (labels, used) = bench.labels(format, NOW, &[&sealed[0], "{}", &sealed[1]]);
        assert_eq!(labels[0].as_ref(), Ok(&alone), "{language}");
        assert!(labels[1].is_err() && labels[2].is_ok() && labels[2] != labels[0], "{language}");
        assert_eq!(used, [], "no font is asked for");
        let sheets = match language {
            Language::Tspl => printer::tspl::read(&alone, 203),
            Language::Zpl => printer::zpl::read(&alone),
            Language::Cpcl => printer::cpcl::read(&alone),
            Language::Epl2 => printer::epl2::read(&alone, 203),
            Language::EscPos => printer::escpos::read(&alone, 608),
        };
        let [sheet] = &sheets.unwrap()[..] else { panic!("{language}: not one label") };
        assert_eq!((sheet.width, sheet.height), (608, 1040), "{language}");
        printed.push(sheet.rows());
    }
    let black: u32 = printed[0].iter().map(|byte| byte.count_ones()).sum();
    assert!(black > 20_000, "{black} black dots");
    assert!(printed.iter().all(|rows| *rows == printed[0]));
}

#[test]
fn no_order_is_opened_for_a_printer_that_is_too_narrow() {
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let sealed = bench.seal(&[FULL]);
    let narrow = Profile::plain(Language::Zpl, Resolution::Dpi203, 607);
    let request = Request::Render {
        template: 0,
        format: Format::Printer(narrow),
        resolution: Resolution::Dpi203,
        purpose: Purpose::Print,
        missing: MissingGlyph::Box,
        now: NOW,
        labels: vec![RenderLabel::sealed(
            Stamp::first(LabelNumber { index: 1, count: 1 }, NOW),
            sealed[0].as_bytes(),
        )],
    };
    let mut frame = Vec::new();
    bench.server.answer(&request, &mut frame);
    assert_eq!(Answer::decode(frame[4], &frame[5..]), Ok(refused(Code::TemplateRefused)));
}

/// A template without a cell for the mark.
const CELLLESS: &str = "<page width='76' height='130'><text left='2' top='2' width='70' height='9'>\
    <![CDATA[<%=_data.waybillCode%> <%=_context.runningNumber()%>]]></text></page>";

#[test]
fn a_copy_is_marked_in_every_format_or_refused() {
    let number = LabelNumber { index: 12, count: 200 };
    let first = Stamp { running: RunningNumber::new(261_111, 3, 12), ..Stamp::first(number, NOW) };
    let copy = |copy| Stamp { copy, ..first };
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let sealed = bench.seal(&[FULL]);
    let stamped = [(first, &*sealed[0]), (copy(1), &*sealed[0]), (copy(2), &*sealed[0])];
    let printer = Format::Printer(Profile::plain(Language::Tspl, Resolution::Dpi203, 640));
    for format in [Format::Pdf, Format::Png, Format::Frame, printer] {
        let (labels, _) = bench.stamped(format, NOW, &stamped);
        assert!(labels.iter().all(Result::is_ok), "{format:?}");
        assert!(
            labels[0] != labels[1] && labels[1] != labels[2],
            "{format:?}: a copy looks like another print"
        );
    }
    bench.server.templates.clear();
    bench.template(CELLLESS);
    for format in [Format::Pdf, Format::Png, Format::Frame, printer] {
        let (labels, _) = bench.stamped(format, NOW, &stamped);
        assert!(labels[0].is_ok(), "{format:?}");
        for label in &labels[1..] {
            let failure = label.as_ref().unwrap_err();
            assert_eq!((failure.code, failure.field), (Code::TemplateRefused, None), "{format:?}");
        }
    }
}

#[test]
fn a_host_is_told_whether_copies_can_be_marked() {
    for (source, expected) in [(ONE_PART_76X130, true), (CELLLESS, false)] {
        let mut bench = Bench::new();
        let mut frame = Vec::new();
        bench.server.answer(
            &Request::Template { kind: TemplateKind::Waybill, source: source.as_bytes() },
            &mut frame,
        );
        let Ok(Answer::Template(ready)) = Answer::decode(frame[4], &frame[5..]) else { panic!("refused") };
        assert_eq!(ready.reprint_cell, expected);
    }
}

#[test]
fn characters_are_reported_once_and_the_warm_up_is_not_reported() {
    let mut bench = Bench::new();
    bench.server.labeller = crate::warm::up();
    bench.template(ONE_PART_76X130);
    let sealed = bench.seal(&[FULL]);
    let (_, used) = bench.labels(Format::Pdf, NOW, &[&sealed[0]]);
    assert!(used.iter().any(|face| face.cids.len() > 20));
    let (_, used) = bench.labels(Format::Pdf, NOW, &[&sealed[0]]);
    assert_eq!(used, []);
    let (_, used) = bench.labels(Format::Png, NOW, &[&sealed[0]]);
    assert_eq!(used, []);
}

#[test]
fn fonts_are_cut_down_to_what_was_drawn() {
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let sealed = bench.seal(&[FULL]);
    let (_, used) = bench.labels(Format::Pdf, NOW, &[&sealed[0]]);
    let mut frame = Vec::new();
    bench.server.answer(&Request::Fonts { used: used.clone() }, &mut frame);
    let Ok(Answer::Fonts(fonts)) = Answer::decode(frame[4], &frame[5..]) else { panic!("no fonts") };
    assert_eq!(fonts.len(), used.len());

    bench.server.answer(&Request::Fonts { used: vec![FaceUse { face: 9, cids: vec![1] }] }, &mut frame);
    assert!(matches!(Answer::decode(frame[4], &frame[5..]), Ok(Answer::Refused { .. })));
}

#[test]
fn a_host_cannot_turn_the_clock_back() {
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let sealed = bench.seal(&[FULL]);
    assert!(bench.label(Format::Pdf, NOW, &sealed[0]).is_ok());
    assert_eq!(bench.label(Format::Pdf, NOW + 2 * HOUR, &sealed[0]), Err(Code::Expired.into()));
    assert_eq!(bench.label(Format::Pdf, NOW, &sealed[0]), Err(Code::Expired.into()));
}

#[test]
fn templates_are_numbered_and_counted() {
    let mut server = server(Station::parse(Material::default()).ok().unwrap());
    let mut frame = Vec::new();
    let mut ask = |server: &mut Server, source: &str| {
        server.answer(
            &Request::Template { kind: TemplateKind::Waybill, source: source.as_bytes() },
            &mut frame,
        );
        match Answer::decode(frame[4], &frame[5..]).unwrap() {
            Answer::Template(ready) => Ok(ready.template),
            Answer::TemplateRefused { code, line, .. } => Err((code, line)),
            Answer::Refused { code, .. } => Err((code, 0)),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ask(&mut server, ONE_PART_76X130), Ok(0));
    assert_eq!(ask(&mut server, "<page"), Err((Code::TemplateRefused, 1)));
    for number in 1..MAX_TEMPLATES {
        assert_eq!(ask(&mut server, ONE_PART_76X130), Ok(number as u16));
    }
    assert_eq!(ask(&mut server, ONE_PART_76X130), Err((Code::Limit, 0)));
}

#[test]
fn a_template_that_is_not_there_is_refused_as_a_whole() {
    let mut server = server(Station::parse(Material::default()).ok().unwrap());
    let mut frame = Vec::new();
    let (format, resolution) = (Format::Pdf, Resolution::Dpi203);
    let request = Request::Render {
        template: 7,
        format,
        resolution,
        purpose: Purpose::Print,
        missing: MissingGlyph::Refuse,
        now: NOW,
        labels: Vec::new(),
    };
    server.answer(&request, &mut frame);
    assert_eq!(Answer::decode(frame[4], &frame[5..]), Ok(refused(Code::TemplateRefused)));
}

#[test]
fn without_a_key_nothing_is_opened() {
    let sealed = Bench::new().seal(&[FULL]);
    let mut bench = Bench::new();
    bench.server = server(Station::parse(Material::default()).ok().unwrap());
    bench.template(ONE_PART_76X130);
    assert_eq!(bench.label(Format::Pdf, NOW, &sealed[0]), Err(Code::UnknownKey.into()));
}

#[test]
fn only_closing_the_pipe_is_a_good_end() {
    assert_eq!(exit_status(PipeError::Closed), 0);
    assert_eq!(exit_status(PipeError::Truncated), 1);
    assert_eq!(exit_status(PipeError::Io(std::io::ErrorKind::BrokenPipe)), 1);
}

/// The masked view is compared in words, since a page holds numbers of glyphs.
mod masked_view {
    use miandan_core::masking::Warning;
    use miandan_core::pipe::Warnings;
    use miandan_core::waybill::Waybill;

    use super::*;
    use crate::label::{MaskedOrder, mask};

    fn view(bench: &mut Bench, order: &str, now: u64) -> Waybill {
        masked(bench, order, now).0
    }

    fn masked(bench: &mut Bench, order: &str, now: u64) -> (Waybill, Warnings) {
        let sealed = bench.seal(&[order]);
        let printable = FieldId::ALL.iter().copied().filter(|id| id.is_printable()).collect();
        let order = bench.server.station.open_fields(sealed[0].as_bytes(), now, printable).ok().unwrap();
        let number = LabelNumber { index: 12, count: 200 };
        let stamp =
            Stamp { number, running: RunningNumber::new(261_111, 3, 12), printed_at: NOW - HOUR, copy: 2 };
        let MaskedOrder { waybill, warnings, .. } = mask(&order, &stamp, Purpose::Print, now).unwrap();
        (waybill, warnings)
    }

    #[test]
    fn every_field_is_masked_by_its_type() {
        let view = view(&mut Bench::new(), FULL, NOW);
        assert_eq!(view.recipient.name.as_str(), "欧***");
        assert_eq!(view.recipient.mobile.as_str(), "*******4771");
        assert_eq!(view.recipient.city.as_str(), "杭州市");
        assert!(!view.recipient.detail.as_str().contains("1603"), "the room is on the label");
        assert!(view.recipient.detail.as_str().contains("文三路9999号"));
        assert_eq!(view.sender.name.as_str(), "谭*");
        assert!(view.recipient.org.is_empty() && view.sender.province.is_empty());
        assert_eq!(view.waybill_no, "YT7000000000012");
        assert_eq!(view.routing.code, "356-01-02 F3");
        assert_eq!(view.items.len(), 1);
        assert_eq!(view.number, Some(LabelNumber { index: 12, count: 200 }));
        assert_eq!(view.running.map(|running| running.to_string()).as_deref(), Some("261111-003-012"));
        assert_eq!((view.printed_at, view.copy), (NOW - HOUR, 2));
    }

    #[test]
    fn what_could_not_be_understood_is_said_of_its_field() {
        let mut bench = Bench::new();
        let order =
            FULL.replace("17000004771", "请看备注").replace("文三路9999号17号楼2单元1603室", "улица 5");
        let (view, warnings) = masked(&mut bench, &order, NOW);
        assert_eq!(view.recipient.mobile.as_str(), "****");
        let expected = [
            (FieldId::RecipientMobile, Warning::HiddenWhole),
            (FieldId::RecipientDetail, Warning::NumbersHidden),
            (FieldId::SenderDetail, Warning::NoDoorFound),
        ];
        assert_eq!(warnings.iter().collect::<Vec<_>>(), expected);
        let understood = FULL.replace("体育西路9999号", "体育西路9999号2栋301室");
        assert!(masked(&mut bench, &understood, NOW).1.is_empty());
    }

    #[test]
    fn a_memo_does_not_carry_a_phone_to_the_label() {
        let order = FULL.replace("请轻放", "请打17000004771");
        let view = view(&mut Bench::new(), &order, NOW);
        assert!(view.memo.as_str().starts_with("请打"));
        assert!(!view.memo.as_str().contains("17000004771"));
    }

    #[test]
    fn a_virtual_number_is_printed_until_it_lapses() {
        let virtual_number =
            format!(r#""virtual":{{"main":"17000000000","ext":"0042","until":{}}}"#, NOW + 60);
        let order = FULL.replace(r#""mobile":"17000004771""#, &virtual_number);
        let mut bench = Bench::new();
        assert_eq!(view(&mut bench, &order, NOW + 60).recipient.virtual_number.as_str(), "17000000000-0042");
        assert!(view(&mut bench, &order, NOW + 61).recipient.virtual_number.is_empty());
    }
}
