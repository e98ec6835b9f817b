//! What went wrong, as a number and a name that never change: what programs in other languages are answered.

use std::fmt;

use miandan_core::code::{Code, Meaning};
use miandan_core::pipe::Failure;
use miandan_journal::JournalError;

use crate::batch::PrintError;
use crate::component::{FontError, StartError, TemplateError};
use crate::delivery::PrinterError;
use crate::locate::NotFound;
use crate::options::UnreadableFile;
use crate::orders::OrdersError;
use crate::output::OutputError;
use crate::printer::ProfileFileError;
use crate::station::{LabelError, PersonError, RequestError, StationError, WarmError};

macro_rules! statuses {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $name:literal ($en:literal, $zh:literal),)+) => {
        /// What became of a call: of its order, as a [`Code`] with the same number, or of the call itself, from 101.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Status {
            /// It was done: 0.
            Ok,
            /// An order, a key, a template or the sandbox was refused: 1 to 99, the number of the code.
            Refused(Code),
            $($(#[$doc])* $variant,)+
        }

        impl Status {
            /// Those that are no codes, in the order of their numbers.
            pub const OTHERS: &'static [Status] = &[$(Status::$variant,)+];

            /// The number, which never changes.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self {
                    Status::Ok => 0,
                    Status::Refused(code) => code.number() as i32,
                    $(Status::$variant => $number,)+
                }
            }

            /// The name, which never changes and is never translated.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    Status::Ok => "OK",
                    Status::Refused(code) => code.as_str(),
                    $(Status::$variant => $name,)+
                }
            }

            /// What it means, for people, in both languages.
            #[must_use]
            pub const fn meaning(self) -> Meaning {
                match self {
                    Status::Ok => Meaning { en: "it was done", zh: "已完成" },
                    Status::Refused(code) => code.meaning(),
                    $(Status::$variant => Meaning { en: $en, zh: $zh },)+
                }
            }
        }
    };
}

statuses! {
    /// An argument that means nothing: null, an empty text, a number out of its range.
    BadArgument = 101 "BAD_ARGUMENT" ("an argument means nothing", "参数无效"),
    /// A handle that was freed, or is of another kind, or never was one.
    BadHandle = 102 "BAD_HANDLE" ("the handle was freed or is of another kind", "句柄已释放或类型不符"),
    /// A text that is not UTF-8.
    NotUnicode = 103 "NOT_UNICODE" ("a text is not UTF-8", "文本不是UTF编码"),
    /// There is no print component where it was looked for.
    ComponentMissing = 110 "COMPONENT_MISSING" ("the print component was not found", "未找到打印组件"),
    /// The print component is of another version.
    ComponentVersion = 111 "COMPONENT_VERSION" ("the print component is of another version", "打印组件版本不符"),
    /// The print component could not be started, or ended before its time.
    ComponentFailed = 112 "COMPONENT_FAILED" ("the print component does not run", "打印组件无法运行"),
    /// The print service does not run, or may not be connected to.
    ServiceUnreachable = 113 "SERVICE_UNREACHABLE" ("the print service cannot be reached", "无法连接打印服务"),
    /// A file cannot be read.
    Unreadable = 120 "UNREADABLE" ("a file cannot be read", "文件无法读取"),
    /// There is no order in the input.
    NoOrders = 121 "NO_ORDERS" ("there are no orders in the input", "输入中没有订单"),
    /// The output cannot be written.
    Unwritable = 122 "UNWRITABLE" ("the output cannot be written", "输出无法写入"),
    /// A font cannot be used.
    FontRefused = 123 "FONT_REFUSED" ("a font cannot be used", "字体无法使用"),
    /// There is no such printer, or its place or its profile makes no sense.
    PrinterUnknown = 130 "PRINTER_UNKNOWN" ("there is no such printer", "没有该打印机"),
    /// The printer cannot print labels of this size.
    PrinterUnfit = 131 "PRINTER_UNFIT" ("the printer cannot print labels of this size", "打印机不支持该面单尺寸"),
    /// The printer takes nothing; surely nothing of the label was sent.
    PrinterUnavailable = 132 "PRINTER_UNAVAILABLE" ("the printer takes nothing", "打印机不可用"),
    /// The label may be on paper, and nobody can tell: a person has to look.
    Uncertain = 133 "UNCERTAIN" ("the label may have been printed", "面单可能已打印，请人工确认"),
    /// The journal has the label already.
    Duplicate = 134 "DUPLICATE" ("the label was printed already", "面单已打印过"),
    /// The waybill was printed with something else on the label.
    Conflict = 135 "CONFLICT" ("the waybill was printed with other content", "该运单曾以不同内容打印"),
    /// The label is on its way to a printer.
    InFlight = 136 "IN_FLIGHT" ("the label is being printed", "面单正在打印"),
    /// The label waited for its printer for too long; surely nothing of it was sent.
    WaitedTooLong = 137 "WAITED_TOO_LONG" ("the label waited for too long", "面单等待超时"),
    /// Too many labels wait.
    Busy = 138 "BUSY" ("too many labels wait", "等待打印的面单过多"),
    /// The order is not in memory any more, so its label cannot be made again.
    OrderGone = 139 "ORDER_GONE" ("the order is not in memory any more", "订单已不在内存中"),
    /// There is no label of this number.
    LabelUnknown = 140 "LABEL_UNKNOWN" ("there is no such label", "没有该面单"),
    /// Of the label there is no doubt, or not any more.
    NoDoubt = 141 "NO_DOUBT" ("there is no doubt about the label", "该面单状态明确"),
    /// The template shows personal fields, and the data is in clear.
    PersonalTemplate = 142 "PERSONAL_TEMPLATE" ("the template shows personal fields", "模板含个人信息字段"),
    /// The journal cannot be read or written, or refuses.
    JournalFailed = 150 "JOURNAL_FAILED" ("the journal cannot be used", "打印日志无法使用"),
    /// The journal is in use by another process.
    JournalInUse = 151 "JOURNAL_IN_USE" ("the journal is in use by another process", "打印日志正被其他程序使用"),
    /// It was cancelled.
    Cancelled = 160 "CANCELLED" ("it was cancelled", "已取消"),
    /// The station is stopping; surely nothing of the label was sent.
    Stopping = 161 "STOPPING" ("the station is stopping", "打印站正在停止"),
    /// There is nothing more.
    End = 170 "END" ("there is nothing more", "没有更多内容"),
    /// Nothing happened within the time.
    Nothing = 171 "NOTHING" ("nothing happened within the time", "规定时间内无事件"),
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error that has a status. Its message says more than the status, and nothing personal either.
pub trait Fault: std::error::Error {
    /// The status.
    fn status(&self) -> Status;
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        Status::Refused(failure.code)
    }
}

impl Fault for NotFound {
    fn status(&self) -> Status {
        Status::ComponentMissing
    }
}

impl Fault for UnreadableFile {
    fn status(&self) -> Status {
        Status::Unreadable
    }
}

impl Fault for StartError {
    fn status(&self) -> Status {
        match self {
            StartError::Spawn(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Status::ComponentMissing
            }
            StartError::Spawn(_) | StartError::Died { .. } => Status::ComponentFailed,
            StartError::Connect(_) => Status::ServiceUnreachable,
            StartError::Refused { code, .. } => Status::Refused(*code),
            StartError::Protocol { .. } => Status::ComponentVersion,
        }
    }
}

impl Fault for TemplateError {
    fn status(&self) -> Status {
        match self {
            TemplateError::Refused { code, .. } => Status::Refused(*code),
            TemplateError::Died(_) => Status::ComponentFailed,
        }
    }
}

impl Fault for FontError {
    fn status(&self) -> Status {
        match self {
            FontError::Refused(_) => Status::FontRefused,
            FontError::Died(_) => Status::ComponentFailed,
        }
    }
}

impl Fault for PrintError {
    fn status(&self) -> Status {
        match self {
            PrintError::Start(error) => error.status(),
            PrintError::Font { error, .. } => error.status(),
            PrintError::Template(error) => error.status(),
            PrintError::Printer(_) => Status::PrinterUnfit,
            PrintError::UnknownOrder { .. } => Status::BadArgument,
            PrintError::Orders(_) => Status::Unreadable,
            PrintError::Output(error) => error.status(),
            PrintError::Component => Status::ComponentFailed,
            PrintError::Cancelled => Status::Cancelled,
        }
    }
}

impl Fault for OrdersError {
    fn status(&self) -> Status {
        match self {
            OrdersError::Read(_) => Status::Unreadable,
            OrdersError::Spool(_) => Status::Unwritable,
            OrdersError::Empty => Status::NoOrders,
        }
    }
}

impl Fault for OutputError {
    fn status(&self) -> Status {
        Status::Unwritable
    }
}

impl Fault for PrinterError {
    fn status(&self) -> Status {
        Status::PrinterUnknown
    }
}

impl Fault for ProfileFileError {
    fn status(&self) -> Status {
        Status::PrinterUnknown
    }
}

impl Fault for JournalError {
    fn status(&self) -> Status {
        match self {
            JournalError::Locked | JournalError::BatchBusy(_) => Status::JournalInUse,
            _ => Status::JournalFailed,
        }
    }
}

impl Fault for WarmError {
    fn status(&self) -> Status {
        match self {
            WarmError::Start(error) => error.status(),
            WarmError::Font(_, error) => error.status(),
            WarmError::Died => Status::ComponentFailed,
        }
    }
}

impl Fault for StationError {
    fn status(&self) -> Status {
        match self {
            StationError::Component(error) => error.status(),
            StationError::Journal(error) => error.status(),
            StationError::SameName(_) => Status::BadArgument,
            StationError::Threads(_) => Status::ComponentFailed,
        }
    }
}

impl Fault for RequestError {
    fn status(&self) -> Status {
        match self {
            RequestError::UnknownPrinter => Status::PrinterUnknown,
            RequestError::Busy => Status::Busy,
            RequestError::Stopping => Status::Stopping,
            RequestError::Journal(error) => error.status(),
        }
    }
}

impl Fault for LabelError {
    fn status(&self) -> Status {
        match self {
            LabelError::Refused(failure) => Status::from(*failure),
            LabelError::Template { code, .. } => Status::Refused(*code),
            LabelError::PersonalTemplate => Status::PersonalTemplate,
            LabelError::Unfit(_) => Status::PrinterUnfit,
            LabelError::Duplicate(_) => Status::Duplicate,
            LabelError::InFlight => Status::InFlight,
            LabelError::Conflict(_) | LabelError::NumberTaken(_) => Status::Conflict,
            LabelError::UsedUp { .. } => Status::Refused(Code::PrintLimit),
            LabelError::Printer(_) => Status::PrinterUnavailable,
            LabelError::Uncertain(_) => Status::Uncertain,
            LabelError::Expired => Status::WaitedTooLong,
            LabelError::Stopping => Status::Stopping,
            LabelError::Component => Status::ComponentFailed,
            LabelError::Journal(error) => error.status(),
        }
    }
}

impl Fault for PersonError {
    fn status(&self) -> Status {
        match self {
            PersonError::UnknownLabel => Status::LabelUnknown,
            PersonError::UnknownPrinter => Status::PrinterUnknown,
            PersonError::OrderGone => Status::OrderGone,
            PersonError::InFlight => Status::InFlight,
            PersonError::NotUnknown => Status::NoDoubt,
            PersonError::Stopping => Status::Stopping,
            PersonError::Journal(error) => error.status(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io;

    use super::*;

    #[test]
    fn numbers_and_names_are_of_one_status_each() {
        let codes = Code::ALL.iter().map(|&code| Status::Refused(code));
        let all: Vec<_> =
            [Status::Ok].into_iter().chain(codes).chain(Status::OTHERS.iter().copied()).collect();
        let numbers: BTreeSet<_> = all.iter().map(|status| status.number()).collect();
        let names: BTreeSet<_> = all.iter().map(|status| status.as_str()).collect();
        assert_eq!((numbers.len(), names.len()), (all.len(), all.len()));
        assert!(Code::ALL.iter().all(|code| code.number() < 100), "codes end before the others begin");
        for status in Status::OTHERS {
            let Meaning { en, zh } = status.meaning();
            assert!(status.number() > 100 && en.is_ascii() && !zh.is_ascii(), "{status}");
            assert!(!en.ends_with('.') && !zh.ends_with('。'), "{status}");
        }
    }

    #[test]
    fn a_refusal_has_the_number_of_its_code_however_deep_it_is() {
        let refused = || StartError::Refused {
            code: Code::UnknownKey,
            subject: miandan_core::pipe::Subject::Key(0),
            said: String::new(),
        };
        assert_eq!(PrintError::Start(refused()).status().number(), i32::from(Code::UnknownKey.number()));
        assert_eq!(StationError::Component(WarmError::Start(refused())).status().as_str(), "UNKNOWN_KEY");
        assert_eq!(LabelError::UsedUp { most: 1 }.status(), Status::Refused(Code::PrintLimit));
        let missing = StartError::Spawn(io::ErrorKind::NotFound.into());
        assert_eq!(missing.status(), Status::ComponentMissing);
        assert_eq!(StartError::Protocol { found: 3 }.status(), Status::ComponentVersion);
    }
}
