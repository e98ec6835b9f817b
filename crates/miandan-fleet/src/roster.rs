//! What the fleet looks like: its sites, their stations with their printers, and how many labels wait for each.

use std::collections::HashMap;

use async_nats::jetstream::Context;
use futures_util::StreamExt;
use futures_util::stream;

use crate::FleetError;
use crate::connect::Hub;
use crate::member::Control;
use crate::place::{Place, StationPlace};
use crate::report::StationState;
use crate::streams::{self, FLEET, Site, last, subjects};

/// A station that has said nothing for so long is taken for gone, in seconds.
pub const SILENCE: u64 = 20;

/// Questions to the broker at once.
const AT_ONCE: usize = 32;

/// The fleet at a moment.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// Its sites, by name.
    pub sites: Vec<Site>,
    /// Its stations, by place.
    pub stations: Vec<StationEntry>,
    /// Labels that wait, by printer; of a site whose own server cannot be reached nothing is known.
    pub waiting: HashMap<Place, usize>,
    /// Sites whose own server cannot be reached at the moment.
    pub cut_off: Vec<String>,
}

/// A station as the fleet knows it.
#[derive(Clone, Debug)]
pub struct StationEntry {
    /// Which one.
    pub place: StationPlace,
    /// What it said last.
    pub state: StationState,
    /// When that was, in seconds since 1970 by the broker's clock.
    pub said: u64,
    /// How many seconds its clock is ahead of the broker's; negative if it is behind. As exact as a message is quick.
    pub ahead: i64,
    /// What somebody has told it.
    pub control: Control,
}

impl StationEntry {
    /// Whether it was heard of lately. `now` is in seconds since 1970.
    #[must_use]
    pub fn is_there(&self, now: u64) -> bool {
        !self.state.is_leaving && now.saturating_sub(self.said) <= SILENCE
    }

    /// Whether labels are given to it.
    #[must_use]
    pub fn takes_labels(&self, now: u64) -> bool {
        self.is_there(now) && !self.control.drain && !self.state.is_drained
    }
}

impl Roster {
    /// A station by its place.
    #[must_use]
    pub fn station(&self, place: &StationPlace) -> Option<&StationEntry> {
        self.stations.iter().find(|entry| entry.place == *place)
    }

    /// A site by its name.
    #[must_use]
    pub fn site(&self, name: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.site == name)
    }
}

/// Asks the broker.
///
/// # Errors
/// [`FleetError::NoStream`] if the fleet was never set up; and all of the broker's.
pub async fn read(hub: &Hub) -> Result<Roster, FleetError> {
    let here = hub.streams(None);
    let mut roster = Roster { sites: sites(&here).await?, ..Roster::default() };
    for site in roster.sites.clone() {
        let there = hub.streams(site.leaf.as_deref());
        roster.stations.append(&mut stations(&here, &there, &site.site).await?);
        match waiting(&there, &site.site).await {
            Ok(waiting) => roster.waiting.extend(waiting),
            Err(FleetError::Unreachable(_) | FleetError::NoStream(_)) if site.leaf.is_some() => {
                roster.cut_off.push(site.site.clone());
            }
            Err(error) => return Err(error),
        }
    }
    roster.stations.sort_by(|one, other| one.place.cmp(&other.place));
    Ok(roster)
}

async fn sites(streams: &Context) -> Result<Vec<Site>, FleetError> {
    let mut sites = Vec::new();
    for (subject, _) in subjects(streams, FLEET, "fleet.site.*").await? {
        if let Some(found) = last(streams, FLEET, &subject).await? {
            let site = serde_json::from_slice(&found.payload).map_err(|_| FleetError::Foreign(subject))?;
            sites.push(site);
        }
    }
    sites.sort_by(|one: &Site, other| one.site.cmp(&other.site));
    Ok(sites)
}

/// The stations of a site: what they say is at the hub, what they were told where their queues are.
async fn stations(here: &Context, there: &Context, site: &str) -> Result<Vec<StationEntry>, FleetError> {
    let name = streams::report(site);
    let known = subjects(here, &name, &format!("state.{site}.*")).await?;
    let asked = stream::iter(known).map(|(subject, _)| {
        let name = name.clone();
        async move {
            let Some(found) = last(here, &name, &subject).await? else { return Ok(None) };
            let station = subject.rsplit('.').next().unwrap_or_default();
            let place = StationPlace::new(site, station);
            let state = serde_json::from_slice::<StationState>(&found.payload);
            let (Ok(place), Ok(state)) = (place, state) else { return Ok(None) };
            let said = u64::try_from(found.time.unix_timestamp()).unwrap_or(0);
            let ahead = i64::try_from(state.now).unwrap_or(i64::MAX).saturating_sub_unsigned(said);
            // Of a site that is cut off nobody can say what it was told; it is not drained as far as anybody knows.
            let control = Control::get(there, &place).await.unwrap_or_default();
            Ok(Some(StationEntry { place, state, said, ahead, control }))
        }
    });
    let found: Vec<Result<_, FleetError>> = asked.buffer_unordered(AT_ONCE).collect().await;
    found.into_iter().filter_map(Result::transpose).collect()
}

/// Labels that wait, by printer: as its consumer counts them. A queue that nobody has taken from yet is counted by itself.
///
/// A broker that was killed may find messages again that were acknowledged before; its consumers know better, and never hand
/// them out.
async fn waiting(streams: &Context, site: &str) -> Result<HashMap<Place, usize>, FleetError> {
    let name = streams::print(site);
    let mut found: HashMap<Place, usize> = HashMap::new();
    for (subject, count) in subjects(streams, &name, &format!("print.{site}.>")).await? {
        found.extend(place_of(&subject).map(|place| (place, count)));
    }
    let stream = streams::stream(streams, &name).await?;
    let mut consumers = stream.consumers();
    while let Some(consumer) = consumers.next().await {
        let consumer = consumer.map_err(|error| FleetError::Unreachable(error.to_string()))?;
        let count = consumer.num_pending + consumer.num_ack_pending as u64;
        if let Some(place) = place_of(&consumer.config.filter_subject) {
            found.insert(place, usize::try_from(count).unwrap_or(usize::MAX));
        }
    }
    found.retain(|_, count| *count > 0);
    Ok(found)
}

/// The printer of a queue.
fn place_of(subject: &str) -> Option<Place> {
    let mut tokens = subject.split('.').skip(1);
    let (site, station, printer) = (tokens.next()?, tokens.next()?, tokens.next()?);
    Place::from_tokens(site, station, printer).ok()
}
