//! Which labels a batch prints, in which order, and what each carries.

use miandan_core::label::LabelNumber;
use miandan_core::stamp::Stamp;

/// One label of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedLabel {
    /// Which order of the input, from 0.
    pub order: u32,
    /// What the label carries: `n/m`, the running number, the time of the first print, and which copy it is.
    pub stamp: Stamp,
}

/// The labels of a batch by their places, from 0.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Planned<'a> {
    /// Every order once, as it stands in the input.
    All {
        orders: u32,
        printed_at: u64,
    },
    These(&'a [PlannedLabel]),
}

impl Planned<'_> {
    pub(crate) fn len(self) -> usize {
        match self {
            Planned::All { orders, .. } => orders as usize,
            Planned::These(labels) => labels.len(),
        }
    }

    /// The label at a place. Places go up to the length.
    pub(crate) fn label(self, place: usize) -> PlannedLabel {
        match self {
            Planned::All { orders, printed_at } => {
                let order = place as u32;
                let number = LabelNumber { index: order + 1, count: orders };
                PlannedLabel { order, stamp: Stamp::first(number, printed_at) }
            }
            Planned::These(labels) => labels[place],
        }
    }

    /// The first place at which an order is named that the input does not have.
    pub(crate) fn without_order(self, orders: usize) -> Option<usize> {
        match self {
            Planned::All { .. } => None,
            Planned::These(labels) => labels.iter().position(|label| label.order as usize >= orders),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_plan_every_order_is_printed_once_as_it_stands() {
        let planned = Planned::All { orders: 3, printed_at: 7 };
        let labels: Vec<_> = (0..planned.len()).map(|place| planned.label(place)).collect();
        assert_eq!(labels.iter().map(|label| label.order).collect::<Vec<_>>(), [0, 1, 2]);
        let last = Stamp::first(LabelNumber { index: 3, count: 3 }, 7);
        assert_eq!(labels[2].stamp, last);
        assert_eq!((last.running, last.copy), (None, 0));
        assert_eq!(planned.without_order(3), None);
    }

    #[test]
    fn a_plan_names_orders_of_the_input() {
        let stamp = Stamp::first(LabelNumber { index: 1, count: 200 }, 0);
        let labels = [4, 0, 4].map(|order| PlannedLabel { order, stamp });
        let planned = Planned::These(&labels);
        assert_eq!((planned.len(), planned.label(1)), (3, labels[1]));
        assert_eq!(planned.without_order(5), None);
        assert_eq!(planned.without_order(4), Some(0));
        assert_eq!(Planned::These(&labels[1..]).without_order(4), Some(1));
        assert_eq!(Planned::These(&[]).without_order(4), None);
    }
}
