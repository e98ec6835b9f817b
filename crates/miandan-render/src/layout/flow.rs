//! Content that flows to more pages: `splitable`.
//!
//! All pages stand below each other on one long sheet, each at a multiple of the same stride, which is whole dots; so
//! everything is placed as on one page, and cut apart at the end. What does not fit below what stands above it moves to
//! the next page as a whole; only tables, and layouts with a table in them, are continued there.

use std::ops::Range;

use miandan_core::label::{LabelSize, Micrometres, Resolution};
use miandan_core::pipe::MAX_PAGES;

use super::boxes::{self, Axis, Drawing, Share, children_of, floats, in_order, place};
use super::natural::Ruler;
use super::{Pen, Trouble};
use crate::frame::{Frame, Item, Rect, Turn};
use crate::template::{NodeKind, Problem, Scene};

/// Where pages are on the sheet, and where on them content may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flow {
    /// From the top of a page to that of the next: whole dots, and as many of them at every page.
    pub(super) stride: Micrometres,
    /// Where content begins on the second and the later pages; on the first it may stand anywhere.
    top: Micrometres,
    bottom: Micrometres,
}

impl Flow {
    pub(super) fn new(
        size: LabelSize,
        top: Micrometres,
        bottom: Micrometres,
        resolution: Resolution,
    ) -> Self {
        let (unit, _) = resolution.dot();
        Flow { stride: (size.height + unit - 1) / unit * unit, top, bottom: bottom.max(top + 1) }
    }

    pub(super) fn page(self, y: Micrometres) -> usize {
        (y.max(0) / self.stride) as usize
    }

    /// Where content begins on a page.
    pub(super) fn top(self, page: usize) -> Micrometres {
        if page == 0 { 0 } else { self.start(page) + self.top }
    }

    /// Where content ends on a page.
    pub(super) fn bottom(self, page: usize) -> Micrometres {
        self.start(page) + self.bottom
    }

    /// The top of a page. Pages are bounded before anything is drawn on them.
    fn start(self, page: usize) -> Micrometres {
        self.stride.saturating_mul(i32::try_from(page).unwrap_or(i32::MAX))
    }

    /// The place so far below another, where headers and footers take no room.
    fn down(self, from: Micrometres, by: Micrometres) -> Micrometres {
        let page = self.page(from);
        let left = self.bottom(page) - from;
        if by < left || from > self.bottom(page) {
            return from.saturating_add(by);
        }
        let room = self.bottom - self.top;
        let (pages, rest) = ((by - left) / room, (by - left) % room);
        self.top(page + 1 + pages as usize).saturating_add(rest)
    }

    /// Where something of this height goes that would begin at a place: there, or at the top of the next page. What is
    /// taller than any page stays where it is.
    fn fit(self, y: Micrometres, height: Micrometres) -> Micrometres {
        let page = self.page(y);
        let crosses = y.saturating_add(height) > self.bottom(page);
        let fits = height <= self.bottom - self.top && y > self.top(page);
        if y >= self.bottom(page) || crosses && fits { self.top(page + 1) } else { y }
    }
}

/// Draws the body of a label, then its header and footer on every page, and cuts the sheet into pages.
pub(super) fn pages(scene: &Scene, size: LabelSize, drawing: &mut Drawing) -> Result<(), Trouble> {
    let Some(flow) = drawing.pen.flow else { return Ok(()) };
    drawing.pen.tags = Some(Vec::new());
    let all = 0..scene.nodes.len();
    let body = Rect { x: 0, y: 0, width: size.width, height: flow.bottom };
    children(scene, all.clone(), body, false, flow, drawing)?;
    let tags = drawing.pen.tags.as_deref().unwrap_or_default();
    let (count, drawn) = (tags.iter().max().map_or(1, |&last| usize::from(last) + 1), tags.len());
    drawing.pen.flow = None;
    for page in 0..count {
        drawing.pen.page = page;
        drawing.pen.number = [page + 1, count];
        let sheet = Rect { x: 0, y: flow.start(page), width: size.width, height: size.height };
        drawing.pen.bottom = sheet.y + size.height;
        for index in boxes::siblings(scene, all.clone()) {
            let node = &scene.nodes[index];
            if matches!(node.kind, NodeKind::Margin { .. }) {
                boxes::element(scene, index, place(node, sheet, None, None), sheet, drawing)?;
            }
        }
    }
    let Pen { frame, tags, resolution, .. } = &mut *drawing.pen;
    let tags = tags.take().unwrap_or_default();
    cut(frame, &tags, drawn, count, flow, *resolution);
    Ok(())
}

/// Sorts what was drawn by pages. Headers and footers, which were drawn last, stand under the rest.
fn cut(frame: &mut Frame, tags: &[u8], drawn: usize, count: usize, flow: Flow, resolution: Resolution) {
    let mut order: Vec<usize> = (0..frame.items.len()).collect();
    order.sort_by_key(|&at| (tags[at], at < drawn));
    let dots = resolution.dots(flow.stride);
    let items = order.iter().map(|&at| {
        let page = i32::from(tags[at]);
        let mut item = frame.items[at].clone();
        match &mut item {
            Item::Fill(fill) => fill.rect.y -= page * flow.stride,
            Item::Outline(outline) => outline.rect.y -= page * flow.stride,
            Item::Stroke(stroke) => {
                stroke.from[1] -= page * flow.stride;
                stroke.to[1] -= page * flow.stride;
            }
            Item::Text(text) => text.y -= page * flow.stride,
            Item::Bars(bars) => bars.y -= page * dots,
            Item::Matrix(matrix) => matrix.y -= page * dots,
            Item::Image(image) => image.y -= page * dots,
        }
        item
    });
    let items = items.collect();
    let before = |page: usize| tags.iter().filter(|&&tag| usize::from(tag) < page).count() as u32;
    frame.breaks.extend((1..count).map(before));
    frame.items = items;
}

/// Draws the elements of a range of nodes, which are the children of one parent. Those that float downwards stand below
/// each other, however far that is.
pub(super) fn children(
    scene: &Scene,
    range: Range<usize>,
    parent: Rect,
    vertical: bool,
    flow: Flow,
    drawing: &mut Drawing,
) -> Result<(), Trouble> {
    let mut order = in_order(scene, range);
    order.retain(|&index| !matches!(scene.nodes[index].kind, NodeKind::Margin { .. }));
    let mut across = Share::new(parent.width);
    for &index in &order {
        let node = &scene.nodes[index];
        if floats(node, Axis::Across, vertical) {
            across.want(node.width);
        }
    }
    let mut next = parent.y;
    for index in order {
        let node = &scene.nodes[index];
        let shared = floats(node, Axis::Across, vertical).then(|| across.give(node.width));
        let stacked = floats(node, Axis::Down, vertical);
        let mut rect = place(node, parent, shared, None);
        let mut within = parent;
        let whole = is_whole(scene, index);
        if stacked {
            let Pen { resolution, tables, .. } = *drawing.pen;
            let mut ruler = Ruler { resolution, typesetter: drawing.typesetter, tables };
            // How tall a table is shows when it is drawn.
            rect.height =
                if whole { ruler.node(scene, index, rect.width)? } else { node.height.unwrap_or(0) };
            rect.y = flow.fit(next, if whole { rect.height } else { 0 });
        } else if let NodeKind::Line([_, y0, _, y1]) = node.kind {
            let (top, height) = (y0.min(y1), (y0 - y1).abs());
            within.y = flow.fit(flow.down(parent.y, top), height) - top;
            rect.y = within.y + top;
            rect.height = height;
        } else {
            let top = flow.down(parent.y, node.top.unwrap_or(0));
            rect.y = flow.fit(top, if whole { rect.height } else { 0 });
        }
        let page = flow.page(rect.y);
        if page >= MAX_PAGES {
            return Err(Problem::TooManyPages.into());
        }
        drawing.pen.page = page;
        drawing.pen.bottom = flow.bottom(page);
        let lowest = std::mem::take(&mut drawing.pen.lowest);
        if whole {
            drawing.pen.flow = None;
        } else {
            // The box itself ends with the page on which it begins.
            rect.height = rect.height.min(flow.bottom(page) - rect.y);
        }
        let drawn = boxes::element(scene, index, rect, within, drawing);
        drawing.pen.flow = Some(flow);
        drawn?;
        let end = drawing.pen.lowest.max(rect.y.saturating_add(rect.height));
        if stacked {
            next = end;
        }
        drawing.pen.lowest = lowest.max(end);
    }
    Ok(())
}

/// Whether an element has no table in it, at which it could be continued on another page.
fn is_whole(scene: &Scene, index: usize) -> bool {
    let inside = children_of(scene, index);
    let node = &scene.nodes[index];
    // What is turned does not run down the page.
    let turned = matches!(node.kind, NodeKind::Layout { .. }) && scene.style(node).turn != Turn::None;
    turned
        || !matches!(node.kind, NodeKind::Table)
            && !scene.nodes[inside].iter().any(|node| matches!(node.kind, NodeKind::Table))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: LabelSize = LabelSize { width: 76_000, height: 100_010 };

    fn flow() -> Flow {
        Flow::new(SIZE, 10_000, 90_000, Resolution::Dpi300)
    }

    #[test]
    fn every_page_begins_on_a_dot() {
        for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
            let flow = Flow::new(SIZE, 0, SIZE.height, resolution);
            assert!(flow.stride >= SIZE.height);
            for page in 0..MAX_PAGES {
                assert_eq!(resolution.snap(flow.start(page)), flow.start(page));
            }
        }
    }

    #[test]
    fn what_lies_below_a_page_stands_on_the_next() {
        let flow = flow();
        assert_eq!(flow.down(0, 89_999), 89_999);
        assert_eq!(flow.down(0, 90_000), flow.top(1));
        assert_eq!(flow.down(0, 90_000 + 80_000 + 5), flow.top(2) + 5);
        assert_eq!(flow.down(flow.top(1), 79_999), flow.top(1) + 79_999);
    }

    #[test]
    fn what_misses_the_end_of_a_page_moves() {
        let flow = flow();
        assert_eq!(flow.fit(80_000, 10_000), 80_000);
        assert_eq!(flow.fit(80_000, 10_100), flow.top(1));
        // Taller than any page.
        assert_eq!(flow.fit(5_000, 90_000), 5_000);
    }
}
