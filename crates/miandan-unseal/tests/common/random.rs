//! Randomness in the form that HPKE asks for.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};

/// Bytes that a function fills in: those of the system, or chosen ones.
pub(crate) struct Filled<F>(pub(crate) F);

impl<F: FnMut(&mut [u8])> TryRng for Filled<F> {
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
        (self.0)(bytes);
        Ok(())
    }
}

impl<F: FnMut(&mut [u8])> TryCryptoRng for Filled<F> {}
