//! The streams of a fleet: what is kept, for how long, and how much of it.
//!
//! | Stream | Subjects | Keeps |
//! |---|---|---|
//! | `FLEET` | `fleet.>` | the last message of each: claims, numbers, sites; 35 days |
//! | `PRINT-<site>` | `print.<site>.>` | each label until it is acknowledged, as a work queue; 72 hours |
//! | `REPORT-<site>` | `result.<site>.>`, `state.<site>.>` | the last message of each; 35 days |
//! | `CONTROL-<site>` | `control.<site>.>`, `moved.<site>.>` | the last message of each; 35 days |
//!
//! A site with a poor line has a server of its own, a leaf node with a JetStream domain. Its three streams stand there, where
//! its stations can work whether there is a line or not: its `PRINT` takes over what the hub's `PRINT` of the same name, a plain
//! log then, has for it, and the hub's `REPORT` takes over the site's.

use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::stream::{Config, DiscardPolicy, External, RetentionPolicy, Source, StorageType};
use async_nats::jetstream::{self, Context, ErrorCode};
use serde::{Deserialize, Serialize};

use crate::connect::Hub;
use crate::error::{of_publish, of_raw};
use crate::report::put;
use crate::{FleetError, job};

/// Claims, numbers and sites.
pub const FLEET: &str = "FLEET";

/// For how long claims and reports are kept: an order may be printed for 30 days.
const MEMORY: Duration = Duration::from_secs(35 * 86_400);

/// For how long a label waits in a queue.
const QUEUE: Duration = Duration::from_secs(72 * 3_600);

/// For how long JetStream remembers the id of a message. Beyond it claims and journals know.
const DUPLICATES: Duration = Duration::from_secs(2 * 3_600);

/// The longest message of a queue, with its headers.
const LONGEST: i32 = (job::MAX_ORDER + (8 << 10)) as i32;

/// What a fleet is set up with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The site.
    pub site: String,
    /// The JetStream domain of its own server, if it has one.
    pub leaf: Option<String>,
    /// On how many servers each message is kept, 1, 3 or 5.
    pub replicas: usize,
    /// Labels that wait for one printer, at most.
    pub most_waiting: u32,
}

/// A site, as the fleet knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// What it is called.
    pub site: String,
    /// The JetStream domain of its own server, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf: Option<String>,
}

/// `PRINT-<site>`.
#[must_use]
pub fn print(site: &str) -> String {
    format!("PRINT-{site}")
}

/// `REPORT-<site>`.
#[must_use]
pub fn report(site: &str) -> String {
    format!("REPORT-{site}")
}

/// `CONTROL-<site>`.
#[must_use]
pub fn control(site: &str) -> String {
    format!("CONTROL-{site}")
}

/// Makes the streams of a site, or brings them to what they should be. What is in them stays.
///
/// # Errors
/// [`FleetError::Refused`] without the permission to; and all of the broker's.
pub async fn set_up(hub: &Hub, setup: &Setup) -> Result<(), FleetError> {
    let here = hub.streams(None);
    let Setup { site, leaf, replicas, most_waiting } = setup;
    let log = |name: String, subjects: Vec<String>| Config {
        name,
        subjects,
        max_messages_per_subject: 1,
        max_age: MEMORY,
        storage: StorageType::File,
        num_replicas: *replicas,
        duplicate_window: Duration::from_secs(120),
        ..Config::default()
    };
    let queue = |subjects, retention| Config {
        name: print(site),
        subjects,
        retention,
        max_age: QUEUE,
        max_messages_per_subject: i64::from(*most_waiting),
        discard: DiscardPolicy::New,
        discard_new_per_subject: true,
        max_message_size: LONGEST,
        storage: StorageType::File,
        num_replicas: *replicas,
        duplicate_window: DUPLICATES,
        ..Config::default()
    };
    let reports = vec![format!("result.{site}.>"), format!("state.{site}.>")];
    let controls = vec![format!("control.{site}.>"), format!("moved.{site}.>")];
    let labels = vec![format!("print.{site}.>")];
    make(&here, log(FLEET.to_owned(), vec!["fleet.>".to_owned()])).await?;
    match leaf {
        None => {
            make(&here, queue(labels, RetentionPolicy::WorkQueue)).await?;
            make(&here, log(report(site), reports)).await?;
            make(&here, log(control(site), controls)).await?;
        }
        Some(domain) => {
            let there = hub.streams(Some(domain));
            let of = |stream: String, api: String| {
                let external = External { api_prefix: api, delivery_prefix: None };
                Some(vec![Source { name: stream, external: Some(external), ..Source::default() }])
            };
            // The hub's queue is a log from which the site's takes over; who has taken what, only the site knows.
            let relay = queue(labels, RetentionPolicy::Limits);
            make(&here, Config { discard_new_per_subject: false, max_messages_per_subject: -1, ..relay })
                .await?;
            make(&there, Config { num_replicas: 1, ..log(report(site), reports) }).await?;
            make(&there, Config { num_replicas: 1, ..log(control(site), controls) }).await?;
            let hub_api = match hub_domain(hub).await? {
                Some(domain) => format!("$JS.{domain}.API"),
                None => {
                    return Err(FleetError::Broker(
                        "the hub has no JetStream domain, which a leaf needs".to_owned(),
                    ));
                }
            };
            let site_queue = queue(Vec::new(), RetentionPolicy::WorkQueue);
            make(
                &there,
                Config {
                    num_replicas: 1,
                    discard_new_per_subject: false,
                    max_messages_per_subject: -1,
                    sources: of(print(site), hub_api),
                    ..site_queue
                },
            )
            .await?;
            let taken = log(report(site), Vec::new());
            make(&here, Config { sources: of(report(site), format!("$JS.{domain}.API")), ..taken }).await?;
        }
    }
    let known = Site { site: site.clone(), leaf: leaf.clone() };
    put(&here, format!("fleet.site.{site}"), &known).await
}

/// The JetStream domain of the servers that one is connected to.
async fn hub_domain(hub: &Hub) -> Result<Option<String>, FleetError> {
    // Not through the client's own type: servers before 2.10 lack members of it.
    let asked: Result<serde_json::Value, _> = hub.streams(None).request("INFO", &()).await;
    let account = asked.map_err(|error| FleetError::Unreachable(error.to_string()))?;
    Ok(account.get("domain").and_then(|domain| domain.as_str()).map(str::to_owned))
}

async fn make(streams: &Context, config: Config) -> Result<(), FleetError> {
    let name = config.name.clone();
    let made = match streams.create_stream(config.clone()).await {
        Ok(_) => return Ok(()),
        Err(_) => streams.update_stream(config).await,
    };
    made.map(drop).map_err(|error| {
        let said = error.to_string();
        if said.contains("timed out") || said.contains("no responders") {
            FleetError::Refused(format!("no answer about stream {name}: no JetStream, or no permission"))
        } else {
            FleetError::Broker(format!("{name}: {said}"))
        }
    })
}

/// A stream, without asking the broker about it.
pub(crate) async fn stream(
    streams: &Context,
    name: &str,
) -> Result<jetstream::stream::Stream<()>, FleetError> {
    streams.get_stream_no_info(name).await.map_err(|_| FleetError::NoStream(name.to_owned()))
}

/// The last message of a subject, if there is one.
pub(crate) async fn last(
    streams: &Context,
    name: &str,
    subject: &str,
) -> Result<Option<jetstream::message::StreamMessage>, FleetError> {
    match stream(streams, name).await?.get_last_raw_message_by_subject(subject).await {
        Ok(found) => Ok(Some(found)),
        Err(error) => of_raw(&error, name).map_or(Ok(None), Err),
    }
}

/// Stores a message in the place of one that was seen, by its sequence, or where there is none yet: of two who do so one does.
///
/// # Errors
/// [`FleetError::Contested`] if another one stands there by now; and all of the broker's.
pub(crate) async fn replace(
    streams: &Context,
    subject: String,
    instead_of: Option<u64>,
    bytes: Vec<u8>,
) -> Result<(), FleetError> {
    let mut headers = HeaderMap::new();
    let expected = instead_of.unwrap_or(0).to_string();
    headers.insert("Nats-Expected-Last-Subject-Sequence", expected.as_str());
    let sent = streams.publish_with_headers(subject, headers, bytes.into()).await;
    let stored = sent.map_err(|error| of_publish(&error))?.await;
    stored.map(drop).map_err(|error| of_publish(&error))
}

/// How many messages there are of each subject that a filter means.
pub(crate) async fn subjects(
    streams: &Context,
    name: &str,
    filter: &str,
) -> Result<Vec<(String, usize)>, FleetError> {
    use futures_util::TryStreamExt;
    let missing = |said: String| match said.contains(&ErrorCode::STREAM_NOT_FOUND.0.to_string())
        || said.contains("not found")
    {
        true => FleetError::NoStream(name.to_owned()),
        false => FleetError::Unreachable(said),
    };
    let stream = stream(streams, name).await?;
    let found = stream.info_with_subjects(filter).await.map_err(|error| missing(error.to_string()))?;
    found.try_collect().await.map_err(|error| missing(error.to_string()))
}
