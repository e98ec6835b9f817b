//! The two faces and what can be asked of them.

use std::fmt;

use crate::characters;
use crate::entries::entries;
use crate::metrics::{self, Metrics};

/// Noto Sans SC Regular, weight 400.
pub static REGULAR: Face = Face {
    data: include_bytes!("../data/NotoSansSC-Regular.ttf"),
    postscript_name: "NotoSansSC-Regular",
    advances: entries(include_bytes!("../data/advances-regular.bin")),
    metrics: &metrics::REGULAR,
};

/// Noto Sans SC Bold, weight 700.
pub static BOLD: Face = Face {
    data: include_bytes!("../data/NotoSansSC-Bold.ttf"),
    postscript_name: "NotoSansSC-Bold",
    advances: entries(include_bytes!("../data/advances-bold.bin")),
    metrics: &metrics::BOLD,
};

/// One bundled face: a few references to static data, so a copy costs nothing.
///
/// Both faces share glyph ids and CIDs; they differ in outlines, advances and metrics.
#[derive(Clone, Copy)]
pub struct Face {
    data: &'static [u8],
    postscript_name: &'static str,
    /// Little-endian, one for each CID.
    advances: &'static [[u8; 2]],
    metrics: &'static Metrics,
}

impl Face {
    /// The TrueType file, with the tables that drawing and embedding need (no layout tables, no hinting).
    pub fn data(&self) -> &'static [u8] {
        self.data
    }

    /// The PostScript name, such as `NotoSansSC-Regular`.
    pub fn postscript_name(&self) -> &'static str {
        self.postscript_name
    }

    /// The CID of a character, or `None` when the typeface lacks it. Never 0.
    pub fn cid(&self, character: char) -> Option<u16> {
        characters::cid(character)
    }

    /// The glyph id, in [`data`](Self::data), that draws a CID: the CID itself below
    /// [`glyph_count`](Self::glyph_count), and 0 (the box for missing characters) from
    /// [`cid_count`](Self::cid_count) upward.
    pub fn glyph(&self, cid: u16) -> u16 {
        characters::glyph(cid)
    }

    /// The one character of a CID, or `None` for a glyph that no character maps to and for a CID out of range.
    pub fn character(&self, cid: u16) -> Option<char> {
        characters::character(cid)
    }

    /// The horizontal advance of a CID in font units ([`Metrics::units_per_em`]); 0 for a CID out of range.
    pub fn advance(&self, cid: u16) -> u16 {
        self.advances.get(usize::from(cid)).map_or(0, |entry| u16::from_le_bytes(*entry))
    }

    /// The number of glyphs in [`data`](Self::data).
    pub fn glyph_count(&self) -> u16 {
        characters::GLYPH_COUNT
    }

    /// The number of CIDs: those that are glyph ids, and above them one for each further character of a glyph.
    pub fn cid_count(&self) -> u16 {
        characters::CID_COUNT
    }

    /// The measures of the face as a whole.
    pub fn metrics(&self) -> &'static Metrics {
        self.metrics
    }
}

impl fmt::Debug for Face {
    // The name says it all; ten megabytes of outlines would not.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Face").field(&self.postscript_name).finish()
    }
}
