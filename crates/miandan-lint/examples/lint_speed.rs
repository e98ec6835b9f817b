//! How long each template that is shipped takes to be looked at: `cargo run --release -p miandan-lint --example
//! lint_speed`. The requirement is 100 ms a template.

use std::hint::black_box;
use std::io::{self, Write};

use miandan_lint::{Orders, lint};
use miandan_templates::{Case, LABELS};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for label in LABELS {
        let ordinary = label.sample().waybill(Case::Ordinary);
        let others: Vec<_> =
            Case::ALL[1..].iter().map(|&case| (case.as_str(), label.sample().waybill(case))).collect();
        let orders = Orders { ordinary: &ordinary, others: &others };
        let mut best = f64::MAX;
        for _ in 0..5 {
            let start = std::time::Instant::now();
            black_box(lint(label.template.as_bytes(), orders));
            best = best.min(start.elapsed().as_secs_f64());
        }
        writeln!(out, "{:28} {:6.1} ms", label.name, best * 1e3)?;
    }
    Ok(())
}
