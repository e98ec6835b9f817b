//! Where ink is: parts of a label drawn by themselves, and dots counted.

use miandan_core::label::{Micrometres, Resolution};
use miandan_render::frame::{Frame, Ink, Item, Rect};
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::trace::{Kind, Placed, Trace};

/// Draws parts of a label.
pub(crate) struct Drawer<'l> {
    items: &'l [Item],
    part: Frame,
    /// Keeps the glyphs that it has drawn.
    rasteriser: &'l mut Rasteriser,
}

impl<'l> Drawer<'l> {
    pub(crate) fn new(trace: &'l Trace, rasteriser: &'l mut Rasteriser) -> Self {
        let part = Frame { items: Vec::new(), ..trace.frame.clone() };
        Drawer { items: &trace.frame.items, part, rasteriser }
    }

    /// The label of some of the items, as they are.
    pub(crate) fn draw(&mut self, chosen: impl Fn(usize, &Item) -> bool) -> Bitmap {
        self.part.items.clear();
        let chosen = self.items.iter().enumerate().filter(|(index, item)| chosen(*index, item));
        self.part.items.extend(chosen.map(|(_, item)| item.clone()));
        let mut bitmap = Bitmap::default();
        self.rasteriser.draw(&self.part, &mut bitmap);
        bitmap
    }

    /// The same, with what is white in black: where something is, whatever its colour.
    pub(crate) fn shape(&mut self, chosen: impl Fn(usize, &Item) -> bool) -> Bitmap {
        self.part.items.clear();
        let chosen = self.items.iter().enumerate().filter(|(index, item)| chosen(*index, item));
        self.part.items.extend(chosen.map(|(_, item)| blackened(item)));
        let mut bitmap = Bitmap::default();
        self.rasteriser.draw(&self.part, &mut bitmap);
        bitmap
    }
}

fn blackened(item: &Item) -> Item {
    let mut item = item.clone();
    match &mut item {
        Item::Fill(fill) => fill.ink = Ink::Black,
        Item::Stroke(stroke) => stroke.ink = Ink::Black,
        Item::Text(text) => text.ink = Ink::Black,
        Item::Outline(_) | Item::Bars(_) | Item::Matrix(_) | Item::Image(_) => {}
    }
    item
}

/// The black dots of an area: left, top, and right and bottom that are no longer in it. What lies outside counts nothing.
pub(crate) fn count(bitmap: &Bitmap, [left, top, right, bottom]: [i32; 4]) -> usize {
    let within = |value: i32, most: usize| usize::try_from(value).unwrap_or(0).min(most);
    let (left, right) = (within(left, bitmap.width), within(right, bitmap.width));
    let (top, bottom) = (within(top, bitmap.height), within(bottom, bitmap.height));
    let mut sum = 0;
    for y in top..bottom {
        let row = &bitmap.bits[y * bitmap.stride..][..bitmap.stride];
        for (index, &byte) in row.iter().enumerate().take(right.div_ceil(8)).skip(left / 8) {
            let mut byte = byte;
            if index * 8 < left {
                byte &= 0xFF >> (left - index * 8);
            }
            if index * 8 + 8 > right {
                byte &= !(0xFF_u8.checked_shr((right - index * 8) as u32).unwrap_or(0));
            }
            sum += byte.count_ones() as usize;
        }
    }
    sum
}

/// The dots that are black in both.
pub(crate) fn common(one: &Bitmap, other: &Bitmap) -> usize {
    one.bits.iter().zip(&other.bits).map(|(a, b)| (a & b).count_ones() as usize).sum()
}

/// Blackens what is black in the other.
pub(crate) fn add(to: &mut Bitmap, other: &Bitmap) {
    to.bits.iter_mut().zip(&other.bits).for_each(|(a, b)| *a |= b);
}

/// The dots of a rectangle.
pub(crate) fn dots(rect: Rect, resolution: Resolution) -> [i32; 4] {
    [rect.x, rect.y, rect.x.saturating_add(rect.width), rect.y.saturating_add(rect.height)]
        .map(|length| resolution.dots(length))
}

/// Lines and frames are no wider than this; what is wider is an area.
const LINE: Micrometres = 1_500;

/// Whether an item is a line or a frame.
pub(crate) fn is_line(item: &Item) -> bool {
    match item {
        Item::Fill(fill) => fill.rect.width.min(fill.rect.height) <= LINE,
        Item::Outline(_) | Item::Stroke(_) => true,
        Item::Text(_) | Item::Bars(_) | Item::Matrix(_) | Item::Image(_) => false,
    }
}

/// The elements that draw by themselves.
pub(crate) fn leaves(trace: &Trace) -> impl Iterator<Item = &Placed> {
    trace.elements.iter().filter(|element| !matches!(element.kind, Kind::Layout | Kind::Table))
}

/// Where an element stands in the template.
pub(crate) fn place(element: &Placed) -> (u32, u32) {
    (element.line, element.column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_counted_up_to_the_edges() {
        // Rows of 20 dots, all black.
        let bits = [0xFF, 0xFF, 0xF0].repeat(3);
        let bitmap = Bitmap { width: 20, height: 3, stride: 3, bits, resolution: Resolution::Dpi203 };
        assert_eq!(count(&bitmap, [0, 0, 20, 3]), 60);
        assert_eq!(count(&bitmap, [3, 1, 5, 2]), 2);
        assert_eq!(count(&bitmap, [7, 0, 17, 1]), 10);
        assert_eq!(count(&bitmap, [8, 0, 16, 1]), 8);
        assert_eq!(count(&bitmap, [-5, -5, 100, 100]), 60);
        assert_eq!(count(&bitmap, [9, 0, 9, 3]), 0);
    }
}
