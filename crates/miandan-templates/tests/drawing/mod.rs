//! Labels as pictures, alone and several on a sheet.

use miandan_core::label::Resolution;
use miandan_core::waybill::Waybill;
use miandan_render::frame::Frame;
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::template::Template;

/// The pages of a label, or why there are none.
pub(crate) fn pages(
    template: &Template,
    waybill: &Waybill,
    resolution: Resolution,
) -> Result<Vec<Bitmap>, String> {
    let mut frame = Frame::default();
    template.layout(waybill, resolution, &mut frame).map_err(|failure| {
        let fault = template.fault(waybill, resolution).map(|fault| fault.to_string());
        format!("{} {}", failure.code, fault.unwrap_or_default())
    })?;
    let mut rasteriser = Rasteriser::new();
    let page = |page| {
        let mut bitmap = Bitmap::default();
        rasteriser.draw_page(&frame, page, &mut bitmap);
        bitmap
    };
    Ok((0..frame.pages()).map(page).collect())
}

/// A label as a small file.
#[allow(dead_code, reason = "the example writes what the command line would")]
pub(crate) fn one_bit(bitmap: &Bitmap) -> Vec<u8> {
    let white: Vec<u8> = bitmap.bits.iter().map(|byte| !byte).collect();
    encode(bitmap.width, bitmap.height, png::BitDepth::One, &white)
}

/// The size and the samples of a picture, if it is one.
#[allow(dead_code, reason = "the example compares nothing")]
pub(crate) fn read(picture: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().ok()?;
    let mut samples = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut samples).ok()?;
    samples.truncate(info.buffer_size());
    Some((info.width, info.height, samples))
}

fn encode(width: usize, height: usize, depth: png::BitDepth, samples: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().expect("into memory");
    writer.write_image_data(samples).expect("as many samples as there are");
    writer.finish().expect("into memory");
    bytes
}

/// A grey picture, a byte a sample, 255 for white.
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) samples: Vec<u8>,
}

impl Grey {
    pub(crate) fn white(width: usize, height: usize) -> Self {
        Grey { width, height, samples: vec![255; width * height] }
    }

    /// A bitmap with squares of dots as its samples.
    pub(crate) fn of(bitmap: &Bitmap, square: usize) -> Self {
        let (width, height) = (bitmap.width, bitmap.height);
        let mut grey = Grey::white(width.div_ceil(square), height.div_ceil(square));
        for y in 0..grey.height {
            for x in 0..grey.width {
                let dots = |y: usize| (x * square..(x + 1) * square).map(move |x| (x, y));
                let dark = (y * square..(y + 1) * square)
                    .flat_map(dots)
                    .filter(|&(x, y)| bitmap.is_black(x, y))
                    .count();
                grey.samples[y * grey.width + x] = (255 - dark * 255 / (square * square)) as u8;
            }
        }
        grey
    }

    /// Puts another picture onto this one, as far as it lies inside.
    pub(crate) fn put(&mut self, other: &Grey, left: usize, top: usize) {
        for y in 0..other.height.min(self.height.saturating_sub(top)) {
            for x in 0..other.width.min(self.width.saturating_sub(left)) {
                self.samples[(top + y) * self.width + left + x] = other.samples[y * other.width + x];
            }
        }
    }

    /// A frame of one sample around an area.
    pub(crate) fn frame(&mut self, left: usize, top: usize, width: usize, height: usize) {
        for y in top..(top + height).min(self.height) {
            for x in left..(left + width).min(self.width) {
                if y == top || x == left || y == top + height - 1 || x == left + width - 1 {
                    self.samples[y * self.width + x] = 160;
                }
            }
        }
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        encode(self.width, self.height, png::BitDepth::Eight, &self.samples)
    }
}

/// Pictures with captions side by side, in rows that are no wider than `width`.
pub(crate) fn sheet(pictures: &[(String, Grey)], width: usize) -> Grey {
    const GAP: usize = 12;
    const CAPTION: usize = 20;
    let mut places = Vec::new();
    let (mut left, mut top, mut tallest) = (GAP, GAP, 0);
    for (_, picture) in pictures {
        if left > GAP && left + picture.width + GAP > width {
            (left, top, tallest) = (GAP, top + tallest + GAP, 0);
        }
        places.push((left, top));
        left += picture.width + GAP;
        tallest = tallest.max(picture.height + CAPTION);
    }
    let mut sheet = Grey::white(width, top + tallest + GAP);
    for ((caption, picture), (left, top)) in pictures.iter().zip(places) {
        sheet.put(&self::caption(caption, picture.width), left, top);
        sheet.put(picture, left, top + CAPTION);
        sheet.frame(left, top + CAPTION, picture.width, picture.height);
    }
    sheet
}

/// A line of text, in the typeface of the labels.
fn caption(text: &str, width: usize) -> Grey {
    let template = format!(
        "<page width=\"{}\" height=\"4\"><text left=\"0\" top=\"0\" width=\"{0}\" height=\"4\" \
         style=\"fontSize:9;wrap:false;valign:middle\">{text}</text></page>",
        width * 2 / 8
    );
    let template = Template::compile(template.as_bytes()).expect("a page with a text");
    let pages = pages(&template, &Waybill::default(), Resolution::Dpi203).expect("a line of text");
    Grey::of(&pages[0], 2)
}
