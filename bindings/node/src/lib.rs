//! The native module of the Node package `miandan`: batches, their labels one by one, and stations.
//!
//! The files of `lib/` check what a program hands over and make it pleasant to use; nobody else calls this module. Every
//! function answers either its value or a [`Failed`](failed::Failed), which they throw.
//!
//! What takes long runs on threads of its own, and what only waits for a disk on those of libuv: Node's event loop never waits,
//! and is kept alive by promises alone.

mod at_exit;
mod background;
mod batch;
mod component;
mod failed;
mod job;
mod label;
mod mailbox;
mod orders;
mod run;
mod shipped;
mod station;
mod told;
