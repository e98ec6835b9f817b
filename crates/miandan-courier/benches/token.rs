//! What a token costs: a station for each label, an app for each scan. What came out last is in `docs/performance.md`.
#![allow(missing_docs)] // criterion's macro makes a function

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use miandan_courier::{
    CarrierId, CarrierKey, CarrierSecret, Claims, Contents, Question, Station, Token, Trust,
};
use zeroize::Zeroizing;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/courier");

fn token(criterion: &mut Criterion) {
    let station = Station::new(&[1; 32], Zeroizing::new([0x65; 32]));
    let carrier = CarrierSecret::new("YTO", &[5; 32]).expect("a key");
    let key = CarrierKey::new("YTO", &carrier.public_key()).expect("a key");
    let claims = Claims {
        carrier: CarrierId::of("YTO"),
        waybill_no: "YT7412345678901".into(),
        issued: 498_888,
        lifetime: 360,
        serial: 12,
        copy: 0,
        is_specimen: false,
    };
    let contents = Contents {
        virtual_number: Zeroizing::new("17000000000-0042".into()),
        virtual_days: 14,
        door: Contents::join(["2", "1501"]),
        is_incomplete: false,
    };
    let mut trust = Trust::new();
    let file = |name: &str| std::fs::read(format!("{VECTORS}/{name}")).expect("the fixture");
    trust.add_issuers(&file("issuer.pub")).expect("an issuer");
    trust.add_stations(&file("stations.json")).expect("a list");
    let text = station.make_sealed(&claims, &key, &contents).expect("a token");
    let question = Question { now: 1_796_000_000, waybill_no: None };

    let mut group = criterion.benchmark_group("token");
    group.bench_function("make", |bencher| bencher.iter(|| station.make(black_box(&claims))));
    group.bench_function("make, sealed", |bencher| {
        bencher.iter(|| station.make_sealed(black_box(&claims), &key, &contents));
    });
    group.bench_function("read and check", |bencher| {
        bencher.iter(|| {
            let token = Token::read(black_box(&text)).expect("it is one");
            let answer = trust.check(&token, &question);
            assert!(answer.station.is_some(), "its signature was checked");
        });
    });
    let read = Token::read(&text).expect("it is one");
    group.bench_function("open", |bencher| bencher.iter(|| carrier.open(black_box(&read)).expect("its key")));
    group.finish();
}

criterion_group!(benches, token);
criterion_main!(benches);
