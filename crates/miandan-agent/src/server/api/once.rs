//! A request that is sent twice is done once: who names it by an `Idempotency-Key` gets the same answer again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// Does something, or answers what it came to when the same was asked before. Who goes away while it is being done and
    /// comes again is told what it came to: the work and its answer do not end with the connection.
    pub(super) async fn run<F>(
        self: &Arc<Self>,
        headers: &HeaderMap,
        asked: &Value,
        work: F,
    ) -> Result<Response, Refusal>
    where
        F: Future<Output = Result<Value, Refusal>> + Send + 'static,
    {
        let Some(key) = headers.get("idempotency-key") else {
            return Ok(Json(work.await?).into_response());
        };
        let is_plain = key.as_bytes().iter().all(|byte| matches!(byte, b' '..=b'~'));
        if key.is_empty() || key.len() > LONGEST || !is_plain {
            return Err(Refusal::BAD_REQUEST);
        }
        let (key, asked) = (sha256(key.as_bytes()), sha256(asked.to_string().as_bytes()));
        if let Some(answer) = self.begin(key, asked)? {
            return Ok(Json(answer?).into_response());
        }
        let own = Arc::clone(self);
        let done = tokio::spawn(async move {
            let answer = work.await;
            own.finish(key, &answer);
            answer
        });
        let answer = done.await.unwrap_or(Err(Refusal::STATION));
        Ok(Json(answer?).into_response())
    }

    /// The answer to a key that was used, or nothing: then it is in use from now on.
    fn begin(&self, key: [u8; 32], asked: [u8; 32]) -> Result<Option<Result<Value, Refusal>>, Refusal> {
        let mut answers = self.lock();
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

    fn finish(&self, key: [u8; 32], answer: &Result<Value, Refusal>) {
        let mut answers = self.lock();
        if answer.as_ref().is_err_and(Refusal::passes) {
            // Nothing was done: with the same key it may be, later.
            answers.by_key.remove(&key);
            answers.order.retain(|known| *known != key);
        } else if let Some(entry) = answers.by_key.get_mut(&key) {
            entry.answer = Some(answer.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use serde_json::json;

    use super::*;

    fn with_key(key: Option<&str>) -> HeaderMap {
        HeaderMap::from_iter(key.map(|key| ("idempotency-key".parse().unwrap(), key.parse().unwrap())))
    }

    fn block_on<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work)
    }

    fn ask(once: &Arc<Once>, key: Option<&str>, asked: &str, done: &Arc<AtomicU32>) -> Result<u16, Refusal> {
        let done = Arc::clone(done);
        let work = async move { Ok(json!(done.fetch_add(1, Ordering::Relaxed))) };
        block_on(once.run(&with_key(key), &json!(asked), work)).map(|answer| answer.status().as_u16())
    }

    #[test]
    fn the_same_key_does_it_once() {
        let (once, done) = (Arc::new(Once::default()), Arc::new(AtomicU32::new(0)));
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

    #[test]
    fn who_goes_away_finds_the_answer_when_they_come_again() {
        let once = Arc::new(Once::default());
        block_on(async {
            let slow = async {
                tokio::time::sleep(std::time::Duration::from_millis(40)).await;
                Ok(json!("done"))
            };
            let (key, what) = (with_key(Some("k")), json!("print"));
            let asked = once.run(&key, &what, slow);
            assert!(tokio::time::timeout(std::time::Duration::from_millis(5), asked).await.is_err());
            let again = async || once.run(&key, &what, async { Ok(json!(0)) }).await;
            assert_eq!(again().await.unwrap_err(), Refusal::new(StatusCode::CONFLICT, "IN_PROGRESS"));
            tokio::time::sleep(std::time::Duration::from_millis(80)).await;
            let body = axum::body::to_bytes(again().await.unwrap().into_body(), 100).await.unwrap();
            assert_eq!(&body[..], b"\"done\"");
        });
    }

    #[test]
    fn what_passes_is_not_remembered() {
        let once = Arc::new(Once::default());
        let mut answers = [Err(Refusal::BUSY), Err(Refusal::UNKNOWN_LABEL), Ok(json!(1))].into_iter();
        let mut ask = || {
            let answer = answers.next().unwrap();
            block_on(once.run(&with_key(Some("k")), &json!("print"), async { answer })).map(drop)
        };
        assert_eq!(ask(), Err(Refusal::BUSY));
        assert_eq!(ask(), Err(Refusal::UNKNOWN_LABEL), "asked again");
        assert_eq!(ask(), Err(Refusal::UNKNOWN_LABEL), "remembered");
        assert_eq!(once.lock().order.len(), 1);
    }
}
