//! Opens sealed orders and prints their fields in clear, one JSON object a line:
//! `open_lines STATION.key ISSUER.pub NOW ORDERS.sealed.jsonl`.
//!
//! It exists for `examples/platform/check`, which compares what other programs sealed with what was meant. Nothing that
//! prints for a merchant has such a way out.

#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;
use std::fs;

use miandan_core::field::{FieldId, FieldSet};
use miandan_seal::TrustSet;
use miandan_unseal::{Opener, StationKey};
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [key, issuer, now, orders] = arguments.as_slice() else {
        return Err("open_lines STATION.key ISSUER.pub NOW ORDERS.sealed.jsonl".into());
    };
    let key = StationKey::from_bytes(&fs::read(key)?, None)?;
    let mut opener = Opener::new(vec![key], TrustSet::from_files([fs::read(issuer)?.as_slice()])?);
    let now = now.parse()?;
    let wanted: FieldSet = FieldId::ALL.iter().copied().filter(|id| id.is_printable()).collect();
    for line in fs::read_to_string(orders)?.lines() {
        let answer = match opener.open(line.as_bytes(), now, wanted) {
            Ok(opened) => {
                let text = |id: FieldId| opened.expose(id).map(|(_, text)| (id.to_string(), text.into()));
                let fields: Map<String, Value> = FieldId::ALL.iter().filter_map(|&id| text(id)).collect();
                json!({"ord": opened.header().ord, "wbn": opened.header().wbn, "fields": fields})
            }
            Err(failure) => json!({"code": failure.code.as_str()}),
        };
        println!("{answer}");
    }
    Ok(())
}
