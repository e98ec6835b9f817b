//! `miandan label check`: what a picture of a label tells. It needs no key: it sees what anybody sees.

use std::fmt::Display;
use std::io::Read;
use std::path::Path;

use miandan_core::label::Resolution;
use miandan_lint::{Seen, Severity, USUAL, dots_per_millimetre, holds_personal_data, lint_drawn};
use miandan_picture::{Area, Document, Number, OpenError, Page, Reading, Symbol, read};
use serde_json::json;

use crate::args::{LabelCheck, LabelCommand};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::messages::{label as texts, lint};
use crate::{files, quietly};

/// The largest file that is read.
const BYTES: u64 = 1 << 30;

pub fn run(console: Console, command: &LabelCommand) -> Outcome {
    match command {
        LabelCommand::Check(arguments) => check(console, arguments),
    }
}

fn check(console: Console, arguments: &LabelCheck) -> Outcome {
    let dpi = arguments.dpi.as_deref().and_then(|dpi| dpi.parse().ok());
    let resolution = dpi.and_then(Resolution::from_dpi);
    let (mut worst, mut unread) = (None, Vec::new());
    for file in &arguments.files {
        match look(console, file, resolution, arguments.pages.get()) {
            Ok(severity) => worst = worst.max(severity),
            // Standard output is gone for the other files as well.
            Err(failure) if failure.exit != Exit::Input => return Err(failure),
            Err(failure) => unread.push(failure),
        }
    }
    // A file that cannot be read keeps none of the others from being looked at.
    let last = unread.pop();
    unread.iter().for_each(|failure| console.fail(failure));
    if let Some(failure) = last {
        return Err(failure);
    }
    let bound = if arguments.strict { Severity::Warning } else { Severity::Error };
    Ok(if worst >= Some(bound) { Exit::SomeFailed } else { Exit::Done })
}

/// Looks at the pages of a file, and answers the worst that was found.
fn look(
    console: Console,
    path: &Path,
    resolution: Option<Resolution>,
    most: usize,
) -> Result<Option<Severity>, Failure> {
    let document = open(console, path, BYTES)?;
    let mut counts = Counts::default();
    let looked = document.pages().min(most);
    for index in 0..looked {
        let (page, reading) = on_page(console, path, &document, index, |page| {
            let reading = read(&page);
            (page, reading)
        })?;
        let seen = lint_drawn(&page, &reading, resolution);
        let sheet = Sheet { console, path, number: index + 1, page: &page, resolution };
        sheet.tell(&reading, &seen)?;
        counts.add(&reading, &seen);
    }
    counts.tell(console, path, looked)?;
    if looked < document.pages() {
        let (file, pages) = (path.display(), document.pages());
        let values: [(&str, &dyn Display); 3] = [("file", &file), ("looked", &looked), ("pages", &pages)];
        console.say(&console.fill(texts::NOT_ALL, &values));
    }
    Ok(counts.worst)
}

/// Opens a picture or a document of so many bytes at most.
pub(super) fn open(console: Console, path: &Path, most: u64) -> Result<Document, Failure> {
    let mut bytes = Vec::new();
    let source = files::open(console, path)?;
    source.take(most).read_to_end(&mut bytes).map_err(|error| files::unreadable(console, path, &error))?;
    let document = quietly::run(|| Document::open(bytes)).unwrap_or(Err(OpenError::Broken));
    document.map_err(|error| failure(console, path, error, 1))
}

/// Reads something of a page, from 0. Whatever a reader makes of it, a page that it cannot stand is one that is broken.
pub(super) fn on_page<T>(
    console: Console,
    path: &Path,
    document: &Document,
    index: usize,
    read: impl FnOnce(Page) -> T,
) -> Result<T, Failure> {
    let read = quietly::run(|| document.page(index).map(read)).unwrap_or(Err(OpenError::Broken));
    read.map_err(|error| failure(console, path, error, index + 1))
}

/// Why a page of a file could not be looked at.
fn failure(console: Console, path: &Path, error: OpenError, page: usize) -> Failure {
    let (text, hint) = match error {
        OpenError::TooLarge => (texts::TOO_LARGE, texts::TOO_LARGE_HINT),
        OpenError::Encrypted => (texts::ENCRYPTED, texts::ENCRYPTED_HINT),
        OpenError::Broken | OpenError::NoPage => (texts::BROKEN, texts::BROKEN_HINT),
    };
    let file = path.display();
    let mut values: Vec<(&str, &dyn Display)> = vec![("file", &file)];
    if error == OpenError::TooLarge {
        values.push(("page", &page));
    }
    Failure::new(Exit::Input, "INPUT", console.fill(text, &values)).hint(hint.get(console.language))
}

#[derive(Default)]
struct Counts {
    symbols: usize,
    found: [usize; 3],
    worst: Option<Severity>,
}

impl Counts {
    fn add(&mut self, reading: &Reading, seen: &[Seen]) {
        self.symbols += reading.symbols.len();
        for severity in seen.iter().map(Seen::severity) {
            self.found[severity as usize] += 1;
            self.worst = self.worst.max(Some(severity));
        }
    }

    fn tell(&self, console: Console, path: &Path, pages: usize) -> Result<(), Failure> {
        let [notes, warnings, errors] = self.found;
        if console.json {
            return console.data(&json!({
                "event": "file",
                "file": files::text(path),
                "pages": pages,
                "symbols": self.symbols,
                "errors": errors,
                "warnings": warnings,
                "notes": notes,
            }));
        }
        let file = path.display();
        let values: [(&str, &dyn Display); 6] = [
            ("file", &file),
            ("pages", &pages),
            ("symbols", &self.symbols),
            ("errors", &errors),
            ("warnings", &warnings),
            ("notes", &notes),
        ];
        console.data(&console.fill(texts::COUNTS, &values))
    }
}

/// A page, and how it is spoken of.
struct Sheet<'p> {
    console: Console,
    path: &'p Path,
    /// From 1.
    number: usize,
    page: &'p Page,
    resolution: Option<Resolution>,
}

impl Sheet<'_> {
    fn tell(&self, reading: &Reading, seen: &[Seen]) -> Result<(), Failure> {
        for symbol in &reading.symbols {
            self.symbol(symbol)?;
        }
        for number in &reading.numbers {
            self.phone(number)?;
        }
        for seen in seen {
            if self.console.json { self.event(seen)? } else { self.finding(seen)? }
        }
        Ok(())
    }

    fn symbol(&self, symbol: &Symbol) -> Result<(), Failure> {
        let [left, top, width, height] = self.place(symbol.area);
        let module = symbol.module / self.scale();
        let [at203, at300] = [Resolution::Dpi203, Resolution::Dpi300]
            .map(|resolution| hundredths(module * resolution.dots_per_millimetre()));
        let quiet = symbol.quiet.map(|quiet| (quiet * 10.0).round() / 10.0);
        let contrast = (symbol.contrast * 100.0).round();
        let said = (!holds_personal_data(&symbol.text)).then_some(symbol.text.as_str());
        let kind = symbol.kind.as_str();
        if self.console.json {
            return self.console.data(&without_nulls(json!({
                "event": "symbol",
                "file": files::text(self.path),
                "page": self.number,
                "kind": kind,
                "text": said,
                "place_mm": [left, top, width, height],
                "turned": symbol.turned,
                "module_mm": hundredths(module * 10.0) / 10.0,
                "dots_at_203": at203,
                "dots_at_300": at300,
                "quiet_modules": quiet,
                "contrast_percent": contrast,
            })));
        }
        let fill = |text, modules: &dyn Display| self.console.fill(text, &[("modules", modules)]);
        let quiet = match quiet {
            Some(quiet) if quiet >= symbol.kind.quiet_zone() && !symbol.kind.is_linear() => {
                fill(texts::MODULES_OR_MORE, &symbol.kind.quiet_zone())
            }
            Some(quiet) => fill(texts::MODULES, &quiet),
            None => texts::UNKNOWN.get(self.console.language).to_owned(),
        };
        let said = said.unwrap_or(texts::NOT_SAID.get(self.console.language));
        let file = self.path.display();
        let said = printable(said);
        let module = hundredths(module * 10.0) / 10.0;
        let values: [(&str, &dyn Display); 13] = [
            ("file", &file),
            ("page", &self.number),
            ("kind", &kind),
            ("left", &left),
            ("top", &top),
            ("width", &width),
            ("height", &height),
            ("module", &module),
            ("at203", &at203),
            ("at300", &at300),
            ("quiet", &quiet),
            ("contrast", &contrast),
            ("text", &said),
        ];
        self.console.data(&self.console.fill(texts::SYMBOL, &values))
    }

    /// How many digits of a phone are shown, and not which.
    fn phone(&self, number: &Number) -> Result<(), Failure> {
        let [left, top, ..] = self.place(number.area);
        let shown = number.shown();
        if self.console.json {
            return self.console.data(&json!({
                "event": "number",
                "file": files::text(self.path),
                "page": self.number,
                "place_mm": self.place(number.area),
                "digits_shown": shown,
                "extension": number.has_extension,
            }));
        }
        let file = self.path.display();
        let values: [(&str, &dyn Display); 5] =
            [("file", &file), ("page", &self.number), ("left", &left), ("top", &top), ("shown", &shown)];
        let text = if number.has_extension { texts::VIRTUAL } else { texts::NUMBER };
        self.console.data(&self.console.fill(text, &values))
    }

    fn event(&self, seen: &Seen) -> Result<(), Failure> {
        let Seen { rule, place, measure, kind, resolution } = seen;
        let value = json!({
            "event": "finding",
            "file": files::text(self.path),
            "page": self.number,
            "rule": rule.id(),
            "severity": seen.severity().as_str(),
            "kind": kind.map(|kind| kind.as_str()),
            "place_mm": place,
            "dpi": resolution.map(Resolution::dpi),
            "found": measure.map(|measure| measure.found),
            "needed": measure.map(|measure| measure.needed),
            "unit": measure.map(|measure| measure.unit.as_str()),
            "what": rule.what(),
            "reason": rule.why(),
            "fix": rule.fix(),
        });
        self.console.data(&without_nulls(value))
    }

    fn finding(&self, seen: &Seen) -> Result<(), Failure> {
        let console = self.console;
        let [what, why, fix] = lint::texts(seen.rule, console.language);
        let mut more = Vec::new();
        if let Some([left, top, ..]) = seen.place {
            let kind = seen.kind.map(|kind| kind.as_str());
            let mut values: Vec<(&str, &dyn Display)> = vec![("left", &left), ("top", &top)];
            if let Some(kind) = &kind {
                values.push(("kind", kind));
            }
            more.push(console.fill(if kind.is_some() { texts::PLACE } else { texts::PLACE_ONLY }, &values));
        }
        more.extend(seen.measure.map(|measure| lint::measure(console, seen.rule, measure)));
        more.extend(
            seen.resolution.map(|resolution| console.fill(lint::AT_DPI, &[("dpi", &resolution.dpi())])),
        );
        let more = lint::more(console, &more);
        let severity = lint::severity(seen.severity()).get(console.language);
        let file = self.path.display();
        let values: [(&str, &dyn Display); 6] = [
            ("file", &file),
            ("page", &self.number),
            ("severity", &severity),
            ("what", &what),
            ("more", &more),
            ("rule", &seen.rule.id()),
        ];
        console.data(&console.fill(texts::FINDING, &values))?;
        console.data(&console.fill(lint::REASON, &[("why", &why)]))?;
        console.data(&console.fill(lint::FIX, &[("fix", &fix)]))
    }

    /// Pixels of a millimetre.
    fn scale(&self) -> f64 {
        dots_per_millimetre(self.page, self.resolution).unwrap_or(USUAL)
    }

    fn place(&self, Area { left, top, right, bottom }: Area) -> [f64; 4] {
        let tenths = |pixels: usize| (pixels as f64 / self.scale() * 10.0).round() / 10.0;
        [left, top, right - left, bottom - top].map(tenths)
    }
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// What a symbol says, without what a terminal would take for orders.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}
