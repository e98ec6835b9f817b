//! Frames to content streams (ISO 32000-1, 8 and 9).
//!
//! The unit of a page is the micrometre, by one matrix at its start, with the origin at the bottom left as PDF has it;
//! so nearly all numbers are whole. Symbols are drawn under a matrix of their own whose unit is the module.

use miandan_core::pipe::FaceUse;

use super::content::{Content, Fraction};
use super::form::Forms;
use super::picture::Pictures;
use crate::angle::{Angle, Direction};
use crate::deflate::{Deflater, Effort};
use crate::faces::MAX_ADDED;
use crate::frame::{Bars, FaceId, Fill, Frame, Image, Ink, Item, Matrix, Outline, Shape, Stroke, Text, Turn};
use crate::modules;
use crate::shape::{self, Segment, Winding};

/// Makes content streams, one after the other, and remembers which characters they drew.
#[derive(Debug)]
pub struct PageEncoder {
    content: Content,
    deflater: Deflater,
    /// By the number of the face.
    used: Vec<Used>,
    pictures: Pictures,
    /// Which items of a page a form draws.
    by_form: Vec<bool>,
}

impl Default for PageEncoder {
    fn default() -> Self {
        PageEncoder::new()
    }
}

impl PageEncoder {
    /// An encoder that has drawn nothing.
    #[must_use]
    pub fn new() -> Self {
        PageEncoder {
            content: Content::default(),
            deflater: Deflater::new(Effort::Label),
            used: Vec::new(),
            pictures: Pictures::default(),
            by_form: Vec::new(),
        }
    }

    /// Appends the deflated content stream (zlib) of the first page of a frame. It depends on the frame alone.
    pub fn encode(&mut self, frame: &Frame, out: &mut Vec<u8>) {
        self.encode_page(frame, 0, out);
    }

    /// Appends the deflated content stream (zlib) of a page of a frame, from 0. It depends on the frame alone.
    pub fn encode_page(&mut self, frame: &Frame, page: usize, out: &mut Vec<u8>) {
        self.encode_with(&Forms::default(), frame, page, out);
    }

    /// The same for a document that is given these forms ([`Document::form`](super::Document::form)): the page names one
    /// of them where it can. It depends on the frame and the forms alone. The characters of the forms are remembered by
    /// [`PageEncoder::note_forms`].
    pub fn encode_with(&mut self, forms: &Forms, frame: &Frame, page: usize, out: &mut Vec<u8>) {
        self.draw(forms, frame, page);
        self.deflater.deflate(self.content.bytes(), out);
    }

    /// Remembers the characters of forms: a document that is given them draws them.
    pub fn note_forms(&mut self, forms: &Forms) {
        forms.frames().for_each(|frame| self.note_page(frame, 0));
    }

    /// Appends the deflated content stream of a form and answers how long it was before. Where an item begins a path, its
    /// rectangles are not joined to those before it.
    pub(super) fn encode_form(&mut self, frame: &Frame, begins: &[bool], out: &mut Vec<u8>) -> usize {
        self.content.clear();
        let mut page = self.page(frame);
        for (item, &begins) in frame.page(0).iter().zip(begins) {
            if begins {
                page.end_path();
            }
            page.item(item);
        }
        page.open(Open::Nothing);
        self.deflater.deflate(self.content.bytes(), out);
        self.content.bytes().len()
    }

    /// Remembers the characters of a page of a frame, from 0, as if it had been encoded: another encoder draws it.
    pub fn note_page(&mut self, frame: &Frame, page: usize) {
        self.make_room(frame);
        for item in frame.page(page) {
            if let Item::Text(text) = item
                && let Some(cids) = text.known_cids(frame)
            {
                let used = &mut self.used[usize::from(text.face.number())];
                cids.for_each(|cid| used.note(cid));
            }
        }
    }

    /// The characters that were drawn and not yet taken, by face, in rising order.
    pub fn take_used(&mut self) -> Vec<FaceUse> {
        let take = |(face, used): (usize, &mut Used)| {
            let mut cids = std::mem::take(&mut used.fresh);
            cids.sort_unstable();
            FaceUse { face: face as u8, cids }
        };
        self.used.iter_mut().enumerate().map(take).filter(|used| !used.cids.is_empty()).collect()
    }

    fn make_room(&mut self, frame: &Frame) {
        if self.used.len() < frame.faces.count() {
            self.used.resize_with(frame.faces.count(), Used::default);
        }
    }

    fn draw(&mut self, forms: &Forms, frame: &Frame, number: usize) {
        self.content.clear();
        let unit = Fraction::new(72, 25_400);
        self.content.fractions([unit, 0.into(), 0.into(), unit, 0.into(), 0.into()], "cm");
        let mut by_form = std::mem::take(&mut self.by_form);
        match forms.of_page(frame, number, &mut by_form) {
            Some(form) => self.content.form(form),
            None => by_form.clear(),
        }
        let mut page = self.page(frame);
        for (place, item) in frame.page(number).iter().enumerate() {
            match by_form.get(place) {
                // What it would have ended ends all the same.
                Some(true) => page.end_path(),
                _ => page.item(item),
            }
        }
        page.open(Open::Nothing);
        self.by_form = by_form;
    }

    /// A page on which nothing has been drawn.
    fn page<'p>(&'p mut self, frame: &'p Frame) -> Page<'p> {
        self.make_room(frame);
        Page {
            content: &mut self.content,
            used: &mut self.used,
            pictures: &mut self.pictures,
            frame,
            height: frame.size.height.into(),
            ink: Ink::Black,
            font: None,
            spacing: 0,
            open: Open::Nothing,
        }
    }
}

/// The characters of a face that were drawn.
#[derive(Clone, Debug)]
struct Used {
    /// One bit for each character id.
    seen: Vec<u64>,
    /// Those not yet taken, in the order in which they came.
    fresh: Vec<u16>,
}

impl Default for Used {
    fn default() -> Self {
        Used { seen: vec![0; 1024], fresh: Vec::new() }
    }
}

impl Used {
    fn note(&mut self, cid: u16) {
        let (word, bit) = (&mut self.seen[usize::from(cid >> 6)], 1 << (cid & 63));
        if *word & bit == 0 {
            *word |= bit;
            self.fresh.push(cid);
        }
    }
}

/// Operands that choose a font, by the number of the face.
const FONT_NAMES: [&str; FaceId::BUNDLED.len() + MAX_ADDED] =
    ["/F0 ", "/F1 ", "/F2 ", "/F3 ", "/F4 ", "/F5 ", "/F6 ", "/F7 ", "/F8 ", "/F9 "];

/// What the end of the stream is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    /// A path of rectangles that may take more of them before it is filled.
    Path,
    /// A text object, whether its matrix is upright, and the origin of its line.
    Text(bool, [i64; 2]),
}

/// One page that is being drawn, and the graphics state at the end of its stream.
struct Page<'p> {
    content: &'p mut Content,
    used: &'p mut [Used],
    pictures: &'p mut Pictures,
    frame: &'p Frame,
    height: i64,
    ink: Ink,
    font: Option<(FaceId, i32)>,
    spacing: i32,
    open: Open,
}

impl Page<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Fill(fill) => self.fill(fill),
            Item::Outline(outline) => self.outline(outline),
            Item::Stroke(stroke) => self.stroke(stroke),
            Item::Text(text) => self.text(text),
            Item::Bars(bars) => self.bars(bars),
            Item::Matrix(matrix) => self.matrix(matrix),
            Item::Image(image) => self.image(image),
        }
    }

    /// Ends whatever is open unless it is this.
    fn open(&mut self, next: Open) {
        match (self.open, next) {
            (Open::Path, Open::Path) | (Open::Text(..), Open::Text(..)) => return,
            (Open::Path, _) => self.content.raw("f\n"),
            (Open::Text(..), _) => self.content.raw("ET\n"),
            (Open::Nothing, _) => {}
        }
        self.open = next;
    }

    /// Ends a path of rectangles.
    fn end_path(&mut self) {
        if self.open == Open::Path {
            self.open(Open::Nothing);
        }
    }

    fn ink(&mut self, ink: Ink) {
        if ink != self.ink {
            self.open(Open::Nothing);
            self.content.raw(if ink == Ink::White { "1 g\n" } else { "0 g\n" });
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
            self.rectangle(edges);
        } else {
            self.open(Open::Nothing);
            self.path(edges, fill.shape, Winding::Clockwise);
            self.content.raw("f\n");
        }
    }

    /// Adds a rectangle to the open path. Rectangles of one path go round the same way, so they never cut holes.
    fn rectangle(&mut self, [left, top, right, bottom]: [i64; 4]) {
        self.open(Open::Path);
        self.content.operation([left, self.height - bottom, right - left, bottom - top], "re");
    }

    fn path(&mut self, edges: [i64; 4], shape: Shape, winding: Winding) {
        let (content, height) = (&mut *self.content, self.height);
        shape::path(edges, shape, winding, |segment| match segment {
            Segment::Move([x, y]) => content.operation([x, height - y], "m"),
            Segment::Line([x, y]) => content.operation([x, height - y], "l"),
            Segment::Curve([x1, y1], [x2, y2], [x, y]) => {
                content.operation([x1, height - y1, x2, height - y2, x, height - y], "c");
            }
        });
        self.content.raw("h\n");
    }

    fn outline(&mut self, outline: &Outline) {
        let edges = shape::edges(&outline.rect);
        let line = i64::from(outline.line);
        if shape::is_empty(edges) || line <= 0 {
            return;
        }
        self.ink(Ink::Black);
        if outline.dash > 0 {
            return self.dashes(outline, edges);
        }
        if shape::corners(edges, outline.shape) == [0, 0] {
            return shape::sides(edges, line)
                .into_iter()
                .filter(|&side| !shape::is_empty(side))
                .for_each(|side| self.rectangle(side));
        }
        self.open(Open::Nothing);
        self.path(edges, outline.shape, Winding::Clockwise);
        let inner = shape::inset(edges, line);
        if !shape::is_empty(inner) {
            self.path(inner, shape::inner_shape(outline), Winding::Anticlockwise);
        }
        self.content.raw("f\n");
    }

    /// Strokes, since a dash pattern is shorter than its dashes.
    fn dashes(&mut self, outline: &Outline, edges: [i64; 4]) {
        self.open(Open::Nothing);
        let line = i64::from(outline.line);
        let straight = shape::corners(edges, outline.shape) == [0, 0];
        let dash = if straight { outline.dash.into() } else { shape::curve_dash(outline) };
        self.content.raw("q\n[");
        self.content.operation([dash], "]0 d");
        if straight {
            for side in shape::sides(edges, line).into_iter().filter(|&side| !shape::is_empty(side)) {
                let [left, top, right, bottom] = side;
                let (width, height) = (right - left, bottom - top);
                self.content.operation([width.min(height)], "w");
                let half = |sum| Fraction::new(sum, 2);
                let up = 2 * self.height;
                let ends = if width >= height {
                    [half(2 * left), half(up - top - bottom), half(2 * right), half(up - top - bottom)]
                } else {
                    [half(left + right), half(up - 2 * top), half(left + right), half(up - 2 * bottom)]
                };
                self.content.fractions([ends[0], ends[1]], "m");
                self.content.fractions([ends[2], ends[3]], "l");
                self.content.raw("S\n");
            }
        } else {
            self.content.operation([line], "w");
            let (edges, shape) = shape::middle(outline);
            self.path(edges, shape, Winding::Clockwise);
            self.content.raw("S\n");
        }
        self.content.raw("Q\n");
    }

    fn stroke(&mut self, stroke: &Stroke) {
        if stroke.from == stroke.to || stroke.line <= 0 {
            return;
        }
        self.open(Open::Nothing);
        self.content.raw(if stroke.ink == Ink::White { "q\n1 G\n" } else { "q\n" });
        if stroke.dash > 0 {
            self.content.raw("[");
            self.content.operation([stroke.dash.into()], "]0 d");
        }
        self.content.operation([stroke.line.into()], "w");
        let [[x0, y0], [x1, y1]] = [stroke.from, stroke.to].map(|point| point.map(i64::from));
        self.content.operation([x0, self.height - y0], "m");
        self.content.operation([x1, self.height - y1], "l");
        self.content.raw("S\nQ\n");
    }

    fn text(&mut self, text: &Text) {
        let Some(cids) = text.known_cids(self.frame) else { return };
        self.ink(text.ink);
        let origin = [i64::from(text.x), self.height - i64::from(text.y)];
        if !matches!(self.open, Open::Text(..)) {
            self.open(Open::Text(true, [0, 0]));
            self.content.raw("BT\n");
        }
        if self.font != Some((text.face, text.size)) {
            self.content.raw(FONT_NAMES[usize::from(text.face.number())]);
            self.content.operation([text.size.into()], "Tf");
            self.font = Some((text.face, text.size));
        }
        if self.spacing != text.spacing {
            self.content.operation([text.spacing.into()], "Tc");
            self.spacing = text.spacing;
        }
        self.place(text, origin);
        let used = &mut self.used[usize::from(text.face.number())];
        self.content.show(cids.inspect(|&cid| used.note(cid)));
    }

    /// Moves the line of the open text object.
    fn place(&mut self, text: &Text, [x, y]: [i64; 2]) {
        let upright = text.turn == Turn::None && text.angle == Angle::NONE && !text.slant;
        match self.open {
            Open::Text(true, [line_x, line_y]) if upright => {
                self.content.operation([x - line_x, y - line_y], "Td");
            }
            _ => {
                // Upwards in PDF is downwards here.
                let Direction { x: a, y: down } = text.direction();
                let b = -down;
                let slant = i64::from(Text::SLANT);
                let lean = i64::from(text.slant);
                let [c, d] = [lean * a - slant * b, lean * b + slant * a];
                let part = |numerator, times| Fraction::new(numerator, times * Direction::ONE);
                let matrix = [part(a, 1), part(b, 1), part(c, slant), part(d, slant), x.into(), y.into()];
                self.content.fractions(matrix, "Tm");
            }
        }
        self.open = Open::Text(upright, [x, y]);
    }

    /// A distance in dots as a length in micrometres, to a tenth of a nanometre.
    fn dots(&self, dots: i64) -> Fraction {
        let (numerator, denominator) = self.frame.resolution.dot();
        let scaled = dots * i64::from(numerator) * 20_000 + i64::from(denominator);
        Fraction::new(scaled.div_euclid(i64::from(denominator) * 2), 10_000)
    }

    /// Puts the origin on a dot, x to the right and y downwards in units of so many dots.
    fn symbol(&mut self, [x, y]: [i32; 2], unit_x: i64, unit_y: i64) {
        self.ink(Ink::Black);
        self.open(Open::Nothing);
        let (x, y) = (self.dots(x.into()), self.dots(y.into()));
        let up = Fraction::new(self.height * y.denominator - y.numerator, y.denominator);
        let matrix = [self.dots(unit_x), 0.into(), 0.into(), self.dots(-unit_y), x, up];
        self.content.raw("q\n");
        self.content.fractions(matrix, "cm");
    }

    /// Bars as rectangles of length 1 in units of a module across and of the length of a row along. All rows are one
    /// path, so that a viewer that smooths edges leaves no line between them.
    fn bars(&mut self, bars: &Bars) {
        let (module, length) = (i64::from(bars.module), i64::from(bars.length));
        let (unit_x, unit_y) = if modules::lying(bars) { (length, module) } else { (module, length) };
        let mut begun = false;
        modules::bars(bars, self.frame, |rectangle| {
            if !std::mem::replace(&mut begun, true) {
                self.symbol([bars.x, bars.y], unit_x, unit_y);
            }
            self.content.operation(rectangle, "re");
        });
        if begun {
            self.content.raw("f\nQ\n");
        }
    }

    /// A picture under a matrix that makes the unit square its rectangle.
    fn image(&mut self, image: &Image) {
        let Some(picture) = image.picture(self.frame) else { return };
        self.open(Open::Nothing);
        let [width, height] = [image.width, image.height].map(|side| self.dots(side.into()));
        let (x, bottom) =
            (self.dots(image.x.into()), self.dots(i64::from(image.y) + i64::from(image.height)));
        let up = Fraction::new(self.height * bottom.denominator - bottom.numerator, bottom.denominator);
        self.content.raw("q\n");
        self.content.fractions([width, 0.into(), 0.into(), height, x, up], "cm");
        self.pictures.write(picture, image, self.frame, self.content);
        self.content.raw("Q\n");
    }

    /// Runs of dark modules as rectangles.
    fn matrix(&mut self, matrix: &Matrix) {
        let module = matrix.module.into();
        let mut begun = false;
        modules::matrix(matrix, self.frame, |rectangle| {
            if !std::mem::replace(&mut begun, true) {
                self.symbol([matrix.x, matrix.y], module, module);
            }
            self.content.operation(rectangle, "re");
        });
        if begun {
            self.content.raw("f\nQ\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Rect;
    use miandan_core::label::{LabelSize, Resolution};

    fn plain(frame: &Frame) -> String {
        let mut encoder = PageEncoder::new();
        encoder.draw(&Forms::default(), frame, 0);
        String::from_utf8(encoder.content.bytes().to_vec()).unwrap()
    }

    /// A frame with one of everything, small enough to be read as operators.
    fn one_of_everything() -> Frame {
        let rect = Rect { x: 1000, y: 2000, width: 3000, height: 500 };
        let text = Text {
            x: 4000,
            y: 8000,
            turn: Turn::None,
            angle: Angle::NONE,
            slant: false,
            face: FaceId::Regular,
            size: 3500,
            spacing: 0,
            ink: Ink::Black,
            start: 0,
            length: 2,
        };
        Frame {
            breaks: Vec::new(),
            size: LabelSize::millimetres(40, 30),
            resolution: Resolution::Dpi203,
            items: vec![
                Item::Fill(Fill { rect, shape: Shape::Square, ink: Ink::Black }),
                Item::Outline(Outline { rect, shape: Shape::Square, line: 100, dash: 0 }),
                Item::Fill(Fill { rect, shape: Shape::Rounded(100), ink: Ink::White }),
                Item::Outline(Outline {
                    rect: Rect { height: 125, ..rect },
                    shape: Shape::Square,
                    line: 125,
                    dash: 700,
                }),
                Item::Text(text),
                Item::Text(Text { y: 9000, start: 1, length: 1, ..text }),
                Item::Text(Text { turn: Turn::ThreeQuarters, face: FaceId::Bold, spacing: 50, ..text }),
                Item::Bars(Bars {
                    x: 10,
                    y: 20,
                    module: 3,
                    length: 80,
                    turn: Turn::None,
                    start: 0,
                    count: 3,
                    rows: 1,
                }),
                Item::Matrix(Matrix { x: 10, y: 120, module: 4, side: 3, start: 0 }),
            ],
            cids: vec![0x12AB, 7],
            widths: vec![2, 1, 1],
            rows: vec![0b011, 0b011, 0b100],
            ..Frame::default()
        }
    }

    #[test]
    fn a_page_of_one_of_everything() {
        assert_eq!(
            plain(&one_of_everything()),
            "\
0.0028346457 0 0 0.0028346457 0 0 cm
1000 27500 3000 500 re
1000 27900 3000 100 re
1000 27600 100 300 re
3900 27600 100 300 re
1000 27500 3000 100 re
f
1 g
1100 28000 m
3900 28000 l
3956 28000 4000 27956 4000 27900 c
4000 27600 l
4000 27544 3956 27500 3900 27500 c
1100 27500 l
1044 27500 1000 27544 1000 27600 c
1000 27900 l
1000 27956 1044 28000 1100 28000 c
h
f
0 g
q
[700 ]0 d
125 w
1000 27937.5 m
4000 27937.5 l
S
Q
BT
/F0 3500 Tf
4000 22000 Td
<12AB0007>Tj
0 -1000 Td
<0007>Tj
/F1 3500 Tf
50 Tc
0 1 -1 0 4000 22000 Tm
<12AB0007>Tj
ET
q
375 0 0 -10000 1250 27500 cm
0 0 2 1 re
3 0 1 1 re
f
Q
q
500 0 0 -500 1250 15000 cm
0 0 2 2 re
2 2 1 1 re
f
Q
"
        );
    }

    #[test]
    fn texts_lean_and_stand_at_any_angle() {
        let mut frame = one_of_everything();
        let Item::Text(text) = frame.items[4] else { panic!() };
        let texts = [
            Text { slant: true, ..text },
            text,
            Text { angle: Angle::hundredths(3_000), ..text },
            Text { angle: Angle::hundredths(33_000), turn: Turn::Quarter, slant: true, ..text },
            Text { turn: Turn::Quarter, slant: true, ..text },
        ];
        frame.items = texts.map(Item::Text).to_vec();
        assert_eq!(
            plain(&frame),
            "\
0.0028346457 0 0 0.0028346457 0 0 cm
BT
/F0 3500 Tf
1 0 0.2 1 4000 22000 Tm
<12AB0007>Tj
1 0 0 1 4000 22000 Tm
<12AB0007>Tj
0.866025404 -0.5 0.5 0.866025404 4000 22000 Tm
<12AB0007>Tj
0.5 -0.866025404 0.966025404 0.3267949192 4000 22000 Tm
<12AB0007>Tj
0 -1 1 -0.2 4000 22000 Tm
<12AB0007>Tj
ET
"
        );
    }

    #[test]
    fn symbols_stand_on_thirds_of_a_micrometre_at_300_dpi() {
        let frame = Frame {
            resolution: Resolution::Dpi300,
            size: LabelSize::millimetres(40, 30),
            items: vec![Item::Bars(Bars {
                x: 1,
                y: 2,
                module: 2,
                length: 3,
                turn: Turn::Quarter,
                start: 0,
                count: 1,
                rows: 1,
            })],
            widths: vec![4],
            ..Frame::default()
        };
        let page = plain(&frame);
        assert!(page.contains("254 0 0 -169.3333 84.6667 29830.6667 cm\n0 0 1 4 re\n"), "{page}");
    }

    #[test]
    fn a_character_is_reported_once() {
        let mut encoder = PageEncoder::new();
        encoder.encode(&one_of_everything(), &mut Vec::new());
        let used = encoder.take_used();
        let both = vec![7, 0x12AB];
        assert_eq!(used, [FaceUse { face: 0, cids: both.clone() }, FaceUse { face: 1, cids: both }]);
        encoder.encode(&one_of_everything(), &mut Vec::new());
        assert_eq!(encoder.take_used(), []);
    }

    #[test]
    fn pages_are_the_same_bytes_whatever_came_before() {
        let frame = one_of_everything();
        let mut encoder = PageEncoder::new();
        let [mut first, mut second] = [Vec::new(), Vec::new()];
        encoder.encode(&frame, &mut first);
        encoder.encode(&Frame::default(), &mut Vec::new());
        encoder.encode(&frame, &mut second);
        assert_eq!(first, second);
    }
}
