//! An order to look at labels with, and its variants.

use miandan_core::label::LabelNumber;
use miandan_core::number::RunningNumber;
use miandan_core::order::{Item, Parcel, Routing};
use miandan_core::waybill::{Masked, MaskedParty, SAMPLE_COURIER_TOKEN, Waybill};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::Case;

/// What each case changes in an order, as merge patches (RFC 7396).
const CASES: &str = include_str!("../../../templates/cases.json");

/// An order to look at labels with, as it looks once masked: the members of a plain order (`docs/orders.md`), and the
/// number, the running number, the time, the copy and the courier's token of the label. An order that says nothing of a
/// token has a made-up one of the usual length, and one that says `""` has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample(Value);

/// The text is no sample order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a sample order, line {line}, column {column}: {reason}")]
pub struct SampleError {
    /// Line, from 1; 0 where only the whole is at fault.
    pub line: usize,
    /// Column in bytes, from 1; 0 where only the whole is at fault.
    pub column: usize,
    /// What the JSON reader says.
    pub reason: String,
}

impl From<serde_json::Error> for SampleError {
    fn from(error: serde_json::Error) -> Self {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let reason = error.to_string();
        SampleError {
            line: error.line(),
            column: error.column(),
            reason: reason.strip_suffix(&place).unwrap_or(&reason).to_owned(),
        }
    }
}

impl Sample {
    /// Reads an order. Members that are not known are refused.
    ///
    /// # Errors
    /// [`SampleError`] where it is not JSON of this shape.
    pub fn from_json(text: &str) -> Result<Self, SampleError> {
        // Read as an order first, for errors that name a line.
        serde_json::from_str::<Order>(text)?;
        Ok(Sample(serde_json::from_str(text)?))
    }

    /// The waybill of a case, as a template sees it.
    ///
    /// # Panics
    /// Never: patches change nothing about the shape of an order, as a test makes sure.
    #[must_use]
    pub fn waybill(&self, case: Case) -> Waybill {
        let cases: Value = serde_json::from_str(CASES).expect("the cases are read by a test");
        let mut order = self.0.clone();
        merge(&mut order, &cases[case.as_str()]);
        let order: Order = serde_json::from_value(order).expect("a patch keeps the shape");
        order.into()
    }
}

/// Puts a merge patch onto a value (RFC 7396 §2). A patch that is not there changes nothing.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(members) = patch else {
        if !patch.is_null() {
            *target = patch.clone();
        }
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(object) = target {
        for (name, patch) in members {
            if patch.is_null() {
                object.remove(name);
            } else {
                merge(object.entry(name.as_str()).or_insert(Value::Null), patch);
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    order_id: String,
    #[serde(default)]
    payment_id: String,
    waybill_no: String,
    #[serde(default = "courier_token")]
    courier_token: String,
    carrier: String,
    #[serde(default)]
    recipient: Party,
    #[serde(default)]
    sender: Party,
    #[serde(default)]
    routing: Route,
    #[serde(default)]
    service: String,
    #[serde(default)]
    parcel: Box,
    #[serde(default)]
    items: Vec<Line>,
    #[serde(default)]
    memo: String,
    #[serde(default)]
    number: Option<Number>,
    /// As `261111-003-012`.
    #[serde(default, deserialize_with = "running")]
    running: Option<RunningNumber>,
    /// Seconds since 1970.
    #[serde(default)]
    printed_at: u64,
    #[serde(default)]
    copy: u16,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Party {
    name: String,
    org: String,
    mobile: String,
    phone: String,
    r#virtual: String,
    province: String,
    city: String,
    district: String,
    town: String,
    detail: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Route {
    code: String,
    sortation: String,
    consolidation_name: String,
    consolidation_code: String,
    origin_name: String,
    origin_code: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Box {
    weight_g: u32,
    index: u32,
    count: u32,
    cod_fen: u32,
    insured_fen: u32,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Line {
    name: String,
    sku: String,
    count: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    index: u32,
    count: u32,
}

fn courier_token() -> String {
    SAMPLE_COURIER_TOKEN.to_owned()
}

fn running<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RunningNumber>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

impl From<Order> for Waybill {
    fn from(order: Order) -> Self {
        Waybill {
            order_id: order.order_id,
            payment_id: order.payment_id,
            waybill_no: order.waybill_no,
            courier_token: order.courier_token,
            carrier: order.carrier,
            service: order.service,
            routing: Routing {
                code: order.routing.code,
                sortation: order.routing.sortation,
                consolidation_name: order.routing.consolidation_name,
                consolidation_code: order.routing.consolidation_code,
                origin_name: order.routing.origin_name,
                origin_code: order.routing.origin_code,
            },
            parcel: Parcel {
                weight_g: order.parcel.weight_g,
                index: order.parcel.index,
                count: order.parcel.count,
                cod_fen: order.parcel.cod_fen,
                insured_fen: order.parcel.insured_fen,
            },
            items: order
                .items
                .into_iter()
                .map(|line| Item { name: line.name, sku: line.sku, count: line.count })
                .collect(),
            memo: Masked::new(order.memo),
            recipient: order.recipient.into(),
            sender: order.sender.into(),
            number: order.number.map(|number| LabelNumber { index: number.index, count: number.count }),
            running: order.running,
            printed_at: order.printed_at,
            copy: order.copy,
        }
    }
}

impl From<Party> for MaskedParty {
    fn from(party: Party) -> Self {
        MaskedParty {
            name: Masked::new(party.name),
            org: Masked::new(party.org),
            mobile: Masked::new(party.mobile),
            phone: Masked::new(party.phone),
            virtual_number: Masked::new(party.r#virtual),
            province: Masked::new(party.province),
            city: Masked::new(party.city),
            district: Masked::new(party.district),
            town: Masked::new(party.town),
            detail: Masked::new(party.detail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_are_those_of_the_rfc() {
        for (target, patch, merged) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, r"{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r"{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            let mut value: Value = serde_json::from_str(target).unwrap();
            merge(&mut value, &serde_json::from_str(patch).unwrap());
            assert_eq!(value, serde_json::from_str::<Value>(merged).unwrap(), "{target} {patch}");
        }
    }

    #[test]
    fn cases_are_those_of_the_file() {
        let cases: Value = serde_json::from_str(CASES).unwrap();
        let mut names: Vec<&str> = cases.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known: Vec<&str> = Case::ALL.iter().map(|case| case.as_str()).collect();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
        // The least order that there can be takes every patch.
        let least = Sample::from_json(r#"{"order_id":"1","waybill_no":"2","carrier":"MD"}"#).unwrap();
        for case in Case::ALL {
            assert_eq!(least.waybill(case).waybill_no, "2");
        }
        assert_eq!(least.waybill(Case::Ordinary).recipient, MaskedParty::default());
        assert!(least.waybill(Case::Everything).parcel.cod_fen > 0);
        assert_eq!((least.waybill(Case::Ordinary).copy, least.waybill(Case::Reprinted).copy), (0, 1));
    }

    #[test]
    fn errors_say_where() {
        let error = Sample::from_json("{\"order_id\":\"1\",\n\"waybill\":\"2\"}").unwrap_err();
        assert_eq!((error.line, error.column), (2, 9));
        assert!(error.reason.starts_with("unknown field `waybill`"), "{}", error.reason);
        let running = r#"{"order_id":"1","waybill_no":"2","carrier":"MD","running":"261111-3-12"}"#;
        let error = Sample::from_json(running).unwrap_err();
        assert_eq!(error.reason, "not a number of the form YYMMDD-BBB or YYMMDD-BBB-NNN");
    }
}
