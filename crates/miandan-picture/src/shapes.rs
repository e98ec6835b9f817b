//! Pieces of ink that hang together, and which digit one looks like.

use std::sync::LazyLock;

use miandan_core::label::{LabelSize, Resolution};
use miandan_render::frame::{FaceId, Frame, Item, Text};
use miandan_render::raster::{Bitmap, Rasteriser};

use crate::ink::Ink;
use crate::page::Area;

/// A shape is compared on a grid of so many cells.
const COLUMNS: usize = 8;
const ROWS: usize = 12;

/// How unlike a digit a shape may be to be taken for it, and how much more unlike the next one has to be.
const UNLIKE: f64 = 0.2;
const MARGIN: f64 = 0.015;

/// The same for a character of many strokes, which differ more from face to face.
const UNLIKE_MARK: f64 = 0.33;

/// How much a difference of proportion counts beside one of the cells.
const PROPORTION: f64 = 0.35;

/// What is compared with is drawn in this size, in micrometres.
const MODEL: i32 = 10_000;

/// The pieces of ink of a page whose height is in some bounds, from left to right.
pub(crate) fn pieces(ink: &Ink, heights: std::ops::RangeInclusive<usize>) -> Vec<Area> {
    let mut seen = vec![false; ink.width * ink.height];
    let mut pieces = Vec::new();
    let mut ahead = Vec::new();
    for y in 0..ink.height {
        for (x, &black) in ink.row(y).iter().enumerate() {
            if !black || std::mem::replace(&mut seen[y * ink.width + x], true) {
                continue;
            }
            ahead.push((x, y));
            let mut area = Area::of_pixel(x, y);
            while let Some((x, y)) = ahead.pop() {
                area = area.joined(Area::of_pixel(x, y));
                for y in y.saturating_sub(1)..=(y + 1).min(ink.height - 1) {
                    for x in x.saturating_sub(1)..=(x + 1).min(ink.width - 1) {
                        if ink.is_black(x, y) && !std::mem::replace(&mut seen[y * ink.width + x], true) {
                            ahead.push((x, y));
                        }
                    }
                }
            }
            if heights.contains(&area.height()) {
                pieces.push(area);
            }
        }
    }
    pieces.sort_by_key(|area| (area.left, area.top));
    pieces
}

/// The digit that a piece looks like, if it looks like one.
pub(crate) fn digit(ink: &Ink, area: Area) -> Option<u8> {
    let shape = Shape::of(area, &|x, y| ink.is_black(x, y));
    let mut likely: Vec<(f64, u8)> = (b'0'..=b'9')
        .filter_map(|digit| {
            let models = MODELS.iter().filter(|(of, _)| *of == digit);
            Some((models.map(|(_, model)| model.unlike(&shape)).min_by(f64::total_cmp)?, digit))
        })
        .collect();
    likely.sort_by(|one, other| one.0.total_cmp(&other.0));
    let [(best, digit), (next, _), ..] = likely[..] else { return None };
    (best <= UNLIKE && next >= best + MARGIN).then_some(digit)
}

/// Whether the ink in an area looks like 转, which stands before an extension.
pub(crate) fn is_extension_mark(ink: &Ink, area: Area) -> bool {
    let shape = Shape::of(area, &|x, y| ink.is_black(x, y));
    MARKS.iter().any(|model| model.unlike(&shape) <= UNLIKE_MARK)
}

/// How much of each cell is ink, and how wide it is for its height.
#[derive(Clone, Debug)]
struct Shape {
    cells: [f64; COLUMNS * ROWS],
    proportion: f64,
}

impl Shape {
    fn of(area: Area, black: &dyn Fn(usize, usize) -> bool) -> Self {
        let mut cells = [0.0; COLUMNS * ROWS];
        // A narrow shape stands in the middle of a box as wide as a digit is: stretched, a 1 would be a block.
        let width = (area.width() as f64).max(area.height() as f64 * 0.5);
        let inset = (width - area.width() as f64) / 2.0;
        let share = (COLUMNS as f64 / width) * (ROWS as f64 / area.height() as f64);
        for y in area.top..area.bottom {
            let rows = spread((y - area.top) as f64, ROWS as f64 / area.height() as f64);
            for x in (area.left..area.right).filter(|&x| black(x, y)) {
                for (column, across) in spread((x - area.left) as f64 + inset, COLUMNS as f64 / width) {
                    for &(row, down) in &rows {
                        if row < ROWS && column < COLUMNS {
                            cells[row * COLUMNS + column] += across * down * share;
                        }
                    }
                }
            }
        }
        Shape { cells, proportion: area.width() as f64 / area.height() as f64 }
    }

    fn unlike(&self, other: &Shape) -> f64 {
        let apart: f64 = self.cells.iter().zip(&other.cells).map(|(one, other)| (one - other).abs()).sum();
        apart / self.cells.len() as f64 + PROPORTION * (self.proportion - other.proportion).abs()
    }
}

/// Over which cells a pixel lies, and how much of the pixel over each. A cell holds `1 / scale` pixels.
fn spread(pixel: f64, scale: f64) -> Vec<(usize, f64)> {
    let (from, to) = (pixel * scale, (pixel + 1.0) * scale);
    let mut cells = Vec::with_capacity(2);
    let mut cell = from.floor();
    while cell < to {
        let inside = (to.min(cell + 1.0) - from.max(cell)) / scale;
        if inside > 1e-9 {
            cells.push((cell as usize, inside));
        }
        cell += 1.0;
    }
    cells
}

/// The digits of the bundled faces. Those of other sans serif faces are near enough.
static MODELS: LazyLock<Vec<(u8, Shape)>> = LazyLock::new(|| {
    let faces = FaceId::BUNDLED.into_iter();
    let of = |face| (b'0'..=b'9').filter_map(move |digit| Some((digit, model(face, char::from(digit))?)));
    faces.flat_map(of).collect()
});

static MARKS: LazyLock<Vec<Shape>> =
    LazyLock::new(|| FaceId::BUNDLED.into_iter().filter_map(|face| model(face, '转')).collect());

fn model(face: FaceId, character: char) -> Option<Shape> {
    let mut frame = Frame {
        size: LabelSize { width: MODEL, height: 2 * MODEL },
        resolution: Resolution::Dpi203,
        ..Frame::default()
    };
    frame.cids.push(frame.faces.get(face)?.cid(character)?);
    frame.items.push(Item::Text(Text {
        x: MODEL / 10,
        y: MODEL * 3 / 2,
        turn: Default::default(),
        angle: Default::default(),
        slant: false,
        face,
        size: MODEL,
        spacing: 0,
        ink: Default::default(),
        start: 0,
        length: 1,
    }));
    let mut bitmap = Bitmap::default();
    Rasteriser::new().draw(&frame, &mut bitmap);
    let black = |x: usize, y: usize| bitmap.is_black(x, y);
    let dots = (0..bitmap.height).flat_map(|y| (0..bitmap.width).map(move |x| (x, y)));
    let area = Area::around(dots.filter(|&(x, y)| black(x, y)))?;
    Some(Shape::of(area, &black))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::tests::drawn;

    #[test]
    fn each_model_looks_like_itself_and_like_no_other() {
        assert_eq!((MODELS.len(), MARKS.len()), (20, 2));
        for (digit, model) in MODELS.iter() {
            assert!(model.unlike(model) < 1e-9);
            for (other, shape) in MODELS.iter().filter(|(other, _)| other != digit) {
                assert!(model.unlike(shape) > 0.1, "{digit} {other}: {}", model.unlike(shape));
            }
        }
    }

    #[test]
    fn pieces_hang_together_by_corners_too() {
        let ink = drawn(&["#....#", ".#...#", "......", "..##.."]);
        let found = pieces(&ink, 1..=9);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], Area { left: 0, top: 0, right: 2, bottom: 2 });
        assert_eq!(pieces(&ink, 2..=2).len(), 2);
    }

    #[test]
    fn a_pixel_is_spread_over_cells_and_nothing_is_lost() {
        for scale in [0.1, 0.37, 1.0, 2.5] {
            for pixel in 0..40 {
                let all: f64 = spread(f64::from(pixel), scale).iter().map(|(_, share)| share).sum();
                assert!((all - 1.0).abs() < 1e-6, "{pixel} {scale}: {all}");
            }
        }
    }
}
