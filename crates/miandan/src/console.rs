//! The two ways out: data on standard output, talk on standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;
use serde_json::{Value, json};

use crate::exit::{Exit, Failure};
use crate::language::{Language, Text};
use crate::messages;

/// How this run talks.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    pub json: bool,
    pub quiet: bool,
    pub language: Language,
}

impl Console {
    /// Data: a line on standard output.
    ///
    /// # Errors
    /// If standard output cannot be written. A reader that went away (`| head`) ends the run without a complaint.
    pub fn data(self, line: &dyn Display) -> Result<(), Failure> {
        writeln!(io::stdout().lock(), "{line}").map_err(|error| self.output_failure(&error))
    }

    /// Data: an answer in JSON on a line, written as it is made, however long it is.
    ///
    /// # Errors
    /// As [`Console::data`].
    pub fn answer(self, answer: &impl Serialize) -> Result<(), Failure> {
        let mut out = BufWriter::new(io::stdout().lock());
        let written = serde_json::to_writer(&mut out, answer).map_err(io::Error::from);
        let written = written.and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
        written.map_err(|error| self.output_failure(&error))
    }

    /// Data that is no line: bytes on standard output.
    ///
    /// # Errors
    /// As [`Console::data`].
    pub fn bytes(self, bytes: &[u8]) -> Result<(), Failure> {
        io::stdout().lock().write_all(bytes).map_err(|error| self.output_failure(&error))
    }

    /// A failure to write to standard output.
    pub fn output_failure(self, error: &io::Error) -> Failure {
        let exit = if error.kind() == io::ErrorKind::BrokenPipe { Exit::Done } else { Exit::SomeFailed };
        let message = self.fill(messages::NO_WRITE, &[("file", &"-"), ("why", error)]);
        Failure::new(exit, "OUTPUT", message).hint(messages::CHECK_SPACE.get(self.language))
    }

    /// Talk: a line on standard error, unless the run is quiet or speaks JSON.
    pub fn say(self, line: &dyn Display) {
        if !self.quiet && !self.json {
            self.complain(line);
        }
    }

    /// Talk that even a quiet run does not keep to itself.
    pub fn complain(self, line: &dyn Display) {
        // If standard error is gone there is nobody to tell.
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// A message with its values, in the language of this run.
    pub fn fill(self, text: Text, values: &[(&str, &dyn Display)]) -> String {
        text.fill(self.language, values)
    }

    /// Whether somebody watches standard error.
    pub fn is_watched(self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }

    /// Says why a command failed, and what to do.
    pub fn fail(self, failure: &Failure) {
        if failure.exit == Exit::Done {
            return;
        }
        if self.json {
            let event = json!({
                "event": "error",
                "code": failure.code,
                "message": failure.message,
                "hint": failure.hint,
                "exit": failure.exit as u8,
            });
            let _ = self.data(&without_nulls(event));
            return;
        }
        self.complain(&format_args!("{}: {}", messages::ERROR.get(self.language), failure.message));
        if let Some(hint) = &failure.hint {
            self.complain(&format_args!("{}: {hint}", messages::HINT.get(self.language)));
        }
    }
}

/// Leaves out members that have no value.
pub fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, member| !member.is_null());
    }
    value
}
