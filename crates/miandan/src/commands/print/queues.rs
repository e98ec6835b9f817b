//! What is said of printers while they work: a bar for each on a terminal, lines elsewhere, events for a machine.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use miandan_journal::{OpenBatch, PrintId};
use miandan_print::delivery::{DeliveryObserver, Event, Stopped, Why};
use serde_json::{Value, json};

use super::printers::{self, Printers};
use crate::console::{Console, without_nulls};
use crate::messages::{delivery as texts, devices};

/// All printers of a batch.
pub(super) struct Queues<'a> {
    console: Console,
    batch: &'a OpenBatch,
    all: MultiProgress,
    /// For each group, its printers.
    groups: Vec<Vec<Row>>,
}

struct Row {
    /// Where it is, for the journal and for machines.
    name: String,
    /// How people know it.
    label: String,
    bar: ProgressBar,
    sent: AtomicUsize,
    confirmed: AtomicUsize,
    unknown: AtomicUsize,
    /// Until its last label was sent, in microseconds since it could have begun.
    worked: AtomicU64,
    stopped: Mutex<Option<Stopped>>,
    /// Why it waits, so that a person is told once and not with every try.
    waits: Mutex<Option<Why>>,
}

/// What one printer did.
pub(super) struct PrinterTotals {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) sent: usize,
    pub(super) confirmed: usize,
    pub(super) unknown: usize,
    /// Labels a minute, over the time in which it worked.
    pub(super) minute: f64,
    /// Why it takes nothing any more, if it does not.
    pub(super) stopped: Option<Stopped>,
}

impl Row {
    /// Labels a minute in so much time.
    fn minute(&self, time: Duration) -> f64 {
        self.sent.load(Ordering::Relaxed) as f64 / time.max(Duration::from_millis(1)).as_secs_f64() * 60.0
    }

    fn totals(&self) -> PrinterTotals {
        PrinterTotals {
            name: self.name.clone(),
            label: self.label.clone(),
            sent: self.sent.load(Ordering::Relaxed),
            confirmed: self.confirmed.load(Ordering::Relaxed),
            unknown: self.unknown.load(Ordering::Relaxed),
            minute: self.minute(Duration::from_micros(self.worked.load(Ordering::Relaxed))),
            stopped: self.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

/// The printers of one group.
pub(super) struct Group<'q, 'a> {
    queues: &'q Queues<'a>,
    place: usize,
}

impl<'a> Queues<'a> {
    /// `labels` are how many each group prints.
    pub(super) fn new(
        console: Console,
        batch: &'a OpenBatch,
        printers: &Printers,
        labels: impl Iterator<Item = usize>,
    ) -> Self {
        let target = if console.is_watched() {
            ProgressDrawTarget::stderr_with_hz(8)
        } else {
            ProgressDrawTarget::hidden()
        };
        let all = MultiProgress::with_draw_target(target);
        let row = |name: &str, label: &str, labels: usize, shares: bool| {
            let bar = all.add(ProgressBar::new(labels as u64));
            // Nobody can say how many of the labels that several share will be those of one.
            let style = if shares {
                "{prefix:24!} {pos:>6}  {msg}"
            } else {
                "{prefix:24!} {bar:24} {pos}/{len}  {msg}"
            };
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
            }
            bar.set_prefix(label.to_owned());
            let (name, label) = (name.to_owned(), label.to_owned());
            Row {
                name,
                label,
                bar,
                sent: AtomicUsize::new(0),
                confirmed: AtomicUsize::new(0),
                unknown: AtomicUsize::new(0),
                worked: AtomicU64::new(0),
                stopped: Mutex::new(None),
                waits: Mutex::new(None),
            }
        };
        let rows = |(group, labels): (&printers::Group, usize)| {
            let (known, shares) = (group.printers.iter().zip(&group.labels), group.printers.len() > 1);
            known.map(|(printer, label)| row(&printer.name, label, labels, shares)).collect()
        };
        let groups = printers.groups.iter().zip(labels).map(rows).collect();
        Queues { console, batch, all, groups }
    }

    pub(super) fn of(&self, place: usize) -> Group<'_, 'a> {
        Group { queues: self, place }
    }

    pub(super) fn finish(&self) {
        self.groups.iter().flatten().for_each(|row| row.bar.finish_and_clear());
    }

    /// What every printer did.
    pub(super) fn totals(&self) -> Vec<PrinterTotals> {
        self.groups.iter().flatten().map(Row::totals).collect()
    }

    fn say(&self, text: &str) {
        self.all.suspend(|| self.console.say(&text));
    }
}

impl Group<'_, '_> {
    /// How fast a printer is, which is what is written on its box, and how long all of its group still need.
    fn rate(&self, row: &Row) -> String {
        let console = self.queues.console;
        let rows = &self.queues.groups[self.place];
        let done = rows.iter().map(|row| row.sent.load(Ordering::Relaxed) as u64).sum();
        let left = row.bar.length().unwrap_or(0).saturating_sub(done) as f64;
        let together = rows.iter().map(|row| row.minute(row.bar.elapsed())).sum::<f64>().max(1e-3);
        let seconds = (left / together * 60.0).ceil() as u64;
        let left = match seconds {
            0..60 => format!("{seconds} s"),
            60..3600 => format!("{} min", seconds.div_ceil(60)),
            _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
        };
        let minute = format!("{:.0}", row.minute(row.bar.elapsed()));
        console.fill(texts::RATE, &[("minute", &minute), ("left", &left)])
    }

    fn event(&self, printer: &str, word: &str, print: PrintId, more: Value) {
        let mut event = json!({
            "event": word,
            "number": self.queues.batch.number(print.position).to_string(),
            "index": print.position,
            "printer": printer,
        });
        if let (Value::Object(event), Value::Object(more)) = (&mut event, more) {
            event.extend(more);
        }
        // Who reads the events may have gone away: the labels come out all the same.
        let _ = self.queues.console.data(&without_nulls(event));
    }
}

/// Which copy it is, if it is one.
fn copy(print: PrintId) -> Option<u32> {
    (print.copy > 0).then_some(print.copy)
}

impl DeliveryObserver for Group<'_, '_> {
    fn event(&self, printer: usize, event: &Event) {
        let console = self.queues.console;
        let Some(row) = self.queues.groups.get(self.place).and_then(|rows| rows.get(printer)) else { return };
        match event {
            Event::Sent(_, rung) => {
                row.sent.fetch_add(1, Ordering::Relaxed);
                row.worked.store(row.bar.elapsed().as_micros() as u64, Ordering::Relaxed);
                row.confirmed.fetch_add(usize::from(rung.is_some()), Ordering::Relaxed);
            }
            Event::Unknown(..) => drop(row.unknown.fetch_add(1, Ordering::Relaxed)),
            Event::Stopped(stopped) => {
                *row.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(stopped.clone());
            }
            Event::Sending(_) | Event::Waiting(..) => {}
        }
        if console.json {
            match event {
                Event::Sending(print) => {
                    self.event(&row.name, "sending", *print, json!({"copy": copy(*print)}))
                }
                Event::Sent(print, rung) => {
                    self.event(
                        &row.name,
                        "sent",
                        *print,
                        json!({"copy": copy(*print), "confirmed_by": rung.map(|rung| rung.as_str())}),
                    );
                }
                Event::Unknown(print, why) => {
                    self.event(&row.name, "unknown", *print, json!({"why": why.to_string()}));
                }
                Event::Waiting(print, why, wait) => {
                    let more = json!({"why": why.to_string(), "seconds": wait.as_secs()});
                    self.event(&row.name, "waiting", *print, more);
                }
                Event::Stopped(_) => {}
            }
            return;
        }
        match event {
            Event::Sending(_) => {}
            Event::Sent(..) => {
                row.bar.inc(1);
                *row.waits.lock().unwrap_or_else(PoisonError::into_inner) = None;
                row.bar.set_message(self.rate(row));
            }
            Event::Unknown(print, why) => {
                let number = self.queues.batch.number(print.position);
                let why = devices::why(console.language, why);
                let values: [(&str, &dyn Display); 3] =
                    [("printer", &row.label), ("number", &number), ("why", &why)];
                self.queues.say(&console.fill(texts::MAY_BE_PRINTED, &values));
            }
            Event::Waiting(_, why, wait) => {
                let seconds = wait.as_secs();
                let shown = devices::why(console.language, why);
                let values: [(&str, &dyn Display); 3] =
                    [("printer", &row.label), ("seconds", &seconds), ("why", &shown)];
                let text = console.fill(texts::WAITING, &values);
                row.bar.set_message(text.clone());
                let before = row.waits.lock().unwrap_or_else(PoisonError::into_inner).replace(why.clone());
                if before.as_ref() != Some(why) {
                    self.queues.say(&text);
                }
            }
            Event::Stopped(Stopped::Unknown(..)) => {}
            Event::Stopped(Stopped::Unavailable(why)) => {
                let why = devices::why(console.language, why);
                let values: [(&str, &dyn Display); 2] = [("printer", &row.label), ("why", &why)];
                self.queues.say(&console.fill(texts::UNAVAILABLE, &values));
            }
        }
    }
}
