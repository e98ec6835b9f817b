//! A symbol that was read, and what was measured of it.

use crate::page::Area;

/// Which symbology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Code 128 (ISO/IEC 15417).
    Code128,
    /// EAN or UPC (ISO/IEC 15420).
    Ean,
    /// Code 39 (ISO/IEC 16388).
    Code39,
    /// Code 93.
    Code93,
    /// Interleaved 2 of 5 (ISO/IEC 16390).
    Interleaved,
    /// Codabar.
    Codabar,
    /// QR Code (ISO/IEC 18004).
    Qr,
    /// Data Matrix (ISO/IEC 16022).
    DataMatrix,
    /// Aztec (ISO/IEC 24778).
    Aztec,
    /// PDF417 (ISO/IEC 15438).
    Pdf417,
}

impl Kind {
    /// The stable name, as templates have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Code128 => "code128",
            Kind::Ean => "ean",
            Kind::Code39 => "code39",
            Kind::Code93 => "code93",
            Kind::Interleaved => "itf",
            Kind::Codabar => "codabar",
            Kind::Qr => "qrcode",
            Kind::DataMatrix => "datamatrix",
            Kind::Aztec => "aztec",
            Kind::Pdf417 => "pdf417",
        }
    }

    /// Whether it is bars side by side.
    #[must_use]
    pub const fn is_linear(self) -> bool {
        !matches!(self, Kind::Qr | Kind::DataMatrix | Kind::Aztec | Kind::Pdf417)
    }

    /// How many modules stay free around it: on either side of a linear one, on all of the others.
    #[must_use]
    pub const fn quiet_zone(self) -> f64 {
        match self {
            Kind::Qr => 4.0,
            Kind::DataMatrix => 1.0,
            Kind::Aztec => 0.0,
            Kind::Pdf417 => 2.0,
            Kind::Ean => 7.0,
            Kind::Code128 | Kind::Code39 | Kind::Code93 | Kind::Interleaved | Kind::Codabar => 10.0,
        }
    }
}

/// A symbol on a page. Lengths are pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// Which symbology.
    pub kind: Kind,
    /// What it says.
    pub text: String,
    /// Where it stands, without its quiet zone.
    pub area: Area,
    /// Whether bars lie, so that it is read from top to bottom or from bottom to top.
    pub turned: bool,
    /// The width of a module: the mean over the symbol, so that it is finer than a pixel.
    pub module: f64,
    /// How many modules around it are free, at the side where there are fewest. None where that cannot be told: at
    /// slanted symbols.
    pub quiet: Option<f64>,
    /// By how much of a module the worst bar or space is wider or narrower than it should be. None for those whose
    /// widths are not whole modules.
    pub uneven: Option<f64>,
    /// How much lighter its paper is than its ink, of white against black: 0 to 1 (symbol contrast of ISO/IEC 15416).
    pub contrast: f64,
}

impl Symbol {
    /// How long its bars are; the height of a matrix.
    #[must_use]
    pub fn height(&self) -> usize {
        if self.turned { self.area.width() } else { self.area.height() }
    }
}
