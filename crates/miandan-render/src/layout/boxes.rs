//! Boxes: where each element stands in its parent, and what is drawn of the box itself.

use std::ops::Range;

use miandan_core::label::Micrometres;
use miandan_core::pipe::LabelWarning;

use super::barcode::Barcode;
use super::natural::Ruler;
use super::picture::Manner;
use super::text::{Setting, Typesetter};
use super::trace::Step;
use super::{Pen, Trouble, barcode, flow, picture, table, turned};
use crate::frame::{Fill, Ink, Item, Outline, Rect, Shape, Stroke, Turn};
use crate::template::{ImageNode, LineKind, Node, NodeKind, Problem, Scene, Style};

/// Width of lines and outlines where the style does not say: 1 pt.
pub(super) const LINE: Micrometres = 353;

/// Radius of `round` where the attribute does not say.
const RADIUS: Micrometres = 1_000;

/// Shortest dash and gap.
const DASH: Micrometres = 500;

/// What drawing needs at hand.
pub(super) struct Drawing<'d, 'f> {
    pub(super) pen: &'d mut Pen<'f>,
    pub(super) typesetter: &'d mut Typesetter,
}

/// Draws the elements of a range of nodes, which are the children of one parent, in a rectangle of the label.
pub(super) fn children(
    scene: &Scene,
    range: Range<usize>,
    parent: Rect,
    vertical: bool,
    drawing: &mut Drawing,
) -> Result<(), Trouble> {
    if let Some(flow) = drawing.pen.flow {
        return flow::children(scene, range, parent, vertical, flow, drawing);
    }
    let Some(first) = scene.nodes.get(range.start).filter(|_| !range.is_empty()) else { return Ok(()) };
    if first.end == range.end {
        // An only child has nobody to share with.
        return element(scene, range.start, place(first, parent, None, None), parent, drawing);
    }
    let order = in_order(scene, range);
    let mut across = Share::new(parent.width);
    let mut down = Share::new(parent.height);
    for &index in &order {
        let node = &scene.nodes[index];
        if floats(node, Axis::Across, vertical) {
            across.want(node.width);
        }
    }
    let mut heights = Vec::new();
    for &index in &order {
        let node = &scene.nodes[index];
        if floats(node, Axis::Down, vertical) {
            let height = match node.kind {
                // A table has the height of its rows; it takes no share of what others leave.
                NodeKind::Table if node.height.is_none() => {
                    let Pen { resolution, tables, .. } = *drawing.pen;
                    let mut ruler = Ruler { resolution, typesetter: drawing.typesetter, tables };
                    Some(ruler.node(scene, index, place(node, parent, None, None).width)?)
                }
                _ => node.height,
            };
            heights.push(height);
            down.want(height);
        }
    }
    let mut heights = heights.into_iter();
    for &index in &order {
        let node = &scene.nodes[index];
        let across = floats(node, Axis::Across, vertical).then(|| across.give(node.width));
        let down = floats(node, Axis::Down, vertical).then(|| down.give(heights.next().flatten()));
        element(scene, index, place(node, parent, across, down), parent, drawing)?;
    }
    Ok(())
}

/// The nodes within a node.
pub(super) fn children_of(scene: &Scene, index: usize) -> Range<usize> {
    index + 1..scene.nodes[index].end
}

/// The nodes of a range that have one parent.
pub(super) fn siblings<'s>(scene: &'s Scene, range: Range<usize>) -> impl Iterator<Item = usize> + 's {
    let first = Some(range.start).filter(|_| !range.is_empty());
    std::iter::successors(first, move |&at| Some(scene.nodes[at].end).filter(|&next| next < range.end))
}

/// Siblings in the order in which they are placed and drawn.
pub(super) fn in_order(scene: &Scene, range: Range<usize>) -> Vec<usize> {
    let mut order = Vec::with_capacity(8);
    order.extend(siblings(scene, range));
    order.sort_by_key(|&index| scene.style(&scene.nodes[index]).z_index);
    order
}

/// Whether a node has no position of its own along an axis.
pub(super) fn floats(node: &Node, axis: Axis, vertical: bool) -> bool {
    match (node.left, node.top) {
        _ if matches!(node.kind, NodeKind::Line(_)) => false,
        (None, None) => (axis == Axis::Down) == vertical,
        (None, Some(_)) => axis == Axis::Across,
        (Some(_), None) => axis == Axis::Down,
        (Some(_), Some(_)) => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Across,
    Down,
}

/// Shares the extent of a parent among the children that float along one axis.
pub(super) struct Share {
    extent: i64,
    /// What the children with a size of their own want.
    wanted: i64,
    /// How many have none.
    others: i64,
    given: i64,
}

impl Share {
    pub(super) fn new(extent: Micrometres) -> Self {
        Share { extent: i64::from(extent.max(0)), wanted: 0, others: 0, given: 0 }
    }

    pub(super) fn want(&mut self, size: Option<Micrometres>) {
        match size {
            Some(size) => self.wanted += i64::from(size),
            None => self.others += 1,
        }
    }

    /// The next child's position and size. Sizes shrink in proportion where they do not fit.
    pub(super) fn give(&mut self, size: Option<Micrometres>) -> (Micrometres, Micrometres) {
        let size = match size {
            Some(size) if self.wanted > self.extent => i64::from(size) * self.extent / self.wanted,
            Some(size) => i64::from(size),
            None => (self.extent - self.wanted).max(0) / self.others.max(1),
        };
        let position = self.given;
        self.given += size;
        (position as Micrometres, size as Micrometres)
    }
}

type Extent = (Micrometres, Micrometres);

/// Where a node stands on the label.
pub(super) fn place(node: &Node, parent: Rect, across: Option<Extent>, down: Option<Extent>) -> Rect {
    let along = |float: Option<Extent>,
                 start: Option<Micrometres>,
                 size: Option<Micrometres>,
                 extent: Micrometres| {
        float.unwrap_or_else(|| {
            let start = start.unwrap_or(0);
            (start, size.unwrap_or((extent - start).max(0)))
        })
    };
    let (x, width) = along(across, node.left, node.width, parent.width);
    let (y, height) = along(down, node.top, node.height, parent.height);
    Rect { x: parent.x + x, y: parent.y + y, width, height }
}

/// Draws an element in its box, or a line in its parent's, and writes down that it did where that is asked for.
pub(super) fn element(
    scene: &Scene,
    index: usize,
    rect: Rect,
    parent: Rect,
    drawing: &mut Drawing,
) -> Result<(), Trouble> {
    let Some(steps) = &mut drawing.pen.steps else { return draw(scene, index, rect, parent, drawing) };
    let node = &scene.nodes[index];
    let style = scene.style(node);
    let rect_of = match node.kind {
        NodeKind::Line([x0, y0, x1, y1]) => Rect {
            x: parent.x.saturating_add(x0.min(x1)),
            y: parent.y.saturating_add(y0.min(y1)),
            width: (x0 - x1).abs(),
            height: (y0 - y1).abs(),
        },
        _ => shrunk(rect, style.margin),
    };
    let at = steps.len();
    let first = drawing.pen.frame.items.len();
    steps.push(Step { node: index, offset: node.offset, rect: rect_of, items: first..first });
    draw(scene, index, rect, parent, drawing)?;
    let end = drawing.pen.frame.items.len();
    if let Some(step) = drawing.pen.steps.as_mut().and_then(|steps| steps.get_mut(at)) {
        step.items.end = end;
    }
    Ok(())
}

fn draw(scene: &Scene, index: usize, rect: Rect, parent: Rect, drawing: &mut Drawing) -> Result<(), Trouble> {
    let node = &scene.nodes[index];
    let style = scene.style(node);
    drawing.pen.at = node.offset;
    if !style.visible {
        return Ok(());
    }
    let rect = shrunk(rect, style.margin);
    let Drawing { pen, typesetter } = drawing;
    match node.kind {
        NodeKind::Line([x0, y0, x1, y1]) => {
            if x0 != x1 && y0 != y1 {
                let line = pen.line(style.line_width.unwrap_or(LINE));
                if line == 0 {
                    return Ok(());
                }
                let from = [parent.x.saturating_add(x0), parent.y.saturating_add(y0)];
                let to = [parent.x.saturating_add(x1), parent.y.saturating_add(y1)];
                let (dash, ink) = (dash(style.line_kind, line), style.line_ink);
                return pen.push(Item::Stroke(Stroke { from, to, line, dash, ink }));
            }
            let [x0, x1] = [x0.min(x1) + parent.x, x0.max(x1) + parent.x];
            let [y0, y1] = [y0.min(y1) + parent.y, y0.max(y1) + parent.y];
            line([x0, y0, x1, y1], style, pen)
        }
        NodeKind::Rect => shape(rect, Shape::Square, style, pen),
        NodeKind::Circle => shape(rect, Shape::Ellipse, style, pen),
        NodeKind::Round { radius } => {
            let most = (rect.width.min(rect.height) / 2).max(0);
            shape(rect, Shape::Rounded(radius.unwrap_or(RADIUS).clamp(0, most)), style, pen)
        }
        NodeKind::Layout { vertical } | NodeKind::Margin { vertical } => {
            let inner = decorate(rect, style, pen)?;
            if style.turn != Turn::None {
                return turned::children(scene, index, inner, vertical, style.turn, drawing);
            }
            children(scene, children_of(scene, index), inner, vertical, drawing)
        }
        NodeKind::Table => table::draw(scene, index, shrunk(rect, style.padding), pen, typesetter),
        // They stand in a table, which places them.
        NodeKind::Row | NodeKind::Cell { .. } => Ok(()),
        NodeKind::Text => {
            let inner = decorate(rect, style, pen)?;
            typesetter.set(&scene.text[node.text.clone()], inner, &Setting::of_text(style), pen)?;
            if typesetter.overflows {
                pen.told.push((Problem::TextCut, node.offset));
            }
            Ok(())
        }
        NodeKind::PageIndex => {
            let inner = decorate(rect, style, pen)?;
            let [page, pages] = pen.number.map(|number| number.to_string());
            let text = &scene.text[node.text.clone()];
            let text = text.replace("currentPageNumber", &page).replace("totalPageNumber", &pages);
            typesetter.set(&text, inner, &Setting::of_text(style), pen)?;
            if typesetter.overflows {
                pen.told.push((Problem::TextCut, node.offset));
            }
            Ok(())
        }
        NodeKind::Image(ImageNode { picture, fill, computed }) => {
            let inner = decorate(rect, style, pen)?;
            match picture.and_then(|index| scene.pictures.get(index)) {
                Some(picture) => picture::draw(picture, Manner { fill, computed }, inner, style, pen),
                None => {
                    pen.frame.warnings.note(LabelWarning::ImageLeftOut);
                    Ok(())
                }
            }
        }
        NodeKind::Barcode { symbology, fill, optional } => {
            let inner = decorate(rect, style, pen)?;
            let barcode = Barcode { symbology, fill, optional, content: &scene.text[node.text.clone()] };
            match barcode::draw(&barcode, inner, style, pen, typesetter) {
                Err(Trouble::Refused(_)) if optional => {
                    pen.frame.warnings.note(LabelWarning::BarcodeLeftOut);
                    Ok(())
                }
                result => result,
            }
        }
    }
}

/// Background, border and padding of a box; what is left for its content.
fn decorate(rect: Rect, style: &Style, pen: &mut Pen) -> Result<Rect, Trouble> {
    if let Some(ink) = style.background.or(style.fill) {
        let rect = pen.snap(rect);
        pen.push(Item::Fill(Fill { rect, shape: Shape::Square, ink }))?;
    }
    let mut inner = rect;
    if let Some(widths) = style.border_width {
        border(rect, widths, style, pen)?;
        inner = shrunk(inner, widths.map(|width| pen.line(width)));
    }
    Ok(shrunk(inner, style.padding))
}

/// The four sides of a border, inside its rectangle.
pub(super) fn border(
    rect: Rect,
    widths: [Micrometres; 4],
    style: &Style,
    pen: &mut Pen,
) -> Result<(), Trouble> {
    let rect = pen.snap(rect);
    let [top, right, bottom, left] = widths.map(|width| pen.line(width));
    if rect.width <= 0 || rect.height <= 0 {
        return Ok(());
    }
    let kinds = style.border_kinds;
    if [top; 4] == [top, right, bottom, left] && kinds == [kinds[0]; 4] && style.line_ink == Ink::Black {
        if top > 0 {
            let dash = dash(kinds[0], top);
            pen.push(Item::Outline(Outline { rect, shape: Shape::Square, line: top, dash }))?;
        }
        return Ok(());
    }
    let sides = [
        Rect { height: top, ..rect },
        Rect { x: rect.x + rect.width - right, width: right, ..rect },
        Rect { y: rect.y + rect.height - bottom, height: bottom, ..rect },
        Rect { width: left, ..rect },
    ];
    for (side, kind) in sides.into_iter().zip(kinds) {
        rule(side, kind, style.line_ink, pen)?;
    }
    Ok(())
}

/// A filled or outlined shape.
fn shape(rect: Rect, shape: Shape, style: &Style, pen: &mut Pen) -> Result<(), Trouble> {
    let rect = pen.snap(rect);
    if rect.width <= 0 || rect.height <= 0 {
        return Ok(());
    }
    let fill = style.fill.or(style.background);
    if let Some(ink) = fill {
        pen.push(Item::Fill(Fill { rect, shape, ink }))?;
    }
    let width = match (style.border_width, style.line_width) {
        (Some(widths), _)
            if shape == Shape::Square
                && (widths != [widths[0]; 4] || style.border_kinds != [style.border_kinds[0]; 4]) =>
        {
            return border(rect, widths, style, pen);
        }
        (Some([width, ..]), _) | (None, Some(width)) => width,
        // What is filled needs no outline.
        (None, None) if fill.is_some() => 0,
        (None, None) => LINE,
    };
    let line = pen.line(width).min(rect.width).min(rect.height);
    if line == 0 {
        return Ok(());
    }
    let kind = if style.border_width.is_some() { style.border_kinds[0] } else { style.line_kind };
    match style.line_ink {
        Ink::White if shape == Shape::Square => border(rect, [line; 4], style, pen),
        // A white outline of anything else shows nothing on paper, and frames do not know it.
        Ink::White => Ok(()),
        Ink::Black => pen.push(Item::Outline(Outline { rect, shape, line, dash: dash(kind, line) })),
    }
}

/// A horizontal or vertical line, centred on its coordinates.
fn line([x0, y0, x1, y1]: [Micrometres; 4], style: &Style, pen: &mut Pen) -> Result<(), Trouble> {
    let width = pen.line(style.line_width.unwrap_or(LINE));
    let rect = if y0 == y1 {
        Rect { x: x0, y: y0 - width / 2, width: x1 - x0, height: width }
    } else {
        Rect { x: x0 - width / 2, y: y0, width, height: y1 - y0 }
    };
    // Only the first edge is rounded across the line, so that all lines of one width are equally wide.
    let (x, y) = (pen.resolution.snap(rect.x), pen.resolution.snap(rect.y));
    let rect = if y0 == y1 {
        Rect { x, y, width: pen.resolution.snap(x1) - x, height: width }
    } else {
        Rect { x, y, width, height: pen.resolution.snap(y1) - y }
    };
    rule(rect, style.line_kind, style.line_ink, pen)
}

/// A thin rectangle, solid or in dashes along its longer side.
pub(super) fn rule(rect: Rect, kind: LineKind, ink: Ink, pen: &mut Pen) -> Result<(), Trouble> {
    if rect.width <= 0 || rect.height <= 0 {
        return Ok(());
    }
    let across = rect.width >= rect.height;
    let (length, width) = if across { (rect.width, rect.height) } else { (rect.height, rect.width) };
    let dash = match dash(kind, width) {
        0 => length,
        dash => pen.line(dash),
    };
    let mut at = 0;
    while at < length {
        let part = dash.min(length - at);
        let rect = if across {
            Rect { x: rect.x + at, width: part, ..rect }
        } else {
            Rect { y: rect.y + at, height: part, ..rect }
        };
        pen.push(Item::Fill(Fill { rect, shape: Shape::Square, ink }))?;
        at += 2 * dash;
    }
    Ok(())
}

/// Length of dashes and gaps of a line; 0 for a solid one.
fn dash(kind: LineKind, width: Micrometres) -> Micrometres {
    match kind {
        LineKind::Solid => 0,
        LineKind::Dashed => (3 * width).max(2 * DASH),
        LineKind::Dotted => width.max(DASH),
    }
}

/// The rectangle without margins; never of negative size.
pub(super) fn shrunk(rect: Rect, [top, right, bottom, left]: [Micrometres; 4]) -> Rect {
    Rect {
        x: rect.x + left,
        y: rect.y + top,
        width: (rect.width - left - right).max(0),
        height: (rect.height - top - bottom).max(0),
    }
}
