//! Faults of labels that are drawn already: each is found by its rule, in the picture alone, and nothing else is.

use miandan_core::label::Resolution;
use miandan_lint::{Rule, Seen, lint_drawn};
use miandan_picture::{Page, read};
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::template::Template;
use miandan_templates::{Case, LABELS, Label};

/// A label of 76 by 130 mm on which nothing is wrong.
const SOUND: &str = r#"<page width="76" height="130">
<text left="3" top="3" width="60" height="10" style="fontSize:20;fontWeight:bold">571WE-AC-012</text>
<barcode left="4" top="16" width="68" height="13" type="code128" style="hideText:true">MD7000000000012</barcode>
<text left="3" top="40" width="70" height="6" style="fontSize:12">欧** *******4771</text>
<text left="3" top="48" width="70" height="6" style="fontSize:12">浙江省杭州市西湖区文三路****</text>
<barcode left="4" top="60" width="68" height="8" type="code128" style="hideText:true">MD7000000000012</barcode>
<barcode left="3" top="90" width="20" height="20" type="qrcode">MD7000000000012</barcode>
</page>"#;

const MAIN: &str = r#"<barcode left="4" top="16" width="68" height="13" type="code128" style="hideText:true">MD7000000000012</barcode>"#;
const SECOND: &str = r#"<barcode left="4" top="60" width="68" height="8" type="code128" style="hideText:true">MD7000000000012</barcode>"#;
const QR: &str =
    r#"<barcode left="3" top="90" width="20" height="20" type="qrcode">MD7000000000012</barcode>"#;
const PHONE: &str = "*******4771";
const END: &str = "</page>";

/// What is replaced in the template, by what, and what is found.
#[rustfmt::skip]
const PLANTED: &[(&str, &str, Rule)] = &[
    (MAIN, r#"<barcode left="4" top="16" width="68" height="8.5" type="code128" style="hideText:true">MD7000000000012</barcode>"#, Rule::BarcodeHeight),
    (SECOND, r#"<barcode left="4" top="60" width="68" height="5" type="code128" style="hideText:true">MD7000000000012</barcode>"#, Rule::BarcodeHeight),
    (QR, r#"<barcode left="3" top="90" width="11" height="11" type="qrcode">MD7000000000012</barcode>"#, Rule::MatrixModule),
    (QR, r#"<barcode left="3" top="90" width="24" height="24" type="qrcode">tel:19900000000</barcode>"#, Rule::PersonalInSymbol),
    (QR, r#"<barcode left="3" top="90" width="24" height="24" type="qrcode">a@example.com</barcode>"#, Rule::PersonalInSymbol),
    (SECOND, r#"<barcode left="4" top="60" width="72" height="8" type="code128" style="hideText:true">00000019000101000X</barcode>"#, Rule::PersonalInSymbol),
    (PHONE, "19900000000", Rule::PhoneShown),
    (PHONE, "199-0000-0000", Rule::PhoneShown),
    (PHONE, "199 0000 0000", Rule::PhoneShown),
    (PHONE, "19900000000 2", Rule::PhoneShown),
    (PHONE, "199****0000", Rule::PhoneDigits),
    (PHONE, "1990***0000", Rule::PhoneDigits),
    (END, r#"<rect left="8.5" top="18" width="0.5" height="9" style="fillColor:#000000"/></page>"#, Rule::QuietZone),
    (END, r#"<line startX="67" startY="16" endX="67" endY="25" style="lineWidth:0.375mm"/></page>"#, Rule::QuietZone),
    (END, r#"<line startX="2" startY="108" endX="30" endY="108" style="lineWidth:0.375mm"/></page>"#, Rule::QuietZone),
    (END, r#"<line startX="0.25" startY="80" endX="0.25" endY="90" style="lineWidth:0.25mm"/></page>"#, Rule::SheetMargin),
    (END, r#"<rect left="26" top="70" width="48" height="58" style="fillColor:#000000"/></page>"#, Rule::BlackArea),
    (r#"width="76" height="130""#, r#"width="76" height="150""#, Rule::SheetSize),
];

fn page(template: &str, resolution: Resolution) -> Page {
    drawn(template, &LABELS[0], resolution)
}

/// A template with the sample order of a label that is shipped.
fn drawn(template: &str, label: &Label, resolution: Resolution) -> Page {
    let template = Template::compile(template.as_bytes()).unwrap();
    let waybill = label.sample().waybill(Case::Ordinary);
    let frame = template.trace(&waybill, resolution).unwrap().frame;
    let mut bitmap = Bitmap::default();
    Rasteriser::new().draw(&frame, &mut bitmap);
    let mut page = changed(bitmap.width, bitmap.height, |x, y| if bitmap.is_black(x, y) { 0 } else { 255 });
    page.dots_per_millimetre = Some(resolution.dots_per_millimetre());
    page
}

fn changed(width: usize, height: usize, tone: impl Fn(usize, usize) -> u8) -> Page {
    let tones = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| tone(x, y)).collect();
    Page::new(width, height, tones).unwrap()
}

/// The page with other tones.
fn toned(page: &Page, tone: impl Fn(usize, usize, u8) -> u8) -> Page {
    let mut other =
        changed(page.width(), page.height(), |x, y| tone(x, y, page.tones()[y * page.width() + x]));
    other.dots_per_millimetre = page.dots_per_millimetre;
    other
}

fn found(page: &Page) -> Vec<Rule> {
    seen(page).into_iter().map(|seen| seen.rule).collect()
}

fn seen(page: &Page) -> Vec<Seen> {
    lint_drawn(page, &read(page), None)
}

#[test]
fn a_sound_label_is_clean() {
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        assert_eq!(seen(&page(SOUND, resolution)), [], "{resolution:?}");
    }
}

#[test]
fn every_planted_fault_is_found_and_nothing_else() {
    for (what, by, rule) in PLANTED {
        assert!(SOUND.contains(what), "{what}");
        let page = page(&SOUND.replacen(what, by, 1), Resolution::Dpi203);
        assert_eq!(found(&page), [*rule], "{by}");
    }
}

#[test]
fn a_narrow_second_code_is_a_spare_one() {
    let narrow = |code: &str| code.replace("width=\"68\"", "width=\"48\"");
    let both = SOUND.replace(MAIN, &narrow(MAIN)).replace(SECOND, &narrow(SECOND));
    assert_eq!(found(&page(&both, Resolution::Dpi203)), [Rule::ModuleNarrow; 2]);
    let second = SOUND.replace(SECOND, &narrow(SECOND));
    assert_eq!(found(&page(&second, Resolution::Dpi203)), []);
}

#[test]
fn faults_of_pictures_are_found() {
    let sound = page(SOUND, Resolution::Dpi203);
    let without = |top: usize, bottom: usize| {
        toned(&sound, |_, y, tone| if (top * 8..bottom * 8).contains(&y) { 255 } else { tone })
    };
    // Nothing but text, a QR code alone, one barcode alone.
    assert_eq!(found(&without(14, 115)), [Rule::SymbolNone]);
    assert_eq!(found(&without(14, 80)), [Rule::LinearNone, Rule::NumberOnce]);
    assert_eq!(found(&without(55, 115)), [Rule::NumberOnce]);
    // Pale ink, and paper that is not white.
    let pale = toned(&sound, |_, _, tone| if tone == 0 { 150 } else { 255 });
    let mut rules = found(&pale);
    rules.dedup();
    assert_eq!(rules, [Rule::ContrastLow]);
    // Every other dot of a third of the sheet in grey.
    let grey = toned(&sound, |x, y, tone| if x % 2 == 0 && y > 700 && tone == 255 { 190 } else { tone });
    assert_eq!(found(&grey), [Rule::Grey]);
    // Eleven dots for ten, as a driver makes them that scales a page.
    let mut scaled = changed(sound.width() * 11 / 10, sound.height() * 11 / 10, |x, y| {
        sound.tones()[y * 10 / 11 * sound.width() + x * 10 / 11]
    });
    scaled.dots_per_millimetre = Some(8.8);
    assert_eq!(found(&scaled), [Rule::BarsUneven; 2]);
    // The same, of a size that no sheet has, and without a word of how large it is.
    scaled.dots_per_millimetre = None;
    let mut rules = found(&scaled);
    rules.dedup();
    assert_eq!(rules, [Rule::ResolutionUnknown, Rule::BarsUneven, Rule::SheetSize]);
    // A sheet's size in dots says what a file does not.
    let mut silent = sound.clone();
    silent.dots_per_millimetre = None;
    assert_eq!(found(&silent), []);
    let mut silent = page(SOUND, Resolution::Dpi300);
    silent.dots_per_millimetre = None;
    assert_eq!(found(&silent), []);
}

#[test]
fn another_symbology_is_not_what_sorters_expect() {
    let other = SOUND
        .replace("code128", "code39")
        .replace("MD7000000000012", "MD700001")
        .replace("8\" type", "9.5\" type");
    let page = page(&other, Resolution::Dpi203);
    assert_eq!(found(&page), [Rule::NumberSymbology]);
}

#[test]
fn three_dots_are_enough_at_203_dpi_and_not_at_300() {
    let narrow = SOUND.replace(MAIN, "").replace(
        SECOND,
        r#"<barcode left="4" top="60" width="44" height="10" type="code128" style="hideText:true">SF7000000000012</barcode>"#,
    );
    let seen = seen(&page(&narrow, Resolution::Dpi300));
    assert_eq!(seen[0].rule, Rule::NumberOnce);
    assert_eq!((seen[1].rule, seen[1].resolution), (Rule::ModuleNarrow, Some(Resolution::Dpi300)));
    let measure = seen[1].measure.unwrap();
    assert_eq!((measure.found, measure.needed), (3.0, 4.0));
    let [left, top, width, height] = seen[1].place.unwrap();
    assert!((4.0..20.0).contains(&left) && (59.9..60.1).contains(&top) && width < 40.0 && height > 9.5);
}

#[test]
fn what_is_shipped_is_clean() {
    // Lists have no symbol.
    let waybills = LABELS.iter().filter(|label| label.template.contains("<barcode"));
    let mut count = 0;
    for (label, resolution) in
        waybills.flat_map(|label| [(label, Resolution::Dpi203), (label, Resolution::Dpi300)])
    {
        let rules = found(&drawn(label.template, label, resolution));
        // A packing list has the number of the order, once; a narrow sheet says itself what it has no room for.
        let expected: &[Rule] = if label.name.contains("list") {
            &[Rule::NumberOnce]
        } else if label.template.contains("allow matrix-module") {
            &[Rule::MatrixModule]
        } else {
            &[]
        };
        assert_eq!(rules, expected, "{} {}", label.name, resolution.dpi());
        count += 1;
    }
    assert_eq!(count, 30);
}

/// What has no symbol on a page, a picture that is no label, and pages of noise.
#[test]
fn hostile_pages_end() {
    let mut seed = 1u64;
    let mut dice = move |sides: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % sides
    };
    let mut pages = vec![changed(1, 1, |_, _| 0), changed(3000, 1, |x, _| (x % 2 * 255) as u8)];
    pages.push(changed(1, 3000, |_, y| (y % 3 * 100) as u8));
    pages.push(changed(400, 400, |x, y| ((x ^ y) & 255) as u8));
    pages.push(changed(400, 400, |_, _| 255));
    for density in [2, 3, 8, 50] {
        let noise: Vec<u8> = (0..300 * 300).map(|_| if dice(density) == 0 { 0 } else { 255 }).collect();
        pages.push(Page::new(300, 300, noise).unwrap());
    }
    for page in pages {
        let rules = found(&page);
        assert!(rules.contains(&Rule::SymbolNone), "{} {}: {rules:?}", page.width(), page.height());
    }
}
