//! Ports, and the connections that come in at them.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::{connection, ended};
use crate::log::{self, Level, Value};

/// How long one waits when the system takes no more connections, before the next is accepted.
const BREATH: Duration = Duration::from_millis(100);

/// Why the agent cannot listen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ServeError {
    /// A port cannot be had.
    #[error("port {port}: {error}")]
    Port {
        /// Which.
        port: u16,
        /// Why: most often another print component has it.
        error: io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("{}: {why}", path.display())]
    Tls {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

/// Everything that is listened on. The listeners end when this is dropped.
pub(crate) struct Servers {
    tasks: JoinSet<()>,
    places: Arc<Semaphore>,
    ending: watch::Receiver<bool>,
}

impl Servers {
    /// Nothing yet; with so many connections at once over all ports.
    pub(crate) fn new(connections: usize, ending: watch::Receiver<bool>) -> Self {
        let places = Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS)));
        Servers { tasks: JoinSet::new(), places, ending }
    }

    /// Listens at a port of both loopback addresses. A machine without IPv6 has one of them.
    pub(super) async fn listen(
        &mut self,
        port: u16,
        tls: Option<TlsAcceptor>,
        router: Router,
    ) -> Result<(), ServeError> {
        let four = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await;
        self.accept(four.map_err(|error| ServeError::Port { port, error })?, tls.clone(), router.clone());
        match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
            Ok(six) => self.accept(six, tls, router),
            // Another program there would get the clients that ask for `localhost`.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                return Err(ServeError::Port { port, error });
            }
            Err(error) => {
                let values = [("port", Value::Number(port.into())), ("why", Value::Error(&error))];
                log::line(Level::Warning, "listen.no-ipv6", &values);
            }
        }
        Ok(())
    }

    /// Waits until every connection has ended, or for so long.
    pub(crate) async fn end(mut self, patience: Duration) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(patience, all).await;
    }

    fn accept(&mut self, listener: TcpListener, tls: Option<TlsAcceptor>, router: Router) {
        let (places, mut ending) = (Arc::clone(&self.places), self.ending.clone());
        self.tasks.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                // Who comes when every place is taken waits in the queue of the system.
                let accepted = tokio::select! {
                    () = ended(&mut ending) => break,
                    Some(_) = connections.join_next() => continue,
                    accepted = async {
                        let place = Arc::clone(&places).acquire_owned().await;
                        (place, listener.accept().await)
                    } => accepted,
                };
                let (Ok(place), accepted) = accepted else { break };
                match accepted {
                    Ok((stream, _)) => {
                        let (tls, router, ending) = (tls.clone(), router.clone(), ending.clone());
                        connections.spawn(async move {
                            connection::serve(stream, tls, router, ending).await;
                            drop(place);
                        });
                    }
                    Err(error) => {
                        log::line(Level::Warning, "listen.accept", &[("why", Value::Error(&error))]);
                        tokio::time::sleep(BREATH).await;
                    }
                }
            }
            while connections.join_next().await.is_some() {}
        });
    }
}
