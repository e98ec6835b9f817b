//! The command line as it is typed. Nothing here does anything.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use miandan_core::label::LabelSize;
use miandan_templates::Case;

use crate::sample::Carrier;

pub mod duration;
mod fleet;
mod journal;
mod keys;
mod print;

pub use fleet::{
    Broker, Dispatch, FleetCommand, FleetDrain, FleetGrant, FleetMove, FleetSettle, FleetSetup, FleetStatus,
    Spread, SpreadName,
};
pub use journal::{JournalCommand, JournalFile, JournalVerify, Picklist, Positions, Settle, Status, Verify};
pub use keys::{
    KeyKind, Keygen, KeysAdd, KeysCommand, KeysList, KeysRetire, Passphrase, SignCarriers, SignCommand,
    SignStations, SignStatus, SignedList, TrustAdd, TrustCommand, TrustList, TrustRemove,
};
pub use print::{
    Again, Delivery, EngineName, FormatName, Labels, MissingGlyphName, PolicyName, Print, Reprint, Resume,
    Station, Target, Work,
};

/// Prints electronic waybills (面单) from sealed orders. Names, phones and addresses are opened inside a sandboxed
/// component only, and come out masked.
#[derive(Debug, Parser)]
#[command(name = "miandan", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Args, Debug)]
pub struct Common {
    /// Answer in JSON on standard output; the form is stable and never translated
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of messages; the locale decides otherwise
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<LanguageName>,
    /// No progress and no summary
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// The program of the print component, or unix:SOCKET for a service; else MIANDAN_COMPONENT, else beside this program
    #[arg(long, global = true, value_name = "PLACE")]
    pub component: Option<PathBuf>,
}

/// A language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LanguageName {
    /// English
    En,
    /// 中文
    Zh,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Shows everything at once: throw-away keys, sample orders, labels
    Demo(Demo),
    /// Prints sealed orders to a PDF, to pictures, or in the language of a label printer
    Print(Print),
    /// Goes on with a batch that was stopped
    Resume(Resume),
    /// Prints labels of a batch again, each with a mark that says so
    Reprint(Reprint),
    /// Draws labels to look at: symbols covered by the word 预览, nothing of the detail line
    Preview(Print),
    /// Says what `print` would do: which labels with which numbers, to which printers, and which orders not
    Plan(Plan),
    /// Says how far batches came: what was printed, what may have been, what surely was not
    Status(Status),
    /// Records what a person says of labels of which nobody can tell whether they were printed
    Settle(Settle),
    /// Compares what was scanned with what was printed: missing, double, foreign
    Verify(Verify),
    /// Writes the pick list or the packing list of a batch: goods only
    Picklist(Picklist),
    /// Spreads sealed orders over the printers of a fleet of stations
    Dispatch(Dispatch),
    /// Looks after a fleet of stations
    #[command(subcommand)]
    Fleet(FleetCommand),
    /// Looks at the journal itself
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Says what can be said of sealed orders without opening them
    Inspect(Inspect),
    /// Makes a key file and its public part
    Keygen(Keygen),
    /// Lists, adds and retires the keys of a station: a key ring
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Lists, adds and removes the issuers that a station trusts
    #[command(subcommand)]
    Trust(TrustCommand),
    /// Signs the lists that an issuer publishes: withdrawn authorisations, stations, carriers
    #[command(subcommand)]
    Sign(SignCommand),
    /// Seals plain orders to stations, as a platform does
    Seal(Seal),
    /// Makes synthetic plain orders
    Sample(Sample),
    /// Masks lines of standard input, for a merchant's own exports and logs
    Mask(Mask),
    /// Shows the values that are in force
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Lists, checks and shows templates
    #[command(subcommand)]
    Template(TemplateCommand),
    /// Says whether waybills are genuine, from pictures of their labels or from what a hand scanner types
    Scan(Scan),
    /// Prints a page that shows which dots of a print head are dead
    Selftest(SelfTest),
    /// Says which printers there are, and how each of them is now
    Printers,
    /// Lists and shows the profiles of printers
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Looks at labels that are drawn already
    #[command(subcommand)]
    Label(LabelCommand),
    /// Says which layers of the sandbox hold here
    Doctor,
    /// Says which characters a label can show, or which of a text it cannot
    Fonts(Fonts),
    /// Writes the completions of a shell
    Completions(Completions),
    /// Writes the manual pages into a folder, or the first of them to standard output
    Man(Man),
}

#[derive(Args, Debug)]
pub struct Scan {
    /// Photos or scans of labels, PNG, JPEG, BMP or PDF; `-` reads codes from standard input, one a line
    #[arg(required = true, value_name = "IMAGE")]
    pub inputs: Vec<PathBuf>,
    /// Public file of an issuer, trust list, or list of stations that an issuer signed; several are needed
    #[arg(long, required = true, value_name = "FILE")]
    pub trust: Vec<PathBuf>,
    /// Key file of a carrier, to show what is sealed to it; may be given several times
    #[arg(long, value_name = "KEY")]
    pub carrier_key: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub struct SelfTest {
    /// The printer, by its place or its name
    #[arg(long, value_name = "PLACE", required_unless_present = "out")]
    pub printer: Option<String>,
    /// The file to write: FILE.png, or what the printer would be sent
    #[arg(long, short, value_name = "FILE", conflicts_with = "printer")]
    pub out: Option<PathBuf>,
    /// The profile of the printer; that of its name otherwise
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Width and height of the paper in millimetres
    #[arg(long, value_name = "WxH", default_value = "76x130", value_parser = size)]
    pub size: LabelSize,
}

/// A size of paper for a page that needs 46 by 82 mm.
fn size(text: &str) -> Result<LabelSize, String> {
    let length = |text: &str, least: u16| {
        let length = text.parse::<u16>().ok().filter(|length| (least..=300).contains(length));
        length.map(|length| i32::from(length) * 1000).ok_or("46x82 to 300x300")
    };
    let (width, height) = text.split_once('x').ok_or("46x82 to 300x300")?;
    Ok(LabelSize { width: length(width, 46)?, height: length(height, 82)? })
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Shows every value that `print` takes from the command line, the environment and the configuration files
    Show(ConfigShow),
}

#[derive(Args, Debug)]
pub struct ConfigShow {
    /// Also say where each value comes from
    #[arg(long)]
    pub origin: bool,
}

#[derive(Args, Debug)]
pub struct Plan {
    /// Sealed orders, one JSON object per line; `-` reads standard input
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    #[command(flatten)]
    pub labels: Labels,
    #[command(flatten)]
    pub file: JournalFile,
}

#[derive(Args, Debug)]
pub struct Mask {
    /// What the lines are
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub kind: MaskKind,
    /// How to mask: gbt41833, taobao, douyin, pinduoduo or keep:FIRST,LAST; labels know gbt41833 alone
    #[arg(long, value_name = "PROFILE", default_value = "gbt41833")]
    pub profile: String,
    /// What gbt41833 leaves readable of names: the first character, or nothing; first otherwise
    #[arg(long, value_name = "SHOWN", value_parser = ["first", "none"])]
    pub name: Option<String>,
    /// What gbt41833 leaves readable of phones: the last four or two digits, or nothing; tail4 otherwise
    #[arg(long, value_name = "SHOWN", value_parser = ["tail4", "tail2", "none"])]
    pub phone: Option<String>,
    /// What gbt41833 leaves readable of addresses: all but unit and room, no digits, nothing; unit otherwise
    #[arg(long, value_name = "SHOWN", value_parser = ["unit", "digits", "detail"])]
    pub address: Option<String>,
}

/// What is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MaskKind {
    /// Names of persons
    Name,
    /// Mobile numbers
    Mobile,
    /// Fixed-line numbers
    Landline,
    /// The part of an address after the town
    Address,
    /// Names of shop and chat accounts
    Account,
    /// E-mail addresses
    Email,
    /// Numbers of identity cards, passports and permits
    #[value(name = "idcard")]
    IdCard,
    /// Notes in which phones, e-mail addresses, identity numbers and door codes may stand
    Text,
}

#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// Lists the labels that are shipped
    List,
    /// Says what is wrong with a template: what will not scan, not fit, or not comply
    Check(TemplateCheck),
    /// Draws a template with sample data
    Show(TemplateShow),
    /// Turns a design of hiprint into a template, and says what could not be carried over
    Import(TemplateImport),
}

#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Lists the profiles that are shipped
    List,
    /// Writes a profile as TOML, to begin your own with
    Show(ProfileShow),
}

#[derive(Args, Debug)]
pub struct ProfileShow {
    /// The name of a profile that is shipped, or a file
    #[arg(value_name = "PROFILE")]
    pub profile: String,
}

#[derive(Args, Debug)]
pub struct TemplateCheck {
    /// Template files, or names of labels that are shipped
    #[arg(value_name = "TEMPLATE", required = true)]
    pub templates: Vec<String>,
    /// Sample order with masked texts (JSON), of a custom area its data; `sample.json` beside the template otherwise, or no data
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Fail for warnings as well
    #[arg(long)]
    pub strict: bool,
    /// Also write the findings as SARIF 2.1.0; `-` writes to standard output
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
    /// TrueType font for characters that the bundled typeface lacks; may be given several times
    #[arg(long, value_name = "FONT")]
    pub font: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum LabelCommand {
    /// Says what a picture of a label tells: its symbols with their measures, the phones that can be read, what is wrong
    Check(LabelCheck),
}

#[derive(Args, Debug)]
pub struct LabelCheck {
    /// Labels as PDF, PNG, JPEG or BMP; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Dots per inch of the printer; as the file says, or as suits it, otherwise
    #[arg(long, value_name = "DPI", value_parser = ["203", "300"])]
    pub dpi: Option<String>,
    /// The most pages of a file that are looked at
    #[arg(long, value_name = "N", default_value = "1000")]
    pub pages: NonZeroUsize,
    /// Fail for warnings as well
    #[arg(long)]
    pub strict: bool,
}

#[derive(Args, Debug)]
pub struct TemplateShow {
    /// A template file, or the name of a label that is shipped
    #[arg(value_name = "TEMPLATE")]
    pub template: String,
    /// TrueType font for characters that the bundled typeface lacks; may be given several times
    #[arg(long, value_name = "FONT")]
    pub font: Vec<PathBuf>,
    /// The PNG to write instead of showing it in the terminal; `-` writes to standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How the terminal is told the picture
    #[arg(long, value_enum, value_name = "HOW", conflicts_with = "out")]
    pub terminal: Option<Terminal>,
    /// Draw again whenever the template, its sample order or a font is saved, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
    /// Sample order with masked texts (JSON), of a custom area its data; `sample.json` beside the template otherwise, or no data
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// What the order is like
    #[arg(long, value_name = "CASE", default_value = "ordinary", value_parser = PossibleValuesParser::new(Case::ALL.map(Case::as_str)))]
    pub case: String,
    /// Dots per inch of the printer
    #[arg(long, value_name = "DPI", default_value = "203", value_parser = ["203", "300"])]
    pub dpi: String,
}

#[derive(Args, Debug)]
pub struct TemplateImport {
    /// The design: JSON as hiprint or vue-plugin-hiprint saves it; `-` reads standard input
    #[arg(value_name = "DESIGN")]
    pub design: PathBuf,
    /// The template to write; standard output otherwise
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// TOML file that names the fields of the design for those of the order
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Which panel of the design, from 1
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub panel: u32,
    /// Fail if anything is not as it was; the template is written all the same
    #[arg(long)]
    pub strict: bool,
}

#[derive(Args, Debug)]
pub struct Fonts {
    /// A text whose characters are looked for, such as an export of orders in UTF-8; `-` reads standard input
    #[arg(value_name = "TEXT")]
    pub input: Option<PathBuf>,
    /// TrueType font for characters that the bundled typeface lacks; may be given several times
    #[arg(long, value_name = "FONT")]
    pub font: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Completions {
    /// Which shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
pub struct Man {
    /// Folder for one page a command
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Demo {
    /// Folder for keys, orders and labels
    #[arg(long, value_name = "DIR", default_value = "miandan-demo")]
    pub out: PathBuf,
    /// How many labels
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub count: u32,
}

#[derive(Args, Debug)]
pub struct Inspect {
    /// Sealed orders, one JSON object per line; `-` reads standard input
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
}

#[derive(Args, Debug)]
pub struct Seal {
    /// Plain orders: CSV, XLSX, a JSON array or JSON Lines; `-` reads standard input
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    /// Key file of the issuer
    #[arg(long, value_name = "KEY")]
    pub issuer: PathBuf,
    /// Public file of a station that may print the orders; may be given several times
    #[arg(long, required = true, value_name = "STATION.pub")]
    pub to: Vec<PathBuf>,
    /// The merchant whose orders these are
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: String,
    /// Only this station or group may print them
    #[arg(long, value_name = "STATION")]
    pub station: Option<String>,
    /// Orders under one signature
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub batch_size: u32,
    /// How long the authorisation holds, as days (30d), hours (12h) or minutes (90m); at most 30 days
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = duration::authorisation)]
    pub expires: u64,
    /// How often a station that keeps count may print each order; as often as it likes otherwise
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_prints: Option<u32>,
    /// What stays readable of names: the first character, or nothing
    #[arg(long, value_name = "SHOWN", value_parser = ["first", "none"])]
    pub mask_name: Option<String>,
    /// What stays readable of phones: the last four or two digits, or nothing
    #[arg(long, value_name = "SHOWN", value_parser = ["tail4", "tail2", "none"])]
    pub mask_phone: Option<String>,
    /// What stays readable of the detail line: everything, all but unit and room, no digits, nothing
    #[arg(long, value_name = "SHOWN", value_parser = ["full", "unit", "digits", "detail"])]
    pub mask_address: Option<String>,
    /// A TOML file that names the columns of a spreadsheet, or the members of other JSON
    #[arg(long, value_name = "MAP.toml")]
    pub map: Option<PathBuf>,
    /// What the input is; its name and its content tell otherwise
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// How the text of CSV or JSON is encoded
    #[arg(long, value_enum, value_name = "ENCODING", default_value = "auto")]
    pub encoding: EncodingName,
    /// Where the sealed orders go; `-` writes to standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
}

/// A form of plain orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// Comma-separated values with a header
    Csv,
    /// A workbook; one sheet of it
    Xlsx,
    /// An array of objects
    Json,
    /// One object per line
    Jsonl,
}

/// An encoding of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EncodingName {
    /// UTF-8, with or without a byte order mark
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    /// GB18030, and so GBK and GB 2312
    #[value(name = "gb18030", alias = "gbk")]
    Gb18030,
    /// CSV: whichever it is; JSON: UTF-8
    Auto,
}

#[derive(Args, Debug)]
pub struct Sample {
    /// How many orders
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub count: u32,
    /// The same seed makes the same orders
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub seed: u64,
    /// What is in the orders
    #[arg(long, value_enum, value_name = "MIX", default_value = "realistic")]
    pub mix: SampleMix,
    /// All orders of one carrier
    #[arg(long, value_name = "CODE", value_parser = PossibleValuesParser::new(Carrier::codes()))]
    pub carrier: Option<String>,
    /// Also say what each personal field looks like once masked
    #[arg(long)]
    pub labelled: bool,
}

/// How much of what makes masking hard is in sample orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SampleMix {
    /// What a warehouse sees in a day; can be printed with the shipped label
    Realistic,
    /// Everything that makes masking hard, much of it at once; for testing a masker
    Hostile,
}

/// The graphics of a terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Terminal {
    /// By what the environment says of the terminal
    #[default]
    Auto,
    /// The protocol of kitty, Ghostty and others
    Kitty,
    /// Inline images of iTerm2, WezTerm, mintty and others
    Iterm,
    /// Sixel, as foot, mlterm and xterm have it
    Sixel,
    /// Dots of braille: any terminal, and too coarse to read
    Braille,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }
}
