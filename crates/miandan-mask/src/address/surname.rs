//! Surnames, so that a name is told from other words: 张三, but not 主卧 or 隔壁.
//!
//! The hundred or so that most people have, and the compounds that are still in use. A rare surname is missed where no
//! word announces the name; more of them would take more words for names.

use crate::character::Cells;

/// The length of the surname that stands at this place.
pub(super) fn surname(cells: &Cells<'_>, at: usize) -> Option<usize> {
    let (first, second) = (cells.base(at), cells.base(at + 1));
    if COMPOUND.contains(&[first, second]) {
        return Some(2);
    }
    (first != '\0' && SINGLE.contains(first)).then_some(1)
}

const SINGLE: &str = "\
    王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏\
    钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟\
    颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳齐梅莫庄辛管祝左涂谷祁耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游裴席\
    高肖付闫戚桑荣冀米卫查屈鲍位覃霍翁隋甘景薄单包司柏宁柯阮桂闵冉边麦華張劉陳楊黃趙吳孫馬鄭謝韓馮董蕭鄧許傅呂蘇盧蔣賈葉閻餘\
    丘邝邬奚郗阚郦宓郇窦鞠谌佘芮闻廉栾缪胥瞿仲屠卞亢邰郏厉戎竺郁匡寇嵇虞练占卓岑蔺敖晏褚佟冼臧仇骆巫濮饶蒲楚邸鄢郜仝苟隗娄阙蓝宗荆揭蓟滕晁訾\
    鍾薑範譚鄒陸龍萬錢湯喬賀賴龔龐蘭陶顏倪嚴溫蘆魯葛韋畢聶";

const COMPOUND: [[char; 2]; 18] = [
    ['欧', '阳'],
    ['歐', '陽'],
    ['司', '马'],
    ['司', '徒'],
    ['上', '官'],
    ['诸', '葛'],
    ['夏', '侯'],
    ['皇', '甫'],
    ['尉', '迟'],
    ['公', '孙'],
    ['慕', '容'],
    ['令', '狐'],
    ['长', '孙'],
    ['宇', '文'],
    ['东', '方'],
    ['南', '宫'],
    ['端', '木'],
    ['百', '里'],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (text, length) in [("张三", Some(1)), ("欧阳娜", Some(2)), ("隔壁", None), ("", None)] {
            assert_eq!(surname(&Cells::new(text), 0), length, "{text}");
        }
    }
}
