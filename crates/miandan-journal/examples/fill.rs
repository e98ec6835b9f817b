//! Fills a journal with labels that nobody has printed, for measurements: batches of a thousand, five a day, on the days up to
//! `now`. Most came out; of each batch a few failed, a few are unknown, some were printed again and some wait.
//!
//!     fill FILE LABELS PRINTER NOW
//!
//! Says on standard output how many there are of each kind, in JSON.

#![allow(clippy::print_stdout, reason = "a program")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use miandan_journal::{BatchId, Journal, LabelKey, NewLabel, PrintId, Rung, Transition};

const BATCH: usize = 1_000;
const DAY: u64 = 86_400;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [file, labels, printer, now] = &words[..] else { return Err("FILE LABELS PRINTER NOW".into()) };
    let (labels, now): (usize, u64) = (labels.parse()?, now.parse()?);
    let printer: Arc<str> = Arc::from(&**printer);
    let journal = Journal::open(Path::new(file))?;
    let batches = labels.div_ceil(BATCH);
    let (mut failed, mut unknown, mut waiting, mut copies) = (0, 0, 0, 0);
    for batch in 0..batches {
        let days = (batches - 1 - batch) / 5;
        let at = now - days as u64 * DAY;
        let count = BATCH.min(labels - batch * BATCH);
        let new = (0..count).map(move |place| label(batch * BATCH + place));
        let id: BatchId = journal.plan(None, new, at)?.id;
        let open = journal.open_batch(id, at)?;
        let mut all = Vec::new();
        for position in (1..).take(count) {
            let print = PrintId::first(position);
            let bytes = [3; 32];
            let sending = Transition::Sending { printer: Arc::clone(&printer), bytes, answers: true };
            match position % 200 {
                7 => {
                    failed += 1;
                    all.push((print, Transition::Failed { reason: "no paper".to_owned() }));
                    continue;
                }
                11 => {
                    waiting += 1;
                    continue;
                }
                _ => all.extend([(print, Transition::Rendered { bytes }), (print, sending)]),
            }
            if position % 200 == 13 {
                unknown += 1;
                all.push((print, Transition::Unknown { reason: "the connection was reset".to_owned() }));
            } else {
                let rung = Rung::JobCounter;
                all.extend([(print, Transition::Sent), (print, Transition::Confirmed { rung })]);
            }
        }
        open.record_all(all, at)?;
        for print in open.reprint([1, 2], "smeared", "bench", at)? {
            copies += 1;
            let bytes = [4; 32];
            let sending = Transition::Sending { printer: Arc::clone(&printer), bytes, answers: false };
            let all = [Transition::Rendered { bytes }, sending, Transition::Sent].map(|to| (print, to));
            open.record_all(all.to_vec(), at)?;
        }
    }
    println!(
        "{{\"labels\":{labels},\"copies\":{copies},\"failed\":{failed},\"unknown\":{unknown},\"waiting\":{waiting}}}"
    );
    Ok(())
}

fn label(number: usize) -> NewLabel {
    let carrier = ["ZTO", "YTO", "STO", "SF", "JD"][number % 5].to_owned();
    let key = LabelKey { carrier, waybill: format!("7{number:013}"), parcel: 0 };
    let mut identity = [0; 32];
    identity[..8].copy_from_slice(&(number as u64).to_le_bytes());
    NewLabel { key, order_id: format!("O-{number}"), identity, content: identity }
}
