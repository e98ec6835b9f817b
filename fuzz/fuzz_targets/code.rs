//! The code of templates: whatever stands between the marks, compiled and run for one label.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::label::Resolution;
use miandan_fuzz::watched;
use miandan_render::frame::Frame;
use miandan_render::shipped;
use miandan_render::template::Template;

const BEFORE: &[u8] = b"<page width='90' height='50'><text width='90' height='50'><![CDATA[";
const AFTER: &[u8] = b"]]></text></page>";

fuzz_target!(|data: &[u8]| watched(|| {
    let template = [BEFORE, data, AFTER].concat();
    let Ok(template) = Template::compile(&template) else { return };
    let waybill = shipped::sample();
    let mut frame = Frame::default();
    let first = template.layout(&waybill, Resolution::Dpi203, &mut frame);
    // What a label is does not depend on what was made before.
    let mut again = Frame::default();
    assert_eq!(first, template.layout(&waybill, Resolution::Dpi203, &mut again));
    assert!(first.is_err() || frame == again);
}));
