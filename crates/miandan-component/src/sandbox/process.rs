//! What a process can promise about itself: not readable by others, no new privileges, bounded, untraced.

use std::io;

use super::descriptors::CHANNEL;

/// Memory that the component may map. A block of labels and the fonts of a large batch need a tenth of it.
const ADDRESS_SPACE: libc::rlim_t = 1 << 30;

/// `PR_SET_DUMPABLE` 0: no core, and `/proc/PID/mem`, `ptrace` and the like are refused to the same user.
pub(crate) fn hide_memory() -> bool {
    // SAFETY: no memory is involved.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) };
    is_hidden()
}

/// What the kernel says. A change of credentials (a new user namespace) can undo [`hide_memory`], so this is asked
/// again before a key is read.
pub(crate) fn is_hidden() -> bool {
    // SAFETY: no memory is involved.
    unsafe { libc::prctl(libc::PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 }
}

/// `PR_SET_NO_NEW_PRIVS`: no program started from here could gain rights; also what allows a filter without root.
pub(crate) fn forbid_new_privileges() -> bool {
    // SAFETY: no memory is involved.
    unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) };
    has_no_new_privileges()
}

/// What the kernel says.
pub(crate) fn has_no_new_privileges() -> bool {
    // SAFETY: no memory is involved.
    unsafe { libc::prctl(libc::PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 }
}

/// Whether another process traces this one, as a tracer that started it would.
///
/// Good advice, not a boundary: such a tracer could also change the answer.
pub(crate) fn is_traced() -> io::Result<bool> {
    Ok(tracer(&std::fs::read_to_string("/proc/self/status")?) != Some(0))
}

fn tracer(status: &str) -> Option<u32> {
    status.lines().find_map(|line| line.strip_prefix("TracerPid:"))?.trim().parse().ok()
}

/// Gives up every capability, also those over a new user namespace.
pub(crate) fn drop_capabilities() -> bool {
    #[repr(C)]
    struct Header {
        version: u32,
        pid: libc::c_int,
    }
    #[repr(C)]
    #[derive(Default)]
    struct Data {
        effective: u32,
        permitted: u32,
        inheritable: u32,
    }
    // _LINUX_CAPABILITY_VERSION_3 in linux/capability.h: two sets of 32 bits each.
    let header = Header { version: 0x2008_0522, pid: 0 };
    let none = [Data::default(), Data::default()];
    // SAFETY: the kernel reads a header and two sets; all live to the end of the call.
    unsafe { libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr()) == 0 }
}

/// Limits, of which none can be raised again: no core, no process or thread, no file, no new descriptor, bounded
/// memory. Answers how many of them hold.
pub(crate) fn limit_resources() -> Limits {
    let wanted = [
        (libc::RLIMIT_CORE, 0),
        (libc::RLIMIT_NPROC, 0),
        (libc::RLIMIT_NOFILE, CHANNEL as libc::rlim_t + 1),
        (libc::RLIMIT_FSIZE, 0),
        (libc::RLIMIT_AS, ADDRESS_SPACE),
    ];
    let held = wanted.iter().filter(|&&(resource, most)| limit(resource, most)).count();
    if held == wanted.len() {
        Limits::All
    } else if held > 0 {
        Limits::Some
    } else {
        Limits::None
    }
}

/// How many limits hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Limits {
    All,
    Some,
    None,
}

#[cfg(target_env = "gnu")]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(target_env = "gnu"))]
type Resource = libc::c_int;

fn limit(resource: Resource, most: libc::rlim_t) -> bool {
    let mut current = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the kernel writes one `rlimit`, which lives to the end of the call.
    if unsafe { libc::getrlimit(resource, &raw mut current) } != 0 {
        return false;
    }
    // A lower limit that was there before stays.
    let most = most.min(current.rlim_max);
    let lowered = libc::rlimit { rlim_cur: most, rlim_max: most };
    // SAFETY: the kernel reads one `rlimit`, which lives to the end of the call.
    unsafe { libc::setrlimit(resource, &raw const lowered) == 0 }
}

/// The user as whom the component runs.
pub(crate) fn own_user() -> Option<u32> {
    // SAFETY: no memory is involved; the call cannot fail.
    Some(unsafe { libc::geteuid() })
}

/// Ends the process now: no destructor and no exit handler runs, so nothing behind the lock needs a system call for
/// them. The kernel wipes the memory before anyone gets it.
pub(crate) fn leave(code: u8) -> ! {
    // SAFETY: nothing that outlives the process depends on exit handlers; the pipe is unbuffered.
    unsafe { libc::_exit(code.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tracer_is_found_in_the_status() {
        assert_eq!(tracer("Name:\tx\nTracerPid:\t0\nUid:\t0\n"), Some(0));
        assert_eq!(tracer("TracerPid:\t812\n"), Some(812));
        assert_eq!(tracer("Name:\tx\n"), None);
    }

    #[test]
    fn leaving_ends_the_process_with_the_code() {
        // SAFETY: the child only calls `_exit`, which is allowed after a fork of a threaded process.
        let child = unsafe { libc::fork() };
        if child == 0 {
            leave(6);
        }
        let mut status = 0;
        // SAFETY: the kernel writes one integer, which lives to the end of the call.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        assert!(libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 6);
    }
}
