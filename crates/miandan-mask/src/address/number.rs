//! Finds the numbers of an address, and for each what it counts and where it stands.
//!
//! A number is one or more elements joined by `-`, `/`, `#` and the like: `1501`, `A1`, `甲2`, `3-2-1501`, `十二`.
//! Chinese numerals and lone letters are parts of names more often than not (三里屯, SOHO), so they are numbers only
//! before a word that takes a number, or right behind a door, where nothing but a door follows.

use std::ops::Range;

use super::clock::clock;
use super::surname::surname;
use super::words::{self, Counts, Place};
use crate::character::{Cells, Kind, STAR};

/// A number in an address.
#[derive(Clone, Debug)]
pub(super) struct Number {
    /// The cells from the first element to the last.
    pub(super) cells: Range<usize>,
    /// Where the first element ends and the last begins; equal to the ends where there is but one.
    pub(super) first_end: usize,
    pub(super) last_start: usize,
    pub(super) elements: usize,
    pub(super) counts: Counts,
    /// Where the word after it ends, or the number, if none.
    pub(super) end: usize,
    pub(super) place: Place,
    /// Whether a number with 号 stands further left, and no way or village behind it.
    pub(super) numbered: bool,
    /// Whether a building, floor, unit or door is named further left.
    pub(super) inside: bool,
    /// `3#`: a building where no word follows.
    pub(super) hash: bool,
    /// Whether a floor stands right before it.
    pub(super) on_floor: bool,
    /// Chinese numerals before a word that ends a name: 五一路, 三里屯. They count nothing.
    pub(super) is_name: bool,
}

/// Reads the numbers from left to right. What is hidden already is no number.
pub(super) fn read_numbers(cells: &Cells<'_>) -> Vec<Number> {
    let mut numbers: Vec<Number> = Vec::with_capacity(6);
    let mut inside = false;
    let mut numbered = false;
    let mut at = 0;
    while at < cells.len() {
        let begins = matches!(cells.kind(at), Kind::Digit | Kind::Numeral | Kind::Stem | Kind::Latin);
        if !(begins || cells.base(at) == STAR) || hidden(cells, at) {
            at += 1;
            continue;
        }
        if let Some(end) = clock(cells, at, numbers.last()) {
            at = end;
            continue;
        }
        // Markup that a web form left: <br>.
        if cells.kind(at) == Kind::Latin && cells.before(at).is_some_and(|cell| cell.base == '<') {
            at = skip_word(cells, at);
            continue;
        }
        if let Some(chain) = read_chain(cells, at) {
            let text_start = numbers.last().map_or(0, |number| number.end);
            let place = place(cells, numbers.last(), text_start, at);
            if let Some(mut number) = accept(cells, chain, place, inside) {
                number.numbered = numbered;
                number.on_floor = is_on_floor(cells, numbers.last(), number.cells.start, place);
                numbered = match number.counts {
                    Counts::Hao => true,
                    Counts::Way | Counts::Village => false,
                    _ => numbered,
                };
                inside |= opens_building(cells, &number);
                at = number.end;
                numbers.push(number);
                continue;
            }
        }
        // The rest of a word is no number either.
        at = skip_word(cells, at);
    }
    numbers
}

/// Whether what follows the number is inside a building: behind 3栋, 3#2 and a 号 that is a door.
fn opens_building(cells: &Cells<'_>, number: &Number) -> bool {
    match number.counts {
        Counts::Building | Counts::Floor | Counts::Unit | Counts::Door => true,
        Counts::Hao => {
            number.elements > 1 && cells.base(number.first_end) == '#'
                || matches!(number.place, Place::Building | Place::Door | Place::Bare | Place::DoorWord)
        }
        _ => false,
    }
}

fn is_on_floor(cells: &Cells<'_>, previous: Option<&Number>, at: usize, place: Place) -> bool {
    let floor = previous.is_some_and(|previous| previous.counts == Counts::Floor);
    let text_end = at - usize::from(at > 0 && cells.base(at - 1) == '-');
    place == Place::Building && (floor || cells.ends_with(text_end, "地下"))
}

fn hidden(cells: &Cells<'_>, at: usize) -> bool {
    cells.get(at).is_some_and(|cell| cell.hidden)
}

fn skip_word(cells: &Cells<'_>, at: usize) -> usize {
    let kind = cells.kind(at);
    (at + 1..cells.len()).find(|&next| kind != Kind::Latin || cells.kind(next) != kind).unwrap_or(cells.len())
}

/// Elements and what joins them.
struct Chain {
    from: usize,
    first_end: usize,
    last_start: usize,
    to: usize,
    elements: usize,
    /// Whether there is a digit in it, so that it is a number whatever follows.
    digits: bool,
}

/// No door has more elements. Where a chain is no number, it is read again from its next element, so that a bound
/// keeps the time linear.
const ELEMENTS: usize = 16;

fn read_chain(cells: &Cells<'_>, from: usize) -> Option<Chain> {
    let first = read_element(cells, from)?;
    let mut chain = Chain {
        from,
        first_end: first.to,
        last_start: from,
        to: first.to,
        elements: 1,
        digits: first.digits,
    };
    while let Some(start) = after_joiner(cells, chain.to).filter(|_| chain.elements < ELEMENTS) {
        let Some(element) = read_element(cells, start) else { break };
        // In SOHO-现代城 the joiner joins no number, and in 12号-A座 it is behind a word.
        let numerals = cells.kind(from) == Kind::Numeral && cells.kind(start) == Kind::Numeral;
        if !element.digits && !chain.digits && !numerals && cells.kind(start) != Kind::Latin {
            break;
        }
        // Bldg. 8: an abbreviation.
        if cells.kind(from) == Kind::Latin && !first.digits && first.to - from > 2 {
            break;
        }
        chain.last_start = start;
        chain.to = element.to;
        chain.elements += 1;
        chain.digits |= element.digits;
    }
    Some(chain)
}

/// Where the next element begins, if a joiner follows.
fn after_joiner(cells: &Cells<'_>, at: usize) -> Option<usize> {
    let spaced = at + usize::from(cells.kind(at) == Kind::Space);
    let joiner = cells.base(spaced);
    let joins = match joiner {
        '-' | '/' | '#' | '~' | '&' | '+' | '_' | '\\' => true,
        '、' | '.' | '·' | ':' | '：' | '丨' => spaced == at,
        // 3之1號 is one street number.
        '之' => spaced == at && matches!(cells.kind(at + 1), Kind::Digit | Kind::Numeral),
        // Many write one for a dash: 3一2一1501.
        '一' => {
            spaced == at
                && cells.kind(at + 1) == Kind::Digit
                && cells.before(at).is_some_and(|c| c.kind == Kind::Digit)
        }
        _ => false,
    };
    if !joins || (joiner == '/' && is_floor_letter(cells, spaced + 1)) {
        return None;
    }
    // "--" and "#-" join as well, and what else people put behind the sign of a building.
    let mut next = spaced + 1;
    if matches!(cells.base(next), '-' | '#') || (joiner == '#' && matches!(cells.base(next), '~' | '/' | '_'))
    {
        next += 1;
    }
    next += usize::from(cells.kind(next) == Kind::Space);
    (next < cells.len()).then_some(next)
}

/// `12/F`, `12F`, `12FB`: the letter names a floor if nothing is glued to it but the letter of a flat.
fn is_floor_letter(cells: &Cells<'_>, at: usize) -> bool {
    let glued = |at: usize| matches!(cells.kind(at), Kind::Latin | Kind::Digit);
    cells.base(at) == 'f' && (!glued(at + 1) || (cells.kind(at + 1) == Kind::Latin && !glued(at + 2)))
}

struct Element {
    to: usize,
    digits: bool,
}

/// Letters that may be glued to digits: `AB12`.
const GLUED: usize = 3;

fn read_element(cells: &Cells<'_>, from: usize) -> Option<Element> {
    let mut to = from;
    match cells.kind(from) {
        _ if hidden(cells, from) => return None,
        Kind::Latin => {
            to = run(cells, from, Kind::Latin);
            if words::is_word(cells, from) {
                return None;
            }
            if cells.kind(to) != Kind::Digit || hidden(cells, to) {
                return Some(Element { to, digits: false });
            }
            if to - from > GLUED {
                return None;
            }
        }
        Kind::Stem => {
            to = run(cells, from, Kind::Stem);
            // 乙四四九号
            if cells.kind(to) == Kind::Numeral {
                return Some(Element { to: run(cells, to, Kind::Numeral), digits: false });
            }
            if cells.kind(to) != Kind::Digit {
                return Some(Element { to, digits: false });
            }
        }
        Kind::Numeral => {
            // 四十二 is one number, and so is 二〇12.
            to = run(cells, from, Kind::Numeral);
            // A letter O among numerals was typed for 〇.
            while cells.base(to) == 'o' && cells.kind(to + 1) == Kind::Numeral {
                to = run(cells, to + 1, Kind::Numeral);
            }
            // 高二12班: the grade is no part of the class.
            let grade = cells.before(from).is_some_and(|cell| matches!(cell.base, '高' | '初'));
            if cells.kind(to) != Kind::Digit || grade {
                return Some(Element { to, digits: false });
            }
        }
        Kind::Digit => {}
        // Somebody masked it before: 3-*-****.
        Kind::Mark if cells.base(from) == STAR => {
            while cells.base(to) == STAR {
                to += 1;
            }
            return Some(Element { to, digits: true });
        }
        _ => return None,
    }
    // Digits, with short letters between and behind: 3B12, 1501A, 12甲.
    loop {
        to = run(cells, to, Kind::Digit);
        let letters = run(cells, to, Kind::Latin);
        if cells.kind(to) == Kind::Stem && !cells.has(to, "丁目") {
            to += 1;
        } else if letters > to
            && letters - to < GLUED
            && !is_floor_letter(cells, to)
            && words::after(cells, to).is_none_or(|(_, length)| to + length != letters)
        {
            to = letters;
        } else {
            return Some(Element { to, digits: true });
        }
        if cells.kind(to) != Kind::Digit {
            return Some(Element { to, digits: true });
        }
    }
}

pub(super) fn run(cells: &Cells<'_>, from: usize, kind: Kind) -> usize {
    let mut to = from;
    while to < cells.len() && cells.kind(to) == kind && !hidden(cells, to) {
        to += 1;
    }
    to
}

/// What stands before the number.
fn place(cells: &Cells<'_>, previous: Option<&Number>, text_start: usize, at: usize) -> Place {
    let significant = |&at: &usize| {
        cells.get(at).is_some_and(|cell| !cell.hidden && (cell.kind.is_letter() || cell.kind == Kind::Digit))
    };
    let text_end = (text_start..at).rev().find(significant).map(|at| at + 1);
    match (text_end, previous) {
        // 88号附12号: a part of the street number.
        (Some(text_end), Some(previous))
            if is_street_number(cells, previous) && is_annex(cells, text_start, text_end) =>
        {
            Place::Road
        }
        (Some(text_end), _) => words::before(cells, text_start, text_end),
        (None, None) => Place::Start,
        (None, Some(previous)) => match previous.counts {
            Counts::Way => Place::Road,
            Counts::Village => Place::Village,
            Counts::Area => Place::Estate,
            Counts::Hao => Place::Hao,
            Counts::Building | Counts::Floor => Place::Building,
            Counts::Unit | Counts::Door => Place::Door,
            Counts::Nothing if previous.hash => Place::Building,
            Counts::Measure | Counts::Nothing => Place::Bare,
        },
    }
}

/// Whether a number with 号 is surely no door.
fn is_street_number(cells: &Cells<'_>, number: &Number) -> bool {
    let door = number.inside || number.numbered || opens_building(cells, number);
    number.counts == Counts::Hao && !door
}

fn is_annex(cells: &Cells<'_>, from: usize, to: usize) -> bool {
    to - from == 1 && cells.base(from) == '附'
}

/// Decides whether the chain is a number at all, and what it counts.
fn accept(cells: &Cells<'_>, chain: Chain, place: Place, inside: bool) -> Option<Number> {
    let mut after = chain.to;
    let mut hash = false;
    // Signs between a number and its word: 3#楼, (2)单元, “3”栋, 501 室.
    for _ in 0..3 {
        match cells.base(after) {
            '#' => hash = true,
            ' ' | '"' | '”' | '’' | '\'' | '*' => {}
            _ if cells.kind(after) == Kind::Close => {}
            _ => break,
        }
        after += 1;
    }
    let direct = after == chain.to;
    // B Block 12A: the letter is the block's.
    let lettered = chain.to - chain.from == 1
        && cells.kind(chain.from) == Kind::Latin
        && place != Place::DoorWord
        && words::names_block(cells, after);
    let word = words::after(cells, after)
        // An English word that has a number of its own behind it belongs to that one: "3 Unit 501".
        .filter(|&(counts, length)| {
            !(!direct && is_in_name(counts) && begins_person(cells, after)) && {
                direct
                    || lettered
                    || !words::stands_before(cells, after)
                    || !announces(cells, after + length, counts == Counts::Floor)
            }
        });
    let (mut counts, mut end) =
        word.map_or((Counts::Nothing, chain.to), |(counts, length)| (counts, after + length));

    // 3#楼 is a building, 3楼 a floor.
    if hash && cells.base(after) == '楼' {
        counts = Counts::Building;
    }
    match counts {
        Counts::Hao if !inside => end = street_number_end(cells, end),
        Counts::Nothing if !inside && is_basement(cells, &chain) => counts = Counts::Floor,
        _ => {}
    }
    if !chain.digits && !lettered && !stands_alone(cells, &chain, place, inside, counts, end, direct) {
        return None;
    }
    Some(Number {
        cells: chain.from..chain.to,
        first_end: chain.first_end,
        last_start: chain.last_start,
        elements: chain.elements,
        counts,
        end,
        place,
        numbered: false,
        inside,
        hash: hash && counts == Counts::Nothing,
        on_floor: false,
        is_name: !chain.digits && words::ends_name(cells, after, end),
    })
}

/// Whether somebody is named here and no word of the number before: the 段 of "1608 段蕾收".
fn begins_person(cells: &Cells<'_>, at: usize) -> bool {
    surname(cells, at).is_some() && cells.kind(at + 1).is_han()
}

/// What a word that is a surname as well may count.
fn is_in_name(counts: Counts) -> bool {
    matches!(counts, Counts::Way | Counts::Village | Counts::Area | Counts::Measure)
}

/// What belongs to a street number behind 号: 甲 of 88号甲, 之二 of 88号之二.
fn street_number_end(cells: &Cells<'_>, end: usize) -> usize {
    match cells.kind(end) {
        Kind::Stem if !is_counted(cells, end + 1) => end + 1,
        Kind::Han if cells.base(end) == '之' => {
            let kind = cells.kind(end + 1);
            let to = run(cells, end + 1, kind);
            let short = to - end <= 3 && matches!(kind, Kind::Digit | Kind::Numeral);
            // 17号之15门: the number is the door's. 17号之三A106房 has one of its own.
            let lettered = kind == Kind::Numeral && cells.kind(to + 1) == Kind::Digit;
            let alone = (cells.kind(to) != Kind::Latin || lettered) && words::after(cells, to).is_none();
            // 号之二一〇〇五房: no room has five numerals.
            if kind == Kind::Numeral && to - end > 5 {
                return end + 2;
            }
            if short && alone { to } else { end }
        }
        _ => end,
    }
}

/// Whether a word follows that takes a number, a space before it or not: the 甲 of 147号甲 单元 is the unit's.
fn is_counted(cells: &Cells<'_>, at: usize) -> bool {
    let at = at + usize::from(cells.kind(at) == Kind::Space);
    words::after(cells, at).is_some_and(|(counts, _)| counts != Counts::Nothing)
}

/// B1 and B2 before a word are floors under ground: B2美食街.
fn is_basement(cells: &Cells<'_>, chain: &Chain) -> bool {
    let short = chain.elements == 1 && chain.to - chain.from == 2 && cells.kind(chain.to).is_han();
    short
        && words::begins_name(cells, chain.to)
        && cells.base(chain.from) == 'b'
        && matches!(cells.base(chain.from + 1), '1'..='3')
}

/// Whether a number follows a Latin word, after a space, a dot, `#` or "No".
fn announces(cells: &Cells<'_>, at: usize, floor: bool) -> bool {
    let next =
        (at..at + 3).find(|&at| cells.kind(at) != Kind::Space && !matches!(cells.base(at), '.' | '#' | ':'));
    // Block A, but not 12 Floor B.
    let letter = |at: usize| {
        cells.kind(at) == Kind::Latin
            && cells.kind(at + 1) != Kind::Latin
            && cells.kind(at - 1) != Kind::Latin
    };
    next.is_some_and(|next| {
        cells.kind(next) == Kind::Digit
            || (letter(next) && !floor)
            || (cells.has(next, "no") && !matches!(cells.kind(next + 2), Kind::Latin))
    })
}

/// Whether Chinese numerals, stems or letters without a digit are a number here.
fn stands_alone(
    cells: &Cells<'_>,
    chain: &Chain,
    place: Place,
    inside: bool,
    counts: Counts,
    end: usize,
    direct: bool,
) -> bool {
    let length = chain.to - chain.from;
    let latin = cells.kind(chain.from) == Kind::Latin;
    if latin && chain.elements == 1 && length > 2 {
        // VIP室 is hidden like a number; a word before anything else is a name.
        return direct && matches!(counts, Counts::Unit | Counts::Door) && cells.kind(end - 1).is_han();
    }
    match counts {
        Counts::Nothing | Counts::Measure => {
            // 三八西 is the door of a side, 三八西路 a road.
            let side = matches!(cells.base(chain.to), '东' | '西')
                && !"路街大巷里道区苑园".contains(cells.base(chain.to + 1));
            let last = !cells.kind(chain.to).is_letter() || cells.base(chain.to) == '收' || side;
            match place {
                Place::Door | Place::DoorWord => !latin || last,
                Place::Building => last || (!latin && length > 1),
                Place::Hao | Place::Bare => last || (!latin && length > 2),
                Place::Estate => last && (!latin || inside),
                // 一二〇一 at the end looks like a door wherever it is.
                _ => !latin && length > 2,
            }
        }
        _ if latin => cells.kind(end - 1).is_han() || chain.elements > 1,
        // 三门县, 五户村, 千户苗寨: names begin like doors. Inside a building they do not.
        Counts::Door if !inside && !matches!(place, Place::Hao | Place::Door | Place::DoorWord) => {
            let next = cells.base(end);
            let name = "县村镇乡屯路街峡口里外内桥庄营河湾洞苗寨沟".contains(next);
            let hundreds = length == 1 && matches!(cells.base(chain.from), '百' | '千');
            !(name || hundreds)
        }
        _ => true,
    }
}
