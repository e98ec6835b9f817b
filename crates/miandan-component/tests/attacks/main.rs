//! The attack suite: the locked component tries every forbidden act, each in a fresh process under a watchdog; with all
//! layers, without one, with one alone, and without any.
//!
//! `cargo test -p miandan-component --features attacks --test attacks`. Linux only. As root it does everything as an
//! ordinary user as well. This program is also the attacker, its victim, and the programs that they start, which no
//! harness would let it be.
#![allow(clippy::disallowed_methods, clippy::print_stdout)] // it starts programs and talks
#![allow(unsafe_code, reason = "users, limits and descriptors of children")]

mod attacker;
mod outside;
mod stage;

use std::process::ExitCode;

use attacker::{Attempt, Ended};
use miandan_component::attack::{ACTS, Act, Denial};
use miandan_core::sandbox::Layer;
use stage::Stage;

/// The namespaces but that of users, without which an ordinary user gets none of them.
const NAMESPACES: [Layer; 3] = [Layer::NetworkNamespace, Layer::IpcNamespace, Layer::MountNamespace];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(code) = arguments.first().and_then(|role| attacker::play(role, &arguments[1..])) {
        return code;
    }
    let mut suite = Suite { stage: Stage::set(), faults: Vec::new(), attempts: 0 };
    let root = suite.stage.is_root();
    for ordinary in if root { vec![false, true] } else { vec![true] } {
        let who = if ordinary { "ordinary user" } else { "root" };
        suite.everything_is_killed(who, ordinary, &[]);
        let namespaces: Vec<_> = [Layer::UserNamespace].into_iter().chain(NAMESPACES).collect();
        suite.everything_is_killed(&format!("{who}, no namespaces"), ordinary, &namespaces);
    }
    for layer in Layer::ALL.iter().copied().filter(|&layer| layer != Layer::Seccomp) {
        suite.everything_is_killed(&format!("without {layer}"), true, &[layer]);
    }
    suite.without_the_filter();
    for layer in Layer::ALL.iter().copied().filter(|&layer| layer != Layer::Seccomp) {
        suite.alone(layer);
    }
    suite.without_anything();
    suite.what_others_can_do();
    println!("{} acts, {} attempts, {} faults", ACTS.len(), suite.attempts, suite.faults.len());
    for fault in &suite.faults {
        println!("FAULT {fault}");
    }
    if suite.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Suite {
    stage: Stage,
    faults: Vec<String>,
    attempts: usize,
}

impl Suite {
    fn attempt(&mut self, act: &Act, ordinary: bool, without: &[Layer]) -> Attempt {
        self.attempts += 1;
        self.stage.attempt(act.name, ordinary, without)
    }

    fn expect(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(what());
        }
    }

    /// With the filter every act ends the process, or gets so much and no more.
    fn everything_is_killed(&mut self, who: &str, ordinary: bool, without: &[Layer]) {
        let before = self.faults.len();
        for act in ACTS {
            let ended = self.attempt(act, ordinary, without).ended;
            let bounded = matches!(ended, Ended::Denied(_)) || without.contains(&Layer::ResourceLimits);
            let holds = match act.denial {
                Denial::Killed => ended == Ended::Killed(libc::SIGSYS),
                Denial::Bounded => bounded,
            };
            self.expect(holds, || format!("{who}: {}: {ended:?}", act.name));
        }
        println!("{who}: {} of {} acts stopped", ACTS.len() - (self.faults.len() - before), ACTS.len());
    }

    /// What the other layers say without the filter.
    fn without_the_filter(&mut self) {
        let mut denied = 0;
        for act in ACTS.iter().filter(|act| !act.layers.is_empty()) {
            let ended = self.attempt(act, true, &[Layer::Seccomp]).ended;
            denied += usize::from(ended.is_denied());
            self.expect(ended.is_denied(), || format!("without the filter: {}: {ended:?}", act.name));
        }
        println!("without the filter: {denied} acts stopped by the other layers");
    }

    /// A layer alone stops what it is said to stop: none of them is decoration.
    fn alone(&mut self, layer: Layer) {
        let needed =
            |other: Layer| other == layer || NAMESPACES.contains(&layer) && other == Layer::UserNamespace;
        let without: Vec<Layer> = Layer::ALL.iter().copied().filter(|&other| !needed(other)).collect();
        if layer != Layer::NotDumpable && !self.stage.is_available(layer) {
            println!("{layer} alone: not available here");
            return;
        }
        let mut stopped = 0;
        for act in ACTS.iter().filter(|act| act.layers.contains(&layer)) {
            let attempt = self.attempt(act, true, &without);
            let holds = attempt.on.contains(&layer) && attempt.ended.is_denied();
            stopped += usize::from(holds);
            self.expect(holds, || format!("{layer} alone: {}: {:?}", act.name, attempt.ended));
        }
        // What this layer does is seen from outside.
        self.expect(stopped > 0 || layer == Layer::NotDumpable, || format!("{layer} alone stops nothing"));
        println!("{layer} alone: {stopped} acts stopped");
    }

    /// The control: without any layer the acts work, so there was something to stop.
    fn without_anything(&mut self) {
        let mut done = 0;
        for act in ACTS {
            let ended = self.attempt(act, true, Layer::ALL).ended;
            done += usize::from(ended == Ended::Done);
            self.expect(!act.works || ended == Ended::Done, || format!("control: {}: {ended:?}", act.name));
        }
        println!("without anything: {done} acts succeed");
    }

    /// What others can do to a locked component: read its memory, trace it, make it leave a core.
    fn what_others_can_do(&mut self) {
        for (without, expected) in [(&[][..], false), (&[Layer::NotDumpable][..], true)] {
            let peeked = outside::peek(&self.stage, without);
            self.attempts += 1;
            self.expect(peeked.any() == expected, || {
                format!("memory from outside, without {without:?}: {peeked:?}")
            });
            println!("memory from outside, without {without:?}: {peeked:?}");
        }
        for signal in [libc::SIGSEGV, libc::SIGABRT] {
            for (without, expected) in [(&[][..], false), (Layer::ALL, true)] {
                let dumped = outside::leaves_core(&self.stage, signal, without);
                self.attempts += 1;
                self.expect(dumped == expected, || {
                    format!("core on signal {signal}, without {without:?}: {dumped}")
                });
            }
        }
        println!("core on SIGSEGV and SIGABRT: none; without any layer: one each");
    }
}
