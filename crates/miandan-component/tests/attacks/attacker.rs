//! The roles that this program plays, and what came of an attempt.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use miandan_component::attack::{self, Scene};
use miandan_core::sandbox::Layer;

/// What came of one attempt.
pub(crate) struct Attempt {
    /// The layers that were on.
    pub(crate) on: Vec<Layer>,
    pub(crate) ended: Ended,
}

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It succeeded.
    Done,
    /// It was refused with this error number.
    Denied(i32),
    /// The process was killed by this signal.
    Killed(i32),
    /// The watchdog had to end it.
    Hung,
    /// The component did not start, or said something that makes no sense.
    Broken,
}

impl Ended {
    pub(crate) fn is_denied(self) -> bool {
        matches!(self, Ended::Denied(_))
    }
}

/// The exit status of a program that an act managed to start: some program, or with the user of root.
pub(crate) const STARTED: i32 = 42;
pub(crate) const AS_ROOT: i32 = 41;
pub(crate) const NOT_AS_ROOT: i32 = 40;

/// Plays a role that is not the suite.
pub(crate) fn play(role: &str, rest: &[String]) -> Option<ExitCode> {
    match role {
        "--act" => Some(act(rest)),
        "--victim" => loop {
            std::thread::sleep(Duration::from_secs(3600));
        },
        "--who" => {
            // SAFETY: no memory is involved.
            let root = unsafe { libc::geteuid() } == 0;
            Some(ExitCode::from(if root { AS_ROOT } else { NOT_AS_ROOT } as u8))
        }
        "--version" => Some(ExitCode::from(STARTED as u8)),
        "--peek" => Some(crate::outside::peek_at(rest)),
        _ => None,
    }
}

/// `NAME secret victim tcp udp unix abstract segment set_user_id LAYER…`
fn act(words: &[String]) -> ExitCode {
    let [name, secret, victim, tcp, udp, unix, abstract_name, segment, set_user_id, without @ ..] = words
    else {
        return ExitCode::from(2);
    };
    let scene = Scene {
        secret: PathBuf::from(secret),
        victim: victim.parse().expect("a number"),
        tcp: tcp.parse().expect("a number"),
        udp: udp.parse().expect("a number"),
        unix: PathBuf::from(unix),
        abstract_name: abstract_name.clone(),
        segment: segment.parse().expect("a number"),
        set_user_id: PathBuf::from(set_user_id),
    };
    attack::run(name, without, &scene)
}
