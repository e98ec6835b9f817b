//! Decides which numbers of an address lead to a door, from right to left.
//!
//! What a number means often depends on what follows it: 16号 is a building if 301室 follows, and may be the
//! household itself if nothing does. Where the reading stays open, the number is hidden.

use std::iter;
use std::ops::Range;

use super::number::Number;
use super::words::{self, Counts, Place};
use crate::character::{Cells, Kind, STAR};

/// Hides unit, household and room. Says where the last hidden number ends, if there is one.
pub(super) fn hide_doors(cells: &mut Cells<'_>, numbers: &[Number]) -> Option<usize> {
    let mut right = Right { door: false, unit: false, number: false };
    let mut last = None;
    for number in numbers.iter().rev() {
        let shown = decide(cells, number, right);
        let mut hides = hide(cells, number, shown);
        if hides {
            hide_behind(cells, number);
        } else if number.counts == Counts::Floor {
            hides = hide_side_of_floor(cells, number.end);
        }
        if hides {
            last = last.max(Some(number.end));
        }
        right = Right {
            door: right.door || (hides && number.counts != Counts::Floor),
            unit: number.counts == Counts::Unit,
            number: true,
        };
    }
    last.max(hide_wordless(cells))
}

/// What is known of the numbers to the right.
#[derive(Clone, Copy)]
struct Right {
    /// Some door is hidden there.
    door: bool,
    /// The next number is a unit's.
    unit: bool,
    /// There is one.
    number: bool,
}

/// How much of a number may be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    All,
    /// The first element; the others if they are too short for a room.
    Short,
    First,
    Last,
    Nothing,
}

fn decide(cells: &Cells<'_>, number: &Number, right: Right) -> Shown {
    let within = matches!(number.place, Place::Building | Place::Door);
    match (number.place, number.counts) {
        (place, Counts::Nothing) if !within && place != Place::Hao && opens_road(cells, number) => Shown::All,
        // A柜31号格口: the letter names the locker, the number its cell.
        (_, Counts::Door) if right.door && is_lettered_locker(cells, number) => Shown::All,
        (Place::DoorWord, Counts::Building | Counts::Way | Counts::Area) => Shown::Short,
        (Place::DoorWord, _) => Shown::Nothing,
        (Place::KeptWord, Counts::Unit | Counts::Door) => Shown::Nothing,
        (Place::KeptWord, _) => Shown::First,
        (_, Counts::Unit) => unit(number),
        (Place::Road, Counts::Door) if number.elements == 1 && words::is_shop(cells, number.cells.end) => {
            Shown::Short
        }
        (_, Counts::Door) if names_building_first(cells, number) => Shown::First,
        (_, Counts::Door) => first_of_three(cells, number),
        // 12楼C座: a flat.
        (_, Counts::Building) if number.on_floor && cells.base(number.end - 1) == '座' => Shown::Nothing,
        (_, Counts::Building) => Shown::Short,
        (_, Counts::Floor) => floor(cells, number),
        (_, Counts::Hao) => hao(cells, number, right),
        (_, Counts::Way | Counts::Village | Counts::Measure) if within => Shown::Nothing,
        (_, Counts::Way) => Shown::All,
        (_, Counts::Village | Counts::Area) if first_digits(cells, number) > if within { 2 } else { 3 } => {
            Shown::Nothing
        }
        (_, Counts::Village | Counts::Area) => Shown::Short,
        (_, Counts::Measure) if number.elements == 1 && cells.kind(number.cells.start) != Kind::Latin => {
            Shown::All
        }
        (_, Counts::Measure | Counts::Nothing) => bare(cells, number, right),
    }
}

/// `3-2单元`: 单元 makes the last element the unit, so the first is the building, unless one is named already.
fn unit(number: &Number) -> Shown {
    if number.elements > 1 && !number.inside && number.place != Place::Building {
        Shown::First
    } else {
        Shown::Nothing
    }
}

/// `3-2-1501室`: building, unit, room. Of two elements nobody can say whether the first is a building or a unit.
fn first_of_three(cells: &Cells<'_>, number: &Number) -> Shown {
    let named = number.inside || matches!(number.place, Place::Building | Place::Door | Place::Bare);
    if number.elements > 2 && !named && first_digits(cells, number) < 4 {
        Shown::First
    } else {
        Shown::Nothing
    }
}

/// `27#3003室` anywhere, and `33-506室` right behind an estate or street number, are a building and a room. `3-2室` may
/// be a unit and a room.
fn names_building_first(cells: &Cells<'_>, number: &Number) -> bool {
    if is_building_and(cells, number) {
        return true;
    }
    // What is masked already is as long as it was.
    let last = number.last_start..number.cells.end;
    let stars = last.clone().filter(|&at| cells.base(at) == STAR).count();
    let room = digits(cells, last) + stars > 2;
    let short = number.elements == 2 && !number.inside && first_digits(cells, number) < 3;
    let behind = matches!(
        number.place,
        Place::Estate | Place::Village | Place::Hao | Place::Text | Place::TextOnRoad | Place::TextInEstate
    );
    room && short && behind
}

/// Two elements, of which `#` makes the first a building.
fn is_building_and(cells: &Cells<'_>, number: &Number) -> bool {
    number.elements == 2
        && !number.inside
        && first_digits(cells, number) < 3
        && cells.base(number.first_end) == '#'
}

fn is_lettered_locker(cells: &Cells<'_>, number: &Number) -> bool {
    number.cells.len() == 1
        && cells.kind(number.cells.start) == Kind::Latin
        && cells.base(number.cells.end) == '柜'
}

/// The street is last in English: "Flat B, 88 Begonia Road", and so it is behind a region in Chinese.
fn opens_road(cells: &Cells<'_>, number: &Number) -> bool {
    number.elements == 1
        && cells.kind(number.end) == Kind::Space
        && cells.kind(number.end + 1) == Kind::Latin
        && (is_behind_region(cells, number) || words::opens_piece(cells, number.cells.start))
        && words::begins_name(cells, number.end)
}

/// Whether a district, town or the like ends before the number; 小区 is none.
fn is_behind_region(cells: &Cells<'_>, number: &Number) -> bool {
    let start = number.cells.start;
    let end = start - usize::from(start > 0 && cells.kind(start - 1) == Kind::Space);
    end > 0
        && matches!(cells.base(end - 1), '区' | '县' | '市' | '镇' | '乡' | '旗' | '道')
        && !["小区", "园区", "社区", "厂区", "门市"].iter().any(|word| cells.ends_with(end, word))
}

/// The tallest buildings have some 130 floors; `1501楼` and `502楼` are rooms, whatever the word says.
fn floor(cells: &Cells<'_>, number: &Number) -> Shown {
    let digits = digits(cells, number.last_start..number.cells.end);
    let tall = digits == 3 && cells.base(number.last_start) == '1';
    match digits < 3 || tall {
        // 25#15楼: the building has its sign.
        true if is_building_and(cells, number) => Shown::All,
        true => Shown::Last,
        false => Shown::Nothing,
    }
}

/// 号 is a street number, a building or a room.
fn hao(cells: &Cells<'_>, number: &Number, right: Right) -> Shown {
    match number.place {
        // 3#12号: the building is named, so the second is the door.
        _ if number.elements == 2 && !number.inside && cells.base(number.first_end) == '#' => Shown::First,
        // 3区12街1501号 is a shop of a market: its ways are numbered, and its numbers longer than any street's.
        Place::Road if first_digits(cells, number) > 3 && is_in_numbered_street(cells, number) => {
            Shown::Nothing
        }
        // 幸福新村29-4-2804号
        Place::Road | Place::Village | Place::TextOnRoad if number.elements > 2 => {
            first_of_three(cells, number)
        }
        Place::Road | Place::Village | Place::TextOnRoad => Shown::Short,
        Place::Building | Place::Door | Place::Bare | Place::DoorWord => Shown::Nothing,
        _ if number.inside => Shown::Nothing,
        _ if number.elements > 2 => first_of_three(cells, number),
        // 号 stays behind an estate, whose buildings it numbers; three digits may be a room as well.
        Place::Estate | Place::No if right.door || first_digits(cells, number) < 3 => Shown::Short,
        _ if number.elements > 1 => Shown::Short,
        // 阳光花园16号301: what is behind it is the door, so it is a building.
        _ if right.door => Shown::All,
        _ if number.numbered => Shown::Nothing,
        Place::TextInEstate if first_digits(cells, number) < 3 => Shown::All,
        Place::Estate | Place::TextInEstate | Place::Hao => Shown::Nothing,
        Place::No | Place::Start | Place::Text | Place::KeptWord if first_digits(cells, number) < 3 => {
            Shown::All
        }
        Place::No | Place::Start | Place::Text | Place::KeptWord => Shown::Nothing,
    }
}

fn is_in_numbered_street(cells: &Cells<'_>, number: &Number) -> bool {
    let street = number.cells.start;
    cells.before(street).is_some_and(|cell| cell.base == '街')
        && street > 1
        && matches!(cells.kind(street - 2), Kind::Digit | Kind::Numeral)
}

/// A number without a word of its own is a door unless something speaks for another reading.
fn bare(cells: &Cells<'_>, number: &Number, right: Right) -> Shown {
    let first = first_digits(cells, number);
    let begins_name = words::begins_name(cells, number.end);
    // No.88 海棠路
    if begins_name
        && number.elements == 1
        && cells.kind(number.end) == Kind::Space
        && words::opens_piece(cells, number.cells.start)
    {
        return Shown::All;
    }
    // 海棠路88号798艺术区3栋501: the door is further right. 88号1818中心 needs none.
    let named = words::is_numbered_name(cells, number.end);
    let apart = match number.place {
        Place::Hao => right.door || named,
        Place::Estate => named && is_behind_region(cells, number),
        _ => false,
    };
    if begins_name && apart && number.elements == 1 && !number.inside {
        return Shown::All;
    }
    let chain = number.elements > 2 || (number.elements > 1 && number.place == Place::Hao);
    if matches!(number.place, Place::Building | Place::Door | Place::Hao | Place::Bare) && !chain {
        return Shown::Nothing;
    }
    if number.elements > 1 {
        return match number.place {
            Place::Road if first < 4 => Shown::First,
            // 3-1501 behind an estate or street number, 3#1501 anywhere: the building is first. 2503-06 is rooms.
            Place::Estate | Place::Hao if first < 3 && !number.inside => Shown::First,
            _ if names_building_first(cells, number) => Shown::First,
            _ => first_of_three(cells, number),
        };
    }
    // 3 2 1501 behind an estate is a chain as well.
    if number.place == Place::Estate && first < 3 && !number.inside && is_spaced(cells, number.end) {
        return Shown::All;
    }
    // Lane 2222, No. 16
    if number.place == Place::No && first < 3 && !number.inside {
        return Shown::All;
    }
    let shown = match number.place {
        Place::Road => first < 3 || (first < 5 && (right.number || begins_name)),
        Place::Start | Place::Text | Place::TextOnRoad | Place::TextInEstate if number.inside => false,
        Place::Start | Place::Text | Place::TextOnRoad | Place::TextInEstate if begins_name => true,
        // 7天连锁: a digit or two in the middle of a name.
        Place::Text | Place::TextOnRoad | Place::TextInEstate
            if first < 3 && cells.kind(number.end).is_han() =>
        {
            true
        }
        Place::Start
        | Place::Text
        | Place::TextOnRoad
        | Place::TextInEstate
        | Place::Estate
        | Place::Village => first < 4 && !number.inside && (right.unit || (number.hash && first < 3)),
        _ => false,
    };
    if shown { Shown::All } else { Shown::Nothing }
}

/// Whether one space and a number follow.
fn is_spaced(cells: &Cells<'_>, at: usize) -> bool {
    cells.kind(at) == Kind::Space && cells.kind(at + 1) == Kind::Digit
}

fn first_digits(cells: &Cells<'_>, number: &Number) -> usize {
    digits(cells, number.cells.start..number.first_end)
}

/// How many digits the number would have in Arabic numerals, near enough: 二十一 has two.
fn digits(cells: &Cells<'_>, range: Range<usize>) -> usize {
    range
        .filter(|&at| match cells.kind(at) {
            Kind::Digit => true,
            Kind::Numeral => !matches!(cells.base(at), '十' | '百' | '千' | '拾' | '佰' | '仟'),
            _ => false,
        })
        .count()
}

/// Hides what is not shown of the number. Joiners stay. Says whether anything got hidden.
fn hide(cells: &mut Cells<'_>, number: &Number, shown: Shown) -> bool {
    let mut range = match shown {
        Shown::All => return false,
        Shown::Nothing => number.cells.clone(),
        Shown::First | Shown::Short => number.first_end..number.cells.end,
        Shown::Last => number.cells.start..number.last_start,
    };
    // What belongs to the number behind its word is hidden with it: 之二 of 12号之二.
    if number.counts == Counts::Hao && shown != Shown::Short {
        cells.hide_where(number.cells.end..number.end, |cell| {
            matches!(cell.kind, Kind::Digit | Kind::Numeral | Kind::Stem)
        });
    }
    // An element of a street number or a range of buildings has one or two digits: 12-3号, 3-5栋. One that is longer
    // is a room, and makes a unit of what stands before it: 29-4-2804号.
    if shown == Shown::Short {
        let short = |element: Range<usize>| digits(cells, element) < 3;
        let mut from = range.start;
        let mut elements = iter::from_fn(|| {
            let element = next_element(cells, from..range.end)?;
            from = element.end;
            Some(element)
        });
        if elements.all(short) {
            return false;
        }
    }
    let mut hides = false;
    while let Some(element) = next_element(cells, range.clone()) {
        range.start = element.end;
        cells.hide_where(element, |_| true);
        hides = true;
    }
    hides
}

fn next_element(cells: &Cells<'_>, range: Range<usize>) -> Option<Range<usize>> {
    let start = range.clone().find(|&at| in_element(cells, at))?;
    let end = (start..range.end).find(|&at| !in_element(cells, at)).unwrap_or(range.end);
    Some(start..end)
}

fn in_element(cells: &Cells<'_>, at: usize) -> bool {
    matches!(cells.kind(at), Kind::Digit | Kind::Numeral | Kind::Stem | Kind::Latin) || cells.base(at) == STAR
}

/// Hides the side that a door is on, written behind its number: 501东, 502西户, 3单元中.
fn hide_behind(cells: &mut Cells<'_>, number: &Number) {
    let at = number.end;
    // 501室甲
    if cells.kind(at) == Kind::Stem {
        cells.hide(at);
    }
    if is_side(cells.base(at)) {
        let end = (at..at + 3).find(|&end| !is_side(cells.base(end))).unwrap_or(at + 3);
        if !cells.kind(end).is_letter() || matches!(cells.base(end), '户' | '室' | '屋' | '房' | '单') {
            cells.hide_where(at..end, |_| true);
        }
    }
}

/// On a floor a side is a door: 5楼东, 5楼东边, 5楼西门. Says whether there is one.
fn hide_side_of_floor(cells: &mut Cells<'_>, at: usize) -> bool {
    if !matches!(cells.base(at), '东' | '西' | '南' | '北' | '中' | '左' | '右') {
        return false;
    }
    let end = (at..at + 3).find(|&end| !is_side(cells.base(end))).unwrap_or(at + 3);
    let door = !cells.kind(end).is_letter() || cells.base(end) == '门';
    if door {
        cells.hide_where(at..end, |_| true);
    }
    door
}

fn is_side(c: char) -> bool {
    matches!(
        c,
        '东' | '西'
            | '南'
            | '北'
            | '中'
            | '左'
            | '右'
            | '前'
            | '后'
            | '里'
            | '外'
            | '边'
            | '间'
            | '侧'
            | '面'
            | '手'
            | '头'
    )
}

/// Hides doors that have no number: 东单元, 西户, 东边户, and signs that somebody put in place of one: ☆室.
/// Says where the last of them ends.
fn hide_wordless(cells: &mut Cells<'_>) -> Option<usize> {
    let mut last = None;
    for at in 1..cells.len() {
        let door = match cells.base(at) {
            '单' if cells.base(at + 1) == '元' => 2,
            '户' if !"县村镇乡屯外籍口主".contains(cells.base(at + 1)) => 1,
            '室' | '房' => 1,
            _ => continue,
        };
        let sides = (0..at).rev().take(3).take_while(|&at| is_side(cells.base(at))).count();
        let signs = (0..at).rev().take_while(|&at| is_stand_in(cells, at)).count();
        if sides > 0 && !matches!(cells.base(at), '室' | '房') && cells.base(at - 1) != '头' {
            cells.hide_where(at - sides..at, |_| true);
        } else if signs > 0 {
            cells.hide_where(at - signs..at, |_| true);
        } else {
            continue;
        }
        last = Some(at + door);
    }
    last
}

fn is_stand_in(cells: &Cells<'_>, at: usize) -> bool {
    cells.kind(at) == Kind::Picture
        || matches!(cells.base(at), '□' | '〓' | '\u{FFFD}')
        || matches!(cells.base(at), '*' | '?' | '？' | '×' | '_')
}
