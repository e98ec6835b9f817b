//! The station agent: order systems talk to it over a WebSocket, as they talk to the print components of the platforms, and
//! labels come out of printers.
//!
//! # What it does not do
//!
//! It opens no order and cannot: it holds no key, no decryption code and no masking code, and renders nothing. It fetches
//! nothing from a network, whatever a caller names.

pub mod protocol;
