//! What stations say: what became of each label, and how they are. JSON without personal data; members that a reader does not
//! know are passed over, so that stations of a newer version may say more.

use async_nats::jetstream::Context;
use miandan_device::Rung;
use miandan_journal::RunningNumber;
use serde::{Deserialize, Serialize};

use crate::FleetError;
use crate::job::Aside;
use crate::place::{Place, StationPlace};
use crate::streams::{self, last};

/// What became of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// It came out of the printer, as well as that can be known.
    Printed,
    /// It may be on paper, and nobody can tell: a person has to look.
    Unknown,
    /// Surely nothing of it is on paper, and it is not tried again by itself.
    Failed,
    /// The message was no label for this station.
    Aside,
    /// The printer does not take it at the moment. It is tried again.
    Waiting,
}

impl Outcome {
    /// Whether nothing more becomes of the label by itself.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(self, Outcome::Waiting)
    }
}

/// A report of one label, or of a message that was none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What became of it.
    pub outcome: Outcome,
    /// Where.
    pub at: Place,
    /// The number that it was dispatched with; none of what was set aside.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "number")]
    pub number: Option<RunningNumber>,
    /// The number that stands on the paper, if it is another one: the label was at the station before.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "number")]
    pub printed_as: Option<RunningNumber>,
    /// As in the claim.
    #[serde(default)]
    pub attempt: u32,
    /// A stable word: the code of a refusal, `OPERATOR` for what a person said, and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What says that it was printed: a rung of the ladder of confirmations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<String>,
    /// Which copy it was, 0 for the first.
    #[serde(default)]
    pub copy: u32,
    /// Of a label that is tried again: after so many deliveries surely nothing of it is on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<i64>,
    /// Of a message that was set aside: its place in the stream and its length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<(u64, usize)>,
    /// When, in seconds since 1970, by the station's clock.
    pub when: u64,
}

/// A running number as its text.
mod number {
    use miandan_journal::RunningNumber;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "as serde calls it")]
    pub(super) fn serialize<S: Serializer>(number: &Option<RunningNumber>, to: S) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) => to.collect_str(number),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<RunningNumber>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}

impl Report {
    /// A report of a label.
    #[must_use]
    pub fn of(outcome: Outcome, at: &Place, number: RunningNumber, attempt: u32, when: u64) -> Self {
        Report { number: Some(number), attempt, ..Report::blank(outcome, at, when) }
    }

    /// A report of a message that is no label: its place in the stream and its length, and why it was set aside.
    #[must_use]
    pub fn aside(at: &Place, message: (u64, usize), reason: Aside, when: u64) -> Self {
        Report { message: Some(message), ..Report::blank(Outcome::Aside, at, when) }.because(reason.as_str())
    }

    fn blank(outcome: Outcome, at: &Place, when: u64) -> Self {
        Report {
            outcome,
            at: at.clone(),
            number: None,
            printed_as: None,
            attempt: 0,
            code: None,
            confirmed_by: None,
            copy: 0,
            delivery: None,
            message: None,
            when,
        }
    }

    /// Says that it is confirmed, and by what; nothing of a printer that confirms nothing.
    #[must_use]
    pub fn confirmed(mut self, rung: Option<Rung>) -> Self {
        self.confirmed_by = rung.map(|rung| rung.as_str().to_owned());
        self
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Whether somebody else at the station prints the label at this moment.
    #[must_use]
    pub fn is_in_flight(&self) -> bool {
        self.code.as_deref() == Some(miandan_print::Status::InFlight.as_str())
    }

    /// The subject under which it is kept: the last one of a label counts.
    #[must_use]
    pub fn subject(&self) -> String {
        match (self.number, self.message) {
            (Some(number), _) => subject_of(&self.at, number),
            (None, message) => {
                format!("result.{}.aside.{}", self.at.tokens(), message.map_or(0, |(sequence, _)| sequence))
            }
        }
    }

    /// Reads what a broker holds.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// All of the broker's.
    pub async fn put(&self, streams: &Context) -> Result<(), FleetError> {
        put(streams, self.subject(), self).await
    }

    /// The last report of a label at a printer.
    ///
    /// # Errors
    /// All of the broker's; [`FleetError::Foreign`].
    pub async fn get(
        streams: &Context,
        at: &Place,
        number: RunningNumber,
    ) -> Result<Option<Self>, FleetError> {
        let subject = subject_of(at, number);
        let Some(found) = last(streams, &streams::report(&at.at.site), &subject).await? else {
            return Ok(None);
        };
        Report::read(&found.payload).map(Some).ok_or(FleetError::Foreign(subject))
    }
}

/// The subject of the reports of a label.
#[must_use]
pub fn subject_of(at: &Place, number: RunningNumber) -> String {
    format!("result.{}.{}.{}", at.tokens(), number.batch, number.position)
}

/// How a station is, as it says every few seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationState {
    /// The version of the program.
    pub version: String,
    /// What time it is there, in seconds since 1970.
    pub now: u64,
    /// It takes no labels of the fleet: somebody drains it.
    #[serde(default)]
    pub is_drained: bool,
    /// It is ending, and says nothing more.
    #[serde(default)]
    pub is_leaving: bool,
    /// Its printers.
    pub printers: Vec<PrinterState>,
}

/// How a printer is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterState {
    /// What it is called there.
    pub name: String,
    /// Labels that wait for it at the station, of the fleet and of others.
    #[serde(default)]
    pub waiting: usize,
    /// The label that it is being sent.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "number")]
    pub sending: Option<RunningNumber>,
    /// Why it gets no labels: `person`, `unknown` or `journal`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// What is wrong with it, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// How long a label takes here when others wait behind it, in milliseconds; nothing before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<u64>,
    /// Labels of the fleet that came out of it since the station was started, and those of which nobody can tell.
    #[serde(default)]
    pub printed: u64,
    /// See `printed`.
    #[serde(default)]
    pub unknown: u64,
    /// Messages that were set aside since the station was started.
    #[serde(default)]
    pub aside: u64,
    /// The carriers whose labels it has paper for; all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carriers: Vec<String>,
    /// What it takes by region: beginnings of the code or the name of a consolidation point; all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
}

impl StationState {
    /// The subject of a station's state.
    #[must_use]
    pub fn subject(station: &StationPlace) -> String {
        format!("state.{}", station.tokens())
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// All of the broker's.
    pub async fn put(&self, streams: &Context, station: &StationPlace) -> Result<(), FleetError> {
        put(streams, StationState::subject(station), self).await
    }
}

/// Publishes JSON, and waits until it is stored.
pub(crate) async fn put(streams: &Context, subject: String, what: &impl Serialize) -> Result<(), FleetError> {
    let bytes = serde_json::to_vec(what).unwrap_or_default();
    let sent =
        streams.publish(subject, bytes.into()).await.map_err(|error| crate::error::of_publish(&error))?;
    sent.await.map(drop).map_err(|error| crate::error::of_publish(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read_as_they_are_written() {
        let at: Place = "hz/st-01/desk".parse().unwrap();
        let number = RunningNumber::new(261_111, 501, 12).unwrap();
        let report =
            Report::of(Outcome::Printed, &at, number, 1, 1_794_362_400).confirmed(Some(Rung::TsplStatus));
        assert_eq!(report.subject(), "result.hz.st-01.desk.261111-501.12");
        let bytes = serde_json::to_vec(&report).unwrap();
        assert_eq!(Report::read(&bytes), Some(report.clone()));
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text,
            "{\"outcome\":\"printed\",\"at\":\"hz/st-01/desk\",\"number\":\"261111-501-012\",\"attempt\":1,\
             \"confirmed_by\":\"tspl-status\",\"copy\":0,\"when\":1794362400}"
        );
        let newer = text.replace("\"copy\":0", "\"copy\":0,\"more\":[1]");
        assert_eq!(Report::read(newer.as_bytes()), Some(report.clone()));
        let aside = Report::aside(&at, (77, 12), Aside::NotSealed, 1_794_362_400);
        assert_eq!(aside.subject(), "result.hz.st-01.desk.aside.77");
    }
}
