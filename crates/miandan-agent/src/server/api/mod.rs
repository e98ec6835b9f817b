//! The web API of a station, and its console: what a person or a program of the owner may ask and do (`docs/api.md`).

mod console;
mod events;
mod fleet;
mod guard;
mod labels;
mod metrics;
mod once;
mod origins;
mod print;
mod printers;
mod problem;
mod session;
mod shown;
mod templates;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router, middleware};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use super::Shared;
use crate::board::Board;
use crate::protocol::Language;
use once::Once;
use problem::Refusal;

pub(crate) use session::{Admin, read_token};

/// The document that says all this to programs.
const OPENAPI: &str = include_str!("openapi.json");

/// The longest body of a request, in bytes: a hundred orders of 64 KiB.
const BODY: usize = 8 << 20;

/// What every handler needs.
#[derive(Clone)]
struct Desk {
    shared: Shared,
    admin: Arc<Admin>,
    board: Arc<Board>,
    once: Arc<Once>,
    /// What consoles are told, as it is written to them.
    news: watch::Receiver<Arc<str>>,
    port: u16,
    language: Language,
    started: u64,
}

/// Why a handler does not answer what was asked.
type Answer = Result<Response, Refusal>;

/// What the API has, as methods and paths below `/api/v1`; the document has the same (a test).
fn routes() -> Vec<(&'static str, MethodRouter<Desk>)> {
    vec![
        ("/session", post(begin).delete(end)),
        ("/codes", post(code)),
        ("/status", get(status)),
        ("/printers", get(printers::all)),
        ("/printers/{name}", get(printers::one)),
        ("/printers/{name}/hold", post(printers::hold)),
        ("/printers/{name}/release", post(printers::release)),
        ("/printers/{name}/resume", post(printers::resume)),
        ("/labels", get(labels::search)),
        ("/labels/{number}", get(labels::one)),
        ("/labels/{number}/preview.png", get(labels::preview)),
        ("/labels/{number}/reprint", post(labels::reprint)),
        ("/labels/{number}/settle", post(labels::settle)),
        ("/print", post(print::print)),
        ("/origins", get(origins::all)),
        ("/origins/allow", post(origins::allow)),
        ("/origins/remove", post(origins::remove)),
        ("/templates", get(templates::all)),
        ("/templates/{name}/picture.png", get(templates::picture)),
        ("/fleet", get(fleet::fleet)),
        ("/events", get(events::stream)),
        ("/openapi.json", get(document)),
    ]
}

/// The routes of the port of the owner, and what goes on beside them.
pub(super) fn router(shared: &Shared, admin: Admin, language: Language, port: u16) -> Router {
    let (news, receiver) = watch::channel(Arc::from(""));
    let desk = Desk {
        shared: shared.clone(),
        admin: Arc::new(admin),
        board: Arc::clone(&shared.board),
        once: Arc::default(),
        news: receiver,
        port,
        language,
        started: crate::clock::now(),
    };
    tokio::spawn(events::publish(desk.clone(), news));
    let api = routes().into_iter().fold(Router::new(), |api, (path, methods)| api.route(path, methods));
    let api = api
        .fallback(|| async { Refusal::NO_ROUTE })
        .method_not_allowed_fallback(|| async { Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD") })
        .layer(axum::extract::DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(desk.clone(), guard::entitled));
    let open = Router::new()
        .route("/healthz", get(health))
        .route("/metrics", get(metrics::metrics))
        .fallback(console::file);
    Router::new()
        .nest("/api/v1", api)
        .merge(open)
        .layer(middleware::from_fn_with_state(desk.clone(), guard::called_by_name))
        .with_state(desk)
}

/// Whether the agent runs: says nothing of printers.
async fn health() -> &'static str {
    "ok\n"
}

async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

async fn status(State(desk): State<Desk>) -> Answer {
    let shown = blocking(move || shown::status(&desk)).await?;
    Ok(Json(shown).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

/// A browser in which somebody has typed a code.
async fn begin(State(desk): State<Desk>, body: Body<Code>) -> Answer {
    // Who types codes waits, so that guessing takes time.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let Body(Code { code }) = body;
    let cookie = desk.admin.begin(&code).map_err(|why| match why {
        session::NoSession::Wrong => Refusal::new(StatusCode::UNAUTHORIZED, "WRONG_CODE"),
        session::NoSession::TooMany => Refusal::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY"),
        session::NoSession::NoRandomness => Refusal::STATION,
    })?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

async fn end(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, desk.admin.end(&headers))]).into_response()
}

/// A code for a browser: for who has the token.
async fn code(State(desk): State<Desk>, headers: HeaderMap) -> Answer {
    if !desk.admin.has_token(&headers) {
        return Err(Refusal::FORBIDDEN);
    }
    let code = desk.admin.code().ok_or(Refusal::STATION)?;
    Ok((StatusCode::CREATED, Json(json!({ "code": code, "seconds": 300 }))).into_response())
}

/// What may wait for the disk, away from where connections are served.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Refusal::STATION))
}

/// A body of JSON.
struct Body<T>(T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> axum::extract::FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, Refusal> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Body(body)),
            // What it says of the body may have something of the body in it.
            Err(rejection) => Err(match rejection.status() {
                status @ StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(status, "TOO_LARGE"),
                status @ StatusCode::UNSUPPORTED_MEDIA_TYPE => Refusal::new(status, "NOT_JSON"),
                status => Refusal::new(status, "BAD_REQUEST"),
            }),
        }
    }
}

/// A part of the path that names something. What is no text in UTF-8 names nothing.
struct Named(String);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Named {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, state: &S) -> Result<Self, Refusal> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        path.map(|path| Named(path.0)).map_err(|rejection| Refusal::new(rejection.status(), "BAD_REQUEST"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_document_has_what_is_routed() {
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let written: BTreeSet<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
        let routed: BTreeSet<_> = routes().into_iter().map(|(path, _)| format!("/api/v1{path}")).collect();
        assert_eq!(written, routed);
    }
}
