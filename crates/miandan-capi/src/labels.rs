//! Labels that are handed over one by one.

#![allow(unsafe_code, reason = "functions that are called from C")]

use std::ffi::c_char;
use std::sync::{Arc, Mutex, PoisonError};

use miandan_print::{Cancel, LabelForm, Labels, Status};

use crate::batch::BatchHandle;
use crate::boundary::{call, optional_text, out};
use crate::buffer::Buffer;
use crate::catalogue::profile;
use crate::handle::{self, Object};
use crate::outcome::{Failed, Outcome, warnings};
use crate::status::MiandanStatus;

pub(crate) struct LabelsHandle {
    cancel: Cancel,
    coming: Mutex<Coming>,
}

struct Coming {
    labels: Labels,
    /// The pages of the label that was taken last, until each is taken.
    pages: Vec<Option<Vec<u8>>>,
}

impl Object for LabelsHandle {
    const NAME: &'static str = "labels";

    fn freed(&self) {
        self.cancel.cancel();
    }
}

/// Begins to print a batch whose labels are handed over one by one: as pictures (PNG), or, unless `profile` is null, as what a
/// printer of that profile is sent. Components work ahead by a few labels. Free it with `miandan_labels_free`.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_PRINTER_UNKNOWN` or
/// `MIANDAN_STATUS_COMPONENT_FAILED`. What else may happen is answered by `miandan_labels_next`.
///
/// # Safety
/// `profile` is null or ends with a NUL; at `labels` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_labels_start(
    batch: u64,
    profile_name: *const c_char,
    labels: *mut u64,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let labels = out("labels", labels)?;
            let found: Arc<BatchHandle> = handle::find(batch)?;
            let form = match optional_text("profile", profile_name)? {
                None => LabelForm::Png,
                Some(name) => LabelForm::Printer(profile(name)?.profile),
            };
            let started = Labels::start(found.options(), form)
                .map_err(|error| Failed::new(Status::ComponentFailed, error.to_string()))?;
            let cancel = started.cancel();
            found.runs(cancel.clone());
            let coming = Mutex::new(Coming { labels: started, pages: Vec::new() });
            labels.write(handle::give(LabelsHandle { cancel, coming }));
            Ok(())
        })
    }
}

/// Waits for the next label, in the order of the orders. An order that cannot be printed is a label too, without pages and with
/// a status that says why. The pages of the label before it are gone then.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_END` after the last one, or what ended the batch, as
/// `miandan_batch_print_pdf`.
///
/// # Safety
/// At `label` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_labels_next(
    labels: u64,
    label: *mut Outcome,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let label = out("label", label)?;
            let found: Arc<LabelsHandle> = handle::find(labels)?;
            let mut coming = found.coming.lock().unwrap_or_else(PoisonError::into_inner);
            coming.pages.clear();
            let next = coming.labels.next().transpose()?;
            let next = next.ok_or_else(|| Failed::new(Status::End, "there are no more labels"))?;
            let (status, pages) = match next.pages {
                Ok(pages) => (MiandanStatus::Ok, pages),
                Err(failure) => (Status::from(failure).into(), Vec::new()),
            };
            label.write(Outcome {
                index: next.number.index,
                count: next.number.count,
                status,
                warnings: warnings(next.warnings),
                bytes: pages.iter().map(|page| page.len() as u64).sum(),
                pages: pages.len() as u32,
            });
            coming.pages = pages.into_iter().map(Some).collect();
            Ok(())
        })
    }
}

/// Hands over a page, from 0, of the label that was taken last. Each is handed over once. Free it with
/// `miandan_buffer_free`.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.
///
/// # Safety
/// At `bytes` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_labels_page(
    labels: u64,
    page: u32,
    bytes: *mut Buffer,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let bytes = out("bytes", bytes)?;
            let found: Arc<LabelsHandle> = handle::find(labels)?;
            let mut coming = found.coming.lock().unwrap_or_else(PoisonError::into_inner);
            let page = coming.pages.get_mut(page as usize).and_then(Option::take);
            let page =
                page.ok_or_else(|| Failed::argument("page", "none of this label, or taken already"))?;
            bytes.write(Buffer::give(page));
            Ok(())
        })
    }
}

/// Frees labels, and cancels their batch if there are more. 0 is nothing.
///
/// Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn miandan_labels_free(labels: u64) -> MiandanStatus {
    // SAFETY: no message is asked for.
    unsafe { call(std::ptr::null_mut(), || handle::free::<LabelsHandle>(labels)) }
}
