//! No byte of a sealed order can be changed and the order opened as something else.

mod common;

use common::{NOW, World, printable};
use miandan_core::field::FieldId;
use miandan_unseal::{OpenedOrder, Opener};
use proptest::prelude::*;

/// Everything that an opened order says.
fn content(order: &OpenedOrder) -> String {
    let fields: Vec<_> = FieldId::ALL.iter().map(|&id| order.expose(id)).collect();
    format!("{:?} {:?} {fields:?}", order.header(), order.masking())
}

/// Opens, and demands that whatever opens is the order that was sealed.
fn opens(opener: &mut Opener, sealed: &[u8], original: &str) -> bool {
    match opener.open(sealed, NOW, printable()) {
        Ok(order) => {
            assert_eq!(content(&order), original);
            true
        }
        Err(_) => false,
    }
}

#[test]
fn every_bit_of_every_byte() {
    let world = World::new();
    let sealed = world.seal(3).remove(1).into_bytes();
    let mut opener = world.opener();
    let original = content(&opener.open(&sealed, NOW, printable()).unwrap());
    let mut opened = 0;
    for index in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[index] ^= 1 << bit;
            opened += usize::from(opens(&mut opener, &changed, &original));
        }
    }
    assert_eq!(opened, 0, "of {} changed orders", sealed.len() * 8);
}

#[test]
fn every_cut() {
    let world = World::new();
    let sealed = world.seal(1).remove(0).into_bytes();
    let mut opener = world.opener();
    for length in 0..sealed.len() {
        assert!(opener.open(&sealed[..length], NOW, printable()).is_err(), "{length} bytes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
        let mut opener = World::new().opener();
        prop_assert!(opener.open(&bytes, NOW, printable()).is_err());
    }

    #[test]
    fn pieces_put_elsewhere_are_refused(from in 0_usize..4000, to in 0_usize..4000, length in 1_usize..200) {
        let world = World::new();
        let sealed = world.seal(2).remove(0).into_bytes();
        let mut opener = world.opener();
        let original = content(&opener.open(&sealed, NOW, printable()).unwrap());
        let (from, to) = (from % sealed.len(), to % sealed.len());
        let end = (from + length).min(sealed.len());
        let mut changed = sealed.clone();
        let piece = sealed[from..end].to_vec();
        changed.splice(to..to, piece);
        if changed != sealed {
            opens(&mut opener, &changed, &original);
        }
    }
}
