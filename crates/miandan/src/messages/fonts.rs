//! What a label can show.

use miandan_core::font::FontProblem;

use crate::language::Text;

texts! {
    FACE = "{name}: {characters} characters", "{name}：{characters} 个字符";
    LEVEL = "Table of General Standard Chinese Characters, level {level}: {covered} of {size}", "通用规范汉字表 {level} 级：{covered} / {size}";
    MISSING = "{code_point} {character}  line {line}, {count} in all", "{code_point} {character}  第 {line} 行，共 {count} 处";
    BOXED = "no. {index}: order {order}: no font has a character of it; a box stands there", "第 {index} 张，订单 {order}：有字体中没有的字符，已用方框代替";
    BOXED_FIELD = "no. {index}: order {order}: {field}: no font has a character of it; a box stands there", "第 {index} 张，订单 {order}：{field}：有字体中没有的字符，已用方框代替";
    REFUSED = "the font {file} cannot be used: {why}", "无法使用字体 {file}：{why}";
    NOT_A_FONT = "it is no TrueType font, or a damaged one", "不是 TrueType 字体，或文件已损坏";
    NO_OUTLINES = "it has no TrueType outlines", "没有 TrueType 轮廓";
    VARIABLE = "it is a variable font", "它是可变字体";
    NOT_EMBEDDABLE = "it does not allow to be embedded in part", "其许可设置不允许子集嵌入";
    NO_CHARACTERS = "it has no Unicode character map", "没有 Unicode 字符映射表";
    TOO_LARGE = "it is larger than 32 MiB", "文件超过 32 MiB";
    TOO_MANY = "there are more than 8 fonts", "字体超过 8 个";
    TRUETYPE_HINT = "name a .ttf or .ttc file with TrueType outlines, such as SimSun or a font of Noto in TTF", "请指定带 TrueType 轮廓的 .ttf 或 .ttc 文件，例如宋体或 TTF 版思源字体";
    STATIC_HINT = "take the file of a single weight", "请改用单一字重的字体文件";
    LICENCE_HINT = "take a font whose licence allows embedding, such as one under the SIL Open Font License", "请改用许可允许嵌入的字体，例如采用 SIL 开源字体许可的字体";
    FEWER_HINT = "name only fonts with characters that your orders need; miandan fonts says which are missing", "请只保留订单用得到的字体；用 miandan fonts 可查看缺哪些字符";
    ALL_THERE = "a label can show every character of it", "其中的字符面单均可显示";
}

/// Why a font is refused, and what to do about it.
pub fn problem(problem: FontProblem) -> (Text, Text) {
    match problem {
        FontProblem::NoOutlines => (NO_OUTLINES, TRUETYPE_HINT),
        FontProblem::Variable => (VARIABLE, STATIC_HINT),
        FontProblem::NotEmbeddable => (NOT_EMBEDDABLE, LICENCE_HINT),
        FontProblem::NoCharacters => (NO_CHARACTERS, TRUETYPE_HINT),
        FontProblem::TooLarge => (TOO_LARGE, FEWER_HINT),
        FontProblem::TooMany => (TOO_MANY, FEWER_HINT),
        _ => (NOT_A_FONT, TRUETYPE_HINT),
    }
}
