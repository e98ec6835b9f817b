//! Label printers: which language one speaks, and what has to be known of it before anything is sent.
//!
//! A [`Profile`] is data: it says nothing that follows from the language or from the label.
//! Profiles come from outside, so [`Profile::check`] stands between them and an encoder, and [`Profile::fits`] between an
//! encoder and a label.

mod bounds;
mod frame;
mod language;
mod sending;

pub use bounds::{Allowed, FitError, MOST_DOTS, ProfileError};
pub use language::{Graphics, Language, Polarity};
pub use sending::{Pacing, StatusDialect};

use crate::label::{LabelSize, Micrometres, Resolution};

/// A printer, as far as the bytes for it depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    /// The language that it is spoken to in.
    pub language: Language,
    /// Its dot grid.
    pub resolution: Resolution,
    /// The width of its head in dots: nothing is printed beyond.
    pub head: u16,
    /// Which bit is a black dot. The manual of the language says so; firmware that has it the other way round exists.
    pub polarity: Polarity,
    /// How the picture is written down.
    pub graphics: Graphics,
    /// What the labels are on, and how their beginning is found.
    pub media: Media,
    /// The speed in the steps of the language; left as it is on the printer if nothing is said.
    pub speed: Option<u8>,
    /// The darkness in the steps of the language; left as it is on the printer if nothing is said.
    pub darkness: Option<i16>,
    /// Whether labels leave the printer with the other end first.
    pub turned: bool,
    /// How far the picture is moved to the right and down.
    pub offset: [Micrometres; 2],
    /// By how many dots QR codes are moved to the right, or to the left: away from a dead dot of the head. By as many as
    /// there is white paper for.
    pub qr_offset: i16,
    /// Whether the printer itself prints again a label that was spoilt by an error; as it is set there if nothing is said.
    /// A copy that nobody asked for is a parcel with two labels.
    pub reprint: Option<bool>,
}

/// What labels are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Media {
    /// Labels on a liner, with a gap between them.
    Gap {
        /// The height of the gap.
        height: Micrometres,
        /// How far the labels begin from the end of the gap.
        offset: Micrometres,
    },
    /// Black marks on the back.
    Mark {
        /// The height of the mark.
        height: Micrometres,
        /// How far the labels begin from the end of the mark.
        offset: Micrometres,
    },
    /// Endless paper.
    Continuous {
        /// How far the paper is moved on after each label.
        feed: Micrometres,
    },
}

impl Profile {
    /// The plainest printer that speaks a language: nothing is set but what a label cannot do without.
    #[must_use]
    pub const fn plain(language: Language, resolution: Resolution, head: u16) -> Self {
        Profile {
            language,
            resolution,
            head,
            polarity: language.polarity(),
            graphics: language.graphics()[0],
            media: match language {
                Language::EscPos => Media::Continuous { feed: 0 },
                _ => Media::Gap { height: 2000, offset: 0 },
            },
            speed: None,
            darkness: None,
            turned: false,
            offset: [0, 0],
            qr_offset: 0,
            reprint: None,
        }
    }

    /// The offset in whole dots.
    #[must_use]
    pub fn offset_dots(&self) -> [u32; 2] {
        self.offset.map(|length| u32::try_from(self.resolution.dots(length)).unwrap_or(0))
    }

    /// A number of bytes that a label of a size does not exceed: for how much memory to have, not for the printer.
    #[must_use]
    pub fn most_bytes(&self, size: LabelSize) -> usize {
        let [width, height] = [size.width, size.height].map(|length| {
            let dots = usize::try_from(self.resolution.dots(length)).unwrap_or(0);
            dots.min(MOST_DOTS as usize)
        });
        let digits = match self.graphics {
            Graphics::Binary | Graphics::Zlib => 1,
            Graphics::Hex | Graphics::RunLength | Graphics::Z64 => 2,
        };
        width.div_ceil(8) * height * digits + COMMANDS
    }
}

/// Room for what stands around a picture, band by band.
const COMMANDS: usize = 1024;
