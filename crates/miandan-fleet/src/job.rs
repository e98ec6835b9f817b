//! A label on its way to a station: a sealed order, and in the headers of the message what it is to be printed as.
//!
//! The body is the order as the platform sealed it, one JSON object of MSO1. The headers:
//!
//! | Header | |
//! |---|---|
//! | `Miandan-Fleet` | the version of this form, `1` |
//! | `Miandan-To` | `site/station/printer`: what was meant for another station is not printed |
//! | `Miandan-Number` | the running number, `261111-501-012` |
//! | `Miandan-Count` | of how many labels, for `12/200` |
//! | `Miandan-Template` | the template by the name that stations know it by; the station's own otherwise |
//! | `Miandan-Attempt` | as in the claim |
//! | `Miandan-Again` | `1` if it may have been put into this queue before |
//! | `Miandan-At` | when it was dispatched, in seconds since 1970 by the clock of who did |
//! | `Nats-Msg-Id` | the label's id and the attempt, so that JetStream drops what is sent twice |

use async_nats::HeaderMap;
use async_nats::jetstream::Context;
use miandan_core::Code;
use miandan_journal::RunningNumber;
use miandan_print::work::journal_label;
use miandan_seal::clear_header;

use crate::FleetError;
use crate::claim::LabelId;
use crate::error::of_publish;
use crate::escape::{escape, unescape};
use crate::place::Place;

/// The version of messages of a queue.
pub const VERSION: &str = "1";

/// The largest sealed order, in bytes (`docs/mso1.md`).
pub const MAX_ORDER: usize = 64 << 10;

/// The longest name of a template, in bytes.
pub const MAX_TEMPLATE: usize = 256;

/// A label on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Where it is to be printed.
    pub to: Place,
    /// Its running number.
    pub number: RunningNumber,
    /// Of how many labels it is one, for `n/m`.
    pub count: u32,
    /// The template's name, if the station's own is not meant.
    pub template: Option<String>,
    /// As in its claim.
    pub attempt: u32,
    /// Whether it may have been put into this queue before: then the station looks whether it was moved since.
    pub again: bool,
    /// When it was dispatched.
    pub at: u64,
    /// What it is known by in the fleet.
    pub id: LabelId,
    /// The sealed order.
    pub order: Vec<u8>,
}

/// Why a message is no label for a station. It is set aside: reported, taken out of the queue, and not kept, since nobody knows
/// what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Aside {
    /// It was made by a program of another version.
    #[error("it is of another version")]
    Version,
    /// A header is missing, or makes no sense.
    #[error("its headers make no sense")]
    Headers,
    /// It is meant for another station or printer.
    #[error("it is meant for another station")]
    NotForUs,
    /// It is larger than a sealed order can be.
    #[error("it is larger than a sealed order can be")]
    TooLarge,
    /// It is no sealed order.
    #[error("it is no sealed order")]
    NotSealed,
}

impl Aside {
    /// The stable word of JSON output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Aside::Version => "OTHER_VERSION",
            Aside::Headers => "HEADERS",
            Aside::NotForUs => "NOT_FOR_US",
            Aside::TooLarge => "TOO_LARGE",
            Aside::NotSealed => "NOT_SEALED",
        }
    }

    /// The reason of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Aside::Version, Aside::Headers, Aside::NotForUs, Aside::TooLarge, Aside::NotSealed];
        all.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// What stands in the headers and belongs together.
fn message_id(id: LabelId, attempt: u32) -> String {
    format!("{id}.{attempt}")
}

impl Job {
    /// Puts it into its queue, and waits until it is there. Answers whether it was there already.
    ///
    /// # Errors
    /// [`FleetError::Full`] if the queue takes no more; and all of the broker's.
    pub async fn put(&self, streams: &Context) -> Result<bool, FleetError> {
        let order = self.order.clone().into();
        let sent = streams.publish_with_headers(self.to.queue(), self.headers(), order).await;
        let stored = sent.map_err(|error| of_publish(&error))?.await;
        stored.map(|stored| stored.duplicate).map_err(|error| of_publish(&error))
    }

    /// The headers of its message.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("Miandan-Fleet", VERSION);
        headers.insert("Miandan-To", percent(&self.to.to_string()).as_str());
        headers.insert("Miandan-Number", self.number.to_string().as_str());
        headers.insert("Miandan-Count", self.count.to_string().as_str());
        if let Some(template) = &self.template {
            headers.insert("Miandan-Template", percent(template).as_str());
        }
        headers.insert("Miandan-Attempt", self.attempt.to_string().as_str());
        if self.again {
            headers.insert("Miandan-Again", "1");
        }
        headers.insert("Miandan-At", self.at.to_string().as_str());
        headers.insert("Nats-Msg-Id", message_id(self.id, self.attempt).as_str());
        headers
    }

    /// Reads a message that came to a printer's queue.
    ///
    /// # Errors
    /// [`Aside`]; then it is not printed.
    pub fn read(here: &Place, headers: Option<&HeaderMap>, body: &[u8]) -> Result<Self, Aside> {
        let text = |name: &str| headers?.get(name).map(|value| value.as_str());
        match text("Miandan-Fleet") {
            Some(VERSION) => {}
            // What has no version is none of ours: then it matters most whether it is an order at all.
            None if clear_header(body).is_err() => return Err(Aside::NotSealed),
            None => return Err(Aside::Headers),
            Some(_) => return Err(Aside::Version),
        }
        if body.len() > MAX_ORDER {
            return Err(Aside::TooLarge);
        }
        let to: Place = text("Miandan-To")
            .and_then(unpercent)
            .and_then(|place| place.parse().ok())
            .ok_or(Aside::Headers)?;
        if to != *here {
            return Err(Aside::NotForUs);
        }
        let header = clear_header(body).map_err(|code| match code {
            Code::Limit => Aside::TooLarge,
            _ => Aside::NotSealed,
        })?;
        let number: RunningNumber =
            text("Miandan-Number").and_then(|text| text.parse().ok()).ok_or(Aside::Headers)?;
        let count = text("Miandan-Count").and_then(|text| text.parse().ok());
        let attempt =
            text("Miandan-Attempt").and_then(|text| text.parse().ok()).filter(|&attempt| attempt > 0);
        let at = text("Miandan-At").and_then(|text| text.parse().ok()).ok_or(Aside::Headers)?;
        let template = match text("Miandan-Template") {
            None => None,
            Some(text) => {
                Some(unpercent(text).filter(|name| name.len() <= MAX_TEMPLATE).ok_or(Aside::Headers)?)
            }
        };
        let (count, attempt) = (count.ok_or(Aside::Headers)?, attempt.ok_or(Aside::Headers)?);
        let id = LabelId::of(&journal_label(&header).key);
        if count < number.position || text("Nats-Msg-Id") != Some(&message_id(id, attempt)) {
            return Err(Aside::Headers);
        }
        let again = text("Miandan-Again").is_some();
        Ok(Job { to, number, count, template, attempt, again, at, id, order: body.to_vec() })
    }
}

/// Headers hold ASCII; what is none is written as in a URI.
fn percent(text: &str) -> String {
    escape(text, '%', |byte| byte.is_ascii_graphic() && byte != b'%')
}

fn unpercent(text: &str) -> Option<String> {
    unescape(text, b'%')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::StationPlace;

    /// A sealed order of the fixtures, and a label with it.
    fn job() -> Job {
        let order = include_bytes!("../../../fixtures/mso1/orders.sealed.jsonl");
        let order = order.split(|&byte| byte == b'\n').next().unwrap().to_vec();
        let header = clear_header(&order).unwrap();
        Job {
            to: StationPlace::new("hz", "st-01").unwrap().printer("发货台 1%"),
            number: RunningNumber::new(261_111, 501, 12).unwrap(),
            count: 200,
            template: Some("菜鸟/标准".to_owned()),
            attempt: 1,
            again: false,
            at: 1_794_362_400,
            id: LabelId::of(&journal_label(&header).key),
            order,
        }
    }

    #[test]
    fn a_label_is_read_as_it_is_written() {
        let job = job();
        assert_eq!(Job::read(&job.to, Some(&job.headers()), &job.order), Ok(job.clone()));
        let plain = Job { template: None, again: true, ..job };
        assert_eq!(Job::read(&plain.to, Some(&plain.headers()), &plain.order), Ok(plain.clone()));
    }

    #[test]
    fn what_is_no_label_is_set_aside_with_a_reason() {
        let job = job();
        let with = |name: &'static str, value: &str| {
            let mut headers = job.headers();
            headers.insert(name, value);
            Job::read(&job.to, Some(&headers), &job.order).map(drop)
        };
        assert_eq!(with("Miandan-Fleet", "2"), Err(Aside::Version));
        for (name, value) in [
            ("Miandan-Number", "12"),
            ("Miandan-Count", "11"),
            ("Miandan-Attempt", "0"),
            ("Miandan-At", "yesterday"),
            ("Miandan-To", "nowhere"),
            ("Miandan-Template", "%ZZ"),
            ("Nats-Msg-Id", "of another label"),
        ] {
            assert_eq!(with(name, value), Err(Aside::Headers), "{name}");
        }
        let other = StationPlace::new("hz", "st-02").unwrap().printer("desk");
        assert_eq!(Job::read(&other, Some(&job.headers()), &job.order), Err(Aside::NotForUs));
        let body = |body: &[u8]| Job::read(&job.to, Some(&job.headers()), body).map(drop);
        assert_eq!(body(b"{\"recipient\": {\"name\": \"a name\"}}"), Err(Aside::NotSealed));
        assert_eq!(body(&vec![b' '; MAX_ORDER + 1]), Err(Aside::TooLarge));
        assert_eq!(Job::read(&job.to, None, b"hello").map(drop), Err(Aside::NotSealed));
        assert_eq!(Job::read(&job.to, None, &job.order).map(drop), Err(Aside::Headers));
    }
}
