//! `docs/cli.md` and `docs/cli.zh-CN.md`, from the same definitions as the help.
//!
//! A test holds the files against what is written here; `UPDATE_SNAPSHOTS=1 cargo test` rewrites them.

use std::fmt::Write;
use std::path::Path;

use clap::{Arg, Command};

use crate::help;
use crate::language::{Language, Text};

const INTRODUCTION: Text = Text {
    en: "# The command line\n\n\
         Standard output is data, standard error is talk.\n\
         `--json` on every command gives JSON, one object or one event a line; that form is stable and never translated.\n\
         One bad order never stops a batch.\n\
         This page is made from the definitions of the program.\n",
    zh: "# 命令行\n\n\
         标准输出是数据，标准错误是提示。\n\
         每个命令加 `--json` 都输出 JSON：一个对象，或每行一个事件；格式稳定，不随语言变化。\n\
         一个坏订单不会中断整批。\n\
         本页由程序的定义生成。\n",
};

const EXITS: Text = Text {
    en: "\n## Exit codes\n\n\
         | Code | Means |\n|---|---|\n\
         | 0 | everything was done |\n\
         | 1 | a defect of Miandan |\n\
         | 2 | the command line or a configuration file makes no sense |\n\
         | 3 | the input cannot be read; nothing was printed |\n\
         | 4 | some labels failed, the output cannot be written, or a journal is damaged |\n\
         | 5 | a printer is not there, or takes no labels |\n\
         | 6 | a key, a signature or the sandbox was refused |\n\
         | 7 | the same order stands in the input twice, or is in the journal already |\n\
         | 8 | what was scanned is not what was printed |\n\
         | 130 | interrupted; nothing half-written is left |\n",
    zh: "\n## 退出码\n\n\
         | 退出码 | 含义 |\n|---|---|\n\
         | 0 | 全部完成 |\n\
         | 1 | 本软件的缺陷 |\n\
         | 2 | 命令行或配置文件有误 |\n\
         | 3 | 输入无法读取，什么也没有打印 |\n\
         | 4 | 部分面单失败，输出无法写入，或打印日志已损坏 |\n\
         | 5 | 打印机不可用 |\n\
         | 6 | 密钥、签名或沙箱被拒绝 |\n\
         | 7 | 输入中有重复的订单，或打印日志中已有该订单 |\n\
         | 8 | 扫描结果与打印不符 |\n\
         | 130 | 被中断；没有留下写了一半的文件 |\n",
};

const OPTION: Text = Text { en: "Option", zh: "选项" };
const MEANING: Text = Text { en: "Meaning", zh: "含义" };

/// The page in a language.
fn page(language: Language) -> String {
    let mut command = help::command(language);
    command.build();
    let mut page = INTRODUCTION.get(language).to_owned();
    section(&mut page, &command, "miandan", language);
    page.push_str(EXITS.get(language));
    page
}

fn section(page: &mut String, command: &Command, name: &str, language: Language) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut usage = command.clone().render_usage().to_string();
    usage = usage.rsplit_once(": ").map_or(usage.clone(), |(_, usage)| usage.to_owned());
    // Writing to a text cannot fail.
    let stop = if language == Language::Chinese { "。" } else { "." };
    let _ = write!(page, "\n## {name}\n\n{about}{stop}\n\n```text\n{usage}\n```\n");
    let shown = |argument: &&Arg| !argument.is_hide_set() && (name == "miandan" || !argument.is_global_set());
    let arguments: Vec<_> =
        command.get_arguments().filter(shown).filter(|argument| !is_usual(argument)).collect();
    if !arguments.is_empty() {
        let _ = write!(page, "\n| {} | {} |\n|---|---|\n", OPTION.get(language), MEANING.get(language));
    }
    for argument in arguments {
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let values: Vec<_> =
            argument.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
        let values = if values.is_empty() || !argument.get_action().takes_values() {
            String::new()
        } else {
            format!(" ({})", values.join(", "))
        };
        let _ = writeln!(page, "| `{}` | {help}{values} |", argument.to_string().replace('|', "\\|"));
    }
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        section(page, sub, &format!("{name} {}", sub.get_name()), language);
    }
}

/// `--help` and `--version` need no row of their own.
fn is_usual(argument: &Arg) -> bool {
    matches!(argument.get_id().as_str(), "help" | "version")
}

#[test]
fn the_pages_are_those_of_the_program() {
    for (language, file) in [(Language::English, "cli.md"), (Language::Chinese, "cli.zh-CN.md")] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
        let page = page(language);
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, &page).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == page,
            "docs/{file} is not what the program says: UPDATE_SNAPSHOTS=1 cargo test -p miandan"
        );
    }
}
