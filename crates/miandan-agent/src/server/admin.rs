//! What the owner of the station may ask and do, with the token that only they can read: printers, and who is let in.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use axum::extract::{Path as Segment, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miandan_print::station::{Held, LaneStatus};
use miandan_seal::encoding::sha256;
use ring::rand::{SecureRandom, SystemRandom};
use serde::Deserialize;
use serde_json::{Value as Json_, json};

use super::Shared;
use crate::agent::{VERSION, held_word};
use crate::log::{self, Level, Name, Value};
use crate::origin::Origin;

/// The token of the admin API, as far as it must be known to check it.
#[derive(Clone)]
pub(crate) struct Admin {
    hash: [u8; 32],
}

impl Admin {
    /// The token in a file, which is made if it is not there.
    pub(crate) fn open(file: &Path) -> io::Result<Self> {
        let token = match read_token(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_token(file)?,
            read => read?,
        };
        Ok(Admin { hash: sha256(token.as_bytes()) })
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
        let token = given.and_then(|given| given.strip_prefix("Bearer "));
        // Hashes are compared: how long that takes says nothing of the token.
        token.is_some_and(|token| sha256(token.trim().as_bytes()) == self.hash)
    }
}

/// Reads the token in a file.
///
/// # Errors
/// As of files; `InvalidData` if it is no token.
pub(crate) fn read_token(file: &Path) -> io::Result<String> {
    let mut token = String::new();
    fs::File::open(file)?.take(1_024).read_to_string(&mut token)?;
    let token = token.trim();
    if token.len() < 32 {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(token.to_owned())
}

fn make_token(file: &Path) -> io::Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("the system has no randomness"))?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut made = options.open(file)?;
    writeln!(made, "{token}")?;
    made.sync_data()?;
    Ok(token)
}

#[derive(Clone)]
struct Desk {
    shared: Shared,
    admin: Admin,
    port: u16,
}

/// The routes of the admin port.
pub(super) fn router(shared: &Shared, admin: Admin, port: u16) -> Router {
    let desk = Desk { shared: shared.clone(), admin, port };
    let api = Router::new()
        .route("/status", get(status))
        .route("/printers/{name}/hold", post(hold))
        .route("/printers/{name}/release", post(release))
        .route("/origins", get(origins))
        .route("/origins/allow", post(allow))
        .route("/origins/remove", post(remove))
        .layer(middleware::from_fn_with_state(desk.clone(), guard));
    Router::new()
        .nest("/api/v1", api)
        .route("/healthz", get(|| async { "ok\n" }))
        .layer(middleware::from_fn_with_state(desk.clone(), call_by_name))
        .with_state(desk)
}

/// Nobody gets here by a name that is not this machine's, and no web page does: a browser always says its origin with what
/// changes something.
async fn call_by_name(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let (headers, uri) = (request.headers(), request.uri());
    if !desk.shared.door.is_for_us(headers, uri, desk.port) || headers.contains_key(header::ORIGIN) {
        return refuse(StatusCode::FORBIDDEN, "FORBIDDEN");
    }
    next.run(request).await
}

async fn guard(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    if !desk.admin.admits(request.headers()) {
        return refuse(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
    }
    next.run(request).await
}

/// A refusal as `application/problem+json` (RFC 9457).
fn refuse(status: StatusCode, code: &'static str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let problem = json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "code": code });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}

async fn status(State(desk): State<Desk>) -> Json<Json_> {
    let printers = desk.shared.agent.station.printers();
    Json(json!({ "version": VERSION, "printers": printers.iter().map(printer).collect::<Vec<_>>() }))
}

fn printer(lane: &LaneStatus) -> Json_ {
    let held = lane.held.as_ref().map(|held| {
        let label = match held {
            Held::Unknown(number, _) => Some(number.to_string()),
            _ => None,
        };
        let why = match held {
            Held::Unknown(_, why) => Some(why.to_string()),
            Held::Journal(error) => Some(error.to_string()),
            Held::ByPerson => None,
        };
        json!({ "word": held_word(held), "label": label, "why": why })
    });
    json!({
        "name": lane.name,
        "waiting": lane.waiting,
        "sending": lane.sending.map(|number| number.to_string()),
        "held": held,
        "trouble": lane.trouble.as_ref().map(ToString::to_string),
    })
}

async fn hold(State(desk): State<Desk>, Segment(name): Segment<String>) -> Response {
    let held = desk.shared.agent.station.hold(&name);
    say_printer(held, "printer.held", &name)
}

async fn release(State(desk): State<Desk>, Segment(name): Segment<String>) -> Response {
    let released = desk.shared.agent.station.release(&name);
    say_printer(released, "printer.released", &name)
}

fn say_printer(found: bool, what: &'static str, name: &str) -> Response {
    if !found {
        return refuse(StatusCode::NOT_FOUND, "UNKNOWN_PRINTER");
    }
    log::line(Level::Info, what, &[("printer", Value::Name(Name(name)))]);
    StatusCode::NO_CONTENT.into_response()
}

async fn origins(State(desk): State<Desk>) -> Json<Json_> {
    let text = |origins: Vec<Origin>| origins.iter().map(ToString::to_string).collect::<Vec<_>>();
    let pairings = &desk.shared.pairings;
    Json(json!({ "paired": text(pairings.paired()), "waiting": text(pairings.waiting()) }))
}

#[derive(Deserialize)]
struct OfOrigin {
    origin: String,
}

async fn allow(State(desk): State<Desk>, Json(asked): Json<OfOrigin>) -> Response {
    let Some(origin) = Origin::parse(&asked.origin) else {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "NO_ORIGIN");
    };
    match desk.shared.pairings.pair(&origin) {
        Ok(()) => {
            log::line(Level::Info, "origin.paired", &[("origin", Value::Name(Name(origin.as_str())))]);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => cannot_keep(&error),
    }
}

async fn remove(State(desk): State<Desk>, Json(asked): Json<OfOrigin>) -> Response {
    let Some(origin) = Origin::parse(&asked.origin) else {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "NO_ORIGIN");
    };
    match desk.shared.pairings.unpair(&origin) {
        Ok(true) => {
            log::line(Level::Info, "origin.removed", &[("origin", Value::Name(Name(origin.as_str())))]);
            StatusCode::NO_CONTENT.into_response()
        }
        Ok(false) => refuse(StatusCode::NOT_FOUND, "UNKNOWN_ORIGIN"),
        Err(error) => cannot_keep(&error),
    }
}

fn cannot_keep(error: &io::Error) -> Response {
    log::line(Level::Error, "origin.not-kept", &[("why", Value::Error(error))]);
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "STATION")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_made_once_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("admin.token");
        let admin = Admin::open(&file).unwrap();
        let token = read_token(&file).unwrap();
        assert_eq!(Admin::open(&file).unwrap().hash, admin.hash);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            admin.admits(&headers)
        };
        assert!(with(&format!("Bearer {token}")));
        for wrong in ["Bearer ", "", "Basic x", &token, &format!("Bearer {token}x")] {
            assert!(!with(wrong), "{wrong}");
        }
        assert!(!admin.admits(&HeaderMap::new()));
        fs::write(&file, "short").unwrap();
        assert_eq!(Admin::open(&file).err().map(|error| error.kind()), Some(io::ErrorKind::InvalidData));
    }
}
