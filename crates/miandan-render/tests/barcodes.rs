//! Barcodes of every type in boxes of every size: whole dots, quiet zones, and what happens where there is no room.
//! What other people's readers make of them is in `foreign_codes`.

use miandan_core::Code;
use miandan_core::label::Resolution;
use miandan_core::pipe::{LabelWarning, Warnings};
use miandan_core::waybill::Waybill;
use miandan_render::frame::{Frame, Item, Turn};
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::template::{Problem, Template};
use miandan_testing::Random;

/// Types, a content of each, the quiet zones in modules, and whether it is a matrix.
#[rustfmt::skip]
const TYPES: &[(&str, &str, [i32; 2], bool)] = &[
    ("code128", "MD7000000000012", [10, 10], false),
    ("ean128", "(01)09501101530003(10)AB", [10, 10], false),
    ("code39", "MD-700.12", [10, 10], false),
    ("code93", "MD-700.12", [10, 10], false),
    ("ean13", "978030640615", [11, 7], false),
    ("ean8", "7351353", [7, 7], false),
    ("upca", "03600029145", [9, 9], false),
    ("upce", "425261", [9, 7], false),
    ("c25inter", "7000000012", [10, 10], false),
    ("itf14", "1540014128876", [10, 10], false),
    ("codabar", "A7000012B", [10, 10], false),
    ("qrcode", "MD7000000000012", [4, 4], true),
    ("datamatrix", "MD7000000000012", [1, 1], true),
    ("aztec", "MD7000000000012", [1, 1], true),
    ("pdf417", "MD7000000000012", [2, 2], true),
    ("gs1datamatrix", "(01)09501101530003", [1, 1], true),
];

/// One barcode somewhere on a label of 150 by 150 mm.
fn template(kind: &str, content: &str, [left, top, width, height]: [i32; 4], more: &str) -> Template {
    let [left, top, width, height] = [left, top, width, height].map(|length| f64::from(length) / 1000.0);
    let text = format!(
        "<page width='150' height='150'><barcode left='{left}' top='{top}' width='{width}' height='{height}' type='{kind}' value='{content}' {more}/></page>"
    );
    Template::compile(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn lay_out(template: &Template, resolution: Resolution) -> Result<Frame, Code> {
    let mut frame = Frame::default();
    template.layout(&Waybill::default(), resolution, &mut frame).map_err(|failure| failure.code)?;
    Ok(frame)
}

/// Where a symbol stands in dots: left, top, right, bottom; and the dots of a module.
fn symbol(frame: &Frame) -> ([i32; 4], i32, Turn) {
    match frame.items[0] {
        Item::Bars(bars) => {
            let modules: i32 = bars.widths(frame).iter().map(|&width| i32::from(width)).sum();
            let module = i32::from(bars.module);
            let length = bars.length * i32::from(bars.rows);
            let [across, along] = match bars.turn {
                Turn::None => [modules * module, length],
                _ => [length, modules * module],
            };
            ([bars.x, bars.y, bars.x + across, bars.y + along], module, bars.turn)
        }
        Item::Matrix(matrix) => {
            let side = i32::from(matrix.side) * i32::from(matrix.module);
            ([matrix.x, matrix.y, matrix.x + side, matrix.y + side], matrix.module.into(), Turn::None)
        }
        ref other => panic!("{other:?}"),
    }
}

/// The runs of equal dots along a line of a bitmap, from the first black one to the last.
fn runs(bitmap: &Bitmap, [left, top, right, bottom]: [i32; 4], down: bool) -> Vec<i32> {
    let black = |x: i32, y: i32| u8::from(bitmap.is_black(x as usize, y as usize));
    let dots: Vec<u8> = if down {
        (top..bottom).map(|y| black((left + right) / 2, y)).collect()
    } else {
        (left..right).map(|x| black(x, (top + bottom) / 2)).collect()
    };
    dots.chunk_by(|one, other| one == other).map(|run| run.len() as i32).collect()
}

/// Whatever the box, a symbol that is drawn has modules of one whole number of dots, keeps its quiet zones inside the box,
/// and one that is not drawn is refused for that reason and leaves nothing behind.
#[test]
fn modules_are_whole_dots_and_quiet_zones_stay_in_the_box() {
    let mut random = Random(0xBA5);
    let (mut drawn, mut refused, mut narrow) = (0, 0, 0);
    let (mut rasteriser, mut bitmap) = (Rasteriser::new(), Bitmap::default());
    for &(kind, content, quiet, matrix) in TYPES {
        for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
            for _ in 0..120 {
                let place = [
                    random.below(40_000),
                    random.below(40_000),
                    8_000 + random.below(92_000),
                    5_000 + random.below(50_000),
                ];
                let place = place.map(|length| length as i32);
                let more = random.pick(&[
                    "",
                    "ratioMode='ignoreRatio'",
                    "style='rotation:90'",
                    "style='hideText:false'",
                ]);
                let template = template(kind, content, place, more);
                let case = format!("{kind} {place:?} {more} {}", resolution.dpi());
                let frame = match lay_out(&template, resolution) {
                    Ok(frame) => frame,
                    Err(code) => {
                        let fault = template.fault(&Waybill::default(), resolution);
                        let problem = fault.map(|fault| fault.problem);
                        assert_eq!(
                            (code, problem),
                            (Code::TemplateRefused, Some(Problem::BarcodeDoesNotFit)),
                            "{case}"
                        );
                        refused += 1;
                        continue;
                    }
                };
                drawn += 1;
                let ([left, top, right, bottom], module, turn) = symbol(&frame);
                let edge = |from: i32| resolution.dots(from);
                let [x0, x1] = [edge(place[0]), edge(place[0] + place[2])];
                let [y0, y1] = [edge(place[1]), edge(place[1] + place[3])];
                let across = [left - x0, x1 - right];
                let down = [top - y0, y1 - bottom];
                let along = if turn == Turn::None { across } else { down };
                assert!(
                    along[0] >= quiet[0] * module && along[1] >= quiet[1] * module,
                    "{case}: {along:?} of {module}"
                );
                let beside = if turn == Turn::None { down } else { across };
                let least = if matrix { quiet[0] * module } else { 0 };
                assert!(beside[0] >= least && beside[1] >= least, "{case}: {beside:?}");

                // Dots of the picture, not only numbers of the frame.
                rasteriser.draw(&frame, &mut bitmap);
                let measured = runs(&bitmap, [left, top, right, bottom], turn != Turn::None);
                assert!(measured.iter().all(|run| run % module == 0), "{case}: {measured:?} of {module}");
                if let Item::Bars(bars) = frame.items[0] {
                    assert_eq!(bars.length % if matrix { 3 * module } else { 1 }, 0, "{case}");
                    let rows: Vec<&[u8]> = bars.row_widths(&frame).collect();
                    for (row, widths) in rows.iter().enumerate() {
                        let expected: Vec<i32> =
                            widths.iter().map(|&width| i32::from(width) * module).collect();
                        let row = row as i32 * bars.length;
                        let place = match turn {
                            Turn::None => [left, top + row, right, top + row + bars.length],
                            _ => [right - row - bars.length, top, right - row, bottom],
                        };
                        assert_eq!(runs(&bitmap, place, turn != Turn::None), expected, "{case}");
                    }
                    assert_eq!(rows.len(), usize::from(bars.rows), "{case}");
                }

                let warned = frame.warnings.notes().any(|note| note == LabelWarning::NarrowBarcode);
                let usual = resolution.dots(375);
                assert_eq!(warned, module < usual, "{case}: {module}");
                if !matrix && more != "ratioMode='ignoreRatio'" {
                    assert!(module <= usual, "{case}: {module}");
                }
                assert!(
                    if matrix { module >= usual } else { resolution.micrometres(module) >= 250 },
                    "{case}"
                );
                narrow += usize::from(warned);
            }
        }
    }
    // The sizes of the boxes are such that all of it happens.
    assert!(
        drawn > 1_000 && refused > 500 && narrow > 100,
        "{drawn} drawn, {refused} refused, {narrow} narrow"
    );
}

#[test]
fn three_dots_where_there_is_room_and_as_large_as_fits_if_asked() {
    // 145 modules and two quiet zones of ten: 165.
    for (width, resolution, more, module) in [
        (100_000, Resolution::Dpi203, "", Some(3)),
        (61_900, Resolution::Dpi203, "", Some(3)),
        (61_800, Resolution::Dpi203, "", Some(2)),
        (41_300, Resolution::Dpi203, "", Some(2)),
        (41_100, Resolution::Dpi203, "", None),
        (100_000, Resolution::Dpi203, "ratioMode='ignoreRatio'", Some(4)),
        (61_900, Resolution::Dpi203, "ratioMode='keepRatio'", Some(3)),
        (100_000, Resolution::Dpi300, "", Some(4)),
        (55_700, Resolution::Dpi300, "", Some(3)),
        (41_800, Resolution::Dpi300, "", None),
        (100_000, Resolution::Dpi300, "ratioMode='ignoreRatio'", Some(6)),
    ] {
        let template = template("code128", "MD7000000000012", [0, 0, width, 10_000], more);
        assert_eq!(template.remarks(), []);
        let found = lay_out(&template, resolution).ok().map(|frame| symbol(&frame).1);
        assert_eq!(found, module, "{width} {} {more}", resolution.dpi());
    }
}

/// For who writes the template it is an error; on a label it is a warning, and only what could never be read is refused.
#[test]
fn a_narrow_barcode_is_a_problem_of_the_template_and_a_warning_of_the_label() {
    let narrow = template("code128", "MD7000000000012", [0, 0, 50_000, 10_000], "");
    let fault = narrow.fault(&Waybill::default(), Resolution::Dpi203).unwrap();
    assert_eq!(fault.problem, Problem::BarcodeNarrow);
    let frame = lay_out(&narrow, Resolution::Dpi203).unwrap();
    assert_eq!(frame.warnings.notes().collect::<Vec<_>>(), [LabelWarning::NarrowBarcode]);

    // Of a label that is of use without it, a narrow one is better than none.
    let spare = template("code128", "MD7000000000012", [0, 0, 50_000, 10_000], "allowFailure='true'");
    assert_eq!(spare.fault(&Waybill::default(), Resolution::Dpi203), None);
    assert_eq!(lay_out(&spare, Resolution::Dpi203).unwrap().warnings, Warnings::NONE);

    let optional = template("code128", "MD7000000000012", [0, 0, 20_000, 10_000], "allowFailure='true'");
    let frame = lay_out(&optional, Resolution::Dpi203).unwrap();
    assert_eq!(frame.items, []);
    assert_eq!(frame.warnings.notes().collect::<Vec<_>>(), [LabelWarning::BarcodeLeftOut]);

    let wide = template("code128", "MD7000000000012", [0, 0, 70_000, 10_000], "");
    assert_eq!(wide.fault(&Waybill::default(), Resolution::Dpi203), None);
    // A frame that is used again has the warnings of its last label only.
    let mut frame = frame;
    wide.layout(&Waybill::default(), Resolution::Dpi203, &mut frame).unwrap();
    assert!(frame.warnings.is_empty());
}

#[test]
fn wide_elements_shrink_before_modules_do() {
    // Code 39 of seven characters has 9·(6 + 3·3) + 8 = 143 modules with wide elements of three, 116 with two.
    for (width, module, wide) in
        [(61_200, 3, 3), (61_000, 3, 2), (51_100, 3, 2), (50_900, 2, 3), (34_200, 2, 2)]
    {
        let template = template("code39", "MD70012", [0, 0, width, 10_000], "");
        let frame = lay_out(&template, Resolution::Dpi203).unwrap();
        let Item::Bars(bars) = frame.items[0] else { panic!() };
        assert_eq!((bars.module, bars.widths(&frame).iter().max()), (module, Some(&wide)), "{width}");
    }
}

#[test]
fn wrong_numbers_are_refused_for_what_they_are() {
    use Problem::{BarcodeCheckDigit, BarcodeContent, BarcodeLength};
    for (kind, content, problem) in [
        ("ean13", "9780306406158", BarcodeCheckDigit),
        ("ean13", "97803064061", BarcodeLength),
        ("ean13", "97803064061577", BarcodeLength),
        ("ean13", "97803064O6157", BarcodeContent),
        ("ean8", "73513538", BarcodeCheckDigit),
        ("ean8", "735135", BarcodeLength),
        ("upca", "036000291453", BarcodeCheckDigit),
        ("upca", "0360002914522", BarcodeLength),
        ("upce", "04252615", BarcodeCheckDigit),
        ("upce", "42526", BarcodeLength),
        ("upce", "2425261", BarcodeContent),
        ("itf14", "15400141288764", BarcodeCheckDigit),
        ("itf14", "154001412887", BarcodeLength),
        ("ean128", "(01)09501101530004", BarcodeCheckDigit),
        ("ean128", "(01)0950110153000", BarcodeLength),
        ("gs1datamatrix", "(01)09501101530004", BarcodeCheckDigit),
        ("gs1datamatrix", "(17)26123", BarcodeLength),
        ("c25inter", "12A4", BarcodeContent),
        ("code39", "abc", BarcodeContent),
        ("code93", "面单", BarcodeContent),
        ("codabar", "A12C4D", BarcodeContent),
        ("code128", "面单", BarcodeContent),
    ] {
        let template = template(kind, content, [0, 0, 140_000, 20_000], "");
        assert_eq!(
            template.fault(&Waybill::default(), Resolution::Dpi203).map(|fault| fault.problem),
            Some(problem),
            "{kind} {content}"
        );
        assert_eq!(lay_out(&template, Resolution::Dpi203), Err(Code::TemplateRefused));
    }
}

/// A symbol of rows takes the shape that has the largest modules in its box, and its level of correction from `mode`.
#[test]
fn pdf417_has_the_shape_of_its_box() {
    let shape = |[width, height]: [i32; 2], more: &str| {
        let template = template("pdf417", "MD7000000000012", [0, 0, width, height], more);
        assert_eq!(template.remarks(), []);
        let frame = lay_out(&template, Resolution::Dpi203).ok()?;
        let Item::Bars(bars) = frame.items[0] else { panic!() };
        // Start, stop and the columns with their indicators; each but the stop has eight bars and spaces.
        Some((bars.module, (bars.count - 33) / 8, bars.rows))
    };
    // 16 codewords, eight of which are correction; of those there are 2^(level + 1).
    assert_eq!(shape([100_000, 8_500], ""), Some((4, 6, 3)));
    assert_eq!(shape([60_000, 20_000], ""), Some((4, 2, 8)));
    assert_eq!(shape([34_000, 60_000], ""), Some((3, 1, 16)));
    assert_eq!(shape([33_000, 60_000], ""), None);
    assert_eq!(shape([60_000, 33_000], "style='rotation:90'"), None);
    assert_eq!(shape([60_000, 34_000], "style='rotation:90'"), Some((3, 1, 16)));
    assert_eq!(
        shape([100_000, 100_000], "mode='0'").map(|(_, columns, rows)| columns * u32::from(rows)),
        Some(10)
    );
    // 512 of correction, and the eight.
    let most = shape([150_000, 150_000], "mode='8'").map(|(_, columns, rows)| columns * u32::from(rows));
    assert!(most.is_some_and(|words| (520..550).contains(&words)), "{most:?}");
    assert_eq!(shape([60_000, 20_000], "mode='9'"), shape([60_000, 20_000], ""));
}

/// Whatever level a preview has, nothing of its codewords can be seen.
#[test]
fn a_preview_shows_only_start_and_stop_of_pdf417() {
    let (mut rasteriser, mut bitmap) = (Rasteriser::new(), Bitmap::default());
    for more in ["mode='8'", "mode='8' style='rotation:90'"] {
        let template = template("pdf417", "1", [0, 0, 150_000, 150_000], more);
        let mut frame = lay_out(&template, Resolution::Dpi203).unwrap();
        let ([left, top, right, bottom], module, turn) = symbol(&frame);
        miandan_render::mark_preview(&mut frame);
        let Item::Bars(bars) = frame.items[0] else { panic!() };
        rasteriser.draw(&frame, &mut bitmap);
        // Along the middle of each of the first rows: the start, the cover with its outline, the end of the stop.
        for row in 1..4 {
            let at = row * bars.length + 1;
            let place = match turn {
                Turn::None => [left, top + at, right, top + at],
                _ => [right - at, top, right - at, bottom],
            };
            let mut start = runs(&bitmap, place, turn != Turn::None);
            start.truncate(7);
            assert_eq!(start, [8, 1, 1, 1, 1, 1, 1].map(|width| width * module), "{more}");
            let measured = runs(&bitmap, place, turn != Turn::None);
            assert!(measured.len() < 30, "{more}: {measured:?}");
        }
    }
}
