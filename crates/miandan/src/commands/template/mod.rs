//! `miandan template`: the labels that are shipped, and one's own. Draws with sample data, which is masked already, so
//! it needs no component.

mod check;
mod import;
mod orders;
mod sarif;
mod show;
mod terminal;

use std::fmt::Display;

use miandan_core::Code;
use miandan_core::field::FieldId;
use miandan_core::label::Resolution;
use miandan_core::pipe::TemplateKind;
use miandan_render::faces::Faces;
use miandan_render::template::{Template, TemplateError, View};
use serde_json::json;

use super::print::{Template as Source, template_failure};
use crate::args::TemplateCommand;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::messages::{self, template as texts};

pub fn run(console: Console, command: &TemplateCommand) -> Outcome {
    match command {
        TemplateCommand::List => list(console),
        TemplateCommand::Check(arguments) => check::run(console, arguments),
        TemplateCommand::Import(arguments) => import::run(console, arguments),
        TemplateCommand::Show(arguments) => show::run(console, arguments),
    }
}

fn list(console: Console) -> Outcome {
    for label in miandan_templates::LABELS {
        let source = Source::find(console, label.name)?;
        let template = compile(console, TemplateKind::Waybill, &source, &Faces::default())?;
        describe(console, label.name, &template)?;
    }
    Ok(Exit::Done)
}

fn describe(console: Console, name: &str, template: &Template) -> Result<(), Failure> {
    let size = template.size();
    let fields: Vec<_> = template.fields().iter().map(|field| field.as_str()).collect();
    if console.json {
        let size = json!({"width_um": size.width, "height_um": size.height});
        return console.data(&json!({"name": name, "size": size, "fields": fields}));
    }
    let millimetres = |length: i32| f64::from(length) / 1e3;
    let (width, height) = (millimetres(size.width), millimetres(size.height));
    let values: [(&str, &dyn Display); 3] = [("name", &name), ("width", &width), ("height", &height)];
    console.data(&console.fill(messages::TEMPLATE_ROW, &values))?;
    console.data(&console.fill(messages::TEMPLATE_FIELDS, &[("fields", &summary(&fields))]))
}

/// The fields, a side of which all are opened as one.
fn summary(fields: &[&str]) -> String {
    let mut words = Vec::new();
    for side in ["recipient.", "sender."] {
        let of_side = || fields.iter().copied().filter(|field| field.starts_with(side));
        let all = FieldId::ALL.iter().filter(|id| id.as_str().starts_with(side)).count();
        if of_side().count() == all {
            words.push(format!("{side}*"));
        } else {
            words.extend(of_side().map(str::to_owned));
        }
    }
    if words.is_empty() { "-".to_owned() } else { words.join(", ") }
}

/// Compiles a template as a component does, here where no order is opened.
pub(super) fn compile(
    console: Console,
    kind: TemplateKind,
    source: &Source,
    faces: &Faces,
) -> Result<Template, Failure> {
    Template::compile_as(kind, &source.source, faces).map_err(|error| {
        let TemplateError { problem, line, column } = error;
        template_failure(console, &source.name, problem.code(), problem, line, column)
    })
}

/// Why sample data cannot be drawn, in the words of the template where it is at fault.
fn undrawn(
    console: Console,
    source: &Source,
    template: &Template,
    view: View<'_>,
    resolution: Resolution,
    code: Code,
) -> Failure {
    let fault = template.fault(view, resolution);
    let (why, hint) = match fault.map(|fault| fault.problem) {
        Some(problem) => (texts::text(problem, console.language), texts::hint(problem, console.language)),
        None => {
            let (text, hint) = messages::code(code);
            (text.get(console.language).to_owned(), hint.get(console.language))
        }
    };
    let name = match fault {
        Some(fault) => format!("{}:{}:{}", source.name, fault.line, fault.column),
        None => source.name.clone(),
    };
    let values: [(&str, &dyn Display); 4] =
        [("name", &name), ("dpi", &resolution.dpi()), ("code", &code), ("why", &why)];
    let message = console.fill(messages::TEMPLATE_UNDRAWN, &values);
    Failure::new(Exit::SomeFailed, code.as_str(), message).hint(hint)
}
