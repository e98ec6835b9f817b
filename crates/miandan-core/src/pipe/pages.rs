//! The pages of one label, as they lie in the frame.

use super::MAX_PAGES;
use super::codec::{FrameReader, PipeError};

/// The pages of one label, one after the other; at least one. They are borrowed from the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages<'b> {
    pub(super) bytes: &'b [u8],
    /// Where each page but the first begins, four bytes (little endian) each.
    breaks: &'b [u8],
}

impl<'b> Pages<'b> {
    /// A label of one page.
    #[must_use]
    pub const fn one(page: &'b [u8]) -> Self {
        Pages { bytes: page, breaks: &[] }
    }

    /// How many pages there are, from 1 to [`MAX_PAGES`].
    #[must_use]
    pub const fn count(self) -> usize {
        self.breaks.len() / 4 + 1
    }

    /// The length of all pages together, in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        self.bytes.len()
    }

    /// The pages in their order, each in the form that was asked for.
    pub fn iter(self) -> impl Iterator<Item = &'b [u8]> {
        let ends = self.breaks().chain([self.bytes.len() as u32]);
        let mut start = 0;
        ends.map(move |end| {
            let page = self.bytes.get(start..end as usize).unwrap_or_default();
            start = end as usize;
            page
        })
    }

    pub(super) fn breaks(self) -> impl Iterator<Item = u32> + 'b {
        self.breaks.as_chunks().0.iter().map(|&at| u32::from_le_bytes(at))
    }

    pub(super) fn decode(reader: &mut FrameReader<'b>) -> Result<Self, PipeError> {
        let count = reader.count(4)?;
        if count >= MAX_PAGES {
            return Err(PipeError::TooLong);
        }
        let breaks = reader.take(4 * count)?;
        let pages = Pages { bytes: reader.bytes()?, breaks };
        let mut before = 0;
        for at in pages.breaks() {
            if at < before || at as usize > pages.bytes.len() {
                return Err(PipeError::Truncated);
            }
            before = at;
        }
        Ok(pages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipe::{Answer, LabelAnswer, LabelsEncoder, Warnings};

    fn read(bytes: &[u8], breaks: &[u32]) -> Result<Vec<Vec<u8>>, PipeError> {
        let mut frame = Vec::new();
        let mut encoder = LabelsEncoder::new(&mut frame);
        encoder.done(bytes, breaks, Warnings::NONE);
        encoder.finish(&[], &[], &[]);
        let Answer::Labels { labels, .. } = Answer::decode(frame[4], &frame[5..])? else {
            return Err(PipeError::Unknown);
        };
        let [LabelAnswer::Done { label, .. }] = labels[..] else { return Err(PipeError::Unknown) };
        assert_eq!((label.count(), label.length()), (breaks.len() + 1, bytes.len()));
        Ok(label.iter().map(<[u8]>::to_vec).collect())
    }

    #[test]
    fn pages_are_cut_where_they_were_joined() {
        assert_eq!(read(b"one", &[]), Ok(vec![b"one".to_vec()]));
        assert_eq!(read(b"abbb", &[1, 4]), Ok(vec![b"a".to_vec(), b"bbb".to_vec(), Vec::new()]));
    }

    #[test]
    fn breaks_that_make_no_sense_are_refused() {
        assert_eq!(read(b"abc", &[2, 1]), Err(PipeError::Truncated));
        assert_eq!(read(b"abc", &[4]), Err(PipeError::Truncated));
        assert_eq!(read(b"", &[0; MAX_PAGES]), Err(PipeError::TooLong));
        assert_eq!(read(b"", &[0; MAX_PAGES - 1]).map(|pages| pages.len()), Ok(MAX_PAGES));
    }
}
