//! What the library makes of frames, read back by the parser that it brings.

use lopdf::Document as Parsed;
use miandan_core::label::Resolution;
use miandan_core::pipe::FaceUse;
use miandan_core::waybill::Waybill;

use super::*;
use crate::faces::Faces;
use crate::frame::{Image, Text, Turn};
use crate::image::{self, PIXELS};
use crate::pdf::{OwnedSubset, PageEncoder, subset};
use crate::template::Template;

/// Two labels.
fn frames() -> Vec<Frame> {
    let first = crate::shipped::sample();
    let second = Waybill { waybill_no: "MD7000000000029".to_owned(), ..first.clone() };
    let template = Template::compile(crate::shipped::ONE_PART_76X130.as_bytes()).unwrap();
    [first, second]
        .map(|waybill| {
            let mut frame = Frame::default();
            template.layout(&waybill, Resolution::Dpi203, &mut frame).unwrap();
            frame
        })
        .into()
}

fn subsets(frames: &[Frame]) -> Vec<OwnedSubset> {
    let mut encoder = PageEncoder::new();
    frames.iter().for_each(|frame| encoder.note_page(frame, 0));
    subset(&Faces::default(), &encoder.take_used()).unwrap()
}

fn written(frames: &[Frame], fonts: &[OwnedSubset]) -> Result<Vec<u8>, PrintPdfError> {
    let mut document = Document::new();
    frames.iter().for_each(|frame| document.page(frame.clone()));
    let fonts: Vec<_> = fonts.iter().map(OwnedSubset::borrow).collect();
    document.finish(&fonts, [0xA5; 16])
}

fn file(frames: &[Frame]) -> Vec<u8> {
    written(frames, &subsets(frames)).unwrap()
}

/// A text of one line.
fn line(text: &str) -> Frame {
    let faces = Faces::default();
    let find = |character| faces.find(None, FaceId::Regular, character).unwrap().cid;
    let cids: Vec<u16> = text.chars().map(find).collect();
    let text = Text { x: 5000, y: 9000, size: 4000, length: cids.len() as u32, ..Text::default() };
    Frame { size: LabelSize::millimetres(76, 40), items: vec![Item::Text(text)], cids, ..Frame::default() }
}

#[test]
fn a_file_depends_on_its_pages_alone() {
    let frames = frames();
    let first = file(&frames);
    file(&frames[..1]);
    assert!(first == file(&frames), "whatever was written before");
    let parsed = Parsed::load_mem(&first).unwrap();
    assert_eq!(parsed.get_pages().len(), 2);
    let information = parsed.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let information = parsed.get_dictionary(information).unwrap();
    let keys: Vec<_> = information.iter().map(|(key, _)| String::from_utf8_lossy(key)).collect();
    assert_eq!(keys, ["Producer"]);
}

#[test]
fn pages_have_their_sizes() {
    let small = Frame { size: LabelSize::millimetres(40, 30), ..Frame::default() };
    let parsed = Parsed::load_mem(&file(&[small, frames().remove(0)])).unwrap();
    let sizes: Vec<Vec<f32>> = (parsed.get_pages().values())
        .map(|&page| parsed.get_dictionary(page).unwrap().get(b"MediaBox").unwrap().as_array().unwrap())
        .map(|sides| sides.iter().map(|side| side.as_float().unwrap()).collect())
        .collect();
    let near = |found: f32, millimetres: f32| (found - millimetres * 72.0 / 25.4).abs() < 0.001;
    assert!(near(sizes[0][2], 40.0) && near(sizes[0][3], 30.0), "{sizes:?}");
    assert!(near(sizes[1][2], 76.0) && near(sizes[1][3], 130.0), "{sizes:?}");
}

#[test]
fn a_document_without_pages_is_a_document() {
    let empty = Document::new();
    assert_eq!(empty.pages(), 0);
    assert_eq!(Parsed::load_mem(&empty.finish(&[], [0; 16]).unwrap()).unwrap().get_pages().len(), 1);
}

#[test]
fn a_picture_that_many_pages_show_is_there_once() {
    // As pages come over the pipe: each with a copy of its own.
    let page = |turn| Frame {
        size: LabelSize::millimetres(40, 30),
        items: vec![Item::Image(Image {
            x: 8,
            y: 8,
            width: 90,
            height: 60,
            turn,
            picture: 0,
            computed: false,
        })],
        pictures: vec![image::load("parcel", PIXELS).unwrap()],
        ..Frame::default()
    };
    let pictures = |frames: &[Frame]| {
        let parsed = Parsed::load_mem(&file(frames)).unwrap();
        let is_image =
            |object: &lopdf::Object| object.as_stream().is_ok_and(|stream| stream.dict.has_type(b"XObject"));
        parsed.objects.values().filter(|object| is_image(object)).count()
    };
    assert_eq!(pictures(&[page(Turn::None), page(Turn::None), page(Turn::None)]), 1);
    assert_eq!(pictures(&[page(Turn::None), page(Turn::Quarter), page(Turn::None)]), 2);
}

#[test]
fn characters_that_share_a_glyph_are_copied_as_they_were_drawn() {
    // The radical and the ideograph, in turn.
    let text = "小\u{2F29}小山\u{2F2D}𬬻";
    let parsed = Parsed::load_mem(&file(&[line(text)])).unwrap();
    // The parser puts a space where a font begins; poppler does not (`tests/second_opinion.rs`).
    let copied: String = parsed.extract_text(&[1]).unwrap().split_whitespace().collect();
    assert_eq!(copied, text);
    let fonts = |text: &str| {
        let frames = [line(text)];
        let used = used(&frames);
        let subsets = subsets(&frames);
        let subsets: Vec<_> = subsets.iter().map(OwnedSubset::borrow).collect();
        Fonts::new(&subsets, &used).unwrap().embedded().len()
    };
    assert_eq!((fonts(text), fonts("小山𬬻")), (2, 1));
}

#[test]
fn what_the_component_does_not_answer_or_answers_wrongly_is_an_error() {
    let frames = [line("收件人")];
    assert_eq!(written(&frames, &[]), Err(PrintPdfError::NoFont(0)));
    let other = subset(&Faces::default(), &[FaceUse { face: 0, cids: vec![5] }]).unwrap();
    assert_eq!(written(&frames, &other), Err(PrintPdfError::Font(0)), "a character that is not in it");
    let whole = subsets(&frames);
    let whole = whole[0].borrow();
    let damaged: [fn(&mut FontSubset<'_>); 4] = [
        |font| font.file = &font.file[..font.file.len() / 2],
        |font| font.cid_to_gid = b"no zlib",
        |font| font.to_unicode = &font.to_unicode[..9],
        |font| font.widths = vec![(u16::MAX, vec![1, 2, 3])],
    ];
    for (place, damage) in damaged.into_iter().enumerate() {
        let mut font = whole.clone();
        damage(&mut font);
        let mut document = Document::new();
        document.page(frames[0].clone());
        let expected = if place < 3 { Err(PrintPdfError::Font(0)) } else { Ok(()) };
        assert_eq!(document.finish(&[font], [0; 16]).map(drop), expected, "{place}");
    }
}
