//! The help, and what is wrong with a command line, in both languages.
//!
//! The English texts stand at the definitions in `args.rs`; the Chinese ones stand here beside them, and a test sees
//! to it that none is missing.

mod chinese;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};

use chinese::HELP;

use crate::args::Arguments;
use crate::exit::{Exit, Failure};
use crate::language::{Language, Text};

/// The command line, with its help in a language.
pub fn command(language: Language) -> Command {
    let command = Arguments::command();
    if language == Language::English { command } else { translate(command) }
}

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

fn translate(mut command: Command) -> Command {
    command.build();
    translate_built(command)
}

fn translate_built(mut command: Command) -> Command {
    let about = command.get_about().map(|about| chinese(&about.to_string()));
    if let Some(about) = about {
        command = command.about(about.clone()).long_about(about);
    }
    command = command.help_template(TEMPLATE).subcommand_help_heading("命令");
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, translate_built);
    }
    command.mut_args(|argument| {
        let heading = if argument.is_positional() { "参数" } else { "选项" };
        match argument.get_help().map(ToString::to_string) {
            Some(help) => {
                let help = chinese(&help);
                argument.help(help.clone()).long_help(help).help_heading(heading)
            }
            None => argument.help_heading(heading),
        }
    })
}

fn chinese(english: &str) -> String {
    let found = HELP.iter().find(|(en, _)| *en == english);
    found.map_or(english, |(_, zh)| zh).to_owned()
}

/// What is wrong with a command line, with the way out. `None` for what is no error, such as `--help`.
pub fn usage_failure(language: Language, error: &clap::Error) -> Option<Failure> {
    if !error.use_stderr() {
        return None;
    }
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let (text, values) = match error.kind() {
        ErrorKind::UnknownArgument => (UNKNOWN, vec![argument]),
        ErrorKind::InvalidSubcommand => (UNKNOWN_COMMAND, vec![context(ContextKind::InvalidSubcommand)]),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            (NO_COMMAND, vec![])
        }
        ErrorKind::MissingRequiredArgument => (MISSING, vec![argument]),
        ErrorKind::ArgumentConflict => (CONFLICT, vec![argument, context(ContextKind::PriorArg)]),
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            (NO_VALUE, vec![argument])
        }
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => {
            (NO_VALUE, vec![argument])
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            (BAD_VALUE, vec![argument, context(ContextKind::InvalidValue)])
        }
        ErrorKind::InvalidUtf8 => (NOT_TEXT, vec![]),
        _ => (WRONG, vec![]),
    };
    let message = fill(text.get(language), &values);
    let valid = context(ContextKind::ValidValue);
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .map(context)
        .find(|suggestion| !suggestion.is_empty());
    let hint = match near {
        Some(near) => fill(NEAR.get(language), &[near]),
        None if !valid.is_empty() => fill(POSSIBLE.get(language), &[valid]),
        None if error.kind() == ErrorKind::ValueValidation => {
            std::error::Error::source(error).map_or(String::new(), ToString::to_string)
        }
        None => SEE_HELP.get(language).to_owned(),
    };
    Some(Failure::new(Exit::Usage, "USAGE", message).hint(hint))
}

fn fill(text: &str, values: &[String]) -> String {
    values.iter().fold(text.to_owned(), |text, value| text.replacen("{}", value, 1))
}

const UNKNOWN: Text = Text { en: "there is no option {}", zh: "没有选项 {}" };
const UNKNOWN_COMMAND: Text = Text { en: "there is no command {}", zh: "没有命令 {}" };
const NO_COMMAND: Text = Text { en: "it is not said what to do", zh: "未指定命令" };
const MISSING: Text = Text { en: "missing: {}", zh: "缺少：{}" };
const CONFLICT: Text = Text { en: "{} does not go with {}", zh: "{} 不能与 {} 同时使用" };
const NO_VALUE: Text = Text { en: "{} needs a value", zh: "{} 需要一个值" };
const BAD_VALUE: Text = Text { en: "{} cannot be '{}'", zh: "{} 不能是“{}”" };
const NOT_TEXT: Text = Text { en: "an argument is not UTF-8", zh: "参数不是 UTF-8" };
const WRONG: Text = Text { en: "the command line makes no sense", zh: "命令行有误" };
const NEAR: Text = Text { en: "did you mean {}?", zh: "是否想用 {}？" };
const POSSIBLE: Text = Text { en: "possible: {}", zh: "可用的值：{}" };
const SEE_HELP: Text = Text {
    en: "miandan --help, or --help after a command",
    zh: "请看 miandan --help，或在命令后加 --help",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(command: &Command, found: &mut Vec<String>) {
        found.extend(command.get_about().map(ToString::to_string));
        for argument in command.get_arguments() {
            found.extend(argument.get_help().map(ToString::to_string));
        }
        command.get_subcommands().for_each(|sub| texts(sub, found));
    }

    #[test]
    fn every_text_of_the_help_is_translated() {
        let mut command = Arguments::command();
        command.build();
        let mut found = Vec::new();
        texts(&command, &mut found);
        let missing: Vec<_> = found.iter().filter(|text| !HELP.iter().any(|(en, _)| en == text)).collect();
        assert!(missing.is_empty(), "{missing:#?}");
        assert!(HELP.iter().all(|(_, zh)| !zh.is_empty() && !zh.is_ascii()));
    }

    #[test]
    fn both_languages_make_a_whole_command() {
        for language in [Language::English, Language::Chinese] {
            let mut command = command(language);
            let help = command.render_long_help().to_string();
            assert!(help.contains("doctor"), "{help}");
            assert_eq!(help.contains("用法"), language == Language::Chinese);
        }
    }
}
