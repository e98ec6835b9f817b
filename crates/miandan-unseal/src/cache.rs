//! The batches seen last: a signature and a key agreement cost ten times the rest of an order.

use std::collections::BTreeMap;

use miandan_seal::check::VerifiedBatch;
use miandan_seal::schedule::BatchSecret;
use miandan_seal::wire::SealedOrder;

/// A batch whose signature holds and, once a recipient key was used, what its order keys come from.
pub(crate) struct CachedBatch {
    pub(crate) batch: VerifiedBatch,
    /// Index of the station key that unwrapped the batch key, and the secret of the batch.
    pub(crate) secret: Option<(usize, BatchSecret)>,
    batch_header: Box<[u8]>,
    recipients: Box<[u8]>,
    last_use: u64,
}

impl CachedBatch {
    fn is_of(&self, order: &SealedOrder<'_>) -> bool {
        *self.batch_header == *order.batch_header() && *self.recipients == *order.recipients()
    }
}

/// Batches found again by their texts `b`, `r` and `s`, the least recently used one dropped first.
///
/// The texts themselves are compared. A hash of them would say the same and cost a tenth of an order.
/// Only verified batches get in, so nobody without an issuer's key can push them out.
pub(crate) struct BatchCache {
    by_signature: BTreeMap<Box<[u8]>, CachedBatch>,
    capacity: usize,
    uses: u64,
}

impl BatchCache {
    /// A cache for `capacity` batches, at least 1.
    pub(crate) fn new(capacity: usize) -> Self {
        BatchCache { by_signature: BTreeMap::new(), capacity: capacity.max(1), uses: 0 }
    }

    /// The batch of this order; if it is not there, what `verify` answers is put in.
    pub(crate) fn find_or_verify<E>(
        &mut self,
        order: &SealedOrder<'_>,
        verify: impl FnOnce() -> Result<VerifiedBatch, E>,
    ) -> Result<&mut CachedBatch, E> {
        self.uses += 1;
        let signature = order.signature_text();
        if !self.by_signature.get(signature).is_some_and(|cached| cached.is_of(order)) {
            let cached = CachedBatch {
                batch: verify()?,
                secret: None,
                batch_header: order.batch_header().into(),
                recipients: order.recipients().into(),
                last_use: 0,
            };
            if !self.by_signature.contains_key(signature) && self.by_signature.len() >= self.capacity {
                self.drop_oldest();
            }
            self.by_signature.insert(signature.into(), cached);
        }
        let cached = self.by_signature.get_mut(signature).expect("it was there or has been put in");
        cached.last_use = self.uses;
        Ok(cached)
    }

    fn drop_oldest(&mut self) {
        let oldest = self.by_signature.iter().min_by_key(|(_, cached)| cached.last_use);
        if let Some(signature) = oldest.map(|(signature, _)| signature.clone()) {
            self.by_signature.remove(&signature);
        }
    }
}
