//! Linear symbols: every line of the page is read in both directions, and lines that say the same in the same place are one
//! symbol. Its height is the number of them.

use std::collections::HashSet;

use rxing::common::BitArray;
use rxing::oned::{MultiFormatOneDReader, OneDReader};
use rxing::{BarcodeFormat, DecodeHints, Point};

use crate::code128;
use crate::ink::{Ink, runs};
use crate::page::{Area, Page};
use crate::symbol::{Kind, Symbol};

/// So many lines have to agree: Code 128 has a check character, others have weaker ones or none.
const LINES: usize = 5;
const LINES_OF_OTHERS: usize = 24;

/// The most lines between two that say the same, which were not read.
const GAP: usize = 4;

/// The fewest bars of a symbol of another kind, and of a line that is worth to be read.
const BARS: usize = 12;

/// Takes the linear symbols of a page, lying and standing, out of its ink.
pub(crate) fn take(page: &Page, ink: &mut Ink) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    let mut columns = ink.transposed();
    for reader in [code128_hits, other_hits] {
        for turned in [false, true] {
            let lines = if turned { &columns } else { &*ink };
            let found: Vec<Symbol> =
                bands(lines, reader).into_iter().map(|band| band.symbol(page, lines, turned)).collect();
            for symbol in &found {
                ink.clear(symbol.area);
                columns.clear(symbol.area.transposed());
            }
            symbols.extend(found);
        }
    }
    symbols
}

/// What one line says.
#[derive(Clone, Debug)]
struct Hit {
    kind: Kind,
    text: String,
    /// The first pixel of the first bar and the one after the last bar.
    start: usize,
    end: usize,
    module: f64,
    uneven: Option<f64>,
}

/// Lines one below the other that say the same.
struct Band {
    hit: Hit,
    top: usize,
    bottom: usize,
    lines: usize,
    /// Where bars begin and end, at most.
    start: usize,
    end: usize,
    modules: f64,
    uneven: Vec<f64>,
}

impl Band {
    fn new(hit: Hit, y: usize) -> Self {
        let (start, end, module) = (hit.start, hit.end, hit.module);
        let uneven = hit.uneven.into_iter().collect();
        Band { hit, top: y, bottom: y + 1, lines: 1, start, end, modules: module, uneven }
    }

    fn takes(&self, hit: &Hit, y: usize) -> bool {
        let near = |one: usize, other: usize| one.abs_diff(other) as f64 <= 2.0 + hit.module;
        self.hit.kind == hit.kind
            && y <= self.bottom + GAP
            && near(self.hit.start, hit.start)
            && near(self.hit.end, hit.end)
            && self.hit.text == hit.text
    }

    fn add(&mut self, hit: Hit, y: usize) {
        self.bottom = y + 1;
        self.lines += 1;
        self.start = self.start.min(hit.start);
        self.end = self.end.max(hit.end);
        self.modules += hit.module;
        self.uneven.extend(hit.uneven);
        self.hit = hit;
    }

    fn is_symbol(&self) -> bool {
        let least = if self.hit.kind == Kind::Code128 { LINES } else { LINES_OF_OTHERS };
        self.lines >= least && self.lines * 2 > self.bottom - self.top
    }

    fn symbol(self, page: &Page, lines: &Ink, turned: bool) -> Symbol {
        let module = self.modules / self.lines as f64;
        let area = Area { left: self.start, top: self.top, right: self.end, bottom: self.bottom };
        let quiet = quiet(lines, area) / module;
        let area = if turned { area.transposed() } else { area };
        let mut uneven = self.uneven;
        uneven.sort_by(f64::total_cmp);
        Symbol {
            kind: self.hit.kind,
            text: self.hit.text,
            area,
            turned,
            module,
            quiet: Some(quiet),
            // Of most lines: one that a speck has touched says nothing of the others.
            uneven: uneven.get(uneven.len() / 2).copied(),
            contrast: contrast(page, area),
        }
    }
}

fn bands(ink: &Ink, read: fn(&[usize]) -> Vec<Hit>) -> Vec<Band> {
    let mut open: Vec<Band> = Vec::new();
    let mut done = Vec::new();
    for y in 0..ink.height {
        let (still, over) = open.into_iter().partition(|band| y <= band.bottom + GAP);
        open = still;
        done.extend(over);
        let runs = runs(ink.row(y));
        if runs.len() < 2 * BARS {
            continue;
        }
        for hit in read(&runs) {
            match open.iter_mut().find(|band| band.takes(&hit, y)) {
                // A line may be read in both directions.
                Some(band) if band.bottom == y + 1 => {}
                Some(band) => band.add(hit, y),
                None => open.push(Band::new(hit, y)),
            }
        }
    }
    done.extend(open);
    done.retain(Band::is_symbol);
    done
}

fn code128_hits(runs: &[usize]) -> Vec<Hit> {
    let width: usize = runs.iter().sum();
    let forward = code128_forward(runs);
    let reversed: Vec<usize> = runs.iter().rev().copied().collect();
    let backward = code128_forward(&reversed).into_iter();
    let mirrored = backward.map(|hit| Hit { start: width - hit.end, end: width - hit.start, ..hit });
    forward.into_iter().chain(mirrored).collect()
}

fn code128_forward(runs: &[usize]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let (mut at, mut x) = (1, runs.first().copied().unwrap_or(0));
    while at + 1 < runs.len() {
        let step = match code128::read(&runs[at..]) {
            Some(read) => {
                let end = x + runs[at..at + read.runs].iter().sum::<usize>();
                let (module, uneven) = (read.module, Some(read.uneven));
                hits.push(Hit { kind: Kind::Code128, text: read.text, start: x, end, module, uneven });
                read.runs + 1
            }
            None => 2,
        };
        let next = (at + step).min(runs.len());
        x += runs[at..next].iter().sum::<usize>();
        at = next;
    }
    hits
}

/// What the readers of other symbologies make of a line. They ask for some quiet zone on both sides.
fn other_hits(runs: &[usize]) -> Vec<Hit> {
    let width: usize = runs.iter().sum();
    let hints = DecodeHints {
        PossibleFormats: Some(HashSet::from([
            BarcodeFormat::EAN_13,
            BarcodeFormat::EAN_8,
            BarcodeFormat::CODE_39,
            BarcodeFormat::CODE_93,
            BarcodeFormat::ITF,
            BarcodeFormat::CODABAR,
        ])),
        ..DecodeHints::default()
    };
    let mut reader = MultiFormatOneDReader::new(&hints);
    let mut hits = Vec::new();
    for backward in [false, true] {
        let mut bits = BitArray::with_size(width);
        let mut x = 0;
        let ordered: Vec<usize> = if backward { runs.iter().rev().copied().collect() } else { runs.to_vec() };
        for (index, &run) in ordered.iter().enumerate() {
            if index % 2 == 1 {
                (x..x + run).for_each(|x| bits.set(x));
            }
            x += run;
        }
        // Each symbol in its turn: what was read is taken away, with all before it.
        while let Ok(read) = reader.decode_row(0, &bits, &hints) {
            let Some((hit, end)) =
                other_hit(&ordered, read.getPoints(), *read.getBarcodeFormat(), read.getText())
            else {
                break;
            };
            let mirrored = Hit { start: width - hit.end, end: width - hit.start, ..hit.clone() };
            hits.push(if backward { mirrored } else { hit });
            (0..end).for_each(|x| bits.unset(x));
        }
    }
    hits
}

/// The hit whose bars begin and end around two points, and where the first of its bars after that would be.
fn other_hit(runs: &[usize], points: &[Point], format: BarcodeFormat, text: &str) -> Option<(Hit, usize)> {
    let kind = match format {
        BarcodeFormat::EAN_13 | BarcodeFormat::EAN_8 => Kind::Ean,
        BarcodeFormat::CODE_39 => Kind::Code39,
        BarcodeFormat::CODE_93 => Kind::Code93,
        BarcodeFormat::ITF => Kind::Interleaved,
        BarcodeFormat::CODABAR => Kind::Codabar,
        _ => return None,
    };
    let (from, to) = (points.first()?.x.max(0.0) as usize, points.get(1)?.x.max(0.0) as usize);
    // The runs with both points in them, then outwards to spaces that are none of the symbol's.
    let ends: Vec<usize> = runs
        .iter()
        .scan(0, |x, &run| {
            Some({
                *x += run;
                *x
            })
        })
        .collect();
    let first = ends.iter().position(|&end| end > from)? | 1;
    let last = (ends.iter().position(|&end| end >= to)?.max(first) | 1).min(runs.len().saturating_sub(2));
    let inner = runs.get(first..=last)?;
    let widest = *inner.iter().max()?;
    let module = narrow(inner)?;
    let wide = (widest as f64).max(4.0 * module);
    let outwards = |mut at: usize, step: isize| loop {
        let space = at.wrapping_add_signed(step);
        match runs.get(space) {
            Some(&run) if run as f64 <= wide && space != 0 && space + 1 < runs.len() => {
                at = at.wrapping_add_signed(2 * step);
            }
            _ => return at,
        }
    };
    let (first, last) = (outwards(first, -1), outwards(last, 1));
    let (start, end) = (ends.get(first.checked_sub(1)?).copied()?, *ends.get(last)?);
    if last - first + 1 < 2 * BARS || text.len() < 4 {
        return None;
    }
    let module = narrow(runs.get(first..=last)?)?;
    Some((Hit { kind, text: text.to_owned(), start, end, module, uneven: None }, end))
}

/// The mean of the narrow ones among some runs.
pub(crate) fn narrow(runs: &[usize]) -> Option<f64> {
    let mut sorted = runs.to_vec();
    sorted.sort_unstable();
    let least = *sorted.get(sorted.len() / 20)? as f64;
    let narrow: Vec<usize> = sorted.into_iter().filter(|&run| run as f64 <= 1.5 * least).collect();
    Some(narrow.iter().sum::<usize>() as f64 / narrow.len().max(1) as f64).filter(|&module| module > 0.0)
}

/// How many pixels are free on the narrower side of bars. The outermost lines are left out: what stands above or below
/// bars is not beside them.
fn quiet(ink: &Ink, area: Area) -> f64 {
    let inset = area.height() / 10;
    let free = (area.top + inset..area.bottom - inset).map(|y| {
        let row = ink.row(y);
        let left = row[..area.left].iter().rev().take_while(|&&black| !black).count();
        let right = row[area.right..].iter().take_while(|&&black| !black).count();
        left.min(right)
    });
    free.min().unwrap_or(0) as f64
}

/// How far apart ink and paper are in an area, of 0 to 1.
pub(crate) fn contrast(page: &Page, area: Area) -> f64 {
    let mut tones: Vec<u8> =
        (area.top..area.bottom).flat_map(|y| &page.row(y)[area.left..area.right]).copied().collect();
    tones.sort_unstable();
    let at = |percent: usize| tones.get(tones.len() * percent / 100).copied().unwrap_or(0);
    // Not the extremes: of a photograph they are noise.
    f64::from(at(95).saturating_sub(at(5))) / 255.0
}
