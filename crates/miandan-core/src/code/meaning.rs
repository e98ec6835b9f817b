//! What each code means, as people are told it wherever they meet it: on the command line and by a client of a station.

use super::Code;

/// What a code means, in both languages: the end of a sentence that begins with what is refused. Nothing of an order is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Code {
    /// What the code means.
    #[must_use]
    pub const fn meaning(self) -> Meaning {
        let (en, zh) = match self {
            Code::Malformed => ("this is not a sealed order", "不是密封订单"),
            Code::Limit => ("a limit of the format is passed", "超出格式限制"),
            Code::UnsupportedSuite => {
                ("this version does not have its cipher suite", "当前版本不支持其密码套件")
            }
            Code::UnknownIssuer => (
                "its issuer is not trusted, or not for this merchant, or not at this time",
                "签发方不受信任，或其信任范围不含该商家、不在有效期内",
            ),
            Code::BadSignature => ("its signature does not hold", "签名无效"),
            Code::UnknownKey => ("it is not sealed to this station", "不是密封给本打印站的"),
            Code::AuthFailed => ("it cannot be opened", "无法解密"),
            Code::NotYetValid => ("its authorisation is not valid yet", "授权尚未生效"),
            Code::Expired => ("its authorisation has run out", "授权已过期"),
            Code::WrongAudience => {
                ("this station does not print for its merchant", "本打印站未获准为该商家打印")
            }
            Code::WrongStation => ("it is for another station", "指定了其他打印站"),
            Code::WrongPurpose => ("it was not sealed for printing", "不是为打印而密封的"),
            Code::Withdrawn => ("the person withdrew the authorisation", "本人已撤回授权"),
            Code::StaleStatus => ("the status list is missing or too old", "状态列表缺失或已过时"),
            Code::PrintLimit => {
                ("it was printed as often as its issuer allows", "已达到签发方允许的打印次数")
            }
            Code::TemplateRefused => ("the template cannot be drawn", "模板无法绘制"),
            Code::FieldMissing => ("it lacks a field that the template needs", "缺少模板所需的字段"),
            Code::FieldNotPrintable => {
                ("the template names a field that is never printed", "模板引用了禁止打印的字段")
            }
            Code::GlyphMissing => ("no font has one of its characters", "字体中没有其中某个字"),
            Code::SandboxUnavailable => {
                ("the sandbox could not be put up, so no key was read", "无法建立沙箱，因此未读取密钥")
            }
            Code::Traced => {
                ("the component was being traced, so no key was read", "打印组件正被跟踪，因此未读取密钥")
            }
            Code::Internal => {
                ("the component failed; this is a defect of Miandan", "打印组件出错，这是本软件的缺陷")
            }
        };
        Meaning { en, zh }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_means_something_of_its_own_in_both_languages() {
        let mut all: Vec<_> = Code::ALL.iter().map(|code| code.meaning()).collect();
        for Meaning { en, zh } in &all {
            assert!(en.is_ascii() && en.len() > 10 && !en.ends_with('.'), "{en}");
            assert!(zh.chars().all(|char| char > '\u{2e80}' || char == ' '), "{zh}");
        }
        all.sort_unstable_by_key(|meaning| meaning.en);
        assert!(all.windows(2).all(|pair| pair[0].en != pair[1].en && pair[0].zh != pair[1].zh));
    }
}
