//! `miandan sample`: synthetic plain orders on standard output.

use serde_json::json;

use crate::args::Sample;
use crate::console::Console;
use crate::exit::{Exit, Outcome};
use crate::sample::Generator;

pub fn run(console: Console, arguments: &Sample) -> Outcome {
    let mut generator = Generator::new(arguments.seed);
    for _ in 0..arguments.count {
        let sample = generator.next_order();
        if arguments.labelled {
            console.data(&json!({"order": sample.order, "masked": sample.masked}))?;
        } else {
            console.data(&sample.order)?;
        }
    }
    Ok(Exit::Done)
}
