//! Subsets of faces as fonts of `printpdf`.
//!
//! The library knows characters by glyph: one glyph, one character that is copied. Noto draws a radical and its ideograph
//! with one glyph, so where a document has both, the second stands in a font of its own with the same file.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::ZlibDecoder;
use miandan_core::font::MAX_FONT;
use miandan_core::pipe::FontSubset;
use printpdf::{FontId, FontMetrics, ParsedFont, PdfFont, ToUnicodeCMap};

use super::PrintPdfError;
use crate::frame::FaceId;
use crate::pdf::DEFAULT_WIDTH;

/// The most of a map from characters: four bytes of each id in hexadecimal, and the lines around them.
const MOST_OF_MAP: u64 = 4 << 20;

/// The fonts of a document.
#[derive(Debug)]
pub(super) struct Fonts {
    faces: BTreeMap<FaceId, Typeface>,
}

/// A character as a font draws it.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// Which of the fonts of its face.
    pub(super) font: usize,
    /// The glyph in the subset.
    pub(super) glyph: u16,
    /// What is copied.
    pub(super) text: String,
}

#[derive(Debug)]
struct Typeface {
    name: String,
    file: Vec<u8>,
    bounds: [i16; 4],
    metrics: FontMetrics,
    glyphs: BTreeMap<u16, Glyph>,
    /// In thousandths of the em.
    widths: BTreeMap<u16, u16>,
}

impl Fonts {
    /// The subsets as fonts for the characters that are drawn.
    pub(super) fn new(
        subsets: &[FontSubset<'_>],
        used: &BTreeMap<FaceId, Vec<u16>>,
    ) -> Result<Self, PrintPdfError> {
        let mut faces = BTreeMap::new();
        for (&face, cids) in used {
            let number = face.number();
            let subset = subsets.iter().find(|subset| subset.face == number);
            let subset = subset.ok_or(PrintPdfError::NoFont(number))?;
            let typeface = Typeface::new(subset, cids).ok_or(PrintPdfError::Font(number))?;
            faces.insert(face, typeface);
        }
        Ok(Fonts { faces })
    }

    /// The fonts under the names that [`id`] gives them.
    pub(super) fn embedded(&self) -> BTreeMap<FontId, PdfFont> {
        let mut all = BTreeMap::new();
        for (&face, typeface) in &self.faces {
            let fonts = typeface.glyphs.values().map(|glyph| glyph.font + 1).max().unwrap_or(0);
            for font in 0..fonts {
                all.insert(id(face, font), typeface.font());
            }
        }
        all
    }

    /// How a character of a face is drawn.
    pub(super) fn glyph(&self, face: FaceId, cid: u16) -> Result<&Glyph, PrintPdfError> {
        let typeface = self.faces.get(&face).ok_or(PrintPdfError::NoFont(face.number()))?;
        typeface.glyphs.get(&cid).ok_or(PrintPdfError::Font(face.number()))
    }
}

/// The name of a font of a face.
pub(super) fn id(face: FaceId, font: usize) -> FontId {
    FontId(format!("Face{}.{font}", face.number()))
}

impl Typeface {
    fn new(subset: &FontSubset<'_>, cids: &[u16]) -> Option<Self> {
        let file = inflate(subset.file, MAX_FONT as u64)?;
        let cid_to_gid = inflate(subset.cid_to_gid, 2 << 16)?;
        let to_unicode = String::from_utf8(inflate(subset.to_unicode, MOST_OF_MAP)?).ok()?;
        let characters = ToUnicodeCMap::parse(&to_unicode).ok()?;
        let advances: BTreeMap<u16, u16> = (subset.widths.iter())
            .flat_map(|(first, widths)| (*first..=u16::MAX).zip(widths.iter().copied()))
            .collect();
        let mut drawn = BTreeMap::<u16, usize>::new();
        let (mut glyphs, mut widths) = (BTreeMap::new(), BTreeMap::new());
        for &cid in cids {
            let glyph = u16::from_be_bytes(*cid_to_gid.get(2 * usize::from(cid)..)?.first_chunk()?);
            let times = drawn.entry(glyph).or_default();
            let text = characters.lookup_string(cid.into()).unwrap_or_default();
            glyphs.insert(cid, Glyph { font: *times, glyph, text });
            widths.insert(glyph, advances.get(&cid).copied().unwrap_or(DEFAULT_WIDTH));
            *times += 1;
        }
        let short = |value: i32| value.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
        Some(Typeface {
            name: subset.base_font.to_owned(),
            file,
            bounds: subset.bounds.map(short),
            metrics: FontMetrics { ascent: short(subset.ascent), descent: short(subset.descent) },
            glyphs,
            widths,
        })
    }

    /// A font of thousandths of the em, whatever the file's own units are.
    fn font(&self) -> PdfFont {
        const UNITS: u16 = 1000;
        let mut font = ParsedFont::with_glyph_data(
            self.file.clone(),
            0,
            Some(self.name.clone()),
            BTreeMap::new(),
            self.widths.clone(),
            UNITS,
            self.metrics.clone(),
        );
        let metrics = &mut font.pdf_font_metrics;
        [metrics.x_min, metrics.y_min, metrics.x_max, metrics.y_max] = self.bounds;
        PdfFont::new(font)
    }
}

/// Inflates what is no longer than that.
fn inflate(deflated: &[u8], most: u64) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let read = ZlibDecoder::new(deflated).take(most + 1).read_to_end(&mut plain);
    read.ok().filter(|&length| length as u64 <= most).map(|_| plain)
}
