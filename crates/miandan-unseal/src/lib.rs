//! Opens MSO1 sealed orders.

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
