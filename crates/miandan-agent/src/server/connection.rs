//! One connection: TLS if it is asked for, then HTTP/1.1, which a WebSocket begins with.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::ended;

/// How long one may take to say what one wants.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// Bytes of a request before its body.
const HEADERS: usize = 16 << 10;

/// Serves a connection until it ends, or the agent does.
pub(super) async fn serve(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    router: Router,
    ending: watch::Receiver<bool>,
) {
    // Messages are small, and somebody waits for each.
    let _ = stream.set_nodelay(true);
    match tls {
        None => http(stream, router, ending).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, tls.accept(stream)).await {
                http(stream, router, ending).await;
            }
        }
    }
}

async fn http<S>(stream: S, router: Router, mut ending: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HANDSHAKE).max_buf_size(HEADERS);
    let served = server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut served = pin!(served.with_upgrades());
    tokio::select! {
        _ = served.as_mut() => return,
        () = ended(&mut ending) => served.as_mut().graceful_shutdown(),
    }
    let _ = timeout(HANDSHAKE, served).await;
}
