//! Chinese or English, by the option, else by the locale.

use std::env;
use std::fmt::Display;

use crate::args::LanguageName;

/// The language of messages for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    /// The language of the option, else that of `LC_ALL`, `LC_MESSAGES` or `LANG` (POSIX.1-2017, 8.2), else English.
    pub fn choose(option: Option<LanguageName>) -> Self {
        match option {
            Some(LanguageName::En) => Language::English,
            Some(LanguageName::Zh) => Language::Chinese,
            None => {
                let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                    .iter()
                    .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
                if locale.is_some_and(|locale| locale.starts_with("zh")) {
                    Language::Chinese
                } else {
                    Language::English
                }
            }
        }
    }
}

/// What the options say of language and form, before they are parsed. What a machine reads is never translated.
pub fn foresee(typed: impl Iterator<Item = String>) -> (Language, bool) {
    let (mut option, mut json, mut follows) = (None, false, false);
    for argument in typed {
        let value = if follows { Some(argument.as_str()) } else { argument.strip_prefix("--lang=") };
        option = match value {
            Some("zh") => Some(LanguageName::Zh),
            Some("en") => Some(LanguageName::En),
            _ => option,
        };
        follows = argument == "--lang";
        json |= argument == "--json";
    }
    (if json { Language::English } else { Language::choose(option) }, json)
}

/// A message in both languages. `{name}` stands for a value.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub en: &'static str,
    pub zh: &'static str,
}

impl Text {
    /// The message without values.
    pub fn get(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Chinese => self.zh,
        }
    }

    /// The message with its values put in.
    pub fn fill(self, language: Language, values: &[(&str, &dyn Display)]) -> String {
        let mut filled = String::new();
        let mut rest = self.get(language);
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            let close = rest[open..].find('}').map_or(rest.len(), |offset| open + offset);
            let name = &rest[open + 1..close];
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => filled.push_str(&value.to_string()),
                None => filled.push_str(&rest[open..rest.len().min(close + 1)]),
            }
            rest = &rest[rest.len().min(close + 1)..];
        }
        filled.push_str(rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_known_before_the_options_are_parsed() {
        let foresee = |words: &str| foresee(words.split(' ').map(str::to_owned));
        assert_eq!(foresee("print --lang zh x"), (Language::Chinese, false));
        assert_eq!(foresee("--lang=zh doctor").0, Language::Chinese);
        assert_eq!(foresee("--lang zh --json doctor"), (Language::English, true));
        assert_eq!(foresee("--lang en"), (Language::English, false));
    }

    #[test]
    fn values_are_put_in() {
        let text = Text { en: "{count} labels in {file}", zh: "{file}：{count} 张" };
        let values: [(&str, &dyn Display); 2] = [("count", &3), ("file", &"{count}.pdf")];
        assert_eq!(text.fill(Language::English, &values), "3 labels in {count}.pdf");
        assert_eq!(text.fill(Language::Chinese, &values), "{count}.pdf：3 张");
        assert_eq!(Text { en: "{odd", zh: "" }.fill(Language::English, &values), "{odd");
    }
}
