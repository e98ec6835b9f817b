//! What other people's programs make of our files. Needs qpdf, poppler-utils, zbar-tools, mupdf-tools and ghostscript;
//! a missing one fails the test. `cargo test -p miandan-render --features foreign-tools --test foreign`
#![cfg(feature = "foreign-tools")]
// These tests are about other programs; the ban is for the product.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use miandan_core::label::{LabelSize, Resolution};
use miandan_core::waybill::Waybill;
use miandan_render::frame::{FaceId, Frame, Ink};
use miandan_render::pdf::{Document, PageEncoder, subset};
use miandan_render::raster::{Bitmap, Rasteriser, png};
use miandan_render::template::Template;

mod grey;
mod programs;
mod sample;

use grey::grey;
use programs::{folder, run, text};
use sample::{Codes, Paper, Sample};

fn pdf(frames: &[Frame], path: &Path) {
    let mut encoder = PageEncoder::new();
    let mut document = Document::new(Vec::new()).unwrap();
    for frame in frames {
        let mut page = Vec::new();
        encoder.encode(frame, &mut page);
        document.page(frame.size, &page).unwrap();
    }
    let subsets = subset(&Default::default(), &encoder.take_used()).unwrap();
    let fonts: Vec<_> = subsets.iter().map(|subset| subset.borrow()).collect();
    fs::write(path, document.finish(&fonts, [0x5A; 16]).unwrap()).unwrap();
}

fn labels(count: usize, resolution: Resolution) -> (Vec<Frame>, Vec<Codes>) {
    let mut sample = Sample::new(resolution);
    let label = |_| {
        let mut frame = Frame::default();
        let codes = sample.next(&mut frame);
        (frame, codes)
    };
    (0..count).map(label).unzip()
}

#[test]
fn every_reader_opens_a_document() {
    let folder = folder("readers");
    // One page, a page tree of one level, and one of two.
    for count in [1, 3, 300] {
        let path = folder.join(format!("{count}.pdf"));
        let (frames, _) = labels(count, Resolution::Dpi203);
        pdf(&frames, &path);
        run("qpdf", &["--check", text(&path)]);
        let pages = run("pdfinfo", &[text(&path)]);
        assert!(pages.contains(&format!("Pages:           {count}\n")), "{pages}");
        assert!(pages.contains("Page size:       215.433 x 368.504 pts\n"), "{pages}");
        let last = count.to_string();
        let picture = folder.join("mupdf.png");
        run("mutool", &["draw", "-q", "-o", text(&picture), text(&path), &last]);
        let first = format!("-dFirstPage={last}");
        run(
            "gs",
            &["-q", "-dBATCH", "-dNOPAUSE", "-dPDFSTOPONERROR", &first, "-sDEVICE=nullpage", text(&path)],
        );
    }
}

#[test]
fn a_document_without_text_needs_no_fonts() {
    let path = folder("no-text").join("rules.pdf");
    let mut frame = Frame { size: LabelSize::millimetres(40, 30), ..Frame::default() };
    Paper { frame: &mut frame }.qr("123", 2000, 2000);
    pdf(&[frame], &path);
    run("qpdf", &["--check", text(&path)]);
    run("gs", &["-q", "-dBATCH", "-dNOPAUSE", "-dPDFSTOPONERROR", "-sDEVICE=nullpage", text(&path)]);
}

#[test]
fn text_is_copied_as_it_was_drawn() {
    let path = folder("copied").join("text.pdf");
    let mut frame = Frame { size: LabelSize::millimetres(76, 130), ..Frame::default() };
    let mut paper = Paper { frame: &mut frame };
    // 小 山 人 一 share their glyphs with radicals, which have their own code points; 𬬻 lies beyond plane 0.
    paper.text(5000, 10_000, 4000, FaceId::Regular, Ink::Black, "小山人一𬬻");
    paper.text(5000, 20_000, 4000, FaceId::Bold, Ink::Black, "\u{2F29}\u{2F2D}\u{2F08}\u{2F00}");
    paper.text(5000, 30_000, 4000, FaceId::Bold, Ink::Black, "王**  1380013**** Ω①㎡");
    pdf(&[frame], &path);
    let copied = run("pdftotext", &["-layout", text(&path), "-"]);
    let lines: Vec<&str> = copied.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["小山人一𬬻", "\u{2F29}\u{2F2D}\u{2F08}\u{2F00}", "王** 1380013**** Ω①㎡"]);
    let copied = run("mutool", &["draw", "-q", "-F", "txt", text(&path)]);
    assert!(copied.contains("小山人一𬬻"), "{copied}");
}

/// What zbar reads in a picture, one symbol a line.
fn scan(picture: &Path) -> String {
    run("zbarimg", &["--quiet", "--nodbus", text(picture)])
}

#[test]
fn symbols_are_read_from_pages_and_bitmaps() {
    let folder = folder("symbols");
    for (resolution, dots) in [(Resolution::Dpi203, "203.2"), (Resolution::Dpi300, "300")] {
        let (frames, codes) = labels(8, resolution);
        let path = folder.join(format!("{}.pdf", resolution.dpi()));
        pdf(&frames, &path);
        let pictures = folder.join(format!("page-{}", resolution.dpi()));
        run("pdftoppm", &["-r", dots, "-gray", text(&path), text(&pictures)]);
        let mut rasteriser = Rasteriser::new();
        let mut bitmap = Bitmap::default();
        for (number, (frame, codes)) in frames.iter().zip(codes).enumerate() {
            let expected = [format!("CODE-128:{}", codes.waybill), format!("QR-Code:{}", codes.matrix)];
            let page = folder.join(format!("page-{}-{}.pgm", resolution.dpi(), number + 1));
            let read = scan(&page);
            assert!(expected.iter().all(|code| read.lines().any(|line| line == code)), "{read} {expected:?}");

            rasteriser.draw(frame, &mut bitmap);
            let mut bytes = Vec::new();
            png(&bitmap, &mut bytes);
            let picture = folder.join(format!("bitmap-{}-{}.png", resolution.dpi(), number + 1));
            fs::write(&picture, bytes).unwrap();
            let read = scan(&picture);
            assert!(expected.iter().all(|code| read.lines().any(|line| line == code)), "{read} {expected:?}");
        }
    }
}

#[test]
fn chinese_is_read_from_a_qr_code() {
    let path = folder("chinese").join("qr.png");
    let mut frame = Frame { size: LabelSize::millimetres(40, 40), ..Frame::default() };
    Paper { frame: &mut frame }.qr("面单：王**，138****0000", 5000, 5000);
    let (mut bitmap, mut bytes) = (Bitmap::default(), Vec::new());
    Rasteriser::new().draw(&frame, &mut bitmap);
    png(&bitmap, &mut bytes);
    fs::write(&path, bytes).unwrap();
    assert_eq!(scan(&path), "QR-Code:面单：王**，138****0000\n");
}

#[test]
fn pages_and_bitmaps_agree() {
    let folder = folder("agree");
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        agree(&labels(3, resolution).0, resolution, &folder);
    }
}

/// A page of texts that lean and stand at odd angles.
fn leaning(resolution: Resolution) -> Frame {
    let text = |number: i32, style: &str| {
        let (left, top) = (5 + number % 2 * 35, 5 + number / 2 * 35);
        format!(
            "<text left='{left}' top='{top}' width='30' height='30' style='fontSize:12;align:center;valign:middle;{style}'>\
             转角{number}号 abc</text>"
        )
    };
    let styles = [
        "fontItalic:true",
        "rotation:30",
        "rotation:-12.5;fontItalic:true;fontUnderline:true",
        "rotation:90;fontItalic:true",
        "rotation:200;fontWeight:bold",
        "rotation:315;fontUnderline:true",
    ];
    let texts: String = (0..).zip(styles).map(|(number, style)| text(number, style)).collect();
    let template =
        Template::compile(format!("<page width='76' height='115'>{texts}</page>").as_bytes()).unwrap();
    let mut frame = Frame::default();
    template.layout(&Waybill::default(), resolution, &mut frame).unwrap();
    frame
}

#[test]
fn leaning_text_stands_in_a_page_as_in_a_bitmap_and_is_copied() {
    let folder = folder("leaning");
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let path = agree(&[leaning(resolution)], resolution, &folder);
        // In order; at other angles than quarter turns poppler begins new lines between them.
        let copied = run("pdftotext", &["-raw", text(&path), "-"]);
        let copied: String = copied.split_whitespace().collect();
        for number in 0..6 {
            assert!(copied.contains(&format!("转角{number}号abc")), "{number} in {copied}");
        }
        run("qpdf", &["--check", text(&path)]);
    }
}

/// Whether poppler draws the pages as we draw the bitmaps. Answers the file with the pages.
fn agree(frames: &[Frame], resolution: Resolution, folder: &Path) -> PathBuf {
    let dots = if resolution == Resolution::Dpi203 { "203.2" } else { "300" };
    let path = folder.join(format!("{}.pdf", resolution.dpi()));
    pdf(frames, &path);
    let pictures = folder.join(format!("{}", resolution.dpi()));
    run("pdftoppm", &["-r", dots, "-gray", text(&path), text(&pictures)]);
    let mut rasteriser = Rasteriser::new();
    let mut bitmap = Bitmap::default();
    for (number, frame) in frames.iter().enumerate() {
        rasteriser.draw(frame, &mut bitmap);
        let (width, height, greys) = grey(&folder.join(format!("{}-{}.pgm", resolution.dpi(), number + 1)));
        let black = |x: usize, y: usize| bitmap.is_black(x, y);
        // A dot agrees if there is such a dot at its place or next to it: poppler moves glyphs by parts of a dot.
        let (mut lost, mut added, mut inked) = (0, 0, 0);
        for y in 1..height.min(bitmap.height) - 1 {
            for x in 1..width.min(bitmap.width) - 1 {
                let near = || (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| (x, y)));
                inked += usize::from(black(x, y));
                added += usize::from(black(x, y) && near().all(|(x, y)| greys[y * width + x] > 200));
                lost += usize::from(greys[y * width + x] < 64 && !near().any(|(x, y)| black(x, y)));
            }
        }
        assert!(width.abs_diff(bitmap.width) <= 1 && height.abs_diff(bitmap.height) <= 1);
        assert!(
            lost == 0 && added * 1000 < inked,
            "{lost} lost, {added} added of {inked} at {} dpi",
            resolution.dpi()
        );
    }
    path
}
