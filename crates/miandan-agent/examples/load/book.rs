//! What is known of every order: when it was printed, when its label was seen, and when its client was told.

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// An order on its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times {
    /// Just before the client writes it.
    pub(crate) sent: Option<Instant>,
    /// The answer is with the client.
    pub(crate) accepted: Option<Instant>,
    /// The client is told that the label is made.
    pub(crate) made: Option<Instant>,
    /// The first byte is with the printer.
    pub(crate) first: Option<Instant>,
    /// The last one is.
    pub(crate) whole: Option<Instant>,
    /// The client is told how it ended.
    pub(crate) told: Option<Instant>,
    /// How often its label came out.
    pub(crate) labels: usize,
    /// How often its client was told how it ended, and of these how often well.
    pub(crate) endings: usize,
    pub(crate) good_endings: usize,
}

/// All orders.
pub(crate) struct Book {
    orders: Vec<Order>,
    places: HashMap<String, usize>,
    times: Vec<Mutex<Times>>,
    printed: AtomicUsize,
    settled: AtomicUsize,
    /// Labels that are of no order, or on which nothing was read.
    strange: AtomicUsize,
}

/// A sealed order.
pub(crate) struct Order {
    pub(crate) waybill: String,
    /// As it goes over the wire.
    pub(crate) data: String,
}

impl Order {
    fn of(line: &str) -> Result<Self, Box<dyn Error>> {
        let sealed: Value = serde_json::from_str(line)?;
        let header = URL_SAFE_NO_PAD.decode(sealed["h"].as_str().ok_or("an order has no header")?)?;
        let header: Value = serde_json::from_slice(&header)?;
        let waybill = header["wbn"].as_str().ok_or("an order has no waybill number")?.to_owned();
        Ok(Order { waybill, data: format!("MSO1:{}", URL_SAFE_NO_PAD.encode(line)) })
    }
}

impl Book {
    /// The first orders of a file.
    pub(crate) fn read(path: &Path, count: usize) -> Result<Self, Box<dyn Error>> {
        let lines = BufReader::new(File::open(path)?).lines().take(count);
        let orders = lines.map(|line| Order::of(&line?)).collect::<Result<Vec<_>, _>>()?;
        let places: HashMap<_, _> =
            (0..).zip(&orders).map(|(at, order)| (order.waybill.clone(), at)).collect();
        if orders.len() < count || places.len() < count {
            return Err(format!("{count} orders are wanted, each with its waybill number").into());
        }
        let times = (0..count).map(|_| Mutex::default()).collect();
        let [printed, settled, strange] = [0; 3].map(AtomicUsize::new);
        Ok(Book { orders, places, times, printed, settled, strange })
    }

    pub(crate) fn order(&self, place: usize) -> &Order {
        &self.orders[place]
    }

    pub(crate) fn times(&self, place: usize) -> MutexGuard<'_, Times> {
        self.times[place].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Labels that came out.
    pub(crate) fn printed(&self) -> usize {
        self.printed.load(Ordering::Relaxed)
    }

    /// Tasks whose clients were told how they ended.
    pub(crate) fn settled(&self) -> usize {
        self.settled.load(Ordering::Relaxed)
    }

    /// A label came out.
    pub(crate) fn label(&self, waybill: Option<&str>, first: Instant, whole: Instant) {
        let Some(&place) = waybill.and_then(|waybill| self.places.get(waybill)) else {
            self.strange.fetch_add(1, Ordering::Relaxed);
            return;
        };
        let mut times = self.times(place);
        times.labels += 1;
        if times.labels == 1 {
            (times.first, times.whole) = (Some(first), Some(whole));
            self.printed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A client was told how a task ended.
    pub(crate) fn ended(&self, place: usize, is_good: bool) {
        let mut times = self.times(place);
        times.endings += 1;
        times.good_endings += usize::from(is_good);
        if times.endings == 1 {
            times.told = Some(Instant::now());
            self.settled.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Everything that was counted; of times, those of the orders after the first so many.
    pub(crate) fn report(&self, took: Duration, warm_up: usize) -> Value {
        let all: Vec<Times> = (0..self.times.len()).map(|place| self.times(place).clone()).collect();
        let count = |is: &dyn Fn(&Times) -> bool| all.iter().filter(|times| is(times)).count();
        let spans = |from: fn(&Times) -> Option<Instant>, to: fn(&Times) -> Option<Instant>| {
            let measured = all.iter().skip(warm_up);
            let span = |times: &Times| Some(to(times)?.saturating_duration_since(from(times)?));
            quantiles(measured.filter_map(span).collect())
        };
        json!({
            "tasks": all.len(),
            "seconds": took.as_secs_f64(),
            "once": count(&|times| times.labels == 1),
            "lost": count(&|times| times.labels == 0),
            "doubled": count(&|times| times.labels > 1),
            "strange": self.strange.load(Ordering::Relaxed),
            "told_once": count(&|times| times.endings == 1),
            "told_good": count(&|times| times.good_endings == 1),
            "to_first_byte": spans(|times| times.sent, |times| times.first),
            "to_answer": spans(|times| times.sent, |times| times.accepted),
            "to_made": spans(|times| times.accepted, |times| times.made),
            "to_printer": spans(|times| times.made, |times| times.first),
            "on_wire": spans(|times| times.first, |times| times.whole),
            "to_told": spans(|times| times.whole, |times| times.told),
            "whole": spans(|times| times.sent, |times| times.told),
        })
    }
}

/// Milliseconds: the median, and what 95 and 99 of 100 do not pass, and the longest.
fn quantiles(mut spans: Vec<Duration>) -> Value {
    spans.sort_unstable();
    let at = |share: f64| {
        let place = (spans.len() as f64 * share).ceil() as usize;
        spans.get(place.saturating_sub(1)).map(|span| span.as_secs_f64() * 1e3)
    };
    json!({ "count": spans.len(), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1.0) })
}
