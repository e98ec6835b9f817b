//! Fonts that a caller brings, and characters that no font has, on whole labels.

use miandan_core::Code;
use miandan_core::field::FieldId;
use miandan_core::font::MissingGlyph;
use miandan_core::label::Resolution;
use miandan_core::pipe::Failure;
use miandan_core::waybill::{Masked, Waybill};
use miandan_render::faces::Faces;
use miandan_render::frame::{FaceId, Frame, Item};
use miandan_render::pdf::{PageEncoder, subset};
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::template::{Problem, Template};

/// `fixtures/fonts/make.py` says what is in it.
const TEST_FONT: &[u8] = include_bytes!("../../../fixtures/fonts/miandan-test.ttf");

/// A character that only the test font has.
const WIDE: char = '\u{31350}';

fn faces() -> Faces {
    let mut faces = Faces::default();
    faces.add(TEST_FONT.to_vec()).unwrap();
    faces
}

fn waybill() -> Waybill {
    let mut waybill = Waybill::default();
    waybill.recipient.name = Masked::new(format!("王{WIDE}*"));
    waybill
}

const TEMPLATE: &str = r#"<page width="40" height="20"><text left="2" top="2" width="36" height="6"
    style="fontSize:12"><![CDATA[<%=_data.recipient.name%>]]></text></page>"#;

fn lay_out(template: &Template, faces: Faces) -> Result<Frame, Failure> {
    let mut frame = Frame { faces, ..Frame::default() };
    template.layout(&waybill(), Resolution::Dpi203, &mut frame).map(|()| frame)
}

/// Face, start in micrometres and characters of each run.
fn runs(frame: &Frame) -> Vec<(FaceId, i32, String)> {
    let texts = frame.items.iter().filter_map(|item| match item {
        Item::Text(text) => Some(text),
        _ => None,
    });
    texts
        .map(|text| {
            let face = frame.faces.get(text.face).unwrap();
            let characters = text.cids(frame).iter().map(|&cid| face.character(cid).unwrap()).collect();
            (text.face, text.x, characters)
        })
        .collect()
}

#[test]
fn a_character_that_is_not_bundled_comes_from_the_font_of_the_caller() {
    let template = Template::compile(TEMPLATE.as_bytes()).unwrap();
    let missing = Failure::of_field(Code::GlyphMissing, FieldId::RecipientName);
    assert_eq!(lay_out(&template, Faces::default()).unwrap_err(), missing);

    let frame = lay_out(&template, faces()).unwrap();
    let added = FaceId::Added(0);
    let [first, second, third] = runs(&frame).try_into().unwrap();
    assert_eq!((first.0, first.2.as_str()), (FaceId::Regular, "王"));
    assert_eq!((second.0, second.2), (added, WIDE.to_string()));
    assert_eq!((third.0, third.2.as_str()), (FaceId::Regular, "*"));
    let size = match &frame.items[0] {
        Item::Text(text) => text.size,
        _ => 0,
    };
    assert_eq!([second.1 - first.1, third.1 - second.1], [size, size], "each an em further");
    assert!(frame.boxed.is_empty());
}

#[test]
fn the_picture_and_the_pdf_have_it() {
    let frame = lay_out(&Template::compile(TEMPLATE.as_bytes()).unwrap(), faces()).unwrap();
    let mut rasteriser = Rasteriser::default();
    let (mut with, mut without) = (Bitmap::default(), Bitmap::default());
    rasteriser.draw(&frame, &mut with);
    let mut bundled = frame.clone();
    bundled.items.retain(|item| !matches!(item, Item::Text(text) if text.face == FaceId::Added(0)));
    rasteriser.draw(&bundled, &mut without);
    assert!(with != without);

    let mut pages = PageEncoder::new();
    pages.encode(&frame, &mut Vec::new());
    let used = pages.take_used();
    assert_eq!(used.iter().map(|used| used.face).collect::<Vec<_>>(), [0, 2]);
    let subsets = subset(&frame.faces, &used).unwrap();
    assert!(subsets[1].borrow().base_font.ends_with("+MiandanTest"));
}

#[test]
fn a_family_that_a_template_names_comes_first_if_it_is_there() {
    let source = r#"<page width="40" height="20"><text left="2" top="2" width="36" height="6"
        style="fontFamily:'Miandan Test',SimSun"><![CDATA[AB]]></text></page>"#;
    let template = Template::compile(source.as_bytes()).unwrap();
    let faces_of = |faces| {
        runs(&lay_out(&template, faces).unwrap()).into_iter().map(|run| (run.0, run.2)).collect::<Vec<_>>()
    };
    assert_eq!(faces_of(Faces::default()), [(FaceId::Regular, "AB".to_owned())]);
    let expected = [(FaceId::Added(0), "A".to_owned()), (FaceId::Regular, "B".to_owned())];
    assert_eq!(faces_of(faces()), expected);
}

#[test]
fn what_a_template_says_itself_must_be_in_one_of_the_faces() {
    let source = format!(
        "<page width=\"40\" height=\"20\"><text left=\"2\" top=\"2\" width=\"36\" height=\"6\">{WIDE}</text></page>"
    );
    let refused = Template::compile(source.as_bytes()).unwrap_err();
    assert_eq!((refused.problem, refused.line), (Problem::MissingGlyph, 1));
    let template = Template::compile_for(source.as_bytes(), &faces()).unwrap();
    assert_eq!(runs(&lay_out(&template, faces()).unwrap()).len(), 1);
}

#[test]
fn a_box_stands_for_what_no_face_has_if_that_is_the_policy() {
    let template = Template::compile(TEMPLATE.as_bytes()).unwrap();
    let mut faces = Faces::default();
    faces.missing = MissingGlyph::Box;
    let frame = lay_out(&template, faces).unwrap();
    assert_eq!(runs(&frame)[0].2, "王□*");
    assert_eq!(frame.boxed, [WIDE]);
    assert_eq!(template.field_with(&waybill(), WIDE), Some(FieldId::RecipientName));
}

/// What is wrong with a template is found with the fonts that it was compiled for.
#[test]
fn a_text_that_does_not_fit_is_told_whatever_font_it_is_in() {
    let source = format!(
        "<page width=\"40\" height=\"20\"><text left=\"2\" top=\"2\" width=\"6\" height=\"2\">{}</text></page>",
        WIDE.to_string().repeat(9)
    );
    let template = Template::compile_for(source.as_bytes(), &faces()).unwrap();
    let told = template.overflows(&Waybill::default(), Resolution::Dpi203);
    assert_eq!(
        told.iter().map(|told| (told.problem, told.line)).collect::<Vec<_>>(),
        [(Problem::TextCut, 1)]
    );
}
