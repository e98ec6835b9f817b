//! Paths of rounded rectangles and ellipses, for encoders that draw curves.

use crate::frame::{Outline, Rect, Shape};

/// A piece of a path, in micrometres, y downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    Move([i64; 2]),
    Line([i64; 2]),
    /// Two control points and the end of a cubic Bézier curve.
    Curve([i64; 2], [i64; 2], [i64; 2]),
}

/// Which way round a path goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Winding {
    Clockwise,
    /// For a hole.
    Anticlockwise,
}

/// Edges in 64 bits, so that no rectangle overflows: left, top, right, bottom.
pub(crate) fn edges(rect: &Rect) -> [i64; 4] {
    let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(i64::from);
    [x, y, x + width.max(0), y + height.max(0)]
}

/// Whether nothing lies between edges.
pub(crate) fn is_empty([left, top, right, bottom]: [i64; 4]) -> bool {
    left >= right || top >= bottom
}

/// Edges moved inwards. They meet in the middle rather than cross.
pub(crate) fn inset([left, top, right, bottom]: [i64; 4], by: i64) -> [i64; 4] {
    let across =
        |near: i64, far: i64| if near + by <= far - by { (near + by, far - by) } else { (near, near) };
    let (left, right) = across(left, right);
    let (top, bottom) = across(top, bottom);
    [left, top, right, bottom]
}

/// The four sides of a square outline as rectangles that do not overlap; the upper and lower ones have the corners.
/// When the lines leave nothing between them there is one rectangle, and three that are empty.
pub(crate) fn sides(edges: [i64; 4], line: i64) -> [[i64; 4]; 4] {
    let [left, top, right, bottom] = edges;
    if 2 * line >= (right - left).min(bottom - top) {
        return [edges, [0; 4], [0; 4], [0; 4]];
    }
    let (inner_top, inner_bottom) = (top + line, bottom - line);
    [
        [left, top, right, inner_top],
        [left, inner_top, left + line, inner_bottom],
        [right - line, inner_top, right, inner_bottom],
        [left, inner_bottom, right, bottom],
    ]
}

/// The line along which a curved outline is stroked.
pub(crate) fn middle(outline: &Outline) -> ([i64; 4], Shape) {
    let half = outline.line / 2;
    let inner = Outline { line: half, ..*outline };
    (inset(edges(&outline.rect), half.into()), inner_shape(&inner))
}

/// Dashes along a curve are at least as long as the line is thick; shorter ones would not look like dashes.
pub(crate) fn curve_dash(outline: &Outline) -> i64 {
    outline.dash.max(outline.line).into()
}

/// The shape of the inner edge of an outline.
pub(crate) fn inner_shape(outline: &Outline) -> Shape {
    match outline.shape {
        Shape::Rounded(radius) if radius > outline.line => Shape::Rounded(radius - outline.line),
        Shape::Rounded(_) | Shape::Square => Shape::Square,
        Shape::Ellipse => Shape::Ellipse,
    }
}

/// Half-axes of the corners of a shape: 0 for a square, everything for an ellipse.
pub(crate) fn corners([left, top, right, bottom]: [i64; 4], shape: Shape) -> [i64; 2] {
    let half = [(right - left) / 2, (bottom - top) / 2];
    match shape {
        Shape::Square => [0, 0],
        Shape::Rounded(radius) => [i64::from(radius).clamp(0, half[0].min(half[1])); 2],
        Shape::Ellipse => half,
    }
}

/// Walks around a shape, beginning where its top edge begins. A last line back to there may be left to the reader.
pub(crate) fn path(edges: [i64; 4], shape: Shape, winding: Winding, mut emit: impl FnMut(Segment)) {
    let [left, top, right, bottom] = edges;
    let [rx, ry] = corners(edges, shape);
    // How far a control point stands from the end of a quarter of an ellipse: 1 − κ of the half-axis.
    let (cx, cy) = (rx * 4477 / 10_000, ry * 4477 / 10_000);
    let quarters = [
        // Start, first control point, second control point, end; clockwise from the top right.
        [[right - rx, top], [right - cx, top], [right, top + cy], [right, top + ry]],
        [[right, bottom - ry], [right, bottom - cy], [right - cx, bottom], [right - rx, bottom]],
        [[left + rx, bottom], [left + cx, bottom], [left, bottom - cy], [left, bottom - ry]],
        [[left, top + ry], [left, top + cy], [left + cx, top], [left + rx, top]],
    ];
    let mut at = [left + rx, top];
    emit(Segment::Move(at));
    for index in 0..4 {
        let [start, first, second, end] = match winding {
            Winding::Clockwise => quarters[index],
            Winding::Anticlockwise => {
                let [start, first, second, end] = quarters[3 - index];
                [end, second, first, start]
            }
        };
        if start != at {
            emit(Segment::Line(start));
        }
        if start != end {
            emit(Segment::Curve(first, second, end));
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(shape: Shape, winding: Winding) -> Vec<Segment> {
        let mut segments = Vec::new();
        path([0, 0, 100, 60], shape, winding, |segment| segments.push(segment));
        segments
    }

    #[test]
    fn a_square_goes_round_its_corners() {
        use Segment::{Line, Move};
        assert_eq!(
            walk(Shape::Square, Winding::Clockwise),
            [Move([0, 0]), Line([100, 0]), Line([100, 60]), Line([0, 60]), Line([0, 0])]
        );
        assert_eq!(
            walk(Shape::Square, Winding::Anticlockwise),
            [Move([0, 0]), Line([0, 60]), Line([100, 60]), Line([100, 0])]
        );
    }

    #[test]
    fn an_ellipse_is_four_curves() {
        let segments = walk(Shape::Ellipse, Winding::Clockwise);
        assert_eq!(segments.len(), 5);
        assert_eq!(segments[1], Segment::Curve([78, 0], [100, 13], [100, 30]));
    }

    #[test]
    fn a_radius_is_at_most_half_a_side() {
        assert_eq!(corners([0, 0, 100, 60], Shape::Rounded(1000)), [30, 30]);
        assert_eq!(corners([0, 0, 100, 60], Shape::Rounded(-5)), [0, 0]);
        assert_eq!(inset([0, 0, 100, 60], 40), [40, 0, 60, 0]);
    }
}
