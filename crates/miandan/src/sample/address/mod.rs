//! Detail lines: streets and estates that a courier needs, and doors that nobody else does.
//!
//! Hidden are the numbers of 单元, 门, 室 and 房, 户, shops and stalls, beds, bare rooms and locker cells.
//! Shown are road numbers, 弄 and 巷, 村 and 组, buildings, floors, and words. Of a chain of numbers after an estate, a
//! road number or a building, the first names a building and is shown; the others lead to the door.
//!
//! Words are made up or so common that they name no place; each number is drawn.

mod door;
mod elsewhere;
mod institution;
mod note;
mod street;

use super::Labelled;
use super::Mix;
use super::divisions::Place;
use super::random::Random;
use super::writing::{self, Digits};

/// One detail line in the making.
struct Line<'r> {
    random: &'r mut Random,
    mix: Mix,
    place: Place,
    text: Labelled,
    /// The floor, once it is written: the room after it is on it.
    floor: Option<u64>,
}

type Make = fn(&mut Line<'_>);

/// Name, weight in the realistic and in the hostile mix, and how it is made.
const KINDS: [(&str, u64, u64, Make); 23] = [
    ("estate", 500, 18, door::estate),
    ("estate-chain", 80, 12, door::chain),
    ("estate-without-street", 120, 10, door::without_street),
    ("street-room", 60, 6, door::street_room),
    ("unusual-door", 0, 12, door::unusual),
    ("shanghai-lane", 20, 6, street::shanghai),
    ("beijing-yard", 20, 6, street::beijing),
    ("sub-number", 20, 6, street::sub_number),
    ("guangzhou", 20, 6, street::guangzhou),
    ("north-east", 20, 6, street::north_east),
    ("dormitory", 20, 6, institution::dormitory),
    ("hospital", 10, 6, institution::hospital),
    ("school", 15, 5, institution::school),
    ("factory", 20, 5, institution::factory),
    ("office", 60, 6, institution::office),
    ("market", 15, 6, institution::market),
    ("hotel", 8, 5, institution::hotel),
    ("locker", 12, 6, elsewhere::locker),
    ("express-point", 20, 5, elsewhere::express_point),
    ("village", 90, 8, elsewhere::village),
    ("english", 0, 8, elsewhere::english),
    ("traditional", 0, 8, elsewhere::traditional),
    ("taiwan", 0, 5, elsewhere::taiwan),
];

/// The kinds of addresses that a mix has.
#[cfg(test)]
pub(super) fn kinds(mix: Mix) -> Vec<&'static str> {
    KINDS.iter().filter(|kind| mix == Mix::Hostile || kind.1 > 0).map(|kind| kind.0).collect()
}

/// A detail line of some kind.
pub(super) fn detail(random: &mut Random, mix: Mix, place: &Place) -> (&'static str, Labelled) {
    let (kind, make) = choose(random, mix, place);
    let mut line = Line { random, mix, place: *place, text: Labelled::default(), floor: None };
    if mix == Mix::Hostile && line.random.one_in(6) {
        line.region_again();
    }
    make(&mut line);
    note::put(&mut line);
    (kind, line.text)
}

/// Places have their own ways of writing; whoever is there uses them more often than not.
fn choose(random: &mut Random, mix: Mix, place: &Place) -> (&'static str, Make) {
    if mix == Mix::Realistic && random.one_in(2) {
        let local: Option<(&'static str, Make)> = match place.province {
            "上海市" => Some(("shanghai-lane", street::shanghai)),
            "北京市" => Some(("beijing-yard", street::beijing)),
            "黑龙江省" | "吉林省" | "辽宁省" => Some(("north-east", street::north_east)),
            "重庆市" | "四川省" if random.one_in(3) => Some(("sub-number", street::sub_number)),
            _ if place.city == "广州市" => Some(("guangzhou", street::guangzhou)),
            _ => None,
        };
        if let Some(local) = local {
            return local;
        }
    }
    random.weighted(&KINDS.map(|(kind, realistic, hostile, make)| match mix {
        Mix::Realistic => ((kind, make), realistic),
        Mix::Hostile => ((kind, make), hostile),
    }))
}

impl Line<'_> {
    fn is_hostile(&self) -> bool {
        self.mix == Mix::Hostile
    }

    /// One of the choices: any of them in the hostile mix, the first few in the realistic one.
    fn usual<T: Copy>(&mut self, usual: usize, choices: &[T]) -> T {
        let choices = if self.is_hostile() { choices } else { &choices[..usual] };
        self.random.pick(choices)
    }

    fn show(&mut self, words: &str) {
        self.text.show(words);
    }

    fn gap(&mut self) {
        let gap = writing::gap(self.random, self.mix);
        self.text.show(gap);
    }

    fn number(&mut self, first: u64, last: u64) -> String {
        let number = self.random.between(first, last);
        Digits::choose(self.random, self.mix).write(number)
    }

    fn show_floor(&mut self, last: u64, word: &str) {
        let floor = self.random.between(1, last);
        let digits =
            if word.starts_with('F') { Digits::Plain } else { Digits::choose(self.random, self.mix) };
        let written = digits.write(floor);
        self.text.show(&written).show(word);
        self.floor = Some(floor);
    }

    /// The number of a building, in whatever people name buildings by, with its word.
    fn show_building(&mut self, word: &str) {
        let number = self.number_before(word, 1, 36);
        self.text.show(&number).show(word);
    }

    /// Nobody writes 三十四# or 二十九F.
    fn number_before(&mut self, word: &str, first: u64, last: u64) -> String {
        if word.starts_with(['#', 'F']) {
            return self.random.between(first, last).to_string();
        }
        self.number(first, last)
    }

    fn hide_number(&mut self, first: u64, last: u64, word: &str) {
        let number = self.number(first, last);
        let number = writing::slip_in(self.random, self.mix, number);
        self.text.hide(&number).show(word);
    }

    /// A room as it stands on a door: the floor, then the number on that floor.
    fn room(&mut self) -> String {
        let floor = self.floor.unwrap_or_else(|| self.random.between(1, 32));
        let room = format!("{floor}{:02}", self.random.between(1, 8));
        if !self.is_hostile() {
            return room;
        }
        let room = match self.random.below(12) {
            0 => writing::spoken(&room),
            1 | 2 => writing::wide(&room),
            3 => format!("{room}{}", self.random.pick(&["A", "B", "c", "甲", "乙"])),
            4 => format!("{}{room}", self.random.pick(&["A", "B", "D"])),
            _ => room,
        };
        writing::slip_in(self.random, self.mix, room)
    }

    fn hide_room(&mut self, word: &str) {
        let room = self.room();
        self.text.hide(&room).show(word);
    }

    /// Province, city and district once more, as shops' forms make people type them.
    fn region_again(&mut self) {
        let Place { province, city, district, town, .. } = self.place;
        let parts: &[&str] = match self.random.below(4) {
            0 => &[province, city, district],
            1 => &[city, district],
            2 => &[province, city, district, town],
            _ => &[district, town],
        };
        let space = self.random.pick(&["", "", " "]);
        for part in parts.iter().filter(|part| !part.is_empty()) {
            self.text.show(part).show(space);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::divisions;
    use super::*;

    /// Every kind in every mix, many times over.
    fn each(mut check: impl FnMut(&'static str, Mix, &Labelled)) {
        let mut random = Random::new(5);
        for mix in [Mix::Realistic, Mix::Hostile] {
            for _ in 0..400 {
                let place = divisions::place(&mut random, mix);
                for (kind, _, _, make) in KINDS {
                    let mut line =
                        Line { random: &mut random, mix, place, text: Labelled::default(), floor: None };
                    make(&mut line);
                    check(kind, mix, &line.text);
                }
            }
        }
    }

    #[test]
    fn the_masked_line_has_a_character_for_each_of_the_clear_one() {
        each(|kind, _, text| {
            let (clear, masked) = (text.clear.chars().count(), text.masked.chars().count());
            assert_eq!(clear, masked, "{kind}: {} {}", text.clear, text.masked);
            for (clear, masked) in text.clear.chars().zip(text.masked.chars()) {
                assert!(masked == '*' || masked == clear, "{kind}: {} {}", text.clear, text.masked);
            }
        });
    }

    #[test]
    fn what_is_kept_is_readable_in_the_masked_line() {
        each(|kind, _, text| {
            assert!(!text.keep.is_empty(), "{kind}: {}", text.clear);
            for kept in &text.keep {
                assert!(text.masked.contains(kept.as_str()) && !kept.contains('*'), "{kind}: {kept}");
            }
        });
    }

    #[test]
    fn the_word_of_a_door_stands_after_stars() {
        each(|_, _, text| {
            for word in ["单元", "單元", "室", "床"] {
                for (at, _) in text.masked.match_indices(word) {
                    let before = text.masked[..at].chars().next_back();
                    // 教研室, 寝室, 病床 and the like are words.
                    let number = before
                        .is_some_and(|c| c.is_numeric() || "一二三四五六七八九十〇甲乙丙丁".contains(c));
                    assert!(!number, "{} → {}", text.clear, text.masked);
                }
            }
        });
    }
}
