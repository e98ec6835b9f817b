//! The three steps on Windows. See [`super`].
//!
//! **Not run.** This is written from the documentation of the system and compiled for `x86_64-pc-windows-gnu`
//! (`.ci/other-systems`); nobody has seen it hold, and no attack was tried. Therefore:
//!
//! - without `--dangerous-untested-sandbox` the component refuses and reads no key;
//! - with it, a layer that the system says it has put up is reported as [`LayerState::Untested`], never as on, so that
//!   every result says `insufficient`.
//!
//! What the layers leave open, as far as documents tell: a process of this integrity level can still *read* what its
//! user may read, and may reach the network. An AppContainer without capabilities would take both away, but is entered
//! where a process is created, which the host does not do yet; [`Layer::AppContainer`] says whether somebody did.
//! Nor is there a filter of system calls. A key made or retired here is out of reach too: `keygen` has no such option.
//!
//! Order: what a process can give up while it still opens files ([`hide`]), what stands in the way of opening files
//! ([`Hidden::confine`]), and the loading of libraries ([`Confined::lock`]).

mod job;
mod pipe;
mod process;
mod token;

use miandan_core::Code;
use miandan_core::sandbox::{Layer, LayerState, SandboxReport};

pub(crate) use self::pipe::{Pipe, mute_standard_error, standard_input_is_channel, take_channel};
pub(crate) use self::process::leave;
use super::{Refused, Switches};

/// What was found so far.
struct Fence {
    switches: Switches,
    report: SandboxReport,
}

/// After the first step.
pub(crate) struct Hidden(Fence);

/// After the second step.
pub(crate) struct Confined(Fence);

/// The first step. See [`super`].
pub(crate) fn hide(switches: Switches) -> Result<Hidden, Refused> {
    if !switches.untested {
        return Err(refused("the sandbox for Windows was never run, so it is not trusted with a key"));
    }
    let mut report = SandboxReport::default();
    for &layer in Layer::ALL.iter().filter(|&&layer| !switches.wants(layer)) {
        report.record(layer, LayerState::DangerouslyOff);
    }
    let mut fence = Fence { switches, report };
    fence.put_up(Layer::NotDumpable, process::hide_memory)?;
    if !fence.switches.everything && process::is_traced() {
        return Err(Refused { code: Code::Traced, reason: "a debugger is attached to this process" });
    }
    if fence.switches.wants(Layer::AppContainer) {
        // Whoever started the process put it up, or nobody did: the one mandatory layer that is reported only.
        fence.report.record(Layer::AppContainer, state(token::is_in_app_container()));
    }
    fence.put_up(Layer::StrictHandles, process::check_handles)?;
    fence.put_up(Layer::NoWin32k, process::forbid_windows)?;
    fence.put_up(Layer::NoDynamicCode, process::forbid_dynamic_code)?;
    Ok(Hidden(fence))
}

impl Hidden {
    /// The second step. See [`super`].
    pub(crate) fn confine(self) -> Result<Confined, Refused> {
        let Hidden(mut fence) = self;
        let limits = fence.switches.wants(Layer::ResourceLimits);
        let alone = fence.switches.wants(Layer::NoChildProcesses);
        let held = job::enter(job::Wanted { limits, alone, ui: fence.switches.wants(Layer::UiLimits) });
        fence.put_up(Layer::ResourceLimits, || held.limits)?;
        fence.put_up(Layer::NoChildProcesses, || held.alone)?;
        fence.put_up(Layer::UiLimits, || held.ui)?;
        fence.put_up(Layer::NoPrivileges, token::remove_privileges)?;
        fence.put_up(Layer::UntrustedIntegrity, token::lower_integrity)?;
        Ok(Confined(fence))
    }
}

impl Confined {
    /// The last step. See [`super`].
    pub(crate) fn lock(self) -> Result<SandboxReport, Refused> {
        let Confined(mut fence) = self;
        fence.put_up(Layer::NoForeignCode, process::forbid_foreign_code)?;
        Ok(fence.report)
    }
}

impl Fence {
    fn put_up(&mut self, layer: Layer, act: impl FnOnce() -> bool) -> Result<(), Refused> {
        if !self.switches.wants(layer) {
            return Ok(());
        }
        let holds = act();
        self.report.record(layer, state(holds));
        if holds || !layer.is_mandatory() { Ok(()) } else { Err(refused("a mandatory layer is missing")) }
    }
}

fn state(holds: bool) -> LayerState {
    if holds { LayerState::Untested } else { LayerState::Unavailable }
}

const fn refused(reason: &'static str) -> Refused {
    Refused { code: Code::SandboxUnavailable, reason }
}
