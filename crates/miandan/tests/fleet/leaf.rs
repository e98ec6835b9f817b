//! A site with a poor line: a server of its own, behind a line that is cut and mended. Each in a network namespace.
//!
//! That needs a machine that allows it, and root; elsewhere these two say so and lay no line.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use miandan_testing::device::{Script, SimulatedPrinter};

use crate::broker::Broker;
use crate::common::wait_for;
use crate::support::{Fleet, LONG, find, quick, within};

/// Two namespaces with a line between them. They go when the value goes.
struct Line {
    name: String,
}

const HUB: &str = "10.77.0.1";
const SITE: &str = "10.77.0.2";

impl Line {
    /// `None` where the machine allows no network namespaces.
    fn lay() -> Option<Self> {
        static LINES: AtomicU32 = AtomicU32::new(0);
        let name = format!("m{}x{}", std::process::id(), LINES.fetch_add(1, Ordering::Relaxed));
        let first = Command::new("ip").args(["netns", "add", &format!("{name}h")]).output().unwrap();
        if String::from_utf8_lossy(&first.stderr).contains("not permitted") {
            eprintln!("this machine allows no network namespaces");
            return None;
        }
        let line = Line { name };
        let Line { name } = &line;
        for command in [
            format!("netns add {name}s"),
            format!("link add {name}a netns {name}h type veth peer name {name}b netns {name}s"),
            format!("-n {name}h addr add {HUB}/24 dev {name}a"),
            format!("-n {name}s addr add {SITE}/24 dev {name}b"),
            format!("-n {name}h link set lo up"),
            format!("-n {name}s link set lo up"),
        ] {
            ip(&command);
        }
        line.mend();
        Some(line)
    }

    fn mend(&self) {
        let Line { name } = self;
        ip(&format!("-n {name}h link set {name}a up"));
        ip(&format!("-n {name}s link set {name}b up"));
    }

    fn cut(&self) {
        let Line { name } = self;
        ip(&format!("-n {name}s link set {name}b down"));
    }

    fn namespace(&self) -> PathBuf {
        PathBuf::from(format!("/run/netns/{}s", self.name))
    }

    fn hub(&self) -> [String; 4] {
        ["ip".to_owned(), "netns".to_owned(), "exec".to_owned(), format!("{}h", self.name)]
    }

    fn site(&self) -> [String; 4] {
        ["ip".to_owned(), "netns".to_owned(), "exec".to_owned(), format!("{}s", self.name)]
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        for side in ["h", "s"] {
            let _ = Command::new("ip").args(["netns", "del", &format!("{}{side}", self.name)]).status();
        }
    }
}

fn ip(arguments: &str) {
    let output = Command::new("ip").args(arguments.split(' ')).output().expect("iproute2 is installed");
    assert!(output.status.success(), "ip {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A printer in the namespace of the site.
fn printers(line: &Line, script: Script) -> Vec<SimulatedPrinter> {
    within(&line.namespace(), move || vec![SimulatedPrinter::start(script).unwrap()])
}

fn words(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

#[test]
fn a_station_that_is_cut_off_over_a_label_prints_nothing_twice() {
    let Some(line) = Line::lay() else { return };
    let broker = Broker::at(HUB, &line.hub(), None, "");
    let mut fleet = Fleet::at(broker, 40);
    fleet.done(&["fleet", "setup", "hz"]);
    let config = format!("url = \"{}\"\nsite = \"hz\"\nstation = \"st-01\"\n", fleet.broker.url());
    let printer = printers(&line, quick().printing_for(150));
    fleet.add_at("st-01", printer, "tsc", &config, &words(&line.site()));
    fleet.members[0].namespace = Some(line.namespace());
    fleet.wait_until_there(1);
    let (code, _) = fleet.dispatch(&["--detach"]);
    assert_eq!(code, 0);
    let printed = |fleet: &Fleet| fleet.members[0].printers[0].printed().len();
    wait_for("labels on paper", LONG, || printed(&fleet) >= 8);
    line.cut();
    // Longer than the broker waits for a station before it hands a label out again.
    std::thread::sleep(Duration::from_secs(35));
    let meanwhile = printed(&fleet);
    assert_eq!(fleet.status()["hz/st-01"]["there"], false);
    line.mend();
    wait_for("all labels on paper", LONG, || printed(&fleet) >= 40);
    fleet.assert_all_once();
    fleet.assert_in_order();
    assert!(meanwhile < 40, "a station without a server of its own waits for the line");
}

#[test]
fn a_site_with_a_server_of_its_own_works_on_while_it_is_cut_off() {
    let Some(line) = Line::lay() else { return };
    let hub = Broker::at(HUB, &line.hub(), Some("hub"), &format!("leafnodes {{ listen: \"{HUB}:7422\" }}"));
    let remote = format!("leafnodes {{ remotes: [ {{ url: \"nats-leaf://{HUB}:7422\" }} ] }}");
    let site = Broker::at(SITE, &line.site(), Some("hz-leaf"), &remote);
    let mut fleet = Fleet::at(hub, 60);
    wait_for("a leaf that is connected", LONG, || {
        fleet.run(&["fleet", "setup", "hz", "--leaf", "hz-leaf"]).status.success()
    });
    let config = format!("url = \"{}\"\nsite = \"hz\"\nstation = \"st-01\"\n", site.url());
    let printer = printers(&line, quick().printing_for(100));
    fleet.add_at("st-01", printer, "tsc", &config, &words(&line.site()));
    fleet.members[0].namespace = Some(line.namespace());
    fleet.wait_until_there(1);
    let (code, events) = fleet.dispatch(&["--detach"]);
    assert_eq!(code, 0, "{events:?}");
    let batch = find(&events, "dispatch")["batch"].as_str().unwrap().to_owned();
    let printed = |fleet: &Fleet| fleet.members[0].printers[0].printed().len();
    wait_for("labels on paper", LONG, || printed(&fleet) >= 5);
    line.cut();
    let at_the_cut = printed(&fleet);
    wait_for("all labels on paper, without a line", LONG, || printed(&fleet) == 60);
    assert!(at_the_cut < 50, "{at_the_cut}");
    // What is dispatched meanwhile waits at the hub.
    let first = std::mem::take(&mut fleet.waybills);
    fleet.seal_some(70, 60);
    let (code, more) = fleet.dispatch(&["--detach", "--to", "hz/st-01/P1"]);
    assert_eq!(code, 0, "{more:?}");
    let cut_off = fleet.run(&["fleet", "move", "hz/st-01"]);
    assert_eq!(cut_off.status.code(), Some(5), "nobody knows what was printed there: {cut_off:?}");
    line.mend();
    wait_for("the other labels", LONG * 2, || printed(&fleet) == 70);
    fleet.waybills = [first, std::mem::take(&mut fleet.waybills)].concat();
    fleet.assert_all_once();
    fleet.assert_in_order();
    wait_for("the reports", LONG, || {
        let output = fleet.run(&["fleet", "status", &batch]);
        String::from_utf8_lossy(&output.stdout).contains("60 of 60 printed")
    });
    drop(site);
}
