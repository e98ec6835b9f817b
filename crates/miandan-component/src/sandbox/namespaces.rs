//! Namespaces of its own: users, network, IPC, mounts.
//!
//! The user namespace comes first: with it the others need no root. Where a system forbids it (some distributions do,
//! by AppArmor or a sysctl) a component started by root still gets the others. None of them is mandatory.

use miandan_core::sandbox::{Layer, LayerState};

const NAMESPACES: [(Layer, libc::c_int); 4] = [
    (Layer::UserNamespace, libc::CLONE_NEWUSER),
    (Layer::NetworkNamespace, libc::CLONE_NEWNET),
    (Layer::IpcNamespace, libc::CLONE_NEWIPC),
    (Layer::MountNamespace, libc::CLONE_NEWNS),
];

/// Enters every namespace that `wanted` asks for and that the system allows, and tells `record` of each one tried.
pub(crate) fn enter(wanted: impl Fn(Layer) -> bool, mut record: impl FnMut(Layer, LayerState)) {
    for (layer, flag) in NAMESPACES {
        if wanted(layer) {
            // SAFETY: no memory is involved; the process has one thread, and holds no descriptor whose meaning a
            // namespace changes.
            let entered = unsafe { libc::unshare(flag) } == 0;
            record(layer, if entered { LayerState::On } else { LayerState::Unavailable });
        }
    }
}
