//! What a component reports of its own sandbox.

use std::fmt;

macro_rules! layers {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $name:literal,)+) => {
        /// One layer of the sandbox.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Layer { $($(#[$doc])* $variant = $number,)+ }

        impl Layer {
            /// The stable name in JSON output.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Layer::$variant => $name,)+ }
            }

            /// The layer of a number on the pipe.
            #[must_use]
            pub const fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(Layer::$variant),)+ _ => None }
            }
        }
    };
}

layers! {
    /// `PR_SET_DUMPABLE` 0: no core, no `/proc/PID/mem`, no attach by the same user.
    NotDumpable = 1 "not_dumpable",
    /// `PR_SET_NO_NEW_PRIVS`.
    NoNewPrivileges = 2 "no_new_privileges",
    /// Core size, processes, descriptors, file size and memory by `setrlimit`.
    ResourceLimits = 3 "resource_limits",
    /// Every descriptor but the pipe closed.
    ClosedDescriptors = 4 "closed_descriptors",
    /// A user namespace of its own.
    UserNamespace = 5 "user_namespace",
    /// A network namespace with nothing in it.
    NetworkNamespace = 6 "network_namespace",
    /// An IPC namespace of its own.
    IpcNamespace = 7 "ipc_namespace",
    /// A mount namespace of its own.
    MountNamespace = 8 "mount_namespace",
    /// Landlock: no file and no TCP port.
    Landlock = 9 "landlock",
    /// Seccomp: a list of system calls, everything else kills.
    Seccomp = 10 "seccomp",
    /// Windows: a handle that is wrong ends the process.
    StrictHandles = 11 "strict_handles",
    /// Windows: no library, hook or font of somebody else is loaded.
    NoForeignCode = 12 "no_foreign_code",
    /// Windows: no memory becomes executable.
    NoDynamicCode = 13 "no_dynamic_code",
    /// Windows: no call into the windowing part of the kernel.
    NoWin32k = 14 "no_win32k",
    /// Windows: no other process is started.
    NoChildProcesses = 15 "no_child_processes",
    /// Windows: no clipboard, no desktop, no window of somebody else.
    UiLimits = 16 "ui_limits",
    /// Windows: the token has no privilege, and none can come back.
    NoPrivileges = 17 "no_privileges",
    /// Windows: integrity level *untrusted*: nothing that belongs to the user can be changed.
    UntrustedIntegrity = 18 "untrusted_integrity",
    /// Windows: an AppContainer without capabilities: no file of the user, no network.
    AppContainer = 19 "app_container",
}

/// What stands between a component and Linux.
const LINUX: &[Layer] = &[
    Layer::NotDumpable,
    Layer::NoNewPrivileges,
    Layer::ResourceLimits,
    Layer::ClosedDescriptors,
    Layer::UserNamespace,
    Layer::NetworkNamespace,
    Layer::IpcNamespace,
    Layer::MountNamespace,
    Layer::Landlock,
    Layer::Seccomp,
];

/// What stands between a component and Windows.
const WINDOWS: &[Layer] = &[
    Layer::NotDumpable,
    Layer::StrictHandles,
    Layer::NoForeignCode,
    Layer::NoDynamicCode,
    Layer::NoWin32k,
    Layer::ResourceLimits,
    Layer::NoChildProcesses,
    Layer::UiLimits,
    Layer::NoPrivileges,
    Layer::UntrustedIntegrity,
    Layer::AppContainer,
];

impl Layer {
    /// Every layer of this system, in the order in which they are put up. A system for which there are none has those
    /// of Linux, of which it can put up nothing.
    pub const ALL: &'static [Layer] = if cfg!(windows) { WINDOWS } else { LINUX };

    /// Whether no key is read without this layer.
    #[must_use]
    pub const fn is_mandatory(self) -> bool {
        matches!(
            self,
            Layer::NotDumpable
                | Layer::NoNewPrivileges
                | Layer::Seccomp
                | Layer::NoDynamicCode
                | Layer::NoChildProcesses
                | Layer::UntrustedIntegrity
                | Layer::AppContainer
        )
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayerState {
    /// It holds.
    On,
    /// The system offers part of it (an older Landlock, for instance).
    Partial,
    /// The system does not offer it or did not allow it.
    Unavailable,
    /// Somebody switched it off at start by an option named `dangerous…`.
    DangerouslyOff,
    /// The system said that it put it up; that it holds was never tried on this system. Does not count as on.
    Untested,
}

impl LayerState {
    /// The stable name in JSON output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            LayerState::On => "on",
            LayerState::Partial => "partial",
            LayerState::Unavailable => "unavailable",
            LayerState::DangerouslyOff => "dangerously_off",
            LayerState::Untested => "untested",
        }
    }

    /// The number on the pipe.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            LayerState::On => 0,
            LayerState::Partial => 1,
            LayerState::Unavailable => 2,
            LayerState::DangerouslyOff => 3,
            LayerState::Untested => 4,
        }
    }

    /// The state of a number on the pipe.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(LayerState::On),
            1 => Some(LayerState::Partial),
            2 => Some(LayerState::Unavailable),
            3 => Some(LayerState::DangerouslyOff),
            4 => Some(LayerState::Untested),
            _ => None,
        }
    }
}

impl fmt::Display for LayerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The state of every layer, as a component found it after it was locked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SandboxReport(Vec<(Layer, LayerState)>);

impl SandboxReport {
    /// Records the state of a layer; the last word on a layer holds.
    pub fn record(&mut self, layer: Layer, state: LayerState) {
        match self.0.iter_mut().find(|(known, _)| *known == layer) {
            Some(entry) => entry.1 = state,
            None => self.0.push((layer, state)),
        }
    }

    /// The state of a layer; a layer that was not reported is unavailable.
    #[must_use]
    pub fn state(&self, layer: Layer) -> LayerState {
        self.0.iter().find(|(known, _)| *known == layer).map_or(LayerState::Unavailable, |&(_, state)| state)
    }

    /// Every layer with its state.
    pub fn layers(&self) -> impl Iterator<Item = (Layer, LayerState)> {
        Layer::ALL.iter().map(|&layer| (layer, self.state(layer)))
    }

    /// How much of the sandbox holds.
    #[must_use]
    pub fn strength(&self) -> Strength {
        if Layer::ALL.iter().all(|&layer| self.state(layer) == LayerState::On) {
            Strength::Full
        } else if Layer::ALL.iter().filter(|l| l.is_mandatory()).all(|&l| self.state(l) == LayerState::On) {
            Strength::Reduced
        } else {
            Strength::Insufficient
        }
    }
}

/// How much of the sandbox holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Every layer is on.
    Full,
    /// The mandatory layers are on, others are not.
    Reduced,
    /// A mandatory layer is missing.
    Insufficient,
}

impl Strength {
    /// The stable name in JSON output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Strength::Full => "full",
            Strength::Reduced => "reduced",
            Strength::Insufficient => "insufficient",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_reported_is_not_there() {
        let mut report = SandboxReport::default();
        assert_eq!(report.strength(), Strength::Insufficient);
        for &layer in Layer::ALL {
            report.record(layer, LayerState::On);
        }
        assert_eq!(report.strength(), Strength::Full);
        report.record(Layer::ResourceLimits, LayerState::Unavailable);
        assert_eq!(report.strength(), Strength::Reduced);
        report.record(Layer::NotDumpable, LayerState::DangerouslyOff);
        assert_eq!(report.strength(), Strength::Insufficient);
    }

    #[test]
    fn what_was_never_tried_does_not_count() {
        let mut report = SandboxReport::default();
        for &layer in Layer::ALL {
            report.record(layer, LayerState::Untested);
        }
        assert_eq!(report.strength(), Strength::Insufficient);
    }

    #[test]
    fn each_system_has_mandatory_layers_and_every_layer_has_a_number_of_its_own() {
        for layers in [LINUX, WINDOWS] {
            assert!(layers.iter().any(|layer| layer.is_mandatory()));
            for &layer in layers {
                assert_eq!(Layer::from_number(layer as u8), Some(layer));
            }
        }
    }
}
