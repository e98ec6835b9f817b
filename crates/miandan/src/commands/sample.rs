//! `miandan sample`: synthetic plain orders on standard output.

use serde_json::json;

use crate::args::{Sample, SampleMix};
use crate::console::Console;
use crate::exit::{Exit, Outcome};
use crate::sample::{Carrier, Generator, Labels, Mix};

pub fn run(console: Console, arguments: &Sample) -> Outcome {
    let mix = match arguments.mix {
        SampleMix::Realistic => Mix::Realistic,
        SampleMix::Hostile => Mix::Hostile,
    };
    let mut generator = Generator::new(arguments.seed, mix);
    if let Some(carrier) = arguments.carrier.as_deref().and_then(Carrier::find) {
        generator = generator.of_carrier(carrier);
    }
    for _ in 0..arguments.count {
        let crate::sample::Sample { order, labels } = generator.next_order();
        if arguments.labelled {
            let Labels { masked, keep, kinds } = labels;
            console.data(&json!({"order": order, "masked": masked, "keep": keep, "kinds": kinds}))?;
        } else {
            console.data(&order)?;
        }
    }
    Ok(Exit::Done)
}
