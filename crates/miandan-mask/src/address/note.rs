//! Names of people in an address: in a bracketed note, behind the door, before 收 or 先生.

use std::ops::Range;

use super::surname::surname;
use crate::character::{Cells, Kind};

/// Hides what looks like the name of a person. `door` is where the last hidden door ends.
pub(super) fn hide_names(cells: &mut Cells<'_>, door: Option<usize>) {
    hide_announced(cells);
    hide_notes(cells);
    if let Some(door) = door {
        hide_tail(cells, door);
    }
}

/// Longest note that is a name and a title, and little else.
const NOTE: usize = 8;
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
        let announced =
            (at + 1..end).any(|at| cells.get(at).is_some_and(|cell| cell.hidden && cell.kind.is_han()));
        if announced && has_honorific(cells, at + 1, end) {
            // 找陈阿姨: her name was found by the word before it.
        } else if end - at <= NOTE && has_honorific(cells, at + 1, end) && !is_harmless(cells, at + 1, end) {
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
const BEFORE_NAME: [&str; 8] = ["联系人", "收件人", "收货人", "收件方", "收货方", "姓名", "转交", "业主"];
/// Words that do so if a surname follows: 联系王师傅, but 联系物业.
const BEFORE_SURNAME: [&str; 2] = ["联系", "找"];

fn has_honorific(cells: &Cells<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|at| BEHIND_NAME.iter().any(|word| cells.has(at, word)))
}

/// Hides up to three characters before 先生, 收 and the like, and up to four behind 联系人 and the like.
/// Behind 联系人 and before 收 the first character stays, as it does in the field of a name.
fn hide_announced(cells: &mut Cells<'_>) {
    // Where the name before a title begins at the earliest.
    let mut free = 0;
    for at in 0..cells.len() {
        if !begins_word(cells.base(at), cells.base(at + 1)) {
            continue;
        }
        if let Some(range) = announced(cells, at) {
            free = range.end;
            hide_but_first(cells, range);
        } else if at > 0 && ends_with_receipt(cells, at) {
            let proxy = matches!(cells.base(at - 1), '代' | '亲');
            let name = name_before(cells, at - usize::from(proxy), free);
            // 小卖部代收, 前台小姐姐代收: who takes it in is a place more often than a name.
            if !proxy || surname(cells, name.start).is_some() {
                hide_but_first(cells, name);
            }
        } else if at > 0 && (BEHIND_NAME.iter().any(|word| cells.has(at, word)) || ends_with_home(cells, at))
        {
            let name = name_before(cells, at, free);
            // 前台小姐姐, 谢谢师傅
            if !cells.has(at, "小姐姐") && !THANKS.iter().any(|word| cells.ends_with(at, word)) {
                cells.hide_where(name, |_| true);
            }
        }
    }
}

const THANKS: [&str; 3] = ["谢谢", "麻烦", "辛苦"];

/// The name behind a word that announces one.
fn announced(cells: &Cells<'_>, at: usize) -> Option<Range<usize>> {
    let (length, sure) = BEFORE_NAME
        .iter()
        .find_map(|word| Some((cells.length_of(at, word)?, true)))
        .or_else(|| BEFORE_SURNAME.iter().find_map(|word| Some((cells.length_of(at, word)?, false))))?;
    let skip = |at: &usize| matches!(cells.base(*at), ':' | '：' | ' ' | '是' | '-');
    let start = at + length + (at + length..at + length + 2).take_while(skip).count();
    let end = (start..start + NAME).find(|&end| !cells.kind(end).is_han()).unwrap_or(start + NAME);
    let called = surname(cells, start).is_some() || matches!(cells.base(start), '老' | '小' | '阿');
    (end > start && (sure || called) && !is_harmless(cells, start, end)).then_some(start..end)
}

/// The name that ends at this place, three characters at most.
fn name_before(cells: &Cells<'_>, end: usize, free: usize) -> Range<usize> {
    let start = (free.min(end)..end).rev().take(3).take_while(|&at| in_name(cells, at)).last().unwrap_or(end);
    start..end
}

fn hide_but_first(cells: &mut Cells<'_>, name: Range<usize>) {
    let first = usize::from(name.len() > 1);
    cells.hide_where(name.start + first..name.end, |_| true);
}

/// 家 at the end of a piece, and right behind a number before the name: 12号李小明家.
fn ends_with_home(cells: &Cells<'_>, at: usize) -> bool {
    cells.base(at) == '家'
        && !cells.kind(at + 1).is_han()
        // 双龙人家 is an estate, 全家 a shop.
        && !cells.before(at).is_some_and(|cell| "人之世农渔酒名全邻管".contains(cell.base))
        && at.checked_sub(3).is_some_and(|first| {
            (first.saturating_sub(1)..=first)
                .any(|before| matches!(cells.base(before), '号' | '组' | '队' | '社' | '户'))
        })
}

/// Whether one of the words above may begin so, which most places do not.
fn begins_word(c: char, next: char) -> bool {
    match c {
        '收' | '联' | '找' | '家' => true,
        '先' | '医' => next == '生',
        '小' => next == '姐',
        '大' => matches!(next, '哥' | '姐'),
        '老' => matches!(next, '师' | '板'),
        '女' => next == '士',
        '师' => next == '傅',
        '阿' => next == '姨',
        '经' => next == '理',
        '同' => next == '学',
        '姓' => next == '名',
        '转' => next == '交',
        '业' => next == '主',
        _ => false,
    }
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

/// A surname and one to three characters that name no place.
fn looks_like_name(cells: &Cells<'_>, from: usize, to: usize) -> bool {
    let length = to.saturating_sub(from);
    surname(cells, from).is_some_and(|surname| surname < length && length <= surname.max(2) + 2)
        && (from..to).all(|at| cells.kind(at).is_han() || matches!(cells.base(at), '·' | '.'))
        && !is_harmless(cells, from, to)
}

/// Last characters of places and directions that are rare at the end of a name.
const ENDS_PLACE: &str =
    "台卫站柜门口店旁侧近边面内外里楼层区路街村厂校院场厦处部座栋号幢房室户铺库馆点元桥行局所司收弄巷送";
/// Words that no name holds.
const PLACES: [&str; 24] = [
    "物业", "小区", "花园", "家园", "公寓", "新城", "新苑", "菜鸟", "超市", "保安", "代收", "中心", "公司",
    "谢谢", "高层", "安置", "密码", "门禁", "取件", "电话", "手机", "联系", "收件", "收货",
];

/// No name, or one that was found already. A numeral in a name may be hidden before the name is found: 杜彤一.
fn is_harmless(cells: &Cells<'_>, from: usize, to: usize) -> bool {
    let hidden = |at| cells.get(at).is_some_and(|cell| cell.hidden || !cell.kind.is_han());
    from >= to
        || to - from > 1 && (from + 1..to).all(hidden)
        || ENDS_PLACE.contains(cells.base(to - 1))
        || matches!(cells.base(from), '放' | '送' | '请' | '近' | '原')
        || (from..to).any(|at| PLACES.iter().any(|word| cells.has(at, word)))
}
