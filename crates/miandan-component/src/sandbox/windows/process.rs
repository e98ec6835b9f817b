//! What a process can give up of its own: being looked into, and what it could load, make or call.

use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{CloseHandle, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR,
    SetKernelObjectSecurity,
};
use windows_sys::Win32::System::Diagnostics::Debug::{
    CheckRemoteDebuggerPresent, IsDebuggerPresent, SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX,
    SEM_NOOPENFILEERRORBOX, SetErrorMode,
};
use windows_sys::Win32::System::ErrorReporting::{WER_FAULT_REPORTING_FLAG_NOHEAP, WerSetFlags};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetCurrentProcessId, GetCurrentThread, GetProcessMitigationPolicy, OpenProcess,
    PROCESS_MITIGATION_POLICY, PROCESS_VM_READ, ProcessDynamicCodePolicy, ProcessExtensionPointDisablePolicy,
    ProcessFontDisablePolicy, ProcessImageLoadPolicy, ProcessSignaturePolicy, ProcessStrictHandleCheckPolicy,
    ProcessSystemCallDisablePolicy, SetProcessMitigationPolicy, TerminateProcess,
};

/// No report of a crash holds memory, no box waits for somebody to attach a debugger, and no other process of the same
/// user can open this one. What the host holds already, since it started the process, stays with the host.
pub(crate) fn hide_memory() -> bool {
    // SAFETY: no memory is involved.
    let quiet = unsafe {
        SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
        WerSetFlags(WER_FAULT_REPORTING_FLAG_NOHEAP) == 0
    };
    quiet && deny_everyone() && !can_be_opened()
}

/// Replaces the permissions of the process and its one thread by none. With an entry for OWNER RIGHTS (`OW`) the owner
/// loses the right to give itself others.
fn deny_everyone() -> bool {
    let text: Vec<u16> = "D:P(D;;GA;;;OW)\0".encode_utf16().collect();
    let mut descriptor: PSECURITY_DESCRIPTOR = null_mut();
    let which = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
    // SAFETY: the text ends with a zero; the descriptor that the first call makes is used while it is alive, and freed
    // once. The handles stand for this process and this thread and are never closed.
    unsafe {
        if ConvertStringSecurityDescriptorToSecurityDescriptorW(
            text.as_ptr(),
            SDDL_REVISION_1,
            &raw mut descriptor,
            null_mut(),
        ) == 0
        {
            return false;
        }
        let denied = SetKernelObjectSecurity(GetCurrentProcess(), which, descriptor) != 0
            && SetKernelObjectSecurity(GetCurrentThread(), which, descriptor) != 0;
        LocalFree(descriptor);
        denied
    }
}

/// Asks the system, not our own notes: opening ourselves by number goes the way that anyone else would go.
fn can_be_opened() -> bool {
    // SAFETY: no memory is involved; a handle that is answered is closed once.
    unsafe {
        let handle = OpenProcess(PROCESS_VM_READ, 0, GetCurrentProcessId());
        let opened = !handle.is_null();
        if opened {
            CloseHandle(handle);
        }
        opened
    }
}

/// Whether a debugger is attached. Good advice, not a boundary: it could change the answer.
pub(crate) fn is_traced() -> bool {
    let mut present = 0;
    // SAFETY: the system writes one integer, which lives to the end of the call.
    unsafe {
        IsDebuggerPresent() != 0
            || CheckRemoteDebuggerPresent(GetCurrentProcess(), &raw mut present) == 0
            || present != 0
    }
}

// The policies are structures of one 32-bit word of flags each (winnt.h, PROCESS_MITIGATION_…_POLICY); the numbers below
// are those flags.

/// A handle that is not open, or not of the right kind, ends the process; and that stays so.
pub(crate) fn check_handles() -> bool {
    const RAISE_EXCEPTION: u32 = 1 << 0;
    const PERMANENTLY: u32 = 1 << 1;
    give_up(ProcessStrictHandleCheckPolicy, RAISE_EXCEPTION | PERMANENTLY)
}

/// No call into win32k. Refused by the system if a library of windows was loaded already.
pub(crate) fn forbid_windows() -> bool {
    const DISALLOW_WIN32K_SYSTEM_CALLS: u32 = 1 << 0;
    give_up(ProcessSystemCallDisablePolicy, DISALLOW_WIN32K_SYSTEM_CALLS)
}

/// No memory becomes executable, and no executable memory changes.
pub(crate) fn forbid_dynamic_code() -> bool {
    const PROHIBIT_DYNAMIC_CODE: u32 = 1 << 0;
    give_up(ProcessDynamicCodePolicy, PROHIBIT_DYNAMIC_CODE)
}

/// No hooks and input methods, no fonts but those of the system, no libraries but signed ones from the system's folder.
pub(crate) fn forbid_foreign_code() -> bool {
    const DISABLE_EXTENSION_POINTS: u32 = 1 << 0;
    const DISABLE_NON_SYSTEM_FONTS: u32 = 1 << 0;
    const NO_REMOTE_IMAGES: u32 = 1 << 0;
    const NO_LOW_LABEL_IMAGES: u32 = 1 << 1;
    const PREFER_SYSTEM32: u32 = 1 << 2;
    const MICROSOFT_SIGNED_ONLY: u32 = 1 << 0;
    give_up(ProcessExtensionPointDisablePolicy, DISABLE_EXTENSION_POINTS)
        && give_up(ProcessFontDisablePolicy, DISABLE_NON_SYSTEM_FONTS)
        && give_up(ProcessImageLoadPolicy, NO_REMOTE_IMAGES | NO_LOW_LABEL_IMAGES | PREFER_SYSTEM32)
        && give_up(ProcessSignaturePolicy, MICROSOFT_SIGNED_ONLY)
}

/// Sets the flags of a policy, for good, and asks the system whether they are set.
fn give_up(policy: PROCESS_MITIGATION_POLICY, flags: u32) -> bool {
    let mut held = 0_u32;
    // SAFETY: the system reads and writes one word, whose size is told; both live to the end of the calls.
    unsafe {
        SetProcessMitigationPolicy(policy, (&raw const flags).cast(), size_of::<u32>());
        GetProcessMitigationPolicy(GetCurrentProcess(), policy, (&raw mut held).cast(), size_of::<u32>()) != 0
            && held & flags == flags
    }
}

/// Ends the process now: no destructor and no exit handler runs. The system wipes the memory before anyone gets it.
pub(crate) fn leave(code: u8) -> ! {
    // SAFETY: nothing that outlives the process depends on exit handlers; the pipe is unbuffered.
    unsafe { TerminateProcess(GetCurrentProcess(), code.into()) };
    std::process::abort()
}
