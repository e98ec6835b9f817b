//! A folder with one file a page, a picture or what a printer is sent, named by the place of the label in the batch:
//! `000012.png`, and `000012-2.png` for the second page of a label that has more than one. Who has better names gives
//! them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miandan_core::label::{Format, LabelSize};
use miandan_core::pipe::{FontSubset, Pages};
use miandan_core::printer::Profile;

use super::{Output, OutputError};

/// What the file of the label at a place, counted from 1, is called, without its ending.
pub type FileNames = Box<dyn Fn(u32) -> String + Send>;

/// A folder with one file a page.
pub struct FolderOutput {
    folder: PathBuf,
    printer: Option<Profile>,
    names: FileNames,
}

impl FolderOutput {
    /// A folder of pictures. Makes it if it does not exist.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn create(folder: &Path) -> Result<Self, OutputError> {
        Self::open(folder, None)
    }

    /// A folder of what a printer is sent, a file a page that ends in the name of its language. Makes it if it does not
    /// exist.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn for_printer(folder: &Path, profile: Profile) -> Result<Self, OutputError> {
        Self::open(folder, Some(profile))
    }

    fn open(folder: &Path, printer: Option<Profile>) -> Result<Self, OutputError> {
        let names = Box::new(|place| format!("{place:06}"));
        let output = FolderOutput { folder: folder.to_path_buf(), printer, names };
        fs::create_dir_all(folder).map_err(|error| output.error(error))?;
        Ok(output)
    }

    /// The same folder with other names of files: one for each label of a batch, none with a separator in it.
    #[must_use]
    pub fn named(self, names: FileNames) -> Self {
        FolderOutput { names, ..self }
    }

    fn error(&self, error: io::Error) -> OutputError {
        OutputError { path: self.folder.clone(), error }
    }
}

impl Output for FolderOutput {
    fn format(&self) -> Format {
        self.printer.map_or(Format::Png, Format::Printer)
    }

    fn begin(&mut self, _size: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, number: u32, label: Pages<'_>) -> Result<(), OutputError> {
        let ending = self.printer.map_or("png", |profile| profile.language.as_str());
        let label_name = (self.names)(number);
        for (page, content) in (1..).zip(label.iter()) {
            let name = if page == 1 { label_name.clone() } else { format!("{label_name}-{page}") };
            // Written beside and renamed, so that who watches the folder never sees half a label.
            let unfinished = self.folder.join(format!(".{name}.{ending}.unfinished"));
            let written = fs::write(&unfinished, content);
            let renamed =
                written.and_then(|()| fs::rename(&unfinished, self.folder.join(format!("{name}.{ending}"))));
            renamed.map_err(|error| {
                let _ = fs::remove_file(&unfinished);
                self.error(error)
            })?;
        }
        Ok(())
    }

    fn finish(self, _fonts: &[FontSubset<'_>]) -> Result<(), OutputError> {
        Ok(())
    }
}
