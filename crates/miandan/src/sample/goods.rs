//! Goods and shops.

use serde_json::{Value, json};

use super::random::Random;

/// Name, stock keeping unit, weight in grams.
const GOODS: [(&str, &str, u64); 16] = [
    ("保温杯 500ml", "CUP-500", 420),
    ("便签本 A5", "NB-A5", 180),
    ("纯棉毛巾 三条装", "TWL-3", 350),
    ("蓝牙耳机", "BT-EAR", 90),
    ("儿童绘本 一套", "BOOK-12", 1500),
    ("猫粮 2kg", "CAT-2K", 2050),
    ("洗衣凝珠 60颗", "WASH-60", 980),
    ("手机壳 透明", "CASE-T", 60),
    ("茉莉花茶 250g", "TEA-J", 310),
    ("运动袜 五双", "SOCK-5", 240),
    ("不锈钢饭盒", "BOX-S", 520),
    ("台灯 护眼款", "LAMP-E", 870),
    ("瑜伽垫 加厚", "YOGA-8", 1200),
    ("红枣 500g", "JUJUBE", 560),
    ("数据线 1.5m", "USB-C15", 45),
    ("羽绒服 M码 黑", "DOWN-MB", 760),
];

const SHOPS: [&str; 6] =
    ["山海家居旗舰店", "小满日用百货", "北辰数码专营店", "拾光文创", "田野食集", "云朵母婴"];

pub(super) fn shop(random: &mut Random) -> &'static str {
    random.pick(&SHOPS)
}

/// The lines of an order and the weight of the parcel in grams, with its box.
pub(super) fn items(random: &mut Random) -> (Vec<Value>, u64) {
    let mut weight = 120;
    let lines = if random.one_in(3) { random.between(2, 4) } else { 1 };
    let items = (0..lines).map(|_| {
        let (name, sku, grams) = random.pick(&GOODS);
        let count = if random.one_in(4) { random.between(2, 5) } else { 1 };
        weight += grams * count;
        json!({"name": name, "sku": sku, "count": count})
    });
    (items.collect(), weight)
}
