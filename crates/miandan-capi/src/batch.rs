//! A batch, printed into a file or a folder.

#![allow(unsafe_code, reason = "functions that are called from C")]

use std::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::SystemTime;

use miandan_core::label::{Purpose, Resolution};
use miandan_print::{
    BatchOptions, Cancel, FolderOutput, LabelOutcome, Observer, Output, PdfOutput, PrinterOutput,
};

use crate::boundary::{bytes, call, optional_text, out, path, text, write_if_wanted};
use crate::buffer::Buffer;
use crate::catalogue::profile;
use crate::component::{ComponentHandle, truth};
use crate::handle::{self, Object};
use crate::orders::OrdersHandle;
use crate::outcome::{Failed, Outcome, Progress, Summary};
use crate::status::MiandanStatus;

/// A batch and what cancels it while it is printed, once or several times at once.
pub(crate) struct BatchHandle {
    settings: Mutex<Settings>,
    running: Mutex<Vec<Running>>,
}

#[derive(Clone)]
struct Settings {
    options: BatchOptions,
    /// `None` until somebody says: then the time of the machine when it is printed.
    now: Option<u64>,
}

enum Running {
    Call(Weak<AtomicBool>),
    Labels(Cancel),
}

impl Object for BatchHandle {
    const NAME: &'static str = "batch";
}

impl BatchHandle {
    /// The batch as it is to be printed now.
    pub(crate) fn options(&self) -> BatchOptions {
        let settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone();
        BatchOptions { now: settings.now.unwrap_or_else(now), ..settings.options }
    }

    /// Labels that are handed over are cancelled with the batch.
    pub(crate) fn runs(&self, cancel: Cancel) {
        self.note(Running::Labels(cancel));
    }

    fn note(&self, new: Running) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|running| match running {
            Running::Call(flag) => flag.strong_count() > 0,
            Running::Labels(cancel) => cancel.is_wanted(),
        });
        running.push(new);
    }

    fn cancel(&self) {
        for running in &*self.running.lock().unwrap_or_else(PoisonError::into_inner) {
            match running {
                Running::Labels(cancel) => cancel.cancel(),
                Running::Call(flag) => {
                    if let Some(flag) = flag.upgrade() {
                        flag.store(true, Ordering::Relaxed);
                    }
                }
            }
        }
    }
}

/// What time it is, in seconds since 1970.
#[allow(
    clippy::disallowed_methods,
    reason = "the library of a program asks the clock where the program does not say"
)]
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// A batch: orders, the component that opens them, and a template (UTF-8 XML), which is copied. Free it with
/// `miandan_batch_free`; the component and the orders may be freed before.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_UNREADABLE` of a file of the component, or
/// `MIANDAN_STATUS_BAD_ARGUMENT`.
///
/// # Safety
/// At `template_bytes` are `length` bytes; at `batch` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_batch_new(
    component: u64,
    orders: u64,
    template_bytes: *const u8,
    length: usize,
    batch: *mut u64,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let batch = out("batch", batch)?;
            let component = ComponentHandle::options(component)?;
            let orders = Arc::clone(&handle::find::<OrdersHandle>(orders)?.0);
            let template = bytes("template", template_bytes, length)?;
            let options = BatchOptions::new(orders, component, template);
            let settings = Mutex::new(Settings { options, now: None });
            batch.write(handle::give(BatchHandle { settings, running: Mutex::default() }));
            Ok(())
        })
    }
}

/// Sets something of a batch, for when it is printed next.
///
/// | `name` | `value` |
/// |---|---|
/// | `now` | what expiry is measured against, in seconds since 1970; the machine's time if nobody says |
/// | `printed_at` | when these labels were printed first, in seconds since 1970 |
/// | `workers` | how many components work side by side, 1 to 256; one for each processor |
/// | `dpi` | 203 or 300, for PDF and pictures |
/// | `preview` | `true` to look at labels only: 预览 stands across them |
/// | `font` | the path of a font for characters that the bundled typeface lacks; each call adds one |
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_BAD_ARGUMENT`, or `MIANDAN_STATUS_UNREADABLE`.
///
/// # Safety
/// Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_batch_set(
    batch: u64,
    name: *const c_char,
    value: *const c_char,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<BatchHandle> = handle::find(batch)?;
            let (name, value) = (text("name", name)?, text("value", value)?);
            let mut settings = found.settings.lock().unwrap_or_else(PoisonError::into_inner);
            set(&mut settings, name, value)
        })
    }
}

fn set(settings: &mut Settings, name: &str, value: &str) -> Result<(), Failed> {
    let seconds = || value.parse().map_err(|_| Failed::argument(name, "seconds since 1970"));
    let options = &mut settings.options;
    match name {
        "now" => settings.now = Some(seconds()?),
        "printed_at" => options.printed_at = Some(seconds()?),
        "workers" => {
            let workers = value.parse().ok().filter(|workers| (1..=256).contains(workers));
            options.workers = workers.ok_or_else(|| Failed::argument(name, "1 to 256"))?;
        }
        "dpi" => {
            let resolution = value.parse().ok().and_then(Resolution::from_dpi);
            options.resolution = resolution.ok_or_else(|| Failed::argument(name, "203 or 300"))?;
        }
        "preview" => {
            options.purpose = if truth(name, value)? { Purpose::Preview } else { Purpose::default() };
        }
        "font" => {
            let file = std::fs::read(value)
                .map_err(|error| miandan_print::UnreadableFile { path: value.into(), error })?;
            options.fonts.push(file);
        }
        _ => return Err(Failed::argument("name", "a batch has no such setting")),
    }
    Ok(())
}

/// Prints a batch into one PDF, which stands under its name once it is whole. Orders that cannot be printed are left out, and
/// told to `progress`, which is called on this thread with `user`; it may be null, and so may `summary`.
///
/// Answers `MIANDAN_STATUS_OK` if the batch came to its end, whatever came of single orders; else what `miandan_component_check`
/// answers, the code of the template, `MIANDAN_STATUS_FONT_REFUSED`, `MIANDAN_STATUS_UNREADABLE`, `MIANDAN_STATUS_UNWRITABLE` or
/// `MIANDAN_STATUS_CANCELLED`.
///
/// # Safety
/// `file` is null or ends with a NUL; `progress` is null or a function that neither throws nor jumps out; unless they are null,
/// at `summary` and `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_batch_print_pdf(
    batch: u64,
    file: *const c_char,
    progress: Progress,
    user: *mut c_void,
    summary: *mut Summary,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<BatchHandle> = handle::find(batch)?;
            let output = PdfOutput::create(path("file", file)?)?;
            write_if_wanted(summary, print(&found, output, progress, user)?);
            Ok(())
        })
    }
}

/// Prints a batch into a folder, a file a page that is named by the place of its label: pictures (PNG), or, unless `profile` is
/// null, what a printer of that profile is sent. `profile` is the name of one that is shipped, or the path of a TOML file.
///
/// Answers as `miandan_batch_print_pdf`, and `MIANDAN_STATUS_PRINTER_UNKNOWN` or `MIANDAN_STATUS_PRINTER_UNFIT`.
///
/// # Safety
/// As of `miandan_batch_print_pdf`; `profile` is null or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_batch_print_folder(
    batch: u64,
    folder: *const c_char,
    profile_name: *const c_char,
    progress: Progress,
    user: *mut c_void,
    summary: *mut Summary,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<BatchHandle> = handle::find(batch)?;
            let folder = path("folder", folder)?;
            let output = match optional_text("profile", profile_name)? {
                None => FolderOutput::create(folder)?,
                Some(name) => FolderOutput::for_printer(folder, profile(name)?.profile)?,
            };
            write_if_wanted(summary, print(&found, output, progress, user)?);
            Ok(())
        })
    }
}

/// Prints a batch into one file of what a printer is sent, label after label, or into a device file as labels come. No journal
/// is kept: who owns a printer prints through a station (`miandan_station_print`).
///
/// Answers as `miandan_batch_print_folder`.
///
/// # Safety
/// As of `miandan_batch_print_folder`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_batch_print_file(
    batch: u64,
    file: *const c_char,
    profile_name: *const c_char,
    progress: Progress,
    user: *mut c_void,
    summary: *mut Summary,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<BatchHandle> = handle::find(batch)?;
            let profile = profile(text("profile", profile_name)?)?.profile;
            let output = PrinterOutput::create(path("file", file)?, profile)?;
            write_if_wanted(summary, print(&found, output, progress, user)?);
            Ok(())
        })
    }
}

/// Has the batch end that is being printed at this moment, in whichever thread, and its labels that are handed over one by one;
/// they answer `MIANDAN_STATUS_CANCELLED`. A batch that is printed later is not affected.
///
/// Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn miandan_batch_cancel(batch: u64) -> MiandanStatus {
    let cancel = || {
        handle::find::<BatchHandle>(batch)?.cancel();
        Ok(())
    };
    // SAFETY: no message is asked for.
    unsafe { call(std::ptr::null_mut(), cancel) }
}

/// Frees a batch; what is being printed of it goes on to its end. 0 is nothing.
///
/// Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn miandan_batch_free(batch: u64) -> MiandanStatus {
    // SAFETY: no message is asked for.
    unsafe { call(std::ptr::null_mut(), || handle::free::<BatchHandle>(batch)) }
}

fn print(
    batch: &BatchHandle,
    output: impl Output,
    progress: Progress,
    user: *mut c_void,
) -> Result<Summary, Failed> {
    let options = batch.options();
    let cancel = Arc::new(AtomicBool::new(false));
    batch.note(Running::Call(Arc::downgrade(&cancel)));
    let mut told = Told { progress, user, cancel: &cancel };
    let printed = options.batch(&cancel).print(output, &mut told)?;
    Ok(Summary::from(&printed))
}

/// A caller's function as an observer.
struct Told<'c> {
    progress: Progress,
    user: *mut c_void,
    cancel: &'c AtomicBool,
}

impl Observer for Told<'_> {
    fn label(&mut self, label: &LabelOutcome) {
        let Some(progress) = self.progress else { return };
        let outcome = Outcome::from(label);
        // SAFETY: the function and what it is given are the caller's, who promised that it neither throws nor jumps out.
        if unsafe { progress(self.user, &raw const outcome) } != 0 {
            self.cancel.store(true, Ordering::Relaxed);
        }
    }
}
