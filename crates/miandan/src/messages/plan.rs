//! What `plan` says of a batch that is not printed yet.

use crate::language::Text;

texts! {
    INPUT = "{file}: orders {orders}, labels {labels}, of which {printable} can be printed",
        "{file}：{orders} 个订单，{labels} 张面单，其中 {printable} 张可以打印";
    BATCH = "batch {batch}{name}: labels {first} to {last}; the numbers are fixed only when it is printed",
        "批次 {batch}{name}：面单 {first} 至 {last}；编号在打印时才确定";
    JOURNAL = "journal {file}", "打印日志 {file}";
    NEW_JOURNAL = "journal {file}: there is none yet, print makes it", "打印日志 {file}：尚不存在，打印时建立";
    NO_JOURNAL = "without a journal: numbered 1/{count} to {count}/{count}, and what was printed before is not known",
        "不使用打印日志：编号 1/{count} 至 {count}/{count}，无法知道以前打印过哪些";
    LABEL = "label {template}: {width} × {height} mm, {dpi} dpi", "面单模板 {template}：{width} × {height} 毫米，{dpi} dpi";
    LABEL_FORMAT = "label {template}: {width} × {height} mm, {format}, {dpi} dpi",
        "面单模板 {template}：{width} × {height} 毫米，{format}，{dpi} dpi";
    TARGET = "to {target}", "输出到 {target}";
    NO_TARGET = "it is not said where the labels go (--printer, --out, --dir); planned as for printers, with the journal",
        "未指定输出位置（--printer、--out、--dir）；按通过日志发送到打印机计划";
    PARTIES = "issuers: {issuers}; merchants: {merchants}", "签发方：{issuers}；商家：{merchants}";

    CARRIER = "carrier", "快递";
    LABELS = "labels", "张数";
    PRINTER = "printer", "打印机";
    NO_PRINTER = "none", "无";
    OF_CARRIERS = "of which carriers", "各快递张数";
    SHARED = " and ", "、";

    KINDS = "orders of one kind of goods {single}, of several {several}, that name none {without}",
        "单品订单 {single} 个，多品订单 {several} 个，未写商品 {without} 个";
    LIMITS = "print limits of the issuer: {limits}", "签发方限定的打印次数：{limits}";
    TIMES = "{most} times for {count} labels", "{count} 张限 {most} 次";

    SEQUENCE = "in the order of printing{how}:", "打印顺序{how}：";
    HOW = " ({how})", "（{how}）";
    HOW_SINGLE = "single-item orders first", "单品优先";
    HOW_SORTED = "by {keys}", "按 {keys}";
    THEN = " then ", "、";
    HOW_REVERSED = "last first", "倒序";
    BETWEEN = "  … {count} more …", "  …… 其间 {count} 张 ……";

    MERGES = "for one consignee, says the issuer, so they could go into one parcel: {count}",
        "签发方注明同一收件人、可以合并的面单：{count} 组";
    REFUSED = "left out: {count}", "不打印：{count} 个订单";
    FAILING = "cannot be printed: {count}", "无法打印：{count} 个订单";
    DATED = "label {number} (order {index}): {code}: {why}", "面单 {number}（第 {index} 个订单）：{code}：{why}";
    LINE = "order {index}: {code}: {why}", "第 {index} 个订单：{code}：{why}";
    REPEATED = "in the input twice, and printed twice, since without a journal nothing is left out: {count}",
        "在输入中重复，且因不使用日志而会重复打印：{count} 个订单";
    AGAIN = "order {index} is order {first} again", "第 {index} 个订单与第 {first} 个订单重复";
    AND_MORE = "and {count} more", "另有 {count} 项";
}
