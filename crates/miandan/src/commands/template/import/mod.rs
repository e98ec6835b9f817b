//! `miandan template import`: a design of hiprint becomes a template. What could not be carried over is told element by
//! element, since a template that lacks something silently is worse than none.

mod map;

use std::fmt::Display;
use std::io::Read;
use std::path::Path;

use miandan_hiprint::{Import, ImportError, Note, Options, Outcome, SIZE, Wording, import_with};
use serde_json::{Value, json};

use crate::args::TemplateImport;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome as Ended};
use crate::files::{self, LineFile};
use crate::language::Language;
use crate::messages::hiprint as texts;

pub fn run(console: Console, arguments: &TemplateImport) -> Ended {
    let mapping = arguments.map.as_deref().map(|path| map::read(console, path)).transpose()?;
    let design = read(console, &arguments.design)?;
    let options = Options { panel: arguments.panel as usize - 1, wording: wording(console) };
    let import = import_with(&design, &mapping.unwrap_or_default(), &options)
        .map_err(|error| failure(console, &arguments.design, &error))?;
    let out = arguments.out.as_deref().filter(|path| !files::is_dash(path));
    match out {
        Some(path) => {
            let mut file = LineFile::create(console, path)?;
            file.line(import.template.trim_end())?;
            file.finish()?;
        }
        None if console.json => {}
        None => console.bytes(import.template.as_bytes())?,
    }
    report(console, &import, out)?;
    let lossless = import.report.iter().all(|note| note.outcome == Outcome::Carried);
    Ok(if arguments.strict && !lossless { Exit::SomeFailed } else { Exit::Done })
}

/// The words of the comments: those of this run, but for a machine.
fn wording(console: Console) -> Wording {
    match console.language {
        Language::Chinese if !console.json => Wording {
            origin: texts::ORIGIN.zh,
            reason: |reason| texts::texts(reason, Language::Chinese),
            comma: "；",
        },
        _ => Wording::default(),
    }
}

/// The design; of one that is too large no more than shows that.
fn read(console: Console, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut design = Vec::new();
    let mut file = files::open(console, path)?.take(SIZE as u64 + 1);
    file.read_to_end(&mut design).map_err(|error| files::unreadable(console, path, &error))?;
    Ok(design)
}

fn failure(console: Console, path: &Path, error: &ImportError) -> Failure {
    let file = path.display();
    let at = |text, pointer: &str| console.fill(text, &[("file", &file), ("pointer", &pointer)]);
    let (text, hint) = match error {
        ImportError::TooLarge => (console.fill(texts::TOO_LARGE, &[("file", &file)]), texts::TOO_LARGE_HINT),
        ImportError::Syntax { line, column } => {
            let values: [(&str, &dyn Display); 3] = [("file", &file), ("line", line), ("column", column)];
            (console.fill(texts::SYNTAX, &values), texts::SYNTAX_HINT)
        }
        ImportError::NotADesign { pointer } => (at(texts::NO_DESIGN, pointer), texts::NO_DESIGN_HINT),
        ImportError::PageSize { pointer } => (at(texts::PAGE_SIZE, pointer), texts::PAGE_SIZE_HINT),
        ImportError::TooMany { pointer } => (at(texts::TOO_MANY, pointer), texts::TOO_MANY_HINT),
        ImportError::NoSuchPanel { panels } => {
            let text = console.fill(texts::NO_PANEL, &[("file", &file), ("count", panels)]);
            return Failure::new(Exit::Usage, "USAGE", text).hint(texts::NO_PANEL_HINT.get(console.language));
        }
        ImportError::Refused(error) => {
            let text = console.fill(texts::DEFECT, &[("file", &file), ("why", error)]);
            return Failure::new(Exit::Internal, "DESIGN", text)
                .hint(texts::DEFECT_HINT.get(console.language));
        }
    };
    Failure::new(Exit::Input, "DESIGN", text).hint(hint.get(console.language))
}

fn report(console: Console, import: &Import, out: Option<&Path>) -> Result<(), Failure> {
    for note in &import.report {
        if console.json {
            console.data(&event(note))?;
        } else if note.outcome != Outcome::Carried {
            say(console, note);
        }
    }
    let count = |outcome| {
        import.report.iter().filter(|note| note.element.is_some() && note.outcome == outcome).count()
    };
    let [carried, changed, left_out] = Outcome::ALL.map(count);
    if console.json {
        return console.data(&without_nulls(json!({
            "carried": carried,
            "changed": changed,
            "left_out": left_out,
            "out": out.map(files::text),
            "template": out.is_none().then_some(&import.template),
        })));
    }
    let values: [(&str, &dyn Display); 3] =
        [("carried", &carried), ("changed", &changed), ("left_out", &left_out)];
    console.say(&console.fill(texts::COUNTS, &values));
    if let Some(path) = out {
        console.say(&console.fill(texts::NEXT, &[("file", &path.display())]));
    }
    Ok(())
}

fn event(note: &Note) -> Value {
    let remarks: Vec<_> = note
        .remarks
        .iter()
        .map(|remark| {
            without_nulls(json!({
                "reason": remark.reason.id(),
                "column": remark.column,
                "what": remark.reason.what(),
                "fix": remark.reason.fix(),
            }))
        })
        .collect();
    without_nulls(json!({
        "pointer": note.pointer,
        "kind": note.kind.as_str(),
        "outcome": note.outcome.as_str(),
        "field": note.field,
        "prints": note.target,
        "remarks": (!remarks.is_empty()).then_some(remarks),
    }))
}

fn say(console: Console, note: &Note) {
    let field = note.field.as_ref().map(|field| format!(" \"{field}\"")).unwrap_or_default();
    let outcome = texts::outcome(note.outcome).get(console.language);
    let kind = texts::kind(note.kind).get(console.language);
    let values: [(&str, &dyn Display); 4] =
        [("pointer", &note.pointer), ("kind", &kind), ("field", &field), ("outcome", &outcome)];
    console.say(&console.fill(texts::NOTE, &values));
    for remark in &note.remarks {
        let [what, fix] = texts::texts(remark.reason, console.language);
        let column = remark.column.as_ref().map(|column| format!("\"{column}\" ")).unwrap_or_default();
        let values: [(&str, &dyn Display); 4] =
            [("column", &column), ("what", &what), ("reason", &remark.reason.id()), ("fix", &fix)];
        console.say(&console.fill(texts::REMARK, &values));
    }
}
