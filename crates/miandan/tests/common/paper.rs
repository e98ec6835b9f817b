//! What is read from a label that came out of a simulated printer.

use miandan_picture::{Kind, Page};
use miandan_testing::printer::Sheet;

/// The waybill number, from the barcode across the label.
pub fn waybill(sheet: &Sheet) -> String {
    // From 23.5 to 34 mm, at 8 dots a millimetre: the bars, and nothing else.
    let (top, bottom) = (188, 272);
    let tones =
        (top..bottom).flat_map(|y| (0..sheet.width).map(move |x| if sheet.dot(x, y) { 0 } else { 255 }));
    let strip = Page::new(sheet.width, bottom - top, tones.collect()).unwrap();
    let symbols = miandan_picture::read(&strip).symbols;
    let bars = symbols.into_iter().find(|symbol| symbol.kind == Kind::Code128 && !symbol.turned);
    bars.expect("a label has a barcode").text
}
