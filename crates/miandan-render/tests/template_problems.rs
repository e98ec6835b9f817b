//! Every problem of a template, by a template that has it, with the place that is told.

mod support;

use std::collections::BTreeSet;

use miandan_core::Code;
use miandan_core::label::Resolution;
use miandan_core::pipe::{Failure, Place, TemplateKind};
use miandan_render::faces::Faces;
use miandan_render::frame::Frame;
use miandan_render::shipped;
use miandan_render::template::{Problem, Template};
use support::{page, text};

/// Every case has a `¦` where the problem must be found; it is taken out before the template is compiled.
#[test]
fn every_problem_is_found_where_it_is() {
    use Problem as P;
    let deep_xml = format!("{}¦{}", "<layout>".repeat(31), "<layout>".repeat(9));
    let deep_code = format!("<%= {}¦{}", "(".repeat(94), "(".repeat(9));
    let elements = format!("{}¦<rect/>", "<rect/>".repeat(3997));
    let names: String = (0..1000).map(|i| format!("<% n{i} = 1 %>")).collect();
    let names = format!("{names}<% ¦n = 1 %>");
    let long = format!("<%= ¦{} 1 %>", "1 + ".repeat(120));
    let large_image = "<image src='¦data:image/bmp;base64,Qk0AAAAAAAAAADYAAAAoAAAAiBMAAAEAAAABABgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'/>";
    let cases: &[(&str, String, Problem)] = &[
        ("a root that is no page", "¦<table/>".into(), P::NoPage),
        ("no root at all", "¦  ".into(), P::NoPage),
        ("nothing", "¦".into(), P::NoPage),
        ("two roots", "<page width='1' height='1'/>\n¦<page/>".into(), P::MalformedXml),
        ("an element not closed", "<page width='9' height='9'>\n <text>¦</page>".into(), P::MalformedXml),
        ("a value without quotes", page("<rect ¦width=1/>"), P::MalformedXml),
        ("a document type", "¦<!DOCTYPE page><page/>".into(), P::DocumentType),
        ("an entity", page("中¦&euro;"), P::UnknownEntity),
        ("a control character", page("¦\u{1}"), P::ControlCharacter),
        ("elements too deep", page(&deep_xml), P::TooDeep),
        ("parentheses too deep", text(&deep_code).replace("]]>", "%>]]>"), P::TooDeep),
        ("too many elements", page(&elements), P::TooManyNodes),
        ("a fragment without a size", "¦<layout id='CUSTOM_AREA'/>".into(), P::MissingAttribute),
        ("a header in a layout", page("<layout>¦<header height='5'/></layout>"), P::MisplacedElement),
        ("two footers", page("<footer height='5'/>¦<footer height='5'/>"), P::MisplacedElement),
        ("a header without height", page("¦<header/>"), P::MissingAttribute),
        ("a computed footer", page("¦<footer height='<%= 5 %>'/>"), P::PageNotFixed),
        ("a page index in the page", page("¦<pageIndex format='1'/>"), P::MisplacedElement),
        ("an unknown element", page("\n¦<picture/>"), P::UnknownElement),
        ("an image without a source", page("¦<image/>"), P::MissingAttribute),
        ("an image from the network", page("<image src='¦http://example.org/a.png'/>"), P::ImageElsewhere),
        ("an image that is none", page("<image src='¦data:image/png;base64,AAAA'/>"), P::ImageBroken),
        ("an image of five thousand by one pixels", page(large_image), P::ImageTooLarge),
        ("a row without a table", page("¦<tr/>"), P::MisplacedElement),
        ("a cell without a row", page("<table>¦<td/></table>"), P::MisplacedElement),
        ("a text in a row", page("<table><tr>¦<text>a</text></tr></table>"), P::MisplacedElement),
        ("a row in a cell", page("<table><tr><td>¦<tr/></td></tr></table>"), P::MisplacedElement),
        ("a page in a page", page("¦<page/>"), P::MisplacedElement),
        ("an element in a text", page("<text>¦<rect/></text>"), P::MisplacedElement),
        ("an unknown element in a text", page("<text>¦<b/></text>"), P::UnknownElement),
        (
            "a page that may not be there",
            "<% if (1) { %>¦<page width='9' height='9'/><% } %>".into(),
            P::MisplacedElement,
        ),
        ("text in a layout", page("<layout>¦面单</layout>"), P::StrayText),
        ("output in a page", page("¦<%= 1 %>"), P::StrayText),
        ("text in a rectangle", page("<rect>¦a</rect>"), P::StrayText),
        ("a page without height", "¦<page width='9'/>".into(), P::MissingAttribute),
        ("a line without an end", page("¦<line startX='1' startY='1' endX='2'/>"), P::MissingAttribute),
        ("a barcode without a type", page("¦<barcode/>"), P::MissingAttribute),
        ("a width that is no length", page("<rect width='¦wide'/>"), P::BadLength),
        ("a width with an exponent", page("<rect width='¦1e1'/>"), P::BadLength),
        ("a width that is no number", page("<rect width='¦NaN'/>"), P::BadLength),
        ("a negative width", page("<rect width='¦-1'/>"), P::OutOfRange),
        ("a huge width", page("<rect width='¦999999'/>"), P::OutOfRange),
        ("a huge page", "¦<page width='1300' height='9'/>".into(), P::OutOfRange),
        ("a page of nothing", "¦<page width='0' height='9'/>".into(), P::OutOfRange),
        ("a huge font", page("<text style='¦fontSize:999'/>"), P::OutOfRange),
        ("a computed page", "¦<page width='<%= 9 %>' height='9'/>".into(), P::PageNotFixed),
        ("an unknown barcode", page("<barcode type='¦code129'/>"), P::UnknownSymbology),
        ("a computed barcode", page("<barcode type='¦<%= 1 %>'/>"), P::UnknownSymbology),
        ("a barcode for later", page("<barcode type='¦maxicode'/>"), P::SymbologyNotSupported),
        (
            "a slanted barcode",
            page("<barcode type='code128' style='hideText:true; ¦rotation:45'/>"),
            P::RotationNotSupported,
        ),
        ("a slanted image", page("<image src='fragile' style='¦rotation:0.5'/>"), P::RotationNotSupported),
        ("a slanted layout", page("<layout style='¦rotation:-45'/>"), P::RotationNotSupported),
        ("a slanted table", page("<table style='¦rotation:45'/>"), P::RotationNotSupported),
        ("a slanted rectangle", page("<rect style='¦rotation:45'/>"), P::RotationNotSupported),
        ("text from right to left", page("<text style='¦direction:rtl'/>"), P::DirectionNotSupported),
        ("a character without a glyph", page("<text>a中¦🙂</text>"), P::MissingGlyph),
        ("a reference to nothing", page("<layout ref='¦a'/><layout id='b'/>"), P::UnknownReference),
        ("a computed reference", page("<layout ref='¦<%= 1 %>'/>"), P::UnknownReference),
        ("a layout that refers to itself", page("<layout id='a' ref='¦a'/>"), P::ReferenceLoop),
        (
            "a layout that contains itself",
            page("<layout id='a'><layout ref='¦a'/></layout>"),
            P::ReferenceLoop,
        ),
        (
            "layouts that refer to each other",
            page("<layout id='a'><layout ref='¦b'/></layout><layout id='b' ref='a'/>"),
            P::ReferenceLoop,
        ),
        ("code without end", page("<text>¦<% a</text>"), P::UnclosedCode),
        ("code in a tag", page("<text ¦<% a %>/>"), P::CodeInTag),
        (
            "a function that an empty file does not have",
            text("<%@ include 'print.js' %><%= ¦showLogo() %>"),
            P::UnknownFunction,
        ),
        ("an include", page("¦<%@ include 'a.js' %>"), P::IncludeNotSupported),
        ("a string without end", text("<%= ¦'a %>"), P::UnclosedString),
        ("a sign that is none", text("<%= 1 ¦# 2 %>"), P::UnexpectedCharacter),
        ("an entity in code", text("<%= 1 && 2 ¦&amp; 3 %>"), P::NotInLanguage),
        ("an operand missing", text("<%= 1 + ¦%>"), P::UnexpectedToken),
        ("a parenthesis missing", text("<% if (1 ¦{ %><% } %>"), P::UnexpectedToken),
        ("two values", text("<%= 1 ¦2 %>"), P::UnexpectedToken),
        ("a condition across elements", page("<layout>\n <% if (1) ¦{ %></layout><% } %>"), P::UnclosedBlock),
        (
            "a function in a loop that ends nowhere",
            text("<% while (true) { l.sort(function (a, b) { return (a ¦%>"),
            P::UnexpectedToken,
        ),
        ("a condition without a body", text("<% if (1) ¦%>"), P::UnclosedBlock),
        ("a brace too many", page("<layout><% ¦} %></layout>"), P::StrayBrace),
        ("a function in a block", text("<% if (1) { ¦function f() {} } %>"), P::NotInLanguage),
        ("a function as a value", text("<% f = ¦function () {} %>"), P::NotInLanguage),
        ("with", text("<% ¦with (1) {} %>"), P::NotInLanguage),
        ("a return outside", text("<% ¦return 1 %>"), P::OutsideFunction),
        (
            "a return out of an element",
            page("<% function f() { %><text><% ¦return %></text><% } %>"),
            P::OutsideFunction,
        ),
        ("a function that is a variable", text("<% f = 1; function ¦f() {} %>"), P::NameClash),
        ("a variable that is a function", text("<% function f() {} ¦f = 1; %>"), P::NameClash),
        ("a function twice", text("<% function f() {} function ¦f() {} %>"), P::NameClash),
        ("a function that is not there", text("<% function f() {} f(); ¦g() %>"), P::UnknownFunction),
        ("a variable of another function", text("<% function f() { var a = 1 } %><%= ¦a %>"), P::UnknownName),
        (
            "a group as an argument of a function",
            text("<% function f(a) {} f(¦_data.sender) %>"),
            P::ObjectAsValue,
        ),
        ("in without an object", text("<%= 1 in ¦%>"), P::UnexpectedToken),
        ("an object with a function", text("<% a = {f: ¦function () {}} %>"), P::NotInLanguage),
        ("an object that inherits", text("<% a = {¦__proto__: 1} %>"), P::NotInLanguage),
        ("an object of another kind", text("<% a = ¦new Error() %>"), P::NotInLanguage),
        ("a list of gaps", text("<% a = new ¦Array(9) %>"), P::WrongArguments),
        ("a time of one's own", text("<% a = new ¦Date(0) %>"), P::WrongArguments),
        ("a member that nothing has", text("<% a = {ab: 1} %><%= a.¦ba %>"), P::UnknownMember),
        ("a case outside", text("<% ¦case 1: %>"), P::UnexpectedToken),
        ("a statement before a case", text("<% switch (1) { ¦a = 1 } %>"), P::UnexpectedToken),
        ("a switch without its end", text("<% switch (1) ¦{ case 1: %>"), P::UnclosedBlock),
        ("continue in a switch", text("<% switch (1) { case 1: ¦continue } %>"), P::OutsideLoop),
        ("a regular expression", text("<%= 'a'.replace(¦/a/, 'b') %>"), P::NotInLanguage),
        ("bits", text("<%= 1 ¦& 2 %>"), P::NotInLanguage),
        ("this", text("<%= ¦this %>"), P::NotInLanguage),
        ("an unknown name", text("\n<%= ¦nothing %>"), P::UnknownName),
        ("a name that nothing gives a value", text("<% if (¦a) { %><%= a %><% } %>"), P::UnknownName),
        ("a member of an unknown name", text("<%= ¦window.name %>"), P::UnknownName),
        ("an unknown function", text("<%= ¦eval('1') %>"), P::UnknownFunction),
        ("a call of a value", text("<% a = 1 %><%= ¦a() %>"), P::UnknownFunction),
        ("an unknown function of the context", text("<%= _context.¦now() %>"), P::UnknownFunction),
        ("an unknown member", text("<%= 'a'.¦constructor %>"), P::UnknownMember),
        ("an unknown method", text("<%= 'a'.¦repeat(9) %>"), P::UnknownMember),
        ("a member of the configuration", text("<%= _config.¦key %>"), P::UnknownMember),
        ("too many arguments", text("<%= 'a'.¦trim(1) %>"), P::WrongArguments),
        ("a value that is assigned to", text("<% ¦1 = 2 %>"), P::BadTarget),
        ("data that is assigned to", text("<% ¦_data = 2 %>"), P::BadTarget),
        ("a member that is assigned to", text("<% ¦_data.memo = 2 %>"), P::BadTarget),
        ("an article that is assigned to", text("<% ¦_data.packageInfo.items[0] = 2 %>"), P::BadTarget),
        ("a value that is stepped", text("<% ¦1++ %>"), P::BadTarget),
        ("a long expression", text(&long), P::ExpressionTooLong),
        ("a time without a format", text("<%= _context.¦formatStartTime() %>"), P::WrongArguments),
        ("a break outside a loop", text("<% ¦break %>"), P::OutsideLoop),
        (
            "a break out of an element",
            page("<% for (;;) { %><layout><% ¦break %></layout><% } %>"),
            P::OutsideLoop,
        ),
        ("too many names", page(&names), P::TooManyNames),
        ("a path that does not exist", text("<%= _data.recipient.¦adress.city %>"), P::UnknownPath),
        ("a prototype", text("<%= _data¦['__proto__'] %>"), P::UnknownPath),
        ("the account name", text("<%= _data.¦buyer.account %>"), P::FieldNotPrintable),
        ("the buyer in a test", page("<% if (_data.¦buyer) { %><% } %>"), P::FieldNotPrintable),
        ("a group that is printed", text("<%= ¦_data.recipient %>"), P::ObjectAsValue),
        ("a group in a variable", text("<% r = ¦_data.recipient %>"), P::ObjectAsValue),
        ("a group in a string", text("<%= '' + ¦_data.recipient.address %>"), P::ObjectAsValue),
        ("a group as an argument", text("<%= String(¦_data) %>"), P::ObjectAsValue),
        ("a group behind a condition", text("<%= ¦1 ? _data : 2 %>"), P::ObjectAsValue),
        ("a group behind a test", text("<%= ¦1 && _data.sender %>"), P::ObjectAsValue),
        ("a group compared with a value", text("<%= ¦_data.sender == 1 %>"), P::ObjectAsValue),
        ("a computed path", text("<%= _data¦['a' + 'b'] %>"), P::ComputedPath),
        ("a path by a variable", text("<% k = 'name' %><%= _data.recipient¦[k] %>"), P::ComputedPath),
    ];
    let mut found = BTreeSet::new();
    for (name, template, problem) in cases {
        let (before, after) = template.split_once('¦').expect("a case says where");
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let error = match Template::compile([before, after].concat().as_bytes()) {
            Ok(_) => panic!("{name} was accepted"),
            Err(error) => error,
        };
        let place = (error.problem, error.line as usize, error.column as usize);
        assert_eq!(place, (*problem, line, column), "{name}");
        found.insert(error.problem);
    }
    found.insert(Template::compile(b"<page>\n\xFF").unwrap_err().problem);
    let free = text("<%= _data.x + _data.sender %>");
    let error = Template::compile_as(TemplateKind::Free, free.as_bytes(), &Faces::default()).unwrap_err();
    assert_eq!(
        error.column as usize,
        free.find("sender").unwrap() + 1 - free.rfind('\n').map_or(0, |at| at + 1)
    );
    found.insert(error.problem);
    found.insert(Template::compile(&vec![b' '; 300_000]).unwrap_err().problem);
    let missing: Vec<_> =
        Problem::ALL.iter().filter(|problem| problem.number() < 80 && !found.contains(problem)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn a_file_that_is_no_text_is_told_where() {
    let error = Template::compile("<page>\n中\u{0}".as_bytes()).unwrap_err();
    assert_eq!((error.problem, error.line, error.column), (Problem::ControlCharacter, 2, 2));
    let mut bytes = "<page>\n中".as_bytes().to_vec();
    bytes.push(0xD6);
    let error = Template::compile(&bytes).unwrap_err();
    assert_eq!((error.problem, error.line, error.column), (Problem::NotUtf8, 2, 2));
}

#[test]
fn only_a_field_that_is_never_printed_has_a_code_of_its_own() {
    let code = |template: String| Template::compile(template.as_bytes()).unwrap_err().problem.code();
    for field in ["account", "email", "idcard"] {
        assert_eq!(code(text(&format!("<%= _data.buyer.{field} %>"))), Code::FieldNotPrintable);
    }
    assert_eq!(code(page("<nothing/>")), Code::TemplateRefused);
}

#[test]
fn untidy_templates_are_read_with_remarks() {
    let template = Template::compile(
        br##"<page xmlns="http://cloudprint.cainiao.com/print" xmlns:editor="e" WIDTH="76" Height="130"
  splitable="false" horizontalOffset="1" size="210X297">
  <Layout editor:_for_="a" id="x" left="1" colour="red" style="zIndex:81111111111;nothing:1"
    ratiomode="keepRatio"><TEXT style="valign:left;fontFamily:SimSun;fontItalic:1"/></Layout>
</page>"##,
    )
    .unwrap();
    let remarks: Vec<_> =
        template.remarks().iter().map(|remark| (remark.problem, remark.line, remark.column)).collect();
    assert_eq!(
        remarks,
        [
            (Problem::OddValue, 3, 64),
            (Problem::UnknownProperty, 3, 83),
            (Problem::UnknownAttribute, 3, 44),
            (Problem::OddValue, 4, 40),
            (Problem::OddValue, 4, 70),
        ]
    );
}

/// A place in code is that of the statement that ran.
#[test]
fn what_fails_when_a_label_is_made_is_found_where_it_is() {
    use Problem as P;
    for (content, problem) in [
        ("<text>中\n<% var a = 1; ¦a.join() %></text>", P::WrongType),
        ("<text>\n a\n ¦<%= _data.packageInfo.items[99].name %></text>", P::WrongType),
        ("<% function f(a) {\n ¦return a.length } %><text>\n<%= f(1) %></text>", P::WrongType),
        ("<rect left='¦<%= 1 / 0 %>'/>", P::BadLength),
        ("<% ¦for (;;) { } %>", P::StepLimit),
        (
            "<rect/>\n<layout>¦<barcode type='code128' width='1' height='9'>1234567890</barcode></layout>",
            P::BarcodeDoesNotFit,
        ),
        (
            "<% for (i = 0; i < 9; i++) { %>\n ¦<table><tr><td height='300'/></tr><tr><td height='300'/></tr></table><% } %>",
            P::TableDoesNotFit,
        ),
    ] {
        let marked = page(content);
        let before = &marked[..marked.find('¦').unwrap()];
        let (line, column) =
            (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap().chars().count() + 1);
        let template = Template::compile(marked.replace('¦', "").as_bytes()).unwrap();
        let waybill = shipped::sample();
        let found = template.fault(&waybill, Resolution::Dpi203).unwrap();
        assert_eq!(
            (found.problem, found.line as usize, found.column as usize),
            (problem, line, column),
            "{content}"
        );
        let failure = template.layout(&waybill, Resolution::Dpi203, &mut Frame::default()).unwrap_err();
        let place = Place { line: line as u32, column: column as u32 };
        assert_eq!(failure, Failure { place: Some(place), ..Failure::from(Code::TemplateRefused) });
    }
}
