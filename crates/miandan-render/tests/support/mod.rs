//! What the tests of templates share.

#![allow(dead_code, reason = "not every test file needs everything")]

use std::fmt::Write;

use miandan_core::label::Resolution;
use miandan_core::pipe::Failure;
use miandan_core::waybill::Waybill;
use miandan_render::angle::Angle;
use miandan_render::frame::{Frame, Item, Text};
use miandan_render::shipped;
use miandan_render::template::Template;

/// A label around a piece of template, large enough that nothing wraps.
pub(crate) fn page(content: &str) -> String {
    format!("<page width=\"500\" height=\"500\">{content}</page>")
}

/// A text element around code and text.
pub(crate) fn text(content: &str) -> String {
    page(&format!("<text left=\"0\" top=\"0\" width=\"500\" height=\"500\"><![CDATA[{content}]]></text>"))
}

/// Lays out a template that must compile.
pub(crate) fn layout(template: &str, waybill: &Waybill) -> Result<Frame, Failure> {
    let template = match Template::compile(template.as_bytes()) {
        Ok(template) => template,
        Err(error) => panic!("{error}\n{template}"),
    };
    let mut frame = Frame::default();
    template.layout(waybill, Resolution::Dpi203, &mut frame)?;
    Ok(frame)
}

/// The lines of all texts.
pub(crate) fn printed(frame: &Frame) -> String {
    let lines: Vec<String> = frame
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Text(text) => Some(characters(frame, text)),
            _ => None,
        })
        .collect();
    lines.join("\n")
}

/// What a text element prints for the sample waybill.
pub(crate) fn print(content: &str) -> String {
    printed(&layout(&text(content), &shipped::sample()).expect("the code runs"))
}

/// The characters of one run.
pub(crate) fn characters(frame: &Frame, text: &Text) -> String {
    text.cids(frame)
        .iter()
        .map(|&cid| frame.faces.get(text.face).and_then(|face| face.character(cid)).unwrap_or('\u{FFFD}'))
        .collect()
}

/// A frame as text, one thing a line, lengths in millimetres.
pub(crate) fn dump(frame: &Frame) -> String {
    let mm = |length: i32| f64::from(length) / 1000.0;
    let mut out = String::new();
    let size = frame.size;
    writeln!(out, "label {} × {} mm, {} dpi", mm(size.width), mm(size.height), frame.resolution.dpi())
        .unwrap();
    for item in
        (0..frame.pages()).flat_map(|page| frame.page(page).iter().enumerate().map(move |at| (page, at)))
    {
        let (page, (at, item)) = item;
        if page > 0 && at == 0 {
            writeln!(out, "page {}", page + 1).unwrap();
        }
        match item {
            Item::Fill(fill) => {
                let r = fill.rect;
                let at = (mm(r.x), mm(r.y));
                writeln!(
                    out,
                    "fill {:?} {:?} at {at:?}, {} × {}",
                    fill.ink,
                    fill.shape,
                    mm(r.width),
                    mm(r.height)
                )
            }
            Item::Outline(outline) => {
                let r = outline.rect;
                let (line, dash) = (mm(outline.line), mm(outline.dash));
                let at = (mm(r.x), mm(r.y));
                write!(out, "outline {:?} at {at:?}, {} × {}, ", outline.shape, mm(r.width), mm(r.height))
                    .unwrap();
                writeln!(out, "line {line}, dash {dash}")
            }
            Item::Stroke(stroke) => {
                let [from, to] = [stroke.from, stroke.to].map(|point| point.map(mm));
                writeln!(
                    out,
                    "stroke {:?} from {from:?} to {to:?}, line {}, dash {}",
                    stroke.ink,
                    mm(stroke.line),
                    mm(stroke.dash)
                )
            }
            Item::Text(text) => {
                write!(out, "text {:?} {} {:?} ", text.face, mm(text.size), text.ink).unwrap();
                write!(out, "at {:?} {:?} spacing {}", (mm(text.x), mm(text.y)), text.turn, mm(text.spacing))
                    .unwrap();
                if text.angle != Angle::NONE {
                    write!(out, " angle {}", f64::from(text.angle.in_hundredths()) / 100.0).unwrap();
                }
                out.push_str(if text.slant { " slanted: " } else { ": " });
                writeln!(out, "{}", characters(frame, text))
            }
            Item::Bars(bars) => {
                let widths: String = bars.widths(frame).iter().map(u8::to_string).collect();
                write!(out, "bars {:?} at dot {:?}, module {}, ", bars.turn, (bars.x, bars.y), bars.module)
                    .unwrap();
                writeln!(out, "length {}: {widths}", bars.length)
            }
            Item::Image(image) => {
                let (at, size) = ((image.x, image.y), (image.width, image.height));
                writeln!(out, "image {} at dot {at:?}, {size:?} {:?}", image.picture, image.turn)
            }
            Item::Matrix(matrix) => {
                let at = (matrix.x, matrix.y);
                writeln!(out, "matrix at dot {at:?}, module {}, side {}", matrix.module, matrix.side)
                    .unwrap();
                for row in matrix.rows(frame) {
                    let row: String =
                        (0..matrix.side).map(|bit| if row >> bit & 1 == 1 { '█' } else { '·' }).collect();
                    writeln!(out, "  {row}").unwrap();
                }
                Ok(())
            }
        }
        .unwrap();
    }
    out
}
