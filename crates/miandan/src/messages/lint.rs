//! What the linter of templates says, in Chinese. The English stands in [`Rule`] itself.

use std::fmt::Display;

use miandan_lint::{Measure, Rule, Severity, Unit};

use crate::console::Console;
use crate::language::{Language, Text};

texts! {
    FINDING = "{name}:{line}:{column}: {severity}: {what}{more} [{rule}]", "{name}:{line}:{column}：{severity}：{what}{more} [{rule}]";
    MORE = ": {more}", "：{more}";
    COMMA = ", ", "，";
    MILLIMETRES = "mm", "毫米";
    DOTS = "dots", "点";
    PERCENT = "%", "%";
    REASON = "   why: {why}", "   原因：{why}";
    FIX = "   fix: {fix}", "   办法：{fix}";
    MEASURE = "{found} {unit}, {needed} needed", "{found} {unit}，应为 {needed}";
    MOST = "{found} {unit}, {needed} at most", "{found} {unit}，最多 {needed}";
    AT_DPI = "at {dpi} dpi", "{dpi} dpi";
    ALLOWED = "   allowed by a comment in the template", "   模板中的注释已允许";
    CLEAN = "{name}: nothing found", "{name}：未发现问题";
    COUNTS = "{name}: errors {errors}, warnings {warnings}, notes {notes}", "{name}：{errors} 个错误，{warnings} 个警告，{notes} 个提示";
    BAD_DATA = "{file} is no sample order: line {line}, column {column}: {why}", "{file} 不是示例订单：第 {line} 行第 {column} 列：{why}";
    BAD_DATA_HINT = "it is a plain order with masked texts, such as sample.json in the folder of a label that is shipped", "应为脱敏后的明文订单，例如内置面单文件夹中的 sample.json";
    NO_JSON = "{file} is no JSON, or names something twice in one object", "{file} 不是 JSON，或同一对象中有重复的名称";
    TOO_MUCH_DATA = "{file} is too large for the data of a label", "{file} 超出单张面单数据的大小限制";
    FREE_DATA_HINT = "the data of a custom area is one JSON value of at most 64 KiB, with at most 4000 values", "自定义区的数据为一个 JSON 值，不超过 64 KiB，最多 4000 个值";
    ERROR = "error", "错误";
    WARNING = "warning", "警告";
    NOTE = "note", "提示";
}

/// The word for a severity.
pub fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Note => NOTE,
    }
}

/// The sign of a unit.
pub fn unit(unit: Unit) -> Text {
    match unit {
        Unit::Millimetres => MILLIMETRES,
        Unit::Dots => DOTS,
        Unit::Percent => PERCENT,
    }
}

/// A number and its bound.
pub fn measure(console: Console, rule: Rule, measure: Measure) -> String {
    let unit = unit(measure.unit).get(console.language);
    let values: [(&str, &dyn Display); 3] =
        [("found", &measure.found), ("unit", &unit), ("needed", &measure.needed)];
    console.fill(if rule == Rule::BlackArea { MOST } else { MEASURE }, &values)
}

/// What more there is to say of a finding, after what is wrong.
pub fn more(console: Console, more: &[String]) -> String {
    if more.is_empty() {
        return String::new();
    }
    console.fill(MORE, &[("more", &more.join(COMMA.get(console.language)))])
}

/// What is wrong, why it matters and what can be done.
pub fn texts(rule: Rule, language: Language) -> [&'static str; 3] {
    let row = CHINESE.iter().filter(|_| language == Language::Chinese).find(|row| row.0 == rule);
    row.map_or([rule.what(), rule.why(), rule.fix()], |&(_, what, why, fix)| [what, why, fix])
}

#[rustfmt::skip]
pub const CHINESE: &[(Rule, &str, &str, &str)] = &[
    (Rule::Refused, "模板被拒绝", "打印组件同样会拒绝，不会打印任何面单", "见具体问题"),
    (Rule::LabelRefused, "有面单被拒绝", "这样的订单打不出面单", "见具体问题；使用某项数据之前请先判断"),
    (Rule::PassedOver, "模板中有内容被忽略", "在这里不起作用，在别处可能起作用", "请删除，或改成想要的写法"),
    (Rule::NotLookedAt, "元素太多，未逐点检查", "没有检查重叠、静区和纸边", "请减少元素，或缩小纸张"),
    (Rule::ZoneNumber, "没有一维条码承载运单号", "GB/T 41833-2022 码号区", "请加上 <barcode type=\"code128\"><%=_data.waybillCode%></barcode>"),
    (Rule::NumberText, "运单号没有以数字形式显示", "GB/T 41833-2022 码号区；扫不出时要靠人工输入", "请在条码上写 hideText:false"),
    (Rule::NumberOptional, "唯一的运单号条码可能被省略（allowFailure）", "没有条码的包裹无法分拣", "请去掉主条码的 allowFailure"),
    (Rule::NumberOnce, "运单号只有一个码", "打印头坏点或折痕可能使一个码无法识读，此时要靠另一处的码", "请加一个二维码，或一个竖放的条码"),
    (Rule::NumberSymbology, "运单号的一维条码不是 Code 128", "快递公司的分拣设备按 Code 128 识读（GB/T 18347）", "请写 type=\"code128\""),
    (Rule::ZoneDestination, "没有显示三段码或大头笔", "GB/T 41833-2022 目的地信息区", "请显示 _data.routingInfo.routeCode"),
    (Rule::ZoneRecipient, "缺少收件人的姓名或地址", "GB/T 41833-2022 收件人信息区", "请显示 _data.recipient.name 及其地址"),
    (Rule::RecipientPhone, "有的订单不显示收件人电话", "派件员按手机、电话或虚拟号联系，有哪个用哪个", "请依次取用：virtual || mobile || phone"),
    (Rule::ZoneSender, "缺少寄件人", "GB/T 41833-2022 寄件人信息区", "请显示 _data.sender.name 及其地址"),
    (Rule::ZoneGoods, "缺少内件", "GB/T 41833-2022 内件信息区", "请显示 _data.packageInfo.items 中的名称"),
    (Rule::ZoneSignature, "没有签收的位置", "GB/T 41833-2022 签收区", "请加上“签收人”和一条横线"),
    (Rule::ReprintMark, "没有预留补打标记的位置", "补打的面单必须注明，否则一个包裹看起来像两个；没有位置就不能补打", "请在 page 中加上 <layout id=\"REPRINT_MARK\" left=\"…\" top=\"…\" width=\"15\" height=\"7\"/>"),
    (Rule::ReprintMarkSmall, "补打标记的预留格太小", "“补打”和数字需要 12 × 5 毫米", "请放大"),
    (Rule::ReprintMarkTaken, "补打标记的预留格内有内容", "标记会看不清，或盖住原有内容", "请移开其中之一"),
    (Rule::ModuleNarrow, "一维条码的模块太窄", "2 点的条码稍有模糊就有一半以上无法识读，3 点的几乎都能识读（203 dpi；300 dpi 为 4 点）", "请加宽区域或缩短内容"),
    (Rule::MatrixModule, "二维码的模块小于 4 点（300 dpi 为 6 点）", "小于 0.5 毫米时，打印稍有模糊，能识读的设备就会减少", "请放大区域，或减少内容"),
    (Rule::TokenModule, "以每模块 3 点（300 dpi 为 4 点）放不下派件码", "派件码最长 262 个字符，连同静区为 61 个模块；放不下时面单会被拒绝，或缺少派件码", "二维码区域至少 23 毫米，最好 31 毫米"),
    (Rule::BarcodeHeight, "一维条码太矮", "主条码 9 毫米，其他 6 毫米：手持扫描器要能对准", "请加高区域，或不显示条码下方的数字"),
    (Rule::QuietZone, "条码的静区内有内容", "一维条码两侧各 10 个模块（ISO/IEC 15417），二维码四周 4 个模块（ISO/IEC 18004）", "请移开"),
    (Rule::SymbolCovered, "条码上面或下面有其他内容", "识读需要白底黑条", "请移开其中之一"),
    (Rule::TextCut, "文本放不下", "文本末尾会变成省略号", "请加宽或加高区域"),
    (Rule::TextCutLong, "较长的文本放不下", "文本较长的订单，末尾会变成省略号", "请加宽或加高区域，或允许换行"),
    (Rule::TextSmall, "文字小于 2 毫米", "203 dpi 下 16 点是热敏打印头能看清的下限", "请使用 5.7 磅以上"),
    (Rule::AddressSmall, "收件人地址小于 2.5 毫米", "要在一臂距离内看清，光线往往不好", "请使用 7.1 磅以上，并留出足够的区域"),
    (Rule::RoutingSmall, "三段码小于 8.4 毫米", "24 磅：分拣时要在一两米外看清", "请放大"),
    (Rule::RoutingNotLargest, "有文字比三段码大", "三段码应当最先看到", "请放大三段码，或缩小其他文字"),
    (Rule::TextOverText, "两段文本重叠", "两段都看不清", "请移开其中之一"),
    (Rule::TextOverLine, "文本压在线条或边框上", "热敏打印时笔画会粘连", "请移开其中之一"),
    (Rule::OffSheet, "有内容超出纸张", "会被裁掉", "请移到纸张之内"),
    (Rule::SheetMargin, "有内容距纸边不到 1 毫米", "走纸不会完全平直，可能被裁掉", "请在四周留 1 毫米空白"),
    (Rule::SheetSize, "纸张尺寸不是快递公司使用的尺寸", "在用的尺寸：76×130、100×110、100×150、100×177、100×180、100×203、100×210 毫米", "请核对打印机里的纸"),
    (Rule::PersonalInSymbol, "条码或二维码中有个人字段", "GB/T 41833-2022：隐藏的内容只有获准的人可以读取，而码人人可读", "请从码中去掉"),
    (Rule::PersonalTwice, "收件人的姓名、电话或地址显示了不止一次", "最小必要：多一处，就多一处被看到、留存或丢失", "请只显示一次；其他地方用市和区"),
    (Rule::OpenedNotShown, "解密了某个个人字段却没有显示", "最小必要：用不到的不解密", "请从模板中去掉"),
    (Rule::PersonalConstant, "模板中直接写有电话、邮箱或证件号", "不会脱敏，并且会出现在每张面单上", "请从订单取用；400 和 800 电话可以保留"),
    (Rule::OrderInSymbol, "面单的码中有订单号或支付单号", "会把包裹与账户联系起来；途中各方只需要运单号", "请使用运单号"),
    (Rule::Grey, "颜色既不是黑也不是白", "热敏打印头没有灰色，会变成黑或白", "请使用 #000000 或 #ffffff"),
    (Rule::Invisible, "文本看不见", "与底色相同", "请改其中一种颜色"),
    (Rule::ReversedSmall, "黑底白字小于 2.5 毫米", "热量会扩散，细的白色笔画会被填满", "请放大，或改为白底黑字"),
    (Rule::ThinLine, "线条细于两个点", "203 dpi 下一个点宽的线会断（两个点为 0.25 毫米）", "请使用 0.25 毫米以上"),
    (Rule::SymbolNone, "读不出任何条码或二维码", "没有码的包裹无法分拣", "请确认图像是完整、清晰、没有镜像的面单；清单本来就没有码"),
    (Rule::LinearNone, "读不出一维条码", "GB/T 41833-2022 码号区；输送线上识读的是一维条码", "请以 Code 128 加上运单号，并留出静区"),
    (Rule::BarsUneven, "条的宽度不是整数个点", "打印机会把有的条印得更宽，能识读的设备就会减少", "请按打印机的分辨率生成面单，并按 100% 打印"),
    (Rule::ContrastLow, "码的颜色太淡", "低于 55% 时等级不会高于 C（ISO/IEC 15416 符号反差）", "请在白底上用黑色打印；若是照片，请加强光线或调深打印浓度"),
    (Rule::PhoneShown, "可以读出完整的手机号", "GB/T 41833-2022：至少隐藏六位；带分机的才是虚拟号", "请打印脱敏号码或虚拟号"),
    (Rule::PhoneDigits, "手机号显示超过五位", "GB/T 41833-2022：至少隐藏六位", "请多隐藏几位"),
    (Rule::ResolutionUnknown, "文件没有说明点的大小", "尺寸按每英寸 203 点计算", "请用 --dpi 指定"),
    (Rule::BlackArea, "超过三分之一的纸面是黑色", "打印头会发热、变慢、磨损", "请用边框代替实心块"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_there_in_chinese() {
        for &rule in Rule::ALL {
            let texts = texts(rule, Language::Chinese);
            assert!(texts.iter().all(|text| text.chars().any(|c| c >= '\u{2E80}')), "{}", rule.id());
        }
        assert_eq!(CHINESE.len(), Rule::ALL.len());
    }

    #[test]
    fn every_rule_is_in_both_documents() {
        let documents =
            [include_str!("../../../../docs/lint.md"), include_str!("../../../../docs/lint.zh-CN.md")];
        for (text, language) in documents.into_iter().zip([Language::English, Language::Chinese]) {
            let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| `")).collect();
            assert_eq!(rows.len(), Rule::ALL.len());
            for (row, rule) in rows.into_iter().zip(Rule::ALL) {
                let severity = severity(rule.severity()).get(language);
                // Apart from what stands there as code.
                let plain = |text: &str| text.replace(['`', '\\'], "");
                let expected = [&[rule.id(), severity], &texts(*rule, language)[..]].concat();
                let cells: Vec<_> =
                    row.trim_matches('|').split(" | ").map(|cell| plain(cell.trim())).collect();
                assert_eq!(cells, expected.into_iter().map(plain).collect::<Vec<_>>());
            }
        }
    }
}
