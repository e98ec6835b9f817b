//! What a scanner read, held against what was printed: which labels are missing, which were read more than once, which are
//! not of this batch.

use std::collections::{BTreeMap, BTreeSet};

use crate::JournalError;
use crate::label::{BatchId, PrintId};
use crate::reader::Reader;
use crate::state::State;
use miandan_core::number::RunningNumber;

/// A label of a batch, as far as scans are concerned. State is that of its latest copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Its number.
    pub number: RunningNumber,
    /// What a scanner reads on it.
    pub waybill: String,
    /// How far it came.
    pub state: State,
}

/// The outcome. Empty where all is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many labels should be on paper and were scanned as often as they should.
    pub matched: u32,
    /// Labels that are sent, confirmed or unknown, and were not scanned.
    pub missing: Vec<Expected>,
    /// Waybill numbers that were scanned too often, and by how many times: two labels, or one that was scanned twice.
    pub double: Vec<(String, u32)>,
    /// Waybill numbers that were scanned and are of no label of this batch.
    pub foreign: Vec<String>,
    /// Labels that were scanned although they surely did not print: the journal, or a label from elsewhere, is wrong.
    pub unexpected: Vec<Expected>,
}

impl Comparison {
    /// Whether what was scanned is what was printed.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.missing.is_empty()
            && self.double.is_empty()
            && self.foreign.is_empty()
            && self.unexpected.is_empty()
    }
}

/// Compares. Several parcels of an order may bear one waybill number; it is then expected as often as there are labels.
///
/// Spaces around a scanned number and empty lines are ignored. A number that two carriers use in one batch is taken for
/// one, since a scan says no carrier.
pub fn compare<'a>(
    labels: impl IntoIterator<Item = Expected>,
    scans: impl IntoIterator<Item = &'a str>,
) -> Comparison {
    let mut scanned: BTreeMap<&str, u32> = BTreeMap::new();
    for scan in scans.into_iter().map(str::trim).filter(|scan| !scan.is_empty()) {
        *scanned.entry(scan).or_default() += 1;
    }
    let mut outcome = Comparison::default();
    let mut known = BTreeSet::new();
    let mut unprinted = Vec::new();
    for label in labels {
        // Each label takes its share of what was scanned.
        let left = scanned.get_mut(label.waybill.as_str());
        if left.is_some() {
            known.insert(label.waybill.clone());
        }
        match left {
            _ if !label.state.may_be_on_paper() => unprinted.push(label),
            Some(left) if *left > 0 => {
                *left -= 1;
                outcome.matched += 1;
            }
            _ => outcome.missing.push(label),
        }
    }
    // Only when all that should be there have taken their share is a scan one of a label that should not.
    for label in unprinted {
        if let Some(left) = scanned.get_mut(label.waybill.as_str())
            && *left > 0
        {
            *left -= 1;
            outcome.unexpected.push(label);
        }
    }
    for (waybill, left) in scanned {
        if !known.contains(waybill) {
            outcome.foreign.push(waybill.to_owned());
        } else if left > 0 {
            outcome.double.push((waybill.to_owned(), left));
        }
    }
    outcome
}

impl Reader {
    /// [`compare`] for a batch.
    ///
    /// # Errors
    ///
    /// [`JournalError::UnknownBatch`], and all of the file's.
    pub fn compare<'a>(
        &self,
        batch: BatchId,
        scans: impl IntoIterator<Item = &'a str>,
    ) -> Result<Comparison, JournalError> {
        let mut labels: Vec<Expected> = Vec::new();
        let mut after: Option<PrintId> = None;
        loop {
            let chunk = self.latest(batch, after, 1_000)?;
            let Some(last) = chunk.last() else { break };
            after = Some(last.id);
            labels.extend(chunk.into_iter().map(|print| Expected {
                number: print.number,
                waybill: print.key.waybill,
                state: print.state,
            }));
        }
        Ok(compare(labels, scans))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use miandan_core::number::{BatchNumber, Day};

    fn label(position: u32, waybill: &str, state: State) -> Expected {
        let number =
            RunningNumber { batch: BatchNumber { day: Day::of(1_794_326_400), number: 3 }, position };
        Expected { number, waybill: waybill.to_owned(), state }
    }

    #[test]
    fn missing_double_and_foreign_are_told_apart() {
        let batch = [
            label(1, "A", State::Confirmed),
            label(2, "B", State::Sent),
            label(3, "C", State::Unknown),
            label(4, "D", State::Failed),
            label(5, "E", State::Planned),
            label(6, "F", State::Confirmed),
        ];
        let outcome = compare(batch.clone(), ["A", " B\r", "B", "B", "", "D", "X", "F"]);
        assert_eq!(outcome.matched, 3);
        assert_eq!(outcome.missing, [batch[2].clone()]);
        assert_eq!(outcome.double, [("B".to_owned(), 2)]);
        assert_eq!(outcome.foreign, ["X"]);
        assert_eq!(outcome.unexpected, [batch[3].clone()]);
        assert!(!outcome.agrees());
    }

    #[test]
    fn parcels_of_one_waybill_are_counted() {
        let parcels = [label(1, "A", State::Sent), label(2, "A", State::Sent), label(3, "A", State::Planned)];
        assert!(compare(parcels.clone(), ["A", "A"]).agrees());
        assert_eq!(compare(parcels.clone(), ["A"]).missing, [parcels[1].clone()]);
        assert_eq!(compare(parcels.clone(), ["A"; 3]).unexpected, [parcels[2].clone()]);
        assert_eq!(compare(parcels, ["A"; 5]).double, [("A".to_owned(), 2)]);
    }

    proptest! {
        /// Nothing is lost: every scan and every label is accounted for.
        #[test]
        fn all_is_accounted_for(
            labels in prop::collection::vec((0u8..6, 0usize..7), 0..20),
            scans in prop::collection::vec(0u8..8, 0..30),
        ) {
            let labels: Vec<_> = (1..)
                .zip(labels)
                .map(|(at, (waybill, state))| label(at, &waybill.to_string(), State::ALL[state]))
                .collect();
            let scans: Vec<_> = scans.iter().map(u8::to_string).collect();
            let outcome = compare(labels.clone(), scans.iter().map(String::as_str));
            let on_paper = labels.iter().filter(|label| label.state.may_be_on_paper()).count();
            prop_assert_eq!(outcome.matched as usize + outcome.missing.len(), on_paper);
            let foreign = scans.iter().filter(|scan| outcome.foreign.contains(scan)).count();
            let double: u32 = outcome.double.iter().map(|(_, count)| count).sum();
            prop_assert_eq!(
                outcome.matched as usize + outcome.unexpected.len() + double as usize + foreign,
                scans.len()
            );
        }
    }
}
