//! What code in a template prints, and which fields a template is found to need.

mod support;

use miandan_core::Code;
use miandan_core::field::FieldId;
use miandan_core::pipe::Failure;
use miandan_core::waybill::{Masked, Waybill};
use miandan_render::shipped;
use miandan_render::template::Template;
use support::{layout, page, print, printed, text};

#[test]
fn code_prints_what_javascript_prints() {
    for (code, expected) in [
        ("<%= 1 + 2 * 3 %>", "7"),
        ("<%= (1 + 2) * 3 %>", "9"),
        ("<%= 7 % 4 - -2 %>", "5"),
        ("<%= 1 / 3 %>", "0.3333333333333333"),
        ("<%= '1' + 2 %>", "12"),
        ("<%= '3' * '4' %>", "12"),
        ("<%= 1 + null %>", "1"),
        ("<%= 'a' + undefined + null + true %>", "aundefinednulltrue"),
        ("<%= 1 < 2 && '10' < '9' %>", "true"),
        ("<%= '10' < 9 %>", "false"),
        (
            "<%= 1 == '1' %>,<%= 1 === '1' %>,<%= null == undefined %>,<%= null === undefined %>",
            "true,false,true,false",
        ),
        ("<%= 0 || 'b' %><%= '' || null || 'c' %><%= 1 && 'd' %>", "bcd"),
        ("<%= !'' ? 'yes' : 'no' %>", "yes"),
        ("<%= 1 ? 2 ? 'a' : 'b' : 'c' %>", "a"),
        ("<% var a = 1, b; a += 2; b = a++ + ++a; %><%= a %> <%= b %>", "5 8"),
        ("<% a = b = 3 %><%= a + b %>", "6"),
        ("<% for (var i = 0; i < 3; i++) { %><%= i %>,<% } %>", "0,1,2,"),
        ("<% for (i = 0, j = 9; i < j; i++, j--) {} %><%= i %>-<%= j %>", "5-4"),
        ("<% for (var i = 0; ; i++) { if (i == 1) continue; if (i > 3) break; %><%= i %><% } %>", "023"),
        ("<% if (0) { %>a<% } else if ('') { %>b<% } else { %>c<% } %>", "c"),
        ("<% if (1) %>a<% else %>b", "a"),
        ("<% var x\nvar y = 2\nx = y %><%= x %>", "2"),
        (
            "<% var l = ['a', [1, 2], null] %><%= l.length %> <%= l.join('-') %> <%= l[1][1] %> <%= l %>",
            "3 a-1,2- 2 a,1,2,",
        ),
        ("<%= 'YT-7'.split('-')[1] %>", "7"),
        (
            "<%= '面单打印'.substring(1, 3) %> <%= '面单'.length %> <%= '面单'[0] %> <%= 'abc'.substr(-2) %>",
            "单打 2 面 bc",
        ),
        (
            "<%= (1.005).toFixed(2) %> <%= Number('12') + parseInt('3kg') %> <%= String(1) + 1 %>",
            "1.00 15 11",
        ),
        ("<%= undefined %>|<%= null %>|<%= false %>", "||false"),
        ("<% _x = '%\\>' // a comment %>x", "x"),
        ("1 <\\% 2 %\\>", "1 <% 2 %>"),
    ] {
        assert_eq!(print(code), expected, "{code}");
    }
}

#[test]
fn loops_and_functions_do_what_javascript_does() {
    for (code, expected) in [
        ("<% for (var i in ['a', 'b']) { %><%= i + 1 %>,<% } %>", "01,11,"),
        ("<% l = ['a', 'b']; for (i in l) { if (i == 1) break; %><%= l[i] %><% } %>", "a"),
        ("<% var l = _data.packageInfo.items; for (i in l) { %><%= l[i].sku %>;<% } %>", "CUP-500;NB-A5;"),
        ("<% for (i in _data.recipient.org) { %>x<% } for (i in null) { %>y<% } %>|", "|"),
        ("<% var i = 0; while (i < 3) i++; do { i += 10 } while (i < 30) %><%= i %>", "33"),
        (
            "<% while (true) { if (i > 4) break; i = (i || 0) + 1; if (i == 2) continue; %><%= i %><% } %>",
            "1345",
        ),
        ("<%= add(1, 2) %><% function add(a, b) { return a + b } %>", "3"),
        (
            "<% function f(a, b) { return b } %>[<%= f(1) %>]<%= f(1, 2, 3) %><%= typeof f(1) %>",
            "[]2undefined",
        ),
        ("<% function fact(n) { return n < 2 ? 1 : n * fact(n - 1) } %><%= fact(10) %>", "3628800"),
        ("<% function f() { if (0) { var a } a = 5; b = 6 } f(); a = 1; f() %><%= a %><%= b %>", "16"),
        (
            "<% function f() { x = 1; for (var i = 0, x; i < 3; i++) { if (i) return i } } x = 7 %><%= f() %><%= x %>",
            "17",
        ),
        ("<% function f() { var a = 1\n b = 2, c = 3 } f() %><%= b %><%= c %>", "23"),
        ("<% function star(n) { for (var i = 0; i < n; i++) { %>*<% } } star(3) %>|<% star(1) %>", "***|*"),
        (
            "<% function even(n) { return n == 0 || odd(n - 1) } function odd(n) { return n != 0 && even(n - 1) } %><%= even(8) %>",
            "true",
        ),
        (
            "<%= typeof 1 %> <%= typeof 'a' + typeof null %> <%= typeof _data.recipient.org %>",
            "number stringobject undefined",
        ),
    ] {
        assert_eq!(print(code), expected, "{code}");
    }
}

#[test]
fn lists_and_objects_do_what_javascript_does() {
    for (code, expected) in [
        ("<% var l = []; l.push(1, 2); l[2] = 3; l[0] += 5; l[1]++ %><%= l %> <%= l.length %>", "6,3,3 3"),
        (
            "<% var l = [1, 2, 3, 4]; var c = l.splice(1, 2, 'a', 'b', 'c') %><%= l %>;<%= c %>",
            "1,a,b,c,4;2,3",
        ),
        (
            "<% var l = [1, 2, 3]; l.pop(); l.shift(); l.unshift(0) %><%= l.concat([7], 8).reverse() %>",
            "8,7,2,0",
        ),
        (
            "<%= [10, 9, 1, undefined].sort() %> <%= [3, 1, 2].sort(down) %><% function down(a, b) { return b - a } %>",
            "1,10,9, 3,2,1",
        ),
        ("<% var l = [2, 1]; l.sort(function (a, b) { return a - b }) %><%= l %>", "1,2"),
        ("<% var l = [1], m = l; m.push(2); l.length = 1; l = l.concat(m, l) %><%= l %>", "1,1,1"),
        ("<% var l = [1]; l.push(l) %><%= l %>", "1,"),
        (
            "<% var o = {b: 1, 'a c': 2, 7: 3}; o.d = 4; o['a c'] += 1; delete o.b; for (k in o) { %><%= k %>=<%= o[k] %>;<% } %>",
            "7=3;a c=3;d=4;",
        ),
        (
            "<% var o = {n: {m: [1]}}; o.n.m.push(o.n.m.length); ++o.n.m[0] %><%= o.n.m %> <%= 'n' in o %><%= 'x' in o %>",
            "2,1 truefalse",
        ),
        (
            "<% var o = {}; o[_data.cpCode] = 1 %><%= o.MDKD %><% o.MDKD = 2 %><%= o['MDKD'] %><%= o %>",
            "12[object Object]",
        ),
        (
            "<% var count = {}; var t = '甲乙甲'; for (i in t) count[t[i]] = (count[t[i]] || 0) + 1 %><%= count['甲'] %>",
            "2",
        ),
        (
            "<% function f(x) { switch (x) { case 1: return 'a'; case 'b': case 2: return 'c'; default: return 'd' } } %><%= f(1) + f('b') + f(2) + f('1') %>",
            "accd",
        ),
        ("<% switch (2) { case 1: %>a<% case 2: %>b<% case 3: %>c<% break; default: %>d<% } %>", "bc"),
        (
            "<% for (i = 0; i < 3; i++) { switch (i) { case 1: continue; case 2: break } %><%= i %><% } %>",
            "02",
        ),
        (
            "<%= parseFloat('3.5kg') + parseFloat('.5') %> <%= parseFloat('x') %> <%= (255).toString(16) %>",
            "4 NaN ff",
        ),
        (
            "<%= Array.isArray([]) %><%= Array.isArray('') %> <%= Math.pow(10, 2) %> <%= Math.sqrt(9) %> <%= Object.keys({a: 1, b: 2}) %>",
            "truefalse 100 3 a,b",
        ),
        (
            "<%= 'a-b'.replace('-', '$$$&') %> <%= String.fromCharCode(38754, 65) %> <%= isFinite(1 / 0) %>",
            "a$-b 面A false",
        ),
        ("<% var l = 'b,a'.split(','); l.sort(); l.push(new Array(1, 2).length) %><%= l.join('') %>", "ab2"),
    ] {
        assert_eq!(print(code), expected, "{code}");
    }
}

#[test]
fn what_no_engine_would_do_alike_refuses_the_label() {
    for code in [
        "<% var l = []; l[1] = 1 %>",
        "<% var l = [1, 2]; l.length = 3 %>",
        "<% var l = [1, 2]; delete l[0] %>",
        "<% var o = {}; o['__proto__'] = 1 %>",
        "<% var o = {}, k = 'toString'; o[k] %>",
        "<% var o = {}, k = 'constructor'; o.hasOwnProperty(k) %>",
        "<% var l = _data.packageInfo.items; l[0] = 1 %>",
        "<% var l = _data.packageInfo.items; l.push(1) %>",
        "<% var t = 'a'; t[0] = 'b' %>",
        "<% var o = {join: 1}; o.join() %>",
        "<%= Math.pow(2, 0.5) %>",
        "<%= (0.1).toString(2) %>",
        "<%= 'a' in 'abc' %>",
        "<%= new Date() + '' %>",
    ] {
        let failure = layout(&text(code), &shipped::sample()).expect_err(code);
        assert_eq!(failure.code, Code::TemplateRefused, "{code}");
    }
}

#[test]
fn the_time_is_that_of_the_first_print() {
    for (code, expected) in [
        ("<%= _context.formatStartTime('yyyy-MM-dd HH:mm:ss') %>", "2026-11-11 09:30:05"),
        ("<%= _context.formatStartTime('yy年M月d日 EEE hh:mm') %>", "26年11月11日 星期三 09:30"),
        (
            "<% var d = new Date(); function two(n) { return n < 10 ? '0' + n : n } %><%= d.getFullYear() + '/' + two(d.getMonth() + 1) + '/' + two(d.getDate()) + ' ' + d.getDay() + ' ' + d.getHours() + ':' + d.getMinutes() + ':' + d.getSeconds() %>",
            "2026/11/11 3 9:30:5",
        ),
        (
            "<%= new Date().getTime() %> <%= new Date() - new Date() %> <%= Date.now() / 1000 %>",
            "1794360605000 0 1794360605",
        ),
        (
            "<% var d = new Date(), e = d %><%= d == e %><%= d === new Date() %><%= typeof d %>",
            "truefalseobject",
        ),
    ] {
        assert_eq!(print(code), expected, "{code}");
    }
    let waybill = Waybill { printed_at: 0, ..shipped::sample() };
    for code in ["<%= _context.formatStartTime('y') %>", "<% new Date() %>"] {
        assert_eq!(layout(&text(code), &waybill).unwrap_err().code, Code::TemplateRefused, "{code}");
    }
}

#[test]
fn a_function_may_place_elements_where_elements_may_stand() {
    let row = "<% function row(n) { %><text left='1' top='<%= n * 10 %>' value='第<%= n %>行'/><% } %>";
    let twice = page(&format!("{row}<% row(1); row(2) %>"));
    assert_eq!(printed(&layout(&twice, &shipped::sample()).unwrap()), "第1行\n第2行");
    let misplaced = [
        page(&format!("{row}<text><% row(1) %></text>")),
        page(&format!("{row}<rect left='<% row(1) %>'/>")),
        page("<text><% function say() { %>a<% } %></text><% say() %>"),
        page(&format!("{row}<table width='50'><% row(1) %></table>")),
        page(&format!("{row}<table width='50'><tr><% row(1) %></tr></table>")),
    ];
    let in_a_cell =
        page(&format!("{row}<table width='50'><tr><td height='30'><% row(1) %></td></tr></table>"));
    assert_eq!(printed(&layout(&in_a_cell, &shipped::sample()).unwrap()), "第1行");
    for template in misplaced {
        assert_eq!(
            layout(&template, &shipped::sample()).unwrap_err().code,
            Code::TemplateRefused,
            "{template}"
        );
    }
}

#[test]
fn data_is_the_masked_view() {
    for (code, expected) in [
        ("<%= _data.waybillCode %> <%= _data['cpCode'] %>", "MD7000000000012 MDKD"),
        ("<%= _data.courierToken.length %> <%= _data.courierToken.substr(0, 3) %>", "254 W1:"),
        ("<%= _data.recipient.name %> <%= _data.recipient.mobile %>", "欧** *******4771"),
        ("<%= _data.recipient.address.city %><%= _data.sender.address.city %>", "杭州市广州市"),
        ("<%= _data.routingInfo.routeCode %>,<%= _data.routingInfo.sortation.name %>", "356-01-02 F3,杭州"),
        ("<%= _data.packageInfo.weight %>kg <%= _data.packageInfo.totalCount %>", "1.20kg 3"),
        ("<%= _data.packageInfo.items[1].name %> ×<%= _data.packageInfo.items[1].count %>", "便签本 A5 ×1"),
        (
            "<% var l = _data.packageInfo.items; for (i = 0; i < l.length; i++) { %><%= l[i].sku %>;<% } %>",
            "CUP-500;NB-A5;",
        ),
        ("<%= _context.documentNumber() %>/<%= _context.documentCount() %>", "12/200"),
        (
            "<%= _context.runningNumber() %> <%= _context.runningNumber().split('-')[2] %>",
            "261111-003-012 012",
        ),
        ("<%= _context.copy() %> <%= _context.copy() ? '补打' : '首次' %>", "0 首次"),
        ("<%= _data.service == _data.shippingOption.title %>", "true"),
        ("<%= _config.needTopLogo %>", "false"),
        ("<%= _data.paymentId %> <%= _data.orderId %>", "PAY2611110000123456 2611110000123456"),
    ] {
        assert_eq!(print(code), expected, "{code}");
    }
}

#[test]
fn what_an_order_does_not_have_is_undefined_and_empty_at_once() {
    for (code, expected) in [
        ("[<%= _data.recipient.org %>]", "[]"),
        ("<%= 'a' + _data.recipient.org + 'b' %>", "ab"),
        ("<%= _data.recipient.org == null %><%= _data.recipient.org === undefined %>", "truetrue"),
        ("<%= _data.recipient.org == '' %><%= _data.recipient.org.length %>", "true0"),
        ("<%= _data.recipient.virtual || _data.recipient.mobile %>", "*******4771"),
        ("<% if (_data.recipient.phone) { %>a<% } else { %>b<% } %>", "b"),
        (
            "<% if (_data.recipient && _data.recipient.address != null) { %><%= _data.recipient.address.city %><% } %>",
            "杭州市",
        ),
        ("<% if (!_data.recipient) { %>a<% } %><% if (_data.routingInfo.origin) { %>b<% } %>", "b"),
    ] {
        assert_eq!(print(code), expected, "{code}");
    }
}

#[test]
fn control_flow_places_elements() {
    let template = page(
        "<% for (var i = 0; i < 3; i++) { %><text left='1' top='<%= i * 10 %>' width='90' height='9' \
         style='fontSize:<%= 8 + i %>;<% if (i == 1) { %>fontWeight:bold<% } %>' value='第<%= i %>行'/><% } %>",
    );
    let frame = layout(&template, &shipped::sample()).unwrap();
    assert_eq!(printed(&frame), "第0行\n第1行\n第2行");
    let places: Vec<_> = frame
        .items
        .iter()
        .map(|item| match item {
            miandan_render::frame::Item::Text(text) => (text.y / 1000, text.size, text.face.number()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(places, [(2, 2875, 0), (12, 3125, 1), (23, 3500, 0)]);
}

#[test]
fn white_space_from_indenting_is_not_printed() {
    for (content, expected) in [
        ("<text>\n  <![CDATA[a\n b]]>\n  </text>", "a\n b"),
        ("<text>\n  一\n  二\n  </text>", "  一\n  二"),
        ("<text> a  b </text>", " a  b"),
        ("<text value='a\n b&#10;c'/>", "a  b\nc"),
        ("<text>&lt;&amp;&#20013;</text>", "<&中"),
    ] {
        let frame = layout(&page(content), &Waybill::default()).unwrap();
        assert_eq!(printed(&frame), expected, "{content}");
    }
}

#[test]
fn needed_fields_are_exactly_those_named() {
    use FieldId as F;
    for (code, expected) in [
        ("<%= _data.waybillCode %>", vec![]),
        ("<% if (_data.recipient && _data.sender.address) { %>a<% } %>", vec![]),
        ("<%= _data.recipient.name %>", vec![F::RecipientName]),
        ("<% if (0) { %><%= _data.sender.address.detail %><% } %>", vec![F::SenderDetail]),
        ("<%= _data['recipient']['address']['town'] %>", vec![F::RecipientTown]),
        ("<%= _data.sender.virtual || _data.sender.phone %>", vec![F::SenderPhone, F::SenderVirtual]),
        ("<!-- <%= _data.recipient.name %> -->a", vec![F::RecipientName]),
    ] {
        let template = Template::compile(text(code).as_bytes()).unwrap();
        assert_eq!(template.fields().iter().collect::<Vec<_>>(), expected, "{code}");
    }
    let commented = page("<!-- <text><%= _data.recipient.name %></text> -->");
    assert!(Template::compile(commented.as_bytes()).unwrap().fields().is_empty());
    let attribute = page("<rect left='<%= _data.recipient.name.length %>'/>");
    let template = Template::compile(attribute.as_bytes()).unwrap();
    assert_eq!(template.fields().iter().collect::<Vec<_>>(), [F::RecipientName]);
}

#[test]
fn the_token_is_named_where_it_can_be_shown() {
    for (code, expected) in [
        ("<%= _data.courierToken || _data.waybillCode %>", true),
        ("<%= _data['courierToken'] %>", true),
        ("<% if (0) { %><%= _data.courierToken.length %><% } %>", true),
        ("<% function token() { return _data.courierToken } %><%= token() %>", true),
        ("<%= _data.waybillCode %>", false),
        ("<% if (_data && _data.routingInfo) { %>a<% } %>", false),
        ("_data.courierToken", false),
        ("<%= '_data.courierToken' %>", false),
    ] {
        let template = Template::compile(text(code).as_bytes()).unwrap();
        assert_eq!(template.names_courier_token(), expected, "{code}");
    }
    let commented = page("<!-- <text><%= _data.courierToken %></text> -->");
    assert!(!Template::compile(commented.as_bytes()).unwrap().names_courier_token());
    // There is no other way to it than its name.
    for code in [
        "<% var name = 'courierToken'; %><%= _data[name] %>",
        "<% var all = _data; %><%= all.courierToken %>",
    ] {
        assert!(Template::compile(text(code).as_bytes()).is_err(), "{code}");
    }
}

#[test]
fn a_character_without_a_glyph_names_its_field() {
    let template = text("<%= _data.recipient.name %><%= _data.memo %>");
    let mut waybill = shipped::sample();
    waybill.recipient.name = Masked::new("🙂*".to_owned());
    let failure = layout(&template, &waybill).unwrap_err();
    assert_eq!(failure, Failure::of_field(Code::GlyphMissing, FieldId::RecipientName));
    let mut waybill = shipped::sample();
    waybill.memo = Masked::new("🙂".to_owned());
    // A field that was not named is not looked into.
    waybill.sender.name = Masked::new("🙂".to_owned());
    assert_eq!(layout(&template, &waybill).unwrap_err(), Failure::from(Code::GlyphMissing));
}

#[test]
fn invisible_characters_are_dropped() {
    let mut waybill = shipped::sample();
    waybill.memo = Masked::new("易\u{7}碎\u{200B}\u{202E}品\u{FEFF}".to_owned());
    assert_eq!(printed(&layout(&text("<%= _data.memo %>"), &waybill).unwrap()), "易碎品");
}
