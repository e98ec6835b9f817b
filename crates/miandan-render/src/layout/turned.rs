//! Layouts that are turned: their content is drawn upright, and what was drawn is then turned into the box.
//!
//! Edges on whole dots stay there. Symbols keep their own direction, since a reader does not mind from which side it
//! comes: a linear one lies or stands, a matrix is not turned at all.

use miandan_core::label::Micrometres;

use super::boxes::{self, Drawing, children_of};
use super::{Pen, Trouble};
use crate::frame::{Item, Rect, Turn};
use crate::template::Scene;

/// Draws what stands in a layout, turned inside a rectangle that stays where it is.
pub(super) fn children(
    scene: &Scene,
    index: usize,
    inside: Rect,
    vertical: bool,
    turn: Turn,
    drawing: &mut Drawing,
) -> Result<(), Trouble> {
    let whole = drawing.pen.snap(inside);
    let upright = match turn {
        Turn::None | Turn::Half => whole,
        Turn::Quarter | Turn::ThreeQuarters => Rect { width: whole.height, height: whole.width, ..whole },
    };
    let first = drawing.pen.frame.items.len();
    let first_step = drawing.pen.steps.as_ref().map_or(0, |steps| steps.len());
    let bottom = std::mem::replace(&mut drawing.pen.bottom, upright.y.saturating_add(upright.height));
    let flow = drawing.pen.flow.take();
    let drawn = boxes::children(scene, children_of(scene, index), upright, vertical, drawing);
    drawing.pen.bottom = bottom;
    drawing.pen.flow = flow;
    drawn?;
    let Pen { frame, resolution, steps, .. } = &mut *drawing.pen;
    let area = [whole.x, whole.y, whole.width, whole.height];
    for step in steps.iter_mut().flat_map(|steps| steps.iter_mut().skip(first_step)) {
        step.rect = rectangle(step.rect, area, turn);
    }
    let dots = area.map(|length| resolution.dots(length));
    let crate::frame::Frame { items, widths, .. } = &mut **frame;
    for item in &mut items[first..] {
        match item {
            Item::Fill(fill) => fill.rect = rectangle(fill.rect, area, turn),
            Item::Outline(outline) => outline.rect = rectangle(outline.rect, area, turn),
            Item::Stroke(stroke) => {
                stroke.from = point(stroke.from, area, turn);
                stroke.to = point(stroke.to, area, turn);
            }
            Item::Text(text) => {
                [text.x, text.y] = point([text.x, text.y], area, turn);
                text.turn = sum(text.turn, turn);
            }
            Item::Bars(bars) => {
                let widths = widths.get(bars.start as usize..(bars.start + bars.count) as usize);
                let modules: i32 = widths.unwrap_or_default().iter().map(|&width| i32::from(width)).sum();
                let along = modules * i32::from(bars.module);
                let (width, height) =
                    if bars.turn == Turn::None { (along, bars.length) } else { (bars.length, along) };
                let turned = rectangle(Rect { x: bars.x, y: bars.y, width, height }, dots, turn);
                (bars.x, bars.y) = (turned.x, turned.y);
                bars.turn = match sum(bars.turn, turn) {
                    Turn::None | Turn::Half => Turn::None,
                    Turn::Quarter | Turn::ThreeQuarters => Turn::Quarter,
                };
            }
            Item::Image(image) => {
                let rect = Rect { x: image.x, y: image.y, width: image.width, height: image.height };
                let turned = rectangle(rect, dots, turn);
                (image.x, image.y, image.width, image.height) =
                    (turned.x, turned.y, turned.width, turned.height);
                image.turn = sum(image.turn, turn);
            }
            Item::Matrix(matrix) => {
                let side = i32::from(matrix.side) * i32::from(matrix.module);
                let turned =
                    rectangle(Rect { x: matrix.x, y: matrix.y, width: side, height: side }, dots, turn);
                (matrix.x, matrix.y) = (turned.x, turned.y);
            }
        }
    }
    Ok(())
}

/// Where a point goes when what stands upright in the top left corner of an area is turned to fill it.
fn point(
    [x, y]: [Micrometres; 2],
    [left, top, width, height]: [Micrometres; 4],
    turn: Turn,
) -> [Micrometres; 2] {
    let (right, down) = (x - left, y - top);
    match turn {
        Turn::None => [x, y],
        Turn::Quarter => [left + width - down, top + right],
        Turn::Half => [left + width - right, top + height - down],
        Turn::ThreeQuarters => [left + down, top + height - right],
    }
}

fn rectangle(rect: Rect, area: [Micrometres; 4], turn: Turn) -> Rect {
    let [x0, y0] = point([rect.x, rect.y], area, turn);
    let [x1, y1] = point([rect.x + rect.width, rect.y + rect.height], area, turn);
    Rect { x: x0.min(x1), y: y0.min(y1), width: (x0 - x1).abs(), height: (y0 - y1).abs() }
}

/// One turn after another.
pub(super) fn sum(first: Turn, second: Turn) -> Turn {
    const TURNS: [Turn; 4] = [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters];
    TURNS[(first as usize + second as usize) % 4]
}
