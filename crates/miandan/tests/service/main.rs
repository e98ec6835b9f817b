//! Service mode through the real programs: the supervisor, its components, and hosts of every kind.
//!
//! Here the service and the host are one user, so that everybody can run this; what two users are kept from is in
//! `tests/two_users.rs`.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "the tests start the programs")]

#[path = "../common/mod.rs"]
mod common;

mod clear;
mod counting;
mod crowds;
mod files;
mod hostile;
mod printing;
