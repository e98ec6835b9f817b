//! What a file with all labels is written to: a file that gets its name when it is whole, or a stream.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What labels are written to.
pub(super) enum Target {
    /// A file that has no final name yet.
    File(NamedTempFile),
    /// A pipe, a device, standard output.
    Stream(Box<dyn Write + Send>),
}

impl Target {
    /// A regular file is written beside and renamed at the end; anything else (a pipe, a device) is written as it comes.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            return Ok(Target::Stream(Box::new(File::options().write(true).open(path)?)));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".miandan-").suffix(".unfinished");
        // The permissions of an ordinary new file: the umask decides. Elsewhere they are those of the folder.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        Ok(Target::File(builder.tempfile_in(folder)?))
    }

    /// The file that is being written, until it has its final name.
    pub(super) fn unfinished(&self) -> Option<PathBuf> {
        match self {
            Target::File(file) => Some(file.path().to_path_buf()),
            Target::Stream(_) => None,
        }
    }

    /// Everything is written.
    pub(super) fn settle(self, path: &Path) -> io::Result<()> {
        match self {
            Target::Stream(mut stream) => stream.flush(),
            Target::File(file) => {
                file.as_file().sync_data()?;
                file.persist(path).map(drop).map_err(|refused| refused.error)
            }
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::File(file) => file.write(bytes),
            Target::Stream(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::File(file) => file.flush(),
            Target::Stream(stream) => stream.flush(),
        }
    }
}
