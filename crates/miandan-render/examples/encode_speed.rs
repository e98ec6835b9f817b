//! How fast labels are encoded on one core, and how many bytes they are.
//!
//! ```console
//! cargo run --release -p miandan-render --example encode_speed [LABELS]
//! ```
#![allow(clippy::print_stdout, missing_docs)]

use std::hint::black_box;
use std::time::Instant;

use miandan_core::label::Resolution;
use miandan_core::printer::{Language, Profile};
use miandan_render::frame::Frame;
use miandan_render::pdf::{Document, PageEncoder, subset};
use miandan_render::printer::Encoder;
use miandan_render::raster::{Bitmap, Rasteriser, png};
use miandan_render::symbol::{code128, qr};

#[path = "../tests/sample/mod.rs"]
mod sample;

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(4000);
    symbols();
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let frames = frames(resolution, count);
        println!("{} labels of 76 × 130 mm at {} dpi", frames.len(), resolution.dpi());
        pages(&frames);
        bitmaps(&frames);
    }
}

fn frames(resolution: Resolution, count: usize) -> Vec<Frame> {
    let mut sample = sample::Sample::new(resolution);
    let frame = |_| {
        let mut frame = Frame::default();
        sample.next(&mut frame);
        frame
    };
    (0..count).map(frame).collect()
}

fn symbols() {
    let token = "HTTPS://M.MIANDAN.ORG/T/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\
                 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFG";
    // As in the measurements that the masks were written for: 112 characters of either case, version 7 at level M.
    let link = "https://m.miandan.org/t/QwErTyUiOpAsDfGhJkLzXcVbNmqWeRtYuIoPaSdFgHjKlZxCvBnMQwErTyUiOpAsDfGhJkLzXcVbNmqWeRtYuIoP";
    for (name, text) in
        [("waybill number", "SF1234567890123"), ("courier's token", token), ("link", &link[..112])]
    {
        let mut rows = Vec::new();
        let side = qr::encode(text, qr::Level::M, &mut rows).expect("short");
        time(&format!("QR version {} ({name})", (side - 17) / 4), 3000, || {
            rows.clear();
            black_box(qr::encode(black_box(text), qr::Level::M, &mut rows).expect("short"));
        });
    }
    time("QR version 6 by the qrcode crate alone", 50, || {
        black_box(qrcode::QrCode::new(black_box(token)).expect("short"));
    });
    let mut widths = Vec::new();
    time("Code 128", 30_000, || {
        widths.clear();
        code128::encode(black_box("SF1234567890123"), &mut widths).expect("ASCII");
        black_box(&widths);
    });
}

fn pages(frames: &[Frame]) {
    let mut encoder = PageEncoder::new();
    let mut page = Vec::new();
    let mut document = Document::new(Vec::new()).expect("memory");
    let mut next = frames.iter().cycle();
    time("page streams", frames.len(), || {
        page.clear();
        encoder.encode(next.next().expect("a cycle"), &mut page);
        document.page(frames[0].size, &page).expect("memory");
    });
    let started = Instant::now();
    let subsets = subset(&Default::default(), &encoder.take_used()).expect("our own faces");
    let fonts: Vec<_> = subsets.iter().map(|subset| subset.borrow()).collect();
    let font_bytes: usize = fonts.iter().map(|font| font.file.len()).sum();
    let pages = document.pages();
    let file = document.finish(&fonts, [0; 16]).expect("memory");
    println!(
        "  {:<36} {:>9.1} ms; file {} B, {} B a label, {} B of it without fonts",
        "subsets and the end of the file",
        started.elapsed().as_secs_f64() * 1e3,
        file.len(),
        file.len() / pages,
        (file.len() - font_bytes) / pages,
    );
}

fn bitmaps(frames: &[Frame]) {
    let mut rasteriser = Rasteriser::new();
    let mut bitmap = Bitmap::default();
    let mut next = frames.iter().cycle();
    time("bitmaps, cold", frames.len(), || rasteriser.draw(next.next().expect("a cycle"), &mut bitmap));
    time("bitmaps, warm", frames.len(), || rasteriser.draw(next.next().expect("a cycle"), &mut bitmap));
    let (mut picture, mut bytes) = (Vec::new(), 0);
    time("bitmaps and PNG", frames.len(), || {
        rasteriser.draw(next.next().expect("a cycle"), &mut bitmap);
        picture.clear();
        png(&bitmap, &mut picture);
        bytes += picture.len();
    });
    println!("  {:<36} {:>9} B a label", "PNG", bytes / frames.len() / 5);
    printers(frames, &mut rasteriser);
}

/// What label printers are sent, with the bitmap and without.
fn printers(frames: &[Frame], rasteriser: &mut Rasteriser) {
    let mut bitmap = Bitmap::default();
    let mut encoder = Encoder::new();
    let mut stream = Vec::new();
    for language in Language::ALL {
        for &graphics in language.graphics() {
            let profile = Profile { graphics, ..Profile::plain(language, frames[0].resolution, 1248) };
            if profile.check().is_err() {
                continue;
            }
            let mut next = frames.iter().cycle();
            let mut bytes = 0;
            time(&format!("bitmaps and {language}, {graphics}"), frames.len(), || {
                rasteriser.draw(next.next().expect("a cycle"), &mut bitmap);
                stream.clear();
                encoder.encode(&profile, &bitmap, &mut stream).expect("fits");
                bytes += stream.len();
            });
            time(&format!("{language}, {graphics}, of one bitmap"), frames.len(), || {
                stream.clear();
                encoder.encode(&profile, black_box(&bitmap), &mut stream).expect("fits");
            });
            println!("  {:<36} {:>9} B a label", "", bytes / frames.len() / 5);
        }
    }
}

/// Runs something `count` times, five times over, and prints the median.
fn time(name: &str, count: usize, mut run: impl FnMut()) {
    let mut seconds: Vec<f64> = (0..5)
        .map(|_| {
            let started = Instant::now();
            (0..count).for_each(|_| run());
            started.elapsed().as_secs_f64() / count as f64
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("  {name:<36} {:>9.2} µs {:>9.0}/s", seconds[2] * 1e6, 1.0 / seconds[2]);
}
