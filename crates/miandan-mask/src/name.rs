//! Names of people: the first character stays, at least one other is hidden.
//!
//! GB/T 41833-2022 asks for at least one Chinese character of the name to be hidden and says nothing of other names;
//! Latin names keep the first letter of each word. What is no part of a name (digits, notes, signs) is hidden.

use miandan_core::masking::ShownName;

use crate::character::{Cells, Kind};
use crate::outcome::{Outcome, Warning};

/// Masks the name of a person (GB/T 41833-2022, privacy clause: at least one Chinese character hidden).
///
/// With [`ShownName::First`] the first character stays if at least one other letter is hidden; a Latin name keeps the
/// first letter of each word. A lone character, digits and bracketed notes are hidden, and so are titles: of 王先生
/// nothing but 王 is the name, and that has to be hidden or stay alone.
///
/// ```
/// use miandan_core::masking::ShownName;
///
/// assert_eq!(miandan_mask::name("欧阳娜娜", ShownName::First).text.as_str(), "欧***");
/// assert_eq!(miandan_mask::name("John Smith", ShownName::First).text.as_str(), "J*** S****");
/// ```
#[must_use]
pub fn name(text: &str, shown: ShownName) -> Outcome {
    let mut cells = Cells::new(text);
    if shown == ShownName::None {
        cells.hide_all();
        return cells.finish(None);
    }
    hide_foreign(&mut cells);
    let readable = keep_first(&mut cells);
    if !readable {
        cells.hide_all();
    }
    // One character is what the rule hides anyway; more than that, and nobody can tell whose parcel it is.
    let warning = (!readable && cells.iter().filter(|cell| !cell.is_plain()).count() > 1)
        .then_some(Warning::HiddenWhole);
    cells.finish(warning)
}

/// Could be part of the name, and is not hidden yet.
fn in_name(cells: &Cells<'_>, at: usize) -> bool {
    cells.get(at).is_some_and(|cell| !cell.hidden && (cell.kind.is_letter() || cell.kind == Kind::Picture))
}

/// Hides what is no part of the name: notes in brackets, digits, signs.
/// Gives the dot between the parts of a name its standard form (notice 民委发〔2016〕33号: U+00B7).
fn hide_foreign(cells: &mut Cells<'_>) {
    let mut depth = 0_usize;
    for at in 0..cells.len() {
        match cells.kind(at) {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Space => {}
            _ if depth > 0 => cells.hide(at),
            Kind::Digit => cells.hide(at),
            Kind::Mark if is_dot(cells.base(at)) => {
                let between_han = at > 0 && cells.kind(at - 1).is_han() && cells.kind(at + 1).is_han();
                if between_han {
                    cells.print_as(at, '\u{B7}');
                }
            }
            Kind::Mark => cells.hide(at),
            // A letter in brackets or a square is a sign: 🄐.
            Kind::Latin if cells.get(at).is_some_and(|cell| !cell.shown.is_alphabetic()) => cells.hide(at),
            Kind::Han | Kind::Numeral | Kind::Stem | Kind::Latin | Kind::Letter | Kind::Picture => {}
        }
    }
}

fn is_dot(c: char) -> bool {
    matches!(
        c,
        '.' | '\u{B7}'
            | '\u{387}'
            | '\u{2022}'
            | '\u{2024}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22C5}'
            | '\u{30FB}'
            | '\u{FF65}'
    )
}

/// Hides all but the first character, or the first letter of each Latin word.
/// Says whether something stayed and something else of its kind got hidden.
fn keep_first(cells: &mut Cells<'_>) -> bool {
    let Some(first) = (0..cells.len()).find(|&at| in_name(cells, at)) else { return false };
    let latin = cells.kind(first) == Kind::Latin;
    let picture = cells.kind(first) == Kind::Picture;
    let mut hides = false;
    let mut in_word = true;
    for at in first + 1..cells.len() {
        // A word ends at a space or full stop; hyphen and apostrophe do not end it, and neither does a digit.
        if cells.kind(at) == Kind::Space || cells.base(at) == '.' {
            in_word = false;
        }
        if !in_name(cells, at) {
            continue;
        }
        let initial = latin && !in_word && cells.kind(at) == Kind::Latin;
        if !initial {
            cells.hide(at);
            hides |= picture || cells.kind(at).is_letter();
        }
        in_word = true;
    }
    hides
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[(&str, &str)]) {
        for &(source, expected) in rows {
            let outcome = name(source, ShownName::First);
            assert_eq!(outcome.text.as_str(), expected, "{source:?}");
        }
    }

    #[test]
    fn chinese_names_keep_the_first_character() {
        check(&[
            ("张", "*"),
            ("张三", "张*"),
            ("张三丰", "张**"),
            ("诸葛小明", "诸***"),
            ("欧阳娜娜", "欧***"),
            ("张 三", "张 *"),
            (" 张三 ", " 张* "),
            ("𠮷野", "𠮷*"),
            ("㛃㛃", "㛃*"),
            ("丁一", "丁*"),
            ("々木", "々*"),
            ("", ""),
            ("   ", "   "),
        ]);
    }

    #[test]
    fn parts_are_joined_by_the_standard_dot() {
        check(&[
            ("迪丽热巴·迪力木拉提", "迪***·*****"),
            ("迪丽热巴•迪力木拉提", "迪***·*****"),
            ("阿依\u{2027}古丽", "阿*·**"),
            ("阿依\u{30FB}古丽", "阿*·**"),
            ("阿依\u{FF65}古丽", "阿*·**"),
            ("阿依．古丽", "阿*·**"),
            ("阿依.古丽", "阿*·**"),
            ("阿·依", "阿·*"),
            ("张·", "*·"),
            ("·张", "·*"),
        ]);
    }

    #[test]
    fn latin_names_keep_initials() {
        check(&[
            ("John Smith", "J*** S****"),
            ("john", "j***"),
            ("J Smith", "J S****"),
            ("J. R. Smith", "J. R. S****"),
            ("Anne-Marie O'Neil", "A***-***** O'****"),
            ("Ｊｏｈｎ", "J***"),
            ("Zoë Ünal", "Z** Ü***"),
            ("Zoe\u{308} Li", "Z** L*"),
            ("A", "*"),
            ("A B", "* *"),
            ("J", "*"),
            ("Li Xiao Ming", "L* X*** M***"),
            ("Peter张三", "P******"),
            ("张Peter", "张*****"),
            ("J0hn", "J***"),
        ]);
    }

    #[test]
    fn what_is_no_name_is_hidden() {
        check(&[
            ("张三13800000000", "张************"),
            ("张三(前台代收)", "张*(****)"),
            ("张三（12000001234）", "张*（***********）"),
            ("张三(转李四", "张*(***"),
            ("12000001234张三", "***********张*"),
            ("张1", "**"),
            ("张(三)", "*(*)"),
            ("12000001234", "***********"),
            ("zhang@example.com", "z****@*******.c**"),
            ("😀张三", "😀**"),
            ("张😀", "**"),
            ("张□", "张*"),
            ("小云！", "小*！"),
            ("😀😀", "😀*"),
            ("张三/李四", "张*/**"),
            ("张三，李四", "张*，**"),
        ]);
    }

    #[test]
    fn titles_are_hidden_with_the_name() {
        check(&[
            ("张三先生", "张***"),
            ("欧阳娜娜女士", "欧*****"),
            ("李四小姐(收)", "李***(*)"),
            ("张先生", "张**"),
            ("先生", "先*"),
            ("张 先生", "张 **"),
            ("收件人：张三", "收**：**"),
        ]);
    }

    #[test]
    fn what_belongs_to_a_character_goes_with_it() {
        check(&[
            ("葛\u{E0100}三", "葛\u{E0100}*"),
            ("葛\u{E0100}", "*"),
            ("é\u{301}\u{301}", "*"),
            ("张\u{200B}三", "张*"),
            ("张\u{202E}三\u{202C}", "张*"),
            ("\u{FEFF}张三", "张*"),
            ("张\u{200D}三", "张*"),
            ("张\u{E0061}\u{E0062}三", "张*"),
            ("\u{301}", ""),
            ("{\u{F71}", "{"),
            ("张\u{F71}三·\u{F71}", "张*·"),
            ("ཀ\u{F71}ཁ", "ཀ\u{F71}*"),
            ("김\u{11AB}수", "김\u{11AB}*"),
            ("👨\u{200D}👩\u{200D}👧张三", "👨\u{200D}👩\u{200D}👧**"),
            ("张\n三", "张 *"),
        ]);
    }

    #[test]
    fn nothing_stays_of_a_name_that_the_issuer_hides() {
        for (source, expected) in
            [("张三", "**"), ("John Smith", "**** *****"), ("张三先生", "****"), ("", "")]
        {
            assert_eq!(name(source, ShownName::None).text.as_str(), expected, "{source:?}");
        }
    }

    #[test]
    fn hidden_ranges_are_of_the_source() {
        let outcome = name("迪丽•热巴 ", ShownName::First);
        assert_eq!(outcome.text.as_str(), "迪*·** ");
        assert_eq!(outcome.hidden, [3..6, 9..15]);
        assert_eq!(outcome.hidden_parts("迪丽•热巴 ").collect::<String>(), "丽热巴");
    }

    #[test]
    fn a_name_that_cannot_be_read_is_reported() {
        assert_eq!(name("12345", ShownName::First).warning, Some(Warning::HiddenWhole));
        assert_eq!(name("张", ShownName::First).warning, None);
        assert_eq!(name("张三", ShownName::First).warning, None);
    }
}
