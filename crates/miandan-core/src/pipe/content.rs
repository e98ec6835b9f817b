//! What a label is made of: an order or data in clear, a sender beside it, and areas over it.

use super::codec::{FrameReader, FrameWriter, PipeError};
use crate::label::LabelNumber;
use crate::number::RunningNumber;
use crate::stamp::Stamp;

/// Areas over one label at most.
pub const MAX_AREAS: usize = 4;

/// The longest data in clear, of a label or of one of its areas, in bytes.
pub const MAX_DATA: usize = 64 << 10;

/// The longest sender, in bytes: a few short texts and what a client puts around them.
pub const MAX_SENDER: usize = 8 << 10;

/// What the labels of a template are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TemplateKind {
    /// A waybill: `_data` has the members of a waybill and no others.
    #[default]
    Waybill,
    /// Data in clear of any shape. Only such a template can be an area over a label.
    Free,
}

/// One label of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderLabel<'b> {
    /// What the label carries beside its order. What expires is measured against `now` alone, not against its time.
    pub stamp: Stamp,
    /// What it is a label of.
    pub content: LabelContent<'b>,
    /// A sender that stands for the one of the content: one JSON object as a client sent it, at most [`MAX_SENDER`].
    pub sender: Option<&'b [u8]>,
    /// What is drawn over the first page, in this order; at most [`MAX_AREAS`].
    pub areas: Vec<LabelArea<'b>>,
}

/// What a label is a label of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelContent<'b> {
    /// A sealed order, one JSON object as it came.
    Sealed(&'b [u8]),
    /// Data in clear, one JSON value as it came, at most [`MAX_DATA`]. It is masked before a template sees it.
    Plain(&'b [u8]),
}

/// An area over a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelArea<'b> {
    /// Number of an accepted template of the kind [`TemplateKind::Free`].
    pub template: u16,
    /// Its data in clear, one JSON value as it came, at most [`MAX_DATA`].
    pub data: &'b [u8],
}

/// Which of the things that a label is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LabelPart {
    /// The order or the data, with the template of the block.
    #[default]
    Content,
    /// The sender beside it.
    Sender,
    /// An area, from 0.
    Area(u8),
}

impl<'b> RenderLabel<'b> {
    /// A label of a sealed order and nothing else.
    #[must_use]
    pub const fn sealed(stamp: Stamp, order: &'b [u8]) -> Self {
        RenderLabel { stamp, content: LabelContent::Sealed(order), sender: None, areas: Vec::new() }
    }

    pub(super) fn encode(&self, writer: &mut FrameWriter<'_>) {
        encode_stamp(&self.stamp, writer);
        let (kind, bytes) = match self.content {
            LabelContent::Sealed(order) => (0, order),
            LabelContent::Plain(data) => (1, data),
        };
        writer.u8(kind);
        writer.bytes(bytes);
        writer.u8(self.sender.is_some().into());
        self.sender.iter().for_each(|sender| writer.bytes(sender));
        // What is too much stays too much: the other side refuses it.
        writer.u8(u8::try_from(self.areas.len()).unwrap_or(u8::MAX));
        for area in &self.areas {
            writer.u16(area.template);
            writer.bytes(area.data);
        }
    }

    pub(super) fn decode(reader: &mut FrameReader<'b>) -> Result<Self, PipeError> {
        let stamp = decode_stamp(reader)?;
        let content = match reader.u8()? {
            0 => LabelContent::Sealed(reader.bytes()?),
            1 => LabelContent::Plain(at_most(MAX_DATA, reader)?),
            _ => return Err(PipeError::Unknown),
        };
        let sender = match reader.u8()? {
            0 => None,
            1 => Some(at_most(MAX_SENDER, reader)?),
            _ => return Err(PipeError::Unknown),
        };
        let count = usize::from(reader.u8()?);
        if count > MAX_AREAS {
            return Err(PipeError::TooLong);
        }
        let area = |_| Ok(LabelArea { template: reader.u16()?, data: at_most(MAX_DATA, reader)? });
        Ok(RenderLabel { stamp, content, sender, areas: (0..count).map(area).collect::<Result<_, _>>()? })
    }
}

fn at_most<'b>(most: usize, reader: &mut FrameReader<'b>) -> Result<&'b [u8], PipeError> {
    let bytes = reader.bytes()?;
    if bytes.len() > most { Err(PipeError::TooLong) } else { Ok(bytes) }
}

impl TemplateKind {
    pub(super) fn encode(self, writer: &mut FrameWriter<'_>) {
        writer.u8(match self {
            TemplateKind::Waybill => 0,
            TemplateKind::Free => 1,
        });
    }

    pub(super) fn decode(reader: &mut FrameReader<'_>) -> Result<Self, PipeError> {
        match reader.u8()? {
            0 => Ok(TemplateKind::Waybill),
            1 => Ok(TemplateKind::Free),
            _ => Err(PipeError::Unknown),
        }
    }
}

impl LabelPart {
    /// Its number on the pipe.
    pub(super) fn number(self) -> u8 {
        match self {
            LabelPart::Content => 0,
            LabelPart::Sender => 1,
            LabelPart::Area(place) => place.saturating_add(2),
        }
    }

    pub(super) fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => LabelPart::Content,
            1 => LabelPart::Sender,
            _ => LabelPart::Area(Some(number - 2).filter(|&place| usize::from(place) < MAX_AREAS)?),
        })
    }
}

/// Bytes of a stamp.
pub(super) const STAMP: usize = 28;

fn encode_stamp(stamp: &Stamp, writer: &mut FrameWriter<'_>) {
    writer.u32(stamp.number.index);
    writer.u32(stamp.number.count);
    // There is no day 0, so it says that there is no number.
    let (day, batch, position) = stamp
        .running
        .map_or((0, 0, 0), |RunningNumber { batch, position }| (batch.day.yymmdd(), batch.number, position));
    writer.u32(day);
    writer.u16(batch);
    writer.u32(position);
    writer.u64(stamp.printed_at);
    writer.u16(stamp.copy);
}

fn decode_stamp(reader: &mut FrameReader<'_>) -> Result<Stamp, PipeError> {
    let number = LabelNumber { index: reader.u32()?, count: reader.u32()? };
    let running = match (reader.u32()?, reader.u16()?, reader.u32()?) {
        (0, 0, 0) => None,
        (day, batch, position) => Some(RunningNumber::new(day, batch, position).ok_or(PipeError::Unknown)?),
    };
    Ok(Stamp { number, running, printed_at: reader.u64()?, copy: reader.u16()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(label: &RenderLabel<'_>) -> Result<(), PipeError> {
        let mut frame = Vec::new();
        let mut writer = FrameWriter::new(&mut frame, 0);
        label.encode(&mut writer);
        writer.finish();
        let mut reader = FrameReader::new(&frame[5..]);
        assert_eq!(&RenderLabel::decode(&mut reader)?, label);
        reader.finish()
    }

    #[test]
    fn what_is_too_long_is_refused() {
        let plain = |data| RenderLabel {
            content: LabelContent::Plain(data),
            ..RenderLabel::sealed(Stamp::first(LabelNumber { index: 1, count: 1 }, 0), b"")
        };
        let long = vec![b' '; MAX_DATA + 1];
        let area = |data| LabelArea { template: 0, data };
        let fits = RenderLabel {
            sender: Some(&long[..MAX_SENDER]),
            areas: vec![area(&long[..MAX_DATA]); MAX_AREAS],
            ..plain(&long[..MAX_DATA])
        };
        assert_eq!(decoded(&fits), Ok(()));
        for label in [
            plain(&long),
            RenderLabel { sender: Some(&long[..=MAX_SENDER]), ..fits.clone() },
            RenderLabel { areas: vec![area(&long)], ..fits.clone() },
            RenderLabel { areas: vec![area(b""); MAX_AREAS + 1], ..fits.clone() },
            RenderLabel { areas: vec![area(b""); 300], ..fits },
        ] {
            assert_eq!(decoded(&label), Err(PipeError::TooLong));
        }
    }

    #[test]
    fn parts_have_numbers() {
        let areas = (0..MAX_AREAS as u8).map(LabelPart::Area);
        for part in [LabelPart::Content, LabelPart::Sender].into_iter().chain(areas) {
            assert_eq!(LabelPart::from_number(part.number()), Some(part));
        }
        assert_eq!(LabelPart::from_number(2 + MAX_AREAS as u8), None);
        assert_eq!(LabelPart::from_number(u8::MAX), None);
    }
}
