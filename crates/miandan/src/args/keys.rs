//! The commands for keys, trust and signed lists.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::duration;

#[derive(Args, Debug)]
pub struct Keygen {
    /// Whose key
    #[arg(value_enum, value_name = "KIND")]
    pub kind: KeyKind,
    /// The key file to make, readable by you alone; the public part goes to FILE.pub
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Id of the station, issuer or carrier
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// A group that the station belongs to; may be given several times
    #[arg(long, value_name = "GROUP")]
    pub group: Vec<String>,
    /// A merchant for whom the station prints; may be given several times
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: Vec<String>,
    /// How long a station key is used, such as 65d; without end otherwise
    #[arg(long, value_name = "TIME", value_parser = duration::long)]
    pub expires: Option<u64>,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

/// Whose key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyKind {
    /// Opens sealed orders; made inside the component
    Station,
    /// Signs sealed orders
    Issuer,
    /// Opens the sealed part of the courier's code; made inside the component
    Carrier,
}

/// How a key is protected. The component alone reads the passphrase.
#[derive(Args, Debug)]
#[group(multiple = false)]
pub struct Passphrase {
    /// Protect the key with the passphrase in this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Protect the key with a passphrase that is typed on the terminal
    #[arg(long)]
    pub ask_passphrase: bool,
    /// Leave the key unprotected but for the permissions of its file
    #[arg(long)]
    pub no_passphrase: bool,
}

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Lists the keys of a ring, the newest first
    List(KeysList),
    /// Makes the next key of a ring; the ones before it stay until they are retired
    Add(KeysAdd),
    /// Gives a key an end, once issuers seal to the next one
    Retire(KeysRetire),
}

#[derive(Args, Debug)]
pub struct KeysList {
    /// The folder of the key ring
    #[arg(value_name = "RING")]
    pub ring: PathBuf,
}

#[derive(Args, Debug)]
pub struct KeysAdd {
    /// The folder of the key ring
    #[arg(value_name = "RING")]
    pub ring: PathBuf,
    /// Id of the station; that of the newest key otherwise
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// A group that the station belongs to; those of the newest key otherwise
    #[arg(long, value_name = "GROUP")]
    pub group: Vec<String>,
    /// A merchant for whom the station prints; those of the newest key otherwise
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: Vec<String>,
    /// How long the key is used, such as 65d; without end otherwise
    #[arg(long, value_name = "TIME", value_parser = duration::long)]
    pub expires: Option<u64>,
    #[command(flatten)]
    pub passphrase: Passphrase,
}

#[derive(Args, Debug)]
pub struct KeysRetire {
    /// The folder of the key ring
    #[arg(value_name = "RING")]
    pub ring: PathBuf,
    /// The key, or the first digits of its name
    #[arg(value_name = "KID")]
    pub kid: String,
    /// How long it is still used: orders that were sealed to it may be printed for 30 days
    #[arg(long = "in", value_name = "TIME", default_value = "35d", value_parser = duration::long)]
    pub within: u64,
    /// End it now: orders that were sealed to it alone will not be printed any more
    #[arg(long, conflicts_with = "within")]
    pub now: bool,
    /// Delete the files of a key that has ended; what was sealed to it can then be opened by nobody
    #[arg(long, conflicts_with_all = ["within", "now"])]
    pub delete: bool,
    /// File with the passphrase of the key; only the component reads it
    #[arg(long, value_name = "FILE", conflicts_with = "ask_passphrase")]
    pub passphrase_file: Option<PathBuf>,
    /// Let the component ask for the passphrase on the terminal
    #[arg(long)]
    pub ask_passphrase: bool,
}

#[derive(Debug, Subcommand)]
pub enum TrustCommand {
    /// Lists the issuers of a trust list
    List(TrustList),
    /// Adds an issuer, for some merchants or for a time if it is said
    Add(TrustAdd),
    /// Removes a key of an issuer; orders that are signed with it are refused from then on
    Remove(TrustRemove),
}

#[derive(Args, Debug)]
pub struct TrustList {
    /// The trust list
    #[arg(value_name = "LIST")]
    pub list: PathBuf,
}

#[derive(Args, Debug)]
pub struct TrustAdd {
    /// The trust list; it is made if it is not there
    #[arg(value_name = "LIST")]
    pub list: PathBuf,
    /// Public file of the issuer
    #[arg(value_name = "ISSUER.pub")]
    pub issuer: PathBuf,
    /// A merchant for whom the issuer is trusted; may be given several times; every merchant otherwise
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: Vec<String>,
    /// How long the issuer's key is trusted, such as 90d; without end otherwise
    #[arg(long, value_name = "TIME", value_parser = duration::long)]
    pub expires: Option<u64>,
}

#[derive(Args, Debug)]
pub struct TrustRemove {
    /// The trust list
    #[arg(value_name = "LIST")]
    pub list: PathBuf,
    /// The issuer's key, or the first digits of its name
    #[arg(value_name = "KID")]
    pub kid: String,
}

#[derive(Debug, Subcommand)]
pub enum SignCommand {
    /// Signs the list of withdrawn authorisations
    Status(SignStatus),
    /// Signs the list of stations and the keys with which they sign couriers' codes
    Stations(SignStations),
    /// Signs the list of carriers' keys
    Carriers(SignCarriers),
}

#[derive(Args, Debug)]
pub struct SignStatus {
    /// What was withdrawn, one JSON object per line, {"ref": "…", "epoch": 1}; `-` reads standard input
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    #[command(flatten)]
    pub list: SignedList,
}

#[derive(Args, Debug)]
pub struct SignStations {
    /// Public file of a station; may be given several times
    #[arg(long, required_unless_present = "revoked", value_name = "STATION.pub")]
    pub station: Vec<PathBuf>,
    /// Public file of a station whose key nobody shall believe any more; may be given several times
    #[arg(long, value_name = "STATION.pub")]
    pub revoked: Vec<PathBuf>,
    #[command(flatten)]
    pub list: SignedList,
}

#[derive(Args, Debug)]
pub struct SignCarriers {
    /// Public file of a carrier; may be given several times
    #[arg(long, required = true, value_name = "CARRIER.pub")]
    pub carrier: Vec<PathBuf>,
    #[command(flatten)]
    pub list: SignedList,
}

/// What every signed list needs.
#[derive(Args, Debug)]
pub struct SignedList {
    /// Key file of the issuer
    #[arg(long, value_name = "KEY")]
    pub issuer: PathBuf,
    /// When the next list is to be expected, such as 24h; at most 31 days
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = duration::list)]
    pub next: u64,
    /// The list to write; `-` writes to standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
}
