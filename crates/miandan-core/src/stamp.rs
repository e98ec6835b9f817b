//! What a label carries from the batch that it is printed in: `n/m`, the running number, the time, and which copy it is.
//!
//! None of it comes from the order. The host fixes it when a label is printed first and tells it again with each copy, so
//! that a copy differs from the first print in its mark alone.

use crate::label::LabelNumber;
use crate::number::RunningNumber;

/// What the host tells of one label beside its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Which label of the batch it is, for `n/m`.
    pub number: LabelNumber,
    /// The number by which it is found again; none where nobody keeps a journal.
    pub running: Option<RunningNumber>,
    /// When it was printed first, in seconds since 1970: the time that templates show. Only the host can know it; 0 if it
    /// does not.
    pub printed_at: u64,
    /// 0 for the first print, n for the n-th copy (补打 n), which carries a mark that says so.
    pub copy: u16,
}

impl Stamp {
    /// Of a first print that no journal knows of, made at a time (seconds since 1970).
    #[must_use]
    pub const fn first(number: LabelNumber, printed_at: u64) -> Self {
        Stamp { number, running: None, printed_at, copy: 0 }
    }
}
