//! `miandan status`: how far batches came. It only reads, so it can be asked while another process prints.

use std::fmt::Display;

use miandan_journal::{Batch, Counts, Day, Print, Reader, State, Status};
use serde_json::{Map, Value, json};

use super::Asked;
use super::shown::{Places, reason, table};
use crate::args;
use crate::batches::state;
use crate::clock;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::messages::journal as texts;

const DAY: u64 = 86_400;

/// How many runs of numbers are shown to a person; `--json` has them all.
const RUNS: usize = 20;

pub fn run(console: Console, arguments: &args::Status) -> Outcome {
    let journal = Asked::open(console, &arguments.file)?;
    match &arguments.batch {
        Some(name) => one(&journal, name),
        None => days(&journal, arguments.days),
    }?;
    Ok(Exit::Done)
}

/// The batches of the last days, the newest at the end.
fn days(journal: &Asked, days: u32) -> Result<(), Failure> {
    let console = journal.console;
    let now = clock::now();
    let mut batches = Vec::new();
    for before in (0..u64::from(days)).rev() {
        let day = Day::of(now.saturating_sub(before * DAY));
        for batch in journal.said(journal.reader.batches_of(day))? {
            batches.push(journal.said(journal.reader.status(batch.id))?);
        }
    }
    if console.json {
        let batches: Vec<_> = batches.iter().map(summary).collect();
        return console.data(&json!({"journal": journal.path.display().to_string(), "batches": batches}));
    }
    if batches.is_empty() {
        let values: [(&str, &dyn Display); 2] = [("days", &days), ("file", &journal.path.display())];
        console.say(&console.fill(texts::STATUS_NONE, &values));
        return Ok(());
    }
    let headings = [
        texts::COLUMN_BATCH,
        texts::COLUMN_NAME,
        texts::COLUMN_LABELS,
        texts::COLUMN_WAITING,
        texts::SENDING,
        texts::SENT,
        texts::CONFIRMED,
        texts::UNKNOWN,
        texts::FAILED,
        texts::COLUMN_CHANGED,
    ];
    let mut rows = vec![headings.iter().map(|text| text.get(console.language).to_owned()).collect()];
    for status in &batches {
        let of = |state| status.counts.of(state).to_string();
        let waiting = status.counts.of(State::Planned) + status.counts.of(State::Rendered);
        rows.push(vec![
            status.batch.number.to_string(),
            status.batch.name.clone().unwrap_or_default(),
            status.batch.count.to_string(),
            waiting.to_string(),
            of(State::Sending),
            of(State::Sent),
            of(State::Confirmed),
            of(State::Unknown),
            of(State::Failed),
            clock::in_china(status.changed),
        ]);
    }
    table(&rows, &[2, 3, 4, 5, 6, 7, 8]).iter().try_for_each(|line| console.data(line))
}

/// One batch in full.
fn one(journal: &Asked, name: &str) -> Result<(), Failure> {
    let batch = journal.batch(name)?;
    let status = journal.said(journal.reader.status(batch.id))?;
    let details = Details::read(journal, &batch)?;
    if journal.console.json {
        return journal.console.data(&details.json(&status));
    }
    details.tell(journal.console, &status)
}

/// The labels that somebody has to do something about.
#[derive(Default)]
struct Details {
    unknown: Vec<Print>,
    failed: Vec<Print>,
    waiting: Places,
}

impl Details {
    fn read(journal: &Asked, batch: &Batch) -> Result<Self, Failure> {
        let mut details = Details::default();
        journal.each(batch.id, Reader::unknown, |print| {
            details.unknown.push(print);
            Ok(())
        })?;
        journal.each(batch.id, Reader::to_print, |print| {
            match print.state {
                State::Failed => details.failed.push(print),
                _ => details.waiting.push(print.id.position),
            }
            Ok(())
        })?;
        Ok(details)
    }

    fn json(&self, status: &Status) -> Value {
        let prints = |prints: &[Print]| prints.iter().map(print_json).collect::<Vec<_>>();
        let printers = status
            .printers
            .iter()
            .map(|(printer, counts)| json!({"printer": printer, "states": states(counts)}));
        let runs = self.waiting.runs().iter().map(|(first, last)| json!({"first": first, "last": last}));
        let mut value = summary(status);
        value["planned"] = json!(status.batch.planned);
        value["started"] = json!(status.started);
        value["first"] = json!(status.printed.map(|(first, _)| first.to_string()));
        value["last"] = json!(status.printed.map(|(_, last)| last.to_string()));
        value["reprints"] = json!(status.reprints);
        value["attempts"] = json!(status.attempts);
        value["printers"] = printers.collect();
        value["unknown"] = json!(prints(&self.unknown));
        value["failed"] = json!(prints(&self.failed));
        value["waiting"] = runs.collect();
        without_nulls(value)
    }

    fn tell(&self, console: Console, status: &Status) -> Result<(), Failure> {
        let say = |text, values: &[(&str, &dyn Display)]| console.data(&console.fill(text, values));
        let batch = &status.batch;
        let name = batch.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        say(texts::STATUS_BATCH, &[("batch", &batch.number), ("name", &name), ("count", &batch.count)])?;
        let planned = clock::in_china(batch.planned);
        let started = status.started.map_or_else(|| "–".to_owned(), clock::in_china);
        let changed = clock::in_china(status.changed);
        say(texts::STATUS_TIMES, &[("planned", &planned), ("started", &started), ("changed", &changed)])?;
        let counts = counted(console, &status.counts);
        say(texts::STATUS_COUNTS, &[("counts", &counts)])?;
        for (printer, counts) in &status.printers {
            say(texts::STATUS_PRINTER, &[("printer", printer), ("counts", &counted(console, counts))])?;
        }
        if let Some((first, last)) = status.printed {
            let (first, last) = (format!("{:03}", first.position), format!("{:03}", last.position));
            let values: [(&str, &dyn Display); 4] = [
                ("first", &first),
                ("last", &last),
                ("attempts", &status.attempts),
                ("reprints", &status.reprints),
            ];
            say(texts::STATUS_PAPER, &values)?;
        }
        if !self.unknown.is_empty() {
            say(texts::STATUS_UNKNOWN, &[("count", &self.unknown.len())])?;
            rows(console, &self.unknown)?;
        }
        if !self.failed.is_empty() {
            say(texts::STATUS_FAILED, &[("count", &self.failed.len())])?;
            rows(console, &self.failed)?;
        }
        if !self.waiting.runs().is_empty() {
            say(texts::STATUS_WAITING, &[("numbers", &self.waiting.shown(RUNS))])?;
        }
        self.advise(console, status);
        Ok(())
    }

    /// What to do next.
    fn advise(&self, console: Console, status: &Status) {
        let batch = &status.batch.number;
        let hint = if status.counts.of(State::Sending) > 0 {
            texts::ADVICE_SENDING
        } else if !self.unknown.is_empty() {
            texts::ADVICE_UNKNOWN
        } else if !self.failed.is_empty() || !self.waiting.runs().is_empty() {
            texts::ADVICE_WAITING
        } else {
            return;
        };
        let hint = console.fill(hint, &[("batch", batch)]);
        console.say(&format_args!("{}: {hint}", crate::messages::HINT.get(console.language)));
    }
}

/// A table of labels: number, copy, waybill, printer, reason, when.
fn rows(console: Console, prints: &[Print]) -> Result<(), Failure> {
    let row = |print: &Print| {
        let copy = match print.id.copy {
            0 => String::new(),
            copy => console.fill(texts::COPY, &[("copy", &copy)]),
        };
        vec![
            format!("  {}", print.number),
            copy,
            print.key.waybill.clone(),
            print.printer.clone().unwrap_or_default(),
            print.reason.as_deref().map(|text| reason(console, text)).unwrap_or_default(),
            clock::in_china(print.changed),
        ]
    };
    table(&prints.iter().map(row).collect::<Vec<_>>(), &[]).iter().try_for_each(|line| console.data(line))
}

/// `sent 50, unknown 1`: only what there is.
fn counted(console: Console, counts: &Counts) -> String {
    let there = State::ALL.into_iter().filter(|state| counts.of(*state) > 0);
    let text = |one: State| format!("{} {}", state(one).get(console.language), counts.of(one));
    there.map(text).collect::<Vec<_>>().join(texts::COMMA.get(console.language))
}

fn states(counts: &Counts) -> Value {
    let members: Map<_, _> =
        State::ALL.into_iter().map(|state| (state.as_str().to_owned(), json!(counts.of(state)))).collect();
    Value::Object(members)
}

fn summary(status: &Status) -> Value {
    without_nulls(json!({
        "batch": status.batch.number.to_string(),
        "name": status.batch.name,
        "labels": status.batch.count,
        "states": states(&status.counts),
        "changed": status.changed,
    }))
}

fn print_json(print: &Print) -> Value {
    without_nulls(json!({
        "number": print.number.to_string(),
        "copy": print.id.copy,
        "carrier": print.key.carrier,
        "waybill": print.key.waybill,
        "printer": print.printer,
        "reason": print.reason,
        "changed": print.changed,
    }))
}
