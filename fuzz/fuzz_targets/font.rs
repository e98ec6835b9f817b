//! Fonts of a caller: read, and a line of every character that they have drawn, written and cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::label::LabelSize;
use miandan_render::faces::Faces;
use miandan_render::frame::{FaceId, Frame, Item, Text};
use miandan_render::pdf::{PageEncoder, subset};
use miandan_render::raster::{Bitmap, Rasteriser};

/// Of the test font, and others that a damaged one may come to have.
const CHARACTERS: &str = " A一\u{2F00}\u{2B823}\u{31350}B王";

fuzz_target!(|data: &[u8]| {
    let mut faces = Faces::default();
    let Ok(face) = faces.add(data.to_vec()) else { return };
    let mut frame = Frame { size: LabelSize::millimetres(40, 10), ..Frame::default() };
    for character in CHARACTERS.chars() {
        if let Some(found) = faces.find(Some(face), FaceId::Regular, character) {
            let start = frame.cids.len() as u32;
            frame.cids.push(found.cid);
            let text =
                Text { x: 5000, y: 5000, size: 4000, face: found.face, start, length: 1, ..Text::default() };
            frame.items.push(Item::Text(text));
        }
    }
    frame.faces = faces.clone();
    Rasteriser::new().draw(&frame, &mut Bitmap::default());
    let mut pages = PageEncoder::new();
    pages.encode(&frame, &mut Vec::new());
    let _ = subset(&faces, &pages.take_used());
});
