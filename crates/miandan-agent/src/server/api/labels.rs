//! The journal: labels that are looked for, looked at, printed again, and decided.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use miandan_core::number::{Day, RunningNumber};
use miandan_journal::{Search, State as LabelState};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::oneshot;

use super::problem::Refusal;
use super::{Answer, Body, Desk, Named, blocking, shown};
use crate::log::{self, Level};

/// Labels of a page at most.
const MOST: u32 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    state: Option<String>,
    printer: Option<String>,
    search: Option<String>,
    day: Option<String>,
    limit: Option<u32>,
    after: Option<String>,
}

/// Labels, the newest first.
pub(super) async fn search(State(desk): State<Desk>, asked: Result<Query<Asked>, QueryRejection>) -> Answer {
    let Query(asked) = asked.map_err(|_| Refusal::BAD_REQUEST)?;
    let page = blocking(move || {
        let states = states(asked.state.as_deref().unwrap_or_default())?;
        let station = &desk.shared.agent.station;
        let printer = match asked.printer.as_deref().filter(|name| !name.is_empty()) {
            Some(name) => Some(station.printer(name).ok_or(Refusal::UNKNOWN_PRINTER)?.name.to_string()),
            None => None,
        };
        let day = asked.day.as_deref().filter(|day| !day.is_empty()).map(day).transpose()?;
        let after = asked.after.as_deref().filter(|after| !after.is_empty()).map(place).transpose()?;
        let limit = asked.limit.unwrap_or(50);
        if !(1..=MOST).contains(&limit) {
            return Err(Refusal::BAD_REQUEST);
        }
        let text = asked.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
        // A running number is one label, and its copies.
        if let Some(number) = text.and_then(|text| text.parse::<RunningNumber>().ok()) {
            let found = station.latest(number).ok();
            let labels: Vec<_> = found.iter().map(|print| shown::label(&desk, print)).collect();
            return Ok(json!({ "labels": labels, "next": null }));
        }
        let search = Search { states, printer: printer.as_deref(), waybill: text, day, after };
        let found = station.journal().reader().search(&search, limit);
        let found = found.map_err(|error| Refusal::STATION.because(error.to_string()))?;
        let next = found.last().filter(|_| found.len() == limit as usize);
        let next = next.map(|print| format!("{}.{}", print.number, print.id.copy));
        let labels: Vec<_> = found.iter().map(|print| shown::label(&desk, print)).collect();
        Ok(json!({ "labels": labels, "next": next }))
    });
    Ok(Json(page.await?).into_response())
}

/// The states of a word.
fn states(word: &str) -> Result<&'static [LabelState], Refusal> {
    use LabelState::{Confirmed, Failed, Planned, Rendered, Sending, Sent, Unknown};
    Ok(match word {
        "" => &[],
        "printed" => &[Sent, Confirmed],
        "failed" => &[Failed],
        "unknown" => &[Unknown],
        "waiting" => &[Planned, Rendered, Sending],
        _ => return Err(Refusal::BAD_REQUEST),
    })
}

/// `2026-11-30`, a day in China.
fn day(text: &str) -> Result<Day, Refusal> {
    let form = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    let short = text.strip_prefix("20").filter(|_| text.len() == 10 && text.bytes().enumerate().all(form));
    let short = short.and_then(|short| short.replace('-', "").parse().ok());
    short.and_then(Day::from_yymmdd).ok_or(Refusal::BAD_REQUEST)
}

/// Where a page ended.
fn place(text: &str) -> Result<(RunningNumber, u32), Refusal> {
    let (number, copy) = text.rsplit_once('.').ok_or(Refusal::BAD_REQUEST)?;
    let number = number.parse().map_err(|_| Refusal::BAD_REQUEST)?;
    Ok((number, copy.parse().map_err(|_| Refusal::BAD_REQUEST)?))
}

fn number(text: &str) -> Result<RunningNumber, Refusal> {
    text.parse().map_err(|_| Refusal::UNKNOWN_LABEL)
}

/// A label and all that happened to it.
pub(super) async fn one(State(desk): State<Desk>, Named(text): Named) -> Answer {
    let number = number(&text)?;
    let label = blocking(move || {
        let station = &desk.shared.agent.station;
        let print = station.latest(number).map_err(|error| Refusal::of_person(&error, desk.language))?;
        let reader = station.journal().reader();
        let failed = |error: miandan_journal::JournalError| Refusal::STATION.because(error.to_string());
        let batch = reader.numbered(number.batch).map_err(failed)?.ok_or(Refusal::UNKNOWN_LABEL)?;
        let history = reader.history(batch.id, number.position).map_err(failed)?;
        drop(reader);
        let history: Vec<_> = history.iter().map(|entry| shown::entry(&desk, entry)).collect();
        Ok(json!({ "label": shown::label(&desk, &print), "history": history }))
    });
    Ok(Json(label.await?).into_response())
}

/// The masked preview of a label that is still in memory.
pub(super) async fn preview(State(desk): State<Desk>, Named(text): Named) -> Answer {
    let number = number(&text)?;
    let (done, made) = oneshot::channel();
    let station = &desk.shared.agent.station;
    let asked = station.preview_again(number, move |made| drop(done.send(made)));
    asked.map_err(|error| Refusal::of_person(&error, desk.language))?;
    let made = made.await.map_err(|_| Refusal::STATION)?;
    let mut picture = made.map_err(|error| Refusal::STATION.because(error.to_string()))?;
    let page = (!picture.pages.is_empty()).then(|| picture.pages.swap_remove(0)).ok_or(Refusal::STATION)?;
    Ok(png(page))
}

/// A picture that nobody keeps.
pub(super) fn png(bytes: Vec<u8>) -> axum::response::Response {
    ([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")], bytes).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reprint {
    reason: String,
    printer: Option<String>,
    operator: Option<String>,
}

/// Prints a label again, with a mark.
pub(super) async fn reprint(
    State(desk): State<Desk>,
    Named(text): Named,
    headers: HeaderMap,
    Body(asked): Body<Reprint>,
) -> Answer {
    let number = number(&text)?;
    let printer = asked.printer.filter(|name| !name.is_empty());
    let whole = json!(["reprint", number.to_string(), asked.reason, printer, asked.operator]);
    let own = desk.clone();
    let work = blocking(move || {
        let operator = asked.operator.as_deref().unwrap_or("console");
        let station = &own.shared.agent.station;
        let copy = station.reprint(number, printer.as_deref(), &asked.reason, operator);
        let copy = copy.map_err(|error| Refusal::of_person(&error, own.language))?;
        log::line(Level::Info, "label.reprint", &[("label", log::Value::Running(number))]);
        Ok(json!({ "number": number.to_string(), "copy": copy }))
    });
    desk.once.run(&headers, &whole, work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settle {
    printed: bool,
    reason: String,
    operator: Option<String>,
}

/// A person says whether an unknown label was printed.
pub(super) async fn settle(
    State(desk): State<Desk>,
    Named(text): Named,
    headers: HeaderMap,
    Body(asked): Body<Settle>,
) -> Answer {
    let number = number(&text)?;
    let whole = json!(["settle", number.to_string(), asked.printed, asked.reason, asked.operator]);
    let own = desk.clone();
    let work = blocking(move || {
        let operator = asked.operator.as_deref().unwrap_or("console");
        let station = &own.shared.agent.station;
        let print = station.settle(number, asked.printed, &asked.reason, operator);
        let print = print.map_err(|error| Refusal::of_person(&error, own.language))?;
        log::line(Level::Info, "label.settled", &[("label", log::Value::Running(number))]);
        let _ = own.board.count(station.journal());
        own.board.changed(number, print.id.copy);
        own.shared.decided(&print, asked.printed);
        Ok(shown::label(&own, &print))
    });
    desk.once.run(&headers, &whole, work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_days_are_read() {
        assert_eq!(states("printed").unwrap(), [LabelState::Sent, LabelState::Confirmed]);
        assert!(states("maybe").is_err());
        assert_eq!(day("2026-11-30").unwrap().yymmdd(), 261_130);
        for wrong in ["", "2026-13-01", "1999-01-01", "2026-1-1", "２０２６-11-30", "20261130-", "2026-+1-30"]
        {
            assert!(day(wrong).is_err(), "{wrong}");
        }
        assert_eq!(place("261130-001-012.2").unwrap().1, 2);
        assert!(place("261130-001-012").is_err() && place("x.1").is_err());
    }
}
