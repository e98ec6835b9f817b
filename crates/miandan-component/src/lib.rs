//! The print component: the only program that opens an order, and the sandbox in which it does so.
//!
//! A host starts it with one end of a socket pair as standard input and asks it, frame by frame, for finished
//! labels. Names, phones and addresses are opened here, masked, drawn, and wiped; what leaves is the label or a code.
//!
//! It does not choose, sort, count or keep labels, talks to no printer, asks no clock, and writes no file but a
//! key. It has one thread: hosts that want more start more of them. It asks for nothing by name: not on `PATH`, not
//! in the environment. Its public interface is [`main`], so nothing can be built on the opening code by accident.
//!
//! # The order of start
//!
//! 1. A panic is made silent ([`panic`](mod@panic)), arguments are read ([`arguments`]).
//! 2. The pipe moves from standard input to descriptor 3; standard input and output become `/dev/null` ([`channel`]).
//! 3. [`sandbox::hide`]: the memory of the process is hidden, new privileges are ruled out, every other descriptor is
//!    closed, a tracer is refused, and it is made sure that system calls can be filtered. Otherwise no key is opened.
//! 4. Key files are opened and checked, not read; issuers' files, status lists and the state are read as bytes; one
//!    label is drawn ([`warm`]); a passphrase is asked for if it is to be typed ([`terminal`]).
//! 5. [`sandbox::Hidden::confine`]: namespaces, no capabilities, Landlock, limits. Standard error becomes `/dev/null`.
//! 6. The keys are read. 7. [`sandbox::Confined::lock`]: from here on the pipe and memory are all there is.
//! 8. Behind the lock everything that came from outside is parsed: keys, issuers, lists, then templates and orders.
//!
//! # How it ends
//!
//! | exit status | why |
//! |---|---|
//! | 0 | the host closed the pipe; for `keygen`, the key was written |
//! | 1 | the host broke the rules of the pipe |
//! | 2 | wrong arguments, or started by hand |
//! | 6 | refused: sandbox, tracer, key or issuer's file; the host was told the code |
//! | signal | a defect, or an act that the sandbox forbids |

// Reading order: the start, then what is served, then what holds it all.
mod arguments;
mod start;

mod keygen;
mod retire;
mod serve;
#[cfg(target_os = "linux")]
mod service;

mod label;
mod state;
mod station;
mod warm;

mod channel;
mod courier;
mod files;
mod terminal;

#[cfg(all(feature = "attacks", target_os = "linux"))]
pub mod attack;

mod allocator;
mod panic;
mod sandbox;

use std::io::Write;
use std::process::ExitCode;

use arguments::{Command, HELP};

/// In the library, not in the program, so that no program can leave it out.
#[global_allocator]
static ALLOCATOR: allocator::WipingAllocator = allocator::WipingAllocator;

/// Wrong arguments, or started by hand.
const USAGE: u8 = 2;

/// Sandbox, tracer, key or issuer's file.
const REFUSED: u8 = 6;

/// The whole program.
pub fn main() -> ExitCode {
    panic::install();
    match arguments::parse(std::env::args_os().skip(1)) {
        Ok(Command::Serve(serve)) => start::start(serve),
        Ok(Command::Keygen(keygen)) => keygen::run(&keygen),
        Ok(Command::Retire(retire)) => retire::run(&retire),
        Ok(Command::Service(arguments)) => serve_hosts(arguments),
        Ok(Command::Version) => say(&format!("miandan-component {}\n", env!("CARGO_PKG_VERSION"))),
        Ok(Command::Help) => say(HELP),
        Err(reason) => {
            complain(&format!("error: {reason}\nhint: miandan starts this program itself; see --help\n"));
            ExitCode::from(USAGE)
        }
    }
}

#[cfg(target_os = "linux")]
fn serve_hosts(arguments: arguments::Service) -> ExitCode {
    service::run(arguments)
}

#[cfg(not(target_os = "linux"))]
fn serve_hosts(_: arguments::Service) -> ExitCode {
    complain("error: there is no service for this system yet\nhint: see SECURITY.md for what there is\n");
    ExitCode::from(REFUSED)
}

/// Prints to standard output. Data only: a version, the public part of a key.
fn say(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Prints to standard error, before the lock only. There is nobody to tell if that fails.
fn complain(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
