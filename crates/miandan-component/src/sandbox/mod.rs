//! The fence: one interface, one file for each layer.
//!
//! Three steps that cannot be taken out of order, since each is a method of what the one before answered:
//!
//! 1. [`hide`]: no descriptor but the pipe, memory that others cannot read, no new privileges, nobody tracing, and
//!    the certainty that the filter of system calls can be installed. Files may still be opened.
//! 2. [`Hidden::confine`]: namespaces, no capabilities, Landlock, limits. Open files can still be read.
//! 3. [`Confined::lock`]: the filter of system calls. Only the pipe is left.
//!
//! There is one for Linux, one for Windows that nobody has run yet and that refuses unless told otherwise, and one for
//! all other systems, which refuses.
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
#[cfg(not(any(target_os = "linux", windows)))]
mod unsupported;
#[cfg(windows)]
mod windows;

use miandan_core::Code;
use miandan_core::sandbox::Layer;

#[cfg(target_os = "linux")]
pub(crate) use linux::{
    Confined, Hidden, Pipe, guard, hide, leave, mute_standard_error, own_user, standard_input_is_channel,
    take_channel,
};
#[cfg(not(any(target_os = "linux", windows)))]
pub(crate) use unsupported::{
    Confined, Hidden, Pipe, hide, leave, mute_standard_error, own_user, standard_input_is_channel,
    take_channel,
};
#[cfg(windows)]
pub(crate) use windows::{
    Confined, Hidden, Pipe, hide, leave, mute_standard_error, standard_input_is_channel, take_channel,
};

/// Which layers somebody switched off at start, by options named `dangerous…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Switches {
    /// All of them, and the check for a tracer with them.
    pub(crate) everything: bool,
    /// These.
    pub(crate) layers: Vec<Layer>,
    /// Whether a sandbox that was never run is better than none.
    #[cfg(windows)]
    pub(crate) untested: bool,
}

impl Switches {
    /// Whether a layer is to be put up.
    #[cfg_attr(not(any(target_os = "linux", windows)), expect(dead_code, reason = "nothing is put up"))]
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
