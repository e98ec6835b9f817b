//! Labels with krilla: `krilla_labels LABELS.jsonl FONTS OUT.pdf`. Its default settings; text as glyphs, which it draws
//! faster than text that it has to shape.

use std::error::Error;
use std::fs;
use std::path::Path;

use krilla::Document;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use serde::Deserialize;
use serde_json::Value;

const POINT: f32 = 72.0 / 25_400.0;

#[derive(Deserialize)]
struct Label {
    size: [f32; 2],
    items: Vec<Vec<Value>>,
}

/// A font for krilla, and its map of characters.
struct Face<'d> {
    font: Font,
    map: ttf_parser::Face<'d>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [labels, fonts, out] = &arguments[..] else { return Err("LABELS.jsonl FONTS OUT.pdf".into()) };
    let read = |name: &str| fs::read(Path::new(fonts).join(name));
    let data = [read("NotoSansSC-Regular.ttf")?, read("NotoSansSC-Bold.ttf")?];
    let faces = data
        .iter()
        .map(|data| {
            let font = Font::new(data.clone().into(), 0).ok_or("no font")?;
            Ok(Face { font, map: ttf_parser::Face::parse(data, 0)? })
        })
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let mut document = Document::new();
    for line in fs::read_to_string(labels)?.lines() {
        let label: Label = serde_json::from_str(line)?;
        let [width, height] = label.size.map(|length| length * POINT);
        let mut page = document.start_page_with(PageSettings::from_wh(width, height).ok_or("no size")?);
        let mut surface = page.surface();
        for item in &label.items {
            draw(&mut surface, &faces, item).ok_or("an item that is none")?;
        }
        surface.finish();
        page.finish();
    }
    fs::write(out, document.finish().map_err(|error| format!("{error:?}"))?)?;
    Ok(())
}

fn draw(surface: &mut Surface<'_>, faces: &[Face<'_>], item: &[Value]) -> Option<()> {
    let number = |at: usize| item.get(at)?.as_f64().map(|number| number as f32);
    let length = |at: usize| Some(number(at)? * POINT);
    let word = |at: usize| item.get(at)?.as_str();
    match word(0)? {
        "fill" => {
            fill(surface, word(5)?);
            let path = shape([length(1)?, length(2)?, length(3)?, length(4)?], length(6)?)?;
            surface.draw_path(&path);
        }
        "outline" => {
            let line = length(5)?;
            stroke(surface, line, length(7)?);
            let inner =
                [length(1)? + line / 2.0, length(2)? + line / 2.0, length(3)? - line, length(4)? - line];
            surface.draw_path(&shape(inner, length(6)?)?);
            surface.set_stroke(None);
        }
        "stroke" => {
            stroke(surface, length(5)?, length(6)?);
            let mut path = PathBuilder::new();
            path.move_to(length(1)?, length(2)?);
            path.line_to(length(3)?, length(4)?);
            surface.draw_path(&path.finish()?);
            surface.set_stroke(None);
        }
        "text" => {
            fill(surface, word(5)?);
            let face = &faces[usize::from(word(4)? == "bold")];
            let (size, text) = (length(3)?, word(8)?);
            let spacing = length(7)? / size;
            let units = f32::from(face.map.units_per_em());
            let glyphs: Vec<_> = text
                .char_indices()
                .map(|(at, c)| {
                    let glyph = face.map.glyph_index(c).unwrap_or_default();
                    let advance = f32::from(face.map.glyph_hor_advance(glyph).unwrap_or_default()) / units;
                    let range = at..at + c.len_utf8();
                    KrillaGlyph::new(
                        GlyphId::new(glyph.0.into()),
                        advance + spacing,
                        0.0,
                        0.0,
                        0.0,
                        range,
                        None,
                    )
                })
                .collect();
            let (x, y) = (length(1)?, length(2)?);
            surface.push_transform(&Transform::from_rotate_at(90.0 * number(6)?, x, y));
            surface.draw_glyphs(Point::from_xy(x, y), &glyphs, face.font.clone(), text, size, false);
            surface.pop();
        }
        "bars" => {
            fill(surface, "black");
            let (x, y, module, high) = (length(1)?, length(2)?, length(3)?, length(4)?);
            let upright = number(5)? == 0.0;
            let mut path = PathBuilder::new();
            let mut at = 0.0;
            for (index, width) in item.get(6)?.as_array()?.iter().enumerate() {
                let width = width.as_f64()? as f32 * module;
                if index % 2 == 0 {
                    path.push_rect(if upright {
                        Rect::from_xywh(x + at, y, width, high)?
                    } else {
                        Rect::from_xywh(x, y + at, high, width)?
                    });
                }
                at += width;
            }
            surface.draw_path(&path.finish()?);
        }
        "matrix" => {
            fill(surface, "black");
            let (x, y, module) = (length(1)?, length(2)?, length(3)?);
            let mut path = PathBuilder::new();
            for (number, row) in item.get(4)?.as_array()?.iter().enumerate() {
                let row = row.as_str()?.as_bytes();
                let mut at = 0;
                while at < row.len() {
                    let run = row[at..].iter().take_while(|&&module| module == b'1').count();
                    if run > 0 {
                        let (left, top) = (x + at as f32 * module, y + number as f32 * module);
                        path.push_rect(Rect::from_xywh(left, top, run as f32 * module, module)?);
                    }
                    at += run.max(1);
                }
            }
            surface.draw_path(&path.finish()?);
        }
        _ => return None,
    }
    Some(())
}

fn fill(surface: &mut Surface<'_>, ink: &str) {
    let paint = if ink == "black" { luma::Color::new(0) } else { luma::Color::new(255) };
    surface.set_fill(Some(Fill { paint: paint.into(), ..Fill::default() }));
}

fn stroke(surface: &mut Surface<'_>, width: f32, dash: f32) {
    surface.set_fill(None);
    let dash = (dash > 0.0).then(|| StrokeDash { array: vec![dash], offset: 0.0 });
    surface.set_stroke(Some(Stroke { paint: luma::Color::new(0).into(), width, dash, ..Stroke::default() }));
}

/// A rectangle whose corners are rounded, an ellipse where the radius is negative.
fn shape([x, y, width, height]: [f32; 4], radius: f32) -> Option<krilla::geom::Path> {
    let mut path = PathBuilder::new();
    if radius == 0.0 {
        path.push_rect(Rect::from_xywh(x, y, width, height)?);
        return path.finish();
    }
    let (across, down) = if radius < 0.0 {
        (width / 2.0, height / 2.0)
    } else {
        (radius.min(width / 2.0), radius.min(height / 2.0))
    };
    // How far the handles of a quarter of a circle are from its middle.
    let (a, d) = (across * 0.4477, down * 0.4477);
    let (right, bottom) = (x + width, y + height);
    path.move_to(x + across, y);
    path.line_to(right - across, y);
    path.cubic_to(right - a, y, right, y + d, right, y + down);
    path.line_to(right, bottom - down);
    path.cubic_to(right, bottom - d, right - a, bottom, right - across, bottom);
    path.line_to(x + across, bottom);
    path.cubic_to(x + a, bottom, x, bottom - d, x, bottom - down);
    path.line_to(x, y + down);
    path.cubic_to(x, y + d, x + a, y, x + across, y);
    path.close();
    path.finish()
}
