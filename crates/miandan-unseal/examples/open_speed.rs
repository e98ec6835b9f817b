//! How long opening takes: a warm batch of 100 with six fields asked for, and a lone order of an unknown batch.
//!
//! `cargo run --release -p miandan-unseal --example open_speed`. It prints processor time of the fastest round, so
//! other programs on the machine matter little, but it is still no benchmark: compare two builds, one after the other.

#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::fs;
use std::time::Instant;

use miandan_core::field::{FieldId, FieldSet};
use miandan_core::order::{Consent, Item, Parcel, Routing};
use miandan_seal::issue::{IssuerKey, PlainOrder, PlainParty, SealOptions, seal_batch};
use miandan_seal::keys::{StationScope, Validity};
use miandan_seal::{StationPublic, TrustSet};
use miandan_unseal::{Opener, StationKey, keygen};
use ring::rand::SystemRandom;

const NOW: u64 = 1_800_000_000;
/// Orders in a round.
const ROUND: usize = 20_000;

fn main() {
    let random = SystemRandom::new();
    let scope = StationScope { id: "S1".into(), groups: vec![], merchants: vec!["M1".into()] };
    let key = keygen::station(&scope, Validity::default(), None, &random).expect("a key");
    let station = StationPublic::parse(key.public.as_bytes()).expect("the public file");
    let issuer = IssuerKey::generate("platform", &random).expect("a key");
    let opener = || {
        let mut trust = TrustSet::new();
        trust.insert(issuer.public()).expect("one issuer");
        let key = StationKey::from_bytes(key.expose_secret().as_bytes(), None).expect("the key file");
        Opener::new(vec![key], trust)
    };

    let orders: Vec<PlainOrder> = (0..100).map(order).collect();
    let options = SealOptions {
        aud: "M1".into(),
        stn: None,
        iat: NOW,
        nbf: NOW,
        exp: NOW + 86_400,
        mask: None,
        max: None,
    };
    let before = processor_time();
    let sealed = seal_batch(&issuer, &[station.clone(), other(&random)], &orders, &options, &random)
        .expect("a sealed batch");
    println!("seal, batch of 100:             {:6.1} µs an order", (processor_time() - before) / 100.0);
    println!("size of a sealed order:         {} bytes", sealed[50].len());

    let wanted: FieldSet = [
        FieldId::RecipientName,
        FieldId::RecipientMobile,
        FieldId::RecipientProvince,
        FieldId::RecipientCity,
        FieldId::RecipientDistrict,
        FieldId::RecipientDetail,
    ]
    .into_iter()
    .collect();
    let mut warm = opener();
    let warm_time =
        fastest(&sealed, |object| drop(warm.open(object.as_bytes(), NOW, wanted).expect("opened")));
    println!("check and open, warm, 6 fields: {warm_time:6.2} µs an order (hold: 12)");

    // As they come after sorting: neighbours of many batches.
    let batches: Vec<Vec<String>> = (0..50)
        .map(|_| {
            seal_batch(&issuer, std::slice::from_ref(&station), &orders, &options, &random).expect("a batch")
        })
        .collect();
    let mixed: Vec<String> =
        (0..orders.len()).flat_map(|at| batches.iter().map(move |batch| batch[at].clone())).collect();
    let mut mixing = opener();
    let mixed_time =
        fastest(&mixed, |object| drop(mixing.open(object.as_bytes(), NOW, wanted).expect("opened")));
    println!(
        "the same, 50 batches mixed:     {mixed_time:6.2} µs an order, {:.2} × one batch (hold: 2)",
        mixed_time / warm_time
    );

    let mut cold: Vec<Opener> = (0..200).map(|_| opener()).collect();
    let before = processor_time();
    for opener in &mut cold {
        opener.open(sealed[7].as_bytes(), NOW, wanted).expect("an opened order");
    }
    let cold_time = (processor_time() - before) / cold.len() as f64;
    println!("check and open, cold, 6 fields: {cold_time:6.1} µs an order (hold: 200)");
}

/// The processor time of an order in µs, in the fastest of several rounds: other programs only ever add to it.
fn fastest(orders: &[String], mut open: impl FnMut(&str)) -> f64 {
    // The system counts in steps of some milliseconds, so a round has to be long.
    let repeats = ROUND / orders.len();
    let round = || {
        let before = processor_time();
        (0..repeats).for_each(|_| orders.iter().for_each(|order| open(order)));
        (processor_time() - before) / (repeats * orders.len()) as f64
    };
    std::iter::repeat_with(round).take(8).fold(f64::INFINITY, f64::min)
}

/// A station that the batch is sealed to as well.
fn other(random: &SystemRandom) -> StationPublic {
    let scope = StationScope { id: "S2".into(), groups: vec![], merchants: vec!["M1".into()] };
    let key = keygen::station(&scope, Validity::default(), None, random).expect("a key");
    StationPublic::parse(key.public.as_bytes()).expect("the public file")
}

/// A synthetic order of usual size, eleven personal fields.
fn order(number: u32) -> PlainOrder {
    let party = |name: &str, mobile: &str| PlainParty {
        name: name.into(),
        mobile: mobile.into(),
        province: "浙江省".into(),
        city: "杭州市".into(),
        district: "余杭区".into(),
        detail: "测试路100号样例花园12幢3单元1501室".into(),
        ..PlainParty::default()
    };
    PlainOrder {
        order_id: format!("26111100{number:06}"),
        payment_id: format!("PAY{number:09}"),
        waybill_no: format!("YT{number:013}"),
        carrier: "YTO".into(),
        recipient: PlainParty { town: "仓前街道".into(), ..party("测试一", "12900000000") },
        sender: party("测试二", "12900000001"),
        routing: Routing {
            code: "356-01-02 F3".into(),
            sortation: "杭州".into(),
            consolidation_name: "杭州集包".into(),
            consolidation_code: "571".into(),
            origin_name: "上海浦东".into(),
            origin_code: "210045".into(),
        },
        service: "标准快递".into(),
        parcel: Parcel { weight_g: 1200, index: 1, count: 1, ..Parcel::default() },
        items: vec![
            Item { name: "样例图书 精装".into(), sku: "BOOK-001".into(), count: 1 },
            Item { name: "样例铅笔".into(), sku: "PEN-007".into(), count: 3 },
        ],
        memo: "请轻放".into(),
        consent: Some(Consent { reference: format!("consent-{number}"), epoch: 1 }),
        ..PlainOrder::default()
    }
}

/// Processor time of this thread in microseconds, or time of day where the system does not tell.
fn processor_time() -> f64 {
    thread_local!(static START: Instant = Instant::now());
    let nanoseconds = fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.unwrap_or_else(|| START.with(Instant::elapsed).as_nanos() as f64) / 1000.0
}
