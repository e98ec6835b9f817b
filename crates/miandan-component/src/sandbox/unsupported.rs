//! Systems on which there is no fence yet: the component refuses, and no key is read. There is no override here.

use std::convert::Infallible;
use std::fs::File;
use std::io;

use miandan_core::Code;
use miandan_core::sandbox::SandboxReport;

use super::{Refused, Switches};

/// The pipe to the host.
pub(crate) type Pipe = File;

/// Cannot be reached here.
pub(crate) struct Hidden(Infallible);

/// Cannot be reached here.
pub(crate) struct Confined(Infallible);

/// Refuses.
pub(crate) fn hide(_switches: Switches) -> Result<Hidden, Refused> {
    Err(Refused { code: Code::SandboxUnavailable, reason: "there is no sandbox for this system yet" })
}

impl Hidden {
    /// Cannot be reached here.
    pub(crate) fn confine(self) -> Result<Confined, Refused> {
        match self.0 {}
    }
}

impl Confined {
    /// Cannot be reached here.
    pub(crate) fn lock(self) -> Result<SandboxReport, Refused> {
        match self.0 {}
    }
}

/// Taken for granted: the first answer is a refusal, whatever the other end is.
pub(crate) fn standard_input_is_channel() -> bool {
    true
}

/// The pipe, where it is.
pub(crate) fn take_channel() -> io::Result<Pipe> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
    }
    #[cfg(not(unix))]
    {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Nothing to mute: nothing runs after the refusal.
pub(crate) fn mute_standard_error() -> io::Result<()> {
    Ok(())
}

/// Unknown here.
pub(crate) fn own_user() -> Option<u32> {
    None
}

/// Ends the process.
pub(crate) fn leave(code: u8) -> ! {
    std::process::exit(code.into())
}
