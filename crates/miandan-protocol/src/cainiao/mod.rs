//! Cainiao's protocol, and those that were made after it: Douyin, Pinduoduo, Kuaishou, Xiaohongshu.
//!
//! After the public documentation of the platforms and what their clients send and wait for.

mod answer;
mod flavour;
mod read;
mod tell;

pub(super) use answer::{
    agent_info, document_status, done, global_config, printer_config, printers, refuse, task_status,
};
pub(super) use read::{command, encrypted, read, sender};
pub(super) use tell::tell;
