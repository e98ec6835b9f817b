//! Twenty stations, and a broker, that are killed at random while a batch is printed: no label is lost, none is printed twice
//! without a word, and each printer keeps the order.
//!
//! `benches/fleet` is the campaign; fewer labels and kills stand here.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use miandan_journal::State;
use miandan_testing::Random;

use crate::common::{events, wait_for};
use crate::support::{Fleet, find, quick};

/// A number from the environment, for the campaign.
fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn whoever_dies_no_label_is_lost_or_printed_twice() {
    let stations = number("MIANDAN_FLEET_STATIONS", 4);
    let labels = number("MIANDAN_FLEET_LABELS", 600);
    let kills = number("MIANDAN_FLEET_KILLS", 8);
    let pause = number("MIANDAN_FLEET_PAUSE_MS", 400);
    let patience = Duration::from_secs(number("MIANDAN_FLEET_PATIENCE_S", 240) as u64);
    let mut random = Random(number("MIANDAN_FLEET_SEED", 7) as u64 | 1);
    let mut fleet = Fleet::without_stations(labels);
    for number in 1..=stations {
        // Every third says nothing: what became of a label that it was being sent nobody can tell.
        let script = if number % 3 == 0 { quick().silent() } else { quick() };
        fleet.add(&format!("st-{number:02}"), &[script]);
    }
    fleet.wait_until_there(stations);
    let began = Instant::now();
    let mut command = fleet.command(&["--json", "dispatch", "orders.sealed.jsonl"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let reader = std::thread::spawn(move || child.wait_with_output().unwrap());
    let mut killed = [0, 0];
    for kill in 0..kills {
        std::thread::sleep(Duration::from_millis(random.below(pause * 2) as u64));
        if kill % 4 == 3 {
            fleet.broker.kill();
            std::thread::sleep(Duration::from_millis(random.below(800) as u64));
            fleet.broker.start_again();
            killed[1] += 1;
        } else {
            let which = random.below(stations);
            let member = &mut fleet.members[which];
            member.kill();
            std::thread::sleep(Duration::from_millis(random.below(300) as u64));
            member.start();
            killed[0] += 1;
        }
        release(&fleet);
    }
    // Printers that wait for a person get one.
    wait_for("the end of the dispatch", patience, || {
        std::thread::sleep(Duration::from_millis(200));
        release(&fleet);
        reader.is_finished()
    });
    let output = reader.join().unwrap();
    let took = began.elapsed();
    let events = events(&output);
    let summary = find(&events, "summary");
    assert_eq!(summary["open"], 0, "{summary}");

    // What came out, against what was reported and what the journals have.
    let mut paper: BTreeMap<&str, usize> = BTreeMap::new();
    let sheets = fleet.paper();
    sheets.iter().flatten().for_each(|waybill| *paper.entry(waybill).or_default() += 1);
    let mut told: BTreeMap<usize, &str> = BTreeMap::new();
    for report in events.iter().filter(|event| event["event"] == "report") {
        let number = report["number"].as_str().unwrap();
        let place: usize = number.rsplit('-').next().unwrap().parse().unwrap();
        told.insert(place, report["outcome"].as_str().unwrap());
    }
    assert_eq!(told.len(), labels);
    let (mut unknown, mut unknown_on_paper) = (0, 0);
    for (place, waybill) in (1..).zip(&fleet.waybills) {
        let times = paper.get(waybill.as_str()).copied().unwrap_or(0);
        assert!(times <= 1, "{waybill} came out {times} times");
        match told[&place] {
            "printed" => assert_eq!(times, 1, "{waybill} is told as printed"),
            "unknown" => {
                unknown += 1;
                unknown_on_paper += times;
            }
            other => panic!("{waybill} is {other}"),
        }
    }
    fleet.assert_order_of(&sheets);
    for member in &fleet.members {
        for print in member.journal() {
            assert!(
                matches!(print.state, State::Sent | State::Confirmed | State::Unknown),
                "{}",
                print.state
            );
        }
    }
    println!(
        "{stations} stations, {labels} labels in {took:.0?}; killed: {} stations, {} times the broker; \
         {unknown} unknown, {unknown_on_paper} of them on paper; none lost, none twice, order kept",
        killed[0], killed[1]
    );
}

/// A person at each printer that is held says that it may go on.
fn release(fleet: &Fleet) {
    let held: Vec<_> = fleet
        .status()
        .into_iter()
        .filter(|(_, entry)| entry["printers"][0]["held"] == "unknown")
        .map(|(place, _)| place)
        .collect();
    for member in fleet.members.iter().filter(|member| held.contains(&member.place)) {
        member.post("printers/P1/release", "null");
    }
}
