//! CPCL (Zebra *CPCL Programming Manual*: the session line `!`, PAGE-WIDTH, TONE, SPEED, CG, EG, FORM, POSTFEED, PRINT).
//!
//! The manual knows no other resolution than 200 in the session line, whatever the head has: it stands for the unit, and
//! the unit is a dot.

use miandan_core::printer::{Graphics, Media, Profile};

use super::{picture, say};
use crate::raster::Bitmap;

pub(super) fn label(profile: &Profile, bitmap: &Bitmap, out: &mut Vec<u8>) {
    let [x, y] = profile.offset_dots();
    let (stride, height) = (bitmap.stride, bitmap.height);
    say!(out, "! 0 200 200 {} 1\r\nPAGE-WIDTH {}\r\n", height + y as usize, bitmap.width + x as usize);
    if let Some(darkness) = profile.darkness {
        say!(out, "TONE {darkness}\r\n");
    }
    if let Some(speed) = profile.speed {
        say!(out, "SPEED {speed}\r\n");
    }
    if profile.graphics == Graphics::Hex {
        say!(out, "EG {stride} {height} {x} {y} ");
        picture::hex(&bitmap.bits, profile.polarity, out);
    } else {
        say!(out, "CG {stride} {height} {x} {y} ");
        picture::binary(&bitmap.bits, profile.polarity, out);
    }
    say!(out, "\r\n");
    match profile.media {
        // The printer then looks for the next gap or mark.
        Media::Gap { .. } | Media::Mark { .. } => say!(out, "FORM\r\n"),
        Media::Continuous { feed } => {
            let feed = profile.resolution.dots(feed);
            if feed > 0 {
                say!(out, "POSTFEED {feed}\r\n");
            }
        }
    }
    say!(out, "PRINT\r\n");
}
