//! TSPL and TSPL2 (TSC *TSPL/TSPL2 Programming Manual*: SIZE, GAP, BLINE, DIRECTION, REFERENCE, SPEED, DENSITY,
//! SET REPRINT, CLS, BITMAP, PRINT, FEED).
//!
//! The picture is one `BITMAP` of mode 0, whose bytes are counted by width and height, so that what looks like a command
//! among them is none. Mode 3 is deflate in the SDK of Gprinter and something else with others: a profile has to ask for it.

use miandan_core::printer::{Graphics, Media, Profile};

use super::{Encoder, Millimetres, bands, millimetres, picture, say};
use crate::raster::Bitmap;

/// The most bytes of a picture that Gprinter deflates at once; its printers have no room for more.
const DEFLATED_AT_ONCE: usize = 18 << 10;

pub(super) fn label(encoder: &mut Encoder, profile: &Profile, bitmap: &Bitmap, out: &mut Vec<u8>) {
    let [x, y] = profile.offset_dots();
    let dots = |length| profile.resolution.dots(length).max(0) as usize;
    // Without a space in front of it the unit is not seen, and the number counts inches.
    let across = millimetres(profile, bitmap.width + x as usize);
    say!(out, "SIZE {across} mm,{} mm\r\n", millimetres(profile, bitmap.height));
    match profile.media {
        Media::Gap { height, offset } => {
            say!(out, "GAP {} mm,{} mm\r\n", Millimetres(height), Millimetres(offset))
        }
        Media::Mark { height, offset } => {
            say!(out, "BLINE {} mm,{} mm\r\n", Millimetres(height), Millimetres(offset))
        }
        Media::Continuous { .. } => say!(out, "GAP 0 mm,0 mm\r\n"),
    }
    say!(out, "DIRECTION {}\r\nREFERENCE {x},{y}\r\n", u8::from(profile.turned));
    if let Some(speed) = profile.speed {
        say!(out, "SPEED {speed}\r\n");
    }
    if let Some(darkness) = profile.darkness {
        say!(out, "DENSITY {darkness}\r\n");
    }
    if let Some(reprint) = profile.reprint {
        say!(out, "SET REPRINT {}\r\n", if reprint { "ON" } else { "OFF" });
    }
    say!(out, "CLS\r\n");
    let (stride, height) = (bitmap.stride, bitmap.height);
    if profile.graphics == Graphics::Zlib {
        for (top, band) in bands(bitmap, DEFLATED_AT_ONCE / stride) {
            let deflated = encoder.deflate(profile, band);
            say!(out, "BITMAP 0,{top},{stride},{},3,{},", band.len() / stride, deflated.len());
            out.extend_from_slice(deflated);
            say!(out, "\r\n");
        }
    } else {
        say!(out, "BITMAP 0,0,{stride},{height},0,");
        picture::binary(&bitmap.bits, profile.polarity, out);
        say!(out, "\r\n");
    }
    say!(out, "PRINT 1,1\r\n");
    if let Media::Continuous { feed } = profile.media
        && dots(feed) > 0
    {
        say!(out, "FEED {}\r\n", dots(feed));
    }
}
