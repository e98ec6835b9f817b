//! Matrix symbols, and stacked ones.

use rxing::multi::GenericMultipleBarcodeReader;
use rxing::{BarcodeFormat, MultiFormatReader, Point, RXingResult};

use crate::ink::{Ink, runs};
use crate::linear::{contrast, narrow};
use crate::page::{Area, Page};
use crate::rxing_reader;
use crate::symbol::{Kind, Symbol};

/// Takes the matrix symbols of a page out of its ink.
pub(crate) fn take(page: &Page, ink: &mut Ink) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    for read in [qr, others] {
        let found = read(ink).into_iter().filter_map(|result| measure(page, ink, &result));
        let found: Vec<Symbol> = found.collect();
        for symbol in &found {
            ink.clear(symbol.area);
        }
        symbols.extend(found);
    }
    symbols
}

fn qr(ink: &Ink) -> Vec<RXingResult> {
    rxing_reader::qr(ink.tones(), [ink.width, ink.height])
}

fn others(ink: &Ink) -> Vec<RXingResult> {
    let reader = GenericMultipleBarcodeReader::new(MultiFormatReader::default());
    let formats = [BarcodeFormat::DATA_MATRIX, BarcodeFormat::AZTEC, BarcodeFormat::PDF_417];
    rxing_reader::every(reader, formats, ink.tones(), [ink.width, ink.height])
}

fn measure(page: &Page, ink: &Ink, result: &RXingResult) -> Option<Symbol> {
    let kind = match result.getBarcodeFormat() {
        BarcodeFormat::QR_CODE => Kind::Qr,
        BarcodeFormat::DATA_MATRIX => Kind::DataMatrix,
        BarcodeFormat::AZTEC => Kind::Aztec,
        BarcodeFormat::PDF_417 => Kind::Pdf417,
        _ => return None,
    };
    let area = snug(ink, around(ink, result.getPoints())?)?;
    let lines: Vec<usize> = (area.top..area.bottom)
        .step_by(area.height().div_ceil(64).max(1))
        .flat_map(|y| {
            let runs = runs(&ink.row(y)[area.left..area.right]);
            // The outer ones may be cut off.
            runs.get(1..runs.len() - 1).unwrap_or_default().to_vec()
        })
        .collect();
    let mut module = narrow(&lines)?;
    let side = area.width() as f64;
    if kind == Kind::Qr {
        // Versions are four modules apart, from 21.
        let version = ((side / module - 17.0) / 4.0).round().max(1.0);
        module = side / (17.0 + 4.0 * version);
    } else {
        module = side / (side / module).round().max(1.0);
    }
    let upright = is_upright(result.getPoints(), module);
    Some(Symbol {
        kind,
        text: result.getText().to_owned(),
        area,
        turned: false,
        module,
        quiet: upright.then(|| quiet(ink, area, module)),
        uneven: None,
        contrast: contrast(page, area),
    })
}

fn around(ink: &Ink, points: &[Point]) -> Option<Area> {
    let inside = |at: f32, limit: usize| (at.max(0.0) as usize).min(limit - 1);
    Area::around(points.iter().map(|point| (inside(point.x, ink.width), inside(point.y, ink.height))))
}

/// Makes an area reach to the last row and column that have ink in common with it, as far as three pixels away, and no
/// farther than there is ink: points are between pixels, and some readers give centres of modules.
fn snug(ink: &Ink, mut area: Area) -> Option<Area> {
    let few = area.width().div_ceil(20).max(2);
    for _ in 0..few {
        let before = area;
        if area.left > 0 && !ink.is_clear(Area { left: area.left - 1, right: area.left, ..area }) {
            area.left -= 1;
        }
        if area.right < ink.width && !ink.is_clear(Area { left: area.right, right: area.right + 1, ..area }) {
            area.right += 1;
        }
        if area.top > 0 && !ink.is_clear(Area { top: area.top - 1, bottom: area.top, ..area }) {
            area.top -= 1;
        }
        if area.bottom < ink.height
            && !ink.is_clear(Area { top: area.bottom, bottom: area.bottom + 1, ..area })
        {
            area.bottom += 1;
        }
        if area == before {
            break;
        }
    }
    let dots = (area.top..area.bottom)
        .flat_map(|y| (area.left..area.right).map(move |x| (x, y)))
        .filter(|&(x, y)| ink.is_black(x, y));
    Area::around(dots)
}

/// Whether the corners have two heights and two places across, and no more.
fn is_upright(points: &[Point], module: f64) -> bool {
    let apart = |values: Vec<f32>| {
        let least = values.iter().copied().fold(f32::INFINITY, f32::min);
        let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let slack = 2.0 * module as f32;
        values.iter().all(|&value| value - least <= slack || most - value <= slack)
    };
    apart(points.iter().map(|point| point.x).collect()) && apart(points.iter().map(|point| point.y).collect())
}

/// How many modules are free on the side that has fewest, ten at most.
fn quiet(ink: &Ink, area: Area, module: f64) -> f64 {
    let farthest = (10.0 * module) as usize;
    let free = |side: &dyn Fn(usize) -> Option<Area>| {
        let clear = (1..=farthest).take_while(|&away| side(away).is_none_or(|area| ink.is_clear(area)));
        clear.count() as f64 / module
    };
    let sides: [&dyn Fn(usize) -> Option<Area>; 4] = [
        &|away| area.left.checked_sub(away).map(|left| Area { left, right: left + 1, ..area }),
        &|away| Some(Area { left: area.right + away - 1, right: area.right + away, ..area }),
        &|away| area.top.checked_sub(away).map(|top| Area { top, bottom: top + 1, ..area }),
        &|away| Some(Area { top: area.bottom + away - 1, bottom: area.bottom + away, ..area }),
    ];
    sides.into_iter().map(free).fold(f64::INFINITY, f64::min)
}
