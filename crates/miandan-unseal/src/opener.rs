//! Opening an order: every check of the format in its order, then the fields that are needed.

use miandan_core::Code;
use miandan_core::field::{FieldId, FieldSet, FieldType};
use miandan_core::pipe::Failure;
use miandan_seal::TrustSet;
use miandan_seal::check::VerifiedBatch;
use miandan_seal::encoding::{Hash, SLACK, decoded_length, sha256};
use miandan_seal::header::{BatchHeader, OrderHeader};
use miandan_seal::lists::StatusLists;
use miandan_seal::schedule::{AssociatedData, BatchSecret, OrderKey};
use miandan_seal::wire::{Ciphertexts, SealedOrder};
use zeroize::Zeroizing;

use crate::cache::{BatchCache, CachedBatch};
use crate::opened::{OpenedOrder, Virtual};
use crate::primitives::{open_field, unwrap_batch_key};
use crate::station_key::StationKey;

/// Batches that are remembered, about 2 KiB each and 10 KiB at most.
pub(crate) const CACHED_BATCHES: usize = 256;

/// Opens sealed orders with the keys of a station.
pub struct Opener {
    keys: Vec<StationKey>,
    trust: TrustSet,
    status: StatusLists,
    cache: BatchCache,
    /// The decoded table of ciphertexts of the order at hand, kept for its capacity.
    buffer: Vec<u8>,
}

impl Opener {
    /// An opener with these keys (several during rotation), believing these issuers. It knows of no withdrawal.
    #[must_use]
    pub fn new(keys: Vec<StationKey>, trust: TrustSet) -> Self {
        std::hint::black_box(crate::MARKER);
        Opener {
            keys,
            trust,
            status: StatusLists::default(),
            cache: BatchCache::new(CACHED_BATCHES),
            buffer: Vec::new(),
        }
    }

    /// The opener, refusing orders whose authorisation was withdrawn, and what else the policy says.
    #[must_use]
    pub fn with_status(self, status: StatusLists) -> Self {
        Opener { status, ..self }
    }

    /// Whom it believes.
    #[must_use]
    pub fn trust(&self) -> &TrustSet {
        &self.trust
    }

    /// What it knows of withdrawals.
    #[must_use]
    pub fn status(&self) -> &StatusLists {
        &self.status
    }

    /// The keys, in the order in which they were given.
    #[must_use]
    pub fn keys(&self) -> &[StationKey] {
        &self.keys
    }

    /// Opens the fields of a sealed order that were asked for and that it has.
    ///
    /// `sealed` is one JSON object, without line end; `now` is in seconds since 1970 (UTC).
    ///
    /// # Errors
    /// One code, in the order of checks of the format:
    /// `FIELD_NOT_PRINTABLE` if a field was asked for that is never printed;
    /// `LIMIT`, `MALFORMED`, `UNSUPPORTED_SUITE`; `UNKNOWN_ISSUER`, `BAD_SIGNATURE`;
    /// `NOT_YET_VALID`, `EXPIRED`; `WRONG_AUDIENCE`, `WRONG_STATION`, `WRONG_PURPOSE`;
    /// `BAD_SIGNATURE` for the Merkle path; `WITHDRAWN`, `STALE_STATUS`; `UNKNOWN_KEY`; `AUTH_FAILED`.
    /// The field is named if it is one field that is at fault.
    pub fn open(&mut self, sealed: &[u8], now: u64, fields: FieldSet) -> Result<OpenedOrder, Failure> {
        if let Some(id) = never_printed(fields) {
            return Err(Failure::of_field(Code::FieldNotPrintable, id));
        }
        self.open_for(sealed, now, |_, _| fields)
    }

    /// The same, where what is needed depends on what the headers say. It is asked when everything about the order but
    /// its fields has been checked.
    ///
    /// # Errors
    /// As [`Opener::open`]; `FIELD_NOT_PRINTABLE` comes last but for the fields themselves.
    pub fn open_for(
        &mut self,
        sealed: &[u8],
        now: u64,
        fields: impl FnOnce(&BatchHeader, &OrderHeader) -> FieldSet,
    ) -> Result<OpenedOrder, Failure> {
        let order = SealedOrder::parse(sealed)?;
        let header = OrderHeader::decode(order.order_header())?;
        let ciphertexts = order.ciphertexts(&header.fields, &mut self.buffer)?;
        let header_hash = order.order_header_hash();

        let cached = self.cache.find_or_verify(&order, || VerifiedBatch::verify(&order, &self.trust))?;
        let batch = &mut cached.batch;
        batch.check_time(now)?;
        batch.check_station(self.keys.iter().map(StationKey::scope))?;
        batch.check_purpose()?;
        batch.check_path(&order, &header, &header_hash)?;
        batch.check_withdrawal(&header, &self.status, now)?;

        let fields = fields(cached.batch.header(), &header);
        if let Some(id) = never_printed(fields) {
            return Err(Failure::of_field(Code::FieldNotPrintable, id));
        }
        let (key, secret) = batch_secret(cached, &self.keys, &order, now)?;
        let order_key = OrderKey::derive(secret, &header_hash);
        let mut opened = OpenedOrder {
            batch: cached.batch.header().clone(),
            header,
            key: self.keys[key].kid(),
            texts: Zeroizing::default(),
            places: [None; FieldId::ALL.len()],
        };
        open_fields(&mut opened, &order_key, &header_hash, &ciphertexts, fields)?;
        Ok(opened)
    }
}

fn never_printed(fields: FieldSet) -> Option<FieldId> {
    fields.iter().find(|id| !id.is_printable())
}

/// The station key to use, by index, and the batch's secret; the batch key is unwrapped if that was not done before.
fn batch_secret<'c>(
    cached: &'c mut CachedBatch,
    keys: &[StationKey],
    order: &SealedOrder<'_>,
    now: u64,
) -> Result<(usize, &'c BatchSecret), Code> {
    let CachedBatch { batch, secret: known, .. } = cached;
    let usable = |key: &StationKey| {
        key.validity().holds(now)
            && batch.admits(key.scope()).is_ok()
            && batch.recipients().find(key.kid()).is_some()
    };
    let index = keys.iter().position(usable).ok_or(Code::UnknownKey)?;
    if known.as_ref().is_none_or(|(by, _)| *by != index) {
        let key = &keys[index];
        let recipient = batch.recipients().find(key.kid()).ok_or(Code::UnknownKey)?;
        let batch_hash = sha256(order.batch_header());
        let unwrapped = unwrap_batch_key(&key.secrets.x25519, key.kid(), recipient, &batch_hash)
            .map_err(|_| Code::AuthFailed)?;
        *known = Some((index, BatchSecret::extract(&unwrapped, &batch.header().jti)));
    }
    known.as_ref().map(|(by, secret)| (*by, secret)).ok_or(Code::Internal)
}

fn open_fields(
    opened: &mut OpenedOrder,
    order_key: &OrderKey,
    header_hash: &Hash,
    ciphertexts: &Ciphertexts<'_>,
    fields: FieldSet,
) -> Result<(), Failure> {
    // Room for everything, decoder's slack included: a buffer that never grows leaves no copies behind.
    let room =
        fields.iter().filter_map(|id| ciphertexts.text(id)).map(|text| decoded_length(text) + SLACK).sum();
    opened.texts.reserve_exact(room);
    for id in fields.iter() {
        let Some(kind) = opened.header.fields.kind(id) else { continue };
        let failed = |code| Failure::of_field(code, id);
        let start = opened.texts.len();
        ciphertexts.append(id, &mut opened.texts).map_err(|_| failed(Code::Malformed))?;
        let bytes = &mut opened.texts[start..];
        let data = AssociatedData::new(header_hash, id, kind);
        let text = open_field(&order_key.field(id), &data, bytes).map_err(|_| failed(Code::AuthFailed))?;
        if kind == FieldType::Virtual && Virtual::parse(&bytes[text.clone()]).is_err() {
            return Err(failed(Code::Malformed));
        }
        opened.place(id, start + text.start..start + text.end);
    }
    Ok(())
}
