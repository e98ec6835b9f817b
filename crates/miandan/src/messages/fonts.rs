//! What a label can show.

use crate::language::Text;

texts! {
    FACE = "{name}: {characters} characters", "{name}：{characters} 个字符";
    LEVEL = "Table of General Standard Chinese Characters, level {level}: {covered} of {size}", "通用规范汉字表 {level} 级：{covered} / {size}";
    MISSING = "{code_point} {character}  line {line}, {count} in all", "{code_point} {character}  第 {line} 行，共 {count} 处";
    ALL_THERE = "a label can show every character of it", "其中的字符面单均可显示";
}
