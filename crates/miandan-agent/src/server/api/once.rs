//! A request that is sent twice is done once: who names it by an `Idempotency-Key` gets the same answer again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use miandan_seal::encoding::sha256;
use serde_json::Value;

use super::problem::Refusal;

/// Answers that are remembered.
const MOST: usize = 2_000;

/// The longest key.
const LONGEST: usize = 200;

/// The answers.
#[derive(Default)]
pub(super) struct Once(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    by_key: HashMap<[u8; 32], Entry>,
    order: VecDeque<[u8; 32]>,
}

struct Entry {
    /// Of what was asked.
    asked: [u8; 32],
    /// None as long as it is being done.
    answer: Option<Result<Value, Refusal>>,
}

impl Once {
    /// Does something, or answers what it came to when the same was asked before.
    pub(super) async fn run<F>(&self, headers: &HeaderMap, asked: &str, work: F) -> Result<Response, Refusal>
    where
        F: Future<Output = Result<Value, Refusal>>,
    {
        let Some(key) = headers.get("idempotency-key") else {
            return Ok(Json(work.await?).into_response());
        };
        if key.is_empty() || key.len() > LONGEST {
            return Err(Refusal::BAD_REQUEST);
        }
        let (key, asked) = (sha256(key.as_bytes()), sha256(asked.as_bytes()));
        if let Some(answer) = self.begin(key, asked)? {
            return Ok(Json(answer?).into_response());
        }
        let answer = work.await;
        self.finish(key, answer.clone());
        Ok(Json(answer?).into_response())
    }

    /// The answer to a key that was used, or nothing: then it is in use from now on.
    fn begin(&self, key: [u8; 32], asked: [u8; 32]) -> Result<Option<Result<Value, Refusal>>, Refusal> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = answers.by_key.get(&key) {
            if entry.asked != asked {
                return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "KEY_REUSED"));
            }
            return match &entry.answer {
                Some(answer) => Ok(Some(answer.clone())),
                None => Err(Refusal::new(StatusCode::CONFLICT, "IN_PROGRESS")),
            };
        }
        answers.by_key.insert(key, Entry { asked, answer: None });
        answers.order.push_back(key);
        if answers.order.len() > MOST
            && let Some(oldest) = answers.order.pop_front()
        {
            answers.by_key.remove(&oldest);
        }
        Ok(None)
    }

    fn finish(&self, key: [u8; 32], answer: Result<Value, Refusal>) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = answers.by_key.get_mut(&key) {
            entry.answer = Some(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use serde_json::json;

    use super::*;

    fn ask(once: &Once, key: Option<&str>, asked: &str, done: &AtomicU32) -> Result<u16, Refusal> {
        let headers = key.map(|key| ("idempotency-key".parse().unwrap(), key.parse().unwrap()));
        let headers = HeaderMap::from_iter(headers);
        let work = async { Ok(json!(done.fetch_add(1, Ordering::Relaxed))) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(once.run(&headers, asked, work)).map(|answer| answer.status().as_u16())
    }

    #[test]
    fn the_same_key_does_it_once() {
        let (once, done) = (Once::default(), AtomicU32::new(0));
        for _ in 0..3 {
            assert_eq!(ask(&once, Some("k"), "reprint 1", &done), Ok(200));
        }
        assert_eq!(done.load(Ordering::Relaxed), 1);
        assert!(ask(&once, Some("k"), "reprint 2", &done).is_err(), "another request with the same key");
        assert!(ask(&once, Some(""), "reprint 2", &done).is_err());
        ask(&once, None, "reprint 1", &done).unwrap();
        ask(&once, None, "reprint 1", &done).unwrap();
        assert_eq!(done.load(Ordering::Relaxed), 3, "without a key it is done as often as it is asked for");
    }
}
