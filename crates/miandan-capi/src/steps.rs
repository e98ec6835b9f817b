//! What happens to a label on its way to a printer.

use std::ffi::c_char;

use miandan_core::number::RunningNumber;
use miandan_print::station::{LabelError, LabelEvent, TaggedEvent};
use miandan_print::{Fault, Status};

use crate::outcome::warnings;
use crate::status::MiandanStatus;

/// The steps of a label. The last one is always `SETTLED`.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It has its running number, and the journal knows of it.
    Planned = 1,
    /// It is made.
    Made = 2,
    /// It is being sent.
    Sending = 3,
    /// The printer takes nothing; it is tried again.
    Waiting = 4,
    /// Nothing more becomes of it: the status says what did.
    Settled = 5,
    /// A step that this version of the ABI has no name for.
    Other = 99,
}

/// Something that happened to a label.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// What `miandan_station_print` was given.
    pub tag: u64,
    /// Which order of that call it is, from 0.
    pub place: u32,
    /// What happened.
    pub step: Step,
    /// Of `SETTLED`: `MIANDAN_STATUS_OK` if it was printed, else why not, or `MIANDAN_STATUS_UNCERTAIN` if it may have been.
    pub status: MiandanStatus,
    /// Of `SETTLED`: whether the printer itself said that it was printed; if not, its bytes were taken.
    pub confirmed: bool,
    /// Of `MADE`: how many things a person should know about its fields.
    pub warnings: u32,
    /// The running number, with a NUL behind it: of `PLANNED`, and of a label that the journal had already. Empty else.
    pub number: [c_char; 32],
}

impl Event {
    /// What a caller is told, and the message of what failed.
    pub(crate) fn of(event: &TaggedEvent) -> (Self, Option<String>) {
        let mut told = Event {
            tag: event.tag,
            place: event.place as u32,
            step: Step::Other,
            status: MiandanStatus::Ok,
            confirmed: false,
            warnings: 0,
            number: [0; 32],
        };
        let mut message = None;
        match &event.event {
            LabelEvent::Planned(number) => {
                told.step = Step::Planned;
                told.number = written(*number);
            }
            LabelEvent::Made(_, found) => {
                told.step = Step::Made;
                told.warnings = warnings(*found);
            }
            LabelEvent::Sending => told.step = Step::Sending,
            LabelEvent::Waiting(why, _) => {
                told.step = Step::Waiting;
                told.status = Status::PrinterUnavailable.into();
                message = Some(why.to_string());
            }
            LabelEvent::Settled(result) => {
                told.step = Step::Settled;
                match result {
                    Ok(rung) => told.confirmed = rung.is_some(),
                    Err(error) => {
                        told.status = error.status().into();
                        message = Some(error.to_string());
                        if let LabelError::Duplicate(earlier) | LabelError::Conflict(earlier) = error {
                            told.number = written(earlier.number);
                        }
                    }
                }
            }
            _ => {}
        }
        (told, message)
    }
}

fn written(number: RunningNumber) -> [c_char; 32] {
    let mut bytes = [0; 32];
    let text = number.to_string();
    // `YYMMDD-BBB-NNN` with parts that may grow: 10 digits each at most, and the last byte stays a NUL.
    for (place, byte) in bytes[..31].iter_mut().zip(text.bytes()) {
        *place = byte as c_char;
    }
    bytes
}
