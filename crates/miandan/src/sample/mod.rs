//! Synthetic orders: people, phones and addresses that nobody has.
//!
//! The generator knows which part of what it makes must be hidden on a label, because it puts each text together from
//! marked pieces. It does not know the masker, so `--labelled` is an independent answer and not the masker's own.
//! Phones lie in ranges that are not assigned; divisions are real, streets and estates are made up.
//!
//! There are two mixes. The realistic one is what a warehouse sees in a day, and every order of it can be printed with
//! the shipped label and the bundled typeface. The hostile one has everything that makes masking hard, much of it at
//! once, and yet nothing of which a person who reads it would not know what to hide.

mod address;
mod divisions;
mod goods;
mod labelled;
mod memo;
mod name;
mod phone;
mod random;
#[cfg(test)]
mod tests;
mod writing;

use serde_json::{Map, Value, json};

use divisions::Place;
use labelled::Labelled;
use random::Random;

/// How much of what makes masking hard is in the orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// As often as in a day's parcels.
    Realistic,
    /// Nearly always.
    Hostile,
}

/// Makes orders, the same ones for the same seed.
pub struct Generator {
    random: Random,
    mix: Mix,
    made: u64,
    /// Whose all orders are, if not of several.
    carrier: Option<Carrier>,
}

/// One order in the form that `miandan seal` reads, and what is known of its fields.
pub struct Sample {
    /// The plain order.
    pub order: Value,
    pub labels: Labels,
}

/// What is known of the fields of an order, each by its id.
#[derive(Debug, Default)]
pub struct Labels {
    /// Field id → masked text, a character for each character of the clear text.
    pub masked: Map<String, Value>,
    /// Field id → the street number and the name of the estate or building, which must stay readable.
    pub keep: Map<String, Value>,
    /// Field id → of what kind its text is, so that mistakes of a masker can be counted by kind.
    pub kinds: Map<String, Value>,
}

impl Labels {
    fn add(&mut self, field: &str, kind: &str, text: &Labelled) {
        self.masked.insert(field.into(), json!(text.masked));
        if !text.keep.is_empty() {
            self.keep.insert(field.into(), json!(text.keep));
        }
        if !kind.is_empty() {
            self.kinds.insert(field.into(), json!(kind));
        }
    }
}

impl Generator {
    /// A generator for a seed.
    pub fn new(seed: u64, mix: Mix) -> Self {
        Generator { random: Random::new(seed), mix, made: 0, carrier: None }
    }

    /// The same, all orders of one carrier.
    pub fn of_carrier(self, carrier: Carrier) -> Self {
        Generator { carrier: Some(carrier), ..self }
    }

    /// The next order.
    pub fn next_order(&mut self) -> Sample {
        self.made += 1;
        let number = self.made;
        let (random, mix) = (&mut self.random, self.mix);
        let mut labels = Labels::default();
        let recipient_place = divisions::place(random, mix);
        let recipient = party(random, mix, "recipient", recipient_place, &mut labels);
        let sender_place = divisions::place(random, mix);
        let mut sender = party(random, mix, "sender", sender_place, &mut labels);
        if random.one_in(3) {
            let shop = goods::shop(random);
            sender["org"] = json!(shop);
            labels.add("sender.org", "", &Labelled::of_shown(shop));
        }
        let (kind, memo) = memo::memo(random, mix);
        labels.add("memo", kind, &memo);
        let (items, weight_g) = goods::items(random);
        // Drawn in any case, so that the rest of an order does not depend on the carrier.
        let drawn = random.pick(&CARRIERS);
        let carrier = self.carrier.unwrap_or(drawn);
        let order = json!({
            "order_id": format!("{:06}{:08}", 261_111, number),
            "payment_id": format!("P{:012}", random.below(1_000_000_000_000)),
            "waybill_no": waybill_number(random, carrier.code, number),
            "carrier": carrier.code,
            "recipient": recipient,
            "sender": sender,
            "buyer": {
                "account": format!("tb_{:07}", random.below(10_000_000)),
                "email": format!("buyer{:06}@example.com", random.below(1_000_000)),
                "idcard": format!("{}19000101{:04}", "000000", random.below(10_000)),
            },
            "routing": routing(random, &recipient_place, &sender_place),
            "service": carrier.service,
            "parcel": {"weight_g": weight_g, "index": 1, "count": 1},
            "items": items,
            "memo": memo.clear,
            "consent": {"ref": format!("C{:016X}", random.next()), "epoch": 1},
        });
        Sample { order, labels }
    }
}

/// A carrier that sample orders can have.
#[derive(Clone, Copy)]
pub struct Carrier {
    code: &'static str,
    service: &'static str,
}

impl Carrier {
    /// The codes of all of them.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        CARRIERS.iter().chain(&ON_REQUEST).map(|carrier| carrier.code)
    }

    /// The carrier of a code.
    pub fn find(code: &str) -> Option<Self> {
        CARRIERS.iter().chain(&ON_REQUEST).copied().find(|carrier| carrier.code == code)
    }
}

const CARRIERS: [Carrier; 6] = [
    Carrier { code: "YTO", service: "标准快递" },
    Carrier { code: "ZTO", service: "标准快递" },
    Carrier { code: "STO", service: "标准快递" },
    Carrier { code: "JT", service: "标准快递" },
    Carrier { code: "YUNDA", service: "标准快递" },
    Carrier { code: "SF", service: "特快" },
];

/// Carriers that come only when they are asked for, since sample orders stay the same from version to version.
const ON_REQUEST: [Carrier; 3] = [
    Carrier { code: "EMS", service: "特快专递" },
    Carrier { code: "JD", service: "特惠送" },
    Carrier { code: "DBKD", service: "精准包裹" },
];

/// Numbers in the form that the carriers use, from a block that starts with zeros and was never issued.
fn waybill_number(random: &mut Random, carrier: &str, number: u64) -> String {
    let tail = number * 10 + random.below(10);
    match carrier {
        "YTO" => format!("YT{tail:013}"),
        "JT" => format!("JT{tail:013}"),
        "SF" => format!("SF{tail:013}"),
        "ZTO" => format!("73{tail:012}"),
        "YUNDA" => format!("46{tail:013}"),
        "EMS" => postal(tail),
        "JD" => format!("JDVA{tail:011}"),
        "DBKD" => format!("DPK{tail:012}"),
        _ => format!("77{tail:013}"),
    }
}

/// A number with the check digit of the Universal Postal Union (S10-12): weights 8 6 4 2 3 5 9 7, 11 less the sum modulo
/// 11, 0 for 10 and 5 for 11.
fn postal(serial: u64) -> String {
    let serial = format!("{:08}", serial % 100_000_000);
    let sum: u32 = serial
        .bytes()
        .zip([8, 6, 4, 2, 3, 5, 9, 7])
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        check => check,
    };
    format!("EA{serial}{check}CN")
}

fn party(random: &mut Random, mix: Mix, role: &str, place: Place, labels: &mut Labels) -> Value {
    let mut fields = Map::new();
    let mut put = |field: &str, (kind, text): (&str, Labelled)| {
        labels.add(&format!("{role}.{field}"), kind, &text);
        fields.insert(field.into(), json!(text.clear));
    };
    put("name", name::name(random, mix));
    put("mobile", phone::mobile(random, mix, &place));
    if random.one_in(if mix == Mix::Hostile { 3 } else { 12 }) {
        put("phone", phone::landline(random, mix, &place));
    }
    for (field, text) in [
        ("province", place.province),
        ("city", place.city),
        ("district", place.district),
        ("town", place.town),
    ] {
        put(field, ("", Labelled::of_shown(text)));
    }
    put("detail", address::detail(random, mix, &place));
    if role == "recipient" && random.one_in(10) {
        let (main, extension) = phone::virtual_number(random);
        // Printed whole until it lapses, so nothing of it is hidden.
        put("virtual", ("", Labelled::of_shown(&format!("{main}-{extension}"))));
        // Far in the future: samples are printed whenever somebody tries the program.
        fields.insert("virtual".into(), json!({"main": main, "ext": extension, "until": 4_102_444_800_u64}));
    }
    Value::Object(fields)
}

fn routing(random: &mut Random, to: &Place, from: &Place) -> Value {
    let code = format!(
        "{:03}-{:02}-{:02} {}{}",
        random.between(100, 999),
        random.between(1, 40),
        random.between(1, 20),
        random.pick(&["A", "B", "F", "G"]),
        random.between(1, 9)
    );
    // The largest type on a label has room for so much; carriers shorten as well.
    let hub = |place: &Place| {
        let whole = format!("{}{}", place.short_city(), place.district);
        if whole.chars().count() <= 7 { whole } else { place.short_city().to_owned() }
    };
    json!({
        "code": code,
        "sortation": to.short_city(),
        "consolidation_name": format!("{}集", hub(to)),
        "consolidation_code": format!("{}{}", to.area_code.trim_start_matches('0'), random.pick(&["A", "B", "C"])),
        "origin_name": hub(from),
        "origin_code": format!("{}{:03}", from.area_code.trim_start_matches('0'), random.between(1, 99)),
    })
}
