//! `miandan dispatch`: sealed orders into the queues of a fleet, and what becomes of them.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use miandan_core::Code;
use miandan_core::number::{BatchNumber, RunningNumber};
use miandan_fleet::FleetError;
use miandan_fleet::assign::{self, Candidate, Traits};
use miandan_fleet::claim::LabelId;
use miandan_fleet::connect::Hub;
use miandan_fleet::dispatch::{self, Fate, Label};
use miandan_fleet::report::Report;
use miandan_fleet::roster;
use miandan_print::Orders;
use miandan_print::work::{Work, clear_header, journal_label};
use miandan_seal::ClearHeader;
use serde_json::{Value, json};

use super::follow::Follow;
use super::{connect, failure, targets, wait};
use crate::args;
use crate::clock;
use crate::commands::print::choose::arrangement;
use crate::commands::print::open_orders;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::{self, fleet as texts};

pub fn run(console: Console, arguments: &args::Dispatch) -> Outcome {
    let orders = Arc::new(open_orders(console, &arguments.input)?);
    let now = clock::now();
    let read =
        Work::read(&orders, now).map_err(|error| files::unreadable(console, &arguments.input, &error))?;
    let mut count = Count::default();
    let desk = Desk { console, arguments, orders: Arc::clone(&orders), now };
    desk.tell_left_out(&read, &mut count)?;
    let out_of_date: HashMap<u32, Code> = read.out_of_date().iter().copied().collect();
    let mut sequence = read.sequence(&arrangement(&arguments.work));
    sequence.retain(|index| !out_of_date.contains_key(index));
    drop(read);
    wait(console, desk.dispatch(&sequence, &mut count))?;
    desk.conclude(&count)
}

/// How many orders became what.
#[derive(Default)]
pub(super) struct Count {
    pub(super) queued: usize,
    pub(super) again: usize,
    pub(super) refused: usize,
    pub(super) failed: usize,
    pub(super) printed: usize,
    pub(super) unknown: usize,
    pub(super) open: usize,
}

struct Desk<'d> {
    console: Console,
    arguments: &'d args::Dispatch,
    orders: Arc<Orders>,
    now: u64,
}

impl Desk<'_> {
    /// Orders that are no labels, and why.
    fn tell_left_out(&self, read: &Work, count: &mut Count) -> Result<(), Failure> {
        for &(index, code) in read.unreadable().iter().chain(read.out_of_date()) {
            count.failed += 1;
            self.refused(index, code.as_str(), messages::meaning(code).get(self.console.language), None)?;
        }
        for repeat in read.repeats() {
            count.refused += 1;
            let first = repeat.first + 1;
            let why = self.console.fill(texts::TWICE, &[("first", &first)]);
            self.refused(repeat.index, "TWICE", &why, None)?;
        }
        Ok(())
    }

    async fn dispatch(&self, sequence: &[u32], count: &mut Count) -> Result<(), Failure> {
        let console = self.console;
        if sequence.is_empty() {
            return Ok(());
        }
        let hub = connect(console, &self.arguments.broker).await?;
        let said = |error: FleetError| failure(console, &error);
        let roster = roster::read(&hub).await.map_err(said)?;
        let candidates = targets::candidates(console, &roster, &self.arguments.spread, clock::now())?;
        let labels = self.labels(sequence, &candidates, count)?;
        if labels.is_empty() {
            return Ok(());
        }
        let total = u32::try_from(sequence.len()).unwrap_or(u32::MAX);
        let batch = dispatch::next_number(&hub, self.now, total).await.map_err(said)?;
        if console.json {
            console
                .data(&json!({"event": "dispatch", "batch": batch.to_string(), "labels": labels.len()}))?;
        } else {
            console.say(&console.fill(texts::BATCH, &[("batch", &batch), ("count", &labels.len())]));
        }
        let sites = roster.sites.iter().map(|site| site.site.clone()).collect();
        let follow = Follow::new(console, &hub, sites, labels.len(), self.arguments.detach);
        self.queue(&hub, batch, labels, total, follow, count).await
    }

    /// Each label with its printer; those that no printer takes are told.
    fn labels(
        &self,
        sequence: &[u32],
        candidates: &[Candidate],
        count: &mut Count,
    ) -> Result<Vec<Label>, Failure> {
        let console = self.console;
        let mut buffer = Vec::new();
        let mut labels = Vec::with_capacity(sequence.len());
        let mut traits = Vec::with_capacity(sequence.len());
        for (position, &index) in (1..).zip(sequence) {
            let header = clear_header(&self.orders, index, &mut buffer);
            let header = header.map_err(|error| files::unreadable(console, &self.arguments.input, &error))?;
            // They could be read a moment ago.
            let Ok(header) = header else { continue };
            let key = journal_label(&header).key;
            labels.push((index, LabelId::of(&key), header.content, position));
            traits.push(traits_of(header));
        }
        let given = assign::spread(targets::spread(self.arguments.spread.by), candidates, &traits);
        let mut chosen = Vec::with_capacity(labels.len());
        for ((index, id, content, position), to) in labels.into_iter().zip(given) {
            match to {
                Some(to) => {
                    let to = candidates[to].place.clone();
                    chosen.push(Label { order: index as usize, id, content, position, to });
                }
                None => {
                    count.failed += 1;
                    self.refused(index, "NO_PRINTER", texts::NO_TAKER.get(console.language), None)?;
                }
            }
        }
        Ok(chosen)
    }

    /// Puts labels into queues while what becomes of them is followed: the first is printed before the last is queued.
    async fn queue(
        &self,
        hub: &Hub,
        batch: BatchNumber,
        labels: Vec<Label>,
        total: u32,
        mut follow: Follow,
        count: &mut Count,
    ) -> Result<(), Failure> {
        let console = self.console;
        let indices: Vec<u32> = labels.iter().map(|label| label.order as u32).collect();
        let orders = Arc::clone(&self.orders);
        let read = move |index: usize| {
            let mut buffer = Vec::new();
            let places = orders.read([index], &mut buffer)?;
            Ok(places.into_iter().next().map(|place| buffer[place].to_vec()).unwrap_or_default())
        };
        let dispatch = dispatch::Dispatch {
            labels,
            count: total,
            template: self.arguments.template.clone(),
            orders: Arc::new(read),
            now: self.now,
            patience: Duration::from_secs(self.arguments.patience),
        };
        let (fates, mut told) = tokio::sync::mpsc::unbounded_channel();
        let working = dispatch::run(hub, batch, dispatch, move |at, fate| drop(fates.send((at, fate))));
        let mut working = std::pin::pin!(working);
        let mut result = None;
        follow.begin(batch).await.map_err(|error| failure(console, &error))?;
        loop {
            tokio::select! {
                done = &mut working, if result.is_none() => result = Some(done),
                fate = told.recv() => match fate {
                    Some((at, fate)) => {
                        if let Some((number, again)) = self.told(indices[at], fate, count)? {
                            follow.expect(number, again, count).await?;
                        }
                    }
                    None if follow.is_done() => break,
                    None => if !follow.next(count).await? { break },
                },
                more = follow.next(count), if !follow.is_done() => if !more? { break },
            }
        }
        follow.end(count);
        match result {
            Some(Err(error)) => Err(failure(console, &error)),
            _ => Ok(()),
        }
    }

    /// Says what became of an order. Of one that is in a queue its number, and whether it was there before.
    fn told(
        &self,
        index: u32,
        fate: Fate,
        count: &mut Count,
    ) -> Result<Option<(RunningNumber, bool)>, Failure> {
        let console = self.console;
        match fate {
            Fate::Queued { number, to, again } => {
                count.queued += 1;
                count.again += usize::from(again);
                if console.json {
                    let order = index + 1;
                    console.data(&json!({
                        "event": "queued", "order": order, "number": number.to_string(),
                        "to": to.to_string(), "again": again,
                    }))?;
                }
                return Ok(Some((number, again)));
            }
            Fate::Printed(report) => {
                count.refused += 1;
                self.known(index, "DUPLICATE", texts::PRINTED, &report)?;
            }
            Fate::Doubtful(report) => {
                count.refused += 1;
                self.known(index, "UNKNOWN", texts::DOUBTFUL, &report)?;
            }
            Fate::Conflict { number, to } => {
                count.refused += 1;
                let why = console.fill(texts::CONFLICT, &[("number", &number), ("place", &to)]);
                self.refused(index, "CONFLICT", &why, Some(number))?;
            }
            Fate::NotQueued { number, to, why } => {
                count.failed += 1;
                let said = failure(console, &why);
                let why = console.fill(texts::NOT_QUEUED, &[("place", &to), ("why", &said.message)]);
                self.refused(index, said.code, &why, Some(number))?;
            }
            Fate::Unreadable(error) => {
                count.failed += 1;
                self.refused(index, "INPUT", &files::why(&error), None)?;
            }
            _ => count.failed += 1,
        }
        Ok(None)
    }

    fn known(
        &self,
        index: u32,
        code: &str,
        text: crate::language::Text,
        report: &Report,
    ) -> Result<(), Failure> {
        let number = report.number.map(|number| number.to_string()).unwrap_or_default();
        let why = self.console.fill(text, &[("number", &number), ("place", &report.at)]);
        self.refused(index, code, &why, report.number)
    }

    /// An order that is not queued.
    fn refused(
        &self,
        index: u32,
        code: &str,
        why: &str,
        number: Option<RunningNumber>,
    ) -> Result<(), Failure> {
        let order = index + 1;
        if self.console.json {
            let number = number.map(|number| number.to_string());
            let event = json!({"event": "refused", "order": order, "code": code, "number": number});
            return self.console.data(&without_nulls(event));
        }
        let values: [(&str, &dyn Display); 3] = [("order", &order), ("code", &code), ("why", &why)];
        self.console.complain(&self.console.fill(texts::NOT_DISPATCHED, &values));
        Ok(())
    }

    fn conclude(&self, count: &Count) -> Outcome {
        let console = self.console;
        let &Count { queued, again, refused, failed, printed, unknown, open } = count;
        if console.json {
            let summary: Value = json!({
                "event": "summary", "queued": queued, "again": again, "refused": refused, "failed": failed,
                "printed": printed, "unknown": unknown, "open": open,
            });
            console.data(&summary)?;
        } else {
            let values: [(&str, &dyn Display); 6] = [
                ("queued", &queued),
                ("printed", &printed),
                ("unknown", &unknown),
                ("failed", &failed),
                ("refused", &refused),
                ("open", &open),
            ];
            console.say(&console.fill(texts::SUMMARY, &values));
            if unknown > 0 {
                console.say(&texts::UNKNOWN_HINT_AFTER.get(console.language));
            }
        }
        Ok(match () {
            () if failed > 0 || unknown > 0 => Exit::SomeFailed,
            () if refused > 0 => Exit::Duplicates,
            () => Exit::Done,
        })
    }
}

/// What a label is spread by.
pub(super) fn traits_of(header: ClearHeader) -> Traits {
    let goods: Vec<_> = header.items.iter().map(|item| format!("{}\u{1f}{}", item.sku, item.name)).collect();
    Traits {
        carrier: header.carrier,
        region_code: header.routing.consolidation_code.clone(),
        region_name: header.routing.consolidation_name.clone(),
        goods: goods.join("\u{1e}"),
    }
}
