//! Reading and writing the files of a command, with messages that name the file.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use miandan_print::NoCredential;
use tempfile::NamedTempFile;

use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::interrupt::{self, Written};
use crate::messages;

/// Whether a path stands for standard input or output.
pub fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A path as a text for JSON, which has no other: what is not Unicode in it is replaced.
pub fn text(path: &Path) -> String {
    path.display().to_string()
}

/// The path that `credential:NAME` stands for ([`miandan_print::credential`]).
pub fn credential(console: Console, path: &Path) -> Result<PathBuf, Failure> {
    miandan_print::credential(path).map_err(|NoCredential(name)| {
        Failure::new(Exit::Input, "INPUT", console.fill(messages::keys::CREDENTIAL, &[("name", &name)]))
            .hint(messages::keys::CREDENTIAL_HINT.get(console.language))
    })
}

/// The whole of a small file.
pub fn read(console: Console, path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| unreadable(console, path, &error))
}

/// A file or standard input.
pub fn open(console: Console, path: &Path) -> Result<Box<dyn Read>, Failure> {
    Ok(if is_dash(path) {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| unreadable(console, path, &error))?)
    })
}

/// The failure to read a file.
pub fn unreadable(console: Console, path: &Path, error: &io::Error) -> Failure {
    let values: [(&str, &dyn std::fmt::Display); 2] = [("file", &path.display()), ("why", &why(error))];
    Failure::new(Exit::Input, "INPUT", console.fill(messages::NO_FILE, &values))
        .hint(messages::CHECK_PATH.get(console.language))
}

/// The failure to write a file.
pub fn unwritable(console: Console, path: &Path, error: &io::Error) -> Failure {
    let values: [(&str, &dyn std::fmt::Display); 2] = [("file", &path.display()), ("why", &why(error))];
    Failure::new(Exit::SomeFailed, "OUTPUT", console.fill(messages::NO_WRITE, &values))
        .hint(messages::CHECK_SPACE.get(console.language))
}

/// What the system says, without the number that only a programmer wants.
pub fn why(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// Writes a file that appears whole or not at all, or to standard output. `failed` says what an error of `write` means that
/// is none of the file.
pub fn write_whole<T, E>(
    console: Console,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
    failed: impl FnOnce(E) -> Result<io::Error, Failure>,
) -> Result<T, Failure> {
    if is_dash(path) {
        let mut out = BufWriter::new(io::stdout().lock());
        let written = write(&mut out);
        let written = written.map_err(|error| match failed(error) {
            Ok(error) => console.output_failure(&error),
            Err(failure) => failure,
        })?;
        out.flush().map_err(|error| console.output_failure(&error))?;
        return Ok(written);
    }
    let mut file = LineFile::create(console, path)?;
    let mut nowhere = io::sink();
    let out: &mut dyn Write = match &mut file.target {
        Some(target) => target,
        None => &mut nowhere,
    };
    let written = write(out).map_err(|error| match failed(error) {
        Ok(error) => unwritable(console, path, &error),
        Err(failure) => failure,
    })?;
    file.finish()?;
    Ok(written)
}

/// Writes lines to a file that appears whole or not at all, or to standard output.
pub struct LineFile {
    console: Console,
    path: PathBuf,
    target: Option<BufWriter<NamedTempFile>>,
}

impl LineFile {
    /// Begins the file.
    pub fn create(console: Console, path: &Path) -> Result<Self, Failure> {
        let target = if is_dash(path) {
            None
        } else {
            let folder =
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let mut written = interrupt::written();
            let file = NamedTempFile::with_prefix_in(".miandan-", folder);
            let file = file.map_err(|error| unwritable(console, path, &error))?;
            *written = Written::Unfinished(file.path().to_path_buf());
            Some(BufWriter::new(file))
        };
        Ok(LineFile { console, path: path.to_path_buf(), target })
    }

    /// Adds a line.
    pub fn line(&mut self, line: &str) -> Result<(), Failure> {
        match &mut self.target {
            None => self.console.data(&line),
            Some(file) => {
                writeln!(file, "{line}").map_err(|error| unwritable(self.console, &self.path, &error))
            }
        }
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<(), Failure> {
        let Some(file) = self.target else { return Ok(()) };
        let file = file.into_inner().map_err(io::IntoInnerError::into_error);
        let mut written = interrupt::written();
        let named = file.and_then(|file| file.persist(&self.path).map_err(|refused| refused.error));
        named.map_err(|error| unwritable(self.console, &self.path, &error))?;
        *written = Written::Named;
        Ok(())
    }
}
