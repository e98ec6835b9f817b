//! `miandan fleet move`: what waits for a station, and surely did not print, goes to others.

use std::collections::HashSet;
use std::fmt::Display;
use std::time::Duration;

use miandan_fleet::FleetError;
use miandan_fleet::assign::{self, Candidate};
use miandan_fleet::connect::Hub;
use miandan_fleet::job::Job;
use miandan_fleet::member::Control;
use miandan_fleet::place::{Place, StationPlace};
use miandan_fleet::relocate::{Moved, relocate, tell};
use miandan_fleet::roster::{self, Roster};
use serde_json::json;

use super::dispatch::traits_of;
use super::targets::{self, Part};
use super::{connect, failure, no_place, wait};
use crate::args::FleetMove;
use crate::clock;
use crate::commands::print::operator;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::messages::fleet as texts;

/// How long a station is waited for that is told to take no more labels.
const SETTLING: Duration = Duration::from_secs(10);

pub(super) fn run(console: Console, arguments: &FleetMove) -> Outcome {
    let from = match Part::read(console, &arguments.from)? {
        Part::Site(_) => return Err(no_place(console, &arguments.from)),
        part => part,
    };
    let moved = wait(console, async {
        let hub = connect(console, &arguments.broker).await?;
        work(console, &hub, &from, arguments).await
    })?;
    conclude(console, &moved)
}

async fn work(console: Console, hub: &Hub, from: &Part, arguments: &FleetMove) -> Result<Moved, Failure> {
    let said = |error: FleetError| failure(console, &error);
    let mut roster = roster::read(hub).await.map_err(said)?;
    let station = match from {
        Part::Printer(place) => place.at.clone(),
        Part::Station(station) => station.clone(),
        Part::Site(_) => return Err(no_place(console, &arguments.from)),
    };
    if roster.cut_off.contains(&station.site) {
        let message = console.fill(texts::CUT_OFF, &[("site", &station.site)]);
        return Err(
            Failure::new(Exit::Printer, "CUT_OFF", message).hint(texts::CUT_OFF_HINT.get(console.language))
        );
    }
    let was_drained = roster.station(&station).is_some_and(|entry| entry.control.drain);
    if !was_drained {
        let control = Control { drain: true, operator: operator(None), reason: arguments.reason.clone() };
        tell(hub, &roster, &station, &control).await.map_err(said)?;
        console.say(&console.fill(texts::DRAINED, &[("station", &station)]));
    }
    roster = settled(hub, &station).await.map_err(said)?;
    let candidates = targets::candidates(console, &roster, &arguments.spread, clock::now())?;
    let mut candidates: Vec<_> =
        candidates.into_iter().filter(|candidate| !from.has(&candidate.place)).collect();
    let by = targets::spread(arguments.spread.by);
    let mut all = Moved::default();
    for place in queues(&roster, from) {
        let choose = |job: &Job| choose(by, &mut candidates, job);
        let moved = relocate(hub, &roster, &place, clock::now(), choose).await.map_err(said)?;
        all.moved.extend(moved.moved);
        all.doubtful.extend(moved.doubtful);
        all.settled.extend(moved.settled);
        all.left.extend(moved.left);
        all.aside += moved.aside;
    }
    Ok(all)
}

/// Waits until a station that is there says that it takes no more labels.
async fn settled(hub: &Hub, station: &StationPlace) -> Result<Roster, FleetError> {
    let until = tokio::time::Instant::now() + SETTLING;
    loop {
        let roster = roster::read(hub).await?;
        let now = clock::now();
        let open =
            roster.station(station).is_some_and(|entry| entry.is_there(now) && !entry.state.is_drained);
        if !open || tokio::time::Instant::now() >= until {
            return Ok(roster);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The queues in which something waits, or may wait with the station.
fn queues(roster: &Roster, from: &Part) -> Vec<Place> {
    let mut places: HashSet<Place> = roster.waiting.keys().filter(|place| from.has(place)).cloned().collect();
    if let Part::Printer(place) = from {
        places.insert(place.clone());
    }
    let mut places: Vec<_> = places.into_iter().collect();
    places.sort();
    places
}

/// A printer for one label; each that gets one has more to do.
fn choose(by: assign::Spread, candidates: &mut [Candidate], job: &Job) -> Option<Place> {
    let header = miandan_seal::clear_header(&job.order).ok()?;
    let to = assign::spread(by, candidates, &[traits_of(header)]).pop()??;
    candidates[to].waiting += 1;
    Some(candidates[to].place.clone())
}

fn conclude(console: Console, moved: &Moved) -> Outcome {
    let Moved { moved: passed_on, doubtful, settled, aside, left } = moved;
    if console.json {
        let numbers = |numbers: &[miandan_core::number::RunningNumber]| -> Vec<String> {
            numbers.iter().map(ToString::to_string).collect()
        };
        let passed_on: Vec<_> = passed_on
            .iter()
            .map(|(number, to)| json!({"number": number.to_string(), "to": to.to_string()}))
            .collect();
        console.data(&json!({
            "event": "moved", "moved": passed_on, "unknown": numbers(doubtful), "settled": numbers(settled),
            "left": numbers(left), "aside": aside,
        }))?;
    } else {
        let values: [(&str, &dyn Display); 3] =
            [("moved", &passed_on.len()), ("unknown", &doubtful.len()), ("left", &left.len())];
        console.say(&console.fill(texts::MOVED, &values));
        for number in doubtful {
            console.complain(&console.fill(texts::MOVED_UNKNOWN, &[("number", number)]));
        }
        if !doubtful.is_empty() {
            console.say(&texts::UNKNOWN_HINT_AFTER.get(console.language));
        }
    }
    Ok(if doubtful.is_empty() && left.is_empty() { Exit::Done } else { Exit::SomeFailed })
}
