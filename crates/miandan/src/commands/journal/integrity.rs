//! `miandan journal verify`: whether the journal is what was written.

use std::fmt::Display;

use miandan_journal::{Damage, Note, RowProblem, Verification};
use serde_json::{Value, json};

use super::Asked;
use crate::args::JournalVerify;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Outcome};
use crate::files;
use crate::language::Language;
use crate::messages::{self, journal as texts};

/// As many as the journal lists at most.
const KEPT: usize = 100;

/// Ends with 4 if there is any damage; a clock that was set back is none.
pub fn run(console: Console, arguments: &JournalVerify) -> Outcome {
    let journal = Asked::open(console, &arguments.file)?;
    let found = journal.said(journal.reader.verify(arguments.expect))?;
    if console.json {
        console.data(&answer(&files::text(&journal.path), &found))?;
    } else {
        let count = found.damage.len();
        let values: [(&str, &dyn Display); 3] =
            [("file", &journal.path.display()), ("events", &found.events), ("count", &count)];
        let text = if found.is_whole() { texts::WHOLE } else { texts::NOT_WHOLE };
        console.data(&console.fill(text, &values))?;
        found
            .damage
            .iter()
            .try_for_each(|damage| console.data(&format_args!("  {}", said(console, damage))))?;
        if count >= KEPT {
            console.data(&format_args!("  {}", console.fill(texts::AND_MORE, &[("count", &KEPT)])))?;
        }
        for note in &found.notes {
            let Note::ClockSetBack { seq, by } = note;
            let values: [(&str, &dyn Display); 2] = [("event", seq), ("seconds", by)];
            console.data(&format_args!("  {}", console.fill(texts::NOTE_CLOCK, &values)))?;
        }
        if let Some(head) = found.head {
            console.data(&console.fill(texts::HEAD, &[("head", &head)]))?;
        }
        if !found.is_whole() {
            let hint = texts::DAMAGED_HINT.get(console.language);
            console.say(&format_args!("{}: {hint}", messages::HINT.get(console.language)));
        }
    }
    Ok(if found.is_whole() { Exit::Done } else { Exit::SomeFailed })
}

/// One fault in words.
fn said(console: Console, damage: &Damage) -> String {
    let fill = |text, values: &[(&str, &dyn Display)]| console.fill(text, values);
    match damage {
        Damage::File(why) => fill(texts::FOUND_FILE, &[("why", why)]),
        Damage::Schema(name) => fill(texts::FOUND_SCHEMA, &[("name", name)]),
        Damage::Missing { expected, found } => {
            fill(texts::FOUND_GAP, &[("expected", expected), ("found", found)])
        }
        Damage::Changed { seq } => fill(texts::FOUND_CHANGED, &[("event", seq)]),
        Damage::Malformed { seq } => fill(texts::FOUND_NO_EVENT, &[("event", seq)]),
        Damage::Impossible { seq, why } => fill(texts::FOUND_IMPOSSIBLE, &[("event", seq), ("why", why)]),
        Damage::Row { table, key, problem } => {
            let text = match problem {
                RowProblem::Missing => texts::FOUND_ROW_MISSING,
                RowProblem::Extra => texts::FOUND_ROW_EXTRA,
                RowProblem::Changed => texts::FOUND_ROW_CHANGED,
            };
            fill(text, &[("table", table), ("key", key)])
        }
        Damage::Head(head) => fill(texts::FOUND_HEAD, &[("head", head)]),
        other => other.to_string(),
    }
}

fn answer(journal: &str, found: &Verification) -> Value {
    let english = Console { json: true, quiet: false, language: Language::English };
    let damage = found.damage.iter().map(|damage| {
        let (kind, event, table) = match damage {
            Damage::File(_) => ("file", None, None),
            Damage::Schema(name) => ("schema", None, Some(name.as_str())),
            Damage::Missing { expected, .. } => ("missing", Some(*expected), None),
            Damage::Changed { seq } => ("changed", Some(*seq), None),
            Damage::Malformed { seq } => ("malformed", Some(*seq), None),
            Damage::Impossible { seq, .. } => ("impossible", Some(*seq), None),
            Damage::Row { table, .. } => ("row", None, Some(*table)),
            Damage::Head(head) => ("head", Some(head.seq), None),
            _ => ("other", None, None),
        };
        without_nulls(json!({"kind": kind, "event": event, "table": table, "message": said(english, damage)}))
    });
    let notes = found.notes.iter().map(|note| {
        let Note::ClockSetBack { seq, by } = note;
        json!({"event": seq, "clock_set_back_s": by})
    });
    without_nulls(json!({
        "journal": journal,
        "whole": found.is_whole(),
        "events": found.events,
        "head": found.head.map(|head| head.to_string()),
        "damage": damage.collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
    }))
}
