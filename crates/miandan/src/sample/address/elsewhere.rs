//! Where there is no flat: lockers, express points, villages; and addresses in English and in Traditional Chinese.

use super::super::writing::wide;
use super::Line;

const FAMILIES: [&str; 16] =
    ["张", "李", "王", "赵", "陈", "刘", "杨", "大", "小", "石", "高", "朱", "何", "马", "周", "罗"];
const VILLAGES: [&str; 9] = ["家村", "家庄村", "家湾村", "家坝村", "店村", "桥村", "家屯", "各庄村", "塘村"];

pub(super) fn locker(line: &mut Line<'_>) {
    line.estate_name();
    line.gap();
    line.show_building("号楼");
    let locker = line.random.pick(&["丰巢柜", "楼下丰巢智能柜", "东侧快递柜", "速递易", "门口菜鸟智能柜"]);
    line.show(locker);
    line.gap();
    match line.random.below(4) {
        0 => {}
        1 => line.hide_number(1, 60, "格"),
        2 => {
            let letter = line.random.pick(&["A", "B"]);
            line.text.show(letter).show("柜");
            line.hide_number(1, 40, "号格口");
        }
        _ => line.hide_number(1, 60, "号格"),
    }
}

pub(super) fn express_point(line: &mut Line<'_>) {
    if line.random.one_in(2) {
        line.street();
        line.gap();
    }
    line.estate_name();
    line.gap();
    let point = line.random.pick(&["菜鸟驿站", "妈妈驿站", "快递超市", "代收点", "邮政驿站", "南门便利店"]);
    line.show(point);
    if line.is_hostile() && line.random.one_in(2) {
        let word = line.random.pick(&["取件码", "(取件码:", " 取货码 "]);
        line.show(word);
        let code = format!(
            "{}-{}-{}",
            line.random.between(1, 9),
            line.random.between(1, 9),
            line.random.between(1000, 9999)
        );
        // As of a door code, every character is part of it.
        line.text.hide(&code);
        line.show(if word.starts_with('(') { ")" } else { "" });
    }
}

/// The village and the number of a house in it are what the courier has to go by.
pub(super) fn village(line: &mut Line<'_>) {
    let village = format!("{}{}", line.random.pick(&FAMILIES), line.random.pick(&VILLAGES));
    line.text.keep(&village);
    line.gap();
    match line.random.below(5) {
        0 | 1 => {
            let word = line.usual(2, &["组", "组", "队", "社", "村民小组"]);
            let group = line.number(1, 18);
            line.text.show(&group).show(word);
        }
        2 => {
            let group = line.number(1, 18);
            let house = line.number(1, 220);
            line.text.show(&group).show("组").keep(&format!("{house}号"));
        }
        3 => {
            let house = line.number(1, 220);
            line.text.keep(&format!("{house}号"));
        }
        _ => {
            let place = line.random.pick(&["村委会", "小卖部", "卫生室旁", "村口超市", "小学对面"]);
            line.show(place);
        }
    }
}

/// As foreigners, exporters and Hong Kong write: from the door to the road.
pub(super) fn english(line: &mut Line<'_>) {
    let road = line.random.pick(&[
        "Haitang Road",
        "Century Avenue",
        "Renmin Rd.",
        "King's Road",
        "West Lake Street",
    ]);
    let estate = line.random.pick(&[
        "Xingfu Garden",
        "Sunshine Court",
        "Jinmao Plaza",
        "Kingsford Garden",
        "Sky Villa",
    ]);
    let (number, block, unit) =
        (line.random.between(1, 999), line.random.between(1, 36), line.random.between(1, 9).to_string());
    let room = format!("{}{:02}", line.random.between(1, 32), line.random.between(1, 8));
    let comma = line.random.pick(&[", ", ", ", ","]);
    let floor = line.random.between(1, 32);
    match line.random.below(5) {
        0 => {
            line.show("Room ");
            line.text.hide(&room).show(&format!("{comma}Unit ")).hide(&unit);
            line.text.show(&format!("{comma}Building {block}{comma}")).keep(estate).show(comma);
            line.text.keep(&format!("No. {number} {road}"));
        }
        1 => {
            line.show("Rm ");
            line.text.hide(&room).show(&format!("{comma}{floor}/F{comma}Tower A{comma}"));
            line.text.keep(estate).show(comma).keep(&format!("{number} {road}"));
        }
        2 => {
            let flat = line.random.pick(&["A", "B", "C", "H"]);
            line.show("Flat ");
            line.text.hide(flat).show(&format!("{comma}{floor}/F{comma}Block {block}{comma}"));
            line.text.keep(estate).show(comma).keep(&format!("{number} {road}"));
        }
        3 => {
            line.text.keep(&format!("{number} {road}")).show(comma).show("Apt ");
            line.text.hide(&format!("{floor}B"));
        }
        _ => {
            line.text.keep(estate).show(&format!("{comma}Building {block}{comma}Unit ")).hide(&unit);
            line.text.show(&format!("{comma}Room ")).hide(&room);
        }
    }
}

/// Hong Kong, and people who keep their keyboard.
pub(super) fn traditional(line: &mut Line<'_>) {
    let road = line.random.pick(&["海棠道", "彌敦道", "英皇道", "廣東道", "學府路", "人民東路"]);
    let number = line.number(1, 999);
    line.text.keep(&format!("{road}{number}號"));
    line.gap();
    let estate = line.random.pick(&["幸福花園", "麗景豪庭", "陽光廣場", "翠華苑", "萬里大廈"]);
    line.text.keep(estate);
    line.gap();
    match line.random.below(4) {
        0 => {
            line.show_building("棟");
            line.hide_number(1, 6, "單元");
            line.hide_room("室");
        }
        1 => {
            line.show_building("座");
            line.show_floor(40, "樓");
            let letter = line.random.pick(&["A", "B", "C", "Ｄ"]);
            line.text.hide(letter).show("室");
        }
        2 => {
            line.show_building("號樓");
            line.hide_room("房");
        }
        _ => {
            line.show_floor(40, "樓");
            line.hide_room("室");
        }
    }
}

/// Section, lane and alley belong to the street; what stands after the floor is the door.
pub(super) fn taiwan(line: &mut Line<'_>) {
    let road = line.random.pick(&["中正路", "民生東路", "忠孝東路四段", "文化路一段", "海棠街"]);
    let mut street = road.to_owned();
    if line.random.one_in(2) {
        street.push_str(&format!("{}巷", line.number(1, 300)));
        if line.random.one_in(2) {
            street.push_str(&format!("{}弄", line.number(1, 60)));
        }
    }
    let number = line.random.between(1, 400).to_string();
    let number = if line.random.one_in(5) { wide(&number) } else { number };
    street.push_str(&format!("{number}號"));
    line.text.keep(&street);
    line.gap();
    line.show_floor(24, "樓");
    match line.random.below(3) {
        0 => {}
        1 => {
            line.show("之");
            line.hide_number(1, 12, "");
        }
        _ => {
            let letter = line.random.pick(&["A", "B", "C"]);
            line.text.hide(letter).show("室");
        }
    }
}
