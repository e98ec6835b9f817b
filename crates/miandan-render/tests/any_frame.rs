//! No frame makes an encoder panic, and what an encoder has drawn before does not show.

use std::sync::Arc;

use miandan_core::label::{LabelSize, Resolution};
use miandan_render::angle::Angle;
use miandan_render::faces::Faces;
use miandan_render::frame::{
    Bars, FaceId, Fill, Frame, Image, Ink, Item, Matrix, Outline, Rect, Shape, Stroke, Text, Turn,
};
use miandan_render::image::{Bounds, PIXELS, Picture, decode, load};
use miandan_render::pdf::{PageEncoder, subset};
use miandan_render::raster::{Bitmap, Rasteriser, png};
use miandan_render::wire::{self, WireError};
use proptest::prelude::*;

mod sample;

fn length() -> impl Strategy<Value = i32> {
    prop_oneof![4 => -2000..80_000i32, 1 => any::<i32>(), 1 => Just(i32::MIN), 1 => Just(i32::MAX), 1 => -2..3i32]
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![Just(Turn::None), Just(Turn::Quarter), Just(Turn::Half), Just(Turn::ThreeQuarters)]
}

fn ink() -> impl Strategy<Value = Ink> {
    prop_oneof![Just(Ink::Black), Just(Ink::White)]
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![Just(Shape::Square), length().prop_map(Shape::Rounded), Just(Shape::Ellipse)]
}

fn rect() -> impl Strategy<Value = Rect> {
    [length(), length(), length(), length()].prop_map(|[x, y, width, height]| Rect { x, y, width, height })
}

/// Mostly within what the frame holds, at times beyond.
fn range() -> impl Strategy<Value = (u32, u32)> {
    prop_oneof![4 => (0..20u32, 0..20u32), 1 => (any::<u32>(), any::<u32>())]
}

/// The last one is not there.
const FACES: [FaceId; 3] = [FaceId::Regular, FaceId::Bold, FaceId::Added(0)];

fn item() -> impl Strategy<Value = Item> {
    let fill = (rect(), shape(), ink()).prop_map(|(rect, shape, ink)| Item::Fill(Fill { rect, shape, ink }));
    let outline = (rect(), shape(), length(), prop_oneof![Just(0), length()])
        .prop_map(|(rect, shape, line, dash)| Item::Outline(Outline { rect, shape, line, dash }));
    let angle = prop_oneof![Just(Angle::NONE), any::<i64>().prop_map(Angle::hundredths)];
    let lean = (turn(), angle, any::<bool>());
    let text = ([length(), length(), length(), length()], lean, ink(), range(), any::<u8>()).prop_map(
        |([x, y, size, spacing], (turn, angle, slant), ink, (start, length), face)| {
            let face = FACES[usize::from(face) % FACES.len()];
            Item::Text(Text { x, y, turn, angle, slant, face, size, spacing, ink, start, length })
        },
    );
    let bars =
        ([length(), length(), length()], any::<u8>(), turn(), range(), prop_oneof![0..4u8, any::<u8>()])
            .prop_map(|([x, y, length], module, turn, (start, count), rows)| {
                Item::Bars(Bars { x, y, module, length, turn, start, count, rows })
            });
    let matrix = ([length(), length()], any::<u8>(), any::<u8>(), range())
        .prop_map(|([x, y], module, side, (start, _))| Item::Matrix(Matrix { x, y, module, side, start }));
    let stroke =
        ([length(), length()], [length(), length()], length(), prop_oneof![Just(0), length()], ink())
            .prop_map(|(from, to, line, dash, ink)| Item::Stroke(Stroke { from, to, line, dash, ink }));
    let side = || prop_oneof![4 => 1..600i32, 1 => length()];
    let image = ((length(), length(), side(), side()), turn(), 0..4u32, any::<bool>()).prop_map(
        |((x, y, width, height), turn, picture, computed)| {
            Item::Image(Image { x, y, width, height, turn, picture, computed })
        },
    );
    prop_oneof![fill, outline, stroke, text, bars, matrix, image]
}

/// One of line art and one of grey tones.
fn pictures() -> Vec<Arc<Picture>> {
    let mut bmp = b"BM".to_vec();
    for number in [0u32, 0, 54, 40, 3, 2, 24 << 16 | 1, 0, 0, 0, 0, 0, 0] {
        bmp.extend(number.to_le_bytes());
    }
    bmp.extend((0..24).map(|byte| byte * 10));
    [load("parcel", PIXELS).unwrap(), Arc::new(decode(&bmp, Bounds::of_template(PIXELS)).unwrap())].into()
}

fn frame() -> impl Strategy<Value = Frame> {
    let pictures = pictures();
    (
        prop_oneof![4 => Just([20_000, 30_000]), 1 => [-5..30_000i32, -5..30_000i32]],
        any::<bool>(),
        prop::collection::vec(item(), 0..6),
        prop::collection::vec(any::<u16>(), 40),
        prop::collection::vec(any::<u8>(), 40),
        prop::collection::vec(any::<u128>(), 300),
    )
        .prop_map(move |([width, height], fine, items, cids, widths, rows)| Frame {
            size: LabelSize { width, height },
            resolution: if fine { Resolution::Dpi300 } else { Resolution::Dpi203 },
            breaks: vec![2, 1, 9],
            items,
            cids,
            widths,
            rows,
            pictures: pictures.clone(),
            ..Frame::default()
        })
}

proptest! {
    #[test]
    fn is_encoded(frame in frame()) {
        let mut encoder = PageEncoder::new();
        (0..5).for_each(|page| encoder.encode_page(&frame, page, &mut Vec::new()));
        prop_assert!(encoder.take_used().iter().all(|used| used.cids.is_sorted()));
        let mut bitmap = Bitmap::default();
        (1..5).for_each(|page| Rasteriser::new().draw_page(&frame, page, &mut bitmap));
        Rasteriser::new().draw(&frame, &mut bitmap);
        prop_assert_eq!(bitmap.bits.len(), bitmap.stride * bitmap.height);
        // Rows are padded with white.
        if bitmap.width % 8 > 0 {
            let padding = 0xFF >> (bitmap.width % 8);
            prop_assert!(bitmap.bits.chunks(bitmap.stride).all(|row| row[bitmap.stride - 1] & padding == 0));
        }
        if bitmap.width > 0 && bitmap.height > 0 {
            png(&bitmap, &mut Vec::new());
        }
    }
}

proptest! {
    #[test]
    fn draws_the_same_on_the_other_side_of_the_wire(frame in frame()) {
        let page_fits = [frame.size.width, frame.size.height].iter().all(|&side| side >= 1_000);
        let pictures = frame.items.iter().filter(|item| matches!(item, Item::Image(_))).count();
        for page in 0..5 {
            let mut bytes = Vec::new();
            wire::encode_page(&frame, page, &mut bytes);
            if !page_fits {
                prop_assert_eq!(wire::decode(&bytes), Err(WireError::TooLarge));
                continue;
            }
            let read = wire::decode(&bytes).unwrap();
            // A page with fewer of the pictures of a label may give each more samples.
            if pictures <= 4 {
                let mut again = Vec::new();
                wire::encode_page(&read, 0, &mut again);
                prop_assert_eq!(&bytes, &again);
                prop_assert_eq!(drawn(&frame, page), drawn(&read, 0));
            }
            let (mut encoder, mut noted) = (PageEncoder::new(), PageEncoder::new());
            encoder.encode_page(&frame, page, &mut Vec::new());
            noted.note_page(&frame, page);
            prop_assert_eq!(encoder.take_used(), noted.take_used());
            // Nothing is left of other pages.
            prop_assert!(read.pictures.len() <= read.items.len() && read.pages() == 1 && read.boxed.is_empty());
        }
    }

    #[test]
    fn whatever_is_read_from_the_wire_can_be_drawn(
        frame in frame(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = Vec::new();
        wire::encode_page(&frame, 0, &mut bytes);
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        for bytes in [&bytes[..], &bytes[..end.index(bytes.len())]] {
            if let Ok(read) = wire::decode(bytes) {
                drawn(&read, 0);
                let mut bitmap = Bitmap::default();
                if read.size.width <= 40_000 && read.size.height <= 40_000 {
                    Rasteriser::new().draw(&read, &mut bitmap);
                }
            }
        }
    }
}

fn drawn(frame: &Frame, page: usize) -> Vec<u8> {
    let mut stream = Vec::new();
    PageEncoder::new().encode_page(frame, page, &mut stream);
    stream
}

#[test]
fn the_order_of_labels_does_not_show() {
    let mut sample = sample::Sample::new(Resolution::Dpi203);
    let frames: Vec<Frame> = (0..6)
        .map(|_| {
            let mut frame = Frame::default();
            sample.next(&mut frame);
            frame
        })
        .collect();
    let (mut encoder, mut rasteriser) = (PageEncoder::new(), Rasteriser::new());
    let mut bitmap = Bitmap::default();
    let mut encode = |frame: &Frame| {
        let mut page = Vec::new();
        encoder.encode(frame, &mut page);
        rasteriser.draw(frame, &mut bitmap);
        (page, bitmap.clone())
    };
    let forwards: Vec<_> = frames.iter().map(&mut encode).collect();
    let mut backwards: Vec<_> = frames.iter().rev().map(&mut encode).collect();
    backwards.reverse();
    assert!(forwards == backwards);
    // Two workers report between them what one would, in another order.
    let used = encoder.take_used();
    let halves = frames.chunks(3).flat_map(|frames| {
        let mut encoder = PageEncoder::new();
        frames.iter().for_each(|frame| encoder.encode(frame, &mut Vec::new()));
        encoder.take_used()
    });
    let faces = Faces::default();
    assert_eq!(subset(&faces, &used), subset(&faces, &halves.collect::<Vec<_>>()));
}
