//! Roads and their numbers, and what single regions do with them.

use super::super::writing::gap;
use super::Line;

const ROAD_HEADS: [&str; 48] = [
    "海棠",
    "望春",
    "锦绣",
    "晴川",
    "云帆",
    "学府",
    "青禾",
    "长亭",
    "揽月",
    "工业",
    "滨河",
    "人民",
    "解放",
    "建设",
    "中山",
    "和平",
    "新华",
    "文化",
    "胜利",
    "育才",
    "迎宾",
    "八一",
    "五一",
    "三元",
    "百子湾",
    "四眼井",
    "九眼桥",
    "千灯",
    "万松",
    "双井",
    "七里桥",
    "二七",
    "三八",
    "一环",
    "经三",
    "纬八",
    "丁香",
    "甲秀",
    "金鸡湖",
    "石牌",
    "凤凰",
    "梧桐",
    "兴业",
    "创新",
    "科技",
    "莲花",
    "朝阳",
    "泰山",
];

const ROAD_TAILS: [(&str, u64); 14] = [
    ("路", 40),
    ("街", 12),
    ("大道", 10),
    ("东路", 5),
    ("西路", 5),
    ("南路", 5),
    ("北路", 5),
    ("中路", 4),
    ("大街", 4),
    ("一路", 3),
    ("二街", 2),
    ("巷", 3),
    ("东街", 1),
    ("北大街", 1),
];

impl Line<'_> {
    pub(super) fn road(&mut self) -> String {
        let head = self.random.pick(&ROAD_HEADS);
        let tail = self.random.weighted(&ROAD_TAILS);
        // 经三 and 纬八 are numbers of roads and take no other number.
        let tail = if head == "经三" || head == "纬八" { "路" } else { tail };
        let space = if self.is_hostile() && self.random.one_in(20) { " " } else { "" };
        format!("{head}{space}{tail}")
    }

    /// A road and the number on it, which the courier needs.
    pub(super) fn street(&mut self) {
        let street = self.street_text(1, 999);
        self.text.keep(&street);
    }

    pub(super) fn street_text(&mut self, first: u64, last: u64) -> String {
        let road = self.road();
        let number = self.number(first, last);
        let space = gap(self.random, super::Mix::Realistic);
        let before = if self.is_hostile() && self.random.one_in(15) {
            self.random.pick(&["甲", "乙", "丙"])
        } else {
            ""
        };
        let word = if self.is_hostile() && self.random.one_in(12) { "號" } else { "号" };
        format!("{road}{space}{before}{number}{word}")
    }
}

/// A lane off a road, a house in the lane, a room in the house.
pub(super) fn shanghai(line: &mut Line<'_>) {
    let road = line.road();
    let lane = line.number(3, 2999);
    let house = line.number(1, 180);
    let word = line.usual(1, &["弄", "弄", "巷"]);
    line.text.keep(&format!("{road}{lane}{word}{house}号"));
    line.gap();
    match line.random.below(if line.is_hostile() { 5 } else { 3 }) {
        0 | 1 => line.hide_room("室"),
        2 => line.hide_room(""),
        3 => {
            line.show_floor(30, "楼");
            line.hide_room("室");
        }
        _ => {
            line.text.show("-");
            line.hide_room("室");
        }
    }
}

/// Yards and lanes with numbers of their own.
pub(super) fn beijing(line: &mut Line<'_>) {
    match line.random.below(3) {
        0 => {
            let yard = line.street_text(1, 60);
            line.text.keep(&format!("{yard}院"));
        }
        1 => {
            let lane = line.random.pick(&[
                "东四十条",
                "芳园里",
                "南锣巷",
                "团结湖北三条",
                "灯草胡同",
                "前进胡同",
                "枣营北里",
            ]);
            let number = line.number(1, 60);
            let before = line.usual(1, &["", "", "甲", "乙"]);
            line.text.keep(&format!("{lane}{before}{number}号"));
            line.show("院");
        }
        _ => {
            let estate = line.random.pick(&["望京西园", "天通苑", "回龙观", "花家地", "方庄"]);
            let quarter = line.random.pick(&["一区", "二区", "四区", "南里", "东里"]);
            line.text.keep(&format!("{estate}{quarter}"));
        }
    }
    line.gap();
    let building = line.number(1, 480);
    line.text.show(&building).show("号楼");
    line.gap();
    line.hide_number(1, 12, "单元");
    line.gap();
    if line.random.one_in(4) {
        line.show_floor(30, "层");
    }
    let word = line.usual(2, &["", "室", "号"]);
    line.hide_room(word);
}

/// 附号: a house or shop of its own beside the road number, which a courier has to find.
pub(super) fn sub_number(line: &mut Line<'_>) {
    line.street();
    let number = line.number(1, 60);
    line.text.show("附").show(&number).show("号");
    if line.random.one_in(3) {
        line.gap();
        line.estate_name();
    }
    if line.random.one_in(2) {
        line.gap();
        line.show_building("栋");
        line.hide_room("");
    }
}

/// 之一 is part of the number on the gate; 自编 is a building's own number.
pub(super) fn guangzhou(line: &mut Line<'_>) {
    let street = line.street_text(1, 900);
    match line.random.below(if line.is_hostile() { 4 } else { 3 }) {
        0 => {
            let part = line.random.pick(&["之一", "之二", "之三"]);
            line.text.keep(&format!("{street}{part}"));
            line.gap();
            line.hide_room("房");
        }
        1 => {
            line.text.keep(&street);
            line.show("大院");
            line.gap();
            line.show_building("号楼");
            line.hide_room("房");
        }
        2 => {
            line.text.keep(&street);
            line.gap();
            line.show("自编");
            let word = line.random.pick(&["栋", "号楼"]);
            line.show_building(word);
            line.hide_room("房");
        }
        _ => {
            line.text.keep(&street);
            line.show("首层自编");
            line.hide_room("房");
        }
    }
}

/// Short numbers: 3号楼2单元5楼1号.
pub(super) fn north_east(line: &mut Line<'_>) {
    if line.random.one_in(2) {
        line.street();
        line.gap();
    }
    line.estate_name();
    line.gap();
    let building = line.usual(1, &["号楼", "栋", "#楼"]);
    line.show_building(building);
    line.gap();
    let unit = line.usual(1, &["单元", "门"]);
    line.hide_number(1, 9, unit);
    line.gap();
    // 东户 and 左门 lead to a door without a number: whether they must be hidden, people do not agree.
    if line.random.one_in(3) {
        line.hide_room("室");
    } else {
        line.show_floor(33, "楼");
        let word = line.usual(1, &["号", "门", "户"]);
        line.hide_number(1, 4, word);
    }
}
