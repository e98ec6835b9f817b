//! The console: a page whose files are part of the program. No network and no build step.

use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// What the page may do: nothing but talk to where it comes from.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

macro_rules! files {
    ($($name:literal $kind:literal)+) => {
        &[$((concat!("/", $name), $kind, include_bytes!(concat!("../../../console/", $name)) as &[u8]),)+]
    };
}

/// The files: name, media type, content.
const FILES: &[(&str, &str, &[u8])] = files! {
    "index.html" "text/html; charset=utf-8"
};

/// A file of the page. Not in a cache: the program that serves it may be another one tomorrow.
pub(super) async fn file(method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = if uri.path() == "/" { "/index.html" } else { uri.path() };
    let Some((_, kind, bytes)) = FILES.iter().find(|(name, ..)| *name == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, *kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    (headers, *bytes).into_response()
}
