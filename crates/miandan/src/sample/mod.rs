//! Synthetic orders: people, phones and addresses that nobody has.
//!
//! The generator knows which part of what it makes must be hidden on a label, because it puts each text together from
//! marked pieces. It does not know the masker, so `--labelled` is an independent answer and not the masker's own.
//! Phones lie in ranges that are not assigned; divisions are real, streets and estates are made up.

mod address;
mod goods;
mod person;
mod random;

use serde_json::{Map, Value, json};

use address::Place;
use random::Random;

/// Makes orders, the same ones for the same seed.
pub struct Generator {
    random: Random,
    made: u64,
}

/// One order in the form that `miandan seal` reads, and what its fields look like once masked.
pub struct Sample {
    /// The plain order.
    pub order: Value,
    /// Field id → masked text.
    pub masked: Map<String, Value>,
}

/// A text made of pieces, each of which is shown or hidden on a label.
#[derive(Clone, Debug, Default)]
struct Labelled {
    clear: String,
    masked: String,
}

impl Labelled {
    fn shown(mut self, piece: &str) -> Self {
        self.clear.push_str(piece);
        self.masked.push_str(piece);
        self
    }

    fn hidden(mut self, piece: &str) -> Self {
        self.clear.push_str(piece);
        self.masked.extend(piece.chars().map(|_| '*'));
        self
    }
}

impl Generator {
    /// A generator for a seed.
    pub fn new(seed: u64) -> Self {
        Generator { random: Random::new(seed), made: 0 }
    }

    /// The next order.
    pub fn next_order(&mut self) -> Sample {
        self.made += 1;
        let number = self.made;
        let random = &mut self.random;
        let mut masked = Map::new();
        let recipient_place = address::place(random);
        let recipient = party(random, "recipient", recipient_place, &mut masked);
        let sender_place = address::place(random);
        let mut sender = party(random, "sender", sender_place, &mut masked);
        if random.one_in(3) {
            let shop = goods::shop(random);
            sender["org"] = json!(shop);
            masked.insert("sender.org".into(), json!(shop));
        }
        let (items, weight_g) = goods::items(random);
        let carrier = random.pick(&CARRIERS);
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
            "memo": random.pick(&MEMOS),
            "consent": {"ref": format!("C{:016X}", random.next()), "epoch": 1},
        });
        Sample { order, masked }
    }
}

#[derive(Clone, Copy)]
struct Carrier {
    code: &'static str,
    service: &'static str,
}

const CARRIERS: [Carrier; 6] = [
    Carrier { code: "YTO", service: "标准快递" },
    Carrier { code: "ZTO", service: "标准快递" },
    Carrier { code: "STO", service: "标准快递" },
    Carrier { code: "JT", service: "标准快递" },
    Carrier { code: "YUNDA", service: "标准快递" },
    Carrier { code: "SF", service: "特快" },
];

const MEMOS: [&str; 6] = ["", "", "易碎，请轻放", "放丰巢柜请先联系", "周末送货", "请勿倒置"];

/// Numbers in the form that the carriers use, from a block that starts with zeros and was never issued.
fn waybill_number(random: &mut Random, carrier: &str, number: u64) -> String {
    let tail = number * 10 + random.below(10);
    match carrier {
        "YTO" => format!("YT{tail:013}"),
        "JT" => format!("JT{tail:013}"),
        "SF" => format!("SF{tail:013}"),
        "ZTO" => format!("73{tail:012}"),
        "YUNDA" => format!("46{tail:013}"),
        _ => format!("77{tail:013}"),
    }
}

fn party(random: &mut Random, role: &str, place: Place, masked: &mut Map<String, Value>) -> Value {
    let mut fields = Map::new();
    let mut put = |field: &str, text: &Labelled| {
        fields.insert(field.into(), json!(text.clear));
        masked.insert(format!("{role}.{field}"), json!(text.masked));
    };
    put("name", &person::name(random));
    put("mobile", &person::mobile(random));
    if random.one_in(12) {
        put("phone", &person::landline(random, place.area_code));
    }
    for (field, text) in [
        ("province", place.province),
        ("city", place.city),
        ("district", place.district),
        ("town", place.town),
    ] {
        put(field, &Labelled::default().shown(text));
    }
    put("detail", &address::detail(random));
    if role == "recipient" && random.one_in(10) {
        let (main, extension) = person::virtual_number(random);
        // Far in the future: samples are printed whenever somebody tries the program.
        fields.insert("virtual".into(), json!({"main": main, "ext": extension, "until": 4_102_444_800_u64}));
        masked.insert(format!("{role}.virtual"), json!(format!("{main}-{extension}")));
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
    json!({
        "code": code,
        "sortation": to.city.trim_end_matches('市'),
        "consolidation_name": format!("{}{}集", to.city.trim_end_matches('市'), to.district),
        "consolidation_code": format!("{}{}", to.area_code.trim_start_matches('0'), random.pick(&["A", "B", "C"])),
        "origin_name": format!("{}{}", from.city.trim_end_matches('市'), from.district),
        "origin_code": format!("{}{:03}", from.area_code.trim_start_matches('0'), random.between(1, 99)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_orders() {
        let texts = |seed| {
            let mut generator = Generator::new(seed);
            (0..20).map(|_| generator.next_order().order.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(texts(7), texts(7));
        assert_ne!(texts(7), texts(8));
    }

    #[test]
    fn labels_hide_what_the_standard_asks_for() {
        let mut generator = Generator::new(1);
        for _ in 0..2000 {
            let Sample { order, masked } = generator.next_order();
            for role in ["recipient", "sender"] {
                let field =
                    |name: &str| (order[role][name].as_str().unwrap(), &masked[&format!("{role}.{name}")]);
                let (name, masked_name) = field("name");
                assert!(masked_name.as_str().unwrap().contains('*'), "{name}");
                let (mobile, masked_mobile) = field("mobile");
                assert!(masked_mobile.as_str().unwrap().matches('*').count() >= 6, "{mobile}");
            }
        }
    }
}
