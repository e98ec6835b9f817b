//! Layout: elements in elements with any sizes, styles and texts, laid out, drawn on dots and written as pages.
//!
//! The bytes choose from what templates can say, so that nearly every case gets past the parser.
#![no_main]

use std::fmt::Write;

use libfuzzer_sys::fuzz_target;
use miandan_core::label::Resolution;
use miandan_core::waybill::Waybill;
use miandan_fuzz::watched;
use miandan_render::frame::Frame;
use miandan_render::pdf::PageEncoder;
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::shipped;
use miandan_render::template::Template;

const STYLES: &[&str] = &[
    "fontSize:auto",
    "fontSize:3",
    "fontSize:40",
    "fontWeight:bold",
    "fontItalic:true",
    "fontUnderline:true",
    "wrap:false",
    "overflow:hidden",
    "align:center",
    "align:right",
    "valign:middle",
    "valign:bottom",
    "rotation:90",
    "rotation:180",
    "rotation:270",
    "rotation:33",
    "orientation:vertical",
    "letterSpacing:50%",
    "letterSpacing:-90%",
    "lineHeight:50%",
    "lineHeight:500%",
    "borderWidth:1 0 9 2",
    "borderStyle:dashed dotted",
    "padding:3",
    "margin:5 1",
    "zIndex:-7",
    "alpha:0.2",
    "hideText:false",
    "backgroundColor:#000000",
    "cellBorderWidth:2",
];

const TEXTS: &[&str] = &[
    "",
    "面",
    "浙江省杭州市西湖区文三路9999号12幢*单元***室",
    "A quick brown waybill, 1234567890",
    "（（（（、、、、。。。。））））",
    "****************************************",
    "a b\u{3000}c\td",
    "6901234567892",
];

const CODES: &[&str] =
    &["code128", "qrcode", "ean13", "code39", "datamatrix", "aztec", "itf14", "codabar", "ean128", "pdf417"];

/// Takes a byte to choose something.
fn choose<'c>(bytes: &mut impl Iterator<Item = u8>, from: &[&'c str]) -> &'c str {
    from[usize::from(bytes.next().unwrap_or(0)) % from.len()]
}

/// A place and a size, any of which may be missing.
fn place(bytes: &mut impl Iterator<Item = u8>, out: &mut String) {
    let which = bytes.next().unwrap_or(0);
    for (bit, name) in ["left", "top", "width", "height"].into_iter().enumerate() {
        if which >> bit & 1 == 1 {
            let _ = write!(out, " {name}='{}'", f32::from(bytes.next().unwrap_or(0)) / 2.0);
        }
    }
    let _ = write!(out, " style='");
    for _ in 0..which >> 6 {
        let _ = write!(out, "{};", choose(bytes, STYLES));
    }
    out.push('\'');
}

fn elements(bytes: &mut impl Iterator<Item = u8>, depth: usize, out: &mut String) {
    for _ in 0..bytes.next().unwrap_or(0) % 5 {
        match bytes.next().unwrap_or(0) % 8 {
            0..=2 => {
                out.push_str("<text");
                place(bytes, out);
                let _ = write!(out, ">{}</text>", choose(bytes, TEXTS));
            }
            3 => {
                let _ = write!(out, "<barcode type='{}'", choose(bytes, CODES));
                place(bytes, out);
                let _ = write!(out, ">{}</barcode>", choose(bytes, TEXTS));
            }
            4 => {
                let [x0, y0, x1, y1] = std::array::from_fn(|_| bytes.next().unwrap_or(0));
                let _ = write!(out, "<line startX='{x0}' startY='{y0}' endX='{x1}' endY='{y1}'/>");
            }
            5 => {
                out.push_str("<round radius='3'");
                place(bytes, out);
                out.push_str("/>");
            }
            6 if depth > 0 => {
                out.push_str("<layout");
                place(bytes, out);
                out.push('>');
                elements(bytes, depth - 1, out);
                out.push_str("</layout>");
            }
            _ if depth > 0 => {
                out.push_str("<table left='1' top='1' width='70'>");
                for _ in 0..bytes.next().unwrap_or(0) % 40 {
                    out.push_str("<tr>");
                    for _ in 0..=bytes.next().unwrap_or(0) % 3 {
                        let span = bytes.next().unwrap_or(0);
                        let _ = write!(out, "<td colspan='{}' rowspan='{}'>", 1 + span % 3, 1 + span / 128);
                        elements(bytes, 0, out);
                        out.push_str("</td>");
                    }
                    out.push_str("</tr>");
                }
                out.push_str("</table>");
            }
            _ => {}
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let mut bytes = data.iter().copied();
    let split = bytes.next().unwrap_or(0) % 2 == 1;
    // A copy has its mark in a cell, wherever that is, or is refused.
    let copy = u16::from(bytes.next().unwrap_or(0));
    let mut source = format!("<page width='76' height='60' splitable='{split}'>");
    if copy > 0 {
        source.push_str("<layout id='REPRINT_MARK'");
        place(&mut bytes, &mut source);
        source.push_str("/>");
    }
    elements(&mut bytes, 3, &mut source);
    source.push_str("</page>");
    let resolution = if data.len() % 2 == 0 { Resolution::Dpi203 } else { Resolution::Dpi300 };
    let waybill = Waybill { copy, ..shipped::sample() };
    let mut frame = Frame::default();
    let mut drawn = false;
    watched(|| {
        if let Ok(template) = Template::compile(source.as_bytes()) {
            drawn = template.layout(&waybill, resolution, &mut frame).is_ok();
        }
    });
    if drawn {
        Rasteriser::new().draw(&frame, &mut Bitmap::default());
        PageEncoder::new().encode(&frame, &mut Vec::new());
    }
});
