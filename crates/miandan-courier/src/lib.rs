//! The courier's token: what the code on a waybill says to who delivers it, and to nobody else.
//!
//! A print component makes and signs it ([`Station`]). A courier's app checks it without a network ([`Trust`]) and, with
//! the carrier's key, opens its sealed part ([`CarrierSecret`]): the virtual number and what the label hides of the
//! address. To a passer-by with a phone it tells the waybill number, which is printed beside it anyway.
//!
//! It does not read pictures, fetch lists or ask the time: a caller passes text, files and seconds. It does not tell a
//! label from its photocopy. Nothing personal stands in a token in clear.
//!
//! It needs no operating system (`no_std`, with an allocator). `docs/courier-token.md` has the format with test vectors,
//! and who has to trust whom.
//!
//! ```
//! use miandan_courier::{CarrierId, CarrierKey, CarrierSecret, Claims, Contents, Question, Station, Token, Trust, Verdict};
//! use zeroize::Zeroizing;
//!
//! // The station.
//! let station = Station::new(&[1; 32], Zeroizing::new([2; 32]));
//! let carrier = CarrierSecret::new("YTO", &[3; 32]).unwrap();
//! let claims = Claims {
//!     carrier: CarrierId::of("YTO"),
//!     waybill_no: "YT7412345678901".into(),
//!     issued: (1_796_000_000 / 3600) as u32,
//!     lifetime: 15 * 24,
//!     serial: 12,
//!     copy: 0,
//!     is_specimen: false,
//! };
//! let contents = Contents { door: Contents::join(["2", "1501"]), ..Contents::default() };
//! let key = CarrierKey::new("YTO", &carrier.public_key()).unwrap();
//! let text = station.make_sealed(&claims, &key, &contents)?;
//! assert_eq!(text.len(), 257);
//!
//! // The courier, who trusts nobody yet.
//! let token = Token::read(&text)?;
//! assert_eq!(token.claims().waybill_no, "YT7412345678901");
//! let question = Question { now: 1_796_000_000, waybill_no: Some("YT7412345678901") };
//! assert_eq!(Trust::new().check(&token, &question).verdict, Verdict::UnknownStation);
//! assert_eq!(*carrier.open(&token)?.door, "2 / 1501");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![no_std]

extern crate alloc;

mod base45;
mod carrier;
mod check;
mod contents;
mod door;
mod json;
mod number;
mod station;
#[cfg(feature = "fast")]
mod table;
mod token;
mod trust;

use sha2::{Digest, Sha256};

pub use carrier::{BadKey, CarrierKey, CarrierSecret, NotOpened};
pub use check::{Answer, Question, TOLERANCE, Verdict};
pub use contents::Contents;
pub use number::MAX_NUMBER;
pub use station::{NotMade, Station};
pub use token::{CarrierId, Claims, MAX_LIFETIME, MAX_SERIAL, NotAToken, PREFIX, Token};
pub use trust::{Trust, TrustError};

/// The name of a key: the first eight bytes of SHA-256 of the public key.
type KeyName = [u8; 8];

fn key_name(public: &[u8; 32]) -> KeyName {
    let digest = Sha256::digest(public);
    let mut name = KeyName::default();
    name.copy_from_slice(&digest[..8]);
    name
}
