//! The masked waybill: the only view of an order that a template ever sees.

use std::fmt;

use crate::field::FieldId;
use crate::label::LabelNumber;
use crate::number::RunningNumber;
use crate::order::{Item, Parcel, Routing};
use crate::stamp::Stamp;

/// Text that has been masked, or that its signed type allows to be printed whole.
///
/// Being a type of its own keeps clear text out of the layout: nothing there accepts a plain string for a personal
/// field. Only `miandan-mask` calls [`Masked::new`] in the product; tests and samples may.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Masked(String);

impl Masked {
    /// Vouches that the text has been masked by the rules of its field type.
    #[must_use]
    pub fn new(text: String) -> Self {
        Masked(text)
    }

    /// The masked text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the order does not have the field, or it was not opened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "[absent]" } else { "[masked]" })
    }
}

/// Sender or recipient. Fields that the template does not name are empty: they were never opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaskedParty {
    /// Name.
    pub name: Masked,
    /// Organisation.
    pub org: Masked,
    /// Mobile.
    pub mobile: Masked,
    /// Other phone.
    pub phone: Masked,
    /// Virtual number as `main-extension`; empty once it has lapsed.
    pub virtual_number: Masked,
    /// Province.
    pub province: Masked,
    /// City.
    pub city: Masked,
    /// District.
    pub district: Masked,
    /// Town or street office.
    pub town: Masked,
    /// Rest of the address.
    pub detail: Masked,
}

/// Characters of a courier's token at most: what a QR symbol of version 9 holds at level M (ISO/IEC 18004, table 7), for
/// which waybills have room.
pub const LONGEST_COURIER_TOKEN: usize = 262;

/// A courier's token as it looks with its sealed part, for samples: 254 characters of its alphabet, the spaces in pairs
/// included, behind its prefix. It is signed by nobody.
pub const SAMPLE_COURIER_TOKEN: &str = concat!(
    "W1:MUF76N-CQTHSCCC+0BNS6:UJ7TR  HNJAXSMX0V%KAPIF7GJ%AD-W8OIOR1D+",
    "3HY*OO 8G19XI4SRB03JS*Q 4DFDD*%I8GL 7D--D%VAET0A9H50T$YARGR%$78P",
    "EMWF44L3PH2MJ/T8L4W%%KN.9Z:IT%EOEV6VB.UIK$MNI5B3KUKNHVI3.0CE1CSV",
    "I+0QEE/$2L02Y09$9TGR8L895*88TOP4I.GB:3RZ1C82P94I0 9/KKCPQ%MOS4",
);

/// A waybill ready to be laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waybill {
    /// Order id.
    pub order_id: String,
    /// Payment id, empty if none.
    pub payment_id: String,
    /// Waybill number.
    pub waybill_no: String,
    /// What a courier scans: `W1:` and base45 (RFC 9285), so nothing but characters of QR's alphanumeric mode (ISO/IEC
    /// 18004). About 140 characters, 240 to [`LONGEST_COURIER_TOKEN`] with a sealed part. Empty where the station signs none.
    pub courier_token: String,
    /// Carrier code, e.g. `YTO`.
    pub carrier: String,
    /// Name of the service, e.g. 标准快递.
    pub service: String,
    /// Where the parcel is sorted to.
    pub routing: Routing,
    /// The parcel.
    pub parcel: Parcel,
    /// The goods.
    pub items: Vec<Item>,
    /// The merchant's note, with phones and the like in it masked.
    pub memo: Masked,
    /// Recipient.
    pub recipient: MaskedParty,
    /// Sender.
    pub sender: MaskedParty,
    /// Which label of the batch this is.
    pub number: Option<LabelNumber>,
    /// The number by which the label is found again; none where nobody keeps a journal.
    pub running: Option<RunningNumber>,
    /// When the label was printed first, in seconds since 1970; 0 if that is not known. It is told by the host, so a
    /// label that is printed again is the same.
    pub printed_at: u64,
    /// 0 for the first print, n for the n-th copy (补打 n). A copy is laid out with its mark or not at all.
    pub copy: u16,
}

impl Waybill {
    /// Puts on what the host tells of the label beside its order.
    pub fn put_stamp(&mut self, stamp: &Stamp) {
        self.number = Some(stamp.number);
        self.running = stamp.running;
        self.printed_at = stamp.printed_at;
        self.copy = stamp.copy;
    }

    /// Where a field stands in the masked view. The fields of the buyer stand nowhere.
    #[must_use]
    pub fn masked_mut(&mut self, id: FieldId) -> Option<&mut Masked> {
        let Waybill { recipient, sender, .. } = self;
        Some(match id {
            FieldId::RecipientName => &mut recipient.name,
            FieldId::RecipientOrg => &mut recipient.org,
            FieldId::RecipientMobile => &mut recipient.mobile,
            FieldId::RecipientPhone => &mut recipient.phone,
            FieldId::RecipientVirtual => &mut recipient.virtual_number,
            FieldId::RecipientProvince => &mut recipient.province,
            FieldId::RecipientCity => &mut recipient.city,
            FieldId::RecipientDistrict => &mut recipient.district,
            FieldId::RecipientTown => &mut recipient.town,
            FieldId::RecipientDetail => &mut recipient.detail,
            FieldId::SenderName => &mut sender.name,
            FieldId::SenderOrg => &mut sender.org,
            FieldId::SenderMobile => &mut sender.mobile,
            FieldId::SenderPhone => &mut sender.phone,
            FieldId::SenderVirtual => &mut sender.virtual_number,
            FieldId::SenderProvince => &mut sender.province,
            FieldId::SenderCity => &mut sender.city,
            FieldId::SenderDistrict => &mut sender.district,
            FieldId::SenderTown => &mut sender.town,
            FieldId::SenderDetail => &mut sender.detail,
            FieldId::BuyerAccount | FieldId::BuyerEmail | FieldId::BuyerIdCard => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_token_is_of_the_alphabet() {
        let digits = SAMPLE_COURIER_TOKEN.strip_prefix("W1:").unwrap();
        assert_eq!(SAMPLE_COURIER_TOKEN.len(), 254);
        assert!(digits.bytes().all(|c| b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".contains(&c)));
        // What tidies up white space would show.
        assert!(digits.contains("  ") && digits.trim() == digits);
    }

    #[test]
    fn every_printable_field_has_a_place_of_its_own() {
        let mut waybill = Waybill::default();
        for &id in FieldId::ALL {
            match waybill.masked_mut(id) {
                Some(place) => {
                    assert!(id.is_printable() && place.is_empty(), "{id}");
                    *place = Masked::new(id.to_string());
                }
                None => assert!(!id.is_printable(), "{id}"),
            }
        }
    }
}
