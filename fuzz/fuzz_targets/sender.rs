//! Senders beside orders, and waybills in clear: whatever a client sends is refused, or is masked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::masking::Masking;
use miandan_core::pipe::Warnings;
use miandan_core::waybill::{MaskedParty, Waybill};
use miandan_fuzz::{printable, watched};
use miandan_mask::clear::{PlainWaybill, Sender};

fuzz_target!(|data: &[u8]| watched(|| {
    let sender = Sender::read(data).ok();
    if let Some(sender) = &sender {
        let (mut waybill, mut warnings) = (Waybill::default(), Warnings::NONE);
        sender.mask_into(printable(), &Masking::DEFAULT, &mut waybill, &mut warnings);
        check(&waybill.sender);
        waybill.sender = MaskedParty::default();
        assert_eq!(waybill, Waybill::default(), "the sender has touched something else");
        assert!(warnings.iter().all(|(id, _)| Sender::fields().contains(id)), "a warning of another");
    }
    if let Ok(plain) = PlainWaybill::read(data) {
        let fields = plain.fields();
        let waybill =
            plain.mask(sender.as_ref(), printable(), &Masking::DEFAULT, &mut Warnings::NONE.clone());
        check(&waybill.recipient);
        check(&waybill.sender);
        assert!(longest(waybill.memo.as_str()) < 7, "a phone in the memo");
        let MaskedParty { name, .. } = &waybill.recipient;
        let has_name = fields.contains(miandan_core::field::FieldId::RecipientName);
        assert!(has_name || name.is_empty(), "a name from nowhere");
    }
}));

fn check(party: &MaskedParty) {
    let MaskedParty { name, org, mobile, phone, virtual_number, province, city, district, town, detail } =
        party;
    for text in [name, org, mobile, phone, virtual_number, province, city, district, town, detail] {
        // A number with its country before it shows more digits, and six are hidden all the same.
        let hidden = text.as_str().matches('*').count();
        assert!(longest(text.as_str()) < 7 || hidden >= 6, "a phone shown");
    }
}

/// The longest run of digits.
fn longest(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}
