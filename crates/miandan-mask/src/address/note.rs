//! Names of people in an address: in a bracketed note, behind the door, before 收 or 先生.

use crate::character::{Cells, Kind};

/// Hides what looks like the name of a person. `door` is where the last hidden door ends.
pub(super) fn hide_names(cells: &mut Cells<'_>, door: Option<usize>) {
    hide_notes(cells);
    hide_announced(cells);
    if let Some(door) = door {
        hide_tail(cells, door);
    }
}

/// Longest name that is looked for without a word that announces it.
const NAME: usize = 4;

/// A note of a few characters that names no place is taken for a name: (张三), but not (东门).
fn hide_notes(cells: &mut Cells<'_>) {
    let mut at = 0;
    while at < cells.len() {
        if cells.kind(at) != Kind::Open {
            at += 1;
            continue;
        }
        let end = (at + 1..cells.len()).find(|&end| cells.kind(end) == Kind::Close).unwrap_or(cells.len());
        if has_honorific(cells, at + 1, end) {
            cells.hide_where(at + 1..end, |cell| cell.kind.is_letter());
        } else if looks_like_name(cells, at + 1, end) {
            cells.hide_where(at + 1..end, |_| true);
        }
        at = end + 1;
    }
}

/// What is left of the text behind the last door, piece by piece.
fn hide_tail(cells: &mut Cells<'_>, door: usize) {
    let mut at = door;
    while at < cells.len() {
        let end = (at..cells.len()).find(|&end| !cells.kind(end).is_han()).unwrap_or(cells.len());
        if looks_like_name(cells, at, end) {
            cells.hide_where(at..end, |_| true);
        }
        at = end.max(at + 1);
    }
}

/// Words that make what is before them a name.
const BEHIND_NAME: [&str; 12] =
    ["先生", "女士", "小姐", "老师", "师傅", "阿姨", "经理", "大哥", "大姐", "同学", "医生", "老板"];
/// Words that make what follows them a name.
const BEFORE_NAME: [&str; 7] = ["联系人", "收件人", "收货人", "收货方", "姓名", "转交", "业主"];

fn has_honorific(cells: &Cells<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|at| BEHIND_NAME.iter().any(|word| cells.has(at, word)))
}

/// Hides up to three characters before 先生, 收 and the like, and up to four behind 联系人 and the like.
fn hide_announced(cells: &mut Cells<'_>) {
    for at in 0..cells.len() {
        if !begins_word(cells.base(at)) {
            continue;
        }
        if let Some(length) = BEFORE_NAME.iter().find_map(|word| cells.length_of(at, word)) {
            let skip = |at: &usize| matches!(cells.base(*at), ':' | '：' | ' ' | '是' | '-');
            let start = at + length + (at + length..at + length + 2).take_while(skip).count();
            let end = (start..start + NAME).find(|&end| !cells.kind(end).is_han()).unwrap_or(start + NAME);
            if !is_harmless(cells, start, end.min(cells.len())) {
                cells.hide_where(start..end, |_| true);
            }
        } else if at > 0
            && (BEHIND_NAME.iter().any(|word| cells.has(at, word))
                || ends_with_receipt(cells, at)
                || ends_with_home(cells, at))
        {
            let end = at - usize::from(matches!(cells.base(at - 1), '代' | '亲'));
            let start = (0..end).rev().take(3).take_while(|&at| in_name(cells, at)).last().unwrap_or(end);
            cells.hide_where(start..end, |_| true);
        }
    }
}

/// 家 at the end of a piece, and right behind a number before the name: 12号李小明家.
fn ends_with_home(cells: &Cells<'_>, at: usize) -> bool {
    cells.base(at) == '家'
        && !cells.kind(at + 1).is_han()
        && at.checked_sub(3).is_some_and(|first| {
            (first.saturating_sub(1)..=first)
                .any(|before| matches!(cells.base(before), '号' | '组' | '队' | '社' | '户'))
        })
}

/// First characters of the words above, which most characters are not.
#[rustfmt::skip]
fn begins_word(c: char) -> bool {
    matches!(c, '先' | '女' | '小' | '老' | '师' | '阿' | '经' | '大' | '同' | '医' | '收' | '联' | '姓' | '转' | '业' | '家')
}

/// 收 at the end of a piece: 张三收.
fn ends_with_receipt(cells: &Cells<'_>, at: usize) -> bool {
    cells.base(at) == '收'
        && !cells.kind(at + 1).is_han()
        && !matches!(cells.base(at - 1), '签' | '验' | '查' | '回')
}

/// A place ends before the name begins: 前台王女士.
fn in_name(cells: &Cells<'_>, at: usize) -> bool {
    cells.kind(at).is_han() && !ENDS_PLACE.contains(cells.base(at))
}

fn looks_like_name(cells: &Cells<'_>, from: usize, to: usize) -> bool {
    let length = to.saturating_sub(from);
    (1..=NAME).contains(&length)
        && (from..to).all(|at| cells.kind(at).is_han() || matches!(cells.base(at), '·' | '.'))
        && !is_harmless(cells, from, to)
}

/// Last characters of places and directions that are rare at the end of a name.
const ENDS_PLACE: &str =
    "台卫站柜门口店旁侧近边面内外里楼层区路街村厂校院场厦处部座栋号幢房室户铺库馆点元桥行局所司收弄巷";
/// Words that no name holds.
const PLACES: [&str; 21] = [
    "物业", "小区", "花园", "家园", "公寓", "新城", "新苑", "菜鸟", "超市", "保安", "代收", "中心", "公司",
    "密码", "门禁", "取件", "电话", "手机", "联系", "收件", "收货",
];

fn is_harmless(cells: &Cells<'_>, from: usize, to: usize) -> bool {
    from >= to
        || ENDS_PLACE.contains(cells.base(to - 1))
        || matches!(cells.base(from), '放' | '送' | '请' | '近' | '原')
        || (from..to).any(|at| PLACES.iter().any(|word| cells.has(at, word)))
}
