//! A folder with one picture a label, named by its running number: `000012.png`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miandan_core::label::{Format, LabelSize};
use miandan_core::pipe::FontSubset;

use super::{Output, OutputError};

/// A folder with one picture a label.
#[derive(Debug)]
pub struct FolderOutput {
    folder: PathBuf,
}

impl FolderOutput {
    /// Makes the folder if it does not exist.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn create(folder: &Path) -> Result<Self, OutputError> {
        let output = FolderOutput { folder: folder.to_path_buf() };
        fs::create_dir_all(folder).map_err(|error| output.error(error))?;
        Ok(output)
    }

    fn error(&self, error: io::Error) -> OutputError {
        OutputError { path: self.folder.clone(), error }
    }
}

impl Output for FolderOutput {
    fn format(&self) -> Format {
        Format::Png
    }

    fn begin(&mut self, _size: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, number: u32, label: &[u8]) -> Result<(), OutputError> {
        // Written beside and renamed, so that who watches the folder never sees half a picture.
        let unfinished = self.folder.join(format!(".{number:06}.png.unfinished"));
        let written = fs::write(&unfinished, label);
        let renamed =
            written.and_then(|()| fs::rename(&unfinished, self.folder.join(format!("{number:06}.png"))));
        renamed.map_err(|error| {
            let _ = fs::remove_file(&unfinished);
            self.error(error)
        })
    }

    fn finish(self, _fonts: &[FontSubset<'_>]) -> Result<(), OutputError> {
        Ok(())
    }
}
