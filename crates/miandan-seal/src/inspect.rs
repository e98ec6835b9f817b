//! What can be said of a sealed order without opening it.
//!
//! Nothing here has been checked against a signature: it is what the order claims. Ciphertext, memo and goods are
//! left out, so the result may be logged.

use miandan_core::Code;
use miandan_core::field::{FieldId, FieldType};
use serde::{Serialize, Serializer};

use crate::encoding::{self, KeyId, to_base64url};
use crate::header::{BatchHeader, OrderHeader};
use crate::recipients::Recipients;
use crate::wire::SealedOrder;

/// What a sealed order claims. Serialises as a flat JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// Cipher suite.
    pub suite: u16,
    /// Id of the issuer.
    pub issuer: String,
    /// Name of the key that the issuer claims to have signed with.
    pub issuer_key: KeyId,
    /// Id of the batch, base64url.
    pub batch: String,
    /// Index in the batch, from 0.
    pub index: u32,
    /// Orders in the batch.
    pub batch_size: u32,
    /// When it was sealed, in seconds since 1970 (UTC).
    pub issued_at: u64,
    /// From when on it may be printed, in seconds since 1970 (UTC).
    pub not_before: u64,
    /// Until when it may be printed, in seconds since 1970 (UTC).
    pub expires: u64,
    /// Merchant for whom it is printed.
    pub merchant: String,
    /// Station or group that alone may print it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// What it was sealed for.
    pub purpose: String,
    /// Keys that it is sealed to.
    pub recipients: Vec<KeyId>,
    /// Order id.
    pub order_id: String,
    /// Payment id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<String>,
    /// Waybill number.
    pub waybill_no: String,
    /// Carrier code.
    pub carrier: String,
    /// How often it may be printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print_limit: Option<u32>,
    /// The personal fields that it has.
    pub fields: Vec<InspectedField>,
    /// Size of the sealed order, in bytes.
    pub size: usize,
}

/// A personal field, unopened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct InspectedField {
    /// Which field.
    #[serde(serialize_with = "field_id")]
    pub id: FieldId,
    /// Its type.
    #[serde(rename = "type", serialize_with = "field_type")]
    pub kind: FieldType,
    /// Size of the ciphertext, in bytes. Padded, so it says little about the text.
    pub size: usize,
}

fn field_id<S: Serializer>(id: &FieldId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(id.as_str())
}

fn field_type<S: Serializer>(kind: &FieldType, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
}

/// Reads what a sealed order claims. No signature is checked.
///
/// # Errors
/// [`Code::Malformed`], [`Code::Limit`], [`Code::UnsupportedSuite`].
pub fn inspect(object: &[u8]) -> Result<Inspection, Code> {
    let order = SealedOrder::parse(object)?;
    let batch = BatchHeader::decode(order.batch_header())?;
    let recipients = Recipients::decode(order.recipients())?;
    order.signature()?;
    let header = OrderHeader::decode(order.order_header())?;
    let mut buffer = Vec::new();
    let ciphertexts = order.ciphertexts(&header.fields, &mut buffer)?;
    let mut fields = Vec::new();
    for (id, kind) in header.fields.iter() {
        let text = ciphertexts.text(id).ok_or(Code::Malformed)?;
        let size = encoding::from_base64url(text).map_err(|_| Code::Malformed)?.len();
        fields.push(InspectedField { id, kind, size });
    }
    Ok(Inspection {
        suite: batch.suite,
        issuer: batch.iss,
        issuer_key: batch.ikid,
        batch: to_base64url(&batch.jti),
        index: header.i,
        batch_size: batch.n,
        issued_at: batch.iat,
        not_before: batch.nbf,
        expires: batch.exp,
        merchant: batch.aud,
        station: batch.stn,
        purpose: batch.pur,
        recipients: recipients.iter().map(|recipient| recipient.kid).collect(),
        order_id: header.ord,
        payment_id: header.pay,
        waybill_no: header.wbn,
        carrier: header.cp,
        print_limit: header.max,
        fields,
        size: order.size(),
    })
}
