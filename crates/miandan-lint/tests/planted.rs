//! Defects planted into a sound template: each is found, by the rule that it is for and at its line, and nothing else is.

use miandan_core::waybill::Waybill;
use miandan_lint::{Orders, Rule, lint};
use miandan_render::template::Problem;
use miandan_templates::{Case, find};

/// What is replaced in the template, by what, and what is found: the rule, and the text of the line that it names (the
/// first line where it is empty).
type Planted = (&'static str, &'static str, Rule, &'static str);

const MAIN: &str = r#"<barcode left="4" top="24.25" width="68" height="13.5" type="code128" style="hideText:false;fontSize:9.5">"#;
const AGAIN: &str = r#"<barcode left="65" top="47.25" width="9" height="44" type="code128" allowFailure="true" style="rotation:90"><%=_data.waybillCode%></barcode>"#;
const QR: &str = r#"<barcode left="0.5" top="105.25" width="24.5" height="24.5" type="qrcode" errorCorrection="1"><%=_data.courierToken || _data.waybillCode%></barcode>"#;
const SMALL: &str = "<!-- miandan-lint: allow matrix-module ";
const MARK: &str = r#"<layout id="REPRINT_MARK" left="36" top="2" width="15" height="7"/>"#;
const ROUTE: &str = r#"<text left="2" top="10.5" width="72" height="12" style="fontSize:34;"#;
const ROUTE_TEXT: &str = "<%=_data.routingInfo.routeCode || _data.routingInfo.sortation.name || to%>";
const DIGITS: &str = r#"<text left="26.5" top="122.75" width="33" height="3" style="fontSize:7.5;valign:middle;wrap:false;letterSpacing:4%"><%=_data.waybillCode%></text>"#;
const STAMP: &str = r#"<text left="60" top="123" width="14" height="5.75" style="fontSize:11;fontWeight:bold;align:center;valign:middle;wrap:false;borderWidth:0.25mm">已验视</text>"#;
const ADDRESS: &str = r#"<text left="11" top="56.15" width="51" height="19.6" style="fontSize:12;"#;
const CODE: &str = r#"<%=_data.waybillCode%></barcode>"#;
const END: &str = "</page>";

/// Planted before the end of the page.
macro_rules! added {
    ($what:literal, $rule:ident, $line:literal) => {
        (END, concat!($what, "\n</page>"), Rule::$rule, $line)
    };
}

#[rustfmt::skip]
const PLANTED: &[Planted] = &[
    // Zones.
    (MAIN, r#"<barcode left="4" top="24.25" width="68" height="13.5" type="code93" style="hideText:false;fontSize:9.5">"#, Rule::NumberSymbology, "code93"),
    (MAIN, r#"<barcode left="4" top="24.25" width="68" height="13.5" type="code128" allowFailure="true" style="hideText:false;fontSize:9.5">"#, Rule::NumberOptional, r#"width="68""#),
    (ROUTE_TEXT, "<%=to%>", Rule::ZoneDestination, ""),
    (ROUTE_TEXT, "<%=_data.routingInfo.origin.code || to%>", Rule::ZoneDestination, ""),
    ("<%=_data.recipient.name%>", "收件人", Rule::ZoneRecipient, ""),
    ("\n<%=_data.recipient.address.detail%>", "", Rule::ZoneRecipient, ""),
    ("_data.recipient.mobile || _data.recipient.phone", "_data.recipient.mobile", Rule::RecipientPhone, ""),
    ("_data.recipient.mobile || _data.recipient.phone", "''", Rule::RecipientPhone, ""),
    ("签收人", "日期", Rule::ZoneSignature, ""),
    ("<%=items[i].name || items[i].sku%>", "商品", Rule::ZoneGoods, ""),
    (MARK, "", Rule::ReprintMark, ""),
    (MARK, r#"<layout id="REPRINT_MARK" left="<%=36%>" top="2" width="15" height="7"/>"#, Rule::ReprintMark, ""),
    (MARK, r#"<layout id="REPRINT_MARK" left="36" top="2" width="11" height="7"/>"#, Rule::ReprintMarkSmall, "REPRINT_MARK"),
    (MARK, r#"<layout id="REPRINT_MARK" left="36" top="2" width="15" height="4"/>"#, Rule::ReprintMarkSmall, "REPRINT_MARK"),
    (MARK, r#"<layout id="REPRINT_MARK" left="30" top="2" width="15" height="7"/>"#, Rule::ReprintMarkTaken, "REPRINT_MARK"),
    (MARK, r#"<layout id="REPRINT_MARK" left="36" top="4" width="15" height="7"/>"#, Rule::ReprintMarkTaken, "REPRINT_MARK"),
    added!(r#"<line startX="40" startY="4" endX="45" endY="4" style="lineWidth:0.25mm"/>"#, ReprintMarkTaken, "REPRINT_MARK"),
    // Symbols.
    (MAIN, r#"<barcode left="4" top="24.25" width="50" height="13.5" type="code128" style="hideText:false;fontSize:9.5">"#, Rule::ModuleNarrow, r#"width="50""#),
    (MAIN, r#"<barcode left="4" top="24.25" width="68" height="12" type="code128" style="hideText:false;fontSize:9.5">"#, Rule::BarcodeHeight, "hideText"),
    (AGAIN, r#"<barcode left="65" top="47.25" width="5" height="44" type="code128" allowFailure="true" style="rotation:90"><%=_data.waybillCode%></barcode>"#, Rule::BarcodeHeight, "rotation:90"),
    (SMALL, "<!-- ", Rule::MatrixModule, "qrcode"),
    (QR, r#"<barcode left="0.5" top="105.25" width="22.75" height="22.75" type="qrcode" errorCorrection="1"><%=_data.courierToken || _data.waybillCode%></barcode>"#, Rule::TokenModule, "qrcode"),
    (QR, r#"<barcode left="0.5" top="105.25" width="20.5" height="20.5" type="qrcode" allowFailure="true"><%=_data.courierToken%></barcode>"#, Rule::TokenModule, "qrcode"),
    (QR, r#"<barcode left="0.5" top="105.25" width="24.5" height="24.5" type="qrcode" errorCorrection="2"><%=_data.courierToken%></barcode>"#, Rule::TokenModule, "qrcode"),
    added!(r#"<line startX="9.5" startY="25" endX="9.5" endY="32" style="lineWidth:0.375mm"/>"#, QuietZone, "hideText"),
    added!(r#"<rect left="67" top="25" width="3" height="6" style="fillColor:#000000"/>"#, QuietZone, "hideText"),
    added!(r#"<text left="66.5" top="25" width="6" height="5" style="fontSize:10">甲</text>"#, QuietZone, "hideText"),
    added!(r#"<line startX="1.75" startY="116" endX="1.75" endY="120" style="lineWidth:0.375mm"/>"#, QuietZone, "qrcode"),
    added!(r#"<line startX="20" startY="28" endX="50" endY="28" style="lineWidth:0.5mm"/>"#, SymbolCovered, "hideText"),
    added!(r#"<rect left="30" top="26" width="6" height="6" style="fillColor:#ffffff"/>"#, SymbolCovered, "hideText"),
    added!(r#"<text left="6" top="116" width="12" height="6" style="fontSize:12;fontWeight:bold">代收</text>"#, SymbolCovered, "qrcode"),
    added!(r#"<image left="30" top="25" width="6" height="6" src="parcel"/>"#, SymbolCovered, "hideText"),
    // Texts.
    (STAMP, r#"<text left="60" top="123" width="14" height="5.75" style="fontSize:11;fontWeight:bold;align:center;valign:middle;wrap:false;borderWidth:0.25mm;overflow:hidden">已验视并已实名登记</text>"#, Rule::TextCut, "已实名"),
    (ROUTE, r#"<text left="2" top="10.5" width="72" height="12" style="fontSize:20;"#, Rule::RoutingSmall, "fontSize:20"),
    (ROUTE, r#"<text left="2" top="10.5" width="40" height="12" style="fontSize:34;"#, Rule::RoutingSmall, r#"width="40""#),
    (r#"height="7" style="fontSize:17;fontWeight:bold;valign:middle;wrap:false"><%=_data.cpCode%>"#, r#"height="7" style="fontSize:40;overflow:hidden;fontWeight:bold;valign:middle;wrap:false"><%='A'%>"#, Rule::RoutingNotLargest, "routeCode"),
    (ADDRESS, r#"<text left="11" top="56.15" width="51" height="19.6" style="fontSize:6.5;"#, Rule::AddressSmall, "fontSize:6.5"),
    (DIGITS, r#"<text left="26.5" top="122.75" width="33" height="3" style="fontSize:5;valign:middle;wrap:false"><%=_data.waybillCode%></text>"#, Rule::TextSmall, "fontSize:5;"),
    (STAMP, r#"<text left="60" top="123" width="14" height="5.75" style="fontSize:4.5;align:center;valign:middle;wrap:false;borderWidth:0.25mm">已验视</text>"#, Rule::TextSmall, "fontSize:4.5"),
    added!(r#"<text left="25" top="94" width="20" height="4" style="fontSize:9">另一段文字</text>"#, TextOverText, "另一段文字"),
    added!(r#"<text left="12" top="49.5" width="20" height="5" style="fontSize:12">压住姓名</text>"#, TextOverText, "压住姓名"),
    added!(r#"<text left="3" top="89.5" width="20" height="4" style="fontSize:9">压在线上</text>"#, TextOverLine, "压在线上"),
    added!(r#"<line startX="2" startY="94" endX="50" endY="94" style="lineWidth:0.25mm"/>"#, TextOverLine, "items.length"),
    // The sheet.
    added!(r#"<text left="70" top="105" width="10" height="3" style="fontSize:8">出界</text>"#, OffSheet, "出界"),
    added!(r#"<line startX="50" startY="45.75" endX="80" endY="45.75" style="lineWidth:0.25mm"/>"#, OffSheet, r#"endX="80""#),
    added!(r#"<rect left="64" top="126" width="10" height="8" style="lineWidth:0.25mm"/>"#, OffSheet, r#"height="8""#),
    added!(r#"<line startX="0.5" startY="50" endX="0.5" endY="60" style="lineWidth:0.25mm"/>"#, SheetMargin, r#"startX="0.5""#),
    added!(r#"<text left="0.2" top="95" width="2" height="3" style="fontSize:6">边</text>"#, SheetMargin, ">边<"),
    (r#"width="76" height="130""#, r#"width="78" height="132""#, Rule::SheetSize, ""),
    // Privacy.
    (QR, r#"<barcode left="0.5" top="105.25" width="24.5" height="24.5" type="qrcode" errorCorrection="1"><%=_data.waybillCode + ',' + _data.recipient.mobile%></barcode>"#, Rule::PersonalInSymbol, "qrcode"),
    (QR, r#"<barcode left="0.5" top="105.25" width="24.5" height="24.5" type="qrcode" errorCorrection="1"><%=_data.waybillCode + _data.recipient.address.city%></barcode>"#, Rule::PersonalInSymbol, "qrcode"),
    (QR, r#"<barcode left="0.5" top="105.25" width="24.5" height="24.5" type="qrcode" errorCorrection="1"><%=_data.waybillCode%>/<%=_data.orderId%></barcode>"#, Rule::OrderInSymbol, "qrcode"),
    (QR, r#"<barcode left="0.5" top="105.25" width="24.5" height="24.5" type="qrcode" errorCorrection="1"><%=_data.waybillCode + '-' + _data.paymentId%></barcode>"#, Rule::OrderInSymbol, "qrcode"),
    added!(r#"<text left="30" top="45" width="20" height="2" style="fontSize:5.7"><%=_data.recipient.name%></text>"#, PersonalTwice, r#"top="45""#),
    added!(r#"<text left="25" top="101" width="36" height="3" style="fontSize:7"><%=phone%></text>"#, PersonalTwice, "<%=phone%></text>"),
    ("<%=_data.sender.address.town%>", "<%=_data.sender.address.town ? '镇' : ''%>", Rule::OpenedNotShown, "'镇'"),
    ("_data.sender.mobile || _data.sender.phone", "_data.sender.mobile || (_data.sender.phone ? '有电话' : '')", Rule::OpenedNotShown, "有电话"),
    added!(r#"<text left="25" top="101" width="36" height="3" style="fontSize:7">客服 19900000000</text>"#, PersonalConstant, "客服"),
    added!(r#"<text left="25" top="101" width="36" height="3" style="fontSize:7">0571-00000000</text>"#, PersonalConstant, "0571"),
    added!(r#"<text left="25" top="101" width="36" height="3" style="fontSize:7">shop@example.com</text>"#, PersonalConstant, "example.com"),
    added!(r#"<text left="25" top="101" width="36" height="3" style="fontSize:7">00000019000101000X</text>"#, PersonalConstant, "00000019"),
    // What a thermal head cannot show.
    (r#"lineWidth:0.375mm"/>"#, r##"lineWidth:0.375mm;lineColor:#999999"/>"##, Rule::Grey, "#999999"),
    (STAMP, r#"<text left="60" top="123" width="14" height="5.75" style="fontSize:11;fontColor:rgb(80, 80, 80);align:center;valign:middle;wrap:false;borderWidth:0.25mm">已验视</text>"#, Rule::Grey, "rgb("),
    (STAMP, r##"<text left="60" top="123" width="14" height="5.75" style="fontSize:11;fontColor:#ffffff;align:center;valign:middle;wrap:false;borderWidth:0.25mm">已验视</text>"##, Rule::Invisible, "已验视"),
    (r#"fontSize:13;fontWeight:bold;fontColor:#ffffff;align:center"#, "fontSize:13;fontWeight:bold;align:center", Rule::Invisible, "shippingOption.title%></text>"),
    (r#"fontSize:13;fontWeight:bold;fontColor:#ffffff;align:center"#, "fontSize:6;fontWeight:bold;fontColor:#ffffff;align:center", Rule::ReversedSmall, "shippingOption.title%></text>"),
    (r#"<line startX="2" startY="10" endX="74" endY="10" style="lineWidth:0.375mm"/>"#, r#"<line startX="2" startY="10" endX="74" endY="10" style="lineWidth:0.125mm"/>"#, Rule::ThinLine, "0.125mm"),
    added!(r#"<circle left="64" top="104" width="5" height="5" style="lineWidth:0.1mm"/>"#, ThinLine, "circle left=\"64\" top=\"104\""),
    added!(r#"<table left="63.5" top="104.5" width="10" style="cellBorderWidth:0.25"><tr><td height="2"/></tr></table>"#, ThinLine, "<table"),
    // What is refused, or passed over.
    (CODE, "</barcode>", Rule::LabelRefused, "hideText"),
    (MAIN, r#"<barcode left="4" top="24.25" width="30" height="13.5" type="code128" style="hideText:false;fontSize:9.5">"#, Rule::LabelRefused, r#"width="30""#),
    (MAIN, r#"<barcode left="4" top="24.25" width="68" height="13.5" type="ean13" style="hideText:false;fontSize:9.5">"#, Rule::LabelRefused, "ean13"),
    ("_data.waybillCode", "_data.waybilCode", Rule::Refused, "waybilCode"),
    ("<%=_data.cpCode%>", "<%=_data.buyer.email%>", Rule::Refused, "buyer"),
    ("<%=_data.cpCode%>", "<%=_data.cpCode", Rule::Refused, "</page>"),
    (END, "", Rule::Refused, "<page"),
    ("type=\"qrcode\"", "type=\"maxicode\"", Rule::Refused, "maxicode"),
    (r#"errorCorrection="1""#, r#"errorCorrection="1" colour="red""#, Rule::PassedOver, "colour"),
    (r#"wrap:false;borderWidth:0.25mm"#, "wrap:false;borderWidth:0.25mm;shadow:1", Rule::PassedOver, "shadow"),
];

fn others() -> Vec<(&'static str, Waybill)> {
    let sample = find("one-part-76x130").expect("shipped").sample();
    let cases = Case::ALL.into_iter().filter(|&case| case != Case::Ordinary);
    cases.map(|case| (case.as_str(), sample.waybill(case))).collect()
}

#[test]
fn each_is_found_where_it_is() {
    let label = find("one-part-76x130").expect("shipped");
    let ordinary = label.sample().waybill(Case::Ordinary);
    let others = others();
    let orders = Orders { ordinary: &ordinary, others: &others };
    let mut missed = Vec::new();
    for &(from, to, rule, on) in PLANTED {
        assert!(label.template.contains(from), "{from} is not in the template");
        let planted = label.template.replacen(from, to, 1);
        let report = lint(planted.as_bytes(), orders);
        let line = |number: u32| planted.lines().nth(number as usize - 1).unwrap_or_default();
        let found = report.findings.iter().any(|finding| {
            finding.rule == rule
                && if on.is_empty() { finding.line == 1 } else { line(finding.line).contains(on) }
        });
        if !found {
            let findings = report.findings.iter();
            let findings: Vec<_> =
                findings.map(|f| format!("{} {:?} {}", f.rule.id(), f.problem, line(f.line))).collect();
            missed.push(format!("{} for {to}\n  found: {findings:#?}", rule.id()));
        }
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), PLANTED.len(), missed.join("\n"));
    assert!(PLANTED.len() >= 60);
}

/// Which rules no defect is planted for: they need a template of their own, below.
#[test]
fn every_rule_finds_something() {
    let others = [
        Rule::ZoneNumber,
        Rule::NumberText,
        Rule::NumberOnce,
        Rule::ZoneSender,
        Rule::TextCutLong,
        Rule::BlackArea,
        Rule::NotLookedAt,
    ];
    for &rule in Rule::ALL.iter().filter(|rule| !Rule::OF_PICTURES.contains(rule)) {
        let planted = PLANTED.iter().any(|row| row.2 == rule);
        assert!(planted != others.contains(&rule), "{}", rule.id());
    }
}

/// What more than one place in the template would have to be changed for.
#[test]
fn what_takes_several_changes_is_found() {
    let label = find("one-part-76x130").expect("shipped");
    let ordinary = label.sample().waybill(Case::Ordinary);
    let others = others();
    let rules = |changes: &[(&str, &str)]| {
        let mut source = label.template.to_owned();
        for (from, to) in changes {
            assert!(source.contains(from), "{from}");
            source = source.replace(from, to);
        }
        let report = lint(source.as_bytes(), Orders { ordinary: &ordinary, others: &others });
        report.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(&[]), []);
    assert!(
        rules(&[("type=\"code128\"", "type=\"dataMatrix\""), ("rotation:90", "align:left")])
            .contains(&Rule::ZoneNumber)
    );
    assert_eq!(rules(&[("hideText:false;", "hideText:true;"), (DIGITS, "")]), [Rule::NumberText]);
    assert_eq!(rules(&[(QR, ""), (AGAIN, "")]), [Rule::NumberOnce]);
    assert!(rules(&[("if (_data.sender)", "if (false)")]).contains(&Rule::ZoneSender));
    assert_eq!(rules(&[("width=\"60\" height=\"7.3\"", "width=\"30\" height=\"7.3\"")]), [Rule::TextCutLong]);
    let black = "<rect left=\"2\" top=\"2\" width=\"72\" height=\"62\" style=\"fillColor:#000000\"/></page>";
    assert!(rules(&[(END, black)]).contains(&Rule::BlackArea));
    let many = "<% for (var n = 0; n < 3500; n++) { %><rect left=\"2\" top=\"2\" width=\"1\" height=\"1\"/><% } %></page>";
    assert!(rules(&[(END, many)]).contains(&Rule::NotLookedAt));
}

#[test]
fn a_comment_allows_a_rule() {
    let label = find("one-part-76x130").expect("shipped");
    let ordinary = label.sample().waybill(Case::Ordinary);
    let orders = Orders { ordinary: &ordinary, others: &[] };
    let planted =
        label.template.replace(MARK, "<!-- miandan-lint: allow reprint-mark never printed twice -->");
    let report = lint(planted.as_bytes(), orders);
    assert_eq!(report.findings, []);
    // The template allows small modules itself, which are found at both resolutions.
    let allowed = [Rule::ReprintMark, Rule::MatrixModule, Rule::MatrixModule];
    assert_eq!(report.allowed.iter().map(|finding| finding.rule).collect::<Vec<_>>(), allowed);
}

/// A list and a custom area are not asked for what only waybills have.
#[test]
fn other_documents_are_left_alone() {
    let ordinary = find("one-part-76x130").expect("shipped").sample().waybill(Case::Ordinary);
    let orders = Orders { ordinary: &ordinary, others: &[] };
    for source in [
        "<page width=\"100\" height=\"100\"><text left=\"5\" top=\"5\" width=\"50\" height=\"5\"><%=_data.packageInfo.items[0].name%></text></page>",
        "<layout id=\"CUSTOM_AREA\" left=\"0\" top=\"0\" width=\"60\" height=\"30\"><text left=\"5\" top=\"5\" width=\"50\" height=\"5\"><%=_data.memo%></text></layout>",
    ] {
        let report = lint(source.as_bytes(), orders);
        assert_eq!(report.findings, [], "{source}");
        assert!(!report.is_waybill);
    }
    // A barcode of data that is not there is no finding, and what the area draws itself is looked at.
    let area = "<layout id=\"CUSTOM_AREA\" left=\"0\" top=\"0\" width=\"60\" height=\"30\"><text left=\"5\" top=\"5\" width=\"50\" height=\"5\">19900000000</text></layout>";
    let report = lint(area.as_bytes(), orders);
    assert_eq!(
        report.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(),
        [Rule::PersonalConstant]
    );
    let half = lint(b"<page width=\"76\" height=\"130\"><text>", orders).findings;
    assert_eq!((half[0].rule, half[0].problem), (Rule::Refused, Some(Problem::MalformedXml)));
}
