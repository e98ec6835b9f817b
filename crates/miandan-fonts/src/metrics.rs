//! Measures of a face as a whole. They are few, so they stand here; a test compares them with the fonts.

/// Measures of a face, in font units ([`units_per_em`](Self::units_per_em) of them make the font size), y upward
/// from the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// Font units in the font size.
    pub units_per_em: u16,
    /// Weight class (400 regular, 700 bold).
    pub weight: u16,
    /// Top of a line that clears every accent (`hhea` ascender). PDF `Ascent`.
    pub ascent: i16,
    /// Bottom of such a line, negative (`hhea` descender). PDF `Descent`.
    pub descent: i16,
    /// Top of the square in which ideographs are designed (`OS/2` typographic ascender).
    pub ideographic_top: i16,
    /// Bottom of that square, negative (`OS/2` typographic descender).
    pub ideographic_bottom: i16,
    /// Height of `H`. PDF `CapHeight`.
    pub cap_height: i16,
    /// Height of `x`. PDF `XHeight`.
    pub x_height: i16,
    /// Left, bottom, right and top of all glyphs laid over each other. PDF `FontBBox`.
    pub bbox: [i16; 4],
    /// Thickness of the stem of `I`. PDF `StemV`.
    pub stem_v: i16,
    /// Top of the underline, negative (`post`).
    pub underline_position: i16,
    /// Thickness of the underline (`post`).
    pub underline_thickness: i16,
}

pub(crate) static REGULAR: Metrics = Metrics {
    units_per_em: 1000,
    weight: 400,
    ascent: 1160,
    descent: -288,
    ideographic_top: 880,
    ideographic_bottom: -120,
    cap_height: 733,
    x_height: 543,
    bbox: [-1002, -1048, 2928, 1808],
    stem_v: 92,
    underline_position: -125,
    underline_thickness: 50,
};

pub(crate) static BOLD: Metrics =
    Metrics { weight: 700, bbox: [-1013, -1046, 2926, 1806], stem_v: 148, ..REGULAR };
