//! Names and phones.

use super::Labelled;
use super::random::Random;

const SURNAMES: [&str; 36] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "谭", "龚", "邹", "熊",
    "秦", "江",
];

const COMPOUND_SURNAMES: [&str; 8] = ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙"];

const GIVEN: [&str; 48] = [
    "小", "山", "人", "一", "明", "芳", "伟", "娜", "静", "丽", "强", "磊", "洋", "艳", "勇", "军", "杰",
    "娟", "涛", "超", "秀", "霞", "平", "刚", "桂", "英", "子", "涵", "梓", "萱", "浩", "宇", "欣", "怡",
    "晨", "诗", "琪", "雨", "泽", "瀚", "鑫", "璟", "翀", "彧", "祎", "旻", "昱", "琰",
];

/// Characters that people do have in their names and that many fonts lack; the last ones lie in higher planes.
const RARE: [&str; 6] = ["䶮", "㛃", "㙓", "𬍛", "𬭶", "𫖯"];

const MINORITY: [(&str, &str); 5] = [
    ("迪丽努尔", "艾合买提"),
    ("阿卜杜拉", "吐尔逊"),
    ("古丽娜扎", "买买提"),
    ("扎西", "顿珠"),
    ("巴特尔", "额尔敦"),
];

pub(super) fn name(random: &mut Random) -> Labelled {
    match random.below(40) {
        0 => {
            let (first, second) = random.pick(&MINORITY);
            let mut characters = first.chars();
            let head: String = characters.by_ref().take(1).collect();
            Labelled::default().shown(&head).hidden(characters.as_str()).shown("·").hidden(second)
        }
        1 | 2 => {
            let mut surname = random.pick(&COMPOUND_SURNAMES).chars();
            let head: String = surname.by_ref().take(1).collect();
            let given = given(random);
            Labelled::default().shown(&head).hidden(surname.as_str()).hidden(&given)
        }
        _ => {
            let surname = random.pick(&SURNAMES);
            let given = given(random);
            Labelled::default().shown(surname).hidden(&given)
        }
    }
}

fn given(random: &mut Random) -> String {
    let mut given = random.pick(&GIVEN).to_owned();
    if random.one_in(60) {
        given.push_str(random.pick(&RARE));
    } else if !random.one_in(4) {
        given.push_str(random.pick(&GIVEN));
    }
    given
}

/// A number that begins with 120 to 129: no mobile number does.
pub(super) fn mobile(random: &mut Random) -> Labelled {
    let number = digits(random);
    Labelled::default().hidden(&number[..7]).shown(&number[7..])
}

fn digits(random: &mut Random) -> String {
    format!("12{:09}", random.below(1_000_000_000))
}

/// A subscriber number that begins with 0, which none does.
pub(super) fn landline(random: &mut Random, area_code: &str) -> Labelled {
    let length = if area_code.len() == 3 { 8 } else { 7 };
    let mut number = String::from("0");
    while number.len() < length {
        number.push(char::from(b'0' + random.below(10) as u8));
    }
    Labelled::default().shown(area_code).shown("-").hidden(&number[..6]).shown(&number[6..])
}

/// Main number and extension.
pub(super) fn virtual_number(random: &mut Random) -> (String, String) {
    (digits(random), format!("{:04}", random.below(10_000)))
}
