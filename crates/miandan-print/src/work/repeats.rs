//! What stands in the input twice.

use miandan_seal::ClearHeader;
use ring::digest::{Context, SHA256};

/// An order whose waybill stands in the input before it. It is left out of the sequence.
///
/// Nothing here is checked: of a forged order and a genuine one of the same waybill the first is printed, or refused by
/// the component, and the second is named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The order, counted from 0.
    pub index: u32,
    /// The first order of this waybill.
    pub first: u32,
    /// Whether it is the same again.
    pub kind: RepeatKind,
}

/// What is the same of two orders of one carrier, waybill number and parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatKind {
    /// Everything that is on a label and not personal
    /// ([`content`](miandan_seal::clear::content)): to be printed once.
    Duplicate,
    /// The numbers only: one of the two is wrong, and a person has to say which.
    Conflict,
}

/// What is compared of an order. Halves of SHA-256 hashes: nobody finds two orders that share 16 bytes of them.
pub(super) struct Mark {
    key: [u8; 16],
    content: [u8; 16],
    index: u32,
}

impl Mark {
    pub(super) fn of(index: u32, header: &ClearHeader) -> Mark {
        let parcel = header.parcel.index.to_be_bytes();
        let key = digest(&[header.carrier.as_bytes(), header.waybill_no.as_bytes(), &parcel]);
        let mut content = [0; 16];
        content.copy_from_slice(&header.content[..16]);
        Mark { key, content, index }
    }
}

/// The repeats among these orders, by their index.
pub(super) fn find(mut marks: Vec<Mark>) -> Vec<Repeat> {
    marks.sort_unstable_by_key(|mark| (mark.key, mark.index));
    let mut repeats = Vec::new();
    for group in marks.chunk_by(|one, other| one.key == other.key) {
        let [first, others @ ..] = group else { continue };
        repeats.extend(others.iter().map(|mark| Repeat {
            index: mark.index,
            first: first.index,
            kind: if mark.content == first.content { RepeatKind::Duplicate } else { RepeatKind::Conflict },
        }));
    }
    repeats.sort_unstable_by_key(|repeat| repeat.index);
    repeats
}

/// By what orders of one consignee are found. A group is a hint, so the eighth part of a hash tells one order from another.
pub(super) struct MergeMark {
    consignee: [u8; 16],
    order: [u8; 4],
    index: u32,
}

impl MergeMark {
    /// `None` if the order says nothing of its consignee.
    pub(super) fn of(index: u32, header: &ClearHeader) -> Option<MergeMark> {
        let key = header.merge_key?;
        let of = [header.issuer.as_bytes(), header.merchant.as_bytes()];
        Some(MergeMark {
            consignee: digest(&[of[0], of[1], &key]),
            order: digest(&[of[0], of[1], header.order_id.as_bytes()]),
            index,
        })
    }

    pub(super) fn index(&self) -> u32 {
        self.index
    }
}

/// Groups of orders for one consignee, each in the order of the input. Parcels of one order are no group: they are meant
/// to be several.
pub(super) fn merges(mut marks: Vec<MergeMark>) -> Vec<Vec<u32>> {
    marks.sort_unstable_by_key(|mark| (mark.consignee, mark.index));
    let several = |group: &&[MergeMark]| group.iter().any(|mark| mark.order != group[0].order);
    let groups = marks.chunk_by(|one, other| one.consignee == other.consignee).filter(several);
    let mut groups: Vec<Vec<u32>> =
        groups.map(|group| group.iter().map(|mark| mark.index).collect()).collect();
    groups.sort_unstable();
    groups
}

/// The first bytes of a SHA-256 hash over parts, each with its length in front.
fn digest<const LENGTH: usize>(parts: &[&[u8]]) -> [u8; LENGTH] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut first = [0; LENGTH];
    first.copy_from_slice(&context.finish().as_ref()[..LENGTH]);
    first
}

#[cfg(test)]
mod tests {
    use super::super::Work;
    use super::super::samples::{NOW, Sample};
    use super::*;

    fn work(samples: &[Sample]) -> Work {
        Work::from_headers(samples.iter().map(|sample| Ok(sample.header())), NOW)
    }

    #[test]
    fn the_same_again_is_a_duplicate_and_another_content_a_conflict() {
        let first = Sample::new(1).with(&[("A", 1)]);
        let samples = [
            first.clone(),
            Sample::new(2),
            // Sealed again: until another day, for another number of prints.
            Sample { expires: first.expires + 1, limit: Some(2), merge: Some(3), ..first.clone() },
            Sample { memo: "轻放".to_owned(), ..first.clone() },
            first.clone(),
            // Another parcel, another carrier.
            Sample { parcel: 2, ..first.clone() },
            Sample { carrier: "ZTO", ..first.clone() },
        ];
        let work = work(&samples);
        let repeat = |index, kind| Repeat { index, first: 0, kind };
        assert_eq!(
            work.repeats(),
            [
                repeat(2, RepeatKind::Duplicate),
                repeat(3, RepeatKind::Conflict),
                repeat(4, RepeatKind::Duplicate),
            ]
        );
        assert_eq!(work.sequence(&super::super::Arrangement::default()), [0, 1, 5, 6]);
        assert_eq!(work.counts().carriers.into_iter().collect::<Vec<_>>(), [("YTO", 3), ("ZTO", 1)]);
    }

    #[test]
    fn orders_for_one_consignee_are_a_group() {
        let merge = |number, merge| Sample { merge: Some(merge), ..Sample::new(number) };
        let samples = [
            merge(0, 7),
            Sample::new(1),
            merge(2, 8),
            merge(3, 7),
            Sample { merchant: "SHOP-2", ..merge(4, 7) },
            // Two parcels of one order are no hint.
            Sample { order: "O6".to_owned(), ..merge(5, 9) },
            merge(6, 9),
            Sample::new(7),
            // A duplicate.
            merge(0, 7),
            merge(9, 7),
        ];
        assert_eq!(work(&samples).merges(), [vec![0, 3, 9]]);
    }
}
