//! Templates that mean harm: refused, and quickly, by limits and not by luck.

mod support;

use miandan_core::Code;
use miandan_core::label::Resolution;
use miandan_core::order::Item;
use miandan_core::waybill::Masked;
use miandan_render::frame::Frame;
use miandan_render::shipped;
use miandan_render::template::Template;
use proptest::prelude::*;
use support::{layout, page, print, text};

#[test]
fn code_that_never_ends_is_stopped() {
    let pump = "a = a + a;".repeat(12);
    for (name, code) in [
        ("an endless loop", "<% for (;;) {} %>".to_owned()),
        ("an endless loop with output", "<% for (;;) { %>x<% } %>".to_owned()),
        ("a loop that steps back", "<% for (var i = 0; i < 9; i--) {} %>".to_owned()),
        ("loops in loops", "<% for (a=0;a<99;a++) for (b=0;b<99;b++) for (c=0;c<99;c++) { } %>".to_owned()),
        ("a string that doubles", "<% a = 'x'; for (;;) a += a %>".to_owned()),
        (
            "strings that are thrown away",
            format!("<% for (i = 0; i < 9999; i++) {{ a = 'xxxx'; {pump} }} %>"),
        ),
        ("a string that grows by replacement", "<% a = 'xx'; for (;;) a = a.replace('x', a) %>".to_owned()),
        ("a list in a list in a list", "<% a = []; for (;;) a = [a, a] %>".to_owned()),
        (
            "a list that is joined",
            "<% a = [1,1,1,1,1,1,1,1]; for (i = 0; i < 7; i++) a = [a,a,a,a,a,a,a,a] %><%= a %>".to_owned(),
        ),
        (
            "a string cut in pieces",
            "<% a = 'x'; for (i = 0; i < 12; i++) a += a %><%= a.split('').length %>".to_owned(),
        ),
        (
            "searching in vain",
            "<% a = 'x'; for (i = 0; i < 13; i++) a += a; for (;;) a.indexOf(a + 'y') %>".to_owned(),
        ),
        ("a list that holds itself", "<% l = []; l.push(l, l); for (;;) l.join() %>".to_owned()),
        ("lists deep in each other", "<% l = []; for (i = 0; i < 99; i++) l = [l] %><%= l %>".to_owned()),
        ("a list that grows while it is met", "<% l = [1]; for (;;) { for (i in l) l.push(i) } %>".to_owned()),
        ("a list that doubles", "<% l = [1]; for (;;) l = l.concat(l) %>".to_owned()),
        ("an object that grows", "<% o = {}; for (i = 0; ; i++) o['k' + i] = o %>".to_owned()),
        ("long names", "<% o = {}; s = 'x'; for (i = 0; i < 13; i++) s += s; for (;;) o[s + i++] = 1 %>".to_owned()),
        (
            "a sort within its own order",
            "<% function f(a, b) { [1, 2].sort(f); return 0 } [1, 2].sort(f) %>".to_owned(),
        ),
        ("an order that never ends", "<% [1, 2].sort(function (a, b) { for (;;) { } }) %>".to_owned()),
        (
            "an order that changes its list",
            "<% l = [1, 2, 3]; for (;;) l.sort(function (a, b) { l.push(1); return 1 }) %>".to_owned(),
        ),
        (
            "long texts in order",
            "<% s = 'x'; for (i = 0; i < 13; i++) s += s; l = []; for (i = 0; i < 999; i++) l.push(s); l.sort() %>"
                .to_owned(),
        ),
        ("a switch without end", "<% for (;;) { switch (1) { case 1: break } } %>".to_owned()),
        ("a format without end", "<% s = 'y'; for (;;) _context.formatStartTime(s += s) %>".to_owned()),
        ("a while loop", "<% while (1); %>".to_owned()),
        ("a do loop", "<% do { } while (1) %>".to_owned()),
        ("a function that calls itself", "<% function f() { f() } f() %>".to_owned()),
        ("functions that call each other", "<% function f() { g() } function g() { f() } f() %>".to_owned()),
        (
            "a function that calls itself deep inside",
            format!("<% function f() {{ {} f() {} }} f() %>", "if (1) {".repeat(80), "}".repeat(80)),
        ),
        (
            "a function in a long expression",
            format!("<% function f() {{ return {} f(){} }} f() %>", "(1+".repeat(40), ")".repeat(40)),
        ),
        ("calls in calls", "<% function f(n) { return n ? f(n - 1) + f(n - 1) : 0 } f(40) %>".to_owned()),
        (
            "loops over a list in loops",
            "<% l = 'x'.split(''); for (i = 0; ; i++) for (k in l) l = [l[0], k] %>".to_owned(),
        ),
        ("a member of nothing", "<%= undefined.length %>".to_owned()),
        ("a member of a number", "<% a = 1 %><%= a.length %>".to_owned()),
        ("goods that are not there", "<%= _data.packageInfo.items[99].name %>".to_owned()),
        ("digits without end", "<%= (1).toFixed(101) %>".to_owned()),
        ("the goods as text", "<%= _data.packageInfo.items %>".to_owned()),
    ] {
        let failure = layout(&text(&code), &shipped::sample()).expect_err(name);
        assert_eq!(failure.code, Code::TemplateRefused, "{name}");
        assert_eq!(failure.field, None, "{name}");
    }
}

#[test]
fn elements_without_end_are_stopped() {
    for (name, content) in [
        ("elements", "<% for (;;) { %><rect left='0' top='0' width='1' height='1'/><% } %>"),
        (
            "barcodes",
            "<% for (;;) { %><barcode left='0' top='0' width='70' height='30' type='qrcode' value='1'/><% } %>",
        ),
        (
            "dashes",
            "<% for (;;) { %><line startX='0' startY='1' endX='1200' endY='1' style='lineWidth:0.1;lineType:dotted'/><% } %>",
        ),
        ("a computed size", "<rect left='<%= 1/0 %>' top='0'/>"),
        ("a computed size that is none", "<rect left='<%= 0/0 %>' top='0'/>"),
        ("a computed size that is negative", "<rect width='<%= -1 %>'/>"),
        ("a computed style", "<layout style='<%= 'rotation:45' %>'><text>a</text></layout>"),
        ("a computed line", "<line startX='0' startY='0' endX='<%= 'x' %>' endY='1'/>"),
    ] {
        let failure = layout(&page(content), &shipped::sample()).expect_err(name);
        assert_eq!(failure.code, Code::TemplateRefused, "{name}");
    }
}

#[test]
fn entity_bombs_and_deep_trees_are_refused() {
    let bomb =
        "<!DOCTYPE page [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><page width='9' height='9'>&b;</page>";
    assert!(Template::compile(bomb.as_bytes()).is_err());
    for open in ["<layout>", "<text>", "<% if (1) { %>", "<% if (1) %>", "<a "] {
        let source = format!("<page width='9' height='9'>{}", open.repeat(20_000));
        assert!(Template::compile(&source.as_bytes()[..source.len().min(250_000)]).is_err(), "{open}");
    }
    for piece in ["(", "[", "!", "-", "1+", "a=", "1?", "a[", "'a'.trim().", "String(", "1,", "{"] {
        let code = text(&format!("<%= {} %>", piece.repeat(20_000)));
        assert!(Template::compile(code.as_bytes()).is_err(), "{piece}");
    }
}

#[test]
fn references_that_multiply_are_refused() {
    let mut content = "<layout id='a0'><rect/></layout>".to_owned();
    for level in 1..30 {
        let below = level - 1;
        content +=
            &format!("<layout id='a{level}'><layout ref='a{below}'/><layout ref='a{below}'/></layout>");
    }
    assert!(Template::compile(page(&content).as_bytes()).is_err());
    let long = "x".repeat(200_000);
    let content = format!("<layout id='a'><text>{long}</text></layout>{}", "<layout ref='a'/>".repeat(1_000));
    assert!(Template::compile(page(&content).as_bytes()).is_err());
}

#[test]
fn tables_that_are_too_much_are_refused() {
    let nested = format!(
        "{}a{}",
        "<table left='0' top='0'><tr><td>".repeat(9) + "<text>",
        "</text>".to_owned() + &"</td></tr></table>".repeat(9)
    );
    let wide = format!("<table><tr>{}</tr></table>", "<td/>".repeat(200));
    let spans =
        "<table><% for (i = 0; i < 200; i++) { %><tr><td rowspan='65535' colspan='1'/></tr><% } %></table>";
    for content in [&nested, &wide, spans] {
        let failure = layout(&page(content), &shipped::sample()).unwrap_err();
        assert_eq!(failure.code, Code::TemplateRefused, "{content}");
    }
}

#[test]
fn a_template_that_is_all_remarks_is_read_quickly() {
    let style = "a;".repeat(120_000);
    let template = Template::compile(page(&format!("<text style='{style}'/>")).as_bytes()).unwrap();
    assert_eq!(template.remarks().len(), 100);
}

#[test]
fn a_template_learns_nothing_but_the_masked_view() {
    // Whatever is tried with an opened name, it is the masked text that is tried.
    assert_eq!(print("<%= _data.recipient.name.length %><%= _data.recipient.name[1] %>"), "3*");
    for path in ["_data.recipient.name.clear", "_data.recipient.raw", "_data.buyer.email", "_data.__proto__"]
    {
        assert!(Template::compile(text(&format!("<%= {path} %>")).as_bytes()).is_err(), "{path}");
    }
}

#[test]
fn an_order_cannot_make_code() {
    let mut waybill = shipped::sample();
    waybill.memo = Masked::new("<% for(;;){} %> <rect/> ]]> &amp; ${x}".to_owned());
    waybill.items = vec![Item { name: "a;rotation:45".to_owned(), sku: String::new(), count: 1 }];
    let frame = layout(&text("<%= _data.memo %>"), &waybill).unwrap();
    assert_eq!(support::printed(&frame), "<% for(;;){} %> <rect/> ]]> &amp; ${x}");
}

/// Lays out whatever compiles. Nothing may panic; what comes out must be drawable.
fn try_out(source: &[u8]) {
    let Ok(template) = Template::compile(source) else { return };
    let mut frame = Frame::default();
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        if template.layout(&shipped::sample(), resolution, &mut frame).is_ok() {
            assert!(frame.items.len() <= 20_000);
        }
    }
}

/// Pieces of templates, which meet by chance.
const PIECES: &[&str] = &[
    "<page width='76' height='130'>",
    "</page>",
    "<layout left='1' width='30'>",
    "</layout>",
    "<text style='fontSize:auto'>",
    "</text>",
    "<rect/>",
    "<table left='1' top='1'>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td colspan='2' rowspan='3'>",
    "</td>",
    "<layout id='a' ref='b'/>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<%",
    "%>",
    "<%=",
    "{",
    "}",
    "(",
    ")",
    "if",
    "else",
    "for",
    "var ",
    "a",
    "=",
    "+",
    "'",
    "\"",
    "_data.",
    "recipient.",
    "name",
    ".length",
    "[0]",
    ";",
    "<\\%",
    "&lt;",
    "&#10;",
    "中",
    "<barcode type='qrcode' width='20' height='20'>",
    "</barcode>",
    "style='",
    "1",
    " ",
    "\n",
    "?",
    ":",
    "&&",
    "!",
    "++",
    "rotation:90;",
    "rotation:-720.5;",
    "fontItalic:true;fontUnderline:true;",
    "<line startX='1' startY='1' endX='9' endY='1'/>",
    ".split('')",
    ".sort(a)",
    ".push(",
    "function ",
    "switch (",
    "case ",
    "new Date()",
    "delete ",
    " in ",
    "[a] = ",
    ".a ",
    ".join()",
    "\u{10FFFF}",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        try_out(&bytes);
    }

    #[test]
    fn any_pieces_are_read_without_a_panic(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        try_out(pieces.concat().as_bytes());
        try_out(page(&pieces.concat()).as_bytes());
        try_out(text(&format!("<%= {} %>", pieces.concat())).as_bytes());
    }

    #[test]
    fn a_shipped_template_with_changes_is_read_without_a_panic(
        at in 0.0..1.0_f64,
        length in 0_usize..40,
        piece in proptest::sample::select(PIECES),
        number in "-?[0-9]{1,9}(\\.[0-9]{1,9})?",
    ) {
        let source = shipped::ONE_PART_76X130.as_bytes();
        let start = (at * source.len() as f64) as usize;
        let end = (start + length).min(source.len());
        for new in [piece, &number] {
            try_out(&[&source[..start], new.as_bytes(), &source[end..]].concat());
        }
    }

    #[test]
    fn any_masked_text_is_laid_out_or_refused(name in "\\PC{0,60}", detail in "[\\PC\n*]{0,300}", memo in ".{0,80}") {
        let mut waybill = shipped::sample();
        waybill.recipient.name = Masked::new(name);
        waybill.recipient.detail = Masked::new(detail);
        waybill.memo = Masked::new(memo);
        let template = Template::compile(shipped::ONE_PART_76X130.as_bytes()).expect("the shipped template");
        let mut frame = Frame::default();
        if let Err(failure) = template.layout(&waybill, Resolution::Dpi203, &mut frame) {
            prop_assert_eq!(failure.code, Code::GlyphMissing);
        }
    }
}
