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

    PLANNED = "planned", "待打印";
    RENDERED = "rendered", "已生成";
    SENDING = "sending", "发送中";
    SENT = "sent", "已发送";
    CONFIRMED = "confirmed", "已确认";
    UNKNOWN = "unknown", "不明";
    FAILED = "failed", "失败";
}
