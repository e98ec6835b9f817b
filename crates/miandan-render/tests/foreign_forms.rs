//! Pages that name forms beside pages drawn whole, as poppler and qpdf see them. Needs qpdf and poppler-utils; a missing one
//! fails the test. `cargo test -p miandan-render --features foreign-tools --test foreign_forms`
#![cfg(feature = "foreign-tools")]
// These tests are about other programs; the ban is for the product.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::fs;
use std::path::Path;

use miandan_core::label::Resolution;
use miandan_render::faces::Faces;
use miandan_render::frame::{Frame, Item};
use miandan_render::mark_preview;
use miandan_render::pdf::{Document, Forms, PageEncoder, subset};
use miandan_render::template::Template;
use miandan_templates::{Case, LABELS};

mod grey;
mod programs;

use grey::grey;
use programs::{folder, run, text};

fn pdf(forms: &Forms, frames: &[Frame], path: &Path) {
    let mut encoder = PageEncoder::new();
    encoder.note_forms(forms);
    let mut document = Document::new(Vec::new()).unwrap();
    for form in forms.streams() {
        document.form(frames[0].size, form).unwrap();
    }
    for frame in frames {
        for page in 0..frame.pages() {
            let mut stream = Vec::new();
            encoder.encode_with(forms, frame, page, &mut stream);
            document.page(frame.size, &stream).unwrap();
        }
    }
    let subsets = subset(&Faces::default(), &encoder.take_used()).unwrap();
    let fonts: Vec<_> = subsets.iter().map(|subset| subset.borrow()).collect();
    fs::write(path, document.finish(&fonts, [0x5A; 16]).unwrap()).unwrap();
}

fn copied(path: &Path) -> Vec<String> {
    let copied = run("pdftotext", &["-raw", text(path), "-"]);
    copied.split('\u{C}').map(|page| page.split_whitespace().collect()).collect()
}

/// Every label, every case and a preview of it, at both resolutions.
#[test]
fn pages_look_alike_dot_by_dot_and_say_the_same() {
    let folder = folder("forms");
    let (mut named, mut pages) = (0, 0);
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        for label in LABELS {
            let template = Template::compile(label.template.as_bytes()).unwrap();
            let mut frames = Vec::new();
            for case in Case::ALL {
                let mut frame = Frame::default();
                template.layout(&label.sample().waybill(case), resolution, &mut frame).unwrap();
                frames.push(frame);
            }
            let mut preview = frames[0].clone();
            mark_preview(&mut preview);
            frames.push(preview);
            let forms = Forms::new(&template, 0, resolution, &Faces::default());
            let [whole, cut] = ["whole", "cut"].map(|name| folder.join(format!("{name}.pdf")));
            pdf(&Forms::default(), &frames, &whole);
            pdf(&forms, &frames, &cut);
            run("qpdf", &["--check", text(&cut)]);
            for path in [&whole, &cut] {
                run("pdftoppm", &["-r", "300", "-gray", text(path), text(&path.with_extension(""))]);
            }
            let frames: Vec<(&Frame, usize)> =
                frames.iter().flat_map(|frame| (0..frame.pages()).map(move |page| (frame, page))).collect();
            let digits = frames.len().to_string().len();
            let (one, other) = (copied(&whole), copied(&cut));
            for (at, &(frame, page)) in frames.iter().enumerate() {
                let picture = |name: &str| grey(&folder.join(format!("{name}-{:0digits$}.pgm", at + 1)));
                let (drawn_whole, drawn_cut) = (picture("whole"), picture("cut"));
                let differ =
                    drawn_whole.2.iter().zip(&drawn_cut.2).filter(|(one, other)| one != other).count();
                assert_eq!(
                    (drawn_whole.0, drawn_whole.1, 0),
                    (drawn_cut.0, drawn_cut.1, differ),
                    "{} at {} dpi, page {}",
                    label.name,
                    resolution.dpi(),
                    at + 1
                );
                let sorted = |text: &str| {
                    let mut characters: Vec<char> = text.chars().collect();
                    characters.sort_unstable();
                    characters
                };
                assert_eq!(sorted(&one[at]), sorted(&other[at]), "{}", label.name);
                for item in frame.page(page) {
                    let Item::Text(run) = item else { continue };
                    let face = frame.faces.get(run.face).unwrap();
                    let line = run.cids(frame).iter().filter_map(|&cid| face.character(cid));
                    let line: String = line.filter(|character| !character.is_whitespace()).collect();
                    assert!(other[at].contains(&line) || !one[at].contains(&line), "{}: {line}", label.name);
                }
                pages += 1;
                let mut stream = Vec::new();
                PageEncoder::new().encode_with(&forms, frame, page, &mut stream);
                let mut alone = Vec::new();
                PageEncoder::new().encode_page(frame, page, &mut alone);
                named += usize::from(stream != alone);
            }
        }
    }
    // Most of them name a form; else nothing was compared.
    assert!(named * 10 >= pages * 8, "{named} of {pages}");
}
