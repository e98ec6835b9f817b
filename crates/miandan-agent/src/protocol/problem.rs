//! Why something was not done: a closed list with stable numbers, in two languages. No text of a client is ever in it.

use miandan_core::Code;

/// Why a request is refused or a document was not printed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The message is no JSON object, or has no command.
    Malformed,
    /// There is no such command.
    UnknownCommand,
    /// Something that the command needs is missing or of another kind.
    Missing(&'static str),
    /// A task without documents.
    NoDocuments,
    /// More documents than this dialect has in a task.
    TooManyDocuments {
        /// How many it may have.
        most: usize,
    },
    /// There is no such printer.
    UnknownPrinter,
    /// The ciphertext is not one of ours.
    Foreign,
    /// The station has no template of this address.
    UnknownTemplate,
    /// Personal data in clear, which this station does not print.
    PlainRefused,
    /// The label was printed already.
    Duplicate {
        /// The number by which it is found, `261111-003-012`.
        number: String,
        /// When, in seconds since 1970.
        when: u64,
        /// Where.
        printer: String,
    },
    /// The same waybill was printed with other content.
    Conflict {
        /// The number by which it is found.
        number: String,
    },
    /// The component refused the order or the template.
    Refused(Code),
    /// The printer takes nothing.
    Printer(String),
    /// The label may have been printed, and nobody can tell.
    Uncertain(String),
    /// It waited for too long.
    Expired,
    /// Too much is waiting.
    Busy,
    /// It was given up: the agent ends.
    Stopping,
    /// Something of the station is wrong: its journal, its component.
    Station,
}
