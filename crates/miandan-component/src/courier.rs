//! The courier's token of a label: signed with the station's key, and sealed to the carrier where an issuer vouches for
//! the carrier's key.

use miandan_core::field::{FieldId, FieldSet};
use miandan_core::label::Purpose;
use miandan_core::stamp::Stamp;
use miandan_core::waybill::LONGEST_COURIER_TOKEN;
use miandan_courier::{CarrierId, CarrierKey, Claims, Contents, MAX_SERIAL, Station};
use miandan_mask::Outcome;
use miandan_seal::header::{BatchHeader, OrderHeader};
use miandan_seal::lists::CarrierList;
use miandan_unseal::{OpenedOrder, StationKey};
use zeroize::Zeroizing;

/// How long a token lives, in hours: 15 days, which is longer than parcels are under way and shorter than the 30 days of an
/// authorisation.
const LIFETIME: u16 = 15 * 24;

/// What is opened for the sealed part of a token: what a courier needs and the label does not show.
const SEALED_FIELDS: [FieldId; 2] = [FieldId::RecipientVirtual, FieldId::RecipientDetail];

/// Makes the tokens of a station.
pub(crate) struct Courier {
    station: Station,
    carriers: Vec<ListedKey>,
}

/// A carrier's key, from the list of one issuer.
struct ListedKey {
    iss: String,
    key: CarrierKey,
    /// When it may be sealed to; both ends optional, in seconds since 1970 (UTC).
    nbf: Option<u64>,
    exp: Option<u64>,
    /// Until when its list is believed.
    fresh_until: u64,
}

impl Courier {
    /// For the current key of a station, and with the lists of carriers' keys.
    pub(crate) fn new(key: &StationKey, lists: &[CarrierList]) -> Self {
        let station = Station::new(key.expose_token_seed(), key.derive_secret(b"W1 ephemeral"));
        let keys = lists.iter().flat_map(|list| {
            list.keys().iter().filter_map(|entry| {
                Some(ListedKey {
                    iss: list.head().iss.clone(),
                    key: CarrierKey::new(&entry.carrier, &entry.x25519)?,
                    nbf: entry.nbf,
                    exp: entry.exp,
                    fresh_until: list.head().fresh_until(),
                })
            })
        });
        Courier { station, carriers: keys.collect() }
    }

    /// What has to be opened for the token of an order, beside what the template names.
    pub(crate) fn fields(&self, batch: &BatchHeader, order: &OrderHeader, now: u64) -> FieldSet {
        match self.key(batch, order, now) {
            Some(_) => SEALED_FIELDS.into_iter().collect(),
            None => FieldSet::EMPTY,
        }
    }

    /// The key to seal to, if the issuer of the order vouches for one: somebody else's word does not count, since who could
    /// name a key would read what the label hides. Of several the one that came last.
    fn key(&self, batch: &BatchHeader, order: &OrderHeader, now: u64) -> Option<&CarrierKey> {
        let usable = |listed: &&ListedKey| {
            listed.iss == batch.iss
                && listed.key.code() == order.cp
                && now < listed.fresh_until
                && listed.nbf.is_none_or(|nbf| now >= nbf)
                && listed.exp.is_none_or(|exp| now < exp)
        };
        self.carriers.iter().filter(usable).max_by_key(|listed| listed.nbf).map(|listed| &listed.key)
    }

    /// The token of a label; empty if the waybill number cannot stand in one. `detail` is what masking the rest of the
    /// recipient's address gave.
    pub(crate) fn token(
        &self,
        order: &OpenedOrder,
        detail: Option<&Outcome>,
        stamp: &Stamp,
        purpose: Purpose,
        now: u64,
    ) -> String {
        // A first print is dated as its journal has it, but never from the future; a copy is a label of today.
        let at = if stamp.copy == 0 && stamp.printed_at != 0 { stamp.printed_at.min(now) } else { now };
        let header = order.header();
        let claims = Claims {
            carrier: CarrierId::of(&header.cp),
            waybill_no: header.wbn.clone(),
            issued: (at / 3600) as u32,
            lifetime: LIFETIME,
            serial: stamp.number.index.min(MAX_SERIAL),
            copy: u8::try_from(stamp.copy).unwrap_or(u8::MAX),
            is_specimen: purpose == Purpose::Preview,
        };
        let sealed = self.key(order.batch(), header, now).and_then(|key| {
            // Who only looks at a label has nothing to deliver.
            let contents =
                if claims.is_specimen { Contents::default() } else { contents(order, detail, &claims, now) };
            self.station
                .make_sealed(&claims, key, &contents)
                .ok()
                .filter(|text| text.len() <= LONGEST_COURIER_TOKEN)
        });
        sealed.or_else(|| self.station.make(&claims).ok()).unwrap_or_default()
    }
}

/// What only the carrier shall read: the number to call, unless it has lapsed, and what masking hid of the address.
fn contents(order: &OpenedOrder, detail: Option<&Outcome>, claims: &Claims, now: u64) -> Contents {
    let mut contents = Contents::default();
    if let Some(number) = order.expose_virtual(FieldId::RecipientVirtual)
        && now <= number.until
    {
        let dialled = crate::label::dialled(number.main, number.ext);
        contents.virtual_number = Zeroizing::new(dialled);
        let days = number.until.saturating_sub(claims.issued_at()) / 86_400;
        contents.virtual_days = u8::try_from(days).unwrap_or(u8::MAX);
    }
    if let (Some(detail), Some((_, source))) = (detail, order.expose(FieldId::RecipientDetail)) {
        contents.door = Contents::join(detail.hidden_parts(source));
    }
    contents
}
