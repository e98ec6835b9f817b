//! Why the station did not print a label, in the words of the protocol.

use miandan_core::Code;
use miandan_journal::State;
use miandan_print::station::{LabelError, RequestError};

use crate::protocol::{DocumentState, Problem};

/// What a document is when its label was not printed, or may not have been.
pub(super) fn state_of(error: LabelError) -> DocumentState {
    DocumentState::Failed(match error {
        LabelError::Uncertain(why) => return DocumentState::Unknown(Problem::Uncertain(why.to_string())),
        LabelError::Duplicate(earlier) if matches!(earlier.state, State::Unknown | State::Sending) => {
            return DocumentState::Unknown(Problem::Uncertain(earlier.number.to_string()));
        }
        LabelError::Duplicate(earlier) => Problem::Duplicate {
            number: earlier.number.to_string(),
            when: earlier.when,
            printer: earlier.printer.unwrap_or_default(),
        },
        LabelError::Conflict(earlier) => Problem::Conflict { number: earlier.number.to_string() },
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
