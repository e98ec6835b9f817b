//! Server-sent events: what consoles are told. It is written once and sent to all of them, at most twice a second, so that fifty
//! consoles cost little more than one.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use miandan_journal::PrintId;
use tokio::sync::{mpsc, watch};

use super::{Answer, Desk, blocking, shown};

/// How often something is told at most.
const PACE: Duration = Duration::from_millis(500);

/// How often something is told at least, so that who listens knows that somebody is there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Tells consoles what has changed, until the agent ends.
pub(super) async fn publish(desk: Desk, news: watch::Sender<Arc<str>>) {
    let mut ending = desk.shared.ending.clone();
    let mut pace = tokio::time::interval(PACE);
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut waited = 0;
    loop {
        tokio::select! {
            () = crate::server::ended(&mut ending) => return,
            _ = pace.tick() => {}
        }
        // Pages knock without telling the board.
        let waiting = desk.shared.pairings.waiting().len();
        if std::mem::replace(&mut waited, waiting) != waiting {
            desk.board.touch();
        }
        // The receiver of the desk is always there.
        if news.receiver_count() <= 1 || !desk.board.take_dirty() {
            continue;
        }
        let desk = desk.clone();
        if let Ok(text) = blocking(move || Ok(written(&desk, true))).await {
            let _ = news.send(text.into());
        }
    }
}

/// The state of the station and the labels that have changed, as the stream has them.
fn written(desk: &Desk, with_labels: bool) -> String {
    let mut text = String::new();
    if let Ok(status) = shown::status(desk) {
        let _ = write!(text, "event: status\ndata: {status}\n\n");
    }
    if !with_labels {
        return text;
    }
    let journal = desk.shared.agent.station.journal();
    for (number, copy) in desk.board.take_changed() {
        let reader = journal.reader();
        let Ok(Some(batch)) = reader.numbered(number.batch) else { continue };
        let Ok(Some(print)) = reader.print(batch.id, PrintId { position: number.position, copy }) else {
            continue;
        };
        drop(reader);
        let _ = write!(text, "event: label\ndata: {}\n\n", shown::label(desk, &print));
    }
    text
}

/// A console that listens.
pub(super) async fn stream(State(desk): State<Desk>, asked: HeaderMap) -> Answer {
    let mut news = desk.news.clone();
    news.mark_unchanged();
    let mut ending = desk.shared.ending.clone();
    let own = desk.clone();
    let first = blocking(move || Ok(written(&own, false))).await?;
    let (out, lines) = mpsc::channel::<Arc<str>>(4);
    tokio::spawn(async move {
        if out.send(first.into()).await.is_err() {
            return;
        }
        loop {
            let next: Arc<str> = tokio::select! {
                () = crate::server::ended(&mut ending) => return,
                () = out.closed() => return,
                changed = tokio::time::timeout(HEARTBEAT, news.changed()) => match changed {
                    Ok(Ok(())) => Arc::clone(&news.borrow_and_update()),
                    Ok(Err(_)) => return,
                    Err(_) => ": \n\n".into(),
                },
            };
            // Nothing is told to a browser whose session has ended. One that listens uses its session.
            if !desk.admin.has_token(&asked) && !desk.admin.has_session(&asked) {
                return;
            }
            // Who does not read is told the newest when they do.
            tokio::select! {
                () = crate::server::ended(&mut ending) => return,
                sent = out.send(next) => if sent.is_err() { return },
            }
        }
    });
    let body = Body::from_stream(Lines(lines));
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}

/// What is sent, as a stream.
struct Lines(mpsc::Receiver<Arc<str>>);

impl futures_core::Stream for Lines {
    type Item = Result<Vec<u8>, Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|line| line.map(|line| Ok(line.as_bytes().to_vec())))
    }
}
