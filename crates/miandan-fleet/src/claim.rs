//! A claim: that a label is in the queue of one printer of the fleet, and in no other.
//!
//! It stands in the stream `FLEET` under `fleet.label.<id>`, one message for each label, and is only ever replaced by who has
//! seen the one before it (`Nats-Expected-Last-Subject-Sequence`). So of two who dispatch one label at once, one has it.

use std::fmt;

use async_nats::jetstream::Context;
use miandan_journal::{LabelKey, RunningNumber};
use miandan_seal::encoding::{Hash, sha256};
use serde::{Deserialize, Serialize};

use crate::FleetError;
use crate::place::Place;
use crate::streams::{FLEET, last, replace};

/// What a label is known by in the whole fleet: half of a SHA-256 over its carrier, its waybill number and its parcel. It stands
/// in subjects, and says nothing to who does not know these three.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelId([u8; 16]);

impl LabelId {
    /// The id of a label.
    #[must_use]
    pub fn of(key: &LabelKey) -> Self {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(b"miandan label 1\0");
        for text in [&key.carrier, &key.waybill] {
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
        }
        bytes.extend_from_slice(&key.parcel.to_be_bytes());
        let hash = sha256(&bytes);
        let mut half = [0; 16];
        half.copy_from_slice(&hash[..16]);
        LabelId(half)
    }

    /// Reads what [`Display`](fmt::Display) writes.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        from_hex(text).map(LabelId)
    }

    fn subject(self) -> String {
        format!("fleet.label.{self}")
    }
}

impl fmt::Display for LabelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for LabelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LabelId({self})")
    }
}

/// `N` bytes of so many pairs of hexadecimal digits, lower case.
fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let digits = text.as_bytes();
    if digits.len() != 2 * N || !digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// Where a label is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What stands on it, as a hash; another one under the same waybill number is a conflict.
    pub content: Hash,
    /// Its running number.
    pub number: RunningNumber,
    /// In whose queue it is, or was when it was printed.
    pub to: Place,
    /// How often it was given to a queue because the one before surely did not print it, from 1.
    pub attempt: u32,
}

/// A claim as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    v: u32,
    content: String,
    number: String,
    to: Place,
    attempt: u32,
}

/// A claim that stands, and its place in the stream, by which it may be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The claim.
    pub claim: Claim,
    /// Which message it is.
    pub sequence: u64,
}

impl Claim {
    fn to_bytes(&self) -> Vec<u8> {
        let content = self.content.iter().map(|byte| format!("{byte:02x}")).collect();
        let Claim { number, to, attempt, .. } = self;
        let stored = Stored { v: 1, content, number: number.to_string(), to: to.clone(), attempt: *attempt };
        serde_json::to_vec(&stored).unwrap_or_default()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let Stored { v: 1, content, number, to, attempt } = serde_json::from_slice(bytes).ok()? else {
            return None;
        };
        Some(Claim { content: from_hex(&content)?, number: number.parse().ok()?, to, attempt })
    }

    /// Claims a label, or takes the place of the claim that one has seen.
    ///
    /// # Errors
    /// [`FleetError::Contested`] if another claim stands by now; and all of the broker's.
    pub async fn put(
        &self,
        streams: &Context,
        id: LabelId,
        instead_of: Option<u64>,
    ) -> Result<(), FleetError> {
        replace(streams, id.subject(), instead_of, self.to_bytes()).await
    }

    /// The claim that stands for a label.
    ///
    /// # Errors
    /// [`FleetError::Foreign`] if it is of another version; and all of the broker's.
    pub async fn get(streams: &Context, id: LabelId) -> Result<Option<Standing>, FleetError> {
        let subject = id.subject();
        let Some(found) = last(streams, FLEET, &subject).await? else { return Ok(None) };
        let claim = Claim::from_bytes(&found.payload).ok_or(FleetError::Foreign(subject))?;
        Ok(Some(Standing { claim, sequence: found.sequence }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::StationPlace;

    #[test]
    fn a_claim_is_read_as_it_is_written() {
        let claim = Claim {
            content: [0xA5; 32],
            number: RunningNumber::new(261_111, 501, 12).unwrap(),
            to: StationPlace::new("hz", "st-01").unwrap().printer("发货台"),
            attempt: 2,
        };
        assert_eq!(Claim::from_bytes(&claim.to_bytes()), Some(claim.clone()));
        let text = String::from_utf8(claim.to_bytes()).unwrap();
        assert_eq!(Claim::from_bytes(text.replace("\"v\":1", "\"v\":2").as_bytes()), None);
        assert_eq!(Claim::from_bytes(text.replace("a5a5", "zza5").as_bytes()), None);
    }

    #[test]
    fn every_part_of_a_label_is_in_its_id() {
        let key = |carrier: &str, waybill: &str, parcel| {
            LabelId::of(&LabelKey { carrier: carrier.into(), waybill: waybill.into(), parcel })
        };
        let ids =
            [key("SF", "1", 0), key("SF1", "", 0), key("SF", "1", 1), key("ST", "1", 0), key("SF", "2", 0)];
        let different: std::collections::BTreeSet<_> = ids.into_iter().collect();
        assert_eq!(different.len(), ids.len());
        assert_eq!(LabelId::read(&ids[0].to_string()), Some(ids[0]));
        assert_eq!(LabelId::read("SF"), None);
    }
}
