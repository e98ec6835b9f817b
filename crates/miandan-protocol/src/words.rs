//! What people are told, in both languages. No message has anything of a client in it.

use miandan_core::Code;
use miandan_core::calendar::civil;
use miandan_core::code::Meaning;

/// The language of the texts in answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese, as the clients of all these platforms expect.
    #[default]
    Chinese,
    /// English.
    English,
}

/// A message in both languages. `{name}` stands for a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    en: &'static str,
    zh: &'static str,
}

impl Text {
    /// The message without values.
    pub(super) const fn get(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }

    /// The message with its values. A value is put in once, so that nothing in it is taken for a place.
    pub(super) fn fill(self, language: Language, values: &[(&str, &str)]) -> String {
        let mut text = String::new();
        let mut rest = self.get(language);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            text.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
            rest = after;
        }
        text + rest
    }
}

macro_rules! texts {
    ($($name:ident = $en:literal, $zh:literal;)+) => {
        $(pub(super) const $name: Text = Text { en: $en, zh: $zh };)+

        #[cfg(test)]
        const ALL: &[(&str, Text)] = &[$((stringify!($name), $name),)+];
    };
}

texts! {
    NO_DOCUMENTS = "the task has no documents", "任务中没有文档";
    FOREIGN = "this data is encrypted for another component and cannot be read here",
        "该数据由其他平台加密，本组件无法解密";
    MALFORMED = "the message is not valid", "消息格式有误";
    UNKNOWN_COMMAND = "there is no such command", "不支持的命令";
    MISSING = "{name} is missing or not as it should be", "缺少 {name}，或其内容不符合要求";
    TOO_MANY = "a task has at most {most} documents", "一个任务最多包含 {most} 个文档";
    UNSUPPORTED = "this component does not do that", "本组件不提供此功能";
    UNKNOWN_PRINTER = "there is no such printer", "无效的打印机";
    UNKNOWN_TEMPLATE = "the station has no template of this address", "本打印站没有该地址对应的模板";
    PLAIN_REFUSED = "this station prints no personal data in clear", "本打印站不打印明文个人信息";
    DUPLICATE = "printed already: label {number}, {when}, {printer}", "已打印过：面单 {number}，{when}，{printer}";
    CONFLICT = "label {number} has the same waybill number and other content",
        "运单号与面单 {number} 相同，但内容不同";
    IN_FLIGHT = "it is being printed at this moment", "正在打印中";
    TOO_LONG = "the message is too long", "消息过长";
    PRINTER = "the printer takes no labels: {why}", "打印机无法接收面单：{why}";
    UNCERTAIN = "it may have been printed; look at the printer before it is printed again: {why}",
        "可能已经打出，请先到打印机旁查看，再决定是否重新打印：{why}";
    EXPIRED = "it waited for too long and was not printed", "等待时间过长，未打印";
    BUSY = "too much is waiting; try again later", "等待打印的任务过多，请稍后再试";
    STOPPING = "the component is stopping; this was not printed", "组件正在退出，未打印";
    STATION = "something is wrong with this station; it was not printed", "打印站出现故障，未打印";
    REFUSED = "{why} ({code})", "{why}（{code}）";
    NO_SUCH_TASK = "there is no such task", "没有该任务";
    NO_SUCH_DOCUMENT = "there is no such document", "没有该文档";
}

/// What a code means.
pub(super) const fn code(code: Code) -> Text {
    let Meaning { en, zh } = code.meaning();
    Text { en, zh }
}

/// China Standard Time, in milliseconds: what all these components run on, and what their clients show unchanged.
const CHINA: u64 = 8 * 3_600_000;

/// A time since 1970 in milliseconds, to the minute: `2026-11-11 08:00`.
pub(super) fn minute(milliseconds: u64) -> String {
    let mut text = moment(milliseconds);
    text.truncate(text.len() - 7);
    text
}

/// A time since 1970 in milliseconds, as `yyyy-MM-dd HH:mm:ss.SSS`.
pub(super) fn moment(milliseconds: u64) -> String {
    let time = milliseconds.saturating_add(CHINA);
    let (year, month, day) = civil(time / 86_400_000);
    let (hour, minute, second) = (time / 3_600_000 % 24, time / 60_000 % 60, time / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{:03}", time % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_values() {
        let names = |text: &str| {
            let mut names: Vec<String> =
                text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect();
            names.sort();
            names
        };
        for (name, text) in ALL {
            assert_eq!(names(text.en), names(text.zh), "{name}");
            assert!(text.zh.chars().any(|char| char > '\u{2e80}') || *name == "REFUSED", "{name}");
        }
    }

    #[test]
    fn times_are_those_of_china() {
        assert_eq!(moment(0), "1970-01-01 08:00:00.000");
        assert_eq!(minute(1_794_355_200_000), "2026-11-11 08:00");
        assert!(moment(u64::MAX).len() > 20);
    }

    #[test]
    fn a_value_is_no_place() {
        assert_eq!(
            PRINTER.fill(Language::English, &[("why", "{why}")]),
            "the printer takes no labels: {why}"
        );
    }
}
