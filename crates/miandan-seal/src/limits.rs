//! The limits of the format (`docs/mso1.md`, *Limits*). Passing one is [`Code::Limit`](miandan_core::Code::Limit).

use miandan_core::field::FieldId;

/// A sealed order, in bytes of JSON.
pub const ORDER: usize = 64 << 10;
/// The batch header, in bytes of JSON before base64url.
pub const BATCH_HEADER: usize = 4 << 10;
/// The order header, in bytes of JSON before base64url.
pub const ORDER_HEADER: usize = 16 << 10;
/// Personal fields of an order. The closed list of fields is shorter, so nothing can pass it.
pub const FIELDS: usize = 32;
/// A field's ciphertext with its tag, in bytes before base64url.
pub const FIELD: usize = 4 << 10;
/// A field's text, in bytes of UTF-8: what fits when 2 bytes of length go before it, the sum is padded to a multiple
/// of [`PADDING`], and 16 bytes of tag follow.
pub const FIELD_TEXT: usize = (FIELD - 16) / PADDING * PADDING - 2;
/// The step of the padding, in bytes.
pub const PADDING: usize = 32;
/// Recipients of a batch.
pub const RECIPIENTS: usize = 16;
/// Hashes in a Merkle path.
pub const PATH: usize = 20;
/// Orders of a batch: as many as a path can reach.
pub const BATCH: u32 = 1 << PATH;
/// From `iat` to `exp`, in seconds: 30 days.
pub const LIFETIME: u64 = 30 * 24 * 3600;
/// A signed list, in bytes of its file.
pub const LIST: usize = 8 << 20;
/// From `iat` to `next` of a signed list, in seconds: 31 days.
pub const LIST_LIFETIME: u64 = 31 * 24 * 3600;
/// How long after `next` a status list still counts as fresh, in seconds: a day, so that a platform that is late does
/// not stop a warehouse.
pub const STATUS_GRACE: u64 = 24 * 3600;
/// How far two clocks may differ, in seconds.
pub const SKEW: u64 = 300;

const _: () = assert!(FieldId::ALL.len() <= FIELDS);
const _: () = assert!(FIELD_TEXT <= u16::MAX as usize);
