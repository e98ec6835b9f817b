//! What can be wrong with a template, in Chinese. The English stands in [`Problem`] itself.
//!
//! The words are those of people who write templates for Cainiao's cloud printing: 元素, 属性, 样式, 条码, 表达式.

use miandan_render::template::Problem;

use crate::language::Language;

/// What is wrong.
pub fn text(problem: Problem, language: Language) -> String {
    match chinese(problem, language) {
        Some((text, _)) => text.to_owned(),
        None => problem.to_string(),
    }
}

/// What can be done about it.
pub fn hint(problem: Problem, language: Language) -> &'static str {
    chinese(problem, language).map_or(problem.hint(), |(_, hint)| hint)
}

fn chinese(problem: Problem, language: Language) -> Option<(&'static str, &'static str)> {
    let row = CHINESE.iter().filter(|_| language == Language::Chinese).find(|row| row.0 == problem);
    row.map(|&(_, text, hint)| (text, hint))
}

const CHINESE: &[(Problem, &str, &str)] = &[
    (Problem::NotUtf8, "模板不是 UTF-8 编码", "请将文件另存为 UTF-8"),
    (Problem::TooLarge, "模板超过 256 KiB", "请将图片缩放到所在区域的点数；请删除不绘制的内容"),
    (Problem::MalformedXml, "XML 格式错误", "请检查每个元素是否闭合，每个属性值是否加了引号"),
    (Problem::DocumentType, "不允许文档类型声明", "请删除 <!DOCTYPE …>"),
    (
        Problem::UnknownEntity,
        "未知的实体",
        "只能使用 &lt; &gt; &amp; &quot; &apos; 以及 &#10; 这样的数字实体",
    ),
    (Problem::ControlCharacter, "模板中有控制字符", "请删除；只允许制表符和换行"),
    (Problem::TooDeep, "嵌套过深", "请减少元素、代码块和括号的层数"),
    (Problem::TooManyNodes, "元素和文本超过 4000 个", "重复的内容请用循环绘制"),
    (
        Problem::NoPage,
        "最外层元素既不是 page 也不是 layout",
        "请用 <page width=\"…\" height=\"…\"> 包住全部内容；自定义区请用 <layout width=\"…\" height=\"…\">",
    ),
    (
        Problem::UnknownElement,
        "未知的元素",
        "可用的元素：page、header、footer、pageIndex、layout、table、text、line、rect、circle、round、barcode、image",
    ),
    (
        Problem::MisplacedElement,
        "该元素不能放在此处",
        "元素放在 page、layout、header、footer、th、td 中；th 和 td 放在 tr 中，tr 放在 table 中；header 和 footer 在 page 中各一个，pageIndex 放在这两者中",
    ),
    (Problem::StrayText, "text 元素之外有文本", "请放进 <text>"),
    (
        Problem::MissingAttribute,
        "缺少必需的属性",
        "page 需要 width 和 height，header 和 footer 需要 height，line 需要 startX、startY、endX 和 endY，barcode 需要 type，image 需要 src",
    ),
    (Problem::BadLength, "长度的写法有误", "请写毫米数，或写带 pt 的数字"),
    (Problem::OutOfRange, "尺寸超出范围", "页面为 1 至 1200 毫米，其他长度不超过 2000 毫米"),
    (
        Problem::PageNotFixed,
        "页面、页眉和页脚的尺寸不能用表达式计算",
        "width 和 height 请直接写数字，自定义区的 left 和 top 也一样",
    ),
    (Problem::UnknownSymbology, "未知的条码类型", "请使用 code128、ean13、qrcode 或文档中列出的其他类型"),
    (Problem::SymbologyNotSupported, "不支持该条码类型", "请改用 code128、qrcode 或 datamatrix"),
    (
        Problem::RotationNotSupported,
        "只有文本可以旋转任意角度",
        "条码、图片、布局等的 rotation 请用 0、90、180 或 270",
    ),
    (Problem::DirectionNotSupported, "不支持从右到左书写的文字", "请从样式中去掉 direction"),
    (Problem::UnknownReference, "没有 layout 使用该 id", "ref 请写另一个 layout 的 id，大小写须一致"),
    (Problem::MissingGlyph, "字体中没有该字符", "请换一种写法"),
    (Problem::ReferenceLoop, "layout 引用了自身", "ref 所指的 layout 不得包含或引用当前 layout"),
    (
        Problem::ImageElsewhere,
        "图片既不在模板中，也不是内置图片",
        "没有网络；请写成 data:image/png;base64,...，或使用内置图片的名称，或写 allowFailure=\"true\"",
    ),
    (Problem::ImageBroken, "图片无法读取", "请使用 base64 编码的 PNG、JPEG 或未压缩的 BMP"),
    (
        Problem::ImageTooLarge,
        "图片过大",
        "一张图片以及一个模板的全部图片合计最多 1048576 像素，边长最多 4096；请缩放到所在区域的点数",
    ),
    (Problem::UnclosedCode, "<% 没有对应的 %>", "请闭合代码；如需显示这两个字符，请写 <\\%"),
    (Problem::CodeInTag, "代码写在标签内、属性值之外", "代码可以写在元素之间、文本中和属性值中"),
    (Problem::IncludeNotSupported, "只能包含 print.js", "请把文件内容复制到模板中；程序不会下载文件"),
    (Problem::UnclosedString, "字符串没有结束引号", "请在同一行内闭合字符串"),
    (
        Problem::UnexpectedCharacter,
        "代码中有无法识别的字符",
        "运算符请直接书写；代码中不能用 &amp; 之类的实体",
    ),
    (Problem::UnexpectedToken, "代码中此处不应出现该单词或符号", "请检查括号、运算符和分号"),
    (Problem::UnclosedBlock, "代码块没有在所在元素内闭合", "请在元素结束之前写 <% } %>"),
    (Problem::StrayBrace, "该元素内没有与 } 对应的代码块", "代码块的开头和结尾须在同一元素内"),
    (
        Problem::NotInLanguage,
        "模板语言不含这种 JavaScript 写法",
        "可用 var、function、if、switch、for、while、运算符、数组、对象以及文档中列出的方法；不支持正则表达式",
    ),
    (Problem::UnknownName, "该名称从未赋值", "请用 var 声明，或使用 _data、_context、_config"),
    (
        Problem::UnknownFunction,
        "未知的函数",
        "可用的函数：String、Number、parseInt、parseFloat、isNaN、isFinite、Array.isArray、Object.keys 以及 Math 和 _context 的函数",
    ),
    (
        Problem::UnknownMember,
        "未知的成员或方法",
        "字符串和数组可用 length 和文档中列出的方法，对象可用代码赋给它的成员",
    ),
    (Problem::WrongArguments, "参数个数不对", "请查看文档中对该方法的说明"),
    (Problem::BadTarget, "此处不能赋值", "请给变量，或代码自己创建的数组、对象的成员赋值；订单数据不能修改"),
    (Problem::ExpressionTooLong, "表达式过长", "请借助变量拆分"),
    (Problem::OutsideLoop, "break 或 continue 不在循环内", "只能在循环内使用，且不能放在循环里的元素内"),
    (Problem::TooManyNames, "变量名超过 1000 个", "请减少变量"),
    (Problem::OutsideFunction, "return 不在函数内", "只能在函数内使用，且不能放在函数里的元素内"),
    (Problem::NameClash, "同一名称有两种用途", "请为函数和变量分别取名"),
    (Problem::UnknownPath, "订单中没有这项数据", "请查看文档中的数据列表"),
    (Problem::FieldNotPrintable, "该字段禁止打印", "账号、邮箱和身份证号不得出现在面单上"),
    (
        Problem::ObjectAsValue,
        "一组字段不能当作值使用",
        "请写出具体字段；一组字段只能用于判断，例如 if (_data.sender)",
    ),
    (Problem::ComputedPath, "_data 下的路径不能用表达式计算", "请直接写字段名；只有列表可以用数字下标"),
    (Problem::PersonInData, "明文数据中没有收件人和寄件人", "收件人和寄件人只来自订单，请在面单模板中打印"),
    (Problem::StepLimit, "代码执行步数过多", "一张面单最多执行 100000 步"),
    (Problem::TextLimit, "代码生成的文本过多", "单个文本最多 16 KiB，一张面单合计最多 256 KiB"),
    (Problem::ElementLimit, "面单上的元素过多", "一张面单最多 4000 个元素、16 个条码"),
    (Problem::WrongType, "该值不支持此操作", "请先判断该值，再读取其成员"),
    (
        Problem::BarcodeDoesNotFit,
        "条码放不进所在区域",
        "请加宽区域；一维码的最小模块宽度为 0.25 毫米，二维码在 203 dpi 为 3 点，300 dpi 为 4 点",
    ),
    (
        Problem::BarcodeContent,
        "条码无法表示该内容",
        "Code 128 只支持 ASCII 字符，其他类型支持的更少，请查看文档",
    ),
    (Problem::BarcodeEmpty, "条码没有内容", "请先判断值是否为空，再绘制条码"),
    (
        Problem::TableDoesNotFit,
        "页面放不下该表格",
        "请在 page 上写 splitable，或减少行数、加长页面；单独一行不会拆开",
    ),
    (
        Problem::BarcodeNarrow,
        "条码区域不足以使用常规模块宽度",
        "请加宽区域或缩短内容；一维码的模块通常为 203 dpi 下 3 点，更窄的条码热敏标签上常常无法识读",
    ),
    (Problem::TooManyPages, "面单超过 100 页", "请减少行数，或使用更大的页面"),
    (Problem::BarcodeCheckDigit, "条码的最后一位不是正确的校验位", "请改正号码，或去掉最后一位"),
    (
        Problem::BarcodeLength,
        "条码的数字位数不对",
        "EAN-13 为 13 位，EAN-8 为 8 位，UPC-A 为 12 位，UPC-E 为 8 位，ITF-14 为 14 位",
    ),
    (Problem::AreaOutside, "自定义区超出面单范围", "请修改最外层 layout 的 left、top、width 和 height"),
    (Problem::ListLimit, "数组或对象过大", "数组最多 1000 个元素，对象最多 1000 个成员"),
    (
        Problem::NoReprintCell,
        "没有位置打印补打标记",
        "请在 page 中加入 <layout id=\"REPRINT_MARK\" left=\"…\" top=\"…\" width=\"15\" height=\"7\"/>，四个值都写成数字",
    ),
    (Problem::ListGap, "数组中会出现空位", "请用 push 或在末尾添加元素，用 splice 删除元素"),
    (Problem::UnknownAttribute, "未知的属性", "已忽略"),
    (Problem::UnknownProperty, "未知的样式属性", "已忽略"),
    (Problem::OddValue, "属性或样式的值无效", "已忽略"),
    (Problem::PropertyIgnored, "样式属性在此处不起作用", "已忽略"),
    (Problem::ImageLeftOut, "每张面单都会省略该图片", "图片不在模板中，也不是内置图片，或无法读取"),
    (Problem::TextCut, "文本框放不下该文本，末尾会显示省略号", "请加大文本框，或允许文本换行"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_told_in_both_languages() {
        for &problem in Problem::ALL {
            let english = problem.to_string();
            assert_eq!(text(problem, Language::English), english);
            assert_eq!(hint(problem, Language::English), problem.hint());
            let rows = CHINESE.iter().filter(|row| row.0 == problem).count();
            assert_eq!(rows, 1, "{problem:?}");
            for chinese in [&text(problem, Language::Chinese), hint(problem, Language::Chinese)] {
                let is_chinese = chinese.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
                assert!(is_chinese && !chinese.ends_with(['。', '.']), "{problem:?}: {chinese}");
            }
        }
        assert_eq!(CHINESE.len(), Problem::ALL.len());
    }

    #[test]
    fn numbers_and_names_are_the_same_in_both_languages() {
        let latin = |text: &str| {
            let mut words: Vec<_> = text
                .split(|c: char| !c.is_ascii_alphanumeric() && !"._<>%{}&#;".contains(c))
                .map(|word| word.trim_end_matches(['.', ';']))
                .filter(|word| word.chars().any(|c| c.is_ascii_digit() || "_<%{&".contains(c)))
                .map(str::to_owned)
                .collect();
            words.sort();
            words
        };
        for &(problem, text, hint) in CHINESE {
            assert_eq!(latin(text), latin(&problem.to_string()), "{problem:?}");
            assert_eq!(latin(hint), latin(problem.hint()), "{problem:?}");
        }
    }
}
