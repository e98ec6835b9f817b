//! Reports as they come: what becomes of the labels of a batch, from the first on.

use std::pin::Pin;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use futures_util::stream::SelectAll;
use futures_util::{Stream, StreamExt};
use miandan_core::number::BatchNumber;

use crate::FleetError;
use crate::connect::Hub;
use crate::report::Report;
use crate::streams::{self, stream};

/// Reports of several sites and batches, as they come. Those of a broker that was away are to be asked for again: it forgets
/// who listened.
#[derive(Default)]
pub struct Reports(SelectAll<Pin<Box<dyn Stream<Item = Report> + Send>>>);

impl Reports {
    /// The reports of a batch: what is known now, and then what comes.
    ///
    /// # Errors
    /// All of the broker's.
    pub async fn of(hub: &Hub, sites: &[String], batch: BatchNumber) -> Result<Self, FleetError> {
        let mut all = Reports::default();
        all.add(hub, sites, batch).await?;
        Ok(all)
    }

    /// Those of another batch as well.
    ///
    /// # Errors
    /// All of the broker's.
    pub async fn add(&mut self, hub: &Hub, sites: &[String], batch: BatchNumber) -> Result<(), FleetError> {
        for site in sites {
            let name = streams::report(site);
            let config = pull::OrderedConfig {
                filter_subject: format!("result.{site}.*.*.{batch}.*"),
                deliver_policy: DeliverPolicy::All,
                ..pull::OrderedConfig::default()
            };
            let there = stream(&hub.streams(None), &name).await?;
            let consumer = there.create_consumer(config).await.map_err(|error| broken(&name, &error))?;
            let messages = consumer.messages().await.map_err(|error| broken(&name, &error))?;
            // A report that cannot be read is of a newer version, and says nothing to us.
            let reports = messages.filter_map(|message| {
                std::future::ready(message.ok().and_then(|message| Report::read(&message.payload)))
            });
            self.0.push(Box::pin(reports));
        }
        Ok(())
    }

    /// The next one.
    pub async fn next(&mut self) -> Option<Report> {
        self.0.next().await
    }
}

fn broken(name: &str, error: &dyn std::fmt::Display) -> FleetError {
    let said = error.to_string();
    if said.contains("not found") {
        FleetError::NoStream(name.to_owned())
    } else {
        FleetError::Unreachable(said)
    }
}
