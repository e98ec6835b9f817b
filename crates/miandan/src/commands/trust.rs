//! `miandan trust`: the issuers that a station believes, in one file.

use std::fmt::Display;
use std::io;
use std::path::Path;

use miandan_seal::keys::Validity;
use miandan_seal::trust::TrustError;
use miandan_seal::{IssuerPublic, TrustSet};
use serde_json::json;

use super::seal::bad_key;
use crate::args::{TrustAdd, TrustCommand, TrustList, TrustRemove};
use crate::clock;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files::{self, LineFile};
use crate::messages::keys as texts;

pub fn run(console: Console, command: &TrustCommand) -> Outcome {
    match command {
        TrustCommand::List(arguments) => list(console, arguments),
        TrustCommand::Add(arguments) => add(console, arguments),
        TrustCommand::Remove(arguments) => remove(console, arguments),
    }
}

fn list(console: Console, arguments: &TrustList) -> Outcome {
    for issuer in read(console, &arguments.list)?.iter() {
        if console.json {
            console.data(&without_nulls(json!({
                "issuer": issuer.iss,
                "kid": issuer.kid.to_string(),
                "merchants": issuer.merchants,
                "not_before": issuer.validity.nbf,
                "expires": issuer.validity.exp,
            })))?;
            continue;
        }
        let every = || texts::TRUST_EVERY.get(console.language).to_owned();
        let merchants = issuer.merchants.as_ref().map_or_else(every, |merchants| merchants.join(", "));
        let dates = dates(console, issuer.validity);
        let values: [(&str, &dyn Display); 4] =
            [("kid", &issuer.kid), ("iss", &issuer.iss), ("merchants", &merchants), ("dates", &dates)];
        console.data(&console.fill(texts::TRUST_ROW, &values))?;
    }
    Ok(Exit::Done)
}

fn dates(console: Console, Validity { nbf, exp }: Validity) -> String {
    let until = exp.map_or_else(|| "…".to_owned(), clock::civil);
    match (nbf, exp) {
        (None, None) => texts::TRUST_ALWAYS.get(console.language).to_owned(),
        (None, Some(_)) => console.fill(texts::TRUST_UNTIL, &[("until", &until)]),
        (Some(nbf), _) => {
            console.fill(texts::TRUST_FROM_UNTIL, &[("from", &clock::civil(nbf)), ("until", &until)])
        }
    }
}

fn read(console: Console, path: &Path) -> Result<TrustSet, Failure> {
    let file = files::read(console, path)?;
    TrustSet::from_files([file.as_slice()]).map_err(|error| bad_key(console, path, &error))
}

fn add(console: Console, arguments: &TrustAdd) -> Outcome {
    let list = &arguments.list;
    let mut trust = match std::fs::metadata(list) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => TrustSet::new(),
        _ => read(console, list)?,
    };
    let path = &arguments.issuer;
    let mut issuer =
        IssuerPublic::parse(&files::read(console, path)?).map_err(|error| bad_key(console, path, &error))?;
    if !arguments.merchant.is_empty() {
        issuer.merchants = Some(arguments.merchant.clone());
    }
    if let Some(life) = arguments.expires {
        issuer.validity.exp = Some(clock::now() + life);
    }
    let (iss, kid) = (issuer.iss.clone(), issuer.kid);
    trust.insert(issuer).map_err(|error| match error {
        TrustError::Twice(kid) => {
            let values: [(&str, &dyn Display); 2] = [("kid", &kid), ("file", &list.display())];
            Failure::new(Exit::Usage, "EXISTS", console.fill(texts::TRUST_TWICE, &values))
                .hint(texts::TRUST_TWICE_HINT.get(console.language))
        }
        error => bad_key(console, path, &error),
    })?;
    write(console, list, &trust)?;
    if console.json {
        console.data(
            &json!({"event": "trusted", "issuer": iss, "kid": kid.to_string(), "file": files::text(list)}),
        )?;
    }
    let values: [(&str, &dyn Display); 3] = [("iss", &iss), ("kid", &kid), ("file", &list.display())];
    console.say(&console.fill(texts::TRUST_ADDED, &values));
    Ok(Exit::Done)
}

fn remove(console: Console, arguments: &TrustRemove) -> Outcome {
    let list = &arguments.list;
    let trust = read(console, list)?;
    let (named, rest): (Vec<_>, Vec<_>) =
        trust.iter().cloned().partition(|issuer| issuer.kid.to_string().starts_with(&arguments.kid));
    let [gone] = named.as_slice() else {
        let values: [(&str, &dyn Display); 2] = [("kid", &arguments.kid), ("file", &list.display())];
        return Err(Failure::new(Exit::Usage, "USAGE", console.fill(texts::TRUST_NO_KID, &values))
            .hint(console.fill(texts::TRUST_NO_KID_HINT, &values)));
    };
    let mut left = TrustSet::new();
    for issuer in rest {
        left.insert(issuer).map_err(|error| bad_key(console, list, &error))?;
    }
    write(console, list, &left)?;
    if console.json {
        let kid = gone.kid.to_string();
        console.data(
            &json!({"event": "distrusted", "issuer": gone.iss, "kid": kid, "file": files::text(list)}),
        )?;
    }
    let values: [(&str, &dyn Display); 3] =
        [("iss", &gone.iss), ("kid", &gone.kid), ("file", &list.display())];
    console.say(&console.fill(texts::TRUST_REMOVED, &values));
    Ok(Exit::Done)
}

fn write(console: Console, list: &Path, trust: &TrustSet) -> Result<(), Failure> {
    let mut file = LineFile::create(console, list)?;
    file.line(trust.to_text().trim_end())?;
    file.finish()
}
