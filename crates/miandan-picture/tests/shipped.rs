//! Every symbol of every label that is shipped is read where the layout put it, with the module that it was given; and
//! every phone is found, with as many digits as are shown.

use std::collections::BTreeMap;

use miandan_core::label::Resolution;
use miandan_picture::{Area, Kind, Page, Symbol, read};
use miandan_render::frame::{Frame, Item, Turn};
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::template::Template;
use miandan_templates::{Case, LABELS};

/// What a frame has: for each symbol whether it is linear, its module and its area.
fn expected(frame: &Frame) -> Vec<(bool, usize, Area)> {
    let area = |x: i32, y: i32, width: i32, height: i32| {
        let [left, top, right, bottom] = [x, y, x + width, y + height].map(|length| length as usize);
        Area { left, top, right, bottom }
    };
    let symbol = |item: &Item| match item {
        Item::Bars(bars) => {
            let modules: i32 = bars.widths(frame).iter().map(|&width| i32::from(width)).sum();
            let along = modules * i32::from(bars.module);
            let [width, height] =
                if bars.turn == Turn::None { [along, bars.length] } else { [bars.length, along] };
            Some((true, usize::from(bars.module), area(bars.x, bars.y, width, height)))
        }
        Item::Matrix(matrix) => {
            let side = i32::from(matrix.module) * i32::from(matrix.side);
            Some((false, usize::from(matrix.module), area(matrix.x, matrix.y, side, side)))
        }
        _ => None,
    };
    let mut all: Vec<_> = frame.page(0).iter().filter_map(symbol).collect();
    all.sort_by_key(|(_, _, area)| (area.top, area.left));
    all
}

fn page(bitmap: &Bitmap) -> Page {
    let dots = (0..bitmap.height).flat_map(|y| (0..bitmap.width).map(move |x| (x, y)));
    let tones = dots.map(|(x, y)| if bitmap.is_black(x, y) { 0 } else { 255 }).collect();
    Page::new(bitmap.width, bitmap.height, tones).unwrap()
}

#[test]
fn every_symbol_and_every_phone_of_what_is_shipped() {
    let mut phones = BTreeMap::new();
    for label in LABELS {
        let template = Template::compile(label.template.as_bytes()).unwrap();
        for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
            for case in [Case::Ordinary, Case::Everything, Case::Longest, Case::Bare] {
                let name = format!("{} {} {}", label.name, resolution.dpi(), case.as_str());
                let waybill = label.sample().waybill(case);
                let frame = template.trace(&waybill, resolution).unwrap().frame;
                let mut bitmap = Bitmap::default();
                Rasteriser::new().draw(&frame, &mut bitmap);
                let reading = read(&page(&bitmap));

                let expected = expected(&frame);
                let found = |symbol: &Symbol| {
                    let module = symbol.module.round() as usize;
                    assert!((symbol.module - module as f64).abs() < 0.02, "{name}: {symbol:?}");
                    (symbol.kind.is_linear(), module, symbol.area)
                };
                let found: Vec<_> = reading.symbols.iter().map(found).collect();
                assert_eq!(found, expected, "{name}");
                for symbol in &reading.symbols {
                    let known = [waybill.waybill_no.as_str(), waybill.order_id.as_str(), "https://"];
                    let is_token = symbol.text == waybill.courier_token;
                    assert!(
                        is_token || known.iter().any(|known| symbol.text.contains(known)),
                        "{name}: {symbol:?}"
                    );
                    assert!(symbol.quiet >= Some(symbol.kind.quiet_zone() - 0.01), "{name}: {symbol:?}");
                    assert!(symbol.kind == Kind::Qr || symbol.uneven == Some(0.0), "{name}: {symbol:?}");
                }
                for number in &reading.numbers {
                    *phones.entry((case.as_str(), number.shown(), number.has_extension)).or_insert(0) += 1;
                }
            }
        }
    }
    // Fourteen waybills with a recipient and a sender, at two resolutions; the two lists show no phone.
    let expected = [("everything", 11, true), ("longest", 11, true), ("ordinary", 4, false)];
    assert_eq!(phones, expected.into_iter().map(|key| (key, 56)).collect());
}

/// How many dots a module of the courier's token has: with its sealed part at 203 and at 300 dpi, then without it.
#[rustfmt::skip]
const TOKENS: &[(&str, [usize; 4])] = &[
    ("one-part-76x130", [3, 4, 4, 5]),
    ("one-part-76x130-merchant", [3, 4, 3, 5]),
    ("two-part-100x150", [4, 6, 5, 7]),
    ("two-part-100x180", [4, 6, 5, 7]),
    ("three-part-100x210", [4, 6, 5, 7]),
    ("zto-76x130", [3, 5, 4, 6]),
    ("yto-76x130", [3, 4, 3, 5]),
    ("sto-100x180", [4, 6, 5, 7]),
    ("yunda-76x130", [3, 4, 4, 5]),
    ("jt-76x130", [3, 5, 4, 6]),
    ("sf-100x150", [4, 6, 5, 7]),
    ("ems-76x130", [3, 5, 4, 6]),
    ("jd-100x110", [3, 5, 4, 6]),
    ("deppon-100x177", [4, 6, 5, 7]),
];

#[test]
fn the_token_of_every_waybill() {
    let mut found = Vec::new();
    for label in LABELS {
        let template = Template::compile(label.template.as_bytes()).unwrap();
        assert_eq!(template.names_courier_token(), !label.name.contains("list"), "{}", label.name);
        if !template.names_courier_token() {
            continue;
        }
        let mut modules = [0; 4];
        let cases = [(Case::Ordinary, 254), (Case::AddressInFull, 140)];
        for (index, (case, length)) in cases.into_iter().enumerate() {
            let waybill = label.sample().waybill(case);
            assert_eq!(waybill.courier_token.len(), length);
            for (at, resolution) in [Resolution::Dpi203, Resolution::Dpi300].into_iter().enumerate() {
                let frame = template.trace(&waybill, resolution).unwrap().frame;
                let mut bitmap = Bitmap::default();
                Rasteriser::new().draw(&frame, &mut bitmap);
                let symbols = read(&page(&bitmap)).symbols;
                let tokens: Vec<_> = symbols.iter().filter(|s| s.text == waybill.courier_token).collect();
                assert_eq!(tokens.len(), 1, "{} {}: {symbols:?}", label.name, resolution.dpi());
                assert_eq!(tokens[0].kind, Kind::Qr);
                modules[2 * index + at] = tokens[0].module.round() as usize;
                // The number stands beside it, for when it is spoilt.
                let linear = |s: &&Symbol| s.kind == Kind::Code128 && s.text == waybill.waybill_no;
                assert!(symbols.iter().any(|s| linear(&s)), "{} {}", label.name, resolution.dpi());
            }
        }
        // Half a millimetre where the sheet has room for it.
        let least = if template.size().width >= 100_000 && template.size().height >= 150_000 { 4 } else { 3 };
        assert!(modules[0] >= least && modules[1] > 3, "{}: {modules:?}", label.name);
        found.push((label.name, modules));
    }
    assert_eq!(found, TOKENS);
}
