//! A program that a test names with `--component`: it starts the real component, and something happens to that.
//!
//! The program is the test program itself. A script passes the act and the component's arguments by the environment
//! (of the host's environment nothing arrives) and asks for one test, which calls [`act`].

use std::env;
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use miandan_core::pipe::{self, MAX_ANSWER, MAX_REQUEST, PipeError};
use nix::libc;
use nix::sys::ptrace;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use super::Station;

/// The name of the test that calls [`act`].
pub const ENTRY: &str = "stand_in_for_the_component";

/// What happens to the component.
#[derive(Clone, Copy)]
pub enum Act<'a> {
    /// Another process traces it from its first instruction on.
    IsTraced,
    /// It runs where something forbids it to filter system calls, as some containers do.
    CannotFilter,
    /// It dies whenever it is asked for an order in which this text stands.
    DiesOver(&'a str),
}

impl Station {
    /// Writes the program and answers its path.
    pub fn stand_in(&self, act: Act<'_>) -> String {
        let (name, poison) = match act {
            Act::IsTraced => ("is-traced", ""),
            Act::CannotFilter => ("cannot-filter", ""),
            Act::DiesOver(poison) => ("dies-over", poison),
        };
        self.write(&format!("{name}.poison"), poison.as_bytes());
        let program = env::current_exe().unwrap();
        let (program, poison) = (program.display(), self.path(&format!("{name}.poison")));
        let component = env!("CARGO_BIN_EXE_miandan-component");
        let script = format!(
            "#!/bin/sh\n\
             export STAND_IN_ACT='{name}' STAND_IN_POISON='{}' STAND_IN_COMPONENT='{component}'\n\
             export STAND_IN_ARGUMENTS=\"$(printf '%s\\n' \"$@\")\"\n\
             exec '{program}' --exact {ENTRY} --nocapture\n",
            poison.display()
        );
        // Written by another process: a descriptor that is open for writing, and inherited by whatever another test
        // starts just then, would make it busy.
        let path = self.path(name);
        let write = ["-c", "printf %s \"$1\" >\"$2\" && chmod 755 \"$2\"", "sh", &script];
        assert!(Command::new("/bin/sh").args(write).arg(&path).status().unwrap().success());
        path.into_os_string().into_string().unwrap()
    }
}

/// Acts if this process was started as a stand-in, and then does not return.
pub fn act() {
    let Ok(act) = env::var("STAND_IN_ACT") else { return };
    let status = match act.as_str() {
        "is-traced" => is_traced(),
        "cannot-filter" => cannot_filter(),
        "dies-over" => dies_over(&fs::read(env::var("STAND_IN_POISON").unwrap()).unwrap()),
        _ => unreachable!("no such act"),
    };
    std::process::exit(status);
}

fn arguments() -> Vec<String> {
    env::var("STAND_IN_ARGUMENTS").unwrap().lines().map(str::to_owned).collect()
}

/// The real component, whose standard input is ours.
fn component() -> Command {
    let mut command = Command::new(env::var("STAND_IN_COMPONENT").unwrap());
    command.args(arguments()).env_clear();
    command
}

fn is_traced() -> i32 {
    // A shell that stops until it is traced, and then becomes the component.
    let component = env::var("STAND_IN_COMPONENT").unwrap();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "kill -STOP $$; exec \"$0\" \"$@\"", &component]).args(arguments());
    let child = Pid::from_raw(shell.spawn().unwrap().id() as i32);
    assert!(matches!(waitpid(child, Some(WaitPidFlag::WUNTRACED)), Ok(WaitStatus::Stopped(..))));
    ptrace::seize(child, ptrace::Options::empty()).unwrap();
    kill(child, Signal::SIGCONT).unwrap();
    loop {
        match waitpid(child, None).unwrap() {
            WaitStatus::Exited(_, status) => return status,
            WaitStatus::Signaled(..) => return 1,
            WaitStatus::Stopped(_, signal) => ptrace::cont(child, signal).unwrap(),
            _ => ptrace::cont(child, None).unwrap(),
        }
    }
}

fn cannot_filter() -> i32 {
    let rules = [(libc::SYS_seccomp, Vec::new())].into();
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let architecture = TargetArch::try_from(env::consts::ARCH).unwrap();
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, architecture).unwrap();
    let program: BpfProgram = filter.try_into().unwrap();
    seccompiler::apply_filter(&program).unwrap();
    panic!("the component does not start: {}", component().exec());
}

fn dies_over(poison: &[u8]) -> i32 {
    let mut host = UnixStream::from(io::stdin().as_fd().try_clone_to_owned().unwrap());
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    let mut real = component().stdin(OwnedFd::from(theirs)).stdout(Stdio::null()).spawn().unwrap();
    // In lock step, as the pipe is: the component speaks first.
    loop {
        if pass(&mut ours, &mut host, MAX_ANSWER, |_| true).is_err() {
            break;
        }
        if pass(&mut host, &mut ours, MAX_REQUEST, |frame| !contains(frame, poison)).is_err() {
            break;
        }
    }
    real.kill().unwrap();
    real.wait().unwrap();
    1
}

/// Hands one frame on if it passes.
fn pass(
    from: &mut UnixStream,
    to: &mut UnixStream,
    limit: usize,
    passes: impl Fn(&[u8]) -> bool,
) -> Result<(), PipeError> {
    let mut frame = Vec::new();
    pipe::read_frame(from, &mut frame, limit)?;
    if !passes(&frame) {
        return Err(PipeError::Closed);
    }
    let length = (frame.len() as u32).to_le_bytes();
    pipe::write_frame(to, &[&length[..], &frame].concat())
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(haystack, needle).is_some()
}
