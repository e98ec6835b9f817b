//! Labels: how large, at which resolution, in which form, and which number of a batch.

use crate::printer::Profile;

/// A length on the label in micrometres. The origin is the top left corner; y grows downwards.
pub type Micrometres = i32;

/// The size of a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LabelSize {
    /// Width in micrometres.
    pub width: Micrometres,
    /// Height in micrometres.
    pub height: Micrometres,
}

impl LabelSize {
    /// A size in whole millimetres.
    #[must_use]
    pub const fn millimetres(width: i32, height: i32) -> Self {
        LabelSize { width: width * 1000, height: height * 1000 }
    }
}

/// The dot grid of a thermal print head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// 203 dpi: the firmware counts 8 dots a millimetre, so a dot is exactly 125 µm.
    #[default]
    Dpi203,
    /// 300 dpi: 300 dots an inch, so a dot is 84 ⅔ µm.
    Dpi300,
}

impl Resolution {
    /// Dots in one inch as the word is used in the trade (203 stands for 203.2).
    #[must_use]
    pub const fn dpi(self) -> u32 {
        match self {
            Resolution::Dpi203 => 203,
            Resolution::Dpi300 => 300,
        }
    }

    /// The resolution of a number on the command line.
    #[must_use]
    pub const fn from_dpi(dpi: u32) -> Option<Self> {
        match dpi {
            203 => Some(Resolution::Dpi203),
            300 => Some(Resolution::Dpi300),
            _ => None,
        }
    }

    /// One dot as the fraction (numerator, denominator) of a micrometre.
    #[must_use]
    pub const fn dot(self) -> (i32, i32) {
        match self {
            Resolution::Dpi203 => (125, 1),
            Resolution::Dpi300 => (254, 3),
        }
    }

    /// Dots of a millimetre, where a picture is measured and whole dots are the question.
    #[must_use]
    pub fn dots_per_millimetre(self) -> f64 {
        let (numerator, denominator) = self.dot();
        f64::from(denominator) * 1e3 / f64::from(numerator)
    }

    /// The dot on which a length falls, rounded to the nearest.
    #[must_use]
    pub const fn dots(self, length: Micrometres) -> i32 {
        let (numerator, denominator) = self.dot();
        let scaled = length as i64 * denominator as i64 * 2 + numerator as i64;
        scaled.div_euclid(numerator as i64 * 2) as i32
    }

    /// Where a dot begins, rounded to the micrometre.
    #[must_use]
    pub const fn micrometres(self, dots: i32) -> Micrometres {
        let (numerator, denominator) = self.dot();
        let scaled = dots as i64 * numerator as i64 * 2 + denominator as i64;
        scaled.div_euclid(denominator as i64 * 2) as i32
    }

    /// The length moved to the nearest dot.
    #[must_use]
    pub const fn snap(self, length: Micrometres) -> Micrometres {
        self.micrometres(self.dots(length))
    }
}

/// In which form a component answers a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A deflated page stream; the host puts the pages into one PDF.
    Pdf,
    /// A one-bit PNG.
    Png,
    /// What a label printer is sent.
    Printer(Profile),
    /// What stands where on a page (`miandan_render::wire`), for an encoder in the host.
    Frame,
}

/// What a label is drawn for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To be put on a parcel.
    #[default]
    Print,
    /// To be looked at: symbols are covered by the word 预览, and nothing of the detail line of an address is shown.
    Preview,
}

/// Which label of a batch this is, for `n/m` on the label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LabelNumber {
    /// Position in the batch, from 1.
    pub index: u32,
    /// Labels in the batch.
    pub count: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_of_76_by_130_millimetres_is_608_by_1040_dots_at_203_dpi() {
        let size = LabelSize::millimetres(76, 130);
        assert_eq!(Resolution::Dpi203.dots(size.width), 608);
        assert_eq!(Resolution::Dpi203.dots(size.height), 1040);
        assert_eq!(Resolution::Dpi300.dots(size.width), 898);
        assert_eq!(Resolution::Dpi300.dots(size.height), 1535);
    }

    #[test]
    fn snapping_is_stable() {
        for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
            for length in -500..5000 {
                let snapped = resolution.snap(length);
                assert_eq!(resolution.snap(snapped), snapped, "{length} at {resolution:?}");
                assert!((snapped - length).abs() <= 63, "{length} at {resolution:?}");
            }
        }
    }
}
