//! The fields of a plain order as columns: their keys, the headers that they have where no map names others, and how
//! the text of a cell becomes a value.

use miandan_core::order::Item;
use miandan_seal::issue::{Personal, PlainOrder, PlainParty};

use super::problem::Reason;
use super::sheet::{Cell, Defect};

/// A field of a plain order that one column can hold.
#[derive(Debug)]
pub struct Field {
    /// The member of the plain order; also a header.
    pub key: &'static str,
    kind: Kind,
    /// Further headers.
    pub names: &'static [&'static str],
    slot: fn(&mut PlainOrder) -> Slot<'_>,
}

/// How a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    /// Digits that must all be there.
    Id,
    Number,
    /// Grams, unless the cell names another unit.
    Grams,
    Kilograms,
    /// Money in yuan, kept in fen.
    Yuan,
    Time,
}

/// Where a value goes.
enum Slot<'a> {
    Text(&'a mut String),
    Personal(&'a mut Personal),
    Number(&'a mut u32),
    Time(&'a mut u64),
}

macro_rules! fields {
    ($($key:literal $kind:ident $slot:ident($order:ident => $place:expr) $names:expr;)+) => {
        &[$(Field { key: $key, kind: Kind::$kind, names: &$names, slot: |$order| Slot::$slot(&mut $place) },)+]
    };
}

/// Every field, in the order of the plain order. No header stands for two of them.
#[rustfmt::skip]
pub const FIELDS: &[Field] = fields! {
    "order_id" Id Text(o => o.order_id) ["订单号", "订单编号"];
    "payment_id" Id Text(o => o.payment_id) ["支付单号", "支付编号", "支付流水号"];
    "waybill_no" Id Text(o => o.waybill_no) ["运单号", "运单编号", "快递单号", "物流单号", "面单号"];
    "carrier" Text Text(o => o.carrier) ["快递公司", "快递公司编码", "快递编码", "物流公司"];
    "recipient.name" Text Personal(o => o.recipient.name) ["收件人", "收件人姓名", "收货人", "收货人姓名"];
    "recipient.org" Text Personal(o => o.recipient.org) ["收件人公司", "收件公司", "收件单位", "收货单位"];
    "recipient.mobile" Id Personal(o => o.recipient.mobile) ["收件人手机", "收件人手机号", "收件手机", "收货人手机", "收货人手机号"];
    "recipient.phone" Id Personal(o => o.recipient.phone) ["收件人电话", "收件人固话", "收件电话", "收货人电话"];
    "recipient.virtual.main" Id Personal(o => virtual_of(&mut o.recipient).main) ["收件人虚拟号", "收件人虚拟号码"];
    "recipient.virtual.ext" Id Personal(o => virtual_of(&mut o.recipient).ext) ["收件人虚拟号分机", "收件人分机号"];
    "recipient.virtual.until" Time Time(o => virtual_of(&mut o.recipient).until) ["收件人虚拟号有效期"];
    "recipient.province" Text Personal(o => o.recipient.province) ["省", "省份", "收件省", "收件人省", "收货省"];
    "recipient.city" Text Personal(o => o.recipient.city) ["市", "城市", "收件市", "收件人市", "收货市"];
    "recipient.district" Text Personal(o => o.recipient.district) ["区", "区县", "收件区", "收件人区", "收货区"];
    "recipient.town" Text Personal(o => o.recipient.town) ["街道", "乡镇街道", "收件街道", "收件人街道", "收货街道"];
    "recipient.detail" Text Personal(o => o.recipient.detail) ["详细地址", "收件人详细地址", "收件详细地址", "收件人地址", "收件地址", "收货地址"];
    "sender.name" Text Personal(o => o.sender.name) ["寄件人", "寄件人姓名", "发件人", "发件人姓名", "发货人"];
    "sender.org" Text Personal(o => o.sender.org) ["寄件人公司", "寄件公司", "寄件单位", "发件公司"];
    "sender.mobile" Id Personal(o => o.sender.mobile) ["寄件人手机", "寄件人手机号", "寄件手机", "发件人手机", "发件人手机号"];
    "sender.phone" Id Personal(o => o.sender.phone) ["寄件人电话", "寄件人固话", "寄件电话", "发件人电话"];
    "sender.virtual.main" Id Personal(o => virtual_of(&mut o.sender).main) ["寄件人虚拟号", "寄件人虚拟号码"];
    "sender.virtual.ext" Id Personal(o => virtual_of(&mut o.sender).ext) ["寄件人虚拟号分机", "寄件人分机号"];
    "sender.virtual.until" Time Time(o => virtual_of(&mut o.sender).until) ["寄件人虚拟号有效期"];
    "sender.province" Text Personal(o => o.sender.province) ["寄件省", "寄件人省", "发件省", "发件人省"];
    "sender.city" Text Personal(o => o.sender.city) ["寄件市", "寄件人市", "发件市", "发件人市"];
    "sender.district" Text Personal(o => o.sender.district) ["寄件区", "寄件人区", "发件区", "发件人区"];
    "sender.town" Text Personal(o => o.sender.town) ["寄件街道", "寄件人街道", "发件街道", "发件人街道"];
    "sender.detail" Text Personal(o => o.sender.detail) ["寄件人详细地址", "寄件详细地址", "寄件人地址", "寄件地址", "发件人地址", "发件地址", "发货地址"];
    "buyer.account" Text Personal(o => o.buyer.account) ["买家账号", "买家昵称"];
    "buyer.email" Text Personal(o => o.buyer.email) ["买家邮箱"];
    "buyer.idcard" Id Personal(o => o.buyer.idcard) ["买家身份证号"];
    "routing.code" Text Text(o => o.routing.code) ["三段码"];
    "routing.sortation" Text Text(o => o.routing.sortation) ["大头笔"];
    "routing.consolidation_name" Text Text(o => o.routing.consolidation_name) ["集包地", "集包地名称"];
    "routing.consolidation_code" Text Text(o => o.routing.consolidation_code) ["集包地编码", "集包编码"];
    "routing.origin_name" Text Text(o => o.routing.origin_name) ["揽收网点", "始发网点", "寄件网点"];
    "routing.origin_code" Text Text(o => o.routing.origin_code) ["揽收网点编码", "始发网点编码", "寄件网点编码"];
    "service" Text Text(o => o.service) ["服务", "服务类型", "快递产品", "产品类型"];
    "parcel.weight_g" Grams Number(o => o.parcel.weight_g) ["重量", "重量(克)", "重量(g)"];
    "parcel.weight_kg" Kilograms Number(o => o.parcel.weight_g) ["重量(kg)", "重量(公斤)", "重量(千克)"];
    "parcel.index" Number Number(o => o.parcel.index) ["包裹序号"];
    "parcel.count" Number Number(o => o.parcel.count) ["包裹数", "包裹总数"];
    "parcel.cod_fen" Number Number(o => o.parcel.cod_fen) [];
    "parcel.cod_yuan" Yuan Number(o => o.parcel.cod_fen) ["代收货款", "代收金额", "货到付款金额"];
    "parcel.insured_fen" Number Number(o => o.parcel.insured_fen) [];
    "parcel.insured_yuan" Yuan Number(o => o.parcel.insured_fen) ["保价金额", "保价", "声明价值"];
    "items.name" Text Text(o => item(o).name) ["商品名称", "商品", "品名", "货品名称"];
    "items.sku" Text Text(o => item(o).sku) ["商品编码", "货品编码", "商家编码", "sku"];
    "items.count" Number Number(o => item(o).count) ["数量", "商品数量"];
    "memo" Text Personal(o => o.memo) ["备注", "商家备注", "卖家备注"];
    "consent.ref" Id Text(o => o.consent.get_or_insert_default().reference) ["授权编号"];
    "consent.epoch" Number Number(o => o.consent.get_or_insert_default().epoch) ["授权版本"];
    "merge_key" Text Personal(o => o.merge_key) ["合单标识"];
};

/// Those that no order is without.
pub const REQUIRED: [&str; 3] = ["order_id", "waybill_no", "carrier"];

/// The field of a key.
pub fn find(key: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.key == key)
}

impl Field {
    /// Whether it belongs to a line of goods rather than to the order.
    pub fn is_goods(&self) -> bool {
        self.key.starts_with("items.")
    }

    /// Puts the content of a cell into an order. An empty cell puts nothing.
    pub fn set(&self, order: &mut PlainOrder, cell: &Cell) -> Result<(), Reason> {
        let text = cell.text.as_str();
        match cell.defect {
            Some(Defect::Error) => return Err(Reason::CellError),
            Some(Defect::Rounded) => return Err(Reason::Rounded),
            Some(Defect::NotScalar) => return Err(Reason::NotScalar),
            None if text.is_empty() => return Ok(()),
            None => {}
        }
        if self.kind == Kind::Id && is_scientific(text) {
            return Err(Reason::Rounded);
        }
        match (self.slot)(order) {
            Slot::Text(slot) => text.clone_into(slot),
            Slot::Personal(slot) => *slot = text.into(),
            Slot::Number(slot) => {
                *slot = match self.kind {
                    Kind::Grams => grams(text, 1).ok_or(Reason::NotWeight)?,
                    Kind::Kilograms => grams(text, 1000).ok_or(Reason::NotWeight)?,
                    Kind::Yuan => fen(text).ok_or(Reason::NotMoney)?,
                    _ => number(text).ok_or(Reason::NotNumber)?,
                }
            }
            Slot::Time(slot) => *slot = time(text).ok_or(Reason::NotTime)?,
        }
        Ok(())
    }
}

/// A header without what people vary: case, white space, full-width brackets, the star of a required column.
pub fn normal(header: &str) -> String {
    let kept = header.chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '\u{feff}'));
    kept.map(|character| match character {
        '（' => '(',
        '）' => ')',
        other => other.to_ascii_lowercase(),
    })
    .collect()
}

fn virtual_of(party: &mut PlainParty) -> &mut miandan_seal::issue::PlainVirtual {
    party.virtual_number.get_or_insert_default()
}

/// The line of goods that a row is.
fn item(order: &mut PlainOrder) -> &mut Item {
    if order.items.is_empty() {
        order.items.push(Item::default());
    }
    &mut order.items[0]
}

/// What spreadsheet programs make of long numbers, such as `1.25798E+10`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    exponent.strip_prefix('+').is_some_and(digits) && digits(&mantissa.replacen('.', "", 1))
}

fn number(text: &str) -> Option<u32> {
    // A sign is not meant.
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Whole grams; the unit is grams times `unit` where the text names none.
fn grams(text: &str, unit: u32) -> Option<u32> {
    let lower = text.to_lowercase();
    let units = [("kg", 1000), ("公斤", 1000), ("千克", 1000), ("g", 1), ("克", 1)];
    let named = units.iter().find_map(|(name, unit)| Some((lower.strip_suffix(name)?, *unit)));
    let (amount, unit) = named.unwrap_or((&lower, unit));
    scaled(amount.trim(), unit)
}

/// Whole fen of an amount in yuan, with or without the sign and the word for it and commas between thousands.
fn fen(text: &str) -> Option<u32> {
    let amount = text.trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let mut groups = whole.split(',');
    let first = groups.next().is_some_and(|group| !group.is_empty());
    let grouped = !whole.contains(',') || whole.find(',').is_some_and(|at| at <= 3);
    (first && grouped && !part.contains(',') && groups.all(|group| group.len() == 3))
        .then(|| scaled(&amount.replace(',', ""), 100))?
}

/// A decimal number times a unit, if it is whole then.
fn scaled(amount: &str, unit: u32) -> Option<u32> {
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let part = part.trim_end_matches('0');
    let places = u32::try_from(part.len()).ok()?;
    let scale = 10u32.checked_pow(places).filter(|&scale| unit.is_multiple_of(scale))?;
    let part = if part.is_empty() { 0 } else { number(part)? };
    number(whole).filter(|_| !whole.is_empty())?.checked_mul(unit)?.checked_add(part * (unit / scale))
}

/// Seconds since 1970: as such, or a date with or without a time of day, in China's time.
fn time(text: &str) -> Option<u64> {
    const CHINA: i64 = 8 * 3600;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Milliseconds would be in the far future.
        return text.parse().ok().filter(|&seconds: &u64| seconds < 100_000_000_000);
    }
    let (date, clock) = text.split_once([' ', 'T']).unwrap_or((text, "0:0"));
    let parts = |text: &str, separator: [char; 2]| -> Option<Vec<i64>> {
        text.split(separator).map(|part| number(part).filter(|_| !part.is_empty()).map(i64::from)).collect()
    };
    let [year, month, day] = parts(date, ['-', '/'])?[..] else { return None };
    let (hour, minute, second) = match parts(clock, [':', ':'])?[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let sound = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !sound {
        return None;
    }
    // Days of the Gregorian calendar, with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    u64::try_from(days * 86_400 + hour * 3600 + minute * 60 + second - CHINA).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_header_stands_for_two_fields() {
        let mut seen = BTreeSet::new();
        for field in FIELDS {
            for name in field.names.iter().chain([&field.key]) {
                assert!(seen.insert(normal(name)), "{name}");
                assert_eq!(normal(name), *name, "headers are compared in their normal form");
            }
        }
    }

    /// Every member of a plain order can be a column, and goes where its key says.
    #[test]
    fn every_field_goes_to_its_member() {
        for field in FIELDS {
            let mut order = PlainOrder::default();
            let text = if field.kind == Kind::Text { "x" } else { "7" };
            field.set(&mut order, &Cell::text(text)).unwrap();
            let mut value = serde_json::to_value(&order).unwrap();
            let member = field.key.replace("weight_kg", "weight_g").replace("_yuan", "_fen");
            for name in member.split('.') {
                value = if value.is_array() { value[0].take() } else { value };
                value = value[name].take();
            }
            let expected = match (field.key, field.kind) {
                (_, Kind::Text) => serde_json::json!("x"),
                (_, Kind::Id) => serde_json::json!("7"),
                (_, Kind::Kilograms) => serde_json::json!(7000),
                (_, Kind::Yuan) => serde_json::json!(700),
                _ => serde_json::json!(7),
            };
            assert_eq!(value, expected, "{}", field.key);
        }
    }

    #[test]
    fn headers_vary() {
        assert_eq!(normal(" *重量（KG） "), "重量(kg)");
        assert_eq!(normal("\u{feff}Order_ID"), "order_id");
    }

    #[test]
    fn weights() {
        for (text, unit, expected) in [
            ("640", 1, Some(640)),
            ("640.0", 1, Some(640)),
            ("0.64", 1, None),
            ("0.64", 1000, Some(640)),
            ("1.2kg", 1, Some(1200)),
            ("1.2 公斤", 1, Some(1200)),
            ("500克", 1000, Some(500)),
            ("1.2345", 1000, None),
            ("-1", 1, None),
            ("+1", 1, None),
            (".5", 1000, None),
            ("kg", 1, None),
            ("5000000", 1000, None),
        ] {
            assert_eq!(grams(text, unit), expected, "{text}");
        }
    }

    #[test]
    fn money() {
        for (text, expected) in [
            ("128", Some(12_800)),
            ("128.5", Some(12_850)),
            ("128.50元", Some(12_850)),
            ("￥1,280.00", Some(128_000)),
            ("0", Some(0)),
            ("42949672.95", Some(u32::MAX)),
            ("42949672.96", None),
            ("1.005", None),
            ("1,28", None),
            ("1280,000", None),
            ("1.280,00", None),
            ("1.1,00", None),
            ("-1", None),
            (".5", None),
            ("免费", None),
            ("", None),
        ] {
            assert_eq!(fen(text), expected, "{text}");
        }
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("4102444800", Some(4_102_444_800)),
            ("4102444800000", None),
            ("1970-01-01 08:00", Some(0)),
            ("2100-01-01 08:00:00", Some(4_102_444_800)),
            ("2026/2/28T23:59:59", Some(1_772_294_399)),
            ("2000-03-01", Some(951_840_000)),
            ("2026-13-01", None),
            ("1970-01-01", None),
            ("2026-01", None),
            ("2026-01-01 25:00", None),
            ("soon", None),
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_that_were_cut_are_found() {
        for (text, cut) in
            [("1.25798E+10", true), ("1E+10", true), ("E+1", false), ("1E10", false), ("SE+5", false)]
        {
            assert_eq!(is_scientific(text), cut, "{text}");
        }
    }
}
