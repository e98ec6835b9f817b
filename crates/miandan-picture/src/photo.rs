//! Codes in a photo or a scan: turned, seen from the side, several at once. What was measured of them does not count, only
//! what they say and where.

use std::borrow::Cow;

use rxing::multi::GenericMultipleBarcodeReader;
use rxing::oned::Code128Reader;
use rxing::{BarcodeFormat, Point, RXingResult};

use crate::page::Page;
use crate::rxing_reader;
use crate::symbol::Kind;

/// A code that was read in a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// Which symbology: QR or Code 128.
    pub kind: Kind,
    /// What it says.
    pub text: String,
    /// The middle of it, in pixels from the left and from the top.
    pub middle: [f64; 2],
    /// How far its first line is turned from lying, clockwise, in radians; 0 where that is not known.
    angle: f64,
}

/// Pictures are looked at in these sizes, the largest first: a blurred code is read from fewer pixels, a small one from more.
const SIDES: [usize; 3] = [4096, 2048, 1024];

/// Smaller pictures are doubled as well.
const SMALL: usize = 1400;

/// Turns that are tried where no code says how the label lies, in degrees; a quarter more is tried with each.
const TURNS: [f64; 6] = [0.0, 15.0, 30.0, 45.0, 60.0, 75.0];

/// Reads the QR codes and the Code 128 of a photo or a scan, those higher up first.
#[must_use]
pub fn codes(page: &Page) -> Vec<Code> {
    let mut found = Vec::new();
    let sizes = sizes(page);
    for scaled in &sizes {
        let hits = qr(&scaled.page).into_iter().map(|hit| scaled.back(&hit));
        add(&mut found, hits);
    }
    // A label lies as its QR code does; if there is none, it may lie in any way.
    let mut turns: Vec<f64> = found.iter().map(|code| code.angle).collect();
    if turns.is_empty() {
        turns.extend(TURNS.map(f64::to_radians));
    }
    let mut bars = Vec::new();
    for scaled in sizes.iter().take(2) {
        for &turn in &turns {
            let turned = Turned::of(&scaled.page, turn);
            let hits = code128(&turned.page).into_iter().map(|mut hit| {
                hit.middle = turned.back(hit.middle);
                scaled.back(&hit)
            });
            add(&mut bars, hits);
        }
        if !bars.is_empty() {
            break;
        }
    }
    found.extend(bars);
    found.sort_by(|one, other| one.middle[1].total_cmp(&other.middle[1]));
    found
}

/// The same text in nearly the same place is the same code.
fn add(found: &mut Vec<Code>, hits: impl IntoIterator<Item = Code>) {
    for hit in hits {
        let is_known = found.iter().any(|known| {
            let apart = (known.middle[0] - hit.middle[0]).hypot(known.middle[1] - hit.middle[1]);
            known.text == hit.text && (known.kind == Kind::Code128 || apart < 40.0)
        });
        if !is_known {
            found.push(hit);
        }
    }
}

/// A page in another size, or as it is.
struct Scaled<'p> {
    page: Cow<'p, Page>,
    /// Pixels of the original for one of this.
    factor: f64,
}

impl Scaled<'_> {
    fn back(&self, hit: &Code) -> Code {
        Code { middle: hit.middle.map(|at| at * self.factor), ..hit.clone() }
    }
}

fn sizes(page: &Page) -> Vec<Scaled<'_>> {
    let longest = page.width().max(page.height());
    let mut sizes = Vec::new();
    if longest <= SIDES[0] {
        sizes.push(Scaled { page: Cow::Borrowed(page), factor: 1.0 });
    }
    for side in SIDES.into_iter().filter(|&side| side < longest) {
        sizes.extend(scale(page, side as f64 / longest as f64));
    }
    if longest < SMALL {
        sizes.extend(scale(page, 2.0));
    }
    sizes
}

/// Each pixel of the new page is the mean of those that it covers, or what lies between its neighbours.
fn scale(page: &Page, by: f64) -> Option<Scaled<'static>> {
    let side = |length: usize| ((length as f64 * by).round() as usize).max(1);
    let (width, height) = (side(page.width()), side(page.height()));
    let factor = 1.0 / by;
    let mut tones = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let tone = if by < 1.0 {
                let span = |at: usize, limit: usize| {
                    let start = (at as f64 * factor) as usize;
                    let end = (((at + 1) as f64 * factor).ceil() as usize).min(limit);
                    start..end.max(start + 1).min(limit)
                };
                let (columns, rows) = (span(x, page.width()), span(y, page.height()));
                let count = (columns.len() * rows.len()).max(1) as u64;
                let row =
                    |y: usize| page.row(y)[columns.clone()].iter().map(|&tone| u64::from(tone)).sum::<u64>();
                (rows.map(row).sum::<u64>() / count) as u8
            } else {
                let centre = |at: usize| (at as f64 + 0.5) * factor - 0.5;
                between(page, centre(x), centre(y))
            };
            tones.push(tone);
        }
    }
    Some(Scaled { page: Cow::Owned(Page::new(width, height, tones)?), factor })
}

/// The tone at a place between pixels; white outside.
fn between(page: &Page, x: f64, y: f64) -> u8 {
    let (left, top) = (x.floor(), y.floor());
    let tone = |x: f64, y: f64| {
        let is_inside = x >= 0.0 && y >= 0.0 && x < page.width() as f64 && y < page.height() as f64;
        if is_inside { f64::from(page.row(y as usize)[x as usize]) } else { 255.0 }
    };
    let (right, down) = (x - left, y - top);
    let upper = tone(left, top) * (1.0 - right) + tone(left + 1.0, top) * right;
    let lower = tone(left, top + 1.0) * (1.0 - right) + tone(left + 1.0, top + 1.0) * right;
    (upper * (1.0 - down) + lower * down).round() as u8
}

/// A page turned so that what was turned lies.
struct Turned<'p> {
    page: Cow<'p, Page>,
    angle: f64,
    from: [f64; 2],
    to: [f64; 2],
}

impl<'p> Turned<'p> {
    /// Turns a page back by an angle, in radians, on a page that is large enough.
    fn of(page: &'p Page, angle: f64) -> Self {
        let (width, height) = (page.width() as f64, page.height() as f64);
        let (sin, cos) = angle.sin_cos();
        let new = [width * cos.abs() + height * sin.abs(), width * sin.abs() + height * cos.abs()];
        let [columns, rows] = new.map(|side| (side.ceil() as usize).max(1));
        let mut turned = Turned {
            page: Cow::Borrowed(page),
            angle,
            from: [width / 2.0, height / 2.0],
            to: [columns as f64 / 2.0, rows as f64 / 2.0],
        };
        if angle.abs() > 0.005 {
            let mut tones = Vec::with_capacity(columns * rows);
            for y in 0..rows {
                for x in 0..columns {
                    let [x, y] = turned.back([x as f64 + 0.5, y as f64 + 0.5]);
                    tones.push(between(page, x - 0.5, y - 0.5));
                }
            }
            if let Some(page) = Page::new(columns, rows, tones) {
                turned.page = Cow::Owned(page);
            }
        } else {
            turned.to = turned.from;
            turned.angle = 0.0;
        }
        turned
    }

    /// A place of the turned page on the page that it was.
    fn back(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = (x - self.to[0], y - self.to[1]);
        [x * cos - y * sin + self.from[0], x * sin + y * cos + self.from[1]]
    }
}

fn qr(page: &Page) -> Vec<Code> {
    let results = rxing_reader::qr(page.tones().to_vec(), [page.width(), page.height()]);
    results.iter().filter_map(|result| code(Kind::Qr, result)).collect()
}

fn code128(page: &Page) -> Vec<Code> {
    let reader = GenericMultipleBarcodeReader::new(Code128Reader);
    let (tones, sides) = (page.tones().to_vec(), [page.width(), page.height()]);
    let results = rxing_reader::every(reader, [BarcodeFormat::CODE_128], tones, sides);
    results.iter().filter_map(|result| code(Kind::Code128, result)).collect()
}

fn code(kind: Kind, result: &RXingResult) -> Option<Code> {
    let points = result.getPoints();
    let count = points.len() as f64;
    if points.is_empty() {
        return None;
    }
    let mean = |of: fn(&Point) -> f32| points.iter().map(|point| f64::from(of(point))).sum::<f64>() / count;
    // Of a QR code the corners come clockwise from the upper left.
    let angle = match (kind, points) {
        (Kind::Qr, [first, second, ..]) => f64::from(second.y - first.y).atan2(f64::from(second.x - first.x)),
        _ => 0.0,
    };
    Some(Code {
        kind,
        text: result.getText().to_owned(),
        middle: [mean(|point| point.x), mean(|point| point.y)],
        angle,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    /// A label that is shipped, and what its two kinds of codes say when it lies as it should.
    fn label() -> (Page, Vec<(Kind, String)>) {
        let picture = include_bytes!("../../../templates/one-part-76x130/203/ordinary.png");
        let page = Document::open(picture.to_vec()).unwrap().page(0).unwrap();
        let said = said(&page);
        (page, said)
    }

    fn said(page: &Page) -> Vec<(Kind, String)> {
        let mut said: Vec<_> = codes(page).into_iter().map(|code| (code.kind, code.text)).collect();
        said.sort_by_key(|(kind, text)| (*kind == Kind::Qr, text.clone()));
        said.dedup();
        said
    }

    #[test]
    fn a_label_is_read_however_it_lies() {
        let (page, expected) = label();
        assert_eq!(expected.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Kind::Code128, Kind::Qr]);
        for degrees in [17.0, 45.0, 90.0, 160.0, 270.0_f64] {
            let turned = Turned::of(&page, degrees.to_radians()).page;
            assert_eq!(said(&turned), expected, "{degrees}");
        }
        assert_eq!(said(&scale(&page, 0.8).unwrap().page), expected);
    }

    #[test]
    fn two_labels_in_a_picture_are_read() {
        let (page, expected) = label();
        let tones = (0..page.height()).flat_map(|y| [page.row(y), page.row(y)].concat()).collect();
        let both = Page::new(page.width() * 2, page.height(), tones).unwrap();
        let codes = codes(&both);
        assert_eq!(codes.iter().filter(|code| code.kind == Kind::Qr).count(), 2);
        let first = expected.iter().map(|(_, text)| text);
        for text in first {
            assert!(codes.iter().any(|code| code.text == *text));
        }
    }

    #[test]
    fn nothing_is_read_in_nothing() {
        for side in [1, 2, 40, 300] {
            assert!(codes(&Page::new(side, side, vec![255; side * side]).unwrap()).is_empty());
        }
    }

    #[test]
    fn what_is_turned_comes_back() {
        let (page, _) = label();
        let turned = Turned::of(&page, 0.7);
        let middle = turned.back(turned.to);
        assert!((middle[0] - turned.from[0]).abs() < 1e-9 && (middle[1] - turned.from[1]).abs() < 1e-9);
    }
}
