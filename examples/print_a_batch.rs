//! Prints a batch of sealed orders from a program of your own:
//!
//! ```sh
//! cargo run --release --example print_a_batch -- orders.sealed.jsonl station.key issuer.key.pub labels.pdf
//! ```
//!
//! The program holds sealed orders and finished labels. It has no key and could not use one.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)] // a program: it talks, and asks the clock

use std::error::Error;
use std::path::PathBuf;
use std::time::SystemTime;

use miandan_core::pipe::{Ready, StateAnswer};
use miandan_print::{Batch, ComponentOptions, LabelOutcome, Observer, Orders, PdfOutput, component_path};

/// Says what happens while the batch is printed.
struct Talk;

impl Observer for Talk {
    fn ready(&mut self, ready: &Ready, _state: &StateAnswer) {
        println!("component {} is locked: {}", ready.version, ready.sandbox.strength().as_str());
    }

    fn label(&mut self, label: &LabelOutcome) {
        if let Err(failure) = label.result {
            eprintln!("no. {}: {}", label.number.index, failure.code);
        }
        for (field, warning) in label.warnings.iter() {
            eprintln!("no. {}: {field}: {}", label.number.index, warning.as_str());
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [orders, key, issuer, labels] = arguments.as_slice() else {
        return Err("usage: print_a_batch ORDERS KEY ISSUER.pub LABELS.pdf".into());
    };
    let mut component = ComponentOptions::new(component_path(None)?);
    component.keys.push(key.clone());
    component.trust.push(issuer.clone());

    let orders = Orders::open(orders)?;
    let template = miandan_render::shipped::ONE_PART_76X130.as_bytes();
    let mut batch = Batch::new(&orders, &component, template);
    batch.now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();

    let summary = batch.print(PdfOutput::create(labels)?, &mut Talk)?;
    println!("{} labels, {} orders failed", summary.done, summary.failed);
    Ok(())
}
