//! The forbidden acts, and which layers besides the filter of system calls stop each of them.

use libc::{c_int, c_long};
use miandan_core::sandbox::Layer;

use super::Scene;
use super::calls::{Ended, address, call, internet, last_error, path, unix};

/// One forbidden act.
pub struct Act {
    /// Its name.
    pub name: &'static str,
    /// Does it, and answers the value of the last call or its error number.
    pub run: fn(&Scene) -> Result<i64, i32>,
    /// How it is stopped.
    pub denial: Denial,
    /// Layers that stop it alone, without the filter, for an ordinary user.
    pub layers: &'static [Layer],
    /// Whether it succeeds without any layer, for an ordinary user: the proof that there is something to stop.
    pub works: bool,
}

/// How the whole sandbox stops an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// The process is killed.
    Killed,
    /// It gets so much and no more.
    Bounded,
}

use Layer::{
    ClosedDescriptors, IpcNamespace, Landlock, MountNamespace, NetworkNamespace, NoNewPrivileges,
    ResourceLimits, UserNamespace,
};

const AT: i64 = libc::AT_FDCWD as i64;

macro_rules! acts {
    ($($name:ident $(stopped by $($layer:ident)|+)? $(; $works:ident)? => $run:expr;)+) => {
        /// Every act.
        pub const ACTS: &[Act] = &[
            $(Act {
                name: stringify!($name),
                run: $run,
                denial: Denial::Killed,
                layers: &[$($($layer,)+)?],
                works: acts!(@works $($works)?),
            },)+
            Act {
                name: "memory_bomb",
                run: memory_bomb,
                denial: Denial::Bounded,
                layers: &[ResourceLimits],
                works: true,
            },
        ];
    };
    (@works) => { false };
    (@works works) => { true };
}

acts! {
    // Files.
    open stopped by Landlock | ResourceLimits | MountNamespace; works =>
        |scene| call(libc::SYS_openat, &[AT, address(path(&scene.secret).as_ptr()), 0]);
    openat2 stopped by Landlock | ResourceLimits | MountNamespace; works => |scene| {
        let how = [libc::O_RDONLY as u64, 0, 0];
        call(libc::SYS_openat2, &[AT, address(path(&scene.secret).as_ptr()), address(&raw const how), 24])
    };
    create stopped by Landlock | ResourceLimits | MountNamespace; works => |scene| {
        let new = path(&scene.secret.with_extension("new"));
        call(libc::SYS_openat, &[AT, address(new.as_ptr()), (libc::O_CREAT | libc::O_WRONLY).into(), 0o600])
    };
    open_for_writing stopped by Landlock | ResourceLimits | MountNamespace; works =>
        |scene| call(libc::SYS_openat, &[AT, address(path(&scene.secret).as_ptr()), libc::O_RDWR.into()]);
    unlink stopped by Landlock | MountNamespace; works =>
        |scene| call(libc::SYS_unlinkat, &[AT, address(path(&scene.secret).as_ptr()), 0]);
    rename stopped by Landlock | MountNamespace; works => |scene| {
        let (from, to) = (path(&scene.secret), path(&scene.secret.with_extension("moved")));
        call(libc::SYS_renameat2, &[AT, address(from.as_ptr()), AT, address(to.as_ptr()), 0])
    };
    make_folder stopped by Landlock | MountNamespace; works => |scene| {
        let folder = path(&scene.secret.with_extension("folder"));
        call(libc::SYS_mkdirat, &[AT, address(folder.as_ptr()), 0o700])
    };
    truncate stopped by Landlock | MountNamespace; works =>
        |scene| call(libc::SYS_truncate, &[address(path(&scene.secret).as_ptr()), 0]);
    stat stopped by MountNamespace; works => |scene| {
        let mut found = [0_u8; 512];
        call(libc::SYS_newfstatat, &[AT, address(path(&scene.secret).as_ptr()), address(found.as_mut_ptr()), 0])
    };
    change_mode stopped by MountNamespace; works =>
        |scene| call(libc::SYS_fchmodat, &[AT, address(path(&scene.secret).as_ptr()), 0o600]);
    read_link stopped by MountNamespace; works => |_| {
        let mut link = [0_u8; 256];
        call(libc::SYS_readlinkat, &[AT, address(c"/proc/self/exe".as_ptr()), address(link.as_mut_ptr()), 256])
    };
    change_root => |_| call(libc::SYS_chroot, &[address(c"/".as_ptr())]);
    mount => |_| {
        let (kind, place) = (c"tmpfs".as_ptr(), c"/tmp".as_ptr());
        call(libc::SYS_mount, &[address(kind), address(place), address(kind), 0, 0])
    };
    watch_files stopped by ResourceLimits; works => |_| call(libc::SYS_inotify_init1, &[0]);

    // Memory and processes of others.
    read_memory_by_proc stopped by Landlock | ResourceLimits | MountNamespace | UserNamespace; works => |scene| {
        let memory = path(format!("/proc/{}/mem", scene.victim).as_ref());
        call(libc::SYS_openat, &[AT, address(memory.as_ptr()), 0])
    };
    read_memory stopped by Landlock | UserNamespace; works => |scene| vm(libc::SYS_process_vm_readv, scene);
    write_memory stopped by Landlock | UserNamespace; works => |scene| vm(libc::SYS_process_vm_writev, scene);
    trace stopped by Landlock | UserNamespace; works =>
        |scene| call(libc::SYS_ptrace, &[libc::PTRACE_SEIZE.into(), scene.victim.into(), 0, 0]);
    be_traced; works => |_| call(libc::SYS_ptrace, &[libc::PTRACE_TRACEME.into(), 0, 0, 0]);
    open_process stopped by ResourceLimits; works =>
        |scene| call(libc::SYS_pidfd_open, &[scene.victim.into(), 0]);
    compare_processes => |scene| call(libc::SYS_kcmp, &[scene.victim.into(), scene.victim.into(), 1, 0, 0]);
    signal stopped by Landlock; works => |scene| call(libc::SYS_kill, &[scene.victim.into(), libc::SIGURG.into()]);
    signal_a_thread stopped by Landlock; works => |scene| {
        let victim = scene.victim.into();
        call(libc::SYS_tgkill, &[victim, victim, libc::SIGURG.into()])
    };

    // The network.
    tcp stopped by Landlock | ResourceLimits | NetworkNamespace; works => |scene| {
        let socket = call(libc::SYS_socket, &[libc::AF_INET.into(), libc::SOCK_STREAM.into(), 0])?;
        let to = internet(scene.tcp);
        call(libc::SYS_connect, &[socket, address(&raw const to), size_of_val(&to) as i64])
    };
    listen stopped by Landlock | ResourceLimits; works => |_| {
        let socket = call(libc::SYS_socket, &[libc::AF_INET.into(), libc::SOCK_STREAM.into(), 0])?;
        let from = internet(0);
        call(libc::SYS_bind, &[socket, address(&raw const from), size_of_val(&from) as i64])
    };
    udp stopped by ResourceLimits | NetworkNamespace; works => |scene| {
        let socket = call(libc::SYS_socket, &[libc::AF_INET.into(), libc::SOCK_DGRAM.into(), 0])?;
        let to = internet(scene.udp);
        let (data, length) = (address(b"x"), size_of_val(&to) as i64);
        call(libc::SYS_sendto, &[socket, data, 1, 0, address(&raw const to), length])
    };
    unix_socket stopped by ResourceLimits | MountNamespace; works =>
        |scene| connect_unix(scene.unix.as_os_str().as_encoded_bytes());
    abstract_socket stopped by Landlock | ResourceLimits | NetworkNamespace; works =>
        |scene| connect_unix(&[b"\0", scene.abstract_name.as_bytes()].concat());
    netlink stopped by ResourceLimits; works =>
        |_| call(libc::SYS_socket, &[libc::AF_NETLINK.into(), libc::SOCK_RAW.into(), 0]);
    raw_socket => |_| call(libc::SYS_socket, &[libc::AF_INET.into(), libc::SOCK_RAW.into(), 1]);
    socket_pair stopped by ResourceLimits; works => |_| {
        let mut pair = [0_i32; 2];
        call(libc::SYS_socketpair, &[libc::AF_UNIX.into(), libc::SOCK_STREAM.into(), 0, address(pair.as_mut_ptr())])
    };
    send_on_the_pipe; works => |_| call(libc::SYS_sendto, &[3, address(b""), 0, libc::MSG_DONTWAIT.into(), 0, 0]);
    receive_on_the_pipe => |_| {
        let mut message = [0_u64; 7];
        call(libc::SYS_recvmsg, &[3, address(message.as_mut_ptr()), libc::MSG_DONTWAIT.into()])
    };

    // Programs, processes, threads.
    execute stopped by Landlock | MountNamespace; works => |_| {
        // A program that cannot be started: reaching the loader is enough.
        let name = c"/proc/self/exe";
        let arguments = [name.as_ptr(), c"--version".as_ptr(), std::ptr::null()];
        let environment: [*const libc::c_char; 1] = [std::ptr::null()];
        call(libc::SYS_execve, &[address(name.as_ptr()), address(arguments.as_ptr()), address(environment.as_ptr())])
    };
    execute_set_user_id stopped by NoNewPrivileges | Landlock | MountNamespace | UserNamespace; works => |scene| {
        let name = path(&scene.set_user_id);
        let arguments = [name.as_ptr(), c"--who".as_ptr(), std::ptr::null()];
        let environment: [*const libc::c_char; 1] = [std::ptr::null()];
        call(libc::SYS_execve, &[address(name.as_ptr()), address(arguments.as_ptr()), address(environment.as_ptr())])
    };
    execute_descriptor => |_| call(libc::SYS_execveat, &[3, address(c"".as_ptr()), 0, 0, libc::AT_EMPTY_PATH.into()]);
    fork stopped by ResourceLimits; works => |_| child(&[libc::SIGCHLD.into()]);
    thread stopped by ResourceLimits => |_| {
        let flags = libc::CLONE_VM | libc::CLONE_FS | libc::CLONE_FILES | libc::CLONE_SIGHAND | libc::CLONE_THREAD;
        // Without a stack: a thread that came to life would end the process.
        call(libc::SYS_clone, &[flags.into(), 0, 0, 0, 0])
    };
    clone3 => |_| call(libc::SYS_clone3, &[0, 0]);
    fork_bomb stopped by ResourceLimits; works => |_| {
        for _ in 0..64 {
            child(&[libc::SIGCHLD.into()])?;
        }
        Ok(0)
    };
    new_session; works => |_| call(libc::SYS_getsid, &[0]).and_then(|_| call(libc::SYS_setpgid, &[0, 0]));

    // Descriptors.
    inherited_descriptor stopped by ClosedDescriptors; works => |_| {
        let mut byte = 0_u8;
        call(libc::SYS_pread64, &[INHERITED.into(), address(&raw mut byte), 1, 0])
    };
    write_to_standard_error; works => |_| call(libc::SYS_write, &[2, address(b"x"), 1]);
    write_to_standard_output; works => |_| call(libc::SYS_write, &[1, address(b"x"), 1]);
    read_standard_input; works => |_| {
        let mut byte = 0_u8;
        call(libc::SYS_read, &[0, address(&raw mut byte), 1])
    };
    vectored_write; works => |_| {
        let part = libc::iovec { iov_base: std::ptr::null_mut(), iov_len: 0 };
        call(libc::SYS_writev, &[3, address(&raw const part), 1])
    };
    duplicate stopped by ResourceLimits; works => |_| call(libc::SYS_dup, &[3]);
    pipe stopped by ResourceLimits; works => |_| {
        let mut pair = [0_i32; 2];
        call(libc::SYS_pipe2, &[address(pair.as_mut_ptr()), 0])
    };
    event stopped by ResourceLimits; works => |_| call(libc::SYS_eventfd2, &[0, 0]);
    control_descriptor; works => |_| call(libc::SYS_fcntl, &[3, libc::F_GETFL.into()]);
    control_device; works => |_| {
        let mut waiting: c_int = 0;
        call(libc::SYS_ioctl, &[3, libc::FIONREAD as i64, address(&raw mut waiting)])
    };
    close_the_pipe; works => |_| call(libc::SYS_close, &[0]);

    // Memory.
    memory_file stopped by ResourceLimits; works => |_| call(libc::SYS_memfd_create, &[address(c"x".as_ptr()), 0]);
    executable_memory; works => |_| map(libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC, PRIVATE, -1);
    shared_memory; works => |_| map(READ_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS, -1);
    fixed_memory => |_| map(READ_WRITE, PRIVATE | libc::MAP_FIXED, -1);
    mapped_pipe => |_| map(READ_WRITE, libc::MAP_PRIVATE, 3);
    make_executable; works => |_| {
        let block = map(READ_WRITE, PRIVATE, -1)?;
        call(libc::SYS_mprotect, &[block, 4096, (libc::PROT_READ | libc::PROT_EXEC).into()])
    };
    move_memory; works => |_| {
        let block = map(READ_WRITE, PRIVATE, -1)?;
        call(libc::SYS_mremap, &[block, 4096, 8192, libc::MREMAP_MAYMOVE.into()])
    };
    advise; works => |_| {
        let block = map(READ_WRITE, PRIVATE, -1)?;
        call(libc::SYS_madvise, &[block, 4096, libc::MADV_DONTNEED.into()])
    };
    lock_memory => |_| call(libc::SYS_mlockall, &[1]);
    find_segment stopped by IpcNamespace; works => |scene| call(libc::SYS_shmget, &[scene.segment.into(), 0, 0]);
    new_segment; works => |_| call(libc::SYS_shmget, &[0, 4096, 0o600]);
    message_queue; works => |_| call(libc::SYS_msgget, &[0, 0o600]);
    semaphores; works => |_| call(libc::SYS_semget, &[0, 1, 0o600]);

    // The kernel.
    io_uring => |_| {
        let parameters = [0_u8; 120];
        call(libc::SYS_io_uring_setup, &[1, address(parameters.as_ptr())])
    };
    user_faults => |_| call(libc::SYS_userfaultfd, &[1]);
    bpf => |_| call(libc::SYS_bpf, &[0, 0, 0]);
    performance_counters => |_| call(libc::SYS_perf_event_open, &[0, 0, -1, -1, 0]);
    keyring => |_| call(libc::SYS_keyctl, &[0, -3, 0]);
    add_key => |_| {
        let (kind, name) = (c"user".as_ptr(), c"x".as_ptr());
        call(libc::SYS_add_key, &[address(kind), address(name), address(b"x"), 1, -2])
    };
    become_dumpable; works => |_| call(libc::SYS_prctl, &[libc::PR_SET_DUMPABLE.into(), 1, 0, 0, 0]);
    another_filter => |_| call(libc::SYS_seccomp, &[1, 0, 0]);
    raise_limits stopped by ResourceLimits; works => |_| {
        let most = libc::rlimit { rlim_cur: 16, rlim_max: 16 };
        call(libc::SYS_prlimit64, &[0, libc::RLIMIT_NOFILE as i64, address(&raw const most), 0])
    };
    new_user_namespace => |_| call(libc::SYS_unshare, &[libc::CLONE_NEWUSER.into()]);
    enter_namespace => |_| call(libc::SYS_setns, &[3, 0]);
    capabilities => |_| call(libc::SYS_capset, &[0, 0]);
    become_root => |_| call(libc::SYS_setresuid, &[0, 0, 0]);
    personality; works => |_| call(libc::SYS_personality, &[0xffff_ffff]);
    set_the_clock => |_| call(libc::SYS_clock_settime, &[0, 0]);
    sleep; works => |_| {
        let moment = libc::timespec { tv_sec: 0, tv_nsec: 1 };
        call(libc::SYS_nanosleep, &[address(&raw const moment), 0])
    };
    random_bytes; works => |_| {
        let mut bytes = [0_u8; 8];
        call(libc::SYS_getrandom, &[address(bytes.as_mut_ptr()), 8, 0])
    };
    handle_signals; works => |_| {
        let mut action = [0_u64; 4];
        call(libc::SYS_rt_sigaction, &[libc::SIGSYS.into(), 0, address(action.as_mut_ptr()), 8])
    };
    reboot => |_| call(libc::SYS_reboot, &[0, 0, 0, 0]);
    load_module => |_| call(libc::SYS_finit_module, &[3, address(c"".as_ptr()), 0]);
    name_the_host => |_| call(libc::SYS_sethostname, &[address(b"x"), 1]);
    identify; works => |_| call(libc::SYS_getpid, &[]);

    // Other doors of the processor.
    other_numbers => |_| call(OTHER_NUMBERS | libc::SYS_write, &[3, 0, 0]);
    other_gate => |_| other_gate();
}

/// A descriptor that the test hands on without the knowledge of the component.
pub(super) const INHERITED: c_int = 9;

const READ_WRITE: c_int = libc::PROT_READ | libc::PROT_WRITE;
const PRIVATE: c_int = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;

/// The x32 numbers: bit 30.
#[cfg(target_arch = "x86_64")]
const OTHER_NUMBERS: c_long = 0x4000_0000;
/// A number that no call has.
#[cfg(not(target_arch = "x86_64"))]
const OTHER_NUMBERS: c_long = 0x4000;

#[cfg(target_arch = "x86_64")]
fn other_gate() -> Ended {
    super::calls::write_by_gate()
}

/// Where there is no second gate, a call that nobody needs.
#[cfg(not(target_arch = "x86_64"))]
fn other_gate() -> Ended {
    call(libc::SYS_getcpu, &[0, 0, 0])
}

fn map(protection: c_int, flags: c_int, descriptor: c_int) -> Ended {
    let place = if flags & libc::MAP_FIXED != 0 { 0x10000 } else { 0 };
    call(libc::SYS_mmap, &[place, 4096, protection.into(), flags.into(), descriptor.into(), 0])
}

/// Reads or writes a byte of the victim, at an address of this program: a fault is not a denial.
fn vm(number: c_long, scene: &Scene) -> Ended {
    let mut byte = 0_u8;
    let local = libc::iovec { iov_base: (&raw mut byte).cast(), iov_len: 1 };
    let remote = libc::iovec { iov_base: 16 as *mut libc::c_void, iov_len: 1 };
    let ended =
        call(number, &[scene.victim.into(), address(&raw const local), 1, address(&raw const remote), 1, 0]);
    if ended == Err(libc::EFAULT) { Ok(0) } else { ended }
}

fn connect_unix(name: &[u8]) -> Ended {
    let socket = call(libc::SYS_socket, &[libc::AF_UNIX.into(), libc::SOCK_STREAM.into(), 0])?;
    let (to, length) = unix(name);
    call(libc::SYS_connect, &[socket, address(&raw const to), length])
}

/// A child that ends at once.
fn child(arguments: &[i64]) -> Ended {
    let child = call(libc::SYS_clone, arguments)?;
    if child == 0 {
        crate::sandbox::leave(0);
    }
    Ok(child)
}

/// Takes memory until there is no more; answers an error number if that was before 2 GiB.
fn memory_bomb(_: &Scene) -> Ended {
    for _ in 0..32 {
        let flags = PRIVATE.into();
        if call(libc::SYS_mmap, &[0, 64 << 20, READ_WRITE.into(), flags, -1, 0]).is_err() {
            return Err(last_error());
        }
    }
    Ok(0)
}
