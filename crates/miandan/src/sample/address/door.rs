//! Estates, and every way to write a building, a unit and a room in one.

use super::Line;

const ESTATE_HEADS: [&str; 40] = [
    "幸福",
    "阳光",
    "栖霞",
    "东篱",
    "和风",
    "金桂",
    "听涛",
    "星河",
    "梧桐",
    "翠微",
    "紫竹",
    "海棠",
    "八一",
    "三里",
    "百合",
    "五洲",
    "千禧",
    "锦绣",
    "龙湖",
    "万和",
    "碧水",
    "丽景",
    "香榭",
    "水岸",
    "书香",
    "御景",
    "枫丹",
    "玫瑰",
    "康乐",
    "新世纪",
    "四季",
    "双龙",
    "九龙",
    "一品",
    "天元",
    "南湖",
    "西溪",
    "桃源",
    "凯旋",
    "山水",
];
const ESTATE_TAILS: [&str; 22] = [
    "小区", "花园", "家园", "新村", "雅苑", "名邸", "公寓", "苑", "华庭", "嘉园", "国际", "城", "里", "府",
    "湾畔", "新城", "豪庭", "名都", "公馆", "小镇", "人家", "居",
];
/// What estates add to their names, and names that are built otherwise.
const ESTATE_ENDS: [&str; 8] = ["一期", "二期", "南区", "东苑", "A区", "3期", "北里", "7区"];
const ESTATES_WITH_NUMBERS: [&str; 7] =
    ["798艺术区", "SOHO现代城", "1818中心", "MOMA万万树", "9号公馆", "十二橡树庄园", "UHN国际村"];

/// Words after the number of a building; the first ones are the usual ones.
const BUILDINGS: [&str; 12] =
    ["号楼", "栋", "幢", "号楼", "栋", "座", "#", "#楼", "棟", "號樓", "号", "号栋"];
const ROOM_WORDS: [&str; 10] = ["室", "", "室", "", "房", "号", "户", "號室", "号房", "房间"];
const JOINTS: [&str; 9] = ["-", "-", "-", "—", "－", "–", "/", "#", "~"];
const LETTERS: [&str; 10] = ["A", "B", "C", "D", "a", "Ｂ", "甲", "乙", "丙", "丁"];

impl Line<'_> {
    /// The name of an estate, which the courier needs.
    pub(super) fn estate_name(&mut self) {
        if self.is_hostile() && self.random.one_in(12) {
            let name = self.random.pick(&ESTATES_WITH_NUMBERS);
            self.text.keep(name);
            return;
        }
        let mut name = format!("{}{}", self.random.pick(&ESTATE_HEADS), self.random.pick(&ESTATE_TAILS));
        if self.random.one_in(if self.is_hostile() { 5 } else { 12 }) {
            name.push_str(self.random.pick(&ESTATE_ENDS));
        }
        self.text.keep(&name);
    }

    fn building(&mut self) {
        // A letter names a building before 座 or 栋 and nowhere else.
        if self.random.one_in(8) {
            let letter = self.usual(3, &LETTERS);
            let word = self.usual(1, &["座", "栋", "幢"]);
            self.text.show(letter).show(word);
        } else {
            let word = self.usual(3, &BUILDINGS);
            self.show_building(word);
        }
    }

    fn unit(&mut self) {
        let word = self.usual(1, &["单元", "单元", "門", "單元", "门", " 单元"]);
        if self.is_hostile() && self.random.one_in(6) {
            let letter = self.random.pick(&LETTERS);
            self.text.hide(letter).show(word);
        } else {
            self.hide_number(1, 9, word);
        }
    }

    fn room_word(&mut self) -> &'static str {
        self.usual(4, &ROOM_WORDS)
    }

    /// From the building to the door.
    fn door(&mut self) {
        self.building();
        self.gap();
        match self.random.below(10) {
            0..=4 => {
                self.unit();
                self.gap();
                let word = self.room_word();
                self.hide_room(word);
            }
            5 | 6 => {
                // 3号楼501, and not 3号501, where nobody could say which is which.
                let word = self.usual(3, &["室", "室", "房", "户", "号房", "房间", "號室"]);
                self.hide_room(word);
            }
            7 => {
                let word = self.usual(2, &["层", "楼", "層", "樓"]);
                self.show_floor(32, word);
                self.gap();
                let word = self.room_word();
                self.hide_room(word);
            }
            _ => {
                self.unit();
                self.gap();
                self.show_floor(32, "楼");
                let word = self.usual(1, &["室", "室", "房"]);
                self.hide_room(word);
            }
        }
    }
}

pub(super) fn estate(line: &mut Line<'_>) {
    line.street();
    line.gap();
    line.estate_name();
    line.gap();
    line.door();
}

pub(super) fn without_street(line: &mut Line<'_>) {
    line.estate_name();
    line.gap();
    line.door();
}

/// 幸福小区3-2-501: the building is shown, unit and room are not.
pub(super) fn chain(line: &mut Line<'_>) {
    // Right after a road number, too: 海棠路88号3-2-501.
    let without_estate = line.is_hostile() && line.random.one_in(4);
    if without_estate || line.random.one_in(2) {
        line.street();
        line.gap();
    }
    if !without_estate {
        line.estate_name();
    }
    // A comma or a space keeps apart what is read apart anyway; another number would run into the chain.
    let space = line.usual(1, &["", "", " ", "，"]);
    line.show(space);
    let joint = line.usual(3, &JOINTS);
    let first = line.number(1, 36);
    // 3#-2, but 3#2 with the same sign for both.
    let words = ["", "", "栋", "号楼", "幢", "#"];
    let word = line.usual(2, if joint == "#" { &words[..5] } else { &words });
    let first = if word == "#" || joint == "#" { line.number_before("#", 1, 36) } else { first };
    line.text.show(&first).show(word).show(joint);
    if !line.random.one_in(4) {
        line.hide_number(1, 6, joint);
    }
    let word = line.usual(2, &["", "室", "房", "号"]);
    line.hide_room(word);
}

/// A road number and a room, with nothing between.
pub(super) fn street_room(line: &mut Line<'_>) {
    line.street();
    line.gap();
    match line.random.below(if line.is_hostile() { 4 } else { 2 }) {
        0 => line.hide_room("室"),
        1 => {
            line.unit();
            line.gap();
            line.hide_room("室");
        }
        2 => {
            line.show("-");
            line.hide_room("");
        }
        _ => line.hide_room("房"),
    }
}

/// Doors that few people have and that everybody can read.
pub(super) fn unusual(line: &mut Line<'_>) {
    line.street();
    line.gap();
    line.estate_name();
    line.gap();
    let word = line.usual(3, &BUILDINGS[..5]);
    line.show_building(word);
    match line.random.below(8) {
        // Shared flats have rooms of their own.
        0 => {
            line.hide_room("");
            line.show("-");
            line.hide_number(1, 6, "");
        }
        // Two flats in one.
        1 => {
            line.hide_room("");
            let joint = line.random.pick(&["、", "/", "-"]);
            line.show(joint);
            line.hide_room("室");
        }
        // The building has its word, so that the chain begins with the unit.
        2 => {
            line.hide_number(1, 6, "-");
            line.hide_room("");
        }
        3 => {
            let letter = line.random.pick(&LETTERS);
            line.unit();
            line.text.hide(letter).show("室");
        }
        4 => {
            line.hide_number(1, 6, "单元");
            line.hide_room("室");
            let bed = line.random.pick(&["次卧", "主卧", "隔断"]);
            line.show(bed);
        }
        5 => {
            line.show("地下室");
            line.hide_number(1, 60, "号");
        }
        6 => {
            line.hide_number(1, 6, "单元");
            line.show("（");
            line.hide_room("室");
            line.show("）");
        }
        _ => {
            line.unit();
            line.show_floor(32, "楼");
            line.hide_number(1, 9, "户");
        }
    }
}
