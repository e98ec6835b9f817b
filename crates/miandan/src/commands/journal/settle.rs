//! `miandan settle`: what a person says of labels of which nobody could tell whether they were printed.

use std::fmt::Display;

use miandan_journal::{Batch, JournalError, PrintId, RunningNumber, Verdict};
use serde_json::json;

use super::Asked;
use crate::args::Settle;
use crate::batches;
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Outcome};
use crate::messages::journal as texts;

pub fn run(console: Console, arguments: &Settle) -> Outcome {
    // Asked first, so that no journal is made where there is none.
    let asked = Asked::open(console, &arguments.file)?;
    let batch = asked.batch(&arguments.batch)?;
    let mut prints = Vec::new();
    for position in batches::positions(asked.console, &asked.path, &batch, &arguments.numbers)? {
        let before = PrintId { position: position - 1, copy: u32::MAX };
        let latest = asked.said(asked.reader.latest(batch.id, Some(before), 1))?.pop();
        let latest = latest.map(|print| print.id).filter(|print| print.position == position);
        prints.push(asked.said(latest.ok_or_else(|| no_label(&batch, position)))?);
    }
    let verdict = if arguments.verdict.printed { Verdict::Printed } else { Verdict::NotPrinted };
    let (operator, reason) = (&arguments.operator, &arguments.reason);
    asked.write(|journal| journal.settle(batch.id, &prints, verdict, operator, reason, clock::now()))?;
    if console.json {
        let state = if arguments.verdict.printed { "confirmed" } else { "failed" };
        let numbers: Vec<_> = prints.iter().map(|print| print.position).collect();
        console.data(&json!({"batch": batch.number.to_string(), "state": state, "positions": numbers}))?;
    } else {
        let text = if arguments.verdict.printed { texts::SETTLED_PRINTED } else { texts::SETTLED_NOT };
        let values: [(&str, &dyn Display); 3] =
            [("count", &prints.len()), ("batch", &batch.number), ("operator", &arguments.operator)];
        console.say(&console.fill(text, &values));
    }
    Ok(Exit::Done)
}

fn no_label(batch: &Batch, position: u32) -> JournalError {
    JournalError::UnknownLabel { number: RunningNumber { batch: batch.number, position }, copy: 0 }
}
