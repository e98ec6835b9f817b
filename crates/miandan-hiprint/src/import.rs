//! The way through: read, carry over element by element, put together, and make sure that it compiles.

use miandan_render::template::Template;

use crate::design::{Design, POINT, Panel};
use crate::error::ImportError;
use crate::item::Item;
use crate::mapping::{Mapping, Meaning, Target};
use crate::note::{Kind, Note, Outcome, Reason, Remark};
use crate::write::{Tag, comment, millimetres, name, number};
use crate::{code, picture, shapes, table, text};

/// Bytes that the elements may have together: a template may have 256 KiB.
const TEMPLATE: usize = 250 << 10;

/// Elements, attributes and texts of a template, less some for the page: it may have 4,000.
const NODES: usize = 3_900;

/// What became of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The template. It compiles.
    pub template: String,
    /// What became of each element, in the order of the design; before them what is to be said of the panel.
    pub report: Vec<Note>,
}

/// Which panel of a design is imported, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Which panel, from 0.
    pub panel: usize,
    /// The words of the comments.
    pub wording: Wording,
}

/// The words of the comments in a template. They are English unless a caller has others.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// Where the template is from; `{pointer}`, `{carried}`, `{changed}` and `{left_out}` stand for the panel and for counts.
    pub origin: &'static str,
    /// What is not as it was, and what can be done.
    pub reason: fn(Reason) -> [&'static str; 2],
    /// What stands between those two.
    pub comma: &'static str,
}

impl Default for Wording {
    fn default() -> Self {
        Wording {
            origin: "Imported from {pointer} of a hiprint design: {carried} elements as they were, {changed} changed, {left_out} left out.",
            reason: |reason| [reason.what(), reason.fix()],
            comma: "; ",
        }
    }
}

/// The first panel of a design as a template.
///
/// # Errors
/// What is wrong with the design as a whole; what is wrong with an element is a [`Note`].
pub fn import(design: &[u8], mapping: &Mapping) -> Result<Import, ImportError> {
    import_with(design, mapping, &Options::default())
}

/// A panel of a design as a template, with comments in the words of the caller.
///
/// # Errors
/// As [`import`].
pub fn import_with(design: &[u8], mapping: &Mapping, options: &Options) -> Result<Import, ImportError> {
    let design = Design::read(design)?;
    let panel = design.panel(options.panel)?;
    let mut importer = Importer::new(mapping, options.wording, &panel);
    importer.panel(&panel, &design);
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
    /// Below the table that flows, and moved by it.
    Below,
    Footer,
}

/// The table whose rows make the label flow to more pages: of several the uppermost. Lengths are in points.
#[derive(Clone, Copy, Debug)]
struct Flow {
    /// Which element it is.
    element: usize,
    top: f64,
    /// Where it ends in the design.
    bottom: f64,
    /// Whether something stands below it, so that it has to move that.
    moves: bool,
    /// How far down that reaches, from the end of the table.
    depth: f64,
}

/// What is kept in mind from one element to the next.
pub(crate) struct Importer<'m> {
    pub(crate) mapping: &'m Mapping,
    wording: Wording,
    /// Statements that expressions need, in the order in which they were asked for.
    preludes: Vec<&'static str>,
    /// Codes so far.
    pub(crate) codes: usize,
    /// Sources of the pictures so far.
    pub(crate) pictures: Vec<String>,
    /// Pictures that were looked at, of whatever use they were.
    pub(crate) looked_at: usize,
    /// Elements, attributes and texts so far.
    nodes: usize,
    /// Bytes of the lines so far.
    length: usize,
    flow: Option<Flow>,
    /// On pages that flow: the height of the header and where the footer begins, in points.
    header: f64,
    footer: f64,
    lines: [Vec<String>; 4],
    /// Those of the table that flows, if it moves something.
    table: Vec<String>,
    report: Vec<Note>,
}

/// What is written for an element.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    /// Lines, indented by what they add.
    pub(crate) lines: Vec<String>,
    /// What the expressions need.
    pub(crate) preludes: Vec<&'static str>,
}

impl Drawn {
    /// One line with an element and its text.
    pub(crate) fn line(line: String) -> Self {
        Drawn { lines: vec![line], preludes: Vec::new() }
    }

    /// Lines that need the statements of a target.
    pub(crate) fn needs(mut self, target: Option<Target>) -> Self {
        self.preludes.extend(target.map(Target::prelude).filter(|prelude| !prelude.is_empty()));
        self
    }
}

impl<'m> Importer<'m> {
    fn new(mapping: &'m Mapping, wording: Wording, panel: &Panel<'_>) -> Self {
        let height = panel.height / POINT;
        let mut importer = Importer {
            mapping,
            wording,
            preludes: Vec::new(),
            codes: 0,
            pictures: Vec::new(),
            looked_at: 0,
            nodes: 0,
            length: 0,
            flow: None,
            header: 0.0,
            footer: height,
            lines: [const { Vec::new() }; 4],
            table: Vec::new(),
            report: Vec::new(),
        };
        let items =
            || panel.elements.iter().enumerate().map(|(index, element)| Item::read(panel, index, element));
        let tables = items().filter(|item| item.kind == Kind::Table && item.is_near());
        importer.flow = tables
            .filter(|item| table::is_of_goods(item, mapping))
            .map(|item| {
                let (top, bottom) = (item.area.top, item.area.top + item.area.height.max(1.0));
                Flow { element: item.note.element.unwrap_or_default(), top, bottom, moves: false, depth: 0.0 }
            })
            .min_by(|one, other| one.top.total_cmp(&other.top));
        if importer.flow.is_some() {
            let line = |name| panel.options.number(name).ok().flatten();
            importer.footer =
                line("paperFooter").filter(|at| *at > 1.0 && *at < height - 1.0).unwrap_or(height);
            importer.header =
                line("paperHeader").filter(|at| *at > 1.0 && *at < importer.footer).unwrap_or(0.0);
            let moves = items().any(|item| importer.zone(&item) == Zone::Below);
            importer.flow.iter_mut().for_each(|flow| flow.moves = moves);
        }
        importer
    }

    /// What is to be said of the panel, and of the others.
    fn panel(&mut self, panel: &Panel<'_>, design: &Design) {
        let note = |panel: usize, outcome, remarks: Vec<Reason>| Note {
            panel,
            element: None,
            pointer: design.pointer(panel),
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
        for other in (0..design.len()).filter(|other| *other != panel.index) {
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
        self.put(Some(Zone::Footer), Drawn::line(tag.empty()));
        true
    }

    fn zone(&self, item: &Item<'_>) -> Zone {
        let Some(flow) = self.flow.filter(|flow| Some(flow.element) != item.note.element) else {
            return Zone::Body;
        };
        if item.area.top + item.area.height <= self.header + 0.5 {
            Zone::Header
        } else if item.area.top >= self.footer - 0.5 {
            Zone::Footer
        } else if item.area.top >= flow.bottom - 0.5 && item.is_near() {
            Zone::Below
        } else {
            Zone::Body
        }
    }

    fn element(&mut self, mut item: Item<'_>) {
        let zone = self.zone(&item);
        let field = item.options.text("field");
        item.note.field = (!field.is_empty()).then(|| name(&field));
        let mut drawn = Drawn::default();
        if let Some(reason) = self.absent(&item) {
            item.leave_out(reason);
        } else {
            item.rules(self.flow.is_some());
            match (zone, &mut self.flow) {
                (Zone::Footer, _) => item.area.top -= self.footer,
                (Zone::Below, Some(flow)) => {
                    item.area.top -= flow.bottom;
                    flow.depth = flow.depth.max(item.area.top + item.area.height);
                }
                _ => {}
            }
            drawn = self.draw(&mut item).unwrap_or_default();
        }
        if item.note.outcome != Outcome::LeftOut && !self.fits(&drawn) {
            item.leave_out(Reason::TooMuch);
            drawn = Drawn::default();
        }
        if item.note.outcome == Outcome::LeftOut {
            drawn.lines.insert(0, left_out(&item, self.wording));
        }
        let flows = self.flow.is_some_and(|flow| flow.moves && Some(flow.element) == item.note.element);
        self.put(if flows { None } else { Some(zone) }, drawn);
        self.report.push(item.note);
    }

    /// Why an element is not there whatever it is.
    fn absent(&self, item: &Item<'_>) -> Option<Reason> {
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
            Kind::Table => {
                let flows = self.flow.filter(|flow| Some(flow.element) == item.note.element);
                if flows.is_none() && self.flow.is_some() {
                    item.remark(Reason::SecondTable);
                }
                table::draw(self, item, flows.is_none_or(|flow| !flow.moves))
            }
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
        let (meaning, by_title) = self.mapping.field(&field, &item.options.text("title"));
        match meaning {
            Meaning::Known(target) => {
                if by_title {
                    item.remark(Reason::ByTitle);
                }
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
        self.nodes + drawn.nodes() <= NODES && self.length + drawn.length() <= TEMPLATE
    }

    /// Adds lines if there is room for them: comments may be many as well. Without a zone they are those of the table that
    /// flows.
    fn put(&mut self, zone: Option<Zone>, drawn: Drawn) {
        if !self.fits(&drawn) {
            return;
        }
        self.nodes += drawn.nodes();
        self.length += drawn.length();
        for prelude in drawn.preludes {
            if !self.preludes.contains(&prelude) {
                self.preludes.push(prelude);
            }
        }
        zone.map_or(&mut self.table, |zone| &mut self.lines[zone as usize]).extend(drawn.lines);
    }

    fn finish(self, panel: &Panel<'_>) -> Import {
        let [header, body, below, footer] = &self.lines;
        let count = |outcome| {
            self.report.iter().filter(|note| note.element.is_some() && note.outcome == outcome).count()
        };
        let [carried, changed, left_out] = Outcome::ALL.map(count);
        let values = [
            ("{pointer}", panel.pointer.clone()),
            ("{carried}", carried.to_string()),
            ("{changed}", changed.to_string()),
            ("{left_out}", left_out.to_string()),
        ];
        let origin = values
            .iter()
            .fold(self.wording.origin.to_owned(), |text, (name, value)| text.replace(name, value));
        let mut out = String::new();
        let mut line = |indent: usize, line: &str| out.push_str(&format!("{:indent$}{line}\n", ""));
        line(0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        line(0, &comment(&origin));
        let splits = if self.flow.is_some() { " splitable=\"true\"" } else { "" };
        let (width, height) = (number(panel.width), number(panel.height));
        line(0, &format!("<page width=\"{width}\" height=\"{height}\"{splits}>"));
        self.preludes.iter().for_each(|prelude| line(2, &format!("<% {prelude} %>")));
        if self.header > 0.0 {
            line(2, &format!("<header height=\"{}\">", millimetres(self.header)));
            header.iter().for_each(|text| line(4, text));
            line(2, "</header>");
        }
        body.iter().for_each(|text| line(2, text));
        if let Some(flow) = self.flow.filter(|flow| flow.moves) {
            // The table, and a box with what it moves.
            let top = millimetres(flow.top);
            line(2, &format!("<layout left=\"0\" top=\"{top}\" width=\"{width}\" orientation=\"vertical\">"));
            self.table.iter().for_each(|text| line(4, text));
            line(4, &format!("<layout left=\"0\" width=\"{width}\" height=\"{}\">", millimetres(flow.depth)));
            below.iter().for_each(|text| line(6, text));
            line(4, "</layout>");
            line(2, "</layout>");
        }
        let rest = panel.height / POINT - self.footer;
        if rest > 1.0 {
            line(2, &format!("<footer height=\"{}\">", millimetres(rest)));
            footer.iter().for_each(|text| line(4, text));
            line(2, "</footer>");
        }
        line(0, "</page>");
        Import { template: out, report: self.report }
    }
}

impl Drawn {
    /// Elements, attributes and texts in the lines, or more: what begins with `<` may have a text before and behind it.
    fn nodes(&self) -> usize {
        let count = |line: &String| match line.starts_with("<!--") {
            true => 2,
            false => {
                1 + 2 * (line.matches('<').count() - line.matches("</").count()) + line.matches("=\"").count()
            }
        };
        self.lines.iter().map(count).sum()
    }

    /// Bytes of the lines with what stands around them.
    fn length(&self) -> usize {
        self.lines.iter().map(|line| line.len() + 7).sum()
    }
}

/// The comment that stands in the place of an element.
fn left_out(item: &Item<'_>, wording: Wording) -> String {
    let field = item.note.field.as_ref().map(|field| format!(" \"{field}\"")).unwrap_or_default();
    // The last remark is the one for which it was left out.
    let why = item.note.remarks.last().map(|remark| (wording.reason)(remark.reason).join(wording.comma));
    comment(&format!("{}{field}: {}", item.kind.as_str(), why.unwrap_or_default()))
}
