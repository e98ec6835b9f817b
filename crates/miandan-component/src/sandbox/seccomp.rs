//! The list of system calls. Everything else ends the process.
//!
//! Killing, not an error number: with an error, `abort()` was seen to hang, and a hostile program could probe on.
//! The list holds what a trace of a full run shows (PDF, PNG, fonts, a key under a passphrase), with glibc.
//! `mremap` is not on it: `realloc` of the C library calls it for large blocks, our allocator (`allocator.rs`) never calls
//! that. Take the allocator away and the first picture that grows ends the process.
//! Another C library needs a trace of its own. That of musl (1.2, x86_64, 3,000 orders as PDF and as pictures) shows
//! `read`, `write`, `mmap` and `munmap` only. Its allocator can also ask for `mprotect`, where the heap cannot grow; that
//! is not let pass, so such a component ends. Other processors have the same calls by other numbers, and were not run.

use std::io;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

use super::descriptors::CHANNEL;

/// A system call that stays, and with which arguments.
struct Allowed {
    call: libc::c_long,
    arguments: &'static [Argument],
}

/// What one argument must be.
enum Argument {
    /// The argument of this index is this `int` (the kernel reads 32 bits).
    Int(u8, libc::c_int),
    /// The argument of this index is this word (the kernel reads 64 bits).
    Word(u8, libc::c_int),
}

const ALLOWED: &[Allowed] = &[
    // Requests, from the pipe and nowhere else.
    Allowed { call: libc::SYS_read, arguments: &[Argument::Int(0, CHANNEL)] },
    // Answers, to the pipe and nowhere else.
    Allowed { call: libc::SYS_write, arguments: &[Argument::Int(0, CHANNEL)] },
    // malloc and free: the heap grows and shrinks.
    Allowed { call: libc::SYS_brk, arguments: &[] },
    // malloc: blocks from 128 KiB (frames, pictures, Argon2). Anonymous, private, readable and writable, never
    // executable, at no fixed address.
    Allowed {
        call: libc::SYS_mmap,
        arguments: &[
            Argument::Word(2, libc::PROT_READ | libc::PROT_WRITE),
            Argument::Word(3, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS),
        ],
    },
    // free: such blocks go back.
    Allowed { call: libc::SYS_munmap, arguments: &[] },
    // The end, by `_exit`.
    Allowed { call: libc::SYS_exit_group, arguments: &[] },
];

/// The filter, compiled and ready to be installed.
pub(crate) struct Filter(BpfProgram);

impl Filter {
    /// Compiles the list; `None` if this system cannot enforce it (a kernel without `SECCOMP_RET_KILL_PROCESS`, a
    /// processor for which there is no list).
    pub(crate) fn compile() -> Option<Self> {
        if !kill_is_available() {
            return None;
        }
        let architecture = TargetArch::try_from(std::env::consts::ARCH).ok()?;
        let rules = ALLOWED
            .iter()
            .map(|allowed| Ok((allowed.call, rules(allowed.arguments)?)))
            .collect::<Result<_, seccompiler::BackendError>>()
            .ok()?;
        let filter =
            SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, architecture).ok()?;
        Some(Filter(filter.try_into().ok()?))
    }

    /// Installs the filter on every thread of the process, of which there is one. There is no way back.
    pub(crate) fn install(&self) -> io::Result<()> {
        seccompiler::apply_filter_all_threads(&self.0).map_err(|_| io::ErrorKind::Unsupported.into())
    }
}

fn rules(arguments: &[Argument]) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    if arguments.is_empty() {
        return Ok(Vec::new());
    }
    let conditions = arguments
        .iter()
        .map(|argument| {
            let (index, width, value) = match *argument {
                Argument::Int(index, value) => (index, SeccompCmpArgLen::Dword, value),
                Argument::Word(index, value) => (index, SeccompCmpArgLen::Qword, value),
            };
            SeccompCondition::new(index, width, SeccompCmpOp::Eq, value as u64)
        })
        .collect::<Result<_, _>>()?;
    Ok(vec![SeccompRule::new(conditions)?])
}

fn kill_is_available() -> bool {
    let action = libc::SECCOMP_RET_KILL_PROCESS;
    // SAFETY: the kernel reads one integer, which lives to the end of the call.
    unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_ACTION_AVAIL, 0, &raw const action) == 0 }
}

#[cfg(test)]
mod tests {
    use std::ptr::null_mut;

    use super::*;

    /// Runs an act behind the filter, in a process of its own, and answers how that ended.
    fn behind_the_filter(act: impl Fn()) -> libc::c_int {
        let filter = Filter::compile().expect("this kernel has seccomp");
        // SAFETY: after the fork of a threaded process the child may only do what is safe in a signal handler: it
        // makes system calls and allocates nothing.
        let child = unsafe { libc::fork() };
        if child == 0 {
            if filter.install().is_ok() {
                act();
            }
            // Status 0 if the filter let the act pass (or could not be installed): no test expects it by accident.
            super::super::process::leave(0);
        }
        let mut status = 0;
        // SAFETY: the kernel writes one integer, which lives to the end of the call.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        status
    }

    #[track_caller]
    fn kills(act: impl Fn()) {
        let status = behind_the_filter(act);
        assert!(libc::WIFSIGNALED(status), "the act passed");
        assert_eq!(libc::WTERMSIG(status), libc::SIGSYS);
    }

    #[track_caller]
    fn lets_pass(act: impl Fn()) {
        let status = behind_the_filter(act);
        assert!(libc::WIFEXITED(status), "ended by signal {}", libc::WTERMSIG(status));
    }

    /// A system call with up to six arguments.
    fn call(number: libc::c_long, arguments: [libc::c_long; 6]) {
        let [a, b, c, d, e, f] = arguments;
        // SAFETY: every caller passes arguments that read and write no memory of this process, or none at all.
        unsafe { libc::syscall(number, a, b, c, d, e, f) };
    }

    const RW: libc::c_long = (libc::PROT_READ | libc::PROT_WRITE) as libc::c_long;
    const PRIVATE: libc::c_long = (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS) as libc::c_long;

    #[test]
    fn what_the_component_needs_passes() {
        lets_pass(|| call(libc::SYS_read, [3, 0, 0, 0, 0, 0]));
        lets_pass(|| call(libc::SYS_write, [3, 0, 0, 0, 0, 0]));
        lets_pass(|| call(libc::SYS_brk, [0; 6]));
        lets_pass(|| {
            // SAFETY: a new mapping that nobody uses, given back at once.
            unsafe {
                let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
                let block = libc::mmap(null_mut(), 1 << 20, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
                libc::munmap(block, 1 << 20);
            }
        });
    }

    #[test]
    fn another_descriptor_kills() {
        kills(|| call(libc::SYS_read, [0, 0, 0, 0, 0, 0]));
        kills(|| call(libc::SYS_write, [2, 0, 0, 0, 0, 0]));
        kills(|| call(libc::SYS_write, [1, 0, 0, 0, 0, 0]));
        kills(|| call(libc::SYS_dup, [3, 0, 0, 0, 0, 0]));
    }

    #[test]
    fn memory_that_is_executable_or_shared_or_of_a_file_kills() {
        let executable = RW | libc::PROT_EXEC as libc::c_long;
        let shared = (libc::MAP_SHARED | libc::MAP_ANONYMOUS) as libc::c_long;
        let fixed = PRIVATE | libc::MAP_FIXED as libc::c_long;
        kills(|| call(libc::SYS_mmap, [0, 4096, executable, PRIVATE, -1, 0]));
        kills(|| call(libc::SYS_mmap, [0, 4096, RW, shared, -1, 0]));
        kills(|| call(libc::SYS_mmap, [0, 4096, RW, fixed, -1, 0]));
        kills(|| call(libc::SYS_mmap, [0, 4096, RW, libc::MAP_PRIVATE as libc::c_long, 3, 0]));
        kills(|| call(libc::SYS_mprotect, [0, 4096, executable, 0, 0, 0]));
    }

    #[test]
    fn files_sockets_programs_and_processes_kill() {
        // All with arguments that would do nothing if they passed.
        for number in [
            libc::SYS_openat,
            libc::SYS_openat2,
            libc::SYS_newfstatat,
            libc::SYS_unlinkat,
            libc::SYS_socket,
            libc::SYS_sendto,
            libc::SYS_sendmsg,
            libc::SYS_recvmsg,
            libc::SYS_connect,
            libc::SYS_execve,
            libc::SYS_clone,
            libc::SYS_clone3,
            libc::SYS_ptrace,
            libc::SYS_process_vm_readv,
            libc::SYS_kill,
            libc::SYS_tgkill,
            libc::SYS_memfd_create,
            libc::SYS_io_uring_setup,
            libc::SYS_userfaultfd,
            libc::SYS_prctl,
            libc::SYS_setrlimit,
            libc::SYS_prlimit64,
            libc::SYS_unshare,
            libc::SYS_setns,
            libc::SYS_ioctl,
            libc::SYS_keyctl,
            libc::SYS_shmget,
            libc::SYS_bpf,
            libc::SYS_seccomp,
            libc::SYS_getrandom,
            libc::SYS_nanosleep,
            libc::SYS_rt_sigaction,
            libc::SYS_mremap,
            libc::SYS_madvise,
        ] {
            kills(|| call(number, [-1, 0, 0, 0, 0, 0]));
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn the_other_doors_of_the_processor_kill() {
        // The x32 numbers (bit 30), and `write` by the gate of 32-bit programs.
        kills(|| call(0x4000_0000 | libc::SYS_write, [3, 0, 0, 0, 0, 0]));
        kills(|| {
            // SAFETY: the kernel kills the process or answers an error number in eax; rbx, which the compiler keeps
            // for itself, is put back.
            unsafe {
                std::arch::asm!(
                    "xchg rbx, {fd}", "int 0x80", "xchg rbx, {fd}",
                    fd = inout(reg) 3_u64 => _, inout("eax") 4 => _, in("ecx") 0, in("edx") 0,
                    options(nostack),
                );
            }
        });
    }

    #[test]
    fn a_panic_ends_at_once() {
        kills(|| std::process::abort());
    }
}
