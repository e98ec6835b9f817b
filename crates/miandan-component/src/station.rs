//! The station: its keys and whom it trusts, parsed behind the lock.

use miandan_core::Code;
use miandan_core::field::FieldSet;
use miandan_core::pipe::Failure;
use miandan_seal::TrustSet;
use miandan_unseal::{KeyFileError, OpenedOrder, Opener, StationKey};

use crate::files;
use crate::start::Material;

/// A station that opens orders, or one without a key that opens none.
pub(crate) struct Station {
    opener: Option<Opener>,
}

impl Station {
    /// Reads keys and public files.
    ///
    /// # Errors
    /// `AUTH_FAILED` if a key's passphrase is missing or wrong; `UNKNOWN_KEY` if a key file cannot be used for
    /// another reason; `UNKNOWN_ISSUER` if an issuer's public file cannot be used.
    pub(crate) fn parse(material: Material) -> Result<Self, Code> {
        let Material { keys, passphrase, trust } = material;
        let passphrase = passphrase.as_deref().map(|bytes| files::passphrase(bytes));
        let keys: Vec<_> = keys
            .iter()
            .map(|file| StationKey::from_bytes(file, passphrase).map_err(unusable))
            .collect::<Result<_, _>>()?;
        let trust = TrustSet::from_files(trust.iter().map(Vec::as_slice)).map_err(|_| Code::UnknownIssuer)?;
        Ok(Station { opener: (!keys.is_empty()).then(|| Opener::new(keys, trust)) })
    }

    /// The id of the station, as its current key has it; empty without a key.
    pub(crate) fn id(&self) -> &str {
        self.opener.as_ref().and_then(|opener| opener.keys().first()).map_or("", StationKey::id)
    }

    /// Opens an order, or rather those fields of it that a template names.
    pub(crate) fn open(&mut self, sealed: &[u8], now: u64, fields: FieldSet) -> Result<OpenedOrder, Failure> {
        match &mut self.opener {
            Some(opener) => opener.open(sealed, now, fields),
            None => Err(Code::UnknownKey.into()),
        }
    }
}

fn unusable(error: KeyFileError) -> Code {
    match error {
        KeyFileError::PassphraseNeeded | KeyFileError::PassphraseWrong => Code::AuthFailed,
        _ => Code::UnknownKey,
    }
}
