//! The three steps on Linux. See [`super`].

use miandan_core::Code;
use miandan_core::sandbox::{Layer, LayerState, SandboxReport};

pub(crate) use super::descriptors::{Pipe, mute_standard_error, standard_input_is_channel, take_channel};
use super::process::Limits;
pub(crate) use super::process::{leave, own_user};
use super::seccomp::Filter;
use super::{Refused, Switches, descriptors, landlock, namespaces, process};

/// What was found so far.
struct Fence {
    switches: Switches,
    report: SandboxReport,
    filter: Option<Filter>,
}

/// After the first step.
pub(crate) struct Hidden(Fence);

/// After the second step.
pub(crate) struct Confined(Fence);

/// What the service promises of itself, which opens nothing and starts components: no core, no tracer of the same user,
/// no new privileges. Answers whether that holds.
pub(crate) fn guard() -> bool {
    process::hide_memory() && process::forbid_new_privileges()
}

/// The first step. See [`super`].
pub(crate) fn hide(switches: Switches) -> Result<Hidden, Refused> {
    let mut report = SandboxReport::default();
    for &layer in Layer::ALL.iter().filter(|&&layer| !switches.wants(layer)) {
        report.record(layer, LayerState::DangerouslyOff);
    }
    let mut fence = Fence { switches, report, filter: None };
    fence.put_up(Layer::NotDumpable, || on_if(process::hide_memory()));
    fence.put_up(Layer::NoNewPrivileges, || on_if(process::forbid_new_privileges()));
    fence.put_up(Layer::ClosedDescriptors, || on_if(descriptors::close_the_rest().is_ok()));
    if !fence.switches.everything {
        untraced()?;
    }
    if fence.switches.wants(Layer::Seccomp) {
        fence.filter = Some(Filter::compile().ok_or(NO_SECCOMP)?);
    }
    fence.check_promises()?;
    Ok(Hidden(fence))
}

impl Hidden {
    /// The second step. See [`super`].
    pub(crate) fn confine(self) -> Result<Confined, Refused> {
        let Hidden(mut fence) = self;
        let Fence { switches, report, .. } = &mut fence;
        namespaces::enter(|layer| switches.wants(layer), |layer, state| report.record(layer, state));
        if !switches.everything {
            process::drop_capabilities();
        }
        fence.put_up(Layer::Landlock, landlock::deny_all);
        fence.put_up(Layer::ResourceLimits, || match process::limit_resources() {
            Limits::All => LayerState::On,
            Limits::Some => LayerState::Partial,
            Limits::None => LayerState::Unavailable,
        });
        // New credentials came with the user namespace.
        fence.put_up(Layer::NotDumpable, || on_if(process::hide_memory()));
        fence.check_promises()?;
        Ok(Confined(fence))
    }
}

impl Confined {
    /// The last step. See [`super`]. From here on, whatever is not on the list of system calls ends the process.
    pub(crate) fn lock(self) -> Result<SandboxReport, Refused> {
        let Confined(mut fence) = self;
        if let Some(filter) = &fence.filter {
            filter.install().map_err(|_| NO_SECCOMP)?;
            fence.report.record(Layer::Seccomp, LayerState::On);
        }
        Ok(fence.report)
    }
}

impl Fence {
    fn put_up(&mut self, layer: Layer, act: impl FnOnce() -> LayerState) {
        if self.switches.wants(layer) {
            self.report.record(layer, act());
        }
    }

    /// Asks the kernel, not our own notes, whether the process is what a key may be read into.
    fn check_promises(&self) -> Result<(), Refused> {
        if self.switches.wants(Layer::NotDumpable) && !process::is_hidden() {
            return Err(refused("the memory of the process cannot be hidden (PR_SET_DUMPABLE)"));
        }
        if self.switches.wants(Layer::NoNewPrivileges) && !process::has_no_new_privileges() {
            return Err(refused("new privileges cannot be ruled out (PR_SET_NO_NEW_PRIVS)"));
        }
        Ok(())
    }
}

const NO_SECCOMP: Refused = refused("this system cannot filter system calls (seccomp)");

const fn refused(reason: &'static str) -> Refused {
    Refused { code: Code::SandboxUnavailable, reason }
}

fn untraced() -> Result<(), Refused> {
    match process::is_traced() {
        Ok(false) => Ok(()),
        Ok(true) => Err(Refused { code: Code::Traced, reason: "another process is tracing this one" }),
        Err(_) => Err(refused("/proc/self/status cannot be read, so a tracer cannot be ruled out")),
    }
}

fn on_if(holds: bool) -> LayerState {
    if holds { LayerState::On } else { LayerState::Unavailable }
}
