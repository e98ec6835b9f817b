//! Web pages: who may print, and who waits for it.

use std::io;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Refusal;
use super::{Answer, Body, Desk, blocking};
use crate::log::{self, Level, Name};
use crate::origin::Origin;

pub(super) async fn all(State(desk): State<Desk>) -> Json<Value> {
    let text = |origins: Vec<Origin>| origins.iter().map(ToString::to_string).collect::<Vec<_>>();
    let pairings = &desk.shared.pairings;
    Json(json!({ "paired": text(pairings.paired()), "waiting": text(pairings.waiting()) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfOrigin {
    origin: String,
}

pub(super) async fn allow(State(desk): State<Desk>, Body(asked): Body<OfOrigin>) -> Answer {
    let origin = named(&asked)?;
    blocking(move || {
        if desk.shared.pairings.is_full_for(&origin) {
            return Err(Refusal::new(StatusCode::CONFLICT, "TOO_MANY_ORIGINS"));
        }
        desk.shared.pairings.pair(&origin).map_err(|error| cannot_keep(&error))?;
        log::line(Level::Info, "origin.paired", &[("origin", log::Value::Name(Name(origin.as_str())))]);
        desk.board.touch();
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

pub(super) async fn remove(State(desk): State<Desk>, Body(asked): Body<OfOrigin>) -> Answer {
    let origin = named(&asked)?;
    blocking(move || {
        let removed = desk.shared.pairings.unpair(&origin).map_err(|error| cannot_keep(&error))?;
        desk.board.touch();
        if !removed {
            return Err(Refusal::new(StatusCode::NOT_FOUND, "UNKNOWN_ORIGIN"));
        }
        log::line(Level::Info, "origin.removed", &[("origin", log::Value::Name(Name(origin.as_str())))]);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

fn named(asked: &OfOrigin) -> Result<Origin, Refusal> {
    // Nobody can tell which page `null` is. Who wants to let all of them in writes it into the configuration.
    let origin = Origin::parse(&asked.origin).filter(|origin| origin.as_str() != "null");
    origin.ok_or(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "NO_ORIGIN"))
}

fn cannot_keep(error: &io::Error) -> Refusal {
    log::line(Level::Error, "origin.not-kept", &[("why", log::Value::Error(error))]);
    Refusal::STATION
}
