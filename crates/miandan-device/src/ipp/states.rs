//! What the states and reasons of IPP mean for a label. Pure functions.

use crate::error::Why;
use crate::status::{Fault, Faults, Status};

/// A printer, as far as it is asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Printer {
    /// 3 idle, 4 processing, 5 stopped (RFC 8011 5.4.11).
    pub(super) state: i32,
    /// `printer-state-reasons`.
    pub(super) reasons: Vec<String>,
    /// Whether it takes jobs.
    pub(super) accepting: bool,
    /// `document-format-supported`.
    pub(super) formats: Vec<String>,
}

impl Printer {
    /// Whether it takes a label and prints it.
    pub(super) fn check(&self) -> Result<(), Why> {
        let status = self.status();
        if status.needs_a_person() {
            return Err(Why::Fault(status.faults));
        }
        if self.state == 5 {
            return Err(Why::Stopped);
        }
        if self.accepting { Ok(()) } else { Err(Why::NotAccepting) }
    }

    pub(super) fn status(&self) -> Status {
        let mut faults: Faults = self.reasons.iter().filter_map(|reason| fault(reason)).collect();
        match self.state {
            3 => {}
            4 => faults.add(Fault::Printing),
            5 if faults.is_empty() => faults.add(Fault::Paused),
            5 => {}
            _ => faults.add(Fault::Other),
        }
        Status { faults, labels_left: None }
    }

    /// Whether it takes documents of a form. One that does not say takes what it takes.
    pub(super) fn takes(&self, format: &str) -> bool {
        self.formats.is_empty() || self.formats.iter().any(|known| known.eq_ignore_ascii_case(format))
    }
}

/// A reason, by its stem: servers do not agree on what is a warning and what is an error (RFC 8011 5.4.12).
fn fault(reason: &str) -> Option<Fault> {
    let (stem, severity) = ["-error", "-warning", "-report"]
        .iter()
        .find_map(|ending| Some((reason.strip_suffix(ending)?, *ending)))
        .unwrap_or((reason, ""));
    Some(match stem {
        "none" => return None,
        "media-empty" | "media-needed" | "input-tray-missing" => Fault::PaperOut,
        "media-jam" => Fault::PaperJam,
        "marker-supply-empty" | "toner-empty" => Fault::RibbonOut,
        "cover-open" | "door-open" | "interlock-open" => Fault::CoverOpen,
        "paused" | "moving-to-paused" | "stopped-partly" | "stopping" | "shutdown" => Fault::Paused,
        "fuser-over-temp" | "fuser-under-temp" => Fault::Overheated,
        "spool-area-full" => Fault::BufferFull,
        "timed-out" | "offline" if severity != "-report" => Fault::Other,
        _ if severity == "-error" => Fault::Other,
        _ => return None,
    })
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Waiting,
    Done,
    Failed(Why),
}

/// What a state means together with its reasons (RFC 8011 5.3.7, 5.3.8).
pub(super) fn progress(state: i32, reasons: &[String]) -> Progress {
    let has = |reason: &str| reasons.iter().any(|own| own == reason);
    match state {
        // cupsd calls a job completed that is still being stopped.
        _ if has("processing-to-stop-point") => Progress::Waiting,
        7 => Progress::Failed(Why::JobCancelled),
        8 => Progress::Failed(Why::JobFailed),
        9 if has("job-completed-with-errors") || has("aborted-by-system") => Progress::Failed(Why::JobFailed),
        9 => Progress::Done,
        3..=6 => Progress::Waiting,
        _ => Progress::Failed(Why::Protocol),
    }
}

/// What an answer means that is no success (RFC 8011 B.1).
pub(super) fn refusal(status: u16) -> Why {
    match status {
        0x0401..=0x0403 => Why::Denied,
        0x0406 | 0x0407 => Why::Missing,
        0x040A => Why::Format,
        0x0506 => Why::NotAccepting,
        0x0507 => Why::Busy,
        status => Why::Ipp(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printer(state: i32, reasons: &[&str]) -> Printer {
        let reasons = reasons.iter().map(|reason| (*reason).to_owned()).collect();
        Printer { state, reasons, accepting: true, formats: Vec::new() }
    }

    #[test]
    fn a_printer_is_well_or_says_why_not() {
        let fault = |fault| Err(Why::Fault([fault].into_iter().collect()));
        assert_eq!(printer(3, &["none"]).check(), Ok(()));
        assert_eq!(printer(4, &["media-low-warning"]).check().map_err(|_| ()), Ok(()), "it has a queue");
        // ippeveprinter turns what is reported as an error into a warning.
        assert_eq!(printer(3, &["media-empty-warning"]).check(), fault(Fault::PaperOut));
        assert_eq!(printer(3, &["media-jam-error"]).check(), fault(Fault::PaperJam));
        assert_eq!(printer(5, &["paused"]).check(), fault(Fault::Paused));
        assert_eq!(printer(5, &["none"]).check(), fault(Fault::Paused), "stopped, and does not say why");
        assert_eq!(printer(3, &["something-new-error"]).check(), fault(Fault::Other));
        assert_eq!(printer(3, &["something-new-warning"]).check(), Ok(()));
        assert_eq!(printer(17, &[]).check(), fault(Fault::Other));
        assert_eq!(Printer { accepting: false, ..printer(3, &[]) }.check(), Err(Why::NotAccepting));
    }

    #[test]
    fn a_job_is_done_when_nothing_of_it_goes_on() {
        let progress = |state, reasons: &[&str]| {
            progress(state, &reasons.iter().map(|reason| (*reason).to_owned()).collect::<Vec<_>>())
        };
        for state in 3..=6 {
            assert_eq!(progress(state, &[]), Progress::Waiting);
        }
        assert_eq!(progress(9, &["job-completed-successfully"]), Progress::Done);
        assert_eq!(progress(9, &["processing-to-stop-point"]), Progress::Waiting);
        assert_eq!(progress(9, &["job-completed-with-errors"]), Progress::Failed(Why::JobFailed));
        assert_eq!(progress(7, &[]), Progress::Failed(Why::JobCancelled));
        assert_eq!(progress(8, &[]), Progress::Failed(Why::JobFailed));
        assert_eq!(progress(0, &[]), Progress::Failed(Why::Protocol));
    }

    #[test]
    fn the_form_of_a_label_is_asked_for() {
        let takes = Printer { formats: vec!["application/PDF".to_owned()], ..printer(3, &[]) };
        assert!(takes.takes("application/pdf") && !takes.takes("application/octet-stream"));
        assert!(printer(3, &[]).takes("application/pdf"));
    }
}
