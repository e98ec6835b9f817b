//! Pictures of labels as one PDF: each page is the one-bit picture that a printer would print, in its size.

use miandan_core::label::LabelSize;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref};

/// Points of a micrometre (ISO 32000-1, 8.3.2.3: 72 points are an inch).
const POINTS: f32 = 72.0 / 25_400.0;

/// Puts pictures into a PDF, one on a page. `None` if one of them is no PNG of one bit a dot, which is all that the component
/// makes.
pub(crate) fn pdf<'p>(pages: impl IntoIterator<Item = (&'p [u8], LabelSize)>) -> Option<Vec<u8>> {
    let mut pdf = Pdf::new();
    let [catalog, tree] = [Ref::new(1), Ref::new(2)];
    let mut next = 3;
    let mut kids = Vec::new();
    for (png, size) in pages {
        let picture = Picture::read(png)?;
        let [page, content, image] = [next, next + 1, next + 2].map(Ref::new);
        next += 3;
        kids.push(page);
        let [width, height] = [size.width, size.height].map(|length| length as f32 * POINTS);
        let mut drawn = Content::new();
        drawn.transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(Name(b"P"));
        pdf.stream(content, &drawn.finish());
        let mut object = pdf.image_xobject(image, &picture.data);
        object.width(picture.width).height(picture.height).bits_per_component(1);
        object.color_space().device_gray();
        object.filter(Filter::FlateDecode);
        // The rows of a PNG are filtered as PDF knows it too (ISO 32000-1, 7.4.4.4).
        object
            .decode_parms()
            .predictor(pdf_writer::types::Predictor::PngOptimum)
            .colors(1)
            .bits_per_component(1)
            .columns(picture.width);
        object.finish();
        let mut written = pdf.page(page);
        written.parent(tree).media_box(Rect::new(0.0, 0.0, width, height)).contents(content);
        written.resources().x_objects().pair(Name(b"P"), image);
    }
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).count(kids.len() as i32).kids(kids);
    Some(pdf.finish())
}

/// What a PDF needs of a PNG.
struct Picture {
    width: i32,
    height: i32,
    /// The deflated rows, which are the same in both formats.
    data: Vec<u8>,
}

impl Picture {
    /// Reads the chunks (PNG, third edition, 5.3) of a picture of one bit a dot in grey, not interlaced.
    fn read(png: &[u8]) -> Option<Self> {
        let mut rest = png.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
        let mut picture: Option<Picture> = None;
        loop {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let (kind, after) = after.split_first_chunk::<4>()?;
            let (data, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
            rest = after.get(4..)?;
            match (kind, &mut picture) {
                (b"IHDR", None) => {
                    let (width, after) = data.split_first_chunk::<4>()?;
                    let (height, form) = after.split_first_chunk::<4>()?;
                    if form != [1, 0, 0, 0, 0] {
                        return None;
                    }
                    let [width, height] = [width, height].map(|side| i32::from_be_bytes(*side));
                    if width < 1 || height < 1 {
                        return None;
                    }
                    picture = Some(Picture { width, height, data: Vec::with_capacity(png.len()) });
                }
                (b"IDAT", Some(picture)) => picture.data.extend_from_slice(data),
                (b"IEND", _) => return picture.filter(|picture| !picture.data.is_empty()),
                (_, None) => return None,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(form: png::BitDepth) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 16, 2);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(form);
        let row = if form == png::BitDepth::One { 2 } else { 16 };
        encoder.write_header().unwrap().write_image_data(&vec![0xA5; 2 * row]).unwrap();
        bytes
    }

    #[test]
    fn a_page_has_the_size_of_its_label() {
        let one = png(png::BitDepth::One);
        let size = LabelSize::millimetres(76, 130);
        let pdf = pdf([(&one[..], size), (&one[..], size)]).unwrap();
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("%PDF-1.7"));
        assert!(text.contains("/Count 2") && text.contains("/MediaBox [0 0 215.4"), "{text}");
    }

    #[test]
    fn what_is_no_such_picture_is_refused() {
        let one = png(png::BitDepth::One);
        let grey = png(png::BitDepth::Eight);
        let size = LabelSize::millimetres(76, 130);
        assert!(pdf([(&grey[..], size)]).is_none());
        for cut in 0..one.len() {
            let _ = pdf([(&one[..cut], size)]);
        }
        assert!(pdf([(&one[..40], size)]).is_none());
    }
}
