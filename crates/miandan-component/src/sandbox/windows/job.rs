//! A job object: bounded memory, one process, nothing of the desktop.

use std::mem;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE};
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_ACTIVE_PROCESS,
    JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION, JOB_OBJECT_LIMIT_PROCESS_MEMORY, JOB_OBJECT_UILIMIT_DESKTOP,
    JOB_OBJECT_UILIMIT_DISPLAYSETTINGS, JOB_OBJECT_UILIMIT_EXITWINDOWS, JOB_OBJECT_UILIMIT_GLOBALATOMS,
    JOB_OBJECT_UILIMIT_HANDLES, JOB_OBJECT_UILIMIT_READCLIPBOARD, JOB_OBJECT_UILIMIT_SYSTEMPARAMETERS,
    JOB_OBJECT_UILIMIT_WRITECLIPBOARD, JOBOBJECT_BASIC_UI_RESTRICTIONS, JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
    JOBOBJECTINFOCLASS, JobObjectBasicUIRestrictions, JobObjectExtendedLimitInformation,
    QueryInformationJobObject, SetInformationJobObject,
};
use windows_sys::Win32::System::Threading::GetCurrentProcess;

/// Memory that the component may commit, as on Linux.
const MEMORY: usize = 1 << 30;

const UI: u32 = JOB_OBJECT_UILIMIT_DESKTOP
    | JOB_OBJECT_UILIMIT_DISPLAYSETTINGS
    | JOB_OBJECT_UILIMIT_EXITWINDOWS
    | JOB_OBJECT_UILIMIT_GLOBALATOMS
    | JOB_OBJECT_UILIMIT_HANDLES
    | JOB_OBJECT_UILIMIT_READCLIPBOARD
    | JOB_OBJECT_UILIMIT_SYSTEMPARAMETERS
    | JOB_OBJECT_UILIMIT_WRITECLIPBOARD;

/// What is asked of the job.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) limits: bool,
    pub(super) alone: bool,
    pub(super) ui: bool,
}

/// What holds.
#[derive(Default)]
pub(super) struct Held {
    pub(super) limits: bool,
    pub(super) alone: bool,
    pub(super) ui: bool,
}

/// Makes a job, enters it, and forgets it: without a name and without a handle nobody can change it any more. It says
/// nothing of breaking away, so that is not allowed.
pub(super) fn enter(wanted: Wanted) -> Held {
    // SAFETY: the limits are a structure of numbers, for which zero means that there is no limit.
    let mut limits: JOBOBJECT_EXTENDED_LIMIT_INFORMATION = unsafe { mem::zeroed() };
    if wanted.limits {
        limits.BasicLimitInformation.LimitFlags |=
            JOB_OBJECT_LIMIT_PROCESS_MEMORY | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
        limits.ProcessMemoryLimit = MEMORY;
    }
    if wanted.alone {
        limits.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
        limits.BasicLimitInformation.ActiveProcessLimit = 1;
    }
    let ui = JOBOBJECT_BASIC_UI_RESTRICTIONS { UIRestrictionsClass: if wanted.ui { UI } else { 0 } };
    // SAFETY: no name and default permissions are asked for; the handle is closed once. The second handle stands for
    // this process and is never closed.
    let entered = unsafe {
        let job = CreateJobObjectW(null(), null());
        if job.is_null() {
            return Held::default();
        }
        let entered = set(job, JobObjectExtendedLimitInformation, &limits)
            && set(job, JobObjectBasicUIRestrictions, &ui)
            && AssignProcessToJobObject(job, GetCurrentProcess()) != 0;
        CloseHandle(job);
        entered
    };
    if entered { held(wanted) } else { Held::default() }
}

/// What the system says of the job that this process is in.
fn held(wanted: Wanted) -> Held {
    // SAFETY: both are structures of numbers, for which zero is as good as any other value.
    let (mut limits, mut ui): (JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JOBOBJECT_BASIC_UI_RESTRICTIONS) =
        unsafe { mem::zeroed() };
    let known = ask(JobObjectExtendedLimitInformation, &mut limits);
    let basic = limits.BasicLimitInformation;
    let bounded =
        basic.LimitFlags & JOB_OBJECT_LIMIT_PROCESS_MEMORY != 0 && limits.ProcessMemoryLimit <= MEMORY;
    let single = basic.LimitFlags & JOB_OBJECT_LIMIT_ACTIVE_PROCESS != 0 && basic.ActiveProcessLimit == 1;
    let bare = ask(JobObjectBasicUIRestrictions, &mut ui) && ui.UIRestrictionsClass & UI == UI;
    Held {
        limits: wanted.limits && known && bounded,
        alone: wanted.alone && known && single,
        ui: wanted.ui && bare,
    }
}

fn set<T>(job: HANDLE, class: JOBOBJECTINFOCLASS, value: &T) -> bool {
    // SAFETY: the system reads one value of the class, whose size is told; it lives to the end of the call.
    unsafe { SetInformationJobObject(job, class, (&raw const *value).cast(), size_of::<T>() as u32) != 0 }
}

fn ask<T>(class: JOBOBJECTINFOCLASS, value: &mut T) -> bool {
    let size = size_of::<T>() as u32;
    // SAFETY: no handle means the job of this process. The system writes one value of the class, whose size is told.
    unsafe { QueryInformationJobObject(null_mut(), class, (&raw mut *value).cast(), size, null_mut()) != 0 }
}
