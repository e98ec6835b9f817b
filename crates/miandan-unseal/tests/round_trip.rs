//! What was sealed is opened, as far as it is asked for.

mod common;

use common::{DAY, NOW, World, options, plain, printable, station};
use miandan_core::field::{FieldId, FieldSet, FieldType};
use miandan_core::masking::{Masking, ShownAddress, ShownName, ShownPhone};
use miandan_seal::issue::{SealOptions, seal_batch};
use miandan_unseal::{KeyFileError, Opener, StationKey, keygen};
use ring::rand::SystemRandom;

#[test]
fn batches_of_many_sizes_for_up_to_three_stations() {
    for (size, count) in [(1, 1), (2, 2), (7, 3), (100, 1)] {
        let world = World::new();
        let keys: Vec<_> = (0..count).map(|n| station(&format!("ST-{n}"), &[], &["SHOP-1"])).collect();
        let publics: Vec<_> = keys.iter().map(StationKey::public).collect();
        let orders: Vec<_> = (0..size).map(plain).collect();
        let sealed = seal_batch(&world.issuer, &publics, &orders, &options(), &SystemRandom::new()).unwrap();
        assert_eq!(sealed.len(), size);
        for key in keys {
            let mut opener = Opener::new(vec![key], world.trust());
            for (number, order) in sealed.iter().enumerate() {
                let opened = opener.open(order.as_bytes(), NOW, printable()).unwrap();
                let name = format!("某甲{number}");
                assert_eq!(opened.expose(FieldId::RecipientName), Some((FieldType::Name, name.as_str())));
                let phone = Some((FieldType::Landline, "0571-01234567"));
                assert_eq!(opened.expose(FieldId::SenderPhone), phone);
                let number = opened.expose_virtual(FieldId::RecipientVirtual).unwrap();
                assert_eq!((number.main, number.ext, number.until), ("12900000001", "0042", NOW + DAY));
                assert_eq!(opened.expose(FieldId::RecipientCity), None);
            }
        }
    }
}

#[test]
fn only_what_is_asked_for_is_opened() {
    let world = World::new();
    let sealed = world.seal(1);
    let mut opener = world.opener();
    let asked: FieldSet = [FieldId::RecipientMobile, FieldId::RecipientTown].into_iter().collect();
    let opened = opener.open(sealed[0].as_bytes(), NOW, asked).unwrap();
    assert_eq!(opened.opened().iter().collect::<Vec<_>>(), [FieldId::RecipientMobile]);
    assert_eq!(opened.expose(FieldId::RecipientName), None);
    assert_eq!(opened.header().ord, "O000000");
}

#[test]
fn the_signed_masking_arrives() {
    let mask = Masking { name: ShownName::None, phone: ShownPhone::Tail2, address: ShownAddress::Full };
    let world = World::new();
    let sealed = world.seal_with(1, &SealOptions { mask: Some(mask), ..options() });
    let opened = world.opener().open(sealed[0].as_bytes(), NOW, FieldSet::EMPTY).unwrap();
    assert_eq!(opened.masking(), mask);
    let world = World::new();
    let sealed = world.seal(1);
    let opened = world.opener().open(sealed[0].as_bytes(), NOW, FieldSet::EMPTY).unwrap();
    assert_eq!(opened.masking(), Masking::DEFAULT);
}

#[test]
fn the_old_and_the_new_key_work_side_by_side() {
    let world = World::new();
    let (old, new) = (station("ST-01", &[], &["SHOP-1"]), station("ST-01", &[], &["SHOP-1"]));
    let seal = |key: &StationKey| {
        seal_batch(&world.issuer, &[key.public()], &[plain(1)], &options(), &SystemRandom::new()).unwrap()
    };
    let (to_old, to_new) = (seal(&old), seal(&new));
    let mut opener = Opener::new(vec![new, old], world.trust());
    for sealed in [&to_old, &to_new, &to_old] {
        assert!(opener.open(sealed[0].as_bytes(), NOW, printable()).is_ok());
    }
}

#[test]
fn more_batches_than_are_remembered() {
    let world = World::new();
    let sealed: Vec<_> = (0..300).map(|_| world.seal(1).remove(0)).collect();
    let mut opener = world.opener();
    for order in sealed.iter().chain(&sealed[..20]) {
        assert!(opener.open(order.as_bytes(), NOW, printable()).is_ok());
    }
}

#[test]
fn a_key_under_a_passphrase() {
    let scope = station("ST-01", &["EAST"], &["SHOP-1"]).scope().clone();
    let key =
        keygen::station(&scope, Default::default(), Some(b"open sesame"), &SystemRandom::new()).unwrap();
    let file = key.expose_secret().as_bytes();
    let station = StationKey::from_bytes(file, Some(b"open sesame")).unwrap();
    assert_eq!((station.scope(), station.kid()), (&scope, key.kid));
    assert_eq!(station.public().to_text(), key.public);
    assert!(matches!(StationKey::from_bytes(file, None), Err(KeyFileError::PassphraseNeeded)));
    assert!(matches!(StationKey::from_bytes(file, Some(b"wrong")), Err(KeyFileError::PassphraseWrong)));
    // The clear members are bound to the sealed ones: nobody adds a merchant to a station.
    let text = key.expose_secret().replace("SHOP-1", "SHOP-9");
    assert!(StationKey::from_bytes(text.as_bytes(), Some(b"open sesame")).is_err());
}
