//! What is said of printers while they work: a bar for each on a terminal, lines elsewhere, events for a machine.

use std::fmt::Display;
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
    stopped: Mutex<Option<Stopped>>,
    /// Why it waits, so that a person is told once and not with every try.
    waits: Mutex<Option<Why>>,
}

/// The printers of one group.
pub(super) struct Group<'q, 'a> {
    queues: &'q Queues<'a>,
    place: usize,
}

impl<'a> Queues<'a> {
    pub(super) fn new(console: Console, batch: &'a OpenBatch, printers: &Printers, labels: usize) -> Self {
        let target = if console.is_watched() {
            ProgressDrawTarget::stderr_with_hz(8)
        } else {
            ProgressDrawTarget::hidden()
        };
        let all = MultiProgress::with_draw_target(target);
        let shares = printers.groups.len() == 1 && printers.groups[0].printers.len() == 1;
        // The rate of a printer is labels a minute: what is written on its box.
        let style =
            if shares { "{prefix:24!} {bar:24} {pos}/{len}  {msg}" } else { "{prefix:24!} {pos:>6}  {msg}" };
        let row = |name: &str, label: &str| {
            let bar = all.add(ProgressBar::new(labels as u64));
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
            }
            bar.set_prefix(label.to_owned());
            let (name, label) = (name.to_owned(), label.to_owned());
            Row { name, label, bar, stopped: Mutex::new(None), waits: Mutex::new(None) }
        };
        let rows = |group: &printers::Group| {
            let known = group.printers.iter().zip(&group.labels);
            known.map(|(printer, label)| row(&printer.name, label)).collect()
        };
        let groups = printers.groups.iter().map(rows).collect();
        Queues { console, batch, all, groups }
    }

    pub(super) fn of(&self, place: usize) -> Group<'_, 'a> {
        Group { queues: self, place }
    }

    pub(super) fn finish(&self) {
        self.groups.iter().flatten().for_each(|row| row.bar.finish_and_clear());
    }

    /// Every printer, and why it takes nothing any more if it does not.
    pub(super) fn stopped(&self) -> Vec<(String, Option<Stopped>)> {
        let of = |row: &Row| row.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.groups.iter().flatten().map(|row| (row.name.clone(), of(row))).collect()
    }

    fn say(&self, text: &str) {
        self.all.suspend(|| self.console.say(&text));
    }
}

impl Group<'_, '_> {
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
        if let Event::Stopped(stopped) = event {
            *row.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(stopped.clone());
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
                let elapsed = row.bar.elapsed().max(Duration::from_millis(1)).as_secs_f64();
                let minute = format!("{:.0}", row.bar.position() as f64 / elapsed * 60.0);
                row.bar.set_message(console.fill(texts::RATE, &[("minute", &minute)]));
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
