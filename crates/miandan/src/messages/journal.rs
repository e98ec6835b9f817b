//! The journal, its batches, and what was scanned.

use crate::language::Text;

texts! {
    NO_PLACE = "it is not said where the journal is, and this user has no folder for state", "未指定打印日志的位置，且当前用户没有状态目录";
    NO_PLACE_HINT = "--journal FILE, or journal = \"/path/journal.db\" in miandan.toml",
        "请用 --journal 指定，或在 miandan.toml 中写 journal = \"/路径/journal.db\"";
    MISSING = "there is no journal {file}", "没有打印日志 {file}";
    MISSING_HINT = "it is made with the first batch that is printed; another one is named by --journal FILE or by journal in miandan.toml",
        "打印第一个批次时会自动建立；其他日志请用 --journal 指定，或在 miandan.toml 中设置 journal";
    NO_ACCESS = "this user may not open the journal {file}", "当前用户无权打开打印日志 {file}";
    NO_ACCESS_HINT = "it belongs to the user who prints; run the command as that user", "日志属于执行打印的用户；请以该用户运行";
    NOT_A_JOURNAL = "{file} is not a journal of Miandan", "{file} 不是面单的打印日志";
    NOT_A_JOURNAL_HINT = "check --journal, MIANDAN_JOURNAL and journal in miandan.toml; the file was not touched",
        "请检查 --journal、MIANDAN_JOURNAL 和 miandan.toml 中的 journal；该文件未被改动";
    NEWER = "the journal {file} has version {found}; this program knows {known}", "打印日志 {file} 的版本是 {found}，本程序只支持 {known}";
    NEWER_HINT = "use the newer Miandan that wrote it", "请使用写入它的新版本";
    LOCKED = "another process keeps the journal {file} to itself", "打印日志 {file} 被其他进程占用";
    LOCKED_HINT = "Miandan never does so for long: look for a backup or another program that has the file open, and try again",
        "面单不会长时间占用；请检查是否有备份或其他程序打开了该文件，然后重试";
    DAMAGED = "the journal {file} is damaged: {why}", "打印日志 {file} 已损坏：{why}";
    DAMAGED_HINT = "print nothing with it: keep a copy, see miandan journal verify, and begin a new one; what is on paper is to be compared by hand",
        "请勿继续用它打印：先备份，用 miandan journal verify 查看，再启用新日志；已打印的面单需人工核对";
    FULL = "there is no room for the journal {file}", "磁盘空间不足，无法写入打印日志 {file}";
    FULL_HINT = "make room on its disk; nothing that was recorded is lost, and nothing is sent that is not recorded",
        "请清理磁盘空间；已记录的内容不会丢失，未记录的面单不会发送";
    READ_ONLY = "the journal {file} cannot be written: it is read-only", "打印日志 {file} 只读，无法写入";
    READ_ONLY_HINT = "make the file and its folder writable for this user, or name another with --journal FILE",
        "请使该文件及其目录对当前用户可写，或用 --journal 指定其他日志";
    UNSUITABLE = "the journal {file} cannot be on this file system", "打印日志 {file} 不能放在这种文件系统上";
    UNSUITABLE_HINT = "put it on a local disk, not on one that is shared over a network", "请放在本地磁盘，不要放在网络共享盘";
    IO = "the journal {file} cannot be read or written: {why}", "无法读写打印日志 {file}：{why}";
    STOPPED = "the journal {file} has stopped writing after an error", "打印日志 {file} 出错后已停止写入";
    IO_HINT = "check its disk; then miandan status says how far each batch came", "请检查磁盘；之后可用 miandan status 查看各批次进度";
    BUSY = "batch {batch} is being worked on by another process", "批次 {batch} 正由另一个进程处理";
    BEING_SENT = "label {number} is being sent at this moment", "面单 {number} 正在发送";
    BUSY_HINT = "let it end, or stop it with Ctrl-C; miandan status shows how far it is", "请等它结束，或用 Ctrl-C 停止；miandan status 可查看进度";
    NO_BATCH = "there is no such batch in the journal {file}", "打印日志 {file} 中没有该批次";
    NO_BATCH_HINT = "miandan status --days 30 lists the batches; one is named by its number (261111-003), a number of it (261111-003-012) or its name",
        "miandan status --days 30 可列出批次；可用批次号（261111-003）、其中的面单号（261111-003-012）或名称指定";
    AMBIGUOUS = "batches of several days have this name: {batches}", "多天的批次同用此名：{batches}";
    AMBIGUOUS_HINT = "name the batch by its number", "请用批次号指定";
    NAME_TAKEN = "batch {batch} of the same day has this name", "当天的批次 {batch} 已使用此名";
    NAME_TAKEN_HINT = "choose another name, or go on with it: miandan resume", "请换一个名称；如要继续该批次，请用 miandan resume";
    NOTHING = "none of the orders can be printed", "没有可打印的订单";
    NOTHING_HINT = "miandan plan says what is wrong with each", "miandan plan 可查看每个订单的问题";
    PLANNED_ALREADY = "the label has the number {number} already", "该面单已有编号 {number}";
    PLANNED_ALREADY_HINT = "to print it again: miandan reprint, with a reason", "如需重新打印，请用 miandan reprint 并注明原因";
    NO_LABEL = "there is no label {number}", "没有面单 {number}";
    NO_LABEL_HINT = "miandan status BATCH says how many labels the batch has", "miandan status 批次号 可查看该批次的张数";
    NOT_OPEN = "label {number} is {state}", "面单 {number} 的状态是“{state}”";
    NOT_OPEN_HINT = "only of a label that is unknown can a person say whether it was printed; nothing was recorded",
        "只有状态不明的面单可以由人确认是否已打印；未作任何记录";
    BAD_TEXT = "{field}: {problem}", "{field}：{problem}";
    BAD_TEXT_HINT = "one line: an operator of at most 64 characters, a reason of at most 200", "须为单行：操作员最多 64 个字符，原因最多 200 个字符";
    DEFECT = "{why}", "{why}";
    DEFECT_HINT = "this is a defect of Miandan; please report it", "这是本软件的缺陷，请反馈";
    NO_FOLDER = "the orders of the batch are not beside the journal: {folder}", "打印日志旁没有该批次的订单：{folder}";
    FOLDER_DAMAGED = "{file} is not what was written: {why}", "{file} 已不是写入时的内容：{why}";
    NO_FOLDER_HINT = "bring the folder back from where journal and batches were moved to, or from a backup",
        "请从移走的位置或备份中恢复该目录";

    COLUMN_BATCH = "batch", "批次";
    COLUMN_NAME = "name", "名称";
    COLUMN_LABELS = "labels", "张数";
    COLUMN_WAITING = "waiting", "待打印";
    COLUMN_CHANGED = "last change (UTC+8)", "最近变化（北京时间）";
    STATUS_NONE = "no batch was planned within {days} days: {file}", "{days} 天内没有批次：{file}";
    STATUS_BATCH = "{batch}{name}: labels {count}", "{batch}{name}：{count} 张";
    STATUS_TIMES = "planned {planned}, first sent {started}, last change {changed} (UTC+8)",
        "建立于 {planned}，开始发送 {started}，最近变化 {changed}（北京时间）";
    STATUS_COUNTS = "  {counts}", "  {counts}";
    STATUS_PRINTER = "  {printer}: {counts}", "  {printer}：{counts}";
    STATUS_PAPER = "  on paper or perhaps: {first} to {last}; times sent: {attempts}; reprints: {reprints}",
        "  已打印或可能已打印：{first} 至 {last}；发送 {attempts} 次；补打 {reprints} 次";
    STATUS_UNKNOWN = "nobody can tell whether these were printed: {count}", "无法确定是否已打印：{count} 张";
    STATUS_FAILED = "surely not printed, with an error: {count}", "确定未打印（出错）：{count} 张";
    STATUS_WAITING = "surely not printed, waiting: {numbers}", "确定未打印（等待中）：{numbers}";
    ADVICE_SENDING = "labels are being sent; if no process does so any more, miandan resume {batch} finds out what is known of them",
        "有面单正在发送；如果发送进程已经结束，请用 miandan resume {batch} 处理";
    ADVICE_UNKNOWN = "look at the paper, then: miandan settle {batch} NUMBER --printed (or --not-printed) --operator NAME --reason TEXT; or go on behind the last good label: miandan resume {batch} --from NUMBER",
        "请先查看纸面，再用 miandan settle {batch} 编号 --printed（或 --not-printed）--operator 姓名 --reason 原因 确认；或从最后一张完好面单之后继续：miandan resume {batch} --from 编号";
    ADVICE_WAITING = "miandan resume {batch} prints what surely was not printed", "miandan resume {batch} 可继续打印确定未打印的面单";
    INTERRUPTED = "interrupted", "发送中断";
    NOT_CONFIRMED = "not confirmed", "打印机未确认";
    COPY = "copy {copy}", "补打 {copy}";
    COMMA = ", ", "，";

    SETTLED_PRINTED = "{batch}: labels {count} are printed, says {operator}", "{batch}：{operator} 确认 {count} 张已打印";
    SETTLED_NOT = "{batch}: labels {count} are not printed, says {operator}; miandan resume {batch} prints them",
        "{batch}：{operator} 确认 {count} 张未打印；可用 miandan resume {batch} 打印";
    OTHER_BATCH = "label {number} is not of batch {batch}", "面单 {number} 不属于批次 {batch}";
    OTHER_BATCH_HINT = "one command is for labels of one batch", "一次命令只能处理一个批次的面单";

    SCAN_MISSING = "missing: {number}, waybill {waybill} ({state})", "缺少：{number}，运单 {waybill}（{state}）";
    SCAN_UNEXPECTED = "scanned, and surely not printed: {number}, waybill {waybill} ({state})",
        "扫到了确定未打印的面单：{number}，运单 {waybill}（{state}）";
    SCAN_DOUBLE = "scanned too often: waybill {waybill}, by {extra}", "重复扫描：运单 {waybill}，多 {extra} 次";
    SCAN_FOREIGN = "not of this batch: {scan}", "不属于本批次：{scan}";
    SCAN_TOTAL = "{batch}: as it should be {matched}, missing {missing}, double {double}, foreign {foreign}, not printed {unexpected}",
        "{batch}：相符 {matched}，缺少 {missing}，重复 {double}，外来 {foreign}，未打印 {unexpected}";
    SCAN_CONFIRMED = "confirmed by scan now: {count}", "本次按扫描确认：{count} 张";
    NO_SCANS = "nothing was scanned in {file}", "{file} 中没有扫描结果";
    NO_SCANS_HINT = "one waybill number a line, or CSV with the waybill numbers in its first column", "每行一个运单号，或第一列为运单号的 CSV";
    SCANS_LONG = "{file} is longer than 16 MiB", "{file} 超过 16 MiB";
    SCANS_NO_TEXT = "{file} is neither UTF-8 nor GB18030", "{file} 既不是 UTF-8 也不是 GB18030";

    LIST_FORM = "{file} ends neither in .pdf nor in .csv", "{file} 的后缀不是 .pdf 或 .csv";
    LIST_FORM_HINT = "name it so, or leave --out away for CSV on standard output", "请使用这两种后缀；不写 --out 则把 CSV 输出到标准输出";
    LIST_FAILED = "the list of batch {batch} cannot be made: {why}", "无法生成批次 {batch} 的清单：{why}";
    LIST_WRITTEN = "lines: {count} → {file}", "{count} 行 → {file}";

    WHOLE = "{file}: events {events}; everything is what was written", "{file}：{events} 个事件，全部与写入时一致";
    NOT_WHOLE = "{file}: events {events}; faults found: {count}", "{file}：{events} 个事件，发现 {count} 处异常";
    AND_MORE = "and perhaps more: no more than {count} are listed", "可能还有更多：最多列出 {count} 处";
    HEAD = "head {head}", "链头 {head}";
    NOTE_CLOCK = "event {event}: the clock had been set back by {seconds} s; no damage", "事件 {event}：时钟曾回拨 {seconds} 秒，不属于损坏";
    FOUND_FILE = "the file itself: {why}", "文件本身：{why}";
    FOUND_SCHEMA = "{name} is not as it was made", "{name} 与建立时不同";
    FOUND_GAP = "event {expected} is missing: {found} comes in its place", "缺少事件 {expected}，其位置上是 {found}";
    FOUND_CHANGED = "event {event} was changed, or put there", "事件 {event} 被改动或插入";
    FOUND_NO_EVENT = "event {event} is none", "事件 {event} 无法识别";
    FOUND_IMPOSSIBLE = "event {event} cannot have happened: {why}", "事件 {event} 不可能发生：{why}";
    FOUND_ROW_MISSING = "a row of {table} is missing: {key}", "{table} 缺少一行：{key}";
    FOUND_ROW_EXTRA = "a row of {table} was put there: {key}", "{table} 多出一行：{key}";
    FOUND_ROW_CHANGED = "a row of {table} was changed: {key}", "{table} 有一行被改动：{key}";
    FOUND_HEAD = "the head {head} is not in this journal: its end was cut off, or it is another one",
        "链头 {head} 不在此日志中：日志末尾被截断，或这是另一份日志";

    FIELD_OPERATOR = "the operator", "操作员";
    FIELD_REASON = "the reason", "原因";
    FIELD_NAME = "the name of the batch", "批次名称";
    PROBLEM_EMPTY = "it is empty", "为空";
    PROBLEM_LONG = "it has more than {most} characters", "超过 {most} 个字符";
    PROBLEM_CONTROL = "it has a control character", "含有控制字符";
    PROBLEM_NUMBER = "it reads as a running number", "形如编号";

    PLANNED = "planned", "待打印";
    RENDERED = "rendered", "已生成";
    SENDING = "sending", "发送中";
    SENT = "sent", "已发送";
    CONFIRMED = "confirmed", "已确认";
    UNKNOWN = "unknown", "不明";
    FAILED = "failed", "失败";
}
