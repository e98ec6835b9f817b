//! The sockets that order systems talk to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

use super::door::{TurnedAway, Visitor};
use super::{Shared, ended};
use crate::agent::client::Client;
use crate::config::DialectConfig;
use crate::log::{self, Level, Name, Value};
use crate::protocol::{Dialect, Language, Problem};

/// The longest message that is taken off the wire. One that is longer than what makes sense and no longer than this gets an
/// answer; beyond it the connection ends.
const LONGEST: usize = 4 << 20;

/// How long a client may take to read a message that is being sent.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a socket at a port is served with.
#[derive(Clone)]
struct Socket {
    shared: Shared,
    dialect: Dialect,
    path: &'static str,
    port: u16,
}

/// The routes of a port: its platform's path, and the root.
pub(super) fn router(shared: &Shared, dialect: &DialectConfig, language: Language, port: u16) -> Router {
    let path = dialect.platform.endpoint().path;
    let spoken = Dialect { platform: dialect.platform, generation: dialect.generation, language };
    let socket = Socket { shared: shared.clone(), dialect: spoken, path, port };
    Router::new().fallback(enter).with_state(socket)
}

async fn enter(
    State(socket): State<Socket>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let visitor = match socket.shared.door.admit(&headers, &uri, socket.port) {
        Ok(visitor) => visitor,
        Err(why) => return turn_away(&headers, why),
    };
    if uri.path() != socket.path && uri.path() != "/" {
        return StatusCode::NOT_FOUND.into_response();
    }
    if method == Method::OPTIONS {
        return preflight(&headers, &visitor);
    }
    match upgrade {
        Ok(upgrade) => upgrade
            .max_message_size(LONGEST)
            .max_frame_size(LONGEST)
            .on_upgrade(move |stream| talk(stream, socket, visitor)),
        Err(_) => (StatusCode::UPGRADE_REQUIRED, [(header::UPGRADE, "websocket")]).into_response(),
    }
}

fn turn_away(headers: &HeaderMap, why: TurnedAway) -> Response {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let origin = origin.and_then(crate::origin::Origin::parse);
    let mut values = vec![("why", Value::Word(why.word()))];
    if let Some(origin) = &origin {
        values.push(("origin", Value::Name(Name(origin.as_str()))));
    }
    log::line(Level::Warning, "socket.refused", &values);
    (StatusCode::FORBIDDEN, why.word()).into_response()
}

/// A browser asks whether a page of the public network may talk to this machine (Private Network Access, section 3.2, and
/// Fetch, section 3.3): it may if it was let in.
fn preflight(headers: &HeaderMap, visitor: &Visitor) -> Response {
    let Visitor::Page(origin) = visitor else { return StatusCode::NO_CONTENT.into_response() };
    let mut response = StatusCode::NO_CONTENT.into_response();
    let answer = response.headers_mut();
    let Ok(origin) = HeaderValue::from_str(origin.as_str()) else { return response };
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET"));
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    answer.insert(header::VARY, HeaderValue::from_static("Origin, Access-Control-Request-Private-Network"));
    for (asked, allowed) in [
        ("access-control-request-private-network", "access-control-allow-private-network"),
        ("access-control-request-local-network", "access-control-allow-local-network"),
    ] {
        if headers.get(asked).is_some_and(|value| value == "true") {
            answer.insert(allowed, HeaderValue::from_static("true"));
        }
    }
    response
}

/// A client, until it goes or the agent ends.
async fn talk(mut stream: WebSocket, socket: Socket, visitor: Visitor) {
    log_client("socket.opened", &socket, &visitor);
    let (client, queue) = Client::new();
    let code = exchange(&mut stream, &socket, &Arc::new(client), queue).await;
    if let Some(code) = code {
        let close = Message::Close(Some(CloseFrame { code, reason: "".into() }));
        let _ = timeout(PATIENCE, stream.send(close)).await;
    }
    log_client("socket.closed", &socket, &visitor);
}

fn log_client(what: &'static str, socket: &Socket, visitor: &Visitor) {
    let mut values = vec![("dialect", Value::Word(socket.dialect.platform.name()))];
    if let Visitor::Page(origin) = visitor {
        values.push(("origin", Value::Name(Name(origin.as_str()))));
    }
    log::line(Level::Info, what, &values);
}

/// Reads and writes; answers with what the connection is to be closed, if it is still there.
async fn exchange(
    stream: &mut WebSocket,
    socket: &Socket,
    client: &Arc<Client>,
    mut queue: Receiver<String>,
) -> Option<u16> {
    let mut ending = socket.shared.ending.clone();
    let mut pace = Pace::new(socket.shared.messages_per_second);
    loop {
        tokio::select! {
            // What there is to say comes first: who asks much still gets answers.
            biased;
            message = queue.recv() => say(stream, message?).await?,
            () = ended(&mut ending) => return Some(close_code::AWAY),
            received = stream.recv() => {
                let message = received?.ok()?;
                if client.is_gone() {
                    return Some(close_code::POLICY);
                }
                tokio::time::sleep(pace.wait()).await;
                let text = match message {
                    Message::Text(text) => text.to_string(),
                    Message::Binary(bytes) => match String::from_utf8(bytes.into()) {
                        Ok(text) => text,
                        Err(_) => {
                            client.send([socket.dialect.refuse_unread(Problem::Malformed)]);
                            continue;
                        }
                    },
                    Message::Close(_) => return None,
                    Message::Ping(_) | Message::Pong(_) => continue,
                };
                receive(stream, &mut queue, socket, client, text).await?;
            }
        }
    }
}

/// What a message asks may wait for the disk, so it is not done where connections are served. What there is to say meanwhile
/// is said: the answer to a task comes before its labels are in the journal. `None` if the client is gone.
async fn receive(
    stream: &mut WebSocket,
    queue: &mut Receiver<String>,
    socket: &Socket,
    client: &Arc<Client>,
    text: String,
) -> Option<()> {
    let (agent, client, dialect) = (Arc::clone(&socket.shared.agent), Arc::clone(client), socket.dialect);
    let mut work = tokio::task::spawn_blocking(move || agent.receive(&client, dialect, &text));
    loop {
        tokio::select! {
            biased;
            message = queue.recv() => say(stream, message?).await?,
            _ = &mut work => return Some(()),
        }
    }
}

/// Sends a message. `None` if the client is gone, or does not read.
async fn say(stream: &mut WebSocket, message: String) -> Option<()> {
    timeout(PATIENCE, stream.send(Message::Text(message.into()))).await.ok()?.ok()
}

/// How fast messages are read: a second's worth at once, then as many as there are in a second.
struct Pace {
    each: Duration,
    burst: Duration,
    /// When what was read until now would have been read at that pace.
    due: Instant,
}

impl Pace {
    fn new(per_second: u32) -> Self {
        let each = Duration::from_secs(1) / per_second.max(1);
        let (burst, now) = (Duration::from_secs(1), Instant::now());
        Pace { each, burst, due: now.checked_sub(burst).unwrap_or(now) }
    }

    /// How long to wait before the next message.
    fn wait(&mut self) -> Duration {
        let now = Instant::now();
        self.due = self.due.max(now.checked_sub(self.burst).unwrap_or(now)) + self.each;
        self.due.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_free_and_then_there_is_a_pace() {
        let mut pace = Pace::new(100);
        let waits: Vec<_> = (0..150).map(|_| pace.wait()).collect();
        assert!(waits[..99].iter().all(|wait| wait.is_zero()));
        assert!(waits[149] > Duration::from_millis(300), "{:?}", waits[149]);
    }
}
