//! Areas over labels, and labels of data of any shape.

use miandan_core::pipe::LabelArea;

use super::clear::{Asked, plain, sealed, stamp, texts};
use super::*;

const LABEL: &str = "<page width='76' height='130'><layout id='REPRINT_MARK' left='58' top='1' width='15' height='7'/>\
    <text left='2' top='2' width='50' height='9'><%=_data.waybillCode%></text></page>";

/// A list of goods, and whatever else the data has at its top.
const AREA: &str = "<layout id='CUSTOM_AREA' left='2' top='40' width='72' height='60'><text style='fontSize:6'><![CDATA[\
    <% for (var i = 0; i < _data.goods.length; i++) { %><%=_data.goods[i].name%>*<%=_data.goods[i].count%>;<% } %>\
    <% for (var key in _data) { %>[<%=key%>=<%=_data[key]%>]<% } %>]]></text></layout>";

const DATA: &str = r#"{"goods":[{"name":"保温杯","count":2},{"name":"杯刷","count":"1"}],"SELLER_MEMO":"急,打17000004774",
    "phone":17000004775,"recipient":{"name":"欧阳明月"},"sender":{"name":"谭明"},"buyer":"司马丁"}"#;

const SHOWN: &str = "保温杯*2;杯刷*1;[goods=[object Object],[object Object]][SELLER_MEMO=急,打***********][phone=***********]";

impl Bench {
    fn free(&mut self, source: &str) -> Result<u16, Code> {
        let mut frame = Vec::new();
        let request = Request::Template { kind: TemplateKind::Free, source: source.as_bytes() };
        self.server.answer(&request, &mut frame);
        match Answer::decode(frame[4], &frame[5..]).unwrap() {
            Answer::Template(ready) => {
                assert!(!ready.personal, "data in clear has no persons");
                Ok(ready.template)
            }
            Answer::TemplateRefused { code, .. } => Err(code),
            other => panic!("{other:?}"),
        }
    }
}

fn over<'l>(label: RenderLabel<'l>, areas: &[(u16, &'l str)]) -> RenderLabel<'l> {
    let area = |&(template, data): &(u16, &'l str)| LabelArea { template, data: data.as_bytes() };
    RenderLabel { areas: areas.iter().map(area).collect(), ..label }
}

#[test]
fn areas_are_drawn_over_orders_and_plain_waybills_alike() {
    let mut bench = Bench::new();
    bench.template(LABEL);
    let area = bench.free(AREA).unwrap();
    let order = bench.seal(&[FULL]).remove(0);
    for label in [sealed(&order, None), plain(r#"{"waybillCode":"YT7000000000012"}"#)] {
        let text = bench.text(Purpose::Print, over(label, &[(area, DATA), (area, "{}")]));
        assert_eq!(text, format!("YT7000000000012{SHOWN}"));
    }
}

#[test]
fn a_label_may_be_made_of_data_alone() {
    let mut bench = Bench::new();
    bench.server = server(Station::parse(Material::default()).ok().unwrap());
    assert_eq!(bench.free(AREA), Ok(0));
    for format in
        [Format::Pdf, Format::Png, Format::Printer(Profile::plain(Language::Tspl, Resolution::Dpi203, 640))]
    {
        assert!(bench.asked(format, Purpose::Print, plain(DATA)).label.is_ok(), "{format:?}");
    }
    assert_eq!(bench.text(Purpose::Print, plain(DATA)), SHOWN);
    assert_eq!(bench.text(Purpose::Print, plain("[]")), "");
    for data in ["", "{", r#"{"a":1,"a":2}"#] {
        assert_eq!(bench.asked(Format::Pdf, Purpose::Print, plain(data)).label, Err(Code::Malformed.into()));
    }
}

#[test]
fn a_template_of_data_takes_no_order() {
    let mut bench = Bench::new();
    assert_eq!(bench.free(AREA), Ok(0));
    let order = bench.seal(&[FULL]).remove(0);
    let refused = bench.asked(Format::Pdf, Purpose::Print, sealed(&order, None)).label;
    assert_eq!(refused, Err(Code::TemplateRefused.into()));
    assert_eq!(
        bench.free("<page width='9' height='9'><text><%=_data.sender.name%></text></page>"),
        Err(Code::TemplateRefused)
    );
    assert_eq!(
        bench.free("<page width='9' height='9'><text><%=_data.buyer%></text></page>"),
        Err(Code::FieldNotPrintable)
    );
}

#[test]
fn every_format_has_the_areas_and_the_same_label_without_them() {
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let area = bench.free(AREA).unwrap();
    let order = bench.seal(&[FULL]).remove(0);
    let printer = Format::Printer(Profile::plain(Language::Zpl, Resolution::Dpi203, 640));
    for format in [Format::Pdf, Format::Png, Format::Frame, printer] {
        let mut draw = |areas: &[(u16, &'static str)]| {
            bench.asked(format, Purpose::Print, over(sealed(&order, None), areas)).label.unwrap()
        };
        let without = draw(&[]);
        let with = draw(&[(area, DATA)]);
        assert_ne!(without, with, "{format:?}");
        assert_eq!(draw(&[]), without, "{format:?}");
        assert_eq!(draw(&[(area, DATA)]), with, "{format:?}");
    }
}

/// A page with an area names the form of its template as one without it does: what is drawn over it comes after it.
#[test]
fn a_page_with_an_area_still_names_its_form() {
    let mut bench = Bench::new();
    bench.template(ONE_PART_76X130);
    let area = "<layout id='CUSTOM_AREA' left='2' top='118' width='60' height='10'><text><%=_data.a%></text></layout>";
    let area = bench.free(area).unwrap();
    let order = bench.seal(&[FULL]).remove(0);
    let mut page = |areas: &[(u16, &'static str)]| {
        let label = over(sealed(&order, None), areas);
        bench.asked(Format::Pdf, Purpose::Print, label).label.unwrap().len()
    };
    let (without, with) = (page(&[]), page(&[(area, r#"{"a":"谢谢惠顾"}"#)]));
    assert!(with > without && with < without + 200, "{without} and {with} bytes: the page is drawn whole");
}

#[test]
fn a_copy_and_a_preview_keep_their_marks_over_areas() {
    let mut bench = Bench::new();
    bench.template(LABEL);
    let cover = "<layout id='CUSTOM_AREA' left='0' top='0' width='76' height='130'><rect left='0' top='0' width='76' height='130' style='fillColor:#000000'/></layout>";
    let cover = bench.free(cover).unwrap();
    let order = bench.seal(&[FULL]).remove(0);
    let copy = RenderLabel { stamp: Stamp { copy: 3, ..stamp() }, ..sealed(&order, None) };
    let page = bench.asked(Format::Frame, Purpose::Print, over(copy, &[(cover, "{}")])).label.unwrap();
    assert!(texts(&page).ends_with("补打 3"));
    let frame = wire::decode(&page).unwrap();
    let last = frame.items.iter().rposition(|item| matches!(item, miandan_render::frame::Item::Fill(_)));
    assert_eq!(last, Some(frame.items.len() - 3), "the blank of the mark is behind the area");
    let code = bench.free("<layout id='CUSTOM_AREA' left='5' top='5' width='60' height='20'><barcode type='code128'>A</barcode></layout>").unwrap();
    let text = bench.text(Purpose::Preview, over(sealed(&order, None), &[(code, "{}")]));
    assert!(text.ends_with("预览"), "{text}");
}

#[test]
fn what_fails_says_which_area() {
    let mut bench = Bench::new();
    bench.template(LABEL);
    let area = bench.free(AREA).unwrap();
    let outside = bench.free("\n<layout id='CUSTOM_AREA' left='70' top='0' width='7' height='7'/>").unwrap();
    let order = bench.seal(&[FULL]).remove(0);
    let mut failure = |areas: &[(u16, &'static str)]| {
        let asked = bench.asked(Format::Pdf, Purpose::Print, over(sealed(&order, None), areas));
        assert!(!String::from_utf8_lossy(&asked.frame).contains("17000004774"));
        asked.label.unwrap_err()
    };
    let of = |code: Code, place| Failure::from(code).of_part(LabelPart::Area(place));
    assert_eq!(failure(&[(area, "{}"), (area, "急,打17000004774")]), of(Code::Malformed, 1));
    assert_eq!(failure(&[(area, "{}"), (area, "{}"), (99, "{}")]), of(Code::TemplateRefused, 2));
    assert_eq!(failure(&[(0, "{}")]), of(Code::TemplateRefused, 0));
    let place = Some(Place { line: 2, column: 1 });
    assert_eq!(failure(&[(outside, "{}")]), Failure { place, ..of(Code::TemplateRefused, 0) });
    assert_eq!(failure(&[(area, r#"{"a":"\u{10ffff}"}"#)]).part, LabelPart::Area(0));
    let Asked { label, .. } =
        bench.asked(Format::Pdf, Purpose::Print, over(sealed("{}", None), &[(area, "{}")]));
    assert_eq!(label, Err(Code::Malformed.into()), "the order is at fault, not the area");
}

/// Marked texts in every place where a client may put them, and every answer that could hold them.
#[test]
fn nothing_that_is_hidden_is_in_any_answer() {
    const PHONES: [&str; 6] =
        ["17000004771", "17000004772", "17000004773", "17000004774", "17000004775", "17000006620"];
    const HIDDEN: [&str; 5] = ["阳明月", "谭明", "马丁", "1603", "1204"];
    let mut bench = Bench::new();
    let all = clear::ALL;
    bench.template(all);
    let area = bench.free(AREA).unwrap();
    let order = bench.seal(&[FULL]).remove(0);
    let beside = Some(clear::SENDER);
    let printer = Format::Printer(Profile::plain(Language::EscPos, Resolution::Dpi203, 832));
    let broken = [r#"{"sender":"司马丁17000006620"}"#, r#"{"sender":{"name":"司马丁","name":"谭明"}}"#];
    for format in [Format::Pdf, Format::Png, Format::Frame, printer] {
        let of_order = over(sealed(&order, beside), &[(area, DATA)]);
        let of_data =
            RenderLabel { sender: beside.map(str::as_bytes), ..over(plain(clear::PLAIN), &[(area, DATA)]) };
        let mut labels = vec![of_order, of_data, plain(clear::PLAIN)];
        labels.extend(broken.map(|sender| sealed(&order, Some(sender))));
        labels.extend(broken.map(|data| over(plain(data), &[(area, data)])));
        for label in labels {
            let Asked { label, frame, .. } = bench.asked(format, Purpose::Print, label);
            let mut seen = String::from_utf8_lossy(&frame).into_owned();
            if let (Ok(page), Format::Frame) = (&label, format) {
                let shown = texts(page);
                assert!(shown.contains("***"), "the control: masked text is found");
                seen.push_str(&shown);
            }
            for hidden in PHONES.into_iter().chain(HIDDEN) {
                assert!(!seen.contains(hidden), "{hidden} in {format:?}");
            }
        }
    }
}

#[test]
fn hidden_parts_have_no_influence() {
    let mut bench = Bench::new();
    bench.template(clear::ALL);
    let area = bench.free(AREA).unwrap();
    let order = bench.seal(&[FULL]).remove(0);
    let other = |text: &str| {
        text.replace("17000004774", "17000008884")
            .replace("17000004775", "17000008885")
            .replace("欧阳明月", "欧阳别名")
    };
    let sender =
        |text: &str| text.replace("司马丁", "司徒某").replace("1700000", "1800009").replace("1204", "9708");
    let (data, beside) = (other(DATA), sender(clear::SENDER));
    for format in [Format::Pdf, Format::Png] {
        let mut draw = |beside, data| {
            bench
                .asked(format, Purpose::Print, over(sealed(&order, Some(beside)), &[(area, data)]))
                .label
                .unwrap()
        };
        let first = draw(clear::SENDER, DATA);
        assert_eq!(first, draw(&beside, &data), "{format:?}");
        let shown = DATA.replace("保温杯", "茶杯");
        assert_ne!(first, draw(clear::SENDER, &shown), "the control: what is shown has an influence");
    }
}
