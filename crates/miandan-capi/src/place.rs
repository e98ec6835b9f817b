//! Which file this library is.

use std::path::PathBuf;

/// The file of this library, if the system says: the component that came with it stands beside it. Where it is linked into a
/// program, that program.
#[cfg(unix)]
#[allow(unsafe_code, reason = "a function of the system")]
pub(crate) fn this_library() -> Option<PathBuf> {
    use std::ffi::{CStr, OsStr};
    use std::os::unix::ffi::OsStrExt;

    let mut found = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
    let here = crate::miandan_version as *const () as *const libc::c_void;
    // SAFETY: the address is one of this library's, and the place is large enough for the answer (dladdr(3)).
    let found = unsafe {
        if libc::dladdr(here, found.as_mut_ptr()) == 0 {
            return None;
        }
        found.assume_init()
    };
    if found.dli_fname.is_null() {
        return None;
    }
    // SAFETY: the name is a string that stays for as long as the library is loaded, which is as long as this runs.
    let name = unsafe { CStr::from_ptr(found.dli_fname) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

/// Not known on this system; the component is looked for beside the program then.
#[cfg(not(unix))]
pub(crate) fn this_library() -> Option<PathBuf> {
    None
}
