//! `miandan selftest`.

use crate::language::Text;

texts! {
    WHAT_NOW = "a tick that is missing is a dead dot: clean the head; if it stays, move the QR codes aside with qr_offset_dots in the printer's profile",
        "缺少的短线即打印头坏点：请先清洁打印头；若仍缺少，请在打印机配置中用 qr_offset_dots 移开二维码";
    NO_PROFILE = "the printer has no profile", "未指定打印机配置";
    NO_PROFILE_HINT = "--profile NAME; miandan profile list shows those that are shipped", "请用 --profile 名称；miandan profile list 列出自带的配置";
    SIZE_HINT = "--size WIDTHxHEIGHT in millimetres, no wider than the head of the printer", "--size 宽x高（毫米），不超过打印头宽度";
    NOT_SENT = "{printer} did not take the page: {why}", "{printer} 未接收自检页：{why}";
    NOT_SENT_HINT = "miandan printers says how it is", "miandan printers 可查看打印机状态";
}
