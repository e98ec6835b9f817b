//! Templates: compiled, and drawn with sample data if they can be.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::label::Resolution;
use miandan_fuzz::watched;
use miandan_render::frame::Frame;
use miandan_render::shipped;
use miandan_render::template::Template;

fuzz_target!(|data: &[u8]| watched(|| {
    if let Ok(template) = Template::compile(data) {
        let _ = template.layout(&shipped::sample(), Resolution::Dpi203, &mut Frame::default());
    }
}));
