//! Says in which order a batch of sealed orders is best printed, and writes the lists that pickers and packers work by:
//!
//! ```sh
//! cargo run --release --example make_lists -- orders.sealed.jsonl lists 261111-003
//! ```
//!
//! Nothing is opened: lists have goods and numbers, and the program has no key.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)] // a program: it talks, and asks the clock

use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::time::SystemTime;

use miandan_print::Orders;
use miandan_print::work::{Arrangement, Heading, PackingList, PickList, RepeatKind, SortKey, Work};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [orders, folder, batch] = arguments.as_slice() else {
        return Err("usage: make_lists ORDERS FOLDER BATCH".into());
    };
    let folder = Path::new(folder);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();

    let orders = Orders::open(orders.as_ref())?;
    let work = Work::read(&orders, now)?;
    for (index, code) in work.unreadable() {
        eprintln!("line {}: {code}", index + 1);
    }
    for repeat in work.repeats() {
        let what = match repeat.kind {
            RepeatKind::Duplicate => "is the same as",
            RepeatKind::Conflict => "has the waybill number, but not the content of",
        };
        eprintln!("line {} {what} line {}", repeat.index + 1, repeat.first + 1);
    }
    for (carrier, labels) in &work.counts().carriers {
        println!("{carrier}: {labels}");
    }
    println!("{} groups of orders for one consignee", work.merges().len());

    let arrangement = Arrangement { sort: vec![SortKey::Goods], reverse: true, ..Arrangement::default() };
    let sequence = work.sequence(&arrangement);
    let heading = Heading { batch: batch.clone(), printed_at: now };
    fs::create_dir_all(folder)?;
    let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new);

    let pick = PickList::new(&work, &sequence);
    pick.write_csv(create("pick.csv")?)?;
    println!("pick list: {} pages", pick.write_pdf(&heading, create("pick.pdf")?)?);

    let mut packing = PackingList::new(&orders, &sequence);
    // The stack lies face up, so it begins with the label that was printed last.
    packing.from_last = true;
    packing.write_csv(&heading, create("packing.csv")?)?;
    println!("packing list: {} pages", packing.write_pdf(&heading, create("packing.pdf")?)?);
    Ok(())
}
