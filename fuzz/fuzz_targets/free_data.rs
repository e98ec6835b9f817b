//! Data of any shape and templates of it: alone, and as an area over a label. A NUL stands between the template and its data;
//! a template that is no XML is the code of a text.
//!
//! No text of the data reads like a phone, whatever a template does with it there is an answer, and an area never moves what
//! is under it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::free::{FreeData, MaskedValue};
use miandan_core::label::Resolution;
use miandan_core::pipe::TemplateKind;
use miandan_core::waybill::Waybill;
use miandan_fuzz::watched;
use miandan_mask::clear::free_data;
use miandan_render::faces::Faces;
use miandan_render::frame::Frame;
use miandan_render::template::{Template, View};
use miandan_render::{Area, shipped};

struct Label {
    template: Template,
    waybill: Waybill,
    frame: Frame,
}

thread_local! {
    static LABEL: Label = label();
}

fn label() -> Label {
    let template = Template::compile(shipped::ONE_PART_76X130.as_bytes()).expect("the template that we ship");
    let (waybill, mut frame) = (shipped::sample(), Frame::default());
    template.layout(&waybill, Resolution::Dpi203, &mut frame).expect("its sample");
    Label { template, waybill, frame }
}

fuzz_target!(|data: &[u8]| watched(|| {
    let split = data.iter().position(|&byte| byte == 0).unwrap_or(0);
    let (source, data) = data.split_at(split);
    let data = free_data(data.strip_prefix(b"\0").unwrap_or(data)).unwrap_or(FreeData::EMPTY);
    check(data.root());
    let source = if source.starts_with(b"<") && !source.starts_with(b"<%") {
        source.to_vec()
    } else {
        let source = String::from_utf8_lossy(source);
        format!("<layout id='CUSTOM_AREA' left='2' top='90' width='70' height='30'><text><![CDATA[{source}]]></text></layout>").into_bytes()
    };
    let Ok(template) = Template::compile_as(TemplateKind::Free, &source, &Faces::default()) else { return };
    assert!(template.fields().is_empty(), "a person in data");
    let mut frame = Frame::default();
    let _ =
        template.layout_with(View::of_data(&data, &Waybill::default()), &[], Resolution::Dpi203, &mut frame);
    LABEL.with(|label| {
        let areas = [Area { template: &template, data: &data }];
        let over = label.template.layout_with(&label.waybill, &areas, Resolution::Dpi203, &mut frame);
        if over.is_ok() {
            assert_eq!(frame.pages(), label.frame.pages(), "an area has made a page");
            assert!(frame.items.starts_with(&label.frame.items), "the label under the area has changed");
        }
    });
}));

fn check(value: &MaskedValue) {
    let is_short = |text: &str| text.split(|c: char| !c.is_ascii_digit()).all(|digits| digits.len() < 7);
    let is_masked = |text: &str| is_short(text) || is_of_a_thing(text);
    match value {
        MaskedValue::Null | MaskedValue::Boolean(_) => {}
        MaskedValue::Number(number) => assert!(number.get().abs() < 1e10, "a long number"),
        MaskedValue::Text(text) => assert!(is_masked(text.as_str()), "a phone shown"),
        MaskedValue::List(elements) => elements.iter().for_each(check),
        MaskedValue::Object(members) => members.iter().for_each(|(name, value)| {
            assert!(is_masked(name.as_str()), "a phone as a name");
            check(value);
        }),
    }
}

/// The number of a thing, such as an order's: it stays where it stands alone, unless it could be a phone.
fn is_of_a_thing(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_mobile = digits.len() == 11 && digits.starts_with('1');
    let is_landline = (10..=12).contains(&digits.len()) && digits.starts_with('0');
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_plain && digits.len() >= 9 && !is_mobile && !is_landline
}
