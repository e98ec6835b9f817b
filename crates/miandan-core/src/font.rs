//! Fonts that a caller brings, and characters that no font has.

use std::fmt;

/// The largest font file, in bytes. SimSun with its collection is 18 MB, the largest of the free Chinese ones 30.
pub const MAX_FONT: usize = 32 << 20;

macro_rules! problems {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $text:literal,)+) => {
        /// Why a font is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
        #[non_exhaustive]
        pub enum FontProblem { $($(#[$doc])* #[error($text)] $variant = $number,)+ }

        impl FontProblem {
            /// Every problem, in the order of their numbers.
            pub const ALL: &'static [FontProblem] = &[$(FontProblem::$variant,)+];

            /// The number on the pipe.
            #[must_use]
            pub const fn number(self) -> u8 {
                self as u8
            }

            /// The problem of a number, if there is one.
            #[must_use]
            pub const fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(FontProblem::$variant),)+ _ => None }
            }
        }
    };
}

problems! {
    /// No font file, or a damaged one.
    NotAFont = 1 "not a TrueType font",
    /// The outlines are PostScript curves (CFF), or the font has pictures only.
    NoOutlines = 2 "the font has no TrueType outlines",
    /// A variable font: which of its weights is meant is not said.
    Variable = 3 "a variable font cannot be used",
    /// The font itself says so (OpenType, `OS/2`, `fsType`).
    NotEmbeddable = 4 "the font does not allow to be embedded in part",
    /// No Unicode character map, or an empty one.
    NoCharacters = 5 "the font has no Unicode character map",
    /// Larger than [`MAX_FONT`].
    TooLarge = 6 "the font is larger than 32 MiB",
    /// More fonts than a component takes.
    TooMany = 7 "more than 8 fonts",
}

/// What stands for a character that no font has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MissingGlyph {
    /// Nothing: the label is refused (`GLYPH_MISSING`). A name that cannot be read is not handed over.
    #[default]
    Refuse,
    /// A box □, which is reported with the field.
    Box,
}

impl MissingGlyph {
    /// Every policy.
    pub const ALL: &'static [MissingGlyph] = &[MissingGlyph::Refuse, MissingGlyph::Box];

    /// Its word on a command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            MissingGlyph::Refuse => "refuse",
            MissingGlyph::Box => "box",
        }
    }
}

impl fmt::Display for MissingGlyph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_go_both_ways() {
        for &problem in FontProblem::ALL {
            assert_eq!(FontProblem::from_number(problem.number()), Some(problem));
        }
        assert_eq!(FontProblem::from_number(0), None);
    }
}
