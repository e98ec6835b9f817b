//! BMP without compression, of 1, 4, 8, 24 or 32 bits a pixel.
//!
//! The format is that of Windows (BITMAPFILEHEADER, then BITMAPCOREHEADER or BITMAPINFOHEADER and its successors). The
//! fourth byte of a pixel of 32 bits is not read: writers disagree on whether it is transparency or nothing.

use super::{Bounds, Picture, PictureError, check, tone};

/// Bytes of the header of the file.
const FILE_HEADER: usize = 14;

pub(super) fn decode(bytes: &[u8], bounds: Bounds) -> Result<Picture, PictureError> {
    let header = Header::read(bytes).ok_or(PictureError::Broken)?;
    check(header.width, header.height, bounds)?;
    let palette = header.palette(bytes).ok_or(PictureError::Broken)?;
    // Rows are padded to four bytes.
    let stride = (header.width * header.depth).div_ceil(32) * 4;
    let rows = bytes.get(header.start..).ok_or(PictureError::Broken)?;
    let rows = rows.get(..stride * header.height).ok_or(PictureError::Broken)?;
    let mut tones = Vec::with_capacity(header.width * header.height);
    for y in 0..header.height {
        let from = if header.downwards { y } else { header.height - 1 - y };
        let row = &rows[from * stride..][..stride];
        match header.depth {
            24 => tones.extend(row.as_chunks().0.iter().take(header.width).map(|&[b, g, r]| tone([r, g, b]))),
            32 => {
                tones.extend(row.as_chunks().0.iter().take(header.width).map(|&[b, g, r, _]| tone([r, g, b])))
            }
            depth => {
                let mask = u8::MAX >> (8 - depth);
                let index = |x: usize| row[x * depth / 8] >> (8 - depth - x * depth % 8) & mask;
                tones.extend((0..header.width).map(|x| palette[usize::from(index(x))]));
            }
        }
    }
    Picture::new(header.width, header.height, tones)
}

struct Header {
    /// Bytes of the second header.
    length: usize,
    /// Where the rows begin.
    start: usize,
    width: usize,
    height: usize,
    /// Whether the first row is the uppermost.
    downwards: bool,
    /// Bits of a pixel.
    depth: usize,
    /// Colours of the palette, 0 for as many as the depth can name.
    colours: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let start = number(bytes, 10)? as usize;
        let length = number(bytes, FILE_HEADER)? as usize;
        let (width, height, depth, compression, colours) = if length == 12 {
            let pair = number(bytes, 18)?;
            (pair as i32 & 0xFFFF, (pair >> 16) as i32, number(bytes, 22)? >> 16, 0, 0)
        } else if (40..=1024).contains(&length) {
            let [width, height] = [number(bytes, 18)? as i32, number(bytes, 22)? as i32];
            (width, height, number(bytes, 26)? >> 16, number(bytes, 30)?, number(bytes, 46)?)
        } else {
            return None;
        };
        let depth = depth as usize;
        if compression != 0 || ![1, 4, 8, 24, 32].contains(&depth) {
            return None;
        }
        Some(Header {
            length,
            start,
            width: usize::try_from(width).ok()?,
            height: height.unsigned_abs() as usize,
            downwards: height < 0,
            depth,
            colours: colours as usize,
        })
    }

    /// The tones of the palette; what it does not have is black.
    fn palette(&self, bytes: &[u8]) -> Option<[u8; 256]> {
        let mut tones = [0; 256];
        if self.depth > 8 {
            return Some(tones);
        }
        let most = 1 << self.depth;
        let count = if self.colours == 0 { most } else { self.colours.min(most) };
        let size = if self.length == 12 { 3 } else { 4 };
        let colours = bytes.get(FILE_HEADER + self.length..)?.get(..count * size)?;
        for (entry, colour) in tones.iter_mut().zip(colours.chunks_exact(size)) {
            *entry = tone([colour[2], colour[1], colour[0]]);
        }
        Some(tones)
    }
}

/// Four bytes, the lowest first.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of so many bits a pixel, with a palette of greys.
    fn file(width: i32, height: i32, depth: u16, rows: &[u8]) -> Vec<u8> {
        let colours: Vec<u8> = match depth {
            1 => [0u8, 255].iter().flat_map(|&grey| [grey, grey, grey, 0]).collect(),
            4 => (0..16).flat_map(|grey: u8| [grey * 17, grey * 17, grey * 17, 0]).collect(),
            8 => (0..=255).flat_map(|grey: u8| [grey, grey, grey, 0]).collect(),
            _ => Vec::new(),
        };
        let start = 54 + colours.len() as u32;
        let mut bytes = b"BM".to_vec();
        bytes.extend([0; 8]);
        bytes.extend(start.to_le_bytes());
        bytes.extend(40u32.to_le_bytes());
        bytes.extend(width.to_le_bytes());
        bytes.extend(height.to_le_bytes());
        bytes.extend([1, 0]);
        bytes.extend(depth.to_le_bytes());
        bytes.extend([0; 24]);
        bytes.extend(colours);
        bytes.extend(rows);
        bytes
    }

    fn tones(file: &[u8]) -> Vec<u8> {
        decode(file, Bounds::of_template(1000)).unwrap().tones().to_vec()
    }

    #[test]
    fn pixels_of_every_depth() {
        assert_eq!(tones(&file(3, 1, 1, &[0b0100_0000, 0, 0, 0])), [0, 255, 0]);
        assert_eq!(tones(&file(3, 1, 4, &[0x0F, 0x10, 0, 0])), [0, 255, 17]);
        assert_eq!(tones(&file(2, 1, 8, &[7, 200, 0, 0])), [7, 200]);
        assert_eq!(tones(&file(1, 1, 24, &[0, 0, 255, 0])), [76]);
        assert_eq!(tones(&file(1, 1, 32, &[255, 255, 255, 9])), [255]);
    }

    #[test]
    fn rows_stand_on_their_heads_unless_the_height_is_negative() {
        let rows = [1, 0, 0, 0, 2, 0, 0, 0];
        assert_eq!(tones(&file(1, 2, 8, &rows)), [2, 1]);
        assert_eq!(tones(&file(1, -2, 8, &rows)), [1, 2]);
    }

    #[test]
    fn what_is_cut_off_or_compressed_is_broken() {
        let whole = file(3, 2, 8, &[0; 8]);
        assert!(decode(&whole, Bounds::of_template(6)).is_ok());
        for length in 0..whole.len() {
            assert_eq!(
                decode(&whole[..length], Bounds::of_template(6)),
                Err(PictureError::Broken),
                "{length}"
            );
        }
        assert_eq!(decode(&whole, Bounds::of_template(5)), Err(PictureError::TooLarge));
        let mut compressed = whole.clone();
        compressed[30] = 1;
        assert_eq!(decode(&compressed, Bounds::of_template(6)), Err(PictureError::Broken));
        assert_eq!(decode(&file(3, 2, 16, &[0; 16]), Bounds::of_template(6)), Err(PictureError::Broken));
        assert_eq!(decode(&file(-3, 2, 8, &[0; 8]), Bounds::of_template(6)), Err(PictureError::Broken));
        assert_eq!(
            decode(&file(i32::MAX, i32::MIN, 32, &[]), Bounds::of_template(6)),
            Err(PictureError::TooLarge)
        );
    }
}
