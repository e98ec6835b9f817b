//! Where things stand on a label, and the shipped template as a whole.

mod support;

use miandan_core::Code;
use miandan_core::label::{LabelSize, Resolution};
use miandan_core::order::Item as Goods;
use miandan_core::waybill::{Masked, Waybill};
use miandan_render::frame::{Frame, Ink, Item, Rect, Turn};
use miandan_render::shipped;
use miandan_render::template::{Problem, Template};
use support::{characters, dump, layout, page, printed};

fn rect(item: &Item) -> Rect {
    match item {
        Item::Fill(fill) => fill.rect,
        Item::Outline(outline) => outline.rect,
        other => panic!("{other:?}"),
    }
}

/// Rectangles in millimetres, as (x, y, width, height).
fn rects(content: &str) -> Vec<(f64, f64, f64, f64)> {
    let frame = layout(&page(content), &shipped::sample()).unwrap();
    let mm = |length: i32| f64::from(length) / 1000.0;
    frame.items.iter().map(rect).map(|r| (mm(r.x), mm(r.y), mm(r.width), mm(r.height))).collect()
}

#[test]
fn positions_are_relative_and_floats_share() {
    for (content, expected) in [
        (
            "<layout left='10' top='5'><rect left='1' top='2' width='3' height='4'/></layout>",
            vec![(11.0, 7.0, 3.0, 4.0)],
        ),
        ("<layout left='10' top='5' width='30' height='20'><rect/></layout>", vec![(10.0, 5.0, 30.0, 20.0)]),
        (
            "<layout left='10' top='5' width='30' height='20' style='padding:1 2 3 4'><rect/></layout>",
            vec![(14.0, 6.0, 24.0, 16.0)],
        ),
        (
            "<layout width='30' height='20'><rect/><rect/><rect width='10'/></layout>",
            vec![(0.0, 0.0, 10.0, 20.0), (10.0, 0.0, 10.0, 20.0), (20.0, 0.0, 10.0, 20.0)],
        ),
        (
            "<layout width='30' height='20' orientation='vertical'><rect/><rect/></layout>",
            vec![(0.0, 0.0, 30.0, 10.0), (0.0, 10.0, 30.0, 10.0)],
        ),
        (
            "<layout width='30' height='20'><rect width='40'/><rect width='20'/></layout>",
            vec![(0.0, 0.0, 20.0, 20.0), (20.0, 0.0, 10.0, 20.0)],
        ),
        (
            "<layout width='30' height='20'><rect left='1' height='5'/><rect left='2' height='6'/></layout>",
            vec![(1.0, 0.0, 29.0, 5.0), (2.0, 5.0, 28.0, 6.0)],
        ),
        (
            "<layout left='0' top='0' width='9' height='9' style='zIndex:2;borderWidth:1mm'/>\
          <layout left='1' top='1' width='8' height='8' style='zIndex:1;borderWidth:1mm'/>",
            vec![(1.0, 1.0, 8.0, 8.0), (0.0, 0.0, 9.0, 9.0)],
        ),
        (
            "<line startX='5' startY='2' endX='1' endY='2' style='lineWidth:0.5mm'/>",
            vec![(1.0, 1.75, 4.0, 0.5)],
        ),
        (
            "<line startX='2' startY='1' endX='2' endY='4' style='lineWidth:0.25mm;lineType:dashed'/>",
            vec![(1.875, 1.0, 0.25, 1.0), (1.875, 3.0, 0.25, 1.0)],
        ),
        ("<rect left='0' top='0' width='9' height='9' style='alpha:0.3'/>", vec![]),
    ] {
        assert_eq!(rects(content), expected, "{content}");
    }
}

#[test]
fn a_layout_may_refer_to_another() {
    for (content, expected) in [
        (
            "<layout id='a' left='10' top='5' width='8' height='8' style='padding:1'><rect/></layout>\
             <layout ref='a' left='40' top='6' width='9' height='9'/>",
            vec![(11.0, 6.0, 6.0, 6.0), (41.0, 7.0, 7.0, 7.0)],
        ),
        (
            "<layout ref='b' left='40' top='6' width='9' height='9' style='padding:2'/>\
             <layout id='b' left='0' top='0' width='3' height='3' style='padding:1'><rect/></layout>",
            vec![(42.0, 8.0, 5.0, 5.0), (1.0, 1.0, 1.0, 1.0)],
        ),
        (
            "<layout id='c' left='0' top='0' width='8' height='4' orientation='vertical'><rect/><rect/></layout>\
             <layout ref='c' left='20' top='0' width='8' height='2'/>",
            vec![(0.0, 0.0, 8.0, 2.0), (0.0, 2.0, 8.0, 2.0), (20.0, 0.0, 8.0, 1.0), (20.0, 1.0, 8.0, 1.0)],
        ),
    ] {
        assert_eq!(rects(content), expected, "{content}");
    }
}

#[test]
fn a_header_stands_at_the_top_and_a_footer_at_the_bottom() {
    let template = "<page width='60' height='40'>\
        <footer height='6'><pageIndex left='0' top='0' width='60' height='6' format='第currentPageNumber页 共totalPageNumber页'/></footer>\
        <header height='5'><rect/></header></page>";
    let frame = layout(template, &Waybill::default()).unwrap();
    let Item::Text(text) = frame.items[0] else { panic!() };
    assert_eq!(characters(&frame, &text), "第1页 共1页");
    assert!(text.y > 34_000);
    assert_eq!(rect(&frame.items[1]), Rect { x: 0, y: 0, width: 60_000, height: 5_000 });
}

#[test]
fn a_custom_area_alone_is_a_label_of_its_size() {
    let template = "<layout id='CUSTOM_AREA' left='3' top='140' width='100' height='40' style='borderWidth:1mm'>\
        <rect left='10' top='10' width='5' height='5'/></layout>";
    let frame = layout(template, &Waybill::default()).unwrap();
    assert_eq!(frame.size, LabelSize::millimetres(100, 40));
    let found: Vec<Rect> = frame.items.iter().map(rect).collect();
    assert_eq!(found[0], Rect { x: 0, y: 0, width: 100_000, height: 40_000 });
    assert_eq!(found[1], Rect { x: 11_000, y: 11_000, width: 5_000, height: 5_000 });
}

/// A table without lines whose cells each hold one rectangle, so that the rectangles are the cells.
fn cells(rows: &str) -> Vec<(f64, f64, f64, f64)> {
    let rows = rows.replace("/>", "><rect/></td>");
    rects(&format!("<table left='10' top='5' width='60' style='cellBorderWidth:0'>{rows}</table>"))
}

#[test]
fn cells_stand_in_columns_and_rows() {
    for (rows, expected) in [
        (
            "<tr><td height='4'/><td height='6'/></tr><tr><td height='5'/></tr>",
            vec![(10.0, 5.0, 30.0, 6.0), (40.0, 5.0, 30.0, 6.0), (10.0, 11.0, 30.0, 5.0)],
        ),
        (
            "<tr><td width='10' height='4'/><td width='25%'/><td/></tr>",
            vec![(10.0, 5.0, 10.0, 4.0), (20.0, 5.0, 15.0, 4.0), (35.0, 5.0, 35.0, 4.0)],
        ),
        (
            "<tr><td width='80' height='4'/><td width='40'/></tr>",
            vec![(10.0, 5.0, 40.0, 4.0), (50.0, 5.0, 20.0, 4.0)],
        ),
        (
            "<tr><td rowspan='2' width='20' height='9'/><td height='4'/><td/></tr><tr><td colspan='9' height='3'/></tr>",
            vec![(10.0, 5.0, 20.0, 7.0)],
        ),
        ("<tr><td rowspan='99' height='9'/><td height='2'/></tr>", vec![(10.0, 5.0, 30.0, 9.0)]),
    ] {
        assert_eq!(cells(rows)[..expected.len()], expected, "{rows}");
    }
}

#[test]
fn a_row_is_as_tall_as_its_text() {
    let height = |text: &str| {
        let content = format!(
            "<table left='0' top='0' width='30' style='cellBorderWidth:0'>\
             <tr><td width='15'><text style='fontSize:3mm'>{text}</text></td><td><rect/></td></tr></table>"
        );
        let frame = layout(&page(&content), &Waybill::default()).unwrap();
        frame.items.iter().find_map(|item| matches!(item, Item::Outline(_)).then(|| rect(item).height))
    };
    assert_eq!(height("一二三四五"), Some(3_000));
    assert_eq!(height("一二三四五六"), Some(3_000 + 3_625), "two lines");
}

#[test]
fn lines_between_cells_are_drawn_once() {
    let table = "<table left='0' top='0' width='40' style='cellBorderWidth:0.5mm'>\
        <tr><td colspan='2' height='10'/></tr><tr><td height='10'/><td/></tr></table>";
    assert_eq!(
        rects(table),
        [
            (0.0, 0.0, 40.0, 0.5),
            (0.0, 9.75, 40.0, 0.5),
            (0.0, 19.5, 40.0, 0.5),
            (0.0, 0.0, 0.5, 20.0),
            (19.75, 10.0, 0.5, 10.0),
            (39.5, 0.0, 0.5, 20.0),
        ]
    );
}

#[test]
fn a_table_that_is_longer_than_its_page_is_refused() {
    let table = |rows: u32, footer: u32| {
        let source = format!(
            "<page width='76' height='50' splitable='false'><footer height='{footer}'/>\
             <table left='0' top='0' width='76'><% for (i = 0; i < {rows}; i++) {{ %><tr><td height='10'/></tr><% }} %></table></page>"
        );
        let template = Template::compile(source.as_bytes()).unwrap();
        template.fault(&Waybill::default(), Resolution::Dpi203).map(|fault| fault.problem)
    };
    assert_eq!(table(5, 0), None);
    assert_eq!(table(6, 0), Some(Problem::TableDoesNotFit));
    assert_eq!(table(5, 8), Some(Problem::TableDoesNotFit), "the footer is in the way");
}

/// The texts of each page, with where each line stands from the top of its page in millimetres.
fn pages(source: &str) -> Vec<Vec<(String, i32)>> {
    let frame = layout(source, &shipped::sample()).unwrap();
    let texts = |page| {
        let texts = frame.page(page).iter().filter_map(|item| match item {
            Item::Text(text) => Some((characters(&frame, text), text.y / 1000)),
            _ => None,
        });
        texts.collect()
    };
    (0..frame.pages()).map(texts).collect()
}

/// A page of 50 mm with a header of 6, a footer of 4, a table of rows of 10, and a word behind the table.
fn long_table(rows: usize) -> String {
    format!(
        "<page width='76' height='50' splitable='true'>\
         <header height='6'><text left='0' top='0' width='76' height='6'>头</text></header>\
         <footer height='4'><pageIndex format='currentPageNumber/totalPageNumber'/></footer>\
         <layout left='0' top='6' width='76' orientation='vertical'>\
         <table width='76'><tr><th height='5'><text>品名</text></th></tr>\
         <% for (i = 0; i < {rows}; i++) {{ %><tr><td height='10'><text><%= 'r' + i %></text></td></tr><% }} %></table>\
         <text width='76' height='3'>尾</text></layout></page>"
    )
}

#[test]
fn a_table_goes_on_on_the_next_page_under_its_headings() {
    let found = pages(&long_table(7));
    let words = |page: &[(String, i32)]| page.iter().map(|line| line.0.clone()).collect::<Vec<_>>();
    // 40 mm for content: headings of 5 mm and three rows of 10.
    assert_eq!(words(&found[0]), ["头", "1/3", "品名", "r0", "r1", "r2"]);
    assert_eq!(words(&found[1]), ["头", "2/3", "品名", "r3", "r4", "r5"]);
    assert_eq!(words(&found[2]), ["头", "3/3", "品名", "r6", "尾"]);
    assert_eq!(found[1][2].1, found[0][2].1, "headings stand equally high");
    assert_eq!(found[1][3].1, found[0][3].1);
    assert_eq!(found.len(), 3);
}

#[test]
fn what_follows_a_table_that_fills_its_page_stands_on_the_next() {
    let found = pages(&long_table(3));
    assert_eq!(found[0].last().unwrap().0, "尾", "5 mm are left");
    let found = pages(&long_table(3).replace("height='3'>尾", "height='5.1'>尾"));
    assert_eq!((found.len(), &*found[1].last().unwrap().0), (2, "尾"));
}

#[test]
fn a_row_that_misses_by_a_tenth_of_a_millimetre_moves() {
    let table = |height: &str| {
        format!(
            "<page width='76' height='50' splitable='true'><table left='0' top='0' width='76'>\
             <tr><td height='25'><text>甲</text></td></tr><tr><td height='{height}'><text>乙</text></td></tr></table></page>"
        )
    };
    assert_eq!(pages(&table("25")).len(), 1);
    let found = pages(&table("25.2"));
    assert_eq!((found.len(), found[0].len(), found[1].len()), (2, 1, 1));
}

#[test]
fn rows_with_a_cell_in_common_stay_together() {
    let found = pages(
        "<page width='76' height='50' splitable='true'><table left='0' top='0' width='76'>\
         <tr><td height='20'><text>甲</text></td><td/></tr>\
         <tr><td rowspan='2'><text>乙</text></td><td height='20'/></tr><tr><td height='20'><text>丙</text></td></tr></table></page>",
    );
    let words: Vec<Vec<&str>> = found.iter().map(|page| page.iter().map(|line| &*line.0).collect()).collect();
    assert_eq!(words, [vec!["甲"], vec!["乙", "丙"]]);
}

#[test]
fn what_has_a_position_keeps_its_distance_to_what_is_above() {
    let found = pages(
        "<page width='76' height='50' splitable='true'><header height='10'/>\
         <text left='0' top='20' width='9' height='5'>一</text><text left='0' top='48' width='9' height='5'>二</text>\
         <text left='0' top='60' width='9' height='5'>三</text></page>",
    );
    assert_eq!(found.len(), 2);
    let [two, three] = &found[1][..] else { panic!("{found:?}") };
    assert_eq!((found[0][0].0.as_str(), two.0.as_str(), three.0.as_str()), ("一", "二", "三"));
    assert!((10..16).contains(&two.1) && (20..26).contains(&three.1), "{found:?}");
}

#[test]
fn what_no_page_holds_refuses_the_label() {
    let fault = |source: String| {
        let template = Template::compile(source.as_bytes()).unwrap();
        template.fault(&shipped::sample(), Resolution::Dpi300).map(|fault| fault.problem)
    };
    assert_eq!(fault(long_table(300)), None, "a hundred pages");
    assert_eq!(fault(long_table(301)), Some(Problem::TooManyPages));
    assert_eq!(fault(long_table(2).replace("height='10'", "height='36'")), Some(Problem::TableDoesNotFit));
    assert_eq!(fault(long_table(2).replace("height='10'", "height='35'")), None);
    assert_eq!(
        fault("<page width='9' height='9' splitable='true'><text left='0' top='950'>远</text></page>".into()),
        Some(Problem::TooManyPages)
    );
    assert_eq!(
        fault("<page width='9' height='9' splitable='true'><header height='8'/><footer height='8'/><text>远</text></page>".into()),
        None
    );
}

#[test]
fn a_preview_covers_the_symbols_of_every_page() {
    let source = "<page width='76' height='50' splitable='true'>\
        <footer height='10'><barcode type='code128' left='2' top='1' width='70' height='8'>12345678</barcode></footer>\
        <text left='0' top='90' width='9' height='5'>三</text></page>";
    let mut frame = layout(source, &shipped::sample()).unwrap();
    let before: Vec<usize> = (0..frame.pages()).map(|page| frame.page(page).len()).collect();
    miandan_render::mark_preview(&mut frame);
    let after: Vec<usize> = (0..frame.pages()).map(|page| frame.page(page).len()).collect();
    assert_eq!((before, after), (vec![1, 1, 2], vec![4, 4, 5]));
}

#[test]
fn each_side_of_a_border_has_its_own_kind() {
    let style = "borderWidth:1mm;borderStyle:solid dashed";
    let expected = [
        (0.0, 0.0, 9.0, 1.0),
        (8.0, 0.0, 1.0, 3.0),
        (8.0, 6.0, 1.0, 3.0),
        (0.0, 8.0, 9.0, 1.0),
        (0.0, 0.0, 1.0, 3.0),
        (0.0, 6.0, 1.0, 3.0),
    ];
    for element in ["rect", "layout"] {
        let content = format!("<{element} left='0' top='0' width='9' height='9' style='{style}'/>");
        assert_eq!(rects(&content), expected, "{element}");
    }
}

#[test]
fn a_line_may_be_slanted() {
    let frame = layout(
        &page("<layout left='10' top='5'><line startX='1' startY='9' endX='4' endY='2' style='lineWidth:0.5mm'/></layout>"),
        &Waybill::default(),
    )
    .unwrap();
    let [Item::Stroke(stroke)] = frame.items[..] else { panic!("{:?}", frame.items) };
    assert_eq!(
        (stroke.from, stroke.to, stroke.line, stroke.dash),
        ([11_000, 14_000], [14_000, 7_000], 500, 0)
    );
}

#[test]
fn a_layout_is_turned_inside_its_box() {
    let content = |turn| {
        format!(
            "<layout left='10' top='20' width='30' height='40' style='rotation:{turn}'><rect left='1' top='2' width='3' height='4'/></layout>"
        )
    };
    assert_eq!(rects(&content(90)), [(34.0, 21.0, 4.0, 3.0)]);
    assert_eq!(rects(&content(180)), [(36.0, 54.0, 3.0, 4.0)]);
    assert_eq!(rects(&content(270)), [(12.0, 56.0, 4.0, 3.0)]);
    let source = page(
        "<layout left='10' top='20' width='30' height='40' style='rotation:90'><text left='0' top='0' width='40' height='10' style='rotation:270'>字</text><barcode type='code128' left='0' top='20' width='40' height='8'>1234</barcode></layout>",
    );
    let frame = layout(&source, &Waybill::default()).unwrap();
    let [Item::Text(text), Item::Bars(bars)] = frame.items[..] else { panic!("{:?}", frame.items) };
    assert_eq!((text.turn, bars.turn), (Turn::None, Turn::Quarter));
    // The bars reach 8 mm, 20 mm from the right edge of the box.
    assert_eq!((bars.x, bars.length), ((40 - 28) * 8, 64));
}

/// The places of the texts that do not fit their boxes.
fn overflows(content: &str) -> Vec<(u32, u32)> {
    let source = page(content);
    let template = Template::compile(source.as_bytes()).unwrap();
    let found = template.overflows(&shipped::sample(), Resolution::Dpi203);
    assert!(found.iter().all(|remark| remark.problem == Problem::TextCut));
    found.into_iter().map(|remark| (remark.line, remark.column)).collect()
}

#[test]
fn texts_that_end_with_an_ellipsis_are_told() {
    let text = |width: u32, height: u32, style: &str| {
        format!(
            "<text left='0' top='0' width='{width}' height='{height}' style='{style}'>{}</text>",
            "长".repeat(20)
        )
    };
    assert_eq!(overflows(&text(60, 4, "")), []);
    assert_eq!(overflows(&text(10, 10, "")), [], "20 characters of 2 mm in four lines");
    assert_eq!(overflows(&format!("\n {}", text(10, 6, ""))), [(2, 2)]);
    assert_eq!(overflows(&text(30, 4, "overflow:hidden")), [(1, 32)]);
    assert_eq!(overflows(&text(30, 2, "wrap:false")), [(1, 32)]);
    assert_eq!(overflows(&text(30, 5, "wrap:false")), []);
}

#[test]
fn what_is_too_long_for_one_line_wraps_at_the_least_size() {
    let long = "一二三四五六七八九十".repeat(2);
    let lines = set(&long, 30.0, 6.0, "fontSize:3mm;wrap:false");
    assert_eq!(lines, [(long.chars().take(15).collect(), 16), (long.chars().skip(15).collect(), 16)]);
    let lines = set(&long, 30.0, 6.0, "fontSize:2mm;wrap:false;overflow:hidden");
    assert_eq!(lines.len(), 1, "hidden is said");
}

#[test]
fn colours_become_black_or_white() {
    let content = "<text left='0' top='0' width='9' height='9' style='backgroundColor:#202020;fontColor:#ffff00'>集</text>";
    let frame = layout(&page(content), &Waybill::default()).unwrap();
    let inks: Vec<Ink> = frame
        .items
        .iter()
        .map(|item| match item {
            Item::Fill(fill) => fill.ink,
            Item::Text(text) => text.ink,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(inks, [Ink::Black, Ink::White]);
}

/// The lines of one text in a box, with the em in dots at 203 dpi.
fn set(content: &str, width: f64, height: f64, style: &str) -> Vec<(String, i32)> {
    let content = format!(
        "<text left='0' top='0' width='{width}' height='{height}' style='{style}'><![CDATA[{content}]]></text>"
    );
    let frame = layout(&page(&content), &shipped::sample()).unwrap();
    frame
        .items
        .iter()
        .map(|item| match item {
            Item::Text(text) => (characters(&frame, text), text.size / 125),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn text_shrinks_and_then_ends_with_an_ellipsis() {
    let long = "一二三四五六七八九十".repeat(3);
    let line = |text: &str, size| (text.to_owned(), size);
    assert_eq!(set("一二三四", 40.0, 4.0, "fontSize:3mm"), [line("一二三四", 24)]);
    // 30 characters of 24 dots in 45 mm: two lines, which 6 mm do not hold but at 22 dots they do.
    let lines = set(&long, 45.0, 6.0, "fontSize:3mm");
    assert_eq!((lines.len(), lines[0].1), (2, 22));
    // At the floor of 16 dots two lines hold ten characters each.
    assert_eq!(
        set(&long, 20.0, 4.5, "fontSize:3mm"),
        [line("一二三四五六七八九十", 16), line("一二三四五六七八九…", 16)]
    );
    assert_eq!(set(&long, 15.0, 4.0, "fontSize:3mm;overflow:hidden"), [line("一二三四…", 24)]);
    assert_eq!(set(&long, 10.0, 4.0, "fontSize:3mm;wrap:false"), [line("一二三四…", 16)]);
    // What is small by intention does not grow.
    assert_eq!(set("一二三四五六", 5.0, 1.0, "fontSize:1mm"), [line("一二三四…", 8)]);
    // Nothing vanishes, however small the box.
    assert_eq!(set("一二", 0.0, 0.0, "fontSize:3mm").len(), 1);
    assert_eq!(set("一", 20.0, 5.0, "fontSize:auto"), [line("一", 40)]);
}

#[test]
fn a_paragraph_does_not_end_with_a_lonely_character() {
    let lines = set("一二三四五六七八九十甲", 30.0, 12.0, "fontSize:3mm");
    assert_eq!(lines, [("一二三四五六七八九十甲".to_owned(), 21)]);
}

#[test]
fn an_underline_follows_its_line_in_every_turn() {
    for (rotation, expected) in [
        (0, Rect { x: 10_000, y: 23_000, width: 6_000, height: 125 }),
        (90, Rect { x: 26_875, y: 20_000, width: 125, height: 6_000 }),
        (180, Rect { x: 24_000, y: 46_875, width: 6_000, height: 125 }),
        (270, Rect { x: 13_000, y: 44_000, width: 125, height: 6_000 }),
    ] {
        let content = format!(
            "<text left='10' top='20' width='20' height='30' style='fontSize:3mm;fontUnderline:true;rotation:{rotation}'>中文</text>"
        );
        let frame = layout(&page(&content), &Waybill::default()).unwrap();
        let found = rect(&frame.items[1]);
        let near = |a: i32, b: i32| (a - b).abs() <= 125;
        assert!(near(found.x, expected.x) && near(found.y, expected.y), "{rotation}: {found:?}");
        assert_eq!((found.width, found.height), (expected.width, expected.height), "{rotation}");
    }
}

#[test]
fn turned_text_stays_in_its_box() {
    for (rotation, turn, x, y) in [
        (0, Turn::None, 10_000, 20_000 + 2_640),
        (90, Turn::Quarter, 15_000 - 2_640, 20_000),
        (180, Turn::Half, 15_000, 50_000 - 2_640),
        (270, Turn::ThreeQuarters, 10_000 + 2_640, 50_000),
    ] {
        let content = format!(
            "<text left='10' top='20' width='5' height='30' style='fontSize:3mm;rotation:{rotation}'>一</text>"
        );
        let frame = layout(&page(&content), &Waybill::default()).unwrap();
        let Item::Text(text) = frame.items[0] else { panic!() };
        assert_eq!(text.turn, turn);
        assert!((text.x - x).abs() <= 63 && (text.y - y).abs() <= 63, "{rotation}: {} {}", text.x, text.y);
    }
}

#[test]
fn text_at_an_angle_is_the_upright_text_turned_about_the_middle_of_its_box() {
    let set = |style: &str| {
        let content = format!(
            "<text left='10' top='20' width='20' height='30' style='fontSize:3mm;fontUnderline:true;{style}'>斜着写的两行字abc第二行</text>"
        );
        layout(&page(&content), &Waybill::default()).unwrap().items
    };
    let upright = set("rotation:0");
    for degrees in [-720.5f64, 0.01, 30.0, 45.0, 133.33, 359.5] {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        // About the middle, within a dot: upright text stands on dots.
        let near = |found: [i32; 2], before: [f64; 2]| {
            let [x, y] = [before[0] - 20_000.0, before[1] - 35_000.0];
            let turned = [x * cosine - y * sine + 20_000.0, x * sine + y * cosine + 35_000.0];
            (f64::from(found[0]) - turned[0]).hypot(f64::from(found[1]) - turned[1]) <= 126.0
        };
        let turned = set(&format!("rotation:{degrees}"));
        assert_eq!(turned.len(), upright.len());
        assert_eq!(upright.len(), 4);
        for (turned, upright) in turned.iter().zip(&upright) {
            match (turned, upright) {
                (Item::Text(turned), Item::Text(upright)) => {
                    assert!(near([turned.x, turned.y], [upright.x, upright.y].map(f64::from)), "{turned:?}");
                    let hundredths = (degrees.rem_euclid(360.0) * 100.0).round() as u16;
                    assert_eq!((turned.turn, turned.angle.in_hundredths()), (Turn::None, hundredths));
                    assert_eq!((turned.size, turned.length), (upright.size, upright.length));
                }
                (Item::Stroke(turned), Item::Fill(upright)) => {
                    let Rect { x, y, width, height } = upright.rect;
                    let middle = f64::from(y) + f64::from(height) / 2.0;
                    assert!(near(turned.from, [x.into(), middle]), "{turned:?}");
                    assert!(near(turned.to, [(x + width).into(), middle]), "{turned:?}");
                    assert_eq!((turned.line, turned.dash, turned.ink), (height, 0, Ink::Black));
                }
                _ => panic!("{turned:?}"),
            }
        }
    }
}

#[test]
fn an_angle_adds_to_the_turn_of_the_layout_around_it() {
    let content = "<layout left='10' top='20' width='30' height='40' style='rotation:90'>\
        <text left='0' top='0' width='40' height='10' style='rotation:30;fontItalic:true'>字</text></layout>";
    let frame = layout(&page(content), &Waybill::default()).unwrap();
    let Item::Text(text) = frame.items[0] else { panic!() };
    assert_eq!((text.turn, text.angle.in_hundredths(), text.slant), (Turn::Quarter, 3_000, true));
    let direction = text.direction();
    assert_eq!((direction.x, direction.y), (-500_000_000, 866_025_404));
}

#[test]
fn italics_take_the_place_of_upright_text() {
    let text = |style: &str| {
        let content =
            format!("<text left='10' top='20' width='20' height='30' style='{style}'>斜体abc</text>");
        let frame = layout(&page(&content), &Waybill::default()).unwrap();
        let [Item::Text(text)] = frame.items[..] else { panic!() };
        text
    };
    for name in ["fontItalic", "fontItatlic"] {
        let [upright, slanted] = [text(""), text(&format!("{name}:true"))];
        assert_eq!(slanted, miandan_render::frame::Text { slant: true, ..upright });
        assert_eq!(text(&format!("{name}:false")), upright);
    }
}

#[test]
fn barcodes_have_modules_of_three_dots_where_they_fit() {
    for (number, width, module) in [
        ("78000000000012", 72, Some(3)),
        ("MD7000000000012", 72, Some(3)),
        ("MD7000000000012", 61, Some(2)),
        ("MD7000000000012", 41, None),
        ("12", 72, Some(3)),
    ] {
        let content = format!(
            "<barcode left='0' top='0' width='{width}' height='10' type='code128' value='{number}'/>"
        );
        let found = layout(&page(&content), &Waybill::default()).map(|frame| match frame.items[0] {
            Item::Bars(bars) => {
                let modules: i32 = bars.widths(&frame).iter().map(|&width| i32::from(width)).sum();
                let quiet = 10 * i32::from(bars.module);
                let symbol = modules * i32::from(bars.module);
                assert!(bars.x >= quiet && bars.x + symbol + quiet <= width * 8, "{number}");
                bars.module
            }
            ref other => panic!("{other:?}"),
        });
        assert_eq!(found.ok(), module, "{number} in {width} mm");
    }
    let code = |content: &str| layout(&page(content), &Waybill::default()).unwrap_err().code;
    let barcode =
        |attributes: &str| format!("<barcode left='0' top='0' width='72' height='20' {attributes}/>");
    assert_eq!(code(&barcode("type='code128' value='<%= _data.waybillCode %>'")), Code::FieldMissing);
    assert_eq!(code(&barcode("type='code128' value='面单'")), Code::TemplateRefused);
    assert_eq!(code("<barcode width='8' height='8' type='qrcode' value='1'/>"), Code::TemplateRefused);
    let optional = barcode("type='code128' allowFailure='true' value='面单'");
    assert_eq!(layout(&page(&optional), &Waybill::default()).unwrap().items, []);
}

#[test]
fn a_qr_code_keeps_its_quiet_zone_inside_the_box() {
    let content = "<barcode left='10' top='10' width='20' height='25' type='qrcode' errorCorrection='3' value='MD7000000000012'/>";
    for (resolution, per_mm) in [(Resolution::Dpi203, 8.0), (Resolution::Dpi300, 300.0 / 25.4)] {
        let template = Template::compile(page(content).as_bytes()).unwrap();
        let mut frame = Frame::default();
        template.layout(&Waybill::default(), resolution, &mut frame).unwrap();
        let Item::Matrix(matrix) = frame.items[0] else { panic!() };
        let (module, side) = (i32::from(matrix.module), i32::from(matrix.side));
        let box_dots = (20.0_f64 * per_mm).round() as i32;
        let first = (10.0_f64 * per_mm).round() as i32;
        assert!(matrix.x >= first + 4 * module && matrix.x + (side + 4) * module <= first + box_dots);
        assert!((side + 8) * (module + 1) > box_dots, "a larger module would fit");
    }
}

/// Sixty-one modules with the quiet zones: below three dots of 203 dpi and four of 300 it is refused, and never smaller.
#[test]
fn a_token_has_room_or_is_refused() {
    for (resolution, side, dots) in
        [(Resolution::Dpi203, 22_875, 3), (Resolution::Dpi300, 20_660, 4), (Resolution::Dpi203, 30_500, 4)]
    {
        let draw = |side: i32| {
            let side = f64::from(side) / 1e3;
            let content = format!(
                "<barcode left='5' top='5' width='{side}' height='{side}' type='qrcode' errorCorrection='1'><%=_data.courierToken || _data.waybillCode%></barcode>"
            );
            let template = Template::compile(page(&content).as_bytes()).unwrap();
            let mut frame = Frame::default();
            template.layout(&shipped::sample(), resolution, &mut frame).map(|()| match frame.items[..] {
                [Item::Matrix(matrix)] => (matrix.module, matrix.side),
                ref others => panic!("{others:?}"),
            })
        };
        assert_eq!(draw(side), Ok((dots, 53)), "{side}");
        let below = draw(side - 125);
        match dots {
            4 if resolution == Resolution::Dpi203 => assert_eq!(below, Ok((3, 53))),
            _ => assert_eq!(below.unwrap_err().code, Code::TemplateRefused),
        }
    }
}

#[test]
fn the_shipped_template_is_as_it_was() {
    let template = Template::compile(shipped::ONE_PART_76X130.as_bytes()).unwrap();
    assert_eq!(template.size(), LabelSize::millimetres(76, 130));
    assert_eq!(template.remarks(), []);
    assert_eq!(template.fields().iter().count(), 20, "sender and recipient whole");
    for (resolution, name) in [(Resolution::Dpi203, "203"), (Resolution::Dpi300, "300")] {
        let mut frame = Frame::default();
        template.layout(&shipped::sample(), resolution, &mut frame).unwrap();
        compare(&format!("one-part-76x130-{name}"), &dump(&frame));
    }
}

/// Holds a frame as text against the file that a person has read.
fn compare(name: &str, found: &str) {
    let path = format!("{}/tests/snapshots/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if found != expected {
        let line = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
        let line = line.unwrap_or(found.lines().count().min(expected.lines().count()));
        panic!(
            "{path}, line {}:\n  found    {:?}\n  expected {:?}\nUPDATE_SNAPSHOTS=1 accepts the change",
            line + 1,
            found.lines().nth(line),
            expected.lines().nth(line)
        );
    }
}

#[test]
fn tables_pages_and_turns_look_as_they_did() {
    let table = "<page width='76' height='60'><table left='2' top='2' width='72' style='cellBorderWidth:0.5;headerBorderWidth:1'>\
        <tr><th width='50%'><text>品名</text></th><th><text>规格</text></th><th><text style='align:right'>数量</text></th></tr>\
        <tr><td rowspan='2' style='padding:1'><text>不锈钢保温杯，可装热水的那一种</text></td><td><text>大</text></td><td><text style='align:right'>2</text></td></tr>\
        <tr><td colspan='2' height='8'><text style='valign:middle'>已验视</text></td></tr></table></page>";
    let turned = "<page width='40' height='30'><layout left='2' top='2' width='10' height='26' style='rotation:90;borderWidth:0.5'>\
        <text left='1' top='1' width='24' height='4'>向下读</text><line startX='1' startY='9' endX='25' endY='6'/></layout>\
        <text left='14' top='2' width='5' height='26' style='rotation:270'>向上读</text>\
        <text left='20' top='2' width='18' height='6' style='rotation:180'>倒着读</text>\
        <line startX='20' startY='28' endX='38' endY='12' style='lineType:dashed'/></page>";
    let leaning = "<page width='60' height='40'><text left='2' top='2' width='26' height='10' style='fontItalic:true;fontSize:12'>斜体 Italic</text>\
        <text left='30' top='2' width='28' height='10' style='fontItatlic:true;fontWeight:bold;rotation:90'>斜 It</text>\
        <text left='2' top='14' width='30' height='24' style='fontSize:12;rotation:-30;align:center;valign:middle;fontUnderline:true'>斜三十度\nup 30</text>\
        <text left='34' top='14' width='24' height='24' style='fontSize:10;rotation:45;fontItalic:true'>向下四十五度</text></page>";
    for (name, source) in
        [("table", table), ("split", &long_table(4)), ("turned", turned), ("leaning", leaning)]
    {
        compare(name, &dump(&layout(source, &shipped::sample()).unwrap()));
    }
}

#[test]
fn vertical_text_looks_as_it_did() {
    let vertical = "<page width='60' height='50'>\
        <text left='2' top='2' width='20' height='46' style='orientation:vertical;fontSize:4mm'>浙江省杭州市西湖区文三路9999号，东部软件园12号楼（北座）3单元A座。“你好”——是吗？对：有；等…… iPhone 15、3.5kg</text>\
        <text left='24' top='2' width='8' height='46' style='orientation:vertical;fontSize:5mm;fontWeight:bold;align:center;valign:middle;fontUnderline:true'>王**先生</text>\
        <text left='34' top='2' width='6' height='20' style='orientation:vertical;fontSize:4mm'>138****1234太长了，缩小也放不下的文字</text>\
        <text left='34' top='26' width='24' height='8' style='orientation:vertical;rotation:90;fontSize:4mm'>横放12号AB</text></page>";
    compare("vertical", &dump(&layout(vertical, &shipped::sample()).unwrap()));
}

#[test]
fn a_frame_is_reused_without_a_trace() {
    let template = Template::compile(shipped::ONE_PART_76X130.as_bytes()).unwrap();
    let (mut used, mut fresh) = (Frame::default(), Frame::default());
    let mut other = shipped::sample();
    other.items.clear();
    template.layout(&other, Resolution::Dpi300, &mut used).unwrap();
    template.layout(&shipped::sample(), Resolution::Dpi203, &mut used).unwrap();
    template.layout(&shipped::sample(), Resolution::Dpi203, &mut fresh).unwrap();
    assert_eq!(used, fresh);
}

#[test]
fn the_shipped_template_prints_orders_of_every_kind() {
    let masked = |text: &str| Masked::new(text.to_owned());
    let mut hidden = shipped::sample();
    hidden.recipient.detail = masked("****");
    let mut bare = Waybill { waybill_no: "12345678901234".to_owned(), ..Waybill::default() };
    bare.recipient.name = masked("*");
    let mut long = shipped::sample();
    long.recipient.detail = masked(&"人民路与建设大街交叉口".repeat(10));
    long.recipient.name = masked("阿卜杜热西提·*********************");
    long.memo = masked(&"请放在门卫室，".repeat(10));
    long.items =
        vec![Goods { name: "加厚纯棉保暖内衣".to_owned(), sku: String::new(), count: 2 }; 10];
    long.waybill_no = "JDVA00000000012-1-1-".to_owned();
    let mut virtual_number = shipped::sample();
    virtual_number.recipient.virtual_number = masked("12900000000-1234");
    virtual_number.parcel.index = 2;
    virtual_number.parcel.count = 3;
    let template = shipped::ONE_PART_76X130;
    for (waybill, shown) in [
        (&hidden, "****"),
        (&bare, "12345678901234"),
        (&long, "共20件"),
        (&virtual_number, "12900000000 转 1234"),
        (&virtual_number, "第2/3件"),
    ] {
        let frame = layout(template, waybill).unwrap();
        let text = printed(&frame);
        assert!(text.contains(shown), "{shown} in\n{text}");
        assert!(!text.contains("undefined") && !text.contains("null"), "{text}");
        for item in &frame.items {
            if let Item::Text(text) = item {
                assert!((0..=76_000).contains(&text.x) && (0..=130_000).contains(&text.y));
                assert!(text.size >= 2_000, "legible");
            }
        }
    }
    assert!(
        !printed(&layout(template, &virtual_number).unwrap()).contains("*******4771"),
        "instead of the mobile"
    );
}

#[test]
fn the_routing_code_is_the_largest_type_on_the_label() {
    let frame = layout(shipped::ONE_PART_76X130, &shipped::sample()).unwrap();
    let mut texts: Vec<_> = frame
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Text(text) => Some((text.size, characters(&frame, text))),
            _ => None,
        })
        .collect();
    texts.sort_unstable();
    let (size, text) = texts.pop().unwrap();
    assert_eq!(text, "356-01-02 F3");
    assert!(size >= 24 * 25_400 / 72, "at least 24 pt");
}
