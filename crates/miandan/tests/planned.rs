//! Batches in which a plan says which labels are printed, in which order, and what each carries.
#![allow(clippy::disallowed_methods)] // the tests ask the clock

mod common;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use common::{Station, orders};
use miandan_core::Code;
use miandan_core::label::{Format, LabelNumber, LabelSize};
use miandan_core::number::RunningNumber;
use miandan_core::pipe::{Failure, FontSubset, Pages};
use miandan_core::stamp::Stamp;
use miandan_print::{
    Batch, ComponentOptions, LabelOutcome, Observer, Orders, Output, OutputError, PlannedLabel, PrintError,
};

const DAY: u32 = 261_111;
const FIRST_PRINT: u64 = 1_794_360_605;

/// Shows what a stamp says, and whose label it is.
const TEMPLATE: &str = "<page width='76' height='60'><text left='2' top='2' width='70' height='20'><![CDATA[
    <%=_data.waybillCode%> <%=_context.runningNumber()%> <%=_context.documentNumber()%>/<%=_context.documentCount()%>
    <%=_context.formatStartTime('HH:mm:ss')%>]]></text>
    <layout id='REPRINT_MARK' left='2' top='40' width='15' height='7'/></page>";

/// Labels with the numbers that they come under.
type Numbered = Vec<(u32, Vec<u8>)>;

/// Keeps labels.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Numbered>>);

impl Output for Kept {
    fn format(&self) -> Format {
        Format::Png
    }

    fn begin(&mut self, _size: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, number: u32, label: Pages<'_>) -> Result<(), OutputError> {
        self.0.borrow_mut().push((number, label.iter().collect::<Vec<_>>().concat()));
        Ok(())
    }

    fn finish(self, _fonts: &[FontSubset<'_>]) -> Result<(), OutputError> {
        Ok(())
    }
}

#[derive(Default)]
struct Outcomes(Vec<(LabelNumber, Option<Failure>)>);

impl Observer for Outcomes {
    fn label(&mut self, label: &LabelOutcome) {
        self.0.push((label.number, label.result.err()));
    }
}

/// A station with so many sealed orders.
struct Bench {
    options: ComponentOptions,
    orders: Orders,
    now: u64,
    _station: Station,
}

impl Bench {
    fn new(count: usize) -> Self {
        let station = Station::new();
        station.seal(&orders(count, 3), &[]);
        let mut options = ComponentOptions::new(env!("CARGO_BIN_EXE_miandan-component").into());
        options.keys.push(station.path("station.key"));
        options.trust.push(station.path("issuer.key.pub"));
        let orders = Orders::open(&station.path("orders.sealed.jsonl")).unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        Bench { options, orders, now, _station: station }
    }

    fn print(&self, template: &str, planned: &[PlannedLabel]) -> Result<(Numbered, Outcomes), PrintError> {
        let mut batch = Batch::new(&self.orders, &self.options, template.as_bytes());
        batch.now = self.now;
        batch.workers = 3;
        batch.planned = Some(planned);
        let (kept, mut outcomes) = (Kept::default(), Outcomes::default());
        let summary = batch.print(kept.clone(), &mut outcomes)?;
        let labels = kept.0.take();
        assert_eq!((summary.done, summary.done + summary.failed), (labels.len(), outcomes.0.len()));
        Ok((labels, outcomes))
    }
}

/// The label of an order at a position of a batch of 200.
fn planned(order: u32, position: u32) -> PlannedLabel {
    let number = LabelNumber { index: position, count: 200 };
    let running = RunningNumber::new(DAY, 3, position);
    PlannedLabel {
        order,
        stamp: Stamp { running, ..Stamp::first(number, FIRST_PRINT + u64::from(position)) },
    }
}

fn copy(label: PlannedLabel, copy: u16) -> PlannedLabel {
    PlannedLabel { stamp: Stamp { copy, ..label.stamp }, ..label }
}

#[test]
fn labels_come_in_the_order_of_the_plan_and_carry_what_it_says() {
    let bench = Bench::new(30);
    // Backwards, every third order left out, and one of them once more as a copy.
    let mut plan: Vec<_> =
        (0..30).rev().filter(|order| order % 3 != 0).map(|order| planned(order, 50 + order)).collect();
    plan.push(copy(plan[4], 1));
    let (labels, outcomes) = bench.print(TEMPLATE, &plan).unwrap();
    let count = plan.len() as u32;
    let numbers: Vec<_> = (1..=count).map(|index| (LabelNumber { index, count }, None)).collect();
    assert_eq!(outcomes.0, numbers);
    assert_eq!(labels.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=count).collect::<Vec<_>>());
    // Each is what it is alone: nothing of it depends on its neighbours.
    for place in [0, 1, 4, 11, plan.len() - 1] {
        let (alone, _) = bench.print(TEMPLATE, &plan[place..=place]).unwrap();
        assert!(alone[0].1 == labels[place].1, "label {place} is another one");
    }
    // And each thing that a stamp says makes a difference.
    let label = planned(7, 12);
    let Stamp { number, running, printed_at, .. } = label.stamp;
    let variants = [
        label,
        PlannedLabel { order: 8, ..label },
        PlannedLabel { stamp: Stamp { number: LabelNumber { index: 13, ..number }, ..label.stamp }, ..label },
        PlannedLabel { stamp: Stamp { running: RunningNumber::new(DAY, 3, 13), ..label.stamp }, ..label },
        PlannedLabel { stamp: Stamp { running: None, ..label.stamp }, ..label },
        PlannedLabel { stamp: Stamp { printed_at: printed_at + 1, ..label.stamp }, ..label },
        copy(label, 1),
        copy(label, 2),
    ];
    assert!(running.is_some());
    let (labels, _) = bench.print(TEMPLATE, &variants).unwrap();
    let different: std::collections::BTreeSet<_> = labels.iter().map(|(_, label)| label).collect();
    assert_eq!(different.len(), variants.len());
}

#[test]
fn a_copy_without_room_for_its_mark_is_refused_and_the_others_are_printed() {
    let bench = Bench::new(3);
    let template = TEMPLATE.replace("REPRINT_MARK", "OTHER");
    let plan = [planned(0, 1), copy(planned(1, 2), 1), planned(2, 3)];
    let (labels, outcomes) = bench.print(&template, &plan).unwrap();
    assert_eq!(labels.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 3]);
    let codes: Vec<_> = outcomes.0.iter().map(|(_, failure)| failure.map(|failure| failure.code)).collect();
    assert_eq!(codes, [None, Some(Code::TemplateRefused), None]);
}

#[test]
fn a_plan_of_other_orders_starts_nothing_and_an_empty_one_prints_nothing() {
    let bench = Bench::new(2);
    let plan = [planned(1, 1), planned(2, 2)];
    assert!(matches!(bench.print(TEMPLATE, &plan), Err(PrintError::UnknownOrder { place: 1 })));
    let (labels, outcomes) = bench.print(TEMPLATE, &[]).unwrap();
    assert!(labels.is_empty() && outcomes.0.is_empty());
}
