//! `miandan config show`: which values are in force, and who said so.

use std::fmt::Display;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::args::{ConfigShow, PolicyName};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Outcome};
use crate::settings::{Origin, Setting, Settings};

pub fn show(console: Console, arguments: &ConfigShow) -> Outcome {
    let settings = Settings::find(console, None)?;
    let rows = rows(&settings);
    if console.json {
        let members: Map<_, _> = rows
            .into_iter()
            .map(|(key, value, origin)| {
                (key.to_owned(), without_nulls(json!({"value": value, "origin": origin.to_string()})))
            })
            .collect();
        console.data(&Value::Object(members))?;
        return Ok(Exit::Done);
    }
    for (key, value, origin) in rows {
        if value.is_null() {
            continue;
        }
        let comment = if arguments.origin { format!("  # {origin}") } else { String::new() };
        // JSON texts, numbers and lists of texts are TOML as well.
        console.data(&format_args!("{key} = {value}{comment}"))?;
    }
    Ok(Exit::Done)
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
