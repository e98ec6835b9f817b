//! What a program of the same ordinary user can do to a locked component.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitCode;
use std::time::Duration;

use miandan_core::sandbox::Layer;

use crate::stage::Stage;

/// Which doors were open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peeked {
    maps: bool,
    memory: bool,
    traced: bool,
}

impl Peeked {
    pub(crate) fn any(self) -> bool {
        self.maps || self.memory || self.traced
    }
}

/// Starts a component and looks at it with a process of the same user.
pub(crate) fn peek(stage: &Stage, without: &[Layer]) -> Peeked {
    let (mut child, _pipe, _) = stage.start("nothing", true, without).expect("a locked component");
    let mut command = stage.command(true);
    let status = command.arg("--peek").arg(child.id().to_string()).status().expect("an observer");
    let _ = child.kill();
    let _ = child.wait();
    let seen = status.code().expect("an exit status");
    Peeked { maps: seen & 1 != 0, memory: seen & 2 != 0, traced: seen & 4 != 0 }
}

/// The observer: a bit of the exit status for each door.
pub(crate) fn peek_at(words: &[String]) -> ExitCode {
    let process: i32 = words.first().and_then(|word| word.parse().ok()).expect("a process");
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
    let first = maps.split('-').next().and_then(|start| u64::from_str_radix(start, 16).ok());
    let memory = File::open(format!("/proc/{process}/mem")).ok();
    let read = memory.zip(first).is_some_and(|(memory, place)| memory.read_at(&mut [0; 16], place).is_ok());
    // SAFETY: no memory is involved.
    let traced = unsafe { libc::ptrace(libc::PTRACE_SEIZE, process, 0, 0) } == 0;
    ExitCode::from(u8::from(!maps.is_empty()) | u8::from(read) << 1 | u8::from(traced) << 2)
}

/// Sends a locked component a signal that leaves a core, and answers whether it did.
pub(crate) fn leaves_core(stage: &Stage, signal: i32, without: &[Layer]) -> bool {
    let (mut child, _pipe, _) = stage.start("nothing", true, without).expect("a locked component");
    // The standard library's handler takes itself away at the first fault, for the second one to end the program.
    // Each signal meets it waiting, and not on its way there.
    let status = loop {
        std::thread::sleep(Duration::from_millis(20));
        // SAFETY: no memory is involved; the child has not been waited for, so the number is its own.
        unsafe { libc::kill(child.id() as i32, signal) };
        std::thread::sleep(Duration::from_millis(20));
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
    };
    // By the signal, or by what the standard library's handler of it tries: both could leave a core.
    assert!(matches!(status.signal(), Some(ended) if ended == signal || ended == libc::SIGSYS), "{status}");
    status.core_dumped()
}
