//! What is said of labels on their way to printers, in both languages.

use crate::language::Text;

texts! {
    BAD_PRINTER = "{printer} is no printer: {why}", "{printer} 不是可用的打印机：{why}";
    BAD_PRINTER_HINT = "name it as it is called in the configuration, or as socket://HOST, ipp://HOST/PATH, usb:/dev/usb/lp0 or file:PATH, with CARRIER= in front for some carriers only",
        "请写配置中的名称，或写成 socket://主机、ipp://主机/路径、usb:/dev/usb/lp0 或 file:路径；只打印某些快递公司时在前面加 快递代码=";
    OTHER_PROFILE = "{first} and {second} share labels and would not print the same: their profiles differ",
        "{first} 与 {second} 共用面单，但打印机配置不同，打印内容会不一致";
    OTHER_PROFILE_HINT = "give both the same profile, or each its own carriers (SF=PRINTER); nothing was printed",
        "请让两者使用同一配置，或为它们分配不同的快递公司（SF=打印机）；未打印任何面单";
    NO_PRINTER_FOR = "no printer takes labels of {carriers}", "没有打印机负责这些快递公司的面单：{carriers}";
    NO_PRINTER_FOR_HINT = "name one for them, or one without carriers, which takes all others; nothing was printed",
        "请为它们指定打印机，或指定一台不限快递公司的打印机；未打印任何面单";
    NOT_FOR_PRINTERS = "labels for printers are in the language of one, not {format}", "发送到打印机的面单须用打印机语言，不能是 {format}";
    NOT_FOR_PRINTERS_HINT = "leave --format out, or name the printer with --profile", "请去掉 --format，或用 --profile 指定打印机配置";
    NEEDS_PROFILE = "it is not said what the printer is", "未说明打印机的型号或语言";
    NEEDS_PROFILE_HINT = "name it with --profile (miandan profile list), or its language with --format, or give the printer a profile in the configuration",
        "请用 --profile 指定（miandan profile list 可列出），或用 --format 指定其语言，或在配置中为该打印机设置 profile";
    NEEDS_OWN_PROFILE = "the printers of this batch differ, and it is not said which of them this one is like",
        "该批次的打印机配置各不相同，无法判断这台打印机属于哪一种";
    NEEDS_OWN_PROFILE_HINT = "give it a name and a profile in the configuration, and name it so: [printers.NAME] in miandan.toml",
        "请在配置中为它命名并设置 profile，再用该名称指定：miandan.toml 中的 [printers.名称]";
    NO_PREVIEW = "a preview is not sent to a printer", "预览不能发送到打印机";
    NO_PREVIEW_HINT = "write it with --out or --dir", "请用 --out 或 --dir 输出";
    BATCH = "batch {batch}: {count} labels", "批次 {batch}：{count} 张面单";
    INPUT_TWICE = "order {index} is left out: it is order {first} again", "第 {index} 个订单不打印：与第 {first} 个订单重复";
    INPUT_CONFLICT = "order {index} is left out: it has the waybill number of order {first} and other content",
        "第 {index} 个订单不打印：运单号与第 {first} 个订单相同，但内容不同";
    PRINTED_BEFORE = "order {index} ({order}) is left out: it is label {number}, {state} since {when} ({printer})",
        "第 {index} 个订单（{order}）不打印：已是面单 {number}，{when} 起{state}（{printer}）";
    WAITS_IN_BATCH = "order {index} ({order}) is left out: it is label {number}, which waits in its batch ({state}); miandan resume prints it",
        "第 {index} 个订单（{order}）不打印：已是面单 {number}，在其批次中等待（{state}）；请用 miandan resume 打印";
    CONFLICT = "order {index} ({order}) is left out: label {number} ({state}, {when}, {printer}) has its waybill number and other content",
        "第 {index} 个订单（{order}）不打印：面单 {number}（{state}，{when}，{printer}）的运单号相同，但内容不同";
    LIMIT = "order {index} ({order}) is left out: its issuer allows {most} prints, and they are used up (PRINT_LIMIT)",
        "第 {index} 个订单（{order}）不打印：签发方允许打印 {most} 次，已用完（PRINT_LIMIT）";
    MORE_REFUSED = "and {count} more are left out", "另有 {count} 个订单不打印";
    ALL_REFUSED = "no label was printed: all orders were left out", "未打印任何面单：所有订单均被排除";
    ALL_REFUSED_HINT = "to go on with a batch: miandan resume BATCH; to print a label again: miandan reprint BATCH NUMBER --reason TEXT",
        "如需继续批次：miandan resume 批次；如需重新打印：miandan reprint 批次 序号 --reason 原因";
    DONE = "batch {batch}: {sent} labels sent, {confirmed} of them confirmed; {unknown} unknown, {left} left, {failed} failed; {seconds} s, {minute} a minute",
        "批次 {batch}：已发送 {sent} 张，其中确认 {confirmed} 张；不明 {unknown} 张，未打印 {left} 张，失败 {failed} 张；用时 {seconds} 秒，每分钟 {minute} 张";
    UNKNOWN_LABEL = "label {number} ({waybill}) may have been printed: {why}", "面单 {number}（{waybill}）可能已打印：{why}";
    LOOK_HINT = "look at the printer, then: miandan resume {batch} --from NNN with the last good label in your hand, or miandan settle",
        "请查看打印机，然后用手中最后一张完好面单之后的序号执行 miandan resume {batch} --from NNN，或用 miandan settle 说明";
    RESUME_HINT = "what is left surely was not printed; go on with: miandan resume {batch}", "未打印的面单可继续打印：miandan resume {batch}";
    RATE = "{minute} a minute, {left} left", "每分钟 {minute} 张，还需 {left}";
    COLUMN_PRINTER = "printer", "打印机";
    COLUMN_SENT = "sent", "已发送";
    COLUMN_CONFIRMED = "confirmed", "已确认";
    COLUMN_UNKNOWN = "unknown", "不明";
    COLUMN_MINUTE = "a minute", "每分钟";
    COLUMN_STOPPED = "stopped", "停止原因";
    MAY_BE_PRINTED = "{printer}: label {number} may have been printed: {why}; the printer gets no more", "{printer}：面单 {number} 可能已打印：{why}；不再向该打印机发送";
    WAITING = "{printer}: {why}; trying again in {seconds} s", "{printer}：{why}；{seconds} 秒后重试";
    UNAVAILABLE = "{printer} takes no labels: {why}", "{printer} 无法接收面单：{why}";
    STOPPING = "stopping after the label that is being printed; once more ends at once", "将在当前面单打印完后停止；再按一次立即结束";
    RECOVERED = "{count} labels were being printed when the program ended last time, and may be on paper", "上次程序结束时有 {count} 张面单正在打印，可能已打出";
    NEEDS_FROM = "{count} labels of batch {batch} may be on paper, and nobody can tell", "批次 {batch} 有 {count} 张面单可能已打出，无法确定";
    NEEDS_FROM_HINT = "take the last good label in your hand and name the number after it: miandan resume {batch} --from NNN; or say of each what it is: miandan settle",
        "请找到最后一张完好的面单，用其后的序号执行 miandan resume {batch} --from NNN；或用 miandan settle 逐张说明";
    ASK_FROM = "number of the first label that is wanted, with the last good one in your hand [{first}]: ", "请输入需要打印的第一张面单序号（以手中最后一张完好面单为准）[{first}]：";
    NOTHING_LEFT = "batch {batch}: nothing is left to be printed", "批次 {batch}：没有待打印的面单";
    LEFT_BEFORE = "labels before {from} that surely were not printed stay so: {numbers}", "{from} 之前确定未打印的面单仍未打印：{numbers}";
    NEEDS_REASON = "to print a label again, say why", "重新打印须说明原因";
    NEEDS_REASON_HINT = "--reason jam, --reason \"smudged\" or the like; it stands in the journal", "例如 --reason 卡纸、--reason 模糊；原因会记入打印日志";
    NO_NUMBER = "{text} is no number of a label", "{text} 不是面单序号";
    LIMIT_AGAIN = "label {number} is not printed again: its issuer allows {most} prints, and they are used up (PRINT_LIMIT)",
        "面单 {number} 不再补打：签发方允许打印 {most} 次，已用完（PRINT_LIMIT）";
    OTHER_TARGET = "it is not known where batch {batch} went", "无法得知批次 {batch} 原先输出到哪里";
    WENT_TO_STDOUT = "batch {batch} went to standard output", "批次 {batch} 原先输出到标准输出";
    FILE_IS_THERE = "{file} is there already, with labels of batch {batch} in it", "{file} 已存在，其中有批次 {batch} 的面单";
    NOT_FOR_PRINTER = "labels of batch {batch} are {format}, which is not sent to printers", "批次 {batch} 的面单是 {format}，不能发送到打印机";
    NOT_FOR_PRINTER_HINT = "name a printer that has a profile of its own (printers.NAME in miandan.toml), or a file or a folder", "请指定自带配置的打印机（miandan.toml 中的 printers.名称），或指定文件、目录";
    NAME_TARGET_HINT = "name where the labels go now: --out FILE, --dir DIR or --printer URI", "请指定这次输出到哪里：--out 文件、--dir 目录或 --printer 地址";
    NO_PREVIEW_WATCHED = "previews are not made of a folder that is watched", "监视目录时不能生成预览";
    WATCH_INTO_FILE = "labels of many files do not go into one", "多个文件的面单不能输出到同一个文件";
    WATCH_INTO_FILE_HINT = "name a folder with --dir, or printers with --printer", "请用 --dir 指定目录，或用 --printer 指定打印机";
}
