//! `miandan plan`: what `print` would do. Nothing is opened, and no signature is checked: that takes the component.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use miandan_core::Code;
use miandan_seal::limits::SKEW;
use serde_json::{Value, json};

use super::print::{no_orders, open_orders};
use crate::args;
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages;

/// What is wrong with one order, as far as can be seen from outside.
enum Problem {
    Code(Code),
    SameAs(usize),
}

/// What is counted.
#[derive(Default)]
struct Plan {
    count: usize,
    carriers: BTreeMap<String, usize>,
    issuers: BTreeMap<String, usize>,
    merchants: BTreeMap<String, usize>,
    problems: Vec<(usize, Problem)>,
}

pub fn run(console: Console, arguments: &args::Plan) -> Outcome {
    let orders = open_orders(console, &arguments.input)?;
    let now = clock::now();
    let mut plan = Plan { count: orders.len(), ..Plan::default() };
    let mut seen = BTreeMap::new();
    let mut buffer = Vec::new();
    for index in 1..=orders.len() {
        let read = orders.read(index - 1..index, &mut buffer);
        read.map_err(|error| files::unreadable(console, &arguments.input, &error))?;
        let order = match miandan_seal::inspect(&buffer) {
            Ok(order) => order,
            Err(code) => {
                plan.problems.push((index, Problem::Code(code)));
                continue;
            }
        };
        if now > order.expires + SKEW {
            plan.problems.push((index, Problem::Code(Code::Expired)));
        } else if now + SKEW < order.not_before {
            plan.problems.push((index, Problem::Code(Code::NotYetValid)));
        }
        match seen.entry((order.issuer.clone(), order.batch, order.index)) {
            Entry::Occupied(first) => plan.problems.push((index, Problem::SameAs(*first.get()))),
            Entry::Vacant(place) => {
                place.insert(index);
            }
        }
        *plan.carriers.entry(order.carrier).or_default() += 1;
        *plan.issuers.entry(order.issuer).or_default() += 1;
        *plan.merchants.entry(order.merchant).or_default() += 1;
    }
    plan.tell(console)?;
    if plan.carriers.is_empty() {
        return Err(no_orders(console, &arguments.input));
    }
    let twice = plan.problems.iter().any(|(_, problem)| matches!(problem, Problem::SameAs(_)));
    Ok(match plan.problems.len() {
        0 => Exit::Done,
        _ if twice => Exit::Duplicates,
        _ => Exit::SomeFailed,
    })
}

impl Plan {
    fn tell(&self, console: Console) -> Result<(), Failure> {
        if console.json {
            let problems: Vec<Value> = self
                .problems
                .iter()
                .map(|(index, problem)| match problem {
                    Problem::Code(code) => json!({"index": index, "code": code.as_str()}),
                    Problem::SameAs(first) => json!({"index": index, "same_as": first}),
                })
                .collect();
            return console.data(&json!({
                "labels": self.count,
                "carriers": self.carriers,
                "issuers": self.issuers,
                "merchants": self.merchants,
                "problems": problems,
            }));
        }
        console.data(&console.fill(messages::PLAN_TOTAL, &[("count", &self.count)]))?;
        for (carrier, count) in &self.carriers {
            console.data(&console.fill(messages::PLAN_CARRIER, &[("carrier", carrier), ("count", count)]))?;
        }
        let names = |counts: &BTreeMap<String, usize>| counts.keys().cloned().collect::<Vec<_>>().join(", ");
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("issuers", &names(&self.issuers)), ("merchants", &names(&self.merchants))];
        console.data(&console.fill(messages::PLAN_ISSUERS, &values))?;
        for (index, problem) in &self.problems {
            let line = match problem {
                Problem::Code(code) => {
                    let why = messages::code(*code).0.get(console.language);
                    console.fill(messages::PLAN_PROBLEM, &[("index", index), ("code", code), ("why", &why)])
                }
                Problem::SameAs(first) => {
                    console.fill(messages::PLAN_TWICE, &[("index", index), ("first", first)])
                }
            };
            console.data(&line)?;
        }
        Ok(())
    }
}
