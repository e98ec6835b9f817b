//! Names of people who do not exist.
//!
//! Shown is the first character of a name, or the first letter of each Latin word; hidden is every other character
//! that means something, notes and digits with them. What separates words stays.

use super::Labelled;
use super::Mix;
use super::phone;
use super::random::Random;

/// The hundred most frequent surnames with their share of the population in hundredths of a percent, rounded.
const SURNAMES: [(&str, u64); 100] = [
    ("王", 725),
    ("李", 719),
    ("张", 683),
    ("刘", 538),
    ("陈", 453),
    ("杨", 308),
    ("黄", 223),
    ("赵", 229),
    ("吴", 205),
    ("周", 202),
    ("徐", 145),
    ("孙", 154),
    ("马", 129),
    ("朱", 126),
    ("胡", 131),
    ("郭", 115),
    ("何", 106),
    ("林", 118),
    ("高", 100),
    ("罗", 95),
    ("郑", 93),
    ("梁", 85),
    ("谢", 79),
    ("宋", 81),
    ("唐", 73),
    ("许", 73),
    ("邓", 68),
    ("冯", 64),
    ("韩", 68),
    ("曹", 62),
    ("曾", 60),
    ("彭", 61),
    ("萧", 20),
    ("肖", 40),
    ("蔡", 53),
    ("潘", 51),
    ("田", 50),
    ("董", 61),
    ("袁", 54),
    ("于", 62),
    ("余", 48),
    ("叶", 48),
    ("蒋", 51),
    ("杜", 47),
    ("苏", 46),
    ("魏", 45),
    ("程", 57),
    ("吕", 44),
    ("丁", 43),
    ("沈", 41),
    ("任", 41),
    ("姚", 40),
    ("卢", 40),
    ("傅", 31),
    ("付", 20),
    ("钟", 38),
    ("姜", 38),
    ("崔", 38),
    ("谭", 38),
    ("廖", 37),
    ("范", 36),
    ("汪", 36),
    ("陆", 36),
    ("金", 35),
    ("石", 34),
    ("戴", 34),
    ("贾", 33),
    ("韦", 32),
    ("夏", 32),
    ("邱", 31),
    ("方", 31),
    ("侯", 30),
    ("邹", 29),
    ("熊", 28),
    ("孟", 28),
    ("秦", 27),
    ("白", 27),
    ("江", 26),
    ("阎", 15),
    ("薛", 26),
    ("尹", 26),
    ("段", 23),
    ("雷", 23),
    ("黎", 22),
    ("史", 22),
    ("龙", 22),
    ("陶", 21),
    ("贺", 21),
    ("顾", 20),
    ("毛", 20),
    ("郝", 20),
    ("龚", 20),
    ("邵", 20),
    ("万", 19),
    ("钱", 19),
    ("严", 19),
    ("覃", 18),
    ("武", 18),
    ("戚", 10),
    ("丘", 8),
];

const COMPOUND_SURNAMES: [&str; 20] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "端木", "夏侯",
    "轩辕", "长孙", "宇文", "南宫", "呼延", "第五", "百里",
];

const GIVEN: [&str; 96] = [
    "小", "山", "人", "一", "明", "芳", "伟", "娜", "静", "丽", "强", "磊", "洋", "艳", "勇", "军", "杰",
    "娟", "涛", "超", "秀", "霞", "平", "刚", "桂", "英", "子", "涵", "梓", "萱", "浩", "宇", "欣", "怡",
    "晨", "诗", "琪", "雨", "泽", "瀚", "鑫", "璟", "文", "玉", "红", "华", "建", "国", "春", "梅", "兰",
    "凤", "洁", "琳", "燕", "玲", "丹", "萍", "鹏", "飞", "龙", "波", "斌", "宁", "凯", "健", "俊", "峰",
    "志", "海", "永", "庆", "德", "荣", "嘉", "睿", "轩", "然", "若", "曦", "悦", "彤", "可", "佳", "思",
    "雅", "慧", "婷", "雪", "颖", "倩", "蕾", "昊", "辰", "博", "三",
];

/// Of 通用规范汉字表, and absent from many a font; the last ones lie in higher planes.
const RARE: [&str; 24] = [
    "翀", "彧", "祎", "旻", "昱", "琰", "赟", "堃", "喆", "犇", "淼", "焱", "骉", "燚", "垚", "珺", "芃",
    "颢", "甯", "䶮", "㛃", "𬍛", "𬭶", "𫖯",
];

/// On identity cards, and in none of the usual fonts.
const BEYOND: [&str; 12] = ["𠅤", "㛃", "㙓", "𠮷", "𡥈", "𪚥", "𦒍", "𰻝", "龘", "靐", "𨭎", "𡈽"];

const MINORITY_FIRST: [&str; 18] = [
    "迪丽努尔",
    "阿卜杜拉",
    "古丽娜扎",
    "扎西",
    "巴特尔",
    "艾力",
    "买买提江",
    "阿依古丽",
    "麦合木提",
    "热依汗",
    "次仁",
    "卓玛",
    "乌云其其格",
    "阿尔斯兰",
    "帕提古丽",
    "娜仁",
    "旦增",
    "吐尔逊江",
];
const MINORITY_LAST: [&str; 12] = [
    "艾合买提",
    "吐尔逊",
    "买买提",
    "顿珠",
    "额尔敦",
    "阿不都热合曼",
    "卡德尔",
    "玉素甫",
    "多吉",
    "央金",
    "斯琴",
    "木拉提",
];

/// What is typed for the dot between the parts of a name; the first is the standard one.
const DOTS: [&str; 9] = ["·", "•", "‧", "・", "･", ".", "．", "-", " "];

const LATIN_FIRST: [&str; 12] =
    ["John", "Anna", "Michael", "Zoë", "Pierre", "Yuki", "Xiaoming", "Olga", "José", "Aigerim", "Li", "Mary"];
const LATIN_LAST: [&str; 10] =
    ["Smith", "Müller", "O'Neil", "Tanaka", "Wang", "Ivanova", "García", "Zhang", "Brown", "Nguyen"];

/// They stay where at least one character of the name before them is hidden.
const HONORIFICS: [&str; 3] = ["先生", "女士", "小姐"];
const TITLES: [&str; 8] = ["老师", "医生", "经理", "阿姨", "师傅", "总", "同学", "主任"];

const NOTES: [&str; 8] = ["前台代收", "放门卫", "本人收", "请电联", "公司", "转李四", "孕妇", "勿打电话"];

const KINDS: [(&str, u64, u64); 11] = [
    ("name", 9200, 20),
    ("compound-surname", 30, 12),
    ("minority-name", 150, 14),
    ("latin-name", 20, 10),
    ("rare-character", 150, 12),
    ("honorific", 450, 8),
    ("title", 0, 6),
    ("name-note", 0, 10),
    ("name-with-phone", 0, 8),
    ("single-character", 0, 3),
    ("combining-mark", 0, 7),
];

/// The kinds of names that a mix has.
#[cfg(test)]
pub(super) fn kinds(mix: Mix) -> Vec<&'static str> {
    weights(mix).into_iter().filter(|&(_, weight)| weight > 0).map(|(kind, _)| kind).collect()
}

fn weights(mix: Mix) -> [(&'static str, u64); 11] {
    KINDS.map(|(kind, realistic, hostile)| match mix {
        Mix::Realistic => (kind, realistic),
        Mix::Hostile => (kind, hostile),
    })
}

pub(super) fn name(random: &mut Random, mix: Mix) -> (&'static str, Labelled) {
    let kind = random.weighted(&weights(mix));
    let mut text = Labelled::default();
    match kind {
        "compound-surname" => put(&mut text, random.pick(&COMPOUND_SURNAMES), &given(random)),
        "minority-name" => minority(random, mix, &mut text),
        "latin-name" => latin(random, mix, &mut text),
        "rare-character" => rare(random, mix, &mut text),
        "honorific" => honorific(random, &mut text),
        "title" => {
            put(&mut text, surname(random), "");
            text.hide(random.pick(&TITLES));
        }
        "name-note" => {
            ordinary(random, &mut text);
            let (open, close) = random.pick(&[("(", ")"), ("（", "）"), ("【", "】"), ("[", "]")]);
            text.show(open).hide(random.pick(&NOTES)).show(close);
        }
        "name-with-phone" => {
            ordinary(random, &mut text);
            text.show(random.pick(&["", " ", "-", "/", "，"])).hide(&phone::mobile_digits(random));
        }
        // Nothing of a name that has one character only may stay: its one character is the one to hide.
        "single-character" => {
            text.hide(surname(random));
        }
        "combining-mark" => marked(random, &mut text),
        _ => ordinary(random, &mut text),
    }
    if mix == Mix::Hostile && random.one_in(25) {
        let mut spaced = Labelled::of_shown(random.pick(&[" ", "\u{3000}", "\u{FEFF}"]));
        text = std::mem::take(spaced.append(&text));
    }
    (kind, text)
}

fn surname(random: &mut Random) -> &'static str {
    random.weighted(&SURNAMES)
}

fn given(random: &mut Random) -> String {
    let mut given = random.pick(&GIVEN).to_owned();
    if !random.one_in(5) {
        given.push_str(random.pick(&GIVEN));
    }
    given
}

fn ordinary(random: &mut Random, text: &mut Labelled) {
    let given = given(random);
    put(text, surname(random), &given);
}

/// The first character is shown, and everything after it is not.
fn put(text: &mut Labelled, surname: &str, given: &str) {
    let first = surname.chars().next().map_or(0, char::len_utf8);
    text.show(&surname[..first]).hide(&surname[first..]).hide(given);
}

fn minority(random: &mut Random, mix: Mix, text: &mut Labelled) {
    let dot = match mix {
        Mix::Realistic => "·",
        Mix::Hostile => random.pick(&DOTS),
    };
    put(text, random.pick(&MINORITY_FIRST), "");
    text.show(dot).hide(random.pick(&MINORITY_LAST));
    if mix == Mix::Hostile && random.one_in(4) {
        text.show(dot).hide(random.pick(&MINORITY_LAST));
    }
}

fn latin(random: &mut Random, mix: Mix, text: &mut Labelled) {
    let mut words = vec![random.pick(&LATIN_FIRST), random.pick(&LATIN_LAST)];
    if random.one_in(5) {
        words.insert(1, random.pick(&LATIN_FIRST));
    }
    let joint = if mix == Mix::Hostile { random.pick(&[" ", " ", "-", "  "]) } else { " " };
    for (at, word) in words.into_iter().enumerate() {
        let cased = match mix {
            Mix::Hostile if at == 0 && random.one_in(6) => word.to_uppercase(),
            _ => word.to_owned(),
        };
        // A hyphen makes one word of two: its second half begins nothing.
        let begins = at == 0 || joint != "-";
        let first = cased.chars().next().filter(|_| begins).map_or(0, char::len_utf8);
        text.show(if at > 0 { joint } else { "" }).show(&cased[..first]);
        text.hide_between(&cased[first..], &['\'']);
    }
}

fn rare(random: &mut Random, mix: Mix, text: &mut Labelled) {
    let rare = match mix {
        Mix::Realistic => random.pick(&RARE),
        Mix::Hostile => random.pick(&BEYOND),
    };
    // Surnames are rare now and then, too; the bundled typeface need not have those.
    if mix == Mix::Hostile && random.one_in(3) {
        text.show(rare).hide(&given(random));
        return;
    }
    put(text, surname(random), "");
    if random.one_in(2) {
        text.hide(random.pick(&GIVEN));
    }
    text.hide(rare);
}

fn honorific(random: &mut Random, text: &mut Labelled) {
    if random.one_in(2) {
        put(text, surname(random), "");
    } else {
        ordinary(random, text);
    }
    // Of a name only its first character is shown, and what is no name is not told from it.
    text.hide(random.pick(&HONORIFICS));
}

/// What combines with a character belongs to it: it is shown with the first one, and hidden with the others.
fn marked(random: &mut Random, text: &mut Labelled) {
    const MARKS: [&str; 5] = ["\u{E0100}", "\u{E0101}", "\u{FE00}", "\u{301}", "\u{20DD}"];
    let mark = random.pick(&MARKS);
    put(text, surname(random), "");
    match random.below(3) {
        0 => text.show(mark).hide(random.pick(&GIVEN)),
        1 => text.hide(random.pick(&GIVEN)).hide(mark),
        _ => text.hide(random.pick(&["\u{200B}", "\u{200D}", "\u{2060}"])).hide(random.pick(&GIVEN)),
    };
}
