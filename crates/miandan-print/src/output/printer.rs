//! What a label printer is sent, label after label in one file or stream.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use miandan_core::label::{Format, LabelSize};
use miandan_core::pipe::{FontSubset, Pages};
use miandan_core::printer::Profile;

use super::target::Target;
use super::{Output, OutputError};

/// Everything that a printer is sent for the labels of a batch, in their order.
pub struct PrinterOutput {
    path: PathBuf,
    unfinished: Option<PathBuf>,
    profile: Profile,
    target: BufWriter<Target>,
    /// Whether nothing has been handed on yet: who reads a stream gets the first label at once.
    first: bool,
}

impl PrinterOutput {
    /// Begins a file. A regular one is written beside and renamed at the end; anything else (a pipe, a device) is written as
    /// labels come.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn create(path: &Path, profile: Profile) -> Result<Self, OutputError> {
        let target = Target::open(path).map_err(|error| OutputError { path: path.to_path_buf(), error })?;
        Ok(Self::new(path, profile, target))
    }

    /// Begins on a stream, such as standard output. `name` is used in messages.
    #[must_use]
    pub fn stream(name: &Path, profile: Profile, stream: impl Write + Send + 'static) -> Self {
        Self::new(name, profile, Target::Stream(Box::new(stream)))
    }

    /// The file that is being written, until it has its final name. A program that ends without dropping the output
    /// removes it.
    #[must_use]
    pub fn unfinished(&self) -> Option<&Path> {
        self.unfinished.as_deref()
    }

    fn new(path: &Path, profile: Profile, target: Target) -> Self {
        let unfinished = target.unfinished();
        let target = BufWriter::with_capacity(256 * 1024, target);
        PrinterOutput { path: path.to_path_buf(), unfinished, profile, target, first: true }
    }
}

impl Output for PrinterOutput {
    fn format(&self) -> Format {
        Format::Printer(self.profile)
    }

    fn begin(&mut self, _size: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, _number: u32, label: Pages<'_>) -> Result<(), OutputError> {
        let mut written = label.iter().try_for_each(|page| self.target.write_all(page));
        if std::mem::take(&mut self.first) {
            written = written.and_then(|()| self.target.flush());
        }
        written.map_err(|error| OutputError { path: self.path.clone(), error })
    }

    fn finish(self, _fonts: &[FontSubset<'_>]) -> Result<(), OutputError> {
        let PrinterOutput { path, target, .. } = self;
        let flushed = target.into_inner().map_err(io::IntoInnerError::into_error);
        flushed.and_then(|target| target.settle(&path)).map_err(|error| OutputError { path, error })
    }
}
