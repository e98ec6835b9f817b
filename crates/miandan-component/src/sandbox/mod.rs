//! The fence: one interface, one file for each layer.
//!
//! Three steps that cannot be taken out of order, since each is a method of what the one before answered:
//!
//! 1. [`hide`]: no descriptor but the pipe, memory that others cannot read, no new privileges, nobody tracing, and
//!    the certainty that the filter of system calls can be installed. Files may still be opened.
//! 2. [`Hidden::confine`]: namespaces, no capabilities, Landlock, limits. Open files can still be read.
//! 3. [`Confined::lock`]: the filter of system calls. Only the pipe is left.
//!
//! Each step fails closed: without a mandatory layer ([`Layer::is_mandatory`]) it answers [`Refused`].
//! This is the only place, beside the allocator, the terminal and the supervisor's sockets, with `unsafe` code.

#![allow(unsafe_code, reason = "system calls")]

#[cfg(target_os = "linux")]
mod descriptors;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod namespaces;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod seccomp;
#[cfg(not(target_os = "linux"))]
mod unsupported;

use miandan_core::Code;
use miandan_core::sandbox::Layer;

#[cfg(target_os = "linux")]
pub(crate) use linux::{
    Confined, Hidden, guard, hide, leave, mute_standard_error, own_user, standard_input_is_channel,
    take_channel,
};
#[cfg(not(target_os = "linux"))]
pub(crate) use unsupported::{
    Confined, Hidden, hide, leave, mute_standard_error, own_user, standard_input_is_channel, take_channel,
};

/// Which layers somebody switched off at start, by options named `dangerous…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Switches {
    /// All of them, and the check for a tracer with them.
    pub(crate) everything: bool,
    /// These.
    pub(crate) layers: Vec<Layer>,
}

impl Switches {
    /// Whether a layer is to be put up.
    pub(crate) fn wants(&self, layer: Layer) -> bool {
        !self.everything && !self.layers.contains(&layer)
    }
}

/// Why the component does not go on: a code for the host, and the reason in words for whoever reads standard error.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    pub(crate) reason: &'static str,
}
