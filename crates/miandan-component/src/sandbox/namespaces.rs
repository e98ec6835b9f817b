//! Namespaces of its own: users, network, IPC, mounts.
//!
//! In the namespace of mounts nothing is mounted but an empty file system: there is no path that leads anywhere.
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
            let state = match (entered, layer) {
                (false, _) => LayerState::Unavailable,
                (true, Layer::MountNamespace) if !leave_every_file() => LayerState::Partial,
                (true, _) => LayerState::On,
            };
            record(layer, state);
        }
    }
}

/// Makes an empty file system the root and lets go of all others. What is open stays open.
///
/// `/proc` is there, since the start has read it, and is as good a place as any: it is out of sight a moment later.
/// The old root is stacked over the new one and taken away (pivot_root(2), *pivot_root(".", ".")*).
fn leave_every_file() -> bool {
    let (nothing, here, root, place) = (c"none".as_ptr(), c".".as_ptr(), c"/".as_ptr(), c"/proc".as_ptr());
    let flags = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC | libc::MS_RDONLY;
    let none = std::ptr::null();
    // SAFETY: the kernel reads texts that live as long as the program; the descriptors of this process keep what they
    // mean, and nothing of this program holds on to a path.
    unsafe {
        libc::mount(nothing, root, none, libc::MS_REC | libc::MS_PRIVATE, none.cast()) == 0
            && libc::mount(nothing, place, c"tmpfs".as_ptr(), flags, c"size=4k,mode=555".as_ptr().cast()) == 0
            && libc::chdir(place) == 0
            && libc::syscall(libc::SYS_pivot_root, here, here) == 0
            && libc::umount2(here, libc::MNT_DETACH) == 0
            && libc::chdir(root) == 0
    }
}
