//! The way through: read, carry over element by element, put together, and make sure that it compiles.

use miandan_render::template::{Template, TemplateError};

use crate::design::{Design, POINT, Panel};
use crate::item::Item;
use crate::mapping::{Mapping, Meaning, Target};
use crate::note::{Kind, Note, Outcome, Reason, Remark};
use crate::write::{Tag, comment, name, number};
use crate::{code, picture, shapes, table, text};

/// Bytes that the elements may have together: a template may have 256 KiB.
const TEMPLATE: usize = 250 << 10;

/// Elements and texts of a template, less some for the page: it may have 4,000.
const NODES: usize = 3_900;

/// What became of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The template. It compiles.
    pub template: String,
    /// What became of each element, in the order of the design; before them what is to be said of the panel.
    pub report: Vec<Note>,
}

/// Why there is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file has more than [`SIZE`](crate::SIZE) bytes.
    #[error("the design is too large")]
    TooLarge,
    /// The file is no JSON, or nested too deeply.
    #[error("line {line}, column {column}: no JSON")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1; 0 at the end of a line.
        column: usize,
    },
    /// The JSON is no design.
    #[error("{pointer}: not a design")]
    NotADesign {
        /// Where something else was expected (RFC 6901).
        pointer: String,
    },
    /// The design has no panel of this number.
    #[error("there are {panels} panels")]
    NoSuchPanel {
        /// How many it has.
        panels: usize,
    },
    /// The panel has no size, or one that no page has.
    #[error("{pointer}: a panel has 1 to 1200 mm along each side")]
    PageSize {
        /// Where it should stand.
        pointer: String,
    },
    /// There are more than [`PANELS`](crate::PANELS) panels or [`ELEMENTS`](crate::ELEMENTS) elements.
    #[error("{pointer}: too many")]
    TooMany {
        /// Of what.
        pointer: String,
    },
    /// What was made does not compile. That is a defect of this crate.
    #[error("the template that was made does not compile: {0}")]
    Refused(#[from] TemplateError),
}

/// The first panel of a design as a template.
///
/// # Errors
/// What is wrong with the design as a whole; what is wrong with an element is a [`Note`].
pub fn import(design: &[u8], mapping: &Mapping) -> Result<Import, ImportError> {
    import_panel(design, mapping, 0)
}

/// A panel of a design as a template. Panels are counted from 0.
///
/// # Errors
/// As [`import`].
pub fn import_panel(design: &[u8], mapping: &Mapping, panel: usize) -> Result<Import, ImportError> {
    let design = Design::read(design)?;
    let panel = design.panel(panel)?;
    let mut importer = Importer::new(mapping, &panel);
    importer.panel(&panel, design.len());
    for (index, element) in panel.elements.iter().enumerate() {
        let item = Item::read(&panel, index, element);
        importer.element(item);
    }
    let import = importer.finish(&panel);
    Template::compile(import.template.as_bytes())?;
    Ok(import)
}

/// Where an element stands on pages that flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    Header,
    Body,
    Footer,
}

/// What is kept in mind from one element to the next.
pub(crate) struct Importer<'m> {
    pub(crate) mapping: &'m Mapping,
    /// Statements that expressions need, in the order in which they were asked for.
    preludes: Vec<&'static str>,
    /// Codes so far.
    pub(crate) codes: usize,
    /// Sources of the pictures so far.
    pub(crate) pictures: Vec<String>,
    /// Elements and texts so far.
    nodes: usize,
    /// Bytes of the lines so far.
    length: usize,
    /// Where the first table stands whose rows make the label flow to more pages, in points: its top and its bottom.
    flow: Option<(f64, f64)>,
    /// On pages that flow: the height of the header and where the footer begins, in points.
    header: f64,
    footer: f64,
    lines: [Vec<String>; 3],
    report: Vec<Note>,
}

/// What is written for an element.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    /// Lines, indented by what they add.
    pub(crate) lines: Vec<String>,
    /// Elements and texts among them.
    pub(crate) nodes: usize,
    /// What the expressions need.
    pub(crate) preludes: Vec<&'static str>,
}

impl Drawn {
    /// One line with an element and its text.
    pub(crate) fn line(line: String) -> Self {
        Drawn { lines: vec![line], nodes: 2, preludes: Vec::new() }
    }

    /// Lines that need the statements of a target.
    pub(crate) fn needs(mut self, target: Option<Target>) -> Self {
        self.preludes.extend(target.map(Target::prelude).filter(|prelude| !prelude.is_empty()));
        self
    }
}

impl<'m> Importer<'m> {
    fn new(mapping: &'m Mapping, panel: &Panel<'_>) -> Self {
        let height = panel.height / POINT;
        let mut importer = Importer {
            mapping,
            preludes: Vec::new(),
            codes: 0,
            pictures: Vec::new(),
            nodes: 0,
            length: 0,
            flow: None,
            header: 0.0,
            footer: height,
            lines: [const { Vec::new() }; 3],
            report: Vec::new(),
        };
        let tables =
            panel.elements.iter().enumerate().map(|(index, element)| Item::read(panel, index, element));
        importer.flow = tables
            .filter(|item| item.kind == Kind::Table && item.is_near() && table::is_of_goods(item, mapping))
            .map(|item| (item.area.top, item.area.top + item.area.height))
            .min_by(|one, other| one.0.total_cmp(&other.0));
        if importer.flow.is_some() {
            let line = |name| panel.options.number(name).ok().flatten();
            importer.footer =
                line("paperFooter").filter(|at| *at > 1.0 && *at < height - 1.0).unwrap_or(height);
            importer.header =
                line("paperHeader").filter(|at| *at > 1.0 && *at < importer.footer).unwrap_or(0.0);
        }
        importer
    }

    /// What is to be said of the panel, and of the others.
    fn panel(&mut self, panel: &Panel<'_>, panels: usize) {
        let note = |panel: usize, outcome, remarks: Vec<Reason>| Note {
            panel,
            element: None,
            pointer: format!("/panels/{panel}"),
            kind: Kind::Panel,
            outcome,
            field: None,
            target: None,
            remarks: remarks.into_iter().map(|reason| Remark { reason, column: None }).collect(),
        };
        let mut remarks = Vec::new();
        if !panel.options.is_set("paperNumberDisabled") && !self.page_number(panel) {
            remarks.push(Reason::PageNumber);
        }
        let watermark = panel.options.get("watermarkOptions");
        if watermark
            .and_then(|options| options.get("content"))
            .is_some_and(|content| content.as_str() != Some(""))
        {
            remarks.push(Reason::Watermark);
        }
        if ["firstPaperFooter", "evenPaperFooter", "oddPaperFooter", "lastPaperFooter", "panelPageRule"]
            .iter()
            .any(|name| self.flow.is_some() && panel.options.is_set(name))
        {
            remarks.push(Reason::PageRule);
        }
        if !remarks.is_empty() {
            self.report.push(note(panel.index, Outcome::Changed, remarks));
        }
        for other in (0..panels).filter(|other| *other != panel.index) {
            self.report.push(note(other, Outcome::LeftOut, vec![Reason::OtherPanel]));
        }
    }

    /// Puts the number of the page into the footer, if it stands there and is written in the usual way.
    fn page_number(&mut self, panel: &Panel<'_>) -> bool {
        let place = |name| panel.options.number(name).ok().flatten();
        let (Some(left), Some(top)) = (place("paperNumberLeft"), place("paperNumberTop")) else {
            return false;
        };
        let width = panel.width / POINT;
        let format = panel.options.word("paperNumberFormat");
        let within = (0.0..width - 10.0).contains(&left)
            && top >= self.footer - 0.5
            && top < panel.height / POINT - 9.0;
        if self.flow.is_none() || !within || !format.is_empty() {
            return false;
        }
        let mut tag = Tag::new("pageIndex");
        tag.length("left", left);
        tag.length("top", (top - self.footer).max(0.0));
        tag.length("width", (width - left).min(72.0));
        tag.length("height", 10.0);
        tag.attribute("format", "currentPageNumber-totalPageNumber");
        tag.style("fontSize", "9");
        self.put(Zone::Footer, Drawn::line(tag.empty()));
        true
    }

    fn zone(&self, item: &Item<'_>) -> Zone {
        if item.kind == Kind::Table || self.flow.is_none() {
            Zone::Body
        } else if item.area.top + item.area.height <= self.header + 0.5 {
            Zone::Header
        } else if item.area.top >= self.footer - 0.5 {
            Zone::Footer
        } else {
            Zone::Body
        }
    }

    fn element(&mut self, mut item: Item<'_>) {
        let zone = self.zone(&item);
        let field = item.options.text("field");
        item.note.field = (!field.is_empty()).then(|| name(&field));
        let drawn = if let Some(reason) = self.absent(&mut item) {
            item.leave_out(reason);
            None
        } else {
            item.rules(self.flow.is_some());
            if let (Zone::Body, Some((top, bottom))) = (zone, self.flow)
                && item.area.top >= bottom.max(top + 1.0)
            {
                item.remark(Reason::BelowTable);
            }
            if zone == Zone::Footer {
                item.area.top -= self.footer;
            }
            self.draw(&mut item)
        };
        let is_there = item.note.outcome != Outcome::LeftOut;
        let drawn = drawn.unwrap_or_default();
        if is_there && !self.fits(&drawn) {
            item.leave_out(Reason::TooMuch);
            self.put(zone, Drawn { lines: vec![left_out(&item)], ..Drawn::default() });
        } else {
            if !is_there {
                self.put(zone, Drawn { lines: vec![left_out(&item)], ..Drawn::default() });
            }
            self.put(zone, drawn);
        }
        self.report.push(item.note);
    }

    /// Why an element is not there whatever it is.
    fn absent(&self, item: &mut Item<'_>) -> Option<Reason> {
        let shown = item.options.word("showInPage");
        if shown == "none" || shown == "even" && self.flow.is_none() {
            return Some(Reason::NotShown);
        }
        (!item.is_near()).then_some(Reason::OffSheet)
    }

    fn draw(&mut self, item: &mut Item<'_>) -> Option<Drawn> {
        match item.kind {
            Kind::Text => match item.options.word("textType") {
                "barcode" | "qrcode" => code::draw(self, item),
                _ => text::draw(self, item),
            },
            Kind::LongText => text::draw(self, item),
            Kind::Barcode | Kind::QrCode => code::draw(self, item),
            Kind::Image => picture::draw(self, item),
            Kind::Table => table::draw(self, item),
            Kind::HorizontalLine | Kind::VerticalLine => shapes::line(item),
            Kind::Rectangle | Kind::Oval => shapes::shape(item),
            Kind::Html => {
                item.leave_out(Reason::Html);
                None
            }
            Kind::Unknown | Kind::Panel => {
                item.leave_out(Reason::UnknownKind);
                None
            }
        }
    }

    /// What the field of an element means, with the reason for leaving it out where it has no value here.
    pub(crate) fn target(&self, item: &mut Item<'_>) -> Result<Option<Target>, ()> {
        let field = item.options.text("field");
        if field.is_empty() {
            return Ok(None);
        }
        match self.mapping.field(&field) {
            Meaning::Known(target) => {
                item.note.target = Some(target.name());
                Ok(Some(target))
            }
            Meaning::NeverPrinted => {
                item.leave_out(Reason::NeverPrinted);
                Err(())
            }
            Meaning::Unknown => {
                item.leave_out(Reason::UnknownField);
                Err(())
            }
        }
    }

    fn fits(&self, drawn: &Drawn) -> bool {
        self.nodes + drawn.nodes <= NODES && self.length + drawn.length() <= TEMPLATE
    }

    /// Adds lines if there is room for them: comments may be many as well.
    fn put(&mut self, zone: Zone, drawn: Drawn) {
        if !self.fits(&drawn) {
            return;
        }
        self.nodes += drawn.nodes;
        self.length += drawn.length();
        for prelude in drawn.preludes {
            if !self.preludes.contains(&prelude) {
                self.preludes.push(prelude);
            }
        }
        self.lines[zone as usize].extend(drawn.lines);
    }

    fn finish(self, panel: &Panel<'_>) -> Import {
        let [header, body, footer] = &self.lines;
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let count = |outcome| {
            self.report.iter().filter(|note| note.element.is_some() && note.outcome == outcome).count()
        };
        let [carried, changed, left_out] = Outcome::ALL.map(count);
        let origin = format!(
            "Imported from /panels/{} of a hiprint design: {carried} elements as they were, {changed} changed, {left_out} left out.",
            panel.index,
        );
        out.push_str(&comment(&origin));
        let splits = if self.flow.is_some() { " splitable=\"true\"" } else { "" };
        let (width, height) = (number(panel.width), number(panel.height));
        out.push_str(&format!("\n<page width=\"{width}\" height=\"{height}\"{splits}>\n"));
        for prelude in &self.preludes {
            out.push_str(&format!("  <% {prelude} %>\n"));
        }
        let mut part = |name: &str, height: f64, lines: &[String]| {
            let indent = if name.is_empty() { "  " } else { "    " };
            if !name.is_empty() {
                out.push_str(&format!("  <{name} height=\"{}\">\n", number(height * POINT)));
            }
            for line in lines {
                out.push_str(&format!("{indent}{line}\n"));
            }
            if !name.is_empty() {
                out.push_str(&format!("  </{name}>\n"));
            }
        };
        if self.header > 0.0 {
            part("header", self.header, header);
        }
        part("", 0.0, body);
        let rest = panel.height / POINT - self.footer;
        if rest > 1.0 {
            part("footer", rest, footer);
        }
        out.push_str("</page>\n");
        Import { template: out, report: self.report }
    }
}

impl Drawn {
    /// Bytes of the lines with what stands around them.
    fn length(&self) -> usize {
        self.lines.iter().map(|line| line.len() + 5).sum()
    }
}

/// The comment that stands in the place of an element.
fn left_out(item: &Item<'_>) -> String {
    let field = item.note.field.as_ref().map(|field| format!(" \"{field}\"")).unwrap_or_default();
    // The last remark is the one for which it was left out.
    let why =
        item.note.remarks.last().map(|remark| format!("{}; {}", remark.reason.what(), remark.reason.fix()));
    comment(&format!("{}{field}: {}", item.kind.as_str(), why.unwrap_or_default()))
}
