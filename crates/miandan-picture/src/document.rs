//! Files: pictures of one page, and PDF files of many.

use std::io::Cursor;
use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderSettings, render};
use miandan_render::image::{self, Bounds, PictureError};

use crate::page::Page;

/// Pixels of a millimetre in pages that are drawn: two for each dot at 203 dpi.
const DRAWN: f64 = 16.0;

/// Points of a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// The most pixels of a page, A4 as it is drawn having 16 million, and of a side: a metre at 203 dpi, 297 mm at 600.
const BOUNDS: Bounds = Bounds { pixels: 40_000_000, side: 8192 };

/// The longest side of a page in points: 1.4 m.
const LONGEST: f64 = 4_000.0;

/// A file that was opened.
pub struct Document(Form);

enum Form {
    Picture(Box<Page>),
    Pdf(Box<Pdf>),
}

/// Why a file cannot be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is no PNG, JPEG, BMP or PDF, or not a whole one.
    #[error("the file is no PNG, JPEG, BMP or PDF, or it is damaged")]
    Broken,
    /// A page has more than 40 million pixels, or is longer than 1.4 m.
    #[error("a page is too large")]
    TooLarge,
    /// It asks for a password.
    #[error("the file is encrypted")]
    Encrypted,
    /// There is no page of this number.
    #[error("there is no such page")]
    NoPage,
}

impl Document {
    /// Opens a file. What it is is told by its first bytes and by nothing else.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(bytes: Vec<u8>) -> Result<Self, OpenError> {
        if bytes
            .get(..1024.min(bytes.len()))
            .is_some_and(|start| start.windows(5).any(|five| five == b"%PDF-"))
        {
            return match Pdf::new(Arc::new(bytes)) {
                Ok(pdf) if pdf.pages().is_empty() => Err(OpenError::Broken),
                Ok(pdf) => Ok(Document(Form::Pdf(Box::new(pdf)))),
                Err(LoadPdfError::Decryption(_)) => Err(OpenError::Encrypted),
                Err(LoadPdfError::Invalid) => Err(OpenError::Broken),
            };
        }
        let picture = image::decode(&bytes, BOUNDS).map_err(|error| match error {
            PictureError::TooLarge => OpenError::TooLarge,
            PictureError::Broken | PictureError::Elsewhere => OpenError::Broken,
        })?;
        let page = Page::new(picture.width(), picture.height(), picture.tones().to_vec());
        let mut page = page.ok_or(OpenError::Broken)?;
        page.dots_per_millimetre = density(&bytes);
        Ok(Document(Form::Picture(Box::new(page))))
    }

    /// How many pages there are, at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        match &self.0 {
            Form::Picture(_) => 1,
            Form::Pdf(pdf) => pdf.pages().len(),
        }
    }

    /// A page, from 0.
    ///
    /// # Errors
    /// [`OpenError::NoPage`], [`OpenError::TooLarge`].
    pub fn page(&self, index: usize) -> Result<Page, OpenError> {
        match &self.0 {
            Form::Picture(page) => (index == 0).then(|| (**page).clone()).ok_or(OpenError::NoPage),
            Form::Pdf(pdf) => draw(pdf, index),
        }
    }
}

fn draw(pdf: &Pdf, index: usize) -> Result<Page, OpenError> {
    let page = pdf.pages().get(index).ok_or(OpenError::NoPage)?;
    let (width, height) = page.render_dimensions();
    let [width, height] = [width, height].map(f64::from);
    // Written so that what is no number is refused as well.
    let fits = |length: f64| length > 0.0 && length <= LONGEST;
    let scale = DRAWN / POINTS;
    if !fits(width) || !fits(height) || width * scale * height * scale > BOUNDS.pixels as f64 {
        return Err(OpenError::TooLarge);
    }
    let settings = RenderSettings {
        x_scale: scale as f32,
        y_scale: scale as f32,
        // A whole last pixel rather than none.
        width: Some((width * scale).round().max(1.0) as u16),
        height: Some((height * scale).round().max(1.0) as u16),
        bg_color: WHITE,
    };
    let pixmap = render(page, &InterpreterSettings::default(), &settings);
    let tone = |colour: &hayro::vello_cpu::peniko::color::PremulRgba8| {
        let [red, green, blue] = [colour.r, colour.g, colour.b].map(u32::from);
        ((red * 299 + green * 587 + blue * 114 + 500) / 1000).min(255) as u8
    };
    let tones = pixmap.data().iter().map(tone).collect();
    let (width, height) = (usize::from(pixmap.width()), usize::from(pixmap.height()));
    let mut page = Page::new(width, height, tones).ok_or(OpenError::Broken)?;
    page.dots_per_millimetre = Some(DRAWN);
    page.drawn = true;
    Ok(page)
}

/// Pixels of a millimetre as a picture says it: the `pHYs` of a PNG, the density of a JPEG (JFIF 1.02), the resolution of
/// a BMP. Not where the two directions differ, or where it says nothing of length.
fn density(bytes: &[u8]) -> Option<f64> {
    let [x, y] = match bytes {
        [0x89, ..] => {
            let reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
            let dots = reader.info().pixel_dims.filter(|dots| dots.unit == png::Unit::Meter)?;
            [dots.xppu, dots.yppu].map(|dots| f64::from(dots) / 1000.0)
        }
        [0xFF, ..] => {
            let at = bytes.windows(5).take(64).position(|five| five == b"JFIF\0")?;
            let [unit, x_high, x_low, y_high, y_low] = *bytes.get(at + 7..at + 12)?.first_chunk()?;
            let dots = [[x_high, x_low], [y_high, y_low]].map(|pair| f64::from(u16::from_be_bytes(pair)));
            match unit {
                1 => dots.map(|dots| dots / 25.4),
                2 => dots.map(|dots| dots / 10.0),
                _ => return None,
            }
        }
        [b'B', b'M', ..] => {
            let number = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
            [number(38).filter(|_| number(14) >= Some(40))?, number(42)?].map(|dots| f64::from(dots) / 1000.0)
        }
        _ => return None,
    };
    ((x - y).abs() <= 0.01 * x && (1.0..=100.0).contains(&x)).then_some(x)
}
