//! What a page is not.

use miandan_core::label::LabelSize;

use super::{WireError, decode, encode_page};
use crate::frame::{Bars, Fill, Frame, Image, Ink, Item, Matrix, Rect, Shape, Text, Turn};
use crate::image::{self, PIXELS};

/// One of everything that names something elsewhere in the frame.
fn frame() -> Frame {
    let rect = Rect { x: 1000, y: 2000, width: 3000, height: 500 };
    let bars = Bars { x: 8, y: 9, module: 2, length: 80, turn: Turn::None, start: 1, count: 3, rows: 1 };
    let image = Image { x: 1, y: 1, width: 30, height: 20, turn: Turn::None, picture: 0, computed: false };
    Frame {
        size: LabelSize::millimetres(40, 30),
        items: vec![
            Item::Fill(Fill { rect, shape: Shape::Rounded(100), ink: Ink::White }),
            Item::Text(Text { x: 5, y: 7, size: 3500, start: 1, length: 2, ..Text::default() }),
            Item::Bars(bars),
            Item::Matrix(Matrix { x: 3, y: 4, module: 3, side: 9, start: 1 }),
            Item::Image(image),
        ],
        cids: vec![9, 10, 11, 12],
        widths: vec![4, 1, 2, 3, 4],
        rows: vec![u128::MAX; 11],
        pictures: vec![image::load("parcel", PIXELS).unwrap()],
        boxed: vec!['𬬻'],
        ..Frame::default()
    }
}

fn bytes(frame: &Frame) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_page(frame, 0, &mut bytes);
    bytes
}

#[test]
fn only_what_is_drawn_crosses() {
    let read = decode(&bytes(&frame())).unwrap();
    assert_eq!((read.items.len(), read.cids), (5, vec![10, 11]));
    assert_eq!((read.widths, read.rows), (vec![1, 2, 3], vec![0x1FF; 9]));
    assert_eq!((read.pictures[0].width(), read.pictures[0].height()), (30, 20));
    assert_eq!(read.boxed, []);
    // A text of which the frame does not have every character, and a picture that it does not have.
    let mut without = frame();
    without.cids.truncate(2);
    without.pictures.clear();
    assert_eq!(decode(&bytes(&without)).unwrap().items.len(), 3);
}

#[test]
fn a_page_that_is_cut_or_continued_is_none() {
    let whole = bytes(&frame());
    for end in 0..whole.len() {
        assert_eq!(decode(&whole[..end]), Err(WireError::Truncated), "cut at {end}");
    }
    let mut longer = whole.clone();
    longer.push(0);
    assert_eq!(decode(&longer), Err(WireError::Trailing));
}

#[test]
fn numbers_that_stand_for_nothing_are_refused() {
    let page = |items: Vec<Item>| bytes(&Frame { items, ..frame() });
    let refused = |mut bytes: Vec<u8>, place: usize, value: u8| {
        bytes[place] = value;
        assert_eq!(decode(&bytes), Err(WireError::Unknown), "{value} at {place}");
    };
    // After the size, the resolution and the number of items: the kind of the first item.
    const FIRST: usize = 13;
    let everything = frame().items;
    refused(page(vec![]), 8, 2);
    refused(page(vec![everything[0].clone()]), FIRST, 8);
    refused(page(vec![everything[0].clone()]), FIRST + 17, 3);
    let text = page(vec![everything[1].clone()]);
    for (place, value) in [(9, 4), (11, 0x8D), (12, 2), (13, 10), (22, 2)] {
        refused(text.clone(), FIRST + place, value);
    }
    let matrix = page(vec![everything[3].clone()]);
    refused(matrix.clone(), FIRST + 10, 129);
    refused(matrix, FIRST + 12, 2);
    let picture = page(vec![everything[4].clone()]);
    refused(picture.clone(), FIRST + 18, 0);
    // 30 dots are four bytes, of which two bits are padding.
    refused(picture, FIRST + 26 + 3, 1);
}

#[test]
fn what_is_larger_than_any_label_is_refused() {
    let mut bytes = bytes(&Frame { items: Vec::new(), ..frame() });
    for width in [0, 999, 1_200_001, i32::MIN, i32::MAX] {
        bytes[..4].copy_from_slice(&width.to_le_bytes());
        assert_eq!(decode(&bytes), Err(WireError::TooLarge), "{width}");
    }
    bytes[..4].copy_from_slice(&76_000_i32.to_le_bytes());
    bytes[9..13].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(decode(&bytes), Err(WireError::Truncated), "a lie reserves nothing");
    bytes[9..13].copy_from_slice(&20_001_u32.to_le_bytes());
    bytes.resize(20_001 * 30, 0);
    assert_eq!(decode(&bytes), Err(WireError::TooLarge));
}
