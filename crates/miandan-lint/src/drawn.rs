//! A label that is drawn already: what its picture tells.

use miandan_core::label::Resolution;
use miandan_picture::{Area, Kind, Number, Page, Reading, Symbol};

use crate::colours::BLACK_PERCENT;
use crate::constants::holds_personal_data;
use crate::finding::{Measure, Unit};
use crate::sheet::{MARGIN, SIZES};
use crate::symbols::{LINEAR_MODULE, MAIN_HEIGHT, OTHER_HEIGHT, QR_MODULE, dots};
use crate::token::is_token;
use crate::{Rule, Severity};

/// Dots of a millimetre where nothing says how many there are.
pub const USUAL: f64 = 8.0;

/// By how much of a dot a width may miss whole dots. A bar that a printer makes wider is wider by a whole one.
const WHOLE: f64 = 0.5;

/// The same for the mean of a symbol that was drawn from lines, where it is known much better.
const WHOLE_MEAN: f64 = 0.06;

/// A picture may be a little smaller or larger than its sheet, in millimetres.
const GRACE: f64 = 1.0;

/// Quiet zones are measured in pixels, and may be short of whole modules by a part of one.
const QUIET_GRACE: f64 = 0.35;

/// The symbol contrast of grade B (ISO/IEC 15416).
const CONTRAST: f64 = 0.55;

/// Of a picture's pixels so many may be grey: letters have soft edges in many pictures.
const GREY: f64 = 0.12;

/// The most digits of a mobile number that are shown.
const DIGITS: usize = 5;

/// Something that is wrong with a label that is drawn already.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What for.
    pub rule: Rule,
    /// Where: left, top, width and height in millimetres. None where the whole page is meant.
    pub place: Option<[f64; 4]>,
    /// How much there is, and how much there should be.
    pub measure: Option<Measure>,
    /// Which symbol.
    pub kind: Option<Kind>,
    /// At which resolution, where it is not the same at all.
    pub resolution: Option<Resolution>,
}

impl Seen {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

/// Says what is wrong with a page. What is read of it is given along, and the resolution that it is to be printed at, if
/// that is known.
#[must_use]
pub fn lint_drawn(page: &Page, reading: &Reading, resolution: Option<Resolution>) -> Vec<Seen> {
    let mut sight = Sight::new(page, reading, resolution);
    sight.symbols();
    sight.numbers();
    sight.sheet();
    sight.found
}

/// How many dots a millimetre of a page has: as its file says; else by the resolution asked for; else, if it is as large as
/// a sheet that carriers use at 203 or at 300 dpi, by that.
#[must_use]
pub fn dots_per_millimetre(page: &Page, asked: Option<Resolution>) -> Option<f64> {
    let fits = |resolution: &Resolution| {
        let pixels = |length: i32| f64::from(length) * resolution.dots_per_millimetre();
        let near = |pixels: f64, length: usize| (pixels - length as f64).abs() <= 1.0;
        let is =
            |size: &[i32; 2]| near(pixels(size[0]), page.width()) && near(pixels(size[1]), page.height());
        SIZES.iter().any(is)
    };
    let fitting = || [Resolution::Dpi203, Resolution::Dpi300].into_iter().find(fits);
    page.dots_per_millimetre.or_else(|| asked.or_else(fitting).map(Resolution::dots_per_millimetre))
}

struct Sight<'p> {
    page: &'p Page,
    reading: &'p Reading,
    /// Pixels of a millimetre.
    scale: f64,
    resolution: Resolution,
    found: Vec<Seen>,
}

impl<'p> Sight<'p> {
    fn new(page: &'p Page, reading: &'p Reading, wanted: Option<Resolution>) -> Self {
        let told = dots_per_millimetre(page, wanted);
        let scale = told.unwrap_or(USUAL);
        let own = [Resolution::Dpi203, Resolution::Dpi300]
            .into_iter()
            .find(|&resolution| !page.drawn && (resolution.dots_per_millimetre() / scale - 1.0).abs() < 0.02);
        // What was drawn from lines fits the one resolution or the other, or neither.
        let fits = [Resolution::Dpi203, Resolution::Dpi300].into_iter().find(|&resolution| {
            let mut symbols = reading.symbols.iter().peekable();
            page.drawn
                && symbols.peek().is_some()
                && symbols.all(|symbol| misses(symbol.module / scale, resolution) <= WHOLE_MEAN)
        });
        let resolution = wanted.or(own).or(fits).unwrap_or_default();
        let mut found = Vec::new();
        if told.is_none() {
            let rule = Rule::ResolutionUnknown;
            found.push(Seen { rule, place: None, measure: None, kind: None, resolution: None });
        }
        Sight { page, reading, scale, resolution, found }
    }

    fn symbols(&mut self) {
        let symbols = &self.reading.symbols;
        if symbols.is_empty() {
            return self.whole(Rule::SymbolNone);
        }
        let linear = || symbols.iter().filter(|symbol| symbol.kind.is_linear());
        if linear().count() == 0 {
            self.whole(Rule::LinearNone);
        } else if linear().all(|symbol| symbol.kind != Kind::Code128) {
            self.whole(Rule::NumberSymbology);
        }
        // The number is what the largest barcode says.
        let size = |symbol: &&Symbol| symbol.area.width() * symbol.area.height();
        let main = linear().max_by_key(size).or(symbols.iter().max_by_key(size));
        if let Some(main) = main
            && symbols.iter().filter(|other| other.text.contains(&main.text) || is_token(&other.text)).count()
                < 2
        {
            self.whole(Rule::NumberOnce);
        }
        for symbol in symbols {
            self.symbol(symbol, main.is_some_and(|main| std::ptr::eq(main, symbol)));
        }
    }

    fn symbol(&mut self, symbol: &Symbol, main: bool) {
        let module = symbol.module / self.scale;
        let in_dots = module * self.resolution.dots_per_millimetre();
        let (rule, least) = if symbol.kind.is_linear() {
            (Rule::ModuleNarrow, dots(LINEAR_MODULE, self.resolution))
        } else {
            (Rule::MatrixModule, dots(QR_MODULE, self.resolution))
        };
        // A second code of the same number may be narrow: it is there for when the first one is spoilt.
        let spare = symbol.kind.is_linear()
            && self.reading.symbols.iter().any(|other| {
                other.kind.is_linear() && other.text == symbol.text && other.module > symbol.module
            });
        if in_dots < f64::from(least) - WHOLE_MEAN && !spare {
            let seen = self.at(rule, symbol, in_dots, f64::from(least), Unit::Dots);
            self.found.push(Seen { resolution: Some(self.resolution), ..seen });
        }
        if symbol.kind.is_linear() {
            let least = f64::from(if main { MAIN_HEIGHT } else { OTHER_HEIGHT }) / 1e3;
            let height = symbol.height() as f64 / self.scale;
            if height < least - 1.0 / self.scale {
                let seen = self.at(Rule::BarcodeHeight, symbol, height, least, Unit::Millimetres);
                self.found.push(seen);
            }
        }
        let needed = symbol.kind.quiet_zone();
        if let Some(quiet) = symbol.quiet.filter(|quiet| quiet + QUIET_GRACE < needed) {
            let millimetres = |modules: f64| modules * module;
            let (found, needed) = (millimetres(quiet), millimetres(needed));
            let seen = self.at(Rule::QuietZone, symbol, found, needed, Unit::Millimetres);
            self.found.push(seen);
        }
        if self.is_uneven(symbol) {
            let seen = self.at(Rule::BarsUneven, symbol, in_dots, in_dots.round().max(1.0), Unit::Dots);
            self.found.push(seen);
        }
        if symbol.contrast < CONTRAST {
            let (found, needed) = (symbol.contrast * 100.0, CONTRAST * 100.0);
            let seen = self.at(Rule::ContrastLow, symbol, found, needed, Unit::Percent);
            self.found.push(seen);
        }
        // What looks like a phone in a token is chance.
        if !is_token(&symbol.text) && holds_personal_data(&symbol.text) {
            let place = Some(self.place(symbol.area));
            let (rule, kind) = (Rule::PersonalInSymbol, Some(symbol.kind));
            self.found.push(Seen { rule, place, measure: None, kind, resolution: None });
        }
    }

    fn is_uneven(&self, symbol: &Symbol) -> bool {
        if self.page.drawn {
            // It is printed at the resolution asked for, or at that which suits it.
            let module = symbol.module / self.scale;
            return symbol.kind.is_linear() && misses(module, self.resolution) > WHOLE_MEAN;
        }
        symbol.uneven.is_some_and(|uneven| uneven * symbol.module > WHOLE)
    }

    fn numbers(&mut self) {
        for number in &self.reading.numbers {
            let Number { area, .. } = *number;
            let shown = number.shown();
            let hidden = number.text.contains('*');
            let in_code = self.reading.symbols.iter().any(|symbol| symbol.text == number.text);
            let place = Some(self.place(area));
            let seen = |rule| Seen { rule, place, measure: None, kind: None, resolution: None };
            if hidden && shown > DIGITS {
                self.found.push(seen(Rule::PhoneDigits));
            } else if !hidden && !number.has_extension && !in_code {
                self.found.push(seen(Rule::PhoneShown));
            }
        }
    }

    fn sheet(&mut self) {
        let size = [self.page.width(), self.page.height()].map(|pixels| pixels as f64 / self.scale);
        let known = |known: &[i32; 2]| {
            (f64::from(known[0]) - size[0]).abs() <= GRACE && (f64::from(known[1]) - size[1]).abs() <= GRACE
        };
        if !SIZES.iter().any(known) {
            self.whole(Rule::SheetSize);
        }
        let margin = f64::from(MARGIN) / 1e3;
        if let Some(Area { left, top, right, bottom }) = self.reading.extent {
            let free = [left, top, self.page.width() - right, self.page.height() - bottom];
            let least = free.into_iter().min().unwrap_or(0) as f64 / self.scale;
            // A pixel may be half covered.
            if least < margin - 1.0 / self.scale {
                self.measured(Rule::SheetMargin, least, margin, Unit::Millimetres);
            }
        }
        let (black, most) = (self.reading.black * 100.0, BLACK_PERCENT as f64);
        if black > most {
            self.measured(Rule::BlackArea, black, most, Unit::Percent);
        }
        if self.reading.grey > GREY {
            self.whole(Rule::Grey);
        }
    }

    fn whole(&mut self, rule: Rule) {
        self.found.push(Seen { rule, place: None, measure: None, kind: None, resolution: None });
    }

    fn measured(&mut self, rule: Rule, found: f64, needed: f64, unit: Unit) {
        let measure = Some(measure(found, needed, unit));
        self.found.push(Seen { rule, place: None, measure, kind: None, resolution: None });
    }

    fn at(&self, rule: Rule, symbol: &Symbol, found: f64, needed: f64, unit: Unit) -> Seen {
        let measure = Some(measure(found, needed, unit));
        let place = Some(self.place(symbol.area));
        Seen { rule, place, measure, kind: Some(symbol.kind), resolution: None }
    }

    fn place(&self, area: Area) -> [f64; 4] {
        [area.left, area.top, area.width(), area.height()].map(|pixels| tenths(pixels as f64 / self.scale))
    }
}

/// How far a length in millimetres is from whole dots, in dots.
fn misses(length: f64, resolution: Resolution) -> f64 {
    let dots = length * resolution.dots_per_millimetre();
    (dots - dots.round().max(1.0)).abs()
}

fn measure(found: f64, needed: f64, unit: Unit) -> Measure {
    let round = |number: f64| (number * 100.0).round() / 100.0;
    Measure { found: round(found), needed: round(needed), unit }
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
