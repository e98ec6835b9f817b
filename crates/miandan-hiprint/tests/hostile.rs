//! Designs that are damaged or made to do harm: a template that compiles, or an error with a place.

use std::fs;
use std::path::Path;

use miandan_hiprint::{ELEMENTS, Import, ImportError, Mapping, Outcome, Reason, Target, import};
use miandan_render::template::Template;
use miandan_testing::Random;
use proptest::prelude::*;
use serde_json::{Value, json};

const DESIGNS: [&str; 4] = ["courier-76x130", "packing-100x150", "chinese-names-76x70", "odd-100x180"];

fn design(name: &str) -> Value {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/hiprint").join(format!("{name}.json"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A design of 100 by 150 mm with these elements.
fn panel(elements: &Value) -> Vec<u8> {
    json!({"panels": [{"width": 100, "height": 150, "printElements": elements}]}).to_string().into_bytes()
}

/// What holds of every import. `ImportError::Refused` is a defect, so it is none that may come out.
fn look(design: &[u8]) -> Option<Import> {
    match import(design, &Mapping::default()) {
        Ok(import) => {
            let template = Template::compile(import.template.as_bytes()).unwrap();
            assert_eq!(template.remarks(), [], "{}", import.template);
            for note in &import.report {
                assert_eq!(note.outcome == Outcome::Carried, note.remarks.is_empty(), "{note:?}");
                assert!(note.field.as_ref().is_none_or(|field| field.chars().count() <= 61), "{note:?}");
            }
            Some(import)
        }
        Err(ImportError::Refused(error)) => panic!("{error}\n{:.4000}", String::from_utf8_lossy(design)),
        Err(_) => None,
    }
}

fn reasons(import: &Import) -> Vec<Reason> {
    import.report.iter().flat_map(|note| note.remarks.iter().map(|remark| remark.reason)).collect()
}

#[test]
fn texts_that_are_code_or_markup_stay_texts() {
    let nasty = [
        "<% while (true) {} %>",
        "<%=_data.buyer.email%>",
        "%>\"/><text>x</text>",
        "]]><script>alert(1)</script>",
        "--><text/><!--",
        "&lol; &#0; &amp;lt;%=1%&gt;",
        "\u{0}\u{1}\u{2}\u{3}\u{7f}\u{fffe}\u{202e}",
        "<\\% x %\\>",
        "<",
        "<!--",
        "<br",
        "{{#each}}${7*7}",
    ];
    for text in nasty {
        let elements = json!([
            {"options": {"title": text}, "printElementType": {"type": "text"}},
            {"options": {"title": text, "field": "mailNo"}, "printElementType": {"type": "text"}},
            {"options": {"title": text, "field": text}, "printElementType": {"type": "text"}},
            {"options": {"title": text, "textType": "qrcode"}, "printElementType": {"type": "text"}},
            {"options": {"title": text, "field": "orderNo"}, "printElementType": {"type": "qrcode"}},
            {"options": {"fontFamily": text, "color": text, "textAlign": text, "title": "x"}, "printElementType": {"type": "text"}},
            {"options": {"src": format!("data:image/png;base64,{text}")}, "printElementType": {"type": "image"}},
            {"options": {"field": "goods", "columns": [[{"title": text, "field": text}]]}, "printElementType": {"type": "table"}},
            {"options": {}, "printElementType": {"type": text, "title": text}},
        ]);
        let import = look(&panel(&elements)).unwrap();
        let template = Template::compile(import.template.as_bytes()).unwrap();
        assert!(template.fields().iter().next().is_none(), "{text}");
        // Names of fields may stand in comments as they are.
        let seen: String =
            import.template.split("<!--").map(|part| part.rsplit("-->").next().unwrap()).collect();
        assert_eq!(seen.matches("<text").count(), seen.matches("</text>").count(), "{text}");
    }
}

#[test]
fn personal_fields_are_the_masked_ones() {
    let names = [
        "receiverName",
        "receiverPhone",
        "收件人详细地址",
        "senderMobile",
        "sender.address",
        "receiver.idCard",
    ];
    let elements: Vec<_> = names
        .iter()
        .map(|name| json!({"options": {"field": name}, "printElementType": {"type": "text"}}))
        .collect();
    let import = look(&panel(&Value::from(elements))).unwrap();
    let template = Template::compile(import.template.as_bytes()).unwrap();
    assert!(template.fields().iter().all(|field| field.is_printable()));
    assert_eq!(reasons(&import).iter().filter(|reason| **reason == Reason::NeverPrinted).count(), 1);
}

#[test]
fn too_much_is_told_and_left_out() {
    let many = |element: Value, count: usize| Value::from(vec![element; count]);
    let text = json!({"options": {"title": "面".repeat(300), "field": "mailNo"}, "printElementType": {"type": "text"}});
    let long = look(&panel(&many(text, ELEMENTS))).unwrap();
    assert!(reasons(&long).contains(&Reason::TooMuch));
    assert_eq!(long.report.iter().filter(|note| note.element.is_some()).count(), ELEMENTS);

    let column = json!({"title": "品名", "field": "name"});
    let columns = Value::from(vec![Value::from(vec![column; 64])]);
    let table =
        json!({"options": {"field": "goods", "columns": columns}, "printElementType": {"type": "table"}});
    assert!(reasons(&look(&panel(&many(table, 100))).unwrap()).contains(&Reason::TooMuch));

    let code = json!({"options": {"field": "mailNo"}, "printElementType": {"type": "barcode"}});
    assert!(reasons(&look(&panel(&many(code, 17))).unwrap()).contains(&Reason::TooManyCodes));

    let picture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAAEklEQVR42mMwZmJgOMPEwAClAQ/aAgeh2aGTAAAAAElFTkSuQmCC";
    let image = json!({"options": {"src": picture}, "printElementType": {"type": "image"}});
    assert!(reasons(&look(&panel(&many(image, 17))).unwrap()).contains(&Reason::PictureTooLarge));

    let one_more = panel(&many(json!({}), ELEMENTS + 1));
    assert!(matches!(import(&one_more, &Mapping::default()), Err(ImportError::TooMany { .. })));
}

#[test]
fn every_kind_of_value_in_every_option() {
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1e300),
        json!(1e-300),
        json!(720),
        json!(-400.5),
        json!(""),
        json!("none"),
        json!("1e5"),
        json!("NaN"),
        json!("inf"),
        json!("九"),
        json!("#12"),
        json!([]),
        json!({}),
        json!([[1]]),
        json!("solid"),
        json!("dotted"),
        json!("page"),
        json!("12pt"),
        json!("99999999999999999999999999"),
    ];
    for name in DESIGNS {
        let whole = design(name);
        let count = whole["panels"][0]["printElements"].as_array().unwrap().len();
        let mut random = Random(7);
        for index in 0..count {
            let pointer = format!("/panels/0/printElements/{index}/options");
            let Some(options) = whole.pointer(&pointer).and_then(Value::as_object) else { continue };
            let more = [
                "zIndex",
                "transform",
                "letterSpacing",
                "lineHeight",
                "borderLeft",
                "borderWidth",
                "tableBorder",
                "fontSize",
            ];
            for option in options.keys().map(String::as_str).chain(more) {
                let mut changed = whole.clone();
                changed.pointer_mut(&pointer).unwrap()[option] = values[random.below(values.len())].clone();
                look(changed.to_string().as_bytes());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Bytes of a design cut out, doubled or replaced.
    #[test]
    fn damaged_ones(
        name in 0..DESIGNS.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, "[-0-9a-z\"{}\\[\\]:,.<%> ]{0,6}"), 1..5),
    ) {
        let mut text: Vec<char> = design(DESIGNS[name]).to_string().chars().collect();
        for (at, cut, put) in edits {
            let at = at.index(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.chars());
        }
        look(String::from_iter(text).as_bytes());
    }

    /// Sound JSON whose numbers and words are others.
    #[test]
    fn other_values(name in 0..DESIGNS.len(), seed in any::<u64>()) {
        let mut value = design(DESIGNS[name]);
        let mut random = Random(seed);
        for _ in 0..8 {
            let numbers = [json!(0), json!(-5), json!(1e6), json!(37.125), json!("x"), json!(2)];
            let words = [json!("receiverName"), json!("bold"), json!("qrcode"), json!("justify"), json!("<br>"), json!("goods"), json!("table")];
            let elements = value["panels"][0]["printElements"].as_array_mut().unwrap();
            let element = random.below(elements.len());
            let Some(options) = elements[element].pointer_mut("/options").and_then(Value::as_object_mut) else { continue };
            let option = random.below(options.len());
            if let Some(old) = options.values_mut().nth(option) {
                *old = if old.is_number() { numbers[random.below(6)].clone() } else { words[random.below(7)].clone() };
            }
        }
        look(value.to_string().as_bytes());
    }

    /// Any map: names of fields are any text, and what they lead to is one of ours.
    #[test]
    fn any_map(fields in prop::collection::vec((".{0,12}", any::<prop::sample::Index>()), 0..6)) {
        let targets: Vec<_> = Target::all().collect();
        let mut mapping = Mapping::default();
        let mut elements = Vec::new();
        for (field, target) in fields {
            mapping.name(field.clone(), targets[target.index(targets.len())]);
            for kind in ["text", "barcode", "qrcode", "longText"] {
                elements.push(json!({"options": {"field": &field, "title": &field}, "printElementType": {"type": kind}}));
            }
            elements.push(json!({
                "options": {"field": &field, "columns": [[{"field": &field, "title": &field}]]},
                "printElementType": {"type": "table"},
            }));
        }
        let import = import(&panel(&Value::from(elements)), &mapping).unwrap();
        let template = Template::compile(import.template.as_bytes()).unwrap();
        prop_assert_eq!(template.remarks(), []);
    }
}
