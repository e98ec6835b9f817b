//! Orders with unmistakable hidden parts, to be looked for wherever they must not be.

use serde_json::{Value, json};

/// The parts that a label hides. No two orders of this test differ in them.
#[derive(Clone, Copy)]
pub struct Hidden {
    recipient_name: &'static str,
    sender_name: &'static str,
    recipient_mobile: &'static str,
    sender_mobile: &'static str,
    landline: &'static str,
    unit: &'static str,
    room: &'static str,
    sender_room: &'static str,
    account: &'static str,
    email: &'static str,
    identity: &'static str,
}

/// The parts to be looked for.
pub const PLANTED: Hidden = Hidden {
    recipient_name: "阳隐匿甲",
    sender_name: "徒遮蔽乙",
    recipient_mobile: "1270918",
    sender_mobile: "1280827",
    landline: "083746",
    unit: "70605041",
    room: "91827364",
    sender_room: "64738291",
    account: "acct_planted_hidden",
    email: "planted.hidden@example.com",
    identity: "000000190001017777",
};

/// Other hidden parts of the same lengths.
pub const OTHER: Hidden = Hidden {
    recipient_name: "甲乙丙丁",
    sender_name: "戊己庚辛",
    recipient_mobile: "1291111",
    sender_mobile: "1292222",
    landline: "044444",
    unit: "12121212",
    room: "34343434",
    sender_room: "56565656",
    account: "somebody_else_0001",
    email: "somebody@example.org",
    identity: "000000190002020000",
};

impl Hidden {
    pub fn parts(self) -> Vec<&'static str> {
        let Hidden { recipient_name, sender_name, recipient_mobile, sender_mobile, landline, .. } = self;
        let Hidden { unit, room, sender_room, account, email, identity, .. } = self;
        vec![
            recipient_name,
            sender_name,
            recipient_mobile,
            sender_mobile,
            landline,
            unit,
            room,
            sender_room,
            account,
            email,
            identity,
        ]
    }

    /// An order whose shown parts are those of every order with this number.
    pub fn order(self, number: u32) -> Value {
        let region =
            json!({"province": "浙江省", "city": "杭州市", "district": "西湖区", "town": "古荡街道"});
        let party = |fields: Value| {
            let mut party = region.clone();
            party.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            party
        };
        json!({
            "order_id": format!("LEAK{number:08}"),
            "waybill_no": format!("YT{number:013}"),
            "carrier": "YTO",
            "recipient": party(json!({
                "name": format!("欧{}", self.recipient_name),
                "mobile": format!("{}{:04}", self.recipient_mobile, number % 10_000),
                "phone": format!("0571-{}21", self.landline),
                "detail": format!("望春路90号栖霞花园17号楼{}单元{}室", self.unit, self.room),
            })),
            "sender": party(json!({
                "name": format!("司{}", self.sender_name),
                "mobile": format!("{}5510", self.sender_mobile),
                "detail": format!("工业路3号{}室", self.sender_room),
            })),
            "buyer": {"account": self.account, "email": self.email, "idcard": self.identity},
            "routing": {"code": "356-01-02 F3", "consolidation_name": "杭州西湖集", "consolidation_code": "571A"},
            "service": "标准快递",
            "parcel": {"weight_g": 1200, "index": 1, "count": 1},
            "items": [{"name": "保温杯 500ml", "sku": "CUP-500", "count": 2}],
            "consent": {"ref": format!("C{number:08}"), "epoch": 1},
        })
    }

    pub fn orders(self, count: u32) -> Vec<Value> {
        (1..=count).map(|number| self.order(number)).collect()
    }
}
