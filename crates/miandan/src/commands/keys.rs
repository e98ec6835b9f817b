//! `miandan keys`: a key ring, from the first key to the end of the last.
//!
//! A month's rotation is: `add`, hand the public part to the issuers, and once they seal to it `retire` the key before.
//! Keys rotate because sealing has no forward secrecy: who steals a key can open what was sealed to it (RFC 9180,
//! section 9.7.3). So a key that has ended is to be deleted.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use miandan_print::{KeyAge, KeyRing, RingError, RingKey};
use miandan_seal::keys::public_path;
use miandan_seal::limits::SKEW;
use serde_json::json;

use super::keygen::{NewKey, in_component, passphrase_arguments, run_tool, whole};
use crate::args::{KeysAdd, KeysCommand, KeysList, KeysRetire};
use crate::clock;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::{self, keys as texts};

pub fn run(console: Console, component: Option<&Path>, command: &KeysCommand) -> Outcome {
    match command {
        KeysCommand::List(arguments) => list(console, arguments),
        KeysCommand::Add(arguments) => add(console, component, arguments),
        KeysCommand::Retire(arguments) => retire(console, component, arguments),
    }
}

/// Reads a ring.
pub(super) fn open(console: Console, folder: &Path) -> Result<KeyRing, Failure> {
    KeyRing::open(folder).map_err(|error| match error {
        RingError::Read { path, error } => files::unreadable(console, &path, &error),
        error => Failure::new(Exit::Refused, "KEY", console.fill(texts::RING_UNUSABLE, &[("why", &error)]))
            .hint(texts::RING_HINT.get(console.language)),
    })
}

/// A ring without a key cannot be used for anything but making one.
pub(super) fn empty(console: Console, folder: &Path) -> Failure {
    let values: [(&str, &dyn Display); 1] = [("ring", &folder.display())];
    Failure::new(Exit::Refused, "KEY", console.fill(texts::RING_EMPTY, &values))
        .hint(console.fill(texts::RING_EMPTY_HINT, &values))
}

fn list(console: Console, arguments: &KeysList) -> Outcome {
    let ring = open(console, &arguments.ring)?;
    if ring.keys().is_empty() {
        return Err(empty(console, &arguments.ring));
    }
    let now = clock::now();
    for key in ring.keys() {
        let (scope, validity) = (&key.public.scope, key.public.validity);
        if console.json {
            console.data(&without_nulls(json!({
                "kid": key.public.kid.to_string(),
                "state": word(key.age(now)),
                "station": scope.id,
                "groups": scope.groups,
                "merchants": scope.merchants,
                "not_before": validity.nbf,
                "expires": validity.exp,
                "file": files::text(&key.file),
            })))?;
            continue;
        }
        let state = state(console, key, now);
        let values: [(&str, &dyn Display); 4] =
            [("kid", &key.public.kid), ("state", &state), ("id", &scope.id), ("file", &key.file.display())];
        console.data(&console.fill(texts::RING_ROW, &values))?;
    }
    Ok(Exit::Done)
}

/// Where a key stands, for `--json`.
fn word(age: KeyAge) -> &'static str {
    match age {
        KeyAge::NotYet => "not_yet",
        KeyAge::Current => "current",
        KeyAge::Ending => "ending",
        KeyAge::Expired => "expired",
    }
}

fn state(console: Console, key: &RingKey, now: u64) -> String {
    let validity = key.public.validity;
    let (from, until) = (civil(validity.nbf), civil(validity.exp));
    let text = match key.age(now) {
        KeyAge::NotYet => texts::KEY_NOT_YET,
        KeyAge::Current => texts::KEY_CURRENT,
        KeyAge::Ending => texts::KEY_ENDING,
        KeyAge::Expired => texts::KEY_EXPIRED,
    };
    console.fill(text, &[("from", &from), ("until", &until)])
}

fn civil(time: Option<u64>) -> String {
    time.map(clock::civil).unwrap_or_default()
}

fn add(console: Console, component: Option<&Path>, arguments: &KeysAdd) -> Outcome {
    let folder = &arguments.ring;
    if arguments.id.is_none() && folder.symlink_metadata().is_err() {
        return Err(empty(console, folder));
    }
    std::fs::create_dir_all(folder).map_err(|error| files::unwritable(console, folder, &error))?;
    let ring = open(console, folder)?;
    let before = ring.keys().first();
    let scope = before.map(|key| &key.public.scope);
    if let (Some(scope), Some(id)) = (scope, &arguments.id)
        && scope.id != *id
    {
        let message = console.fill(texts::RING_OTHER_STATION, &[("id", &scope.id)]);
        let hint = texts::RING_OTHER_STATION_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    let Some(id) = arguments.id.as_deref().or(scope.map(|scope| scope.id.as_str())) else {
        return Err(empty(console, folder));
    };
    let or = |typed: &[String], before: Option<&[String]>| {
        if typed.is_empty() { before.unwrap_or_default().to_vec() } else { typed.to_vec() }
    };
    let now = clock::now();
    let out = free_name(folder, now);
    let kid = in_component(
        console,
        component,
        &NewKey {
            kind: "station",
            out: &out,
            id,
            groups: &or(&arguments.group, scope.map(|scope| scope.groups.as_slice())),
            merchants: &or(&arguments.merchant, scope.map(|scope| scope.merchants.as_slice())),
            // Says which key is the newer one; a clock that is a little behind must not refuse it.
            nbf: Some(now),
            exp: arguments.expires.map(|life| now + life),
            passphrase: &arguments.passphrase,
        },
    )?;
    let public = public_path(&out);
    if console.json {
        console.data(
            &json!({"event": "key", "kid": kid, "file": files::text(&out), "public": files::text(&public)}),
        )?;
        return Ok(Exit::Done);
    }
    let values: [(&str, &dyn Display); 3] =
        [("kid", &kid), ("file", &out.display()), ("public", &public.display())];
    console.say(&console.fill(messages::KEY_MADE, &values));
    if let Some(before) = before {
        let values: [(&str, &dyn Display); 3] =
            [("public", &public.display()), ("ring", &folder.display()), ("kid", &before.public.kid)];
        console.say(&console.fill(texts::KEYS_NEXT, &values));
    }
    Ok(Exit::Done)
}

/// `station-2026-11-24.key`, with a number if there is one of that day already.
fn free_name(folder: &Path, now: u64) -> PathBuf {
    let day = clock::civil(now);
    let day = day.split(' ').next().unwrap_or_default();
    let names = (1..).map(|number| match number {
        1 => format!("station-{day}.key"),
        _ => format!("station-{day}-{number}.key"),
    });
    let mut paths = names.map(|name| folder.join(name));
    paths.find(|path| path.symlink_metadata().is_err()).expect("a folder has free names")
}

fn retire(console: Console, component: Option<&Path>, arguments: &KeysRetire) -> Outcome {
    let ring = open(console, &arguments.ring)?;
    let mut named = ring.keys().iter().filter(|key| key.public.kid.to_string().starts_with(&arguments.kid));
    let (Some(key), None) = (named.next(), named.next()) else {
        let ring = arguments.ring.display();
        let message = console.fill(texts::RING_NO_KID, &[("kid", &arguments.kid)]);
        let hint = console.fill(texts::RING_NO_KID_HINT, &[("ring", &ring)]);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    };
    if arguments.delete {
        return delete(console, key);
    }
    let now = clock::now();
    // A clock may differ by that much, so only an end that lies this far back is one at once.
    // A key that began this second still needs one to have been.
    let begun = key.public.validity.nbf.unwrap_or(0);
    let exp = if arguments.now { now.saturating_sub(SKEW).max(begun + 1) } else { now + arguments.within };
    let mut tool = vec!["retire".into(), "--key".into(), whole(console, &key.file)?];
    tool.extend(["--expires".into(), exp.to_string().into()]);
    let file = arguments.passphrase_file.as_deref();
    tool.extend(passphrase_arguments(console, file, arguments.ask_passphrase)?);
    let answer = run_tool(console, component, tool, texts::RETIRE_FAILED)?;
    let until = answer["exp"].as_u64().unwrap_or(exp);
    let kid = key.public.kid;
    if console.json {
        console.data(&json!({"event": "retired", "kid": kid.to_string(), "expires": until}))?;
    }
    console.say(&console.fill(texts::KEYS_RETIRED, &[("kid", &kid), ("until", &clock::civil(until))]));
    Ok(Exit::Done)
}

fn delete(console: Console, key: &RingKey) -> Outcome {
    let kid = key.public.kid;
    if key.age(clock::now()) != KeyAge::Expired {
        let message = console.fill(texts::KEYS_IN_USE, &[("kid", &kid)]);
        let hint = texts::KEYS_IN_USE_HINT.get(console.language);
        return Err(Failure::new(Exit::Usage, "USAGE", message).hint(hint));
    }
    // The secret first: what is left after a failure is a public part, which harms nobody.
    for file in [&key.file, &public_path(&key.file)] {
        std::fs::remove_file(file).map_err(|error| files::unwritable(console, file, &error))?;
    }
    if console.json {
        console.data(&json!({"event": "deleted", "kid": kid.to_string()}))?;
    }
    console.say(&console.fill(texts::KEYS_DELETED, &[("kid", &kid)]));
    Ok(Exit::Done)
}
