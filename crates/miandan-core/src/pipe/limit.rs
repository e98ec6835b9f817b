//! How often the issuer lets an order be printed, for whoever keeps count.
//!
//! A component has no memory from one start to the next, so it cannot count. It says which labels of a block are of
//! orders with a limit, and somebody who does have a memory decides: the supervisor in service mode, before the host
//! sees the label; the host's own journal otherwise.

use super::codec::{FrameReader, FrameWriter, PipeError};

/// A label of an order that may be printed so many times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintLimit {
    /// The place of the label in its block, from 0.
    pub place: u16,
    /// The identity of the order: SHA-256 over what identifies it. Not personal, the same in every print.
    pub order: [u8; 32],
    /// How many prints the issuer has signed.
    pub most: u32,
    /// From then on the order is refused as expired, in seconds since 1970 (UTC): nobody needs to remember it longer.
    pub until: u64,
}

/// Bytes of a limit in a frame.
const LENGTH: usize = 2 + 32 + 4 + 8;

impl PrintLimit {
    pub(super) fn encode_all(limits: &[PrintLimit], writer: &mut FrameWriter<'_>) {
        writer.u32(limits.len() as u32);
        for limit in limits {
            writer.u16(limit.place);
            writer.array(&limit.order);
            writer.u32(limit.most);
            writer.u64(limit.until);
        }
    }

    /// Reads the limits of a block with this many labels.
    pub(super) fn decode_all(
        reader: &mut FrameReader<'_>,
        labels: usize,
    ) -> Result<Vec<PrintLimit>, PipeError> {
        let count = reader.count(LENGTH)?;
        let mut limits: Vec<PrintLimit> = Vec::with_capacity(count);
        for _ in 0..count {
            let limit = PrintLimit {
                place: reader.u16()?,
                order: reader.array()?,
                most: reader.u32()?,
                until: reader.u64()?,
            };
            // Each names a label of the block, and none twice.
            let follows = limits.last().is_none_or(|last| last.place < limit.place);
            if !follows || usize::from(limit.place) >= labels {
                return Err(PipeError::Unknown);
            }
            limits.push(limit);
        }
        Ok(limits)
    }
}
