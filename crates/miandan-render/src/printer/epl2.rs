//! EPL2 (Zebra *EPL Programming Guide*: N, q, Q, R, S, D, Z, GW, P).
//!
//! An empty line comes first: it ends what another program may have left unfinished.

use miandan_core::printer::{Media, Profile};

use super::{picture, say};
use crate::raster::Bitmap;

pub(super) fn label(profile: &Profile, bitmap: &Bitmap, out: &mut Vec<u8>) {
    let [x, y] = profile.offset_dots();
    let dots = |length| profile.resolution.dots(length);
    let (stride, height) = (bitmap.stride, bitmap.height);
    say!(out, "\nN\nq{}\n", bitmap.width + x as usize);
    match profile.media {
        Media::Gap { height: gap, offset: 0 } => say!(out, "Q{height},{}\n", dots(gap)),
        Media::Gap { height: gap, offset } => say!(out, "Q{height},{}+{}\n", dots(gap), dots(offset)),
        Media::Mark { height: mark, offset } => say!(out, "Q{height},B{}+{}\n", dots(mark), dots(offset)),
        // Endless paper is moved on by the length of the form.
        Media::Continuous { feed } => say!(out, "Q{},0\n", height + dots(feed).max(0) as usize),
    }
    // The printer puts a narrow label in the middle of its head, which R would undo.
    if [x, y] != [0, 0] {
        say!(out, "R{x},{y}\n");
    }
    if let Some(speed) = profile.speed {
        say!(out, "S{speed}\n");
    }
    if let Some(darkness) = profile.darkness {
        say!(out, "D{darkness}\n");
    }
    say!(out, "Z{}\n", if profile.turned { 'B' } else { 'T' });
    say!(out, "GW0,0,{stride},{height},");
    picture::binary(&bitmap.bits, profile.polarity, out);
    say!(out, "\nP1\n");
}
