//! System calls as an attacker makes them: by number, past every library.
#![allow(unsafe_code, reason = "attacks")]

use std::ffi::CString;
use std::path::Path;

/// What came of a system call: its value, or the error number.
pub(super) type Ended = Result<i64, i32>;

/// A system call with up to six arguments.
pub(super) fn call(number: libc::c_long, arguments: &[i64]) -> Ended {
    let mut words = [0_i64; 6];
    words[..arguments.len()].copy_from_slice(arguments);
    let [a, b, c, d, e, f] = words;
    // SAFETY: pointers among the arguments come from values that live to the end of the call; an act that harms this
    // process harms nobody else, which is what the test is about.
    let value = unsafe { libc::syscall(number, a, b, c, d, e, f) };
    if value < 0 { Err(last_error()) } else { Ok(value) }
}

/// The error number of the last call.
pub(super) fn last_error() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(-1)
}

/// A path as the kernel wants it.
pub(super) fn path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_encoded_bytes()).expect("no zero byte in a path")
}

/// The address of a value, as an argument.
pub(super) fn address<T: ?Sized>(value: *const T) -> i64 {
    value.cast::<u8>() as i64
}

/// The address of a socket: IPv4 on this machine.
pub(super) fn internet(port: u16) -> libc::sockaddr_in {
    // SAFETY: zeros are a value of this structure.
    let mut address: libc::sockaddr_in = unsafe { std::mem::zeroed() };
    address.sin_family = libc::AF_INET as libc::sa_family_t;
    address.sin_port = port.to_be();
    address.sin_addr.s_addr = u32::from_ne_bytes([127, 0, 0, 1]);
    address
}

/// The address of a Unix socket with its length; a name that begins with a zero byte has no path.
pub(super) fn unix(name: &[u8]) -> (libc::sockaddr_un, i64) {
    // SAFETY: zeros are a value of this structure.
    let mut address: libc::sockaddr_un = unsafe { std::mem::zeroed() };
    address.sun_family = libc::AF_UNIX as libc::sa_family_t;
    for (place, byte) in address.sun_path.iter_mut().zip(name) {
        *place = *byte as libc::c_char;
    }
    (address, (size_of::<libc::sa_family_t>() + name.len()) as i64)
}

/// `write` by the gate of 32-bit programs.
#[cfg(target_arch = "x86_64")]
pub(super) fn write_by_gate() -> Ended {
    let ended: i32;
    // SAFETY: the kernel kills the process or answers in eax; rbx, which the compiler keeps for itself, is put back.
    unsafe {
        std::arch::asm!(
            "xchg rbx, {fd}", "int 0x80", "xchg rbx, {fd}",
            fd = inout(reg) 3_u64 => _, inout("eax") 4 => ended, in("ecx") 0, in("edx") 0,
            options(nostack),
        );
    }
    if ended < 0 { Err(-ended) } else { Ok(ended.into()) }
}
