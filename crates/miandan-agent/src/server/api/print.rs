//! Orders that are printed by a program of the owner, without a dialect.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miandan_core::label::LabelNumber;
use miandan_core::pipe::TemplateKind;
use miandan_print::station::{LabelContent, LabelError, LabelEvent, LabelRequest, Watch};
use miandan_seal::encoding::sha256;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Refusal;
use super::{Answer, Body, Desk, blocking};
use crate::log::{self, Level, Name};

/// Orders of a request at most.
const MOST: usize = 100;

/// What a sealed order begins with where it is a text.
const PREFIX: &str = "MSO1:";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    printer: Option<String>,
    /// An address or a name of the station's templates.
    #[serde(default)]
    template: String,
    /// Sealed orders: objects, or texts as the WebSocket has them.
    orders: Vec<Value>,
    first: Option<u32>,
    total: Option<u32>,
}

/// What came of each order until it had its number. What becomes of it then is in the journal.
struct Taken(Mutex<Vec<Value>>);

impl Watch for Taken {
    fn event(&self, place: usize, event: LabelEvent) {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = taken.get_mut(place).filter(|known| known.is_null()) else { return };
        *known = match event {
            LabelEvent::Planned(number) => json!({ "index": place, "number": number.to_string() }),
            LabelEvent::Settled(Err(error)) => refused(place, &error),
            _ => return,
        };
    }
}

fn refused(place: usize, error: &LabelError) -> Value {
    let (code, number) = match error {
        LabelError::Refused(failure) => (failure.code.as_str(), None),
        LabelError::Duplicate(earlier) => ("DUPLICATE", Some(earlier.number.to_string())),
        LabelError::Conflict(earlier) => ("CONFLICT", Some(earlier.number.to_string())),
        LabelError::NumberTaken(number) => ("CONFLICT", Some(number.to_string())),
        LabelError::InFlight => ("IN_FLIGHT", None),
        LabelError::UsedUp { .. } => ("PRINT_LIMIT", None),
        _ => ("STATION", None),
    };
    json!({ "index": place, "code": code, "earlier": number })
}

/// Prints sealed orders: answers their numbers, or why they have none.
pub(super) async fn print(State(desk): State<Desk>, headers: HeaderMap, Body(asked): Body<Asked>) -> Answer {
    let orders = sha256(json!(asked.orders).to_string().as_bytes());
    let orders = URL_SAFE_NO_PAD.encode(orders);
    let whole = json!(["print", asked.printer, asked.template, asked.first, asked.total, orders]);
    let own = desk.clone();
    desk.once.run(&headers, &whole, blocking(move || work(&own, &asked))).await
}

fn work(desk: &Desk, asked: &Asked) -> Result<Value, Refusal> {
    if asked.orders.is_empty() || asked.orders.len() > MOST {
        return Err(Refusal::BAD_REQUEST);
    }
    let agent = &desk.shared.agent;
    let printer = agent.printer(asked.printer.as_deref()).ok_or(Refusal::UNKNOWN_PRINTER)?;
    let template =
        agent.templates().named(&asked.template).or_else(|| agent.templates().label(&asked.template));
    let template = template.ok_or(Refusal::new(axum::http::StatusCode::NOT_FOUND, "UNKNOWN_TEMPLATE"))?;
    let count = u32::try_from(asked.orders.len()).unwrap_or(u32::MAX);
    let mut labels = Vec::with_capacity(asked.orders.len());
    for (place, order) in asked.orders.iter().enumerate() {
        let index = asked.first.unwrap_or(1).max(1).saturating_add(u32::try_from(place).unwrap_or(u32::MAX));
        labels.push(LabelRequest {
            content: LabelContent::Sealed(sealed(order)?),
            template: Arc::clone(template.of_kind(TemplateKind::Waybill)),
            sender: None,
            areas: Vec::new(),
            number: LabelNumber { index, count: asked.total.unwrap_or(count).max(index) },
            running: None,
        });
    }
    let taken = Arc::new(Taken(Mutex::new(vec![Value::Null; labels.len()])));
    let watch: Arc<dyn Watch> = Arc::<Taken>::clone(&taken);
    agent.station.print(&printer, labels, watch).map_err(|error| Refusal::of_request(&error))?;
    let values =
        [("printer", log::Value::Name(Name(&printer))), ("orders", log::Value::Number(count.into()))];
    log::line(Level::Info, "api.print", &values);
    let taken = taken.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(json!({ "printer": printer, "labels": taken }))
}

fn sealed(order: &Value) -> Result<Vec<u8>, Refusal> {
    match order {
        Value::Object(_) => Ok(order.to_string().into_bytes()),
        Value::String(text) => {
            let text = text.strip_prefix(PREFIX).ok_or(Refusal::BAD_REQUEST)?;
            URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::BAD_REQUEST)
        }
        _ => Err(Refusal::BAD_REQUEST),
    }
}
