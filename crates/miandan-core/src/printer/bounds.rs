//! What a profile may say, and which labels a printer can print.
//!
//! The bounds are those of the manuals. A value outside is ignored by one printer, clipped by the next and hangs a third,
//! so nothing is sent at all.

use std::fmt;

use super::{Graphics, Language, Media, Profile};
use crate::label::{LabelSize, Micrometres, Resolution};

/// The longest side of a label in dots: a metre at 203 dpi. A picture is not drawn any larger.
pub const MOST_DOTS: u32 = 8000;

/// The longest gap or mark that a printer finds: TSPL has one inch.
const LONGEST_GAP: Micrometres = 25_400;

/// The farthest that QR codes are moved, in dots: a centimetre at 203 dpi.
const MOST_ASIDE: i32 = 80;

/// The farthest that a picture is moved, or paper fed after a label.
const FARTHEST: Micrometres = 100_000;

/// A profile contradicts itself: it says what its language cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {language} has {allowed}")]
pub struct ProfileError {
    /// The setting, as it is called in a profile's file.
    pub setting: &'static str,
    /// The language.
    pub language: Language,
    /// What it could be instead.
    pub allowed: Allowed,
}

/// What a setting may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// The language has no such command.
    Nothing,
    /// Numbers from the first to the last.
    Numbers(i32, i32),
    /// Lengths from the first to the last.
    Lengths(Micrometres, Micrometres),
    /// Forms of a picture.
    Graphics(&'static [Graphics]),
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millimetres = |length: Micrometres| f64::from(length) / 1e3;
        match *self {
            Allowed::Nothing => f.write_str("nothing"),
            Allowed::Numbers(least, most) => write!(f, "{least}..{most}"),
            Allowed::Lengths(least, most) => write!(f, "{}..{} mm", millimetres(least), millimetres(most)),
            Allowed::Graphics(forms) => {
                for (place, form) in forms.iter().enumerate() {
                    write!(f, "{}{form}", if place > 0 { ", " } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

/// A label that a printer cannot print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// The label has no dots.
    #[error("the label has no size")]
    Empty,
    /// The label, with the offset, is wider than the head.
    #[error("the label is {label} dots wide, the head {head}")]
    TooWide {
        /// The width of label and offset in dots.
        label: u32,
        /// The width of the head in dots.
        head: u32,
    },
    /// The label, with the offset, is longer than a picture may be.
    #[error("the label is {label} dots long, at most {most} can be printed")]
    TooLong {
        /// The length of label and offset in dots.
        label: u32,
        /// The most that can be printed.
        most: u32,
    },
}

impl Profile {
    /// Whether the profile makes sense.
    ///
    /// # Errors
    /// The first setting that the language does not have, or not with this value.
    pub fn check(&self) -> Result<(), ProfileError> {
        let numbers = |setting, value: Option<i32>, allowed: Option<(i32, i32)>| match (value, allowed) {
            (None, _) => Ok(()),
            (Some(_), None) => Err(self.error(setting, Allowed::Nothing)),
            (Some(value), Some((least, most))) if !(least..=most).contains(&value) => {
                Err(self.error(setting, Allowed::Numbers(least, most)))
            }
            _ => Ok(()),
        };
        // GS P tells it the dots of an inch in one byte.
        if self.language == Language::EscPos && self.resolution != Resolution::Dpi203 {
            return Err(self.error("dpi", Allowed::Numbers(203, 203)));
        }
        numbers("head_dots", Some(self.head.into()), Some((8, self.widest())))?;
        if !self.language.graphics().contains(&self.graphics) {
            return Err(self.error("graphics", Allowed::Graphics(self.language.graphics())));
        }
        // The counts of ZPL's forms and its field origin are about ink, so a picture the other way round is no picture.
        if self.language == Language::Zpl && self.polarity != self.language.polarity() {
            return Err(self.error("black", Allowed::Numbers(1, 1)));
        }
        numbers("speed", self.speed.map(i32::from), self.language.speeds())?;
        numbers("qr_offset_dots", Some(self.qr_offset.into()), Some((-MOST_ASIDE, MOST_ASIDE)))?;
        numbers("darkness", self.darkness.map(i32::from), self.language.darknesses())?;
        if self.turned && matches!(self.language, Language::Cpcl | Language::EscPos) {
            return Err(self.error("turned", Allowed::Nothing));
        }
        if self.reprint.is_some() && !matches!(self.language, Language::Tspl | Language::Zpl) {
            return Err(self.error("reprint", Allowed::Nothing));
        }
        self.check_lengths()
    }

    fn check_lengths(&self) -> Result<(), ProfileError> {
        let lengths = |setting, value: Micrometres, (least, most): (Micrometres, Micrometres)| {
            if (least..=most).contains(&value) {
                return Ok(());
            }
            let allowed = if most == 0 { Allowed::Nothing } else { Allowed::Lengths(least, most) };
            Err(self.error(setting, allowed))
        };
        // ESC/POS prints line by line and has no place on the paper to begin from.
        let down = if self.language == Language::EscPos { 0 } else { FARTHEST };
        lengths("offset_mm", self.offset[0], (0, FARTHEST))?;
        lengths("offset_mm", self.offset[1], (0, down))?;
        match self.media {
            Media::Gap { height, offset } | Media::Mark { height, offset } => {
                lengths("gap_mm", height, self.gaps())?;
                let farthest = match self.language {
                    Language::Tspl | Language::Epl2 => LONGEST_GAP,
                    Language::Zpl | Language::Cpcl | Language::EscPos => 0,
                };
                lengths("gap_offset_mm", offset, (0, farthest))
            }
            Media::Continuous { feed } => lengths("feed_mm", feed, (0, FARTHEST)),
        }
    }

    /// How high a gap or a mark may be. The printer of a language that does not name it finds it by itself.
    fn gaps(&self) -> (Micrometres, Micrometres) {
        match self.language {
            // EPL2 Programming Guide, Q: 16 to 240 dots at 203 dpi, 18 to 240 at 300.
            Language::Epl2 => {
                let least = if self.resolution == Resolution::Dpi203 { 16 } else { 18 };
                (self.resolution.micrometres(least), self.resolution.micrometres(240).min(LONGEST_GAP))
            }
            _ => (0, LONGEST_GAP),
        }
    }

    /// The widest head that a language can name.
    fn widest(&self) -> i32 {
        match self.language {
            // GS v 0 has a byte for the bytes of a row that every printer reads; some ignore the next one.
            Language::EscPos => 255 * 8,
            _ => MOST_DOTS as i32,
        }
    }

    fn error(&self, setting: &'static str, allowed: Allowed) -> ProfileError {
        ProfileError { setting, language: self.language, allowed }
    }

    /// Whether labels of a size can be printed.
    ///
    /// # Errors
    /// [`FitError`].
    pub fn fits(&self, size: LabelSize) -> Result<(), FitError> {
        let dots = [size.width, size.height].map(|length| self.resolution.dots(length));
        let [Ok(width), Ok(height)] = dots.map(u32::try_from) else { return Err(FitError::Empty) };
        self.fits_dots([width, height])
    }

    /// Whether a picture of so many dots, across and down, can be printed.
    ///
    /// # Errors
    /// [`FitError`].
    pub fn fits_dots(&self, [width, height]: [u32; 2]) -> Result<(), FitError> {
        if width == 0 || height == 0 {
            return Err(FitError::Empty);
        }
        let offset = self.offset_dots();
        let head = u32::from(self.head);
        let (across, down) = (width.saturating_add(offset[0]), height.saturating_add(offset[1]));
        if across > head {
            return Err(FitError::TooWide { label: across, head });
        }
        if down > MOST_DOTS {
            return Err(FitError::TooLong { label: down, most: MOST_DOTS });
        }
        Ok(())
    }
}

impl Language {
    /// The speeds: inches a second in TSPL and ZPL, steps of the printer in CPCL and EPL2.
    const fn speeds(self) -> Option<(i32, i32)> {
        match self {
            // TSPL/TSPL2 Programming Manual, SPEED: up to 18 on the fastest models.
            Language::Tspl => Some((1, 18)),
            // ZPL II Programming Guide, ^PR.
            Language::Zpl => Some((2, 14)),
            // CPCL Programming Manual, SPEED.
            Language::Cpcl => Some((0, 5)),
            // EPL2 Programming Guide, S: 0 to 6 over all models.
            Language::Epl2 => Some((0, 6)),
            Language::EscPos => None,
        }
    }

    /// The darknesses.
    const fn darknesses(self) -> Option<(i32, i32)> {
        match self {
            // DENSITY of TSPL, D of EPL2.
            Language::Tspl | Language::Epl2 => Some((0, 15)),
            // ^MD: added to what is set on the printer.
            Language::Zpl => Some((-30, 30)),
            // TONE.
            Language::Cpcl => Some((-99, 200)),
            Language::EscPos => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(language: Language) -> Profile {
        Profile::plain(language, Resolution::Dpi203, 832)
    }

    #[test]
    fn plain_profiles_make_sense() {
        for language in Language::ALL {
            assert_eq!(plain(language).check(), Ok(()));
            let fine = Profile { resolution: Resolution::Dpi300, ..plain(language) };
            assert_eq!(fine.check().is_ok(), language != Language::EscPos);
            assert_eq!(language.as_str().parse(), Ok(language));
        }
    }

    #[test]
    fn contradictions_are_named() {
        let wrong = |profile: Profile| profile.check().unwrap_err();
        for (language, change, setting, allowed) in [
            (Language::Tspl, (|profile| profile.head = 0) as fn(&mut Profile), "head_dots", "8..8000"),
            (Language::EscPos, |profile| profile.head = 2041, "head_dots", "8..2040"),
            (Language::Tspl, |profile| profile.graphics = Graphics::Z64, "graphics", "binary, zlib"),
            (Language::Zpl, |profile| profile.graphics = Graphics::Zlib, "graphics", "run-length, hex, z64"),
            (
                Language::Zpl,
                |profile| profile.polarity = super::super::Polarity::BlackIsZero,
                "black",
                "1..1",
            ),
            (Language::Tspl, |profile| profile.speed = Some(0), "speed", "1..18"),
            (Language::EscPos, |profile| profile.speed = Some(4), "speed", "nothing"),
            (Language::Epl2, |profile| profile.darkness = Some(16), "darkness", "0..15"),
            (Language::Cpcl, |profile| profile.turned = true, "turned", "nothing"),
            (Language::Epl2, |profile| profile.reprint = Some(false), "reprint", "nothing"),
            (Language::Tspl, |profile| profile.offset = [-1, 0], "offset_mm", "0..100 mm"),
            (Language::EscPos, |profile| profile.offset = [0, 125], "offset_mm", "nothing"),
            (Language::Zpl, |profile| profile.qr_offset = -81, "qr_offset_dots", "-80..80"),
            (
                Language::Epl2,
                |profile| profile.media = Media::Gap { height: 1875, offset: 0 },
                "gap_mm",
                "2..25.4 mm",
            ),
            (
                Language::Zpl,
                |profile| profile.media = Media::Mark { height: 3000, offset: 125 },
                "gap_offset_mm",
                "nothing",
            ),
            (
                Language::Cpcl,
                |profile| profile.media = Media::Continuous { feed: 100_001 },
                "feed_mm",
                "0..100 mm",
            ),
        ] {
            let mut profile = plain(language);
            change(&mut profile);
            let error = wrong(profile);
            assert_eq!((error.setting, error.allowed.to_string().as_str()), (setting, allowed), "{error}");
        }
    }

    #[test]
    fn a_label_fits_to_the_last_dot() {
        let mut profile = plain(Language::Tspl);
        assert_eq!(profile.fits(LabelSize::millimetres(104, 1000)), Ok(()));
        profile.offset = [125, 0];
        assert_eq!(
            profile.fits(LabelSize::millimetres(104, 10)),
            Err(FitError::TooWide { label: 833, head: 832 })
        );
        assert_eq!(
            profile.fits(LabelSize::millimetres(10, 1001)),
            Err(FitError::TooLong { label: 8008, most: 8000 })
        );
        for size in
            [LabelSize::millimetres(0, 10), LabelSize::millimetres(10, 0), LabelSize::millimetres(-1, 10)]
        {
            assert_eq!(profile.fits(size), Err(FitError::Empty), "{size:?}");
        }
        assert!(profile.fits(LabelSize { width: i32::MAX, height: i32::MAX }).is_err());
    }
}
