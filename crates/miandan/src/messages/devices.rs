//! What printers say of themselves, and why one cannot be reached, in both languages. The journal and JSON have the words of
//! `miandan-device` instead, which do not change with the language.

use miandan_device::{Fault, Faults, Why};

use crate::language::{Language, Text};

texts! {
    PAPER_OUT = "out of paper", "缺纸";
    RIBBON_OUT = "out of ribbon", "缺碳带";
    HEAD_OPEN = "head open", "打印头未合上";
    COVER_OPEN = "cover open", "机盖打开";
    PAPER_JAM = "paper jam", "卡纸";
    PAUSED = "paused", "已暂停";
    OVERHEATED = "too hot or too cold", "温度异常";
    PRINTING = "printing", "正在打印";
    BUFFER_FULL = "buffer full", "缓冲区已满";
    OTHER = "another fault", "其他故障";

    CANCELLED = "cancelled", "已取消";
    EMPTY = "the label is empty", "面单为空";
    NAME_NOT_FOUND = "the name of the host is not known", "无法解析主机名";
    REFUSED = "the connection was refused", "连接被拒绝";
    UNREACHABLE = "the host cannot be reached", "无法到达主机";
    NO_CONNECTION = "no connection in time", "连接超时";
    MISSING = "it is not there", "设备或文件不存在";
    WRONG_KIND = "it is a file of another kind", "文件类型不符";
    DENIED = "access is denied", "没有访问权限";
    BUSY = "it is busy", "正被占用";
    NO_SPACE = "no space is left", "空间不足";
    NO_ANSWER = "the printer did not answer", "打印机没有应答";
    UNREADABLE = "the printer's answer makes no sense", "无法识别打印机的应答";
    FAULT = "the printer says: {faults}", "打印机报告：{faults}";
    RESET = "the printer broke the connection", "打印机中断了连接";
    CLOSED = "the printer closed the connection", "打印机关闭了连接";
    STALLED = "the printer stopped taking bytes", "打印机停止接收数据";
    NEVER_PRINTING = "the printer was never seen printing", "未见打印机开始打印";
    UNFINISHED = "the printer did not finish in time", "打印机未在限定时间内打完";
    STOPPED = "the printer is stopped", "打印机已停止";
    NOT_ACCEPTING = "the printer takes no jobs", "打印机不接收任务";
    FORMAT = "the printer does not take this form of label", "打印机不接收这种格式的面单";
    JOB_CANCELLED = "the job was cancelled", "任务被取消";
    JOB_FAILED = "the job failed", "任务失败";
    CERTIFICATE = "the printer's certificate is not trusted", "打印机证书不受信任";
    TLS = "no proper TLS was spoken", "对方的 TLS 通信不正常";
    PROTOCOL = "no proper IPP was spoken", "对方的 IPP 通信不正常";
}

/// A fault in words.
pub fn fault(fault: Fault) -> Text {
    match fault {
        Fault::PaperOut => PAPER_OUT,
        Fault::RibbonOut => RIBBON_OUT,
        Fault::HeadOpen => HEAD_OPEN,
        Fault::CoverOpen => COVER_OPEN,
        Fault::PaperJam => PAPER_JAM,
        Fault::Paused => PAUSED,
        Fault::Overheated => OVERHEATED,
        Fault::Printing => PRINTING,
        Fault::BufferFull => BUFFER_FULL,
        _ => OTHER,
    }
}

/// All of them, one after the other.
pub fn faults(language: Language, faults: Faults) -> String {
    let comma = if language == Language::Chinese { "、" } else { ", " };
    faults.iter().map(|one| fault(one).get(language)).collect::<Vec<_>>().join(comma)
}

/// A reason in words.
pub fn why(language: Language, why: &Why) -> String {
    let text = match why {
        Why::Cancelled => CANCELLED,
        Why::Empty => EMPTY,
        Why::NameNotFound => NAME_NOT_FOUND,
        Why::Refused => REFUSED,
        Why::Unreachable => UNREACHABLE,
        Why::NoConnection => NO_CONNECTION,
        Why::Missing => MISSING,
        Why::WrongKind => WRONG_KIND,
        Why::Denied => DENIED,
        Why::Busy => BUSY,
        Why::NoSpace => NO_SPACE,
        Why::NoAnswer => NO_ANSWER,
        Why::Unreadable => UNREADABLE,
        Why::Fault(said) => return FAULT.fill(language, &[("faults", &faults(language, *said))]),
        Why::Reset => RESET,
        Why::Closed => CLOSED,
        Why::Stalled => STALLED,
        Why::NeverPrinting => NEVER_PRINTING,
        Why::Unfinished => UNFINISHED,
        Why::Stopped => STOPPED,
        Why::NotAccepting => NOT_ACCEPTING,
        Why::Format => FORMAT,
        Why::JobCancelled => JOB_CANCELLED,
        Why::JobFailed => JOB_FAILED,
        Why::Certificate => CERTIFICATE,
        Why::Tls => TLS,
        Why::Protocol => PROTOCOL,
        // Numbers of IPP, and what the system says.
        other => return other.to_string(),
    };
    text.get(language).to_owned()
}

/// Every reason that is one text.
const REASONS: [Text; 26] = [
    CANCELLED,
    EMPTY,
    NAME_NOT_FOUND,
    REFUSED,
    UNREACHABLE,
    NO_CONNECTION,
    MISSING,
    WRONG_KIND,
    DENIED,
    BUSY,
    NO_SPACE,
    NO_ANSWER,
    UNREADABLE,
    RESET,
    CLOSED,
    STALLED,
    NEVER_PRINTING,
    UNFINISHED,
    STOPPED,
    NOT_ACCEPTING,
    FORMAT,
    JOB_CANCELLED,
    JOB_FAILED,
    CERTIFICATE,
    TLS,
    PROTOCOL,
];

/// A reason as the journal has it, in words for people. What is none is what a person typed, and stays so.
pub fn recorded(language: Language, reason: &str) -> String {
    if let Some(said) = reason.strip_prefix("the printer says: ") {
        let known = |word: &str| Fault::ALL.into_iter().find(|fault| fault.as_str() == word);
        if let Some(said) = said.split(", ").map(known).collect::<Option<Faults>>() {
            return why(language, &Why::Fault(said));
        }
    }
    let known = REASONS.iter().find(|text| text.en == reason);
    known.map_or(reason, |text| text.get(language)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_what_the_journal_says() {
        for reason in [
            Why::Cancelled,
            Why::Empty,
            Why::NameNotFound,
            Why::Refused,
            Why::Unreachable,
            Why::NoConnection,
            Why::Missing,
            Why::WrongKind,
            Why::Denied,
            Why::Busy,
            Why::NoSpace,
            Why::NoAnswer,
            Why::Unreadable,
            Why::Reset,
            Why::Closed,
            Why::Stalled,
            Why::NeverPrinting,
            Why::Unfinished,
            Why::Stopped,
            Why::NotAccepting,
            Why::Format,
            Why::JobCancelled,
            Why::JobFailed,
            Why::Ipp(0x0503),
            Why::Certificate,
            Why::Tls,
            Why::Protocol,
        ] {
            assert_eq!(why(Language::English, &reason), reason.to_string());
            let shown = recorded(Language::Chinese, &reason.to_string());
            assert_eq!(shown, why(Language::Chinese, &reason), "and it is read again");
        }
        let said = Why::Fault([Fault::PaperOut, Fault::CoverOpen].into_iter().collect());
        assert_eq!(why(Language::English, &said), "the printer says: out of paper, cover open");
        assert_eq!(why(Language::Chinese, &said), "打印机报告：缺纸、机盖打开");
        assert_eq!(recorded(Language::Chinese, &said.to_string()), "打印机报告：缺纸、机盖打开");
        assert_eq!(recorded(Language::Chinese, "the printer says: hello"), "the printer says: hello");
        assert_eq!(recorded(Language::Chinese, "smudged"), "smudged");
    }

    #[test]
    fn every_fault_has_its_own_words() {
        let words: std::collections::BTreeSet<_> = Fault::ALL.map(|one| fault(one).zh).into();
        assert_eq!(words.len(), Fault::ALL.len());
    }
}
