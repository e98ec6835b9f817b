//! The few primitives that frames are made of: little-endian integers and length-prefixed bytes.

use std::io;

/// What is wrong with a frame or with the stream that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PipeError {
    /// The other side closed the stream between two frames.
    #[error("the other side of the pipe has closed it")]
    Closed,
    /// The stream failed, or ended inside a frame.
    #[error("the pipe failed: {0}")]
    Io(io::ErrorKind),
    /// The frame ends before its contents do.
    #[error("a frame on the pipe is cut short")]
    Truncated,
    /// The frame goes on after its contents.
    #[error("a frame on the pipe has bytes after its end")]
    Trailing,
    /// The frame is longer than allowed.
    #[error("a frame on the pipe is too long")]
    TooLong,
    /// A kind or a number in the frame has no meaning.
    #[error("a frame on the pipe makes no sense")]
    Unknown,
}

/// Writes a frame: length and kind in front, filled in by [`FrameWriter::finish`].
pub(crate) struct FrameWriter<'b> {
    bytes: &'b mut Vec<u8>,
}

impl<'b> FrameWriter<'b> {
    pub(crate) fn new(bytes: &'b mut Vec<u8>, kind: u8) -> Self {
        bytes.clear();
        bytes.extend_from_slice(&[0, 0, 0, 0, kind]);
        FrameWriter { bytes }
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn i32(&mut self, value: i32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Bytes whose number both sides know.
    pub(crate) fn array<const N: usize>(&mut self, value: &[u8; N]) {
        self.bytes.extend_from_slice(value);
    }

    /// Length-prefixed bytes.
    ///
    /// # Panics
    /// If there are 4 GiB of them or more; every caller is bounded far below.
    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.u32(u32::try_from(value.len()).expect("a frame holds less than 4 GiB"));
        self.bytes.extend_from_slice(value);
    }

    /// Leaves room for a count that is known only later.
    pub(crate) fn reserve_u32(&mut self) -> usize {
        let place = self.bytes.len();
        self.u32(0);
        place
    }

    /// Fills in a count for which room was left.
    pub(crate) fn fill_u32(&mut self, place: usize, value: u32) {
        self.bytes[place..place + 4].copy_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn finish(mut self) {
        let length = u32::try_from(self.bytes.len() - 4).expect("a frame holds less than 4 GiB");
        self.fill_u32(0, length);
    }
}

/// Reads the body of a frame.
pub(crate) struct FrameReader<'b> {
    rest: &'b [u8],
}

impl<'b> FrameReader<'b> {
    pub(crate) fn new(body: &'b [u8]) -> Self {
        FrameReader { rest: body }
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'b [u8], PipeError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(PipeError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], PipeError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(PipeError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, PipeError> {
        self.array::<1>().map(|[value]| value)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, PipeError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, PipeError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn i32(&mut self) -> Result<i32, PipeError> {
        self.array().map(i32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, PipeError> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'b [u8], PipeError> {
        let length = self.u32()? as usize;
        self.take(length)
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, PipeError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| PipeError::Unknown)
    }

    /// A count of things that take at least `least` bytes each, so that a lie cannot reserve memory.
    pub(crate) fn count(&mut self, least: usize) -> Result<usize, PipeError> {
        let count = self.u32()? as usize;
        if count.checked_mul(least.max(1)).is_none_or(|bytes| bytes > self.rest.len()) {
            return Err(PipeError::Truncated);
        }
        Ok(count)
    }

    pub(crate) fn finish(self) -> Result<(), PipeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(PipeError::Trailing) }
    }
}
