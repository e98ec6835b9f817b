//! Pictures as other people's programs write and read them: Pillow for PNG, JPEG and BMP, and readers of PDF for what
//! becomes of them on a page. Needs python3 with pillow, qpdf, poppler-utils, mupdf-tools and ghostscript; a missing one
//! fails the test. `cargo test -p miandan-render --features foreign-tools --test foreign_images`
#![cfg(feature = "foreign-tools")]
// These tests are about other programs; the ban is for the product.
#![allow(clippy::disallowed_methods, missing_docs)]

use std::fs;
use std::path::Path;

use miandan_core::label::Resolution;
use miandan_core::waybill::Waybill;
use miandan_render::frame::{Frame, Item};
use miandan_render::image::{Bounds, PIXELS, decode};
use miandan_render::pdf::{Document, PageEncoder};
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::template::Template;

#[path = "../programs/mod.rs"]
mod programs;

use programs::{folder, run, text};

#[test]
fn every_form_of_a_picture_is_read_as_pillow_reads_it() {
    let folder = folder("variants");
    run(
        "python3",
        &[concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign_images/variants.py"), text(&folder)],
    );
    let mut read = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "tones") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let expected = fs::read(folder.join(format!("{name}.tones"))).unwrap();
        let picture = match decode(&fs::read(&path).unwrap(), Bounds::of_template(PIXELS)) {
            Ok(picture) => picture,
            Err(error) => panic!("{name}: {error}"),
        };
        assert_eq!(picture.tones().len(), expected.len(), "{name}");
        let differences = picture.tones().iter().zip(&expected).map(|(ours, theirs)| ours.abs_diff(*theirs));
        // Decoders of JPEG may round each of their cosines.
        let most = if name.ends_with("jpg") { 3 } else { 1 };
        let (worst, sum) =
            differences.fold((0, 0), |(worst, sum), one| (one.max(worst), sum + u32::from(one)));
        assert!(worst <= most, "{name}: {worst}");
        assert!(f64::from(sum) / expected.len() as f64 <= 0.6, "{name}: {sum} of {}", expected.len());
        read += 1;
    }
    assert_eq!(read, 4 * 27, "all that was written");
}

/// Pages with line art and with tones.
fn pages() -> Vec<Frame> {
    let data_url = |name: &str| {
        let path = format!("{}/tests/pictures/{name}", env!("CARGO_MANIFEST_DIR"));
        let encoded = run("base64", &["-w", "0", &path]);
        format!("data:;base64,{encoded}")
    };
    let page = |content: &str| {
        let text = format!("<page width='76' height='50'>{content}</page>");
        let template = Template::compile(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        let mut frame = Frame::default();
        template.layout(&Waybill::default(), Resolution::Dpi203, &mut frame).unwrap();
        frame
    };
    vec![
        page(
            "<image left='2' top='2' width='22' height='22' src='parcel'/>
             <image left='27' top='2' width='22' height='22' src='fragile' style='rotation:90'/>
             <image left='2' top='26' width='72' height='22' ratioMode='ignoreRatio' src='parcel'/>",
        ),
        page(&format!(
            "<image left='2' top='2' width='40' height='30' src='{}'/>
             <image left='44' top='2' width='30' height='30' src='{}' style='rotation:270'/>
             <rect left='2' top='36' width='72' height='12' style='borderWidth:1'/>",
            data_url("rgba.png"),
            data_url("progressive.jpg")
        )),
    ]
}

/// A grey picture as `pdftoppm -gray` and others write it (PGM, P5): width, height, one byte a dot.
fn grey(path: &Path) -> (usize, usize, Vec<u8>) {
    let bytes = fs::read(path).unwrap();
    let mut at = 0;
    let mut fields = Vec::new();
    while fields.len() < 4 {
        if bytes[at] == b'#' {
            at += bytes[at..].iter().position(|&byte| byte == b'\n').unwrap() + 1;
        }
        let end = at + bytes[at..].iter().position(u8::is_ascii_whitespace).unwrap();
        fields.push(str::from_utf8(&bytes[at..end]).unwrap().to_owned());
        at = end + 1;
    }
    assert_eq!(fields[0], "P5");
    (fields[1].parse().unwrap(), fields[2].parse().unwrap(), bytes[at..].to_vec())
}

#[test]
fn readers_of_pdf_show_pictures_as_bitmaps_do() {
    let folder = folder("picture-pages");
    let frames = pages();
    let mut encoder = PageEncoder::new();
    let mut document = Document::new(Vec::new()).unwrap();
    for frame in &frames {
        let mut page = Vec::new();
        encoder.encode(frame, &mut page);
        document.page(frame.size, &page).unwrap();
    }
    let path = folder.join("pictures.pdf");
    fs::write(&path, document.finish(&[], [0x5A; 16]).unwrap()).unwrap();
    run("qpdf", &["--check", text(&path)]);
    let device = format!("-sOutputFile={}", text(&folder.join("gs-%d.pgm")));
    run(
        "gs",
        &[
            "-q",
            "-dBATCH",
            "-dNOPAUSE",
            "-dPDFSTOPONERROR",
            "-sDEVICE=pgmraw",
            "-r203.2",
            &device,
            text(&path),
        ],
    );
    run("pdftoppm", &["-r", "203.2", "-gray", text(&path), text(&folder.join("poppler"))]);
    let mutool = folder.join("mutool-%d.pgm");
    run("mutool", &["draw", "-q", "-r", "203.2", "-c", "gray", "-o", text(&mutool), text(&path)]);

    let (mut rasteriser, mut bitmap) = (Rasteriser::new(), Bitmap::default());
    for (number, frame) in frames.iter().enumerate() {
        rasteriser.draw(frame, &mut bitmap);
        for reader in ["poppler", "gs", "mutool"] {
            let (width, height, tones) = grey(&folder.join(format!("{reader}-{}.pgm", number + 1)));
            assert!(width.abs_diff(bitmap.width) <= 1 && height.abs_diff(bitmap.height) <= 1, "{reader}");
            for item in &frame.items {
                let Item::Image(image) = item else { continue };
                // Squares of eight dots are as dark on the page as on the bitmap, whose dots make up tones.
                let line_art = frame.pictures[image.picture as usize].is_bilevel();
                let (mut squares, mut off) = (0, 0);
                for y in (image.y..image.y + image.height - 8).step_by(8) {
                    for x in (image.x..image.x + image.width - 8).step_by(8) {
                        let (mut page, mut dots) = (0, 0);
                        for (x, y) in (0..64).map(|at| ((x + at % 8) as usize, (y + at / 8) as usize)) {
                            page += 255 - u32::from(tones[y * width + x]);
                            dots += 255 * u32::from(bitmap.is_black(x, y));
                        }
                        squares += 1;
                        off += u32::from(page.abs_diff(dots) > 64 * if line_art { 40 } else { 48 });
                    }
                }
                assert!(squares > 100 && off * 50 <= squares, "{reader} {image:?}: {off} of {squares}");
            }
        }
    }
}
