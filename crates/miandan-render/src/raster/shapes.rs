//! Filled shapes and outlines with crisp edges: a dot is inked when its middle is inside.

use super::bitmap::{Bitmap, span};
use crate::frame::{Fill, Ink, Outline, Shape, Stroke};
use crate::shape::{self, Segment, Winding};

pub(super) fn fill(bitmap: &mut Bitmap, fill: &Fill) {
    let edges = shape::edges(&fill.rect);
    if shape::is_empty(edges) {
        return;
    }
    if shape::corners(edges, fill.shape) == [0, 0] {
        bitmap.rectangle(whole_dots(bitmap, edges), fill.ink);
    } else {
        let outer = Curve::new(bitmap, edges, fill.shape);
        for y in outer.rows(bitmap) {
            let [left, right] = outer.span(y, bitmap);
            span(bitmap.row(y), left, right, fill.ink);
        }
    }
}

pub(super) fn outline(bitmap: &mut Bitmap, outline: &Outline) {
    let edges = shape::edges(&outline.rect);
    if shape::is_empty(edges) || outline.line <= 0 {
        return;
    }
    let line = bitmap.dots(outline.line.into()).max(1);
    // Dashes shorter than a dot would be none.
    let dash = if outline.dash > 0 { outline.dash.max(bitmap.resolution.micrometres(1)).into() } else { 0 };
    if shape::corners(edges, outline.shape) == [0, 0] {
        for side in shape::sides(whole_dots(bitmap, edges), line) {
            dashed_rectangle(bitmap, side, dash);
        }
    } else if dash > 0 {
        let dash = in_dots(bitmap, shape::curve_dash(outline)).max(1.0);
        dashed_curve(bitmap, outline, line as f64, dash);
    } else {
        ring(bitmap, outline, edges);
    }
}

/// A slanted line, at least a dot wide.
pub(super) fn stroke(bitmap: &mut Bitmap, stroke: &Stroke) {
    if stroke.line <= 0 {
        return;
    }
    let dots = |length: i32| in_dots(bitmap, length.into());
    let [from, to] = [stroke.from, stroke.to].map(|point| point.map(dots));
    let (line, dash) = (dots(stroke.line).max(1.0), dots(stroke.dash).max(1.0));
    let length = (to[0] - from[0]).hypot(to[1] - from[1]);
    if stroke.dash <= 0 || length > 4.0 * super::MAX_SIDE as f64 {
        return thick(bitmap, from, to, line, stroke.ink);
    }
    let at = |distance: f64| {
        let part = distance / length;
        [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]
    };
    let mut done = 0.0;
    while done < length {
        thick(bitmap, at(done), at((done + dash).min(length)), line, stroke.ink);
        done += 2.0 * dash;
    }
}

/// Edges in dots. What is not empty keeps at least one dot.
fn whole_dots(bitmap: &Bitmap, edges: [i64; 4]) -> [i64; 4] {
    let [left, top, right, bottom] = edges.map(|edge| bitmap.dots(edge));
    [left, top, right.max(left + 1), bottom.max(top + 1)]
}

/// A rectangle cut into dashes along its longer side, the first at its left or top; whole when `dash` is 0. Each end of
/// a dash (given in micrometres) is rounded by itself, so that they do not drift.
fn dashed_rectangle(bitmap: &mut Bitmap, edges: [i64; 4], dash: i64) {
    let [left, top, right, bottom] = edges;
    if dash == 0 {
        return bitmap.rectangle(edges, Ink::Black);
    }
    let lying = right - left >= bottom - top;
    let (from, to, room) = if lying { (left, right, bitmap.width) } else { (top, bottom, bitmap.height) };
    // The first dash that can be seen.
    let mut index = i64::from(bitmap.resolution.micrometres(1)) * (-from - 1).max(0) / (2 * dash);
    loop {
        let start = from + bitmap.dots(2 * index * dash);
        if start >= to.min(room as i64) {
            return;
        }
        let end = (from + bitmap.dots((2 * index + 1) * dash)).min(to);
        bitmap
            .rectangle(if lying { [start, top, end, bottom] } else { [left, start, right, end] }, Ink::Black);
        index += 1;
    }
}

/// The solid outline of a curved shape: what is inside the outer edge and not inside the inner one.
fn ring(bitmap: &mut Bitmap, outline: &Outline, edges: [i64; 4]) {
    let outer = Curve::new(bitmap, edges, outline.shape);
    // A line thinner than a dot is drawn as a dot.
    let line = i64::from(outline.line).max(i64::from(bitmap.resolution.micrometres(1)));
    let inner = shape::inset(edges, line);
    let inner = (!shape::is_empty(inner))
        .then(|| Curve::new(bitmap, inner, shape::inner_shape(&Outline { line: line as i32, ..*outline })));
    for y in outer.rows(bitmap) {
        let [left, right] = outer.span(y, bitmap);
        let hole = inner.as_ref().map(|inner| inner.span(y, bitmap)).filter(|[left, right]| left < right);
        let [hole_left, hole_right] = hole.unwrap_or([right, right]);
        let row = bitmap.row(y);
        span(row, left, hole_left.max(left), Ink::Black);
        span(row, hole_right.max(left), right, Ink::Black);
    }
}

/// A shape with rounded corners, in dots and parts of dots.
struct Curve {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    radius_x: f64,
    radius_y: f64,
}

impl Curve {
    fn new(bitmap: &Bitmap, edges: [i64; 4], shape: Shape) -> Self {
        let [radius_x, radius_y] = shape::corners(edges, shape).map(|length| in_dots(bitmap, length));
        let [left, top, right, bottom] = edges.map(|length| in_dots(bitmap, length));
        Curve { left, top, right, bottom, radius_x, radius_y }
    }

    /// The rows whose middle lies within the shape.
    fn rows(&self, bitmap: &Bitmap) -> std::ops::Range<usize> {
        first_middle(self.top, bitmap.height)..first_middle(self.bottom, bitmap.height)
    }

    /// The dots of a row whose middle lies within the shape, as the first and the one after the last.
    fn span(&self, y: usize, bitmap: &Bitmap) -> [usize; 2] {
        let middle = y as f64 + 0.5;
        if middle < self.top || middle >= self.bottom {
            return [0, 0];
        }
        // How far into a corner the row is, as a part of its height.
        let depth = (self.top + self.radius_y - middle).max(middle - (self.bottom - self.radius_y)).max(0.0);
        let part = if self.radius_y > 0.0 { (depth / self.radius_y).min(1.0) } else { 0.0 };
        let inwards = self.radius_x * (1.0 - (1.0 - part * part).sqrt());
        [first_middle(self.left + inwards, bitmap.width), first_middle(self.right - inwards, bitmap.width)]
    }
}

/// The first dot whose middle is not before a place, within `room`.
fn first_middle(place: f64, room: usize) -> usize {
    // The conversion saturates.
    ((place - 0.5).ceil().max(0.0) as usize).min(room)
}

fn in_dots(bitmap: &Bitmap, length: i64) -> f64 {
    let (numerator, denominator) = bitmap.resolution.dot();
    length as f64 * f64::from(denominator) / f64::from(numerator)
}

/// Dashes along a curve, as thick pieces of the lines that it is flattened to.
fn dashed_curve(bitmap: &mut Bitmap, outline: &Outline, line: f64, dash: f64) {
    let mut points: Vec<[f64; 2]> = Vec::new();
    let (edges, shape) = shape::middle(outline);
    shape::path(edges, shape, Winding::Clockwise, |segment| {
        let dots = |point: [i64; 2]| point.map(|length| in_dots(bitmap, length));
        match segment {
            Segment::Move(to) | Segment::Line(to) => points.push(dots(to)),
            Segment::Curve(first, second, to) => {
                let from = points.last().copied().unwrap_or_default();
                let curve = [from, dots(first), dots(second), dots(to)];
                points.extend((1..=PIECES).map(|step| bezier(curve, f64::from(step) / f64::from(PIECES))));
            }
        }
    });
    let mut walked = 0.0;
    for ends in points.windows(2) {
        let [from, to] = [ends[0], ends[1]];
        let length = (to[0] - from[0]).hypot(to[1] - from[1]);
        if length > 4.0 * super::MAX_SIDE as f64 {
            // Dashes cannot be told apart on a shape of which so little is seen.
            thick(bitmap, from, to, line, Ink::Black);
            continue;
        }
        let at = |distance: f64| {
            let part = distance / length;
            [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]
        };
        let mut done = 0.0;
        while done < length {
            let phase = (walked + done) % (2.0 * dash);
            let next = (done + if phase < dash { dash - phase } else { 2.0 * dash - phase }).max(done + 1e-6);
            if phase < dash {
                thick(bitmap, at(done), at(next.min(length)), line, Ink::Black);
            }
            done = next;
        }
        walked += length;
    }
}

/// Lines that a quarter of an ellipse is flattened to.
const PIECES: u8 = 32;

fn bezier([a, b, c, d]: [[f64; 2]; 4], t: f64) -> [f64; 2] {
    let s = 1.0 - t;
    let at = |axis: usize| {
        s * s * s * a[axis] + 3.0 * s * s * t * b[axis] + 3.0 * s * t * t * c[axis] + t * t * t * d[axis]
    };
    [at(0), at(1)]
}

/// Inks the dots whose middle is nearer to a piece of line than half its thickness, beside it and not beyond its ends.
fn thick(bitmap: &mut Bitmap, from: [f64; 2], to: [f64; 2], line: f64, ink: Ink) {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    let length = dx.hypot(dy);
    if length <= 0.0 {
        return;
    }
    let half = line / 2.0;
    let rows = first_middle(from[1].min(to[1]) - half, bitmap.height)
        ..first_middle(from[1].max(to[1]) + half, bitmap.height);
    for y in rows {
        let across = y as f64 + 0.5 - from[1];
        // Along the line and beside it, both straight in x.
        let along = between(dx / length, across * dy / length, [0.0, length]);
        let beside = between(dy / length, -across * dx / length, [-half, half]);
        let [left, right] = [along[0].max(beside[0]) + from[0], along[1].min(beside[1]) + from[0]];
        if left < right {
            let [first, end] = [left, right].map(|place| first_middle(place, bitmap.width));
            span(bitmap.row(y), first, end.max(first), ink);
        }
    }
}

/// Between which values of x a slope and an offset lead to a value within bounds.
fn between(slope: f64, offset: f64, [least, most]: [f64; 2]) -> [f64; 2] {
    if slope == 0.0 {
        let inside = (least..most).contains(&offset);
        return if inside { [f64::NEG_INFINITY, f64::INFINITY] } else { [0.0, 0.0] };
    }
    let ends = [(least - offset) / slope, (most - offset) / slope];
    if slope > 0.0 { ends } else { [ends[1], ends[0]] }
}

#[cfg(test)]
mod tests {
    use super::super::bitmap::tests::{picture, white};
    use super::*;
    use crate::frame::Rect;

    fn drawn(shape: Shape, line: i32, dash: i32) -> String {
        let mut bitmap = white(16, 10);
        let rect = Rect { x: 125, y: 125, width: 14 * 125, height: 8 * 125 };
        if line == 0 {
            fill(&mut bitmap, &Fill { rect, shape, ink: Ink::Black });
        } else {
            outline(&mut bitmap, &Outline { rect, shape, line: line * 125, dash: dash * 125 });
        }
        picture(&bitmap)
    }

    #[test]
    fn an_outline_lies_inside_its_rectangle() {
        assert_eq!(
            drawn(Shape::Square, 2, 0),
            "................\n\
             .##############.\n\
             .##############.\n\
             .##..........##.\n\
             .##..........##.\n\
             .##..........##.\n\
             .##..........##.\n\
             .##############.\n\
             .##############.\n\
             ................\n"
        );
    }

    #[test]
    fn dashes_begin_at_each_corner() {
        assert_eq!(
            drawn(Shape::Square, 1, 3),
            "................\n\
             .###...###...##.\n\
             .#............#.\n\
             .#............#.\n\
             .#............#.\n\
             ................\n\
             ................\n\
             ................\n\
             .###...###...##.\n\
             ................\n"
        );
    }

    #[test]
    fn curves_are_symmetrical() {
        assert_eq!(
            drawn(Shape::Rounded(375), 0, 0),
            "................\n\
             ..############..\n\
             .##############.\n\
             .##############.\n\
             .##############.\n\
             .##############.\n\
             .##############.\n\
             .##############.\n\
             ..############..\n\
             ................\n"
        );
        assert_eq!(
            drawn(Shape::Ellipse, 1, 0),
            "................\n\
             .....######.....\n\
             ...##......##...\n\
             ..#..........#..\n\
             .#............#.\n\
             .#............#.\n\
             ..#..........#..\n\
             ...##......##...\n\
             .....######.....\n\
             ................\n"
        );
    }

    #[test]
    fn a_dashed_curve_is_part_of_the_solid_one() {
        let (solid, dashed) = (drawn(Shape::Ellipse, 2, 0), drawn(Shape::Ellipse, 2, 4));
        let inked = |text: &str| text.matches('#').count();
        assert!(
            inked(&dashed) * 3 > inked(&solid) && inked(&dashed) * 3 < inked(&solid) * 2,
            "{solid}\n{dashed}"
        );
    }

    #[test]
    fn a_slanted_line_is_drawn_across() {
        let mut bitmap = white(8, 6);
        let ink = Ink::Black;
        stroke(&mut bitmap, &Stroke { from: [0, 0], to: [1000, 750], line: 125, dash: 0, ink });
        assert_eq!(picture(&bitmap), "#.......\n.##.....\n..##....\n....#...\n.....##.\n.......#\n");
    }

    #[test]
    fn the_thinnest_rule_is_a_dot() {
        let mut bitmap = white(4, 4);
        let rect = Rect { x: 0, y: 170, width: 500, height: 1 };
        fill(&mut bitmap, &Fill { rect, shape: Shape::Square, ink: Ink::Black });
        assert_eq!(picture(&bitmap), "....\n####\n....\n....\n");
    }
}
