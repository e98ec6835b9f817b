//! Previews, as files that can be looked at for minutes by whoever was told their names.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Shared;

/// The routes of the port of previews.
pub(super) fn previews(shared: &Shared, port: u16) -> Router {
    Router::new().route("/file/{name}", get(file)).with_state((shared.clone(), port))
}

/// No page may read it, since no origin is allowed to; every page that was told the address may show it.
async fn file(
    State((shared, port)): State<(Shared, u16)>,
    Path(name): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if !shared.door.is_for_us(&headers, &uri, port) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(preview) = shared.agent.previews.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = Response::new(Body::from(preview.bytes.to_vec()));
    let answer = response.headers_mut();
    for (header, value) in [
        (header::CONTENT_TYPE, preview.kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ] {
        answer.insert(header, HeaderValue::from_static(value));
    }
    response
}
