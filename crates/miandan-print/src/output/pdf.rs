//! One PDF with the pages of all labels, appended to as pages come, under its final name only when it is whole.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use miandan_core::label::{Format, LabelSize};
use miandan_core::pipe::{FontSubset, PageForm, Pages};
use miandan_render::pdf::Document;
use ring::digest;

use super::target::Target;
use super::{Output, OutputError};

/// One PDF with the pages of all labels, in their order.
pub struct PdfOutput {
    path: PathBuf,
    unfinished: Option<PathBuf>,
    document: Document<BufWriter<Target>>,
    size: LabelSize,
    /// Whether nothing has been handed on yet: who reads a stream gets the first label at once.
    first: bool,
    /// Over all page streams, and at the end over the forms: the identifier of the file derives from what is in it.
    digest: digest::Context,
}

impl PdfOutput {
    /// Begins a PDF. A regular file is written beside and renamed at the end; anything else (a pipe, a device) is
    /// written as it comes.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn create(path: &Path) -> Result<Self, OutputError> {
        let target = Target::open(path).map_err(|error| OutputError { path: path.to_path_buf(), error })?;
        Self::new(path, target)
    }

    /// Begins a PDF on a stream, such as standard output. `name` is used in messages.
    ///
    /// # Errors
    /// If the stream cannot be written.
    pub fn stream(name: &Path, stream: impl Write + Send + 'static) -> Result<Self, OutputError> {
        Self::new(name, Target::Stream(Box::new(stream)))
    }

    /// The file that is being written, until it has its final name. A program that ends without dropping the output
    /// removes it.
    #[must_use]
    pub fn unfinished(&self) -> Option<&Path> {
        self.unfinished.as_deref()
    }

    fn new(path: &Path, target: Target) -> Result<Self, OutputError> {
        let path = path.to_path_buf();
        let unfinished = target.unfinished();
        match Document::new(BufWriter::with_capacity(256 * 1024, target)) {
            Ok(document) => {
                let digest = digest::Context::new(&digest::SHA256);
                Ok(PdfOutput { path, unfinished, document, size: LabelSize::default(), first: true, digest })
            }
            Err(error) => Err(OutputError { path, error }),
        }
    }
}

impl Output for PdfOutput {
    fn format(&self) -> Format {
        Format::Pdf
    }

    fn begin(&mut self, size: LabelSize) -> Result<(), OutputError> {
        self.size = size;
        Ok(())
    }

    fn label(&mut self, _number: u32, label: Pages<'_>) -> Result<(), OutputError> {
        let mut written = Ok(());
        for page in label.iter() {
            self.digest.update(&(page.len() as u64).to_le_bytes());
            self.digest.update(page);
            written = written.and_then(|()| self.document.page(self.size, page));
        }
        if std::mem::take(&mut self.first) {
            written = written.and_then(|()| self.document.flush());
        }
        written.map_err(|error| OutputError { path: self.path.clone(), error })
    }

    fn form(&mut self, form: PageForm<'_>) -> Result<(), OutputError> {
        let taken = self.document.form(self.size, form);
        taken.map_err(|error| OutputError { path: self.path.clone(), error })
    }

    fn finish(self, fonts: &[FontSubset<'_>]) -> Result<(), OutputError> {
        let PdfOutput { path, document, mut digest, .. } = self;
        for form in document.forms() {
            digest.update(&(form.stream.len() as u64).to_le_bytes());
            digest.update(form.stream);
        }
        let digest = digest.finish();
        let mut identifier = [0; 16];
        identifier.copy_from_slice(&digest.as_ref()[..16]);
        let finished = document.finish(fonts, identifier);
        let flushed = finished.and_then(|writer| writer.into_inner().map_err(io::IntoInnerError::into_error));
        let settled = flushed.and_then(|target| target.settle(&path));
        settled.map_err(|error| OutputError { path, error })
    }
}
