//! A frame to operations of `printpdf`.
//!
//! As in [`pdf`](crate::pdf) the unit of a page is the micrometre, by one matrix at its start, and that of a symbol its
//! module: the library keeps coordinates in single precision, which holds every whole number that a label needs.

use printpdf::{
    Codepoint, Color, CurTransMat, Greyscale, Line, LineDashPattern, LinePoint, Op, PaintMode, PdfFontHandle,
    Point, Polygon, PolygonRing, Pt, TextItem, TextMatrix, WindingOrder, XObjectTransform,
};

use super::fonts::{self, Fonts};
use super::{Images, PrintPdfError};
use crate::angle::Direction;
use crate::frame::{Bars, FaceId, Fill, Frame, Image, Ink, Item, Matrix, Outline, Shape, Stroke, Text};
use crate::modules;
use crate::shape::{self, Segment, Winding};

/// One page that is being drawn, and the graphics state at its end.
pub(super) struct Page<'p> {
    ops: Vec<Op>,
    frame: &'p Frame,
    fonts: &'p Fonts,
    images: &'p mut Images,
    height: i64,
    /// Rectangles that are still to be filled. They go round the same way, so they never cut holes.
    path: Vec<PolygonRing>,
    ink: Ink,
    /// Face, which of its fonts, and size.
    font: Option<(FaceId, usize, i32)>,
    spacing: i32,
}

impl<'p> Page<'p> {
    pub(super) fn new(frame: &'p Frame, fonts: &'p Fonts, images: &'p mut Images) -> Self {
        let (ops, height) = (Vec::new(), frame.size.height.into());
        let mut page = Page {
            ops,
            frame,
            fonts,
            images,
            height,
            path: Vec::new(),
            ink: Ink::Black,
            font: None,
            spacing: 0,
        };
        let unit = 72.0 / 25_400.0;
        page.matrix_of([unit, 0.0, 0.0, unit, 0.0, 0.0]);
        page
    }

    pub(super) fn finish(mut self) -> Vec<Op> {
        self.fill_path();
        self.ops
    }

    fn push(&mut self, op: Op) {
        self.fill_path();
        self.ops.push(op);
    }

    /// Fills the rectangles that are waiting, as one path: a viewer that smooths edges leaves no line between those that meet.
    fn fill_path(&mut self) {
        if !self.path.is_empty() {
            let rings = std::mem::take(&mut self.path);
            self.ops.push(Op::DrawPolygon { polygon: filled(rings) });
        }
    }

    pub(super) fn item(&mut self, item: &Item) -> Result<(), PrintPdfError> {
        match item {
            Item::Fill(fill) => self.fill(fill),
            Item::Outline(outline) => self.outline(outline),
            Item::Stroke(stroke) => self.stroke(stroke),
            Item::Text(text) => self.text(text)?,
            Item::Bars(bars) => self.bars(bars),
            Item::Matrix(matrix) => self.matrix(matrix),
            Item::Image(image) => self.image(image),
        }
        Ok(())
    }

    fn matrix_of(&mut self, matrix: [f64; 6]) {
        let matrix = CurTransMat::Raw(matrix.map(|number| number as f32));
        self.push(Op::SetTransformationMatrix { matrix });
    }

    /// Draws something in a graphics state of its own.
    fn aside(&mut self, draw: impl FnOnce(&mut Self)) {
        self.push(Op::SaveGraphicsState);
        draw(self);
        self.push(Op::RestoreGraphicsState);
    }

    fn ink(&mut self, ink: Ink) {
        if ink != self.ink {
            self.push(Op::SetFillColor { col: colour(ink) });
            self.ink = ink;
        }
    }

    fn fill(&mut self, fill: &Fill) {
        let edges = shape::edges(&fill.rect);
        if shape::is_empty(edges) {
            return;
        }
        self.ink(fill.ink);
        if shape::corners(edges, fill.shape) == [0, 0] {
            return self.rectangle(edges);
        }
        let ring = self.ring(edges, fill.shape, Winding::Clockwise);
        self.push(Op::DrawPolygon { polygon: filled(vec![ring]) });
    }

    fn rectangle(&mut self, [left, top, right, bottom]: [i64; 4]) {
        let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
        let points = corners.map(|corner| self.point(corner, false)).to_vec();
        self.path.push(PolygonRing { points });
    }

    fn ring(&self, edges: [i64; 4], shape: Shape, winding: Winding) -> PolygonRing {
        let mut points = Vec::new();
        shape::path(edges, shape, winding, |segment| match segment {
            Segment::Move(to) | Segment::Line(to) => points.push(self.point(to, false)),
            Segment::Curve(first, second, to) => {
                points.extend([self.point(first, true), self.point(second, true), self.point(to, false)]);
            }
        });
        PolygonRing { points }
    }

    fn point(&self, [x, y]: [i64; 2], bezier: bool) -> LinePoint {
        point([x as f64, (self.height - y) as f64], bezier)
    }

    fn outline(&mut self, outline: &Outline) {
        let edges = shape::edges(&outline.rect);
        let line = i64::from(outline.line);
        if shape::is_empty(edges) || line <= 0 {
            return;
        }
        self.ink(Ink::Black);
        let straight = shape::corners(edges, outline.shape) == [0, 0];
        if outline.dash > 0 {
            return self.aside(|page| page.dashes(outline, edges, straight));
        }
        if straight {
            let sides = shape::sides(edges, line).into_iter().filter(|&side| !shape::is_empty(side));
            return sides.for_each(|side| self.rectangle(side));
        }
        let mut rings = vec![self.ring(edges, outline.shape, Winding::Clockwise)];
        let inner = shape::inset(edges, line);
        if !shape::is_empty(inner) {
            rings.push(self.ring(inner, shape::inner_shape(outline), Winding::Anticlockwise));
        }
        self.push(Op::DrawPolygon { polygon: filled(rings) });
    }

    fn dashes(&mut self, outline: &Outline, edges: [i64; 4], straight: bool) {
        let line = i64::from(outline.line);
        if !straight {
            self.pen(line, shape::curve_dash(outline));
            let (edges, shape) = shape::middle(outline);
            let ring = self.ring(edges, shape, Winding::Clockwise);
            let polygon = Polygon { mode: PaintMode::Stroke, ..filled(vec![ring]) };
            return self.push(Op::DrawPolygon { polygon });
        }
        for side in shape::sides(edges, line).into_iter().filter(|&side| !shape::is_empty(side)) {
            let [left, top, right, bottom] = side.map(|edge| edge as f64);
            let (width, height) = (right - left, bottom - top);
            self.pen(width.min(height) as i64, outline.dash.into());
            let (across, down) = ((left + right) / 2.0, (top + bottom) / 2.0);
            let ends = if width >= height {
                [[left, down], [right, down]]
            } else {
                [[across, top], [across, bottom]]
            };
            self.line(ends);
        }
    }

    /// The width of lines and the length of their dashes, if they have any.
    fn pen(&mut self, line: i64, dash: i64) {
        if dash > 0 {
            let dash = LineDashPattern::new(0.0, &[dash as f32]);
            self.push(Op::SetLineDashPattern { dash });
        }
        self.push(Op::SetOutlineThickness { pt: Pt(line as f32) });
    }

    fn line(&mut self, ends: [[f64; 2]; 2]) {
        let height = self.height as f64;
        let points = ends.map(|[x, y]| point([x, height - y], false)).to_vec();
        self.push(Op::DrawLine { line: Line { points, is_closed: false } });
    }

    fn stroke(&mut self, stroke: &Stroke) {
        if stroke.from == stroke.to || stroke.line <= 0 {
            return;
        }
        self.aside(|page| {
            page.push(Op::SetOutlineColor { col: colour(stroke.ink) });
            page.pen(stroke.line.into(), stroke.dash.into());
            page.line([stroke.from, stroke.to].map(|end| end.map(f64::from)));
        });
    }

    fn text(&mut self, text: &Text) -> Result<(), PrintPdfError> {
        let Some(cids) = text.all_cids(self.frame) else { return Ok(()) };
        self.ink(text.ink);
        self.push(Op::StartTextSection);
        if self.spacing != text.spacing {
            self.spacing = text.spacing;
            self.push(Op::SetCharacterSpacing { multiplier: text.spacing as f32 });
        }
        let mut shown: Vec<Codepoint> = Vec::new();
        let mut placed = false;
        let mut font = None;
        for cid in cids {
            let glyph = self.fonts.glyph(text.face, cid)?;
            if font != Some(glyph.font) {
                self.show(&mut shown);
                font = Some(glyph.font);
                self.font(text, glyph.font);
                if !placed {
                    placed = true;
                    self.push(Op::SetTextMatrix { matrix: self.place(text) });
                }
            }
            shown.push(Codepoint::with_cid(glyph.glyph, 0.0, glyph.text.clone()));
        }
        self.show(&mut shown);
        self.push(Op::EndTextSection);
        Ok(())
    }

    fn show(&mut self, shown: &mut Vec<Codepoint>) {
        if !shown.is_empty() {
            self.push(Op::ShowText { items: vec![TextItem::GlyphIds(std::mem::take(shown))] });
        }
    }

    fn font(&mut self, text: &Text, font: usize) {
        let wanted = (text.face, font, text.size);
        if self.font != Some(wanted) {
            self.font = Some(wanted);
            let font = PdfFontHandle::External(fonts::id(text.face, font));
            self.push(Op::SetFont { font, size: Pt(text.size as f32) });
        }
    }

    /// The matrix that puts a text where it stands, turned and leaning.
    fn place(&self, text: &Text) -> TextMatrix {
        let Direction { x, y } = text.direction();
        // Upwards in PDF is downwards here.
        let [a, b] = [x, -y].map(|part| part as f64 / Direction::ONE as f64);
        let lean = if text.slant { 1.0 / f64::from(Text::SLANT) } else { 0.0 };
        let (x, y) = (f64::from(text.x), (self.height - i64::from(text.y)) as f64);
        TextMatrix::Raw([a, b, lean * a - b, lean * b + a, x, y].map(|number| number as f32))
    }

    /// A distance in dots as a length in micrometres.
    fn dots(&self, dots: i32) -> f64 {
        let (numerator, denominator) = self.frame.resolution.dot();
        f64::from(dots) * f64::from(numerator) / f64::from(denominator)
    }

    /// Rectangles as one path under a matrix whose origin is a dot and whose unit is so many dots, so that a viewer that
    /// smooths edges leaves no line between them.
    fn symbol(&mut self, [x, y]: [i32; 2], unit: [i32; 2], rectangles: Vec<[i64; 4]>) {
        if rectangles.is_empty() {
            return;
        }
        self.ink(Ink::Black);
        let [x, y] = [self.dots(x), self.height as f64 - self.dots(y)];
        let [across, down] = unit.map(|unit| self.dots(unit));
        let ring = |[left, top, width, height]: [i64; 4]| {
            let [left, top, right, bottom] = [left, top, left + width, top + height].map(|edge| edge as f64);
            let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
            PolygonRing { points: corners.map(|corner| point(corner, false)).to_vec() }
        };
        let rings = rectangles.into_iter().map(ring).collect();
        self.aside(|page| {
            page.matrix_of([across, 0.0, 0.0, -down, x, y]);
            page.push(Op::DrawPolygon { polygon: filled(rings) });
        });
    }

    fn bars(&mut self, bars: &Bars) {
        let mut rectangles = Vec::new();
        modules::bars(bars, self.frame, |rectangle| rectangles.push(rectangle));
        let (module, length) = (i32::from(bars.module), bars.length);
        let unit = if modules::lying(bars) { [length, module] } else { [module, length] };
        self.symbol([bars.x, bars.y], unit, rectangles);
    }

    fn matrix(&mut self, matrix: &Matrix) {
        let mut rectangles = Vec::new();
        modules::matrix(matrix, self.frame, |rectangle| rectangles.push(rectangle));
        self.symbol([matrix.x, matrix.y], [matrix.module.into(); 2], rectangles);
    }

    /// A picture under a matrix that makes the unit square its rectangle.
    fn image(&mut self, image: &Image) {
        let Some(picture) = image.picture(self.frame) else { return };
        let id = self.images.object(picture, image, self.frame);
        let [width, height] = [image.width, image.height].map(|side| self.dots(side));
        let up = self.height as f64 - self.dots(image.y) - height;
        let matrix = [width, 0.0, 0.0, height, self.dots(image.x), up];
        self.aside(|page| {
            page.matrix_of(matrix);
            let transform = XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() };
            page.push(Op::UseXobject { id, transform });
        });
    }
}

fn point([x, y]: [f64; 2], bezier: bool) -> LinePoint {
    LinePoint { p: Point { x: Pt(x as f32), y: Pt(y as f32) }, bezier }
}

fn filled(rings: Vec<PolygonRing>) -> Polygon {
    Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero }
}

fn colour(ink: Ink) -> Color {
    let percent = if ink == Ink::White { 1.0 } else { 0.0 };
    Color::Greyscale(Greyscale::new(percent, None))
}
