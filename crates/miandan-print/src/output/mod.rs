//! Where labels go.

mod folder;
mod pdf;
mod printer;
#[cfg(feature = "printpdf")]
mod printpdf;
mod target;

use std::io;

use miandan_core::label::{Format, LabelSize};
use miandan_core::pipe::{FontSubset, PageForm, Pages};

pub use folder::{FileNames, FolderOutput};
pub use pdf::PdfOutput;
pub use printer::PrinterOutput;
#[cfg(feature = "printpdf")]
pub use printpdf::PrintPdfOutput;

/// Takes the labels of a batch, in the order of the input, or of its plan if it has one.
pub trait Output {
    /// In which form labels are asked for.
    fn format(&self) -> Format;

    /// The size of every label of the batch is known.
    ///
    /// # Errors
    /// If the output cannot be written.
    fn begin(&mut self, size: LabelSize) -> Result<(), OutputError>;

    /// A label: its place among those that are printed now, from 1 (not the number that it shows, which a plan may
    /// choose), and its pages.
    ///
    /// # Errors
    /// If the output cannot be written.
    fn label(&mut self, number: u32, label: Pages<'_>) -> Result<(), OutputError>;

    /// Pages of a PDF that come from now on may name this form. It may come more than once. Other formats have none.
    ///
    /// # Errors
    /// If the output cannot be written, or asks for pages and cannot take what they name.
    fn form(&mut self, form: PageForm<'_>) -> Result<(), OutputError> {
        let _ = form;
        Err(OutputError { path: std::path::PathBuf::new(), error: io::ErrorKind::Unsupported.into() })
    }

    /// There are no more labels. What was written gets its final name.
    ///
    /// # Errors
    /// If the output cannot be written.
    fn finish(self, fonts: &[FontSubset<'_>]) -> Result<(), OutputError>;
}

/// The output cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written: {error}", .path.display())]
pub struct OutputError {
    /// Which file or folder.
    pub path: std::path::PathBuf,
    /// What the system says.
    pub error: io::Error,
}
