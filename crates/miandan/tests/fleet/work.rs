//! A fleet in which nothing goes wrong.

use miandan_journal::State;

use crate::common::wait_for;
use crate::support::{Fleet, LONG, find, quick};

#[test]
fn a_batch_comes_out_once_in_its_order_under_its_numbers() {
    let fleet = Fleet::new(3, 60);
    let (code, events) = fleet.dispatch(&[]);
    assert_eq!(code, 0, "{events:?}");
    let summary = find(&events, "summary");
    assert_eq!((summary["queued"].as_u64(), summary["printed"].as_u64()), (Some(60), Some(60)), "{summary}");
    fleet.assert_all_once();
    fleet.assert_in_order();
    assert!(fleet.paper().iter().all(|printer| printer.len() == 20), "printers that are alike get as much");

    // The journals of the stations have the numbers of the dispatch.
    let batch = find(&events, "dispatch")["batch"].as_str().unwrap().to_owned();
    assert!(batch.ends_with("-501"), "{batch}");
    for member in &fleet.members {
        for print in member.journal() {
            let place = fleet.place(&print.key.waybill) + 1;
            assert_eq!(print.number.to_string(), format!("{batch}-{place:03}"));
            assert_eq!(print.state, State::Confirmed);
        }
    }
    let reports: Vec<_> = events.iter().filter(|event| event["event"] == "report").collect();
    assert_eq!(reports.len(), 60);
    assert!(reports.iter().all(|report| report["confirmed_by"] == "tspl-status"), "{:?}", reports[0]);

    // The same orders once more: the fleet has them, wherever they were printed.
    let (code, events) = fleet.dispatch(&[]);
    assert_eq!(code, 7, "{events:?}");
    let refused: Vec<_> = events.iter().filter(|event| event["event"] == "refused").collect();
    assert_eq!(refused.len(), 60);
    assert!(refused.iter().all(|event| event["code"] == "DUPLICATE"), "{:?}", refused[0]);
    assert_eq!(fleet.paper().concat().len(), 60);

    // How it went, from the broker alone.
    let output = fleet.done(&["fleet", "status", &batch]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("60 of 60 printed"), "{output:?}");
}

#[test]
fn dispatchers_at_once_share_the_labels_and_no_number() {
    let fleet = Fleet::new(2, 40);
    let mut running: Vec<_> = (0..3)
        .map(|_| {
            let mut command = fleet.command(&["--json", "dispatch", "orders.sealed.jsonl"]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    let mut queued = 0;
    let mut batches = Vec::new();
    for child in running.drain(..) {
        let output = child.wait_with_output().unwrap();
        let events = crate::common::events(&output);
        let summary = find(&events, "summary");
        queued += summary["queued"].as_u64().unwrap() - summary["again"].as_u64().unwrap();
        batches.push(find(&events, "dispatch")["batch"].as_str().unwrap().to_owned());
    }
    assert_eq!(queued, 40, "each label was claimed once");
    batches.sort();
    batches.dedup();
    assert_eq!(batches.len(), 3);
    wait_for("all labels on paper", LONG, || fleet.paper().concat().len() >= 40);
    fleet.assert_all_once();
}

#[test]
fn carriers_and_goods_go_where_they_belong() {
    let mut fleet = Fleet::without_stations(60);
    let url = fleet.broker.url();
    let station = |name: &str, takes: &str| {
        format!("url = \"{url}\"\nsite = \"hz\"\nstation = \"{name}\"\n[fleet.takes.P1]\n{takes}\n")
    };
    fleet.add_with("sf", &[quick()], &station("sf", "carriers = [\"SF\"]"), &[]);
    fleet.add_with("rest", &[quick()], &station("rest", ""), &[]);
    fleet.wait_until_there(2);
    let (code, events) = fleet.dispatch(&["--by", "carrier"]);
    assert_eq!(code, 0, "{events:?}");
    fleet.assert_all_once();
    fleet.assert_in_order();
    let of_sf = |member: &crate::support::Member| {
        let journal = member.journal();
        (journal.iter().filter(|print| print.key.carrier == "SF").count(), journal.len())
    };
    let (sf, all) = of_sf(&fleet.members[0]);
    assert!(sf == all && all > 0, "{sf} of {all}");
    // A carrier that nobody takes.
    fleet.members[1].stop();
    wait_for("a station that has left", LONG, || fleet.status()["hz/rest"]["there"] == false);
    fleet.seal(30, 7);
    let (code, events) = fleet.dispatch(&["--by", "carrier"]);
    assert_eq!(code, 4);
    assert!(events.iter().any(|event| event["code"] == "NO_PRINTER"), "{events:?}");
    assert_eq!(find(&events, "summary")["open"], 0);
}

#[test]
fn the_first_label_is_on_paper_before_the_last_is_queued() {
    let fleet = Fleet::new(1, 3_000);
    let (code, _) = fleet.dispatch(&["--detach"]);
    let printed = fleet.members[0].printers[0].printed().len();
    assert!(code == 0 && printed > 0, "{code}: {printed} on paper when the last was queued");
}

#[test]
fn who_does_not_wait_leaves_the_labels_to_the_fleet() {
    let mut fleet = Fleet::new(1, 20);
    fleet.members[0].stop();
    // It is named for itself, so it gets its labels while it is away.
    let (code, events) = fleet.dispatch(&["--detach", "--to", "hz/st-01/P1"]);
    assert_eq!(code, 0, "{events:?}");
    assert_eq!(find(&events, "summary")["open"], 20);
    let nobody = fleet.run(&["dispatch", "orders.sealed.jsonl"]);
    assert_eq!(nobody.status.code(), Some(5), "no printer takes labels: {nobody:?}");
    fleet.members[0].start();
    wait_for("all labels on paper", LONG, || fleet.paper().concat().len() == 20);
    fleet.assert_all_once();
    fleet.assert_in_order();
}
