//! `miandan sign`: the lists that an issuer publishes beside its orders.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use miandan_seal::encoding::KeyId;
use miandan_seal::issue::{IssuerKey, ListError, sign_carriers, sign_stations, sign_status};
use miandan_seal::lists::{CarrierKey, TokenKey};
use miandan_seal::{CarrierPublic, StationPublic, strict};
use serde::Deserialize;
use serde_json::json;

use super::seal::{bad_key, issuer_key};
use crate::args::{SignCarriers, SignCommand, SignStations, SignStatus, SignedList};
use crate::clock;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files::{self, LineFile};
use crate::language::Text;
use crate::messages::keys as texts;

pub fn run(console: Console, command: &SignCommand) -> Outcome {
    match command {
        SignCommand::Status(arguments) => status(console, arguments),
        SignCommand::Stations(arguments) => stations(console, arguments),
        SignCommand::Carriers(arguments) => carriers(console, arguments),
    }
}

fn status(console: Console, arguments: &SignStatus) -> Outcome {
    let withdrawn = withdrawn(console, &arguments.input)?;
    let sign = |issuer: &IssuerKey, iat, next| sign_status(issuer, &withdrawn, iat, next);
    write(console, &arguments.list, withdrawn.len(), texts::SIGNED_STATUS, sign)
}

/// Of several epochs of one authorisation the highest counts.
fn withdrawn(console: Console, input: &Path) -> Result<BTreeMap<String, u32>, Failure> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Withdrawal {
        #[serde(rename = "ref")]
        reference: String,
        epoch: u32,
    }

    let mut found = BTreeMap::new();
    for (index, line) in BufReader::new(files::open(console, input)?).split(b'\n').enumerate() {
        let line = line.map_err(|error| files::unreadable(console, input, &error))?;
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let Withdrawal { reference, epoch } = strict::from_slice(line).map_err(|_| {
            let message = console.fill(texts::BAD_WITHDRAWAL, &[("line", &(index + 1))]);
            Failure::new(Exit::Input, "INPUT", message).hint(texts::BAD_WITHDRAWAL_HINT.get(console.language))
        })?;
        let highest = found.entry(reference).or_insert(epoch);
        *highest = epoch.max(*highest);
    }
    Ok(found)
}

fn stations(console: Console, arguments: &SignStations) -> Outcome {
    let now = clock::now();
    let key = |(path, rev): (&PathBuf, Option<u64>)| {
        let station = StationPublic::parse(&files::read(console, path)?)
            .map_err(|error| bad_key(console, path, &error))?;
        let ed25519 = station.ed25519;
        let (nbf, exp) = (station.validity.nbf, station.validity.exp);
        Ok(TokenKey { id: station.scope.id, kid: KeyId::of(&ed25519), ed25519, nbf, exp, rev })
    };
    let vouched = arguments.station.iter().map(|path| (path, None));
    let revoked = arguments.revoked.iter().map(|path| (path, Some(now)));
    let keys: Vec<TokenKey> = vouched.chain(revoked).map(key).collect::<Result<_, Failure>>()?;
    let sign = |issuer: &IssuerKey, iat, next| sign_stations(issuer, keys.clone(), iat, next);
    write(console, &arguments.list, keys.len(), texts::SIGNED_KEYS, sign)
}

fn carriers(console: Console, arguments: &SignCarriers) -> Outcome {
    let key = |path: &PathBuf| {
        let CarrierPublic { carrier, kid, x25519 } = CarrierPublic::parse(&files::read(console, path)?)
            .map_err(|error| bad_key(console, path, &error))?;
        Ok(CarrierKey { carrier, kid, x25519, nbf: None, exp: None })
    };
    let keys: Vec<CarrierKey> = arguments.carrier.iter().map(key).collect::<Result<_, Failure>>()?;
    let sign = |issuer: &IssuerKey, iat, next| sign_carriers(issuer, keys.clone(), iat, next);
    write(console, &arguments.list, keys.len(), texts::SIGNED_KEYS, sign)
}

fn write(
    console: Console,
    list: &SignedList,
    count: usize,
    done: Text,
    sign: impl FnOnce(&IssuerKey, u64, u64) -> Result<String, ListError>,
) -> Outcome {
    let issuer = issuer_key(console, &list.issuer)?;
    let iat = clock::now();
    let next = iat + list.next;
    let signed = sign(&issuer, iat, next).map_err(|error| {
        Failure::new(Exit::Input, "INPUT", console.fill(texts::NOT_SIGNED, &[("why", &error)]))
            .hint(texts::NOT_SIGNED_HINT.get(console.language))
    })?;
    let mut file = LineFile::create(console, &list.out)?;
    file.line(signed.trim_end())?;
    file.finish()?;
    if console.json && !files::is_dash(&list.out) {
        console.data(
            &json!({"event": "signed", "entries": count, "next": next, "file": files::text(&list.out)}),
        )?;
    }
    let values: [(&str, &dyn Display); 3] =
        [("count", &count), ("next", &clock::civil(next)), ("file", &list.out.display())];
    console.say(&console.fill(done, &values));
    Ok(Exit::Done)
}
