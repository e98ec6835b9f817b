//! A station: printers that labels are sent to as they come, through the journal.

#![allow(unsafe_code, reason = "functions that are called from C")]

use std::ffi::c_char;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use miandan_core::number::RunningNumber;
use miandan_core::pipe::TemplateKind;
use miandan_journal::Journal;
use miandan_print::Status;
use miandan_print::delivery::Printer;
use miandan_print::station::{Events, LabelRequest, Station, StationOptions, TemplateSource};

use crate::batch::now;
use crate::boundary::{bytes, call, optional_text, out, path, text, write_if_wanted};
use crate::buffer::Buffer;
use crate::catalogue::profile;
use crate::component::ComponentHandle;
use crate::handle::{self, Object};
use crate::orders::OrdersHandle;
use crate::outcome::Failed;
use crate::status::MiandanStatus;
use crate::steps::Event;

pub(crate) struct StationHandle {
    /// What it is started with, until it is.
    options: Mutex<Option<StationOptions>>,
    station: OnceLock<Station>,
    events: Events,
}

impl Object for StationHandle {
    const NAME: &'static str = "station";
}

impl StationHandle {
    fn station(&self) -> Result<&Station, Failed> {
        self.station.get().ok_or_else(|| Failed::argument("station", "it was not started"))
    }

    fn change(&self, change: impl FnOnce(&mut StationOptions) -> Result<(), Failed>) -> Result<(), Failed> {
        let mut options = self.options.lock().unwrap_or_else(PoisonError::into_inner);
        change(options.as_mut().ok_or_else(|| Failed::argument("station", "it was started already"))?)
    }
}

/// Who prints, and why: texts that the journal keeps.
fn number(text: &str) -> Result<RunningNumber, Failed> {
    text.parse().map_err(|_| Failed::argument("number", "a running number, such as 261111-003-012"))
}

/// A station that opens a journal, a file that is made if it is not there, and has no printers yet. Free it with
/// `miandan_station_free`.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_JOURNAL_FAILED`, `MIANDAN_STATUS_JOURNAL_IN_USE`, `MIANDAN_STATUS_UNREADABLE` of a
/// file of the component, or `MIANDAN_STATUS_BAD_HANDLE`.
///
/// # Safety
/// `journal` is null or ends with a NUL; at `station` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_new(
    component: u64,
    journal: *const c_char,
    station: *mut u64,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let station = out("station", station)?;
            let component = ComponentHandle::options(component)?;
            let journal = Journal::open(path("journal", journal)?)?;
            let options = StationOptions::new(component, journal, Vec::new(), Arc::new(now));
            station.write(handle::give(StationHandle {
                options: Mutex::new(Some(options)),
                station: OnceLock::new(),
                events: Events::default(),
            }));
            Ok(())
        })
    }
}

/// Adds a printer before the station is started: what it is called, where it is (`socket://192.0.2.7`, `ipp://…`, `usb:…`,
/// `file:…`), and its profile, the name of one that is shipped or the path of a TOML file.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_PRINTER_UNKNOWN`, `MIANDAN_STATUS_UNREADABLE`, `MIANDAN_STATUS_BAD_HANDLE` or
/// `MIANDAN_STATUS_BAD_ARGUMENT`.
///
/// # Safety
/// Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_add_printer(
    station: u64,
    name: *const c_char,
    uri: *const c_char,
    profile_name: *const c_char,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<StationHandle> = handle::find(station)?;
            let (name, uri) = (text("name", name)?, text("uri", uri)?);
            let printer = Printer::open(uri, profile(text("profile", profile_name)?)?)?;
            found.change(|options| {
                options.printers.push((name.to_owned(), printer));
                Ok(())
            })
        })
    }
}

/// Sets something of a station before it is started.
///
/// | `name` | `value` |
/// |---|---|
/// | `components` | how many components are kept warm, 1 to 256; one for each processor |
/// | `patience` | how long a label waits for its printer, in seconds; 600 |
/// | `most_waiting` | labels that may wait for all printers together; 20000 |
/// | `keep` | orders that stay in memory, sealed, so that a person can print them again; 2000 |
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.
///
/// # Safety
/// Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_set(
    station: u64,
    name: *const c_char,
    value: *const c_char,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<StationHandle> = handle::find(station)?;
            let (name, value) = (text("name", name)?, text("value", value)?);
            let count = |least: usize, most: usize| {
                let count = value.parse().ok().filter(|count| (least..=most).contains(count));
                count.ok_or_else(|| Failed::argument(name, format!("{least} to {most}")))
            };
            found.change(|options| {
                match name {
                    "components" => options.components = count(1, 256)?,
                    "patience" => options.patience = Duration::from_secs(count(1, 86_400)? as u64),
                    "most_waiting" => options.most_waiting = count(1, 1_000_000)?,
                    "keep" => options.keep = count(0, 1_000_000)?,
                    _ => return Err(Failed::argument("name", "a station has no such setting")),
                }
                Ok(())
            })
        })
    }
}

/// Starts the station, and answers when its first component is locked.
///
/// Answers as `miandan_component_check`, and the statuses of the journal.
///
/// # Safety
/// Unless it is null, a buffer can be written at `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_start(station: u64, message: *mut Buffer) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<StationHandle> = handle::find(station)?;
            let mut options = found.options.lock().unwrap_or_else(PoisonError::into_inner);
            let wanted = options.clone();
            let wanted = wanted.ok_or_else(|| Failed::argument("station", "it was started already"))?;
            // One that does not start can be started again, when the key is where it should be.
            let started = Station::start(wanted)?;
            *options = None;
            let _ = found.station.set(started);
            Ok(())
        })
    }
}

/// Prints sealed orders on a printer, in their order, behind what waits for it. Answers when the journal has them, and does not
/// wait for the printer: what becomes of each label is told by `miandan_station_next`, with `tag`. What the journal has
/// already is told as `MIANDAN_STATUS_DUPLICATE` and not printed.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_PRINTER_UNKNOWN`, `MIANDAN_STATUS_BUSY`, `MIANDAN_STATUS_STOPPING`,
/// `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_BAD_ARGUMENT` or those of the journal; then nothing is printed or told.
///
/// # Safety
/// `printer` is null or ends with a NUL; at `template_bytes` are `length` bytes; unless it is null, a buffer can be written at
/// `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_print(
    station: u64,
    printer: *const c_char,
    orders: u64,
    template_bytes: *const u8,
    length: usize,
    tag: u64,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<StationHandle> = handle::find(station)?;
            let orders = handle::find::<OrdersHandle>(orders)?;
            let template = bytes("template", template_bytes, length)?;
            let template = Arc::new(TemplateSource::new(TemplateKind::Waybill, template.to_vec()));
            let labels = LabelRequest::all_of(&orders.0, &template);
            let labels = labels.map_err(|error| Failed::new(Status::Unreadable, error.to_string()))?;
            found.station()?.print(text("printer", printer)?, labels, found.events.watch(tag))?;
            Ok(())
        })
    }
}

/// Waits for something to happen to a label, for so many milliseconds at most. Several threads may wait; each event goes to one
/// of them. A message says more about a label that waits or failed.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_NOTHING` if nothing happened, `MIANDAN_STATUS_BAD_HANDLE` or
/// `MIANDAN_STATUS_BAD_ARGUMENT`.
///
/// # Safety
/// At `event` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_next(
    station: u64,
    milliseconds: u32,
    event: *mut Event,
    message: *mut Buffer,
) -> MiandanStatus {
    let mut said = None;
    let wait = || {
        // SAFETY: the caller's promises.
        let event = unsafe { out("event", event) }?;
        let found: Arc<StationHandle> = handle::find(station)?;
        let next = found.events.next(Duration::from_millis(milliseconds.into()));
        let next = next.ok_or_else(|| Failed::new(Status::Nothing, "nothing happened"))?;
        let (told, why) = Event::of(&next);
        said = why;
        event.write(told);
        Ok(())
    };
    // SAFETY: the caller's promises. A message beside `OK` is about the label, not about the call.
    unsafe {
        let status = call(message, wait);
        if let Some(said) = said.filter(|_| !message.is_null()) {
            message.write(Buffer::give(said.into_bytes()));
        }
        status
    }
}

/// Has a printer get no labels after the one that it is being sent (`hold` is true), or get them again: somebody has looked.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_PRINTER_UNKNOWN`, `MIANDAN_STATUS_BAD_HANDLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.
///
/// # Safety
/// `printer` is null or ends with a NUL; unless it is null, a buffer can be written at `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_hold(
    station: u64,
    printer: *const c_char,
    hold: bool,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<StationHandle> = handle::find(station)?;
            let (station, printer) = (found.station()?, text("printer", printer)?);
            let known = if hold { station.hold(printer) } else { station.release(printer) };
            let unknown = || Failed::new(Status::PrinterUnknown, "there is no such printer");
            if known { Ok(()) } else { Err(unknown()) }
        })
    }
}

/// Prints a label again, with its mark (补打), on a printer, or where it was sent before if `printer` is null. The journal keeps
/// `reason` and `operator`, neither of which may be empty. `copy` gets which copy it is, and may be null.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_LABEL_UNKNOWN`, `MIANDAN_STATUS_ORDER_GONE`, `MIANDAN_STATUS_IN_FLIGHT`,
/// `MIANDAN_STATUS_PRINTER_UNKNOWN`, `MIANDAN_STATUS_STOPPING`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_BAD_ARGUMENT` or those
/// of the journal.
///
/// # Safety
/// Texts are null or end with a NUL; unless they are null, at `copy` and `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_reprint(
    station: u64,
    running_number: *const c_char,
    printer: *const c_char,
    reason: *const c_char,
    operator_name: *const c_char,
    copy: *mut u32,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<StationHandle> = handle::find(station)?;
            let label = number(text("number", running_number)?)?;
            let printer = optional_text("printer", printer)?;
            let (reason, operator) = (text("reason", reason)?, text("operator", operator_name)?);
            let which = found.station()?.reprint(label, printer, reason, operator)?;
            write_if_wanted(copy, which);
            Ok(())
        })
    }
}

/// A person has looked, and says of a label that may have been printed whether it was.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_LABEL_UNKNOWN`, `MIANDAN_STATUS_NO_DOUBT`, `MIANDAN_STATUS_BAD_HANDLE`,
/// `MIANDAN_STATUS_BAD_ARGUMENT` or those of the journal.
///
/// # Safety
/// Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_settle(
    station: u64,
    running_number: *const c_char,
    printed: bool,
    reason: *const c_char,
    operator_name: *const c_char,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<StationHandle> = handle::find(station)?;
            let label = number(text("number", running_number)?)?;
            let (reason, operator) = (text("reason", reason)?, text("operator", operator_name)?);
            found.station()?.settle(label, printed, reason, operator)?;
            Ok(())
        })
    }
}

/// Goes on after a jam: the label of this number is the last good one that came out of a printer. Those up to it that may have
/// been printed were, those after it are printed again with a mark, and the printer gets labels again. `reprinted` gets how
/// many are, `gone` of how many the order is not in memory any more; both may be null.
///
/// Answers as `miandan_station_reprint`.
///
/// # Safety
/// Texts are null or end with a NUL; unless they are null, at `reprinted`, `gone` and `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_resume(
    station: u64,
    printer: *const c_char,
    last_good: *const c_char,
    reason: *const c_char,
    operator_name: *const c_char,
    reprinted: *mut u32,
    gone: *mut u32,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<StationHandle> = handle::find(station)?;
            let last = number(text("last_good", last_good)?)?;
            let printer = text("printer", printer)?;
            let (reason, operator) = (text("reason", reason)?, text("operator", operator_name)?);
            let resumed = found.station()?.resume(printer, last, reason, operator)?;
            write_if_wanted(reprinted, resumed.reprinted.len() as u32);
            write_if_wanted(gone, resumed.gone.len() as u32);
            Ok(())
        })
    }
}

/// Takes no more labels, finishes those in flight, and tells of all others that nothing becomes of them. Answers when that is
/// done; after so many milliseconds not even those in flight are waited for, and they are `MIANDAN_STATUS_UNCERTAIN`. Events can
/// be read afterwards.
///
/// Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_ARGUMENT` of one that was not started, or `MIANDAN_STATUS_BAD_HANDLE`.
///
/// # Safety
/// Unless it is null, a buffer can be written at `message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_station_stop(
    station: u64,
    milliseconds: u32,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let found: Arc<StationHandle> = handle::find(station)?;
            found.station()?.stop(Duration::from_millis(milliseconds.into()));
            Ok(())
        })
    }
}

/// Frees a station, and stops it first if nobody has, with 30 seconds for the labels in flight. 0 is nothing.
///
/// Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn miandan_station_free(station: u64) -> MiandanStatus {
    // SAFETY: no message is asked for.
    unsafe { call(std::ptr::null_mut(), || handle::free::<StationHandle>(station)) }
}
