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
    "actions.js" "text/javascript; charset=utf-8"
    "api.js" "text/javascript; charset=utf-8"
    "console.css" "text/css; charset=utf-8"
    "dialogs.js" "text/javascript; charset=utf-8"
    "dom.js" "text/javascript; charset=utf-8"
    "events.js" "text/javascript; charset=utf-8"
    "format.js" "text/javascript; charset=utf-8"
    "guard.js" "text/javascript; charset=utf-8"
    "icon.svg" "image/svg+xml"
    "icons.js" "text/javascript; charset=utf-8"
    "index.html" "text/html; charset=utf-8"
    "main.js" "text/javascript; charset=utf-8"
    "shapes.js" "text/javascript; charset=utf-8"
    "state.js" "text/javascript; charset=utf-8"
    "view-fleet.js" "text/javascript; charset=utf-8"
    "view-label.js" "text/javascript; charset=utf-8"
    "view-labels.js" "text/javascript; charset=utf-8"
    "view-origins.js" "text/javascript; charset=utf-8"
    "view-printers.js" "text/javascript; charset=utf-8"
    "view-reprint.js" "text/javascript; charset=utf-8"
    "view-resume.js" "text/javascript; charset=utf-8"
    "view-session.js" "text/javascript; charset=utf-8"
    "view-station.js" "text/javascript; charset=utf-8"
    "view-templates.js" "text/javascript; charset=utf-8"
    "view-today.js" "text/javascript; charset=utf-8"
    "words-en.js" "text/javascript; charset=utf-8"
    "words-zh.js" "text/javascript; charset=utf-8"
    "words.js" "text/javascript; charset=utf-8"
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_page_is_served_and_they_are_small() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
        let there =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let there = there.filter(|name| name.contains('.')).map(|name| format!("/{name}"));
        let served: BTreeSet<_> = FILES.iter().map(|(name, ..)| (*name).to_owned()).collect();
        assert_eq!(there.collect::<BTreeSet<_>>(), served);
        let bytes: usize = FILES.iter().map(|(.., bytes)| bytes.len()).sum();
        assert!(bytes <= 150_000, "{bytes}");
    }
}
