//! The commands that read a journal, as they are typed.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};
use miandan_journal::{BatchNumber, Head, RunningNumber};

/// Which journal.
#[derive(Args, Debug)]
pub struct JournalFile {
    /// The journal; MIANDAN_JOURNAL, journal in miandan.toml, or that of the user otherwise
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Status {
    /// A batch: its number, the number of one of its labels, or its name
    #[arg(value_name = "BATCH")]
    pub batch: Option<String>,
    /// Without BATCH: the batches of how many days, today counted
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3660))]
    pub days: u32,
    #[command(flatten)]
    pub file: JournalFile,
}

#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Says whether the journal is what was written: every event is hashed again, everything else worked out again
    Verify(JournalVerify),
}

#[derive(Args, Debug)]
pub struct JournalVerify {
    /// A head that was kept elsewhere, as this command says it: the journal has to contain it
    #[arg(long, value_name = "SEQ:HASH")]
    pub expect: Option<Head>,
    #[command(flatten)]
    pub file: JournalFile,
}

#[derive(Args, Debug)]
pub struct Verify {
    /// A batch: its number, the number of one of its labels, or its name
    #[arg(value_name = "BATCH")]
    pub batch: String,
    /// What was scanned, one waybill number a line, or the first column of CSV; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub scans: PathBuf,
    /// Record labels that were scanned as often as they should be as printed
    #[arg(long, requires = "operator")]
    pub confirm: bool,
    /// Who scanned
    #[arg(long, value_name = "NAME", requires = "confirm")]
    pub operator: Option<String>,
    #[command(flatten)]
    pub file: JournalFile,
}

#[derive(Args, Debug)]
pub struct Picklist {
    /// A batch: its number, the number of one of its labels, or its name
    #[arg(value_name = "BATCH")]
    pub batch: String,
    /// The list to write, FILE.pdf or FILE.csv; CSV on standard output otherwise
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The packing list: what goes into each parcel
    #[arg(long)]
    pub packing: bool,
    /// The packing list from the last label to the first, as a stack goes that lies face up
    #[arg(long, requires = "packing")]
    pub from_last: bool,
    #[command(flatten)]
    pub file: JournalFile,
}

#[derive(Args, Debug)]
pub struct Settle {
    /// A batch: its number, the number of one of its labels, or its name
    #[arg(value_name = "BATCH")]
    pub batch: String,
    /// Labels that are unknown, such as 012 or 012-015
    #[arg(value_name = "NUMBER", required = true)]
    pub numbers: Vec<Positions>,
    #[command(flatten)]
    pub verdict: SaidOfLabels,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    pub operator: String,
    /// How they know
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub file: JournalFile,
}

/// What a person says of labels.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct SaidOfLabels {
    /// They are on paper
    #[arg(long)]
    pub printed: bool,
    /// They are surely not on paper, and may be sent again
    #[arg(long)]
    pub not_printed: bool,
}

/// Places of a batch: `012`, `012-015` or, with its batch, `261111-003-012`. As lists write them, `012~015`, as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Positions {
    /// The batch, if it was said.
    pub batch: Option<BatchNumber>,
    pub first: u32,
    pub last: u32,
}

impl FromStr for Positions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(RunningNumber { batch, position }) = text.parse() {
            return Ok(Positions { batch: Some(batch), first: position, last: position });
        }
        let position = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|&position: &u32| digits && position > 0)
        };
        let (first, last) = text.split_once(['-', '~']).unwrap_or((text, text));
        match (position(first), position(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Positions { batch: None, first, last }),
            _ => Err("expected a number such as 012, or two of them, 012-015".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_people_write_them() {
        let read = |text: &str| text.parse::<Positions>().map(|read| (read.first, read.last));
        assert_eq!(read("012"), Ok((12, 12)));
        assert_eq!(read("7"), Ok((7, 7)));
        assert_eq!(read("012-015"), Ok((12, 15)));
        assert_eq!(read("012~1015"), Ok((12, 1015)));
        let whole: Positions = "261111-003-012".parse().unwrap();
        assert_eq!((whole.batch.unwrap().to_string().as_str(), whole.last), ("261111-003", 12));
        for text in ["", "0", "-", "015-012", "1-", "-1", "+1", "1,2", "261111-003", "12-13-14", "9999999999"]
        {
            assert!(read(text).is_err(), "{text}: {:?}", read(text));
        }
    }
}
