//! `orientation:vertical`: how characters stand in a column, where columns stand, and what does not fit.

mod support;

use std::time::{Duration, Instant};

use miandan_core::Code;
use miandan_core::label::Resolution;
use miandan_core::waybill::Waybill;
use miandan_render::faces::Faces;
use miandan_render::frame::{FaceId, Frame, Item, Text, Turn};
use miandan_render::pdf::{PageEncoder, subset};
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::template::{Problem, Template};
use proptest::prelude::*;
use support::{characters, layout, page};

/// A dot at 203 dpi in micrometres.
const DOT: i32 = 125;

/// A vertical text in a box whose top left corner is 10 mm from those of the page.
fn element(content: &str, width: f64, height: f64, style: &str) -> String {
    page(&format!(
        "<text left='10' top='10' width='{width}' height='{height}' style='orientation:vertical;{style}'>\
         <![CDATA[{content}]]></text>"
    ))
}

fn texts(frame: &Frame) -> Vec<(String, Text)> {
    let texts = frame.items.iter().filter_map(|item| match item {
        Item::Text(text) => Some((characters(frame, text), *text)),
        _ => None,
    });
    texts.collect()
}

/// The runs of a vertical text of 3 mm: characters, turn, and where the baseline begins, in dots from the box.
fn set(content: &str, width: f64, height: f64, style: &str) -> Vec<(String, Turn, i32, i32)> {
    let source = element(content, width, height, &format!("fontSize:3mm;{style}"));
    let frame = layout(&source, &Waybill::default()).unwrap();
    let place = |length: i32| (length - 10_000) / DOT;
    texts(&frame).into_iter().map(|(set, text)| (set, text.turn, place(text.x), place(text.y))).collect()
}

/// The columns of a text from right to left, each with its runs after each other.
fn columns(content: &str, width: f64, height: f64, style: &str) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    let mut last = i32::MAX;
    for (set, _, _, y) in set(content, width, height, style) {
        match columns.last_mut() {
            Some(column) if y >= last => column.push_str(&set),
            _ => columns.push(set),
        }
        last = y;
    }
    columns
}

#[test]
fn ideographs_stand_upright_an_em_each() {
    // The em has 24 dots, its baseline is 21 below its top, and the first column stands at the right of 80 dots.
    assert_eq!(
        set("面单印", 10.0, 20.0, ""),
        [
            ("面".into(), Turn::None, 56, 21),
            ("单".into(), Turn::None, 56, 45),
            ("印".into(), Turn::None, 56, 69)
        ]
    );
}

#[test]
fn how_characters_stand() {
    let upright = |text: &str| {
        let found = set(text, 40.0, 40.0, "");
        found.into_iter().map(|(set, turn, ..)| (set, turn == Turn::None)).collect::<Vec<_>>()
    };
    for (text, expected) in [
        ("一9二", vec![("一", true), ("9", true), ("二", true)]),
        ("17号", vec![("1", true), ("7", true), ("号", true)]),
        ("999号", vec![("999", false), ("号", true)]),
        ("A座AB", vec![("A", true), ("座", true), ("AB", false)]),
        ("3.5kg", vec![("3.5kg", false)]),
        ("一 12 二", vec![("一", true), (" ", false), ("1", true), ("2", true), (" ", false), ("二", true)]),
        ("王**", vec![("王", true), ("*", true), ("*", true)]),
        ("138****1234", vec![("138****1234", false)]),
        ("（一）", vec![("（", false), ("一", true), ("）", false)]),
        ("一——二……", vec![("一", true), ("——", false), ("二", true), ("……", false)]),
        ("ー～、。", vec![("ー～", false), ("、", true), ("。", true)]),
        ("阿·买℃", vec![("阿", true), ("·", true), ("买", true), ("℃", true)]),
        ("5%", vec![("5%", false)]),
        ("％!", vec![("％", true), ("!", false)]),
    ] {
        let expected: Vec<(String, bool)> =
            expected.into_iter().map(|(set, upright)| (set.to_owned(), upright)).collect();
        assert_eq!(upright(text), expected, "{text}");
    }
}

#[test]
fn two_digits_share_an_em() {
    let [one, two, next] = &set("12月", 10.0, 20.0, "")[..] else { panic!() };
    assert_eq!((one.2, one.3), (56, two.3));
    assert_eq!((two.2, next.3), (68, 45), "half an em each, and the next below them");
    let frame = layout(&element("12", 10.0, 20.0, "fontSize:3mm"), &Waybill::default()).unwrap();
    assert!(texts(&frame).iter().all(|(_, text)| text.size == 22 * DOT), "a tenth smaller");
}

#[test]
fn stars_take_no_more_than_they_are_wide() {
    let found = set("王**", 10.0, 20.0, "");
    assert!((11..=12).contains(&(found[2].3 - found[1].3)), "467 thousandths of 24 dots");
}

#[test]
fn columns_break_as_lines_do() {
    for (text, expected) in [
        ("浙江省杭州市", vec!["浙江省杭", "州市"]),
        ("浙江省杭，州", vec!["浙江省", "杭，州"]),
        ("浙江省（杭州）", vec!["浙江省", "（杭州）"]),
        ("软件园一17号楼", vec!["软件园一", "17号楼"]),
        ("一二三\n四", vec!["一二三", "四"]),
        ("文三路文九999号", vec!["文三路文", "九999号"]),
    ] {
        assert_eq!(columns(text, 40.0, 12.0, "overflow:hidden"), expected, "{text}");
    }
}

#[test]
fn columns_stand_where_align_and_valign_say() {
    let first = |style: &str| {
        let found = set("一二\n三", 20.0, 20.0, style);
        [(found[0].2, found[0].3), (found[2].2, found[2].3)]
    };
    // The box has 160 dots each way, the block is 29 + 24 wide, the columns are 48 and 24 long.
    assert_eq!(first(""), [(136, 21), (107, 21)]);
    assert_eq!(first("align:right"), first(""));
    assert_eq!(first("align:left"), [(29, 21), (0, 21)]);
    assert_eq!(first("align:center")[0].0, 82);
    assert_eq!(first("valign:bottom").map(|place| place.1), [133, 157]);
    assert_eq!(first("valign:middle").map(|place| place.1), [77, 89]);
    assert_eq!(first("lineHeight:200%")[1].0, 136 - 58);
    let spaced = set("一二", 20.0, 20.0, "letterSpacing:1mm");
    assert_eq!(spaced[1].3 - spaced[0].3, 32);
}

#[test]
fn rotation_turns_the_columns() {
    for (rotation, turn, apart) in
        [(90, Turn::Quarter, (-24, 0)), (180, Turn::Half, (0, -24)), (270, Turn::ThreeQuarters, (24, 0))]
    {
        let found = set("一二", 20.0, 20.0, &format!("rotation:{rotation}"));
        assert_eq!(found[0].1, turn);
        assert_eq!((found[1].2 - found[0].2, found[1].3 - found[0].3), apart, "{rotation}");
    }
}

#[test]
fn underlined_columns_have_a_line_at_their_left() {
    let source = element("一二", 20.0, 20.0, "fontSize:3mm;fontUnderline:true");
    let frame = layout(&source, &Waybill::default()).unwrap();
    let Some(Item::Fill(line)) = frame.items.last() else { panic!() };
    let Some((_, text)) = texts(&frame).into_iter().next() else { panic!() };
    assert_eq!((line.rect.y, line.rect.height), (10_000, 6_000));
    assert!((text.x - 2 * DOT..=text.x).contains(&(line.rect.x + line.rect.width)));
}

/// The size in dots of the first run, and whether the text is told not to fit.
fn fitted(content: &str, width: f64, height: f64, style: &str) -> (i32, bool) {
    let source = element(content, width, height, style);
    let frame = layout(&source, &Waybill::default()).unwrap();
    let template = Template::compile(source.as_bytes()).unwrap();
    let told = template.overflows(&Waybill::default(), Resolution::Dpi203);
    assert!(told.iter().all(|told| told.problem == Problem::TextCut));
    (texts(&frame)[0].1.size / DOT, !told.is_empty())
}

#[test]
fn columns_shrink_and_then_end_with_an_ellipsis() {
    let text = "长".repeat(20);
    assert_eq!(fitted(&text, 4.0, 60.0, "fontSize:3mm"), (24, false));
    assert_eq!(fitted(&text, 4.0, 40.0, "fontSize:3mm"), (16, false));
    assert_eq!(fitted(&text, 4.0, 30.0, "fontSize:3mm"), (16, true));
    assert_eq!(fitted(&text, 4.0, 40.0, "fontSize:3mm;overflow:hidden"), (24, true));
    assert_eq!(fitted("长长长长", 5.0, 60.0, "fontSize:auto"), (40, false));
    assert_eq!(fitted("长长长长", 9.0, 16.0, "fontSize:auto;wrap:false"), (32, false));
    assert_eq!(columns(&text, 3.0, 12.0, "overflow:hidden"), ["长长长…"]);
    let ellipsis = set(&text, 3.0, 12.0, "overflow:hidden").pop().unwrap();
    assert_eq!((ellipsis.0.as_str(), ellipsis.1), ("…", Turn::Quarter));
}

#[test]
fn a_cell_without_height_is_as_tall_as_its_column() {
    let table = |style: &str| {
        let source = page(&format!(
            "<table left='10' top='10' width='40' style='cellBorderWidth:0'><tr><td width='10'>\
             <text style='fontSize:3mm;orientation:vertical;{style}'>收件人地址</text></td></tr>\
             <tr><td><text>下</text></td></tr></table>"
        ));
        let frame = layout(&source, &Waybill::default()).unwrap();
        let texts = texts(&frame);
        texts[texts.len() - 1].1.y - texts[0].1.y
    };
    let [tall, turned] = ["", "rotation:90"].map(table);
    assert!((14_500..15_500).contains(&tall), "five ems: {tall}");
    // Set from right to left it has the width of the cell: three and two characters.
    assert!((5_500..8_500).contains(&turned), "two lines: {turned}");
}

#[test]
fn only_text_is_vertical() {
    for element in [
        "<rect style='orientation:vertical'/>",
        "<layout style='orientation:vertical'><rect/></layout>",
        "<barcode width='80' height='20' type='code128' style='orientation:vertical;hideText:false' value='A1'/>",
    ] {
        let source = page(element);
        let template = Template::compile(source.as_bytes()).unwrap();
        let remarks: Vec<Problem> = template.remarks().iter().map(|remark| remark.problem).collect();
        assert_eq!(remarks, [Problem::PropertyIgnored], "{element}");
        let plain = source.replace("orientation:vertical", "");
        let [with, without] =
            [&source, &plain].map(|source| layout(source, &Waybill::default()).unwrap().items);
        assert_eq!(with, without, "{element}");
    }
}

#[test]
fn a_font_of_the_caller_stands_upright_too() {
    const WIDE: char = '\u{31350}';
    let mut faces = Faces::default();
    faces.add(include_bytes!("../../../fixtures/fonts/miandan-test.ttf").to_vec()).unwrap();
    let template = Template::compile(
        element("<%=_data.recipient.name%>", 10.0, 20.0, "fontSize:3mm;fontFamily:miandan test").as_bytes(),
    )
    .unwrap();
    let mut waybill = Waybill::default();
    waybill.recipient.name = miandan_core::waybill::Masked::new(format!("一{WIDE}王A*"));
    let mut frame = Frame { faces, ..Frame::default() };
    template.layout(&waybill, Resolution::Dpi203, &mut frame).unwrap();
    let found: Vec<_> =
        texts(&frame).into_iter().map(|(set, text)| (set, text.face, text.turn, text.x, text.y)).collect();
    let wide = found.iter().find(|found| found.0 == WIDE.to_string()).unwrap();
    assert_eq!((wide.1, wide.2), (FaceId::Added(0), Turn::None));
    assert_eq!(wide.4 - found[0].4, 24 * DOT);
    // What is next to each other in a run may be of two faces.
    assert_eq!(found[3..].iter().map(|found| found.2).collect::<Vec<_>>(), [Turn::Quarter; 2]);
    assert_eq!((found[3].1, found[4].1), (FaceId::Added(0), FaceId::Regular));
    assert!(found[4].4 > found[3].4);
    Rasteriser::default().draw(&frame, &mut Bitmap::default());
    let mut pages = PageEncoder::new();
    pages.encode(&frame, &mut Vec::new());
    assert_eq!(subset(&frame.faces, &pages.take_used()).unwrap().len(), 2);
}

#[test]
fn hostile_texts_and_boxes_cost_little() {
    let started = Instant::now();
    let many = "长12（*、".repeat(2_000);
    for content in
        [&many, &"\n".repeat(10_000), &"1".repeat(10_000), &"12 ".repeat(3_000), &"*".repeat(10_000)]
    {
        for (width, height) in [(0.0, 0.0), (0.1, 50.0), (50.0, 0.1), (400.0, 400.0), (3.0, 3.0)] {
            for style in [
                "fontSize:auto",
                "fontSize:auto;wrap:false",
                "letterSpacing:-2000%",
                "letterSpacing:900mm",
                "fontSize:400;rotation:90;fontUnderline:true",
                "lineHeight:50%;rotation:270;overflow:hidden",
            ] {
                // A label of too many things is refused; nothing else may happen.
                match layout(&element(content, width, height, style), &Waybill::default()) {
                    Ok(_) => {}
                    Err(failure) => assert_eq!(failure.code, Code::TemplateRefused, "{style}"),
                }
            }
        }
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    let boxes = element(&"长".repeat(9_000), 490.0, 490.0, "fontSize:2mm");
    assert_eq!(layout(&boxes, &Waybill::default()).unwrap().items.len(), 9_000);
    let three = boxes.replace("</page>", "")
        + &boxes[boxes.find("<text").unwrap()..].replace("</page>", "").repeat(2);
    let failure = layout(&(three + "</page>"), &Waybill::default()).unwrap_err();
    assert_eq!(failure.code, Code::TemplateRefused, "more than 20,000 things");
}

/// What stands upright or turned, but no letter with a descender: those leave the em in horizontal lines too.
fn content() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => prop::sample::select("一国鬱あゃッー面单".chars().collect::<Vec<_>>()),
        2 => prop::sample::select("、。，．：；！？（）《》「」“”‘’…—～·℃％".chars().collect::<Vec<_>>()),
        3 => prop::sample::select("0123456789ABCMW*-.# \n".chars().collect::<Vec<_>>()),
    ];
    prop::collection::vec(character, 1..40).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn what_fits_stays_in_its_box(
        content in content(),
        [width, height] in [2..40i32, 2..40i32],
        bold: bool,
        rotation in prop::sample::select(vec![0, 90, 180, 270]),
        (align, valign) in (
            prop::sample::select(vec!["left", "center", "right"]),
            prop::sample::select(vec!["top", "middle", "bottom"]),
        ),
        size in prop::sample::select(vec!["auto", "2mm", "3mm", "5mm"]),
    ) {
        let weight = if bold { "bold" } else { "normal" };
        let style = format!(
            "fontSize:{size};fontWeight:{weight};rotation:{rotation};align:{align};valign:{valign}"
        );
        let source = element(&content, width.into(), height.into(), &style).replace("500", "60");
        let template = Template::compile(source.as_bytes()).unwrap();
        prop_assume!(template.overflows(&Waybill::default(), Resolution::Dpi203).is_empty());
        let mut frame = Frame::default();
        template.layout(&Waybill::default(), Resolution::Dpi203, &mut frame).unwrap();
        let largest = texts(&frame).iter().map(|(_, text)| text.size).max().unwrap_or(0);
        // Roundings, and what a few glyphs of the face leave their ems by.
        let grace = 1 + largest / 40 / DOT;
        let dots = |millimetres: i32| Resolution::Dpi203.dots(millimetres * 1000);
        let inside = |at: i32, extent: i32| (dots(10) - grace..dots(10 + extent) + grace).contains(&at);
        let mut bitmap = Bitmap::default();
        Rasteriser::default().draw(&frame, &mut bitmap);
        for y in 0..bitmap.height {
            for x in 0..bitmap.width {
                if bitmap.is_black(x, y) {
                    let (x, y) = (x as i32, y as i32);
                    prop_assert!(inside(x, width) && inside(y, height), "{:?} at {:?}", source, (x, y));
                }
            }
        }
    }
}
