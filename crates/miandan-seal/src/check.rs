//! The checks that need no secret, in the order of the format (`docs/mso1.md`, *Opening*):
//! size and shape, issuer and batch signature, time, audience, station, purpose, Merkle path, withdrawal.
//!
//! [`VerifiedBatch::verify`] is done once for a batch and may be remembered for orders with the same texts `b`, `r` and
//! `s`; everything else is done for every order.

use std::sync::Arc;

use miandan_core::Code;

use crate::encoding::Hash;
use crate::header::{BatchHeader, OrderHeader, PURPOSE_PRINT};
use crate::keys::{StationScope, Validity};
use crate::lists::StatusLists;
use crate::recipients::Recipients;
use crate::trust::TrustSet;
use crate::wire::SealedOrder;
use crate::{limits, merkle, signature};

/// What a batch shares, after its signature was found to hold. There is no other way to get one.
#[derive(Clone, Debug)]
pub struct VerifiedBatch {
    header: Arc<BatchHeader>,
    recipients: Recipients,
    issuer: Validity,
    walk: merkle::Walk,
}

impl VerifiedBatch {
    /// Reads the batch header and the recipients, and checks issuer and signature.
    ///
    /// # Errors
    /// [`Code::Malformed`], [`Code::Limit`], [`Code::UnsupportedSuite`], [`Code::UnknownIssuer`],
    /// [`Code::BadSignature`].
    pub fn verify(order: &SealedOrder<'_>, trust: &TrustSet) -> Result<Self, Code> {
        let header = BatchHeader::decode(order.batch_header())?;
        let recipients = Recipients::decode(order.recipients())?;
        let sealed_by = order.signature()?;
        let issuer = trust.issuer_of(&header)?;
        signature::verify(
            &issuer.ed25519,
            header.suite,
            order.batch_header(),
            order.recipients(),
            &sealed_by,
        )?;
        Ok(VerifiedBatch {
            header: Arc::new(header),
            recipients,
            issuer: issuer.validity,
            walk: merkle::Walk::default(),
        })
    }

    /// The batch header.
    #[must_use]
    pub fn header(&self) -> &Arc<BatchHeader> {
        &self.header
    }

    /// The recipients.
    #[must_use]
    pub fn recipients(&self) -> &Recipients {
        &self.recipients
    }

    /// Whether the issuer's key is trusted, and the authorisation in force, at this time (seconds since 1970).
    /// Clocks may differ by 300 s either way.
    ///
    /// # Errors
    /// [`Code::UnknownIssuer`] outside the validity of the issuer's key, [`Code::NotYetValid`], [`Code::Expired`].
    pub fn check_time(&self, now: u64) -> Result<(), Code> {
        if !self.issuer.holds(now) {
            return Err(Code::UnknownIssuer);
        }
        if now.saturating_add(limits::SKEW) < self.header.nbf.max(self.header.iat) {
            return Err(Code::NotYetValid);
        }
        if now >= self.header.exp.saturating_add(limits::SKEW) {
            return Err(Code::Expired);
        }
        Ok(())
    }

    /// Whether one of these stations may print the batch.
    ///
    /// # Errors
    /// [`Code::WrongAudience`] if none prints for the merchant, else [`Code::WrongStation`] if none of those that do is
    /// the station or in the group that the batch names.
    pub fn check_station<'s>(&self, scopes: impl IntoIterator<Item = &'s StationScope>) -> Result<(), Code> {
        let mut verdict = Err(Code::WrongAudience);
        for scope in scopes {
            match self.admits(scope) {
                Ok(()) => return Ok(()),
                Err(Code::WrongStation) => verdict = Err(Code::WrongStation),
                Err(_) => {}
            }
        }
        verdict
    }

    /// Whether this station may print the batch.
    ///
    /// # Errors
    /// [`Code::WrongAudience`], [`Code::WrongStation`].
    pub fn admits(&self, scope: &StationScope) -> Result<(), Code> {
        scope.admits(&self.header.aud, self.header.stn.as_deref())
    }

    /// Whether the batch was sealed for printing.
    ///
    /// # Errors
    /// [`Code::WrongPurpose`].
    pub fn check_purpose(&self) -> Result<(), Code> {
        if self.header.pur == PURPOSE_PRINT { Ok(()) } else { Err(Code::WrongPurpose) }
    }

    /// Whether the order belongs to the batch, at the index that it claims. What is learnt of the tree makes the next
    /// order cheaper.
    ///
    /// # Errors
    /// [`Code::BadSignature`].
    pub fn check_path(
        &mut self,
        order: &SealedOrder<'_>,
        header: &OrderHeader,
        header_hash: &Hash,
    ) -> Result<(), Code> {
        let leaf = merkle::leaf(header_hash, &order.fields_hash());
        let belongs = header.jti == self.header.jti
            && self.walk.verify(&leaf, header.i, self.header.n, order.path(), &self.header.root);
        if belongs { Ok(()) } else { Err(Code::BadSignature) }
    }

    /// Whether the person withdrew the authorisation, or nobody can say that they did not.
    ///
    /// # Errors
    /// [`Code::Withdrawn`], [`Code::StaleStatus`].
    pub fn check_withdrawal(&self, header: &OrderHeader, status: &StatusLists, now: u64) -> Result<(), Code> {
        status.check(&self.header.iss, header.consent.as_ref(), now)
    }
}

/// Every check that needs no secret, for one order: what a host can know before it asks a component.
///
/// `now` is in seconds since 1970 (UTC).
///
/// # Errors
/// Those of [`SealedOrder::parse`], [`VerifiedBatch`] and [`SealedOrder::ciphertexts`].
pub fn without_opening(
    object: &[u8],
    trust: &TrustSet,
    status: &StatusLists,
    scope: &StationScope,
    now: u64,
) -> Result<(Arc<BatchHeader>, OrderHeader), Code> {
    let order = SealedOrder::parse(object)?;
    let header = OrderHeader::decode(order.order_header())?;
    order.ciphertexts(&header.fields, &mut Vec::new())?;
    let mut batch = VerifiedBatch::verify(&order, trust)?;
    batch.check_time(now)?;
    batch.admits(scope)?;
    batch.check_purpose()?;
    batch.check_path(&order, &header, &order.order_header_hash())?;
    batch.check_withdrawal(&header, status, now)?;
    Ok((batch.header, header))
}
