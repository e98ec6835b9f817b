//! ZPL II (Zebra *ZPL II Programming Guide*: `^PW`, `^LL`, `^LH`, `^PO`, `^MN`, `^PR`, `^MD`, `^JZ`, `^FO`, `^GF`, `^PQ`).
//!
//! The guide of 2006 lets `^GF` have 99,999 bytes, which a label of 100 by 150 mm has more of, so the picture is cut into
//! bands. Digits with counts are what clones understand too; base64 with its checksum (`:Z64:`, *Alternative data
//! compression scheme*) is half as long.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use miandan_core::printer::{Graphics, Media, Profile};

use super::picture::{self, digit};
use super::{Encoder, bands, say};
use crate::raster::Bitmap;

/// The most bytes of a picture in one `^GF`: half of what the guide allows, since some printers hold the digits as well.
const AT_ONCE: usize = 48_000;

pub(super) fn label(encoder: &mut Encoder, profile: &Profile, bitmap: &Bitmap, out: &mut Vec<u8>) {
    let [x, y] = profile.offset_dots();
    let feed = match profile.media {
        Media::Continuous { feed } => profile.resolution.dots(feed).max(0) as usize,
        Media::Gap { .. } | Media::Mark { .. } => 0,
    };
    let tracking = match profile.media {
        Media::Gap { .. } => 'Y',
        Media::Mark { .. } => 'M',
        Media::Continuous { .. } => 'N',
    };
    say!(out, "^XA\n^PW{}^LL{}^LH{x},{y}", bitmap.width + x as usize, bitmap.height + feed);
    say!(out, "^PO{}^MN{tracking}", if profile.turned { 'I' } else { 'N' });
    if let Some(speed) = profile.speed {
        say!(out, "^PR{speed}");
    }
    if let Some(darkness) = profile.darkness {
        say!(out, "^MD{darkness}");
    }
    if let Some(reprint) = profile.reprint {
        say!(out, "^JZ{}", if reprint { 'Y' } else { 'N' });
    }
    say!(out, "\n");
    let stride = bitmap.stride;
    for (top, band) in bands(bitmap, AT_ONCE / stride) {
        say!(out, "^FO0,{top}^GFA,{bytes},{bytes},{stride},", bytes = band.len());
        match profile.graphics {
            Graphics::Z64 => z64(encoder.deflate(profile, band), out),
            Graphics::Hex => picture::hex(band, profile.polarity, out),
            _ => run_length(band, stride, out),
        }
        say!(out, "^FS\n");
    }
    say!(out, "^PQ1,0,1,Y^XZ\n");
}

/// Base64 with a checksum of its characters.
fn z64(deflated: &[u8], out: &mut Vec<u8>) {
    let text = STANDARD.encode(deflated);
    say!(out, ":Z64:{text}:{:04X}", checksum(text.as_bytes()));
}

/// CRC-16 with the polynomial of CCITT from 0 on, highest bit first (XMODEM).
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| sum << 8 ^ TABLE[usize::from((sum >> 8) as u8 ^ byte)])
}

const TABLE: [u16; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 0x8000 == 0 { sum << 1 } else { sum << 1 ^ 0x1021 };
            bit += 1;
        }
        table[byte] = sum;
        byte += 1;
    }
    table
};

/// Digits with counts: `G` to `Y` for 1 to 19 times the next one, `g` to `z` for 20, 40, … 400 times, `,` for white to the
/// end of the row, `:` for the row above once more.
///
/// There is a sign `!` for black to the end of the row as well. Other readers do not agree on it, and few rows end black.
fn run_length(band: &[u8], stride: usize, out: &mut Vec<u8>) {
    // Written into place and cut off at the end, which is twice as fast as appending. No row is longer than its digits and
    // a sign.
    let mut end = out.len();
    out.resize(end + band.len() * 2 + band.len() / stride, 0);
    let mut above: Option<&[u8]> = None;
    for row in band.chunks_exact(stride) {
        if above == Some(row) {
            put(out, &mut end, b':');
        } else {
            digits(row, out, &mut end);
        }
        above = Some(row);
    }
    out.truncate(end);
}

fn digits(row: &[u8], out: &mut [u8], end: &mut usize) {
    let inked = row.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let (mut value, mut run) = (0, 0);
    for &byte in &row[..inked] {
        // Most bytes go on as the ones before.
        if byte == value * 0x11 {
            run += 2;
            continue;
        }
        for nibble in [byte >> 4, byte & 15] {
            if nibble == value {
                run += 1;
            } else {
                count(run, digit(value), out, end);
                (value, run) = (nibble, 1);
            }
        }
    }
    if value != 0 {
        count(run, digit(value), out, end);
    }
    if value == 0 || inked < row.len() {
        put(out, end, b',');
    }
}

/// A digit so many times.
fn count(mut run: usize, digit: u8, out: &mut [u8], end: &mut usize) {
    // A count of one or two is no shorter than the digits.
    if run <= 2 {
        (0..run).for_each(|_| put(out, end, digit));
        return;
    }
    while run > 0 {
        let part = run.min(419);
        let (twenties, ones) = (part / 20, part % 20);
        if twenties > 0 {
            put(out, end, b'g' + (twenties - 1) as u8);
        }
        if ones > 0 {
            put(out, end, b'G' + (ones - 1) as u8);
        }
        put(out, end, digit);
        run -= part;
    }
}

fn put(out: &mut [u8], end: &mut usize, sign: u8) {
    out[*end] = sign;
    *end += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(row: &[u8], stride: usize) -> String {
        let mut out = Vec::new();
        run_length(row, stride, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_are_digits_with_counts() {
        assert_eq!(written(&[0xAB, 0xC0, 0, 0], 4), "ABC,");
        assert_eq!(written(&[0xAA, 0xAA, 0xAA, 0x0F], 4), "LA0F");
        assert_eq!(written(&[0; 8], 4), ",:");
        assert_eq!(written(&[1, 2, 1, 2, 0, 1], 2), "0102:I01");
        assert_eq!(written(&[0xFF; 15], 15), "gPF");
        assert_eq!(written(&[0xFF; 210], 210), "zYFGF", "419 at most, and one more");
        assert_eq!(written(&[0xFF; 20], 20), "hF");
    }

    #[test]
    fn black_to_the_end_of_a_row_has_no_sign_of_its_own() {
        for length in 1..1000 {
            let row = vec![0xFF; length];
            assert!(!written(&row, length).contains('!'));
        }
    }

    #[test]
    fn the_checksum_is_that_of_xmodem() {
        // The check value of CRC-16/XMODEM in the catalogues of such sums.
        assert_eq!(checksum(b"123456789"), 0x31C3);
    }
}
