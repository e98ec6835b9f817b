//! What is answered instead of a panic or an exception. The numbers are part of the ABI.

use miandan_courier::{BadKey, NotAToken, NotOpened, TrustError, Verdict};

/// What became of a call.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was done.
    Ok = 0,
    /// A pointer that must not be null is, or a length is one that no memory has.
    BadArgument = 1,
    /// A text is not UTF-8.
    NotUtf8 = 2,
    /// A fault of this library.
    Internal = 3,
    /// The text is not a courier's token at all.
    NotAToken = 10,
    /// A token of a version that this library does not know.
    UnknownVersion = 11,
    /// A token that is cut off or was changed.
    Malformed = 12,
    /// Neither the public file of an issuer nor a trust list.
    NoIssuer = 20,
    /// Not a signed list of stations.
    NoList = 21,
    /// Nobody who is trusted signed the list.
    UnknownIssuer = 22,
    /// The list was changed after it was signed.
    BadSignature = 23,
    /// A newer list of this issuer is there already.
    OlderList = 24,
    /// Not the key file of a carrier.
    BadKey = 30,
    /// The token has no sealed part.
    NothingSealed = 31,
    /// The sealed part is for another carrier.
    OtherCarrier = 32,
    /// The sealed part is for another key of this carrier, or was changed.
    OtherKey = 33,
}

impl From<NotAToken> for Status {
    fn from(error: NotAToken) -> Self {
        match error {
            NotAToken::Other => Status::NotAToken,
            NotAToken::Version => Status::UnknownVersion,
            // What is added to the enum later is a way not to be a token as well.
            _ => Status::Malformed,
        }
    }
}

impl From<TrustError> for Status {
    fn from(error: TrustError) -> Self {
        match error {
            TrustError::NoIssuer => Status::NoIssuer,
            TrustError::UnknownIssuer => Status::UnknownIssuer,
            TrustError::BadSignature => Status::BadSignature,
            TrustError::Older => Status::OlderList,
            _ => Status::NoList,
        }
    }
}

impl From<BadKey> for Status {
    fn from(_: BadKey) -> Self {
        Status::BadKey
    }
}

impl From<NotOpened> for Status {
    fn from(error: NotOpened) -> Self {
        match error {
            NotOpened::Nothing => Status::NothingSealed,
            NotOpened::OtherCarrier => Status::OtherCarrier,
            _ => Status::OtherKey,
        }
    }
}

/// The number of a verdict. 0 is none, so that what was never filled in is not taken for one.
pub(crate) const fn verdict_number(verdict: Verdict) -> i32 {
    match verdict {
        Verdict::Genuine => 1,
        Verdict::Reprint(_) => 2,
        Verdict::Expired => 3,
        Verdict::NotYetValid => 4,
        Verdict::UnknownStation => 5,
        Verdict::Revoked => 6,
        Verdict::Forged => 7,
        Verdict::OtherWaybill => 8,
        Verdict::Specimen => 9,
        // A verdict that this ABI has no number for is not a good one.
        _ => 7,
    }
}
