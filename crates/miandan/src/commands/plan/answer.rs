//! The plan in JSON: all of it. The orders are read again as they are written, so the answer is never in memory.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use miandan_print::work::{Goods, Line, clear_header, lines};
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};

use super::super::print::choose::Refusal;
use super::Plan;
use crate::exit::Failure;
use crate::files;

#[derive(Serialize)]
struct Answer<'p> {
    orders: usize,
    labels: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<Journal>,
    template: Template<'p>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    dpi: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    printers: Vec<Share>,
    without_printer: BTreeSet<String>,
    carriers: &'p BTreeMap<String, usize>,
    issuers: &'p BTreeMap<String, usize>,
    merchants: &'p BTreeMap<String, usize>,
    print_limits: &'p BTreeMap<u32, usize>,
    single: usize,
    several: usize,
    without_goods: usize,
    merges: Vec<Merge<'p>>,
    problems: Vec<Problem>,
    refused: &'p [Refusal],
    sequence: Sequence<'p>,
}

#[derive(Serialize)]
struct Journal {
    file: String,
    exists: bool,
}

#[derive(Serialize)]
struct Template<'p> {
    name: &'p str,
    width_um: i32,
    height_um: i32,
}

#[derive(Serialize)]
struct Share {
    share: Vec<String>,
    labels: usize,
    carriers: BTreeMap<String, usize>,
}

#[derive(Serialize)]
struct Merge<'p> {
    positions: &'p [u32],
}

#[derive(Serialize)]
struct Problem {
    index: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<u32>,
}

/// The labels in the order of printing.
struct Sequence<'p> {
    plan: &'p Plan<'p>,
    /// Why an order could not be read a second time.
    failed: &'p RefCell<Option<io::Error>>,
}

#[derive(Serialize)]
struct Label<'l> {
    position: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    index: u32,
    order: &'l str,
    carrier: &'l str,
    waybill: &'l str,
    goods: Vec<Pieces>,
}

#[derive(Serialize)]
struct Pieces {
    #[serde(skip_serializing_if = "String::is_empty")]
    sku: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    pieces: u32,
}

/// Writes the whole plan.
pub(super) fn give(plan: &Plan<'_>) -> Result<(), Failure> {
    let failed = RefCell::new(None);
    let found = &plan.found;
    let count = found.kept.len();
    let batch = plan.journal.as_ref().and_then(|journal| journal.batch);
    let coded = found.unreadable.iter().chain(&found.dated);
    let coded = coded.map(|&(index, code)| (index, Some(code.as_str()), None));
    let repeated = found.repeats.iter().map(|&(index, first)| (index, None, Some(first + 1)));
    let mut problems: Vec<_> = coded
        .chain(repeated)
        .map(|(index, code, same_as)| Problem { index: index + 1, code, same_as })
        .collect();
    problems.sort_by_key(|problem| problem.index);
    let (mut printers, mut without_printer) = (Vec::new(), BTreeSet::new());
    for share in plan.shares() {
        if share.printers.is_empty() {
            without_printer.extend(share.carriers.into_keys());
            continue;
        }
        let labels = share.carriers.values().sum();
        printers.push(Share { share: share.printers, labels, carriers: share.carriers });
    }
    let given = plan.console.answer(&Answer {
        orders: plan.orders.len(),
        labels: count,
        batch: batch.map(|batch| batch.to_string()),
        name: plan.work.batch.as_deref(),
        first: batch.map(|_| plan.number(1)),
        last: batch.map(|_| plan.number(count as u32)),
        journal: plan
            .journal
            .as_ref()
            .map(|journal| Journal { file: files::text(&journal.path), exists: journal.exists }),
        template: Template { name: &plan.template, width_um: plan.size.width, height_um: plan.size.height },
        format: plan.format.clone(),
        dpi: plan.dpi,
        target: plan.target.out.as_deref().or(plan.target.dir.as_deref()).map(files::text),
        printers,
        without_printer,
        carriers: &found.carriers,
        issuers: &found.issuers,
        merchants: &found.merchants,
        print_limits: &found.limits,
        single: found.single,
        several: found.several,
        without_goods: found.without_goods,
        merges: found.merges.iter().map(|positions| Merge { positions }).collect(),
        problems,
        refused: &found.refused,
        sequence: Sequence { plan, failed: &failed },
    });
    match failed.into_inner() {
        Some(error) => Err(files::unreadable(plan.console, plan.input, &error)),
        None => given,
    }
}

impl Serialize for Sequence<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plan = self.plan;
        let is_numbered = plan.journal.as_ref().is_some_and(|journal| journal.batch.is_some());
        let mut sequence = serializer.serialize_seq(None)?;
        let mut buffer = Vec::new();
        for (&index, position) in plan.found.kept.iter().zip(1..) {
            let header = clear_header(plan.orders, index, &mut buffer).map_err(|error| {
                let told = S::Error::custom(&error);
                *self.failed.borrow_mut() = Some(error);
                told
            })?;
            // Without a journal what cannot be read has a place as well.
            let Ok(header) = header else { continue };
            let pieces = |Line { goods: Goods { sku, name }, pieces }| Pieces { sku, name, pieces };
            sequence.serialize_element(&Label {
                position,
                number: is_numbered.then(|| plan.number(position as u32)),
                index: index + 1,
                order: &header.order_id,
                carrier: &header.carrier,
                waybill: &header.waybill_no,
                goods: lines(header.items).into_iter().map(pieces).collect(),
            })?;
        }
        sequence.end()
    }
}
