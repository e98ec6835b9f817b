//! What many pages of a PDF draw alike.

use super::codec::{FrameReader, FrameWriter, PipeError};

/// What many pages of a PDF draw alike, written once in the document (ISO 32000-1, 8.10). It follows from the template and
/// the resolution alone, so that every component answers the same one under the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageForm<'b> {
    /// By which the pages name it.
    pub number: u16,
    /// Its content stream, deflated (zlib).
    pub stream: &'b [u8],
}

impl<'b> PageForm<'b> {
    pub(super) fn encode_all(forms: &[PageForm<'_>], writer: &mut FrameWriter<'_>) {
        writer.u32(forms.len() as u32);
        for form in forms {
            writer.u16(form.number);
            writer.bytes(form.stream);
        }
    }

    pub(super) fn decode_all(reader: &mut FrameReader<'b>) -> Result<Vec<Self>, PipeError> {
        let count = reader.count(6)?;
        (0..count).map(|_| Ok(PageForm { number: reader.u16()?, stream: reader.bytes()? })).collect()
    }
}
