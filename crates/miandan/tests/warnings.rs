//! An order with a field that cannot be understood is printed all the same, hidden whole, and whoever prints is told
//! which order and which field it was: in words, as events, and never with a piece of the field.

mod common;

use common::{Station, events, orders, pdf, said};
use serde_json::{Value, json};

/// What nobody can read as a phone or an address; planted, so that it is found wherever it leaks.
const PHONE: &str = "问门卫小隐匿";
const FOREIGN: &str = "улица Примерная 8317, кв 46";

/// Of five orders the second and the fourth have something in them that is not understood.
fn station() -> (Station, Vec<Value>) {
    let station = Station::new();
    let mut orders = orders(5, 11);
    for order in &mut orders {
        order["sender"] = json!({});
        order["recipient"]["mobile"] = json!("12000001234");
        order["recipient"]["detail"] = json!("海棠路8号2栋301室");
        for other in ["phone", "virtual", "org"] {
            order["recipient"].as_object_mut().unwrap().remove(other);
        }
    }
    orders[1]["recipient"]["mobile"] = json!(PHONE);
    orders[3]["recipient"]["detail"] = json!(FOREIGN);
    station.seal(&orders, &[]);
    (station, orders)
}

fn is_clean(text: &str) {
    for piece in [PHONE, FOREIGN, "问门卫", "隐匿", "улица", "Примерная", "8317", "кв"] {
        assert!(!text.contains(piece), "{piece} in {text}");
    }
}

#[test]
fn an_order_that_is_not_understood_is_printed_and_named() {
    let (station, orders) = station();
    let id = |place: usize| orders[place]["order_id"].as_str().unwrap();
    for (language, phone, address) in [
        ("en", "not understood, so hidden whole", "in a script that is not known, so every number is hidden"),
        ("zh", "无法识别，已全部隐藏", "所用文字无法识别，数字已全部隐藏"),
    ] {
        let output = station.print(&["--out", "labels.pdf", "--lang", language]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = said(&output);
        is_clean(&text);
        let lines: Vec<_> = text.lines().filter(|line| line.contains("recipient.")).collect();
        assert_eq!(lines.len(), 2, "{text}");
        for (line, place, field, why) in
            [(lines[0], 1, "recipient.mobile", phone), (lines[1], 3, "recipient.detail", address)]
        {
            assert!(line.contains(id(place)) && line.contains(field) && line.ends_with(why), "{line}");
            assert!(line.contains(&(place + 1).to_string()), "{line}");
        }
    }
    let pages = pdf::pages(&station.read("labels.pdf"));
    assert_eq!(pages.len(), 5);
    for planted in ["问门卫", "隐匿", "8317", "46"] {
        assert!(pages.iter().all(|page| !page.contains(planted)), "{planted}");
    }
    assert!(said(&station.print(&["--out", "labels.pdf", "--quiet"])).is_empty());
}

#[test]
fn machines_get_the_field_and_a_word() {
    let (station, orders) = station();
    let output = station.print(&["--dir", "labels", "--json", "--lang", "zh"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    is_clean(&said(&output));
    let events = events(&output);
    let labels: Vec<_> = events.iter().filter(|event| event["event"] == "label").collect();
    assert_eq!(labels.len(), 5);
    for (place, label) in labels.iter().enumerate() {
        let expected = match place {
            1 => json!([{"field": "recipient.mobile", "warning": "HIDDEN_WHOLE"}]),
            3 => json!([{"field": "recipient.detail", "warning": "NUMBERS_HIDDEN"}]),
            _ => Value::Null,
        };
        assert_eq!(label["warnings"], expected, "{label}");
        assert_eq!(label["order"], orders[place]["order_id"]);
    }
    assert_eq!(events.last().unwrap()["warned"], 2);
}

/// Doors are missing so often that they must not crowd out what was not understood.
#[test]
fn some_are_named_and_the_rest_is_counted() {
    for (detail, said_of_each, named, rest) in [
        ("云杉村", "no unit or room was found in it", 3, "… and 21 more labels with an address without"),
        (FOREIGN, "in a script that is not known", 20, "… and 4 more labels with warnings"),
    ] {
        let station = Station::new();
        let mut orders = orders(24, 12);
        for order in &mut orders {
            order["sender"] = json!({});
            order["recipient"]["detail"] = json!(detail);
            order["recipient"]["mobile"] = json!("12000001234");
            order["recipient"].as_object_mut().unwrap().remove("phone");
        }
        station.seal(&orders, &[]);
        let output = station.print(&["--out", "labels.pdf"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = said(&output);
        assert_eq!(text.matches(said_of_each).count(), named, "{text}");
        assert!(text.contains(rest), "{text}");
    }
}

/// A barcode that has no room for modules of the usual width is an error for who writes the template; on a label it is
/// said, and the label comes out. Where not even the narrowest fit, the label does not.
#[test]
fn a_narrow_barcode_is_an_error_at_check_and_a_warning_at_print() {
    let station = Station::new();
    station.seal(&orders(2, 13), &[]);
    let template = |width: u32, more: &str| {
        let barcode = format!(
            "<barcode left='2' top='2' width='{width}' height='12' type='code128' {more} value='MD7000000000099'/>"
        );
        station.write("own.xml", format!("<page width='76' height='130'>{barcode}</page>").as_bytes());
    };
    let check = |language: &str| station.run(&["template", "check", "own.xml", "--lang", language]);
    let print = |options: &[&str]| {
        station.print(&[&["--template", "own.xml", "--out", "labels.pdf"], options].concat())
    };
    let warnings = |output: &std::process::Output| -> Vec<Value> {
        events(output)
            .iter()
            .filter(|event| event["event"] == "label")
            .map(|event| event["warnings"].clone())
            .collect()
    };

    template(62, "");
    assert_eq!(check("en").status.code(), Some(0), "{}", said(&check("en")));
    assert_eq!(warnings(&print(&["--json"])), [Value::Null, Value::Null]);

    template(50, "");
    let checked = check("zh");
    assert_eq!(checked.status.code(), Some(4), "{}", said(&checked));
    assert!(
        said(&checked).contains("错误：一维条码的模块太窄：2 点，应为 3，203 dpi [module-narrow]"),
        "{}",
        said(&checked)
    );
    let printed = print(&[]);
    assert_eq!(printed.status.code(), Some(0), "{}", said(&printed));
    assert_eq!(said(&printed).matches("a barcode has no room for modules of the usual width").count(), 2);
    assert_eq!(
        warnings(&print(&["--json"])),
        [json!([{"warning": "NARROW_BARCODE"}]), json!([{"warning": "NARROW_BARCODE"}])]
    );

    template(30, "");
    assert_eq!(check("en").status.code(), Some(4));
    assert_eq!(
        events(&print(&["--json"])).iter().filter(|event| event["code"] == "TEMPLATE_REFUSED").count(),
        2
    );

    template(30, "allowFailure='true'");
    assert_eq!(
        warnings(&print(&["--json"])),
        [json!([{"warning": "BARCODE_LEFT_OUT"}]), json!([{"warning": "BARCODE_LEFT_OUT"}])]
    );
}
