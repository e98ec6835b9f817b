//! `miandan seal`: what a platform does. Plain orders in, sealed orders out, batch by batch.
//!
//! This is the one command whose process holds clear text. It prints nothing and starts no component.

use std::collections::HashSet;
use std::fmt::Display;
use std::io::BufRead;
use std::path::Path;

use miandan_core::masking::{Masking, ShownAddress, ShownName, ShownPhone};
use miandan_seal::StationPublic;
use miandan_seal::issue::{IssuerKey, PlainOrder, SealError, SealOptions, seal_batch};
use ring::rand::SystemRandom;
use serde_json::json;

use crate::args::Seal;
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files::{self, LineFile};
use crate::messages;

pub fn run(console: Console, arguments: &Seal) -> Outcome {
    let issuer = IssuerKey::parse(&files::read(console, &arguments.issuer)?)
        .map_err(|error| bad_key(console, &arguments.issuer, &error))?;
    let stations: Vec<_> =
        arguments.to.iter().map(|path| station(console, path)).collect::<Result<_, _>>()?;
    let iat = clock::now();
    let options = SealOptions {
        aud: arguments.merchant.clone(),
        stn: arguments.station.clone(),
        iat,
        nbf: iat,
        exp: iat + arguments.expires,
        mask: masking(arguments),
        max: None,
    };
    let batch =
        Batch { issuer: &issuer, stations: &stations, options: &options, random: SystemRandom::new() };
    let mut reader = Reader::new(console, &arguments.input)?;
    let mut output = LineFile::create(console, &arguments.out)?;
    let (mut count, mut batches) = (0, 0);
    loop {
        let (orders, lines) = reader.batch(arguments.batch_size as usize)?;
        if orders.is_empty() {
            break;
        }
        for sealed in batch.seal(&orders).map_err(|error| seal_failure(console, &error, &lines))? {
            output.line(&sealed)?;
        }
        count += orders.len();
        batches += 1;
    }
    if count == 0 {
        let message = console.fill(messages::NO_ORDERS, &[("file", &arguments.input.display())]);
        return Err(Failure::new(Exit::Input, "INPUT", message));
    }
    output.finish()?;
    if console.json && !files::is_dash(&arguments.out) {
        console
            .data(&json!({"event": "sealed", "orders": count, "batches": batches, "file": arguments.out}))?;
    }
    let values: [(&str, &dyn Display); 4] = [
        ("count", &count),
        ("batches", &batches),
        ("stations", &stations.len()),
        ("file", &arguments.out.display()),
    ];
    console.say(&console.fill(messages::SEALED, &values));
    Ok(Exit::Done)
}

fn station(console: Console, path: &Path) -> Result<StationPublic, Failure> {
    StationPublic::parse(&files::read(console, path)?).map_err(|error| bad_key(console, path, &error))
}

fn bad_key(console: Console, path: &Path, why: &dyn Display) -> Failure {
    let values: [(&str, &dyn Display); 2] = [("file", &path.display()), ("why", why)];
    Failure::new(Exit::Refused, "KEY", console.fill(messages::BAD_KEY_FILE, &values))
        .hint(messages::BAD_KEY_FILE_HINT.get(console.language))
}

/// What the command line says of masking; nothing is signed where it says nothing.
fn masking(arguments: &Seal) -> Option<Masking> {
    let Seal { mask_name, mask_phone, mask_address, .. } = arguments;
    if mask_name.is_none() && mask_phone.is_none() && mask_address.is_none() {
        return None;
    }
    // The command line admits only words that are settings.
    let name = mask_name.as_deref().and_then(ShownName::from_word).unwrap_or(Masking::DEFAULT.name);
    let phone = mask_phone.as_deref().and_then(ShownPhone::from_word).unwrap_or(Masking::DEFAULT.phone);
    let address =
        mask_address.as_deref().and_then(ShownAddress::from_word).unwrap_or(Masking::DEFAULT.address);
    Some(Masking { name, phone, address })
}

/// What all batches of a run share.
struct Batch<'a> {
    issuer: &'a IssuerKey,
    stations: &'a [StationPublic],
    options: &'a SealOptions,
    random: SystemRandom,
}

impl Batch<'_> {
    fn seal(&self, orders: &[PlainOrder]) -> Result<Vec<String>, SealError> {
        seal_batch(self.issuer, self.stations, orders, self.options, &self.random)
    }
}

fn seal_failure(console: Console, error: &SealError, lines: &[usize]) -> Failure {
    match error {
        SealError::Order { index, .. } => bad_order(console, lines.get(*index).copied().unwrap_or(0), error),
        _ => Failure::new(Exit::Refused, "SEAL", error.to_string()),
    }
}

fn bad_order(console: Console, line: usize, why: &dyn Display) -> Failure {
    let values: [(&str, &dyn Display); 2] = [("line", &line), ("why", why)];
    Failure::new(Exit::Input, "INPUT", console.fill(messages::BAD_ORDER, &values))
        .hint(messages::BAD_ORDER_HINT.get(console.language))
}

/// Reads plain orders, one JSON object a line.
struct Reader<'a> {
    console: Console,
    path: &'a Path,
    stream: Box<dyn BufRead>,
    line: usize,
    seen: HashSet<String>,
}

impl<'a> Reader<'a> {
    fn new(console: Console, path: &'a Path) -> Result<Self, Failure> {
        let stream = files::lines(console, path)?;
        Ok(Reader { console, path, stream, line: 0, seen: HashSet::new() })
    }

    /// The next orders with the numbers of their lines; none at the end.
    fn batch(&mut self, size: usize) -> Result<(Vec<PlainOrder>, Vec<usize>), Failure> {
        let (mut orders, mut lines) = (Vec::new(), Vec::new());
        let mut text = Vec::new();
        while orders.len() < size {
            text.clear();
            let read = self.stream.read_until(b'\n', &mut text);
            if read.map_err(|error| files::unreadable(self.console, self.path, &error))? == 0 {
                break;
            }
            self.line += 1;
            let content = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text).trim_ascii();
            if content.is_empty() {
                continue;
            }
            let order =
                PlainOrder::parse(content).map_err(|error| bad_order(self.console, self.line, &error))?;
            // The same order twice would be printed twice.
            if !self.seen.insert(format!("{}\0{}", order.order_id, order.waybill_no)) {
                return Err(bad_order(
                    self.console,
                    self.line,
                    &messages::ORDER_TWICE.get(self.console.language),
                ));
            }
            orders.push(order);
            lines.push(self.line);
        }
        Ok((orders, lines))
    }
}
