//! From what the station says of a label to what the fleet is told, and whether the label stays in the queue.

use std::time::Duration;

use miandan_journal::State;
use miandan_print::Fault;
use miandan_print::station::{LabelError, RequestError};

use crate::job::Job;
use crate::report::{Outcome, Report};

/// What is done with a label after the station has dealt with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is reported and leaves the queue.
    Done(Report),
    /// It surely was not printed and stays in the queue for so long; the reason is reported if it is news.
    Later(Duration, Report),
}

/// How long a label waits that somebody else prints at this moment.
const SOON: Duration = Duration::from_secs(1);

/// How long a label waits whose printer or station cannot take it.
const LATER: Duration = Duration::from_secs(5);

/// What became of a label that the station took.
pub(super) fn of_label(
    job: &Job,
    result: Result<Option<miandan_device::Rung>, LabelError>,
    now: u64,
) -> Verdict {
    let report = |outcome| Report::of(outcome, &job.to, job.number, job.attempt, now);
    let error = match result {
        Ok(rung) => return Verdict::Done(report(Outcome::Printed).confirmed(rung)),
        Err(error) => error,
    };
    let code = error.status().as_str();
    match error {
        // The journal decides: what it has is not printed, and what it does not know a person has to look at.
        LabelError::Duplicate(earlier) => {
            let outcome = match earlier.state {
                // A printer that confirms nothing leaves its labels here.
                State::Sent | State::Confirmed => Outcome::Printed,
                _ => Outcome::Unknown,
            };
            let mut report = report(outcome).because(code);
            report.printed_as = Some(earlier.number).filter(|&number| number != job.number);
            report.copy = earlier.copies;
            Verdict::Done(report)
        }
        LabelError::Uncertain(_) => Verdict::Done(report(Outcome::Unknown).because(code)),
        LabelError::InFlight => Verdict::Later(SOON, report(Outcome::Waiting).because(code)),
        LabelError::Printer(_)
        | LabelError::Expired
        | LabelError::Stopping
        | LabelError::Component
        | LabelError::Journal(_) => Verdict::Later(LATER, report(Outcome::Waiting).because(code)),
        _ => Verdict::Done(report(Outcome::Failed).because(code)),
    }
}

/// Why the station takes no label at all.
pub(super) fn of_request(job: &Job, error: &RequestError, now: u64) -> Verdict {
    let report = |outcome| Report::of(outcome, &job.to, job.number, job.attempt, now);
    match error {
        RequestError::UnknownPrinter => Verdict::Done(report(Outcome::Failed).because("UNKNOWN_PRINTER")),
        other => Verdict::Later(LATER, report(Outcome::Waiting).because(other.status().as_str())),
    }
}
