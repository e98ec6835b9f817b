//! One element after the other: what is written for it.

use miandan_hiprint::{Mapping, Reason, import};
use serde_json::{Value, json};

/// The lines between the page and what is around it, and the reasons that were given.
fn lines(kind: &str, options: &Value) -> (Vec<String>, Vec<Reason>) {
    let element = json!({"options": options, "printElementType": {"type": kind}});
    let panel = json!({"width": 100, "height": 150, "paperNumberDisabled": true, "printElements": [element]});
    let design = json!({"panels": [panel]});
    let import = import(design.to_string().as_bytes(), &Mapping::default()).unwrap();
    let lines = import.template.lines().skip(3).filter(|line| *line != "</page>");
    let reasons = import.report.iter().flat_map(|note| note.remarks.iter().map(|remark| remark.reason));
    (lines.map(|line| line.trim().to_owned()).collect(), reasons.collect())
}

/// An element that becomes one line.
fn line(kind: &str, options: &Value) -> String {
    let (lines, _) = lines(kind, options);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].clone()
}

/// A box of one by half an inch, an inch from the corner, with more options.
fn boxed(more: Value) -> Value {
    let mut options = json!({"left": 72, "top": 72, "width": 72, "height": 36, "title": "x"});
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

#[test]
fn texts_stand_where_css_has_them() {
    let place = |more| {
        let line = line("text", &boxed(more));
        line.split(" style").next().unwrap().to_owned()
    };
    // A line of 9.75 pt around 9 pt of type.
    assert_eq!(place(json!({})), r#"<text left="25.4" top="25.53" width="25.4" height="12.57""#);
    // 18 pt around 12 pt: 3 pt down.
    assert_eq!(
        place(json!({"fontSize": 12, "lineHeight": 18})),
        r#"<text left="25.4" top="26.46" width="25.4" height="11.64""#
    );
    // In the middle nothing moves.
    let middle = json!({"fontSize": 12, "lineHeight": 18, "textContentVerticalAlign": "middle"});
    assert_eq!(place(middle), r#"<text left="25.4" top="25.4" width="25.4" height="12.7""#);
    // What is higher than its box keeps its size.
    assert_eq!(
        place(json!({"fontSize": 24, "lineHeight": 24, "height": 10})),
        r#"<text left="25.4" top="25.4" width="25.4" height="8.47""#
    );
    // A quarter turn about the middle of the box.
    assert_eq!(
        place(json!({"transform": 90})),
        r#"<text left="31.75" top="19.05" width="12.7" height="25.4""#
    );
    assert_eq!(place(json!({"transform": 30})), r#"<text left="25.4" top="25.4" width="25.4" height="12.7""#);
}

#[test]
fn texts_have_the_style_that_they_had() {
    let style = |more| {
        let line = line("text", &boxed(more));
        line.split("style=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(style(json!({})), "fontSize:9;lineHeight:90%");
    assert_eq!(style(json!({"lineHeight": 10.8})), "fontSize:9");
    assert_eq!(
        style(json!({
            "fontSize": "12", "fontWeight": 700, "fontFamily": "SimHei", "color": "#fff", "textDecoration": "underline",
            "letterSpacing": 1.5, "lineHeight": 18, "textAlign": "right", "textContentVerticalAlign": "bottom",
            "textContentWrap": "ellipsis", "zIndex": 3,
        })),
        "fontSize:12;fontWeight:bold;fontFamily:SimHei;fontColor:#ffffff;fontUnderline:true;letterSpacing:1.5;lineHeight:125%;\
         align:right;valign:bottom;wrap:false;overflow:hidden;zIndex:3"
    );
    assert_eq!(
        style(json!({
            "lineHeight": 9, "borderTop": "solid", "borderLeft": "dotted", "borderWidth": 1.5, "contentPaddingLeft": 7.2,
            "backgroundColor": "rgb(10, 10, 10)",
        })),
        "fontSize:9;borderWidth:1.5 0 0 1.5;borderStyle:solid solid solid dotted;backgroundColor:#000000;\
         padding:0 0 0 2.54;lineHeight:83%"
    );
    // A family that could end the style is no family.
    assert_eq!(style(json!({"lineHeight": 10.8, "fontFamily": "x;rotation:45"})), "fontSize:9");
}

#[test]
fn lines_turn_about_the_middle_of_their_boxes() {
    let ends = |kind, more| {
        let line = line(kind, &boxed(more));
        line.split(" style").next().unwrap().to_owned()
    };
    assert_eq!(ends("hline", json!({})), r#"<line startX="25.4" startY="25.53" endX="50.8" endY="25.53""#);
    assert_eq!(ends("vline", json!({})), r#"<line startX="25.53" startY="25.4" endX="25.53" endY="38.1""#);
    // The upper edge becomes the right one.
    let turned = ends("hline", json!({"transform": 90, "borderWidth": 0}));
    assert_eq!(turned, r#"<line startX="44.45" startY="19.05" endX="44.45" endY="44.45""#);
    let upside_down = ends("hline", json!({"transform": 180, "borderWidth": 0}));
    assert_eq!(upside_down, r#"<line startX="25.4" startY="38.1" endX="50.8" endY="38.1""#);
}

#[test]
fn codes_have_the_level_that_they_had() {
    for (level, expected) in
        [(json!(0), "1"), (json!(1), "0"), (json!(2), "3"), (json!("3"), "2"), (json!(9), "1")]
    {
        let options =
            boxed(json!({"height": 72, "field": "mailNo", "hideTitle": true, "qrCodeLevel": level}));
        let line = line("qrcode", &options);
        assert!(line.contains(&format!("errorCorrection=\"{expected}\"")), "{line}");
    }
    let (lines, reasons) =
        lines("qrcode", &boxed(json!({"width": 20, "height": 20, "field": "mailNo", "hideTitle": true})));
    assert_eq!(reasons, [Reason::CodeGrown]);
    // The middle stays: 72 + 10 pt are 28.93 mm.
    assert!(lines[0].contains(r#"left="22.74" top="22.74" width="12.38" height="12.38""#), "{lines:?}");
}

#[test]
fn what_may_be_empty_stands_under_a_condition() {
    let (lines, _) = lines("barcode", &boxed(json!({"field": "三段码"})));
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0], "<% if (_data.routingInfo.routeCode) { %>");
    assert_eq!(lines[2], "<% } %>");
}

#[test]
fn a_head_that_is_no_grid_is_its_last_row() {
    let columns = json!([[{"title": "a", "colspan": 3}], [{"title": "品名", "field": "name"}, {"title": "数量", "field": "num"}]]);
    let (lines, reasons) = lines("table", &boxed(json!({"field": "goods", "columns": columns})));
    assert_eq!(reasons, [Reason::TableHead]);
    assert_eq!(lines.iter().filter(|line| line.starts_with("<th")).count(), 2);
    assert!(!lines.iter().any(|line| line.contains("colspan")));
}

#[test]
fn tables_without_a_head_have_none() {
    let columns = json!([{"title": "品名", "field": "name", "width": 30}, {"title": "数量", "field": "num", "width": 10}]);
    let options =
        json!({"field": "goods", "columns": columns, "tableHeaderRepeat": "none", "tableBorder": "noBorder"});
    let (lines, reasons) = lines("table", &boxed(options));
    assert_eq!(reasons, []);
    assert!(!lines.iter().any(|line| line.starts_with("<th")), "{lines:?}");
    assert!(
        lines[0].contains("borderWidth:0\"")
            && lines.iter().any(|line| line.starts_with("<td width=\"75%\"")),
        "{lines:?}"
    );
}
