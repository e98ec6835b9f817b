//! The templates of the station, with pictures of what they print, made of a waybill that nobody has sent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use miandan_core::label::LabelNumber;
use miandan_core::pipe::TemplateKind;
use miandan_journal::{LabelKey, NewLabel};
use miandan_print::station::{LabelContent, LabelRequest, Personal, Picture};
use serde_json::json;
use tokio::sync::oneshot;

use super::labels::png;
use super::problem::Refusal;
use super::{Answer, Desk, Named};
use crate::templates::Template;

/// Nobody: a name that was made up and phones that no operator has given to anybody.
const SAMPLE: &str = include_str!("sample.json");

/// The templates by their names, and the addresses that mean them.
pub(super) async fn all(State(desk): State<Desk>) -> Answer {
    let mut templates = Vec::new();
    let map = desk.shared.agent.templates();
    for (template, addresses) in map.all() {
        let made = picture_of(&desk, template).await.ok();
        let millimetres = |micrometres: i32| f64::from(micrometres) / 1e3;
        templates.push(json!({
            "name": &*template.name,
            "addresses": addresses,
            "width_mm": made.as_ref().map(|picture| millimetres(picture.size.width)),
            "height_mm": made.as_ref().map(|picture| millimetres(picture.size.height)),
        }));
    }
    Ok(Json(json!({ "templates": templates })).into_response())
}

/// What a template prints.
pub(super) async fn picture(State(desk): State<Desk>, Named(name): Named) -> Answer {
    let unknown = Refusal::new(axum::http::StatusCode::NOT_FOUND, "UNKNOWN_TEMPLATE");
    let template = desk.shared.agent.templates().named(&name).ok_or(unknown)?.clone();
    let mut picture = picture_of(&desk, &template).await?;
    let page = (!picture.pages.is_empty()).then(|| picture.pages.swap_remove(0)).ok_or(Refusal::STATION)?;
    Ok(png(page))
}

/// A template is one of waybills; where it is none, it is an area.
async fn picture_of(desk: &Desk, template: &Template) -> Result<Picture, Refusal> {
    let mut refused = String::new();
    for kind in [TemplateKind::Waybill, TemplateKind::Free] {
        let key = LabelKey { carrier: "-".to_owned(), waybill: "-".to_owned(), parcel: 0 };
        let nobody = NewLabel { key, order_id: "-".to_owned(), identity: [0; 32], content: [0; 32] };
        let label = LabelRequest {
            content: LabelContent::Plain(Personal(SAMPLE.to_owned()), nobody),
            template: Arc::clone(template.of_kind(kind)),
            sender: None,
            areas: Vec::new(),
            number: LabelNumber { index: 1, count: 1 },
            running: None,
        };
        let (done, made) = oneshot::channel();
        desk.shared.agent.station.preview(label, move |made| drop(done.send(made)));
        match made.await {
            Ok(Ok(picture)) => return Ok(picture),
            Ok(Err(error)) => refused = error.to_string(),
            Err(_) => return Err(Refusal::STATION),
        }
    }
    Err(Refusal::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "TEMPLATE_REFUSED").because(refused))
}
