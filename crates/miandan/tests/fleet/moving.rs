//! Stations that are drained, and labels that go from one to another.

use miandan_journal::State;
use miandan_testing::device::{Script, Speech};

use crate::common::{events, wait_for};
use crate::support::{Fleet, LONG, find, quick};

#[test]
fn a_drained_station_gets_nothing_until_it_is_told_to() {
    let fleet = Fleet::new(2, 20);
    fleet.done(&["fleet", "drain", "hz/st-01", "--reason", "paper"]);
    wait_for("a drained station", LONG, || fleet.status()["hz/st-01"]["drained"] == true);
    let (code, _) = fleet.dispatch(&[]);
    assert_eq!(code, 0);
    assert_eq!(fleet.paper()[0].len(), 0);
    fleet.assert_all_once();
    fleet.done(&["fleet", "drain", "hz/st-01", "--undo"]);
    fleet.wait_until_there(2);
}

#[test]
fn what_waits_for_a_dead_station_goes_to_another() {
    let mut fleet = Fleet::new(2, 40);
    fleet.members[0].kill();
    let (code, _) = fleet.dispatch(&["--detach", "--to", "hz/st-01/P1"]);
    assert_eq!(code, 0);
    let output = fleet.run(&["--json", "fleet", "move", "hz/st-01", "--to", "hz/st-02", "--reason", "dead"]);
    let moved = events(&output);
    let moved = find(&moved, "moved");
    assert_eq!(moved["moved"].as_array().unwrap().len(), 40, "{moved}");
    assert_eq!(moved["unknown"].as_array().unwrap().len(), 0, "{moved}");
    wait_for("all labels on paper", LONG, || fleet.paper()[1].len() == 40);
    fleet.assert_in_order();
    // It comes back, is still drained, and finds nothing.
    fleet.members[0].start();
    fleet.members[0].wait_for_line("fleet.drained");
    fleet.done(&["fleet", "drain", "hz/st-01", "--undo"]);
    fleet.wait_until_there(2);
    assert_eq!(fleet.paper()[0].len(), 0);
    fleet.assert_all_once();
    // The fleet knows where they were printed.
    let (code, again) = fleet.dispatch(&[]);
    assert_eq!(code, 7);
    assert!(
        again.iter().filter(|event| event["event"] == "refused").all(|event| event["code"] == "DUPLICATE")
    );
}

#[test]
fn what_was_with_a_station_that_died_is_left_to_a_person() {
    let mut fleet = Fleet::without_stations(10);
    // The first label takes as long as it takes to die over it.
    fleet.add("st-01", &[Script::well(Speech::Tspl).silent().printing_for(60_000)]);
    fleet.add("st-02", &[quick()]);
    fleet.wait_until_there(2);
    // One label fills the buffer of the printer, the next one cannot be sent as a whole.
    let (code, queued) = fleet.dispatch(&["--detach", "--to", "hz/st-01/P1"]);
    assert_eq!(code, 0, "{queued:?}");
    wait_for("a label that is being sent", LONG, || {
        fleet.members[0].journal().iter().any(|print| print.state == State::Sending)
    });
    fleet.members[0].kill();
    let output = fleet.run(&["--json", "fleet", "move", "hz/st-01", "--to", "hz/st-02"]);
    let moved = events(&output);
    let moved = find(&moved, "moved");
    let unknown = moved["unknown"].as_array().unwrap();
    assert_eq!((unknown.len(), output.status.code()), (1, Some(4)), "{moved}");
    let count = moved["moved"].as_array().unwrap().len();
    wait_for("the others on paper", LONG, || fleet.paper()[1].len() == count);
    // Nobody but a person lets it be printed again.
    let number = unknown[0].as_str().unwrap();
    let (_, again) = fleet.dispatch(&["--to", "hz/st-02"]);
    assert!(again.iter().any(|event| event["code"] == "UNKNOWN" && event["number"] == number), "{again:?}");
    fleet.done(&["fleet", "settle", number, "--not-printed"]);
    let (_, again) = fleet.dispatch(&["--to", "hz/st-02"]);
    assert_eq!(find(&again, "summary")["printed"], 1, "{again:?}");
    let wrong = fleet.run(&["fleet", "settle", number, "--printed"]);
    assert_eq!(wrong.status.code(), Some(2), "there is no doubt any more: {wrong:?}");
}
