//! Going on after a stop: what `--from 012` means for each label.
//!
//! The operator holds the last good label in the hand, 011, and says: from 012 on I have none that I trust. What lies
//! before 012 is good, what begins there is to be printed, and whatever may be on paper already comes again as a copy with
//! its mark (补打), so that the two can be told apart.

use crate::state::State;

/// Where a label stands, seen from the number that the operator gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Before it: in the operator's hand, or on the stack below.
    Before,
    /// It, or after it.
    From,
}

/// What is to be done with a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Nothing: it needs no decision, or none was asked for.
    Leave,
    /// It is confirmed by the operator's word.
    Confirm,
    /// It is printed as it was planned: surely there is none yet.
    Print,
    /// It is printed as the next copy, with the mark: there is one, or there may be.
    PrintAgain,
}

/// What resuming from a number means for a label in a state. It is the state of the latest copy.
///
/// | | before the number | from the number on |
/// |---|---|---|
/// | planned, rendered, failed | leave: it was not asked for, and stays listed as not printed | print |
/// | unknown, sending | confirm: the operator has it | print again |
/// | sent, confirmed | leave: there is no doubt about it | print again |
#[must_use]
pub const fn decide(side: Side, state: State) -> Decision {
    match (side, state) {
        (Side::Before, State::Unknown | State::Sending) => Decision::Confirm,
        (Side::Before, _) => Decision::Leave,
        (Side::From, State::Planned | State::Rendered | State::Failed) => Decision::Print,
        (Side::From, State::Sending | State::Sent | State::Confirmed | State::Unknown) => {
            Decision::PrintAgain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_as_in_the_table() {
        use Decision::*;
        let table = [
            (State::Planned, Leave, Print),
            (State::Rendered, Leave, Print),
            (State::Sending, Confirm, PrintAgain),
            (State::Sent, Leave, PrintAgain),
            (State::Confirmed, Leave, PrintAgain),
            (State::Unknown, Confirm, PrintAgain),
            (State::Failed, Leave, Print),
        ];
        assert_eq!(table.map(|(state, ..)| state), State::ALL);
        for (state, before, from) in table {
            assert_eq!(decide(Side::Before, state), before, "{state} before");
            assert_eq!(decide(Side::From, state), from, "{state} from");
        }
    }

    #[test]
    fn what_may_be_on_paper_never_comes_again_without_its_mark() {
        for state in State::ALL {
            for side in [Side::Before, Side::From] {
                assert!(!(state.may_be_on_paper() && decide(side, state) == Decision::Print), "{state}");
            }
        }
    }
}
