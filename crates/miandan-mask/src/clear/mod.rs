//! Data in clear, as clients send it beside an order or instead of one: read, typed and masked in one place.
//!
//! Nobody has signed it, so nothing in it says what a field is. Where a text stands decides: a phone of a party is a phone,
//! whatever is in it, and what stands where no type is known is free text. The masking is that of every label.
//!
//! What is read is bounded, and each name stands once in its object: two readers must not see two senders in one text.

mod free;
mod identifier;
mod json;
mod party;
mod waybill;

pub use free::free_data;
pub use party::Sender;
pub use waybill::PlainWaybill;

/// Why data in clear was refused. It carries nothing of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClearError {
    /// It is no JSON, has a name twice in one object, or another shape than it should.
    #[error("malformed data")]
    Malformed,
    /// It is nested more than 32 deep, has more than 4,000 values, more than 1,000 in one list or object, or a text of more
    /// than 16 KiB.
    #[error("too much data")]
    Limit,
}
