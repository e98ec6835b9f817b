//! The words that tell what a number in an address counts.

use crate::character::{Cells, Kind};

/// What a number counts, by the word after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// 路, 街, 弄: a way, kept.
    Way,
    /// 村, 组, 队: a village or a part of one, kept.
    Village,
    /// 区, 期, 号院: a part of an estate, kept.
    Area,
    /// 米, 年, 小时: nothing that has a door.
    Measure,
    /// 号: a street number, a building or a room, which the place decides.
    Hao,
    /// 栋, 幢, 座, 号楼: kept.
    Building,
    /// 层, 楼: kept.
    Floor,
    /// 单元: hidden, and what is joined before it is a building.
    Unit,
    /// 室, 户, 房, 铺, 床: hidden.
    Door,
    /// No word that is known.
    Nothing,
}

/// The word at this place that tells what the number before it counts, and how many cells it has.
pub(super) fn after(cells: &Cells<'_>, at: usize) -> Option<(Counts, usize)> {
    match cells.kind(at) {
        Kind::Han | Kind::Stem => after_han(cells, at),
        Kind::Latin => after_latin(cells, at),
        Kind::Mark if cells.has(at, "/f") => Some((Counts::Floor, 2)),
        _ => None,
    }
}

fn after_han(cells: &Cells<'_>, at: usize) -> Option<(Counts, usize)> {
    let pair = match (cells.base(at), cells.base(at + 1)) {
        ('号', next) => return Some(after_hao(cells, at, next)),
        // Words that begin like a door or a building, and are none.
        ('门', '诊' | '窗' | '口' | '铃' | '禁' | '卫') | ('床', '单' | '上') | ('户', '外' | '籍') =>
        {
            return None;
        }
        ('室', '内' | '外') | ('房', '产' | '东') | ('铺', '盖') | ('座', '机') | ('班', '车') => {
            return None;
        }
        // 1818中心; 中 alone is a school's: 三中.
        ('中', '心') => return None,
        ('单', '元') => Counts::Unit,
        ('大', '道' | '街') | ('国' | '省' | '县', '道') | ('马', '路') | ('胡', '同') => {
            Counts::Way
        }
        ('大', '队') => Counts::Village,
        ('字', '楼') => Counts::Floor,
        ('车', '间') => Counts::Area,
        ('中' | '小', '学') | ('医', '院') | ('高', '地') | ('丁', '目') => Counts::Area,
        ('小', '时') | ('公', '里') | ('分', '钟') => Counts::Measure,
        ('房', '间')
        | ('店' | '门', '面')
        | ('门', '市')
        | ('信', '箱')
        | ('商' | '店', '铺')
        | ('楼', '室') => Counts::Door,
        ('工' | '卡' | '车' | '床' | '摊' | '铺', '位') | ('档', '口') => Counts::Door,
        (one, _) => return Some((after_one(one)?, 1)),
    };
    Some((pair, 2))
}

fn after_one(c: char) -> Option<Counts> {
    Some(match c {
        '路' | '街' | '巷' | '弄' | '条' | '段' | '支' | '纬' | '经' | '环' | '道' => Counts::Way,
        '村' | '组' | '队' | '社' | '屯' | '庄' | '连' | '团' | '营' | '邻' => Counts::Village,
        '区' | '期' | '院' | '库' | '馆' | '坊' | '苑' | '里' | '排' | '厂' | '局' | '所' | '站' | '中' => {
            Counts::Area
        }
        '栋' | '幢' | '座' | '塔' | '阁' | '舍' => Counts::Building,
        '层' | '楼' => Counts::Floor,
        '室' | '户' | '房' | '铺' | '档' | '床' | '柜' | '门' | '摊' | '间' | '屋' | '梯' | '格' | '班' => {
            Counts::Door
        }
        '米' | '天' | '年' | '元' | '岁' | '点' | '度' | '月' | '日' | '件' | '个' | '斤' => {
            Counts::Measure
        }
        _ => return None,
    })
}

fn opens_number(cells: &Cells<'_>, at: usize) -> bool {
    cells.get(at).is_some_and(|cell| cell.kind == Kind::Digit && !cell.hidden)
}

/// 号 is followed by what is numbered, or by nothing.
fn after_hao(cells: &Cells<'_>, at: usize, next: char) -> (Counts, usize) {
    let third = cells.base(at + 2);
    match (next, third) {
        // 88号房301: the word belongs to the next number.
        ('房' | '室' | '铺' | '档', _) if opens_number(cells, at + 2) => (Counts::Hao, 1),
        ('户', '外' | '籍') | ('室', '内' | '外') | ('房', '产') => (Counts::Hao, 1),
        ('床', '上') | ('铺', '盖') | ('门', '诊' | '口' | '窗') => (Counts::Hao, 1),
        ('别', '墅') => (Counts::Building, 3),
        // 9号公馆: a name.
        ('公', '馆') => (Counts::Area, 3),
        ('门', '面' | '市')
        | ('店', '面')
        | ('摊' | '档', '位')
        | ('档' | '格', '口')
        | ('隔', '断')
        | ('工', '位') => (Counts::Door, 3),
        ('楼' | '栋' | '幢' | '座', _) => (Counts::Building, 2),
        ('大', '楼') | ('公', '寓') | ('宿', '舍') => (Counts::Building, 3),
        ('大', '院') => (Counts::Area, 3),
        ('大', '街' | '道') => (Counts::Way, 3),
        ('院' | '馆' | '库' | '仓' | '线' | '厂' | '地' | '桥', _) => (Counts::Area, 2),
        ('路' | '街', _) => (Counts::Way, 2),
        ('单', '元') => (Counts::Unit, 3),
        ('商', '铺') | ('信', '箱') | ('房', '间') | ('车', '位' | '库') => (Counts::Door, 3),
        ('房' | '室' | '铺' | '档' | '门' | '店' | '柜' | '床' | '户' | '摊' | '位' | '格', _) => {
            (Counts::Door, 2)
        }
        _ => (Counts::Hao, 1),
    }
}

/// Whether the word ends the name of a road or place, so that numerals before it count nothing: 五一路, 三门县.
pub(super) fn ends_name(cells: &Cells<'_>, after: usize, end: usize) -> bool {
    let way = matches!(
        cells.base(after),
        '路' | '街' | '大' | '马' | '里' | '屯' | '庄' | '村' | '营' | '坊' | '环'
    );
    way || "县镇乡屯街路村桥庄".contains(cells.base(end))
}

/// Whether a shop is named that a street number may belong to: 88号店, 88号门面.
pub(super) fn is_shop(cells: &Cells<'_>, hao: usize) -> bool {
    ["号店", "号门面", "号门市", "号商铺"].iter().any(|word| cells.has(hao, word))
}

/// English words that a letter names: B Block.
pub(super) fn names_block(cells: &Cells<'_>, at: usize) -> bool {
    matches!(LatinWord::from_start(cells, at).as_str(), "block" | "tower" | "building")
}

/// English words, and Chinese ones in pinyin.
fn after_latin(cells: &Cells<'_>, at: usize) -> Option<(Counts, usize)> {
    let word = LatinWord::from_start(cells, at);
    let counts = match word.as_str() {
        "f" | "fl" | "floor" | "ceng" | "level" => Counts::Floor,
        "building" | "bldg" | "block" | "tower" | "dong" | "zhuang" | "zuo" | "haolou" => Counts::Building,
        "danyuan" | "dy" => Counts::Unit,
        "room" | "rm" | "unit" | "flat" | "suite" | "shi" | "fang" | "hu" | "fangjian" | "haofang" => {
            Counts::Door
        }
        "hao" => Counts::Hao,
        "road" | "rd" | "street" | "st" | "avenue" | "ave" | "lane" | "nong" | "long" | "lu" | "jie"
        | "th" | "nd" => Counts::Way,
        "qi" | "qu" | "phase" | "zone" | "district" => Counts::Area,
        "zu" | "cun" => Counts::Village,
        // 15FB: flat B of the fifteenth floor.
        _ if cells.base(at) == 'f' && word.len() == 2 && is_digit_before(cells, at) => {
            return Some((Counts::Floor, 1));
        }
        _ => return None,
    };
    Some((counts, word.len()))
}

fn is_digit_before(cells: &Cells<'_>, at: usize) -> bool {
    cells.before(at).is_some_and(|cell| cell.kind == Kind::Digit)
}

/// Whether the word may as well stand before its number: `3 Unit 501`, but never `3 Danyuan 501`.
pub(super) fn stands_before(cells: &Cells<'_>, at: usize) -> bool {
    matches!(
        LatinWord::from_start(cells, at).as_str(),
        "floor"
            | "fl"
            | "level"
            | "building"
            | "bldg"
            | "block"
            | "tower"
            | "room"
            | "rm"
            | "unit"
            | "flat"
            | "suite"
            | "phase"
            | "zone"
            | "lane"
    )
}

/// Where a number stands, by what is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing is before it.
    Start,
    /// Words that say nothing: 海棠旁边.
    Text,
    /// Words behind a road: 海棠路东侧.
    TextOnRoad,
    /// Words behind an estate or institution: 海棠家园底商.
    TextInEstate,
    /// Right after a road.
    Road,
    /// Right after a village or a part of one.
    Village,
    /// Right after an estate, a tower, an institution: its numbers are buildings or doors.
    Estate,
    /// Right after a number with 号.
    Hao,
    /// Right after a number with 栋, 座 or the like, 层, 楼.
    Building,
    /// Right after a unit or door.
    Door,
    /// Right after a number that counts nothing known.
    Bare,
    /// Right after a word such as Room, 商铺, 附, 之: it is a door.
    DoorWord,
    /// Right after a word such as Block, Floor.
    KeptWord,
    /// Right after "No." that opens a piece.
    No,
}

/// Whether the Chinese word that ends here makes the number behind it a door: 商铺12, 附3, 之2.
fn announces_door(cells: &Cells<'_>, to: usize) -> bool {
    let before = if to > 1 { cells.base(to - 2) } else { '\0' };
    match (before, cells.base(to - 1)) {
        // A plant hall, a storeyed house, a bungalow, homes for one group or another: buildings all.
        ('厂' | '楼' | '平' | '洋' | '租' | '置' | '适' | '才' | '改' | '利' | '迁', '房') => {
            false
        }
        // Cities: 厦门市, 荆门市.
        ('门', '市') if to > 2 && "厦天江荆玉海".contains(cells.base(to - 3)) => false,
        (_, '室' | '房' | '铺' | '档' | '户' | '附' | '之' | '床' | '柜') => true,
        ('单', '元') | ('房', '间' | '号') | ('门', '牌') | ('牌', '号') | ('档', '口') => true,
        ('铺' | '摊' | '床' | '工' | '卡' | '车', '位') => true,
        ('格', '口') | ('底', '商') | ('门', '市' | '面') => true,
        _ => false,
    }
}

/// What the text `from..to` says about a number right after it. `to` is just after a letter.
pub(super) fn before(cells: &Cells<'_>, from: usize, to: usize) -> Place {
    if to <= from {
        return Place::Start;
    }
    match cells.kind(to - 1) {
        Kind::Latin => before_latin(cells, from, to),
        _ if announces_door(cells, to) => Place::DoorWord,
        _ => match cells.base(to - 1) {
            '路' | '街' | '巷' | '弄' | '衢' | '条' => Place::Road,
            '道' if !cells.ends_with(to, "街道") => Place::Road,
            '同' if cells.ends_with(to, "胡同") => Place::Road,
            '庄' if cells.ends_with(to, "山庄") => Place::Estate,
            '村' | '屯' | '庄' | '组' | '队' | '寨' | '社' | '湾' | '坡' | '坪' | '沟' | '堡' => {
                Place::Village
            }
            '房' => Place::Estate,
            '栋' | '幢' | '座' | '楼' | '塔' | '阁' | '层' | '舍' => Place::Building,
            '下' if cells.ends_with(to, "地下") => Place::Building,
            last if ends_estate(last) => Place::Estate,
            _ => last_named(cells, from, to),
        },
    }
}

/// Last characters of the names of estates, towers and institutions.
#[rustfmt::skip]
fn ends_estate(c: char) -> bool {
    matches!(c, '区' | '苑' | '园' | '城' | '寓' | '场' | '心' | '府' | '邸' | '庭' | '居' | '里' | '院' | '坊'
        | '厂' | '司' | '店' | '校' | '所' | '厦' | '馆' | '郡' | '岛' | '谷' | '宅' | '墅'
        | '轩' | '筑' | '第' | '榭' | '台' | '都' | '汇' | '廊' | '行' | '部' | '局' | '期')
}

/// How far back an estate or road may be named, so that the time stays linear.
const LOOK_BACK: usize = 64;

/// What was named last before words that say nothing.
fn last_named(cells: &Cells<'_>, from: usize, to: usize) -> Place {
    let last =
        (from..to).rev().take(LOOK_BACK).map(|at| cells.base(at)).find(|&c| is_road_end(c) || ends_estate(c));
    match last {
        Some(c) if is_road_end(c) => Place::TextOnRoad,
        Some(_) => Place::TextInEstate,
        None => Place::Text,
    }
}

fn is_road_end(c: char) -> bool {
    matches!(c, '路' | '街' | '巷' | '弄' | '道')
}

fn before_latin(cells: &Cells<'_>, from: usize, to: usize) -> Place {
    let word = LatinWord::from_end(cells, to);
    match word.as_str() {
        "room" | "rm" | "unit" | "flat" | "flt" | "apt" | "apartment" | "suite" | "ste" | "shop" | "bed"
        | "door" | "villa" | "house" | "danyuan" | "shi" | "fang" => Place::DoorWord,
        "building" | "bldg" | "block" | "blk" | "tower" | "floor" | "fl" | "level" | "phase" | "lane"
        | "zone" | "dorm" | "dormitory" => Place::KeptWord,
        road if is_road_word(road) => Place::Road,
        // "Room No. 5": the word says nothing; what is before it does.
        "no" | "number" | "num" => {
            let start = to - word.len();
            let end = (from..start).rev().find(|&at| cells.kind(at).is_letter()).map_or(from, |at| at + 1);
            match cells.kind(end.saturating_sub(1)) {
                // "Sky Villa, No. 79 Haitang Road": what is before the comma has no number.
                _ if end > from && opens_piece(cells, start) && opens_road(cells, to) => Place::Start,
                _ if end <= from && opens_piece(cells, start) => Place::No,
                _ if end <= from => Place::Text,
                Kind::Latin => match LatinWord::from_end(cells, end).as_str() {
                    "no" | "number" | "num" => Place::Text,
                    _ => before_latin(cells, from, end),
                },
                _ => before(cells, from, end),
            }
        }
        _ => Place::Text,
    }
}

/// Whether a comma or nothing stands before this place.
pub(super) fn opens_piece(cells: &Cells<'_>, start: usize) -> bool {
    let before = start - usize::from(start > 0 && cells.kind(start - 1) == Kind::Space);
    before == 0 || matches!(cells.base(before - 1), ',' | '，')
}

/// Whether a number and the name of a road follow the word "No".
fn opens_road(cells: &Cells<'_>, at: usize) -> bool {
    let sign = |&at: &usize| cells.kind(at) == Kind::Space || cells.base(at) == '.';
    let number = at + (at..at + 3).take_while(sign).count();
    let digits = (number..number + 6).take_while(|&at| cells.kind(at) == Kind::Digit).count();
    digits > 0 && cells.kind(number + digits) == Kind::Space && begins_name(cells, number + digits)
}

/// How far after a number the name may end that the number begins: 798艺术区.
const NAME: usize = 8;

/// Whether the number before this place begins the name of a place that is no door: `798艺术区`, `88 Garden Road`.
pub(super) fn begins_name(cells: &Cells<'_>, at: usize) -> bool {
    if cells.kind(at).is_han() {
        return is_numbered_name(cells, at)
            || (at..at + NAME)
                .take_while(|&at| cells.kind(at).is_han())
                .any(|at| "区苑园城厦寓场街路院馆厂校学桥村站".contains(cells.base(at)));
    }
    // No.88 海棠路
    if cells.kind(at) == Kind::Space && cells.kind(at + 1).is_han() {
        return (at + 1..at + NAME)
            .take_while(|&at| cells.kind(at).is_han())
            .any(|at| is_road_end(cells.base(at)));
    }
    let mut at = at;
    for _ in 0..4 {
        at += usize::from(cells.kind(at) == Kind::Space);
        if cells.kind(at) != Kind::Latin {
            return false;
        }
        let word = LatinWord::from_start(cells, at);
        if is_road_word(word.as_str()) {
            return true;
        }
        at += word.len();
        // King's Road
        if matches!(cells.base(at), '\'' | '’') && cells.kind(at + 1) == Kind::Latin {
            at += 1 + LatinWord::from_start(cells, at + 1).len();
        }
    }
    false
}

/// Whether the number before this place is the name of a house with the word right after it: 1818中心.
pub(super) fn is_numbered_name(cells: &Cells<'_>, at: usize) -> bool {
    ["中心", "广场", "大厦", "艺术区", "公馆"].iter().any(|word| cells.has(at, word))
}

#[rustfmt::skip]
fn is_road_word(word: &str) -> bool {
    matches!(word, "road" | "rd" | "street" | "st" | "avenue" | "ave" | "lane" | "ln" | "drive" | "way" | "highway"
        | "lu" | "jie" | "dadao" | "boulevard" | "blvd")
}

/// Whether a run of letters is a word of the rules, so that it is not part of a number: `Room1501`.
pub(super) fn is_word(cells: &Cells<'_>, at: usize) -> bool {
    let word = LatinWord::from_start(cells, at);
    matches!(
        word.as_str(),
        "rm" | "no" | "apt" | "fl" | "ste" | "blk" | "lu" | "rd" | "st" | "qq" | "vx" | "wx" | "tel"
    )
}

/// A Latin word short enough to be one of the rules'; a longer one equals none of them.
struct LatinWord {
    letters: [u8; LatinWord::LONGEST],
    length: usize,
    readable: bool,
}

impl LatinWord {
    const LONGEST: usize = 12;

    fn from_start(cells: &Cells<'_>, at: usize) -> Self {
        LatinWord::collect((at..cells.len()).map_while(|at| letter(cells, at)))
    }

    /// The word that ends before this place.
    fn from_end(cells: &Cells<'_>, to: usize) -> Self {
        let length = (0..to).rev().map_while(|at| letter(cells, at)).take(LatinWord::LONGEST + 1).count();
        LatinWord::collect((to - length..to).map_while(|at| letter(cells, at)))
    }

    fn collect(letters: impl Iterator<Item = char>) -> Self {
        let mut word = LatinWord { letters: [0; LatinWord::LONGEST], length: 0, readable: true };
        for letter in letters {
            match (word.letters.get_mut(word.length), u8::try_from(letter)) {
                (Some(place), Ok(letter)) if letter.is_ascii() => *place = letter,
                _ => word.readable = false,
            }
            word.length += 1;
        }
        word
    }

    fn len(&self) -> usize {
        self.length
    }

    /// The word in lower case; empty if it is none of ours.
    fn as_str(&self) -> &str {
        let letters = if self.readable { self.letters.get(..self.length) } else { None };
        letters.and_then(|letters| std::str::from_utf8(letters).ok()).unwrap_or_default()
    }
}

fn letter(cells: &Cells<'_>, at: usize) -> Option<char> {
    cells.get(at).filter(|cell| cell.kind == Kind::Latin).map(|cell| cell.base)
}
