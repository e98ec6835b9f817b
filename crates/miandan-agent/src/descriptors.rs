//! How many files this process may have open: a connection is one, and a line to a printer.
//!
//! Systems let a program have 1,024 to begin with, since `select` knows no more, and many more if it asks (systemd, *File
//! Descriptor Limits*). We use no `select`.

/// Asks for as many as the system allows. Where it refuses, connections wait in its queue, as they do when all places are
/// taken.
#[cfg(unix)]
pub(crate) fn take_all() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// Asks for as many as the system allows.
#[cfg(not(unix))]
pub(crate) fn take_all() {}
