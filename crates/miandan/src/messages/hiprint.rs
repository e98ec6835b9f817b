//! What `template import` says. The English of the reasons stands in [`Reason`] itself.
//!
//! The words are those of hiprint's designer: 面板, 元素, 字段, 标题, 测试数据.

use miandan_hiprint::{Kind, Outcome, Reason};

use crate::language::{Language, Text};

texts! {
    TOO_LARGE = "{file} is too large for a design", "{file} 过大，不是设计稿";
    TOO_LARGE_HINT = "a design has 4 MiB at most; scale its pictures down", "设计稿最大 4 MiB；请缩小其中的图片";
    SYNTAX = "{file}:{line}:{column}: no JSON", "{file}:{line}:{column}：不是 JSON";
    SYNTAX_HINT = "save what hiprintTemplate.getJson() answers as JSON, without JavaScript around it",
        "请把 hiprintTemplate.getJson() 的结果存为 JSON，外面不要有 JavaScript";
    NO_DESIGN = "{file} is no design of hiprint: something else stands at \"{pointer}\"",
        "{file} 不是 hiprint 设计稿：“{pointer}”处的内容不对";
    NO_DESIGN_HINT = "a design is an object with a list of panels, each with a list of printElements",
        "设计稿是带有 panels 列表的对象，每个面板带有 printElements 列表";
    PAGE_SIZE = "{file}: the panel has no size that a page can have (\"{pointer}\")",
        "{file}：面板尺寸缺失或超出范围（“{pointer}”）";
    PAGE_SIZE_HINT = "width and height of a panel are numbers of 1 to 1200 millimetres",
        "面板的 width 和 height 应为 1 至 1200 毫米的数字";
    TOO_MANY = "{file}: there are too many at \"{pointer}\"", "{file}：“{pointer}”处的数量过多";
    TOO_MANY_HINT = "a design may have 100 panels, and a panel 1000 elements",
        "一个设计稿最多 100 个面板，一个面板最多 1000 个元素";
    NO_PANEL = "{file} has panels: {count}", "{file} 共有 {count} 个面板";
    NO_PANEL_HINT = "--panel counts from 1", "--panel 从 1 开始计数";
    DEFECT = "{file}: the template that was made does not compile: {why}", "{file}：转换得到的模板无法编译：{why}";
    DEFECT_HINT = "please report it, with the design if you can", "请反馈给我们，方便的话附上设计稿";
    MAP_HINT = "the only setting is [fields]; docs/import-hiprint.md lists the names",
        "只有 [fields] 一节；可用的名称见 docs/import-hiprint.zh-CN.md";
    NOTE = "{pointer}: {kind}{field}: {outcome}", "{pointer}：{kind}{field}：{outcome}";
    REMARK = "   {column}{what} [{reason}]\n   fix: {fix}", "   {column}{what} [{reason}]\n   办法：{fix}";
    ORIGIN = "Imported from {pointer} of a hiprint design: {carried} elements as they were, {changed} changed, {left_out} left out.",
        "由 hiprint 设计稿的 {pointer} 转换：原样转换 {carried} 个元素，有改动 {changed} 个，未转换 {left_out} 个";
    COUNTS = "elements as they were: {carried}, changed: {changed}, left out: {left_out}",
        "原样转换 {carried} 个元素，有改动 {changed} 个，未转换 {left_out} 个";
    NEXT = "next: miandan template check {file}", "下一步：miandan template check {file}";
    CARRIED = "as it was", "原样转换";
    CHANGED = "changed", "有改动";
    LEFT_OUT = "left out", "未转换";
    PANEL = "panel", "面板";
    TEXT = "text", "文本";
    LONG_TEXT = "long text", "长文";
    BARCODE = "barcode", "条形码";
    QR_CODE = "QR code", "二维码";
    IMAGE = "image", "图片";
    TABLE = "table", "表格";
    HTML = "HTML", "html";
    HORIZONTAL_LINE = "horizontal line", "横线";
    VERTICAL_LINE = "vertical line", "竖线";
    RECTANGLE = "rectangle", "矩形";
    OVAL = "oval", "椭圆";
    UNKNOWN = "unknown element", "未知元素";
}

/// What became of an element.
pub fn outcome(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Carried => CARRIED,
        Outcome::Changed => CHANGED,
        Outcome::LeftOut => LEFT_OUT,
    }
}

/// What an element is.
pub fn kind(kind: Kind) -> Text {
    match kind {
        Kind::Panel => PANEL,
        Kind::Text => TEXT,
        Kind::LongText => LONG_TEXT,
        Kind::Barcode => BARCODE,
        Kind::QrCode => QR_CODE,
        Kind::Image => IMAGE,
        Kind::Table => TABLE,
        Kind::Html => HTML,
        Kind::HorizontalLine => HORIZONTAL_LINE,
        Kind::VerticalLine => VERTICAL_LINE,
        Kind::Rectangle => RECTANGLE,
        Kind::Oval => OVAL,
        Kind::Unknown => UNKNOWN,
    }
}

/// What is not as it was, and what can be done.
pub fn texts(reason: Reason, language: Language) -> [&'static str; 2] {
    let row = CHINESE.iter().filter(|_| language == Language::Chinese).find(|row| row.0 == reason);
    row.map_or([reason.what(), reason.fix()], |&(_, what, fix)| [what, fix])
}

#[rustfmt::skip]
const CHINESE: &[(Reason, &str, &str)] = &[
    (Reason::UnknownField, "不认识该字段名，不知道对应订单的哪一项", "请在映射文件中写明，或补全该处注释里的元素"),
    (Reason::ByTitle, "不认识该字段名，已按标题判断", "请检查是否正确；不对的话请在映射文件中写明"),
    (Reason::NeverPrinted, "账号、邮箱和身份证件一律不打印", "请从设计稿中删除；如果该字段存的是别的内容，请在映射文件中写明"),
    (Reason::PersonalInCode, "码里的个人信息人人都能扫出来", "码里请放运单号"),
    (Reason::NoContent, "既没有字段，也没有文字", "请在设计稿中填字段，或在模板中写文字"),
    (Reason::FixedCode, "没有字段的码，其文字只是名称，或无法编成码", "请在设计稿中填字段，或在模板中写 barcode"),
    (Reason::Symbology, "不支持该类型的码", "请改用 code128、qrcode，或 docs/templates.zh-CN.md 列出的其他类型"),
    (Reason::SymbologyChanged, "改用了最接近的一种码", "请用扫码枪确认是否符合要求"),
    (Reason::CodeGrown, "码的四周没有留出静区", "已以原中心放大其区域；请检查旁边的内容"),
    (Reason::TooManyCodes, "一张面单最多 16 个码", "请删除不需要的码"),
    (Reason::Angle, "只有文本和线条可以旋转任意角度", "已转到最近的直角；请检查位置"),
    (Reason::Justified, "不支持两端对齐", "已改为左对齐；请在模板中另选对齐方式"),
    (Reason::Decoration, "文本只支持下划线，不支持删除线和上划线", "如有必要，请另画一条线"),
    (Reason::Colour, "热敏打印只有黑白两色", "已取较近的一种；如需另一种，请在模板中修改"),
    (Reason::FontSize, "字号超出范围", "已改为最接近的允许值"),
    (Reason::LineHeight, "行距小于字高，或超出范围", "已调整到可以阅读"),
    (Reason::Markup, "文字中带有 HTML", "换行已保留，其他标签已去掉；请在模板中设置样式"),
    (Reason::Characters, "文字中有字体没有的字符", "已用方框代替；请换一种写法"),
    (Reason::Formatter, "内容由 JavaScript 函数生成", "已直接打印字段的值；规则请用模板代码编写（docs/templates.zh-CN.md）"),
    (Reason::Styler, "样式由 JavaScript 函数生成", "请在模板中设置样式，必要时用代码"),
    (Reason::Format, "未转换值的格式", "请用模板代码设置格式"),
    (Reason::UpperCase, "不支持金额大写", "请用模板代码转换"),
    (Reason::PageRule, "未转换在哪些页显示、后续页位置等规则", "请使用模板的页眉、页脚和 layout"),
    (Reason::NotShown, "该元素在任何页都不显示", "无需处理；原来也不打印"),
    (Reason::Indent, "不支持首行缩进", "请在文字前加全角空格"),
    (Reason::PictureElsewhere, "图片是一个地址，程序不会下载", "请把图片以 data URL 写进模板"),
    (Reason::PictureBroken, "图片无法读取", "请使用 base64 编码的 PNG、JPEG 或 BMP"),
    (Reason::PictureTooLarge, "图片过大或过多", "请缩放到所在区域的点数；一张面单最多 16 张图片，合计 1048576 像素，一个模板最多 256 KiB"),
    (Reason::PictureField, "订单中没有图片", "请把图片以 data URL 写进模板"),
    (Reason::PictureFit, "图片不会裁切", "已完整显示；请调整所在区域"),
    (Reason::Rounded, "图片不支持圆角", "请在图片本身做圆角"),
    (Reason::BorderStyle, "不常见的边框样式", "已改为实线；请在模板中选 dashed 或 dotted"),
    (Reason::Html, "未转换由函数生成的 HTML", "请用模板元素绘制"),
    (Reason::UnknownKind, "不认识该元素类型", "请用模板元素绘制"),
    (Reason::UnknownColumn, "不认识该列的字段名", "该列为空；请在映射文件中写明，或在模板中补全"),
    (Reason::ColumnCode, "未转换表格里的码和图片", "已按文字显示；请删除该列，或在单元格中加 barcode"),
    (Reason::ColumnFormatter, "未转换表格里的 JavaScript 函数", "规则请用模板代码编写"),
    (Reason::Summary, "未转换表格下方的合计", "请加一行；总件数是 _data.packageInfo.totalCount"),
    (Reason::TableBorder, "不支持表格只画单侧边框", "该方向的线已全部画出；请调整 cellBorderWidth 和 headerBorderWidth"),
    (Reason::TableRows, "未转换分组、合并单元格、多栏和补空行", "请在模板中写成表格行"),
    (Reason::TableHead, "表头不是完整的网格", "只转换了最后一行；请检查表头"),
    (Reason::SecondTable, "只有最上面的表格会推动下方的内容", "后面的内容请放进 orientation=\"vertical\" 的 layout"),
    (Reason::OffSheet, "位置远在纸张之外", "无需处理，除非设计稿中的位置有误"),
    (Reason::Value, "有的值无法识别", "已取默认值；请检查该元素"),
    (Reason::TooMuch, "模板会过长", "请拆成几个模板，或缩小图片"),
    (Reason::OtherPanel, "一个模板对应一个面板", "其他面板请逐个转换（--panel）"),
    (Reason::PageNumber, "页码不在页脚内，或格式未转换", "请在页眉或页脚中用 pageIndex；单页面单请在设计稿中去掉页码"),
    (Reason::Watermark, "不打印水印", "如有必要，请在空白处写一段文字"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_say_in_english_what_the_library_does() {
        assert_eq!(ORIGIN.en, miandan_hiprint::Wording::default().origin);
    }

    #[test]
    fn every_reason_is_there_in_chinese() {
        for (row, reason) in CHINESE.iter().zip(Reason::ALL) {
            assert_eq!(row.0, *reason);
            let texts = texts(*reason, Language::Chinese);
            let fits = |text: &&str| text.chars().any(|c| c >= '\u{2E80}') && !text.ends_with('。');
            assert!(texts.iter().all(fits), "{}", reason.id());
        }
        assert_eq!(CHINESE.len(), Reason::ALL.len());
    }
    #[test]
    fn every_reason_is_in_both_documents() {
        let documents = [
            include_str!("../../../../docs/import-hiprint.md"),
            include_str!("../../../../docs/import-hiprint.zh-CN.md"),
        ];
        for (text, language) in documents.into_iter().zip([Language::English, Language::Chinese]) {
            let report = text.rsplit("\n## ").next().unwrap();
            let rows: Vec<_> = report.lines().filter(|line| line.starts_with("| `")).collect();
            assert_eq!(rows.len(), Reason::ALL.len());
            for (row, reason) in rows.into_iter().zip(Reason::ALL) {
                let [what, fix] = texts(*reason, language);
                assert_eq!(row, format!("| `{}` | {what} | {fix} |", reason.id()));
            }
        }
    }
}
