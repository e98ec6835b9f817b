//! JPEG (ISO/IEC 10918-1), sequential and progressive. Of a colour picture only the luminance is kept.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Bounds, Picture, PictureError, check};

/// The most scans of a progressive picture. Encoders make ten; each costs a pass over the picture.
const SCANS: usize = 20;

pub(super) fn decode(bytes: &[u8], bounds: Bounds) -> Result<Picture, PictureError> {
    let options = DecoderOptions::new_safe()
        .set_max_width(bounds.side)
        .set_max_height(bounds.side)
        .set_strict_mode(true)
        .jpeg_set_max_scans(SCANS)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| PictureError::Broken)?;
    let (width, height) = decoder.dimensions().ok_or(PictureError::Broken)?;
    check(width, height, bounds)?;
    let tones = decoder.decode().map_err(|_| PictureError::Broken)?;
    Picture::new(width, height, tones)
}
