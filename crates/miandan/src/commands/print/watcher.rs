//! What is said while a batch is printed: a bar for a person, events for a machine, a word on each order that failed or
//! has a warning.

use std::io;
use std::path::Path;

use indicatif::ProgressBar;
use miandan_core::Code;
use miandan_core::field::FieldId;
use miandan_core::masking::Warning;
use miandan_core::pipe::{Place, Ready, StateAnswer, Warnings};
use miandan_print::{ComponentOptions, LabelOutcome, Observer, Orders};
use miandan_seal::limits::SKEW;
use serde_json::{Value, json};

use crate::clock;
use crate::commands::{mention_sandbox, mode, sandbox_json};
use crate::console::{Console, without_nulls};
use crate::exit::Failure;
use crate::files;
use crate::messages::{self, fonts as font_texts, keys as texts};
use crate::progress;

/// Failed orders that are named to a person one by one, and labels with a field that could not be understood.
const NAMED: usize = 20;

/// Labels without a door that are named one by one. Every village and many a shop has none, so there are more of them
/// than anybody reads, and fewer of the others would be seen.
const DOORLESS_NAMED: usize = 3;

/// Follows a batch: a bar for a person, events for a machine, and a word on each order that failed.
pub(super) struct Watcher<'a> {
    console: Console,
    orders: &'a Orders,
    options: &'a ComponentOptions,
    bar: ProgressBar,
    failed: usize,
    unread: usize,
    doorless: usize,
    codes: Vec<Code>,
    /// Standard output went away while events were written; told at the end.
    broken: Option<Failure>,
}

impl<'a> Watcher<'a> {
    pub(super) fn new(console: Console, orders: &'a Orders, options: &'a ComponentOptions) -> Self {
        let bar = progress::bar(console, orders.len());
        Watcher {
            console,
            orders,
            options,
            bar,
            failed: 0,
            unread: 0,
            doorless: 0,
            codes: Vec::new(),
            broken: None,
        }
    }

    /// The same without its bar: printers have bars of their own.
    pub(super) fn without_bar(self) -> Self {
        Watcher { bar: ProgressBar::hidden(), ..self }
    }

    /// The kinds of failure that occurred.
    pub(super) fn finish(self) -> Result<Vec<Code>, Failure> {
        self.bar.finish_and_clear();
        for (count, named, text) in [
            (self.failed, NAMED, messages::MORE_FAILED),
            (self.unread, NAMED, messages::MORE_UNREAD),
            (self.doorless, DOORLESS_NAMED, messages::MORE_DOORLESS),
        ] {
            if count > named {
                self.console.say(&self.console.fill(text, &[("count", &(count - named))]));
            }
        }
        self.broken.map_or(Ok(self.codes), Err)
    }

    fn event(&mut self, event: Value) {
        if self.broken.is_none() {
            self.broken = self.console.data(&without_nulls(event)).err();
        }
    }

    /// Names the order, the fields of it that were not masked as fields usually are, and what is odd about its label.
    fn warn(&mut self, index: u32, warnings: Warnings) {
        let doorless = warnings.iter().all(|(_, warning)| warning == Warning::NoDoorFound)
            && warnings.notes().next().is_none()
            && warnings.boxed().next().is_none();
        let (count, named) =
            if doorless { (&mut self.doorless, DOORLESS_NAMED) } else { (&mut self.unread, NAMED) };
        *count += 1;
        if *count > named {
            return;
        }
        let language = self.console.language;
        let order =
            self.names(index).0.unwrap_or_else(|| messages::UNREADABLE_ORDER.get(language).to_owned());
        for (field, warning) in warnings.iter() {
            let why = messages::warning(warning).get(language);
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("index", &index), ("order", &order), ("field", &field), ("why", &why)];
            self.bar.suspend(|| self.console.say(&self.console.fill(messages::LABEL_WARNED, &values)));
        }
        for field in warnings.boxed() {
            let field = field.map_or("", FieldId::as_str);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("index", &index), ("order", &order), ("field", &field)];
            let text = if field.is_empty() { font_texts::BOXED } else { font_texts::BOXED_FIELD };
            self.bar.suspend(|| self.console.say(&self.console.fill(text, &values)));
        }
        for note in warnings.notes() {
            let why = messages::label_warning(note).get(language);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("index", &index), ("order", &order), ("why", &why)];
            self.bar.suspend(|| self.console.say(&self.console.fill(messages::LABEL_NOTED, &values)));
        }
    }

    /// Order id and waybill number of an order, from its clear header.
    fn names(&self, index: u32) -> (Option<String>, Option<String>) {
        let mut buffer = Vec::new();
        let index = index as usize - 1;
        let read = self.orders.read(index..index + 1, &mut buffer);
        match read.ok().and_then(|_| miandan_seal::inspect(&buffer).ok()) {
            Some(inspected) => (Some(inspected.order_id), Some(inspected.waybill_no)),
            None => (None, None),
        }
    }
}

impl Observer for Watcher<'_> {
    fn state_lost(&mut self, error: &io::Error) {
        let file = self.options.state.as_deref().unwrap_or(Path::new("")).display();
        let values: [(&str, &dyn std::fmt::Display); 2] = [("file", &file), ("why", &files::why(error))];
        self.bar.suspend(|| self.console.say(&self.console.fill(texts::STATE_LOST, &values)));
    }

    fn ready(&mut self, ready: &Ready, state: &StateAnswer) {
        if self.console.json {
            self.event(json!({
                "event": "ready",
                "version": ready.version,
                "station": ready.station,
                "orders": self.orders.len(),
                "mode": mode(&self.options.place),
                "sandbox": sandbox_json(&ready.sandbox),
                "time": state.time,
                "status": status_json(state),
            }));
        } else {
            self.bar.suspend(|| {
                mention_sandbox(self.console, &ready.sandbox);
                mention_state(self.console, state);
            });
        }
    }

    fn label(&mut self, label: &LabelOutcome) {
        self.bar.inc(1);
        let index = label.number.index;
        let code = label.result.err().map(|failure| failure.code);
        let place = label.result.err().and_then(|failure| failure.place);
        if let Some(code) = code {
            self.failed += 1;
            if !self.codes.contains(&code) {
                self.codes.push(code);
            }
        }
        if self.console.json {
            let (order, waybill) = self.names(index);
            self.event(json!({
                "event": if code.is_none() { "label" } else { "failed" },
                "index": index,
                "order": order,
                "waybill": waybill,
                "bytes": label.result.ok(),
                "warnings": warnings_json(label.warnings),
                "code": code.map(Code::as_str),
                "field": label.result.err().and_then(|failure| failure.field).map(|field| field.as_str()),
                "line": place.map(|place| place.line),
                "column": place.map(|place| place.column),
            }));
        } else if let Err(failure) = label.result
            && self.failed <= NAMED
        {
            let language = self.console.language;
            let unreadable = || messages::UNREADABLE_ORDER.get(language).to_owned();
            let order = self.names(index).0.unwrap_or_else(unreadable);
            let why = messages::meaning(failure.code).get(language);
            let field = failure.field.map_or("", |field| field.as_str());
            let Place { line, column } = place.unwrap_or(Place { line: 0, column: 0 });
            let values: [(&str, &dyn std::fmt::Display); 7] = [
                ("index", &index),
                ("order", &order),
                ("code", &failure.code),
                ("field", &field),
                ("why", &why),
                ("line", &line),
                ("column", &column),
            ];
            let text = match (failure.place, failure.field) {
                (Some(_), _) => messages::LABEL_FAILED_PLACE,
                (None, Some(_)) => messages::LABEL_FAILED_FIELD,
                (None, None) => messages::LABEL_FAILED,
            };
            self.bar.suspend(|| self.console.say(&self.console.fill(text, &values)));
        } else if !label.warnings.is_empty() {
            self.warn(index, label.warnings);
        }
    }
}

/// What of a label a person should look at, and why; nothing where there is nothing.
fn warnings_json(warnings: Warnings) -> Value {
    let fields =
        warnings.iter().map(|(field, warning)| json!({"field": field.as_str(), "warning": warning.as_str()}));
    let boxed = warnings.boxed().map(|field| {
        without_nulls(json!({"field": field.map(FieldId::as_str), "warning": Code::GlyphMissing.as_str()}))
    });
    let notes = warnings.notes().map(|warning| json!({"warning": warning.as_str()}));
    if warnings.is_empty() { Value::Null } else { fields.chain(boxed).chain(notes).collect() }
}

/// What is known of withdrawals, issuer by issuer; nothing where nobody asked.
fn status_json(state: &StateAnswer) -> Value {
    let rows = state
        .status
        .iter()
        .map(|of| without_nulls(json!({"issuer": of.issuer, "issued_at": of.issued_at, "stale": of.stale})));
    if state.status.is_empty() { Value::Null } else { rows.collect() }
}

/// Says so if the clock is behind, or a status list is missing or too old.
fn mention_state(console: Console, state: &StateAnswer) {
    if state.time > clock::now() + SKEW {
        console.say(&console.fill(texts::CLOCK_BEHIND, &[("time", &clock::civil(state.time))]));
    }
    for of in state.status.iter().filter(|of| of.stale) {
        let (text, time) = match of.issued_at {
            None => (texts::STATUS_NONE, String::new()),
            Some(time) => (texts::STATUS_STALE, clock::civil(time)),
        };
        console.say(&console.fill(text, &[("issuer", &of.issuer), ("time", &time)]));
    }
}
