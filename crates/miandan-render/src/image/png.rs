//! PNG (ISO/IEC 15948) of every colour type and depth.

use std::io::Cursor;

use png::{ColorType, DecodeOptions, Decoder, Limits, Transformations};

use super::{Bounds, Picture, PictureError, check, on_white, tone};

/// The bytes that the decoder may take for itself; pixels have a limit of their own.
const BYTES: usize = 8 << 20;

pub(super) fn decode(bytes: &[u8], bounds: Bounds) -> Result<Picture, PictureError> {
    let mut options = DecodeOptions::default();
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_limits(Limits { bytes: BYTES });
    // Palettes and depths below 8 bits become tones or colours of 8 bits, depths of 16 lose their lower half.
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(|_| PictureError::Broken)?;
    let (width, height) = (header.width as usize, header.height as usize);
    check(width, height, bounds)?;
    let mut reader = decoder.read_info().map_err(|_| PictureError::Broken)?;
    // png 0.18.1 panics over colours that are cut off; found by fuzzing.
    if reader.info().palette.as_ref().is_some_and(|palette| palette.len() % 3 != 0) {
        return Err(PictureError::Broken);
    }
    let size = reader.output_buffer_size().ok_or(PictureError::TooLarge)?;
    if size > bounds.pixels.saturating_mul(4) {
        return Err(PictureError::TooLarge);
    }
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples).map_err(|_| PictureError::Broken)?;
    let samples = samples.get(..frame.buffer_size()).ok_or(PictureError::Broken)?;
    let tones = match frame.color_type {
        ColorType::Grayscale => samples.to_vec(),
        ColorType::GrayscaleAlpha => {
            samples.as_chunks().0.iter().map(|&[tone, alpha]| on_white(tone, alpha)).collect()
        }
        ColorType::Rgb => samples.as_chunks().0.iter().map(|&colour| tone(colour)).collect(),
        ColorType::Rgba => {
            let pixel = |&[red, green, blue, alpha]: &[u8; 4]| on_white(tone([red, green, blue]), alpha);
            samples.as_chunks().0.iter().map(pixel).collect()
        }
        // Expanded above.
        ColorType::Indexed => return Err(PictureError::Broken),
    };
    Picture::new(width, height, tones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_palette_that_is_cut_off_is_broken() {
        let whole = include_bytes!("../../tests/pictures/palette.png");
        assert!(decode(whole, Bounds::of_template(1 << 20)).is_ok());
        // The length, the colours and the checksum of the one palette.
        let at = whole.windows(4).position(|name| name == b"PLTE").unwrap();
        let length = usize::from(whole[at - 1]);
        let mut chunk = b"PLTE".to_vec();
        chunk.extend(&whole[at + 4..at + 4 + length - 2]);
        let sum = crc(&chunk).to_be_bytes();
        let length_bytes = (length as u32 - 2).to_be_bytes();
        let cut = [&whole[..at - 4], &length_bytes, &chunk, &sum, &whole[at + 4 + length + 4..]].concat();
        assert_eq!(decode(&cut, Bounds::of_template(1 << 20)), Err(PictureError::Broken));
    }

    /// The checksum of a chunk (ISO/IEC 15948, annex D).
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
        })
    }
}
