//! `miandan config show`: which values are in force, and who said so.

use std::borrow::Cow;
use std::fmt::Display;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::args::{ConfigShow, PolicyName};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Outcome};
use crate::settings::{NamedPrinter, Origin, Setting, Settings};

pub fn show(console: Console, arguments: &ConfigShow) -> Outcome {
    let settings = Settings::find(console, None)?;
    let rows = rows(&settings);
    if console.json {
        let named =
            named(&settings).map(|(table, name, value, origin)| (format!("{table}.{name}"), value, origin));
        let rows = rows.into_iter().map(|(key, value, origin)| (key.to_owned(), value, origin));
        let member = |(key, value, origin): (String, Value, &Origin)| {
            (key, without_nulls(json!({"value": value, "origin": origin.to_string()})))
        };
        let members: Map<_, _> = rows.chain(named).map(member).collect();
        console.data(&Value::Object(members))?;
        return Ok(Exit::Done);
    }
    let comment = |origin: &Origin| {
        if arguments.origin { format!("  # {origin}") } else { String::new() }
    };
    for (key, value, origin) in rows {
        if !value.is_null() {
            // JSON texts, numbers and lists of texts are TOML as well.
            console.data(&format_args!("{key} = {value}{}", comment(origin)))?;
        }
    }
    let mut templates = false;
    for (table, name, value, origin) in named(&settings) {
        let (key, comment) = (key(name), comment(origin));
        let Value::Object(members) = value else {
            if !std::mem::replace(&mut templates, true) {
                console.data(&format_args!("\n[{table}]"))?;
            }
            console.data(&format_args!("{key} = {value}{comment}"))?;
            continue;
        };
        console.data(&format_args!("\n[{table}.{key}]{comment}"))?;
        for (member, value) in members {
            console.data(&format_args!("{member} = {value}"))?;
        }
    }
    Ok(Exit::Done)
}

/// What has a name: the table, the name, what it is, and who said so.
fn named(settings: &Settings) -> impl Iterator<Item = (&'static str, &str, Value, &Origin)> {
    let printers = settings.printers.iter().map(|(name, printer)| {
        let NamedPrinter { uri, profile, carriers } = &printer.value;
        let carriers = Some(carriers).filter(|carriers| !carriers.is_empty());
        let value = json!({"uri": uri.to_string(), "profile": profile, "carriers": carriers});
        ("printers", name.as_str(), without_nulls(value), &printer.origin)
    });
    let templates = settings.templates.iter();
    printers
        .chain(templates.map(|(name, file)| ("templates", name.as_str(), json!(file.value), &file.origin)))
}

/// A name as a key of TOML, which quotes what is not ASCII.
fn key(name: &str) -> Cow<'_, str> {
    if name.is_ascii() { Cow::Borrowed(name) } else { Cow::Owned(json!(name).to_string()) }
}

fn rows(settings: &Settings) -> Vec<(&'static str, Value, &Origin)> {
    let text = |path: &PathBuf| path.display().to_string();
    let paths = |setting: &Setting<Vec<PathBuf>>| match setting.value.as_slice() {
        [] => Value::Null,
        paths => json!(paths.iter().map(text).collect::<Vec<_>>()),
    };
    let texts = |setting: &Setting<Vec<String>>| match setting.value.as_slice() {
        [] => Value::Null,
        texts => json!(texts),
    };
    let path = |setting: &Setting<Option<PathBuf>>| json!(setting.value.as_ref().map(text));
    fn number<T: Display>(value: Option<T>) -> Value {
        value.map_or(Value::Null, |value| value.to_string().parse::<u64>().map_or(Value::Null, Value::from))
    }
    vec![
        ("key", paths(&settings.key), &settings.key.origin),
        ("passphrase_file", path(&settings.passphrase_file), &settings.passphrase_file.origin),
        ("trust", paths(&settings.trust), &settings.trust.origin),
        ("status_list", paths(&settings.status_list), &settings.status_list.origin),
        (
            "status_policy",
            json!(settings.status_policy.value.map(PolicyName::word)),
            &settings.status_policy.origin,
        ),
        (
            "status_max_age",
            json!(settings.status_max_age.value.map(|age| format!("{age}s"))),
            &settings.status_max_age.origin,
        ),
        ("courier_token", json!(settings.courier_token.value), &settings.courier_token.origin),
        ("carrier_list", paths(&settings.carrier_list), &settings.carrier_list.origin),
        ("state", path(&settings.state), &settings.state.origin),
        ("template", json!(settings.template.value), &settings.template.origin),
        ("font", paths(&settings.font), &settings.font.origin),
        (
            "missing_glyph",
            json!(settings.missing_glyph.value.policy().as_str()),
            &settings.missing_glyph.origin,
        ),
        ("out", path(&settings.out), &settings.out.origin),
        ("dir", path(&settings.dir), &settings.dir.origin),
        ("printer", texts(&settings.printer), &settings.printer.origin),
        ("profile", json!(settings.profile.value), &settings.profile.origin),
        // Where a printer is named and no resolution, it is the printer's.
        (
            "dpi",
            number(settings.dpi.value.or(settings.profile.value.is_none().then_some(203))),
            &settings.dpi.origin,
        ),
        ("workers", number(settings.workers.value), &settings.workers.origin),
        // Where none is named it is at the default place.
        (
            "journal",
            json!(crate::batches::journal_path(settings).as_ref().map(text)),
            &settings.journal.origin,
        ),
    ]
}
