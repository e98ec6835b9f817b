//! `miandan template check`: what is wrong with a template, and what its labels would look like.

use std::fmt::Display;

use miandan_core::label::Resolution;
use miandan_core::pipe::Failure as Failed;
use miandan_render::frame::Frame;
use miandan_render::shipped;
use serde_json::json;

use super::super::fonts;
use super::super::print::Template as Source;
use super::{compile, describe, undrawn};
use crate::args::TemplateCheck;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Outcome};
use crate::messages::{self, template as texts};

pub fn run(console: Console, arguments: &TemplateCheck) -> Outcome {
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
