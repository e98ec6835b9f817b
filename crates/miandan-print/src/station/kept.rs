//! Labels that were asked for, in memory for a while, so that a person can look at one again or have it printed again. They
//! are what clients have sent: orders still sealed, and what came in clear beside them. Nothing of it is on a disk.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use miandan_core::number::RunningNumber;
use miandan_core::stamp::Stamp;

use super::label::LabelRequest;

/// The last labels by their numbers.
pub(super) struct Kept {
    most: usize,
    labels: Mutex<Labels>,
}

#[derive(Default)]
struct Labels {
    by_number: HashMap<RunningNumber, (Arc<LabelRequest>, Stamp)>,
    order: VecDeque<RunningNumber>,
}

impl Kept {
    /// So many at most.
    pub(super) fn new(most: usize) -> Self {
        Kept { most, labels: Mutex::default() }
    }

    /// Keeps a label, with what it carried when it was printed first. The oldest goes.
    pub(super) fn put(&self, number: RunningNumber, label: &Arc<LabelRequest>, stamp: Stamp) {
        if self.most == 0 {
            return;
        }
        let mut labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        if labels.by_number.insert(number, (Arc::clone(label), stamp)).is_some() {
            return;
        }
        labels.order.push_back(number);
        if labels.order.len() > self.most
            && let Some(oldest) = labels.order.pop_front()
        {
            labels.by_number.remove(&oldest);
        }
    }

    /// The label of a number, if it is still there.
    pub(super) fn get(&self, number: RunningNumber) -> Option<(Arc<LabelRequest>, Stamp)> {
        self.labels.lock().unwrap_or_else(PoisonError::into_inner).by_number.get(&number).cloned()
    }
}
