//! `miandan template`: the labels that are shipped, and one's own. Draws with sample data, which is masked already, so
//! it needs no component.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use miandan_core::Code;
use miandan_core::label::Resolution;
use miandan_core::pipe::Failure as Failed;
use miandan_render::faces::Faces;
use miandan_render::frame::Frame;
use miandan_render::raster::{self, Bitmap, Rasteriser};
use miandan_render::shipped;
use miandan_render::template::{Template, TemplateError};
use serde_json::json;

use super::fonts;
use super::print::{Template as Source, template_failure};
use crate::args::{TemplateCheck, TemplateCommand, TemplateShow};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::{self, template as texts};

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
        let template = compile(console, &source, &Faces::default())?;
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
    let values: [(&str, &dyn Display); 3] = [("name", &name), ("width", &width), ("height", &height)];
    console.data(&console.fill(messages::TEMPLATE_ROW, &values))?;
    console.data(&console.fill(messages::TEMPLATE_FIELDS, &[("fields", &fields.join(", "))]))
}

fn compile(console: Console, source: &Source, faces: &Faces) -> Result<Template, Failure> {
    Template::compile_for(&source.source, faces).map_err(|error| {
        let TemplateError { problem, line, column } = error;
        template_failure(console, &source.name, problem.code(), problem, line, column)
    })
}

fn check(console: Console, arguments: &TemplateCheck) -> Outcome {
    let source = Source::find(console, &arguments.template)?;
    let faces = fonts::faces(console, &arguments.font)?;
    let template = compile(console, &source, &faces)?;
    describe(console, &source.name, &template)?;
    let sample = shipped::sample();
    let overflows = template.overflows(&sample, Resolution::Dpi203);
    for remark in template.remarks().iter().chain(&overflows) {
        if console.json {
            let problem = remark.problem.to_string();
            console.data(&json!({"remark": problem, "line": remark.line, "column": remark.column}))?;
        } else {
            let problem = texts::text(remark.problem, console.language);
            let values: [(&str, &dyn Display); 4] = [
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
        let mut frame = Frame { faces: faces.clone(), ..Frame::default() };
        let drawn = template.layout(&shipped::sample(), resolution, &mut frame);
        let dpi = resolution.dpi();
        let fault = template.fault(&shipped::sample(), resolution);
        // What is a warning beside a label is an error here, where there is time to mend it.
        let code = match (drawn, fault) {
            (Err(Failed { code, .. }), _) => Some(code),
            (Ok(()), fault) => fault.map(|fault| fault.problem.code()),
        };
        let Some(code) = code else {
            if console.json {
                console.data(&json!({"dpi": dpi, "sound": true}))?;
            } else {
                let values: [(&str, &dyn Display); 2] = [("name", &source.name), ("dpi", &dpi)];
                console.data(&console.fill(messages::TEMPLATE_SOUND, &values))?;
            }
            continue;
        };
        exit = Exit::SomeFailed;
        let undrawn = undrawn(console, &source, &template, resolution, code, drawn.is_ok());
        if console.json {
            let answer = json!({
                "dpi": dpi,
                "sound": false,
                "code": code.as_str(),
                "problem": fault.map(|fault| fault.problem.to_string()),
                "line": fault.map(|fault| fault.line),
                "column": fault.map(|fault| fault.column),
            });
            console.data(&without_nulls(answer))?;
        } else {
            console.data(&undrawn.message)?;
            if let Some(hint) = undrawn.hint {
                console.say(&format_args!("{}: {hint}", messages::HINT.get(console.language)));
            }
        }
    }
    Ok(exit)
}

/// Why sample data cannot be drawn, or is drawn badly, in the words of the template where it is at fault.
fn undrawn(
    console: Console,
    source: &Source,
    template: &Template,
    resolution: Resolution,
    code: Code,
    drawn: bool,
) -> Failure {
    let fault = template.fault(&shipped::sample(), resolution);
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
    let text = if drawn { messages::TEMPLATE_UNSOUND } else { messages::TEMPLATE_UNDRAWN };
    let message = console.fill(text, &values);
    Failure::new(Exit::SomeFailed, code.as_str(), message).hint(hint)
}

fn show(console: Console, arguments: &TemplateShow) -> Outcome {
    let source = Source::find(console, &arguments.template)?;
    let faces = fonts::faces(console, &arguments.font)?;
    let template = compile(console, &source, &faces)?;
    let resolution = if arguments.dpi == "300" { Resolution::Dpi300 } else { Resolution::Dpi203 };
    let mut frame = Frame { faces, ..Frame::default() };
    if let Err(Failed { code, .. }) = template.layout(&shipped::sample(), resolution, &mut frame) {
        return Err(undrawn(console, &source, &template, resolution, code, false));
    }
    let mut bitmap = Bitmap::default();
    let mut rasteriser = Rasteriser::new();
    for page in 0..frame.pages() {
        rasteriser.draw_page(&frame, page, &mut bitmap);
        let mut picture = Vec::new();
        raster::png(&bitmap, &mut picture);
        // Standard output takes the pictures one after the other.
        let path = if page == 0 { arguments.out.clone() } else { numbered(&arguments.out, page + 1) };
        let written = if files::is_dash(&arguments.out) {
            io::stdout().lock().write_all(&picture)
        } else {
            std::fs::write(&path, &picture)
        };
        written.map_err(|error| files::unwritable(console, &path, &error))?;
    }
    Ok(Exit::Done)
}

/// `label.png` with the number of a page: `label-2.png`.
fn numbered(path: &Path, page: usize) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(format!("-{page}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}
