//! One-bit pictures in the languages of label printers.
//!
//! A label is a picture in every language: what a printer would set from its own fonts differs from model to model, and
//! some drop characters in silence. Around the picture stands what the printer has to know of the label, and nothing is
//! left in its memory.
//!
//! Nothing is said of a label that the printer cannot print: [`Encoder::encode`] then answers an error and no byte.
//!
//! ```
//! use miandan_core::label::Resolution;
//! use miandan_core::printer::{Language, Profile};
//! use miandan_render::{frame::Frame, printer::Encoder, raster::{Bitmap, Rasteriser}, shipped, template::Template};
//!
//! let template = Template::compile(shipped::ONE_PART_76X130.as_bytes())?;
//! let mut frame = Frame::default();
//! template.layout(&shipped::sample(), Resolution::Dpi203, &mut frame).expect("the sample is whole");
//! let mut bitmap = Bitmap::default();
//! Rasteriser::new().draw(&frame, &mut bitmap);
//!
//! let printer = Profile::plain(Language::Tspl, Resolution::Dpi203, 832);
//! let mut stream = Vec::new();
//! Encoder::new().encode(&printer, &bitmap, &mut stream)?;
//! assert!(stream.starts_with(b"SIZE 76 mm,130 mm\r\n") && stream.ends_with(b"PRINT 1,1\r\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cpcl;
mod epl2;
mod escpos;
mod picture;
mod tspl;
mod zpl;

use miandan_core::printer::{FitError, Language, Profile, ProfileError};

use crate::deflate::{Deflater, Effort};
use crate::raster::Bitmap;

/// Writes one label after another. What it keeps in between is for speed and never shows.
#[derive(Debug)]
pub struct Encoder {
    /// A band of the picture, as it is before it is written down.
    raw: Vec<u8>,
    /// The same, deflated.
    deflated: Vec<u8>,
    deflater: Deflater,
}

/// Why a label cannot be written for a printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The profile contradicts itself.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The printer cannot print a label of this size.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The picture was drawn for another dot grid.
    #[error("the label was drawn for a printer of another resolution")]
    Resolution,
}

impl Default for Encoder {
    fn default() -> Self {
        Encoder { raw: Vec::new(), deflated: Vec::new(), deflater: Deflater::new(Effort::Label) }
    }
}

impl Encoder {
    /// An encoder that has written nothing.
    #[must_use]
    pub fn new() -> Self {
        Encoder::default()
    }

    /// Appends a label: everything that makes the printer print it once.
    ///
    /// # Errors
    /// [`EncodeError`]. Nothing is appended then.
    pub fn encode(
        &mut self,
        profile: &Profile,
        bitmap: &Bitmap,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        profile.check()?;
        if profile.resolution != bitmap.resolution {
            return Err(EncodeError::Resolution);
        }
        profile
            .fits_dots([bitmap.width, bitmap.height].map(|dots| u32::try_from(dots).unwrap_or(u32::MAX)))?;
        match profile.language {
            Language::Tspl => tspl::label(self, profile, bitmap, out),
            Language::Zpl => zpl::label(self, profile, bitmap, out),
            Language::Cpcl => cpcl::label(profile, bitmap, out),
            Language::Epl2 => epl2::label(profile, bitmap, out),
            Language::EscPos => escpos::label(profile, bitmap, out),
        }
        Ok(())
    }

    /// Deflates a band in the polarity of the printer.
    fn deflate(&mut self, profile: &Profile, band: &[u8]) -> &[u8] {
        self.raw.clear();
        picture::binary(band, profile.polarity, &mut self.raw);
        self.deflated.clear();
        self.deflater.deflate(&self.raw, &mut self.deflated);
        &self.deflated
    }
}

/// The bitmap in bands of so many rows: the first row of each, and its bytes.
fn bands(bitmap: &Bitmap, rows: usize) -> impl Iterator<Item = (usize, &[u8])> {
    let rows = rows.max(1);
    let bands = bitmap.bits.chunks((bitmap.stride * rows).max(1));
    bands.enumerate().map(move |(number, band)| (number * rows, band))
}

/// Appends text.
macro_rules! say {
    ($out:expr, $($text:tt)+) => {
        $crate::printer::append($out, format_args!($($text)+))
    };
}
use say;

fn append(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = std::io::Write::write_fmt(out, text);
}

/// So many dots in millimetres: to a tenth if that is the same number of dots, since a label that is no whole number of
/// dots high is meant to be 130 mm, not 129.963.
fn millimetres(profile: &Profile, dots: usize) -> Millimetres {
    let dots = i32::try_from(dots).unwrap_or(i32::MAX);
    let length = profile.resolution.micrometres(dots);
    let tenths = length.saturating_add(50) / 100 * 100;
    Millimetres(if profile.resolution.dots(tenths) == dots { tenths } else { length })
}

/// Micrometres that are written as millimetres.
#[derive(Debug)]
struct Millimetres(i32);

impl std::fmt::Display for Millimetres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{rest:03}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use miandan_core::label::Resolution;
    use miandan_core::printer::{Graphics, MOST_DOTS};

    fn bitmap(width: usize, height: usize) -> Bitmap {
        let stride = width.div_ceil(8);
        Bitmap { width, height, stride, bits: vec![0; stride * height], resolution: Resolution::Dpi203 }
    }

    fn refused(profile: &Profile, bitmap: &Bitmap) -> EncodeError {
        let mut out = b"before".to_vec();
        let error = Encoder::new().encode(profile, bitmap, &mut out).unwrap_err();
        assert_eq!(out, b"before", "nothing is sent");
        error
    }

    #[test]
    fn what_cannot_be_printed_is_not_begun() {
        for language in Language::ALL {
            let printer = Profile::plain(language, Resolution::Dpi203, 64);
            assert_eq!(refused(&printer, &bitmap(0, 8)), FitError::Empty.into());
            assert_eq!(refused(&printer, &bitmap(8, 0)), FitError::Empty.into());
            let error = FitError::TooWide { label: 65, head: 64 };
            assert_eq!(refused(&printer, &bitmap(65, 8)), error.into());
            assert!(matches!(
                refused(&printer, &bitmap(8, 8001)),
                EncodeError::Fit(FitError::TooLong { .. })
            ));
            let other = Bitmap { resolution: Resolution::Dpi300, ..bitmap(8, 8) };
            assert_eq!(refused(&printer, &other), EncodeError::Resolution);
            let odd = Profile { graphics: Graphics::Zlib, head: 0, ..printer };
            assert!(matches!(refused(&odd, &bitmap(8, 8)), EncodeError::Profile(_)));
        }
    }

    #[test]
    fn a_picture_is_never_larger_than_a_printer_is_told() {
        assert_eq!(crate::raster::MAX_SIDE, MOST_DOTS as usize);
    }

    #[test]
    fn bands_cover_every_row_once() {
        let bitmap = bitmap(20, 10);
        for rows in 0..12 {
            let cut: Vec<_> = bands(&bitmap, rows).collect();
            assert!(cut.windows(2).all(|pair| pair[0].0 + pair[0].1.len() / 3 == pair[1].0));
            assert_eq!(cut.iter().map(|(_, band)| band.len()).sum::<usize>(), 30);
        }
    }

    #[test]
    fn lengths_are_those_of_the_label() {
        let profile = Profile::plain(Language::Tspl, Resolution::Dpi300, 1280);
        for (dots, text) in [(898, "76"), (1535, "130"), (6, "0.5"), (1, "0.1"), (16, "1.355")] {
            assert_eq!(millimetres(&profile, dots).to_string(), text);
        }
    }
}
