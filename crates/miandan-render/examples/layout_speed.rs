//! How long it takes to compile the shipped template and to lay out one label, in microseconds on this machine.

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use miandan_core::label::Resolution;
use miandan_render::frame::{Frame, Item};
use miandan_render::shipped;
use miandan_render::symbol::{code128, qr};
use miandan_render::template::Template;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let compile = best(200, || {
        black_box(Template::compile(black_box(shipped::ONE_PART_76X130.as_bytes())).is_ok());
    });
    writeln!(out, "compile        {compile:8.1} µs")?;
    let Ok(template) = Template::compile(shipped::ONE_PART_76X130.as_bytes()) else {
        return Err(std::io::Error::other("the shipped template does not compile"));
    };
    let waybill = shipped::sample();
    let mut frame = Frame::default();
    let layout = best(2_000, || {
        black_box(template.layout(black_box(&waybill), Resolution::Dpi203, &mut frame).is_ok());
    });
    writeln!(out, "layout         {layout:8.1} µs")?;
    let texts = frame.items.iter().filter(|item| matches!(item, Item::Text(_))).count();
    writeln!(
        out,
        "               {:5} items, {texts} texts, {} characters",
        frame.items.len(),
        frame.cids.len()
    )?;
    let symbols = best(2_000, || {
        frame.rows.clear();
        frame.widths.clear();
        black_box(qr::encode(&waybill.waybill_no, qr::Level::M, &mut frame.rows).is_ok());
        black_box(code128::encode(&waybill.waybill_no, &mut frame.widths).is_ok());
        black_box(code128::encode(&waybill.waybill_no, &mut frame.widths).is_ok());
    });
    writeln!(out, "  its symbols  {symbols:8.1} µs")
}

/// The best of many runs: what the machine can do when nothing else runs.
fn best(runs: u32, mut work: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed().as_secs_f64() * 1e6);
    }
    best
}
