//! Values from a file.

use std::env;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use miandan_print::is_credential;

use super::layer::{Layer, Paths, Texts};
use super::named::{self, Named};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::messages;

/// The files in which settings are looked for, whether or not they are there, the nearest first.
pub(super) fn places() -> impl Iterator<Item = PathBuf> {
    [Some(PathBuf::from("miandan.toml")), user_file()].into_iter().flatten()
}

/// Reads a file; `None` if it is not there.
pub(super) fn read(console: Console, path: &Path) -> Result<Option<Layer>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(console, path, &text).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(files::unreadable(console, path, &error)),
    }
}

/// Reads the text of a file.
pub(super) fn parse(console: Console, path: &Path, text: &str) -> Result<Layer, Failure> {
    let wrong = |at: Option<Range<usize>>, why: &dyn fmt::Display| {
        let line = at.map_or(1, |at| text[..at.start].matches('\n').count() + 1);
        let values: [(&str, &dyn fmt::Display); 3] =
            [("file", &path.display()), ("line", &line), ("why", why)];
        Failure::new(Exit::Usage, "CONFIG", console.fill(messages::CONFIG_FILE, &values))
            .hint(messages::CONFIG_HINT.get(console.language))
    };
    let mut layer: Layer = toml::from_str(text).map_err(|error| wrong(error.span(), &error.message()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let (printers, templates) = (std::mem::take(&mut layer.printers), std::mem::take(&mut layer.templates));
    layer.named = Named::read(console, printers, templates, folder)
        .map_err(|fault| wrong(Some(fault.at), &fault.why))?;
    resolve(&mut layer, folder);
    Ok(layer)
}

/// Paths of a file are meant from its folder.
fn resolve(layer: &mut Layer, folder: &Path) {
    let whole = |path: &mut PathBuf| {
        if !files::is_dash(path) && !is_credential(path) {
            *path = folder.join(&*path);
        }
    };
    let Layer { key, trust, status_list, carrier_list, font, .. } = &mut *layer;
    for paths in [key, trust, status_list, carrier_list, font].into_iter().flatten() {
        match paths {
            Paths::One(path) => whole(path),
            Paths::Many(paths) => paths.iter_mut().for_each(whole),
        }
    }
    let paths =
        [&mut layer.passphrase_file, &mut layer.state, &mut layer.out, &mut layer.dir, &mut layer.journal];
    for path in paths.into_iter().flatten() {
        whole(path);
    }
    match &mut layer.printer {
        Some(Texts::One(text)) => *text = named::typed_of(folder, text),
        Some(Texts::Many(texts)) => {
            texts.iter_mut().for_each(|text| *text = named::typed_of(folder, text));
        }
        None => {}
    }
    layer.profile = layer.profile.take().map(|profile| named::profile_of(folder, profile));
    layer.folder = folder.to_path_buf();
}

/// The user's file, whether or not it is there.
fn user_file() -> Option<PathBuf> {
    let folder = env::var_os("XDG_CONFIG_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = folder.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".config")))?;
    folder.is_absolute().then(|| folder.join("miandan").join("config.toml"))
}
