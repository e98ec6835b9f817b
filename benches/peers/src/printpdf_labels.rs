//! Labels with printpdf as its own examples use it: `printpdf_labels LABELS.jsonl FONTS OUT.pdf`. Its default settings, so
//! fonts are cut down (which takes its feature `text_layout`) and streams are compressed as well as can be.
//! `miandan print --pdf-engine printpdf` drives the same crate otherwise: it hands it fonts that are cut down already, draws
//! symbols under a matrix, and compresses them itself.

use std::error::Error;
use std::fs;
use std::path::Path;

use printpdf::{
    Color, FontId, Greyscale, Line, LineDashPattern, LinePoint, Mm, Op, PaintMode, ParsedFont, PdfDocument,
    PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, TextItem, TextMatrix, WindingOrder,
};
use serde::Deserialize;
use serde_json::Value;

const POINT: f32 = 72.0 / 25_400.0;

#[derive(Deserialize)]
struct Label {
    size: [f32; 2],
    items: Vec<Vec<Value>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [labels, fonts, out] = &arguments[..] else { return Err("LABELS.jsonl FONTS OUT.pdf".into()) };
    let mut document = PdfDocument::new("labels");
    let mut font = |name: &str| -> Result<FontId, Box<dyn Error>> {
        let data = fs::read(Path::new(fonts).join(name))?;
        let font = ParsedFont::from_bytes(&data, 0, &mut Vec::new()).ok_or("no font")?;
        Ok(document.add_font(&font))
    };
    let fonts = [font("NotoSansSC-Regular.ttf")?, font("NotoSansSC-Bold.ttf")?];
    let mut pages = Vec::new();
    for line in fs::read_to_string(labels)?.lines() {
        let label: Label = serde_json::from_str(line)?;
        let mut page = Page { ops: Vec::new(), height: label.size[1], fonts: &fonts };
        for item in &label.items {
            page.draw(item).ok_or("an item that is none")?;
        }
        let [width, height] = label.size.map(|length| Mm(length / 1000.0));
        pages.push(PdfPage::new(width, height, page.ops));
    }
    let file = document.with_pages(pages).save(&PdfSaveOptions::default(), &mut Vec::new());
    fs::write(out, file)?;
    Ok(())
}

struct Page<'f> {
    ops: Vec<Op>,
    height: f32,
    fonts: &'f [FontId; 2],
}

impl Page<'_> {
    fn draw(&mut self, item: &[Value]) -> Option<()> {
        let number = |at: usize| item.get(at)?.as_f64().map(|number| number as f32);
        let word = |at: usize| item.get(at)?.as_str();
        match word(0)? {
            "fill" => {
                self.ink(word(5)?);
                let ring = self.shape([number(1)?, number(2)?, number(3)?, number(4)?], number(6)?);
                self.polygon(vec![ring], PaintMode::Fill);
            }
            "outline" => {
                let line = number(5)?;
                self.pen(line, number(7)?);
                let half = line / 2.0;
                let inner = [number(1)? + half, number(2)? + half, number(3)? - line, number(4)? - line];
                let ring = self.shape(inner, number(6)?);
                self.polygon(vec![ring], PaintMode::Stroke);
            }
            "stroke" => {
                self.pen(number(5)?, number(6)?);
                let points = vec![
                    self.point(number(1)?, number(2)?, false),
                    self.point(number(3)?, number(4)?, false),
                ];
                self.ops.push(Op::DrawLine { line: Line { points, is_closed: false } });
            }
            "text" => {
                self.ink(word(5)?);
                let font = &self.fonts[usize::from(word(4)? == "bold")];
                let (x, y) = (Pt(number(1)? * POINT), Pt((self.height - number(2)?) * POINT));
                let matrix = match number(6)? {
                    0.0 => TextMatrix::Translate(x, y),
                    turns => TextMatrix::TranslateRotate(x, y, -90.0 * turns),
                };
                self.ops.extend([
                    Op::StartTextSection,
                    Op::SetCharacterSpacing { multiplier: number(7)? * POINT },
                    Op::SetFont { font: PdfFontHandle::External(font.clone()), size: Pt(number(3)? * POINT) },
                    Op::SetTextMatrix { matrix },
                    Op::ShowText { items: vec![TextItem::Text(word(8)?.to_owned())] },
                    Op::EndTextSection,
                ]);
            }
            "bars" => {
                self.ink("black");
                let (x, y, module, high) = (number(1)?, number(2)?, number(3)?, number(4)?);
                let upright = number(5)? == 0.0;
                let (mut at, mut rings) = (0.0, Vec::new());
                for (index, width) in item.get(6)?.as_array()?.iter().enumerate() {
                    let width = width.as_f64()? as f32 * module;
                    if index % 2 == 0 {
                        let bar = if upright { [x + at, y, width, high] } else { [x, y + at, high, width] };
                        rings.push(self.shape(bar, 0.0));
                    }
                    at += width;
                }
                self.polygon(rings, PaintMode::Fill);
            }
            "matrix" => {
                self.ink("black");
                let (x, y, module) = (number(1)?, number(2)?, number(3)?);
                let mut rings = Vec::new();
                for (number, row) in item.get(4)?.as_array()?.iter().enumerate() {
                    let row = row.as_str()?.as_bytes();
                    let mut at = 0;
                    while at < row.len() {
                        let run = row[at..].iter().take_while(|&&module| module == b'1').count();
                        if run > 0 {
                            let (left, top) = (x + at as f32 * module, y + number as f32 * module);
                            rings.push(self.shape([left, top, run as f32 * module, module], 0.0));
                        }
                        at += run.max(1);
                    }
                }
                self.polygon(rings, PaintMode::Fill);
            }
            _ => return None,
        }
        Some(())
    }

    fn point(&self, x: f32, y: f32, bezier: bool) -> LinePoint {
        LinePoint { p: Point { x: Pt(x * POINT), y: Pt((self.height - y) * POINT) }, bezier }
    }

    fn ink(&mut self, ink: &str) {
        self.ops.push(Op::SetFillColor { col: grey(if ink == "black" { 0.0 } else { 1.0 }) });
    }

    fn pen(&mut self, width: f32, dash: f32) {
        let dashes: &[f32] = if dash > 0.0 { &[dash * POINT] } else { &[] };
        self.ops.extend([
            Op::SetOutlineColor { col: grey(0.0) },
            Op::SetOutlineThickness { pt: Pt(width * POINT) },
            Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, dashes) },
        ]);
    }

    fn polygon(&mut self, rings: Vec<PolygonRing>, mode: PaintMode) {
        let polygon = Polygon { rings, mode, winding_order: WindingOrder::NonZero };
        self.ops.push(Op::DrawPolygon { polygon });
    }

    /// A rectangle whose corners are rounded, an ellipse where the radius is negative.
    fn shape(&self, [x, y, width, height]: [f32; 4], radius: f32) -> PolygonRing {
        let (right, bottom) = (x + width, y + height);
        if radius == 0.0 {
            let corners = [(x, y), (right, y), (right, bottom), (x, bottom)];
            return PolygonRing { points: corners.map(|(x, y)| self.point(x, y, false)).to_vec() };
        }
        let [across, down] =
            [width, height].map(|side| if radius < 0.0 { side / 2.0 } else { radius.min(side / 2.0) });
        // How far the handles of a quarter of a circle are from its corner.
        let (a, d) = (across * 0.4477, down * 0.4477);
        let points = [
            (x + across, y, false),
            (right - across, y, false),
            (right - a, y, true),
            (right, y + d, true),
            (right, y + down, false),
            (right, bottom - down, false),
            (right, bottom - d, true),
            (right - a, bottom, true),
            (right - across, bottom, false),
            (x + across, bottom, false),
            (x + a, bottom, true),
            (x, bottom - d, true),
            (x, bottom - down, false),
            (x, y + down, false),
            (x, y + d, true),
            (x + a, y, true),
            (x + across, y, false),
        ];
        PolygonRing { points: points.map(|(x, y, bezier)| self.point(x, y, bezier)).to_vec() }
    }
}

fn grey(percent: f32) -> Color {
    Color::Greyscale(Greyscale { percent, icc_profile: None })
}
