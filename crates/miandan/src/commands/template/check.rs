//! `miandan template check`: the linter.

use std::fmt::Display;
use std::path::Path;

use miandan_core::pipe::TemplateKind;
use miandan_lint::{Finding, Orders, Report, Severity, lint_area, lint_for};
use miandan_render::faces::Faces;
use miandan_render::template::Template;
use serde_json::{Value, json};

use super::super::fonts;
use super::super::print::Template as Source;
use super::orders::{self, Sampled};
use super::sarif;
use crate::args::TemplateCheck;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::{lint as texts, template as problems};

/// What was found in a template.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) report: Report,
}

pub fn run(console: Console, arguments: &TemplateCheck) -> Outcome {
    let faces = fonts::faces(console, &arguments.font)?;
    let mut all = Vec::new();
    let mut worst = None;
    for name in &arguments.templates {
        let source = Source::find(console, name)?;
        let report = match Template::kind_of(&source.source) {
            TemplateKind::Waybill => {
                let sampled = Sampled::find(console, name, arguments.data.as_deref())?;
                let others = sampled.others();
                lint_for(&source.source, &faces, Orders { ordinary: &sampled.ordinary(), others: &others })
            }
            TemplateKind::Free => {
                let data = arguments.data.as_deref().map(|path| orders::data(console, path)).transpose()?;
                lint_area(&source.source, &faces, data.as_ref())
            }
        };
        worst = worst.max(report.findings.iter().map(Finding::severity).max());
        tell(console, &source, &report, &faces)?;
        all.push(Checked { name: source.name, report });
    }
    if let Some(path) = &arguments.sarif {
        write(console, path, &sarif::log(&all))?;
    }
    let bound = if arguments.strict { Severity::Warning } else { Severity::Error };
    Ok(if worst >= Some(bound) { Exit::SomeFailed } else { Exit::Done })
}

fn write(console: Console, path: &Path, log: &Value) -> Result<(), Failure> {
    if files::is_dash(path) {
        return console.data(log);
    }
    std::fs::write(path, format!("{log:#}\n")).map_err(|error| files::unwritable(console, path, &error))
}

fn tell(console: Console, source: &Source, report: &Report, faces: &Faces) -> Result<(), Failure> {
    let allowed = report.allowed.iter().map(|finding| (finding, true));
    for (finding, allowed) in report.findings.iter().map(|finding| (finding, false)).chain(allowed) {
        if console.json {
            console.data(&event(&source.name, finding, allowed))?;
        } else {
            say(console, &source.name, finding, allowed)?;
        }
    }
    let count = |severity| report.findings.iter().filter(|finding| finding.severity() == severity).count();
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note].map(count);
    if console.json {
        let template = Template::compile_as(Template::kind_of(&source.source), &source.source, faces).ok();
        let size = template.as_ref().map(|template| template.size());
        return console.data(&without_nulls(json!({
            "name": source.name,
            "size": size.map(|size| json!({"width_um": size.width, "height_um": size.height})),
            "fields": template.map(|template| template.fields().iter().map(|id| id.as_str()).collect::<Vec<_>>()),
            "waybill": report.is_waybill,
            "errors": errors,
            "warnings": warnings,
            "notes": notes,
        })));
    }
    let values: [(&str, &dyn Display); 4] =
        [("name", &source.name), ("errors", &errors), ("warnings", &warnings), ("notes", &notes)];
    let text = if report.findings.is_empty() { texts::CLEAN } else { texts::COUNTS };
    console.data(&console.fill(text, &values))
}

/// What is wrong, in English, with the problem of the compiler where it is one.
pub(super) fn message(finding: &Finding) -> String {
    let problem = finding.problem.map(|problem| problem.to_string());
    let more: Vec<_> = problem.into_iter().chain(finding.name.clone()).collect();
    let more = if more.is_empty() { String::new() } else { format!(": {}", more.join(", ")) };
    format!("{}{more}", finding.rule.what())
}

fn event(name: &str, finding: &Finding, allowed: bool) -> Value {
    let Finding { rule, measure, .. } = finding;
    without_nulls(json!({
        "name": name,
        "rule": rule.id(),
        "severity": finding.severity().as_str(),
        "line": finding.line,
        "column": finding.column,
        "dpi": finding.resolution.map(|resolution| resolution.dpi()),
        "found": measure.map(|measure| measure.found),
        "needed": measure.map(|measure| measure.needed),
        "unit": measure.map(|measure| measure.unit.as_str()),
        "problem": finding.problem.map(|problem| problem.to_string()),
        "subject": finding.name,
        "what": rule.what(),
        "reason": rule.why(),
        "fix": fix(finding),
        "allowed": allowed.then_some(true),
    }))
}

/// What can be done, in English.
fn fix(finding: &Finding) -> &'static str {
    finding.problem.map_or(finding.rule.fix(), |problem| problem.hint())
}

fn say(console: Console, name: &str, finding: &Finding, allowed: bool) -> Result<(), Failure> {
    let [what, why, fix] = texts::texts(finding.rule, console.language);
    let fix = finding.problem.map_or(fix, |problem| problems::hint(problem, console.language));
    let mut more = Vec::new();
    more.extend(finding.problem.map(|problem| problems::text(problem, console.language)));
    more.extend(finding.name.clone());
    more.extend(finding.measure.map(|measure| texts::measure(console, finding.rule, measure)));
    more.extend(
        finding.resolution.map(|resolution| console.fill(texts::AT_DPI, &[("dpi", &resolution.dpi())])),
    );
    let more = texts::more(console, &more);
    let severity = texts::severity(finding.severity()).get(console.language);
    let values: [(&str, &dyn Display); 7] = [
        ("name", &name),
        ("line", &finding.line),
        ("column", &finding.column),
        ("severity", &severity),
        ("what", &what),
        ("more", &more),
        ("rule", &finding.rule.id()),
    ];
    console.data(&console.fill(texts::FINDING, &values))?;
    if allowed {
        return console.data(&texts::ALLOWED.get(console.language));
    }
    console.data(&console.fill(texts::REASON, &[("why", &why)]))?;
    console.data(&console.fill(texts::FIX, &[("fix", &fix)]))
}
