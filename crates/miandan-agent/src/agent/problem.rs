//! Why the station did not print a label, in the words of the protocol.

use std::collections::HashMap;

use miandan_core::Code;
use miandan_journal::State;
use miandan_print::station::{LabelError, RequestError, Station};

use crate::protocol::{DocumentState, Problem};

/// What printers are called whose places the journal has.
#[derive(Debug, Default)]
pub(super) struct PrinterNames(HashMap<String, String>);

impl PrinterNames {
    pub(super) fn new(station: &Station) -> Self {
        let names = station.printers().into_iter().filter_map(|lane| {
            let printer = station.printer(&lane.name)?;
            Some((printer.name.to_string(), lane.name))
        });
        PrinterNames(names.collect())
    }

    /// The name; the place itself if it is that of a printer which the station has no more.
    pub(super) fn of(&self, place: &str) -> String {
        self.0.get(place).cloned().unwrap_or_else(|| place.to_owned())
    }
}

/// What a document is when its label was not printed, or may not have been.
pub(super) fn state_of(error: LabelError, printers: &PrinterNames) -> DocumentState {
    DocumentState::Failed(match error {
        LabelError::Uncertain(why) => return DocumentState::Unknown(Problem::Uncertain(why.to_string())),
        LabelError::Duplicate(earlier) if matches!(earlier.state, State::Unknown | State::Sending) => {
            return DocumentState::Unknown(Problem::Uncertain(earlier.number.to_string()));
        }
        LabelError::Duplicate(earlier) => Problem::Duplicate {
            number: earlier.number.to_string(),
            when: earlier.when,
            printer: earlier.printer.map(|uri| printers.of(&uri)).unwrap_or_default(),
        },
        LabelError::Conflict(earlier) => Problem::Conflict { number: earlier.number.to_string() },
        LabelError::NumberTaken(number) => Problem::Conflict { number: number.to_string() },
        LabelError::InFlight => Problem::InFlight,
        LabelError::UsedUp { .. } => Problem::Refused(Code::PrintLimit),
        LabelError::PersonalTemplate => Problem::PlainRefused,
        LabelError::Template { code, .. } => Problem::Refused(code),
        LabelError::Refused(failure) => Problem::Refused(failure.code),
        LabelError::Unfit(error) => Problem::Printer(error.to_string()),
        LabelError::Printer(why) => Problem::Printer(why.to_string()),
        LabelError::Expired => Problem::Expired,
        LabelError::Stopping => Problem::Stopping,
        _ => Problem::Station,
    })
}

/// Why nothing of a task is printed.
pub(super) fn of_request(error: &RequestError) -> Problem {
    match error {
        RequestError::UnknownPrinter => Problem::UnknownPrinter,
        RequestError::Busy => Problem::Busy,
        RequestError::Stopping => Problem::Stopping,
        _ => Problem::Station,
    }
}
