//! Sealing a batch: encrypt the fields, wrap the batch key for every recipient, sign.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, HpkeError, OpModeS, Serializable};
use miandan_core::Code;
use miandan_core::field::FieldId;
use miandan_core::masking::Masking;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::SystemRandom;
use serde::Serialize;
use zeroize::Zeroizing;

use super::issuer::IssuerKey;
use super::plain::PlainOrder;
use super::random::{Generator, Source};
use crate::encoding::{Hash, KeyId, sha256, to_base64url};
use crate::header::{BatchHeader, FieldTypes, OrderHeader, PURPOSE_PRINT, is_identifier};
use crate::keys::StationPublic;
use crate::recipients::{Recipient, Recipients};
use crate::schedule::{AssociatedData, BatchSecret, OrderKey, wrap_info};
use crate::signature::{self, SUITE};
use crate::wire::VERSION;
use crate::{limits, merkle};

/// What holds for every order of a batch. Times are in seconds since 1970 (UTC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealOptions {
    /// Merchant for whom the orders are printed.
    pub aud: String,
    /// Station or group that alone may print them.
    pub stn: Option<String>,
    /// Now.
    pub iat: u64,
    /// From when on they may be printed.
    pub nbf: u64,
    /// Until when they may be printed; at most 30 days after `iat`.
    pub exp: u64,
    /// What stays readable of the personal fields; [`Masking::DEFAULT`] if `None`.
    pub mask: Option<Masking>,
    /// How often each may be printed; any number of times if `None`.
    pub max: Option<u32>,
}

/// Why a batch was not sealed. Orders are named by index and id, fields by id, values never.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// An order cannot be sealed.
    #[error("order {index} ({order_id:?}): {problem}")]
    Order {
        /// Its index in the batch, from 0.
        index: usize,
        /// Its order id.
        order_id: String,
        /// What is wrong.
        problem: OrderProblem,
    },
    /// There are no orders, or more than 2²⁰.
    #[error("a batch has 1 to {} orders", limits::BATCH)]
    BatchSize,
    /// There are no recipients, or more than 16.
    #[error("a batch has 1 to {} recipients", limits::RECIPIENTS)]
    RecipientCount,
    /// A recipient is given twice.
    #[error("the recipient key {0} is given twice")]
    RecipientTwice(KeyId),
    /// A recipient would refuse the batch.
    #[error("the station {station:?} would refuse the batch: {code}")]
    RecipientRefuses {
        /// Id of the station.
        station: String,
        /// `WRONG_AUDIENCE`, `WRONG_STATION`, or `UNKNOWN_KEY` if its key is out of date.
        code: Code,
    },
    /// A recipient's public key is of low order: whatever is sealed to it can be opened by everybody.
    #[error("the recipient key {0} is not usable")]
    RecipientKey(KeyId),
    /// `aud` or `stn` is empty or has control characters.
    #[error("the merchant or the station is empty or has control characters")]
    Name,
    /// The batch header, which holds issuer, merchant and station, is longer than 4 KiB: every opener would refuse it.
    #[error("the ids of issuer, merchant and station are too long for the batch header")]
    BatchHeaderTooLong,
    /// `exp` is not after `nbf` and `iat`, or more than 30 days after `iat`.
    #[error("the expiry must be after the start, and at most 30 days away")]
    Dates,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Randomness,
    /// A defect of Miandan.
    #[error("encryption failed, which is a defect of this program")]
    Internal,
}

/// Why an order cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderProblem {
    /// A member that names something is empty or has control characters.
    #[error("`{0}` is empty or has control characters")]
    Name(&'static str),
    /// The text of a field is too long.
    #[error("`{0}` is longer than {max} bytes", max = limits::FIELD_TEXT)]
    FieldTooLong(FieldId),
    /// A virtual number is not one.
    #[error("`{0}` needs a main number of 3 to 20 digits and an extension of up to 8 digits")]
    Virtual(FieldId),
    /// What stays clear is too long.
    #[error("routing, items and memo are longer than 16 KiB")]
    HeaderTooLong,
    /// The sealed order is too long.
    #[error("the sealed order is longer than 64 KiB")]
    OrderTooLong,
}

/// Seals orders to stations: one JSON object per order, without line end, in the order of the input.
///
/// Every recipient can open every order: put together only what all of them may print.
///
/// # Errors
/// [`SealError`]. Nothing is sealed if one order cannot be.
pub fn seal_batch(
    issuer: &IssuerKey,
    recipients: &[StationPublic],
    orders: &[PlainOrder],
    options: &SealOptions,
    random: &SystemRandom,
) -> Result<Vec<String>, SealError> {
    seal_with(issuer, recipients, orders, options, random)
}

/// As [`seal_batch`], with randomness that only this crate's tests can choose.
pub(crate) fn seal_with(
    issuer: &IssuerKey,
    recipients: &[StationPublic],
    orders: &[PlainOrder],
    options: &SealOptions,
    mut random: impl Source,
) -> Result<Vec<String>, SealError> {
    check_options(options)?;
    check_recipients(recipients, options)?;
    let n = u32::try_from(orders.len()).ok().filter(|n| (1..=limits::BATCH).contains(n));
    let n = n.ok_or(SealError::BatchSize)?;

    let mut jti = [0; 16];
    random.fill(&mut jti)?;
    let mut batch_key = Zeroizing::new([0; 32]);
    random.fill(batch_key.as_mut_slice())?;

    let secret = BatchSecret::extract(&batch_key, &jti);
    let mut sealed = Vec::with_capacity(orders.len());
    for (i, order) in (0..).zip(orders) {
        let order = seal_order(issuer, &secret, jti, i, order, options).map_err(|problem| {
            problem.map_or(SealError::Internal, |problem| SealError::Order {
                index: i as usize,
                order_id: order.order_id.clone(),
                problem,
            })
        })?;
        sealed.push(order);
    }

    let leaves: Vec<Hash> = sealed.iter().map(|order| order.leaf).collect();
    let (root, paths) = merkle::root_and_paths(&leaves);
    let batch_header = json(&BatchHeader {
        suite: SUITE,
        iss: issuer.iss().to_owned(),
        ikid: issuer.kid(),
        jti,
        iat: options.iat,
        nbf: options.nbf,
        exp: options.exp,
        aud: options.aud.clone(),
        stn: options.stn.clone(),
        pur: PURPOSE_PRINT.to_owned(),
        mask: options.mask,
        n,
        root,
    });
    if batch_header.len() > limits::BATCH_HEADER {
        return Err(SealError::BatchHeaderTooLong);
    }
    let b = to_base64url(&batch_header);
    let batch_hash = sha256(b.as_bytes());
    let wrapped: Result<Vec<_>, _> =
        recipients.iter().map(|station| wrap(station, &batch_key, &batch_hash, &mut random)).collect();
    let wrapped = Recipients::new(wrapped?).map_err(|_| SealError::RecipientCount)?;
    let r = to_base64url(&json(&wrapped));
    let message = signature::message(SUITE, &batch_hash, &sha256(r.as_bytes()));
    let s = to_base64url(&issuer.sign(&message));

    sealed
        .into_iter()
        .zip(paths)
        .zip(orders)
        .enumerate()
        .map(|(index, ((SealedParts { h, f, .. }, path), order))| {
            // Every text is base64url, so nothing needs an escape.
            let path: Vec<String> = path.iter().map(|hash| format!("\"{}\"", to_base64url(hash))).collect();
            let p = path.join(",");
            let object =
                format!(r#"{{"v":"{VERSION}","b":"{b}","r":"{r}","s":"{s}","h":"{h}","f":"{f}","p":[{p}]}}"#);
            if object.len() > limits::ORDER {
                return Err(SealError::Order {
                    index,
                    order_id: order.order_id.clone(),
                    problem: OrderProblem::OrderTooLong,
                });
            }
            Ok(object)
        })
        .collect()
}

fn check_options(options: &SealOptions) -> Result<(), SealError> {
    if !is_identifier(&options.aud) || !options.stn.as_deref().is_none_or(is_identifier) {
        return Err(SealError::Name);
    }
    if options.exp <= options.nbf.max(options.iat) || options.exp - options.iat > limits::LIFETIME {
        return Err(SealError::Dates);
    }
    Ok(())
}

fn check_recipients(recipients: &[StationPublic], options: &SealOptions) -> Result<(), SealError> {
    if recipients.is_empty() || recipients.len() > limits::RECIPIENTS {
        return Err(SealError::RecipientCount);
    }
    for (at, station) in recipients.iter().enumerate() {
        if recipients[..at].iter().any(|other| other.kid == station.kid) {
            return Err(SealError::RecipientTwice(station.kid));
        }
        let current = station.validity.exp.is_none_or(|exp| exp > options.iat);
        let admitted = station.scope.admits(&options.aud, options.stn.as_deref());
        let verdict = if current { admitted } else { Err(Code::UnknownKey) };
        verdict.map_err(|code| SealError::RecipientRefuses { station: station.scope.id.clone(), code })?;
    }
    Ok(())
}

/// One order, before its batch is signed.
struct SealedParts {
    h: String,
    f: String,
    leaf: Hash,
}

/// Seals one order; `Err(None)` is a defect of ours.
fn seal_order(
    issuer: &IssuerKey,
    secret: &BatchSecret,
    jti: [u8; 16],
    i: u32,
    order: &PlainOrder,
    options: &SealOptions,
) -> Result<SealedParts, Option<OrderProblem>> {
    let named =
        [("order_id", &order.order_id), ("waybill_no", &order.waybill_no), ("carrier", &order.carrier)];
    let optional = [
        ("payment_id", Some(&order.payment_id).filter(|id| !id.is_empty())),
        ("consent.ref", order.consent.as_ref().map(|consent| &consent.reference)),
    ];
    for (member, id) in named.map(|(member, id)| (member, Some(id))).into_iter().chain(optional) {
        if id.is_some_and(|id| !is_identifier(id)) {
            return Err(Some(OrderProblem::Name(member)));
        }
    }

    let mut fields = FieldTypes::default();
    let mut plaintexts = Vec::new();
    for (id, kind, text) in order.personal() {
        let text = text.to_bytes().ok_or(OrderProblem::Virtual(id))?;
        let padded = pad(&text).ok_or(OrderProblem::FieldTooLong(id))?;
        fields.insert(id, kind).map_err(|_| None)?;
        plaintexts.push((id, kind, padded));
    }

    let merge_key = Some(order.merge_key.expose()).filter(|_| !order.merge_key.is_empty());
    let header = json(&OrderHeader {
        i,
        jti,
        ord: order.order_id.clone(),
        pay: Some(order.payment_id.clone()).filter(|id| !id.is_empty()),
        wbn: order.waybill_no.clone(),
        cp: order.carrier.clone(),
        routing: order.routing.clone(),
        service: order.service.clone(),
        parcel: order.parcel,
        items: order.items.clone(),
        memo: order.memo.expose().to_owned(),
        mrg: merge_key.map(|key| issuer.merge_mark(&options.aud, key)),
        consent: order.consent.clone(),
        max: options.max,
        fields,
    });
    if header.len() > limits::ORDER_HEADER {
        return Err(Some(OrderProblem::HeaderTooLong));
    }
    let h = to_base64url(&header);
    let header_hash = sha256(h.as_bytes());

    let order_key = OrderKey::derive(secret, &header_hash);
    let mut f = String::from("{");
    for (id, kind, mut text) in plaintexts {
        let secret = order_key.field(id);
        let (key, nonce) = secret.split_at(32);
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| None)?);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| None)?;
        let data = AssociatedData::new(&header_hash, id, kind);
        let tag =
            key.seal_in_place_separate_tag(nonce, Aad::from(&data), text.as_mut_slice()).map_err(|_| None)?;
        let ciphertext = [text.as_slice(), tag.as_ref()].concat();
        let separator = if f.len() > 1 { "," } else { "" };
        f.push_str(&format!("{separator}\"{id}\":\"{}\"", to_base64url(&ciphertext)));
    }
    f.push('}');
    let f = to_base64url(f.as_bytes());
    let leaf = merkle::leaf(&header_hash, &sha256(f.as_bytes()));
    Ok(SealedParts { h, f, leaf })
}

/// Length (2 bytes, big endian), text, zeros up to a multiple of 32 bytes; `None` if the text is too long.
fn pad(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if text.len() > limits::FIELD_TEXT {
        return None;
    }
    let length = u16::try_from(text.len()).ok()?;
    let mut padded = Zeroizing::new(vec![0; (2 + text.len()).next_multiple_of(limits::PADDING)]);
    padded[..2].copy_from_slice(&length.to_be_bytes());
    padded[2..2 + text.len()].copy_from_slice(text);
    Some(padded)
}

/// Seals the batch key to a station (RFC 9180, base mode).
fn wrap(
    station: &StationPublic,
    batch_key: &[u8; 32],
    batch_hash: &Hash,
    random: &mut impl Source,
) -> Result<Recipient, SealError> {
    let failed = |error| match error {
        // The agreement came out as zero: the public key is of low order (RFC 7748 §6.1).
        HpkeError::EncapError | HpkeError::ValidationError => SealError::RecipientKey(station.kid),
        _ => SealError::Internal,
    };
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&station.x25519).map_err(failed)?;
    let mut generator = Generator::new(random);
    let (encapsulated, wrapped) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        &wrap_info(station.kid, batch_hash),
        batch_key,
        &[],
        &mut generator,
    )
    .map_err(failed)?;
    generator.finish()?;
    let wk = wrapped.try_into().map_err(|_| SealError::Internal)?;
    Ok(Recipient { kid: station.kid, enc: encapsulated.to_bytes().into(), wk })
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("a struct of texts and numbers is always JSON")
}

#[cfg(test)]
mod tests;
