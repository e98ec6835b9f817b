//! Why something was not done, as it goes to JavaScript, where it is thrown.

use miandan_core::Code;
use miandan_core::pipe::Failure;
use miandan_journal::Earlier;
use miandan_print::station::{LabelError, RequestError};
use miandan_print::{Fault, PrintError, Status, TemplateError};
use napi_derive::napi;

/// Why something was not done.
#[napi(object, object_from_js = false)]
#[derive(Clone, Debug)]
pub struct Failed {
    /// The number of the status. Nothing else that this module answers has a member of this name.
    pub fault: i32,
    /// What a person should know, in English.
    pub message: String,
    /// The field of the order, if one is at fault.
    pub field: Option<String>,
    /// Where in the template, if that is at fault.
    pub line: Option<u32>,
    /// As above.
    pub column: Option<u32>,
    /// What the journal has of the label already.
    pub earlier: Option<EarlierLabel>,
}

/// What the journal has of a label already.
#[napi(object, object_from_js = false)]
#[derive(Clone, Debug)]
pub struct EarlierLabel {
    /// Its number.
    pub number: String,
    /// How far it came.
    pub state: String,
    /// When, in seconds since 1970.
    pub when: f64,
    /// Where it was sent last.
    pub printer: Option<String>,
    /// How many copies there are beside the first print.
    pub copies: u32,
}

impl Failed {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Failed {
            fault: status.number(),
            message: message.into(),
            field: None,
            line: None,
            column: None,
            earlier: None,
        }
    }

    /// An error of the library that has nothing to say beside its message.
    pub(crate) fn of(error: &dyn Fault) -> Self {
        Failed::new(error.status(), error.to_string())
    }

    /// A defect of ours that the host is not to die of.
    pub(crate) fn internal() -> Self {
        let code = Code::Internal;
        Failed::new(Status::Refused(code), code.meaning().en)
    }

    /// Why there is no label.
    pub(crate) fn label(failure: &Failure) -> Self {
        let meaning = failure.code.meaning().en;
        let field = failure.field.map(|field| field.as_str().to_owned());
        let message = match &field {
            Some(field) => format!("{meaning} ({field})"),
            None => meaning.to_owned(),
        };
        let place = failure.place;
        Failed {
            field,
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            ..Failed::new(Status::from(*failure), message)
        }
    }

    /// Why there is no batch.
    pub(crate) fn batch(error: &PrintError) -> Self {
        let failed = Failed::of(error);
        match error {
            PrintError::Template(TemplateError::Refused { line, column, .. }) => {
                Failed { line: Some(*line), column: Some(*column), ..failed }
            }
            _ => failed,
        }
    }

    /// Why a station did not print a label.
    pub(crate) fn station_label(error: &LabelError) -> Self {
        let failed = Failed::of(error);
        match error {
            LabelError::Refused(failure) => Failed::label(failure),
            LabelError::Template { line, column, .. } => {
                Failed { line: Some(*line), column: Some(*column), ..failed }
            }
            LabelError::Duplicate(earlier) | LabelError::Conflict(earlier) => {
                Failed { earlier: Some(EarlierLabel::from(earlier)), ..failed }
            }
            _ => failed,
        }
    }
}

impl From<&Earlier> for EarlierLabel {
    fn from(earlier: &Earlier) -> Self {
        EarlierLabel {
            number: earlier.number.to_string(),
            state: earlier.state.as_str().to_owned(),
            when: earlier.when as f64,
            printer: earlier.printer.clone(),
            copies: earlier.copies,
        }
    }
}

impl From<RequestError> for Failed {
    fn from(error: RequestError) -> Self {
        Failed::of(&error)
    }
}
