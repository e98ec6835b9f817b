//! One PDF by the crate `printpdf`, from what stands where on each page: a second opinion on [`PdfOutput`](super::PdfOutput).
//!
//! Every page is kept until the last has come; then the file is made, in memory, and written.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use miandan_core::label::{Format, LabelSize};
use miandan_core::pipe::{FontSubset, Pages};
use miandan_render::printpdf::Document;
use miandan_render::wire;
use ring::digest;

use super::target::Target;
use super::{Output, OutputError};

/// One PDF with the pages of all labels, in their order, written by `printpdf` when the last has come.
pub struct PrintPdfOutput {
    path: PathBuf,
    unfinished: Option<PathBuf>,
    target: Target,
    document: Document,
    /// Over all pages: the identifier of the file derives from what is in it.
    digest: digest::Context,
}

impl PrintPdfOutput {
    /// Begins a PDF. A regular file is written beside and renamed at the end.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn create(path: &Path) -> Result<Self, OutputError> {
        let target = Target::open(path).map_err(|error| OutputError { path: path.to_path_buf(), error })?;
        Ok(Self::new(path, target))
    }

    /// Begins a PDF on a stream, such as standard output. `name` is used in messages.
    #[must_use]
    pub fn stream(name: &Path, stream: impl Write + Send + 'static) -> Self {
        Self::new(name, Target::Stream(Box::new(stream)))
    }

    /// The file that is being written, until it has its final name. A program that ends without dropping the output
    /// removes it.
    #[must_use]
    pub fn unfinished(&self) -> Option<&Path> {
        self.unfinished.as_deref()
    }

    fn new(path: &Path, target: Target) -> Self {
        PrintPdfOutput {
            path: path.to_path_buf(),
            unfinished: target.unfinished(),
            target,
            document: Document::new(),
            digest: digest::Context::new(&digest::SHA256),
        }
    }
}

impl Output for PrintPdfOutput {
    fn format(&self) -> Format {
        Format::Frame
    }

    fn begin(&mut self, _size: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, _number: u32, label: Pages<'_>) -> Result<(), OutputError> {
        for page in label.iter() {
            self.digest.update(&(page.len() as u64).to_le_bytes());
            self.digest.update(page);
            let frame = wire::decode(page)
                .map_err(|error| OutputError { path: self.path.clone(), error: damaged(error) })?;
            self.document.page(frame);
        }
        Ok(())
    }

    fn finish(self, fonts: &[FontSubset<'_>]) -> Result<(), OutputError> {
        let PrintPdfOutput { path, mut target, document, digest, .. } = self;
        let digest = digest.finish();
        let mut identifier = [0; 16];
        identifier.copy_from_slice(&digest.as_ref()[..16]);
        let file = document.finish(fonts, identifier).map_err(damaged);
        let written = file.and_then(|file| target.write_all(&file));
        written.and_then(|()| target.settle(&path)).map_err(|error| OutputError { path, error })
    }
}

/// What a component of the same build never answers.
fn damaged(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
