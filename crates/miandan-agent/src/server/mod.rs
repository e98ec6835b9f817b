//! The sockets: who is let in, and what goes over a connection.

mod api;
mod connection;
mod door;
mod listener;
mod pages;
mod tls;
mod web_socket;

use std::sync::Arc;

use miandan_journal::Print;
use tokio::sync::watch;

use crate::agent::Agent;
use crate::board::Board;
use crate::config::{Config, DialectConfig};
use crate::fleet::Fleet;
use crate::pairing::Pairings;

pub(crate) use api::{Admin, read_token};
pub(crate) use door::Door;
pub(crate) use listener::{ServeError, Servers};

/// What every connection needs.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) agent: Arc<Agent>,
    /// The fleet, if the station has to do with one.
    pub(crate) fleet: Option<Arc<Fleet>>,
    pub(crate) door: Arc<Door>,
    pub(crate) pairings: Arc<Pairings>,
    pub(crate) board: Arc<Board>,
    pub(crate) messages_per_second: u32,
    /// Set when connections are to end.
    pub(crate) ending: watch::Receiver<bool>,
}

impl Shared {
    /// Tells the fleet what a person has said of a label.
    fn decided(&self, print: &Print, printed: bool) {
        if let (Some(fleet), Some(place)) = (&self.fleet, &print.printer) {
            fleet.decided(print.number, &self.agent.name_of(place), printed, print.id.copy);
        }
    }
}

/// Everything that is listened on, as it is configured.
pub(crate) async fn listen(config: &Config, shared: &Shared, admin: Admin) -> Result<Servers, ServeError> {
    let mut servers = Servers::new(config.limits.connections, shared.ending.clone());
    let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
    for dialect in &config.dialects {
        let DialectConfig { ws, wss, .. } = dialect;
        for (port, tls) in
            ws.iter().map(|port| (port, None)).chain(wss.iter().map(|port| (port, tls.clone())))
        {
            let router = web_socket::router(shared, dialect, config.language, *port);
            servers.listen(*port, tls, router).await?;
        }
    }
    servers.listen(config.previews, None, pages::previews(shared, config.previews)).await?;
    servers.listen(config.admin, None, api::router(shared, admin, config.language, config.admin)).await?;
    Ok(servers)
}

/// Waits until connections are to end; also if nobody is left who could say so.
async fn ended(ending: &mut watch::Receiver<bool>) {
    let _ = ending.wait_for(|ending| *ending).await;
}
