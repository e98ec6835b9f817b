//! The component as an attacker: it starts and locks itself as the real one does, then tries one forbidden act.
//! Also the real one, for a look into its memory.
//!
//! Behind the cargo feature `attacks`, for `tests/attacks` and `tests/memory.rs` and nothing else: a program that is shipped never has it.
//! What an act does stands in [`acts`]; that every one of them ends the process, or is bounded, is what the test says.

mod acts;
mod calls;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use miandan_core::field::FieldId;
use miandan_core::sandbox::{Layer, LayerState};
use miandan_unseal::OpenedOrder;

use crate::arguments::{self, Command};
use crate::channel::Channel;
use crate::files::Secret;
use crate::sandbox::{self, Switches};
use crate::start;

pub use acts::{ACTS, Act, Denial};

/// Whether the component copies every field that it opens, and gives the copies back, as careless code would.
static CARELESS: AtomicBool = AtomicBool::new(false);

/// The component itself, with these arguments; for the test of its memory careless, or without the wiping allocator.
pub fn serve(arguments: impl IntoIterator<Item = OsString>, careless: bool, wiping: bool) -> ExitCode {
    CARELESS.store(careless, Ordering::Relaxed);
    crate::allocator::WIPING.store(wiping, Ordering::Relaxed);
    crate::panic::install();
    match arguments::parse(arguments) {
        Ok(Command::Serve(serve)) => start::start(serve),
        _ => ExitCode::from(crate::USAGE),
    }
}

/// What a careless component does with an order that it has opened: it keeps copies of every field for a while, and
/// gives them back. All are given back once 500 orders more were opened.
pub(crate) fn copy_carelessly(order: &OpenedOrder) {
    static KEPT: Mutex<(usize, Vec<String>)> = Mutex::new((0, Vec::new()));
    if CARELESS.load(Ordering::Relaxed) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1
            .extend(FieldId::ALL.iter().filter_map(|&id| order.expose(id)).map(|(_, text)| text.to_owned()));
        kept.0 += 1;
        if kept.0.is_multiple_of(500) {
            kept.1.clear();
        }
    }
}

/// What the test has put in place for an act to reach.
pub struct Scene {
    /// A file of the same user that nobody should read, and whose folder may be written.
    pub secret: PathBuf,
    /// A process of the same user.
    pub victim: i32,
    /// A TCP listener and a UDP socket on 127.0.0.1.
    pub tcp: u16,
    /// See `tcp`.
    pub udp: u16,
    /// A Unix listener with this path, and one with this name and no path.
    pub unix: PathBuf,
    /// See `unix`.
    pub abstract_name: String,
    /// The key of a System V shared memory segment.
    pub segment: i32,
    /// A copy of the test that belongs to root and has the set-user-id bit; answers its user.
    pub set_user_id: PathBuf,
}

/// What is said on the pipe once the lock holds, before the names of the layers that are on.
pub const LOCKED: &str = "locked";

/// Runs the act of this name, without the layers of these names (`everything` for all of them). A name that no act has
/// does nothing, for whoever wants to look at a component from outside.
///
/// Says [`LOCKED`] on the pipe, acts, and says what came of it: 0, or an error number, in decimal.
///
/// # Panics
/// If the sandbox cannot be put up.
pub fn run(act: &str, without: &[String], scene: &Scene) -> ExitCode {
    crate::panic::install();
    let act = ACTS.iter().find(|known| known.name == act);
    let layers = without.iter().filter_map(|name| Layer::ALL.iter().find(|layer| layer.as_str() == name));
    let switches = Switches {
        everything: without.iter().any(|name| name == "everything"),
        layers: layers.copied().collect(),
    };
    let mut channel = Channel::take().expect("a pipe as standard input");
    let hidden = sandbox::hide(switches).unwrap_or_else(|refused| panic!("{}", refused.reason));
    let key = Secret::open(&scene.secret).expect("the secret is there");
    let confined = hidden.confine().unwrap_or_else(|refused| panic!("{}", refused.reason));
    sandbox::mute_standard_error().expect("/dev/null");
    key.read().expect("a file that was opened can be read");
    let report = confined.lock().unwrap_or_else(|refused| panic!("{}", refused.reason));
    let on = report.layers().filter(|(_, state)| *state == LayerState::On).map(|(layer, _)| layer.as_str());
    channel.say(format!("{LOCKED} {}\n", on.collect::<Vec<_>>().join(" ")).as_bytes());
    if let Some(act) = act {
        let ended = (act.run)(scene);
        channel.say(format!("{}\n", ended.err().unwrap_or(0)).as_bytes());
    }
    // Whoever looks from outside wants the process to stay.
    channel.wait();
    sandbox::leave(0)
}
