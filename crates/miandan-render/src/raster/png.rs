//! One-bit greyscale PNG (ISO/IEC 15948).

use super::Bitmap;

/// Appends a bitmap as a PNG file that knows the size of its dots. In a PNG 0 is black, so bits are turned over.
pub fn png(bitmap: &Bitmap, out: &mut Vec<u8>) {
    // Fastest: rows are subtracted from each other and coded by a table made for PNG. Zlib at its lowest level takes half
    // as long again for the same size (16 kB for a label of 76 by 130 mm); better ones take three times as long.
    let mut rows = Vec::with_capacity(bitmap.bits.len());
    rows.extend(bitmap.bits.iter().map(|&byte| !byte));
    let mut encoder = png::Encoder::new(&mut *out, bitmap.width as u32, bitmap.height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_compression(png::Compression::Fastest);
    encoder.set_pixel_dims(Some(dots_a_metre(bitmap)));
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&rows)?;
        writer.finish()
    });
    debug_assert!(written.is_ok(), "writing to memory");
}

fn dots_a_metre(bitmap: &Bitmap) -> png::PixelDimensions {
    let (numerator, denominator) = bitmap.resolution.dot();
    let dots = (1_000_000 * denominator + numerator / 2) / numerator;
    png::PixelDimensions { xppu: dots as u32, yppu: dots as u32, unit: png::Unit::Meter }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Ink;
    use crate::raster::bitmap::tests::white;

    #[test]
    fn black_is_black_and_a_dot_has_its_size() {
        let mut bitmap = white(20, 3);
        bitmap.rectangle([2, 1, 19, 2], Ink::Black);
        let mut file = Vec::new();
        png(&bitmap, &mut file);
        let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
        let mut rows = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut rows).unwrap();
        assert_eq!((frame.width, frame.height), (20, 3));
        let dots = reader.info().pixel_dims.unwrap();
        assert_eq!((dots.xppu, dots.yppu), (8000, 8000));
        // Eight bits a dot after expansion, or one as stored: black is 0 either way.
        let stored: Vec<u8> = bitmap.bits.iter().map(|&byte| !byte).collect();
        assert_eq!(rows, stored);
    }
}
