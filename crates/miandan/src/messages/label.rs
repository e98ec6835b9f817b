//! What is said of a label that is drawn already, in both languages.

use crate::language::Text;

texts! {
    SYMBOL = "{file}:{page}: {kind} at {left}, {top} mm, {width} x {height} mm: module {module} mm ({at203} dots at 203 dpi, {at300} at 300), quiet zone {quiet}, contrast {contrast} %: {text}",
        "{file}:{page}：{kind}，位于 {left}, {top} 毫米，{width} × {height} 毫米：模块 {module} 毫米（203 dpi 为 {at203} 点，300 dpi 为 {at300} 点），静区 {quiet}，反差 {contrast}%：{text}";
    MODULES = "{modules} modules", "{modules} 个模块";
    MODULES_OR_MORE = "{modules} modules or more", "至少 {modules} 个模块";
    UNKNOWN = "unknown", "未知";
    NOT_SAID = "(a phone or the like, not repeated here)", "（电话之类，此处不重复）";
    NUMBER = "{file}:{page}: a mobile number at {left}, {top} mm: {shown} of 11 digits can be read",
        "{file}:{page}：手机号，位于 {left}, {top} 毫米：11 位中可读出 {shown} 位";
    VIRTUAL = "{file}:{page}: a number with an extension at {left}, {top} mm: {shown} of 11 digits can be read",
        "{file}:{page}：带分机的号码，位于 {left}, {top} 毫米：11 位中可读出 {shown} 位";
    FINDING = "{file}:{page}: {severity}: {what}{more} [{rule}]", "{file}:{page}：{severity}：{what}{more} [{rule}]";
    PLACE = "{kind} at {left}, {top} mm", "{kind}，位于 {left}, {top} 毫米";
    PLACE_ONLY = "at {left}, {top} mm", "位于 {left}, {top} 毫米";
    COUNTS = "{file}: pages {pages}, symbols {symbols}, errors {errors}, warnings {warnings}, notes {notes}",
        "{file}：{pages} 页，{symbols} 个码，{errors} 个错误，{warnings} 个警告，{notes} 个提示";
    NOT_ALL = "{file}: {looked} of {pages} pages were looked at; --pages raises the number", "{file}：共 {pages} 页，已检查 {looked} 页；可用 --pages 调高";
    BROKEN = "{file} is no PNG, JPEG, BMP or PDF, or it is damaged", "{file} 不是 PNG、JPEG、BMP 或 PDF，或已损坏";
    BROKEN_HINT = "open it in a viewer and save it again", "请用看图软件打开后另存";
    TOO_LARGE = "{file}: page {page} is too large to be a label", "{file}：第 {page} 页太大，不可能是面单";
    TOO_LARGE_HINT = "40 million pixels, 8192 on a side, 1.4 m of paper are the most", "上限：4000 万像素、单边 8192 像素、纸长 1.4 米";
    ENCRYPTED = "{file} asks for a password", "{file} 需要密码";
    ENCRYPTED_HINT = "save it without one", "请另存为不带密码的文件";
}
