//! The station: its keys, whom it trusts, what it knows of withdrawals and of the past; parsed behind the lock.

use miandan_core::Code;
use miandan_core::field::FieldSet;
use miandan_core::label::Purpose;
use miandan_core::pipe::{Failure, StateAnswer, StatusOfIssuer, Subject};
use miandan_render::template::Template;
use miandan_seal::TrustSet;
use miandan_seal::lists::{CarrierList, ListKind, StatusList, StatusLists, StatusPolicy};
use miandan_unseal::{KeyFileError, OpenedOrder, Opener, StationKey};

use crate::courier::Courier;
use crate::files;
use crate::start::Material;
use crate::state::State;

/// A station that opens orders, or one without a key that opens none.
pub(crate) struct Station {
    opener: Option<Opener>,
    /// Makes couriers' tokens, if that was asked for.
    courier: Option<Courier>,
    state: State,
}

/// Why there is no station, and which of the host's files is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) code: Code,
    pub(crate) subject: Subject,
}

impl Station {
    /// Reads keys, public files, status lists and the state.
    ///
    /// # Errors
    /// `AUTH_FAILED` if a key's passphrase is missing or wrong, or no key vouches for the state; `UNKNOWN_KEY` if a key
    /// file cannot be used for another reason; `UNKNOWN_ISSUER` if an issuer's file cannot be used, or nobody trusts
    /// who signed a list; `STALE_STATUS` if a list is older than one that was seen before; `LIMIT`, `MALFORMED` and
    /// `BAD_SIGNATURE` of a list.
    pub(crate) fn parse(material: Material) -> Result<Self, Unusable> {
        let passphrase = material.passphrase.as_deref().map(|bytes| files::passphrase(bytes));
        let keys = numbered(&material.keys, Subject::Key, |file| {
            StationKey::from_bytes(file, passphrase).map_err(unusable_key)
        })?;
        let mut trust = TrustSet::new();
        numbered(&material.trust, Subject::Trust, |file| {
            trust.add_file(file).map_err(|_| Code::UnknownIssuer)
        })?;
        let mut state = match &material.state {
            Some(file) => State::open(file, &keys)
                .map_err(|_| Unusable { code: Code::AuthFailed, subject: Subject::State })?,
            None => State::default(),
        };
        let status = status_lists(&material.status_lists, material.policy, &trust, &mut state)?;
        let carriers = carrier_lists(&material.carrier_lists, &trust, &mut state)?;
        let current = keys.first().filter(|_| material.courier_token || !carriers.is_empty());
        let courier = current.map(|key| Courier::new(key, &carriers));
        let opener = (!keys.is_empty()).then(|| Opener::new(keys, trust).with_status(status));
        Ok(Station { opener, courier, state })
    }

    /// The id of the station, as its current key has it; empty without a key.
    pub(crate) fn id(&self) -> &str {
        self.opener.as_ref().and_then(|opener| opener.keys().first()).map_or("", StationKey::id)
    }

    /// Takes the time of a request and answers the one that counts.
    pub(crate) fn advance(&mut self, now: u64) -> u64 {
        self.state.advance(now)
    }

    /// What makes couriers' tokens, if that was asked for.
    pub(crate) fn courier(&self) -> Option<&Courier> {
        self.courier.as_ref()
    }

    /// Opens an order, or rather those fields of it that a template names, without those that stand for themselves in clear
    /// beside it: for a label that shall be delivered those as well that are sealed into the courier's token, if the template
    /// names it. `now` is the time that counts.
    pub(crate) fn open(
        &mut self,
        sealed: &[u8],
        now: u64,
        template: &Template,
        beside: FieldSet,
        purpose: Purpose,
    ) -> Result<OpenedOrder, Failure> {
        let opener = self.opener.as_mut().ok_or(Code::UnknownKey)?;
        let sealing = template.names_courier_token() && purpose == Purpose::Print;
        let courier = self.courier.as_ref().filter(|_| sealing);
        let order = opener.open_for(sealed, now, |batch, order| {
            let token = courier.map_or(FieldSet::EMPTY, |courier| courier.fields(batch, order, now));
            template.fields().without(beside).union(token)
        })?;
        #[cfg(all(feature = "attacks", target_os = "linux"))]
        crate::attack::copy_carelessly(&order);
        Ok(order)
    }

    /// Opens the fields that a test asks for.
    #[cfg(test)]
    pub(crate) fn open_fields(
        &mut self,
        sealed: &[u8],
        now: u64,
        fields: FieldSet,
    ) -> Result<OpenedOrder, Failure> {
        self.opener.as_mut().ok_or(Code::UnknownKey)?.open(sealed, now, fields)
    }

    /// What is to be remembered once this time has been seen. Without a key nothing is.
    pub(crate) fn remember(&mut self, now: u64) -> StateAnswer {
        let time = self.state.advance(now);
        let Some(opener) = &self.opener else { return StateAnswer { time, ..StateAnswer::default() } };
        let state = opener.keys().first().map(|key| self.state.to_text(key).into_bytes()).unwrap_or_default();
        let report = opener.status().report(opener.trust(), time).into_iter();
        let status = report.map(|of| StatusOfIssuer { issuer: of.iss, issued_at: of.iat, stale: of.stale });
        StateAnswer { state, time, status: status.collect() }
    }
}

fn status_lists(
    files: &[Vec<u8>],
    policy: StatusPolicy,
    trust: &TrustSet,
    state: &mut State,
) -> Result<StatusLists, Unusable> {
    let mut lists = StatusLists::new(policy);
    numbered(files, Subject::StatusList, |file| {
        let list = StatusList::verify(file, trust)?;
        state.accept(ListKind::Status, list.head()).map_err(|_| Code::StaleStatus)?;
        lists.insert(list);
        Ok(())
    })?;
    Ok(lists)
}

fn carrier_lists(
    files: &[Vec<u8>],
    trust: &TrustSet,
    state: &mut State,
) -> Result<Vec<CarrierList>, Unusable> {
    numbered(files, Subject::CarrierList, |file| {
        let list = CarrierList::verify(file, trust)?;
        state.accept(ListKind::Carriers, list.head()).map_err(|_| Code::StaleStatus)?;
        Ok(list)
    })
}

/// Reads files one after the other; the first that cannot be used is named by its number.
fn numbered<F, T>(
    files: &[F],
    subject: fn(u16) -> Subject,
    mut read: impl FnMut(&F) -> Result<T, Code>,
) -> Result<Vec<T>, Unusable> {
    let named = |number: usize, code| Unusable { code, subject: subject(number as u16) };
    files.iter().enumerate().map(|(number, file)| read(file).map_err(|code| named(number, code))).collect()
}

fn unusable_key(error: KeyFileError) -> Code {
    match error {
        KeyFileError::PassphraseNeeded | KeyFileError::PassphraseWrong => Code::AuthFailed,
        _ => Code::UnknownKey,
    }
}
