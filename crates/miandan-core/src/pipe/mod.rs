//! Frames on the socket pair between a host and a component.
//!
//! A frame is a length (4 bytes, little endian, of what follows), a kind (1 byte) and a body.
//! A conversation is in lock step: the component speaks first ([`Answer::Ready`] or [`Answer::Refused`]), then the
//! host asks and the component answers, one frame each.
//! Both sides come out of one build, so there is no negotiation: another [`PROTOCOL`] is refused.
//!
//! A frame that breaks a rule is a [`PipeError`]: the component ends, the host starts another one.

mod answer;
mod codec;
mod content;
mod fonts;
mod form;
mod labels;
mod limit;
mod pages;
mod request;
mod state;
mod warnings;

use std::io::{self, Read, Write};

pub use answer::{Answer, Ready, TemplateReady};
pub use codec::PipeError;
pub(crate) use codec::{FrameReader, FrameWriter};
pub use content::{
    LabelArea, LabelContent, LabelPart, MAX_AREAS, MAX_DATA, MAX_SENDER, RenderLabel, TemplateKind,
};
pub use fonts::{FaceUse, FontSubset};
pub use form::PageForm;
pub use labels::{Failure, LabelAnswer, LabelsEncoder, Place};
pub use limit::PrintLimit;
pub use pages::Pages;
pub use request::Request;
pub use state::{StateAnswer, StatusOfIssuer, Subject};
pub use warnings::{LabelWarning, Warnings};

/// The version of the conversation.
pub const PROTOCOL: u16 = 12;

/// The longest request, in bytes: a block of 64 orders of 64 KiB, with room for a template beside it. Of labels with areas
/// full of data fewer fit.
pub const MAX_REQUEST: usize = 8 << 20;

/// The most of a font in one request, in bytes; a larger one comes in parts.
pub const FONT_PART: usize = 4 << 20;

/// The longest answer, in bytes: a block of pictures, or the font subsets of a large batch. Both faces whole are 14 MiB
/// deflated, a block of 64 full-page pictures of noise at 300 dpi 20 MiB.
pub const MAX_ANSWER: usize = 32 << 20;

/// Pages of one label at most.
pub const MAX_PAGES: usize = 100;

/// Labels in one request at most. Larger blocks gain nothing and make a component that dies cost more.
pub const MAX_BLOCK: usize = 64;

/// Reads one frame into `buffer` and answers its kind and body.
///
/// # Errors
/// [`PipeError::Closed`] if the stream ends before a frame begins; [`PipeError::Io`] if it ends inside one or
/// cannot be read; [`PipeError::TooLong`] if the frame is longer than `limit`.
pub fn read_frame<'b>(
    stream: &mut impl Read,
    buffer: &'b mut Vec<u8>,
    limit: usize,
) -> Result<(u8, &'b [u8]), PipeError> {
    let mut length = [0; 4];
    let mut filled = 0;
    while filled < length.len() {
        match stream.read(&mut length[filled..]) {
            Ok(0) if filled == 0 => return Err(PipeError::Closed),
            Ok(0) => return Err(PipeError::Io(io::ErrorKind::UnexpectedEof)),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(PipeError::Io(error.kind())),
        }
    }
    let length = u32::from_le_bytes(length) as usize;
    if length == 0 {
        return Err(PipeError::Truncated);
    }
    if length > limit {
        return Err(PipeError::TooLong);
    }
    buffer.resize(length, 0);
    stream.read_exact(buffer).map_err(|error| PipeError::Io(error.kind()))?;
    Ok((buffer[0], &buffer[1..]))
}

/// Writes a frame that was encoded with its length and kind in front.
///
/// # Errors
/// [`PipeError::Io`] if the stream cannot be written.
pub fn write_frame(stream: &mut impl Write, frame: &[u8]) -> Result<(), PipeError> {
    stream.write_all(frame).and_then(|()| stream.flush()).map_err(|error| PipeError::Io(error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_survives_the_stream() {
        let mut frame = Vec::new();
        let asked = Request::Template { kind: TemplateKind::Waybill, source: b"<page/>" };
        asked.encode(&mut frame);
        let mut buffer = Vec::new();
        let (kind, body) = read_frame(&mut frame.as_slice(), &mut buffer, MAX_REQUEST).unwrap();
        assert_eq!(Request::decode(kind, body), Ok(asked));
    }

    #[test]
    fn the_end_of_the_stream_is_told_from_a_broken_frame() {
        let mut buffer = Vec::new();
        assert_eq!(read_frame(&mut [].as_slice(), &mut buffer, 9), Err(PipeError::Closed));
        let eof = Err(PipeError::Io(io::ErrorKind::UnexpectedEof));
        assert_eq!(read_frame(&mut [9, 0].as_slice(), &mut buffer, 9), eof);
        assert_eq!(read_frame(&mut [9, 0, 0, 0, 1].as_slice(), &mut buffer, 9), eof);
        assert_eq!(read_frame(&mut [10, 0, 0, 0].as_slice(), &mut buffer, 9), Err(PipeError::TooLong));
    }
}
