//! How long a component takes from its start until it is locked and ready: `start_time COMPONENT KEY TRUST RUNS`.
//!
//! Prints one JSON object: median and 95th percentile in milliseconds. `benches/end-to-end` uses it.
#![allow(clippy::print_stdout)] // a program's answer

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use miandan_print::{Component, ComponentOptions};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [program, key, trust, runs] = arguments.as_slice() else { return ExitCode::from(2) };
    let mut options = ComponentOptions::new(program.into());
    options.keys.push(key.into());
    options.trust.push(trust.into());
    let mut times = Vec::new();
    for _ in 0..runs.parse().unwrap_or(50) {
        let began = Instant::now();
        let Ok(component) = Component::start(&options) else { return ExitCode::FAILURE };
        times.push(began.elapsed().as_secs_f64() * 1e3);
        drop(component);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    println!(r#"{{"median_ms":{:.2},"p95_ms":{:.2}}}"#, at(0.5), at(0.95));
    ExitCode::SUCCESS
}
