//! Randomness. Callers hand in ring's system generator and nothing else: the same batch key and header with another
//! plaintext would repeat a nonce, so a generator that could be chosen would be a hole.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};
use ring::rand::{SecureRandom, SystemRandom};

use super::sealing::SealError;

/// Where random bytes come from: the system, or in this crate's own tests a counter.
pub(crate) trait Source {
    /// Fills the bytes.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), SealError>;
}

impl Source for &SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), SealError> {
        SecureRandom::fill(*self, bytes).map_err(|_| SealError::Randomness)
    }
}

/// The generator that HPKE asks. HPKE cannot be told of a failure, so it is kept: whatever was made with a generator
/// that has failed must be thrown away.
pub(crate) struct Generator<'s, S> {
    source: &'s mut S,
    failed: bool,
}

impl<'s, S: Source> Generator<'s, S> {
    pub(crate) fn new(source: &'s mut S) -> Self {
        Generator { source, failed: false }
    }

    /// Whether every byte given out was random.
    pub(crate) fn finish(self) -> Result<(), SealError> {
        if self.failed { Err(SealError::Randomness) } else { Ok(()) }
    }
}

impl<S: Source> TryRng for Generator<'_, S> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.failed |= self.source.fill(bytes).is_err();
        Ok(())
    }
}

impl<S: Source> TryCryptoRng for Generator<'_, S> {}
