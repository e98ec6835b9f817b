//! The command line of the agent.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The station agent: order systems talk to it over a WebSocket, and labels come out of printers.
#[derive(Debug, Parser)]
#[command(name = "miandan-agent", version, about)]
pub(crate) struct Arguments {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = "/etc/miandan/agent.toml", global = true)]
    pub(crate) config: PathBuf,
    /// Only look whether the configuration is right: nothing is started.
    #[arg(long)]
    pub(crate) check_config: bool,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What is done beside running, which is done when nothing is named.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a certificate for `wss` on this machine.
    Cert {
        /// A further name of this machine.
        #[arg(long, value_name = "NAME")]
        host: Vec<String>,
    },
    /// Show which web pages were let in and which wait, and let them in.
    Pair {
        /// Let this page in, such as `https://erp.example`, without asking.
        #[arg(long, value_name = "ORIGIN", conflicts_with_all = ["remove", "list"])]
        allow: Option<String>,
        /// Let this page in no more.
        #[arg(long, value_name = "ORIGIN", conflicts_with = "list")]
        remove: Option<String>,
        /// Only show, without asking.
        #[arg(long)]
        list: bool,
    },
    /// Show the address of the console, with a code that opens it once.
    Console,
    /// Show the printers of the running agent and what waits for them.
    Status,
    /// Let a printer get no labels after the one that it is being sent.
    Hold {
        /// The printer.
        printer: String,
    },
    /// Let a printer get labels again: somebody has looked.
    Release {
        /// The printer.
        printer: String,
    },
}
