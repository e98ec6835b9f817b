//! The sealing half: plain orders in, sealed orders out. Behind the cargo feature `issue`.
//!
//! A host program never has it (design, invariant 1): the platform's back end seals, or a process of its own.

mod issuer;
mod lists;
mod phone;
mod plain;
mod random;
mod sealing;

pub use issuer::{ISSUER_KEY, IssuerKey, IssuerKeyError};
pub use lists::{ListError, sign_carriers, sign_stations, sign_status};
pub use phone::phone_type;
pub use plain::{Personal, PlainBuyer, PlainOrder, PlainOrderError, PlainParty, PlainVirtual};
pub use sealing::{OrderProblem, SealError, SealOptions, seal_batch};
