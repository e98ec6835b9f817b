//! Whether a token is genuine, without a network.

use alloc::string::String;

use ed25519_dalek::Signature;

use crate::token::{SIGNATURE_CONTEXT, Token};
use crate::trust::Trust;

/// How far ahead of ours the clock of a station may be, in seconds; and how long an expired token still passes.
pub const TOLERANCE: u64 = 3600;

/// What is asked of a token.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question<'q> {
    /// The time, in seconds since 1970 (UTC).
    pub now: u64,
    /// The waybill number beside it (in the Code 128 of the same label), if that is known.
    pub waybill_no: Option<&'q str>,
}

/// What is said of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// A station that an issuer vouches for made it for this waybill. A photocopy of the label is genuine as well: the
    /// signature says where it comes from, not that there is one only.
    Genuine,
    /// Genuine, and the n-th copy of its label; 255 for that and more.
    Reprint(u8),
    /// It was genuine once.
    Expired,
    /// It is from the future: a clock is wrong, this one or the station's.
    NotYetValid,
    /// Nobody vouches for the station, or not for that time.
    UnknownStation,
    /// The issuer has taken back its word for the station's key, whenever the token was signed.
    Revoked,
    /// The signature is not the station's: made up, or changed.
    Forged,
    /// It is genuine, and from the label of another waybill.
    OtherWaybill,
    /// It is from a label that was made to be looked at, and vouches for nothing.
    Specimen,
}

impl Verdict {
    /// The stable word for it, for programs: `genuine`, `reprint`, `expired`, `not-yet-valid`, `unknown-station`,
    /// `revoked`, `forged`, `other-waybill` or `specimen`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::Genuine => "genuine",
            Verdict::Reprint(_) => "reprint",
            Verdict::Expired => "expired",
            Verdict::NotYetValid => "not-yet-valid",
            Verdict::UnknownStation => "unknown-station",
            Verdict::Revoked => "revoked",
            Verdict::Forged => "forged",
            Verdict::OtherWaybill => "other-waybill",
            Verdict::Specimen => "specimen",
        }
    }

    /// Whether the parcel may be taken for what its label says.
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(self, Verdict::Genuine | Verdict::Reprint(_))
    }
}

/// A verdict, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// The station that signed it, if its signature holds.
    pub station: Option<String>,
    /// Whether a list is older than its issuer promised: then a station may have been revoked in the meantime.
    pub is_list_old: bool,
}

impl Trust {
    /// Whether a token is genuine.
    ///
    /// In this order: is the station known, does its signature hold, was it revoked, did it sign at that time; is the
    /// label real, is it this waybill's; and last the time and the copy.
    #[must_use]
    pub fn check(&self, token: &Token, question: &Question<'_>) -> Answer {
        let answer = |verdict, station| Answer { verdict, station, is_list_old: self.is_old(question.now) };
        let (signed, signature) = token.signed();
        let message = [SIGNATURE_CONTEXT, signed].concat();
        let signature = Signature::from_bytes(signature);
        let mut known = self.keys(token.key()).peekable();
        if known.peek().is_none() {
            return answer(Verdict::UnknownStation, None);
        }
        let signer = known.find(|station| station.key.verify_strict(&message, &signature).is_ok());
        let Some(signer) = signer else { return answer(Verdict::Forged, None) };

        let claims = token.claims();
        let is_other = question.waybill_no.is_some_and(|number| number != claims.waybill_no);
        let verdict = if signer.revoked.is_some_and(|since| question.now >= since) {
            Verdict::Revoked
        } else if !signer.signed_in_hour(claims.issued_at()) {
            Verdict::UnknownStation
        } else if claims.is_specimen {
            Verdict::Specimen
        } else if is_other {
            Verdict::OtherWaybill
        } else if claims.issued_at() > question.now.saturating_add(TOLERANCE) {
            Verdict::NotYetValid
        } else if question.now >= claims.expires_at() + TOLERANCE {
            Verdict::Expired
        } else if claims.copy > 0 {
            Verdict::Reprint(claims.copy)
        } else {
            Verdict::Genuine
        };
        answer(verdict, Some(signer.id.clone()))
    }
}
