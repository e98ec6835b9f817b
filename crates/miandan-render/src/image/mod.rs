//! Pictures of templates: PNG, JPEG and BMP from data URLs, and those that are bundled, as grey tones.
//!
//! There is no network: what is not in the template or in the program is not there. A picture is untrusted like the rest
//! of a template, so its size is read and bounded before anything is decoded, and no decoder runs outside of
//! [`Template::compile`](crate::template::Template::compile) and of a label's evaluation.

mod bmp;
mod data_url;
mod jpeg;
mod png;
mod scale;

use std::sync::Arc;

pub(crate) use scale::{Scaled, tones_of_dots};

/// The most pixels of a picture, and of all constant pictures of a template together, and of all computed ones of a label:
/// more than a label of 76 by 130 mm has dots at 203 dpi. Decoding so many takes some ten milliseconds.
pub const PIXELS: usize = 1 << 20;

/// The most pixels along a side of a picture in a template.
const SIDE: usize = 4096;

/// How large a picture may be that is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most pixels in all.
    pub pixels: usize,
    /// The most pixels along a side.
    pub side: usize,
}

impl Bounds {
    /// A picture of a template that may have so many pixels.
    #[must_use]
    pub const fn of_template(pixels: usize) -> Self {
        Bounds { pixels, side: SIDE }
    }
}

/// Of a hundred pixels so many may be grey in a picture that is taken for black and white: the edges of line art.
const GREY_PERCENT: usize = 5;

/// How far from black or white a tone still counts as such.
const NEAR: u8 = 32;

/// A picture in grey tones, 0 for black.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    /// Row by row from the top.
    tones: Vec<u8>,
    bilevel: bool,
}

impl Picture {
    /// A picture of as many tones as it has pixels, which are not none.
    fn new(width: usize, height: usize, tones: Vec<u8>) -> Result<Self, PictureError> {
        if tones.is_empty() || tones.len() != width * height {
            return Err(PictureError::Broken);
        }
        let grey = tones.iter().filter(|&&tone| (NEAR..=u8::MAX - NEAR).contains(&tone)).count();
        let bilevel = grey * 100 <= tones.len() * GREY_PERCENT;
        Ok(Picture { width, height, tones, bilevel })
    }

    /// A picture that was scaled to these tones, which are not none; whether it is line art was told by the whole.
    pub(crate) fn sampled(width: usize, height: usize, tones: Vec<u8>, bilevel: bool) -> Option<Self> {
        let whole = !tones.is_empty() && tones.len() == width * height;
        whole.then_some(Picture { width, height, tones, bilevel })
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The tones row by row from the top, 0 for black.
    #[must_use]
    pub fn tones(&self) -> &[u8] {
        &self.tones
    }

    /// Whether the picture is line art, which dots would spoil: no more than 5 % of its pixels are neither nearly black
    /// nor nearly white.
    #[must_use]
    pub fn is_bilevel(&self) -> bool {
        self.bilevel
    }
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The source is neither a data URL nor the name of a bundled picture.
    #[error("the picture is neither in the template nor bundled")]
    Elsewhere,
    /// The data is no PNG, JPEG or BMP, or not a whole one.
    #[error("the picture cannot be read")]
    Broken,
    /// The picture has too many pixels.
    #[error("the picture is too large")]
    TooLarge,
}

/// Pictures that the program has with it, by their names.
const BUNDLED: &[(&str, &[u8])] =
    &[("parcel", include_bytes!("logos/parcel.png")), ("fragile", include_bytes!("logos/fragile.png"))];

/// The picture of a `src`: `data:…;base64,…` with a PNG, JPEG or BMP in it, or the name of a bundled one. It may have so
/// many pixels at most.
///
/// # Errors
/// All of [`PictureError`].
pub fn load(source: &str, pixels: usize) -> Result<Arc<Picture>, PictureError> {
    let source = source.trim();
    let bytes = match data_url::read(source)? {
        Some(bytes) => bytes,
        None => {
            let bundled = BUNDLED.iter().find(|(name, _)| *name == source);
            bundled.ok_or(PictureError::Elsewhere)?.1.to_vec()
        }
    };
    decode(&bytes, Bounds::of_template(pixels.min(PIXELS))).map(Arc::new)
}

/// The picture in a file, whose kind is told by its first bytes and by nothing else.
///
/// # Errors
/// [`PictureError::Broken`] and [`PictureError::TooLarge`], the latter before anything is decoded.
pub fn decode(bytes: &[u8], bounds: Bounds) -> Result<Picture, PictureError> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => png::decode(bytes, bounds),
        [0xFF, 0xD8, ..] => jpeg::decode(bytes, bounds),
        [b'B', b'M', ..] => bmp::decode(bytes, bounds),
        _ => Err(PictureError::Broken),
    }
}

/// Whether a picture of this size may be decoded.
fn check(width: usize, height: usize, bounds: Bounds) -> Result<(), PictureError> {
    if width == 0 || height == 0 {
        return Err(PictureError::Broken);
    }
    if width > bounds.side || height > bounds.side || width * height > bounds.pixels {
        return Err(PictureError::TooLarge);
    }
    Ok(())
}

/// The tone of a colour (ITU-R BT.601, as Pillow rounds it).
fn tone([red, green, blue]: [u8; 3]) -> u8 {
    ((u32::from(red) * 19_595 + u32::from(green) * 38_470 + u32::from(blue) * 7_471 + 0x8000) >> 16) as u8
}

/// A tone of so much opacity on white paper.
fn on_white(tone: u8, alpha: u8) -> u8 {
    let (tone, alpha) = (u32::from(tone), u32::from(alpha));
    ((tone * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundled_pictures_are_line_art() {
        for (name, _) in BUNDLED {
            let picture = load(name, PIXELS).unwrap();
            assert!(picture.is_bilevel() && picture.width() >= 100, "{name}");
        }
    }

    #[test]
    fn what_is_elsewhere_is_not_there() {
        for source in [
            "",
            "http://example.org/a.png",
            "//example.org/a.png",
            "https://example.org",
            "/etc/passwd",
            "file:///a",
        ] {
            assert_eq!(load(source, PIXELS), Err(PictureError::Elsewhere), "{source}");
        }
        for source in ["data:", "data:image/png;base64,", "data:image/png;base64,AAAA", "data:text/plain,abc"]
        {
            assert_eq!(load(source, PIXELS), Err(PictureError::Broken), "{source}");
        }
    }

    #[test]
    fn a_picture_of_nothing_is_broken_and_a_large_one_is_not_decoded() {
        const PAGE: Bounds = Bounds { pixels: usize::MAX, side: 2 * SIDE };
        assert_eq!(check(0, 5, Bounds::of_template(PIXELS)), Err(PictureError::Broken));
        assert_eq!(check(SIDE + 1, 1, Bounds::of_template(PIXELS)), Err(PictureError::TooLarge));
        assert_eq!(check(1025, 1024, Bounds::of_template(PIXELS)), Err(PictureError::TooLarge));
        assert_eq!(check(1024, 1024, Bounds::of_template(PIXELS)), Ok(()));
        assert_eq!(check(SIDE + 1, 1, PAGE), Ok(()));
        assert_eq!(check(2 * SIDE + 1, 1, PAGE), Err(PictureError::TooLarge));
        assert_eq!(check(10, 10, Bounds::of_template(99)), Err(PictureError::TooLarge));
    }

    #[test]
    fn transparency_is_paper() {
        assert_eq!(
            [on_white(0, 0), on_white(0, 255), on_white(0, 128), on_white(200, 255)],
            [255, 0, 127, 200]
        );
        assert_eq!([tone([255; 3]), tone([0; 3]), tone([255, 0, 0])], [255, 0, 76]);
    }
}
