//! Lines, rectangles and ovals.

use crate::import::Drawn;
use crate::item::{Box, Item};
use crate::note::Kind;
use crate::write::{Tag, millimetres, number};

/// Points of a line where an element does not say.
const WIDTH: f64 = 0.75;

/// A line, which is the upper or the left edge of its box, and is turned with it about its middle.
pub(crate) fn line(item: &mut Item<'_>) -> Option<Drawn> {
    let width = line_width(item);
    let Box { left, top, width: across, height: down } = item.area;
    let half = width / 2.0;
    let ends = match item.kind {
        Kind::HorizontalLine => [(left, top + half), (left + across, top + half)],
        _ => [(left + half, top), (left + half, top + down)],
    };
    let turn = item.turn();
    let middle = (left + across / 2.0, top + down / 2.0);
    let turned = ends.map(|(x, y)| {
        let (x, y) = (x - middle.0, y - middle.1);
        let (sine, cosine) = match turn.exactly() {
            Some(0) => (0.0, 1.0),
            Some(1) => (1.0, 0.0),
            Some(2) => (0.0, -1.0),
            Some(_) => (-1.0, 0.0),
            None => turn.degrees.to_radians().sin_cos(),
        };
        (middle.0 + x * cosine - y * sine, middle.1 + x * sine + y * cosine)
    });
    let [mut start, mut end] = turned;
    if (start.0, start.1) > (end.0, end.1) {
        std::mem::swap(&mut start, &mut end);
    }
    let mut tag = Tag::new("line");
    for (name, at) in [("startX", start.0), ("startY", start.1), ("endX", end.0), ("endY", end.1)] {
        tag.attribute(name, &millimetres(at));
    }
    tag.style("lineWidth", &number(width));
    stroke(item, &mut tag);
    item.z_index(&mut tag);
    Some(Drawn::line(tag.empty()))
}

/// A rectangle or an oval.
pub(crate) fn shape(item: &mut Item<'_>) -> Option<Drawn> {
    let mut tag = Tag::new(if item.kind == Kind::Oval { "circle" } else { "rect" });
    let quarters = item.quarters();
    item.area.turned(quarters).write(&mut tag);
    let width = line_width(item);
    tag.style("lineWidth", &number(width));
    stroke(item, &mut tag);
    if let Some(ink) = item.ink("backgroundColor") {
        tag.style("fillColor", ink.as_str());
    }
    item.z_index(&mut tag);
    Some(Drawn::line(tag.empty()))
}

fn line_width(item: &mut Item<'_>) -> f64 {
    item.size("borderWidth").unwrap_or(WIDTH).min(72.0)
}

fn stroke(item: &mut Item<'_>, tag: &mut Tag) {
    let word = item.options.word("borderStyle");
    let kind = item.line_kind(word);
    if kind != "solid" {
        tag.style("lineType", kind);
    }
    if item.ink("borderColor").is_some_and(|ink| !ink.black) {
        tag.style("lineColor", "#ffffff");
    }
}
