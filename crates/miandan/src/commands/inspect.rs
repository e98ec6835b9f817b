//! `miandan inspect`: what can be said of sealed orders without opening them. Nothing is checked here but the form.

use std::collections::{BTreeMap, BTreeSet};

use miandan_print::Orders;
use miandan_seal::inspect::Inspection;
use serde_json::json;

use super::print::{no_orders, open_orders};
use crate::args::Inspect;
use crate::clock::civil;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages;

pub fn run(console: Console, arguments: &Inspect) -> Outcome {
    let orders = open_orders(console, &arguments.input)?;
    let mut total = Total::default();
    let mut buffer = Vec::new();
    for index in 0..orders.len() {
        let inspected = one(console, arguments, &orders, index, &mut buffer)?;
        let line = index + 1;
        match inspected {
            Ok(inspection) => {
                row(console, line, &inspection)?;
                total.add(inspection);
            }
            Err(code) => {
                total.bad += 1;
                let why = messages::meaning(code).get(console.language);
                if console.json {
                    console.data(&json!({"event": "unreadable", "line": line, "code": code.as_str()}))?;
                } else {
                    let values: [(&str, &dyn std::fmt::Display); 3] =
                        [("line", &line), ("code", &code), ("why", &why)];
                    console.data(&console.fill(messages::INSPECT_BAD, &values))?;
                }
            }
        }
    }
    total.tell(console, orders.len())?;
    match total.bad {
        0 => Ok(Exit::Done),
        bad if bad == orders.len() => Err(no_orders(console, &arguments.input)),
        _ => Ok(Exit::SomeFailed),
    }
}

fn one(
    console: Console,
    arguments: &Inspect,
    orders: &Orders,
    index: usize,
    buffer: &mut Vec<u8>,
) -> Result<Result<Inspection, miandan_core::Code>, Failure> {
    orders
        .read(index..index + 1, buffer)
        .map_err(|error| files::unreadable(console, &arguments.input, &error))?;
    Ok(miandan_seal::inspect(buffer))
}

fn row(console: Console, line: usize, inspection: &Inspection) -> Result<(), Failure> {
    if console.json {
        let mut event = serde_json::to_value(inspection).unwrap_or_default();
        event["event"] = json!("order");
        event["line"] = json!(line);
        return console.data(&event);
    }
    let (from, until) = (civil(inspection.not_before), civil(inspection.expires));
    let values: [(&str, &dyn std::fmt::Display); 7] = [
        ("line", &line),
        ("order", &inspection.order_id),
        ("waybill", &inspection.waybill_no),
        ("carrier", &inspection.carrier),
        ("merchant", &inspection.merchant),
        ("from", &from),
        ("until", &until),
    ];
    console.data(&console.fill(messages::INSPECT_ROW, &values))?;
    let fields: Vec<_> =
        inspection.fields.iter().map(|field| format!("{} ({})", field.id, field.kind)).collect();
    console.data(&console.fill(messages::INSPECT_FIELDS, &[("fields", &fields.join(", "))]))
}

/// What is said at the end.
#[derive(Default)]
struct Total {
    bad: usize,
    batches: BTreeSet<String>,
    carriers: BTreeMap<String, usize>,
}

impl Total {
    fn add(&mut self, inspection: Inspection) {
        self.batches.insert(inspection.batch);
        *self.carriers.entry(inspection.carrier).or_default() += 1;
    }

    fn tell(&self, console: Console, count: usize) -> Result<(), Failure> {
        let (bad, batches) = (self.bad, self.batches.len());
        if console.json {
            let carriers = &self.carriers;
            console.data(&json!({"event": "summary", "orders": count, "unreadable": bad, "batches": batches, "carriers": carriers}))?;
        } else {
            let carriers: Vec<_> =
                self.carriers.iter().map(|(code, orders)| format!("{code} {orders}")).collect();
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("count", &count), ("bad", &bad), ("batches", &batches), ("carriers", &carriers.join(", "))];
            console.say(&console.fill(messages::INSPECT_TOTAL, &values));
        }
        Ok(())
    }
}
