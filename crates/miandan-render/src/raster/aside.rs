//! Moving QR codes aside, away from dots of the print head that are dead.
//!
//! A dead dot through the finder patterns of a code makes it unreadable however strong its error correction is; a
//! millimetre to the side it costs a column of data, which the correction restores.

use crate::frame::{Frame, Ink, Item, Matrix};
use crate::raster::bitmap::Bitmap;

/// Modules that stay white around a QR code (ISO/IEC 18004, 6.3.8).
const QUIET: i64 = 4;

/// Moves every QR code of a page that was drawn by so many dots to the right, or to the left if that is negative; by as
/// many of them as there is white paper for, so that nothing is covered and every quiet zone stays.
pub fn move_codes_aside(frame: &Frame, page: usize, dots: i16, bitmap: &mut Bitmap) {
    for item in frame.page(page) {
        if let Item::Matrix(matrix) = item
            && is_qr(matrix)
        {
            move_aside(matrix, i64::from(dots), bitmap);
        }
    }
}

/// Sides of QR codes are 21, 25, 29 … modules.
fn is_qr(matrix: &Matrix) -> bool {
    matrix.side >= 21 && matrix.side % 4 == 1
}

fn move_aside(matrix: &Matrix, dots: i64, bitmap: &mut Bitmap) {
    let module = i64::from(matrix.module);
    let (quiet, side) = (QUIET * module, i64::from(matrix.side) * module);
    let (left, top) = (i64::from(matrix.x), i64::from(matrix.y));
    if left < 0 || top < 0 || left + side > bitmap.width as i64 || top + side > bitmap.height as i64 {
        return;
    }
    // What the code and its quiet zone come to cover, column by column.
    let is_white = |x: i64| {
        (0..bitmap.width as i64).contains(&x)
            && (top - quiet..top + side + quiet).all(|y| y < 0 || !bitmap.is_black(x as usize, y as usize))
    };
    let step = dots.signum();
    let edge = if step > 0 { left + side + quiet - 1 } else { left - quiet };
    let free = (1..=dots.abs()).take_while(|at| is_white(edge + at * step)).count() as i64;
    if free == 0 {
        return;
    }
    let code = |x: i64, y: i64| bitmap.is_black((left + x) as usize, (top + y) as usize);
    let black: Vec<(i64, i64)> =
        (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).filter(|&(x, y)| code(x, y)).collect();
    bitmap.rectangle([left, top, left + side, top + side], Ink::White);
    let left = left + free * step;
    for (x, y) in black {
        bitmap.rectangle([left + x, top + y, left + x + 1, top + y + 1], Ink::Black);
    }
}

#[cfg(test)]
mod tests {
    use miandan_core::waybill::Waybill;

    use super::*;
    use crate::raster::Rasteriser;
    use crate::template::Template;

    /// A label of 400 by 240 dots with a code in the middle, and a rule at some dot from the left.
    fn label(rule: f64, dots: i16) -> (Bitmap, Bitmap, Matrix) {
        let source = format!(
            r#"<page xmlns="http://cloudprint.cainiao.com/print" width="50" height="30">
                 <barcode left="15" top="5" width="20" height="20" type="qrcode">YT7000000000012</barcode>
                 <line startX="{rule}" startY="0" endX="{rule}" endY="30" style="lineWidth:0.25mm"/>
               </page>"#
        );
        let template = Template::compile(source.as_bytes()).unwrap();
        let mut frame = Frame::default();
        template.layout(&Waybill::default(), Default::default(), &mut frame).unwrap();
        let matrix = frame.items.iter().find_map(|item| match item {
            Item::Matrix(matrix) => Some(*matrix),
            _ => None,
        });
        let mut drawn = Bitmap::default();
        Rasteriser::new().draw(&frame, &mut drawn);
        let mut moved = drawn.clone();
        move_codes_aside(&frame, 0, dots, &mut moved);
        (drawn, moved, matrix.unwrap())
    }

    /// By how many dots the code was moved; everything else has to be where it was.
    fn moved_by(rule: f64, dots: i16) -> i64 {
        let (drawn, moved, matrix) = label(rule, dots);
        let side = usize::from(matrix.side) * usize::from(matrix.module);
        let (left, top) = (matrix.x as usize, matrix.y as usize);
        let black = |bitmap: &Bitmap| bitmap.bits.iter().map(|byte| byte.count_ones()).sum::<u32>();
        assert_eq!(black(&drawn), black(&moved));
        let is_at = |by: i64| {
            let from = (left as i64 + by) as usize;
            (0..side).all(|y| {
                (0..side).all(|x| drawn.is_black(left + x, top + y) == moved.is_black(from + x, top + y))
            })
        };
        (-160..=160).find(|&by| left as i64 + by >= 0 && is_at(by)).expect("the code is there")
    }

    #[test]
    fn a_code_is_moved_as_far_as_there_is_white_paper() {
        let (_, _, matrix) = label(49.0, 0);
        assert_eq!((matrix.side, matrix.module), (21, 5));
        for dots in [0, 1, 7, 24, -1, -24] {
            assert_eq!(moved_by(49.0, dots), i64::from(dots), "{dots}");
        }
        // To the edge of the label with its quiet zone of 20 dots.
        assert_eq!(moved_by(49.0, -127), -(i64::from(matrix.x) - 20));
        // A rule at 300 dots: the code ends at its right edge, and 20 dots of white.
        let right = i64::from(matrix.x) + 21 * 5 + 20;
        assert_eq!(moved_by(37.5, 100), 299 - right);
        assert_eq!(moved_by(37.5, -10), -10);
    }
}
