//! The help, and what is wrong with a command line, in both languages.
//!
//! The English texts stand at the definitions in `args.rs`; the Chinese ones stand here beside them, and a test sees
//! to it that none is missing.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};

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

/// Every text of the help in both languages, in the order of `args.rs`.
const HELP: &[(&str, &str)] = &[
    (
        "Prints electronic waybills (面单) from sealed orders. Names, phones and addresses are opened inside a sandboxed component only, and come out masked",
        "从密封订单打印电子面单。姓名、电话和地址只在沙箱组件内解密，输出时均已脱敏",
    ),
    (
        "Answer in JSON on standard output; the form is stable and never translated",
        "以 JSON 输出到标准输出；格式稳定，不随语言变化",
    ),
    ("Language of messages; the locale decides otherwise", "提示信息的语言；默认由系统区域设置决定"),
    ("No progress and no summary", "不显示进度和汇总"),
    (
        "The program of the print component; else MIANDAN_COMPONENT, else beside this program",
        "打印组件程序；默认取 MIANDAN_COMPONENT，再取本程序所在目录",
    ),
    ("English", "英文"),
    (
        "Shows everything at once: throw-away keys, sample orders, labels",
        "一次演示全部：一次性密钥、示例订单、面单",
    ),
    ("Prints sealed orders to a PDF or to a folder of pictures", "把密封订单打印成一个 PDF 或一个图片目录"),
    (
        "Draws labels to look at: symbols covered by the word 预览, nothing of the detail line",
        "绘制仅供查看的面单：条码上覆盖“预览”，不显示详细地址",
    ),
    (
        "Says what `print` would do: how many labels for whom, and which orders have problems",
        "列出 print 将做什么：为谁打印多少张，哪些订单有问题",
    ),
    (
        "Says what can be said of sealed orders without opening them",
        "不解密的情况下，列出密封订单里能说的信息",
    ),
    ("Makes a key file and its public part", "生成密钥文件及其公钥文件"),
    ("Seals plain orders to stations, as a platform does", "像平台一样，把明文订单密封给打印站"),
    ("Makes synthetic plain orders", "生成虚构的明文订单"),
    (
        "Masks lines of standard input, for a merchant's own exports and logs",
        "对标准输入逐行脱敏，用于商家自己的导出文件和日志",
    ),
    ("Shows the values that are in force", "显示当前生效的设置"),
    ("Lists, checks and shows templates", "列出、检查和预览模板"),
    ("Says which layers of the sandbox hold here", "显示本机沙箱各防护层的状态"),
    ("Writes the completions of a shell", "输出命令行补全脚本"),
    (
        "Writes the manual pages into a folder, or the first of them to standard output",
        "把手册页写入目录，或把首页写到标准输出",
    ),
    (
        "Shows every value that `print` takes from the command line, the environment and the configuration files",
        "显示 print 从命令行、环境变量和配置文件取得的每个值",
    ),
    ("Also say where each value comes from", "同时显示每个值的来源"),
    (
        "Sealed orders, one JSON object per line; `-` reads standard input",
        "密封订单，每行一个 JSON 对象；- 表示标准输入",
    ),
    ("What the lines are", "每行的内容类型"),
    ("What stays readable of names: the first character, or nothing", "姓名保留：首字，或不保留"),
    (
        "What stays readable of phones: the last four or two digits, or nothing",
        "电话保留：末四位、末两位，或不保留",
    ),
    (
        "What stays readable of addresses: all but unit and room, no digits, nothing",
        "地址保留：隐去单元号和室号、隐去所有数字，或不保留",
    ),
    ("Names of persons", "人名"),
    ("Mobile numbers", "手机号码"),
    ("Fixed-line numbers", "固定电话"),
    ("The part of an address after the town", "乡镇街道之后的详细地址"),
    (
        "Notes in which phones, e-mail addresses, identity numbers and door codes may stand",
        "可能含有电话、邮箱、证件号、门禁密码的备注",
    ),
    ("Lists the labels that are shipped", "列出内置模板"),
    (
        "Compiles a template and draws it with sample data, at both resolutions",
        "编译模板，并以示例数据在两种分辨率下绘制",
    ),
    ("Draws a template with sample data", "以示例数据绘制模板"),
    ("A template file, or the name of a label that is shipped", "模板文件，或内置模板的名称"),
    ("The PNG to write; `-` writes to standard output", "要写入的 PNG；- 表示标准输出"),
    ("Dots per inch of the printer", "打印机分辨率（dpi）"),
    ("Which shell", "哪种命令行外壳"),
    ("Folder for one page a command", "目录，每个命令一页"),
    ("Folder for keys, orders and labels", "存放密钥、订单和面单的目录"),
    ("How many labels", "面单张数"),
    (
        "Key file of this station; may be given several times while keys are rolled",
        "本打印站的密钥文件；轮换密钥期间可以指定多个",
    ),
    (
        "File with the passphrase of the key files; only the component reads it",
        "密钥文件的口令所在文件；只有打印组件读取",
    ),
    (
        "Public file of an issuer whose orders are printed; may be given several times",
        "受信任签发方的公钥文件；可以指定多个",
    ),
    (
        "A template file, or the name of a label that is shipped; one-part-76x130 otherwise",
        "模板文件，或内置模板的名称；默认 one-part-76x130",
    ),
    ("Form of the labels; follows from the target otherwise", "面单的格式；默认由输出目标决定"),
    ("Dots per inch of the printer; 203 otherwise", "打印机分辨率（dpi）；默认 203"),
    ("Components that work side by side; the labels do not depend on it", "并行的组件数；不影响面单内容"),
    (
        "Start the component without its sandbox, for measurements with throw-away keys",
        "不启用沙箱启动组件，仅用于以一次性密钥做测量",
    ),
    ("Write one PDF; `-` writes to standard output", "输出一个 PDF；- 表示标准输出"),
    ("Write one PNG a label into a folder", "每张面单输出一个 PNG 到目录"),
    ("One PDF with a page a label", "一个 PDF，每张面单一页"),
    ("One-bit pictures", "单色图片"),
    ("Whose key", "谁的密钥"),
    (
        "The key file to make, readable by you alone; the public part goes to FILE.pub",
        "要生成的密钥文件，仅本人可读；公钥写入 FILE.pub",
    ),
    ("Id of the station, issuer or carrier", "打印站、签发方或快递公司的编号"),
    ("A group that the station belongs to; may be given several times", "打印站所属的站组；可以指定多个"),
    (
        "A merchant for whom the station prints; may be given several times",
        "打印站为其打印的商家；可以指定多个",
    ),
    ("Protect the key with the passphrase in this file", "用该文件中的口令保护密钥"),
    ("Leave the key unprotected but for the permissions of its file", "不用口令，仅依靠文件权限保护密钥"),
    ("Opens sealed orders; made inside the component", "解密订单；在打印组件内生成"),
    ("Signs sealed orders", "为密封订单签名"),
    (
        "Opens the sealed part of the courier's code; made inside the component",
        "解密快递员二维码中的密封部分；在打印组件内生成",
    ),
    (
        "Plain orders: CSV, XLSX, a JSON array or JSON Lines; `-` reads standard input",
        "明文订单：CSV、XLSX、JSON 数组或 JSON Lines；- 表示标准输入",
    ),
    ("Key file of the issuer", "签发方的密钥文件"),
    (
        "Public file of a station that may print the orders; may be given several times",
        "可以打印这些订单的打印站公钥文件；可以指定多个",
    ),
    ("The merchant whose orders these are", "这些订单所属的商家"),
    ("Only this station or group may print them", "只允许该打印站或站组打印"),
    ("Orders under one signature", "每个签名覆盖的订单数"),
    (
        "How long the authorisation holds, as days (30d), hours (12h) or minutes (90m); at most 30 days",
        "授权有效期：天（30d）、小时（12h）或分钟（90m）；最长 30 天",
    ),
    (
        "What stays readable of the detail line: everything, all but unit and room, no digits, nothing",
        "详细地址保留：全部、隐去单元号和室号、隐去所有数字，或不保留",
    ),
    (
        "A TOML file that names the columns of a spreadsheet, or the members of other JSON",
        "TOML 文件，指定电子表格的列名，或其他 JSON 的成员名",
    ),
    ("What the input is; its name and its content tell otherwise", "输入的格式；默认由文件名和内容判断"),
    ("Comma-separated values with a header", "逗号分隔，首行为表头"),
    ("A workbook; one sheet of it", "工作簿中的一张工作表"),
    ("An array of objects", "对象数组"),
    ("One object per line", "每行一个对象"),
    ("How the text of CSV or JSON is encoded", "CSV 或 JSON 文本的编码"),
    ("UTF-8, with or without a byte order mark", "UTF-8，有无 BOM 均可"),
    ("GB18030, and so GBK and GB 2312", "GB18030，兼容 GBK 和 GB 2312"),
    ("CSV: whichever it is; JSON: UTF-8", "CSV 自动判断；JSON 为 UTF-8"),
    ("Where the sealed orders go; `-` writes to standard output", "密封订单的输出位置；- 表示标准输出"),
    ("How many orders", "订单数"),
    ("The same seed makes the same orders", "相同的种子生成相同的订单"),
    ("Also say what each personal field looks like once masked", "同时给出每个个人信息字段脱敏后的样子"),
    ("Print help", "显示帮助"),
    ("Print help (see more with '--help')", "显示帮助（--help 更详细）"),
    ("Print help (see a summary with '-h')", "显示帮助（-h 为摘要）"),
    ("Print version", "显示版本"),
];

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
