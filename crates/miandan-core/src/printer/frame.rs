//! A profile in a frame. The dot grid is that of the request, so that there are no two of them.

use super::{Graphics, Language, Media, Polarity, Profile};
use crate::label::Resolution;
use crate::pipe::{FrameReader, FrameWriter, PipeError};

impl Profile {
    pub(crate) fn encode(&self, writer: &mut FrameWriter<'_>) {
        writer.u8(self.language as u8);
        writer.u16(self.head);
        writer.u8((self.polarity == Polarity::BlackIsZero).into());
        writer.u8(self.graphics as u8);
        let (kind, lengths) = match self.media {
            Media::Gap { height, offset } => (0, [height, offset]),
            Media::Mark { height, offset } => (1, [height, offset]),
            Media::Continuous { feed } => (2, [feed, 0]),
        };
        writer.u8(kind);
        lengths.into_iter().chain(self.offset).for_each(|length| writer.i32(length));
        writer.u16(self.speed.map_or(UNSAID, u16::from));
        writer.u16(self.darkness.map_or(UNSAID, |darkness| (i32::from(darkness) + SHIFT) as u16));
        writer.u8(self.turned.into());
        writer.u16((i32::from(self.qr_offset) + SHIFT) as u16);
        writer.u8(self.reprint.map_or(2, u8::from));
    }

    /// Reads a profile that makes sense.
    pub(crate) fn decode(reader: &mut FrameReader<'_>, resolution: Resolution) -> Result<Self, PipeError> {
        let flag = |value| match value {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(PipeError::Unknown),
        };
        let language = *Language::ALL.get(usize::from(reader.u8()?)).ok_or(PipeError::Unknown)?;
        let head = reader.u16()?;
        let polarity = if flag(reader.u8()?)? { Polarity::BlackIsZero } else { Polarity::BlackIsOne };
        let graphics = *Graphics::ALL.get(usize::from(reader.u8()?)).ok_or(PipeError::Unknown)?;
        let kind = reader.u8()?;
        let [first, second] = [reader.i32()?, reader.i32()?];
        let media = match (kind, second) {
            (0, _) => Media::Gap { height: first, offset: second },
            (1, _) => Media::Mark { height: first, offset: second },
            (2, 0) => Media::Continuous { feed: first },
            _ => return Err(PipeError::Unknown),
        };
        let offset = [reader.i32()?, reader.i32()?];
        let speed = match reader.u16()? {
            UNSAID => None,
            speed => Some(u8::try_from(speed).map_err(|_| PipeError::Unknown)?),
        };
        let darkness = match reader.u16()? {
            UNSAID => None,
            darkness => Some(i16::try_from(i32::from(darkness) - SHIFT).map_err(|_| PipeError::Unknown)?),
        };
        let turned = flag(reader.u8()?)?;
        let qr_offset = i16::try_from(i32::from(reader.u16()?) - SHIFT).map_err(|_| PipeError::Unknown)?;
        let reprint = match reader.u8()? {
            2 => None,
            reprint => Some(flag(reprint)?),
        };
        let profile = Profile {
            language,
            resolution,
            head,
            polarity,
            graphics,
            media,
            speed,
            darkness,
            turned,
            offset,
            qr_offset,
            reprint,
        };
        profile.check().map_err(|_| PipeError::Unknown)?;
        Ok(profile)
    }
}

/// A speed or a darkness of which nothing is said.
const UNSAID: u16 = u16::MAX;

/// What is added to a number that may be less than nothing.
const SHIFT: i32 = 1 << 15;
