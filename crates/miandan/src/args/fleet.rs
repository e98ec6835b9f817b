//! Many stations behind one queue: dispatching, and looking after the fleet.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Work, duration};

/// The broker of the fleet.
#[derive(Args, Debug)]
pub struct Broker {
    /// The broker of the fleet, nats://HOST:PORT or tls://HOST:PORT; MIANDAN_FLEET otherwise
    #[arg(long, value_name = "URL")]
    pub fleet: Option<String>,
    /// Who one is at the broker: a file with a seed (SU…), of nsc, or USER:PASSWORD; MIANDAN_FLEET_CREDENTIAL otherwise
    #[arg(long, value_name = "FILE")]
    pub credential: Option<PathBuf>,
    /// Certificate to trust for TLS beside those that the system trusts, PEM
    #[arg(long, value_name = "FILE")]
    pub authority: Option<PathBuf>,
}

/// Where labels go.
#[derive(Args, Debug)]
pub struct Spread {
    /// What labels are spread over printers by
    #[arg(long, value_enum, value_name = "WHAT", default_value = "load")]
    pub by: SpreadName,
    /// Only to these: SITE, SITE/STATION or SITE/STATION/PRINTER; may be given several times
    #[arg(long, value_name = "PLACE")]
    pub to: Vec<String>,
}

/// What labels are spread by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SpreadName {
    /// What each printer can do in the same time
    Load,
    /// The carriers that printers take
    Carrier,
    /// The consolidation points that printers take
    Region,
    /// The goods: labels with the same goods to one printer
    Goods,
}

#[derive(Args, Debug)]
pub struct Dispatch {
    /// Sealed orders, one JSON object per line; `-` reads standard input
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    #[command(flatten)]
    pub broker: Broker,
    #[command(flatten)]
    pub spread: Spread,
    /// The template by the name that stations know it by; each station's own otherwise
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    #[command(flatten)]
    pub work: Work,
    /// Do not wait until the labels are printed
    #[arg(long)]
    pub detach: bool,
    /// How long a broker that does not answer, or a queue that is full, is waited for
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration::long)]
    pub patience: u64,
}

#[derive(Debug, Subcommand)]
pub enum FleetCommand {
    /// Makes the streams of a site at the broker, or brings them to what they should be
    Setup(FleetSetup),
    /// Makes the credential of a station, and says what the broker is to be told of it
    Grant(FleetGrant),
    /// Says how stations and queues are, or how far a batch came
    Status(FleetStatus),
    /// Has a station take no more labels
    Drain(FleetDrain),
    /// Moves what waits for a station, and surely did not print, to others
    Move(FleetMove),
    /// Records what a person says of a label of which nobody can tell whether it was printed
    Settle(FleetSettle),
}

#[derive(Args, Debug)]
pub struct FleetSetup {
    /// The site: letters, digits, - and _
    #[arg(value_name = "SITE")]
    pub site: String,
    #[command(flatten)]
    pub broker: Broker,
    /// The JetStream domain of the site's own server, a leaf node, for a site with a poor line
    #[arg(long, value_name = "DOMAIN")]
    pub leaf: Option<String>,
    /// On how many servers each message is kept
    #[arg(long, value_name = "N", default_value = "1", value_parser = ["1", "3", "5"])]
    pub replicas: String,
    /// Labels that may wait for one printer
    #[arg(long, value_name = "N", default_value = "50000", value_parser = clap::value_parser!(u32).range(1..))]
    pub most_waiting: u32,
}

#[derive(Args, Debug)]
pub struct FleetGrant {
    /// The station, SITE/STATION
    #[arg(value_name = "STATION")]
    pub station: String,
    /// A printer of it; may be given several times
    #[arg(long, value_name = "NAME", required = true)]
    pub printer: Vec<String>,
    /// The file for the credential
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Args, Debug)]
pub struct FleetStatus {
    /// A batch, by its number (261111-501)
    #[arg(value_name = "BATCH")]
    pub batch: Option<String>,
    #[command(flatten)]
    pub broker: Broker,
    /// Show it again and again, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
}

#[derive(Args, Debug)]
pub struct FleetDrain {
    /// The station, SITE/STATION
    #[arg(value_name = "STATION")]
    pub station: String,
    #[command(flatten)]
    pub broker: Broker,
    /// Have it take labels again
    #[arg(long)]
    pub undo: bool,
    /// Why, for who looks later
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
}

#[derive(Args, Debug)]
pub struct FleetMove {
    /// The station, SITE/STATION, or one of its printers, SITE/STATION/PRINTER
    #[arg(value_name = "FROM")]
    pub from: String,
    #[command(flatten)]
    pub broker: Broker,
    #[command(flatten)]
    pub spread: Spread,
    /// Why, for who looks later
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
}

#[derive(Args, Debug)]
pub struct FleetSettle {
    /// The label, by its number (261111-501-012)
    #[arg(value_name = "NUMBER")]
    pub number: String,
    #[command(flatten)]
    pub broker: Broker,
    /// It is on paper
    #[arg(long, required_unless_present = "not_printed", conflicts_with = "not_printed")]
    pub printed: bool,
    /// It is not, and may be dispatched again
    #[arg(long)]
    pub not_printed: bool,
}
