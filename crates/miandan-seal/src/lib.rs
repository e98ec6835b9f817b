//! MSO1 sealed orders outside the fence.

pub mod check;
pub mod encoding;
pub mod header;
pub mod inspect;
#[cfg(feature = "issue")]
pub mod issue;
pub mod keys;
pub mod limits;
pub mod merkle;
pub mod recipients;
pub mod schedule;
mod shape;
pub mod signature;
pub mod strict;
pub mod trust;
pub mod wire;

pub use inspect::inspect;
pub use keys::{CarrierPublic, IssuerPublic, StationPublic};
pub use trust::TrustSet;
pub use wire::SealedOrder;
