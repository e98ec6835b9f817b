//! `miandan picklist`: what is to be fetched for a batch, and what goes into each of its parcels.

use std::fmt::Display;
use std::io::Write;
use std::path::Path;

use miandan_journal::{Batch, RunningNumber};
use miandan_print::Orders;
use miandan_print::work::{Heading, ListError, Numbers, PackingList, PackingRow, PickList, Work};
use serde_json::{Value, json};

use super::Asked;
use crate::args::Picklist;
use crate::batches::{BatchFolder, folder_failure};
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::journal as texts;

/// What a list is written as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Pdf,
    Csv,
}

pub fn run(console: Console, arguments: &Picklist) -> Outcome {
    let form = form(console, arguments.out.as_deref())?;
    let asked = Asked::open(console, &arguments.file)?;
    let batch = asked.batch(&arguments.batch)?;
    let folder = BatchFolder::find(&asked.path, &asked.reader, &batch)
        .map_err(|error| folder_failure(console, &error))?;
    let orders = folder.orders().map_err(|error| folder_failure(console, &error))?;
    // They stand in the order of printing: the first is number 1.
    let sequence: Vec<u32> = (0..).take(orders.len()).collect();
    let heading = Heading { batch: batch.number.to_string(), printed_at: batch.planned };
    let list = List { console, batch: &batch, orders: &orders, sequence: &sequence, heading };
    if arguments.packing {
        let mut packing = PackingList::new(&orders, &sequence);
        packing.from_last = arguments.from_last;
        list.packing(arguments.out.as_deref(), form, packing)
    } else {
        list.pick(arguments.out.as_deref(), form)
    }
}

fn form(console: Console, out: Option<&Path>) -> Result<Form, Failure> {
    let Some(out) = out.filter(|out| !files::is_dash(out)) else { return Ok(Form::Csv) };
    match out.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("pdf") => Ok(Form::Pdf),
        Some("csv") => Ok(Form::Csv),
        _ => {
            let message = console.fill(texts::LIST_FORM, &[("file", &out.display())]);
            Err(Failure::new(Exit::Usage, "USAGE", message).hint(texts::LIST_FORM_HINT.get(console.language)))
        }
    }
}

/// A list that is to be written.
struct List<'l> {
    console: Console,
    batch: &'l Batch,
    orders: &'l Orders,
    sequence: &'l [u32],
    heading: Heading,
}

impl List<'_> {
    fn pick(&self, out: Option<&Path>, form: Form) -> Outcome {
        // When orders run out is no matter for what lies on a shelf: any time will do.
        let work = Work::read(self.orders, self.batch.planned);
        let work = work.map_err(|error| self.failed(ListError::Read(error)))?;
        let list = PickList::new(&work, self.sequence);
        if self.console.json && out.is_none() {
            self.console.data(&pick_json(self.batch, &list))?;
            return Ok(Exit::Done);
        }
        self.write(out, list.rows.len(), |out| match form {
            Form::Pdf => list.write_pdf(&self.heading, out).map(|_| ()),
            Form::Csv => list.write_csv(out),
        })
    }

    fn packing(&self, out: Option<&Path>, form: Form, list: PackingList<'_>) -> Outcome {
        if self.console.json && out.is_none() {
            for row in list.rows() {
                let row = row.map_err(|error| self.failed(error))?;
                self.console.data(&packing_json(self.batch, &row))?;
            }
            return Ok(Exit::Done);
        }
        self.write(out, self.sequence.len(), |out| match form {
            Form::Pdf => list.write_pdf(&self.heading, out).map(|_| ()),
            Form::Csv => list.write_csv(&self.heading, out),
        })
    }

    fn write(
        &self,
        out: Option<&Path>,
        entries: usize,
        list: impl FnOnce(&mut dyn Write) -> Result<(), ListError>,
    ) -> Outcome {
        let path = out.unwrap_or(Path::new("-"));
        files::write_whole(self.console, path, list, |error| match error {
            ListError::Write(error) => Ok(error),
            other => Err(self.failed(other)),
        })?;
        if files::is_dash(path) {
            return Ok(Exit::Done);
        }
        if self.console.json {
            let (batch, file) = (self.batch.number.to_string(), files::text(path));
            self.console.data(&json!({"batch": batch, "entries": entries, "file": file}))?;
        } else {
            let values: [(&str, &dyn Display); 2] = [("count", &entries), ("file", &path.display())];
            self.console.say(&self.console.fill(texts::LIST_WRITTEN, &values));
        }
        Ok(Exit::Done)
    }

    /// The orders beside the journal are not what was written there, or a page cannot be drawn.
    fn failed(&self, error: ListError) -> Failure {
        let (exit, code) = match error {
            ListError::Layout(_) => (Exit::Internal, "INTERNAL"),
            _ => (Exit::Input, "BATCH"),
        };
        let message =
            self.console.fill(texts::LIST_FAILED, &[("batch", &self.batch.number), ("why", &error)]);
        Failure::new(exit, code, message).hint(texts::NO_FOLDER_HINT.get(self.console.language))
    }
}

fn pick_json(batch: &Batch, list: &PickList) -> Value {
    let runs = |numbers: &Numbers| {
        let runs = numbers.runs().iter().map(|[first, last]| json!({"first": first, "last": last}));
        runs.collect::<Vec<_>>()
    };
    let goods = list.rows.iter().map(|row| {
        json!({
            "sku": row.goods.sku,
            "name": row.goods.name,
            "pieces": row.pieces,
            "labels": row.labels,
            "positions": runs(&row.numbers),
        })
    });
    json!({
        "batch": batch.number.to_string(),
        "labels": list.labels,
        "pieces": list.pieces,
        "goods": goods.collect::<Vec<_>>(),
        "without_goods": runs(&list.without_goods),
    })
}

fn packing_json(batch: &Batch, row: &PackingRow) -> Value {
    let number = RunningNumber { batch: batch.number, position: row.number };
    let goods = row
        .goods
        .iter()
        .map(|line| json!({"sku": line.goods.sku, "name": line.goods.name, "pieces": line.pieces}));
    json!({
        "number": number.to_string(),
        "carrier": row.carrier,
        "waybill": row.waybill_no,
        "order": row.order_id,
        "goods": goods.collect::<Vec<_>>(),
    })
}
