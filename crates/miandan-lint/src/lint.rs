//! One template, looked at with several orders at both resolutions.

use miandan_core::free::FreeData;
use miandan_core::label::Resolution;
use miandan_core::pipe::TemplateKind;
use miandan_core::waybill::Waybill;
use miandan_render::faces::Faces;
use miandan_render::raster::Rasteriser;
use miandan_render::template::{Problem, Template, TemplateError, View};
use miandan_render::trace::Trace;

use crate::fields::Shown;
use crate::ink::Drawer;
use crate::{Finding, Rule, colours, constants, fields, overlaps, sheet, symbols, token, types, zones};

/// The made-up orders that a template is looked at with.
#[derive(Clone, Copy, Debug)]
pub struct Orders<'o> {
    /// One that says all that orders usually say.
    pub ordinary: &'o Waybill,
    /// Others by name: with long texts, with rare characters, without what may be missing.
    pub others: &'o [(&'o str, Waybill)],
}

/// What is wrong with a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What was found, in the order of the template.
    pub findings: Vec<Finding>,
    /// What was found and is allowed by a comment in the template.
    pub allowed: Vec<Finding>,
    /// Whether it is a waybill: it shows the waybill number in a symbol or the routing code. Lists and custom areas are
    /// not asked for what only waybills have.
    pub is_waybill: bool,
}

/// What begins a comment that allows a rule: `<!-- miandan-lint: allow quiet-zone because … -->`.
const ALLOW: &str = "miandan-lint: allow ";

/// Looks at a template in the bundled typeface.
#[must_use]
pub fn lint(source: &[u8], orders: Orders) -> Report {
    lint_for(source, &Faces::default(), orders)
}

/// Looks at a template in these faces. A custom area ([`Template::kind_of`]) is looked at as [`lint_area`] does, without data.
#[must_use]
pub fn lint_for(source: &[u8], faces: &Faces, orders: Orders) -> Report {
    match Template::kind_of(source) {
        TemplateKind::Waybill => {
            report(source, faces, TemplateKind::Waybill, |template, text| look(template, text, orders))
        }
        TemplateKind::Free => lint_area(source, faces, None),
    }
}

/// Looks at a template of data in clear with some data. Without any, what it draws itself is looked at, and that a barcode
/// has no content is no finding.
#[must_use]
pub fn lint_area(source: &[u8], faces: &Faces, data: Option<&FreeData>) -> Report {
    report(source, faces, TemplateKind::Free, |template, text| {
        let mut report = look_at_area(template, text, data.unwrap_or(&FreeData::EMPTY));
        report.findings.retain(|finding| data.is_some() || finding.problem != Some(Problem::BarcodeEmpty));
        report
    })
}

fn report(
    source: &[u8],
    faces: &Faces,
    kind: TemplateKind,
    look: impl FnOnce(&Template, &str) -> Report,
) -> Report {
    let template = match Template::compile_as(kind, source, faces) {
        Ok(template) => template,
        Err(error) => {
            let finding = Finding::at(Rule::Refused, (error.line, error.column));
            let finding = Finding { problem: Some(error.problem), ..finding };
            return Report { findings: vec![finding], ..Report::default() };
        }
    };
    // A template that compiles is UTF-8.
    let text = String::from_utf8_lossy(source);
    let mut report = look(&template, &text);
    report.findings.sort_by_key(|finding| (finding.line, finding.column, finding.rule));
    // An element in a loop, or one that is wrong in several orders, is told once.
    report.findings.dedup_by_key(|finding| {
        let Finding { line, column, rule, resolution, problem, .. } = *finding;
        // Of several orders that are refused there, the first is enough.
        let name = finding.name.clone().filter(|_| rule != Rule::LabelRefused);
        (line, column, rule, resolution, problem, name)
    });
    let allowed = |finding: &Finding| text.contains(&format!("{ALLOW}{} ", finding.rule.id()));
    (report.allowed, report.findings) = report.findings.into_iter().partition(allowed);
    report
}

/// What was passed over.
fn remarks(template: &Template) -> Vec<Finding> {
    let remark = |remark: &TemplateError| Finding {
        problem: Some(remark.problem),
        ..Finding::at(Rule::PassedOver, (remark.line, remark.column))
    };
    template.remarks().iter().map(remark).collect()
}

fn look_at_area(template: &Template, text: &str, data: &FreeData) -> Report {
    let mut findings = remarks(template);
    let mut rasteriser = Rasteriser::new();
    colours::greys(text, &mut findings);
    let (waybill, shown) = (&Waybill::default(), &Shown::default());
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let view = View::of_data(data, waybill);
        let Some(trace) = traced(template, ("data", view), resolution, &mut findings) else { continue };
        let label = Label { template, trace: &trace, waybill, shown, resolution };
        symbols::modules(&label, &mut findings);
        if resolution == Resolution::Dpi300 {
            continue;
        }
        constants::personal(&label, text, &mut findings);
        types::sizes(&label, &mut findings);
        geometry(&label, &mut rasteriser, &mut findings);
        cut(&trace, Rule::TextCut, &mut findings);
    }
    Report { findings, allowed: Vec::new(), is_waybill: false }
}

fn look(template: &Template, text: &str, orders: Orders) -> Report {
    let mut findings = remarks(template);
    let mut rasteriser = Rasteriser::new();
    colours::greys(text, &mut findings);
    let shown = Shown::find(template, orders.ordinary, &mut findings);
    let is_waybill = shown.is_waybill;
    if is_waybill {
        sheet::size(template, &mut findings);
        sheet::reprint_mark(template, &mut findings);
    }
    fields::privacy(template, text, &shown, &mut findings);
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let Some(trace) = traced(template, ("ordinary", orders.ordinary.into()), resolution, &mut findings)
        else {
            continue;
        };
        let label = Label { template, trace: &trace, waybill: orders.ordinary, shown: &shown, resolution };
        symbols::modules(&label, &mut findings);
        if resolution == Resolution::Dpi300 {
            continue;
        }
        if is_waybill {
            zones::present(&label, &mut findings);
        }
        constants::personal(&label, text, &mut findings);
        types::sizes(&label, &mut findings);
        geometry(&label, &mut rasteriser, &mut findings);
        cut(&trace, Rule::TextCut, &mut findings);
    }
    for (name, waybill) in orders.others {
        if let Some(trace) = traced(template, (name, waybill.into()), Resolution::Dpi203, &mut findings) {
            let label =
                Label { template, trace: &trace, waybill, shown: &shown, resolution: Resolution::Dpi203 };
            geometry(&label, &mut rasteriser, &mut findings);
            let ordinary = findings.iter().any(|finding| finding.rule == Rule::TextCut);
            if !ordinary {
                cut(&trace, Rule::TextCutLong, &mut findings);
            }
        }
    }
    token::fits(template, orders.ordinary, &mut findings);
    Report { findings, allowed: Vec::new(), is_waybill }
}

/// A label that rules look at.
pub(crate) struct Label<'l> {
    pub(crate) template: &'l Template,
    pub(crate) trace: &'l Trace,
    pub(crate) waybill: &'l Waybill,
    pub(crate) shown: &'l Shown,
    pub(crate) resolution: Resolution,
}

/// The most dots that are looked at, counted once for each element, in bytes. An ordinary label has a tenth of it.
const MOST: usize = 256 << 20;

/// What has to do with where ink is.
fn geometry(label: &Label, rasteriser: &mut Rasteriser, findings: &mut Vec<Finding>) {
    if label.trace.frame.pages() > 1 {
        return;
    }
    let sheet = label.template.size();
    let [across, down] = [sheet.width, sheet.height].map(|side| label.resolution.dots(side).max(1) as usize);
    if label.trace.elements.len().saturating_mul(across * down / 8) > MOST {
        findings.push(Finding::at(Rule::NotLookedAt, (1, 1)));
        return;
    }
    let drawer = &mut Drawer::new(label.trace, rasteriser);
    sheet::bounds(label, drawer, findings);
    symbols::surroundings(label, drawer, findings);
    overlaps::texts(label, drawer, findings);
    colours::contrast(label, drawer, findings);
    sheet::reserved(label, drawer, findings);
}

fn traced(
    template: &Template,
    (name, view): (&str, View<'_>),
    resolution: Resolution,
    findings: &mut Vec<Finding>,
) -> Option<Trace> {
    match template.trace(view, resolution) {
        Ok(trace) => Some(trace),
        Err(error) => {
            let finding = Finding::at(Rule::LabelRefused, (error.line, error.column)).of(name);
            findings.push(Finding { problem: Some(error.problem), ..finding });
            None
        }
    }
}

fn cut(trace: &Trace, rule: Rule, findings: &mut Vec<Finding>) {
    let cut = trace.told.iter().filter(|told| told.problem == Problem::TextCut);
    findings.extend(cut.map(|told| Finding::at(rule, (told.line, told.column))));
}
