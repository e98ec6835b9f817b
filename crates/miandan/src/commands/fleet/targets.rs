//! Which printers of the fleet labels may go to.

use miandan_fleet::assign::{Candidate, Spread};
use miandan_fleet::place::{Place, StationPlace, is_name};
use miandan_fleet::roster::Roster;

use super::no_place;
use crate::args::{self, SpreadName};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::messages::fleet as texts;

/// How long a label takes at a printer that has not printed any yet, in milliseconds: one at 6 inches a second.
const PACE: u64 = 1_200;

/// A part of the fleet that somebody named.
pub(super) enum Part {
    Site(String),
    Station(StationPlace),
    Printer(Place),
}

impl Part {
    pub(super) fn read(console: Console, text: &str) -> Result<Self, Failure> {
        let part = match text.matches('/').count() {
            0 if is_name(text) => Some(Part::Site(text.to_owned())),
            1 => text.parse().ok().map(Part::Station),
            2.. => text.parse().ok().map(Part::Printer),
            _ => None,
        };
        part.ok_or_else(|| no_place(console, text))
    }

    pub(super) fn has(&self, place: &Place) -> bool {
        match self {
            Part::Site(site) => *site == place.at.site,
            Part::Station(station) => *station == place.at,
            Part::Printer(printer) => printer == place,
        }
    }
}

/// What labels are spread by.
pub(super) fn spread(name: SpreadName) -> Spread {
    match name {
        SpreadName::Load => Spread::Load,
        SpreadName::Carrier => Spread::Carrier,
        SpreadName::Region => Spread::Region,
        SpreadName::Goods => Spread::Goods,
    }
}

/// The printers that take labels now, of those that are meant.
///
/// A printer that is named for itself gets its labels even if nothing is heard of its station: they wait.
pub(super) fn candidates(
    console: Console,
    roster: &Roster,
    spread: &args::Spread,
    now: u64,
) -> Result<Vec<Candidate>, Failure> {
    let parts = spread.to.iter().map(|text| Part::read(console, text)).collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for entry in &roster.stations {
        for printer in &entry.state.printers {
            let place = entry.place.printer(&printer.name);
            let named = parts.iter().any(|part| matches!(part, Part::Printer(named) if *named == place));
            let meant = parts.is_empty() || parts.iter().any(|part| part.has(&place));
            let works = entry.takes_labels(now) && printer.held.is_none();
            if named || (meant && works) {
                found.push(Candidate {
                    waiting: roster.waiting.get(&place).copied().unwrap_or(0).max(printer.waiting),
                    pace: printer.pace.unwrap_or(PACE),
                    carriers: printer.carriers.clone(),
                    regions: printer.regions.clone(),
                    place,
                });
            }
        }
    }
    if found.is_empty() {
        let message = texts::NOBODY.get(console.language).to_owned();
        return Err(
            Failure::new(Exit::Printer, "NO_PRINTER", message).hint(texts::NOBODY_HINT.get(console.language))
        );
    }
    Ok(found)
}
