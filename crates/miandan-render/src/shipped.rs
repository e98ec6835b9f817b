//! The label that a component warms up with, and a sample waybill for it. All labels that are shipped are in
//! `miandan-templates`, which no component needs.

use miandan_core::label::LabelNumber;
use miandan_core::number::RunningNumber;
use miandan_core::order::{Item, Parcel, Routing};
use miandan_core::waybill::{Masked, MaskedParty, SAMPLE_COURIER_TOKEN, Waybill};

/// One part of 76 × 130 mm, the most common label of domestic express.
///
/// The file is `templates/one-part-76x130/template.xml` at the root of the repository.
pub const ONE_PART_76X130: &str = include_str!("../../../templates/one-part-76x130/template.xml");

/// A made-up waybill as it looks after masking: for warming up, for pictures and for tests.
///
/// Nobody is meant: the names are of characters in novels, no such phone numbers are assigned, and the streets
/// carry no such house numbers.
#[must_use]
pub fn sample() -> Waybill {
    let masked = |text: &str| Masked::new(text.to_owned());
    Waybill {
        order_id: "2611110000123456".to_owned(),
        payment_id: "PAY2611110000123456".to_owned(),
        waybill_no: "MD7000000000012".to_owned(),
        courier_token: SAMPLE_COURIER_TOKEN.to_owned(),
        carrier: "MDKD".to_owned(),
        service: "标准快递".to_owned(),
        routing: Routing {
            code: "356-01-02 F3".to_owned(),
            sortation: "杭州".to_owned(),
            consolidation_name: "杭州西湖集".to_owned(),
            consolidation_code: "571A".to_owned(),
            origin_name: "广州天河".to_owned(),
            origin_code: "020B".to_owned(),
        },
        parcel: Parcel { weight_g: 1200, index: 1, count: 1, ..Parcel::default() },
        items: vec![
            Item { name: "保温杯 500ml".to_owned(), sku: "CUP-500".to_owned(), count: 2 },
            Item { name: "便签本 A5".to_owned(), sku: "NB-A5".to_owned(), count: 1 },
        ],
        memo: masked("易碎，请轻放"),
        recipient: MaskedParty {
            name: masked("欧**"),
            mobile: masked("*******4771"),
            province: masked("浙江省"),
            city: masked("杭州市"),
            district: masked("西湖区"),
            town: masked("古荡街道"),
            detail: masked("文三路9999号东部软件园17号楼*单元****室"),
            ..MaskedParty::default()
        },
        sender: MaskedParty {
            name: masked("谭*"),
            mobile: masked("*******5510"),
            province: masked("广东省"),
            city: masked("广州市"),
            district: masked("天河区"),
            detail: masked("体育西路9999号"),
            ..MaskedParty::default()
        },
        number: Some(LabelNumber { index: 12, count: 200 }),
        running: RunningNumber::new(261_111, 3, 12),
        // 2026-11-11 09:30:05 in China.
        printed_at: 1_794_360_605,
        copy: 0,
    }
}
