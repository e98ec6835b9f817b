//! What is said of printers and their profiles, in both languages.

use crate::language::Text;

texts! {
    NO_PROFILE = "there is no printer profile {name}", "没有打印机配置 {name}";
    NO_PROFILE_HINT = "name a file, or a profile that is shipped: {shipped}", "请指定配置文件，或内置配置之一：{shipped}";
    UNUSABLE = "the printer profile {name} cannot be used: {why}", "无法使用打印机配置 {name}：{why}";
    UNUSABLE_HINT = "docs/printers.md has every setting; miandan profile show NAME writes one to begin with",
        "各项设置见 docs/printers.zh-CN.md；可用 miandan profile show 名称 输出一个内置配置作为起点";
    TOO_LONG = "it is longer than 64 KiB", "文件超过 64 KiB";
    SYNTAX = "line {line}: {why}", "第 {line} 行：{why}";
    VALUE = "{setting} has to be one of: {allowed}", "{setting} 只能是：{allowed}";
    BESIDE = "{setting} means nothing where {because}", "{because} 时不能设置 {setting}";
    NOT_OF_LANGUAGE = "{language} has no {setting}", "{language} 没有 {setting} 设置";
    OUT_OF_RANGE = "{setting} of {language} is {allowed}", "{language} 的 {setting} 只能是 {allowed}";
    OTHER_LANGUAGE = "--format {format} is not what the printer profile {name} speaks: {language}",
        "--format {format} 与打印机配置 {name} 的语言 {language} 不符";
    OTHER_LANGUAGE_HINT = "leave --format out, or name another profile; miandan profile list has them all",
        "请去掉 --format，或换一个配置；miandan profile list 可列出全部";
    OTHER_DPI = "{dpi} dpi ({origin}) is not that of the printer profile {name}: {of_profile} dpi",
        "{dpi} dpi（来自 {origin}）与打印机配置 {name} 的 {of_profile} dpi 不符";
    OTHER_DPI_HINT = "leave the resolution out: it follows from the profile", "请去掉分辨率设置：它由打印机配置决定";
    NO_GENERAL = "there is no general profile of {format} printers at {dpi} dpi", "没有 {dpi} dpi 的 {format} 通用配置";
    NO_GENERAL_HINT = "name one with --profile; miandan profile list has those that are shipped",
        "请用 --profile 指定；miandan profile list 可列出内置配置";
    NO_ENGINE = "--pdf-engine says what writes a PDF, and these labels become {format}",
        "--pdf-engine 用于指定 PDF 的生成方式，而本次输出的是 {format}";
    NO_ENGINE_HINT = "leave it out, or write a PDF with --out labels.pdf", "请去掉该选项，或用 --out labels.pdf 输出 PDF";
    NOT_BUILT = "this build of miandan has no printpdf in it", "当前的 miandan 构建不含 printpdf";
    NOT_BUILT_HINT = "build it with: cargo build --release -p miandan --features printpdf; or leave --pdf-engine out",
        "可用 cargo build --release -p miandan --features printpdf 重新构建，或去掉 --pdf-engine";
    IN_MEMORY = "printpdf keeps all pages in memory: {orders} labels take about {mebibytes} MiB; --pdf-engine stream takes the same for any number",
        "printpdf 会把全部页面留在内存中：{orders} 张面单约需 {mebibytes} MiB；--pdf-engine stream 的内存占用与数量无关";
    EMPTY = "a label of the template {template} has no size", "模板 {template} 的面单尺寸为零";
    TOO_WIDE = "labels of the template {template} are {label} dots wide, with the offset; the head of the printer has {head}",
        "模板 {template} 的面单连同偏移宽 {label} 点，打印头只有 {head} 点";
    LABEL_TOO_LONG = "labels of the template {template} are {label} dots long, with the offset; {most} is the most",
        "模板 {template} 的面单连同偏移长 {label} 点，最多 {most} 点";
    FIT_HINT = "nothing was printed; take a template that fits, or the profile of the printer that is meant",
        "未打印任何内容；请换用合适的模板，或所用打印机的配置";
    ROW = "{name}  {about} ({language}, {dpi} dpi, {head} dots, {width} mm)",
        "{name}  {about}（{language}，{dpi} dpi，{head} 点，{width} 毫米）";
    READY = "ready", "就绪";
    CANNOT_BE_ASKED = "there, cannot be asked", "已连接，无法查询状态";
    CANNOT_BE_ASKED_HINT = "a printer that cannot be asked may be out of paper: only its own word makes it ready",
        "无法查询状态的打印机可能缺纸：只有打印机自己应答才算就绪";
    OFFLINE = "offline: {why}", "离线：{why}";
    SILENT = "no answer", "没有应答";
    SILENT_BECAUSE = "no answer: {why}", "没有应答：{why}";
    UNSUPPORTED = "cannot be used: {why}", "无法使用：{why}";
    FOUND = "(found)", "（已发现）";
    FOUND_HINT = "what was found gets a name in miandan.toml: [printers.NAME] with uri and profile",
        "可在 miandan.toml 中为已发现的打印机命名：[printers.名称] 中写 uri 和 profile";
    NO_NAME = "(no name)", "（未命名）";
    NO_PRINTERS = "no printer is configured, and none was found", "没有配置打印机，也没有发现打印机";
    USUAL = "* prints where no other is named with --printer", "* 为未用 --printer 指定时使用的打印机";
    COLUMN_NAME = "PRINTER", "打印机";
    COLUMN_STATE = "STATE", "状态";
    COLUMN_PROFILE = "PROFILE", "配置";
    COLUMN_CARRIERS = "CARRIERS", "快递公司";
    COLUMN_PLACE = "PLACE", "地址";
    COLUMN_ABOUT = "MODEL", "型号";
}
