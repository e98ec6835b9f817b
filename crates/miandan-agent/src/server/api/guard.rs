//! Before a handler is asked: who is there, and how they came.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Desk;
use super::problem::Refusal;
use crate::origin::Origin;

/// A request calls this machine by its name, and comes from no other page than the console: a browser says where a request
/// comes from, in one header or the other.
pub(super) async fn called_by_name(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !desk.shared.door.is_for_us(headers, request.uri(), desk.port) || !is_from_here(headers) {
        return Refusal::FORBIDDEN.into_response();
    }
    next.run(request).await
}

fn is_from_here(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if !matches!(site, None | Some("same-origin" | "none")) {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let own = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = own.and_then(|host| Origin::parse(&format!("http://{host}")));
    let origin = origin.to_str().ok().and_then(Origin::parse);
    own.is_some() && origin == own
}

/// A program has the token; a browser has a session and, where something changes, a header that no other page can send.
pub(super) async fn entitled(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let (headers, method) = (request.headers(), request.method());
    let begins = request.uri().path() == "/session" && method == Method::POST;
    let changes = method != Method::GET && method != Method::HEAD;
    let ours = headers.get("x-miandan").is_some_and(|value| value == "1");
    if desk.admin.has_token(headers) {
        return next.run(request).await;
    }
    if changes && !ours {
        return Refusal::FORBIDDEN.into_response();
    }
    if begins || desk.admin.has_session(headers) {
        return next.run(request).await;
    }
    Refusal::UNAUTHORIZED.into_response()
}
