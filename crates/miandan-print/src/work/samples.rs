//! Sealed orders for tests: of the right form, signed by nobody and with nothing in them.

use miandan_core::Code;
use miandan_seal::encoding::to_base64url;
use miandan_seal::{ClearHeader, clear_header};
use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::{Value, json};

use super::{Arrangement, SortKey, Work};
use crate::orders::Orders;

pub(super) const NOW: u64 = 1_800_000_000;

/// An order, to be changed and sealed.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) waybill: String,
    pub(super) carrier: &'static str,
    pub(super) order: String,
    /// SKU, name and count.
    pub(super) goods: Vec<(String, String, u32)>,
    pub(super) region: String,
    pub(super) route: String,
    pub(super) parcel: u32,
    pub(super) merchant: &'static str,
    pub(super) merge: Option<u8>,
    pub(super) limit: Option<u32>,
    pub(super) expires: u64,
    pub(super) memo: String,
}

impl Sample {
    pub(super) fn new(number: usize) -> Sample {
        Sample {
            waybill: format!("YT{number:013}"),
            carrier: "YTO",
            order: format!("O{number}"),
            goods: Vec::new(),
            region: String::new(),
            route: String::new(),
            parcel: 0,
            merchant: "SHOP-1",
            merge: None,
            limit: None,
            expires: NOW + 86_400,
            memo: String::new(),
        }
    }

    pub(super) fn with(mut self, goods: &[(&str, u32)]) -> Sample {
        self.goods =
            goods.iter().map(|&(sku, count)| (sku.to_owned(), format!("商品{sku}"), count)).collect();
        self
    }

    pub(super) fn line(&self) -> String {
        let zeros = |bytes: usize| to_base64url(&vec![0; bytes]);
        let batch = json!({
            "suite": 1, "iss": "platform", "ikid": "0011223344556677", "jti": zeros(16), "iat": NOW - 86_400,
            "nbf": NOW - 86_400, "exp": self.expires, "aud": self.merchant, "pur": "print", "n": 1, "root": zeros(32),
        });
        let goods: Vec<Value> = self
            .goods
            .iter()
            .map(|(sku, name, count)| json!({"sku": sku, "name": name, "count": count}))
            .collect();
        let mut order = json!({
            "i": 0, "jti": zeros(16), "ord": self.order, "wbn": self.waybill, "cp": self.carrier, "items": goods,
            "routing": {"code": self.route, "consolidation_name": self.region}, "parcel": {"index": self.parcel},
            "memo": self.memo, "fields": {},
        });
        if let Some(merge) = self.merge {
            order["mrg"] = json!(to_base64url(&[merge; 16]));
        }
        if let Some(limit) = self.limit {
            order["max"] = json!(limit);
        }
        let recipients = json!([{"kid": "0011223344556677", "enc": zeros(32), "wk": zeros(48)}]);
        let carried = |value: &Value| to_base64url(value.to_string().as_bytes());
        json!({
            "v": "MSO1", "b": carried(&batch), "r": carried(&recipients), "s": zeros(64), "h": carried(&order),
            "f": carried(&json!({})), "p": [],
        })
        .to_string()
    }

    pub(super) fn header(&self) -> ClearHeader {
        clear_header(self.line().as_bytes()).expect("a sample has the right form")
    }
}

pub(super) fn sealed(samples: &[Sample]) -> Orders {
    let lines: Vec<String> = samples.iter().map(Sample::line).collect();
    Orders::spool(lines.join("\n").as_bytes()).expect("a temporary file")
}

pub(super) fn sample(number: usize, goods: &[(&str, u32)], region: &str, route: &str) -> Sample {
    let sample = Sample::new(number).with(goods);
    Sample { region: region.to_owned(), route: route.to_owned(), ..sample }
}

fn any_sample() -> impl Strategy<Value = Sample> {
    let goods = proptest::collection::vec(("[ab]-(1|2|10|)", 0_u32..3), 0..3);
    (0_usize..12, goods, "(|x1|x10|x2)", "(|1-1|1-2)", 0_u32..2).prop_map(
        |(number, goods, region, route, parcel)| {
            let goods: Vec<_> = goods.iter().map(|(sku, count)| (sku.as_str(), *count)).collect();
            Sample { parcel, ..sample(number, &goods, &region, &route) }
        },
    )
}

pub(super) fn any_input() -> impl Strategy<Value = Vec<Result<Sample, Code>>> {
    let one = prop_oneof![5 => any_sample().prop_map(Ok), 1 => Just(Err(Code::Malformed))];
    proptest::collection::vec(one, 0..40)
}

pub(super) fn any_arrangement() -> impl Strategy<Value = Arrangement> {
    let keys = subsequence(SortKey::ALL.to_vec(), 0..=SortKey::ALL.len()).prop_shuffle();
    (keys, any::<bool>(), any::<bool>()).prop_map(|(sort, single_first, reverse)| Arrangement {
        sort,
        single_first,
        reverse,
    })
}

pub(super) fn read(input: &[Result<Sample, Code>]) -> Work {
    Work::from_headers(
        input.iter().map(|order| order.as_ref().map(Sample::header).map_err(|&code| code)),
        NOW,
    )
}
