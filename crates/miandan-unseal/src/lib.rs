//! Opens MSO1 sealed orders, as far as it is asked to; `docs/mso1.md` is the format.
//!
//! Linked into the component and into nothing else: a program that has this crate and a station key can read what the
//! fence protects. It masks nothing, prints nothing, does no I/O and asks no clock.
//! No private key is used before the issuer's signature holds, and every way in which decryption fails is one code.
//! Secrets and opened texts have no `Debug`, no `Clone` and no serialiser, are wiped when they are dropped, and are
//! read by `expose…` only. What `ring` copies onto the stack while it works is not wiped here; the component's
//! zero-on-free allocator and its end are the second line.
//!
//! ```
//! use miandan_core::field::{FieldId, FieldSet, FieldType};
//! use miandan_seal::TrustSet;
//! use miandan_unseal::{Opener, StationKey};
//!
//! let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/mso1/");
//! let issuer = std::fs::read(format!("{folder}issuer.key.pub"))?;
//! let key = StationKey::from_bytes(&std::fs::read(format!("{folder}station.key"))?, None)?;
//! let mut opener = Opener::new(vec![key], TrustSet::from_files([issuer.as_slice()])?);
//!
//! let orders = std::fs::read_to_string(format!("{folder}orders.sealed.jsonl"))?;
//! let first = orders.lines().next().expect("an order");
//! let asked: FieldSet = [FieldId::RecipientCity].into_iter().collect();
//! let opened = opener.open(first.as_bytes(), 1_800_000_000, asked).expect("genuine and in force");
//! assert_eq!(opened.expose(FieldId::RecipientCity), Some((FieldType::Region, "杭州市")));
//! assert_eq!(opened.expose(FieldId::RecipientName), None, "nobody asked for it, so it was not opened");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cache;
mod key_file;
pub mod keygen;
mod opened;
mod opener;
mod primitives;
mod station_key;

pub use key_file::KeyFileError;
pub use opened::{OpenedOrder, Virtual};
pub use opener::Opener;
pub use station_key::StationKey;

/// Stands in every program that has the opening code, and in no other: a test looks for it in the host's binaries.
pub const MARKER: &str = "miandan-unseal:this-program-can-open-sealed-orders:0d2f6c1e9b7a4835";

/// Keeps the marker in a program even if nothing reads it.
#[used]
static KEPT_MARKER: &str = MARKER;
