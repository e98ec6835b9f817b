//! A fleet of stations over a real `nats-server`: agents, the command line and simulated printers, each as a program of its own.
//!
//! `nats-server` must be installed (`apt install nats-server`). `benches/fleet` is the campaign; its short form stands here.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)] // programs are started here
#![allow(clippy::print_stdout, clippy::print_stderr)] // the campaign says what came of it
#![allow(unreachable_pub)] // each module uses the others' parts

mod broker;
mod campaign;
#[path = "../common/mod.rs"]
mod common;
mod faults;
mod intruders;
mod leaf;
mod moving;
mod support;
mod work;
