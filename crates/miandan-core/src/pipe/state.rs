//! What a component says of the things that a host named to it: which of them it refuses, and what it remembers.

use super::codec::{FrameReader, FrameWriter, PipeError};

/// What a refusal is about, among the things that the host named. Says which, never what is in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// The sandbox, the request, or nothing in particular.
    #[default]
    Nothing,
    /// The key of this number, from 0, in the order of the arguments.
    Key(u16),
    /// The issuer's file of this number.
    Trust(u16),
    /// The status list of this number.
    StatusList(u16),
    /// The state that the host kept.
    State,
    /// The list of carriers' keys of this number.
    CarrierList(u16),
}

impl Subject {
    pub(super) fn encode(self, writer: &mut FrameWriter<'_>) {
        let (kind, number) = match self {
            Subject::Nothing => (0, 0),
            Subject::Key(number) => (1, number),
            Subject::Trust(number) => (2, number),
            Subject::StatusList(number) => (3, number),
            Subject::State => (4, 0),
            Subject::CarrierList(number) => (5, number),
        };
        writer.u8(kind);
        writer.u16(number);
    }

    pub(super) fn decode(reader: &mut FrameReader<'_>) -> Result<Self, PipeError> {
        Ok(match (reader.u8()?, reader.u16()?) {
            (0, 0) => Subject::Nothing,
            (1, number) => Subject::Key(number),
            (2, number) => Subject::Trust(number),
            (3, number) => Subject::StatusList(number),
            (5, number) => Subject::CarrierList(number),
            (4, 0) => Subject::State,
            _ => return Err(PipeError::Unknown),
        })
    }
}

/// What a component remembers beyond its end, for the host to keep, and what it knows of withdrawals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateAnswer {
    /// The state, authenticated by the station's key: to be stored and handed over at the next start.
    pub state: Vec<u8>,
    /// The time that counts, in seconds since 1970: the highest of the request's and all that were seen before.
    pub time: u64,
    /// Each trusted issuer, in the order of names; none if the policy is not to ask.
    pub status: Vec<StatusOfIssuer>,
}

/// What a component knows of the withdrawals of one issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusOfIssuer {
    /// Id of the issuer.
    pub issuer: String,
    /// When its status list was signed, in seconds since 1970; `None` if there is no list of it.
    pub issued_at: Option<u64>,
    /// Whether the list is missing or too old.
    pub stale: bool,
}

impl StateAnswer {
    pub(super) fn encode(&self, writer: &mut FrameWriter<'_>) {
        writer.bytes(&self.state);
        writer.u64(self.time);
        writer.u32(self.status.len() as u32);
        for status in &self.status {
            writer.bytes(status.issuer.as_bytes());
            writer.u64(status.issued_at.unwrap_or(u64::MAX));
            writer.u8(status.stale.into());
        }
    }

    pub(super) fn decode(reader: &mut FrameReader<'_>) -> Result<Self, PipeError> {
        let state = reader.bytes()?.to_vec();
        let time = reader.u64()?;
        let count = reader.count(13)?;
        let status = (0..count).map(|_| StatusOfIssuer::decode(reader)).collect::<Result<_, _>>()?;
        Ok(StateAnswer { state, time, status })
    }
}

impl StatusOfIssuer {
    fn decode(reader: &mut FrameReader<'_>) -> Result<Self, PipeError> {
        let issuer = reader.text()?.to_owned();
        let issued_at = Some(reader.u64()?).filter(|&time| time != u64::MAX);
        let stale = match reader.u8()? {
            0 => false,
            1 => true,
            _ => return Err(PipeError::Unknown),
        };
        Ok(StatusOfIssuer { issuer, issued_at, stale })
    }
}
