//! Refusals as `application/problem+json` (RFC 9457), with stable codes.

use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use miandan_print::station::{PersonError, RequestError};
use serde_json::json;

use crate::protocol::Language;

/// How long no code is taken at most after too many wrong ones, in seconds.
const TOO_MANY_SECONDS: &str = "300";

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    detail: Option<String>,
}

impl Refusal {
    pub(super) const fn new(status: StatusCode, code: &'static str) -> Self {
        Refusal { status, code, detail: None }
    }

    pub(super) fn because(self, detail: impl Into<String>) -> Self {
        Refusal { detail: Some(detail.into()), ..self }
    }

    /// Whether it is of this moment, and nothing was done.
    pub(super) fn passes(&self) -> bool {
        self.status == StatusCode::SERVICE_UNAVAILABLE
    }

    pub(super) const UNAUTHORIZED: Refusal = Refusal::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
    pub(super) const FORBIDDEN: Refusal = Refusal::new(StatusCode::FORBIDDEN, "FORBIDDEN");
    pub(super) const NO_ROUTE: Refusal = Refusal::new(StatusCode::NOT_FOUND, "NO_ROUTE");
    pub(super) const UNKNOWN_PRINTER: Refusal = Refusal::new(StatusCode::NOT_FOUND, "UNKNOWN_PRINTER");
    pub(super) const UNKNOWN_LABEL: Refusal = Refusal::new(StatusCode::NOT_FOUND, "UNKNOWN_LABEL");
    pub(super) const BAD_REQUEST: Refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "BAD_REQUEST");
    pub(super) const STATION: Refusal = Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "STATION");
    pub(super) const BUSY: Refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "BUSY");

    /// What a person is told of something that they cannot do.
    pub(super) fn of_person(error: &PersonError, language: Language) -> Self {
        let say = |en: &str, zh: &str| match language {
            Language::English => en.to_owned(),
            Language::Chinese => zh.to_owned(),
        };
        match error {
            PersonError::UnknownLabel => {
                Refusal::UNKNOWN_LABEL.because(say("There is no such label.", "没有这张面单。"))
            }
            PersonError::UnknownPrinter => {
                Refusal::UNKNOWN_PRINTER.because(say("There is no such printer.", "没有这台打印机。"))
            }
            PersonError::OrderGone => Refusal::new(StatusCode::GONE, "ORDER_GONE").because(say(
                "The order is not in memory any more, so the label cannot be made again here.",
                "订单已不在内存中，无法在此重新生成面单。",
            )),
            PersonError::InFlight => Refusal::new(StatusCode::CONFLICT, "BEING_SENT")
                .because(say("The label is being printed at this moment.", "面单正在打印中。")),
            PersonError::NotUnknown => Refusal::new(StatusCode::CONFLICT, "NOT_UNKNOWN").because(say(
                "Of this label there is no doubt any more: somebody decided before.",
                "这张面单的状态已经明确，可能有人先做了决定。",
            )),
            PersonError::Stopping => Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "STOPPING")
                .because(say("The agent is stopping.", "代理正在退出。")),
            PersonError::Journal(error) if error.is_refusal() => {
                Refusal::BAD_REQUEST.because(error.to_string())
            }
            PersonError::Journal(error) => Refusal::STATION.because(error.to_string()),
            other => Refusal::STATION.because(other.to_string()),
        }
    }

    pub(super) fn of_request(error: &RequestError) -> Self {
        match error {
            RequestError::UnknownPrinter => Refusal::UNKNOWN_PRINTER,
            RequestError::Busy => Refusal::BUSY,
            RequestError::Stopping => Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "STOPPING"),
            other => Refusal::STATION.because(other.to_string()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal { status, code, detail } = self;
        let title = status.canonical_reason().unwrap_or_default();
        let mut problem =
            json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "code": code });
        if let Some(detail) = detail {
            problem["detail"] = detail.into();
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let more = match status {
            // RFC 9110, section 15.5.2. Browsers ask nobody for a token.
            StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer")),
            StatusCode::TOO_MANY_REQUESTS => Some((header::RETRY_AFTER, TOO_MANY_SECONDS)),
            StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, "1")),
            _ => None,
        };
        (status, kind, AppendHeaders(more), problem.to_string()).into_response()
    }
}
