//! What is shipped: templates, and profiles of printers.

#![allow(unsafe_code, reason = "functions that are called from C")]

use std::ffi::c_char;
use std::path::Path;

use miandan_print::printer::{PrinterProfile, find_profile, read_profile};
use miandan_print::{Status, UnreadableFile};
use miandan_templates::{LABELS, find};

use crate::boundary::{call, out, text};
use crate::buffer::Buffer;
use crate::outcome::Failed;
use crate::status::MiandanStatus;

/// The template of a label that is shipped, UTF-8 XML, by its name (`one-part-76x130`). Free it with
/// `miandan_buffer_free`.
///
/// Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_ARGUMENT`, with the names that there are.
///
/// # Safety
/// `name` is null or ends with a NUL; at `template` and, unless it is null, at `message` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn miandan_template(
    name: *const c_char,
    template: *mut Buffer,
    message: *mut Buffer,
) -> MiandanStatus {
    // SAFETY: the caller's promises.
    unsafe {
        call(message, || {
            let template = out("template", template)?;
            let label = find(text("name", name)?).ok_or_else(|| {
                let names: Vec<_> = LABELS.iter().map(|label| label.name).collect();
                Failed::argument("name", format!("shipped are {}", names.join(", ")))
            })?;
            template.write(Buffer::give(label.template.as_bytes().to_vec()));
            Ok(())
        })
    }
}

/// What is known of a printer: the name of a profile that is shipped (`tsc`, `zebra`), or the path of a TOML file.
pub(crate) fn profile(name: &str) -> Result<PrinterProfile, Failed> {
    if let Some(shipped) = find_profile(name) {
        return Ok(shipped.read()?);
    }
    match read_profile(Path::new(name)) {
        Ok(file) => Ok(PrinterProfile::parse(&file)?),
        Err(error) if name.contains(['/', '\\', '.']) => {
            Err(UnreadableFile { path: name.into(), error }.into())
        }
        Err(_) => Err(Failed::new(Status::PrinterUnknown, format!("no profile {name:?} is shipped"))),
    }
}
