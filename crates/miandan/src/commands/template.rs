//! `miandan template`: the labels that are shipped, and one's own. Draws with sample data, which is masked already, so
//! it needs no component.

use std::io::{self, Write};

use miandan_core::label::Resolution;
use miandan_render::frame::Frame;
use miandan_render::raster::{self, Bitmap, Rasteriser};
use miandan_render::shipped;
use miandan_render::template::{Template, TemplateError};
use serde_json::json;

use super::print::{Template as Source, template_failure};
use crate::args::{TemplateCheck, TemplateCommand, TemplateShow};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages;

pub fn run(console: Console, command: &TemplateCommand) -> Outcome {
    match command {
        TemplateCommand::List => list(console),
        TemplateCommand::Check(arguments) => check(console, arguments),
        TemplateCommand::Show(arguments) => show(console, arguments),
    }
}

fn list(console: Console) -> Outcome {
    for name in shipped::names() {
        let source = Source::find(console, name)?;
        let template = compile(console, &source)?;
        describe(console, name, &template)?;
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
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("name", &name), ("width", &width), ("height", &height)];
    console.data(&console.fill(messages::TEMPLATE_ROW, &values))?;
    console.data(&console.fill(messages::TEMPLATE_FIELDS, &[("fields", &fields.join(", "))]))
}

fn compile(console: Console, source: &Source) -> Result<Template, Failure> {
    Template::compile(&source.source).map_err(|error| {
        let TemplateError { problem, line, column } = error;
        template_failure(console, &source.name, problem.code(), problem, line, column)
    })
}

fn check(console: Console, arguments: &TemplateCheck) -> Outcome {
    let source = Source::find(console, &arguments.template)?;
    let template = compile(console, &source)?;
    describe(console, &source.name, &template)?;
    for remark in template.remarks() {
        if console.json {
            let problem = remark.problem.to_string();
            console.data(&json!({"remark": problem, "line": remark.line, "column": remark.column}))?;
        } else {
            let problem = messages::template::text(remark.problem, console.language);
            let values: [(&str, &dyn std::fmt::Display); 4] = [
                ("name", &source.name),
                ("line", &remark.line),
                ("column", &remark.column),
                ("problem", &problem),
            ];
            console.data(&console.fill(messages::TEMPLATE_REMARK, &values))?;
        }
    }
    let mut exit = Exit::Done;
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let drawn = template.layout(&shipped::sample(), resolution, &mut Frame::default());
        let (dpi, code) = (resolution.dpi(), drawn.err().map(|failure| failure.code));
        if code.is_some() {
            exit = Exit::SomeFailed;
        }
        if console.json {
            let code_name = code.map(|code| code.as_str());
            console.data(&without_nulls(json!({"dpi": dpi, "sound": code.is_none(), "code": code_name})))?;
        } else {
            let code_name = code.map_or("", |code| code.as_str());
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("name", &source.name), ("dpi", &dpi), ("code", &code_name)];
            let text = if code.is_none() { messages::TEMPLATE_SOUND } else { messages::TEMPLATE_UNDRAWN };
            console.data(&console.fill(text, &values))?;
        }
    }
    Ok(exit)
}

fn show(console: Console, arguments: &TemplateShow) -> Outcome {
    let source = Source::find(console, &arguments.template)?;
    let template = compile(console, &source)?;
    let resolution = if arguments.dpi == "300" { Resolution::Dpi300 } else { Resolution::Dpi203 };
    let mut frame = Frame::default();
    if let Err(failure) = template.layout(&shipped::sample(), resolution, &mut frame) {
        let (dpi, code) = (resolution.dpi(), failure.code);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("name", &source.name), ("dpi", &dpi), ("code", &code)];
        let message = console.fill(messages::TEMPLATE_UNDRAWN, &values);
        let (_, hint) = messages::code(code);
        return Err(Failure::new(Exit::SomeFailed, code.as_str(), message).hint(hint.get(console.language)));
    }
    let mut bitmap = Bitmap::default();
    Rasteriser::new().draw(&frame, &mut bitmap);
    let mut picture = Vec::new();
    raster::png(&bitmap, &mut picture);
    let written = if files::is_dash(&arguments.out) {
        io::stdout().lock().write_all(&picture)
    } else {
        std::fs::write(&arguments.out, &picture)
    };
    written.map_err(|error| files::unwritable(console, &arguments.out, &error))?;
    Ok(Exit::Done)
}
