//! Templates of data in clear, alone and as areas over a label.

use miandan_core::Code;
use miandan_core::free::{FreeData, MaskedValue, ShortNumber};
use miandan_core::label::{LabelSize, Resolution};
use miandan_core::pipe::{Failure, LabelPart, Place, TemplateKind};
use miandan_core::waybill::{Masked, Waybill};
use miandan_render::Area;
use miandan_render::faces::Faces;
use miandan_render::frame::{Frame, Item, Rect, Text};
use miandan_render::template::{Problem, Template, View};
use miandan_render::{mark_preview, shipped};
use proptest::prelude::*;

fn text(text: &str) -> MaskedValue {
    MaskedValue::Text(Masked::new(text.to_owned()))
}

fn number(number: f64) -> MaskedValue {
    MaskedValue::Number(ShortNumber::new(number).unwrap())
}

fn object(members: Vec<(&str, MaskedValue)>) -> MaskedValue {
    MaskedValue::Object(
        members.into_iter().map(|(name, value)| (Masked::new(name.to_owned()), value)).collect(),
    )
}

fn compile(source: &str) -> Result<Template, Problem> {
    Template::compile_as(TemplateKind::Free, source.as_bytes(), &Faces::default())
        .map_err(|error| error.problem)
}

/// A custom area with one text.
fn area(code: &str) -> String {
    format!(
        "<layout id='CUSTOM_AREA' left='2' top='80' width='70' height='30'><text><![CDATA[{code}]]></text></layout>"
    )
}

fn characters(frame: &Frame) -> String {
    let run = |text: &Text| -> String {
        let face = frame.faces.get(text.face).unwrap();
        text.cids(frame).iter().filter_map(|&cid| face.character(cid)).collect()
    };
    frame
        .items
        .iter()
        .filter_map(|item| if let Item::Text(text) = item { Some(run(text)) } else { None })
        .collect()
}

/// What a custom area prints of data.
fn printed(code: &str, data: &FreeData) -> Result<String, Code> {
    let template = compile(&area(code)).unwrap_or_else(|problem| panic!("{problem}: {code}"));
    let mut frame = Frame::default();
    let stamped = Waybill { printed_at: 1_794_355_200, ..Waybill::default() };
    template
        .layout_with(View::of_data(data, &stamped), &[], Resolution::Dpi203, &mut frame)
        .map_err(|failure| failure.code)?;
    Ok(characters(&frame))
}

fn data() -> FreeData {
    FreeData::new(object(vec![
        ("ORDER", text("A-1")),
        ("empty", text("")),
        ("none", MaskedValue::Null),
        ("yes", MaskedValue::Boolean(true)),
        ("price", number(12.5)),
        ("recipient", object(vec![("name", text("欧阳明月"))])),
        (
            "items",
            MaskedValue::List(vec![
                object(vec![("name", text("杯")), ("count", number(2.0))]),
                object(vec![
                    ("name", text("刷")),
                    ("count", number(1.0)),
                    ("more", object(vec![("colour", text("红"))])),
                ]),
            ]),
        ),
        ("b", number(2.0)),
        ("10", text("ten")),
        ("9", text("nine")),
    ]))
}

#[test]
fn data_of_any_shape_is_seen() {
    for (code, expected) in [
        ("<%=_data.ORDER%>", "A-1"),
        ("<%=_data['ORDER'].length%>", "3"),
        ("<%=_data.yes ? 'yes' : 'no'%> <%=_data.price * 2%>", "yes 25"),
        ("<%=_data.price.toFixed(2)%>", "12.50"),
        (
            "<% for (var i = 0; i < _data.items.length; i++) { %><%=_data.items[i].name%>×<%=_data.items[i].count%>;<% } %>",
            "杯×2;刷×1;",
        ),
        ("<% for (var i in _data.items) { var item = _data.items[i]; %><%=item.name%><% } %>", "杯刷"),
        ("<% var key = 'OR' + 'DER'; %><%=_data[key]%>", "A-1"),
        ("<%=Object.keys(_data).join()%>", "9,10,ORDER,empty,none,yes,price,items,b"),
        ("<%='ORDER' in _data%><%='x' in _data%>", "truefalse"),
        ("<%=typeof _data.items%><%=typeof _data.price%><%=typeof _data.x%>", "objectnumberundefined"),
        ("<%=_data.items.length%><%=_data.items.slice(1)[0].more.colour%>", "2红"),
        ("<%=_context.formatStartTime('yyyy')%>", "2026"),
        // Code has its own copy.
        ("<% var d = _data.items; d.push(1); %><%=d.length%>", "3"),
    ] {
        assert_eq!(printed(code, &data()).as_deref(), Ok(expected), "{code}");
    }
}

#[test]
fn what_is_not_there_prints_as_nothing() {
    for code in [
        "<%=_data.x%>",
        "<%=_data.x.y.z%>",
        "<%='' + _data.x + _data.none + _data.empty%>",
        "<%=_data.items[7].name%>",
        "<%=_data.x[3]['a'].b%>",
        "<%=_data.items[0].more.colour%>",
        "<%=_data.none.x%><%=_data.empty.x.y%>",
        "<%=_data.ORDER.x.y%><%=_data.price.x.y%><%=_data.yes.x.y%><%=_data.items.x.y%>",
        "<% for (var i = 0; i < _data.x.length; i++) { %>no<% } for (var k in _data.x) { %>no<% } %>",
        "<% if (_data.x || _data.none || _data.empty) { %>no<% } %>",
    ] {
        assert_eq!(printed(code, &data()).as_deref(), Ok(""), "{code}");
        assert_eq!(printed(code, &FreeData::EMPTY).as_deref(), Ok(""), "{code}");
    }
    let data = FreeData::new(object(vec![("a", object(vec![]))]));
    assert_eq!(
        printed("<%=_data.x == null%><%=_data.x === undefined%><%=_data.a == null%>", &data).as_deref(),
        Ok("truetruefalse")
    );
}

#[test]
fn persons_are_not_reached_by_any_name() {
    let problem = |code: &str| compile(&area(code)).err();
    for code in [
        "<%=_data.recipient.name%>",
        "<%=_data.sender%>",
        "<%=_data['recipient']%>",
        "<% if (_data.sender) { %>x<% } %>",
        "<% var p = _data.recipient; %>",
    ] {
        assert_eq!(problem(code), Some(Problem::PersonInData), "{code}");
    }
    assert_eq!(problem("<%=_data.buyer.email%>"), Some(Problem::FieldNotPrintable));
    for code in ["<% var d = _data; %><%=d.recipient.name%>", "<% var k = 'recipient'; %><%=_data[k].name%>"]
    {
        assert_eq!(printed(code, &data()).as_deref(), Ok(""), "{code}");
    }
    let template = compile(&area("<%=_data.waybillCode%> <%=_data.courierToken%>")).unwrap();
    assert!(template.fields().is_empty() && !template.names_courier_token(), "these are names like others");
}

#[test]
fn data_does_not_change() {
    for code in [
        "<% _data.a = 1; %>",
        "<% _data.items[0].name = 'x'; %>",
        "<% delete _data.a; %>",
        "<% _data = 1; %>",
    ] {
        assert_eq!(compile(&area(code)).err(), Some(Problem::BadTarget), "{code}");
    }
    // A typing error in what code makes is still found where it can be.
    assert_eq!(compile(&area("<%='a'.lenght%>")).err(), Some(Problem::UnknownMember));
    assert_eq!(compile(&area("<%=y%>")).err(), Some(Problem::UnknownName));
}

#[test]
fn data_is_bounded() {
    let deep = (0..100).fold(MaskedValue::Null, |inner, _| MaskedValue::List(vec![inner]));
    let wide = MaskedValue::List((0..1001).map(|_| MaskedValue::Null).collect());
    let many = object((0..1001).map(|_| ("a", MaskedValue::Null)).collect());
    let long = text(&"a".repeat(17 << 10));
    for value in [deep, wide, many, long] {
        assert_eq!(printed("x", &FreeData::new(value)), Err(Code::TemplateRefused));
    }
}

#[test]
fn the_kind_is_read_off_the_root() {
    for (source, kind) in [
        ("<layout id='CUSTOM_AREA' width='1' height='1'/>", TemplateKind::Free),
        ("<?xml version='1.0'?><!-- x --><Layout ID=' CUSTOM_AREA ' width='1'/>", TemplateKind::Free),
        ("<layout id='other' width='1' height='1'/>", TemplateKind::Waybill),
        ("<page width='10' height='10'><layout id='CUSTOM_AREA'/></page>", TemplateKind::Waybill),
        ("<page", TemplateKind::Waybill),
        ("", TemplateKind::Waybill),
    ] {
        assert_eq!(Template::kind_of(source.as_bytes()), kind, "{source}");
    }
    assert_eq!(
        compile("<page width='10' height='10'/>").map(|template| template.kind()),
        Ok(TemplateKind::Free)
    );
    let computed = "<layout id='CUSTOM_AREA' left='<%=1%>' width='10' height='10'/>";
    assert_eq!(compile(computed).err(), Some(Problem::PageNotFixed));
}

/// A label of 76 × 130 mm with areas over it.
fn with_areas(label: &str, areas: &[(&str, FreeData)], copy: u16) -> Result<Frame, Failure> {
    let label = Template::compile(label.as_bytes()).unwrap();
    let templates: Vec<Template> = areas.iter().map(|(source, _)| compile(source).unwrap()).collect();
    let areas: Vec<Area> =
        templates.iter().zip(areas).map(|(template, (_, data))| Area { template, data }).collect();
    let mut frame = Frame::default();
    let waybill = Waybill { copy, ..shipped::sample() };
    label.layout_with(&waybill, &areas, Resolution::Dpi300, &mut frame).map(|()| frame)
}

const INSIDE: &str = "<rect left='1' top='1' width='9.3' height='5.1' style='borderWidth:1'/>\
    <text left='12' top='1' width='40' height='8' style='rotation:90'>面单</text>\
    <barcode left='2' top='10' width='60' height='12' type='code128'>AB-12345</barcode>\
    <barcode left='30' top='10' width='20' height='20' type='qrcode' style='zIndex:1'>x</barcode>\
    <table left='1' top='24' width='20'><tr><td height='4'><text>1</text></td></tr></table>";

#[test]
fn an_area_is_what_a_layout_at_its_place_is() {
    let place = "left='3.3' top='71.7' width='68' height='51'";
    let area = format!("<layout id='CUSTOM_AREA' {place} style='borderWidth:1'>{INSIDE}</layout>");
    let label = |inside: &str| {
        format!(
            "<page width='76' height='130'><rect left='1' top='1' width='70' height='60'/>{inside}</page>"
        )
    };
    let over = with_areas(&label(""), &[(&area, FreeData::EMPTY)], 0).unwrap();
    let within = with_areas(&label(&area), &[], 0).unwrap();
    assert!(over.items.len() > 8);
    assert_eq!(over, within);
}

#[test]
fn areas_stand_in_their_order_below_the_marks_and_on_the_first_page() {
    let rows = "<tr><td height='60'><text>row</text></td></tr>".repeat(5);
    let label = format!(
        "<page width='76' height='130' splitable='true'><layout id='REPRINT_MARK' left='58' top='1' width='15' height='7'/>\
        <table left='2' top='10' width='70'>{rows}</table></page>"
    );
    let rect = |left: u8| {
        format!(
            "<layout id='CUSTOM_AREA' left='{left}' top='0' width='40' height='20'><rect left='0' top='0' width='40' height='20' style='fillColor:#000000'/></layout>"
        )
    };
    let (first, second) = (rect(36), rect(30));
    let plain = with_areas(&label, &[], 0).unwrap();
    let frame = with_areas(&label, &[(&first, FreeData::EMPTY), (&second, FreeData::EMPTY)], 1).unwrap();
    assert!(plain.pages() > 2 && frame.pages() == plain.pages());
    for page in 1..plain.pages() {
        assert_eq!(frame.page(page), plain.page(page));
    }
    let page = frame.page(0);
    assert_eq!(page[..plain.page(0).len()], *plain.page(0));
    let lefts: Vec<i32> = page[plain.page(0).len()..]
        .iter()
        .filter_map(|item| if let Item::Fill(fill) = item { Some(fill.rect.x) } else { None })
        .collect();
    let snap = |length| Resolution::Dpi300.snap(length);
    assert_eq!(lefts, [snap(36_000), snap(30_000), snap(58_000)], "two areas, then the blank of the mark");
    assert!(matches!(page.last(), Some(Item::Text(_))), "the mark is on top");
}

#[test]
fn a_preview_covers_the_codes_of_areas() {
    let area = format!("<layout id='CUSTOM_AREA' left='3' top='70' width='68' height='51'>{INSIDE}</layout>");
    let mut frame = with_areas("<page width='76' height='130'/>", &[(&area, FreeData::EMPTY)], 0).unwrap();
    let before = frame.items.len();
    mark_preview(&mut frame);
    assert_eq!(frame.items.len(), before + 2 * 3);
}

#[test]
fn an_area_that_is_not_on_the_label_is_refused() {
    let label = "<page width='76' height='130'/>";
    let fits = "<layout id='CUSTOM_AREA' left='36' top='100' width='40' height='30'/>";
    assert_eq!(with_areas(label, &[(fits, FreeData::EMPTY)], 0).map(|frame| frame.items.len()), Ok(0));
    for place in
        ["left='36.1' top='100'", "left='36' top='100.1'", "left='-0.1' top='0'", "left='1999' top='1999'"]
    {
        let outside = format!("\n <layout id='CUSTOM_AREA' {place} width='40' height='30'/>");
        let failure =
            with_areas(label, &[(fits, FreeData::EMPTY), (&outside, FreeData::EMPTY)], 0).unwrap_err();
        let place = Some(Place { line: 2, column: 2 });
        assert_eq!(
            failure,
            Failure { place, part: LabelPart::Area(1), ..Failure::from(Code::TemplateRefused) }
        );
    }
    let page = "<page width='76' height='131'/>";
    assert!(with_areas(label, &[(page, FreeData::EMPTY)], 0).is_err());
}

#[test]
fn a_template_of_waybills_is_no_area() {
    let label = Template::compile(b"<page width='76' height='130'/>").unwrap();
    let waybill =
        Template::compile(b"<page width='76' height='130'><text><%=_data.recipient.name%></text></page>")
            .unwrap();
    let areas = [Area { template: &waybill, data: &FreeData::EMPTY }];
    let failure = label.layout_with(&shipped::sample(), &areas, Resolution::Dpi203, &mut Frame::default());
    assert_eq!(
        failure.map_err(|failure| (failure.code, failure.part)),
        Err((Code::TemplateRefused, LabelPart::Area(0)))
    );
}

#[test]
fn what_fails_in_an_area_is_blamed_on_it() {
    let label = "<page width='76' height='130'/>";
    let broken =
        "<layout id='CUSTOM_AREA' width='60' height='30'>\n<text><%=_data.a.splice(1)%></text></layout>";
    let failure = with_areas(label, &[(broken, FreeData::EMPTY)], 0).unwrap_err();
    assert_eq!((failure.code, failure.part), (Code::TemplateRefused, LabelPart::Area(0)));
    assert_eq!(failure.place.map(|place| place.line), Some(2));
    let rare = "<layout id='CUSTOM_AREA' width='60' height='30'><text><%=_data.a%></text></layout>";
    let data = FreeData::new(object(vec![("a", text("\u{10FFFD}"))]));
    let failure = with_areas(label, &[(rare, data)], 0).unwrap_err();
    assert_eq!(failure, Failure::from(Code::GlyphMissing).of_part(LabelPart::Area(0)));
    let split = "<page width='60' height='40' splitable='true'><table width='50'><% for (var i=0;i<9;i++){ %><tr><td height='9'/></tr><% } %></table></page>";
    let failure = with_areas(label, &[(split, FreeData::EMPTY)], 0).unwrap_err();
    assert_eq!(
        (failure.code, failure.part),
        (Code::TemplateRefused, LabelPart::Area(0)),
        "an area never flows"
    );
}

#[test]
fn a_free_template_is_a_label_of_its_own() {
    let template = compile("<page width='60' height='40'><layout id='REPRINT_MARK' left='40' top='1' width='15' height='7'/><text left='1' top='10' width='50' height='9'><%=_data.ORDER%></text></page>").unwrap();
    assert!(template.marks_copies());
    let data = data();
    let mut frame = Frame::default();
    let stamped = Waybill { copy: 2, ..Waybill::default() };
    template.layout_with(View::of_data(&data, &stamped), &[], Resolution::Dpi203, &mut frame).unwrap();
    assert_eq!(characters(&frame), "A-1补打 2");
    assert_eq!(frame.size, LabelSize::millimetres(60, 40));
    let cell = Rect { x: 40_000, y: 1_000, width: 15_000, height: 7_000 };
    assert!(frame.items.iter().any(|item| matches!(item, Item::Fill(fill) if fill.rect == cell)));
}

fn value() -> impl Strategy<Value = MaskedValue> {
    // A value is no `Clone`, so it is made of what can be: a seed of numbers that choose.
    prop::collection::vec(any::<u8>(), 0..60).prop_map(|bytes| built(&mut bytes.into_iter(), 0))
}

fn built(bytes: &mut dyn Iterator<Item = u8>, depth: usize) -> MaskedValue {
    let count = |bytes: &mut dyn Iterator<Item = u8>| usize::from(bytes.next().unwrap_or(0) % 5);
    match bytes.next().unwrap_or(0) % 7 {
        0 => MaskedValue::Null,
        1 => MaskedValue::Boolean(true),
        2 => number(f64::from(bytes.next().unwrap_or(0)) - 100.5),
        3 | 4 if depth < 5 => {
            let elements = count(bytes);
            MaskedValue::List((0..elements).map(|_| built(bytes, depth + 1)).collect())
        }
        5 if depth < 5 => {
            let members = count(bytes);
            let names = ["a", "b", "length", "0", "constructor"];
            object(names.into_iter().take(members).map(|name| (name, built(bytes, depth + 1))).collect())
        }
        _ => text(["", "面单", "12"][count(bytes) % 3]),
    }
}

proptest! {
    /// Whatever the data, a template prints it or says where it cannot; the same data gives the same label.
    #[test]
    fn whatever_the_data_there_is_an_answer(value in value()) {
        let data = FreeData::new(value);
        for code in ["<%=_data%>", "<%=_data.a.b%>", "<% for (var k in _data) { %><%=k%>=<%=_data[k]%><% } %>", "<%=_data.a[0] + _data.b%>"] {
            let first = printed(code, &data);
            prop_assert_eq!(&first, &printed(code, &data));
            prop_assert!(matches!(first, Ok(_) | Err(Code::TemplateRefused)));
        }
    }
}
