//! Two writers of PDF that share no line of it, ours and `printpdf`, draw the same labels: every label that is shipped with
//! every made-up order, rasterised by poppler at 300 dpi. Needs poppler-utils and qpdf; a missing one fails the test.
//! `cargo test -p miandan-render --features foreign-tools,printpdf --test second_opinion`
#![cfg(all(feature = "foreign-tools", feature = "printpdf"))]
// These tests are about other programs, and say how much was compared; the bans are for the product.
#![allow(clippy::disallowed_methods, clippy::print_stdout, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use miandan_core::font::MissingGlyph;
use miandan_core::label::{LabelSize, Resolution};
use miandan_core::waybill::Waybill;
use miandan_render::angle::Angle;
use miandan_render::faces::Faces;
use miandan_render::frame::{
    FaceId, Fill, Frame, Image, Ink, Item, Outline, Rect, Shape, Stroke, Text, Turn,
};
use miandan_render::image::{PIXELS, load};
use miandan_render::template::Template;
use miandan_render::{pdf, printpdf, wire};
use miandan_templates::{Case, LABELS};

mod grey;
mod programs;

use grey::grey;
use programs::{folder, run, text};

/// Tones by which a dot may differ: 255 is black against white. The two write the same lengths with other digits. Poppler draws
/// a dot as four by four, and an edge on the border of two columns of them goes to either; at 300 dpi every module has one
/// there. The darkest column of a dot counts for 89.
const EDGE: u8 = 90;

/// Of a million dots so many may differ by more, if what is there is next to it: poppler moves glyphs by quarters of a dot and
/// pictures by whole ones, and what stands on the border between two may go either way. Labels for 203 dpi have hardly
/// anything there.
const MOVED: usize = 100;

/// As [`MOVED`], where everything stands on whole dots of the very grid that poppler draws.
const MOVED_ON_THE_GRID: usize = 4_000;

/// Pages by both writers, from the same bytes of the pipe.
struct Pages {
    encoder: pdf::PageEncoder,
    ours: pdf::Document<Vec<u8>>,
    theirs: printpdf::Document,
    count: usize,
}

impl Pages {
    fn new() -> Self {
        Pages {
            encoder: pdf::PageEncoder::new(),
            ours: pdf::Document::new(Vec::new()).unwrap(),
            theirs: printpdf::Document::new(),
            count: 0,
        }
    }

    fn add(&mut self, frame: &Frame) {
        for page in 0..frame.pages() {
            let (mut stream, mut bytes) = (Vec::new(), Vec::new());
            self.encoder.encode_page(frame, page, &mut stream);
            self.ours.page(frame.size, &stream).unwrap();
            wire::encode_page(frame, page, &mut bytes);
            self.theirs.page(wire::decode(&bytes).unwrap());
            self.count += 1;
        }
    }

    /// Writes both files, and answers them with the number of their pages.
    fn finish(mut self, folder: &Path) -> ([PathBuf; 2], usize) {
        let subsets = pdf::subset(&Faces::default(), &self.encoder.take_used()).unwrap();
        let fonts: Vec<_> = subsets.iter().map(|subset| subset.borrow()).collect();
        let files = [folder.join("ours.pdf"), folder.join("theirs.pdf")];
        fs::write(&files[0], self.ours.finish(&fonts, [1; 16]).unwrap()).unwrap();
        fs::write(&files[1], self.theirs.finish(&fonts, [1; 16]).unwrap()).unwrap();
        (files, self.count)
    }
}

/// Checks both files: whole, the same text, and the same dots.
fn compare(name: &str, pages: Pages, most: usize) {
    let folder = folder(name);
    let (files, count) = pages.finish(&folder);
    for file in &files {
        let said = run("qpdf", &["--check", text(file)]);
        assert!(said.contains("No syntax or stream encoding errors found"), "{said}");
    }
    let copied = files.each_ref().map(|file| run("pdftotext", &["-raw", text(file), "-"]));
    assert!(copied[0].trim().len() > 100, "{}", copied[0]);
    // Whether two texts in a row are one line is a matter of a hair's breadth to poppler, and places are written with other
    // digits.
    assert!(
        copied[0].split_whitespace().eq(copied[1].split_whitespace()),
        "the text is not the same: {name}"
    );
    let pictures = files.each_ref().map(|file| {
        run("pdftoppm", &["-r", "300", "-gray", text(file), text(&file.with_extension(""))]);
        let mut found: Vec<PathBuf> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        let stem = format!("{}-", file.file_stem().unwrap().to_str().unwrap());
        found.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&stem));
        found.sort();
        found
    });
    assert_eq!(pictures.each_ref().map(Vec::len), [count; 2]);
    let (mut dots, mut black, mut moved) = (0, 0, 0);
    for (ours, theirs) in pictures[0].iter().zip(&pictures[1]) {
        let (width, height, ours) = grey(ours);
        let (other_width, other_height, theirs) = grey(theirs);
        assert_eq!((width, height), (other_width, other_height));
        dots += ours.len();
        black += ours.iter().filter(|&&tone| tone < 64).count();
        moved += ours.iter().zip(&theirs).filter(|(ours, theirs)| ours.abs_diff(**theirs) > EDGE).count();
        // What is black in one is dark in the other, there or next to it.
        for (one, other) in [(&ours, &theirs), (&theirs, &ours)] {
            for place in (0..ours.len()).filter(|&place| one[place] < 64 && other[place] > 128) {
                let (x, y) = (place % width, place / width);
                let mut near = (y.saturating_sub(1)..(y + 2).min(height))
                    .flat_map(|y| (x.saturating_sub(1)..(x + 2).min(width)).map(move |x| y * width + x));
                assert!(near.any(|near| other[near] <= 128), "{name}: nothing is at {x}, {y}");
            }
        }
    }
    println!("{name}: {count} pages, {dots} dots, {black} black, {moved} differ by more than {EDGE}");
    assert!(black * 100 > dots, "{black} black dots of {dots}: nothing was compared");
    assert!(moved * 1_000_000 <= dots * most, "{moved} of {dots} dots differ by more than {EDGE} tones");
}

#[test]
fn every_label_that_is_shipped_is_the_same() {
    for (resolution, most) in [(Resolution::Dpi203, MOVED), (Resolution::Dpi300, MOVED_ON_THE_GRID)] {
        let mut pages = Pages::new();
        for label in LABELS {
            let template = Template::compile(label.template.as_bytes()).unwrap();
            let sample = label.sample();
            for case in Case::ALL {
                let mut frame = Frame::default();
                frame.faces.missing = MissingGlyph::Box;
                // Not every label can be made of every order.
                if template.layout(&sample.waybill(case), resolution, &mut frame).is_ok() {
                    pages.add(&frame);
                }
            }
        }
        assert!(pages.count >= LABELS.len() * 4, "{} pages", pages.count);
        compare(&format!("opinions-{}", resolution.dpi()), pages, most);
    }
}

/// Everything that a frame can hold and shipped labels have little of.
#[test]
fn odd_shapes_are_the_same() {
    let mut pages = Pages::new();
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let mut frame = Frame {
            size: LabelSize::millimetres(76, 130),
            resolution,
            pictures: vec![load("parcel", PIXELS).unwrap(), load("fragile", PIXELS).unwrap()],
            ..Frame::default()
        };
        let rect = |x, y, width, height| Rect { x, y, width, height };
        let shapes = [Shape::Square, Shape::Rounded(1_700), Shape::Ellipse];
        for (place, shape) in (0..).zip(shapes) {
            let x = 3_000 + place * 24_000;
            frame.items.extend([
                Item::Fill(Fill { rect: rect(x, 3_000, 20_000, 9_000), shape, ink: Ink::Black }),
                Item::Fill(Fill { rect: rect(x + 2_111, 5_000, 15_003, 4_321), shape, ink: Ink::White }),
                Item::Outline(Outline { rect: rect(x, 14_000, 20_000, 9_000), shape, line: 377, dash: 0 }),
                Item::Outline(Outline {
                    rect: rect(x, 25_000, 20_000, 9_000),
                    shape,
                    line: 500,
                    dash: 1_500,
                }),
            ]);
        }
        for (place, ink) in (0..).zip([Ink::Black, Ink::White]) {
            let line = |dash, y| {
                Item::Stroke(Stroke { from: [4_000, y], to: [70_000, y - 6_543], line: 400, dash, ink })
            };
            frame.items.extend([line(0, 42_000 + place * 100), line(1_200, 48_000 + place * 100)]);
        }
        let turns = [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters];
        for (place, turn) in (0..).zip(turns) {
            let (x, y) = (16 + place * 140, 400);
            let picture = place as u32 % 2;
            frame.items.push(Item::Image(Image {
                x,
                y,
                width: 121,
                height: 97,
                turn,
                picture,
                computed: false,
            }));
        }
        let words = "转角 Ag 面单 小\u{2F29}";
        let faces = Faces::default();
        for (place, turn) in (0..).zip(turns) {
            for (lean, slant) in (0..).zip([false, true]) {
                let face = if slant { FaceId::Bold } else { FaceId::Regular };
                let angle = Angle::hundredths(i64::from(place) * 1_234);
                let start = frame.cids.len() as u32;
                let find = |character| faces.find(None, face, character).unwrap().cid;
                frame.cids.extend(words.chars().map(find));
                frame.items.push(Item::Text(Text {
                    x: 12_000 + place * 17_000,
                    y: 85_000 + lean * 22_000,
                    turn,
                    angle,
                    slant,
                    face,
                    size: 3_000 + place * 300,
                    spacing: place * 150,
                    ink: Ink::Black,
                    start,
                    length: words.chars().count() as u32,
                }));
            }
        }
        pages.add(&frame);
    }
    compare("opinions-odd", pages, MOVED_ON_THE_GRID);
}

/// A preview has white over black, and a label may go on over pages.
#[test]
fn previews_and_labels_of_many_pages_are_the_same() {
    let mut pages = Pages::new();
    let mut frame = Frame::default();
    let template = Template::compile(LABELS[0].template.as_bytes()).unwrap();
    let waybill = LABELS[0].sample().waybill(Case::ALL[0]);
    template.layout(&waybill, Resolution::Dpi203, &mut frame).unwrap();
    miandan_render::mark_preview(&mut frame);
    pages.add(&frame);
    let rows = "<tr><td><text>品名</text></td><td><text>3</text></td></tr>".repeat(200);
    let long = format!(
        "<page width='76' height='60' splitable='true'><table width='70' height='50' left='3' top='3'>{rows}</table></page>"
    );
    let mut frame = Frame::default();
    Template::compile(long.as_bytes())
        .unwrap()
        .layout(&Waybill::default(), Resolution::Dpi203, &mut frame)
        .unwrap();
    pages.add(&frame);
    compare("opinions-preview", pages, MOVED_ON_THE_GRID);
}
