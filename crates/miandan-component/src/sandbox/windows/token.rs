//! The token of the process: whom it stands for, and what that one may do.

use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE};
use windows_sys::Win32::Security::{
    AdjustTokenPrivileges, CreateWellKnownSid, GetLengthSid, GetSidSubAuthority, GetTokenInformation,
    LUID_AND_ATTRIBUTES, SE_PRIVILEGE_REMOVED, SECURITY_MAX_SID_SIZE, SID_AND_ATTRIBUTES,
    SetTokenInformation, TOKEN_ACCESS_MASK, TOKEN_ADJUST_DEFAULT, TOKEN_ADJUST_PRIVILEGES,
    TOKEN_INFORMATION_CLASS, TOKEN_MANDATORY_LABEL, TOKEN_PRIVILEGES, TOKEN_QUERY, TokenIntegrityLevel,
    TokenIsAppContainer, TokenPrivileges, WinUntrustedLabelSid,
};
use windows_sys::Win32::System::SystemServices::{SE_GROUP_INTEGRITY, SECURITY_MANDATORY_UNTRUSTED_RID};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// The token, open.
struct Token(HANDLE);

impl Token {
    fn open(rights: TOKEN_ACCESS_MASK) -> Option<Self> {
        let mut handle = null_mut();
        // SAFETY: the system writes one handle, which lives to the end of the call.
        let opened = unsafe { OpenProcessToken(GetCurrentProcess(), rights, &raw mut handle) } != 0;
        opened.then_some(Token(handle))
    }

    /// What the system says of the token. In words of 64 bits, so that every structure in it is aligned.
    fn ask(&self, class: TOKEN_INFORMATION_CLASS) -> Option<Vec<u64>> {
        let mut size = 0;
        // SAFETY: without a buffer the system writes the size that is needed, and nothing else.
        unsafe { GetTokenInformation(self.0, class, null_mut(), 0, &raw mut size) };
        let mut answer = vec![0_u64; (size as usize).div_ceil(8).max(1)];
        let room = (answer.len() * 8) as u32;
        // SAFETY: the system writes at most `room` bytes, and the buffer has as many.
        let told =
            unsafe { GetTokenInformation(self.0, class, answer.as_mut_ptr().cast(), room, &raw mut size) }
                != 0;
        told.then_some(answer)
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and is not used again.
        unsafe { CloseHandle(self.0) };
    }
}

/// Takes every privilege away for good, and asks whether any is left.
pub(super) fn remove_privileges() -> bool {
    let Some(token) = Token::open(TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES) else { return false };
    let Some(mut held) = token.ask(TokenPrivileges) else { return false };
    for privilege in privileges(&mut held) {
        privilege.Attributes = SE_PRIVILEGE_REMOVED;
    }
    // SAFETY: the buffer holds the structure as the system wrote it, with other attributes; nothing is written back.
    unsafe {
        AdjustTokenPrivileges(token.0, 0, held.as_ptr().cast(), 0, null_mut(), null_mut());
    }
    token.ask(TokenPrivileges).is_some_and(|mut left| privileges(&mut left).is_empty())
}

/// The privileges in an answer of the system.
fn privileges(answer: &mut [u64]) -> &mut [LUID_AND_ATTRIBUTES] {
    let room = size_of_val(answer);
    let list = answer.as_mut_ptr().cast::<TOKEN_PRIVILEGES>();
    let head = size_of::<TOKEN_PRIVILEGES>() - size_of::<LUID_AND_ATTRIBUTES>();
    // SAFETY: the answer is aligned and holds a count, then as many entries; more than fit are not looked at. The slice
    // borrows the answer.
    unsafe {
        let count = ((*list).PrivilegeCount as usize).min((room - head) / size_of::<LUID_AND_ATTRIBUTES>());
        std::slice::from_raw_parts_mut((&raw mut (*list).Privileges).cast(), count)
    }
}

/// Lowers the integrity level as far as it goes, from where it cannot be raised again, and asks for it.
pub(super) fn lower_integrity() -> bool {
    let Some(token) = Token::open(TOKEN_QUERY | TOKEN_ADJUST_DEFAULT) else { return false };
    let mut sid = [0_u64; (SECURITY_MAX_SID_SIZE as usize).div_ceil(8)];
    let mut size = size_of_val(&sid) as u32;
    let place = sid.as_mut_ptr().cast();
    // SAFETY: the system writes at most `size` bytes to the place, which has as many; the label points to it while it
    // is alive.
    unsafe {
        if CreateWellKnownSid(WinUntrustedLabelSid, null_mut(), place, &raw mut size) == 0 {
            return false;
        }
        let attributes = SE_GROUP_INTEGRITY as u32;
        let label =
            TOKEN_MANDATORY_LABEL { Label: SID_AND_ATTRIBUTES { Sid: place, Attributes: attributes } };
        let length = size_of::<TOKEN_MANDATORY_LABEL>() as u32 + GetLengthSid(place);
        SetTokenInformation(token.0, TokenIntegrityLevel, (&raw const label).cast(), length);
    }
    integrity(&token) == Some(SECURITY_MANDATORY_UNTRUSTED_RID as u32)
}

fn integrity(token: &Token) -> Option<u32> {
    let answer = token.ask(TokenIntegrityLevel)?;
    // SAFETY: the answer is aligned and holds a label, whose identifier lies in the answer as well and has one part.
    unsafe {
        let label: *const TOKEN_MANDATORY_LABEL = answer.as_ptr().cast();
        let level: *const u32 = GetSidSubAuthority((*label).Label.Sid, 0);
        if level.is_null() { None } else { Some(*level) }
    }
}

/// Whether whoever started the process put it into an AppContainer.
pub(super) fn is_in_app_container() -> bool {
    let answer = Token::open(TOKEN_QUERY).and_then(|token| token.ask(TokenIsAppContainer));
    // The low half of the first word: a 32-bit number that is not zero.
    answer.is_some_and(|answer| answer[0] as u32 != 0)
}
