//! Where people work, learn and lie ill: the house is known to all, the bed and the room are theirs.

use super::super::divisions::Place;
use super::Line;

const WORDS: [&str; 12] =
    ["金茂", "海棠", "星河", "环球", "汇金", "凤凰", "天元", "国贸", "新时代", "银河", "三元", "双子"];

impl Line<'_> {
    fn town_name(&self) -> &'static str {
        let Place { city, .. } = self.place;
        // 兴安盟 and 大理白族自治州 are too long for the gate of a school.
        city.strip_suffix('市').filter(|name| name.chars().count() <= 4).unwrap_or("阳光")
    }

    fn floor(&mut self) {
        // The space keeps 12F and B1203 apart.
        let word = self.usual(2, &["层", "楼", "F ", "樓"]);
        self.show_floor(32, word);
        self.gap();
    }
}

pub(super) fn dormitory(line: &mut Line<'_>) {
    let town = line.town_name();
    let school = line.random.pick(&["大学", "理工大学", "师范学院", "职业技术学院", "医科大学"]);
    line.text.keep(&format!("{town}{school}"));
    let campus = line.random.pick(&["", "东校区", "南校区", "新校区"]);
    line.show(campus);
    line.gap();
    match line.random.below(if line.is_hostile() { 5 } else { 3 }) {
        0 => {
            line.show("学生宿舍");
            line.show_building("号楼");
        }
        1 => {
            line.show_building("栋");
            line.show("宿舍");
        }
        2 => {
            line.show("学生公寓");
            line.show_building("栋");
        }
        3 => {
            line.show("东区");
            line.show_building("舍");
        }
        _ => {
            line.show("男生宿舍");
            let letter = line.random.pick(&["A", "B", "C"]);
            line.text.show(letter).show("座");
        }
    }
    line.gap();
    let word = line.usual(2, &["", "室", "寝室", "宿舍"]);
    line.hide_room(word);
    if line.is_hostile() && line.random.one_in(3) {
        let joint = line.random.pick(&["", "-", " "]);
        // Without a word between, the bed would be read as part of the room.
        line.show(if word.is_empty() { "-" } else { joint });
        line.hide_number(1, 8, "床");
    }
}

pub(super) fn hospital(line: &mut Line<'_>) {
    let town = line.town_name();
    let hospital = line.random.pick(&["第一人民医院", "第三医院", "中医院", "妇幼保健院", "中心医院"]);
    line.text.keep(&format!("{town}{hospital}"));
    line.gap();
    let house = line.random.pick(&["住院部", "内科楼", "外科大楼", "门诊楼"]);
    line.show(house);
    line.floor();
    match line.random.below(3) {
        0 => line.hide_number(1, 60, "床"),
        1 => {
            let ward = line.random.pick(&["骨科", "神经内科", "心内科", "产科"]);
            line.show(ward);
            line.hide_number(1, 60, "床");
        }
        _ => {
            let room = line.usual(1, &["病房", "室", "号病房"]);
            line.hide_room(room);
            line.hide_number(1, 6, "床");
        }
    }
}

pub(super) fn school(line: &mut Line<'_>) {
    let town = line.town_name();
    let school = line.random.pick(&["第一中学", "实验小学", "第七中学", "外国语学校", "三中"]);
    line.text.keep(&format!("{town}{school}"));
    line.gap();
    match line.random.below(4) {
        0 => {
            // The class is where somebody is found, as a room is; the grade is not.
            let (grade, class, word) = line.random.pick(&[
                ("三年级", "二", "班"),
                ("高一", "3", "班"),
                ("初二(", "5", ")班"),
                ("六年级", "1", "班"),
            ]);
            line.text.show(grade).hide(class).show(word);
        }
        1 => {
            line.show("教学楼");
            line.hide_room("教室");
        }
        2 => {
            line.show("行政楼");
            line.floor();
            line.hide_room("办公室");
        }
        _ => line.show("门卫室"),
    }
}

pub(super) fn factory(line: &mut Line<'_>) {
    line.street();
    line.gap();
    let word = line.random.pick(&WORDS);
    let kind = line.random.pick(&["工业园", "科技园", "产业园", "物流园"]);
    line.text.keep(&format!("{word}{kind}"));
    line.gap();
    match line.random.below(4) {
        0 => {
            line.show_building("号厂房");
            line.floor();
            line.show("东侧");
        }
        1 => {
            let letter = line.random.pick(&["A", "B", "C"]);
            line.text.show(letter).show("栋");
            line.floor();
        }
        2 => {
            line.show_building("栋");
            line.floor();
            line.hide_room("室");
        }
        _ => {
            line.show_building("号车间");
            line.show("仓库");
        }
    }
}

pub(super) fn office(line: &mut Line<'_>) {
    line.street();
    line.gap();
    let word = line.random.pick(&WORDS);
    let kind = line.random.pick(&["大厦", "广场", "中心", "国际大厦", "写字楼"]);
    line.text.keep(&format!("{word}{kind}"));
    line.gap();
    if line.random.one_in(2) {
        let letter = line.random.pick(&["A", "B", "C", "T"]);
        let word = line.usual(1, &["座", "栋", "塔"]);
        // A tower with a T has a number, too, which must not run into the floor's.
        if letter == "T" {
            line.show("T2栋");
        } else {
            line.text.show(letter).show(word);
        }
        line.gap();
    }
    if line.random.one_in(3) {
        line.floor();
    }
    match line.random.below(if line.is_hostile() { 4 } else { 3 }) {
        0 | 1 => line.hide_room("室"),
        2 => line.hide_room(""),
        _ => {
            line.hide_room("");
            line.show("-");
            line.hide_room("室");
        }
    }
}

pub(super) fn market(line: &mut Line<'_>) {
    let town = line.town_name();
    let kind = line.random.pick(&["国际商贸城", "批发市场", "建材城", "服装城", "农贸市场"]);
    line.text.keep(&format!("{town}{kind}"));
    line.gap();
    if line.random.one_in(2) {
        let quarter = line.random.pick(&["一区", "A区", "三期", "东区", "C馆"]);
        line.show(quarter);
        line.gap();
    }
    if line.random.one_in(2) {
        line.floor();
    }
    let word = line.usual(3, &["号铺", "号商铺", "铺", "档口", "号档口", "档", "号店铺", "号摊位"]);
    if line.is_hostile() && line.random.one_in(4) {
        let before = line.random.pick(&["商铺", "档口", "铺位"]);
        line.show(before);
        line.hide_room("");
    } else if line.is_hostile() && line.random.one_in(4) {
        line.hide_number(1, 60, "-");
        line.hide_number(1, 99, word);
    } else {
        let number = line.random.between(101, 12999).to_string();
        line.text.hide(&number).show(word);
    }
}

pub(super) fn hotel(line: &mut Line<'_>) {
    line.street();
    line.gap();
    let word = line.random.pick(&WORDS);
    let kind = line.random.pick(&["酒店", "大酒店", "宾馆", "快捷酒店", "民宿"]);
    line.text.keep(&format!("{word}{kind}"));
    if line.is_hostile() && line.random.one_in(3) {
        let branch = line.random.pick(&["(火车站店)", "（万达店）"]);
        line.show(branch);
    }
    line.gap();
    if line.random.one_in(4) {
        line.show("前台");
        return;
    }
    let word = line.usual(2, &["房", "房间", "号房", "室", "房前台转交"]);
    line.hide_room(word);
}
