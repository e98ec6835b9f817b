//! How the rules read a character, and how it is printed.
//!
//! Reading folds width, case, dashes and the few traditional forms that door words need; printing folds the width of
//! letters and digits alone, since a narrow `1501` is what the label has room for.

use super::Kind;

/// The character as the rules read it, and as it is printed.
pub(super) fn fold(c: char, kind: Kind) -> (char, char) {
    match kind {
        Kind::Space => (' ', ' '),
        Kind::Digit => {
            let narrow = narrow(c);
            (narrow, narrow)
        }
        Kind::Latin => {
            let narrow = narrow(c);
            (unringed(narrow).to_ascii_lowercase(), narrow)
        }
        Kind::Han | Kind::Numeral | Kind::Stem => (simplified(c), c),
        Kind::Open | Kind::Close | Kind::Mark => (plain(narrow(c)), c),
        Kind::Letter | Kind::Picture => (plain(c), c),
    }
}

/// What a simplified Chinese character counts.
pub(super) fn han_kind(c: char) -> Kind {
    match c {
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千' | '零' | '〇'
        | '两' | '俩' | '廿' | '卅' | '卌' | '壹' | '贰' | '叁' | '肆' | '伍' | '陆' | '柒' | '捌' | '玖'
        | '拾' | '佰' | '仟' | '幺' | '弌' | '弍' | '弎' => Kind::Numeral,
        '甲' | '乙' | '丙' | '丁' | '戊' | '己' | '庚' | '辛' | '壬' | '癸' => Kind::Stem,
        _ => Kind::Han,
    }
}

/// ASCII for full-width ASCII.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// The letter in a circle, square or bracket.
fn unringed(c: char) -> char {
    let first = match c {
        '\u{249C}'..='\u{24B5}' => 0x249C,
        '\u{24B6}'..='\u{24CF}' => 0x24B6,
        '\u{24D0}'..='\u{24E9}' => 0x24D0,
        '\u{1F110}'..='\u{1F129}' => 0x1F110,
        '\u{1F130}'..='\u{1F149}' => 0x1F130,
        '\u{1F150}'..='\u{1F169}' => 0x1F150,
        '\u{1F170}'..='\u{1F189}' => 0x1F170,
        _ => return c,
    };
    char::from_u32(u32::from('a') + u32::from(c) - first).unwrap_or(c)
}

/// One form for each of the signs that join numbers.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2500}'
        | '\u{2501}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{30FC}'
        | '\u{FF70}'
        | '\u{2796}'
        | '\u{2043}'
        | '\u{AF}'
        | '\u{203E}'
        | '\u{FE31}'
        | '\u{FE32}'
        | '\u{2E3A}'
        | '\u{2E3B}' => '-',
        '\u{301C}' | '\u{223C}' | '\u{3030}' | '\u{2053}' => '~',
        '♯' | '﹟' => '#',
        '﹢' | '➕' => '+',
        '∕' | '⁄' | '╱' => '/',
        '。' | '｡' => '。',
        '､' => '、',
        _ => c,
    }
}

/// Simplified form of the traditional, variant and radical forms in door words and numerals.
pub(super) fn simplified(c: char) -> char {
    match c {
        '○' | '◯' => '〇',
        '單' => '单',
        '轉' => '转',
        '電' => '电',
        '話' => '话',
        '機' => '机',
        '碼' => '码',
        '號' => '号',
        '樓' => '楼',
        '層' => '层',
        '棟' => '栋',
        '門' | '\u{2FA8}' | '\u{2ED4}' => '门',
        '戶' | '戸' | '\u{2F3E}' => '户',
        '鋪' | '舖' => '铺',
        '檔' => '档',
        '間' => '间',
        '櫃' => '柜',
        '莊' => '庄',
        '鎮' => '镇',
        '鄉' => '乡',
        '縣' => '县',
        '區' => '区',
        '園' => '园',
        '廈' => '厦',
        '廣' => '广',
        '場' => '场',
        '灣' => '湾',
        '組' => '组',
        '隊' => '队',
        '衖' => '弄',
        '東' => '东',
        '貳' => '贰',
        '參' | '叄' | '\u{F96B}' => '叁',
        '陸' | '\u{F9D3}' => '陆',
        '兩' | '\u{F978}' => '两',
        '\u{F9B2}' => '零',
        '\u{F9D1}' => '六',
        '\u{F973}' => '拾',
        '\u{2F00}' => '一',
        '\u{2F06}' => '二',
        '\u{2F0B}' => '八',
        '\u{2F17}' => '十',
        '\u{2F04}' => '乙',
        '鄰' => '邻',
        _ => c,
    }
}
