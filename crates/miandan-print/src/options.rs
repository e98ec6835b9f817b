//! How a component is started: which files it reads.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use miandan_seal::lists::StatusPolicy;

use crate::credential::is_credential;
use crate::locate::ComponentPlace;

/// How a component is started. The host names files; what is secret in them only the component reads.
///
/// A service has keys, trust, status lists, policy and state of its own: of the options below `place` alone then counts.
#[derive(Clone, Debug)]
pub struct ComponentOptions {
    /// Where it is, from [`component_place`](crate::component_place).
    pub place: ComponentPlace,
    /// Key files of the station, the current one first; see [`KeyRing`](crate::KeyRing).
    pub keys: Vec<PathBuf>,
    /// A file with the passphrase of the key files.
    pub passphrase_file: Option<PathBuf>,
    /// Whether the component asks for the passphrase on the terminal. It does so each time one is started.
    pub ask_passphrase: bool,
    /// Public files of the issuers whose orders are printed, and trust lists.
    pub trust: Vec<PathBuf>,
    /// Signed lists of withdrawn authorisations.
    pub status_lists: Vec<PathBuf>,
    /// What a list that is missing or too old means.
    pub status_policy: StatusPolicy,
    /// Whether the component signs couriers' tokens, for labels that show one.
    pub courier_token: bool,
    /// Signed lists of carriers' keys, to which tokens are sealed. With one of them tokens are signed anyway.
    pub carrier_lists: Vec<PathBuf>,
    /// Where what the component remembers is kept: the highest time seen, and how new the lists were.
    pub state: Option<PathBuf>,
    /// Starts without any layer of the sandbox. For measurements with throw-away keys only.
    pub dangerous_without_sandbox: bool,
    /// Starts with the sandbox for Windows, which nobody has run yet.
    #[cfg(windows)]
    pub dangerous_untested_sandbox: bool,
}

/// A file that the component is to read, and that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
pub struct UnreadableFile {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

impl ComponentOptions {
    /// Options of a program, with no key and no trusted issuer.
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        ComponentOptions::at(ComponentPlace::Program(program))
    }

    /// Options of a program or a service, with no key and no trusted issuer.
    #[must_use]
    pub fn at(place: ComponentPlace) -> Self {
        ComponentOptions {
            place,
            keys: Vec::new(),
            passphrase_file: None,
            ask_passphrase: false,
            trust: Vec::new(),
            status_lists: Vec::new(),
            status_policy: StatusPolicy::default(),
            courier_token: false,
            carrier_lists: Vec::new(),
            state: None,
            dangerous_without_sandbox: false,
            #[cfg(windows)]
            dangerous_untested_sandbox: false,
        }
    }

    pub(crate) fn arguments(&self) -> io::Result<Vec<OsString>> {
        // The component runs in the root directory, so that it keeps no other one in use.
        let whole = |path: &Path| std::path::absolute(path).map(OsString::from);
        let mut arguments: Vec<OsString> = Vec::new();
        let named = [
            ("--key", &self.keys),
            ("--trust", &self.trust),
            ("--status-list", &self.status_lists),
            ("--carrier-list", &self.carrier_lists),
        ];
        for (option, paths) in named {
            for path in paths {
                arguments.extend([option.into(), whole(path)?]);
            }
        }
        for (option, path) in [("--passphrase-file", &self.passphrase_file), ("--state", &self.state)] {
            if let Some(path) = path {
                arguments.extend([option.into(), whole(path)?]);
            }
        }
        arguments.extend(["--status-policy".into(), self.status_policy.enforcement.as_str().into()]);
        if let Some(age) = self.status_policy.max_age {
            arguments.extend(["--status-max-age".into(), age.to_string().into()]);
        }
        if self.courier_token {
            arguments.push("--courier-token".into());
        }
        if self.ask_passphrase {
            arguments.push("--ask-passphrase".into());
        }
        if self.keys.is_empty() {
            arguments.push("--without-key".into());
        }
        if self.dangerous_without_sandbox {
            arguments.push("--dangerous-without-sandbox".into());
        }
        #[cfg(windows)]
        if self.dangerous_untested_sandbox {
            arguments.push("--dangerous-untested-sandbox".into());
        }
        Ok(arguments)
    }

    /// Where what the component remembers is kept if nobody says: `station.key.state` beside the key, `keys.state` beside a
    /// ring. Of a credential nowhere: the folder is the system's, which makes it anew.
    #[must_use]
    pub fn state_beside(key: &Path) -> Option<PathBuf> {
        if is_credential(key) {
            return None;
        }
        let mut name = key.file_name()?.to_owned();
        name.push(".state");
        Some(key.with_file_name(name))
    }

    /// Looks whether the files are there, and does not read them: the component answers a code, and no file name.
    ///
    /// # Errors
    /// [`UnreadableFile`], of the first that is none.
    pub fn check_files(&self) -> Result<(), UnreadableFile> {
        let named = self.keys.iter().chain(&self.passphrase_file).chain(&self.trust);
        for path in named.chain(&self.status_lists).chain(&self.carrier_lists) {
            let found = fs::metadata(path).and_then(|found| match found.is_dir() {
                true => Err(io::ErrorKind::IsADirectory.into()),
                false => Ok(()),
            });
            found.map_err(|error| UnreadableFile { path: path.clone(), error })?;
        }
        Ok(())
    }
}
