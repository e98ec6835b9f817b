//! A journal with a batch that went as batches go: some labels printed, some not, and of one nobody can tell.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use miandan_journal::{Batch, Journal, LabelKey, NewLabel, OpenBatch, PrintId, Rung, Transition};
use miandan_seal::clear_header;

use super::{Station, orders};

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub const PRINTER: &str = "socket://192.0.2.7:9100";

/// A station whose settings name `state/journal.db`.
pub struct Day {
    pub station: Station,
    pub journal: PathBuf,
}

impl Day {
    /// Nothing was printed yet, and there is no journal.
    pub fn new() -> Self {
        let station = Station::new();
        station.write("miandan.toml", b"journal = \"state/journal.db\"\n");
        fs::create_dir(station.path("state")).unwrap();
        let journal = station.path("state/journal.db");
        Day { station, journal }
    }

    pub fn open(&self) -> Journal {
        Journal::open(&self.journal).unwrap()
    }

    /// Plans a batch of sealed orders, with its folder beside the journal. Answers the waybill numbers as well.
    pub fn plan(&self, name: Option<&str>, count: usize, seed: u64, now: u64) -> (Batch, Vec<String>) {
        let mut orders = orders(count, seed);
        // One that names no goods.
        if let Some(order) = orders.get_mut(7).and_then(|order| order.as_object_mut()) {
            order.remove("items");
        }
        self.station.seal(&orders, &[]);
        let sealed = self.station.read("orders.sealed.jsonl");
        let lines = sealed.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let labels: Vec<_> = lines
            .map(|line| {
                let header = clear_header(line).unwrap();
                NewLabel {
                    key: LabelKey {
                        carrier: header.carrier,
                        waybill: header.waybill_no,
                        parcel: header.parcel.index,
                    },
                    order_id: header.order_id,
                    identity: header.identity,
                    content: header.content,
                }
            })
            .collect();
        let waybills = labels.iter().map(|label| label.key.waybill.clone()).collect();
        let batch = self.open().plan(name, labels, now).unwrap();
        let folder = self.journal.with_extension("batches").join(batch.number.to_string());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("orders.sealed.jsonl"), &sealed).unwrap();
        (batch, waybills)
    }

    /// A batch of eight, `morning`: 1 confirmed, 2 sent, 3 unknown, 4 failed, 5 rendered, the others planned.
    pub fn morning(&self) -> (Batch, Vec<String>) {
        let now = now();
        let (batch, waybills) = self.plan(Some("morning"), 8, 4, now);
        let journal = self.open();
        let open = journal.open_batch(batch.id, now).unwrap();
        send(&open, 1, now);
        open.record(PrintId::first(1), Transition::Sent, now).unwrap();
        let confirmed = Transition::Confirmed { rung: Rung::StatusIdle };
        open.record(PrintId::first(1), confirmed, now).unwrap();
        send(&open, 2, now);
        open.record(PrintId::first(2), Transition::Sent, now).unwrap();
        render(&open, 4, now);
        let reason = "connection refused".to_owned();
        open.record(PrintId::first(4), Transition::Failed { reason }, now).unwrap();
        render(&open, 5, now);
        send(&open, 3, now);
        // The program is killed. Whoever opens the batch next finds that nobody can tell.
        drop(open);
        drop(journal.open_batch(batch.id, now).unwrap());
        (batch, waybills)
    }
}

pub fn render(open: &OpenBatch, position: u32, now: u64) {
    open.record(PrintId::first(position), Transition::Rendered { bytes: [3; 32] }, now).unwrap();
}

/// To a printer that does not say whether it prints.
pub fn send(open: &OpenBatch, position: u32, now: u64) {
    render(open, position, now);
    let printer: Arc<str> = PRINTER.into();
    let sending = Transition::Sending { printer, bytes: [3; 32], answers: false };
    open.record(PrintId::first(position), sending, now).unwrap();
}
