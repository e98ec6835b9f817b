//! How the program ends.

use std::process::ExitCode;

/// The exit codes, as `docs` and scripts know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// A defect of Miandan.
    Internal = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The input cannot be read; nothing was printed.
    Input = 3,
    /// Some labels failed, or the output cannot be written.
    SomeFailed = 4,
    /// A printer is not there, or does not take labels.
    Printer = 5,
    /// A key, a signature or the sandbox was refused.
    Refused = 6,
    /// The same order stands in the input twice.
    Duplicates = 7,
    /// What was scanned is not what was printed.
    Scans = 8,
    /// Ctrl-C, or a request to end.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not do its work: what is wrong, and what to do about it.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    /// A stable word or code for `--json`.
    pub code: &'static str,
    pub message: String,
    pub hint: Option<String>,
}

impl Failure {
    pub fn new(exit: Exit, code: &'static str, message: String) -> Self {
        Failure { exit, code, message, hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What a command answers.
pub type Outcome = Result<Exit, Failure>;
