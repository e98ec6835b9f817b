//! What is told of a call, of a batch and of its labels.

use std::ffi::c_void;
use std::fmt;

use miandan_print::{Fault, LabelOutcome, Status};

use crate::status::MiandanStatus;

/// Why a call failed: what a caller acts on, and what it may show.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) status: Status,
    pub(crate) message: String,
}

impl Failed {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Failed { status, message: message.into() }
    }

    /// An argument that means nothing, with what would.
    pub(crate) fn argument(name: &str, wanted: impl fmt::Display) -> Self {
        Failed::new(Status::BadArgument, format!("{name}: {wanted}"))
    }
}

impl<F: Fault> From<F> for Failed {
    fn from(fault: F) -> Self {
        Failed::new(fault.status(), fault.to_string())
    }
}

/// What came of a batch.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    /// Labels made.
    pub done: u64,
    /// Pages of them all.
    pub pages: u64,
    /// Orders without a label.
    pub failed: u64,
    /// Labels, of those made, about which a person should know something.
    pub warned: u64,
}

impl From<&miandan_print::Summary> for Summary {
    fn from(summary: &miandan_print::Summary) -> Self {
        Summary {
            done: summary.done as u64,
            pages: summary.pages as u64,
            failed: summary.failed as u64,
            warned: summary.warned as u64,
        }
    }
}

/// What came of one order.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// The place of the label in the batch, from 1.
    pub index: u32,
    /// How many labels the batch has.
    pub count: u32,
    /// `MIANDAN_STATUS_OK`, or why there is no label.
    pub status: MiandanStatus,
    /// Warnings about fields that were hidden whole, and the like; each is one that a person should look at.
    pub warnings: u32,
    /// The size of the label in bytes, of all of its pages.
    pub bytes: u64,
    /// Its pages, where they are handed over one by one; else 0.
    pub pages: u32,
}

impl From<&LabelOutcome> for Outcome {
    fn from(label: &LabelOutcome) -> Self {
        Outcome {
            index: label.number.index,
            count: label.number.count,
            status: match label.result {
                Ok(_) => MiandanStatus::Ok,
                Err(failure) => Status::from(failure).into(),
            },
            warnings: warnings(label.warnings),
            bytes: label.result.unwrap_or(0) as u64,
            pages: 0,
        }
    }
}

/// How many things a person should know about a label.
pub(crate) fn warnings(warnings: miandan_core::pipe::Warnings) -> u32 {
    (warnings.iter().count() + warnings.notes().count() + warnings.boxed().count()) as u32
}

/// Who is told of each label as it is dealt with, in their order and on the thread that prints the batch. An answer that is not
/// 0 cancels the batch.
pub type Progress = Option<unsafe extern "C" fn(user: *mut c_void, label: *const Outcome) -> i32>;
