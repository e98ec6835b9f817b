//! Setting up a fleet, letting a station in, draining one, and what a person says of a label.

use std::fmt::Display;

use miandan_fleet::member::Control;
use miandan_fleet::permissions;
use miandan_fleet::place::{StationPlace, is_name};
use miandan_fleet::streams::{self, Setup};
use miandan_fleet::{relocate, roster};
use serde_json::json;

use super::{connect, failure, no_place, wait, write_secret};
use crate::args::{FleetDrain, FleetGrant, FleetSettle, FleetSetup};
use crate::clock;
use crate::commands::print::operator;
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::messages::fleet as texts;

pub(super) fn setup(console: Console, arguments: &FleetSetup) -> Outcome {
    let FleetSetup { site, broker, leaf, replicas, most_waiting } = arguments;
    if !is_name(site) || leaf.as_deref().is_some_and(|domain| !is_name(domain)) {
        return Err(no_place(console, site));
    }
    let setup = Setup {
        site: site.clone(),
        leaf: leaf.clone(),
        // clap has refused every other word.
        replicas: replicas.parse().unwrap_or(1),
        most_waiting: *most_waiting,
    };
    wait(console, async {
        let hub = connect(console, broker).await?;
        streams::set_up(&hub, &setup).await.map_err(|error| failure(console, &error))
    })?;
    if console.json {
        console.data(&without_nulls(json!({ "event": "set-up", "site": site, "leaf": leaf })))?;
    } else {
        console.say(&console.fill(texts::SET_UP, &[("site", site)]));
    }
    Ok(Exit::Done)
}

/// Makes an nkey: the seed goes into a file, its public half into what the broker is told.
pub(super) fn grant(console: Console, arguments: &FleetGrant) -> Outcome {
    let FleetGrant { station, printer, out } = arguments;
    let station: StationPlace = station.parse().map_err(|_| no_place(console, station))?;
    let pair = nkeys::KeyPair::new_user();
    let seed = pair.seed().map_err(|error| {
        Failure::new(Exit::Internal, "INTERNAL", console.fill(texts::BROKER, &[("why", &error)]))
    })?;
    write_secret(console, out, &format!("{seed}\n"))?;
    let public = pair.public_key();
    let entry = permissions::entry(&station, printer, &format!("nkey: {public}"));
    if console.json {
        let (publish, subscribe) =
            (permissions::publish(&station, printer), permissions::subscribe(&station));
        console.data(&json!({
            "station": station.to_string(), "nkey": public, "publish": publish, "subscribe": subscribe,
        }))?;
    } else {
        let values: [(&str, &dyn Display); 2] = [("file", &out.display()), ("station", &station)];
        console.say(&console.fill(texts::GRANTED, &values));
        console.data(&entry.trim_end())?;
    }
    Ok(Exit::Done)
}

pub(super) fn drain(console: Console, arguments: &FleetDrain) -> Outcome {
    let FleetDrain { station, broker, undo, reason } = arguments;
    let station: StationPlace = station.parse().map_err(|_| no_place(console, station))?;
    let control = Control { drain: !undo, operator: operator(None), reason: reason.clone() };
    wait(console, async {
        let hub = connect(console, broker).await?;
        let told = async {
            let roster = roster::read(&hub).await?;
            relocate::tell(&hub, &roster, &station, &control).await
        };
        told.await.map_err(|error| failure(console, &error))
    })?;
    if console.json {
        console.data(&json!({ "event": "drained", "station": station.to_string(), "drained": !undo }))?;
    } else {
        let text = if *undo { texts::TAKES_AGAIN } else { texts::DRAINED };
        console.say(&console.fill(text, &[("station", &station)]));
    }
    Ok(Exit::Done)
}

pub(super) fn settle(console: Console, arguments: &FleetSettle) -> Outcome {
    let FleetSettle { number, broker, printed, .. } = arguments;
    let number = number.parse().map_err(|_| {
        let message = console.fill(texts::NO_NUMBER, &[("number", number)]);
        Failure::new(Exit::Usage, "USAGE", message).hint(texts::NO_NUMBER_HINT.get(console.language))
    })?;
    let report = wait(console, async {
        let hub = connect(console, broker).await?;
        let settled = async {
            let roster = roster::read(&hub).await?;
            relocate::settle(&hub, &roster, number, *printed, clock::now()).await
        };
        settled.await.map_err(|error| failure(console, &error))
    })?;
    if console.json {
        console.data(&json!(report))?;
    } else {
        let text = if *printed { texts::SETTLED_PRINTED } else { texts::SETTLED_NOT };
        console.say(&console.fill(text, &[("number", &number)]));
    }
    Ok(Exit::Done)
}
