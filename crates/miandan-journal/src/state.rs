//! The states of a physical label, and which may follow which.
//!
//! ```text
//! planned ──▶ rendered ──▶ sending ──▶ sent ──▶ confirmed
//!    │            │ ▲         │ │        │          ▲
//!    ▼            ▼ │         │ └────────┴▶ unknown ┤ a person's word
//!  failed ◀───────┴─┴─────────┘                     ▼
//!  (may be sent by a machine)                     failed
//! ```
//!
//! `unknown` has no way out that a machine can take: what may have reached a printer is never sent again by itself.

use std::fmt;

/// How far a physical label came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It has its number. Nothing was sent.
    Planned,
    /// Its bytes were made. Nothing was sent.
    Rendered,
    /// Bytes may be on their way at this moment.
    Sending,
    /// All bytes were taken. Final where the printer cannot be asked: no answer is never "printed".
    Sent,
    /// Something better than taken bytes says that it was printed: see [`Rung`]. Final.
    Confirmed,
    /// It may have reached the printer, and nobody can tell. Only a person decides.
    Unknown,
    /// Surely nothing reached the printer. A machine may send it again.
    Failed,
}

/// Who says that a label is in another state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// A program, from what it did and what a printer answered.
    Machine,
    /// A person who looked, or held a scanner to the label. The journal keeps who and why.
    Person,
}

/// What said that a label was printed, the best evidence first (`printers.md`, the confirmation ladder).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rung {
    /// The label was scanned after it was printed.
    Scan,
    /// An operator saw it.
    Operator,
    /// The printer says of this very job that it was printed (Sunmi `GS ( T`).
    JobCounter,
    /// The printer's status went from printing to idle without a fault (TSPL `ESC ! S`, `ESC ! ?`).
    StatusIdle,
    /// The printer's count of labels in the batch fell to nothing (ZPL `~HS`).
    BatchFlag,
    /// The printer's own web page says so.
    WebStatus,
    /// The printer's counter of labels moved (SNMP `prtMarkerLifeCount`, RFC 3805).
    LifeCount,
    /// A print server says that the job is completed (IPP `job-state`, RFC 8011 section 5.3.7): weak.
    IppJob,
    /// The bytes are in a file, which was synchronised. Not on paper.
    Stored,
}

/// Whether a label in one state may come into another, by a machine or by a person's word. The one table of rules.
///
/// A reprint is no transition: it is another physical label.
#[must_use]
pub const fn may_become(from: State, to: State, by: By) -> bool {
    use State::{Confirmed, Failed, Planned, Rendered, Sending, Sent, Unknown};
    match by {
        By::Machine => match from {
            // Rendered again: bytes do not survive a restart.
            Planned | Rendered | Failed if matches!(to, Rendered | Failed) => true,
            // The bytes of an attempt that failed are still good.
            Rendered | Failed => matches!(to, Sending),
            Sending => matches!(to, Sent | Unknown | Failed),
            Sent => matches!(to, Confirmed | Unknown),
            Planned | Confirmed | Unknown => false,
        },
        By::Person => match from {
            Unknown => matches!(to, Confirmed | Failed),
            Sent => matches!(to, Confirmed),
            Planned | Rendered | Sending | Confirmed | Failed => false,
        },
    }
}

impl State {
    /// Every state, in the order of a label that goes well, and then the others.
    pub const ALL: [State; 7] = [
        State::Planned,
        State::Rendered,
        State::Sending,
        State::Sent,
        State::Confirmed,
        State::Unknown,
        State::Failed,
    ];

    /// The stable name, as it stands in the file and in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Planned => "planned",
            State::Rendered => "rendered",
            State::Sending => "sending",
            State::Sent => "sent",
            State::Confirmed => "confirmed",
            State::Unknown => "unknown",
            State::Failed => "failed",
        }
    }

    /// The state of a stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether paper may bear the label: then it is never sent again by a machine, and counts as a print.
    #[must_use]
    pub const fn may_be_on_paper(self) -> bool {
        matches!(self, State::Sending | State::Sent | State::Confirmed | State::Unknown)
    }
}

impl Rung {
    /// Every rung, the best evidence first.
    pub const ALL: [Rung; 9] = [
        Rung::Scan,
        Rung::Operator,
        Rung::JobCounter,
        Rung::StatusIdle,
        Rung::BatchFlag,
        Rung::WebStatus,
        Rung::LifeCount,
        Rung::IppJob,
        Rung::Stored,
    ];

    /// The stable name, as it stands in the file and in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Rung::Scan => "scan",
            Rung::Operator => "operator",
            Rung::JobCounter => "job-counter",
            Rung::StatusIdle => "status-idle",
            Rung::BatchFlag => "batch-flag",
            Rung::WebStatus => "web-status",
            Rung::LifeCount => "life-count",
            Rung::IppJob => "ipp-job",
            Rung::Stored => "stored",
        }
    }

    /// The rung of a stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Rung> {
        Rung::ALL.into_iter().find(|rung| rung.as_str() == name)
    }

    /// Whose evidence it is.
    #[must_use]
    pub const fn by(self) -> By {
        match self {
            Rung::Scan | Rung::Operator => By::Person,
            _ => By::Machine,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::State::*;
    use super::*;

    /// Written out a second time, as lists: every pair that is not in them is forbidden.
    const BY_MACHINE: [(State, State); 13] = [
        (Planned, Rendered),
        (Planned, Failed),
        (Rendered, Rendered),
        (Rendered, Sending),
        (Rendered, Failed),
        (Failed, Rendered),
        (Failed, Sending),
        (Failed, Failed),
        (Sending, Sent),
        (Sending, Unknown),
        (Sending, Failed),
        (Sent, Confirmed),
        (Sent, Unknown),
    ];
    const BY_PERSON: [(State, State); 3] = [(Unknown, Confirmed), (Unknown, Failed), (Sent, Confirmed)];

    #[test]
    fn every_pair_is_as_listed() {
        for from in State::ALL {
            for to in State::ALL {
                assert_eq!(
                    may_become(from, to, By::Machine),
                    BY_MACHINE.contains(&(from, to)),
                    "{from} to {to} by a machine"
                );
                assert_eq!(
                    may_become(from, to, By::Person),
                    BY_PERSON.contains(&(from, to)),
                    "{from} to {to} by a person"
                );
            }
        }
    }

    #[test]
    fn no_machine_leads_from_paper_back_to_the_wire() {
        // All that a machine can reach, from each state, in any number of steps.
        for from in State::ALL {
            let mut reached = vec![from];
            let mut next = 0;
            while next < reached.len() {
                for to in State::ALL {
                    if may_become(reached[next], to, By::Machine) && !reached.contains(&to) {
                        reached.push(to);
                    }
                }
                next += 1;
            }
            match from {
                Sent => assert_eq!(reached, [Sent, Confirmed, Unknown]),
                Confirmed => assert_eq!(reached, [Confirmed]),
                Unknown => assert_eq!(reached, [Unknown]),
                // A failure while sending is one of which it is sure that nothing arrived.
                Planned | Rendered | Sending | Failed => assert!(reached.contains(&Sent)),
            }
        }
    }

    #[test]
    fn names_go_both_ways() {
        for state in State::ALL {
            assert_eq!(State::from_name(state.as_str()), Some(state));
        }
        for rung in Rung::ALL {
            assert_eq!(Rung::from_name(rung.as_str()), Some(rung));
        }
        assert_eq!((State::from_name("printed"), Rung::from_name("")), (None, None));
    }
}
