//! `miandan verify`: what a scanner read, held against what was printed.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::Read;
use std::path::Path;

use miandan_journal::{Batch, Comparison, Expected, PrintId, Reader, State, Verdict};
use serde_json::{Value, json};

use super::Asked;
use crate::args::{EncodingName, Verify};
use crate::batches::state;
use crate::clock;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::input::encoding;
use crate::messages::{self, journal as texts};

/// What one list of scans may have, in bytes: more than half a million waybill numbers.
const LONGEST: u64 = 16 * 1024 * 1024;

pub fn run(console: Console, arguments: &Verify) -> Outcome {
    let asked = Asked::open(console, &arguments.file)?;
    let batch = asked.batch(&arguments.batch)?;
    let text = read(console, &arguments.scans)?;
    let scans = waybills(&text);
    if scans.is_empty() {
        let message = console.fill(texts::NO_SCANS, &[("file", &arguments.scans.display())]);
        return Err(
            Failure::new(Exit::Input, "INPUT", message).hint(texts::NO_SCANS_HINT.get(console.language))
        );
    }
    let outcome = asked.said(asked.reader.compare(batch.id, scans.iter().map(String::as_str)))?;
    let confirmed = match &arguments.operator {
        Some(operator) if arguments.confirm => Some(confirm(asked, &batch, &scans, &outcome, operator)?),
        _ => None,
    };
    if console.json {
        console.data(&answer(&batch, &outcome, confirmed))?;
    } else {
        tell(console, &batch, &outcome, confirmed)?;
    }
    Ok(if outcome.agrees() { Exit::Done } else { Exit::Scans })
}

/// Records labels as confirmed by scan, if their waybill was scanned exactly as often as it should be. Answers how many
/// there were that were not confirmed before.
fn confirm(
    asked: Asked,
    batch: &Batch,
    scans: &[String],
    outcome: &Comparison,
    operator: &str,
) -> Result<usize, Failure> {
    let missing = outcome.missing.iter().chain(&outcome.unexpected).map(|label| label.waybill.as_str());
    let double = outcome.double.iter().map(|(waybill, _)| waybill.as_str());
    let doubtful: BTreeSet<&str> = missing.chain(double).collect();
    let scanned: BTreeSet<&str> = scans.iter().map(String::as_str).collect();
    let mut agreed: Vec<PrintId> = Vec::new();
    asked.each(batch.id, Reader::latest, |print| {
        let waybill = print.key.waybill.as_str();
        let open = matches!(print.state, State::Sent | State::Unknown);
        if open && scanned.contains(waybill) && !doubtful.contains(waybill) {
            agreed.push(print.id);
        }
        Ok(())
    })?;
    if !agreed.is_empty() {
        asked.write(|journal| {
            journal.settle(batch.id, &agreed, Verdict::Scanned, operator, "scanned", clock::now())
        })?;
    }
    Ok(agreed.len())
}

/// The text of a file of scans, whatever of the usual encodings it is in.
fn read(console: Console, path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let source = files::open(console, path)?;
    source
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| files::unreadable(console, path, &error))?;
    let refused = |text: crate::language::Text, hint: crate::language::Text| {
        Failure::new(Exit::Input, "INPUT", console.fill(text, &[("file", &path.display())]))
            .hint(hint.get(console.language))
    };
    if bytes.len() as u64 > LONGEST {
        return Err(refused(texts::SCANS_LONG, texts::NO_SCANS_HINT));
    }
    let Some((encoding, mark)) = encoding::choose(EncodingName::Auto, true, &bytes, true) else {
        return Err(refused(messages::INPUT_UTF16, messages::INPUT_UTF16_HINT));
    };
    encoding
        .decode_without_bom_handling_and_without_replacement(&bytes[mark..])
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| refused(texts::SCANS_NO_TEXT, texts::NO_SCANS_HINT))
}

/// The first column of each line that has something in it. A first line without a digit is a heading.
fn waybills(text: &str) -> Vec<String> {
    let mut columns: Vec<_> =
        text.lines().map(first_column).filter(|column| !column.is_empty()).map(str::to_owned).collect();
    if columns.first().is_some_and(|first| !first.bytes().any(|byte| byte.is_ascii_digit())) {
        columns.remove(0);
    }
    columns
}

/// What stands before the first separator, without what spreadsheets put around a number that is to stay a text:
/// quotation marks, `="…"`, an apostrophe in front.
fn first_column(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix('=').unwrap_or(line);
    let column = match line.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => line.split([',', ';', '\t', '，', '；']).next(),
    };
    column.unwrap_or_default().trim().trim_start_matches('\'').trim()
}

fn answer(batch: &Batch, outcome: &Comparison, confirmed: Option<usize>) -> Value {
    let labels = |labels: &[Expected]| {
        let label = |label: &Expected| {
            json!({
                "number": label.number.to_string(),
                "waybill": label.waybill,
                "state": label.state.as_str(),
            })
        };
        labels.iter().map(label).collect::<Vec<_>>()
    };
    let double: Vec<_> =
        outcome.double.iter().map(|(waybill, extra)| json!({"waybill": waybill, "extra": extra})).collect();
    without_nulls(json!({
        "batch": batch.number.to_string(),
        "labels": batch.count,
        "agrees": outcome.agrees(),
        "matched": outcome.matched,
        "missing": labels(&outcome.missing),
        "double": double,
        "foreign": outcome.foreign,
        "unexpected": labels(&outcome.unexpected),
        "confirmed": confirmed,
    }))
}

fn tell(
    console: Console,
    batch: &Batch,
    outcome: &Comparison,
    confirmed: Option<usize>,
) -> Result<(), Failure> {
    let say = |text, values: &[(&str, &dyn Display)]| console.data(&console.fill(text, values));
    let label = |text, label: &Expected| {
        let state = state(label.state).get(console.language);
        say(text, &[("number", &label.number), ("waybill", &label.waybill), ("state", &state)])
    };
    outcome.missing.iter().try_for_each(|missing| label(texts::SCAN_MISSING, missing))?;
    outcome.unexpected.iter().try_for_each(|unexpected| label(texts::SCAN_UNEXPECTED, unexpected))?;
    for (waybill, extra) in &outcome.double {
        say(texts::SCAN_DOUBLE, &[("waybill", waybill), ("extra", extra)])?;
    }
    for scan in &outcome.foreign {
        // It may be anything that a scanner reads.
        let scan: String = scan.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        say(texts::SCAN_FOREIGN, &[("scan", &scan)])?;
    }
    let values: [(&str, &dyn Display); 6] = [
        ("batch", &batch.number),
        ("matched", &outcome.matched),
        ("missing", &outcome.missing.len()),
        ("double", &outcome.double.len()),
        ("foreign", &outcome.foreign.len()),
        ("unexpected", &outcome.unexpected.len()),
    ];
    say(texts::SCAN_TOTAL, &values)?;
    if let Some(confirmed) = confirmed {
        say(texts::SCAN_CONFIRMED, &[("count", &confirmed)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scanners_and_spreadsheets_write_is_read() {
        let text = "运单号,时间\r\nSF1001,10:00\r\n\r\n  SF1002\t\n\"SF1003\",\"x\"\n=\"1004\"\n'1005\n,empty\nYT 7；x";
        assert_eq!(waybills(text), ["SF1001", "SF1002", "SF1003", "1004", "1005", "YT 7"]);
        assert_eq!(waybills("SF1\nABC\n"), ["SF1", "ABC"], "only a first line is a heading");
        assert!(waybills("\n \n").is_empty());
    }
}
