//! The parts of making a label, each on one core: symbols, layout, pages of a PDF, bitmaps, and what printers are sent.
//!
//! ```console
//! cargo bench -p miandan-render                              # everything, ten minutes
//! cargo bench -p miandan-render -- '203 dpi/bitmap'          # what has this in its name
//! cargo bench -p miandan-render -- --save-baseline before    # then, later: --baseline before
//! ```
//!
//! Elements per second are labels per second. Bytes of a label stand in `docs/performance.md`.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use miandan_core::label::Resolution;
use miandan_core::printer::{Language, Profile};
use miandan_core::waybill::Waybill;
use miandan_render::frame::Frame;
use miandan_render::pdf::PageEncoder;
use miandan_render::printer::Encoder;
use miandan_render::raster::{Bitmap, Rasteriser, png};
use miandan_render::symbol::{code128, qr};
use miandan_render::template::Template;
use miandan_templates::{Case, LABELS};

#[path = "../tests/sample/mod.rs"]
mod sample;

/// So many different labels go round: enough that each has other characters than the last.
const LABELS_OF_A_ROUND: usize = 256;

criterion_group!(parts, symbols, layout, drawing);
criterion_main!(parts);

fn symbols(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("symbols");
    let token = "HTTPS://M.MIANDAN.ORG/T/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\
                 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFG";
    // As in the measurements that the masks were written for: 112 characters of either case, version 7 at level M.
    let link = "https://m.miandan.org/t/QwErTyUiOpAsDfGhJkLzXcVbNmqWeRtYuIoPaSdFgHjKlZxCvBnMQwErTyUiOpAsDfGhJkLzXcVbNmqWeRtYuIoP";
    for (name, text) in
        [("waybill number", "SF1234567890123"), ("courier's token", token), ("link", &link[..112])]
    {
        let mut rows = Vec::new();
        group.bench_function(format!("QR, {name}"), |bencher| {
            bencher.iter(|| {
                rows.clear();
                qr::encode(black_box(text), qr::Level::M, &mut rows).expect("short")
            });
        });
    }
    group.bench_function("QR, courier's token, by the qrcode crate alone", |bencher| {
        bencher.iter(|| qrcode::QrCode::new(black_box(token)).expect("short"));
    });
    let mut widths = Vec::new();
    group.bench_function("Code 128", |bencher| {
        bencher.iter(|| {
            widths.clear();
            code128::encode(black_box("SF1234567890123"), &mut widths).expect("ASCII");
        });
    });
    group.finish();
}

fn layout(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("layout");
    group.throughput(Throughput::Elements(1));
    for name in ["one-part-76x130", "three-part-100x210", "packing-list-100x150"] {
        let label = LABELS.iter().find(|label| label.name == name).expect("shipped");
        group.bench_function(format!("compile {name}"), |bencher| {
            bencher.iter(|| Template::compile(black_box(label.template.as_bytes())).expect("shipped"));
        });
        let template = Template::compile(label.template.as_bytes()).expect("shipped");
        let sample = label.sample();
        let waybills: Vec<Waybill> = Case::ALL.iter().map(|&case| sample.waybill(case)).collect();
        let mut next = waybills.iter().cycle();
        let mut frame = Frame::default();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let waybill = next.next().expect("a cycle");
                template.layout(waybill, Resolution::Dpi203, &mut frame).expect("shipped");
            });
        });
    }
    group.finish();
}

fn drawing(criterion: &mut Criterion) {
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let mut group = criterion.benchmark_group(format!("{} dpi", resolution.dpi()));
        group.throughput(Throughput::Elements(1));
        let mut sample = sample::Sample::new(resolution);
        let frame = |_| {
            let mut frame = Frame::default();
            sample.next(&mut frame);
            frame
        };
        let frames: Vec<Frame> = (0..LABELS_OF_A_ROUND).map(frame).collect();
        pages(&mut group, &frames);
        bitmaps(&mut group, &frames);
        printers(&mut group, &frames);
        group.finish();
    }
}

fn pages(group: &mut BenchmarkGroup<'_, WallTime>, frames: &[Frame]) {
    let (mut encoder, mut page) = (PageEncoder::new(), Vec::new());
    let mut next = frames.iter().cycle();
    group.bench_function("page", |bencher| {
        bencher.iter(|| {
            page.clear();
            encoder.encode(next.next().expect("a cycle"), &mut page);
        });
    });
}

fn bitmaps(group: &mut BenchmarkGroup<'_, WallTime>, frames: &[Frame]) {
    let (mut rasteriser, mut bitmap) = (Rasteriser::new(), Bitmap::default());
    let mut next = frames.iter().cycle();
    group.bench_function("bitmap", |bencher| {
        bencher.iter(|| rasteriser.draw(next.next().expect("a cycle"), &mut bitmap));
    });
    let mut picture = Vec::new();
    group.bench_function("bitmap and PNG", |bencher| {
        bencher.iter(|| {
            rasteriser.draw(next.next().expect("a cycle"), &mut bitmap);
            picture.clear();
            png(&bitmap, &mut picture);
        });
    });
}

/// What label printers are sent, with the bitmap.
fn printers(group: &mut BenchmarkGroup<'_, WallTime>, frames: &[Frame]) {
    let (mut rasteriser, mut bitmap) = (Rasteriser::new(), Bitmap::default());
    let (mut encoder, mut stream) = (Encoder::new(), Vec::new());
    for language in Language::ALL {
        for &graphics in language.graphics() {
            let profile = Profile { graphics, ..Profile::plain(language, frames[0].resolution, 1248) };
            if profile.check().is_err() {
                continue;
            }
            let mut next = frames.iter().cycle();
            group.bench_function(format!("bitmap and {language}, {graphics}"), |bencher| {
                bencher.iter(|| {
                    rasteriser.draw(next.next().expect("a cycle"), &mut bitmap);
                    stream.clear();
                    encoder.encode(&profile, &bitmap, &mut stream).expect("fits");
                });
            });
        }
    }
}
