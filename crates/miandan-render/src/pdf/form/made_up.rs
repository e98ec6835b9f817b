//! Made-up waybills that differ in everything that a template can see: what their labels share, the template draws itself.
//!
//! Nobody is meant: there are no such people, numbers and houses. That a label has no such waybill as these costs bytes and
//! nothing else: a page on which something is missing is drawn whole.

use miandan_core::label::LabelNumber;
use miandan_core::order::{Item, Parcel, Routing};
use miandan_core::waybill::{Masked, MaskedParty, SAMPLE_COURIER_TOKEN, Waybill};

/// Two as most orders are: with a sender, a service, and a place where parcels are collected.
pub(super) fn usual() -> [Waybill; 2] {
    let one = Waybill {
        order_id: "2611110000000018".to_owned(),
        payment_id: "PAY26111118".to_owned(),
        waybill_no: "6901234567892".to_owned(),
        courier_token: SAMPLE_COURIER_TOKEN.to_owned(),
        carrier: "YTO".to_owned(),
        service: "标准快递".to_owned(),
        routing: Routing {
            code: "356-01-02 F3".to_owned(),
            sortation: "杭州".to_owned(),
            consolidation_name: "杭州西湖集".to_owned(),
            consolidation_code: "571A".to_owned(),
            origin_name: "广州天河".to_owned(),
            origin_code: "020B".to_owned(),
        },
        parcel: Parcel { weight_g: 1200, index: 1, count: 1, cod_fen: 0, insured_fen: 0 },
        items: vec![item("保温杯 500ml", "CUP-500", 2)],
        memo: Masked::default(),
        recipient: party([
            "欧**",
            "*******4771",
            "浙江省",
            "杭州市",
            "西湖区",
            "古荡街道",
            "文三路9999号*室",
        ]),
        sender: party(["谭*", "*******5510", "广东省", "广州市", "天河区", "石牌街道", "体育西路9999号"]),
        number: Some(LabelNumber { index: 1, count: 2 }),
        // 2026-11-11 09:30:05 in China.
        printed_at: 1_794_360_605,
        ..Waybill::default()
    };
    let mut other = Waybill {
        order_id: "JD88-7".to_owned(),
        payment_id: String::new(),
        waybill_no: "4006381333931".to_owned(),
        // As long, so that it takes the same place, and the other way round.
        courier_token: format!(
            "W1:{}",
            SAMPLE_COURIER_TOKEN.get(3..).unwrap_or("").chars().rev().collect::<String>()
        ),
        carrier: "ZTO".to_owned(),
        service: "特快".to_owned(),
        routing: Routing {
            code: "沪A 118".to_owned(),
            sortation: "上海浦东".to_owned(),
            consolidation_name: "浦东".to_owned(),
            consolidation_code: "P9".to_owned(),
            origin_name: "成都双流机场".to_owned(),
            origin_code: "028".to_owned(),
        },
        parcel: Parcel { weight_g: 350, index: 2, count: 3, cod_fen: 12_900, insured_fen: 400_000 },
        items: vec![item("棉袜", "", 12), item("", "TEA-05", 3), item("便签本 A5", "NB", 7)],
        memo: Masked::new("易碎，请轻放".to_owned()),
        recipient: party(["赵***", "*******0038", "上海市", "上海", "浦东新区", "", "世纪大道88888号***"]),
        sender: party(["某商行", "", "四川省", "成都市", "双流区", "", "机场路77777号"]),
        number: Some(LabelNumber { index: 12, count: 200 }),
        // 2027-02-03 04:06:09 in China.
        printed_at: 1_801_598_769,
        ..Waybill::default()
    };
    other.recipient.org = Masked::new("测试公司".to_owned());
    other.recipient.virtual_number = Masked::new("17000000000-0042".to_owned());
    other.sender.phone = Masked::new("028-******77".to_owned());
    [one, other]
}

/// Two as few orders are: one with everything that can be said, one with no more than a carrier accepts.
pub(super) fn unusual() -> [Waybill; 2] {
    let [one, mut full] = usual();
    full.waybill_no = "5901234123457".to_owned();
    full.sender.virtual_number = Masked::new("17000000001-0007".to_owned());
    full.sender.org = Masked::new("某某旗舰店".to_owned());
    let bare = Waybill {
        order_id: "1".to_owned(),
        waybill_no: "9780201379624".to_owned(),
        carrier: "SF".to_owned(),
        recipient: MaskedParty {
            name: Masked::new("李*".to_owned()),
            mobile: one.recipient.mobile,
            province: Masked::new("云南省".to_owned()),
            city: Masked::new("大理".to_owned()),
            detail: Masked::new("人民路66666号".to_owned()),
            ..MaskedParty::default()
        },
        ..Waybill::default()
    };
    [full, bare]
}

fn item(name: &str, sku: &str, count: u32) -> Item {
    Item { name: name.to_owned(), sku: sku.to_owned(), count }
}

fn party([name, mobile, province, city, district, town, detail]: [&str; 7]) -> MaskedParty {
    let masked = |text: &str| Masked::new(text.to_owned());
    MaskedParty {
        name: masked(name),
        mobile: masked(mobile),
        province: masked(province),
        city: masked(city),
        district: masked(district),
        town: masked(town),
        detail: masked(detail),
        ..MaskedParty::default()
    }
}
