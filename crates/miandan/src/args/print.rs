//! What is printed, with what, where and in which form, as it is typed.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use miandan_core::font::MissingGlyph;
use miandan_core::printer::Language;

use super::{Positions, duration};

#[derive(Args, Debug)]
pub struct Print {
    /// Sealed orders, one JSON object per line; `-` reads standard input
    #[arg(value_name = "INPUT", required_unless_present = "watch", conflicts_with = "watch")]
    pub input: Option<PathBuf>,
    /// Print every file that is put into a folder, one after the other, until Ctrl-C
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "batch", "report"])]
    pub watch: Option<PathBuf>,
    #[command(flatten)]
    pub station: Station,
    #[command(flatten)]
    pub labels: Labels,
    /// TrueType font for characters that the bundled typeface lacks; may be given several times
    #[arg(long, value_name = "FONT")]
    pub font: Vec<PathBuf>,
    /// What stands for a character that no font has; refuse otherwise
    #[arg(long, value_enum, value_name = "POLICY")]
    pub missing_glyph: Option<MissingGlyphName>,
    /// What writes a PDF; stream otherwise
    #[arg(long, value_enum, value_name = "ENGINE")]
    pub pdf_engine: Option<EngineName>,
    /// Also write what came of it as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub delivery: Delivery,
}

/// Which labels come out, where, and in which form: what decides it for `print`, and so for `plan`.
#[derive(Args, Debug)]
pub struct Labels {
    /// A template file, or the name of a label that is shipped or configured; one-part-76x130 otherwise
    #[arg(long, value_name = "TEMPLATE")]
    pub template: Option<String>,
    #[command(flatten)]
    pub target: Target,
    /// Form of the labels; follows from the ending of FILE, the profile or the target otherwise
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatName>,
    /// The printer: the name of a profile that is shipped, or a TOML file
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Dots per inch of the printer; those of its profile, else 203
    #[arg(long, value_name = "DPI", value_parser = ["203", "300"])]
    pub dpi: Option<String>,
    #[command(flatten)]
    pub work: Work,
}

/// What a station prints with: its keys, whom it trusts, and its components.
#[derive(Args, Debug)]
pub struct Station {
    /// Key file of this station, or the folder of its key ring; may be given several times
    #[arg(long, value_name = "KEY")]
    pub key: Vec<PathBuf>,
    /// File with the passphrase of the key files; only the component reads it
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Let the component ask for the passphrase on the terminal; one component then works alone
    #[arg(long, conflicts_with = "passphrase_file")]
    pub ask_passphrase: bool,
    /// Public file of an issuer whose orders are printed, or a trust list; may be given several times
    #[arg(long, value_name = "ISSUER.pub")]
    pub trust: Vec<PathBuf>,
    /// Signed list of withdrawn authorisations; may be given several times
    #[arg(long, value_name = "LIST")]
    pub status_list: Vec<PathBuf>,
    /// What it means that a status list is missing or too old; warn otherwise
    #[arg(long, value_enum, value_name = "POLICY")]
    pub status_policy: Option<PolicyName>,
    /// How old a status list may be, such as 24h; its issuer's promise otherwise
    #[arg(long, value_name = "TIME", value_parser = duration::long)]
    pub status_max_age: Option<u64>,
    /// Sign a courier's token for labels that show one
    #[arg(long)]
    pub courier_token: bool,
    /// Signed list of carriers' keys, to which tokens are sealed; may be given several times; means --courier-token
    #[arg(long, value_name = "LIST")]
    pub carrier_list: Vec<PathBuf>,
    /// Where the component's memory of the time and of the lists is kept; KEY.state otherwise
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Components that work side by side; the labels do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub workers: Option<u16>,
    /// Start the component without its sandbox, for measurements with throw-away keys
    #[arg(long, hide = true)]
    pub dangerous_without_sandbox: bool,
    /// Start the component in the sandbox for Windows, which nobody has run yet
    #[cfg(windows)]
    #[arg(long, hide = true)]
    pub dangerous_untested_sandbox: bool,
}

/// Which labels come first, and what the batch is called.
#[derive(Args, Debug)]
pub struct Work {
    /// What the batch is called in the journal, beside its number
    #[arg(long, value_name = "NAME")]
    pub batch: Option<String>,
    /// What labels are sorted by, the most important first; as the orders stand in the input otherwise
    #[arg(long, value_name = "KEY", value_delimiter = ',', value_parser = ["goods", "region", "route", "carrier", "original"])]
    pub sort: Vec<String>,
    /// Print the last label first, for stacks that lie face up
    #[arg(long)]
    pub reverse: bool,
    /// Orders of one kind of goods first, by that kind
    #[arg(long, value_name = "WHAT", value_parser = ["single"])]
    pub group: Option<String>,
}

/// How labels reach printers.
#[derive(Args, Debug)]
pub struct Delivery {
    /// Where the journal is; in the folder for state of this user otherwise
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// How long a printer that takes nothing is waited for; 10m otherwise, and as long as it takes with --watch
    #[arg(long, value_name = "TIME", value_parser = duration::long)]
    pub patience: Option<u64>,
}

#[derive(Args, Debug)]
pub struct Resume {
    /// The batch: its number (261111-003), a number of it (261111-003-012), or its name
    #[arg(value_name = "BATCH")]
    pub batch: String,
    /// The first label that is wanted, with the label before it in the hand; what may be on paper from there on is printed
    /// again with a mark
    #[arg(long, value_name = "NNN")]
    pub from: Option<u32>,
    #[command(flatten)]
    pub again: Again,
}

#[derive(Args, Debug)]
pub struct Reprint {
    /// The batch: its number (261111-003) or its name
    #[arg(value_name = "BATCH")]
    pub batch: String,
    /// Numbers of labels of it: 012, or 012-015
    #[arg(value_name = "NNN", required = true)]
    pub numbers: Vec<Positions>,
    #[command(flatten)]
    pub again: Again,
}

/// What printing again needs beside the batch.
#[derive(Args, Debug)]
pub struct Again {
    /// Why; it stands in the journal
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Who wants it; the user of this computer otherwise
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    // Where to, if not where the batch went.
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub station: Station,
    #[command(flatten)]
    pub delivery: Delivery,
}

#[derive(Args, Clone, Debug)]
#[group(multiple = false)]
pub struct Target {
    /// Write one file; `-` writes to standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write one file a label into a folder
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Send each label to a printer, through the journal: its name, socket://HOST, ipp://HOST/PATH, usb:/dev/usb/lp0 or
    /// file:PATH; for some carriers only as CARRIER,CARRIER=PRINTER; may be given several times
    #[arg(long, value_name = "PRINTER")]
    pub printer: Vec<String>,
}

impl Target {
    /// The file or the folder.
    pub fn path(&self) -> &Path {
        self.out.as_deref().or(self.dir.as_deref()).unwrap_or(Path::new(""))
    }
}

/// What writes a PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// Ours, page by page, in memory that does not grow with the batch
    Stream,
    /// The crate printpdf, a second opinion for small batches: all pages stay in memory. Only where Miandan was built with the feature printpdf
    Printpdf,
}

/// What it means that a status list is missing or too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum PolicyName {
    /// Status lists are not asked for
    Off,
    /// Say so, and print what is not known to be withdrawn
    Warn,
    /// Print nothing of this issuer
    Required,
}

impl PolicyName {
    /// The word as it is typed.
    pub fn word(self) -> &'static str {
        match self {
            PolicyName::Off => "off",
            PolicyName::Warn => "warn",
            PolicyName::Required => "required",
        }
    }
}

/// What stands for a character that no font has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum MissingGlyphName {
    /// Nothing: the label is not printed
    Refuse,
    /// A box, which is reported
    Box,
}

impl MissingGlyphName {
    pub fn policy(self) -> MissingGlyph {
        match self {
            MissingGlyphName::Refuse => MissingGlyph::Refuse,
            MissingGlyphName::Box => MissingGlyph::Box,
        }
    }
}

/// A form of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// One PDF, a page a label, or more where its template flows
    Pdf,
    /// One-bit pictures
    Png,
    /// TSPL and TSPL2, which most Chinese label printers speak
    Tspl,
    /// ZPL II of Zebra
    Zpl,
    /// CPCL of mobile printers
    Cpcl,
    /// EPL2 of older desktop printers
    Epl2,
    /// ESC/POS of receipt printers
    Escpos,
}

impl FormatName {
    /// The form that is the language of a printer.
    pub fn of(language: Language) -> Self {
        match language {
            Language::Tspl => FormatName::Tspl,
            Language::Zpl => FormatName::Zpl,
            Language::Cpcl => FormatName::Cpcl,
            Language::Epl2 => FormatName::Epl2,
            Language::EscPos => FormatName::Escpos,
        }
    }

    /// The language, if it is one of a printer.
    pub fn language(self) -> Option<Language> {
        Language::ALL.into_iter().find(|&language| FormatName::of(language) == self)
    }
}
