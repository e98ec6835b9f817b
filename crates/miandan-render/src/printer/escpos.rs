//! ESC/POS (Epson *ESC/POS Application Programming Guide*: ESC @, GS P, GS L, GS v 0, ESC J, GS FF).
//!
//! Printers of other makes read one byte of the height of a raster, and most have no room for more, so the picture comes in
//! bands of 255 rows. They follow each other without a line between them.

use miandan_core::printer::{Media, Profile};

use super::{bands, picture};
use crate::raster::Bitmap;

/// The most rows in one raster.
const ROWS: usize = 255;

pub(super) fn label(profile: &Profile, bitmap: &Bitmap, out: &mut Vec<u8>) {
    let dpi = u8::try_from(profile.resolution.dpi()).unwrap_or(u8::MAX);
    // ESC @ begins anew; GS P makes a dot the unit of what follows.
    out.extend([0x1B, b'@', 0x1D, b'P', dpi, dpi]);
    let [left, _] = profile.offset_dots();
    if left > 0 {
        let [low, high, ..] = left.to_le_bytes();
        out.extend([0x1D, b'L', low, high]);
    }
    for (_, band) in bands(bitmap, ROWS) {
        let [across, ..] = bitmap.stride.to_le_bytes();
        let [down, ..] = (band.len() / bitmap.stride).to_le_bytes();
        out.extend([0x1D, b'v', b'0', 0, across, 0, down, 0]);
        picture::binary(band, profile.polarity, out);
    }
    match profile.media {
        Media::Gap { .. } | Media::Mark { .. } => out.extend([0x1D, 0x0C]),
        Media::Continuous { feed } => {
            let mut left = profile.resolution.dots(feed).max(0);
            while left > 0 {
                let part = left.min(255);
                out.extend([0x1B, b'J', part as u8]);
                left -= part;
            }
        }
    }
}
