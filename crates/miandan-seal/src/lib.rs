//! MSO1 sealed orders outside the fence: read them, check everything about them that needs no secret, and, behind the
//! cargo feature `issue`, build and sign them. `docs/mso1.md` is the format.
//!
//! This crate holds no decryption key and decrypts nothing; `miandan-unseal` does, inside the component.
//! It does no I/O and asks no clock: a caller passes bytes, the time, and the system's randomness.
//! No error of it carries a value of an order; what crosses the fence is a [`Code`](miandan_core::Code).
//!
//! A host asks [`inspect()`] what an order claims, [`clear_header()`] for the goods and the routing that it sorts by, or
//! [`check::without_opening`] what can be proved of it:
//!
//! ```
//! use miandan_seal::check::without_opening;
//! use miandan_seal::lists::StatusLists;
//! use miandan_seal::{StationPublic, TrustSet};
//!
//! let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/mso1/");
//! let issuer = std::fs::read(format!("{folder}issuer.key.pub"))?;
//! let station = StationPublic::parse(&std::fs::read(format!("{folder}station.key.pub"))?)?;
//! let trust = TrustSet::from_files([issuer.as_slice()])?;
//!
//! let now = 1_800_000_000;
//! for line in std::fs::read_to_string(format!("{folder}orders.sealed.jsonl"))?.lines() {
//!     let checked = without_opening(line.as_bytes(), &trust, &StatusLists::default(), &station.scope, now);
//!     let (batch, order) = checked.expect("genuine, in force, and for this station");
//!     println!("{} of {}: {} {}", order.i + 1, batch.n, order.cp, order.wbn);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod check;
pub mod clear;
pub mod encoding;
pub mod header;
pub mod inspect;
#[cfg(feature = "issue")]
pub mod issue;
pub mod keys;
pub mod limits;
pub mod lists;
pub mod merkle;
pub mod recipients;
pub mod schedule;
mod shape;
pub mod signature;
pub mod strict;
pub mod trust;
pub mod wire;

pub use clear::{ClearHeader, clear_header};
pub use inspect::inspect;
pub use keys::{CarrierPublic, IssuerPublic, StationPublic};
pub use trust::TrustSet;
pub use wire::SealedOrder;
