//! Images of templates: decoded, and drawn on dots and on a page if they can be.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use miandan_core::label::LabelSize;
use miandan_fuzz::watched;
use miandan_render::frame::{Frame, Image, Item, Turn};
use miandan_render::image::{Bounds, decode};
use miandan_render::pdf::PageEncoder;
use miandan_render::raster::{Bitmap, Rasteriser};

/// A sixteenth of what a template may have: with the checks of fuzzing a decoder takes many times as long.
const PIXELS: usize = 1 << 16;

fuzz_target!(|data: &[u8]| watched(|| {
    let Ok(picture) = decode(data, Bounds::of_template(PIXELS)) else { return };
    let image = Image { x: 3, y: 5, width: 61, height: 40, turn: Turn::Quarter, picture: 0, computed: true };
    let frame = Frame {
        size: LabelSize::millimetres(10, 10),
        items: vec![Item::Image(image)],
        pictures: vec![Arc::new(picture)],
        ..Frame::default()
    };
    Rasteriser::new().draw(&frame, &mut Bitmap::default());
    PageEncoder::new().encode(&frame, &mut Vec::new());
}));
