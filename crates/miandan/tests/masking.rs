//! Masks what the generator makes, and compares with what it says of each character.
//!
//! The generator labels every part of a text as it makes it, and knows nothing of the masker
//! (`the_generator_does_not_know_the_masker`). The short form runs with the other tests. The long one takes a number of
//! orders of the hostile mix, some minutes for a million:
//!
//! ```text
//! MIANDAN_MASKING_ORDERS=1000000 cargo test --release -p miandan --test masking -- --nocapture
//! ```
#![allow(clippy::print_stdout)] // says what was counted

mod common;

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use common::labels::{Masker, Tally};
use common::miandan;
use miandan_core::field::FieldType;
use miandan_core::masking::Masking;

/// Masks as the component does where the issuer signed nothing else.
fn masked(field: &str, text: &str) -> String {
    let kind = match field {
        "name" => FieldType::Name,
        "mobile" => FieldType::Mobile,
        "phone" => FieldType::Landline,
        "detail" => FieldType::Address,
        _ => return miandan_mask::free_text(text).text.as_str().to_owned(),
    };
    miandan_mask::field(kind, text, &Masking::DEFAULT).unwrap().text.as_str().to_owned()
}

/// What the masker does with so many orders of the program.
fn tally(mix: &str, seed: u64, orders: u64, mask: Masker) -> Tally {
    let (orders, seed) = (orders.to_string(), seed.to_string());
    let mut program = miandan()
        .args(["sample", "--labelled", "--mix", mix, "--count", &orders, "--seed", &seed])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut tally = Tally::default();
    for line in BufReader::new(program.stdout.take().unwrap()).lines() {
        tally.count(&line.unwrap(), mask);
    }
    assert!(program.wait().unwrap().success());
    tally
}

/// Each seed on a thread of its own.
fn tally_seeds(mix: &'static str, seeds: &[u64], orders: u64) -> Tally {
    let threads: Vec<_> =
        seeds.iter().map(|&seed| std::thread::spawn(move || tally(mix, seed, orders, masked))).collect();
    let mut sum = Tally::default();
    threads.into_iter().for_each(|thread| sum.add(thread.join().unwrap()));
    println!("{mix}: {sum}");
    sum
}

#[test]
fn hostile_orders_show_no_door_and_no_person() {
    let long = std::env::var("MIANDAN_MASKING_ORDERS").ok().map(|orders| orders.parse::<u64>().unwrap());
    let sum = tally_seeds("hostile", &[1, 2, 77, 2026], long.unwrap_or(20_000).div_ceil(4));
    assert!(sum.is_tight(), "{sum}");
    assert!(sum.is_readable(), "{sum}");
}

#[test]
fn realistic_orders_show_no_door_and_no_person() {
    let sum = tally_seeds("realistic", &[3, 4], 10_000);
    assert!(sum.is_tight(), "{sum}");
    assert!(sum.is_readable(), "{sum}");
}

/// A comparison that finds nothing wrong with these would find nothing wrong with any.
#[test]
fn bad_maskers_are_found_out() {
    let orders = 500;
    let sum = tally("hostile", 5, orders, |_, text| text.to_owned());
    assert!(!sum.is_tight());
    assert!(sum.leaks["detail"] > orders && sum.leaks["memo"] > orders / 2, "{sum}");
    assert!(
        sum.leaks["mobile"] == sum.fields["mobile"] && sum.leaks["phone"] == sum.fields["phone"],
        "{sum}"
    );
    assert!(sum.phones == sum.fields["mobile"] + sum.fields["phone"], "{sum}");
    assert!(sum.names == sum.fields["name"] && sum.leaks["name"] == sum.names, "{sum}");
    assert!(sum.is_readable() && sum.lost == 0, "{sum}");

    let sum = tally("hostile", 5, orders, |_, text| text.chars().map(|_| '*').collect());
    assert!(!sum.is_readable() && sum.lost == sum.kept, "{sum}");

    // Digits alone: rooms in Chinese numerals and names stay.
    let sum = tally("hostile", 5, orders, |_, text| text.replace(|c: char| c.is_ascii_digit(), "*"));
    assert!(sum.leaks["detail"] > 100 && sum.names > 100 && sum.phones > 10, "{sum}");

    // As shops mask, 138****1234: four digits hidden.
    let sum = tally("realistic", 5, orders, |field, text| match field {
        "mobile" if text.len() == 11 => format!("{}****{}", &text[..3], &text[7..]),
        _ => masked(field, text),
    });
    assert!(sum.phones > orders && sum.leaks["mobile"] >= sum.phones, "{sum}");

    // One room in a thousand.
    let sum = tally("hostile", 5, 5000, |field, text| match field {
        "detail" if text.contains("502") => text.to_owned(),
        _ => masked(field, text),
    });
    assert!(sum.leaks["detail"] > 0, "{sum}");

    let sum = tally("realistic", 5, orders, |field, text| masked(field, text).replace('号', "号号"));
    assert!(sum.garbled > orders, "{sum}");
}
