//! Placing pictures: on whole dots, as large as fits the box in their own proportions, or over all of it.

use std::sync::Arc;

use super::barcode::{centred, inner_dots};
use super::text::along;
use super::{Pen, Trouble};
use crate::frame::{Image, Item, Rect, Turn};
use crate::image::Picture;
use crate::template::{Problem, Style};

/// Pixels that are read and dots that are made for the pictures of one label: those of three labels of 100 by 180 mm at
/// 300 dpi.
const WORK: usize = 1 << 23;

/// How a picture is put on the label.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    /// Whether it fills its box.
    pub(super) fill: bool,
    /// Whether it was made for this label.
    pub(super) computed: bool,
}

/// Draws a picture in a rectangle.
pub(super) fn draw(
    picture: &Arc<Picture>,
    manner: Manner,
    rect: Rect,
    style: &Style,
    pen: &mut Pen,
) -> Result<(), Trouble> {
    let (left, room_across) = inner_dots(pen, (rect.x, rect.width));
    let (top, room_down) = inner_dots(pen, (rect.y, rect.height));
    if room_across < 1 || room_down < 1 {
        return Ok(());
    }
    let [across, down] = turned(picture, style.turn);
    let [width, height] = if manner.fill {
        [room_across, room_down]
    } else {
        fitting([across, down], [room_across, room_down])
    };
    let work = across.max(width as usize) * down.max(height as usize);
    pen.picture_work += work;
    if pen.picture_work > WORK {
        return Err(Problem::ImageTooLarge.into());
    }
    let known = pen.frame.pictures.iter().position(|known| Arc::ptr_eq(known, picture));
    let index = known.unwrap_or_else(|| {
        pen.frame.pictures.push(Arc::clone(picture));
        pen.frame.pictures.len() - 1
    });
    pen.push(Item::Image(Image {
        x: left + along(centred(style.align), i64::from(room_across - width)) as i32,
        y: top + along(centred(style.valign), i64::from(room_down - height)) as i32,
        width,
        height,
        turn: style.turn,
        picture: index as u32,
        computed: manner.computed,
    }))
}

/// Width and height of a picture after a turn.
pub(super) fn turned(picture: &Picture, turn: Turn) -> [usize; 2] {
    match turn {
        Turn::None | Turn::Half => [picture.width(), picture.height()],
        Turn::Quarter | Turn::ThreeQuarters => [picture.height(), picture.width()],
    }
}

/// The largest size of the same proportions that fits; at least a dot along each side.
fn fitting(of: [usize; 2], room: [i32; 2]) -> [i32; 2] {
    let [width, height] = of.map(|side| side as i64);
    let [across, down] = room.map(i64::from);
    let scaled = |side: i64, by: i64, of: i64| ((2 * side * by + of) / (2 * of)).max(1) as i32;
    if across * height <= down * width {
        [room[0], scaled(height, across, width).min(room[1])]
    } else {
        [scaled(width, down, height).min(room[0]), room[1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proportions_stay() {
        for (of, room, size) in [
            ([100, 50], [80, 80], [80, 40]),
            ([50, 100], [80, 80], [40, 80]),
            ([100, 100], [80, 30], [30, 30]),
            ([4000, 1], [10, 10], [10, 1]),
            ([3, 2], [100, 66], [99, 66]),
        ] {
            assert_eq!(fitting(of, room), size, "{of:?} in {room:?}");
        }
    }
}
